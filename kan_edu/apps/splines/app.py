"""Move the knots and coefficients of a spline and watch its basis functions and its curve follow."""
import copy
from functools import partial

import numpy as np

from kan_edu.apps.common.app import App
from kan_edu.apps.common.choices import choice
from kan_edu.seeing.controls import check_number, set_range, slider, whole_steps
from kan_edu.seeing.plot import greville, indexed
from kan_edu.seeing.touch import Thing
from kan_edu.splines.bspline import evaluate, local_basis

from .picture import MOST_G, MOST_K, SplinePicture, knot_words
from .state import STEPS, MovableSpline, check_ends

CONTROLS = ("degree", "intervals", "knot", "coefficient", "x", "mode")
ROWS = (("degree", "intervals"), ("knot", "position"), ("coefficient", "value"), ("x", "mode"))
PARTNERS = {"position": "knot", "value": "coefficient"}   # these sliders come and go with the one they belong to


def sample_data(lo=-1.0, hi=1.0, N=40, seed=0):
    """Noisy samples (x, y), each (N,), of a wave with one steep flank: what the app fits when given no data."""
    x, u = np.linspace(lo, hi, N), np.linspace(-1, 1, N)
    noise = np.random.default_rng(seed).normal(scale=0.05, size=N)
    return x, np.tanh(8 * (u - 0.2)) + 0.4 * np.sin(4 * u) + noise


class SplineApp(App):
    """A spline s(x) = sum_m c_m B_m(x) on [lo, hi] whose parts follow sliders.

    controls     which controls are on the page, of "degree", "intervals", "knot", "coefficient", "x", "mode";
                 what has no control keeps its value and is not marked in the picture
    degree       k, 0 to 5;  intervals: G, 1 to 10;  the G-1 knots inside start at equal distances
    mode         "free": the coefficients are set by slider; "fit": by least squares to the data
    data         (x, y) to draw and to fit; None: `sample_data()`, only where the mode is "fit" or can be chosen
    state        a dict as `app.state` gives it; it overrides the arguments before it

    `app.widget` is what the page shows. `app.state` can be read and set, in parts too: a picture to hand
    out. A change of degree or intervals keeps the curve as nearly as the new functions can.

    >>> app = SplineApp(controls=("knot", "degree"))
    >>> app.state = {"knots": [-0.5, 0, 0, 0.5], "knot": 2}
    >>> app.live.text
    'Degree 3, 5 intervals, 8 basis functions. Knot 2 at 0.00, double knot: only C¹ here.'
    """

    def __init__(self, controls=CONTROLS, *, degree=3, intervals=5, mode="free", data=None, lo=-1.0, hi=1.0,
                 state=None):
        self.shown = tuple(controls)   # before the base class, because the picture asks
        self.has_data = data is not None or mode == "fit" or "mode" in controls
        lo, hi = check_ends(lo, hi)
        self.spline = MovableSpline(lo, hi, sample_data(lo, hi) if data is None else data)
        self.controls = make_controls(self.spline)
        self.picture = SplinePicture(lo, hi, 1.1 * self.spline.limit, self.spline.data if self.has_data else None,
                                     marks=self.shown)
        first = {"degree": degree, "intervals": intervals, "mode": mode}
        state = first if state is None else {**first, **state} if isinstance(state, dict) else state
        super().__init__(controls, state, names=CONTROLS, rows=ROWS, partners=PARTNERS)

    # --- the state -----------------------------------------------------------------------------------

    @App.state.getter   # the setter stays that of App
    def state(self):
        """What the picture shows, as a plain dict of numbers, lists and one word."""
        controls, spline = self.controls, self.spline
        return {"degree": spline.k, "intervals": spline.G, "knots": spline.inner.tolist(),
                "coefficients": spline.c.tolist(), "mode": spline.mode,
                **{name: controls[name].value for name in ("knot", "coefficient", "x")}}

    def _apply(self, values):
        known, spline = self.state, copy.copy(self.spline)   # its methods replace arrays, never write into them
        given = self._checked(values, ("degree", "intervals", "mode", "x"))
        if given.get("mode") == "fit" and not self.has_data:
            raise ValueError('mode = "fit" needs data: SplineApp(data=(x, y)), or "mode" among the controls')
        for name in ("degree", "intervals", "mode"):
            if name in given and given[name] != known[name]:
                getattr(spline, f"set_{name}")(given[name])
        for name in ("knots", "coefficients"):
            if name in values:
                getattr(spline, f"set_{name}")(values[name])
        for name, low, high in (("knot", 1, max(1, spline.G - 1)), ("coefficient", 0, len(spline.c) - 1)):
            if name in values:
                given[name] = check_number(name, values[name], low, high, whole=True)
        self.spline = spline
        self._sync(given)

    # --- controls to spline, spline to controls ------------------------------------------------------

    def _react(self, name):
        """The user moved control `name`: change the spline, then what the other controls show."""
        spline, value = self.spline, self.controls[name].value
        if name == "position" and spline.G > 1:
            spline.move_knot(self.controls["knot"].value, value)
        elif name == "value":
            spline.set_coefficient(self.controls["coefficient"].value, value)
        elif name in ("degree", "intervals", "mode"):
            getattr(spline, f"set_{name}")(value)
        self._sync(moved=name)

    def _sync(self, given=None, moved=None):
        """Set the controls to the spline and the given values; the one under the user's hand is left alone."""
        spline, at = self.spline, {name: control.value for name, control in self.controls.items()} | (given or {})
        knot, coefficient = min(at["knot"], max(1, spline.G - 1)), min(at["coefficient"], len(spline.c) - 1)
        place = float(spline.inner[knot - 1]) if spline.G > 1 else spline.lo
        height, limit = float(spline.c[coefficient]), spline.limit
        ranges = {"degree": (0, MOST_K, spline.k),
                  "intervals": (1, MOST_G, spline.G),
                  "knot": (1, max(1, spline.G - 1), knot),
                  # not its room: while ends move the browser cuts the value, and sends that back as a move
                  "position": (spline.lo, spline.hi, place),
                  "coefficient": (0, len(spline.c) - 1, coefficient),
                  "value": (*whole_steps(min(-limit, height), max(limit, height), spline.grain), height),
                  "x": (spline.lo, spline.hi, at["x"])}
        for name, (low, high, value) in ranges.items():
            if name != moved:
                set_range(self.controls[name], low, high, value)
        self.controls["mode"].value = spline.mode
        self.controls["knot"].disabled = self.controls["position"].disabled = spline.G == 1
        self.controls["value"].disabled = spline.mode == "fit"   # then it only shows, to two more digits:
        self.controls["value"].step = spline.grain / (100 if spline.mode == "fit" else 1)

    # --- what can be dragged -------------------------------------------------------------------------

    def _things(self):
        """Knots and the probe, to both sides; coefficients, up and down, where they do not follow the data."""
        spline, picture, step = self.spline, self.picture, (self.spline.hi - self.spline.lo) / STEPS
        both, flat, c = (picture.above, picture.below), (step, 0.0), spline.c
        if "coefficient" in self.shown and spline.mode == "free":
            places = np.clip(greville(spline.t, spline.k), spline.lo, spline.hi)
            for m, (x, y) in enumerate(zip(places, np.clip(c, -spline.limit, spline.limit), strict=True)):
                yield Thing(f"coefficient {m}", picture.below, float(x), float(y), partial(self._drag_coefficient, m),
                            (0.0, spline.grain), f"{c[m]:.2f}")
        if "x" in self.shown:
            x = self.controls["x"].value
            yield Thing("probe", both, x, None, lambda x, _: self._put("x", x), flat, f"x = {x:.2f}")
        for j, x in enumerate(spline.inner if "knot" in self.shown else (), start=1):
            yield Thing(f"knot {j}", both, float(x), None, partial(self._drag_knot, j), flat, f"{x:.2f}")

    def _drag_coefficient(self, m, x, y):
        self.spline.set_coefficient(m, min(max(y, -self.spline.limit), self.spline.limit))
        self._sync({"coefficient": m})

    def _drag_knot(self, j, x, y):
        """Of several knots in one place the last goes to the right, the first to the left."""
        place = self.spline.inner[j - 1]
        group = np.flatnonzero(self.spline.inner == place) + 1
        j = int(group[-1] if x > place else group[0])
        self.spline.move_knot(j, x)
        self._sync({"knot": j})
        return f"knot {j}"

    # --- the picture ---------------------------------------------------------------------------------

    def _update(self, state):
        spline, shown = self.spline, self.shown
        knot = state["knot"] if "knot" in shown and spline.G > 1 else None
        self.picture.show(spline.t, spline.k, spline.c, x=state["x"] if "x" in shown else None,
                          knot=None if knot is None else spline.k + knot,
                          coefficient=state["coefficient"] if "coefficient" in shown else None)
        return " ".join(self._sentences(state, knot))

    def _sentences(self, state, knot):
        """The picture in words and numbers."""
        spline = self.spline
        G = f"{spline.G} interval" + "s" * (spline.G > 1)
        yield f"Degree {spline.k}, {G}, {len(spline.c)} basis functions."
        if knot is not None:
            place = spline.inner[knot - 1]
            times = int((spline.inner == place).sum())
            yield f"Knot {knot} at {place:.2f}" + (f", {knot_words(times, spline.k)}." if times > 1 else ".")
        if "coefficient" in self.shown:
            yield f"{indexed('c', state['coefficient'])} = {spline.c[state['coefficient']]:.2f}."
        if "x" in self.shown:
            first, values = local_basis([state["x"]], spline.t, spline.k)
            parts = ", ".join(f"{indexed('B', first[0] + p)}\u00a0{value:.3f}" for p, value in enumerate(values[0]))
            height = evaluate([state["x"]], spline.c, spline.t, spline.k)[0]
            yield f"At x = {state['x']:.2f}: {parts}; sum {values.sum():.3f}, s(x) = {height:.2f}."
        if self.has_data:
            yield f"RMSE to the data {spline.rmse():.3f}."


def make_controls(spline):
    """The app's eight controls by name; `SplineApp._sync` keeps their ranges."""
    lo, hi = spline.lo, spline.hi
    return {"degree": slider("degree k", spline.k, 0, MOST_K),
            "intervals": slider("intervals G", spline.G, 1, MOST_G),
            "knot": slider("choose knot", 2, 1, spline.G - 1),
            "position": slider("its position", lo, lo, hi, (hi - lo) / STEPS),
            "coefficient": slider("choose c", 3, 0, len(spline.c) - 1),
            "value": slider("its value", 0.0, -spline.limit, spline.limit, spline.grain),
            "x": slider("probe x", lo + 0.65 * (hi - lo), lo, hi, (hi - lo) / STEPS),
            "mode": choice("coefficients", [("by slider", "free"), ("least squares", "fit")], spline.mode)}
