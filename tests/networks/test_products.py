"""Nodes that multiply: which sums make a pair, every gradient, and widths that cannot be."""

import numpy as np
import pytest

from kan_edu import KAN, LevenbergMarquardt, fit
from kan_edu.learning.losses import mse
from kan_edu.networks import grids
from kan_edu.networks.products import Products
from kan_edu.reading.strength import edge_shares
from tests.gradients import assert_gradient, assert_jacobian, central_difference, randomise


def test_the_last_sums_go_in_pairs():
    y = np.array([[1.0, 2], [3, 4], [5, 6], [7, 8], [9, 10]])   # 5 sums, two samples
    np.testing.assert_array_equal(Products(5, 2).forward(y), [[1, 2], [15, 24], [63, 80]])


SHAPES = [[2, (0, 1), 1], [2, (1, 1), 2], [3, (2, 2), (0, 1), 1], [2, (0, 3)]]


@pytest.mark.parametrize("form", [None, "textbook"])
@pytest.mark.parametrize("widths", SHAPES, ids=str)
def test_every_gradient_of_a_network_with_products(widths, form):
    model, rng = KAN(widths, G=4, k=3, form=form), np.random.default_rng(5)
    X, T = rng.uniform(-1.5, 1.5, (12, model.widths[0])), rng.normal(size=(12, model.widths[-1]))
    randomise(model.theta, seed=3, size=0.5)
    value = lambda: mse(model(X), T)[0]  # noqa: E731
    model.grad[...] = np.nan
    dX = model.backward(mse(model.forward(X), T)[1], to_input=True)
    assert_gradient(model.grad, central_difference(value, model.theta), "dL/dtheta")
    assert_gradient(dX, central_difference(value, X), "dL/dX")


@pytest.mark.parametrize("widths", SHAPES, ids=str)
def test_every_entry_of_the_jacobian_with_products(widths):
    model = KAN(widths, G=4)
    randomise(model.theta, size=0.6)
    assert_jacobian(model, np.random.default_rng(1).uniform(-1.3, 1.3, (7, model.widths[0])))


def test_a_node_is_the_product_of_two_sums_written_out():
    model, X = KAN([2, (1, 2)], seed=3), np.random.default_rng(0).uniform(-1, 1, (9, 2))
    sums = model.layers[0].edges(X).sum(axis=2)   # (N, 5)
    expected = np.stack([sums[:, 0], sums[:, 1] * sums[:, 2], sums[:, 3] * sums[:, 4]], axis=1)
    np.testing.assert_allclose(model(X), expected, atol=1e-12)


def test_one_node_learns_what_sums_of_its_size_cannot():
    X = np.random.default_rng(0).uniform(-1, 1, (300, 2))
    Y = X[:, :1] * X[:, 1:]
    rmse = {}
    for width in ((0, 1), 1):
        model = KAN([2, width, 1], G=3, seed=1)
        rmse[width] = fit(model, X, Y, steps=40, optimiser=LevenbergMarquardt()).rmse[-1]
    assert rmse[(0, 1)] < 1e-3 < 0.05 < rmse[1]


def test_widths_count_nodes_and_the_shape_says_how_it_was_made():
    model = KAN([2, (1, 1), (0, 2)])
    assert (model.widths, model.products, model.shape) == ([2, 2, 2], [1, 2], [2, (1, 1), (0, 2)])
    assert repr(model).startswith("KAN([2, (1, 1), (0, 2)], ")
    first, second = model.layers
    assert (first.n_sums, first.n_out, second.n_sums, second.n_out) == (3, 2, 4, 2)
    assert first.c.shape[:2] == (3, 2) and second.w_s.shape == (4, 2)


@pytest.mark.parametrize(("width", "words"), [
    ((0, 0), "a width is 0; expected a whole number >= 1"), ((1, -1), "its number of products is -1"),
    ((1,), r"a width is \(1,\); expected a whole number or a pair \(sums, products\)"),
    ((1.5, 1), "a width's number of sums is 1.5"), ((1, 1, 1), "expected a whole number or a pair"),
])  # fmt: skip
def test_widths_that_cannot_be_are_refused(width, words):
    with pytest.raises(ValueError, match=words):
        KAN([2, width, 1])


def test_inputs_do_not_multiply():
    with pytest.raises(ValueError, match=r"the first width is \(1, 1\); inputs are neither added nor multiplied"):
        KAN([(1, 1), 2, 1])


def test_grids_move_and_grow_and_outputs_stay():
    model, X = KAN([2, (1, 1), 1], seed=2), np.random.default_rng(0).uniform(-2, 2, (200, 2))
    before = model(X)
    grids.update(model, X)
    assert grids.coverage(model, X)[1].outside.max() == 0
    before = model(X)
    grids.extend(model, 10)
    np.testing.assert_allclose(model(X), before, atol=1e-10)
    grids.extend(model, 13)
    np.testing.assert_allclose(model(X), before, atol=0.05)


def test_saved_and_loaded(tmp_path):
    model, X = KAN([2, (1, 1), (0, 1)], seed=4), np.random.default_rng(0).uniform(-1, 1, (20, 2))
    model.save(tmp_path / "m")
    again = KAN.load(tmp_path / "m")
    assert again.shape == model.shape and (again(X) == model(X)).all()


def test_shares_of_a_product_go_to_the_factor_that_varies():
    """y = u v with u = x1 + 0 x2 about 0 and v = 2 constant: only x1 -> u moves the output."""
    model = KAN([2, (0, 1)], G=1, k=1, base=False, lo=-10, hi=10)
    layer = model.layers[0]
    layer.c[...] = np.array([[1, 0], [0, 0]])[:, :, None] * [-10, 10] + np.array([[0, 0], [2, 0]])[:, :, None]
    X = np.random.default_rng(0).uniform(-1, 1, (100, 2))
    np.testing.assert_allclose(edge_shares(model, X)[0], [[1, 0], [0, 0]], atol=1e-12)
    layer.c[1, 1] = [-10, 10]                         # now v = 2 + x2: both vary
    (shares,) = edge_shares(model, X)
    u, v = layer.edges(X).sum(axis=2).T
    by_u, by_v = u.var() * (v * v).mean(), v.var() * (u * u).mean()
    np.testing.assert_allclose(shares, [[by_u / (by_u + by_v), 0], [0, by_v / (by_u + by_v)]])
    model.remove_edge((0, 1, 1))                      # v = 2 in the bias alone
    layer.c[0] -= layer.c[0]
    layer.c[0, 0] = [-10, 10]
    layer.snapped.bias[1] = 2
    layer.c[1, 0] = [0, 0]
    assert edge_shares(model, X)[0][0, 0] == pytest.approx(1)
