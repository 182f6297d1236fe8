"""The doors of all bases: grids, ranges given as one number or as many, and the samples at which they are asked."""

from numbers import Real

import numpy as np

from kan_edu.checks.arguments import check_range, check_room
from kan_edu.checks.arrays import check_finite, check_matrix, numbers


def check_grid(grid):
    """Return a copy of grid as (n_in, points) floats, each row strictly increasing, or raise a ValueError.

    A copy, since a basis computes its knots and steps once: the caller's array may change later.
    """
    grid = numbers(grid, "the grid", finite=False).copy()
    if grid.ndim != 2 or grid.shape[1] < 2 or len(grid) == 0:
        raise ValueError(f"the grid has shape {grid.shape}; expected (n_in, points) with at least 2 points a "
                         "row, and a row for each input")  # fmt: skip
    check_finite(grid, "the grid")
    if not (np.diff(grid) > 0).all():
        i = int(np.argmin((np.diff(grid) > 0).all(axis=1)))
        raise ValueError(f"the grid of input {i} is not strictly increasing: {grid[i]}; a KAN needs distinct points")
    with np.errstate(all="ignore"):
        steps = np.diff(grid).min(axis=1, initial=np.inf)
        lost = ~np.isfinite(grid[:, -1] - grid[:, 0]) | ~np.isfinite(grid.shape[1] / steps)
    if lost.any():
        i = int(np.argmax(lost))
        raise ValueError(f"the grid of input {i} goes from {grid[i, 0]} to {grid[i, -1]}, where float64 cannot divide "
                         "by its steps; scale the data to about 1 first: datasets.to_box")  # fmt: skip
    return grid


def check_ranges(lo, hi, n):
    """Return the ends of n ranges, lo and hi (n,), each given as one number or as n; ValueError unless lo < hi."""
    one = Real | str | None | np.bool_  # a truth value is no number: check_range says so
    if isinstance(lo, one) and isinstance(hi, one):
        lo, hi = check_range(lo, hi)
    ends = []
    for end, name in ((lo, "lo"), (hi, "hi")):
        end = numbers(end, name)
        if end.shape not in ((), (n,)):
            raise ValueError(f"{name} has shape {end.shape}; expected one number, or one for each of {n} inputs")
        ends.append(np.broadcast_to(end, (n,)))
    empty = np.flatnonzero(~(ends[0] < ends[1]))
    if empty.size:
        i = empty[0]
        raise ValueError(f"the range of input {i} is [{ends[0][i]:g}, {ends[1][i]:g}]; expected lo < hi")
    return ends


def even_grid(lo, hi, points):
    """So many points at equal distances from lo (n_in,) to hi (n_in,), for each input: (n_in, points).

    ValueError for a range that float64 cannot measure or divide: too wide, or too narrow.
    """
    with np.errstate(all="ignore"):
        grid = np.array([np.linspace(*ends, points) for ends in zip(lo, hi, strict=True)])
        wide = ~np.isfinite(4 * np.subtract(hi, lo))  # the bases need room for knots beyond it, and for 2 x - lo - hi
        narrow = ~np.isfinite(points / np.diff(grid).min(axis=1))  # equal points among them: their step is 0
    for i in np.flatnonzero(wide | narrow)[:1]:
        what = "wide for float64, whose numbers end at 1.8e308" if wide[i] else f"narrow for {points} points in float64"
        raise ValueError(f"the range of input {i} is [{lo[i]}, {hi[i]}], too {what}; scale X to about 1 first: "
                         "datasets.to_box")  # fmt: skip
    return grid


# What all bases offer: each names these three among its methods, and computes in `_both`, which checks nothing.


def values(basis, X):
    """The M functions at X (N, n_in), (N, n_in, M); raises ValueError as `both` does."""
    return basis.both(X)[0]


def slopes(basis, X):
    """Their slopes, (N, n_in, M); raises ValueError as `both` does."""
    return basis.both(X)[1]


def both(basis, X):
    """Values and slopes of a basis, (N, n_in, M) each.

    Raises ValueError for an X that is no such matrix of numbers, or too far from the grid for a finite result.
    """
    X = check_matrix(X, "X", len(basis.grid), "(an input for each row of the grid)")
    room_for(basis, len(X))
    with np.errstate(all="ignore"):
        found = basis._both(X.astype(basis.grid.dtype, copy=False))
    if not all(np.isfinite(part).all() for part in found):
        raise ValueError(f"X goes from {X.min():g} to {X.max():g}, too far from the grid for the result to be a finite "
                         f"number of type {basis.grid.dtype}; scale X and the grid to about 1 first")  # fmt: skip
    return found


def room_for(basis, N=1):
    """ValueError unless there is room for all functions of a basis at N samples."""
    check_room(6 * N * len(basis.grid) * basis.M, f"{basis.M} functions of {len(basis.grid)} inputs at {N} samples",
               "take a smaller order, or the samples in parts")  # fmt: skip
