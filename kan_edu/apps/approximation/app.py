"""Add up N steps, bumps or hats until they come close to a curve, and see how the error falls as N grows.

The heights are read off the curve; nothing is trained. One piece can be raised and moved by hand.
"""
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from kan_edu.apps.common.app import App
from kan_edu.apps.common.choices import choice
from kan_edu.seeing.controls import slider
from kan_edu.theorems.bumps import bumps, cell_middles, errors, hats, ramps, rate, steps

from .picture import ApproximationPicture

MOST = 64                           # units
X = np.linspace(0, 1, 2001)         # where errors are measured and curves are drawn
COUNTS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64)   # N at which the error is measured for the right panel
LATE = slice(COUNTS.index(8), None)   # the slope is that of N = 8 to 64
JUMP = 1 / np.pi
TARGETS = {"wave": lambda x: np.sin(7 * x), "root": lambda x: np.sqrt(np.abs(x)),
           "jump": lambda x: np.where(x < JUMP, -0.6, 0.6)}
CONTROLS = ("target", "units", "N", "steepness", "pieces", "at", "raise", "move")
ROWS = (("target", "units"), ("N", "steepness"), ("pieces", "at"), ("raise", "move"))
NAMES = {("step", "units"): "step", ("sigmoid", "units"): "step", ("relu", "units"): "ramp",
         ("step", "bumps"): "bump", ("sigmoid", "bumps"): "bump", ("relu", "bumps"): "hat"}


class Pieces(NamedTuple):
    """What is added up: curves (M, P) of height 1 or slope 1, coefficients (P,), a constant, places (P,)."""

    curves: np.ndarray
    coefficients: np.ndarray
    constant: float
    places: np.ndarray


def network(target, units, N, k):
    """The N hidden units; k: the steepness of a sigmoid is 2^k."""
    f = TARGETS[target]
    return ramps(f, N) if units == "relu" else steps(f, N, 2.0**k if units == "sigmoid" else np.inf)


def pieces_of(state, x):
    """The pieces at x (M,): the units themselves, or the bumps or hats that these same units make."""
    f, N = TARGETS[state["target"]], state["N"]
    if state["pieces"] == "units":
        net = network(state["target"], state["units"], N, state["steepness"])
        return Pieces(net.hidden(x), net.a, net.c, -net.b / net.w)
    if state["units"] == "relu":
        corners = np.arange(N + 1) / N
        return Pieces(hats(x, N), f(corners), 0.0, corners)
    s = 2.0 ** state["steepness"] if state["units"] == "sigmoid" else np.inf
    return Pieces(bumps(x, N, s), f(cell_middles(N)), 0.0, cell_middles(N))


@lru_cache(maxsize=64)
def error_curve(target, units, k):
    """(largest, root mean square) error for each N of COUNTS, (12, 2)."""
    return np.array([errors(network(target, units, N, k)(X), TARGETS[target](X)) for N in COUNTS])


class ApproximationApp(App):
    """f(x) ~ c + sum_{i=1}^{N} a_i sigma(w_i x + b_i) on [0, 1]: the curve, its pieces, and the error against N.

    controls   which controls are on the page, of "target", "units", "N", "steepness", "pieces", "at", "raise",
               "move"
    state      what to start from; a dict as `app.state` gives it, or a part of one
               target: "wave", "root" or "jump"; units: "step", "sigmoid" or "relu"; N: 1 to 64;
               steepness: k = 2 to 12, s = 2^k (sigmoids only); pieces: "units", or "bumps" (their differences);
               at: the piece nearest to this x, 0 to 1, is changed by hand; raise: what is added to its coefficient,
               -1 to 1; move: by how much it is moved, -0.3 to 0.3

    >>> app = ApproximationApp(state={"units": "step", "N": 8})
    >>> app.live.text.split(". ")[0]
    'wave, 8 units as 9 bumps: largest error 0.38, RMSE 0.164'
    """

    def __init__(self, controls=CONTROLS, *, state=None):
        self.controls = make_controls()
        self.picture = ApproximationPicture(COUNTS)
        super().__init__(controls, state, names=CONTROLS, rows=ROWS)

    def _update(self, state):
        pieces, dx, truth = pieces_of(state, X), state["move"], TARGETS[state["target"]](X)
        chosen = int(np.argmin(np.abs(pieces.places - state["at"])))
        if dx:
            pieces.curves[:, chosen] = pieces_of(state, X - dx).curves[:, chosen]
        coefficients = pieces.coefficients.copy()
        coefficients[chosen] += state["raise"]
        total = pieces.constant + pieces.curves @ coefficients
        now, curve = errors(total, truth), error_curve(state["target"], state["units"], state["steepness"])
        one = NAMES[state["units"], state["pieces"]]
        self.picture.show(X, truth, total, pieces.constant, pieces.curves * coefficients, chosen, one)
        self.picture.show_errors(curve, state["N"], now)
        return " ".join(self._sentences(state, one, len(coefficients), now, curve, chosen, pieces.places[chosen]))

    def _sentences(self, state, one, count, now, curve, chosen, place):
        """The picture in words and numbers."""
        steep = f" of steepness {2 ** state['steepness']}" if state["units"] == "sigmoid" else ""
        units = f"{state['N']} unit{'s' if state['N'] > 1 else ''} as " if state["pieces"] == "bumps" else ""
        yield (f"{state['target']}, {units}{count} {one}{'s' if count > 1 else ''}{steep}: "
               f"largest error {now[0]:.2g}, RMSE {now[1]:.3g}.")
        falls = [f"N^{rate(COUNTS[LATE], curve[LATE, i]):.1f}".replace("-", "−") for i in (0, 1)]
        yield f"From N = 8 to 64 the largest error goes like {falls[0]}, the RMSE like {falls[1]}."
        if state["raise"] or state["move"]:
            yield (f"The {one} {chosen + 1} at x = {place:.2f} is raised by {state['raise']:.2f} "
                   f"and moved by {state['move']:.2f}.")


def make_controls():
    """The app's controls by name."""
    targets = [("wave: sin 7x", "wave"), ("root: √x", "root"), ("jump at 1/π", "jump")]
    units = [("step (Heaviside)", "step"), ("sigmoid, steepness s", "sigmoid"), ("relu", "relu")]
    return {"target": choice("target f", targets, "wave"),
            "units": choice("activation", units, "sigmoid"),
            "N": slider("N units", 8, 1, MOST),
            "steepness": slider("log₂ steepness", 7, 2, 12, tip="the steepness s of a sigmoid is 2 to this power"),
            "pieces": choice("pieces", [("the N units", "units"), ("bumps or hats", "bumps")], "bumps"),
            "at": slider("piece near x", 0.3, 0.0, 1.0, 0.01),   # a piece's number would need a new range for each N
            "raise": slider("raise it by", 0.0, -1.0, 1.0, 0.05),
            "move": slider("move it by", 0.0, -0.3, 0.3, 0.01)}
