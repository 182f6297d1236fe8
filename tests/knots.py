"""Random knot vectors for hypothesis, and the two ways by which a curve is looked at from the left."""

import numpy as np
from hypothesis import assume
from hypothesis import strategies as st

from kan_edu.splines import bspline


@st.composite
def knot_vectors(draw, ends=("clamped", "extended", "any"), least_k=0, max_k=5, max_intervals=5):
    """(t, k): interior knots that repeat up to k+1 times; the ends clamped, extended, or knots like all others."""
    k = draw(st.integers(least_k, max_k))
    end = draw(st.sampled_from(ends))
    steps = draw(st.lists(st.integers(1, 8), min_size=1, max_size=max_intervals))
    offset, scale = draw(st.sampled_from([(0, 1), (-3, 0.25), (100, 0.5), (0, 1e-3)]))
    grid = offset + scale * np.cumsum([0, *steps])
    if end == "any":  # the domain begins and ends wherever t_k and t_(G+k) happen to be
        grid = offset + scale * np.cumsum([0, *steps, *[1] * (2 * k + 1)])
    times = draw(st.lists(st.integers(1, k + 1), min_size=len(grid), max_size=len(grid)))
    if end != "any":
        times[0] = times[-1] = 1
    t = np.repeat(grid, times)
    if end == "clamped":
        t = bspline.clamped_knots(t, k)
    elif end == "extended":
        before, after = grid[0] - (grid[1] - grid[0]) * np.arange(k, 0, -1), grid[-1] - grid[-2]
        t = np.concatenate([before, t, grid[-1] + after * np.arange(1, k + 1)])
    assume(t[k] < t[-1 - k])
    return t, k


def points(t, k, per_interval=4):
    """Points on the whole domain: every knot in it, both ends, and some inside each interval; sorted."""
    lo, hi = bspline.domain(t, k)
    knots = np.unique(t[(lo <= t) & (t <= hi)])
    parts = [np.linspace(a, b, per_interval + 2)[1:-1] for a, b in zip(knots, knots[1:], strict=False)]
    return np.sort(np.concatenate([knots, *parts]))


def inner_knots(t, k):
    """The knots strictly inside the domain, each once, and how often each of them stands in t."""
    lo, hi = bspline.domain(t, k)
    return np.unique(t[(lo < t) & (t < hi)], return_counts=True)


def from_the_left(x, c, t, k, nu=0):
    """The nu-th derivative of the curve as x is reached from the left: the mirrored curve, from the right.

    B-splines are continuous from the right; mirrored knots -t and coefficients in reverse give s(-x).
    """
    return (-1) ** nu * bspline.evaluate(-np.asarray(x), c[::-1], -t[::-1], k, nu)
