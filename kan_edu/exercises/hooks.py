"""What pytest loads beside nbval in the process that checks one submission (pytest -p kan_edu.exercises.hooks).

It gives nbval a kernel that is watched: a dead one is noticed at once, one that runs too long or says too much is
ended, and nothing after that counts. Each cell's result goes out as a line of JSON through what was stdout, which the
kernel does not have. No student's code runs in this process.
"""

import kan_edu.exercises.lightly  # noqa: F401, I001  first, before nbformat

import json
import os
import signal
import time
from collections import deque
from pathlib import Path
from queue import Empty

import nbval.plugin
import pytest
import zmq
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import KernelManager
from nbval.kernel import RunningKernel

JOB = "KAN_EDU_JOB"  # the environment variable with the job's folder
MOST_OUTPUT = 2**20  # bytes that one cell may send
MOST_FILES = 32 * 2**20  # bytes that may lie beside the sockets
TOO_MUCH = f"It put out more than {MOST_OUTPUT >> 20} MB. Is there a print in a loop?"
TICK = 0.1  # s between two looks at whether the kernel lives


class Stopped(Exception):
    """A cell had to be stopped; the message says why."""


class Died(Stopped):
    """The kernel ended while a cell ran in it. An earlier cell may have caused it."""


class WatchedKernel(RunningKernel):
    """nbval's kernel, started from the job's command over ipc sockets and watched while it works.

    A subclass, against the custom of this house, because nbval makes its kernel by calling this class.
    """

    kind = "given"  # of the cell that runs

    def __init__(self, kernel_name, cwd=None, startup_timeout=60):
        folder = Path(os.environ[JOB])
        self.sockets, self.waiting, self.received, self.up = folder / "s", deque(), 0, False
        context = zmq.Context()
        context.linger = 0
        context.maxmsgsize = MOST_OUTPUT * 2  # who sends a longer message is cut off, before it fills our memory
        ipc = {"transport": "ipc"} if os.name != "nt" else {}
        self.km = KernelManager(kernel_name=kernel_name, context=context, **ipc,
                                kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(folder / "kernels")]),
                                connection_file=str(self.sockets / "k.json"))
        nothing = open(os.devnull, "w")
        environment = json.loads((folder / "environment.json").read_text(encoding="utf-8"))
        self.km.start_kernel(cwd=str(folder / "work"), stdout=nothing, stderr=nothing, env=environment)
        self.pid = self.km.provisioner.process.pid
        send(event="kernel", pid=self.pid)
        self.kc = self.km.client(context=context)
        self.kc.start_channels()
        self.kc.wait_for_ready(timeout=startup_timeout)
        self._ensure_iopub_up()
        self.up = True

    def execute_cell_input(self, cell_input, allow_stdin=None):
        self.waiting.clear()
        self.received = 0
        self.current = super().execute_cell_input(cell_input, allow_stdin=allow_stdin)
        return self.current

    def await_reply(self, msg_id, timeout=None):
        """Wait for the reply, and meanwhile take in what the cell sends, so that a flood is seen as it comes."""
        end = time.monotonic() + (timeout or 60)
        while True:
            message = self.take("shell")
            if message and message["parent_header"].get("msg_id") == msg_id:
                return
            while (sent := self.take("iopub", wait=0)) is not None:
                self.waiting.append(sent)
            if time.monotonic() > end:
                raise Stopped(f"It did not end within {timeout:g} s. Is there a loop that never ends?")

    def get_message(self, stream, timeout=None):
        if stream == "iopub" and self.waiting:
            return self.waiting.popleft()
        end = time.monotonic() + (timeout or 60)
        while True:
            message = self.take(stream)
            if message is not None:
                return message
            if time.monotonic() > end and self.up:  # the reply came and its output did not: it was cut off as too long
                raise Stopped(TOO_MUCH)
            if time.monotonic() > end:
                raise Empty

    def take(self, stream, wait=TICK):
        """The next message, or None; Stopped if the kernel died or sent or wrote too much.

        What a thread of an earlier answer still prints is dropped, and is not held against this cell.
        """
        get = self.kc.get_iopub_msg if stream == "iopub" else self.kc.get_shell_msg
        try:
            message = get(timeout=wait)
        except Empty:
            if not self.is_alive():
                raise Died("It ended the kernel (a crash, an exit, or too much memory).") from None
            message = None
        if message is not None and stream == "iopub" and self.up:
            stray = message["msg_type"] == "stream" and self.kind != "answer"  # our own cells print nothing
            if stray or message["parent_header"].get("msg_id") != self.current:
                return None
            self.received += sum(map(len, message["buffers"])) + len(str(message["content"]))
        if self.received > MOST_OUTPUT:
            raise Stopped(TOO_MUCH)
        if size(self.sockets) > MOST_FILES:
            raise Stopped(f"It wrote more than {MOST_FILES >> 20} MB into files.")
        return message

    def stop(self):
        """End the kernel and all that it started, as far as it is still in its process group."""
        if hasattr(os, "killpg"):
            try:
                os.killpg(self.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
        super().stop()


def size(folder):
    """Bytes of the files in a folder, links not followed."""
    return sum(entry.stat(follow_symlinks=False).st_size for entry in os.scandir(folder))


# --- pytest's side -----------------------------------------------------------------------------------------


def pytest_configure(config):
    """Keep stdout for results (all else goes to stderr; pytest runs with -s), and have nbval use the watched kernel."""
    send.out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    nbval.plugin.RunningKernel = WatchedKernel


def send(**event):
    send.out.write(json.dumps(event) + "\n")
    send.out.flush()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item):
    send(event="start", cell=item.cell.id)
    WatchedKernel.kind = item.cell.metadata["kan_edu"]["kind"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Say what came of a cell: passed, failed (other outputs or an error), stopped, died; or no kernel."""
    report = yield
    if call.when == "setup" and report.failed:
        send(event="no kernel", words=str(call.excinfo.value))
        item.session.shouldstop = "no kernel"
    if call.when == "call":
        error = call.excinfo.value if call.excinfo else None
        ours = error is None or isinstance(error, nbval.plugin.NbCellError)
        outcome = ("failed" if error else "passed") if ours else "stopped" if type(error) is Stopped else "died"
        send(event="end", cell=item.cell.id, outcome=outcome, words=str(error or ""),
             outputs=[dict(output) for output in item.test_outputs or []])
        if not ours:
            item.session.shouldstop = "stopped"
    return report
