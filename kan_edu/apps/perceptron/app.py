"""A line between two classes of points: set by hand, or moved by the perceptron's learning rule, step by step."""
from functools import lru_cache, partial

import numpy as np

from kan_edu.apps.common.app import App
from kan_edu.apps.common.shapes import inside
from kan_edu.apps.common.training_run import frame_slider
from kan_edu.apps.common.written import number
from kan_edu.data.datasets import logic_gate
from kan_edu.networks.perceptron import Perceptron
from kan_edu.seeing.controls import as_lists, check_number, choice, set_range, slider
from kan_edu.seeing.touch import Thing

from .picture import HIGH, LOW, MIDDLE, PerceptronPicture

CONTROLS = ("data", "w1", "w2", "b", "step", "count", "point")
ROWS = (("data", "b"), ("w1", "w2"), ("step", "play"), ("count", "point"), ("x1", "x2"), ("label",))
PARTNERS = {"play": "step", "x1": "point", "x2": "point", "label": "point"}   # on the page with the one they belong to
WEIGHTS = ("w1", "w2", "b")
FEWEST, MOST, LAST = 4, 20, 60      # points; the last step that can be looked at
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


class Run:
    """The learning rule on points ((x1, x2, class), ...) from (w1, w2, b): what each step of it did.

    path    (w1, w2, b) before the first and after each correction; `at(step)` goes on where the rule goes round
    """

    def __init__(self, points, start):
        points, p = np.array(points), Perceptron(2)
        self.X, self.y = points[:, :2], points[:, 2]
        p.w[:], p.b = start[:2], start[2]
        learning = p.learn(self.X, self.y, lr=1.0, max_epochs=LAST)   # an epoch has one correction, or it is the last
        self.path, self.converged, self.epochs = learning.path, learning.converged, len(learning.mistakes)
        ends = np.cumsum([0, *learning.mistakes])[:-1]   # how many corrections there were before each epoch
        back = [int(end) for end in ends if (self.path[end] == self.path[-1]).all()]
        self.back = back[0] if back and not self.converged else None   # the step to which it comes back, or None
        self.period = None if self.back is None else len(self.path) - 1 - self.back

    def at(self, step):
        """The row of `path` that belongs to a step."""
        last = len(self.path) - 1
        if step <= last or self.back is None:
            return min(step, last)
        return self.back + 1 + (step - self.back - 1) % self.period

    def wrong(self, weights):
        """Which points are not on their side of the line (N,): those on the line itself are wrong too."""
        z = self.X @ weights[:2] + weights[2]
        return np.where(self.y == 1, z <= 0, z >= 0)

    def correction(self, row):
        """(number of the point, e) of the correction that led to a row of `path`; of two equal points the first."""
        change = self.path[row] - self.path[row - 1]
        e = change[2]
        same = (self.X * e == change[:2]).all(axis=1) & (self.y == (e > 0))
        return int(np.argmax(same)), float(e)


run_of = lru_cache(maxsize=500)(Run)   # a drag passes through many


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
        self._sync(n)
        self._put("x1", x, snap=True)
        self._put("x2", y, snap=True)

    def _drag_line(self, w, x, y):
        """Through (x, y), with the same w."""
        self._begin_at(*w, -(w[0] * x + w[1] * y))

    def _begin_at(self, *weights):
        for name, value in zip(WEIGHTS, weights, strict=True):
            self._put(name, value, snap=True)

    def _add_point(self, x, y):
        """A point of the class that "its class" says, where the click was."""
        x, y = (min(max(EIGHTH * round(value / EIGHTH), LOW), HIGH) for value in (x, y))
        self.points = [*self.points, [x, y, self.controls["label"].value]]
        self.controls["step"].value, self.controls["data"].value = 0, "yours"
        self._sync(len(self.points))
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
    step, extras = frame_slider("step", LAST + 1, tip="how many corrections the rule has made")
    extras["play"].interval = 500   # slower than a training run: each correction is to be seen
    words = ("start w₁", "start w₂", "start b") if running else ("weight w₁", "weight w₂", "bias b")
    weights = {name: slider(word, 0.0, -3.0, 3.0, QUARTER) for name, word in zip(WEIGHTS, words, strict=True)}
    return {"data": choice("points", [*DATA, "yours"], "AND"), **weights, "step": step,
            "count": slider("how many", FEWEST, FEWEST, MOST),
            "point": slider("choose point", 1, 1, FEWEST),
            "x1": slider("its x₁", 0.0, LOW, HIGH, EIGHTH, digits=3),
            "x2": slider("its x₂", 0.0, LOW, HIGH, EIGHTH, digits=3),
            "label": choice("its class", [("0, a circle", 0), ("1, a square", 1)], 0)}, extras
