"""A line between two classes of points: set by hand, or moved by the perceptron's learning rule, step by step."""
from functools import partial

import numpy as np

from kan_edu.apps.common.app import App
from kan_edu.apps.common.choices import choice
from kan_edu.apps.common.shapes import inside
from kan_edu.apps.common.training_run import frame_slider
from kan_edu.apps.common.written import number
from kan_edu.data.datasets import logic_gate
from kan_edu.seeing.controls import as_lists, check_number, set_range, slider
from kan_edu.seeing.touch import Thing

from .picture import HIGH, LOW, MIDDLE, PerceptronPicture
from .run import LAST, run_of

CONTROLS = ("data", "w1", "w2", "b", "step", "count", "point")
ROWS = (("data", "b"), ("w1", "w2"), ("step", "play", "speed"), ("count", "point"), ("x1", "x2"), ("label",))
# on the page with the one they belong to
PARTNERS = {"play": "step", "speed": "step", "x1": "point", "x2": "point", "label": "point"}
WEIGHTS = ("w1", "w2", "b")
FEWEST, MOST = 4, 20      # points
# Weights move in quarters and points in eighths: such sums are exact in binary, so "on the line" means exactly that.
QUARTER, EIGHTH = 0.25, 0.125


def clouds(N=16, seed=2):
    """Two clouds that a line can separate: [[x1, x2, class], ...], on a grid of eighths."""
    rng = np.random.default_rng(seed)
    label = np.arange(N) % 2
    X = np.array([[0.0, 0.25], [1.0, 0.75]])[label] + rng.normal(0, 0.32, (N, 2))
    return [[*map(float, x), int(c)] for x, c in zip(np.clip(np.round(X * 8) / 8, LOW, HIGH) + 0.0, label, strict=True)]


def gate(name):
    """The four points of a logic gate."""
    X, y = logic_gate(name)
    return [[*map(float, x), int(c)] for x, c in zip(X, y, strict=True)]


DATA = {"AND": gate("AND"), "OR": gate("OR"), "XOR": gate("XOR"), "clouds": clouds()}


class PerceptronApp(App):
    """Points of two classes, the line w1 x1 + w2 x2 + b = 0, and the learning rule, correction by correction.

    controls   which controls are on the page, of "data", "w1", "w2", "b", "step" (with Play), "count" (how many
               points) and "point" (choose one; with its x1, x2 and class)
    state      a dict as `app.state` gives it, or part of one: data ("AND", "OR", "XOR", "clouds", "yours"), points
               [[x1, x2, class], ...], w1, w2, b where the rule starts, step, point

    At step 0 the line stands where w1, w2 and b say. Step n is the n-th correction of the rule with learning rate 1.

    >>> PerceptronApp(state={"data": "AND", "step": 60}).live.text.split(". ")[0]
    'Step 60: the rule has stopped, all points are on their side after 11 corrections'
    """

    def __init__(self, controls=CONTROLS, *, state=None):
        self.shown, self.points = tuple(controls), DATA["AND"]
        self.controls, extras = make_controls("step" in controls)
        self.picture = PerceptronPicture(marks=self.shown)
        super().__init__(controls, state, names=CONTROLS, rows=ROWS, partners=PARTNERS, extras=extras)

    # --- the state -----------------------------------------------------------------------------------

    @App.state.getter   # the setter stays that of App
    def state(self):
        """What the picture shows, as a plain dict of numbers, a word and a list of points."""
        values = {name: self.controls[name].value for name in ("data", *WEIGHTS, "step", "point")}
        return {**values, "points": [list(point) for point in self.points]}

    def _apply(self, values):
        given = self._checked(values, ("data", *WEIGHTS, "step"))
        points = DATA.get(given.get("data"), self.points)
        points = check_points(values["points"]) if "points" in values else points
        point = check_number("point", values["point"], 1, len(points), whole=True) if "point" in values else None
        data = given.get("data", self.controls["data"].value)
        given["data"] = data if DATA.get(data, points) == points else "yours"
        self.points = points
        self._set(given)
        self._sync(point)

    # --- controls to points, points to controls ------------------------------------------------------

    def _react(self, name):
        """The user moved control `name`: change the points, or begin a new run where the line now is."""
        controls, points = self.controls, [list(point) for point in self.points]
        if name == "data":
            points = DATA.get(controls["data"].value, points)
        elif name == "count":
            points = [*points, *extra_points(len(points))][: controls["count"].value]
        elif name in ("x1", "x2", "label"):
            points[controls["point"].value - 1] = [controls[part].value for part in ("x1", "x2", "label")]
        if name in ("data", "count", "x1", "x2", "label", *WEIGHTS):
            controls["step"].value = 0
        if name != "data" and points != self.points:
            controls["data"].value = "yours"
        self.points = points
        self._sync(moved=name)

    def _sync(self, point=None, moved=None):
        """Set the controls to the points; the one under the user's hand is left alone."""
        controls, N = self.controls, len(self.points)
        point = min(controls["point"].value if point is None else point, N)
        if moved != "point":
            set_range(controls["point"], 1, N, point)
        for name, value in zip(("x1", "x2", "label", "count"), (*self.points[point - 1], N), strict=True):
            if moved != name:
                controls[name].value = value

    # --- what can be dragged -------------------------------------------------------------------------

    def _things(self):
        """Points; the line, which goes with the pointer by its b; w in its own plane; and a click adds a point."""
        plane, state, shown = self.picture.plane, self.state, self.shown
        run = self._run(state)
        *w, b = map(float, run.path[run.at(state["step"])])
        if "point" in shown:
            for n, (x1, x2, label) in enumerate(self.points, start=1):
                yield Thing(f"point {n}", plane, x1, x2, partial(self._drag_point, n), (EIGHTH, EIGHTH),
                            f"class {label}, at ({x1:g}, {x2:g})")
        ends = inside(np.array(w), b, LOW, HIGH)
        if "b" in shown and len(ends):
            step = tuple(QUARTER / abs(part) if part else 0.0 for part in w)   # so far that b changes by its step
            yield Thing("line", plane, *map(float, ends.mean(axis=0)), partial(self._drag_line, w), step,
                        f"b = {number(b, 2)}", ends=ends.tolist())
        if {"w1", "w2"} <= set(shown):
            yield Thing("w", self.picture.weights, *w, lambda x, y: self._begin_at(x, y, b), (QUARTER, QUARTER),
                        f"({terms(w)})")
        if {"count", "point"} <= set(shown) and len(self.points) < MOST:
            yield Thing("new point", plane, *map(float, MIDDLE), self._add_point, area="click")

    def _drag_point(self, n, x, y):
        """The sliders get its place once: a page sends back what they show, and it would come to another point."""
        points = [list(point) for point in self.points]
        points[n - 1][:2] = on_grid(x, y)
        self._replace(points, n)

    def _replace(self, points, chosen):
        """Other points: they are the user's own, and a new run begins."""
        if points != self.points:
            self.points, self.controls["step"].value, self.controls["data"].value = points, 0, "yours"
        self._sync(chosen)

    def _drag_line(self, w, x, y):
        """Through (x, y), with the same w."""
        self._begin_at(*w, -(w[0] * x + w[1] * y))

    def _begin_at(self, *weights):
        for name, value in zip(WEIGHTS, weights, strict=True):
            self._put(name, value, snap=True)

    def _add_point(self, x, y):
        """A point of the class that "its class" says, where the click was."""
        self._replace([*self.points, [*on_grid(x, y), self.controls["label"].value]], len(self.points) + 1)
        return f"point {len(self.points)}"

    # --- the picture ---------------------------------------------------------------------------------

    def _run(self, state):
        return run_of(tuple(map(tuple, self.points)), tuple(state[name] for name in WEIGHTS))

    def _update(self, state):
        run, step = self._run(state), state["step"]
        row = run.at(step)
        cause = run.correction(row) if row and (step <= row or run.back is not None) else None
        point = state["point"] - 1 if "point" in self.shown else None
        self.picture.show(run, row, cause, point)
        self.picture.head(step, run.path[row], run.wrong(run.path[row]))
        return " ".join(self._sentences(state, run, row, cause, point))

    def _sentences(self, state, run, row, cause, point):
        """The picture in words and numbers."""
        *w, b = run.path[row]
        step, wrong = state["step"], run.wrong(run.path[row]).sum()
        if cause is not None:
            n, e = cause
            output = {1.0: "0", -1.0: "1"}.get(e, "1/2")
            sign, size = "+" if e > 0 else "−", "" if abs(e) == 1 else "½ "
            change = f"w {sign} {size}x, b {sign} {abs(e):g}"
            yield f"Step {step}, point {n + 1} (class {run.y[n]:.0f}, output {output}): {change}."
        elif step and run.converged:
            yield f"Step {step}: the rule has stopped, all points are on their side after {row} corrections."
        yield f"w = ({terms(w)}), b = {number(b, 2)}; wrong: {wrong} of {len(run.y)} points."
        if run.back is not None and step > run.back + run.period:
            yield f"The rule goes round, in {run.period} corrections."
        if point is not None:
            yield f"Point {point + 1}: " + distance_words(run.X[point], np.array(w), b)


def on_grid(x, y):
    """The nearest place of eighths in the plane that is seen."""
    return [min(max(EIGHTH * round(value / EIGHTH), LOW), HIGH) for value in (x, y)]


def terms(w):
    """Numbers with two digits and a comma between them."""
    return ", ".join(number(value, 2) for value in w)


def distance_words(x, w, b):
    """w.x + b at a point and its signed distance to the line, in words."""
    z, norm = float(w @ x + b), float(np.linalg.norm(w))
    where = f"signed distance {number(z / norm, 2)}" if norm else "no line yet (w = 0)"
    return f"w·x + b = {number(z, 2)}, {where}."


def extra_points(taken):
    """Where new points appear: spread over the plane, classes in turn; a list that starts at number `taken`."""
    n = np.arange(taken, MOST)
    X = LOW + (HIGH - LOW) * (0.1 + 0.8 * np.mod(np.outer(n, [0.7549, 0.5698]), 1))   # a sequence that fills a square
    return [[*map(float, x), int(i % 2)] for x, i in zip(np.round(X * 8) / 8 + 0.0, n, strict=True)]


def check_points(values):
    """Points as [[x1, x2, class], ...], or a ValueError that says which number is wrong."""
    values = as_lists("points", values)
    try:
        rows = [list(row) for row in values]
    except TypeError:
        rows = []
    if not FEWEST <= len(rows) <= MOST or any(len(row) != 3 for row in rows):
        raise ValueError(f"points = {values!r}; expected {FEWEST} to {MOST} rows [x1, x2, class]")
    return [[check_number(f"x1 of point {n}", x1, LOW, HIGH), check_number(f"x2 of point {n}", x2, LOW, HIGH),
             check_number(f"the class of point {n}", _whole(label), 0, 1, whole=True)]
            for n, (x1, x2, label) in enumerate(rows, start=1)]


def _whole(label):
    """A class that stands in an array of floats as the whole number that it is."""
    return int(label) if isinstance(label, float) and label in (0, 1) else label


def make_controls(running):
    """The app's controls by name, and the Play that belongs to the steps; with a run the weights are its start."""
    step, extras = frame_slider("step", LAST + 1, tip="how many corrections the rule has made",
                                interval=500)   # slower than a training run: each correction is to be seen
    words = ("start w₁", "start w₂", "start b") if running else ("weight w₁", "weight w₂", "bias b")
    weights = {name: slider(word, 0.0, -3.0, 3.0, QUARTER) for name, word in zip(WEIGHTS, words, strict=True)}
    return {"data": choice("points", [*DATA, "yours"], "AND"), **weights, "step": step,
            "count": slider("how many", FEWEST, FEWEST, MOST),
            "point": slider("choose point", 1, 1, FEWEST),
            "x1": slider("its x₁", 0.0, LOW, HIGH, EIGHTH, digits=3),
            "x2": slider("its x₂", 0.0, LOW, HIGH, EIGHTH, digits=3),
            "label": choice("its class", [("0, a circle", 0), ("1, a square", 1)], 0)}, extras
