"""The sum of all edges and its two derivatives, three ways.

An edge is a sum of functions of x: the M functions B_m of its basis and, with base, silu. All edges together are one
matrix product. C (n_out, M n_in) holds the coefficients C_{j,i,m} and, with base, n_in more columns: silu's weights.

    S_{j,n} = sum_f C_{j,f} F_{f,n},    F: B_m(x_{i,n}) in row m n_in + i, silu(x_{i,n}) in row M n_in + i.

`Textbook` writes every function out; it takes any basis. Of G+k B-splines only k+1 are not zero at x, and the two
others use that. `Scatter` writes those k+1 values into a reused matrix of zeros and lets the product do the sum;
`Gather` fetches the k+1 coefficients instead, so that its cost does not grow with G at all. Per sample and input,
Gather reads n_out (k+1) coefficients one by one, Scatter goes through G+k zeros in a row, ten in the time of a few
coefficients: that decides which one a layer uses (`choose`).

All three work on columns of samples: x (n_in, N) and S, ds (n_out, N), so that the arrays' fast axis is the long one.
at(x) computes what depends on the samples alone; then forward(C), grad_C(ds) and grad_x(C, ds) may be called, and,
after forward(C), tangent(C, dC, dx): how S changes as C goes along dC and x along dx (n_in, N; None: x stays),

    dS_{j,n} = sum_f dC_{j,f} F_{f,n} + sum_i dx_{i,n} sum_f C_{j,f} f'(x_{i,n})      over the functions f of input i.
"""

import numpy as np

from .activations import _silu as silu
from .activations import _silu_slope as silu_slope
from .activations import sigmoid

# glibc hands every block above 128 kB back to the system when it is freed, and the next one costs page
# faults again: a third of a step on wide layers. Freeing one large block, never touched, makes it keep them:
# man 3 mallopt, "dynamic mmap threshold". Elsewhere this line does nothing.
_block = np.empty(2**21)
del _block


def choose(basis, n_out):
    """The form that is fastest for this basis and number of outputs (see the module's first lines)."""
    if not hasattr(basis, "local"):
        return Textbook
    return Gather if 10 * n_out <= basis.M else Scatter


class Textbook:
    """Every function at every sample: a matrix F that is mostly zeros."""

    def __init__(self, basis, base):
        self.basis, self.base = basis, base

    def at(self, x):
        values, slopes = (part.transpose(0, 2, 1) for part in self.basis._both(x.T))  # (N, M, n_in) each
        self.slopes = slopes
        self.F = np.concatenate([values, silu(x.T)[:, None]] if self.base else [values], axis=1).reshape(len(x.T), -1).T
        self.silu_slope = silu_slope(x) if self.base else None

    def functions(self):
        """B_m(x) as (n_in, M, N)."""
        n_in, M = len(self.basis.grid), self.basis.M
        return self.F[: M * n_in].reshape(M, n_in, -1).transpose(1, 0, 2)

    def edge_slopes(self, c):
        """ds/dx = sum_m c_{j,i,m} B'_m(x_i) for every edge: (n_out, n_in, N)."""
        return np.einsum("jim,nmi->jin", c, self.slopes)

    def forward(self, C):
        return C @ self.F

    def grad_C(self, ds):
        """dL/dC_{j,f} = sum_n ds_{j,n} F_{f,n}."""
        return ds @ self.F.T

    def grad_x(self, C, ds):
        """dL/dx_{i,n} = sum_f f'(x_{i,n}) sum_j ds_{j,n} C_{j,f}, over the functions f of input i."""
        N, M, n_in = self.slopes.shape
        reaching = (ds.T @ C).reshape(N, -1, n_in)
        dx = np.einsum("nmi,nmi->in", reaching[:, :M], self.slopes)
        return dx + self.silu_slope * reaching[:, -1].T if self.base else dx

    def tangent(self, C, dC, dx):
        dS = dC @ self.F
        if dx is None:
            return dS
        moved = (self.slopes * dx.T[:, None]).reshape(len(self.slopes), -1)  # each function's change, (N, M n_in)
        dS += C[:, : moved.shape[1]] @ moved.T
        return dS + C[:, moved.shape[1] :] @ (self.silu_slope * dx) if self.base else dS


def _rows(first, basis):
    """Which of the M n_in rows of F the k+1 functions are that begin with the first: (n_in, N) -> (k+1, n_in, N)."""
    n_in = len(first)
    return n_in * first + np.arange(n_in)[:, None] + n_in * np.arange(basis.order + 1)[:, None, None]


def _silu_slope_at(sums):
    """silu' at the x of the last `sums.at(x)`, from the sigmoid and the silu that were kept."""
    return sums.sigmoid * (1 + sums.x - sums.silu)


def _edge_slopes(basis, c, rows, slopes):
    near = c.swapaxes(1, 2).reshape(len(c), -1).take(rows, axis=1)  # (n_out, k+1, n_in, N)
    return np.einsum("jpin,pin->jin", near, slopes * basis.per_step)


def each(sums, c, slopes=True):
    """Nothing summed over inputs, at the x (n_in, N) of the last `sums.at(x)`; c is (n_out, n_in, M).

    Every B_m(x), (n_in, M, N); every edge's s and, if asked for, ds/dx, (n_out, n_in, N).
    """
    B = sums.functions()
    s = (np.ascontiguousarray(c.transpose(1, 0, 2)) @ B).transpose(1, 0, 2)  # one product an input: (n_out, M) (M, N)
    return B, s, sums.edge_slopes(c) if slopes else None


class Scatter:
    """k+1 values into a reused matrix of zeros F, silu into its last rows, then S = C F."""

    def __init__(self, basis, base):
        self.basis, self.base, self.F = basis, base, np.empty((0, 0))

    def at(self, x):
        rows, (n_in, N) = (self.basis.M + self.base) * len(x), x.shape
        if self.F.shape != (rows, N):
            self.F = np.empty((rows, N), dtype=x.dtype)
            self.cells = np.arange(n_in * N).reshape(x.shape)
        self.first, values, self.slopes = self.basis._local(x)
        self.places = self.first * x.size + self.cells  # of the first in F, read row after row: (n_in, N)
        self.F[: n_in * self.basis.M] = 0
        for p, value in enumerate(values):
            self.F.ravel()[p * x.size :][self.places] = value  # the next function's cells follow
        if self.base:
            self.x, self.sigmoid = x, sigmoid(x)
            self.silu = np.multiply(x, self.sigmoid, out=self.F[-n_in:])

    functions = Textbook.functions

    def edge_slopes(self, c):
        return _edge_slopes(self.basis, c, _rows(self.first, self.basis), self.slopes())

    def forward(self, C):
        return C @ self.F

    def grad_C(self, ds):
        return ds @ self.F.T

    def grad_x(self, C, ds):
        if len(ds) == 1:  # a product with one row is no matter for BLAS: fetch the coefficients, as `Gather` does
            near = C[0].take(_rows(self.first, self.basis)) * ds
            reaching = C[:, -len(self.first) :].T * ds
        else:
            reaching = C.T @ ds  # ((M + base) n_in, N), of which k+1 cells count for a sample, and silu's
            near = np.empty((self.basis.order + 1, *self.places.shape), dtype=ds.dtype)
            for p, part in enumerate(near):
                reaching.ravel()[p * part.size :].take(self.places, out=part, mode="clip")
        dx = np.einsum("pin,pin->in", near, self.slopes()) * self.basis.per_step
        if self.base:
            dx += reaching[-len(dx) :] * _silu_slope_at(self)
        return dx

    def tangent(self, C, dC, dx):
        dS = dC @ self.F
        if dx is None:
            return dS
        moved = np.zeros_like(self.F)  # each function's change, where F has its value
        for p, change in enumerate(self.slopes() * (self.basis.per_step * dx)):
            moved.ravel()[p * dx.size :][self.places] = change
        if self.base:
            moved[-len(dx) :] = _silu_slope_at(self) * dx
        return dS + C @ moved


class Gather:
    """k+1 coefficients fetched for every sample: no matrix, no zeros, no G."""

    def __init__(self, basis, base):
        self.basis, self.base = basis, base

    def at(self, x):
        first, self.values, self.slopes = self.basis._local(x)
        self.columns, self.F = _rows(first, self.basis), None
        if self.base:
            self.x, self.sigmoid = x, sigmoid(x)
            self.silu = x * self.sigmoid

    def functions(self):
        """Here the matrix of mostly zeros is made after all; it is kept, for samples that last."""
        if self.F is None:
            _, n_in, N = self.columns.shape
            self.F = np.zeros((self.basis.M, n_in, N), dtype=self.values.dtype)
            self.F.ravel()[self.columns * N + np.arange(N)] = self.values
        return self.F.transpose(1, 0, 2)

    def edge_slopes(self, c):
        return _edge_slopes(self.basis, c, self.columns, self.slopes())

    def forward(self, C):
        self.near = C.take(self.columns, axis=1)  # (n_out, k+1, n_in, N)
        return self._sum(C, self.near)

    def _sum(self, C, near):
        S = np.einsum("jpin,pin->jn", near, self.values)
        return S + C[:, -len(self.silu) :] @ self.silu if self.base else S

    def grad_C(self, ds):
        """bincount adds up, column by column, what the samples of that interval send back."""
        columns, size = self.columns.ravel(), len(self.basis.grid) * self.basis.M
        dC = np.empty((len(ds), size + self.base * len(self.basis.grid)), dtype=ds.dtype)
        for dC_j, d in zip(dC, ds, strict=True):
            dC_j[:size] = np.bincount(columns, (self.values * d).ravel(), size)
        if self.base:
            dC[:, size:] = ds @ self.silu.T
        return dC

    def grad_x(self, C, ds):
        dx = np.einsum("jn,jpin,pin->in", ds, self.near, self.slopes()) * self.basis.per_step
        if self.base:
            dx += (C[:, -len(dx) :].T @ ds) * _silu_slope_at(self)
        return dx

    def tangent(self, C, dC, dx):
        dS = self._sum(dC, dC.take(self.columns, axis=1))
        if dx is None:
            return dS
        dS += np.einsum("jpin,pin->jn", self.near, self.slopes() * (self.basis.per_step * dx))
        return dS + C[:, -len(dx) :] @ (_silu_slope_at(self) * dx) if self.base else dS
