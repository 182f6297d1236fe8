"""An error in words: the student's own line is quoted, and no line that somebody else wrote."""

import linecache

import pytest

from kan_edu.exercises.checks import Checks
from kan_edu.exercises.trying.errors import IN_PLACE, NOBODY_TYPES, UNANSWERED, describe

SOLVED = ("# SOLUTION basis\ndef basis(x):\n    return x / secret_of_the_solution(x)\n"
          "def secret_of_the_solution(x):\n    return 0")
CHECK = "def values(rng):\n    return own(1)"


def values(rng):
    return 1


def cell(code, names, file):
    """Run a cell as IPython does: its lines can be looked up."""
    linecache.cache[file] = (len(code), None, code.splitlines(keepends=True), file)
    exec(compile(code, file, "exec"), names)


def said(*cells, check=CHECK):
    """The error that a check shows after these cells."""
    names = {"__name__": "notebook"}
    for number, code in enumerate([*cells, check]):
        cell(code, names, f"<cell {number}>")
    return Checks(5).examine("fit", names["values"], 4)["error"]


def raised(code):
    with pytest.raises(BaseException) as caught:
        exec(code, {})
    return caught.value


def test_what_is_said():
    assert describe(NotImplementedError(UNANSWERED), "fit", values) == f"not answered yet: {UNANSWERED}"
    assert describe(NotImplementedError("later"), "fit", values) == "NotImplementedError: later"
    assert "name 'f' is not defined. Run the cells above it first" in describe(raised("f(1)"), "fit", values)
    assert describe(KeyError(), "fit", values) == "KeyError"
    assert len(describe(ValueError("x" * 10_000), "fit", values)) == 500


def test_the_students_line_is_quoted_and_not_one_of_a_library():
    words = said("import numpy as np\n\ndef own(x):\n    return np.linalg.solve(np.ones((2, 2)), [1, 2])  # mine")
    assert words.startswith("LinAlgError: Singular matrix\n    in the line: return np.linalg.solve(")
    assert words.endswith("# mine")


def test_a_line_of_a_solution_is_named_by_its_task_and_not_quoted():
    words = said(SOLVED, "def own(x):\n    return basis(x) + 1")
    assert words.split("\n") == ["ZeroDivisionError: division by zero",
                                 "    inside the solution of basis, which stands in your answer's place",
                                 "    in the line: return basis(x) + 1"]
    assert "secret" not in said(SOLVED, check="def values(rng):\n    return basis(1)")


def test_a_solution_that_was_lent_is_named_too():
    names = {"__name__": "notebook"}
    exec(compile("def basis(x):\n    return 1 / 0", IN_PLACE.format("basis"), "exec"), names)
    exec("def values(rng):\n    return basis(1)", names)
    assert "inside the solution of basis" in Checks(5).examine("fit", names["values"], 4)["error"]


def test_a_check_that_fails_at_what_came_is_named():
    words = said("def own(x):\n    return 3", check="def values(rng):\n    a, b = own(1)\n    return a")
    assert words.endswith("\n    in the check cell of fit, at what your answer returns") and "a, b" not in words


@pytest.mark.parametrize("asks", ["input()", "input('how many? ')", "float(input())"])
def test_nobody_types(asks):
    """Our words, whatever `input` is: in a kernel without a keyboard, and in a notebook where it would wait."""
    assert said(f"def own(x):\n    return {asks}") == NOBODY_TYPES
    without = type("StdinNotImplementedError", (NotImplementedError,), {})("raw_input was called, but ...")
    assert describe(without, "fit", values) == NOBODY_TYPES
