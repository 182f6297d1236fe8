"""Activation functions, each beside its derivative: name -> (value of z, slope from z and its value)."""

import numpy as np


def sigmoid(z):
    """1 / (1 + exp(-z)), written with tanh so that no exp overflows for z far below zero."""
    return 0.5 * (1 + np.tanh(0.5 * z))


def silu(z):
    """z sigmoid(z), the base function of a KAN's edges (the paper's b(x), section 2.2)."""
    return z * sigmoid(z)


def silu_slope(z):
    """d silu / dz = s + z s (1 - s), with s = sigmoid(z)."""
    s = sigmoid(z)
    return s * (1 + z * (1 - s))


ACTIVATIONS = {
    "identity": (lambda z: z, lambda z, a: np.ones_like(z)),
    "relu": (lambda z: np.maximum(z, 0), lambda z, a: (z > 0).astype(float)),
    "sigmoid": (sigmoid, lambda z, a: a * (1 - a)),
    "silu": (silu, lambda z, a: silu_slope(z)),
    "tanh": (np.tanh, lambda z, a: 1 - a * a),
}
