"""Finding a spline's coefficients: from data by least squares, from a coarser spline exactly.

Source: C. de Boor, A Practical Guide to Splines (1978), chapters XI and XIV; W. Boehm, Inserting new
knots into B-spline curves, Computer-Aided Design 12 (1980).
"""

import numpy as np

from kan_edu.checks import check_number, numbers

from .bspline import basis, check_knots, domain


def fit(x, y, t, k, ridge=1e-12):
    """The coefficients c (G+k,) that minimise mean (s(x) - y)^2 + ridge * scale * |c|^2.

    x is (N,), y is (N,), or (N, q) for q curves at once (then c is (G+k, q)). `scale` is the mean square
    of a basis function over the samples, so that ridge is a pure number. A ridge settles coefficients
    that no sample reaches; ridge = 0 takes the solution of least norm.

    Raises ValueError for NaN, inf, or x and y of different length.
    """
    x, y = numbers(x, "x"), numbers(y, "y")
    if x.ndim != 1 or len(x) == 0 or len(x) != len(y):
        raise ValueError(f"x has shape {x.shape} and y {y.shape}; expected N > 0 numbers in x and N rows in y")
    A = basis(x, t, k)  # (N, G+k)
    if not A.any():
        raise ValueError(f"no sample lies on the knots' domain {domain(t, k)}; check the range of x")
    # Rows sqrt(ridge) I below A: the same minimum as (A'A + ridge I) c = A'y, without squaring the
    # condition number by forming A'A.
    weight = np.sqrt(ridge * (A**2).sum() / A.shape[1])
    A = np.vstack([A, weight * np.eye(A.shape[1])])
    y = np.concatenate([y, np.zeros((A.shape[1], *y.shape[1:]))])
    return np.linalg.lstsq(A, y, rcond=None)[0]


def insert_knot(c, t, k, x):
    """Add the knot x without changing the curve: c (..., G+k), t (G+2k+1,) -> both one longer.

    Boehm: the new coefficients are averages of neighbours, c'_m = a_m c_m + (1 - a_m) c_{m-1} with
    a_m = (x - t_m) / (t_{m+k} - t_m), cut to [0, 1]. So far from x nothing changes.
    Raises ValueError for an x outside the knots, or one that already stands k+1 times.
    """
    c, t, x = numbers(c, "c"), check_knots(t, k), check_number(x, "the new knot")
    if not t[0] <= x <= t[-1]:
        raise ValueError(f"the new knot {x} lies outside the knots [{t[0]}, {t[-1]}]")
    if (t == x).sum() > k:
        raise ValueError(f"the knot {x} already stands k+1 = {k + 1} times, as often as degree {k} allows")
    n = c.shape[-1]
    left, width = t[: n + 1], t[k : n + k + 1] - t[: n + 1]
    a = np.where(width > 0, np.clip((x - left) / np.where(width > 0, width, 1), 0, 1), x >= left)
    none = np.zeros((*c.shape[:-1], 1))
    c_new = a * np.concatenate([c, none], axis=-1) + (1 - a) * np.concatenate([none, c], axis=-1)
    return c_new, np.insert(t, np.searchsorted(t, x, side="right"), x)


def refine(c, t, k, t_new):
    """The same curve on finer knots: c (..., G+k) on t -> c (..., G_new+k) on t_new, exact on the domain.

    Raises ValueError when t_new leaves out a knot that t has inside the domain, or has another domain.
    """
    c, t, t_new = numbers(c, "c"), check_knots(t, k), check_knots(t_new, k)
    (lo, hi), close = domain(t, k), 1e-9 * (t[-1] - t[0])
    copies = lambda knots, x: int((np.abs(knots - x) <= close).sum())  # noqa: E731
    target = t_new
    for x in np.unique(t_new):
        while t[0] <= x <= t[-1] and copies(t, x) < copies(target, x):
            c, t = insert_knot(c, t, k, x)
    # Knots outside the domain shape no curve on it, except the k nearest: keep the window around lo.
    start = np.searchsorted(t, lo + close) - np.searchsorted(t_new, lo + close)
    window, far = t[max(start, 0) : start + len(t_new)], np.abs(np.subtract(domain(t_new, k), (lo, hi))).max()
    if start < 0 or len(window) < len(t_new) or max(far, np.abs(window - t_new).max()) > close:
        raise ValueError(
            f"the new knots are no refinement of the old on [{lo}, {hi}]: "
            "keep every old knot and the same range (divide each interval into equal parts)"
        )
    return c[..., start : start + len(t_new) - 1 - k]
