"""Knots: where the polynomial pieces of a spline meet, and how often.

t of shape (G+2k+1,) for G intervals and degree k; the domain is [t_k, t_{G+k}].
"""

import numpy as np

from kan_edu.checks.arguments import check_integer, check_range, check_room
from kan_edu.checks.arrays import check_finite, check_vector, numbers


def uniform_knots(lo, hi, G, k):
    """G equal intervals on [lo, hi], continued by k knots on each side: t of shape (G+2k+1,).

    Raises ValueError unless lo < hi are finite and so far apart that float64 tells the knots apart, for G < 1 or k < 0,
    and for more knots than 2 GiB hold.

    >>> uniform_knots(0, 1, G=2, k=1)
    array([-0.5,  0. ,  0.5,  1. ,  1.5])
    """
    lo, hi = check_range(lo, hi)
    _check_span(lo, hi)
    G, k = check_integer(G, "G", 1), check_integer(k, "k", 0)
    check_room(G + 2 * k, f"G + 2k + 1 = {G + 2 * k + 1} knots", "use a smaller G or k")
    return extend_knots(np.linspace(lo, hi, G + 1), k)


def extend_knots(grid, k):
    """Grid points (..., G+1) -> knots (..., G+2k+1): the end intervals repeat k times outward.

    Raises ValueError for grids that are no numbers, have fewer than two points or do not increase strictly, for k < 0,
    and for knots that 2 GiB or float64 cannot hold.
    """
    grid, k = numbers(grid, "the grid"), check_integer(k, "k", 0)
    if grid.ndim == 0 or grid.size == 0 or grid.shape[-1] < 2:
        raise ValueError(f"the grid has shape {grid.shape}; expected (..., G+1), at least two points in a row")
    if not (np.diff(grid) > 0).all():
        raise ValueError(f"the grid must increase strictly, but it is {grid}; sort its points, and give each once")
    check_room(grid.size + grid.size // grid.shape[-1] * 2 * k, f"{k} knots on each side", "use a smaller k")
    steps, first, last = np.arange(1, k + 1), grid[..., :1], grid[..., -1:]
    with np.errstate(over="ignore"):
        before = first - steps[::-1] * (grid[..., 1:2] - first)
        after = last + steps * (last - grid[..., -2:-1])
        t = np.concatenate([before, grid, after], axis=-1)
    _check_span(t[..., 0], t[..., -1])
    return t


def clamped_knots(grid, k):
    """Grid points (G+1,) -> knots (G+2k+1,): both ends repeat, so that the curve starts at c_0.

    Raises ValueError for k < 0 and for a grid whose points are fewer than two, decrease or repeat more than k+1 times.

    >>> clamped_knots([0, 1, 2], k=2)
    array([0., 0., 0., 1., 2., 2., 2.])
    """
    grid, k = check_vector(grid, "the grid"), check_integer(k, "k", 0)
    check_room(len(grid) + 2 * k, f"{k} knots on each side", "use a smaller k")
    return check_knots(np.concatenate([np.repeat(grid[0], k), grid, np.repeat(grid[-1], k)]), k)


def domain(t, k):
    """The interval [t_k, t_{G+k}] on which the basis functions sum to one, as (lo, hi). Errors as of `check_knots`."""
    return ends(*checked(t, k))


def ends(t, k):
    """`domain` of knots and a degree that are known to be good."""
    return float(t[k]), float(t[-1 - k])


def check_knots(t, k):
    """Return t as a float array, or raise a ValueError: too few, unsorted, or a knot too often."""
    return checked(t, k)[0]


def checked(t, k):
    """(t, k) as a float array and an int, or the ValueError of `check_knots`."""
    t, k = sorted_knots(t), check_integer(k, "k", 0)
    if len(t) < 2 * k + 2:
        raise ValueError(f"knots have shape {t.shape}; degree k = {k} needs at least {2 * k + 2} of them in a row")
    if (t[k + 1 :] <= t[: -k - 1]).any():
        m = int(np.argmax(t[k + 1 :] <= t[: -k - 1]))
        raise ValueError(f"the knot {t[m]} stands more than k+1 = {k + 1} times; remove some of them")
    if not t[k] < t[-1 - k]:
        raise ValueError(f"the domain [t_k, t_(G+k)] = [{t[k]}, {t[-1 - k]}] is empty; spread the knots")
    return t, k


def sorted_knots(t):
    """t as floats that do not decrease, (T,), T > 1, or a ValueError."""
    t = numbers(t, "the knot vector", finite=False)
    if t.ndim != 1 or len(t) < 2:
        raise ValueError(f"knots have shape {t.shape}; expected at least 2 of them in a row")
    check_finite(t, "the knot vector")
    if (np.diff(t) < 0).any():
        m = int(np.argmax(np.diff(t) < 0))
        raise ValueError(f"knots must not decrease, but t[{m}] = {t[m]} > t[{m + 1}] = {t[m + 1]}; sort them")
    _check_span(t[0], t[-1])
    return t


def _check_span(first, last):
    """ValueError where knots are so far apart that float64 cannot hold their distance."""
    with np.errstate(over="ignore", invalid="ignore"):
        if not np.isfinite(np.subtract(last, first)).all():
            raise ValueError("the knots reach farther than the numbers of float64, 1.8e308; scale them down, and x too")
