"""Watch a small KAN being trained: the functions on its edges, the falling error, target and model side by side."""
from typing import NamedTuple

import numpy as np

from kan_edu.apps.common.app import App
from kan_edu.apps.common.training_run import Runs, frame_slider
from kan_edu.data.datasets import exp_sine, product, sample
from kan_edu.learning.downhill.gradient import Adam
from kan_edu.learning.downhill.lbfgs import LBFGS
from kan_edu.learning.downhill.levenberg_marquardt import LevenbergMarquardt
from kan_edu.learning.loop import fit
from kan_edu.learning.refinement import rmse
from kan_edu.networks import grids
from kan_edu.networks.kan import KAN
from kan_edu.seeing.controls import choice, slider
from kan_edu.seeing.plot_network import edge_curves

from .picture import TrainerPicture

CONTROLS = ("frame", "target", "widths", "basis", "G", "optimiser", "seed")
ROWS = (("frame", "play"), ("target", "widths"), ("basis", "G"), ("optimiser", "seed"))
TARGETS = {"exp_sine": ("exp(sin πx₁ + x₂²)", exp_sine),
           "product": ("x₁ · x₂", product),
           "bump": ("exp(-4 (x₁² + x₂²))", lambda X: np.exp(-4 * (X**2).sum(axis=1, keepdims=True))),
           "crease": ("|x₁ - x₂|", lambda X: np.abs(X[:, :1] - X[:, 1:]))}
WIDTHS = {f"[{', '.join(map(str, widths))}]": widths for widths in ([2, 1, 1], [2, 2, 1], [2, 5, 1])}
BASES = [("B-splines", "bspline"), ("Chebyshev", "chebyshev"), ("Fourier", "fourier"), ("Gaussian RBF", "rbf")]
OPTIMISERS = {"Adam": (lambda: Adam(lr=0.02), 10), "L-BFGS": (LBFGS, 2), "LM": (LevenbergMarquardt, 1)}  # steps a frame
LAST = 60                        # frame
MOVES = (0, 2, 5, 10, 20, 30)    # before these frames' steps the hidden grids move to where the values arrive
N, SIDE, K = 400, 41, 3          # training samples, points along a side of the squares, degree of the splines


class Frame(NamedTuple):
    """What the picture shows of the network after so many steps."""

    step: int
    train: float          # RMSE on the training samples
    new: float            # RMSE on the SIDE * SIDE points of the squares, which are not trained on
    curves: list          # of LayerCurves
    surface: np.ndarray   # (SIDE, SIDE) the model's values, first index x2 from below
    n_params: int


def square():
    """The points of the squares, x1 running fastest: (SIDE * SIDE, 2)."""
    line = np.linspace(-1, 1, SIDE)
    return np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)


def train(target, widths, basis, G, optimiser, seed):
    """The frames of one training, from the first random network on."""
    function, points = TARGETS[target][1], square()
    X, Y = sample(function, N, n_in=2)
    model = KAN(WIDTHS[widths], G=G, k=K, basis=basis, seed=seed)
    make, steps = OPTIMISERS[optimiser]
    maker, wanted = make(), function(points)
    for number in range(LAST + 1):
        if number in MOVES:   # later moves are few: each begins a new landscape for the optimiser
            grids.update(model, X, keep_inputs=True)
        surface = model(points)
        yield Frame(number * steps, rmse(model, X, Y), float(np.sqrt(np.mean((surface - wanted) ** 2))),
                    edge_curves(model, X), surface.reshape(SIDE, SIDE), model.n_params)
        fit(model, X, Y, steps=steps, optimiser=maker, progress=False)


class TrainerApp(App):
    """A KAN with two inputs, its training in 61 frames, and a slider to walk through them; Play runs it.

    controls   which controls are on the page, of "frame" (with its Play), "target", "widths", "basis", "G",
               "optimiser", "seed"; what has no control keeps its value
    state      what to start from; a dict as `app.state` gives it, or a part of one
               frame: 0 to 60; one frame is 10 steps of Adam, 2 of L-BFGS or 1 of LM (Levenberg-Marquardt)
               target: "exp_sine", "product", "bump" or "crease"; widths: "[2, 1, 1]", "[2, 2, 1]" or "[2, 5, 1]"
               basis: "bspline", "chebyshev", "fourier" or "rbf", each with G + 3 functions an edge; G: 2 to 12
               optimiser: "Adam", "L-BFGS" or "LM"; seed: 0 to 19, of the random values at the start

    The data are the same 400 samples for all. `app.frames()` are the frames up to the present one, with their numbers.

    >>> app = TrainerApp(state={"widths": "[2, 1, 1]", "optimiser": "LM", "frame": 3})
    >>> app.live.text.split(":")[0]
    'Frame 3, 3 steps of LM'
    """

    def __init__(self, controls=CONTROLS, *, state=None):
        self.controls, extras = make_controls()
        self.picture, self.runs = TrainerPicture(WIDTHS, LAST), Runs(train)
        self.wanted = {name: function(square()).reshape(SIDE, SIDE) for name, (_, function) in TARGETS.items()}
        super().__init__(controls, state, names=CONTROLS, rows=ROWS, partners={"play": "frame"}, extras=extras)

    def frames(self):
        """The frames 0 .. `frame` of the run that the picture shows."""
        settings = self.state
        return self.runs.frames(settings, settings.pop("frame"))

    def _update(self, state):
        frames = self.frames()
        self.picture.show(state["widths"], frames, self.wanted[state["target"]])
        return " ".join(sentences(state, frames[-1]))


def make_controls():
    """The app's controls by name, and what stands beside the first."""
    frame, extras = frame_slider("frame", LAST + 1)
    return {"frame": frame,
            "target": choice("target", [(label, name) for name, (label, _) in TARGETS.items()], "exp_sine"),
            "widths": choice("widths", list(WIDTHS), "[2, 5, 1]"),
            "basis": choice("basis", BASES, "bspline"),
            "G": slider("intervals G", 5, 2, 12),
            "optimiser": choice("optimiser", list(OPTIMISERS), "Adam"),
            "seed": slider("seed", 0, 0, 19)}, extras


def sentences(state, frame):
    """The picture in words and numbers."""
    steps = f"{frame.step} step" + "s" * (frame.step != 1)
    yield f"Frame {state['frame']}, {steps} of {state['optimiser']}:"
    yield f"RMSE {frame.train:.2g} on the {N} training samples, {frame.new:.2g} on {SIDE * SIDE} new points."
    yield f"{frame.n_params} parameters."
    first = frame.curves[0].share.sum(axis=0)
    yield f"Through x₁ passes {100 * first[0]:.0f} % of the output's variation, through x₂ {100 * first[1]:.0f} %."
