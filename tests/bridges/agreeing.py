"""What tests of bridges share: models, samples on their grids and far outside, and whether two say the same of them."""

import numpy as np

from kan_edu import KAN
from kan_edu.networks import grids

CLOSE = {"float64": 1e-12, "float32": 1e-6}


def samples(n_in, reach=4.0, N=400):
    """X (N, n_in): most of it within `reach`, on and near the ends of grids from -1 to 1, and some of it at 30."""
    X = np.random.default_rng(0).uniform(-reach, reach, (N, n_in))
    X[:20] *= 30 / reach
    X[20:23], X[23:26] = np.array([[-1.0], [0.0], [1.0]]), np.array([[-1 - 1e-6], [1 + 1e-6], [1 - 1e-6]])
    return X


def assert_agree(ours, theirs, dtype):
    """Outputs (N, n_out) that agree to the rounding of the type, measured by the largest of them."""
    assert ours.dtype == theirs.dtype == dtype and ours.shape == theirs.shape
    assert np.abs(theirs).max() > 0.1, "outputs of zero agree with anything"
    assert np.abs(ours - theirs).max() <= CLOSE[np.dtype(dtype).name] * max(1, np.abs(theirs).max())


def moved(widths, X, change=lambda model: None):
    """A KAN of random numbers, after `change(model)`, whose grids lie where the samples X (N, n_in) are."""
    model = KAN(widths, seed=3)
    model.theta[...] += np.random.default_rng(0).normal(size=model.n_params) * 0.3
    change(model)
    grids.update(model, X, adaptive=0.5)
    return model
