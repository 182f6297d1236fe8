"""Runs one assembled notebook in `pytest --nbval`, in a process group of its own, and says what came of each cell."""

import contextlib
import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from kan_edu.exercises.sets.source import KEY

from .sandbox import JOB, SANDBOXED, kernel_command, kernel_environment, watcher_command

STARTUP = 60  # s for a kernel to start
PATIENCE = 30  # s more than a cell may take, until the process that watches it is itself thought to hang
PLUGINS = ["kan_edu.exercises.marking.hooks", "nbval.plugin", "no:cacheprovider"]
NO_KERNEL = "no kernel"
ENDED = ("stopped", "died")  # outcomes after which no cell follows
live = set()  # processes that run now, to be ended when the program is
INTERRUPTED = "It was interrupted. Check it again."
stopping = threading.Event()  # set: nothing is started any more


class MachineFailure(Exception):
    """Not the student's fault: no kernel, no memory, a process that was killed. It gives no mark."""


@dataclass
class CellResult:
    """What came of one cell: outcome is passed, failed (other outputs or an error), stopped or died."""

    kind: str
    task: str
    outcome: str
    words: str = ""
    outputs: list = field(default_factory=list)


def run(book, sandbox, timeout):
    """Run `book` cell by cell until the end or the first that was stopped or died; return its `CellResult`s.

    sandbox  "bwrap" or "none"
    timeout  s that one cell may take

    Raises MachineFailure if it could not be run, with the last words of pytest.
    """
    if stopping.is_set():
        raise MachineFailure(INTERRUPTED)
    if sandbox == "bwrap" and os.geteuid() == 0:  # a worker of a cluster, for one
        raise MachineFailure("This worker runs as root, for whom limits on processes do not hold. Run workers as an "
                             "ordinary user; or, for students whom you trust: --sandbox none")
    folder = Path(tempfile.mkdtemp(prefix="kan-"))
    try:
        prepare(folder, book, sandbox)
        return Run(folder, book, sandbox, timeout).results()
    finally:
        remove(folder)


def remove(folder):
    """Remove a folder with whatever an answer has left in it: folders that nobody may enter, or without end."""
    with contextlib.suppress(RecursionError, OSError):
        for place, names, _ in os.walk(folder):
            for name in names:
                if not os.path.islink(os.path.join(place, name)):
                    os.chmod(os.path.join(place, name), 0o700)
    with contextlib.suppress(RecursionError):
        shutil.rmtree(folder, ignore_errors=True)
    if folder.exists() and shutil.which("rm"):
        subprocess.run(["rm", "-rf", folder], stderr=subprocess.DEVNULL)


def prepare(folder, book, sandbox):
    """Lay out a job's folder: the notebook, the kernel's command, and what the kernel shares or works in."""
    for name in ["s", "work", "kernels/exercise"]:
        (folder / name).mkdir(parents=True)
    nbformat.write(book, folder / "book.ipynb")
    spec = {"argv": kernel_command(sandbox, folder / "s"), "display_name": "exercise", "language": "python"}
    (folder / "kernels/exercise/kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    (folder / "environment.json").write_text(json.dumps(kernel_environment(sandbox)), encoding="utf-8")


class Run:
    """One process of pytest and what it tells."""

    def __init__(self, folder, book, sandbox, timeout):
        self.folder, self.sandbox, self.timeout = folder, sandbox, timeout
        self.places = {cell.id: cell.metadata[KEY] for cell in book.cells}
        self.told, self.kernel, self.found, self.running, self.trouble = queue.Queue(), None, [], None, ""

    def results(self):
        with open(self.folder / "log.txt", "w+b") as log:
            process = self.start(log)
            live.add(process)
            if stopping.is_set():  # set while this one was started
                end_group(process.pid)
            try:
                self.follow(process)
            finally:
                live.discard(process)
                end_group(process.pid)
                end_group(self.kernel)
                process.kill()
                process.wait()
            if stopping.is_set():  # whatever came of the last cell may be our doing
                raise MachineFailure(INTERRUPTED)
            return self.conclude(process, log)

    def start(self, log):
        words = [*watcher_command(self.sandbox, self.folder), sys.executable, "-P", "-m", "pytest", "book.ipynb",
                 "--nbval", "-q", "-s", "--color=no", "--disable-warnings", "-c", os.devnull, "--rootdir=.",
                 "--nbval-kernel-name=exercise", f"--nbval-cell-timeout={self.timeout:g}",
                 f"--nbval-kernel-startup-timeout={STARTUP}", *(word for name in PLUGINS for word in ("-p", name))]
        environment = {**kernel_environment("none"), JOB: str(self.folder), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
        environment |= {SANDBOXED: "1"} if self.sandbox == "bwrap" else {}
        for name in ["PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER", "COV_CORE_SOURCE", "MPLBACKEND"]:
            environment.pop(name, None)
        own_group = {"start_new_session": True} if os.name != "nt" else {}
        return subprocess.Popen(words, cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
                                stdout=subprocess.PIPE, stderr=log, **own_group)

    def follow(self, process):
        """Take down what pytest tells: until the last cell, until it ends, or until it tells nothing for too long."""
        threading.Thread(target=self.listen, args=(process.stdout,), daemon=True).start()
        while True:
            try:
                event = self.told.get(timeout=max(STARTUP, self.timeout) + PATIENCE)
            except queue.Empty:
                return  # it hangs; `conclude` sees which cell it was at
            if event is None:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(timeout=PATIENCE)
                return
            self.take(event)
            ended = bool(self.found) and self.found[-1].outcome in ENDED
            if len(self.found) == len(self.places) or ended or self.running == NO_KERNEL:
                return  # what pytest would still do, ending the kernel, is done here at once

    def listen(self, pipe):
        for line in pipe:
            try:
                self.told.put(json.loads(line))
            except ValueError:
                pass
        self.told.put(None)

    def take(self, event):
        kind = event.pop("event", "")
        if kind == "kernel":  # in the sandbox the number is another process's; there all end with the first
            self.kernel = event["pid"] if self.sandbox == "none" else None
        elif kind == "start":
            self.running = event["cell"]
        elif kind == "end":
            place, self.running = self.places[event.pop("cell")], None
            self.found.append(CellResult(**place, **event))
        elif kind == NO_KERNEL:
            self.running, self.trouble = NO_KERNEL, event["words"]

    def conclude(self, process, log):
        """The results, with one more if the process ended in the middle of a student's cell."""
        place = self.places.get(self.running)
        if place and place["kind"] in ("answer", "check"):
            self.found.append(CellResult(**place, outcome="died", words="It ended the process that watched it."))
        stopped = bool(self.found) and self.found[-1].outcome in ENDED
        if len(self.found) < len(self.places) and not stopped:
            log.seek(0)
            if self.trouble:
                raise MachineFailure(f"The kernel does not start: {self.trouble}")
            raise MachineFailure(f"The process that checks ended with {process.returncode}: {last_words(log.read())}")
        return self.found


def last_words(log):
    """The end of what pytest said, or what to try if it said nothing."""
    said = log.decode("utf-8", "replace").strip()[-600:]
    return said or "it said nothing. Is memory short? Try fewer at a time: -j 1"


def end_group(pid):
    """Kill a process group, if there is one."""
    if pid and hasattr(os, "killpg"):
        try:
            os.killpg(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            pass


def stop_all():
    """End all runs, and let none begin until `stopping` is cleared, as the program itself is to end."""
    stopping.set()
    for process in list(live):
        end_group(process.pid)
        process.kill()
