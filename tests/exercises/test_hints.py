"""Hints: the first difference in words, a guess at its cause, and nothing where the values are right."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from kan_edu.exercises.checks import Checks
from kan_edu.exercises.hints import hint, place, same, unit_of

UNREADABLE = "The values shown are not those of the check cell."
FORGED = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
                      lambda inner: st.lists(inner, max_size=4), max_leaves=12)


def found(**values):
    return Checks(1).examine("t", lambda rng: values, 4)


def about(right, own):
    return hint(found(x=right), found(x=own))


@given(arrays.arrays(float, arrays.array_shapes(max_side=4), elements=st.floats(-100, 100)))
def test_the_right_values_need_no_hint(array):
    assert about(array, array) is None
    assert about(array, array.astype(object)) is None


@given(arrays.arrays(float, (3,), elements=st.floats(-100, 100)), st.integers(0, 2), st.floats(0.001, 9))
def test_one_wrong_number_is_always_seen(array, where, by):
    wrong = array.copy()
    wrong[where] += by
    assert about(array, wrong).startswith(f"x: 1 of 3 numbers differ; the one at [{where}] is ")


@pytest.mark.parametrize(
    ("right", "own", "words"),
    [(2, 3, "x: it is 3, expected 2."),
     ([1, 2], [1, 3], "x: 1 of 2 numbers differ; the one at [1] is 3, expected 2."),
     ([[1, 2], [3, 4]], [[1, 2], [5, 4]], "the one at [1, 0] is 5, expected 3."),
     ([1, -2, 3], [-1, 2, -3], "All have the other sign."),
     ([1, -2, 3], [2, -4, 6], "All are 2 times what is expected."),
     ([1, -2, 3], [0.5, -1, 1.5], "All are 0.5 times what is expected."),
     ([1, -2, 3], [3, 0, 5], "All are off by 2."),
     ([1, -2, 3], [3, 1, -2], "The numbers are right, their order is not."),
     ([1, 2], [np.nan, 2], "Not a number: is there a 0/0?"),
     ([1, 2], [1, np.inf], "Infinite: is there a division by 0, or an overflow?"),
     (np.ones((2, 3)), np.ones((3, 2)), "x: the shape is (3, 2), expected (2, 3). Is it transposed?"),
     (np.ones((2, 3)), np.ones(6), "The number of numbers is right."),
     (np.ones((2, 3)), np.ones(3), "Was an axis summed over or dropped?"),
     (np.ones(2), np.ones((2, 2)), "x: the shape is (2, 2), expected (2,).")],
)
def test_what_is_said(right, own, words):
    said = about(right, own)
    assert said.endswith(words) and "  " not in said


@pytest.mark.parametrize(
    ("right", "own"),
    [([0, 0, 3], [1, 1, 6]), ([1, 2, 3], [1, 2, 4]), ([5], [10]), ([0, 0], [0, 1]), ([1, 2, 3], [2, 4, 7])],
)
def test_no_guess_where_nothing_is_common(right, own):
    assert "All" not in about(right, own) and "order" not in about(right, own)


@pytest.mark.parametrize(
    ("right", "own", "digits", "is_same"),
    [("0.1235", "0.1234", 4, True), ("0.1235", "0.1233", 4, False), ("2", "2.0001", 4, True), ("3", "4", 0, False),
     ("0.5", "0.6", 1, True), ("123456.7891", "123456.7", 4, True), ("1000000", "1000001", 4, False),
     ("nan", "1", 4, False), ("inf", "inf", 4, True), ("-inf", "inf", 4, False), ("inf", "1e300", 4, False)],
)
def test_the_last_decimal_may_differ_by_one(right, own, digits, is_same):
    """Nothing is looser for whole numbers: a count is right or wrong."""
    assert same(right, own, unit_of({"digits": digits})) is is_same


def test_a_list_of_no_lists_has_lost_its_second_axis():
    assert about(np.zeros((0, 4)), []) is None and about(np.zeros((0, 4)), np.zeros((0, 4))) is None
    assert about(np.zeros((0, 4)), np.zeros((0, 3))) and about(np.zeros((2, 0)), []) and about(np.zeros(0), [[]])
    assert about(np.zeros((2, 0)), [[], []]) is None


def test_nan_that_is_expected_is_right():
    assert about([np.nan, np.inf], [np.nan, np.inf]) is None
    assert "Not a number" not in about([np.nan, 1], [np.nan, 2])


def test_the_first_value_that_differs():
    assert hint(found(a=1, b=2), found(a=1, b=3)).startswith("b: it is 3")
    assert hint(found(a=1, b=2), found(a=0, b=3)).startswith("a: it is 0")


def test_an_error_is_the_hint():
    assert hint(found(x=1), {"error": "ValueError: no"}) == "ValueError: no"


@pytest.mark.parametrize(
    "forged",
    [None, 3, [], {}, {"values": []}, {"values": 7}, {"values": [1]}, {"values": [["x", [], ["2"], "more"]]},
     {"values": [["x", 5, ["2"]]]}, {"values": [["x", [], ["two"]]]}, {"values": [["x", [], []]]},
     {"values": [["x", ["a"], ["2"]]]}],
)
def test_what_came_from_elsewhere_does_not_break_it(forged):
    said = hint(found(x=1), forged)
    assert said == UNREADABLE or said.startswith("x: the shape is ")


@given(FORGED, FORGED)
def test_any_forgery_is_a_sentence_or_right(values, shape):
    for forged in [values, {"values": values}, {"values": [["x", shape, values]]}]:
        said = hint(found(x=[1.0, 2.0]), forged)
        assert isinstance(said, str) and said


def test_place():
    assert [place(i, [2, 3]) for i in (0, 2, 3, 5)] == ["[0, 0]", "[0, 2]", "[1, 0]", "[1, 2]"]
    assert place(0, []) == "it"


@pytest.mark.parametrize("forged", [["value", [9] * 100_000, ["1"]], ["value", [1], ["1"] * 100_000]])
def test_forged_values_of_any_size_are_not_read(forged):
    expected = {"values": [["value", [1], ["1"]]], "margin": 0.5}
    assert "not those of the check cell" in hint(expected, {"values": [forged]})
