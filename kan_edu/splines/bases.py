"""Families of functions of one variable that a KAN's edge can be a sum of.

Each basis serves all n_in inputs of a layer, has M functions per input, and offers the same methods:
`values(X)` and `slopes(X)`, (N, n_in) -> (N, n_in, M), and `both(X)`, the pair. What it does outside its range
differs, and is the first thing to know about it:

    BSpline, Chebyshev   go on as a straight line
    Fourier              repeats
    GaussianRBF          falls to zero
"""

import copy
from numbers import Real

import numpy as np

from kan_edu.checks.arguments import check_integer, check_range
from kan_edu.checks.arrays import check_finite, numbers

from .bspline import differentiate, extend_knots, local_basis, recursion, uniform_pieces


def check_grid(grid):
    """Return grid as (n_in, points) floats, each row strictly increasing, or raise a ValueError."""
    grid = numbers(grid, "the grid", finite=False)
    if grid.ndim != 2 or grid.shape[1] < 2:
        raise ValueError(f"the grid has shape {grid.shape}; expected (n_in, points) with at least 2 points a row")
    check_finite(grid, "the grid")
    if not (np.diff(grid) > 0).all():
        i = int(np.argmin((np.diff(grid) > 0).all(axis=1)))
        raise ValueError(f"the grid of input {i} is not strictly increasing: {grid[i]}; a KAN needs distinct points")
    return grid


def check_ranges(lo, hi, n):
    """Return the ends of n ranges, lo and hi (n,), each given as one number or as n; ValueError unless lo < hi."""
    if isinstance(lo, Real | str | None) and isinstance(hi, Real | str | None):
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
    """So many points at equal distances from lo (n_in,) to hi (n_in,), for each input: (n_in, points)."""
    return np.array([np.linspace(*ends, points) for ends in zip(lo, hi, strict=True)])


class BSpline:
    """G+k B-splines of degree k on each input's grid of G intervals; grid has shape (n_in, G+1).

    Outside the grid the spline goes on as a straight line. Raises ValueError for a grid that does not
    increase strictly. Source: arXiv 2404.19756, section 2.2.
    """

    def __init__(self, grid, order=3):
        self.grid, self.order = check_grid(grid), check_integer(order, "k", 0)
        self.G = self.grid.shape[1] - 1
        self.M = self.G + self.order
        self.knots = extend_knots(self.grid, self.order)  # (n_in, G+2k+1)
        self.per_step = self.G / (self.grid[:, -1:] - self.grid[:, :1])  # (n_in, 1): 1 / mean interval
        self.settle()

    def settle(self):
        """Find out whether all intervals are equal, to the rounding of the grid's type: then no search is needed.

        Constants (k = 0) jump at the knots, where arithmetic may name the interval next door: they are searched.
        """
        places = self.grid * self.per_step
        rounding = max(1e-9, 4 * float(np.finfo(places.dtype).eps * np.abs(places).max()))
        self.uniform = self.order > 0 and bool(np.allclose(np.diff(places), 1, rtol=0, atol=rounding))

    def values(self, X):
        return self.both(X)[0]

    def slopes(self, X):
        return self.both(X)[1]

    def both(self, X):
        """All M functions and their slopes by the textbook's recursion: two arrays (N, n_in, M)."""
        nearest = np.clip(X, self.grid[:, 0], self.grid[:, -1])
        # some inputs at a time: the recursion's arrays then stay in the processor's cache
        step = max(1, 2**15 // (len(X) * self.knots.shape[1]))
        parts = [self._recursion(nearest, slice(i, i + step)) for i in range(0, X.shape[1], step)]
        values, slopes = (np.concatenate(part, axis=1) for part in zip(*parts, strict=True))
        n, i = np.nonzero(X != nearest)  # beyond the ends go on along the tangent
        values[n, i] += (X - nearest)[n, i, None] * slopes[n, i]
        return values, slopes

    def _recursion(self, X, inputs):
        levels, t, k = recursion(X[:, inputs], self.knots[inputs], self.order), self.knots[inputs], self.order
        return levels[k], differentiate(levels[k - 1], t, k, 1) if k else np.zeros_like(levels[0])

    def local(self, x):
        """The k+1 functions that are not zero: x (n_in, N) -> first (n_in, N), values and slopes (k+1, n_in, N).

        The slopes are with respect to the position in steps, u = (x - lo) * per_step: dB/dx = slopes * per_step.
        """
        u = x - self.grid[:, :1]
        u *= self.per_step  # 0 .. G on the grid
        least, most = u.min(), u.max()
        if least >= 0 and most <= self.G:
            return self._uniform(u) if self.uniform else self._searched(x)
        if np.isnan(least):
            raise FloatingPointError("a KAN layer received NaN: its parameters have grown out of all bounds")
        nearest = np.minimum(np.maximum(u, 0), self.G)  # np.clip takes longer
        if self.uniform:
            first, values, slopes = self._uniform(nearest)
        else:
            first, values, slopes = self._searched(np.clip(x, self.grid[:, :1], self.grid[:, -1:]))
        values += (u - nearest) * slopes  # beyond the grid go on along the tangent
        return first, values, slopes

    def _uniform(self, u):
        """Equal intervals: the index is arithmetic, the values are fixed polynomials of v in [0, 1]."""
        start = np.minimum(np.floor(u), self.G - 1)
        powers = np.empty((self.order + 1, *u.shape), dtype=u.dtype)  # 1, v, v^2, ..., v^k
        powers[0] = 1
        v = np.subtract(u, start, out=powers[1])
        for r in range(2, self.order + 1):
            np.multiply(powers[r - 1], v, out=powers[r])
        values, slopes = uniform_pieces(self.order).astype(u.dtype, copy=False) @ powers.reshape(self.order + 1, -1)
        return start.astype(np.intp), values.reshape(powers.shape), slopes.reshape(powers.shape)

    def _searched(self, x):
        """Any intervals: look up each input's interval, then Cox and de Boor on k+1 functions."""
        rows = list(zip(x, self.knots, strict=True))
        first, values = zip(*[local_basis(x_i, t, self.order) for x_i, t in rows], strict=True)
        slopes = np.stack([local_basis(x_i, t, self.order, nu=1)[1] for x_i, t in rows]).transpose(2, 0, 1)
        values = np.stack(values).transpose(2, 0, 1).astype(x.dtype, copy=False)
        return np.stack(first), values, (slopes / self.per_step).astype(x.dtype, copy=False)


class Chebyshev:
    """T_0 .. T_d, d = `order`, on each input's range; grid (n_in, points), its ends are the range.

    T_0 = 1, T_1 = u, T_{r+1} = 2 u T_r - T_{r-1}, with u in [-1, 1]. Every coefficient moves the whole curve.
    Outside the range it goes on as a straight line: T_d itself grows like u^d there.
    """

    def __init__(self, grid, order=7):
        self.grid, self.order = check_grid(grid), check_integer(order, "the degree", 1)
        self.M = self.order + 1

    def values(self, X):
        return self.both(X)[0]

    def slopes(self, X):
        return self.both(X)[1]

    def both(self, X):
        """T_r and T_r' = r U_{r-1} du/dx; U_r, of the second kind, follows the same recursion from 1 and 2u."""
        lo, hi = self.grid[:, 0], self.grid[:, -1]
        nearest = np.clip(X, lo, hi)
        u, du = (2 * nearest - lo - hi) / (hi - lo), 2 / (hi - lo)
        T, U = [np.ones_like(u), u], [np.zeros_like(u), np.ones_like(u)]  # U[r] is U_{r-1}
        for _ in range(2, self.M):
            T.append(2 * u * T[-1] - T[-2])
            U.append(2 * u * U[-1] - U[-2])
        slopes = np.stack([r * U[r] for r in range(self.M)], axis=-1) * du[:, None]
        return np.stack(T, axis=-1) + (X - nearest)[:, :, None] * slopes, slopes


class Fourier:
    """1, cos(r w x), sin(r w x) for r = 1 .. `order`; w = 2 pi / (hi - lo). Repeats outside the range.

    The functions take the same value at both ends of the range: a curve that does not, cannot be met there.
    """

    def __init__(self, grid, order=3):
        self.grid, self.order = check_grid(grid), check_integer(order, "the number of frequencies", 1)
        self.M = 2 * self.order + 1
        self.w = 2 * np.pi / (self.grid[:, -1] - self.grid[:, 0])  # (n_in,)
        self.r = np.arange(1.0, self.order + 1)

    def _angles(self, X):
        return ((X - self.grid[:, 0]) * self.w)[:, :, None] * self.r  # (N, n_in, order)

    def values(self, X):
        a = self._angles(X)
        return np.concatenate([np.ones_like(a[:, :, :1]), np.cos(a), np.sin(a)], axis=-1)

    def slopes(self, X):
        a, rw = self._angles(X), self.w[:, None] * self.r
        return np.concatenate([np.zeros_like(a[:, :, :1]), -rw * np.sin(a), rw * np.cos(a)], axis=-1)

    def both(self, X):
        return self.values(X), self.slopes(X)


class GaussianRBF:
    """exp(-((x - g_m) / h)^2) around each grid point g_m, h = the mean step; grid (n_in, M), M = `order`.

    Outside the grid all functions fall to zero, and the edge with them.
    """

    def __init__(self, grid, order=8):
        ends, self.order = check_grid(grid), check_integer(order, "the number of centres", 2)
        self.grid = np.linspace(ends[:, 0], ends[:, -1], self.order, axis=1)
        self.M = self.order
        self.h = (self.grid[:, -1:] - self.grid[:, :1]) / (self.order - 1)

    def values(self, X):
        return np.exp(-(((X[:, :, None] - self.grid) / self.h) ** 2))

    def slopes(self, X):
        return self.values(X) * (-2 * (X[:, :, None] - self.grid) / self.h**2)

    def both(self, X):
        return self.values(X), self.slopes(X)


def check_dtype(dtype):
    """Return np.dtype(dtype) for float64 or float32, or raise a ValueError.

    >>> check_dtype(np.float32)
    dtype('float32')
    """
    try:
        known = dtype is not None and np.dtype(dtype) in (np.float64, np.float32)
    except (TypeError, ValueError):
        known = False
    if not known:
        raise ValueError(f"dtype is {dtype!r}; expected np.float64 or np.float32")
    return np.dtype(dtype)


def as_type(basis, dtype):
    """The same basis with all its numbers in float32 or float64; itself if they are so already.

    Raises ValueError where grid points are closer together than the type can tell.
    """
    if basis.grid.dtype == dtype:
        return basis
    basis = copy.copy(basis)
    for name, value in vars(basis).items():
        if isinstance(value, np.ndarray):
            setattr(basis, name, value.astype(dtype))
    if not (np.diff(basis.grid) > 0).all():
        raise ValueError(f"{dtype} cannot tell the grid's points apart; use fewer of them, or dtype=np.float64")
    if isinstance(basis, BSpline):
        basis.settle()
    return basis


BASES = {"bspline": BSpline, "chebyshev": Chebyshev, "fourier": Fourier, "rbf": GaussianRBF}


def make_basis(kind, n_in, G, k, lo, hi):
    """A basis by name, with G+k functions for each of n_in inputs, on [lo, hi]: numbers, or one for each input."""
    if not isinstance(kind, str) or kind not in BASES:
        raise ValueError(f"basis is {kind!r}; expected one of {sorted(BASES)}")
    G, k = check_integer(G, "G", 1), check_integer(k, "k", 0)
    grid = even_grid(np.broadcast_to(lo, n_in), np.broadcast_to(hi, n_in), G + 1)
    order = {"bspline": k, "chebyshev": G + k - 1, "fourier": max((G + k - 1) // 2, 1), "rbf": G + k}[kind]
    return BASES[kind](grid, order)
