"""Zoom into psi, the inner function of the literature: a staircase whose steps are staircases."""
from fractions import Fraction
from functools import cache

import numpy as np

from kan_edu.apps.common.app import App
from kan_edu.apps.common.choices import choice
from kan_edu.seeing.controls import slider
from kan_edu.theorems.koppen import psi, sprecher

from .picture import PsiPicture

CONTROLS = ("d", "zoom", "formula")
ROWS = (("d", "zoom"), ("formula",))
FORMULAS = {"Köppen": psi, "Sprecher 1996": sprecher}
MORE = 3   # digits that are drawn beyond the window's width: a thousand points


class PsiApp(App):
    """psi on base-10 digits; a window of width 10^-zoom around d is drawn on its right.

    controls   which controls are on the page, of "d", "zoom", "formula"
    state      what to start from: d from 0 to 1, zoom from 0 to 4, formula "Köppen" or "Sprecher 1996"

    >>> app = PsiApp(state={"d": 0.59, "zoom": 2})
    >>> app.live.text.split(". ")[0]
    'Köppen, window of width 0.01 around d = 0.590'
    """

    def __init__(self, controls=CONTROLS, *, state=None):
        self.controls = {"d": slider("d", 0.5, 0.0, 1.0, 0.005, digits=3), "zoom": slider("zoom", 1, 0, 4),
                         "formula": choice("formula", list(FORMULAS), "Köppen")}
        self.picture = PsiPicture()
        super().__init__(controls, state, names=CONTROLS, rows=ROWS)

    def _update(self, state):
        function, zoom = FORMULAS[state["formula"]], state["zoom"]
        k = zoom + MORE
        unit = 10**k
        middle = round(Fraction(repr(state["d"])) * unit)
        first = min(max(middle - 10**MORE // 2, 0), unit - 10**MORE)   # the window does not leave [0, 1]
        values = [function(Fraction(m, unit), k) for m in range(first, first + 10**MORE + 1)]
        low, rise = min(values), float(max(values) - min(values))
        height = np.array([float(v - low) for v in values]) / rise   # exact until here: steps are down to 1e-127
        self.picture.show(whole(state["formula"]), height, rise, first / unit, 10.0**-zoom)
        steps = np.sort(np.diff(height))[::-1]
        most = 1 + int(np.argmax(np.cumsum(steps) >= 0.9 * steps.sum()))
        falls = int((steps < 0).sum())
        return (f"{state['formula']}, window of width {10.0**-zoom:g} around d = {state['d']:.3f}. "
                f"psi spans {rise:.3g} there; 90 % of its rise come in {most} of {len(steps)} steps. "
                f"It falls at {falls} of them.")


@cache
def whole(formula):
    """psi_3 at 0, 0.001, ..., 1 as floats."""
    return [float(FORMULAS[formula](Fraction(m, 1000), 3)) for m in range(1001)]
