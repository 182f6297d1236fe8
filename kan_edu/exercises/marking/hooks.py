"""What pytest loads beside nbval in the process that checks one submission (pytest -p kan_edu.exercises.marking.hooks).

No student's code runs in this process. It tells what comes of each cell in lines of JSON through what was stdout,
which the kernel does not have:

    {"event": "kernel", "pid": 17}               the kernel was started
    {"event": "start", "cell": id}               a cell is about to run
    {"event": "end", "cell": id, "outcome": "passed" | "failed" | "stopped" | "died", "words": ..., "outputs": [...],
     "computed": s of CPU of all cells so far, "waited": whether it was stopped though it computed little}
    {"event": "no kernel", "words": ...}         it could not be started
"""

import kan_edu.exercises.sets.lightly  # noqa: F401, I001  first, before nbformat

import json
import os

import nbval.plugin
import pytest

from kan_edu.exercises.hints import hint
from kan_edu.exercises.sets.source import KEY

from .sandbox import limit
from .watched import WatchedKernel


def pytest_configure(config):
    """Keep stdout for results (all else goes to stderr; pytest runs with -s), and have nbval use the watched kernel."""
    send.out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    limit()
    nbval.plugin.RunningKernel = WatchedKernel


def send(**event):
    """Tell an event, as one line."""
    send.out.write(json.dumps(event) + "\n")
    send.out.flush()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_call(item):
    """Tell that a cell begins, and the kernel which kind it is: only answers may print.

    A solution is put in the place of an answer that was not right only: later answers may build on a right one.
    """
    about = item.cell.metadata[KEY]
    WatchedKernel.kind = about["kind"]
    if about["kind"] == "solution" and about["task"] in right_in(item):
        item.cell.source = "pass"
    send(event="start", cell=item.cell.id)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Tell what came of a cell: passed, failed (other outputs or an error), stopped, died; or no kernel."""
    report = yield
    if call.when == "setup":
        if report.failed:
            send(event="no kernel", words=str(call.excinfo.value))
            item.session.shouldstop = "no kernel"
        elif item is item.session.items[0]:
            send(event="kernel", pid=item.parent.kernel.pid)
    if call.when == "call":
        error = call.excinfo.value if call.excinfo else None
        if isinstance(error, nbval.plugin.NbCellError) and shows_the_same(item):
            error = None
        if error is None or isinstance(error, nbval.plugin.NbCellError):
            outcome = "failed" if error else "passed"
        else:  # what nobody has foreseen comes from a kernel that talks nonsense
            outcome = getattr(error, "outcome", "died")
            item.session.shouldstop = outcome
        if outcome == "passed" and item.cell.metadata[KEY]["kind"] == "check":
            right_in(item).add(item.cell.metadata[KEY]["task"])
        send(event="end", cell=item.cell.id, outcome=outcome, words=str(error or ""),
             outputs=[dict(output) for output in item.test_outputs or []],
             computed=item.parent.kernel.computed, waited=getattr(error, "waited", False))
    return report


def right_in(item):
    """The tasks of the notebook that were right so far, a set that stays with it."""
    return item.parent.__dict__.setdefault("right", set())


def shows_the_same(item):
    """Whether a check shows one output, and in it the numbers of the reference up to rounding; nbval compares texts."""
    expected, came = item.cell.outputs, item.test_outputs or []
    about = [output.get("metadata") for output in (*expected, *came)]
    if len(expected) != 1 or len(came) != 1 or not all(isinstance(one, dict) and KEY in one for one in about):
        return False
    return hint(about[0][KEY], about[1][KEY]) is None
