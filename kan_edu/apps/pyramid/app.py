"""The Cox-de Boor pyramid: one row for each degree, and the few functions that are not zero at x lit up."""
import numpy as np

from kan_edu.apps.common.app import App
from kan_edu.seeing.controls import check_number, set_range, slider
from kan_edu.seeing.plot import indexed
from kan_edu.seeing.touch import Thing
from kan_edu.splines.bspline import pyramid

from .picture import MOST_G, MOST_K, PyramidPicture, integer_knots

CONTROLS = ("x", "degree", "intervals")
ROWS = (("x",), ("degree", "intervals"))


class PyramidApp(App):
    """All B_{m,d}(x) for d = 0..k on the knots -k, ..., 0, 1, ..., G, ..., G+k, as a triangle of cells.

    Level 0 is the bottom row. A lit cell hands shares of its value up to two cells of the next row:
    (x - t_m) / (t_{m+d} - t_m) to the right, the rest to the left. So every row sums to one.

    controls   which controls are on the page, of "x", "degree", "intervals"
    state      what to start from; a dict as `app.state` gives it, or a part of one
               x: 0 to G; degree: k, 0 to 5; intervals: G, 1 to 5

    >>> app = PyramidApp(state={"x": 1.5, "degree": 2})
    >>> app.live.text
    'x = 1.50, degree 2: 3 of 6 functions are lit: B₁ 0.125, B₂ 0.750, B₃ 0.125; sum 1.000.'
    """

    def __init__(self, controls=CONTROLS, *, state=None):
        self.controls = {"x": slider("x", 1.6, 0.0, 4.0, 0.05),
                         "degree": slider("degree k", 3, 0, MOST_K),
                         "intervals": slider("intervals G", 4, 1, MOST_G)}
        self.picture = PyramidPicture()
        super().__init__(controls, state, names=CONTROLS, rows=ROWS)

    def _apply(self, values):
        checked, x = self._checked(values, ("degree", "intervals")), self.controls["x"].value
        if "x" in values:   # its range hangs on G
            x = check_number("x", values["x"], 0, checked.get("intervals", self.controls["intervals"].value))
        self._set(checked)
        self._set_x_range(x)

    def _react(self, name):
        if name == "intervals":
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
        if "intervals" in self.shown:   # the knots are whole numbers, so that all shares can be checked by hand
            G = self.controls["intervals"].value
            yield Thing("end of the domain", self.picture.strip, float(G), 0.0,
                        lambda x, _: self._put("intervals", x), (1.0, 0.0), f"G = {G}")

    def _update(self, state):
        x, k, G = state["x"], state["degree"], state["intervals"]
        levels = [row[0] for row in pyramid(x, integer_knots(G, k), k)]
        first = int(np.argmax(levels[0])) - k   # level 0 has one function that is not zero: B_{first+k}
        self.picture.show(x, k, G, levels, first)
        lit = ", ".join(f"{indexed('B', m)} {levels[k][m]:.3f}" for m in range(first, first + k + 1))
        are = "function is" if k == 0 and G == 1 else "functions are" if k else "functions is"
        return (f"x = {x:.2f}, degree {k}: {k + 1} of {G + k} {are} lit: {lit}; sum {levels[k].sum():.3f}.")
