"""SGD and Adam against their formulas, number by number."""

import math

import numpy as np
import pytest

from kan_edu.learning.downhill.gradient import BLOCK, SGD, Adam
from kan_edu.networks.kan import KAN
from kan_edu.networks.mlp import MLP

STEPS, P = 200, 6


def gradients(seed=0):
    """A sequence of gradients of very different sizes, zeros among them."""
    rng = np.random.default_rng(seed)
    g = rng.normal(size=(STEPS, P)) * 10.0 ** np.array([-6, -3, 0, 1, 3, 0])
    g[:, 5] = 0
    g[3] = 0
    return g


def walked(optimiser, start, gradients):
    theta = start.copy()
    path = []
    for g in gradients:
        optimiser.step(theta, g)
        path.append(theta.copy())
    return np.array(path)


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_sgd_is_a_sum_of_old_gradients_that_fade(momentum):
    """theta_s = theta_0 - lr sum_{r <= s} (1 + momentum + ... + momentum^(s-r)) g_r, without any recursion."""
    start, g, lr = np.arange(P, dtype=float), gradients(), 0.03
    path = walked(SGD(lr, momentum), start, g)
    for s in (0, 1, 2, 10, STEPS - 1):
        factors = [math.fsum(momentum**p for p in range(s - r + 1)) for r in range(s + 1)]
        expected = [start[i] - lr * math.fsum(f * x for f, x in zip(factors, g[:, i], strict=False)) for i in range(P)]
        np.testing.assert_allclose(path[s], expected, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize(("beta1", "beta2"), [(0.9, 0.999), (0.5, 0.9), (0.0, 0.0)])
def test_adam_is_the_algorithm_of_the_paper_number_by_number(beta1, beta2):
    """arXiv 1412.6980, algorithm 1, for one parameter at a time with Python's own floats."""
    start, g, lr, eps = np.linspace(-1, 1, P), gradients(), 0.02, 1e-8
    path = walked(Adam(lr, beta1, beta2, eps), start, g)
    for i in range(P):
        theta, m, v = float(start[i]), 0.0, 0.0
        for t in range(1, STEPS + 1):
            slope = float(g[t - 1, i])
            m = beta1 * m + (1 - beta1) * slope
            v = beta2 * v + (1 - beta2) * slope**2
            theta -= lr * (m / (1 - beta1**t)) / (math.sqrt(v / (1 - beta2**t)) + eps)
            assert path[t - 1, i] == pytest.approx(theta, rel=1e-12, abs=1e-12)


def test_adam_works_block_by_block_without_a_seam():
    """More parameters than one block holds move like the same few, repeated."""
    times, start, g = 2 * BLOCK // P + 7, np.linspace(-1, 1, P), gradients()[:5]
    many = walked(Adam(0.02), np.tile(start, times), np.tile(g, times))[-1]
    np.testing.assert_array_equal(many, np.tile(walked(Adam(0.02), start, g)[-1], times))


def test_adams_first_step_has_the_size_lr_whatever_the_gradient():
    """That is what bias correction does: without it the first step would be 0.1 / sqrt(0.001) = 3.2 times lr."""
    theta = np.zeros(4)
    Adam(lr=0.01).step(theta, np.array([1e-3, -1.0, 1e3, -1e-4]))
    np.testing.assert_allclose(theta, [-0.01, 0.01, -0.01, 0.01], rtol=1e-3)


@pytest.mark.parametrize("make", [lambda: SGD(0.1, momentum=0.9), lambda: Adam(0.1)], ids=["SGD", "Adam"])
def test_the_memory_starts_anew_when_the_number_of_parameters_changes(make):
    used, fresh = make(), make()
    for _ in range(5):
        used.step(np.ones(3), np.full(3, 7.0))
    for theta_size in (5, 2):
        a, b = np.ones(theta_size), np.ones(theta_size)
        fresh = make()
        for _ in range(3):
            used.step(a, np.arange(theta_size, dtype=float))
            fresh.step(b, np.arange(theta_size, dtype=float))
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("make", [SGD, lambda: SGD(momentum=0.9), Adam], ids=["SGD", "momentum", "Adam"])
@pytest.mark.parametrize("model", [lambda: KAN([2, 3, 1]), lambda: MLP([2, 3, 1])], ids=["KAN", "MLP"])
def test_a_step_changes_the_layers_in_place_and_leaves_the_gradient(make, model):
    model = model()
    weights = [a for layer in model.layers for a in vars(layer).values() if isinstance(a, np.ndarray)]
    weights = [a for a in weights if np.shares_memory(a, model.theta)]
    before = [a.copy() for a in weights]
    theta, model.grad[...] = model.theta, 1.0
    make().step(model.theta, model.grad)
    assert model.theta is theta
    assert (model.grad == 1).all()
    assert len(weights) >= 6  # theta, W, b of two layers of an MLP
    for now, old in zip(weights, before, strict=True):
        assert (now < old).all()


@pytest.mark.parametrize("make", [lambda: SGD(0.05), lambda: SGD(0.02, momentum=0.9), lambda: Adam(0.05)])
def test_a_valley_is_walked_down_to_its_bottom(make):
    theta, scales, optimiser = np.array([3.0, -2.0, 1.0]), np.array([1.0, 5.0, 20.0]), make()
    for _ in range(1500):
        optimiser.step(theta, scales * (theta - 1))
    np.testing.assert_allclose(theta, 1, atol=1e-3)


@pytest.mark.parametrize("kind", [SGD, Adam])
@pytest.mark.parametrize("lr", [0, -0.1, np.nan, np.inf])
def test_a_learning_rate_that_leads_nowhere_is_refused(kind, lr):
    with pytest.raises(ValueError, match=rf"the learning rate is {lr}; expected a positive number, such as 0.01"):
        kind(lr=lr)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: SGD(momentum=1.0), "momentum is 1.0; expected 0 <= momentum < 1"),
        (lambda: SGD(momentum=-0.1), "momentum is -0.1"),
        (lambda: Adam(beta1=1.0), r"beta1 is 1.0; expected 0 <= beta1 < 1"),
        (lambda: Adam(beta2=-1), "beta2 is -1; expected"),
    ],
)
def test_a_memory_that_never_fades_is_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()
