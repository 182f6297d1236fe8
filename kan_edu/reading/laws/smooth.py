"""A smooth model of the data, to see which functions of each input they need: products of Legendre polynomials.

Fitted by linear least squares, so it has no poor valleys. Written as sum_r f_r(x_i) g_r(others) it tells how many
functions f_r of x_i there are, and which space they span (a singular value decomposition): the edges to be named.
"""

from itertools import combinations

import numpy as np

WIDE, CROWDED = 15.0, 0.2  # the largest value is so many times the smallest, and half of them lie in that share
MOST = 300  # coefficients; 180 do for one or two inputs
VALUES = 7  # different values of a column, up to which it has few


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


def grouped(n, groups, most):
    """Exponents that mix inputs of the same group only, so that the degree may be higher: (p, n)."""
    index = {(0,) * n: None}
    for group in groups:
        for part in exponents(len(group), highest_degree(len(group), most // len(groups))):
            row = np.zeros(n, dtype=int)
            row[list(group)] = part
            index[tuple(row.tolist())] = None
    return np.array(sorted(index, key=sum))


def solve(G, g):
    """G x = g, with as much of the identity as rounding hides."""
    A = G + 1e-13 * G.diagonal().max() * np.eye(len(g))
    try:
        return np.linalg.solve(A, g)
    except np.linalg.LinAlgError:  # weights that underflow leave nothing of G, as behind 1/y of a very large y
        return np.linalg.lstsq(A, g, rcond=None)[0]


def few_values(x):
    """The values of a column x (N,) that has few of them, each about four times or more, in rising order; else None."""
    found = np.unique(x)
    return found if len(found) <= min(VALUES, len(x) // 4) else None


class Smooth:
    """The design matrix of N samples, and fits of several targets on it. X (N, n).

    groups, such as [(0, 1), (2, 3)], makes the model a sum of functions of x_0, x_1 and of x_2, x_3.
    """

    def __init__(self, X, most=None, groups=None):
        self.lo, self.hi = X.min(axis=0), X.max(axis=0)
        self.few = [few_values(x) for x in X.T]
        crowded = np.median(X, axis=0) < self.lo + CROWDED * (self.hi - self.lo)  # half of the samples lie below
        self.wide = (self.lo > 0) & (self.hi > WIDE * self.lo) & crowded & [values is None for values in self.few]
        n = X.shape[1]
        most = max(n + 1, min(most or (MOST if n > 2 else 180), len(X) // 4))
        self.groups = groups or [tuple(range(n))]
        many = [np.inf if values is None else len(values) for values in self.few]
        self.index = grouped(n, self.groups, most)  # (p, n)
        self.index = self.index[(self.index < many).all(axis=1)]  # k values: powers from the k-th on say nothing new
        self.degree = int(self.index.max())
        self.A = self.design(X)

    def scaled(self, X):
        """Each column to [-1, 1]; a wide one by its logarithm, or a few large values would stand alone."""
        lo, hi, X = (np.where(self.wide, np.log(np.where(self.wide, v, 1)), v) for v in (self.lo, self.hi, X))
        return 2 * (X - lo) / (hi - lo) - 1

    def design(self, X):
        A = 1.0
        for i, P in enumerate(self.functions(X, self.degree)):
            A = A * P[:, self.index[:, i]]
        return A

    def functions(self, X, degree):
        """Of each column, polynomials up to a degree, orthonormal where it has values: n times (N, degree+1).

        Uniform on [-1, 1], they are Legendre's; on k values there are k of them, the rest is 0.
        """
        out = []
        for i, t in enumerate(self.scaled(X).T):
            P = legendre(t, degree)
            if self.few[i] is not None:
                k = min(len(self.few[i]), degree + 1)
                at = 2 * (self.few[i] - self.lo[i]) / (self.hi[i] - self.lo[i]) - 1
                R = np.linalg.qr(legendre(at, k - 1) / np.sqrt(len(at)), mode="r")
                P[:, :k] = P[:, :k] @ np.linalg.inv(R * np.sign(R.diagonal())[:, None])
                P[:, k:] = 0
            out.append(P)
        return out

    def line(self, i, degree):
        """(values, functions there (m, degree)) of an input with few values, for `atoms.Line`; None of another."""
        if self.few[i] is None:
            return None
        X = np.repeat(self.lo[None], len(self.few[i]), axis=0)
        X[:, i] = self.few[i]
        return self.few[i], self.functions(X, degree)[i][:, 1:]

    def fit(self, z, weights, most=None):
        """The total degree, at most `most`, that every fifth sample finds best, and the fit of that degree.

        Minimises sum_n (weights_n (A c - z)_n)^2. Returns c (p,), degree, and the error on those samples (weighted RMS)
        of a fit to the others. The equations of all degrees are corners of one matrix.
        """
        test = np.arange(len(z)) % 5 == 0
        A, b, sums = self.A * weights[:, None], weights * z, self.index.sum(axis=1)
        G_test, G_rest = (A[part].T @ A[part] for part in (test, ~test))
        g_test, g_rest = (A[part].T @ b[part] for part in (test, ~test))
        best, degree, weight = np.inf, 1, np.sqrt((weights[test] ** 2).sum())
        top = int(sums.max())
        for d in sorted({1, 2, 3, 4, 5, 7, 10, 2 * top // 3, top}):
            if d <= (most or top):
                p = int((sums <= d).sum())
                r = A[test, :p] @ solve(G_rest[:p, :p], g_rest[:p]) - b[test]
                error = np.sqrt(r @ r) / weight
                if error < 0.98 * best:
                    best, degree = error, d
        p, c = int((sums <= degree).sum()), np.zeros(len(sums))
        G = (G_rest + G_test)[:p, :p]
        c[:p] = solve(G, (g_rest + g_test)[:p])
        c[:p] += solve(G, A[:, :p].T @ (b - A[:, :p] @ c[:p]))  # what the normal equations lost to rounding
        return c, degree, best

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
