"""Activation functions, each beside its derivative: name -> (value of z, slope from z and its value)."""

import numpy as np

from kan_edu.checks.arrays import floats


def sigmoid(z):
    """1 / (1 + exp(-z)); far below zero exp(-z) is beyond all floats, inf, and 1 / inf is the 0 that it should be."""
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


def silu(z):
    """z sigmoid(z), the base function of a KAN's edges (the paper's b(x), section 2.2): z (...) -> (...).

    ValueError for what is no number, NaN and inf; so has `silu_slope`. Networks, whose z are numbers, use `_silu`.
    """
    return _silu(floats(z, "z"))


def silu_slope(z):
    """d silu / dz = s + z s (1 - s), with s = sigmoid(z): z (...) -> (...)."""
    return _silu_slope(floats(z, "z"))


def _silu(z):
    return z * sigmoid(z)


def _silu_slope(z):
    s = sigmoid(z)
    return s * (1 + z * (1 - s))


ACTIVATIONS = {
    "identity": (lambda z: z, lambda z, a: np.ones_like(z)),
    "relu": (lambda z: np.maximum(z, 0), lambda z, a: (z > 0).astype(float)),
    "sigmoid": (sigmoid, lambda z, a: a * (1 - a)),
    "silu": (_silu, lambda z, a: _silu_slope(z)),
    "tanh": (np.tanh, lambda z, a: 1 - a * a),
}

# The first three derivatives, for equations that hold a second one (curvature.py). z (...) -> (4, ...).


def sigmoid_derivatives(z):
    """s, s' = s (1 - s), s'' = s' (1 - 2 s), s''' = s'' (1 - 2 s) - 2 s'^2: each is the one before, differentiated."""
    s = sigmoid(z)
    s1 = s * (1 - s)
    s2 = s1 * (1 - 2 * s)
    return np.stack([s, s1, s2, s2 * (1 - 2 * s) - 2 * s1**2])


def silu_derivatives(z):
    """z s and its derivatives: a product with z, so (z s)^(n) = n s^(n-1) + z s^(n)."""
    s = sigmoid_derivatives(z)
    return np.stack([z * s[0], *(n * s[n - 1] + z * s[n] for n in (1, 2, 3))])


def tanh_derivatives(z):
    """a, a' = 1 - a^2, a'' = -2 a a', a''' = -2 (a'^2 + a a'')."""
    a = np.tanh(z)
    a1 = 1 - a * a
    a2 = -2 * a * a1
    return np.stack([a, a1, a2, -2 * (a1 * a1 + a * a2)])


DERIVATIVES = {"sigmoid": sigmoid_derivatives, "silu": silu_derivatives, "tanh": tanh_derivatives}
