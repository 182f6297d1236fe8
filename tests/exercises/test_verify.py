"""Whether a set can be handed out: a set in order has no fault, and every fault there can be is reported."""

import copy

import pytest

from kan_edu.exercises import verify as verifying
from kan_edu.exercises.marking.job import Reference, without_outputs
from kan_edu.exercises.marking.runner import MachineFailure
from kan_edu.exercises.marking.verdict import NOT_CHECKED, RIGHT, WRONG, Mark, Verdict
from kan_edu.exercises.sets.source import KEY, SourceError, parse
from kan_edu.exercises.verify import STUB, attempts, verify
from tests.exercises.small import small_book, small_source, with_outputs

VALUES = {"values": [["value", [], ["1"]]], "margin": 0.5}


@pytest.fixture
def straw(monkeypatch):
    """No kernel: references are made up, and `straw.judge` says what an attempt gets; {task: code} is in its job."""

    class straw:
        seeds, jobs = [], []

        def fresh(source, sandbox, timeout, seed):
            empty = without_outputs(source, seed)
            outputs = {task: [{"metadata": {KEY: VALUES}}] for task in empty.points}
            return Reference(empty.name, seed, empty.cells, empty.points, outputs)

        def make_reference(source, sandbox, timeout):
            straw.seeds.append(100 + len(straw.seeds))
            return straw.fresh(source, sandbox, timeout, straw.seeds[-1])

        def judge(job):
            straw.jobs.append(job)
            status = RIGHT if job.name == "solution" else WRONG
            return Verdict("x", marks=[Mark(task, 1, status, "why") for task in job.reference.points])

    straw.jobs.clear(), straw.seeds.clear()
    for name in ["fresh", "make_reference"]:
        monkeypatch.setattr(verifying, name, getattr(straw, name))
    monkeypatch.setattr(verifying, "judge", lambda job: straw.judge(job))
    return straw


def in_order():
    return with_outputs(small_source())


def test_a_set_in_order(straw):
    said = []
    found = verify(in_order(), "none", seeds=2, progress=said.append)
    assert found.faults == [] and found.runs == 6 and said == ["the stored outputs", "seed 1 of 2", "seed 2 of 2"]
    assert straw.seeds == [100, 101]


def test_attempts():
    kinds = list(attempts(small_source()))
    assert [kind for kind, _ in kinds] == ["solution", "wrong", "wrong"]
    assert {why for why, _ in kinds[1][1].values()} == {STUB}
    assert kinds[2][1]["double"] == ("returns x itself", "def double(x):\n    return x")
    book = small_book()
    book.cells.append(copy.deepcopy(book.cells[5]))
    more = list(attempts(parse("small", book)))
    assert list(more[-1][1]) == ["double"], "a second wrong answer to one task only"


def test_a_task_without_a_wrong_answer_is_no_fault(straw):
    source = in_order()
    source.tasks["four"].wrong.clear()
    found = verify(source, "none", seeds=1)
    assert found.faults == [] and found.remarks == [
        "four: no wrong answer is listed, so only the empty one was tried (list one in a raw cell that begins with "
        "# WRONG four: why)"]


def test_stored_outputs_that_are_out_of_date(straw):
    source = in_order()
    for task, about in [("double", {**VALUES, "values": [["value", [], ["2"]]]}), ("four", {"error": "not answered"})]:
        source.book.cells[source.tasks[task].check].outputs[1].metadata[KEY] = {"task": task, **about}
    assert verify(source, "none", seeds=1).faults == [
        "stored outputs of double, four are not those of the solutions: run all cells and save it"]


def test_a_set_that_was_not_run(straw):
    with pytest.raises(SourceError, match="no stored output of the checks of double, weights, four"):
        verify(small_source(), "none", seeds=1)


def passes(straw, *answers):
    """Let what `answers` names pass: (task, a part of its code)."""

    def judge(job):
        def status(task):
            meant = any(name == task and part in job.answers.get(task, "") for name, part in answers)
            return RIGHT if job.name == "solution" or meant else WRONG

        return Verdict("x", marks=[Mark(task, 1, status(task)) for task in job.reference.points])

    straw.judge = judge


def test_a_wrong_answer_that_passes(straw):
    passes(straw, ("double", "return x"))
    (fault,) = verify(in_order(), "none", seeds=3).faults
    assert fault.startswith("double: passes and should not: returns x itself. Let its check show what differs")


def test_an_empty_answer_that_passes(straw):
    passes(straw, ("weights", "... "))
    (fault,) = verify(in_order(), "none", seeds=1).faults
    assert fault.startswith(f"weights: passes and should not: {STUB}. ")


def test_a_solution_that_does_not_pass_for_one_seed(straw):
    def judge(job):
        bad = job.name == "solution" and job.reference.seed == 101
        status = RIGHT if job.name == "solution" else WRONG
        return Verdict("x", marks=[Mark(t, 1, WRONG if bad and t == "four" else status, "why") for t in
                                   job.reference.points])

    straw.judge = judge
    (fault,) = verify(in_order(), "none", seeds=3).faults
    assert fault.startswith("four: its solution does not pass (seed 101): why Two runs of it differ")


def test_a_machine_that_fails_is_no_fault_of_the_set(straw):
    straw.judge = lambda job: Verdict("x", state=NOT_CHECKED, problem="no memory")
    with pytest.raises(MachineFailure, match="no memory"):
        verify(in_order(), "none", seeds=1)


def test_a_published_seed_at_which_a_number_lies_where_rounding_turns(straw, monkeypatch):
    near = {**VALUES, "margin": 1e-5}
    monkeypatch.setattr(f"{__name__}.VALUES", near)
    (fault,) = verify(with_outputs(small_source()), "none", seeds=1).faults
    assert fault.startswith("numbers of double, weights, four lie where rounding turns for the published seed")
