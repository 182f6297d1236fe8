"""How one submission is judged, with a runner of straw: what costs only its own task, and what gives no mark at all."""

import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kan_edu.exercises.marking import judge as judging
from kan_edu.exercises.marking.job import Reference, without_outputs
from kan_edu.exercises.marking.judge import Job, judge
from kan_edu.exercises.marking.runner import CellResult, Clock, MachineFailure
from kan_edu.exercises.marking.verdict import CHECKED, MISSING, NOT_CHECKED, RIGHT, STOPPED, UNANSWERED, WRONG
from kan_edu.exercises.sets.source import KEY
from tests.exercises.small import small_source

TASKS = ["double", "weights", "four"]


def output(number):
    about = {KEY: {"values": [["value", [], [number]]], "margin": 0.5}}
    return {"output_type": "display_data", "data": {"text/plain": number}, "metadata": about}


EMPTY = without_outputs(small_source(), 1)
REFERENCE = Reference("small", 1, EMPTY.cells, EMPTY.points, {task: [output("2")] for task in TASKS})
ERROR = {"output_type": "error", "ename": "ValueError", "evalue": "no"}


class Straw:
    """Stands in for `runner.run`: an answer's code is a word that says how its cells end.

    right, wrong    its check passes, or shows another value
    fails           the answer cell raises, and so does the check
    stops, dies     the answer cell is stopped, or ends the kernel;  stops in check: its check cell
    spoils          it is wrong, and so is every check after it
    kills later     its check passes, and the next cell of the kernel dies
    stops solutions of later tasks: the next solution of another task is stopped
    """

    def __init__(self):
        self.runs, self.failures = [], 0

    def __call__(self, book, sandbox, timeout, clock):
        cells = [(cell.metadata[KEY]["kind"], cell.metadata[KEY]["task"], cell.source) for cell in book.cells]
        self.answers = {task: code for kind, task, code in cells if kind == "answer"}
        self.runs.append(list(self.answers))
        assert len(self.runs) < 50, "it goes on for ever"
        if self.failures:
            self.failures -= 1
            raise MachineFailure("no memory.")
        return list(self.results(cells))

    def results(self, cells):
        before = []
        for kind, task, _ in cells:
            result = CellResult(kind, task, self.outcome(kind, task, before))
            if kind == "check":
                result.outputs = [output("2" if result.outcome == "passed" else "3")]
            if self.answers.get(task) == "fails" and result.outcome == "failed":
                result.outputs = [ERROR]
            result.words = {"stopped": "It did not end.", "died": "It ended the kernel."}.get(result.outcome, "")
            yield result
            if result.outcome in ("stopped", "died"):
                return
            before += [(kind, task)]

    def outcome(self, kind, task, before):
        done = [self.answers[name] for what, name in before if what == "check"]
        word = self.answers.get(task, "")
        if "kills later" in done and kind != "solution":
            return "died"
        if kind == "solution" and task not in self.answers and "stops solutions" in done:
            return "stopped"
        if word in ("stops", "dies") and kind == "answer" or word == "stops in check" and kind == "check":
            return "died" if word == "dies" else "stopped"
        if word == "fails" and kind in ("answer", "check"):
            return "failed"
        if kind == "check" and (word in ("wrong", "spoils") or "spoils" in done):
            return "failed"
        return "passed"


@pytest.fixture
def straw(monkeypatch):
    straw = Straw()
    monkeypatch.setattr(judging, "run", straw)
    return straw


def judged(*words, **more):
    verdict = judge(Job("a.ipynb", REFERENCE, {t: w for t, w in zip(TASKS, words, strict=False) if w}, **more))
    assert verdict.state == CHECKED and [mark.task for mark in verdict.marks] == TASKS
    return [mark.status for mark in verdict.marks], verdict


def test_all_right_takes_one_run(straw):
    said, verdict = judged("right", "right", "right")
    assert said == [RIGHT] * 3 and verdict.points == verdict.of == 6 and verdict.set == "small"
    assert straw.runs == [TASKS]


def test_one_wrong_takes_one_run_and_a_hint(straw):
    said, verdict = judged("right", "wrong", "right")
    assert said == [RIGHT, WRONG, RIGHT] and len(straw.runs) == 1
    assert verdict.marks[1].message == "value: it is 3, expected 2." and verdict.points == 5


def test_a_stopped_answer_costs_its_own_task_only(straw):
    for word in ["stops", "stops in check"]:
        straw.runs.clear()
        said, verdict = judged("right", word, "right")
        assert said == [RIGHT, STOPPED, RIGHT] and verdict.marks[1].message == "It did not end."
        assert straw.runs == [TASKS, ["double", "four"]]
    assert judged("stops", "stops", "stops")[0] == [STOPPED] * 3


def test_after_a_death_each_of_the_rest_runs_alone(straw):
    said, _ = judged("right", "dies", "right")
    assert said == [RIGHT, STOPPED, RIGHT]
    assert straw.runs == [TASKS, ["weights"], ["four"]]


def test_who_only_was_there_when_the_kernel_died_is_not_to_blame(straw):
    """A thread of `double` kills the kernel while `weights` runs."""
    assert judged("kills later", "right", "right")[0] == [RIGHT] * 3
    assert straw.runs == [TASKS, ["weights"], ["four"]]


def test_a_cell_of_ours_that_is_stopped_is_nobodys_task(straw):
    """`double` has patched what the solution of `weights`, which was not answered, needs; `four` is innocent."""
    said, verdict = judged("stops solutions", None, "right", unanswered=frozenset(["weights"]))
    assert said == [RIGHT, UNANSWERED, RIGHT]
    assert straw.runs == [["double", "four"], ["four"]]
    assert verdict.marks[1].message == "Not answered yet."


def test_a_second_chance_without_the_first_wrong_one(straw):
    assert judged("spoils", "right", "right")[0] == [WRONG, RIGHT, RIGHT]
    assert straw.runs == [TASKS, ["weights", "four"]]
    straw.runs.clear()
    assert judged("spoils", "wrong", "right")[0] == [WRONG, WRONG, RIGHT]
    assert judged("wrong", "stops", "wrong")[0] == [WRONG, STOPPED, WRONG]
    assert not [run for run in straw.runs if run.count("weights") > 1]


def test_a_second_chance_takes_nothing_away(straw):
    """`weights` is right in the first run; in the second, without `double`, the straw calls it right again or not."""
    real = straw.outcome
    straw.outcome = lambda kind, task, before: ("failed" if kind == "check" and len(straw.runs) > 1
                                                else real(kind, task, before))
    assert judged("wrong", "right", "wrong")[0] == [WRONG, RIGHT, WRONG] and len(straw.runs) == 2


def test_without_an_answer(straw):
    said, verdict = judged("right", None, None, unanswered=frozenset(["weights"]), problems={"four": "add a cell."})
    assert said == [RIGHT, UNANSWERED, MISSING] and verdict.marks[2].message == "add a cell."
    straw.runs.clear()
    assert judged(None, None, None)[0] == [MISSING] * 3 and straw.runs == [], "there was nothing to run"


@pytest.mark.parametrize("failures", [1, 2])
def test_a_machine_may_fail_once(straw, failures):
    straw.failures = failures
    verdict = judge(Job("a", REFERENCE, {"double": "right"}, notes=("a note",)))
    assert verdict.state == (CHECKED if failures == 1 else NOT_CHECKED) and verdict.notes == ["a note"]
    if failures == 2:
        assert verdict.points is None and verdict.marks == []
        assert verdict.problem == "The machine failed, so there is no mark; check it again. no memory."


def test_a_machine_that_fails_in_the_middle_gives_no_half_marks(straw, monkeypatch):
    runs = []

    def fails_later(*arguments):
        runs.append(1)
        straw.failures = 1 if len(runs) > 1 else 0
        return straw(*arguments)

    monkeypatch.setattr(judging, "run", fails_later)
    verdict = judge(Job("a", REFERENCE, {"double": "stops", "four": "right"}))
    assert verdict.state == NOT_CHECKED and verdict.marks == [] and len(runs) == 3


def test_before_the_first_answer_only_the_machine_can_be_slow(straw, monkeypatch):
    monkeypatch.setattr(straw, "outcome", lambda kind, task, before: "stopped" if kind == "given" else "passed")
    verdict = judge(Job("a", REFERENCE, {"double": "right"}))
    assert verdict.state == NOT_CHECKED
    assert "A cell that no student wrote did not run. It did not end." in verdict.problem


def test_a_given_cell_that_fails_is_the_machines_fault(straw, monkeypatch):
    """No memory for an import, for one: the honest answers after it would all be wrong."""
    monkeypatch.setattr(straw, "outcome", lambda kind, task, before: "failed" if kind == "given" else "passed")
    verdict = judge(Job("a", REFERENCE, {"double": "right", "four": "right"}))
    assert verdict.state == NOT_CHECKED and verdict.marks == [] and len(straw.runs) == judging.ATTEMPTS


def test_a_solution_that_dies_before_the_only_answer_is_the_machines_fault(straw, monkeypatch):
    monkeypatch.setattr(straw, "outcome", lambda kind, task, before: "died" if kind == "solution" else "passed")
    assert judge(Job("a", REFERENCE, {"four": "right"})).state == NOT_CHECKED


def test_a_notebook_that_has_used_up_its_time_keeps_the_marks_it_has(straw, monkeypatch):
    def slow(book, sandbox, timeout, clock):
        clock.left()
        clock.computed += 20.0
        return straw(book, sandbox, timeout, clock)

    monkeypatch.setattr(judging, "run", slow)
    said, verdict = judged("right", "stops", "right", clock=Clock(most=20.0))
    assert said == [RIGHT, STOPPED, STOPPED] and verdict.marks[1].message == "It did not end."
    assert "The notebook as a whole has used up its 20 s" in verdict.marks[2].message and verdict.unsure


def test_a_right_mark_stays_though_a_later_run_is_stopped_there(straw, monkeypatch):
    """The second run, without `weights`, is slow where the first was right; the third is for `four`."""
    def outcome(kind, task, before):
        slow = kind == "answer" and task == ("weights" if len(straw.runs) == 1 else "double")
        return "stopped" if slow else "passed"

    monkeypatch.setattr(straw, "outcome", outcome)
    verdict = judge(Job("a", REFERENCE, {"double": "right", "weights": "stops", "four": "right"}))
    assert [mark.status for mark in verdict.marks] == [RIGHT, STOPPED, RIGHT] and len(straw.runs) == 3


def test_a_right_mark_stays_though_the_kernel_dies_after_its_check(straw, monkeypatch):
    """Run alone, `four` is right before a cell of ours ends the kernel."""
    ends = [("answer", "double"), ("solution", "four")]
    monkeypatch.setattr(straw, "outcome", lambda kind, task, before: "died" if (kind, task) in ends else "passed")
    verdict = judge(Job("a", REFERENCE, {"double": "dies", "four": "right"}))
    assert [mark.status for mark in verdict.marks] == [STOPPED, MISSING, RIGHT]


def test_a_forged_message_is_cut(straw, monkeypatch):
    def forged(*arguments):
        results = straw(*arguments)
        for result in results:
            for shown in result.outputs:
                shown["metadata"] = {KEY: {"error": "A" * 400_000}}
        return results

    monkeypatch.setattr(judging, "run", forged)
    verdict = judge(Job("a", REFERENCE, {"double": "wrong"}))
    assert verdict.marks[0].status == WRONG and len(verdict.marks[0].message) <= judging.LONGEST


WORDS = st.sampled_from(["right", "wrong", "fails", "stops", "dies", "stops in check", "spoils", "kills later",
                         "stops solutions", None])


@settings(max_examples=40)
@given(st.lists(WORDS, min_size=3, max_size=3))
def test_it_always_ends_and_honest_answers_get_their_points(words):
    straw, real = Straw(), judging.run
    judging.run = straw
    try:
        said, _ = judged(*words)
    finally:
        judging.run = real
    for word, status in zip(words, said, strict=True):
        demanded = {"right": {RIGHT}, "wrong": {WRONG}, "fails": {WRONG}, "dies": {STOPPED}, "stops": {STOPPED},
                    "stops in check": {STOPPED}, None: {MISSING}}.get(word, {RIGHT, WRONG, STOPPED})
        if words.count("spoils") < 1 or word != "right":
            assert status in demanded, (words, said)


# Why a task is wrong, in words


def explained(*results, elsewhere=()):
    marks = {}
    judging.note(Job("a", REFERENCE, {}, elsewhere=dict(elsewhere)), results, marks)
    return marks["double"].message


def test_words_for_an_answer_that_fails():
    answer = CellResult("answer", "double", "failed", outputs=[ERROR])
    said = explained(answer, CellResult("check", "double", "failed", outputs=[ERROR]))
    assert said == "The answer cell fails: ValueError: no"


def test_words_for_an_answer_that_asks():
    error = {**ERROR, "ename": "StdinNotImplementedError", "evalue": "raw_input was called, but this frontend ..."}
    answer = CellResult("answer", "double", "failed", outputs=[error])
    said = explained(answer, CellResult("check", "double", "failed"))
    assert said.startswith("The answer asks for input(), and nobody")


def test_words_for_a_check_that_fails():
    said = explained(CellResult("check", "double", "failed", outputs=[ERROR]))
    assert said == ("The check cell fails: ValueError: no. Does an answer change `check`, `np` or a name of a task?")
    assert "more than its values" in explained(CellResult("check", "double", "failed", outputs=[output("2")]))
    forged = {"output_type": "display_data", "metadata": "no dict"}
    assert explained(CellResult("check", "double", "failed", "said nbval", [forged])).startswith("The check cell fails")


def test_words_for_a_helper_in_another_cell():
    error = {**ERROR, "ename": "NameError", "evalue": "name 'help' is not defined"}
    answer = CellResult("answer", "double", "failed", outputs=[error])
    said = explained(answer, CellResult("check", "double", "failed"), elsewhere={"help": 7, "other": 2})
    assert said == ("help is defined in another cell (number 7 from the top), and only answer cells are checked: "
                    "move it into the answer cell. (NameError: name 'help' is not defined)")
    found = {"error": "NameError: name 'help' is not defined. Run the cells above it first, from the top; is ..."}
    check = CellResult("check", "double", "failed", outputs=[{"metadata": {KEY: {"task": "double", **found}}}])
    assert explained(check, elsewhere={"help": 7}) == said, "the true reason comes first"


def test_a_syntax_error_has_the_line_of_the_cell_and_no_file():
    error = {**ERROR, "ename": "SyntaxError", "evalue": "expected ':' (3354670311.py, line 2)"}
    answer = CellResult("answer", "double", "failed", outputs=[error])
    said = explained(answer, CellResult("check", "double", "failed"))
    assert said == "The answer cell fails: SyntaxError: expected ':' (line 2 of the cell)"


def test_the_feedback_says_in_whose_place_the_solution_stood(straw):
    def notes(**answers):
        return judge(Job("a", REFERENCE, answers)).notes

    straw.outcome = lambda kind, task, before: "failed" if kind == "check" and task == "double" else "passed"
    said = "The solution stood in the place of double, not right yet, while later answers that use it were judged."
    assert notes(double="wrong", four="def four(x): return double(x)") == [said]
    assert notes(four="double") == [said], "it was not answered"
    assert notes(double="wrong", four="redoubled = 1") == [] == notes(weights="w = 1", four="x")


def test_no_line_of_a_solution_is_quoted_that_the_student_did_not_write():
    """An answer can look for the solutions in its kernel, and raise what it finds."""
    def said(**answers):
        job = Job("a", REFERENCE, answers)
        return judging.without_solutions("ValueError: return double(double(x)) and return 2", job)

    assert said() == "ValueError: (a line of the solution of four) and return 2"
    assert said(four="def four(x):\n    return double(double(x))").startswith("ValueError: return double(double(x))")


def test_a_job_can_be_sent():
    """To another process or machine, as one call."""
    job = Job("a", REFERENCE, {"double": "x"}, frozenset("b"), {"c": "d"}, ("e",), {"f": 1})
    assert pickle.loads(pickle.dumps(job)) == job
