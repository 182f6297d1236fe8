"""Families of functions of one variable that a KAN's edge can be a sum of.

Each basis serves all n_in inputs of a layer, has M functions per input, and offers the same methods:
`values(X)` and `slopes(X)`, (N, n_in) -> (N, n_in, M), and `both(X)`, the pair. They raise ValueError for an X that is
no such matrix of numbers, and for a result that 2 GiB or the type of the grid cannot hold. Training takes `_both` and
`_local`, which check nothing. What a basis does outside its range differs, and is the first thing to know about it:

    BSpline, Chebyshev   go on as a straight line
    Fourier              repeats
    GaussianRBF          falls to zero
"""

import copy
from functools import partial

import numpy as np

from kan_edu.checks.arguments import OutOfBounds, check_integer
from kan_edu.checks.arrays import check_matrix

from . import coxdeboor, ranges
from .knots import extend_knots
from .ranges import check_grid, even_grid, room_for
from .wholerange import Chebyshev, Fourier, GaussianRBF


class BSpline:
    """G+k B-splines of degree k = `order` on each input's grid of G intervals; grid has shape (n_in, G+1).

    Outside the grid the spline goes on as a straight line. Raises ValueError for a grid that does not
    increase strictly, or in steps that float64 cannot divide by, and for an order that is no whole number >= 0, or so
    large that the functions do not fit into 2 GiB. Source: arXiv 2404.19756, section 2.2.
    """

    def __init__(self, grid, order=3):
        self.grid, self.order = check_grid(grid), check_integer(order, "k", 0)
        self.G = self.grid.shape[1] - 1
        self.M = self.G + self.order
        room_for(self)
        self.knots = extend_knots(self.grid, self.order)  # (n_in, G+2k+1)
        self.per_step = self.G / (self.grid[:, -1:] - self.grid[:, :1])  # (n_in, 1): 1 / mean interval
        self._settle()

    def _settle(self):
        """Find out whether all intervals are equal, to the rounding of the grid's type: then no search is needed.

        Constants (k = 0) jump at the knots, where arithmetic may name the interval next door: they are searched.
        """
        places = self.grid * self.per_step
        rounding = max(1e-9, 4 * float(np.finfo(places.dtype).eps * np.abs(places).max()))
        self.uniform = self.order > 0 and bool(np.allclose(np.diff(places), 1, rtol=0, atol=rounding))

    values, slopes, both = ranges.values, ranges.slopes, ranges.both

    def _both(self, X):
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
        t, k = self.knots[inputs], self.order
        levels = coxdeboor.recursion(X[:, inputs], t, k)
        return levels[k], coxdeboor.differentiate(levels[k - 1], t, k, 1) if k else np.zeros_like(levels[0])

    def local(self, x):
        """The k+1 functions that are not zero: x (n_in, N) -> first (n_in, N), values and slopes (k+1, n_in, N).

        The slopes are with respect to the position in steps, u = (x - lo) * per_step: dB/dx = slopes * per_step.
        Raises ValueError for an x that is no such matrix of numbers, or too far from the grid.
        """
        x = check_matrix(x, "x")
        if len(x) != len(self.grid):
            raise ValueError(f"x has {len(x)} rows, the grid {len(self.grid)}; give a row of samples for each input")
        room_for(self, x.shape[1])
        with np.errstate(all="ignore"):
            first, values, slopes = self._local(x.astype(self.grid.dtype, copy=False))
            slopes = slopes()
        if not (np.isfinite(values).all() and np.isfinite(slopes).all()):
            raise ValueError(f"x goes from {x.min():g} to {x.max():g}, too far from the grid; scale the data first")
        return first, values, slopes

    def _local(self, x):
        """`local`, but slopes is a function that computes them: a first layer, and who only looks, never asks."""
        u = x - self.grid[:, :1]
        u *= self.per_step  # 0 .. G on the grid
        least, most = u.min(), u.max()
        if least >= 0 and most <= self.G:
            return self._uniform(u) if self.uniform else self._searched(x)
        if np.isnan(least):
            raise OutOfBounds("a KAN layer received NaN: numbers overflow before it; scale X with datasets.to_box, or "
                              "make the model anew (model.restart(seed=0)) if its parameters have grown so large")
        nearest = np.minimum(np.maximum(u, 0), self.G)  # np.clip takes longer
        if self.uniform:
            first, values, slopes = self._uniform(nearest)
        else:
            first, values, slopes = self._searched(np.clip(x, self.grid[:, :1], self.grid[:, -1:]))
        known = slopes()
        values += (u - nearest) * known  # beyond the grid go on along the tangent
        return first, values, partial(np.asarray, known)

    def _uniform(self, u):
        """Equal intervals: the index is arithmetic, the values are fixed polynomials of v in [0, 1]."""
        start = np.minimum(np.floor(u), self.G - 1)
        powers = np.empty((self.order + 1, *u.shape), dtype=u.dtype)  # 1, v, v^2, ..., v^k
        powers[0] = 1
        v = np.subtract(u, start, out=powers[1])
        for r in range(2, self.order + 1):
            np.multiply(powers[r - 1], v, out=powers[r])
        values, slopes = coxdeboor.uniform_pieces(self.order).astype(u.dtype, copy=False)
        return start.astype(np.intp), _polynomials(values, powers), partial(_polynomials, slopes, powers)

    def _searched(self, x):
        """Any intervals: look up each input's interval, then Cox and de Boor on k+1 functions."""
        rows = list(zip(x.astype(float, copy=False), self.knots.astype(float, copy=False), strict=True))
        first, values = zip(*[coxdeboor.local(x_i, t, self.order) for x_i, t in rows], strict=True)
        slopes = np.stack([coxdeboor.local(x_i, t, self.order, nu=1)[1] for x_i, t in rows]).transpose(2, 0, 1)
        values = np.stack(values).transpose(2, 0, 1).astype(x.dtype, copy=False)
        slopes = (slopes / self.per_step).astype(x.dtype, copy=False)
        return np.stack(first), values, partial(np.asarray, slopes)


def _polynomials(pieces, powers):
    """The values of k+1 polynomials, (k+1, k+1) coefficients, from the powers of v, (k+1, ...): (k+1, ...)."""
    return (pieces @ powers.reshape(len(powers), -1)).reshape(powers.shape)


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
        basis._settle()
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
