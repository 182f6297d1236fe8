"""nbval's kernel, watched: a dead one is noticed at once, one that runs too long, says or writes too much is ended.

What comes from a kernel is what a student wrote, or forged: it is counted before it is kept.
"""

import contextlib
import json
import os
import signal
import time
from collections import deque
from pathlib import Path
from queue import Empty

import psutil
import zmq
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from nbval.kernel import RunningKernel

from .sandbox import JOB, SANDBOXED, WALL

MB = 2**20
MOST_TEXT = 1 * MB  # that one cell may print, or a check may show
MOST_SHOWN = 20 * MB  # that an answer may show of pictures; they are not compared, and not kept
MOST_MESSAGE = 8 * MB  # a longer one is cut off by zmq, before it fills our memory
MOST_WAITING = 100  # messages in a queue
MOST_FILES = 16  # beside the sockets: the connection file and five sockets lie there
MOST_MEMORY = 3072 * MB  # of all processes of a job together
TICK = 0.1  # s between two looks at whether the kernel lives, and at what it uses
SELDOM = 0.5  # the same where there is no sandbox, and all processes of the machine must be gone through
TOO_MUCH = f"It put out more than {MOST_TEXT // MB} MB. Is there a print in a loop?"


class Stopped(Exception):
    """A cell had to be stopped; the message says why."""

    outcome = "stopped"


class Waited(Stopped):
    """So much time went by, though the cell computed little: it sleeps, or the machine is busy."""

    waited = True


class Died(Stopped):
    """The kernel ended while a cell ran in it. An earlier cell may have caused it."""

    outcome = "died"


class WatchedKernel(RunningKernel):
    """nbval's kernel, started by the job's command over ipc sockets.

    A subclass, against the custom of this house, because nbval makes its kernel by calling this class.
    """

    kind = "given"  # of the cell that runs; hooks.py sets it
    computed = 0.0  # s of CPU that its processes have used so far, those that have ended too

    def __init__(self, kernel_name, cwd=None, startup_timeout=60):
        folder = Path(os.environ[JOB])
        self.sockets, self.waiting, self.current, self.up, self.seen = folder / "s", deque(), None, False, 0.0
        self.text = self.shown = 0
        context = zmq.Context()
        context.linger, context.maxmsgsize, context.rcvhwm = 0, MOST_MESSAGE, MOST_WAITING
        ipc = {"transport": "ipc"} if os.name != "nt" else {}
        self.km = KernelManager(kernel_name=kernel_name, context=context, **ipc,
                                kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(folder / "kernels")]),
                                connection_file=str(self.sockets / "k.json"))
        nothing = open(os.devnull, "w")
        environment = json.loads((folder / "environment.json").read_text(encoding="utf-8"))
        self.km.start_kernel(cwd=str(folder / "work"), stdout=nothing, stderr=nothing, env=environment)
        self.pid = self.km.provisioner.process.pid
        self.kc = self.km.client(context=context)
        self.kc.start_channels(stdin=False, hb=False)  # nobody reads them, so they could be filled
        self.kc.wait_for_ready(timeout=startup_timeout)
        self._ensure_iopub_up()
        self.up = True

    def execute_cell_input(self, cell_input, allow_stdin=None):
        self.waiting.clear()
        self.text = self.shown = 0
        self.current = super().execute_cell_input(cell_input, allow_stdin=allow_stdin)
        return self.current

    def await_reply(self, msg_id, timeout=None):
        """Wait for the reply, and meanwhile take in what the cell sends, so that a flood is seen as it comes.

        Raises Stopped after `timeout` seconds of computing, Waited after `WALL` times as many on the clock, and as
        `look` and `counts` do.
        """
        timeout = timeout or 60
        end = time.monotonic() + WALL * timeout
        self.allowed, self.ends = timeout, self.computed + timeout
        while True:
            reply = self.fetch("shell", TICK)
            if reply and reply["parent_header"].get("msg_id") == msg_id:
                return
            for _ in range(2 * MOST_WAITING):
                sent = self.fetch("iopub", 0)
                if sent is None:
                    break
                if self.counts(sent):
                    self.waiting.append(sent)
            if time.monotonic() > end:
                raise Waited(f"It did not end within {WALL * timeout:g} s, in which it computed little. Does it wait "
                             "for something, or sleep?")

    def get_message(self, stream, timeout=None):
        """The next message that counts. Raises Empty, as nbval expects, or Stopped where none will come."""
        end = time.monotonic() + (timeout or 60)
        while True:
            if stream == "iopub" and self.waiting:
                return self.waiting.popleft()
            message = self.fetch(stream, TICK)
            if message is not None and (stream == "shell" or self.counts(message)):
                return message
            if time.monotonic() > end and self.up:  # the reply came and its output did not: zmq has cut it off
                raise Stopped(TOO_MUCH)
            if time.monotonic() > end:
                raise Empty

    def fetch(self, stream, wait):
        """The next message of a channel within `wait` seconds, or None."""
        get = self.kc.get_iopub_msg if stream == "iopub" else self.kc.get_shell_msg
        self.look()
        try:
            return get(timeout=wait)
        except Empty:
            if not self.is_alive():
                raise Died("It ended the kernel (a crash, an exit, or too much memory).") from None

    def counts(self, message):
        """Whether a message belongs to the outputs of the cell that runs. Raises Stopped if there is too much of it.

        What a thread of an earlier answer still prints does not: it is not held against this cell.
        """
        if not self.up:
            return True
        kind, ours = message["msg_type"], message["parent_header"].get("msg_id") == self.current
        if not ours or kind == "stream" and self.kind != "answer":  # our own cells print nothing
            return False
        size = len(str(message["content"]))
        if self.kind == "answer" and kind in ("display_data", "execute_result", "update_display_data"):
            self.shown += size
            if self.shown > MOST_SHOWN:
                raise Stopped(f"It showed more than {MOST_SHOWN // MB} MB. Move pictures out of the answer cell.")
            return False
        self.text += size
        if self.text > MOST_TEXT:
            raise Stopped(TOO_MUCH)
        return True

    def look(self):
        """Look at files, memory and time, ten times a second. Raises Stopped where there is too much of them."""
        if not self.up or time.monotonic() < self.seen + (TICK if os.environ.get(SANDBOXED) else SELDOM):
            return
        self.seen = time.monotonic()
        if sum(1 for _ in os.scandir(self.sockets)) > MOST_FILES:
            raise Stopped("It wrote files into the folder of the kernel's sockets. Write into your own folder.")
        processes = self.processes()
        if os.environ.get(SANDBOXED) and too_much(processes):
            raise Stopped(f"Its processes held more than {MOST_MEMORY // MB} MB of memory together.")
        self.computed = seconds(processes)
        if self.computed > self.ends:
            raise Stopped(f"It computed for more than {self.allowed:g} s. Is there a loop that never ends?")

    def processes(self):
        """All processes of the job. In the sandbox they are what can be seen, less this one and those it came from."""
        if os.environ.get(SANDBOXED):
            ours = {1, os.getppid(), os.getpid()}
            return [process for process in psutil.process_iter() if process.pid not in ours]
        try:
            kernel = psutil.Process(self.pid)
            return [kernel, *kernel.children(recursive=True)]
        except psutil.Error:  # it has just ended
            return []

    def interrupt(self):
        """Nothing: whoever has to be interrupted was stopped before."""

    def stop(self):
        """End the kernel and all that it started, as far as it is still in its process group."""
        if hasattr(os, "killpg"):
            try:
                os.killpg(self.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
        super().stop()


def seconds(processes):
    """s of CPU that processes have used, with those of their children that have ended."""
    total = 0.0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            used = process.cpu_times()
            total += used.user + used.system + used.children_user + used.children_system
    return total


def too_much(processes):
    """Whether processes hold more than `MOST_MEMORY`; what they share is counted once, which takes a longer look."""
    return held(processes, "memory_info", "rss") > MOST_MEMORY and (
        held(processes, "memory_full_info", "pss") > MOST_MEMORY)


def held(processes, look, name):
    """Bytes that processes hold in memory, as psutil's `look` counts them under `name`."""
    total = 0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            total += getattr(getattr(process, look)(), name)
    return total
