"""A spline that is changed one thing at a time: degree, number of intervals, one knot, one coefficient.

It keeps the knots legal (sorted, inside the range, none more than k+1 times) and the curve as it was where it can.
No widgets and no pictures: `app.py` connects it to sliders.
"""
import numpy as np

from kan_edu.checks.arguments import check_range
from kan_edu.checks.arrays import numbers
from kan_edu.seeing.canvas import check_points
from kan_edu.splines.bspline import check_knots, evaluate, uniform_knots
from kan_edu.splines.fit import fit

STEPS = 200    # a knot moves in steps of (hi - lo) / STEPS
SOFT = 3e-3    # ridge that keeps coefficients in reach of a slider: the first and last functions are small inside


class MovableSpline:
    """A spline of degree k on [lo, hi] with G-1 knots inside, all free to move, and G+k coefficients.

    data   (x, y), each (N,), all x in [lo, hi]: what the coefficients start from, and follow while mode is "fit"

    Attributes: k, inner (G-1,) knots inside, c (G+k,), mode "free" or "fit"; limit: a height above the data;
    grain: the coefficients found for new functions are multiples of it, as a slider can show them.
    """

    def __init__(self, lo, hi, data):
        self.lo, self.hi, self.k, self.mode = *check_ends(lo, hi), 3, "free"
        self.data = check_points(data)
        x = self.data[0]
        if not (self.lo <= x.min() and x.max() <= self.hi):
            raise ValueError(f"the data go from x = {x.min()} to {x.max()}; give lo and hi that contain them")
        self.limit, self.grain = nice_limit(self.data[1])
        self.inner = self.even_knots(5)
        self.c = self._near(*self.data)

    @property
    def G(self):
        return len(self.inner) + 1

    @property
    def t(self):
        """All knots (G+2k+1,): those outside stay where a uniform grid has them, only the inner ones move."""
        t = uniform_knots(self.lo, self.hi, self.G, self.k)
        t[self.k + 1 : self.k + self.G] = self.inner
        return t

    def even_knots(self, G):
        """The G-1 knots inside at equal distances."""
        return np.round(np.linspace(self.lo, self.hi, G + 1)[1:-1], 12)   # -0.2, not -0.19999999999999996

    def rmse(self):
        """Root mean square distance of the curve from the data."""
        x, y = self.data
        return float(np.sqrt(np.mean((evaluate(x, self.c, self.t, self.k) - y) ** 2)))

    # --- one change at a time ------------------------------------------------------------------------

    def set_degree(self, k):
        """Change the degree. Knots that stand too often for it (more than k+1 times) become even again."""
        _, times = np.unique(self.inner, return_counts=True)
        self._rebuild(k, self.inner if (times <= k + 1).all() else self.even_knots(self.G))

    def set_intervals(self, G):
        """Change the number of intervals; the knots become even."""
        self._rebuild(self.k, self.even_knots(G))

    def _rebuild(self, k, inner):
        """New functions, and for them the coefficients whose curve is nearest to the old one."""
        x = np.linspace(self.lo, self.hi, 201)
        y = evaluate(x, self.c, self.t, self.k)
        self.k, self.inner = k, inner
        self.c = self._near(x, y)
        self.refit()

    def _near(self, x, y):
        c = fit(x, y, self.t, self.k, ridge=SOFT)
        return np.round(np.round(c / self.grain) * self.grain, 12)

    def room(self, j):
        """(low, high): where knot j, 1 to G-1, may stand between its neighbours.

        It may meet a neighbour, if that makes at most k+1 knots in one place, but not the ends of the range.
        """
        step, x = (self.hi - self.lo) / STEPS, self.inner[j - 1]
        others = np.delete(self.inner, j - 1)
        full = lambda at: (others == at).sum() > self.k   # noqa: E731
        low = self.inner[j - 2] if j > 1 else self.lo
        high = self.inner[j] if j < len(self.inner) else self.hi
        low += step * (low == self.lo or full(low))
        high -= step * (high == self.hi or full(high))
        return float(min(low, x)), float(max(high, x))

    def move_knot(self, j, x):
        """Put knot j at x, as far as its room goes; within half a step of the room's end it stands on the end.

        Why: a slider's end may come back from the browser with a rounding error, and two knots 1e-17
        apart are not a double knot.
        """
        low, high = self.room(j)
        half = 0.5 * (self.hi - self.lo) / STEPS
        x = low if x < low + half else high if x > high - half else x
        self.inner = self.inner.copy()
        self.inner[j - 1] = x
        self.refit()

    def set_knots(self, inner):
        """All G-1 knots inside at once; ValueError where they are not sorted, not inside or too often there."""
        inner = numbers(inner, "knots", finite=False)
        if inner.shape != (self.G - 1,):
            raise ValueError(f"knots has shape {inner.shape}; {self.G} intervals have {self.G - 1} knots inside")
        if not ((self.lo < inner) & (inner < self.hi)).all():
            raise ValueError(f"knots = {inner.tolist()} must lie between {self.lo} and {self.hi}, ends excluded: "
                             "move those that do not")  # fmt: skip
        old, self.inner = self.inner, inner
        try:
            check_knots(self.t, self.k)
        except ValueError:
            self.inner = old
            raise
        self.refit()

    def set_coefficients(self, c):
        """All G+k coefficients at once. In mode "fit" they are found from the data, whatever is given."""
        c = numbers(c, "coefficients", finite=False)
        if c.shape != (self.G + self.k,) or not np.isfinite(c).all():
            raise ValueError(f"coefficients = {c.tolist()}; expected G + k = {self.G + self.k} finite numbers")
        self.c = c
        self.refit()

    def set_coefficient(self, m, value):
        """Coefficient c_m alone; without effect while they follow the data."""
        c = self.c.copy()
        c[m] = value
        self.set_coefficients(c)

    def set_mode(self, mode):
        """How the coefficients come about: "fit" to the data, or "free"."""
        self.mode = mode
        self.refit()

    def refit(self):
        """In mode "fit": the least-squares coefficients for the data."""
        if self.mode == "fit":
            self.c = fit(*self.data, self.t, self.k, ridge=1e-6)


def check_ends(lo, hi):
    """lo < hi as two floats with room between them for knots that a slider can tell apart, or a ValueError."""
    lo, hi = check_range(lo, hi)
    if not 1e-9 * max(abs(lo), abs(hi)) < hi - lo < 1e100 or hi - lo < 1e-100:
        raise ValueError(f"the range [lo, hi] = [{lo:g}, {hi:g}] is too narrow or too wide to be drawn; scale the data")
    return lo, hi


def nice_limit(y):
    """A round number above 1.5 max|y|, for an axis and for sliders, and a step for them.

    >>> nice_limit([-1.4, 0.3])
    (3.0, 0.05)
    """
    height = 1.5 * float(np.abs(y).max(initial=1e-9))
    unit = 10.0 ** np.floor(np.log10(height))
    return float(np.ceil(height / unit) * unit), float(unit / 20)
