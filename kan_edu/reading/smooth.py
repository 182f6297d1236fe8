"""A smooth model of the data, to see which functions of each input they need: products of Legendre polynomials.

Fitted by linear least squares, so it has no poor valleys. Written as sum_r f_r(x_i) g_r(others) it tells how many
functions f_r of x_i there are, and which space they span (a singular value decomposition): the edges to be named.
"""

from itertools import combinations

import numpy as np

MOST = 300  # coefficients


def legendre(t, degree):
    """sqrt(2d+1) P_d(t), d = 0 .. degree, orthonormal for uniform t in [-1, 1]: (N,) -> (N, degree+1)."""
    P = [np.ones_like(t), t]
    for d in range(1, degree):
        P.append(((2 * d + 1) * t * P[d] - d * P[d - 1]) / (d + 1))
    return np.stack(P[: degree + 1], axis=-1) * np.sqrt(2 * np.arange(degree + 1) + 1)


def exponents(n, degree):
    """All (d_1, ..., d_n) with sum <= degree, by rising sum: (p, n)."""
    bars = [np.array(places) for places in combinations(range(n + degree), n)]
    found = np.array([np.diff(places, prepend=-1) - 1 for places in bars])
    return found[np.argsort(found.sum(axis=1), kind="stable")]


def highest_degree(n, most):
    """The largest total degree with at most `most` coefficients; 24 for one variable."""
    degree, size = 1, n + 1
    while degree < 24 and size * (n + degree + 1) / (degree + 1) <= most:
        degree += 1
        size = size * (n + degree) // degree
    return degree


class Smooth:
    """The design matrix of N samples, and fits of several targets on it. X (N, n)."""

    def __init__(self, X, most=MOST):
        self.lo, self.hi = X.min(axis=0), X.max(axis=0)
        n = X.shape[1]
        self.degree = highest_degree(n, max(n + 1, min(most, len(X) // 4)))
        self.index = exponents(n, self.degree)  # (p, n)
        self.A = self.design(X)

    def scaled(self, X):
        return 2 * (X - self.lo) / (self.hi - self.lo) - 1

    def design(self, X):
        t, A = self.scaled(X), 1.0
        for i in range(X.shape[1]):
            A = A * legendre(t[:, i], self.degree)[:, self.index[:, i]]
        return A

    def fit(self, z, weights, degree=None):
        """Coefficients (p,) that make sum_n (weights_n (A c - z)_n)^2 smallest; those above `degree` are 0."""
        p = len(self.index) if degree is None else int((self.index.sum(axis=1) <= degree).sum())
        c = np.zeros(len(self.index))
        A = self.A[:, :p] * weights[:, None]
        G = A.T @ A
        G[np.diag_indices(p)] += 1e-13 * G.diagonal().max()
        c[:p] = np.linalg.solve(G, A.T @ (weights * z))
        r = weights * z - A @ c[:p]
        c[:p] += np.linalg.solve(G, A.T @ r)  # once more: what the normal equations lost to rounding
        return c

    def slopes(self, c, X):
        """The gradient of the fit at X: (N, n)."""
        t = self.scaled(X)
        h, out = 1e-5, []
        for i in range(X.shape[1]):
            step = np.zeros(X.shape[1])
            step[i] = h * (self.hi[i] - self.lo[i]) / 2
            up, down = (self.design(X + sign * step) @ c for sign in (1, -1))
            out.append((up - down) / (2 * step[i]))
        return np.stack(out, axis=1), t

    def span(self, c, i):
        """The functions of x_i in the fit beside the constant: (U (degree, r), s (r,)), columns of falling weight s."""
        rest = np.delete(self.index, i, axis=1)
        _, column = np.unique(rest, axis=0, return_inverse=True)
        table = np.zeros((self.degree + 1, column.max() + 1))
        table[self.index[:, i], column.ravel()] = c
        U, s, _ = np.linalg.svd(table[1:], full_matrices=False)
        return U, s
