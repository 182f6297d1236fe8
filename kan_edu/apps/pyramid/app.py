"""The Cox-de Boor pyramid: one row for each degree, and the few functions that are not zero at x lit up."""
from functools import partial

import numpy as np

from kan_edu.apps.common.app import App
from kan_edu.seeing.controls import as_lists, check_number, set_range, slider
from kan_edu.seeing.plot import indexed
from kan_edu.seeing.touch import Thing
from kan_edu.splines.bspline import pyramid

from .picture import MOST_G, MOST_K, PyramidPicture, integer_knots

CONTROLS = ("x", "degree", "intervals")
ROWS = (("x",), ("degree", "intervals"))
GRAIN = 0.05   # a knot moves in such steps, and comes no nearer to another


class PyramidApp(App):
    """All B_{m,d}(x) for d = 0..k on the knots -k, ..., 0, 1, ..., G, ..., G+k, as a triangle of cells.

    The knots 1, ..., G-1 can be dragged to other places; those outside stay.

    Level 0 is the bottom row. A lit cell hands shares of its value up to two cells of the next row:
    (x - t_m) / (t_{m+d} - t_m) to the right, the rest to the left. So every row sums to one.

    controls   which controls are on the page, of "x", "degree", "intervals"
    state      what to start from; a dict as `app.state` gives it, or a part of one
               x: 0 to G; degree: k, 0 to 5; intervals: G, 1 to 5; knots: the G - 1 inside, 0.05 from each other

    >>> app = PyramidApp(state={"x": 1.5, "degree": 2})
    >>> app.live.text
    'x = 1.50, degree 2: 3 of 6 functions are lit: B₁ 0.125, B₂ 0.750, B₃ 0.125; sum 1.000.'
    """

    def __init__(self, controls=CONTROLS, *, state=None):
        self.controls = {"x": slider("x", 1.6, 0.0, 4.0, 0.05),
                         "degree": slider("degree k", 3, 0, MOST_K),
                         "intervals": slider("intervals G", 4, 1, MOST_G)}
        self.picture, self.knots = PyramidPicture(), whole(4)
        super().__init__(controls, state, names=CONTROLS, rows=ROWS)

    @App.state.getter   # the setter stays that of App
    def state(self):
        """The values of the controls, and the knots inside, as a plain dict."""
        return {**{name: self.controls[name].value for name in CONTROLS}, "knots": list(self.knots)}

    def _apply(self, values):
        checked, x = self._checked(values, ("degree", "intervals")), self.controls["x"].value
        G = checked.get("intervals", self.controls["intervals"].value)
        if "x" in values:   # its range hangs on G
            x = check_number("x", values["x"], 0, G)
        known = self.knots if G == len(self.knots) + 1 else whole(G)
        self.knots = check_knots(values["knots"], G) if "knots" in values else known
        self._set(checked)
        self._set_x_range(x)

    def _react(self, name):
        if name == "intervals":
            self.knots = whole(self.controls["intervals"].value)
            self._set_x_range(self.controls["x"].value)

    def _set_x_range(self, x):
        G = float(self.controls["intervals"].value)
        set_range(self.controls["x"], 0.0, G, min(x, G))

    def _things(self):
        """The probe x, above the pyramid and on the strip of knots below it; there also the last knot of the domain."""
        x, step = self.controls["x"].value, (self.controls["x"].step, 0.0)
        if "x" in self.shown:
            for name, ax in (("x on the curves", self.picture.top), ("x on the knots", self.picture.strip)):
                yield Thing(name, ax, x, None, lambda x, _: self._put("x", x), step, f"{x:.2f}")
        if "intervals" in self.shown:
            G = self.controls["intervals"].value
            for j, place in enumerate(self.knots, start=1):
                yield Thing(f"knot {j}", self.picture.strip, place, 0.0, partial(self._drag_knot, j), (GRAIN, 0.0),
                            f"{place:.2f}")
            yield Thing("end of the domain", self.picture.strip, float(G), 0.0,
                        lambda x, _: self._put("intervals", x), (1.0, 0.0), f"G = {G}")

    def _drag_knot(self, j, x, y):
        """To the nearest step between its neighbours: it meets none of them, or a share would be 0/0."""
        places = [0.0, *self.knots, float(self.controls["intervals"].value)]
        x = min(max(x, places[j - 1] + GRAIN), places[j + 1] - GRAIN)
        self.knots[j - 1] = round(GRAIN * round(x / GRAIN), 12)

    def _update(self, state):
        x, k, G = state["x"], state["degree"], state["intervals"]
        t = integer_knots(G, k)
        t[k + 1 : k + G] = self.knots
        levels = [row[0] for row in pyramid(x, t, k)]
        first = int(np.argmax(levels[0])) - k   # level 0 has one function that is not zero: B_{first+k}
        self.picture.show(x, k, G, t, levels, first)
        lit = ", ".join(f"{indexed('B', m)} {levels[k][m]:.3f}" for m in range(first, first + k + 1))
        are = "function is" if k == 0 and G == 1 else "functions are" if k else "functions is"
        moved = "" if self.knots == whole(G) else f" Knots inside: {', '.join(f'{t:.2f}' for t in self.knots)}."
        return f"x = {x:.2f}, degree {k}: {k + 1} of {G + k} {are} lit: {lit}; sum {levels[k].sum():.3f}.{moved}"


def whole(G):
    """The knots inside as the app begins, whole numbers: then all shares can be checked by hand.

    >>> whole(4)
    [1.0, 2.0, 3.0]
    """
    return [float(t) for t in range(1, G)]


def check_knots(values, G):
    """G - 1 numbers that grow by at least GRAIN, from 0 to G, as a list; or a ValueError."""
    values = as_lists("knots", values)
    if not isinstance(values, list | tuple) or len(values) != G - 1:
        raise ValueError(f"knots = {values!r}; {G} intervals have {G - 1} knots inside: give a list of so many numbers")
    knots = [check_number(f"knot {j}", t, 0, G) for j, t in enumerate(values, start=1)]
    if np.diff([0, *knots, G]).min() < GRAIN - 1e-9:
        raise ValueError(f"knots = {knots}; expected them sorted, {GRAIN} or more from each other and from 0 and {G}")
    return knots
