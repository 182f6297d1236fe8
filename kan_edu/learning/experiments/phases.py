"""Learning one piece of the data after the other: what a network still knows of the earlier pieces, and why."""

import numpy as np

from kan_edu.checks.arguments import check_flag, check_has
from kan_edu.checks.arrays import check_labels
from kan_edu.learning.downhill.gradient import Adam
from kan_edu.learning.loop import check_data, fit
from kan_edu.learning.losses import mse
from kan_edu.networks import grids


class OnlyCoefficients:
    """Adam that sees zeros for the slopes of a KAN's w_s and w_b, so that only the coefficients c are trained.

    Raises ValueError for a model that is no KAN.
    """

    def __init__(self, model, lr=0.03):
        check_has(model, "c", "training only coefficients")
        self.adam = Adam(lr)
        self.free = np.concatenate([np.arange(layer.theta.size) < layer.c.size for layer in model.layers])

    def step(self, theta, grad):
        self.adam.step(theta, grad * self.free)


def in_phases(model, X, Y, piece, *, only_coefficients=False, steps=300, lr=0.03):
    """Train on each piece of X (N, n_in), Y (N, n_out) in turn and never again on the earlier ones.

    `piece` (N,) numbers the pieces 0, 1, ...; each phase begins with a new Adam. Returns a row for each phase but the
    first: the largest overlap with what was before (`grids.overlap`; 1 for a network without grids), the RMSE on the
    phase's own piece, and the RMSE on all earlier pieces before the phase and after it. ValueError if a piece is empty,
    or there is one only.
    The experiment is that of arXiv 2404.19756, section 3.5; the overlap is that of arXiv 2511.12828.

    >>> from kan_edu import KAN
    >>> X = np.linspace(-1, 1, 40)[:, None]
    >>> in_phases(KAN([1, 1]), X, X**2, np.repeat([0, 1], 20), steps=5).shape
    (1, 4)
    """
    check_has(model, None, "in_phases")
    X, Y = check_data(model, X, Y, "training")
    piece, rows = check_labels(piece, len(X), max(2, len(X)), "piece"), []
    if piece.max() == 0:
        raise ValueError("there is one piece, 0; expected two or more, to be learnt one after the other")
    if check_flag(only_coefficients, "only_coefficients"):
        check_has(model, "c", "training only coefficients")
    for phase in range(piece.max() + 1):
        own, past = (X[piece == phase], Y[piece == phase]), (X[piece < phase], Y[piece < phase])
        if not len(own[0]):
            raise ValueError(f"piece {phase} has no samples; number the pieces 0, 1, 2, ... without gaps")
        if phase:
            shared, before = _overlap(model, past[0], own[0]), _rmse(model, *past)
        fit(model, *own, steps=steps, optimiser=OnlyCoefficients(model, lr) if only_coefficients else Adam(lr))
        rows += [(shared, _rmse(model, *own), before, _rmse(model, *past))] if phase else []
    return np.array(rows)


def _overlap(model, past, own):
    has_grids = all(hasattr(layer, "basis") for layer in model.layers)
    return max(shares.max() for shares in grids.overlap(model, past, own)) if has_grids else 1.0


def _rmse(model, X, Y):
    return np.sqrt(mse(model(X), Y)[0])
