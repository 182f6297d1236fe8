"""Gradients by central differences: slow, without a chain rule, and therefore a judge of the hand-written ones."""

import numpy as np


def central_difference(f, theta, h=1e-5):
    """dL/dtheta of L = f() for every entry of theta, which f reads; theta is moved in place and put back."""
    gradient = np.empty_like(theta)
    for place in np.ndindex(theta.shape):
        kept = theta[place]
        theta[place] = kept + h
        above = f()
        theta[place] = kept - h
        gradient[place] = (above - f()) / (2 * h)
        theta[place] = kept
    return gradient


def assert_gradient(found, expected, what="the gradient", tolerance=1e-6):
    """Every entry of `found` is `expected` to within `tolerance` times the largest entry."""
    assert found.shape == expected.shape, f"{what} has shape {found.shape}, expected {expected.shape}"
    off = np.abs(found - expected)
    scale = np.abs(expected).max()
    assert scale > 0, f"{what} is zero everywhere: this test would see nothing"
    worst = np.unravel_index(off.argmax(), off.shape)
    assert off[worst] <= tolerance * scale, (
        f"{what} at {tuple(map(int, worst))}: by hand {found[worst]}, by differences {expected[worst]}"
    )


def assert_jacobian(model, X, what="the Jacobian"):
    """Every column of model.jacobian(X) is a central difference."""
    J = model.jacobian(X)
    assert J.shape == (len(X), model.widths[-1], model.n_params)
    differences, h = np.empty_like(J), 1e-6
    for p in range(model.n_params):
        kept = model.theta[p]
        model.theta[p] = kept + h
        above = model(X)
        model.theta[p] = kept - h
        differences[:, :, p] = (above - model(X)) / (2 * h)
        model.theta[p] = kept
    assert_gradient(J, differences, what)


def check_network(model, loss, target, X):
    """Every entry of the gradient of loss(model(X), target), and dL/dX; without dL/dX the gradient is the same."""
    _, dY = loss(model.forward(X), target)
    dX = model.backward(dY, to_input=True)
    grad = model.grad.copy()
    value = lambda: loss(model(X), target)[0]  # noqa: E731
    assert_gradient(grad, central_difference(value, model.theta), "dL/dtheta")
    assert_gradient(dX, central_difference(value, X), "dL/dX")
    model.forward(X)
    assert model.backward(dY) is None
    np.testing.assert_array_equal(model.grad, grad)


def randomise(theta, seed=0, size=1.0):
    """Random values of about `size` for all parameters: the tidy initial ones (w_s = 1, b = 0) hide mistakes."""
    theta[...] = np.random.default_rng(seed).normal(0, size, theta.shape)
