"""Given a curve as points, the a, b, c, d that bring a f(b x + c) + d closest to it.

a and d are easy: for given b and c they are a straight line's slope and intercept through the points (f(b x + c), y),
and how well that line does is known before it is drawn (variable projection). So b and c are first looked for on a
grid, all at once, and the best few are then refined with all four (Gauss-Newton with Levenberg's damping).
"""

from typing import NamedTuple

import numpy as np

from kan_edu.checks.arrays import check_finite

from .families import family

POINTS = 120                                     # of the curve, for the grid; the refinement uses all of them
SHIFTS = np.concatenate([-np.geomspace(20, 1.02, 24), np.linspace(-1, 1, 41), np.geomspace(1.02, 20, 24)])
SCALES = np.geomspace(0.1, 20, 40)               # of an x that is scaled to [-1, 1]
TRIED = 4                                        # places on the grid from which the refinement sets out


class CurveFit(NamedTuple):
    """a, b, c as an array (3,), the constant d, and r2 = 1 - |error|^2 / |y - mean|^2."""

    params: np.ndarray
    constant: float
    r2: float


def fit_curve(name, x, y):
    """The best a f(b x + c) + d for y (N,) at x (N,); None if f has no domain that holds all of x.

    Of a, b, c those that the family calls redundant stay 1 or -1 (b) and 0 (c). Raises ValueError for an unknown name,
    shapes that differ, NaN or inf.

    >>> x = np.linspace(0, 1, 50)
    >>> fit = fit_curve("exp", x, 3 * np.exp(-2 * x) + 1)
    >>> fit.params.round(6), round(fit.constant, 6)
    (array([ 3., -2.,  0.]), 1.0)
    """
    one, x, y = family(name), np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    if x.ndim != 1 or x.shape != y.shape or x.size == 0:
        raise ValueError(f"x has shape {x.shape} and y {y.shape}; expected the points of one curve, both (N,), N > 0")
    check_finite(x, "x"), check_finite(y, "y")
    with np.errstate(all="ignore"):
        fits = [_refine(one, start, x, y) for start in _starts(one, x, y)]
    fits = [fit for fit in fits if fit is not None]
    return max(fits, key=lambda fit: fit.r2, default=None)


def _starts(one, x, y):
    """The best places (b, c) of the grid, at most TRIED, best first."""
    few = np.unique(np.linspace(0, len(x) - 1, POINTS).astype(int)) if len(x) > POINTS else slice(None)
    order = np.argsort(x)
    x_few, y_few = x[order][few], y[order][few]
    b, c = _grid(one, x.min(), x.max())
    u = b[:, None] * x_few + c[:, None]                                             # (places, points)
    score = _projected(one.f(u), y_few)
    bad = ~one.valid(b * x.min() + c) | ~one.valid(b * x.max() + c) | ~one.valid(u).all(axis=1) | ~np.isfinite(score)
    score[bad] = -1
    best = np.argsort(-score, kind="stable")[:TRIED]
    return [(b[n], c[n]) for n in best if score[n] >= 0]


def _grid(one, low, high):
    """Places (b, c) to try: two arrays. With x = middle + half t, t runs from -1 to 1."""
    middle, half = (low + high) / 2, (high - low) / 2 or 1.0
    if not one.scales:
        shifts = SHIFTS * half if one.shifts else np.zeros(1)
        b = np.repeat([1.0, -1.0] if one.shifts else [1.0], len(shifts))
        shifts = np.tile(shifts, len(b) // len(shifts))
        return b, shifts - b * middle if one.shifts else shifts
    scales = np.concatenate([-SCALES, SCALES]) / half
    if not one.shifts:
        return scales, np.zeros_like(scales)
    places = np.linspace(-1, 1, 25)
    b, place = np.meshgrid(SCALES, places, indexing="ij")
    b, c = b.ravel(), (place * np.maximum(b + 2, np.pi / 2)).ravel()               # in t: u = b t + c
    return b / half, c - b / half * middle


def _projected(f, y):
    """The share of y's variance that the best a f + d explains, for each row of f (places, points): (places,)."""
    f = f - f.mean(axis=1, keepdims=True)
    y = y - y.mean()
    spread = (f * f).sum(axis=1)
    share = np.divide((f @ y) ** 2, spread * (y @ y), out=np.zeros(len(f)), where=spread * (y @ y) > 0)
    return np.where(np.isfinite(spread), share, np.nan)


def _line(f, y):
    """a and d of the straight line through (f, y)."""
    f0 = f - f.mean()
    spread = f0 @ f0
    a = (f0 @ (y - y.mean())) / spread if spread > 0 else 0.0
    return a, y.mean() - a * f.mean()


def _refine(one, start, x, y, steps=60):
    """Gauss-Newton with damping on a, d and those of b, c that are free, from start = (b, c); a CurveFit."""
    b, c = start
    a, d = _line(one.f(b * x + c), y)
    p, damping = np.array([a, b, c, d]), 1e-3
    r = _error(one, p, x, y)
    for _ in range(steps if r is not None else 0):
        better, damping = _step(one, p, r, x, y, damping)
        if better is None:
            break
        before, (p, r) = r @ r, better
        if before - r @ r <= 1e-14 * before:
            break
    if r is None:
        return None
    spread = ((y - y.mean()) ** 2).sum()
    return CurveFit(p[:3], float(p[3]), float(1 - r @ r / spread) if spread > 0 else 1.0)


def _step(one, p, r, x, y, damping):
    """One step that lowers |r|^2: ((p, r) after it, damping), or (None, damping) if there is none."""
    u = p[1] * x + p[2]
    slope, free = p[0] * one.slope(u), np.array([True, one.scales, one.shifts, True])
    J = np.stack([one.f(u), x * slope, slope, np.ones_like(x)], axis=1)[:, free]
    size = np.sqrt((J * J).sum(axis=0))
    J = J / size
    if not np.isfinite(J).all():
        return None, damping
    A, g, step = J.T @ J, J.T @ r, np.zeros(4)
    while damping < 1e12:
        step[free] = np.linalg.solve(A + damping * np.eye(len(A)), -g) / size
        new = _error(one, p + step, x, y)
        if new is not None and new @ new < r @ r:
            return (p + step, new), max(damping / 10, 1e-14)
        damping *= 10
    return None, damping


def _error(one, p, x, y):
    """a f(b x + c) + d - y, or None where f is not defined or overflows."""
    u = p[1] * x + p[2]
    if not one.valid(u).all():
        return None
    r = p[0] * one.f(u) + p[3] - y
    return r if np.isfinite(r).all() else None
