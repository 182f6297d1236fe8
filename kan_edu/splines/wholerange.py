"""Bases whose functions reach over the whole range: Chebyshev polynomials, Fourier terms, Gaussians.

They offer what `bases.BSpline` offers; there stands what they have in common.
"""

import numpy as np

from kan_edu.checks.arguments import check_integer

from . import ranges
from .ranges import check_grid, room_for


class Chebyshev:
    """T_0 .. T_d, d = `order`, on each input's range; grid (n_in, points), its ends are the range.

    T_0 = 1, T_1 = u, T_{r+1} = 2 u T_r - T_{r-1}, with u in [-1, 1]. Every coefficient moves the whole curve.
    Outside the range it goes on as a straight line: T_d itself grows like u^d there.
    """

    def __init__(self, grid, order=7):
        self.grid, self.order = check_grid(grid), check_integer(order, "the degree", 1)
        self.M = self.order + 1
        room_for(self)

    values, slopes, both = ranges.values, ranges.slopes, ranges.both

    def _both(self, X):
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
        room_for(self)
        self.w = 2 * np.pi / (self.grid[:, -1] - self.grid[:, 0])  # (n_in,)
        self.r = np.arange(1.0, self.order + 1)

    def _angles(self, X):
        return ((X - self.grid[:, 0]) * self.w)[:, :, None] * self.r  # (N, n_in, order)

    values, slopes, both = ranges.values, ranges.slopes, ranges.both

    def _both(self, X):
        """1, cos(r w x), sin(r w x), and their slopes 0, -r w sin(r w x), r w cos(r w x)."""
        a, rw = self._angles(X), self.w[:, None] * self.r
        cos, sin, one = np.cos(a), np.sin(a), np.ones_like(a[:, :, :1])
        return np.concatenate([one, cos, sin], axis=-1), np.concatenate([0 * one, -rw * sin, rw * cos], axis=-1)


class GaussianRBF:
    """exp(-((x - g_m) / h)^2) around each grid point g_m, h = the mean step; grid (n_in, M), M = `order`.

    Outside the grid all functions fall to zero, and the edge with them.
    """

    def __init__(self, grid, order=8):
        ends, self.order = check_grid(grid), check_integer(order, "the number of centres", 2)
        self.M, self.grid = self.order, ends
        room_for(self)
        self.grid = np.linspace(ends[:, 0], ends[:, -1], self.order, axis=1)
        self.h = (self.grid[:, -1:] - self.grid[:, :1]) / (self.order - 1)

    values, slopes, both = ranges.values, ranges.slopes, ranges.both

    def _both(self, X):
        """exp(-v^2) with v = (x - g_m) / h, and its slope -2 v exp(-v^2) / h."""
        v = (X[:, :, None] - self.grid) / self.h
        values = np.exp(-(v**2))
        return values, values * (-2 * v / self.h)
