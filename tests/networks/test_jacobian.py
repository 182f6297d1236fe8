"""The hand-written Jacobians of KAN and MLP, entry by entry against central differences and against `backward`."""

import numpy as np
import pytest

from kan_edu import KAN, MLP, SplineMLP
from tests.gradients import assert_gradient, assert_jacobian, randomise

MAKE = {
    "KAN": lambda: KAN([2, 3, 2], G=4),
    "one layer": lambda: KAN([3, 2], G=4, k=2),
    "deep": lambda: KAN([2, 2, 3, 1], G=3),
    "no base": lambda: KAN([2, 3, 2], G=4, k=5, base=False),
    "constants": lambda: KAN([2, 2], G=4, k=0),
    "wide grid": lambda: KAN([2, 2, 1], G=40),
    "textbook": lambda: KAN([2, 3, 2], G=4, form="textbook"),
    "Chebyshev": lambda: KAN([2, 3, 2], basis="chebyshev"),
    "Fourier": lambda: KAN([2, 3, 2], basis="fourier"),
    "RBF": lambda: KAN([2, 3, 2], basis="rbf"),
    "MLP": lambda: MLP([2, 4, 3, 2]),
    "linear MLP": lambda: MLP([3, 2]),
    "MLP with silu": lambda: MLP([2, 4, 1], activation="silu"),
    "SplineMLP": lambda: SplineMLP([2, 4, 3, 2], lo=-1, hi=1),
}


def made(name, N=7):
    """A model with random parameters, and inputs of which some lie outside the grids."""
    model = MAKE[name]()
    randomise(model.theta, size=0.7)
    return model, np.random.default_rng(1).uniform(-1.3, 1.3, (N, model.widths[0]))


@pytest.mark.parametrize("name", MAKE)
def test_every_entry_is_a_central_difference(name):
    assert_jacobian(*made(name), f"the Jacobian of {name}")


@pytest.mark.parametrize("name", MAKE)
def test_backward_is_a_sum_over_its_rows(name):
    model, X = made(name, N=50)
    dY = np.random.default_rng(2).normal(size=(50, model.widths[-1]))
    J = model.jacobian(X)
    model.forward(X)
    model.backward(dY)
    assert_gradient(np.einsum("no,nop->p", dY, J), model.grad, f"the gradient of {name}", 1e-12)


@pytest.mark.parametrize("more", [{"G": 4}, {"G": 40, "k": 5}, {"G": 6, "base": False}], ids=str)
@pytest.mark.parametrize("widths", [[2, 5, 1], [2, 3, (1, 1), 3]], ids=str)
def test_the_fast_jacobian_is_that_of_the_textbook(widths, more):
    """Scatter and Gather fill in k+1 functions each; the textbook writes all of them out."""
    fast, textbook = KAN(widths, **more), KAN(widths, form="textbook", **more)
    randomise(fast.theta, size=0.7)
    textbook.theta[...] = fast.theta
    X = np.random.default_rng(1).uniform(-1.3, 1.3, (60, 2))
    assert_gradient(fast.jacobian(X), textbook.jacobian(X), "the Jacobian", 1e-11)


def test_it_asks_for_a_matrix():
    with pytest.raises(ValueError, match="3 columns, expected 2"):
        MAKE["KAN"]().jacobian(np.zeros((4, 3)))
    with pytest.raises(ValueError, match="NaN"):
        MAKE["MLP"]().jacobian(np.full((4, 2), np.nan))
