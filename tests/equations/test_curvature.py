"""Second derivatives and their Jacobians, entry by entry against central differences, with random parameters."""

import numpy as np
import pytest

from kan_edu import KAN, MLP
from kan_edu.equations import curvature
from kan_edu.networks.activations import ACTIVATIONS, DERIVATIVES
from kan_edu.splines.bases import BSpline
from tests.gradients import assert_gradient, randomise

MAKE = {
    "KAN k=5": lambda: KAN([2, 3, 1], G=4, k=5),
    "KAN k=3": lambda: KAN([2, 2, 1], G=3, k=3),
    "deep KAN, no base": lambda: KAN([2, 2, 2, 1], G=3, k=4, base=False),
    "one layer": lambda: KAN([3, 1], G=4, k=5),
    "tanh": lambda: MLP([2, 4, 1]),
    "deep tanh": lambda: MLP([3, 3, 2, 1]),
    "silu": lambda: MLP([2, 4, 1], activation="silu"),
    "sigmoid": lambda: MLP([2, 3, 3, 1], activation="sigmoid"),
}
SLANTED = {"the axes": None, "one direction": [[0.6, -0.8]], "three directions": [[1.0, 2.0], [0.5, 0], [-0.3, 0.4]]}


def made(name, N=7):
    """A model with random parameters, and inputs of which some lie outside the grids (none of them near a kink)."""
    model = MAKE[name]()
    randomise(model.theta, size=0.7)
    return model, np.random.default_rng(1).uniform(-1.3, 1.3, (N, model.widths[0]))


def along(f, X, v, h=1e-5):
    """The slope of f(X) in direction v."""
    return (f(X + h * np.asarray(v)) - f(X - h * np.asarray(v))) / (2 * h)


@pytest.mark.parametrize("name", DERIVATIVES)
def test_three_derivatives_of_each_activation(name):
    z, h = np.linspace(-4, 4, 33), 1e-5
    found = DERIVATIVES[name](z)
    np.testing.assert_allclose(found[0], ACTIVATIONS[name][0](z), rtol=0, atol=1e-15)
    differences = (DERIVATIVES[name](z + h) - DERIVATIVES[name](z - h))[:3] / (2 * h)
    assert_gradient(found[1:], differences, name, 1e-9)


@pytest.mark.parametrize("name", MAKE)
@pytest.mark.parametrize("directions", SLANTED.values(), ids=SLANTED)
def test_slopes_are_differences_of_the_output_and_curvatures_of_the_slopes(name, directions):
    model, X = made(name)
    if directions is not None and model.widths[0] != 2:
        directions = [[*row, 0.1] for row in directions]
    u, slopes, second = curvature.second(model, X, directions)
    np.testing.assert_allclose(u, model(X), rtol=0, atol=1e-13)
    lines = np.eye(X.shape[1]) if directions is None else directions
    for d, v in enumerate(lines):
        assert_gradient(slopes[:, d], along(model, X, v), f"slope {d} of {name}", 1e-8)
    bends = sum(along(lambda X, v=v: curvature.second(model, X, [v])[1][:, 0], X, v) for v in lines)
    assert_gradient(second, bends, f"the curvature of {name}", 1e-7)


@pytest.mark.parametrize("name", MAKE)
@pytest.mark.parametrize("directions", [None, "one"])
def test_every_entry_of_the_jacobian_is_a_central_difference(name, directions):
    model, X = made(name)
    directions = directions and np.random.default_rng(2).normal(size=(1, X.shape[1]))
    second, J = curvature.jacobian(model, X, directions)
    np.testing.assert_array_equal(second, curvature.second(model, X, directions)[2][:, 0])
    assert J.shape == (7, model.n_params)
    differences, h = np.empty_like(J), 1e-6
    for p in range(model.n_params):
        kept = model.theta[p]
        model.theta[p] = kept + h
        above = curvature.second(model, X, directions)[2]
        model.theta[p] = kept - h
        differences[:, p] = (above - curvature.second(model, X, directions)[2])[:, 0] / (2 * h)
        model.theta[p] = kept
    assert_gradient(J, differences, f"the Jacobian of {name}", 1e-7)


@pytest.mark.parametrize("name", MAKE)
def test_what_is_carried_back_is_the_derivative_of_any_residual(name):
    """R = u''^2 / 2 + u cos(u') along one direction: the weights are its slopes with respect to u, u' and u''."""
    model, X = made(name)
    directions = np.random.default_rng(2).normal(size=(1, X.shape[1]))

    def residual():
        u, slopes, second = (value[..., 0] for value in curvature.second(model, X, directions))
        return second**2 / 2 + u * np.cos(slopes[:, 0])

    u, slopes, second, J = curvature.linearised(
        model, X, lambda u, slopes, second: (np.cos(slopes[:, 0]), -u[:, None] * np.sin(slopes), second), directions)
    np.testing.assert_allclose(residual(), second**2 / 2 + u * np.cos(slopes[:, 0]), rtol=1e-12)
    differences, h = np.empty_like(J), 1e-6
    for p in range(model.n_params):
        kept = model.theta[p]
        model.theta[p] = kept + h
        above = residual()
        model.theta[p] = kept - h
        differences[:, p] = (above - residual()) / (2 * h)
        model.theta[p] = kept
    assert_gradient(J, differences, f"a residual of {name}", 1e-6)


def test_the_laplacian_of_a_known_function():
    """One layer that holds x^3 / 6 + y^2 / 2 exactly: its Laplacian is x + 1."""
    model = KAN([2, 1], G=4, k=3, base=False)
    basis, x = model.layers[0].basis, np.linspace(-1, 1, 40)
    B = basis.values(np.stack([x, x], axis=1))
    for i, curve in enumerate([x**3 / 6, x**2 / 2]):
        model.layers[0].c[0, i] = np.linalg.lstsq(B[:, i], curve, rcond=None)[0]
    X = np.random.default_rng(0).uniform(-1, 1, (50, 2))
    u, slopes, laplacian = curvature.second(model, X)
    np.testing.assert_allclose(u[:, 0], X[:, 0] ** 3 / 6 + X[:, 1] ** 2 / 2, atol=1e-12)
    np.testing.assert_allclose(slopes[:, :, 0], np.stack([X[:, 0] ** 2 / 2, X[:, 1]], axis=1), atol=1e-12)
    np.testing.assert_allclose(laplacian[:, 0], X[:, 0] + 1, atol=1e-11)


@pytest.mark.parametrize("G", [1, 5, 50])
@pytest.mark.parametrize("k", [3, 4, 5])
def test_fixed_polynomials_are_the_recursion_of_the_books(k, G):
    basis = BSpline(np.stack([np.linspace(-1, 1, G + 1), np.linspace(0, 3, G + 1)]), k)
    X = np.random.default_rng(0).uniform([-1, 0], [1, 3], (40, 2))
    X[:2] = [[-1, 0], [1, 3]]  # the right end belongs to the piece on its left
    pairs = zip(curvature._fixed_polynomials(basis, X), curvature._textbook_derivatives(basis, X), strict=True)
    for nu, (fast, textbook) in enumerate(pairs):
        assert_gradient(fast, textbook, f"derivative {nu}", 1e-12)


def test_beyond_the_grid_an_edge_is_straight():
    model = KAN([1, 1], G=3, k=5, base=False)
    randomise(model.theta)
    _, slopes, second = curvature.second(model, np.array([[1.0], [1.5], [2.5]]))
    assert (second[1:] == 0).all() and second[0] != 0
    np.testing.assert_allclose(slopes[1:], slopes[:1].repeat(2, axis=0), rtol=1e-12)


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (lambda: KAN([2, 1], k=2), "degree k = 2 is too low for a second derivative without jumps; make .* k = 3"),
        (lambda: KAN([2, 1], basis="chebyshev"), "written out for B-splines; this KAN has Chebyshev"),
        (lambda: MLP([2, 3, 1], activation="relu"), "an MLP with relu is made of flat .* sigmoid, silu, tanh"),
        (lambda: MLP([2, 3, 1], activation="identity"), "an MLP with identity is made of flat"),
    ],
)
def test_a_model_without_curvature_is_refused(model, words):
    with pytest.raises(ValueError, match=words):
        curvature.second(model(), np.zeros((3, 2)))


def test_data_that_do_not_fit_are_refused():
    model = MLP([2, 3, 1])
    with pytest.raises(ValueError, match="3 columns, expected 2"):
        curvature.second(model, np.zeros((4, 3)))
    with pytest.raises(ValueError, match="NaN"):
        curvature.jacobian(model, np.full((4, 2), np.nan))
    with pytest.raises(ValueError, match="directions has 3 columns, expected 2"):
        curvature.second(model, np.zeros((4, 2)), [[1, 0, 0]])
    with pytest.raises(ValueError, match="has 2 outputs; the Jacobian of the curvature is for one"):
        curvature.jacobian(MLP([2, 3, 2]), np.zeros((4, 2)))


@pytest.mark.parametrize("ask", [curvature.second, curvature.jacobian])
def test_what_has_no_curvature_in_numbers_is_refused(ask):
    model, X = KAN([2, 1]), np.full((4, 2), 0.25)
    with pytest.raises(ValueError, match="the model is 3; expected a model"):
        ask(3, X)
    with pytest.raises(ValueError, match="the derivatives overflow for some samples"):
        ask(model, X, np.array([[1e200, 0.0]]))
    model.theta[0] = np.nan
    with pytest.raises(ValueError, match="1 of the .* parameters of .* are NaN or inf"):
        ask(model, X)


@pytest.mark.parametrize(("weights", "words"), [
    (3, "weights is 3; expected a function, such as lambda u, slopes, curvature"),
    (lambda u: (1, 0, 1), "weights could not be called with arrays of shape"),
    (lambda u, slopes, curve: 1.0, "weights returned 1.0; expected three"),
    (lambda u, slopes, curve: (np.ones(2), 0, 1), r"weights returned an array of shape \(2,\); expected \(7,\)"),
    (lambda u, slopes, curve: (np.nan, 0, 1), "what weights returned holds 1 value that is NaN"),
])  # fmt: skip
def test_weights_of_a_residual_that_are_none_are_refused(weights, words):
    with pytest.raises(ValueError, match=words):
        curvature.linearised(*made("one layer"), weights)
