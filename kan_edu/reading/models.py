"""The door for a KAN that is to be read or drawn: a model with edges, and finite numbers in it."""

import numpy as np

from kan_edu.checks.arguments import check_has


def check_kan(model, what):
    """Return the model, or raise a ValueError: it is none, its edges are no functions, or its parameters no numbers.

    `what` says who asks: "strength".
    """
    check_has(model, "basis", what)
    if not np.isfinite(model.theta).all():
        bad = int((~np.isfinite(model.theta)).sum())
        raise ValueError(f"{bad} parameters of {model!r} are NaN or inf; train a new model, or load one that is sound")
    return model
