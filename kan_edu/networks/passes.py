"""Forward and backward as anybody may call them: what comes in is looked at, and what goes out.

The mathematics is each network's own: `_forward` and `_backward`, which check nothing. Training calls these directly,
as it has looked at its samples once. No network inherits from another: each names these functions among its methods.
"""

from kan_edu.checks.arguments import check_flag, check_seed, check_sound
from kan_edu.checks.arrays import FLOAT64, check_matrix, check_outcome, check_slope

from . import flat


def checked(model, X):
    """X (N, n_in) as numbers that the network, whose parameters are sound, can take; else a ValueError."""
    hint, dtype = f"({model.called} with widths {model.widths})", getattr(model, "dtype", FLOAT64)
    X = check_matrix(X, "X", model.widths[0], hint, dtype)
    check_sound(model)
    return X


def forward(model, X):
    """X (N, n_in) -> Y (N, n_out), keeping what `backward` needs. ValueError for a wrong shape, NaN, inf, N = 0."""
    Y = flat.asked(model, checked(model, X))
    flat.note(model)
    return Y


def predict(model, X):
    """`forward` that leaves no trace: two threads may ask at once, and `backward` still finds the last forward.

    As nothing is kept, many samples go through in blocks: the memory that it takes does not grow with N.
    """
    return flat.predict(model, checked(model, X), model._per_sample())


def backward(model, dY, to_input=False):
    """dY = dL/dY (N, n_out) of the last forward -> `grad`; returns dL/dX (N, n_in) if asked for.

    Raises ValueError for a dY of another shape, with NaN or inf, and where no forward came since the last backward.
    """
    flat.check_kept(model)
    dY, to_input = check_slope(dY, model.shape_out), check_flag(to_input, "to_input")
    dX = model._backward(dY, to_input)
    check_outcome(model.grad, "the gradients")
    return dX if dX is None else check_outcome(dX, "the gradients")


def jacobian(model, X):
    """X (N, n_in) -> J_{n,o,p} = dY_{n,o}/dtheta_p, (N, n_out, P); `backward` sums dY_{n,o} J_{n,o,p}.

    Leaves no trace, as `model(X)` does. Raises ValueError for a wrong shape, NaN or inf, no samples.
    """
    return flat.shadow(model)._jacobian(X)


def restart(model, seed):
    """New random parameters, as a new model has them."""
    rng = check_seed(seed)
    for layer in model.layers:
        layer.draw(rng)
    flat.forget(model)
