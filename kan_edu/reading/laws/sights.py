"""Sights: what the data look like behind one outer function; for each input the span of the functions that it needs."""

from typing import NamedTuple

import numpy as np

from .outer import Undone, undone
from .smooth import solve

MOST_FUNCTIONS = 4  # of one input
DEGREE = 16  # of the functions in a product


class Sight(NamedTuple):
    """What the data look like behind one outer function (an `outer.Undone`).

    spans: for each input (U (degree, r), s (r,), tolerance): r functions, their weights, and how far from the span the
    right function may be. rank: how many functions all inputs need; error: of the smooth model, relative.
    """

    behind: Undone
    spans: list
    rank: int
    error: float


def look(smooth, y):
    """A Sight for each outer function that can be undone."""
    sights, most = [], None
    exact = smooth.fit(y, np.ones_like(y))[2] < 1e-5 * y.std()
    for behind in undone(y, exact):
        c, degree, error = smooth.fit(behind.z, behind.weights, most)
        if behind.outer.family == "x" and degree < 10:
            most = degree + 2  # noise: more would be lost on it
        sights.append(_sight(smooth, behind, c, degree, error))
    return sights


def _sight(smooth, behind, c, degree, error):
    """One span for each input; what is below the level of noise, or of what a polynomial can tell, is left out."""
    size = max(np.linalg.norm(c[1:]), 1e-9 * abs(c[0]), 1e-100)
    error = np.clip(error / size, 1e-15, 1e3)
    spans, rank, n = [], 0, smooth.index.shape[1]
    for i in range(n):
        U, s = smooth.span(c, i)
        rest = (smooth.index[:, np.arange(n) != i].sum(axis=1) <= degree).sum() / (degree + 1)
        noise = 2 * error * (np.sqrt(degree) + np.sqrt(rest)) / np.sqrt(len(behind.z))
        needed, level = _needed(s / size, max(noise, 1e-13), max(20 * error, 1e-13))
        s = s / size
        r, rank = int(np.clip(needed, 1, MOST_FUNCTIONS)), rank + needed
        spans.append((U[:, :r], s[:r], np.clip((level / max(s[r - 1], 1e-9)) ** 2 / 6, 1e-22, 1e-2)))
    return Sight(behind, spans, rank, error)


def _needed(s, noise, rough):
    """How many of the falling s are no noise, and the level they were told from.

    Errors of polynomials are no noise: they do not average out. Where that matters, the greater gap decides.
    """
    few, many = int((s > rough).sum()), int((s > noise).sum())
    if few == many or rough > 0.03 or few == 0:
        return many, noise
    s = np.append(s, 1e-16)
    return (few, rough) if s[few - 1] / s[few] > s[many - 1] / s[many] else (many, noise)


def look_at_product(V, smooth, y):
    """A Sight for each outer function behind which y may be f_1(v_1) f_2(v_2) ...; alternating least squares."""
    P = smooth.functions(V, DEGREE)
    for behind in undone(y):
        if behind.outer.family in ("x", "1/x", "sqrt", "x^2"):
            c, error = _factors(P, behind.z, behind.weights)
            tolerance = np.clip((10 * error) ** 2 / len(y), 1e-16, 1e-2)
            spans = [(a[1:, None] / np.linalg.norm(a[1:]), np.ones(1), tolerance) for a in c]
            yield Sight(behind, spans, len(P), error)


def _factors(P, z, w):
    """Coefficients of each factor, and the relative error: all others fixed, the best factor is a linear problem."""
    f, c, last = [np.ones(len(z)) for _ in P], [None] * len(P), np.inf
    for _ in range(40):
        for i in range(len(P)):
            others = np.prod([f[j] for j in range(len(P)) if j != i], axis=0)
            A = P[i] * (others * w)[:, None]
            c[i] = solve(A.T @ A, A.T @ (w * z))
            f[i] = P[i] @ c[i]
        error = np.sqrt(np.mean((w * (np.prod(f, axis=0) - z)) ** 2) / np.mean((w * (z - z.mean())) ** 2))
        if error > 0.9 * last:
            break
        last = error
    return c, error
