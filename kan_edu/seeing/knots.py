"""Where a spline is drawn: at which points, at which knots it may end, and where its coefficients stand."""

import numpy as np

from kan_edu.checks.arguments import check_integer
from kan_edu.splines.bspline import basis as basis_values
from kan_edu.splines.bspline import check_knots, domain

from .canvas import GREY, check_axes, check_drawable


def greville(t, k):
    """Where coefficient c_m is drawn: the mean of the knots t_{m+1} .. t_{m+k} inside B_m; (G+k,).

    A spline with c_m = greville(t, k)[m] is the straight line s(x) = x. For k = 0: the middle of the piece.
    Raises ValueError for knots that are none.

    >>> greville([-1, 0, 1, 2], 1)
    array([0., 1.])
    """
    t, k = check_knots(t, k), int(k)
    if k == 0:
        return t[1:] / 2 + t[:-1] / 2
    return np.convolve(t[1:-1], np.ones(k) / k, mode="valid")


def curve_points(t, k, n=300):
    """x (P,) on the domain with every knot in it, and breaks (P,): True where a line must end at a jump.

    n equal steps, at least 2 points. Raises ValueError for knots that are none, or that leave every picture.
    """
    t, k, n = check_drawable(check_knots(t, k), "the knot vector"), int(k), check_integer(n, "n", 2, 10**6)
    lo, hi = domain(t, k)
    knots, times = np.unique(t, return_counts=True)
    inside = (lo < knots) & (knots < hi)
    before = np.nextafter(knots[inside], -np.inf)   # the left limit, as far as float64 can tell
    jumps = before[times[inside] > k]
    x = np.concatenate([np.linspace(lo, hi, n), knots[inside], before, jumps])
    order = np.argsort(x, kind="stable")
    breaks = np.concatenate([np.zeros(len(x) - len(jumps), dtype=bool), np.ones(len(jumps), dtype=bool)])
    return x[order], breaks[order]


def basis_curves(t, k, n=300):
    """x (P,) and the basis functions there (P, G+k); NaN, which draws nothing, off the support, at jumps.

    Raises ValueError as `curve_points` does.
    """
    x, breaks = curve_points(t, k, n)
    t, k = check_knots(t, k), int(k)
    values = basis_values(x, t, k)
    off = (x[:, None] < t[: -k - 1]) | (x[:, None] > t[k + 1 :])   # B_m lives on [t_m, t_{m+k+1}]
    values[off | breaks[:, None]] = np.nan
    return x, values


def smoothness(times, k):
    """What a knot that stands `times` times leaves of the smoothness of a curve of degree k, in words.

    >>> smoothness(1, 3), smoothness(2, 1)
    ('C²', 'jump')
    """
    order = check_integer(k, "k", 0, 10**9) - check_integer(times, "times", 1, 10**9)
    return "jump" if order < 0 else "C" + "⁰¹²³⁴⁵⁶⁷⁸⁹"[order] if order < 10 else f"C^{order}"


def show_knots(t, k, ax):
    """Knots of the domain as thin vertical lines and ticks; a repeated knot is thicker and says how often."""
    t, k, ax = check_knots(t, k), int(k), check_axes(ax)
    lo, hi = domain(t, k)
    knots, times = np.unique(t, return_counts=True)
    inside = (lo <= knots) & (knots <= hi)
    for x, r in zip(knots[inside], times[inside], strict=True):
        ax.axvline(x, color=GREY, lw=0.6 if r == 1 else 1.8, zorder=0.5)
    names, last = [], -np.inf
    for x, r in zip(knots[inside], times[inside], strict=True):
        crowded = x - last < 0.055 * (hi - lo)   # a label here would run into the one before
        names.append("" if crowded else f"{x:.2g}" + (f"\n×{r}" if r > 1 else ""))
        last = last if crowded else x
    ax.set_xticks(knots[inside], names)
    ax.set_xlim(lo - 0.02 * (hi - lo), hi + 0.02 * (hi - lo))
