"""The training that the trainer app shows, frame by frame, of a known function or of your own data; no widgets."""
from functools import partial
from typing import NamedTuple

import numpy as np

from kan_edu.data.datasets import exp_sine, product, sample
from kan_edu.learning.downhill.gradient import Adam
from kan_edu.learning.downhill.lbfgs import LBFGS
from kan_edu.learning.downhill.levenberg_marquardt import LevenbergMarquardt
from kan_edu.learning.loop import fit
from kan_edu.learning.refinement import rmse
from kan_edu.networks import grids
from kan_edu.networks.kan import KAN
from kan_edu.seeing.plot_network import edge_curves

TARGETS = {"exp_sine": ("exp(sin πx₁ + x₂²)", exp_sine),
           "product": ("x₁ · x₂", product),
           "bump": ("exp(-4 (x₁² + x₂²))", lambda X: np.exp(-4 * (X**2).sum(axis=1, keepdims=True))),
           "crease": ("|x₁ - x₂|", lambda X: np.abs(X[:, :1] - X[:, 1:]))}
OPTIMISERS = {"Adam": (lambda: Adam(lr=0.02), 10), "L-BFGS": (LBFGS, 2), "LM": (LevenbergMarquardt, 1)}  # steps a frame
LAST = 60                        # frame
MOVES = (0, 2, 5, 10, 20, 30)    # before these frames' steps the hidden grids move to where the values arrive
N, SIDE, K = 400, 41, 3          # training samples, points along a side of the squares, degree of the splines


class Frame(NamedTuple):
    """What the picture shows of the network after so many steps."""

    step: int
    train: float    # RMSE on the training samples
    new: float      # RMSE on samples that are not trained on
    curves: list    # of LayerCurves
    outputs: tuple  # arrays: a function's values (SIDE, SIDE), first index x2 from below; or y of all rows, (N,), (M,)
    n_params: int


def named(*widths):
    """{"[2, 5, 1]": [2, 5, 1], ...}: widths by how they are written."""
    return {f"[{', '.join(map(str, one))}]": one for one in widths}


WIDTHS = named([2, 1, 1], [2, 2, 1], [2, 5, 1])


def own_widths(n):
    """Widths to choose from for n inputs: a sum of curves first, and no more boxes than can be seen."""
    return named([n, 1], [n, 1, 1], [n, 2, 1], *[[n, 5, 1]] * (n <= 4))


def square():
    """The points of the squares, x1 running fastest: (SIDE * SIDE, 2)."""
    line = np.linspace(-1, 1, SIDE)
    return np.stack(np.meshgrid(line, line), axis=-1).reshape(-1, 2)


def train(target, widths, basis, G, optimiser, seed):
    """The frames of one training on samples of a function, from the first random network on."""
    function, points = TARGETS[target][1], square()
    X, Y = sample(function, N, n_in=2)
    wanted = function(points)

    def look(model):
        outputs = model(points)
        return rmse(model, X, Y), float(np.sqrt(np.mean((outputs - wanted) ** 2))), (outputs.reshape(SIDE, SIDE),)

    return frames_of(KAN(WIDTHS[widths], G=G, k=K, basis=basis, seed=seed), X, Y, optimiser, look)


def train_own(own, target, widths, basis, G, optimiser, seed):
    """The same on your own data (`OwnData`); errors and outputs are in the unit of y."""

    def look(model):
        outputs = [model(X) for X in (own.X, own.X_new)]
        errors = [own.spread * float(np.sqrt(np.mean((out - Y) ** 2)))
                  for out, Y in zip(outputs, (own.Y, own.Y_new), strict=True)]
        return *errors, tuple(map(own.unscaled, outputs))

    layers = own_widths(own.X.shape[1])[widths]
    return frames_of(KAN(layers, G=G, k=K, basis=basis, seed=seed), own.X, own.Y, optimiser, look)


def frames_of(model, X, Y, optimiser, look):
    """Train the model, and yield a Frame after so many steps each; between them None, where training can rest.

    look(model) -> (RMSE on the training samples, on others, outputs) for the frame
    """
    make, steps = OPTIMISERS[optimiser]
    maker, most = make(), max(1, steps * N // len(X))   # steps between two rests
    for number in range(LAST + 1):
        if number in MOVES and len(model.layers) > 1:   # later moves are few: each begins a new landscape
            grids.update(model, X, keep_inputs=True)
        train, new, outputs = look(model)
        yield Frame(number * steps, train, new, edge_curves(model, X), outputs, model.n_params)
        for done in range(0, steps, most):
            if fit(model, X, Y, steps=min(most, steps - done), optimiser=maker, progress=False).interrupted:
                raise KeyboardInterrupt   # `fit` ends by itself, and the frames are to end, too
            yield None


def own_run(own):
    """train(**settings) for these data."""
    return partial(train_own, own)
