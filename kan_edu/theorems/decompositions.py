"""Functions of two variables taken apart by hand: sums of functions of sums of functions of one variable.

A **term** is (phi, chi, Phi) and stands for Phi(phi(x) + chi(y)). A list of terms stands for their sum. Product,
quotient, maximum and norm need one or two terms with formulas that everybody knows. `interleaved` takes any function
at all and needs one term, but its inner functions jump everywhere: continuity is what makes Kolmogorov's theorem hard.
"""

import numpy as np

from kan_edu.checks.arguments import check_integer
from kan_edu.checks.arrays import alike, numbers


def superpose(terms, x, y):
    """sum of Phi(phi(x) + chi(y)) over the terms; x and y of one shape.

    >>> float(superpose(PRODUCT, 3.0, 4.0)), float(superpose(MAXIMUM, 3.0, 4.0))
    (12.0, 4.0)
    """
    x, y = alike(x, y)
    return sum(Phi(phi(x) + chi(y)) for phi, chi, Phi in terms)


def same(x):
    """x itself, as an inner function."""
    return x


def minus(x):
    """-x, as an inner function."""
    return -x


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
    1 has no decimals of its own and counts as 0.99...9. Raises ValueError for x outside [0, 1].

    >>> spread(np.array([0.37, 0.82]), 2, 1).tolist(), spread(np.array([0.82]), 2, 0).tolist()
    ([3070, 8020], [802])
    """
    x = numbers(x)
    if not ((0 <= x) & (x <= 1)).all():
        raise ValueError(f"coordinates go from {x.min()} to {x.max()}; expected [0, 1], so scale the data first")
    x = np.minimum(x, 1 - 0.5 / 10**digits)
    whole = np.floor(x * 10**digits + 1e-6).astype(np.int64)   # 0.29 * 100 is 28.999...
    return sum(whole // 10**d % 10 * 10 ** (2 * d + place) for d in range(digits))


def gather(s, digits):
    """Undo `spread`: s whole numbers -> (x, y), the middles of the squares of numbers with these decimals.

    >>> [float(v[0]) for v in gather(np.array([3872]), 2)]
    [0.375, 0.825]
    """
    s = np.asarray(s)
    x, y = (sum(s // 10 ** (2 * d + place) % 10 * 10**d for d in range(digits)) for place in (1, 0))
    return (x + 0.5) / 10**digits, (y + 0.5) / 10**digits


def interleaved(f, digits=4):
    """One term for any f on [0, 1] x [0, 1]: phi and chi write the decimals of x and y into one number, Phi reads them.

    The error is what f varies within a square of side 10^-digits. digits is 1 to 9: the sum has twice as many, and
    more than 18 do not fit into an int64.
    """
    digits = check_integer(digits, "digits", 1)
    if digits > 9:
        raise ValueError(f"digits = {digits}; expected 1 to 9, since twice as many must fit into an int64")
    return [(lambda x: spread(x, digits, 1), lambda y: spread(y, digits, 0), lambda s: f(*gather(s, digits)))]
