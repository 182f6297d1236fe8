"""A smaller network computes the same: which nodes go, and what becomes of the constants."""

import numpy as np
import pytest

from kan_edu import KAN
from kan_edu.equations import curvature
from kan_edu.reading.shrink import node_of_sum, remove_idle, shrink
from tests.gradients import randomise

X = np.random.default_rng(0).uniform(-1.2, 1.2, (30, 2))


def made(widths, **options):
    model = KAN(widths, G=4, **options)
    randomise(model.theta, seed=2, size=0.6)
    return model


@pytest.mark.parametrize("options", [{}, {"base": False}, {"basis": "chebyshev"}, {"form": "textbook"}], ids=str)
def test_nodes_that_nothing_leaves_go(options):
    model = made([2, 4, 2, 1], **options)
    for edge in ((1, 0, 1), (1, 1, 1), (2, 0, 0)):
        model.remove_edge(edge)
    model.set_formula((0, 2, 1), "sin", (1, 2, 3))
    small = shrink(model)
    assert small.shape == [2, 3, 1, 1] and small.n_params < model.n_params
    np.testing.assert_allclose(small(X), model(X), atol=1e-12)
    assert small.layers[0].formulas[1, 1].name == "sin" and small.form == model.form


def test_a_constant_node_goes_and_its_value_stays():
    model = made([2, 3, 1])
    model.remove_edge((0, 1, 0))
    model.remove_edge((0, 1, 1))
    model.layers[0].snapped.bias[1] = 0.7
    before = model(X)
    assert remove_idle(model) == [(1, 0, 1)]
    np.testing.assert_allclose(model(X), before, atol=1e-12)
    assert shrink(model).shape == [2, 2, 1]


def test_products_go_in_whole():
    model = made([2, (1, 2), 1])
    assert [node_of_sum(model.layers[0], j) for j in range(5)] == [0, 1, 1, 2, 2]
    model.remove_edge((1, 0, 1))
    small = shrink(model)
    assert small.shape == [2, (1, 1), 1] and small.layers[0].c.shape[0] == 3
    np.testing.assert_allclose(small(X), model(X), atol=1e-12)
    model.remove_edge((1, 0, 0))
    small = shrink(model)
    assert small.shape == [2, (0, 1), 1]
    np.testing.assert_allclose(small(X), model(X), atol=1e-12)


@pytest.mark.parametrize("which", [0, 1])
def test_a_product_with_a_constant_factor_becomes_a_sum(which):
    model = made([2, (1, 2), 2])
    for i in range(2):
        model.remove_edge((0, 1 + which, i))
    model.set_formula((0, 2 - which, 0), "sin", (0.7, 2, 0.1))
    model.layers[0].snapped.bias[...] = [0.1, -1.3, 0.6, 0.2, 0.4]
    small = shrink(model)
    assert small.shape == [2, (2, 1), 2]
    np.testing.assert_allclose(small(X), model(X), atol=1e-12)
    factor = model.layers[0].snapped.bias[1 + which]
    assert small.layers[0].formulas[1, 0].params[0] == pytest.approx(0.7 * factor)


def test_products_that_become_sums_move_before_the_others():
    model = made([2, (0, 2), 1])
    model.remove_edge((0, 3, 0))
    model.remove_edge((0, 3, 1))
    small = shrink(model)
    assert small.shape == [2, (1, 1), 1]
    np.testing.assert_allclose(small(X), model(X), atol=1e-12)


def test_what_has_all_its_edges_is_a_plain_network_again():
    model = made([2, 3, 1])
    model.remove_edge((1, 0, 2))
    small = shrink(model)
    assert all(layer.snapped is None for layer in small.layers)
    assert curvature.second(small, X)[0] == pytest.approx(model(X))


def test_a_network_of_which_nothing_is_left_still_has_a_node():
    model = made([2, 2, 1])
    model.remove_edge((1, 0, 0))
    model.remove_edge((1, 0, 1))
    small = shrink(model)
    assert small.shape == [2, 1, 1]
    np.testing.assert_allclose(small(X), model(X), atol=1e-12)


def test_the_model_that_was_given_stays():
    model = made([2, 3, 1])
    model.remove_edge((1, 0, 2))
    before = model.theta.copy()
    shrink(model)
    assert (model.theta == before).all() and model.layers[0].kept.all() and model.shape == [2, 3, 1]
