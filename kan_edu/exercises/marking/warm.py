"""A process that has pytest and nbval loaded and forks itself for each job: the process, and who talks to it.

Starting Python and loading pytest anew took a third of the time of a notebook. No student's code ever runs in this
process, and each fork is gone with all that it started before the next begins: a fork is as good as a new process.

    python -P -m kan_edu.exercises.marking.warm      in the folder of its jobs

It takes lines of JSON from stdin and tells lines of JSON through stdout, beside those of hooks.py:

    {"do": "run", "timeout": 20}      run book.ipynb with pytest
    {"do": "call", "module": "os", "seconds": 20}     call what call.pickle holds, a function of a module that is loaded
                                      before, under limits, and leave what came of it in result.pickle
    {"do": "end"}                     end the fork and what it started, empty its folders; then tell {"event": "clear"}

{"event": "over", "code": 0} is told when a fork has ended by itself.
"""

import kan_edu.exercises.sets.lightly  # noqa: F401, I001  first, before nbformat

import atexit
import contextlib
import gc
import json
import os
import pickle
import queue
import select
import signal
import subprocess
import sys
import threading
import time
import traceback
from importlib import import_module
from pathlib import Path

from .folders import empty, new_folder, remove
from .sandbox import JOB, SANDBOXED, kernel_command, kernel_environment, limit, watcher_command

STARTUP = 60  # s for a kernel to start
PATIENCE = 30  # s that a process may be silent beyond what it was asked for, until it is thought to hang
PLUGINS = ["kan_edu.exercises.marking.hooks", "nbval.plugin", "no:cacheprovider"]
FORKS = sys.platform.startswith("linux")  # Windows cannot; macOS can, but its own libraries do not survive it
live = set()  # all `Warm` processes, those that wait for work too
idle = {"bwrap": [], "none": []}


@contextlib.contextmanager
def borrowed(sandbox):
    """A `Warm` process for one job, one that waits if there is one; afterwards it waits again, if it is in order."""
    warm = one_that_waits(sandbox) or Warm(sandbox)
    try:
        yield warm
    finally:
        if warm.end():
            idle[sandbox].append(warm)
        else:
            warm.close()


def one_that_waits(sandbox):
    """Take one that lives from those that wait, if there is one; the dead ones are cleared away."""
    with contextlib.suppress(IndexError):  # another thread may have taken the last
        while True:
            warm = idle[sandbox].pop()
            if warm.process.poll() is None:
                return warm
            warm.close()
    return None


@atexit.register
def close_idle():
    """End all processes that wait for work, and remove their folders."""
    for waiting in idle.values():
        while waiting:
            waiting.pop().close()


class Warm:
    """One such process and its folder, for one job at a time."""

    def __init__(self, sandbox):
        self.sandbox, self.told = sandbox, queue.Queue()
        self.folder, self.lock = new_folder()
        prepare(self.folder, sandbox)
        self.log = open(self.folder / "log.txt", "w+b")
        environment = {**kernel_environment("none"), JOB: str(self.folder), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        environment |= {SANDBOXED: "1"} if sandbox == "bwrap" else {}
        for name in ["PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "COV_CORE_SOURCE", "MPLBACKEND"]:
            environment.pop(name, None)
        own_group = {"start_new_session": True} if os.name != "nt" else {}
        words = [*watcher_command(sandbox, self.folder), sys.executable, "-P", "-m", __name__]
        self.process = subprocess.Popen(words, cwd=self.folder, env=environment, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=self.log, **own_group)
        live.add(self)
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        for line in self.process.stdout:
            with contextlib.suppress(ValueError):
                self.told.put(json.loads(line))
        self.told.put(None)

    def ask(self, **command):
        """Send a command; its log begins anew. Nothing happens if the process is gone: then `hear` says so."""
        with contextlib.suppress(OSError, ValueError):
            self.log.seek(0)  # the process writes where this file stands: it is one and the same
            self.log.truncate()
            self.process.stdin.write(json.dumps(command).encode() + b"\n")
            self.process.stdin.flush()

    def hear(self, seconds):
        """The next event; None if the process is gone, or was silent for so long."""
        with contextlib.suppress(queue.Empty):
            return self.told.get(timeout=seconds)

    def end(self):
        """End the job; whether the process may be asked again."""
        if not FORKS or self.process.poll() is not None:
            return False
        with contextlib.suppress(OSError, ValueError):
            self.process.stdin.write(b'{"do": "end"}\n')
            self.process.stdin.flush()
        end = time.monotonic() + PATIENCE
        with contextlib.suppress(queue.Empty):
            while (event := self.told.get(timeout=max(0.0, end - time.monotonic()))) is not None:
                if event.get("event") == "clear":
                    return True
        return False

    def kill(self):
        """End the process and its group, at once and from any thread."""
        end_group(self.process.pid)
        self.process.kill()

    def close(self):
        """End it and remove its folder."""
        self.kill()
        self.process.wait()
        self.process.stdin.close() if not self.process.stdin.closed else None
        self.log.close()
        self.lock.close()
        remove(self.folder)
        live.discard(self)


def prepare(folder, sandbox):
    """Lay out a folder for jobs: the kernel's command, and what a kernel shares or works in."""
    for name in ["s", "work", "kernels/exercise"]:
        (folder / name).mkdir(parents=True)
    (folder / "pytest.ini").touch()  # so that none of this machine's is found
    spec = {"argv": kernel_command(sandbox, folder / "s"), "display_name": "exercise", "language": "python"}
    (folder / "kernels/exercise/kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    (folder / "environment.json").write_text(json.dumps(kernel_environment(sandbox)), encoding="utf-8")


def end_group(pid):
    """Kill a process group, if there is one."""
    if pid and hasattr(os, "killpg"):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, signal.SIGKILL)


# The process itself


def main():
    """Do what stdin says until it ends."""
    import nbformat

    import kan_edu.exercises.marking.hooks  # noqa: F401  what forks need is loaded once, here

    nbformat.validate(nbformat.v4.new_notebook())  # which makes the validator
    gc.collect()
    gc.freeze()  # a fork shares what nobody writes to
    commands = open(0, "rb", buffering=0, closefd=False)
    while line := commands.readline():
        if not FORKS:
            tell(event="over", code=do(json.loads(line)))
            return
        command = json.loads(line)
        import_module(command.get("module", __name__))  # once, and not in each fork
        pid, ended = fork(command)
        if ended in select.select([commands, ended], [], [])[0]:
            tell(event="over", code=code_of(pid))
        os.close(ended)
        line = commands.readline()
        clear(pid)
        if line:
            tell(event="clear")


def tell(**event):
    """Tell an event to the other side, as one line of JSON."""
    os.write(1, json.dumps(event).encode() + b"\n")


def fork(command):
    """(pid of a fork that does what it is told, a pipe that ends when the fork does)."""
    ended, held = os.pipe()  # no program that the fork starts gets it
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            os.close(ended)
            os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
            code = do(command)
            sys.stdout.flush()
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)
    os.close(held)
    return pid, ended


def do(command):
    """Do one command; return an exit code."""
    if command["do"] == "run":
        import pytest

        return int(pytest.main([
            "book.ipynb", "--nbval", "-q", "-s", "--color=no", "--disable-warnings", "-c", "pytest.ini", "--rootdir=.",
            "--nbval-kernel-name=exercise", f"--nbval-cell-timeout={command['timeout']:g}",
            f"--nbval-kernel-startup-timeout={STARTUP}", *(word for name in PLUGINS for word in ("-p", name))]))
    limit(command["seconds"])
    function, given = pickle.loads(Path("call.pickle").read_bytes())
    Path("result.pickle").write_bytes(pickle.dumps(function(*given)))
    return 0


def code_of(pid):
    """The exit code of a fork that has ended; it stays a zombie, so that its number is nobody else's."""
    found = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    return found.si_status if found.si_code == os.CLD_EXITED else -found.si_status


def clear(pid):
    """End a fork with all that it started, and empty the folders that it could write into."""
    if os.environ.get(SANDBOXED):
        os.kill(-1, signal.SIGKILL)  # all of this sandbox but its first process and this one
    else:
        os.kill(pid, signal.SIGKILL)  # its kernel has a group of its own, which the other side ends
    os.waitpid(pid, 0)
    end = time.monotonic() + PATIENCE
    while os.environ.get(SANDBOXED) and len([name for name in os.listdir("/proc") if name.isdigit()]) > 2:
        if time.monotonic() > end:
            sys.exit("what an answer started does not end")
        time.sleep(0.001)
    for name in ["s", "work"]:
        empty(name)
    for name in ["call.pickle", "result.pickle", "book.ipynb"]:
        Path(name).unlink(missing_ok=True)


if __name__ == "__main__":
    main()
