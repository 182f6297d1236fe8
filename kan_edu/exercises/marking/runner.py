"""Runs one assembled notebook in `pytest --nbval`, in a process group of its own, and says what came of each cell."""

import os
import pickle
import threading
import time
from dataclasses import dataclass, field

import nbformat

from kan_edu.exercises.sets.source import KEY

from .sandbox import WALL
from .warm import PATIENCE, STARTUP, borrowed, end_group, live

NO_KERNEL = "no kernel"
ENDED = ("stopped", "died")  # outcomes after which no cell follows
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


@dataclass
class Clock:
    """What one submission has used, in all its runs: `computed` s of CPU; `most` s are allowed.

    Time that goes by counts as well, but only as one part in `WALL`.

    waited  whether it was stopped, in a cell or as a whole, where the machine may have been busy: not because one cell
            computed too long
    """

    most: float = float("inf")
    computed: float = 0.0
    waited: bool = False

    def left(self):
        """s that may still be computed. Raises OutOfTime if there are none."""
        if self.computed >= self.most:
            self.waited = True
            raise OutOfTime(f"The notebook as a whole has used up its {self.most:g} s; this task was not reached.")
        return self.most - self.computed


class OutOfTime(Exception):
    """A submission has used up its time, in all of its tasks together; the message says so to the student."""


def run(book, sandbox, timeout, clock=None):
    """Run `book` cell by cell until the end or the first that was stopped or died; return its `CellResult`s.

    sandbox  "bwrap" or "none"
    timeout  s that one cell may compute
    clock    the `Clock` of the submission, which goes on

    Raises MachineFailure if it could not be run, with the last words of pytest; OutOfTime as `Clock.left`.
    """
    clock = clock or Clock()
    timeout = min(timeout, clock.left())
    must_be_allowed(sandbox)
    with borrowed(sandbox) as warm:
        must_not_be_stopping()  # since now `stop_all` knows of it
        nbformat.write(book, warm.folder / "book.ipynb")
        return Run(warm, book, timeout, clock).results()


def call(function, *given, sandbox, seconds):
    """`function(*given)`, called in a process of its own that may hold 1.5 GB and compute for some `seconds`.

    Raises LimitReached if that is not enough, and MachineFailure if there is no such process.
    """
    must_be_allowed(sandbox)
    with borrowed(sandbox) as warm:
        must_not_be_stopping()
        (warm.folder / "call.pickle").write_bytes(pickle.dumps((function, given)))
        warm.ask(do="call", module=function.__module__, seconds=seconds)
        event = warm.hear(STARTUP + WALL * seconds)
        must_not_be_stopping()
        if event is None and warm.process.poll() is not None:
            raise MachineFailure(f"The process that reads ended: {last_words(warm.log)}")
        if event is None or event["code"] != 0:
            raise LimitReached
        return pickle.loads((warm.folder / "result.pickle").read_bytes())


class LimitReached(Exception):
    """What was called took too much time or memory."""


def must_be_allowed(sandbox):
    """MachineFailure where nothing may be started: an end was asked for, or root has a worker of a cluster."""
    must_not_be_stopping()
    if sandbox == "bwrap" and os.geteuid() == 0:
        raise MachineFailure("This worker runs as root, for whom limits on processes do not hold. Run workers as an "
                             "ordinary user; or, for students whom you trust: --sandbox none")


def must_not_be_stopping():
    """MachineFailure after `stop_all`: whatever came of the last cell may be our doing."""
    if stopping.is_set():
        raise MachineFailure(INTERRUPTED)


class Run:
    """One book in a `Warm` process, and what is told of it."""

    def __init__(self, warm, book, timeout, clock):
        self.warm, self.timeout, self.clock = warm, timeout, clock
        self.places = {cell.id: cell.metadata[KEY] for cell in book.cells}
        self.kernel, self.found, self.running, self.trouble = None, [], None, ""
        self.over, self.computed = "nothing that it told", 0.0

    def results(self):
        began = time.monotonic()
        self.warm.ask(do="run", timeout=self.timeout)
        try:
            self.follow()
        finally:
            self.clock.computed += max(self.computed, (time.monotonic() - began) / WALL)
            end_group(self.kernel)
        must_not_be_stopping()
        return self.conclude()

    def follow(self):
        """Take down what pytest tells: until the last cell, until it ends, or until it tells nothing for too long."""
        while (event := self.warm.hear(max(STARTUP, WALL * self.timeout) + PATIENCE)) is not None:
            self.take(event)
            ended = bool(self.found) and self.found[-1].outcome in ENDED
            if event["event"] in ("over", NO_KERNEL) or len(self.found) == len(self.places) or ended:
                return  # what pytest would still do, ending the kernel, is done here at once

    def take(self, event):
        kind = event["event"]
        if kind == "kernel":  # in the sandbox the number is another process's; there all end with the first
            self.kernel = event["pid"] if self.warm.sandbox == "none" else None
        elif kind == "start":
            self.running = event["cell"]
        elif kind == "end":
            place, self.running, self.computed = self.places[event["cell"]], None, event["computed"]
            self.clock.waited |= event["waited"]
            self.found.append(CellResult(**place, **{name: event[name] for name in ("outcome", "words", "outputs")}))
        elif kind == NO_KERNEL:
            self.trouble = event["words"]
        elif kind == "over":
            self.over = event["code"]

    def conclude(self):
        """The results, with one more if the process ended in the middle of a student's cell."""
        place = self.places.get(self.running)
        if place and place["kind"] in ("answer", "check"):
            self.found.append(CellResult(**place, outcome="died", words="It ended the process that watched it."))
        stopped = bool(self.found) and self.found[-1].outcome in ENDED
        if len(self.found) < len(self.places) and not stopped:
            if self.trouble:
                raise MachineFailure(f"The kernel does not start: {self.trouble}")
            raise MachineFailure(f"The process that checks ended with {self.over}: {last_words(self.warm.log)}")
        return self.found


def last_words(log):
    """The end of what pytest said, or what to try if it said nothing."""
    log.seek(0)
    said = log.read().decode("utf-8", "replace").strip()[-600:]
    return said or "it said nothing. Is memory short? Try fewer at a time: -j 1"


def stop_all():
    """End all runs, and let none begin until `stopping` is cleared, as the program itself is to end."""
    stopping.set()
    for warm in list(live):
        warm.kill()
