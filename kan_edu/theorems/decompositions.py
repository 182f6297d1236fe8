"""Functions of two variables taken apart by hand: sums of functions of sums of functions of one variable.

A **term** is (phi, chi, Phi) and stands for Phi(phi(x) + chi(y)). A list of terms stands for their sum. Product,
quotient, maximum and norm need one or two terms with formulas that everybody knows. `interleaved` takes any function
at all and needs one term, but its inner functions jump everywhere: continuity is what makes Kolmogorov's theorem hard.
"""

import numpy as np

from kan_edu.checks.arguments import check_function, check_integer, shown
from kan_edu.checks.arrays import alike, check_finite, check_some, check_unit, numbers
from kan_edu.checks.functions import call, values_of
from kan_edu.checks.integers import integers


def superpose(terms, x, y):
    """sum of Phi(phi(x) + chi(y)) over the terms; x and y of one shape.

    Raises ValueError for x and y that are none, for terms that are no triples of functions, and for a function that
    returns something else than a finite number for each it was given: the logarithm of 0, say.

    >>> float(superpose(PRODUCT, 3.0, 4.0)), float(superpose(MAXIMUM, 3.0, 4.0))
    (12.0, 4.0)
    """
    x, y = alike(x, y)
    total = np.zeros(check_some(x).shape)
    for n, (phi, chi, Phi) in enumerate(_check_terms(terms)):
        inner = _told(phi, x, f"phi of term {n}") + _told(chi, y, f"chi of term {n}")
        total = total + _told(Phi, inner, f"Phi of term {n}")
    check_finite(total, "the sum of all terms")
    return total[()]   # of two numbers a number


def _check_terms(terms):
    """A list of triples of functions, or a ValueError."""
    right = isinstance(terms, list | tuple) and len(terms) > 0
    if not right or not all(isinstance(term, list | tuple) and len(term) == 3 for term in terms):
        raise ValueError(f"terms are {shown(terms)}; expected a list of triples (phi, chi, Phi), such as PRODUCT")
    for term in terms:
        for function, name in zip(term, ("phi", "chi", "Phi"), strict=True):
            check_function(function, f"a term's {name}", "np.square")
    return terms


def _told(function, s, name):
    """function(s), finite and in the shape of s, and whole numbers as they are: those of `spread` have 18 digits."""
    with np.errstate(all="ignore"):
        values = call(function, s, name=name, example="np.square")
        floats = values_of(lambda s: values, s, name=name, example="np.square")
    whole = isinstance(values, np.ndarray | np.integer) and values.dtype.kind == "i" and values.shape == floats.shape
    return values if whole else floats


def same(x):
    """x itself, as an inner function."""
    return check_some(numbers(x))


def minus(x):
    """-x, as an inner function."""
    return -check_some(numbers(x))


# x y = ((x + y)^2 - (x - y)^2) / 4
PRODUCT = [(same, same, lambda s: s**2 / 4), (same, minus, lambda s: -(s**2) / 4)]

# x y = exp(ln x + ln y) and x / y = exp(ln x - ln y), where x > 0 and y > 0
PRODUCT_BY_LOGARITHMS = [(np.log, np.log, np.exp)]
QUOTIENT = [(np.log, lambda y: -np.log(y), np.exp)]

# max(x, y) = (x + y) / 2 + |x - y| / 2
MAXIMUM = [(same, same, lambda s: s / 2), (same, minus, lambda s: np.abs(s) / 2)]

# |(x, y)| = sqrt(x^2 + y^2)
NORM = [(np.square, np.square, np.sqrt)]


def spread(x, digits, place):
    """Write the first decimals of x in [0, 1] at every second place: 0.37 -> 3070 (place 1) or 307 (place 0).

    Returns whole numbers of the shape of x. It is increasing, and it jumps at every decimal fraction of that length.
    1 has no decimals of its own and counts as 0.99...9. Raises ValueError for x outside [0, 1], for digits that are not
    1 to 9 (twice as many have to fit into an int64), and for a place that is not 0 or 1.

    >>> spread(np.array([0.37, 0.82]), 2, 1).tolist(), spread(np.array([0.82]), 2, 0).tolist()
    ([3070, 8020], [802])
    """
    x, digits, place = check_unit(x), _check_digits(digits), check_integer(place, "place", 0, 1)
    x = np.minimum(x, 1 - 0.5 / 10**digits)
    whole = np.floor(x * 10**digits + 1e-6).astype(np.int64)   # 0.29 * 100 is 28.999...
    return sum(whole // 10**d % 10 * 10 ** (2 * d + place) for d in range(digits))


def gather(s, digits):
    """Undo `spread`: s whole numbers -> (x, y), the middles of the squares of numbers with these decimals.

    Raises ValueError for an s that is no array of whole numbers with at most twice so many digits.

    >>> [float(v[0]) for v in gather(np.array([3872]), 2)]
    [0.375, 0.825]
    """
    digits = _check_digits(digits)
    advice = f"spread(x, {digits}, 1) + spread(y, {digits}, 0) makes them"
    s = integers(s, "s", 0, 10 ** (2 * digits) - 1, advice=advice)
    x, y = (sum(s // 10 ** (2 * d + place) % 10 * 10**d for d in range(digits)) for place in (1, 0))
    return (x + 0.5) / 10**digits, (y + 0.5) / 10**digits


def _check_digits(digits):
    """digits as an int from 1 to 9, or a ValueError."""
    digits = check_integer(digits, "digits", 1)
    if digits > 9:
        raise ValueError(f"digits = {digits}; expected 1 to 9, since twice as many must fit into an int64")
    return digits


def interleaved(f, digits=4):
    """One term for any f on [0, 1] x [0, 1]: phi and chi write the decimals of x and y into one number, Phi reads them.

    The error is what f varies within a square of side 10^-digits. digits is 1 to 9: the sum has twice as many, and
    more than 18 do not fit into an int64. Raises ValueError for other digits, and for an f that is no function; its
    term does where f does not return a finite number for each (x, y).
    """
    digits, f = _check_digits(digits), check_function(f, "f", "lambda x, y: x * y")
    outer = lambda s: values_of(f, *gather(s, digits), example="lambda x, y: x * y")  # noqa: E731
    return [(lambda x: spread(x, digits, 1), lambda y: spread(y, digits, 0), outer)]
