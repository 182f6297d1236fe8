"""SplineMLP: every gradient entry by differences, one spline for all nodes of a layer, files, what is refused."""

import numpy as np
import pytest

from kan_edu import MLP, Adam, LevenbergMarquardt, SplineMLP, bspline, fair, fit, mse, silu
from tests.gradients import check_network, randomise

rng = np.random.default_rng


def made(widths=(2, 4, 3, 2), seed=1, **more):
    """A network with random parameters."""
    model = SplineMLP(list(widths), **more)
    randomise(model.theta, size=0.4, seed=seed)
    return model


@pytest.mark.parametrize("more", [{}, {"G": 1, "k": 1}, {"G": 30, "k": 5}, {"lo": -0.2, "hi": 0.3}], ids=str)
@pytest.mark.parametrize("widths", [[3, 2], [3, 4, 2], [2, 3, 4, 3, 2]], ids=str)
def test_every_gradient(widths, more):
    check_network(made(widths, **more), mse, rng(3).normal(size=(9, 2)), rng(2).normal(size=(9, widths[0])))


def test_all_nodes_of_a_layer_bend_alike_and_as_the_textbook_says():
    model, X = made([2, 3, 1]), rng(0).uniform(-1, 1, (5, 2))
    first, spline, last = model.layers
    A = spline.forward(Z := X @ first.W.T + first.b)
    t = model.basis.knots[0]
    for j in range(3):
        expected = silu(Z[:, j]) + sum(c * bspline.B(Z[:, j], m, 3, t) for m, c in enumerate(spline.c))
        np.testing.assert_allclose(A[:, j], expected, atol=1e-13)
    np.testing.assert_allclose(model(X), A @ last.W.T + last.b, atol=1e-13)


def test_it_begins_as_an_mlp_with_silu():
    X = rng(0).normal(0, 3, (20, 2))   # some sums lie outside the grid
    np.testing.assert_array_equal(SplineMLP([2, 5, 1], seed=4)(X), MLP([2, 5, 1], activation="silu", seed=4)(X))


def test_a_new_start_forgets_the_splines():
    model = made()
    model.restart(7)
    np.testing.assert_array_equal(model.theta, SplineMLP([2, 4, 3, 2], seed=7).theta)


@pytest.mark.parametrize("optimiser", [Adam(0.05), LevenbergMarquardt()], ids=["Adam", "LM"])
def test_what_trains_the_others_trains_it(optimiser):
    model, X = SplineMLP([1, 4, 1]), np.linspace(-1, 1, 60)[:, None]
    history = fit(model, X, np.sin(5 * X), steps=30, optimiser=optimiser)
    assert history.loss[-1] < 0.9 * history.loss[0] and np.abs(model.layers[1].c).max() > 0


def test_its_work_is_counted():
    """4 x 3 + 3 x 1 edges; at each of 3 nodes k+1 products, silu's, and the 2 (k+1)^2 of the bumps."""
    assert fair.forward_work(SplineMLP([4, 3, 1]), 10) == 10 * (15 + 3 * 5 + 3 * 32)


def test_it_comes_back_from_a_file(tmp_path):
    model, path = made(G=7, k=2, lo=-1, hi=2), tmp_path / "model.npz"
    model.save(path)
    again = SplineMLP.load(path)
    X = rng(0).normal(size=(6, 2))
    np.testing.assert_array_equal(again(X), model(X))
    assert repr(again) == repr(model) == f"SplineMLP([2, 4, 3, 2], G=7, k=2, {model.n_params} parameters)"
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ValueError, match="is damaged"):
        SplineMLP.load(path)
    MLP([2, 1]).save(path)
    with pytest.raises(ValueError, match="is no saved kan_edu.SplineMLP"):
        SplineMLP.load(path)


@pytest.mark.parametrize(("arguments", "words"), [
    ({"widths": [2]}, "widths is"), ({"G": 0}, "G is 0"), ({"k": -1}, "k is -1"), ({"lo": 3}, "with lo < hi"),
    ({"G": 10**9}, "GiB of memory"), ({"widths": [10**5, 10**5]}, "GiB of memory"),
])  # fmt: skip
def test_a_network_that_cannot_be_is_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        SplineMLP(**{"widths": [2, 5, 1], **arguments})


def test_samples_and_slopes_that_do_not_fit_are_refused():
    model = SplineMLP([2, 3, 1])
    with pytest.raises(ValueError, match=r"X has 3 columns, expected 2 \(a SplineMLP with widths \[2, 3, 1\]\)"):
        model(np.zeros((4, 3)))
    with pytest.raises(ValueError, match="before each backward"):
        model.backward(np.ones((4, 1)))
