"""What the checker relies on inside nbval, jupyter_client and pytest: red here first, when one of them changes."""

import copy
import importlib.metadata
import inspect
import re
import tomllib
from pathlib import Path

import nbval.kernel
import nbval.plugin
import pytest

from kan_edu.exercises.marking.hooks import WatchedKernel
from kan_edu.exercises.marking.job import assemble, without_outputs
from kan_edu.exercises.marking.judge import Job, judge
from kan_edu.exercises.marking.reference import make_reference
from kan_edu.exercises.marking.runner import MachineFailure, run, stopping
from kan_edu.exercises.marking.warm import close_idle, live
from kan_edu.exercises.sets.source import KEY
from kan_edu.exercises.trying.errors import NOBODY_TYPES
from tests.exercises.shapes import RIGHTLY
from tests.exercises.small import small_source

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def reference():
    stopping.clear()
    return make_reference(small_source(), "none", 20, seed=1)


def outcomes(book):
    return {result.task: result.outcome for result in run(book, "none", 20) if result.kind == "check"}


def test_nbval_is_the_one_that_was_read():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    pinned = [line for line in project["optional-dependencies"]["lab"] if line.startswith("nbval")]
    assert pinned == [f"nbval=={importlib.metadata.version('nbval')}"]


def test_nbval_makes_its_kernel_by_the_name_that_is_replaced():
    assert nbval.plugin.RunningKernel is nbval.kernel.RunningKernel
    assert "RunningKernel(" in inspect.getsource(nbval.plugin.IPyNbFile.setup)
    calls = re.findall(r"kernel\.(\w+)\(", inspect.getsource(nbval.plugin))
    assert set(calls) - {"kernel"} <= set(dir(WatchedKernel)), "nbval asks its kernel for something new"


def test_texts_are_compared_then_numbers_and_pictures_are_not(reference):
    """And a right answer stays: `four` calls the student's own `double`, which can do more than the solution."""
    answers = {**RIGHTLY, "double": "def double(x, times=2):\n    return times * x",
               "four": "def four(x):\n    return double(x, times=4)"}
    book = assemble(reference, answers)
    shown = {cell.metadata[KEY]["task"]: cell.outputs[0] for cell in book.cells if cell.outputs}
    shown["double"].data["text/plain"] += " "
    numbers = shown["double"].metadata[KEY]["values"][1][2]
    numbers[0] = f"{float(numbers[0]) + 1e-4}"
    shown["weights"].data["text/plain"] += " "
    shown["weights"].metadata[KEY]["values"][0][2][0] = "100"
    shown["four"].data["image/png"] = "AAAA"
    shown["four"].metadata[KEY] = {"margin": 0.1}
    assert outcomes(book) == {"double": "passed", "weights": "failed", "four": "passed"}


def test_what_is_said_of_wrong_answers_quotes_no_solution_and_knows_input(reference):
    job = Job("a", reference, {"double": "def double(x):\n    return float(input()) * x",
                               "four": "def four(x):\n    return double({})  # mine"})
    double, _, four = judge(job).marks
    assert double.message == NOBODY_TYPES
    assert four.message.split("\n")[1:] == ["    inside the solution of double, which stands in your answer's place",
                                            "    in the line: return double({})  # mine"]


def test_a_cell_that_was_never_run_is_not_compared():
    """Why a reference without outputs must be refused before: nbval lets everything pass."""
    book = assemble(without_outputs(small_source(), 1), {**RIGHTLY, "double": "def double(x):\n    return 7"})
    assert outcomes(book) == dict.fromkeys(RIGHTLY, "passed")


def test_a_missing_output_is_a_difference(reference):
    book = assemble(reference, RIGHTLY)
    for cell in book.cells:
        if cell.metadata[KEY]["kind"] == "check":
            cell.outputs = []
    assert set(outcomes(book).values()) == {"failed"}


def test_nothing_is_run_after_a_cell_that_was_stopped(reference):
    results = run(assemble(reference, {**RIGHTLY, "double": "while True:\n    pass"}), "none", 1)
    assert [(result.kind, result.task, result.outcome) for result in results] == [
        ("given", "", "passed"), ("answer", "double", "stopped")]
    assert "for more than 1 s" in results[-1].words or "within 6 s" in results[-1].words  # on a busy machine


def test_nothing_of_one_notebook_is_there_in_the_next(reference):
    """Both run in forks of one process, which empties what the first could write into."""
    close_idle()  # of other tests
    leaves = "open('left behind', 'w').close()\n" + RIGHTLY["double"]
    looks = "import os\nassert os.listdir() == []\n" + RIGHTLY["double"]
    assert outcomes(assemble(reference, {"double": leaves})) == {"double": "passed"}
    (process,) = live
    assert outcomes(assemble(reference, {"double": looks})) == {"double": "passed"} and live == {process}


def test_a_kernel_that_cannot_start_is_the_machines_fault(reference, monkeypatch):
    false = lambda kind, sockets: ["false", "{connection_file}"]   # noqa: E731
    close_idle()  # those that wait know the command that starts one
    monkeypatch.setattr("kan_edu.exercises.marking.warm.kernel_command", false)
    with pytest.raises(MachineFailure, match="The kernel does not start"):
        run(assemble(reference, RIGHTLY), "none", 5)
    close_idle()


def test_a_book_survives_its_way_to_another_machine(reference):
    import pickle

    assert pickle.loads(pickle.dumps(reference)) == copy.deepcopy(reference)
