"""Finding a spline's coefficients: from data by least squares, from a coarser spline exactly.

Source: C. de Boor, A Practical Guide to Splines (1978), chapters XI and XIV; W. Boehm, Inserting new
knots into B-spline curves, Computer-Aided Design 12 (1980).
"""

import numpy as np

from kan_edu.checks.arguments import check_number, check_room
from kan_edu.checks.arrays import check_vector, numbers

from .bspline import basis
from .knots import checked, ends


def fit(x, y, t, k, ridge=None):
    """The coefficients c (G+k,) that minimise mean (s(x) - y)^2 + ridge * scale * |c|^2.

    x is (N,), y is (N,), or (N, q) for q curves at once (then c is (G+k, q)). `scale` is the mean square of a basis
    function over the samples, so that ridge is a pure number. A ridge settles coefficients that samples hardly reach,
    which would otherwise run away; ridge = 0 takes the solution of least norm.

    None: each curve's ridge is measured. First fit y - mean(y) with next to none. What is left over is noise; a
    coefficient is about as large as the data. Those two mean squares, divided, weigh |c - mean(y)|^2 / N: the most
    probable curve, if noise and coefficients are normally distributed. So exact data are met as if there was no ridge.
    It is 1e-4 at most, since a curve that is too stiff for the data leaves over more than noise; and 1e-4 if there are
    no more samples than coefficients, when nothing is left over.

    Raises ValueError for NaN, inf, x and y of different length, samples outside the knots' domain, a negative ridge,
    and for more samples, curves or coefficients than 2 GiB hold.
    """
    x, y, (t, k) = check_vector(x, "x"), numbers(y, "y"), checked(t, k)
    if y.ndim not in (1, 2) or len(x) != len(y) or y.size == 0:
        raise ValueError(f"x has shape {x.shape} and y {y.shape}; expected N > 0 numbers in x and N rows in y")
    ridge = None if ridge is None else check_number(ridge, "ridge", 0, example=1e-6)
    A = basis(_inside(x, t, k), t, k)  # (N, G+k)
    power = np.frexp(np.abs(y).max(axis=0))[1]  # by a power of two, exactly, or squares of 1e170 would be inf
    return _finite(np.ldexp(_fit(A, np.ldexp(y, -power), ridge), power))


def _fit(A, y, ridge):
    """`fit` with the basis functions at the samples, A (N, G+k), for y of about 1."""
    check_room(3 * A.size + 4 * y.size, f"{A.shape[1]} coefficients from {len(A)} samples", "take fewer at once")
    scale = (A**2).sum() / A.shape[1]
    parts = np.linalg.svd(A, full_matrices=False)
    if ridge is not None:
        return _solve(parts, y, min(ridge, MOST_RIDGE) * scale)
    mean = y.mean(axis=0)
    y = y - mean
    spare, signal = len(y) - A.any(axis=0).sum(), (y**2).mean(axis=0)
    noise = ((A @ _solve(parts, y, LEAST * scale) - y) ** 2).sum(axis=0) / spare if spare > 0 else signal
    share = np.divide(noise, signal, out=np.zeros_like(signal), where=signal > 0)
    return _solve(parts, y, np.clip(share, LEAST * scale, MOST * scale)) + mean


LEAST, MOST = 1e-12, 1e-4  # of the ridge that is measured
MOST_RIDGE = 1e200  # one that is larger leaves as little of the curve, and its weight would be inf


def _finite(c):
    """c, or a ValueError if float64 cannot hold it."""
    if not np.isfinite(c).all():
        raise ValueError("the coefficients leave the range of float64, up to 1.8e308; scale y down first")
    return c


def _inside(x, t, k):
    """x, or a ValueError if a sample lies beyond the domain by more than rounding: there is no curve to be fitted."""
    lo, hi = ends(t, k)
    nearest = np.clip(x, lo, hi)
    outside = int((np.abs(x - nearest) > 1e-9 * (hi - lo)).sum())
    if outside:
        raise ValueError(f"{outside} of {len(x)} samples lie outside the knots' domain [{lo}, {hi}]; leave them out, "
                         "x[(lo <= x) & (x <= hi)] and y likewise, or choose knots that reach as far")  # fmt: skip
    return nearest


def _solve(parts, y, weight):
    """The c with least |A c - y|^2 + weight |c|^2, from A = U diag(s) V'; a weight for each curve, if there are many.

    Along a singular vector c is s / (s^2 + weight) times what y has there. A'A, and with it the square of the
    condition number, is never formed.
    """
    U, s, Vt = parts
    s = s[:, None] if y.ndim > 1 else s
    gain = np.divide(s, s**2 + weight, out=np.zeros(np.broadcast(s, weight).shape), where=s > 1e-14 * len(U) * s.max())
    return Vt.T @ (gain * (U.T @ y))


def insert_knot(c, t, k, x):
    """Add the knot x without changing the curve: c (..., G+k), t (G+2k+1,) -> both one longer.

    Boehm: the new coefficients are averages of neighbours, c'_m = a_m c_m + (1 - a_m) c_{m-1} with
    a_m = (x - t_m) / (t_{m+k} - t_m), cut to [0, 1]. So far from x nothing changes.
    Raises ValueError for an x outside the domain, whose end it would move, or one that already stands k+1 times, and
    for a number of coefficients other than the knots need.
    """
    c, (t, k), x = numbers(c, "c"), checked(t, k), check_number(x, "the new knot")
    lo, hi = ends(t, k)
    if not lo <= x <= hi:
        raise ValueError(f"the new knot {x} lies outside the domain [{lo}, {hi}], and would move its end; "
                         "choose one inside, or make new knots and fit again")  # fmt: skip
    if c.shape[-1:] != (len(t) - 1 - k,):
        raise ValueError(f"c has shape {c.shape}; {len(t)} knots of degree {k} need (..., {len(t) - 1 - k})")
    c, t = _insert(c, t, k, x)
    return _finite(c), t


def _insert(c, t, k, x):
    """`insert_knot` for an x anywhere between the first knot and the last; the curve on the domain stays."""
    if (t == x).sum() > k:
        raise ValueError(f"the knot {x} already stands k+1 = {k + 1} times, as often as degree {k} allows; "
                         "choose another place")  # fmt: skip
    n = c.shape[-1]
    left, width = t[: n + 1], t[k : n + k + 1] - t[: n + 1]
    a = np.where(width > 0, np.clip((x - left) / np.where(width > 0, width, 1), 0, 1), x >= left)
    none = np.zeros((*c.shape[:-1], 1))
    c_new = a * np.concatenate([c, none], axis=-1) + (1 - a) * np.concatenate([none, c], axis=-1)
    return c_new, np.insert(t, np.searchsorted(t, x, side="right"), x)


def refine(c, t, k, t_new):
    """The same curve on finer knots: c (..., G+k) on t -> c (..., G_new+k) on t_new, exact on the domain.

    Raises ValueError when t_new leaves out a knot that t has inside the domain, or has another domain; and for more
    than 20,000 new knots, or a number of coefficients other than the knots need.
    """
    c, (t, _), (t_new, k) = numbers(c, "c"), checked(t, k), checked(t_new, k)
    if c.shape[-1:] != (len(t) - 1 - k,):
        raise ValueError(f"c has shape {c.shape}; {len(t)} knots of degree {k} need (..., {len(t) - 1 - k})")
    if len(t_new) > MOST_KNOTS:  # each goes in by itself, past all others
        raise ValueError(f"there are {len(t_new)} new knots; expected at most {MOST_KNOTS}: fit new coefficients")
    (lo, hi), close = ends(t, k), 1e-9 * (t[-1] - t[0])
    _check_refined(np.abs(np.subtract(ends(t_new, k), (lo, hi))).max() <= close, lo, hi)
    copies = lambda knots, x: int((np.abs(knots - x) <= close).sum())  # noqa: E731
    target = t_new
    for x in np.unique(t_new):
        while t[0] <= x <= t[-1] and copies(t, x) < copies(target, x):
            c, t = _insert(c, t, k, x)
    # Knots outside the domain shape no curve on it, except the k nearest: keep the window around lo.
    start = np.searchsorted(t, lo + close) - np.searchsorted(t_new, lo + close)
    window = t[max(start, 0) : start + len(t_new)]
    whole = start >= 0 and len(window) == len(t_new)
    _check_refined(whole and np.abs(window - t_new).max() <= close, lo, hi)
    return _finite(c[..., start : start + len(t_new) - 1 - k])


MOST_KNOTS = 20_000


def _check_refined(refined, lo, hi):
    """The ValueError of `refine`, unless the new knots refine the old."""
    if not refined:
        raise ValueError(f"the new knots are no refinement of the old on [{lo}, {hi}]: keep every old knot and the "
                         "same range (divide each interval into equal parts)")  # fmt: skip
