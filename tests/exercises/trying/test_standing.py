"""How a task stands: on top of what earlier tasks have built, as the marks will be."""

import pytest

from kan_edu.exercises.sets.build import build, known_values
from kan_edu.exercises.sets.catalogue import find
from kan_edu.exercises.trying.expected import pack
from kan_edu.exercises.trying.standing import NOT_YET, OPEN, RIGHT, UNANSWERED, UNSEEN, names_used
from tests.exercises.small import small_source, with_outputs
from tests.exercises.worked import answers_of, displays, worked

SPLINES = find("05")
WRONG_B = SPLINES.tasks["B"].wrong[0][1]


@pytest.fixture(scope="module")
def wrong_b():
    """Set 05 with a wrong B, `fit` unanswered, and the rest right."""
    return worked(SPLINES, answers_of(SPLINES, B=WRONG_B, fit=None))


def texts(seen):
    return {metadata["kan_edu"]["task"]: data["text/plain"] for data, metadata in seen if metadata}


def test_what_builds_on_a_wrong_one_is_judged_with_the_solution_in_its_place(wrong_b):
    names, seen = wrong_b
    states = names["check"].states
    assert [task for task, state in states.items() if state == NOT_YET] == ["B"] and states["fit"] == UNANSWERED
    said = texts(seen)["spline"].split("\n")
    assert said[0] == "Right. spline: this is what was expected (1 point)."
    assert said[1] == ("  Task 2 (B) is not right yet: this one was tried with your B, and it is not what was expected."
                       " With a right one in the place it is, and that is what counts.")
    assert "not right yet" not in texts(seen)["B0"] + texts(seen)["bump"], "they do not build on B"


def test_a_line_that_calls_a_wrong_one_of_ones_own_says_so():
    slope = SPLINES.tasks["slope"].wrong[0][1]
    _, seen = worked(SPLINES, answers_of(SPLINES, B=WRONG_B, slope=slope))
    words = "It then calls your B; what came below is what it gives with a right one."
    assert words in texts(seen)["slope"] and "With a right one in the place it is not either" in texts(seen)["slope"]
    assert "It then calls" not in texts(seen)["B"]


def test_the_notebooks_own_names_come_back(wrong_b):
    names, _ = wrong_b
    t = names["np"].arange(8.0)
    assert names["B"](3.5, 2, 2, t) != pytest.approx(0.75), "the wrong one"
    assert names["B"].__code__.co_filename == "<a cell>"


def test_an_extended_answer_of_ones_own_stays_in_place():
    right = answers_of(SPLINES)
    right["B0"] = right["B0"].replace("def B0(x, m, t)", "def B0(x, m, t, shift=0)").replace("(t[m]", "(t[m + shift]")
    right["B"] = right["B"].replace("return B0(x, m, t)", "return B0(x, m, t, shift=0)")
    names, _ = worked(SPLINES, right)
    assert set(names["check"].states.values()) == {RIGHT}


def test_where_no_solution_is_public_it_cannot_be_told():
    """A teacher's own set: nothing is lent, and the first of the tasks is named."""
    source = with_outputs(small_source())
    right = {"double": "def double(x):\n    return 2 * x", "weights": "w = np.array([1, 3])"}
    names = {}
    for code in ["import numpy as np\nfrom kan_edu.exercises import Checks\ncheck = Checks(seed=5)", *right.values(),
                 "def four(x):\n    return double(double(x))"]:
        exec(code, names)
    check, cells = names["check"], {name: source.book.cells[task.check].source for name, task in source.tasks.items()}
    expected = known_values(source)
    with displays() as seen:
        for code in cells.values():
            exec(code, names)
        for (_, metadata), task in zip(list(seen), expected, strict=True):
            expected[task] |= {"values": metadata["kan_edu"]["values"]}
        check.expect(pack(expected), "small")
        names["double"] = lambda x: 3 * x
        del seen[:]
        for code in cells.values():
            exec(code, names)
        check.all()
    assert check.states == {"double": NOT_YET, "weights": RIGHT, "four": OPEN}
    assert seen[2][0]["text/plain"].startswith(
        "Cannot be told yet. four\n  Task 1 (double) is not right yet: this one was tried with your double, and it "
        "is not what was expected. Who marks it puts a right one in the place; begin with double.")
    assert "So far 1 of 6 points. Left: double (2), four (3)." in seen[3][0]["text/plain"]


def test_all_checks_at_the_end(wrong_b):
    _, seen = wrong_b
    last = seen[-1][0]["text/plain"].split("\n")
    assert last[:3] == ["1  B0      Right, 1 point", "2  B       Not yet, 3 points", "3  basis   Right, 2 points"]
    assert last[-1] == "So far 11 of 16 points. Left: B (3), fit (2)."


def test_a_check_that_never_ran_counts_as_not_right():
    answers, names = answers_of(SPLINES), {}
    setup = [cell.source for cell in build(SPLINES).cells if cell.cell_type == "code"][:2]
    with displays() as seen:
        for code in [*setup, answers["B0"], answers["B"], SPLINES.book.cells[SPLINES.tasks["B"].check].source]:
            exec(code, names)
    assert ("Task 1 (B0) is not right yet: this one was tried with your B0, and it is what was expected. "
            "With a right one") in seen[0][0]["text/plain"]
    assert names["check"]._all_states()["B0"] == UNSEEN and names["check"].states["B"] == RIGHT


def test_names_that_are_used_directly_and_not():
    names = {}
    exec("import functools\ndef a(x):\n    return b(x).c\n"
         "@functools.lru_cache\ndef b(x):\n    return [d(y) for y in x]\n"
         "class d:\n    def __init__(self, y):\n        self.y = e\n"
         "e = 1\nf = functools.partial(a)\ndef values(rng):\n    return (lambda: f(rng))()", names)
    assert {"a", "b", "d", "e", "f"} <= names_used(names["values"]) and "c" not in names_used(names["values"])
