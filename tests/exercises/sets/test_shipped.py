"""The course's own exercise sets, each verified with a seed that nobody knew: solutions pass, wrong answers do not."""

import functools

import numpy as np
import pytest

from kan_edu.exercises import verify as verifying
from kan_edu.exercises.checks import Checks
from kan_edu.exercises.hints import hint
from kan_edu.exercises.marking import judge as judging
from kan_edu.exercises.marking import reference as referring
from kan_edu.exercises.marking.reference import make_reference
from kan_edu.exercises.marking.verdict import RIGHT, WRONG
from kan_edu.exercises.sets.build import names_in
from kan_edu.exercises.sets.catalogue import find, shipped
from kan_edu.exercises.verify import attempts, job_of, verify
from tests.exercises import unkernelled
from tests.exercises.shapes import EXTENDED
from tests.exercises.small import small_source
from tests.exercises.worked import answers_of, runs_here, worked


def test_the_sets_of_the_course_are_there():
    names = ["01_perceptron", "02_xor", "03_bumps", "04_superposition", "05_splines", "06_kan_layer",
             "06b_downhill", "07_grid_extension", "09_reading", "11_equations"]  # fmt: skip
    assert list(shipped()) == names


IN_A_KERNEL = pytest.mark.release("the reference of a set out of a kernel: in each run that of one set is")


@pytest.mark.parametrize(("name", "kernel"), [
    *((name, False) for name in shipped() if name != "02_xor"), ("02_xor", True),
    *(pytest.param(name, True, marks=IN_A_KERNEL) for name in shipped() if name != "02_xor")])  # fmt: skip
def test_a_set_can_be_handed_out(name, kernel, monkeypatch):
    """And the student's notebook says of each solution and each wrong answer what the checker says of it.

    A kernel or this process makes the reference, with a seed that nobody knew; here the answers are compared with it.
    """
    source = find(name)
    assert 5 <= len(source.tasks) <= 8
    assert all(len(task.wrong) >= 2 for task in source.tasks.values())
    if not kernel:
        monkeypatch.setattr(referring, "run", unkernelled.run)
    reference = make_reference(source, "none", 60)
    monkeypatch.setattr(verifying, "make_reference", lambda *_: reference)
    monkeypatch.setattr(judging, "run", unkernelled.run)
    monkeypatch.setattr(referring, "run", unkernelled.run)
    found = verify(source, "none", seeds=1, workers=1)
    assert found.faults == [] and found.runs == 2 + max(len(task.wrong) for task in source.tasks.values())
    for answers, verdict in found.verdicts:
        names, _ = worked(source, answers_of(source) | {task: code for task, (_, code) in answers.items()})
        here, there = names["check"].states, {mark.task: mark.status for mark in verdict.marks}
        assert {task: here[task] == RIGHT for task in answers} == {task: there[task] == RIGHT for task in answers}


HEARD = [("03_bumps", "hat", "takes both sides to be as wide as the left one", "a steep climb: a"),
         ("03_bumps", "enough", "fewer than one unit", "a target that is nearly flat: 1 of 2 numbers differ"),
         ("03_bumps", "power", "ramps as long as the slope is bounded", "ramps, p between 1 and 2"),
         ("03_bumps", "universal", "takes d for a bend", "d, relu(z) - relu(-z): 1 if judged rightly"),
         ("04_superposition", "sums", "one logarithm: that is the product", "power at five points"),
         ("04_superposition", "unweave", "zeros in front are lost", "one zero in front"),
         ("04_superposition", "worst", "good walls never overshoot", "7 walls, 3 variables, 2/7"),
         ("04_superposition", "who", "the KAN comes close to everything, as the theorem says", "with how many numbers"),
         ("05_splines", "bump", "replaces what is not a number at the end", "the left end three times"),
         ("11_equations", "bends", "whatever is smooth to the eye will do", "and of a parabola?")]


@pytest.mark.parametrize(("name", "task", "why", "words"), HEARD)
def test_a_wrong_answer_hears_what_is_wrong(name, task, why, words):
    """In the first sentence below the verdict, where a student looks; of a choice it names the part that was missed."""
    source = find(name)
    answers = answers_of(source) | {task: dict(source.tasks[task].wrong)[why]}
    said = [data["text/plain"] for data, _ in worked(source, answers)[1]]
    (verdict,) = [text for text in said if text.startswith(f"Not yet. {task}\n")]
    assert words in verdict.splitlines()[1]


def test_with_kernels_the_verdicts_are_the_same(monkeypatch):
    """A small set all the way through the checker, to the words that students read; so the others need no kernels."""
    source = small_source()
    source.tasks["weights"].wrong.append(("fails", "w = np.zeros(2) @ np.ones(3)"))
    there = marks_of(source)
    monkeypatch.setattr(judging, "run", unkernelled.run)
    monkeypatch.setattr(referring, "run", unkernelled.run)
    assert marks_of(source) == there
    assert {mark.status for marks in there for mark in marks} >= {RIGHT, WRONG}


def marks_of(source):
    """What each attempt at a set gets, for one seed, and answers of which one builds on more than the solution has."""
    reference = make_reference(source, "none", 60, seed=7)
    tries = [*attempts(source), ("extended", {task: ("", code) for task, code in EXTENDED.items()})]
    return [judging.judge(job_of(reference, kind, answers, "none", 60)).marks for kind, answers in tries]


# Lists and float32 are as good as arrays of float64


def single(value):
    """A result in float32."""
    if isinstance(value, list | tuple):
        return type(value)(single(part) for part in value)
    floats = isinstance(value, float | np.floating) or isinstance(value, np.ndarray) and value.dtype == float
    return np.asarray(value, dtype=np.float32)[()] if floats else value


def listed(value):
    """A result as a list of lists."""
    if isinstance(value, list | tuple):
        return type(value)(listed(part) for part in value)
    return value.tolist() if isinstance(value, np.ndarray | np.generic) else value


def shown(source, seed, cast=None):
    """{task: what its check finds} of the solutions for a seed, whose functions return `cast` of their results."""
    names, found, answers = {}, {}, answers_of(source)
    tasks = {task.answer: task.name for task in source.tasks.values()}
    for number, cell in enumerate(source.book.cells):
        if number in tasks:
            exec(answers[tasks[number]], names)
            for name in names_in(answers[tasks[number]]) if cast else ():
                names[name] = casting(names[name], cast)
        elif cell.cell_type == "code" and runs_here(cell.source):
            exec(cell.source, names)
            names["check"] = lambda task, points, digits=4: lambda values: found.update(
                {task: Checks(seed).examine(task, values, digits)})
    return found


def casting(function, cast):
    return functools.wraps(function)(lambda *given: cast(function(*given)))


@pytest.mark.parametrize("cast", [single, listed])
@pytest.mark.parametrize("name", shipped())
def test_an_answer_may_return_lists_or_float32(name, cast):
    source = find(name)
    for seed in range(3):
        right, own = shown(source, seed), shown(source, seed, cast)
        assert list(own) == list(source.tasks)
        assert {task: words for task in right if (words := hint(right[task], own[task]))} == {}, seed
