"""Functions taken apart by hand: each is what it should be on random points, and each term is Phi(phi + chi)."""

import math

import numpy as np
import pytest

from kan_edu.theorems import decompositions
from kan_edu.theorems.decompositions import gather, interleaved, spread, superpose

CASES = {
    "PRODUCT": (lambda x, y: x * y, -3),
    "PRODUCT_BY_LOGARITHMS": (lambda x, y: x * y, 0.01),
    "QUOTIENT": (lambda x, y: x / y, 0.01),
    "MAXIMUM": (np.maximum, -3),
    "NORM": (np.hypot, -3),
}


@pytest.mark.parametrize("name", CASES)
def test_each_decomposition_is_its_function(name):
    f, low = CASES[name]
    x, y = np.random.default_rng(0).uniform(low, 3, (2, 1000))
    np.testing.assert_allclose(superpose(getattr(decompositions, name), x, y), f(x, y), rtol=1e-12, atol=1e-14)


def test_terms_are_functions_of_one_number():
    for name in CASES:
        for phi, chi, Phi in getattr(decompositions, name):
            assert Phi(phi(2.0) + chi(0.5)) == Phi(phi(np.array([2.0])) + chi(np.array([0.5])))[0]


@pytest.mark.parametrize("digits", [1, 2, 4, 9])
def test_interleaved_decimals_come_back(digits):
    x, y = np.random.default_rng(digits).random((2, 500))
    s = spread(x, digits, 1) + spread(y, digits, 0)
    assert s.dtype == np.int64
    for number, back in zip((x, y), gather(s, digits), strict=True):
        assert np.abs(number - back).max() <= 0.5 * 10.0**-digits + 1e-6 * 10.0**-digits


def test_decimals_are_read_as_they_are_written():
    hundredths = np.arange(100) / 100   # 0.29 * 100 is 28.999999999999996 in float64
    np.testing.assert_array_equal(spread(hundredths, 2, 0), [10**2 * (n // 10) + n % 10 for n in range(100)])


def test_spread_increases_and_jumps():
    x = np.linspace(0, 0.9999, 2000)
    heights = spread(x, 3, 1)
    assert (np.diff(heights) >= 0).all()
    assert spread(0.5, 3, 1) - spread(0.4999, 3, 1) > 0.4 * spread(0.5, 3, 1) * 0.01


def test_one_discontinuous_term_makes_any_function():
    f = lambda x, y: np.sin(13 * x) * np.cos(11 * y + 4 * x**2)   # noqa: E731
    x, y = np.random.default_rng(1).random((2, 1000))
    worst = [np.abs(superpose(interleaved(f, digits), x, y) - f(x, y)).max() for digits in (1, 2, 3, 4)]
    assert all(b < a / 5 for a, b in zip(worst, worst[1:], strict=False))
    assert worst[-1] < 0.002


@pytest.mark.parametrize("digits", [1, 4, 9])
def test_the_upper_end_is_in_the_last_square(digits):
    term = interleaved(lambda x, y: x + 0 * y, digits)
    assert superpose(term, 1.0, 0.5) == superpose(term, 1 - 0.5 / 10**digits, 0.5)
    assert abs(superpose(term, 1.0, 0.5) - 1) <= 10.0**-digits


@pytest.mark.parametrize("x", [1.25, -0.25, 1 + 1e-9])
def test_a_coordinate_outside_the_square_is_refused(x):
    for point in ((x, 0.5), (0.5, x)):
        with pytest.raises(ValueError, match=r"coordinates go from .*; expected \[0, 1\], so scale the data first"):
            superpose(interleaved(np.add), *point)


@pytest.mark.parametrize("digits", [0, 10, 2.5])
def test_a_wrong_number_of_digits_is_refused_in_words(digits):
    with pytest.raises(ValueError, match="digits"):
        interleaved(np.add, digits)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("inner", [
    lambda x: None, lambda x: x * np.nan, lambda x: x[1:], lambda x: np.stack([x, x]), lambda x: x + 1j, lambda: 1,
    math.sin,
])  # fmt: skip
@pytest.mark.parametrize("place", [0, 1, 2])
def test_what_a_term_returns_is_looked_at(place, inner):
    term = [np.sin, np.cos, np.exp]
    term[place] = inner
    x = np.linspace(0, 1, 5)
    with pytest.raises(ValueError, match=f"{('phi', 'chi', 'Phi')[place]} of term 0 .*[;:]"):
        superpose([tuple(term)], x, x)


@pytest.mark.filterwarnings("error")
def test_logarithms_of_what_is_not_above_0_are_refused_in_words():
    for x in (-1.0, 0.0):
        with pytest.raises(ValueError, match="what phi of term 0 returned holds 1 value that is NaN or inf"):
            superpose(decompositions.QUOTIENT, x, 2.0)


@pytest.mark.parametrize("terms", [None, 3, [], [None], [(np.sin, np.cos)], [(1, 2, 3)], (np.sin, np.cos, np.exp)])
def test_terms_are_triples_of_functions(terms):
    with pytest.raises(ValueError, match="terms are .*; expected a list of triples|a term's phi is 1; expected"):
        superpose(terms, 0.5, 0.5)


@pytest.mark.parametrize("s", [[0.5], [-1], [10**6], [10**30], ["1"], []])
def test_only_whole_numbers_of_so_many_digits_are_gathered(s):
    with pytest.raises(ValueError, match=r"^s .*[;:]"):
        gather(s, 3)


def test_a_function_of_two_variables_returns_a_number_for_each_point():
    for f in (lambda x, y: None, lambda x, y: x[:-1], lambda x: x):
        with pytest.raises(ValueError, match="what f returned|f could not be called"):
            superpose(interleaved(f), np.array([0.1, 0.2]), np.array([0.3, 0.4]))
