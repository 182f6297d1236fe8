"""The door for what is to be read or drawn: a KAN with finite numbers in it, and data whose squares are numbers too."""

import numpy as np

from kan_edu.checks.arguments import check_has

LARGEST = 1e150  # beyond, the square of a number is none that float64 has


def check_kan(model, what):
    """Return the model, or raise a ValueError: it is none, its edges are no functions, or its parameters no numbers.

    `what` says who asks: "strength".
    """
    check_has(model, "basis", what)
    if not np.isfinite(model.theta).all():
        bad = int((~np.isfinite(model.theta)).sum())
        raise ValueError(f"{bad} parameters of {model!r} are NaN or inf; train a new model, or load one that is sound")
    return model


def check_squares(x, name):
    """Return an array of numbers, or raise a ValueError if their squares are none that float64 has."""
    far = np.abs(x) > LARGEST
    if far.any():
        raise ValueError(f"{name} holds {x[far].flat[0]:.3g}, whose square is beyond float64; divide by a power of ten "
                         "first")  # fmt: skip
    largest = np.abs(x).max(initial=0)
    if 0 < largest < 1 / LARGEST:
        raise ValueError(f"{name} goes up to {largest:.3g}, whose square is 0 in float64; multiply by a power of "
                         "ten first")  # fmt: skip
    return x
