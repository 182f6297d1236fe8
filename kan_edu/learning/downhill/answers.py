"""What an optimiser is given, looked at before it is used: parameters, gradients, residuals, Jacobians.

Nothing is converted: theta is changed in place, so it must be an array of floats already, float32 or float64.
"""

from numbers import Real

import numpy as np

from kan_edu.checks.arguments import OutOfBounds, all_finite, check_function, counted, shown


def check_theta(theta):
    """ValueError unless theta is (P,) finite floats in an array that may be written to."""
    check_floats(theta, "theta", "f", 1)
    if not theta.flags.writeable:
        raise ValueError("theta is read-only; expected an array that a step may change: model.theta, or a copy")


def check_gradient(grad, theta):
    """ValueError unless the gradient is (P,) finite numbers, as many as theta has."""
    check_floats(grad, "the gradient", "fiu", 1)
    if grad.shape != theta.shape:
        raise ValueError(f"the gradient has shape {grad.shape}, theta {theta.shape}; expected one slope a parameter")


def check_both(theta, grad):
    """`check_theta` and `check_gradient`, reading the numbers once: only finite ones have finite products."""
    check_floats(theta, "theta", "f", 1, finite=False)
    check_floats(grad, "the gradient", "fiu", 1, finite=False)
    if theta.shape != grad.shape or not theta.flags.writeable or not np.isfinite(np.vdot(theta, grad)):
        check_theta(theta), check_gradient(grad, theta)


def check_floats(x, name, kinds, ndim, finite=True):
    """ValueError unless x is an array of these kinds of numbers (a masked one is none) with so many axes."""
    if not isinstance(x, np.ndarray) or np.ma.isMaskedArray(x) or x.dtype.kind not in kinds or x.ndim != ndim:
        came = f"{x.dtype} of shape {x.shape}" if isinstance(x, np.ndarray) else shown(x)
        raise ValueError(f"{name} is {came}; expected an array of floats with {ndim} axes, not empty")
    if x.size == 0:
        raise ValueError(f"{name} is empty (shape {x.shape}); expected at least one number")
    if finite and not all_finite(x):
        bad = counted(int((~np.isfinite(x)).sum()), "value", " that are NaN or inf")
        raise OutOfBounds(f"{name} holds {bad}; lower the learning "
                          "rate, or make the model anew")  # fmt: skip


def loss_and_gradient(evaluate, theta, first=False):
    """What evaluate() says: the loss as a float, a copy of the gradient (P,); inf where either is not finite.

    At the `first` place, from which a search sets out, a finite loss must have a finite gradient: else OutOfBounds.
    """
    said = evaluate()
    value = said[0] if isinstance(said, tuple | list) and len(said) == 2 else None
    if not isinstance(value, Real) or isinstance(value, bool | np.bool_):
        raise ValueError(f"evaluate() returned {shown(said)}; expected a pair of the loss, a number, and its gradient")
    try:
        check_gradient(said[1], theta)
    except OutOfBounds:
        if first and np.isfinite(value):
            raise
        return np.inf, np.zeros_like(theta)
    return float(value), said[1].copy()


def checked(residuals, jacobian, P):
    """The two functions that Levenberg-Marquardt asks, each of which looks at what it returns: r (R,), J (R, P).

    J may come in blocks of rows. ValueError for other shapes, and for a Jacobian with NaN or inf.
    """
    check_function(residuals, "residuals", "lambda: model(X)[:, 0] - y")
    check_function(jacobian, "jacobian", "lambda: J")
    rows = [0]

    def sound_residuals():
        r = residuals()
        check_floats(r, "residuals()", "f", 1, finite=False)
        rows[0] = len(r)
        return r

    def sound_jacobian():
        J = jacobian()
        return check(J) if isinstance(J, np.ndarray) or not hasattr(J, "__iter__") else blocks(J)

    def blocks(parts):
        seen = 0
        for block in parts:
            seen += len(check(block, whole=False))
            if seen <= rows[0]:
                yield block
        check_rows(seen)

    def check(J, whole=True):
        check_floats(J, "the Jacobian", "f", 2)
        if J.shape[1] != P:
            raise ValueError(f"the Jacobian has {J.shape[1]} columns; expected {P}, one for each parameter")
        if whole:
            check_rows(len(J))
        return J

    def check_rows(seen):
        if seen != rows[0]:
            raise ValueError(f"the Jacobian has {seen} rows, there are {rows[0]} residuals; expected as many")

    return sound_residuals, sound_jacobian
