"""Whether training learnt anything, and which call helps where data and grids do not meet."""

import warnings

import numpy as np

from kan_edu.networks import grids

LITTLE = 0.5  # of the standard deviation of Y: an error above that has learnt little
BEYOND = 0.5  # of the samples: so many outside a grid leave mostly straight lines
NARROW = 0.01  # of a grid: samples that fill no more lie in one interval
FAR = 100  # from zero: there silu is a steep straight line, and tanh a constant
SCALES = 0.01, 100  # standard deviations of Y that a new model's outputs can reach


class LearntLittle(UserWarning):
    """The model is hardly better than the mean of Y, and the scale of the data tells why."""


def outside(model, X):
    """The largest share of the samples outside a grid, for each layer of a KAN of B-splines; [] for other models."""
    if not all(hasattr(getattr(layer, "basis", None), "knots") for layer in model.layers):
        return []
    return [float(one.outside.max()) for one in grids.coverage(model, X)]


def reason(model, X, Y):
    """Why X (N, n_in) or Y (N, n_out) cannot be learnt as they are, and what to do; "" if their scale is no reason."""
    shares = outside(model, X)
    if shares and shares[0] > BEYOND:
        return (f"{shares[0]:.0%} of the samples lie outside the first layer's grid, where edges are straight lines: "
                "scale X with datasets.to_box, or move the grids with grids.update(model, X)")  # fmt: skip
    width = np.ptp(X, axis=0).max()
    ends = model.layers[0].basis.grid[:, [0, -1]] if shares else np.array([[-1.0, 1.0]])
    if width < NARROW * np.ptp(ends, axis=1).max():
        return f"all of X lies within {width:.3g}: scale it with datasets.to_box"
    if np.abs(X).max() > FAR:
        return f"X reaches to {np.abs(X).max():.3g}: scale it with datasets.to_box"
    if shares and max(shares) > BEYOND:
        return (f"{max(shares):.0%} of the hidden values lie outside their layer's grid: move the grids with "
                "grids.update(model, X) and go on training, or train with fit_with_refinement")  # fmt: skip
    spread = float(Y.std(axis=0).max())
    if not SCALES[0] <= spread <= SCALES[1]:
        return f"the standard deviation of Y is {spread:.3g}: scale Y with datasets.standardise"
    return ""


def warn_if_little(model, X, Y, rmse, stacklevel=3):
    """One LearntLittle warning, if the error is above half the standard deviation of Y and the scale tells why."""
    spread = float(np.sqrt(Y.var(axis=0).mean()))
    if spread == 0 or not rmse > LITTLE * spread:
        return
    why = reason(model, X, Y)
    if why:
        words = f"little was learnt: RMSE {rmse:.3g}, where the mean of Y alone has {spread:.3g}. Likely cause: {why}"
        warnings.warn(words, LearntLittle, stacklevel=stacklevel)
