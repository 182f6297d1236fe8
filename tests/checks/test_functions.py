"""Functions that are given: what they return is looked at, and what they raise comes out as it is."""

import math

import numpy as np
import pytest

from kan_edu.checks.functions import values_of

X = np.array([0.0, 0.5, 1.0])


@pytest.mark.parametrize("f", [np.sin, lambda x: np.sin(x).tolist(), lambda x: np.sin(x)[:, None]])
def test_a_number_for_each_point_passes_in_the_shape_of_the_points(f):
    np.testing.assert_array_equal(values_of(f, X), np.sin(X))


def test_a_single_number_stands_for_a_constant():
    assert values_of(lambda x, y: 2, X, X).tolist() == [2, 2, 2]


WRONG = {
    "None": lambda x: None, "NaN": lambda x: x * np.nan, "inf": lambda x: x + np.inf, "complex": lambda x: x + 1j,
    "words": lambda x: ["a", "b", "c"], "too few": lambda x: x[1:], "each with each": lambda x: x[:, None] - x,
    "dates": lambda x: x.astype("M8[D]"), "masked": lambda x: np.ma.masked_less(x, 0.2),
}  # fmt: skip


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", WRONG)
def test_what_is_no_number_for_each_point_is_refused(kind):
    with pytest.raises(ValueError, match="what f returned.*[;:]"):
        values_of(WRONG[kind], X)


def test_a_function_that_takes_other_arguments_is_refused_in_words():
    for f in (lambda x, y: x, math.sin):
        with pytest.raises(ValueError, match=r"^f could not be called with arrays of shape \(3,\).*such as np.sin$"):
            values_of(f, X)
    with pytest.raises(ValueError, match=r"^f could not be called with arrays .*ambiguous.*such as np.sin$"):
        values_of(max, X, X)
    with pytest.raises(ValueError, match=r"^f is 'sin'; expected a function, such as np.sin"):
        values_of("sin", X)


def test_an_error_inside_the_function_comes_out_as_it_is():
    with pytest.raises(TypeError, match="unsupported operand"):
        values_of(lambda x: x + [None] * 3, X)
