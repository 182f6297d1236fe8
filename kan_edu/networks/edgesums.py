"""The sum of all edges, S_{n,j} = sum_{i,m} C_{j,i,m} B_m(x_{n,i}), and its two derivatives, three ways.

`Textbook` is the formula with every basis function written out; it takes any basis. Of G+k B-splines only
k+1 are not zero at x, and the two others use that. `Scatter` writes those k+1 values into a matrix
of zeros and lets one matrix product do the sum; `Gather` fetches the k+1 coefficients instead, so that
its cost does not grow with G at all. Per sample and input, Gather reads n_out (k+1) coefficients, Scatter
clears G+k zeros: the smaller number decides which one a layer uses (`choose`).

All three work on columns of samples: x (n_in, N) and s, ds (n_out, N), so that the arrays' fast axis is the
long one. They offer forward(C, x), grad_C(ds), grad_x(C, ds), with C of shape (n_out, n_in * M).
"""

import numpy as np

# glibc hands every block above 128 kB back to the system when it is freed, and the next one costs page
# faults again: a third of a step on wide layers. Freeing one large block, never touched, makes it keep them:
# man 3 mallopt, "dynamic mmap threshold". Elsewhere this line does nothing.
_block = np.empty(2**21)
del _block


def choose(basis, n_out):
    """The form that is fastest for this basis and number of outputs (see the module's first lines)."""
    if not hasattr(basis, "local"):
        return Textbook(basis)
    return Gather(basis) if n_out * (basis.order + 1) <= basis.M else Scatter(basis)


class Textbook:
    """Every basis function at every sample: matrix products on arrays that are mostly zeros."""

    def __init__(self, basis):
        self.basis = basis

    def forward(self, C, x):
        values, self.slopes = self.basis.both(x.T)  # (N, n_in, M)
        self.values = values.reshape(x.shape[1], -1)
        return C @ self.values.T

    def grad_C(self, ds):
        """dL/dC_{j,i,m} = sum_n ds_{j,n} B_m(x_{i,n})."""
        return ds @ self.values

    def grad_x(self, C, ds):
        """dL/dx_{i,n} = sum_m B'_m(x_{i,n}) sum_j ds_{j,n} C_{j,i,m}."""
        reaching = (ds.T @ C).reshape(self.slopes.shape)
        return np.einsum("nim,nim->in", reaching, self.slopes)


def _first_column(first, M):
    """Which of the n_in * M columns of C the first of the k+1 functions is: (n_in, N), for each input and sample."""
    return first + M * np.arange(len(first))[:, None]


def each(basis, c, x):
    """Nothing summed over inputs: c (n_out, n_in, M), x (n_in, N) -> every B_m(x), every edge's s and ds/dx.

    Their shapes are (N, n_in, M), (N, n_out, n_in), (N, n_out, n_in).
    """
    if not hasattr(basis, "local"):
        B, slopes = basis.both(x.T)
        return B, np.einsum("nim,jim->nji", B, c), np.einsum("nim,jim->nji", slopes, c)
    first, values, slopes = basis.local(x)
    columns = _first_column(first, basis.M) + np.arange(basis.order + 1)[:, None, None]  # (k+1, n_in, N)
    B = np.zeros((x.shape[1], x.shape[0] * basis.M))
    B[np.arange(x.shape[1]), columns] = values
    near = c.reshape(len(c), -1).take(columns, axis=1)  # (n_out, k+1, n_in, N)
    s, ds = (np.einsum("jpin,pin->nji", near, f) for f in (values, slopes * basis.per_step))
    return B.reshape(x.shape[1], x.shape[0], basis.M), s, ds


class Scatter:
    """k+1 values into a reused matrix of zeros D (n_in M, N), then s = C D."""

    def __init__(self, basis):
        self.basis = basis
        self.D = np.zeros((0, 0))

    def forward(self, C, x):
        first, values, self.slopes = self.basis.local(x)
        N = x.shape[1]
        steps = N * np.arange(self.basis.order + 1)[:, None, None]
        self.places = _first_column(first, self.basis.M) * N + np.arange(N) + steps  # (k+1, n_in, N)
        if self.D.shape != (C.shape[1], N):
            self.D = np.zeros((C.shape[1], N))
        self.D.fill(0)
        self.D.ravel()[self.places] = values
        return C @ self.D

    def grad_C(self, ds):
        return ds @ self.D.T

    def grad_x(self, C, ds):
        reaching = C.T @ ds  # (n_in M, N), of which k+1 places per input and sample count
        return (reaching.ravel()[self.places] * self.slopes).sum(axis=0) * self.basis.per_step


class Gather:
    """k+1 coefficients fetched for every sample: no matrix, no zeros, no G."""

    def __init__(self, basis):
        self.basis = basis

    def forward(self, C, x):
        first, self.values, self.slopes = self.basis.local(x)
        steps = np.arange(self.basis.order + 1)[:, None, None]
        self.columns = _first_column(first, self.basis.M) + steps  # (k+1, n_in, N)
        self.size = C.shape[1]
        self.C = C.take(self.columns, axis=1)  # (n_out, k+1, n_in, N)
        return np.einsum("jpin,pin->jn", self.C, self.values)

    def grad_C(self, ds):
        """bincount adds up, column by column, what the samples of that interval send back."""
        columns = self.columns.ravel()
        return np.stack([np.bincount(columns, (self.values * d).ravel(), self.size) for d in ds])

    def grad_x(self, C, ds):
        dx = 0
        for C_j, d in zip(self.C, ds, strict=True):  # C_j (k+1, n_in, N)
            dx = dx + d * (C_j * self.slopes).sum(axis=0)
        return dx * self.basis.per_step
