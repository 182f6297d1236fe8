"""B-splines: curves made of polynomial pieces, where one coefficient bends the curve in one place.

Notation: degree k, G intervals, knots t (G+2k+1 of them), G+k basis functions B_{m,k}, m = 0..G+k-1.
The curve is s(x) = sum_m c_m B_{m,k}(x) on the domain [t_k, t_{G+k}], where the functions sum to one. Beyond its ends
`basis`, `local_basis` and `evaluate` go on as straight lines, as the edges of a KAN do; `B` and `pyramid` are the
textbook's functions there, which fade to zero.

Cox and de Boor's recursion stands here three times: `B` as a textbook prints it, `basis` for all
functions and samples at once, `local_basis` for the k+1 functions that are not zero at x. A test says
that they agree. The arithmetic of the last two is in `coxdeboor.py`, and knots are made in `knots.py`; every
function here checks what it is given, and raises a ValueError that says what is wrong with it. Source: C. de Boor,
A Practical Guide to Splines (1978), chapters IX to XI.
"""

from functools import wraps

import numpy as np

from kan_edu.checks.arguments import check_integer, check_room
from kan_edu.checks.arrays import check_some, check_vector, numbers

from . import coxdeboor
from .knots import check_knots, checked, clamped_knots, domain, ends, extend_knots, sorted_knots, uniform_knots

__all__ = [
    "uniform_knots", "extend_knots", "clamped_knots", "domain", "check_knots", "B", "pyramid", "basis", "local_basis",
    "evaluate",
]  # fmt: skip

MOST_CALLS = 16  # the largest degree of `B`, which calls itself 2^k times

# ---------------------------------------------------------------- Cox-de Boor, as textbooks print it


def B(x, m, k, t):
    """B_{m,k}(x) by Cox and de Boor's recursion; x and the result have one shape.

    B_{m,0}(x) = 1 on [t_m, t_{m+1}), else 0
    B_{m,k}(x) = (x - t_m) / (t_{m+k} - t_m)             B_{m,k-1}(x)
               + (t_{m+k+1} - x) / (t_{m+k+1} - t_{m+1}) B_{m+1,k-1}(x),    where 0/0 counts as 0.

    >>> float(B(0.5, m=0, k=1, t=[0, 1, 2]))
    0.5
    """
    x = np.asarray(x, dtype=float)
    if k == 0:
        inside = (t[m] <= x) & (x < t[m + 1])
        if t[m] < t[m + 1] == t[-1]:  # the last piece keeps its right end, or the sum there would be 0
            inside |= x == t[-1]
        return inside.astype(float)
    left = right = 0.0
    if t[m + k] > t[m]:
        left = (x - t[m]) / (t[m + k] - t[m]) * B(x, m, k - 1, t)
    if t[m + k + 1] > t[m + 1]:
        right = (t[m + k + 1] - x) / (t[m + k + 1] - t[m + 1]) * B(x, m + 1, k - 1, t)
    return left + right


def _guarded(textbook):
    """B behind the door for arrays; lesson 05 prints B as it stands above."""

    @wraps(textbook)
    def B(x, m, k, t):
        x, t, m, k = numbers(x), sorted_knots(t), check_integer(m, "m", 0), check_integer(k, "k", 0)
        check_some(x)
        if m + k + 2 > len(t):
            raise ValueError(f"m = {m} and k = {k} need knots t_0 .. t_{m + k + 1}; there are {len(t)} of them")
        if k > MOST_CALLS:
            raise ValueError(f"k = {k} would take 2^{k} calls; expected at most {MOST_CALLS}: use basis(x, t, k)")
        if t[m] == t[m + k + 1]:
            raise ValueError(f"the knots t_{m} .. t_{m + k + 1} are all {t[m]}; B needs two that differ: spread them")
        return _told(textbook, x, m, k, t)

    return B


B = _guarded(B)


# --------------------------------------------------------------- all G+k functions, for all samples


def _told(compute, *arguments):
    """What compute(*arguments) returns, or a ValueError if that leaves the range of float64."""
    with np.errstate(all="ignore"):
        result = compute(*arguments)
    for part in result if isinstance(result, list | tuple) else (result,):
        if not np.isfinite(part).all():
            raise ValueError("the result leaves the range of float64, up to 1.8e308: the knots lie too close together "
                             "for it, or x or c is too large; scale x and t so that intervals are about 1")  # fmt: skip
    return result


def _in_a_row(x):
    """Samples as float64 (N,); one number is one sample, and none are none."""
    x = numbers(x)
    return x[None] if x.ndim == 0 else x if x.shape == (0,) else check_vector(x)


def pyramid(x, t, k):
    """Every level of the recursion at samples x (N,) on one knot vector: entry d of the list is (N, len(t)-1-d).

    One sample lights one function on level 0, two on level 1, ... and k+1 on level k. Raises ValueError as `basis`.
    """
    return _told(coxdeboor.recursion, *_ready(x, t, k))


def _ready(x, t, k):
    """(x, t, k) checked, and that there is room for all functions of all levels."""
    x, (t, k) = _in_a_row(x), checked(t, k)
    check_room((k + 4) * len(x) * len(t), f"{len(t)} functions of {k + 1} levels at {len(x)} samples",
               "use evaluate or local_basis, or take the samples in parts")  # fmt: skip
    return x, t, k


def basis(x, t, k, nu=0):
    """The nu-th derivative of all G+k basis functions at x (N,), as an array of shape (N, G+k).

    Beyond the ends of the domain each goes on along its tangent: c @ basis is `evaluate` everywhere.
    d/dx B_{m,k} = k B_{m,k-1} / (t_{m+k} - t_m) - k B_{m+1,k-1} / (t_{m+k+1} - t_{m+1}).
    Raises ValueError for knots that decrease or repeat more than k+1 times, for samples that are no numbers,
    for k < 0 or nu < 0, and for results that 2 GiB or float64 cannot hold.

    >>> basis([0.0, 0.25, 1.0], uniform_knots(0, 1, G=2, k=1), k=1)
    array([[1. , 0. , 0. ],
           [0.5, 0.5, 0. ],
           [0. , 0. , 1. ]])
    """
    return _told(_basis, *_ready(x, t, k), check_integer(nu, "nu", 0))


def _basis(x, t, k, nu=0):
    nearest = np.clip(x, *ends(t, k))
    levels = coxdeboor.recursion(nearest, t, k)
    if nu > k:
        return np.zeros_like(levels[k])  # pieces of degree k have no derivative beyond k
    tangents = coxdeboor.differentiate(levels[k - 1], t, k, 1) if k else 0 * levels[0]
    return _straight(coxdeboor.differentiate(levels[k - nu], t, k, nu), tangents, x - nearest, nu)


def _straight(values, tangents, beyond, nu):
    """The nu-th derivative of straight lines from the ends of the domain; `beyond` (N,) is 0 for what lies inside."""
    if nu == 0:
        return values + beyond[:, None] * tangents
    return values if nu == 1 else np.where(beyond[:, None] == 0, values, 0)


# ------------------------------------------------------------ only the k+1 functions that are not zero


def local_basis(x, t, k, nu=0):
    """The k+1 functions that are not zero at x (N,): first (N,) and values (N, k+1).

    values[n, p] is the nu-th derivative of B_{first[n]+p, k} at x[n]. Each pass of the loop in `coxdeboor.local` raises
    the degree by one: a function of degree d-1 hands its value on to two functions of degree d. Beyond the ends of the
    domain the functions of the nearest interval go on along their tangents. Raises ValueError as `basis`.
    """
    (t, k), x, nu = checked(t, k), _in_a_row(x), check_integer(nu, "nu", 0)
    check_room(8 * len(x) * (k + 1), f"{k + 1} functions at {len(x)} samples", "take the samples in parts")
    return _told(_local_basis, x, t, k, nu)


def _local_basis(x, t, k, nu):
    nearest = np.clip(x, *ends(t, k))
    first, values = coxdeboor.local(nearest, t, k, nu)
    if (x == nearest).all():
        return first, values
    return first, _straight(values, coxdeboor.local(nearest, t, k, 1)[1], x - nearest, nu)


def evaluate(x, c, t, k, nu=0):
    """s(x) = sum_m c_m B_{m,k}(x), or its nu-th derivative; x (N,), c (G+k,) -> (N,). Beyond the domain: a line.

    Raises ValueError as `basis`, and for a number of coefficients other than the knots need.

    >>> evaluate([0.5, 1.0, 2.0], [0, 1, 3], uniform_knots(0, 1, G=2, k=1), k=1)
    array([1., 3., 7.])
    """
    c, (t, k) = numbers(c, "c"), checked(t, k)
    if c.ndim == 2 and c.shape[1] == 1:
        c = c[:, 0]
    if c.shape != (len(t) - 1 - k,):
        raise ValueError(f"c has shape {c.shape}; {len(t)} knots of degree {k} need ({len(t) - 1 - k},)")
    first, values = local_basis(x, t, k, nu)
    return _told(lambda: (values * c[first[:, None] + np.arange(k + 1)]).sum(axis=1))

