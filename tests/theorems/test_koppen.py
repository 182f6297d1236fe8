"""Köppen's psi in exact fractions: what the literature claims of it, and where Sprecher's formula of 1996 slips."""

import functools
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from kan_edu.theorems.koppen import beta, psi, sprecher, table


@functools.cache
def steps_of(k, gamma):
    """psi's values with k digits in base gamma, and the steps from each to the next."""
    values = table(k, gamma)
    return values, [b - a for a, b in zip(values, values[1:], strict=False)]


@pytest.mark.parametrize("gamma, k", [(6, 4), (10, 4), (10, 5)])
def test_psi_increases_and_its_smallest_step_is_gamma_to_the_minus_beta(gamma, k):
    values, steps = steps_of(k, gamma)
    assert min(steps) == Fraction(1, gamma ** beta(k))
    assert (values[0], values[-1]) == (0, 1)


@pytest.mark.parametrize("k", [2, 3, 4])
def test_a_longer_psi_keeps_the_values_of_the_shorter_one(k):
    assert table(k, 10)[::10] == table(k - 1, 10)


def test_most_of_the_rise_happens_on_little_of_the_axis():
    steps = sorted(steps_of(5, 10)[1], reverse=True)
    most = next(n for n in range(len(steps)) if n % 10 == 0 and sum(steps[:n]) >= Fraction(9, 10))
    assert most / len(steps) < 0.0017   # 90 % of the rise


def test_sprechers_formula_of_1996_does_not_always_increase():
    one, other = Fraction(58999, 10**5), Fraction(59, 100)
    assert one < other and sprecher(one, 5) > sprecher(other, 5)
    assert (sprecher(one, 5), sprecher(other, 5)) == (Fraction(55175, 10**5), Fraction(55, 100))
    assert psi(one, 5) < psi(other, 5)


def test_both_agree_where_no_digit_has_to_bridge():
    for m in (0, 12345, 70707, 88888):
        d = Fraction(m, 10**5)
        assert psi(d, 5) == sprecher(d, 5)
    assert sprecher(1, 5) == psi(1, 5) == 1


@pytest.mark.parametrize("arguments, words", [
    ((Fraction(1, 3), 2), "d = 1/3 is not from 0 to 1 with 2 digits in base 10"),
    ((2, 2), "d = 2 is not from 0 to 1"),
    ((-1, 2), "d = -1 is not from 0 to 1"),
    ((0, 2, 5), "gamma is 5; expected a whole number >= 6"),
    ((0, 0), "k is 0; expected a whole number >= 1"),
])
@pytest.mark.parametrize("function", [psi, sprecher])
def test_wrong_arguments_are_refused_in_words(function, arguments, words):
    with pytest.raises(ValueError, match=words):
        function(*arguments)


@pytest.mark.parametrize(("k", "gamma"), [(17, 10), (40, 10), (10**9, 10), (13, 10**20)])
@pytest.mark.parametrize("function", [psi, sprecher])
def test_more_digits_than_anybody_can_wait_for_are_refused(function, k, gamma):
    with pytest.raises(ValueError, match=r"digits behind the point.*; expected at most 100000, so k <= 16 in base 10"):
        function(Fraction(1, 2), k, gamma)


def test_sixteen_digits_still_are_computed():
    assert psi(Fraction(1, 4), 16) == psi(Fraction(1, 4), 2)  # zeros behind the last digit add nothing


@pytest.mark.parametrize("k", [6, 10**6])
def test_a_table_that_would_not_end_is_refused(k):
    with pytest.raises(ValueError, match="a table of .* digits in base 10 has .* values; expected at most 500000"):
        table(k)


@pytest.mark.parametrize("d", ["59/100", None, np.nan, np.inf, True, 1j, [0.5], np.timedelta64(1)])
@pytest.mark.parametrize("function", [psi, sprecher])
def test_a_place_is_a_number(function, d):
    with pytest.raises(ValueError, match="d is .*; expected a fraction from 0 to 1: Fraction"):
        function(d, 2)


@pytest.mark.parametrize("d", [10**400, 1e300, Fraction(1, 3)])
def test_a_place_is_a_fraction_of_so_many_digits(d):
    with pytest.raises(ValueError, match="d = .* is not from 0 to 1 with 2 digits in base 10; give Fraction"):
        psi(d, 2)


def test_numbers_of_numpy_and_decimals_are_places():
    assert psi(np.float32(0.5), 2) == psi(np.float64(0.5), 2) == psi(Decimal("0.5"), 2) == psi(Fraction(1, 2), 2)
    assert psi(np.int64(1), np.uint8(2), np.uint8(10)) == 1


@pytest.mark.parametrize("function", [lambda d, k, gamma: None, lambda d, k, gamma: float(d), lambda d: d, "psi", None])
def test_a_table_is_of_fractions(function):
    with pytest.raises(ValueError, match="function .*[;:].* koppen.psi"):
        table(1, 10, function)


@pytest.mark.parametrize("r", [0, 10**9, 1.5, "2"])
def test_an_exponent_has_a_bound(r):
    with pytest.raises(ValueError, match="r is .*; expected a whole number from 1 to 10000"):
        beta(r)
