"""Dense and MLP: every gradient entry by differences, with every activation; what is refused, and in which words."""

import copy
import pickle

import numpy as np
import pytest

from kan_edu.learning.losses import cross_entropy, mse
from kan_edu.networks.activations import ACTIVATIONS, sigmoid, silu
from kan_edu.networks.mlp import MLP
from tests.gradients import check_network, randomise

EVERY = pytest.mark.parametrize("activation", ACTIVATIONS)
rng = np.random.default_rng


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_far_from_zero_sigmoid_is_0_or_1_and_silu_0_or_its_input(dtype):
    z = np.array([-1e30, -800, 800, 1e30], dtype)
    np.testing.assert_array_equal(sigmoid(z), [0, 0, 1, 1])
    np.testing.assert_array_equal(silu(z.astype(float)), [0, 0, 800, float(z[3])])
    assert sigmoid(np.array([-100.0])) == pytest.approx(np.exp(-100), rel=1e-12, abs=0)


@EVERY
def test_every_slope_of_an_activation_against_differences(activation):
    value, slope = ACTIVATIONS[activation]
    z, h = np.concatenate([rng(0).normal(0, 3, 50), [-30, -8, 8, 30]]), 1e-5
    np.testing.assert_allclose(slope(z, value(z)), (value(z + h) - value(z - h)) / (2 * h), rtol=1e-6, atol=1e-9)


@pytest.mark.filterwarnings("error")
@EVERY
def test_no_activation_overflows_far_out(activation):
    value, slope = ACTIVATIONS[activation]
    z = np.array([-1e300, -1e4, -800.0, 0, 800, 1e4, 1e300])
    assert np.isfinite(value(z)).all()
    assert np.isfinite(slope(z, value(z))).all()


def check_gradients(model, loss, target, N=9):
    """Every entry of dL/dW, dL/db of every layer and of dL/dX; b and X are random too."""
    randomise(model.theta, seed=1)
    X = rng(2).normal(size=(N, model.widths[0]))
    check_network(model, loss, target, X)


@EVERY
@pytest.mark.parametrize("widths", [[3, 2], [3, 4, 2], [2, 3, 4, 3, 2]], ids=str)
def test_every_gradient_with_mean_square_error(activation, widths):
    check_gradients(MLP(widths, activation=activation), mse, rng(3).normal(size=(9, 2)))


@EVERY
def test_every_gradient_with_cross_entropy(activation):
    check_gradients(MLP([3, 5, 4], activation=activation), cross_entropy, rng(3).integers(0, 4, 9))


def test_a_node_sums_and_then_activates():
    model = MLP([2, 3, 1], activation="tanh")
    randomise(model.theta)
    first, last = model.layers
    x = [0.3, -1.2]
    hidden = [np.tanh(first.W[j, 0] * x[0] + first.W[j, 1] * x[1] + first.b[j]) for j in range(3)]
    expected = sum(last.W[0, j] * hidden[j] for j in range(3)) + last.b[0]  # no activation after the last
    assert model([x])[0, 0] == pytest.approx(expected, rel=1e-14)


def test_without_a_nonlinearity_every_depth_is_one_straight_map():
    model = MLP([2, 6, 6, 1], activation="identity")
    randomise(model.theta)
    X, Z = rng(0).normal(size=(2, 5, 2))
    np.testing.assert_allclose(model((X + Z) / 2), (model(X) + model(Z)) / 2, atol=1e-13)


def test_layers_see_theta_and_grad_without_a_copy():
    model = MLP([2, 3, 1])
    for flat, names in ((model.theta, ("W", "b")), (model.grad, ("dW", "db"))):
        flat[...] = np.arange(flat.size)
        parts = [getattr(layer, name) for layer in model.layers for name in names]
        assert np.concatenate([a.ravel() for a in parts]).tolist() == list(range(13))
        assert all(np.shares_memory(a, flat) for a in parts)


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_copy_has_parameters_of_its_own_and_its_layers_see_them(copied):
    model, X = MLP([2, 3, 1]), np.ones((4, 2))
    before, twin = model(X), copied(model)
    twin.theta[...] = 0
    assert (twin(X) == 0).all()
    np.testing.assert_array_equal(model(X), before)


def test_the_start_is_glorots_and_repeatable():
    layer = MLP([200, 100], seed=4).layers[0]
    assert abs(layer.W.std() / np.sqrt(2 / 300) - 1) < 0.02
    assert (layer.b == 0).all()
    np.testing.assert_array_equal(layer.W, MLP([200, 100], seed=4).layers[0].W)
    assert (layer.W != MLP([200, 100], seed=5).layers[0].W).any()


def test_repr_says_what_it_is():
    assert repr(MLP([2, 5, 1], activation="relu")) == "MLP([2, 5, 1], activation='relu', 21 parameters)"


@pytest.mark.parametrize(
    ("X", "words"),
    [
        (np.zeros((4, 3)), r"X has 3 columns, expected 2 \(an MLP with widths \[2, 5, 1\]\)"),
        (np.zeros(4), r"X has shape \(4,\); expected two dimensions"),
        (np.zeros((0, 2)), r"X is empty \(shape \(0, 2\)\)"),
        ([[0.0, np.nan]], r"NaN or inf \(the first at index \(0, 1\)\)"),
    ],
)
def test_samples_that_do_not_fit_are_refused(X, words):
    with pytest.raises(ValueError, match=words):
        MLP([2, 5, 1])(X)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"widths": [2]}, r"widths is \[2\]; expected at least \[inputs, outputs\]"),
        ({"widths": [2, 0]}, "a width is 0; expected a whole number >= 1"),
        ({"activation": "step"}, r"activation is 'step'; expected one of 'identity', 'relu', 'sigmoid',"),
    ],
)  # fmt: skip
def test_a_network_that_cannot_be_is_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        MLP(**{"widths": [2, 5, 1], **arguments})


def test_backward_refuses_another_shape_and_to_come_before_forward():
    model = MLP([2, 3, 1])
    with pytest.raises(ValueError, match="before each backward"):
        model.backward(np.ones((4, 1)))
    model.forward(np.zeros((4, 2)))
    with pytest.raises(ValueError, match=r"dL/dY has shape \(4, 4\); expected \(4, 1\)"):
        model.backward(np.ones((4, 4)))
