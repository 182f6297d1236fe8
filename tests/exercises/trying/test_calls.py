"""Which call made a number, and the call as a line that gives the same again."""

import numpy as np
import pytest

from kan_edu.exercises.trying.calls import LONGEST, line, origins, size
from kan_edu.exercises.trying.trial import Call

HERE = {"np": np}


def calls(*results):
    return [Call("f", (k,), {}, result, False) for k, result in enumerate(results)]


def places(arrays, *results):
    found = origins({label: np.array(array, dtype=float) for label, array in arrays.items()}, calls(*results))
    return {label: [(one.call, one.start, one.stop) for one in run] for label, run in found.items()}


def test_whole_results_parts_and_several_in_a_row():
    H, y = np.arange(6.0).reshape(3, 2), np.array([7.0, 8, 9])
    assert places({"H": H, "y": y}, (H, y)) == {"H": [(0, 0, 6)], "y": [(0, 0, 3)]}
    assert places({"all": [[1, 2], [3, 4]]}, [1, 2], [3, 4]) == {"all": [(0, 0, 2), (1, 2, 4)]}
    assert places({"w and b": [1, 2, 5]}, ([1, 2], 5, [3, 1, 0])) == {"w and b": [(0, 0, 3)]}
    assert places({"a": [np.nan, 1]}, [2, 1], [np.nan, 1]) == {"a": [(1, 0, 2)]}


def test_in_the_order_in_which_they_were_made():
    assert places({"a": 1, "b": 0, "c": 1}, 1.0, 0.0, 1.0) == {"a": [(0, 0, 1)], "b": [(1, 0, 1)], "c": [(2, 0, 1)]}


def test_what_was_computed_from_one_call_each_and_what_nobody_knows():
    assert places({"a": [9, 9], "b": [8]}, "and", "or") == {"a": [(0, 0, 2)], "b": [(1, 0, 1)]}
    assert places({"a": [9, 9]}, "and", "or") == {"a": []}
    assert places({"a": np.zeros((0, 3))}, np.zeros((0, 3))) == {"a": [(0, 0, 0)]}, "the only call"


class Odd:
    """A result that refuses to be a number in its own way."""

    def __array__(self, *_, **__):
        raise RuntimeError("no")


def test_results_that_are_no_numbers_are_passed_over():
    assert places({"a": [1.0]}, None, Odd(), "x", {1: 2}, [1.0])["a"] == [(4, 0, 1)]


@pytest.mark.parametrize(
    "arguments",
    [(1, 0.1, True, None, "a'b"), (np.array([0.1, 2 / 3, -1e-300]),), (np.array([[1, 2], [3, 4]]), [1, 2], (2,)),
     (np.array([True, False]), np.float64(1 / 3), np.int64(7)), (np.zeros((0, 3)), np.sin), ([np.arange(2)],)],
)
def test_a_line_gives_the_same_inputs_back(arguments):
    text = line("t", 0, Call("f", arguments, {"k": 3}), HERE)
    came = eval(text, {"np": np, "f": lambda *given, k: (given, k)})
    assert came[1] == 3
    for a, b in zip(came[0], arguments, strict=True):
        assert np.array_equal(a, b) and np.shape(a) == np.shape(b)
        assert np.asarray(a).dtype == np.asarray(b).dtype


@pytest.mark.parametrize("argument", [np.arange(LONGEST), object(), np.nan, np.float32([1]), lambda x: x,
                                      np.array([np.inf])])
def test_what_cannot_be_written_is_asked_for(argument):
    assert line("task", 3, Call("f", (argument,), {"k": 2}), HERE) == 'f(*check.inputs("task", 3), k=2)'
    assert line("task", 3, Call("f", (1,), {"k": object()}), HERE) == ""


def test_without_numpy_under_its_name_arrays_are_asked_for():
    assert line("t", 0, Call("f", (np.ones(2),), {}), {}) == 'f(*check.inputs("t", 0))'


def test_size():
    assert size((3, np.zeros((2, 3)), [[1, 2], [3]], "a word")) == 1 + 6 + 3 + 1
