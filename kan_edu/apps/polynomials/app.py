"""Fit one polynomial through points, and beside it a spline with as many coefficients, and see which one swings.

The polynomial is the least-squares one; with degree = points - 1 it goes through every point.
"""
from functools import lru_cache, partial

import numpy as np
from matplotlib.lines import Line2D
from numpy.polynomial import chebyshev

from kan_edu.apps.common.app import App
from kan_edu.apps.common.choices import choice
from kan_edu.seeing import live, plot
from kan_edu.seeing.controls import check_number, set_range, slider
from kan_edu.seeing.touch import Thing
from kan_edu.splines.bspline import basis, extend_knots
from kan_edu.splines.fit import fit

FEWEST, MOST = 5, 21               # points
X = np.linspace(-1, 1, 401)        # where the curves are drawn and their errors are measured
LIMITS = (-1.6, 2.1)               # heights that the picture shows; what swings farther leaves it
FAR = 0.5                          # "far from the moved point" means farther than this
CONTROLS = ("target", "points", "degree", "point", "shift")
ROWS = (("target", "points"), ("degree",), ("point", "shift"))
POLYNOMIAL = {"color": plot.COLOURS[1], "linestyle": plot.DASHES[1]}
SPLINE = {"color": plot.COLOURS[0], "linestyle": "-"}
TARGETS = {"runge": lambda x: 1 / (1 + 25 * x**2), "wave": lambda x: np.sin(4 * x) + 0.2 * x}
NOISE = {"runge": 0.0, "wave": 0.15}
SPLINE_NAMES = ("", "broken line", "quadratic spline", "cubic spline")


def sample(target, points):
    """Equally spaced samples (x, y), each (points,), of "runge" 1/(1 + 25x²), or of "wave" with noise 0.15."""
    x = np.linspace(-1, 1, points)
    return x, TARGETS[target](x) + np.random.default_rng(3).normal(scale=NOISE[target], size=points)


@lru_cache(maxsize=256)   # there are 204 cases, 17 MB in all
def curves_of_data(points, degree):
    """Two matrices (401, points): times the data y they give the polynomial and the spline on X.

    Both curves have degree + 1 coefficients. Chebyshev polynomials instead of powers of x: the same curve
    with less rounding.
    """
    x = np.linspace(-1, 1, points)
    polynomial = chebyshev.chebvander(X, degree) @ np.linalg.pinv(chebyshev.chebvander(x, degree))
    t, k = spline_knots(degree + 1)
    return polynomial, basis(X, t, k) @ fit(x, np.eye(points), t, k, ridge=1e-12)


def spline_knots(M):
    """Knots on [-1, 1] and degree k for a spline with M coefficients: cubic for M > 3, else one polynomial.

    The intervals are equal, but the first and the last are twice as long ("not a knot"). With equal
    intervals all along, a spline through as many points as it has coefficients swings near the ends too.
    """
    k, grid = min(3, M - 1), np.linspace(-1, 1, M)
    return extend_knots(np.delete(grid, [1, M - 2]) if M > 3 else grid[[0, -1]], k), k


def largest(y):
    """The largest |y| of y (N,), as a float."""
    return float(np.abs(y).max())


class PolynomialApp(App):
    """A polynomial and a spline with the same number of coefficients, fitted to the same points on [-1, 1].

    controls   which controls are on the page, of "target", "points", "degree", "point", "shift"; with "shift"
               there is a second panel: what moving one point changes
    state      what to start from; a dict as `app.state` gives it, or a part of one
               target: "runge" or "wave"; points: 5 to 21; degree: 1 to min(20, points - 1);
               point: which one is moved, 0 to points - 1; shift: by how much, -0.8 to 0.8

    >>> app = PolynomialApp(state={"points": 11, "degree": 10})
    >>> app.live.text
    'Degree 10, 11 points, 11 coefficients each. Largest error: polynomial 1.92, cubic spline 0.02.'
    """

    def __init__(self, controls=CONTROLS, *, state=None):
        self.controls = make_controls()
        self.picture = PolynomialPicture(changes="shift" in controls)
        super().__init__(controls, state, names=CONTROLS, rows=ROWS)

    def _apply(self, values):
        checked, given = self._checked(values, ("target", "points", "shift")), {}
        last = checked.get("points", self.controls["points"].value) - 1
        for name, low in (("degree", 1), ("point", 0)):   # their range hangs on the number of points
            if name in values:
                given[name] = check_number(name, values[name], low, last, whole=True)
        self._set_ranges(last, given)
        self._set(checked)

    def _react(self, name):
        if name == "points":
            self._set_ranges(self.controls["points"].value - 1, {})

    def _set_ranges(self, last, given):
        for name, low in (("degree", 1), ("point", 0)):
            set_range(self.controls[name], low, last, min(given.get(name, self.controls[name].value), last))

    def _things(self):
        """The points, up and down: one at a time leaves its place; and the degree, on the curve of its errors."""
        x, y = sample(self.controls["target"].value, self.controls["points"].value)
        if {"point", "shift"} <= set(self.shown):
            for n in range(len(x)):
                height = y[n] + (n == self.controls["point"].value) * self.controls["shift"].value
                yield Thing(f"point {n}", self.picture.top, float(x[n]), float(height),
                            partial(self._drag_point, n, y[n]), (0.0, self.controls["shift"].step), f"y = {height:.2f}")
        if "degree" in self.shown:
            degree, height = self.controls["degree"].value, float(self.picture.marks[0].get_ydata()[0])
            yield Thing("degree", self.picture.right, float(degree), height,
                        lambda x, y: self._put("degree", x), (1.0, 0.0), str(degree))

    def _drag_point(self, n, home, x, y):
        self.controls["point"].value = n
        self._put("shift", y - home)

    def _update(self, state):
        target, points, degree = state["target"], state["points"], state["degree"]
        x, y = sample(target, points)
        moved = y.copy()
        moved[state["point"]] += state["shift"]
        truth = TARGETS[target](X)
        curves = [matrix @ moved for matrix in curves_of_data(points, degree)]
        changes = [matrix @ (moved - y) for matrix in curves_of_data(points, degree)]
        errors = np.array([[largest(matrix @ moved - truth) for matrix in curves_of_data(points, d)]
                           for d in range(1, points)])   # (points-1, 2)
        self.picture.show(x, y, moved, truth, curves, changes, errors, degree, state["point"])
        return " ".join(self._sentences(state, errors[degree - 1], changes, x[state["point"]]))

    def _sentences(self, state, errors, changes, at):
        """The picture in words and numbers."""
        degree, spline = state["degree"], SPLINE_NAMES[min(3, state["degree"])]
        yield f"Degree {degree}, {state['points']} points, {degree + 1} coefficients each."
        yield f"Largest error: polynomial {errors[0]:.2f}, {spline} {errors[1]:.2f}."
        if state["shift"]:
            far = np.abs(X - at) > FAR
            changed = [largest(change[far]) for change in changes]
            yield (f"Point {state['point']} moved by {state['shift']:.2f}; farther than {FAR} from it this changes "
                   f"the polynomial by up to {changed[0]:.3f}, the spline by up to {changed[1]:.3f}.")


def make_controls():
    """The app's five controls by name."""
    targets = [("Runge's bump", "runge"), ("noisy wave", "wave")]
    return {"target": choice("data", targets, "runge"),
            "points": slider("points", 11, FEWEST, MOST),
            "degree": slider("degree", 4, 1, 10),
            "point": slider("choose point", 5, 0, 10),
            "shift": slider("move it by", 0.0, -0.8, 0.8, 0.05)}


class PolynomialPicture:
    """Figure and artists: points and curves, the largest error for each degree, and what a moved point changes.

    changes    whether there is a panel for what a moved point changes
    """

    def __init__(self, changes):
        self.figure = live.figure()
        bottom = 0.405 if changes else 0.11
        self.top = self.figure.add_axes([0.085, bottom, 0.61, 0.97 - bottom], xlim=(-1.03, 1.03), ylim=LIMITS)
        self.top.set_ylabel("y", labelpad=0)
        self.low = None
        if changes:
            self.top.tick_params(labelbottom=False)
            self.low = self.figure.add_axes([0.085, 0.11, 0.61, 0.25], xlim=(-1.03, 1.03), ylim=(-1, 1))
            self.low.set_ylabel("change", labelpad=0)
            self.low.axhline(0, color="#dddddd", lw=1, zorder=0)
        (self.low or self.top).set_xlabel("x")
        self.right = self.figure.add_axes([0.775, 0.11, 0.21, 0.36], yscale="log", ylim=(1e-3, 1e4), xlim=(0, MOST))
        self.right.set(xlabel="degree", xticks=[1, 5, 10, 15, 20])
        self.right.set_title("largest error", fontsize=9, loc="left")
        self.right.grid(alpha=0.25)
        self._legend(changes)
        self._make_artists()

    def _legend(self, changes):
        entries = [Line2D([], [], **POLYNOMIAL, lw=2, label="polynomial"),
                   Line2D([], [], **SPLINE, lw=2, label="spline, as many\ncoefficients"),
                   Line2D([], [], color=plot.PALE, lw=5, label="where the points\ncome from"),
                   Line2D([], [], color="black", marker="o", ms=5, ls="", label="points")]
        if changes:
            entries.append(Line2D([], [], color=plot.COLOURS[2], marker="D", ms=8, ls=":", label="moved point"))
        self.top.legend(handles=entries, loc="upper left", bbox_to_anchor=(1.02, 1.01), fontsize=9, frameon=False,
                        borderaxespad=0, handlelength=2.2, labelspacing=0.6)

    def _make_artists(self):
        one = lambda ax, *a, **kw: ax.plot([], [], *a, **kw)[0]   # noqa: E731
        self.truth = one(self.top, color=plot.PALE, lw=5)
        self.curves = [one(self.top, **style, lw=2) for style in (POLYNOMIAL, SPLINE)]
        self.points = one(self.top, "o", color="black", ms=5)
        self.errors = [one(self.right, **style, lw=1.5) for style in (POLYNOMIAL, SPLINE)]
        self.marks = [one(self.right, "o", color=style["color"], ms=7) for style in (POLYNOMIAL, SPLINE)]
        box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5}
        self.note = self.top.text(0, LIMITS[1] - 0.08, "", va="top", ha="center", fontsize=9, bbox=box,
                                  color=POLYNOMIAL["color"])
        self.moving = [self.truth, *self.curves, self.points, *self.errors, *self.marks, self.note]
        if self.low is not None:
            self.changes = [one(self.low, **style, lw=2) for style in (POLYNOMIAL, SPLINE)]
            self.places = [one(ax, color=plot.COLOURS[2], ls=":", lw=1.5) for ax in (self.top, self.low)]
            self.moved = one(self.top, "D", color=plot.COLOURS[2], ms=8)
            self.moving += [*self.changes, *self.places, self.moved]

    def show(self, x, y, moved, truth, curves, changes, errors, degree, point):
        """Set every moving artist: points x, y, moved (N,), curves on X, errors (N-1, 2) for each degree."""
        self.truth.set_data(X, truth)
        self.points.set_data(x, moved)
        for i in range(2):
            self.curves[i].set_data(X, curves[i])
            self.errors[i].set_data(np.arange(1, len(x)), errors[:, i])
            self.marks[i].set_data([degree], [errors[degree - 1, i]])
        low, high = curves[0].min(), curves[0].max()
        self.note.set_visible(bool(low < LIMITS[0] or high > LIMITS[1]))
        self.note.set_text(f"polynomial: from {low:.1f} to {high:.1f}".replace("-", "−"))
        if self.low is not None:
            for line, change in zip(self.changes, changes, strict=True):
                line.set_data(X, change)
            for line, ax in zip(self.places, (self.top, self.low), strict=True):
                line.set_data([x[point]] * 2, ax.get_ylim())
            self.moved.set_data(x[[point]], moved[[point]])
