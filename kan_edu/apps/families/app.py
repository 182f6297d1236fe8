"""Build a curve out of five families of functions with equally many numbers, and see which family suits which curve.

All are sums of fixed functions with heights found by least squares; nothing else is trained.
"""
from functools import cache

import numpy as np

from kan_edu.apps.common.app import App
from kan_edu.apps.common.choices import choice
from kan_edu.seeing.controls import slider
from kan_edu.splines.bases import BSpline, Chebyshev, Fourier, GaussianRBF
from kan_edu.theorems.bumps import hats

from .picture import FamiliesPicture

MOST = 10                           # sizes: n = 1 to 10
COUNTS = tuple(6 * n + 1 for n in range(1, MOST + 1))   # numbers with which every family comes out even
X = np.linspace(-1, 1, 501)        # where the curves are fitted, drawn and measured
TARGETS = {"smooth": lambda x: np.exp(x) * np.sin(3 * x), "kinked": lambda x: np.abs(x - 0.15) + 0.3 * x,
           "periodic": lambda x: np.exp(np.sin(2 * np.pi * x)) - 1}
FAMILIES = {"polynomial": "polynomial", "fourier": "waves", "spline": "cubic spline", "rbf": "Gaussian bumps",
            "ramps": "ramps (relu)"}
CONTROLS = ("target", "family", "n")
ROWS = (("target", "family"), ("n",))


def functions(family, P):
    """The P functions of a family at X: (501, P).

    A network with N relus has 3 N + 1 numbers. Here its corners stand at equal distances, so its sums are the broken
    lines through N + 1 hats.
    """
    if family == "ramps":
        return hats((X + 1) / 2, (P - 1) // 3)
    grid = np.array([[-1.0, 1.0]])
    basis = {"polynomial": lambda: Chebyshev(grid, P - 1), "fourier": lambda: Fourier(grid, (P - 1) // 2),
             "spline": lambda: BSpline(np.linspace(-1, 1, P - 2)[None], 3), "rbf": lambda: GaussianRBF(grid, P)}[family]
    return basis().values(X[:, None])[:, 0]


@cache   # 150 curves, 0.6 MB in all
def all_fitted(family, P):
    """{target: the best sum of the family's P functions at X (501,)}, by least squares for all targets at once."""
    A = functions(family, P)
    curves = A @ np.linalg.lstsq(A, np.stack([f(X) for f in TARGETS.values()], axis=1), rcond=None)[0]
    return dict(zip(TARGETS, curves.T, strict=True))


def fitted(target, family, P):
    """The best sum of the family's P functions at X: (501,)."""
    return all_fitted(family, P)[target]


def error(target, family, P):
    """Root mean square error of the best sum."""
    return float(np.sqrt(np.mean((fitted(target, family, P) - TARGETS[target](X)) ** 2)))


@cache
def errors(target):
    """{family: its errors for each P of COUNTS}."""
    return {family: [error(target, family, P) for P in COUNTS] for family in FAMILIES}


class FamiliesApp(App):
    """One curve on [-1, 1] as a sum of polynomials, waves, splines, Gaussians or ramps: the sum, and error against P.

    controls   which controls are on the page, of "target", "family", "n"
    state      what to start from; a dict as `app.state` gives it, or a part of one
               target: "smooth", "kinked" or "periodic"; family: "polynomial", "fourier", "spline", "rbf" or "ramps";
               n: 1 to 10, for P = 6 n + 1 numbers

    >>> app = FamiliesApp(state={"target": "periodic", "family": "fourier", "n": 3})
    >>> app.live.text.split(". ")[0]
    'The periodic target with 19 numbers: waves, RMSE 4e-04'
    """

    def __init__(self, controls=CONTROLS, *, state=None):
        self.controls = make_controls()
        self.picture = FamiliesPicture(COUNTS, FAMILIES)
        super().__init__(controls, state, names=CONTROLS, rows=ROWS)

    @property
    def errors(self):
        """{family: RMSE of its best sum} for the present target and size."""
        return {name: values[self.state["n"] - 1] for name, values in errors(self.state["target"]).items()}

    def _update(self, state):
        target, family, P = state["target"], state["family"], COUNTS[state["n"] - 1]
        found = errors(target)
        self.picture.show(X, TARGETS[target](X), fitted(target, family, P))
        self.picture.show_errors(found, family, P)
        at = self.errors
        best = min(at, key=at.get)
        return (f"The {target} target with {P} numbers: {FAMILIES[family]}, RMSE {at[family]:.0e}. "
                f"Least of the five: {FAMILIES[best]}, {at[best]:.0e}.")


def make_controls():
    """The app's controls by name."""
    targets = [("smooth: exp(x) sin 3x", "smooth"), ("kinked: |x − 0.15| + 0.3x", "kinked"), ("periodic", "periodic")]
    return {"target": choice("target", targets, "smooth"),
            "family": choice("family", [(words, name) for name, words in FAMILIES.items()], "polynomial"),
            "n": slider("size n", 2, 1, MOST, tip="each family has 6 n + 1 numbers")}
