"""A class: verdicts in the order of the submissions, and none that is there is lost, whatever becomes of the rest."""

import json
import threading
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import pytest

from kan_edu.exercises import classroom as classing
from kan_edu.exercises.classroom import Classroom, check
from kan_edu.exercises.handed_in.submissions import Submission
from kan_edu.exercises.marking import runner
from kan_edu.exercises.marking.job import Reference, without_outputs
from kan_edu.exercises.marking.judge import Job
from kan_edu.exercises.marking.runner import MachineFailure
from kan_edu.exercises.marking.verdict import (
    CHECKED,
    NOT_CHECKED,
    RIGHT,
    STOPPED,
    UNREADABLE,
    WRONG,
    Mark,
    Verdict,
)
from kan_edu.exercises.sets.source import SourceError, parse
from tests.exercises.small import small_book, small_source
from tests.exercises.students import DOUBLE, as_bytes, student
from tests.exercises.students import RIGHT as ANSWERS


class Given(list):
    """Submissions, as `collect` gives them."""

    @property
    def names(self):
        return [submission.name for submission in self]


def other_source():
    book = small_book()
    for cell in book.cells:
        cell.source = cell.source.replace("double", "twice").replace("weights", "bias").replace("four", "eight")
    return parse("other", book)


@pytest.fixture
def room(monkeypatch):
    """A classroom of two sets whose references are made up; `room.made` counts them. Jobs are not run, but right."""
    made = []

    def make_reference(source, sandbox, timeout, seed):
        made.append(source.name)
        empty = without_outputs(source, 1)
        return Reference(empty.name, 1, empty.cells, empty.points, {})

    monkeypatch.setattr(classing, "make_reference", make_reference)
    monkeypatch.setattr(classing, "judge", all_right)
    monkeypatch.setattr(classing, "call", lambda function, *given, **limits: function(*given))
    room = Classroom("none", wanted=None, sources={})
    room.sources = {"small": small_source(), "other": other_source()}
    room.made = made
    return room


def all_right(job):
    return Verdict(job.name, job.reference.name, marks=[Mark(t, 1, RIGHT) for t in job.answers], notes=list(job.notes))


def handed_in(name, answers=ANSWERS, said="small"):
    return Submission(name, as_bytes({**student(**answers), "metadata": {"kan_edu": {"exercise": said}}}))


class Now:
    """An executor that works at once, in this thread."""

    def submit(self, call, job):
        future = Future()
        try:
            future.set_result(call(job))
        except Exception as error:
            future.set_exception(error)
        return future


def checked(room, *submissions, executor=None, **more):
    return check(Given(submissions), room, executor or Now(), 2, **more)


# Order and several sets


def test_the_order_is_that_of_the_submissions(room):
    """The first waits for the last, and the last until one between them has been told of."""
    told, last, names = threading.Event(), threading.Event(), [f"{number}.ipynb" for number in range(5)]

    def slow_first(job):
        if job.name == names[-1]:
            assert told.wait(120)
            last.set()
        assert job.name != names[0] or last.wait(120)
        return all_right(job)

    classing.judge = slow_first  # the fixture puts it back
    came = []

    def tell(verdict):
        came.append(verdict.name)
        told.set()

    with ThreadPoolExecutor(2) as executor:
        found = check(Given(map(handed_in, names)), room, executor, 4, tell)
    assert [verdict.name for verdict in found] == names and all(verdict.all_right for verdict in found)
    assert sorted(came) == names and came[0] != names[0]


def test_no_more_are_handed_out_than_are_kept_ready(room):
    """A class of 20 000 is not read into memory at once."""
    waiting, most = set(), [0]

    class Counting(Now):
        def submit(self, call, job):
            waiting.add(job.name)
            most[0] = max(most[0], len(waiting))
            return super().submit(call, job)

    checked(room, *(handed_in(str(n)) for n in range(30)), executor=Counting(),
            progress=lambda verdict: waiting.discard(verdict.name))
    assert 2 <= most[0] <= 4


def test_several_sets_in_one_folder(room):
    other = [{"cell_type": "code", "source": source.replace("double", "twice"), "metadata": {}}
             for source in ANSWERS.values()]
    found = checked(room, handed_in("a"), Submission("b", as_bytes({"cells": other, "metadata": {}})), handed_in("c"),
                    handed_in("d", said="other"))
    assert [verdict.set for verdict in found] == ["small", "small", "small", "other"]
    assert room.made == ["small", "other"], "one reference for each set, made once"


def test_a_set_that_nobody_here_knows_is_not_guessed_at(room):
    (found,) = checked(room, handed_in("a", said="my own"))
    assert found.state == UNREADABLE and found.points is None
    assert "belongs to the set my own, which is not one of the course's" in found.problem
    assert "--set SOURCE.ipynb" in found.problem and room.made == []


def test_no_set_at_all(room):
    (found,) = checked(room, Submission("a", as_bytes({"cells": [], "metadata": {}})))
    assert found.state == UNREADABLE and "Is it an exercise? Say which it is: --set NAME" in found.problem


def test_a_class_in_which_every_notebook_names_another_set(room):
    said = ["small", "other", "third", 7, None]
    found = checked(room, *(handed_in(str(name), said=name) for name in said))
    assert [verdict.state for verdict in found] == [CHECKED, CHECKED, UNREADABLE, CHECKED, CHECKED]
    assert [verdict.set for verdict in found] == ["small", "other", "", "small", "small"]


def test_set_is_obeyed_and_a_notebook_of_another_set_is_remarked_on(room, tmp_path, monkeypatch):
    path = tmp_path / "small.ipynb"
    path.write_text(json.dumps(small_book()), encoding="utf-8")
    asked = Classroom("none", wanted=str(path))
    assert list(asked.sources) == ["small"]
    found = checked(asked, handed_in("a", said="other"), handed_in("b"))
    assert [verdict.set for verdict in found] == ["small", "small"]
    assert found[0].notes == ["It says that it belongs to the set other, and was checked as small."]
    assert found[1].notes == []


def test_what_cannot_be_read_stops_nobody(room):
    found = checked(room, Submission("a", None, "it is a link."), Submission("b", b"no JSON"), handed_in("c"),
                    handed_in("d", {}))
    assert [verdict.state for verdict in found] == [UNREADABLE, UNREADABLE, CHECKED, CHECKED]
    assert found[0].problem == "it is a link." and "it is a text" in found[1].problem


def test_only_what_was_answered_is_run(room):
    jobs = []
    classing.judge = lambda job: jobs.append(job) or all_right(job)
    checked(room, handed_in("a", {"double": DOUBLE}))
    assert list(jobs[0].answers) == ["double"] and jobs[0].unanswered == {"weights", "four"}


# What goes wrong


def fails_for(name, error):
    def judge(job):
        if job.name == name:
            raise error
        return all_right(job)

    classing.judge = judge


def test_a_worker_that_fails_gives_no_mark_and_stops_nobody(room):
    fails_for("b", MemoryError("no memory"))
    found = checked(room, handed_in("a"), handed_in("b"), handed_in("c"))
    assert [verdict.state for verdict in found] == [CHECKED, NOT_CHECKED, CHECKED]
    assert found[1].points is None and "MemoryError('no memory'). Check it again." in found[1].problem


def test_an_executor_that_takes_no_more_calls(room):
    """As a pool of processes whose worker was killed: `submit` itself raises."""

    class Broken(Now):
        taken = 0

        def submit(self, call, job):
            self.taken += isinstance(job, Job)
            if self.taken > 1:
                raise BrokenProcessPool("a worker was killed")
            return super().submit(call, job)

    found = checked(room, handed_in("a"), handed_in("b"), handed_in("c"), executor=Broken())
    assert [verdict.state for verdict in found] == [CHECKED, NOT_CHECKED, NOT_CHECKED]
    assert "a worker was killed" in found[1].problem


@pytest.mark.parametrize("error", [MachineFailure("no memory"), SourceError("the solution of double fails")])
def test_a_set_whose_reference_fails_costs_only_its_own(room, monkeypatch, error):
    real, tried = classing.make_reference, []

    def fails(source, *more):
        tried.append(source.name)
        if source.name == "small":
            raise error
        return real(source, *more)

    monkeypatch.setattr(classing, "make_reference", fails)
    found = checked(room, handed_in("a"), handed_in("b", said="other"), handed_in("c"))
    assert [verdict.state for verdict in found] == [NOT_CHECKED, CHECKED, NOT_CHECKED]
    assert found[0].problem == f"{classing.NO_REFERENCE} {error}" and found[0].set == "small"
    assert tried == ["small", "other"], "it is not tried for each submission anew"


def test_ctrl_c_loses_nothing_that_is_there(room):
    """It comes while the third runs; the second is done and was not looked at yet."""
    runner.stopping.clear()

    class Slow:
        def __init__(self):
            self.futures = []

        def submit(self, call, job):
            if not isinstance(job, Job):
                return Now().submit(call, job)
            future = Future()
            self.futures.append(future)
            if job.name in "ab":
                future.set_result(all_right(job))
            if job.name == "c":
                future.set_running_or_notify_cancel()
            if job.name == "d":
                raise KeyboardInterrupt
            return future

    slow, came = Slow(), []
    found = check(Given(map(handed_in, "abcde")), room, slow, 9, came.append)
    assert [verdict.state for verdict in found] == [CHECKED, CHECKED, NOT_CHECKED, NOT_CHECKED, NOT_CHECKED]
    assert found[4].problem == classing.INTERRUPTED
    assert runner.stopping.is_set(), "what still runs is not run a second time"
    assert checked(room, handed_in("a"))[0].state == CHECKED and not runner.stopping.is_set()


def test_ctrl_c_while_a_verdict_is_shown(room):
    def interrupt(verdict):
        raise KeyboardInterrupt

    found = checked(room, *map(handed_in, "abc"), progress=interrupt)
    assert found[0].state == CHECKED or found[1].state == CHECKED
    assert len(found) == 3


def test_who_was_stopped_by_the_clock_is_tried_once_more_alone_at_the_end(room):
    """A busy machine may have been at fault. Marks that were not stopped stay as they are."""
    order, came = [], []

    def busy(job):
        order.append(job.name)
        first = order.count(job.name) == 1
        assert job.clock.computed == 0
        job.clock.computed = 5.0
        marks = [Mark("double", 2, STOPPED if first else RIGHT), Mark("weights", 1, WRONG if first else RIGHT)]
        return Verdict(job.name, "small", marks=marks, unsure=job.name != "b" and first)

    classing.judge = busy
    found = checked(room, *map(handed_in, "abc"), progress=lambda verdict: came.append(verdict.name))
    assert order == ["a", "b", "c", "a", "c"] and came == ["b", "a", "c"]
    said = {verdict.name: [mark.status for mark in verdict.marks] for verdict in found}
    assert said == {"a": [RIGHT, WRONG], "b": [STOPPED, WRONG], "c": [RIGHT, WRONG]}


def test_what_takes_too_much_to_read_is_told_so(room, monkeypatch):
    def too_much(*given, **limits):
        raise runner.LimitReached

    monkeypatch.setattr(classing, "call", too_much)
    (found,) = checked(room, handed_in("a"))
    assert found.state == UNREADABLE and "more than 20 s or 1.5 GB" in found.problem


def test_after_a_stop_nothing_is_run(monkeypatch):
    monkeypatch.setattr(runner.stopping, "is_set", lambda: True)
    with pytest.raises(MachineFailure, match="interrupted"):
        runner.run(None, "none", 1)


def test_the_published_seed_is_refused(room):
    """Whoever marks with it marks the values that stand in every student's notebook."""
    room.seed = small_source().seed
    with pytest.raises(SourceError, match="--seed 5 is the published seed of small.*Take another one"):
        room.reference("small")
    assert room.made == []
    room.seed += 1
    assert room.reference("small").name == "small"
