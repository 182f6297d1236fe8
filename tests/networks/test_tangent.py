"""J v, the way forward of a direction of theta, against the Jacobian that is written out."""

import numpy as np
import pytest

from kan_edu import KAN, MLP, SplineMLP


def read():
    """A network with all that reading makes of edges: two formulas, and one that is gone."""
    model = KAN([2, 2, 2], seed=0)
    model.set_formula((0, 0, 0), "sin", (1, 1.2, 0.3))
    model.set_formula((1, 0, 1), "x^2", (1, 0.7, 0.1))
    model.remove_edge((0, 1, 1))
    return model


MODELS = {
    "scattered": lambda: KAN([2, 5, 2]),
    "gathered": lambda: KAN([2, 1, 2], G=30, k=5),
    "textbook": lambda: KAN([2, 3, 2], form="textbook"),
    "no base": lambda: KAN([2, 3, 2], base=False, G=40),
    "three layers": lambda: KAN([2, 3, 1, 2], lo=-0.3, hi=0.2),
    "products": lambda: KAN([2, (1, 2), (1, 1)]),
    "Chebyshev": lambda: KAN([2, 3, 2], basis="chebyshev"),
    "read": read,
    "MLP": lambda: MLP([2, 4, 3, 2]),
    "SplineMLP": lambda: SplineMLP([2, 4, 3, 2], lo=-1, hi=1),
    "one layer": lambda: MLP([2, 2], activation="silu"),
}


@pytest.mark.parametrize("make", MODELS.values(), ids=MODELS)
def test_a_direction_goes_forward_as_the_jacobian_takes_it(make):
    """At random parameters, w_s too, and at samples beyond the grid."""
    rng, model = np.random.default_rng(0), make()
    model.theta += rng.normal(0, 0.3, model.n_params) * getattr(model, "free", True)
    X, v = rng.uniform(-1.2, 1.2, (15, 2)), rng.normal(size=model.n_params)
    J = model.jacobian(X)
    model._forward(X)
    np.testing.assert_allclose(model._tangent(v), J @ v, atol=1e-11)
    u = rng.normal(size=(15, 2))
    model._backward(u)  # and back, after the way forward
    np.testing.assert_allclose(model.grad, np.einsum("no,nop->p", u, J), atol=1e-11)
