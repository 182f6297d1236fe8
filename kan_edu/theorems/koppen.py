"""Köppen's psi, the inner function that the literature computes, in exact fractions; and Sprecher's, which slips.

For n = 2 and d = 0.i_1 i_2 ... i_k in base gamma >= 6, with beta(r) = 2^r - 1:

    psi_1(d) = i_1 / gamma,
    psi_k(d) = psi_{k-1}(d - i_k gamma^-k) + i_k gamma^-beta(k)                    if i_k < gamma - 1,
               (psi_k(d - gamma^-k) + psi_{k-1}(d + gamma^-k)) / 2                 if i_k = gamma - 1.

In words: a last digit below gamma - 1 adds a tiny step; the digit gamma - 1 has to bridge the large gap to the next
shorter number, and stands half way. psi is strictly increasing. Sprecher's formula of 1996 bridges several gaps at
once and does not always increase.

Source: D. A. Sprecher, Neural Networks 9 (1996); M. Köppen, ICANN 2002; that Sprecher's function need not increase
and that Köppen's does, J. Braun and M. Griebel, Constructive Approximation 30 (2009), in their abstract. The
formulas are restated from accounts of these papers, not copied from them; the tests check what is claimed of them.
"""

from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import isfinite, log10
from numbers import Rational, Real

import numpy as np

from kan_edu.checks.arguments import check_function, check_integer, shown
from kan_edu.checks.functions import call

MOST_DIGITS = 10**5  # of an exact value: beyond that one takes seconds, and soon hours
MOST_VALUES = 5 * 10**5  # of a table


def beta(r):
    """The exponent beta(r) = (n^r - 1) / (n - 1) for n = 2: 1, 3, 7, 15, ... ValueError for r that is not 1 to 10^4."""
    return 2 ** check_integer(r, "r", 1, 10**4) - 1


def psi(d, k, gamma=10):
    """Köppen's psi_k at d, a fraction m / gamma^k from 0 to 1 -> Fraction.

    Raises ValueError for d that is no such fraction, k < 1, gamma < 6, and for a value of more than 10^5 digits.

    >>> psi(Fraction(59, 100), 2)
    Fraction(277, 500)
    >>> float(psi(Fraction(58999, 100000), 5))
    0.548250100000002
    """
    return _psi(*_numerator(d, k, gamma))


@cache   # a table of 10^5 values asks for the same shorter numbers again and again
def _psi(m, k, gamma):
    """psi_k(m / gamma^k)."""
    if k == 1:
        return Fraction(m, gamma)
    shorter, last = divmod(m, gamma)
    if last < gamma - 1:
        return _psi(shorter, k - 1, gamma) + Fraction(last, gamma ** beta(k))
    return (_psi(m - 1, k, gamma) + _psi(shorter + 1, k - 1, gamma)) / 2


def sprecher(d, k, gamma=10):
    """Sprecher's psi of 1996 at d = m / gamma^k: sum over r of i~_r 2^-m_r gamma^-beta(r - m_r).

    A digit gamma - 1 counts as 1 (i~_r), at the scale of a digit m_r places before it: m_r is one more than the run of
    digits gamma - 2 and gamma - 1 just before it (the first digit does not count). Errors as of `psi`.

    >>> float(sprecher(Fraction(58999, 100000), 5)), float(sprecher(Fraction(59, 100), 5))   # it should increase
    (0.55175, 0.55)
    """
    (m, k, gamma), digits = _numerator(d, k, gamma), []
    if m == gamma**k:
        return Fraction(1)
    for _ in range(k):
        m, digit = divmod(m, gamma)
        digits.insert(0, digit)
    total, run = Fraction(0), 0
    for r, digit in enumerate(digits, start=1):
        bridge = r > 1 and digit == gamma - 1
        places = 1 + run if bridge else 0
        total += Fraction(1 if bridge else digit, 2**places * gamma ** beta(r - places))
        run = run + 1 if r > 1 and digit >= gamma - 2 else 0
    return total


def _numerator(d, k, gamma):
    """(m, k, gamma) with d = m / gamma^k, or a ValueError that says what is wrong with d, k or gamma."""
    k, gamma = check_integer(k, "k", 1), check_integer(gamma, "gamma", 6)
    endless = isinstance(d, float | np.floating | Decimal) and not isfinite(d)
    if endless or not isinstance(d, Real | Decimal) or isinstance(d, bool | np.bool_ | np.timedelta64):
        raise ValueError(f"d is {shown(d)}; expected a fraction from 0 to 1: Fraction(m, {gamma}**{k})")
    d = Fraction(float(d) if isinstance(d, np.floating) else int(d) if isinstance(d, np.integer) else d)
    digits = beta(min(k, 64)) * log10(gamma)
    if digits > MOST_DIGITS:
        least = f"about {digits:.2g}" if k <= 64 else "more than 10^19"
        raise ValueError(f"psi_{k} has {least} digits behind the point, since each step doubles them; expected at most "
                         f"{MOST_DIGITS}, so k <= 16 in base 10")  # fmt: skip
    m = d * gamma**k
    if m.denominator != 1 or not 0 <= m <= gamma**k:
        what = d if d < 10**9 else shown(d)
        words = f"d = {what} is not from 0 to 1 with {k} digits in base {gamma}; give Fraction(m, {gamma}**{k})"
        raise ValueError(words)
    return int(m), k, gamma


def table(k, gamma=10, function=psi):
    """All gamma^k + 1 values of psi_k (or `sprecher`) from 0 to 1, a list of Fractions.

    Raises ValueError for k < 1, gamma < 6, a table of more than 5 10^5 values, and a function without
    fractions.
    """
    k, gamma = check_integer(k, "k", 1), check_integer(gamma, "gamma", 6)
    if k * log10(gamma) > log10(MOST_VALUES):
        raise ValueError(f"a table of {k} digits in base {gamma} has 10^{k * log10(gamma):.1f} values; expected "
                         f"at most {MOST_VALUES}, so k <= 5 in base 10: take single values from psi")  # fmt: skip
    size = gamma**k
    check_function(function, "function", "koppen.psi")
    return [_value(function, Fraction(m, size), k, gamma) for m in range(size + 1)]


def _value(function, d, k, gamma):
    """function(d, k, gamma), or a ValueError if it does not take these, or returns no fraction."""
    value = call(function, d, k, gamma, name="function", example="koppen.psi")
    if not isinstance(value, Rational) or isinstance(value, bool):
        raise ValueError(f"function returned {shown(value)} at d = {d}; expected a Fraction, as koppen.psi returns")
    return value
