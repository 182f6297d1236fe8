"""L1 and entropy: the values by hand, every entry of the gradient by differences, and what training makes of them."""

import numpy as np
import pytest

from kan_edu import KAN, LBFGS, MLP, Adam, LevenbergMarquardt, fit
from kan_edu.learning.losses import mse
from kan_edu.learning.objective import Objective
from kan_edu.reading.regularise import Sparsity
from tests.gradients import assert_gradient, central_difference, randomise

X = np.random.default_rng(4).uniform(-1.4, 1.4, (15, 2))


def lines(slopes):
    """One layer whose edges are straight lines: slopes (n_out, n_in)."""
    model = KAN([len(slopes[0]), len(slopes)], G=1, k=1, base=False, lo=-10, hi=10)
    model.layers[0].c[...] = np.asarray(slopes)[:, :, None] * [-10, 10]
    return model


def test_values_of_straight_lines_by_hand():
    ones = np.array([[1.0, 1.0], [-1.0, -1.0]])            # |phi| is the slope's size
    model = lines([[3, -1]])
    S = -(0.75 * np.log(0.75) + 0.25 * np.log(0.25))
    assert Sparsity(lam=1, l1=1, entropy=0).value(model, ones) == pytest.approx(4)
    assert Sparsity(lam=1, l1=0, entropy=1).value(model, ones) == pytest.approx(S)
    assert Sparsity(lam=0.5, l1=2, entropy=3).value(model, ones) == pytest.approx(0.5 * (2 * 4 + 3 * S))
    assert Sparsity(lam=1, l1=0, entropy=1).value(lines([[2, 2], [2, 2]]), ones) == pytest.approx(np.log(4))
    assert Sparsity(lam=1, l1=0, entropy=1).value(lines([[2, 0]]), ones) == pytest.approx(0)
    assert Sparsity().value(lines([[0, 0]]), ones) == 0


def snapped():
    model = KAN([2, (1, 1), 2, 1], G=4)
    randomise(model.theta, seed=3, size=0.5)
    model.set_formula((0, 0, 0), "sin", (0.8, 1.3, 0.4))
    model.remove_edge((0, 1, 0))
    model.set_formula((1, 1, 1), "exp", (0.5, -0.4, 0.0))
    model.set_formula((1, 1, 0), "tanh", (0.5, -0.7, 0.2))
    return model


@pytest.mark.parametrize("weights", [(1, 0), (0, 1), (0.7, 0.4)], ids=["L1", "entropy", "both"])
@pytest.mark.parametrize("make", [
    lambda: KAN([2, 3, 1], G=4), lambda: KAN([2, 2, 2, 1], G=3, base=False), lambda: KAN([2, 3, 2], basis="rbf"),
    lambda: KAN([2, (1, 2), (0, 1)], G=4), lambda: KAN([2, 1], G=4, form="textbook"), snapped,
], ids=["plain", "deep, no base", "RBF", "products", "one layer", "snapped"])  # fmt: skip
def test_every_entry_of_the_gradient(make, weights):
    model = make()
    if make is not snapped:
        randomise(model.theta, seed=1, size=0.6)
    T = np.random.default_rng(5).normal(size=(15, model.widths[-1]))
    objective = Objective(model, X, T, penalty=Sparsity(0.8, *weights))
    value, grad = objective.evaluate()
    assert value == pytest.approx(mse(model(X), T)[0] + Sparsity(0.8, *weights).value(model, X))
    grad = grad.copy()
    expected = np.where(model.free, central_difference(lambda: objective.evaluate()[0], model.theta, 1e-6), 0)
    assert_gradient(grad, expected, "the gradient", 1e-5)


@pytest.mark.parametrize("optimiser", [Adam(0.02), LBFGS()], ids=["Adam", "L-BFGS"])
def test_training_with_a_price_ends_with_fewer_edges_in_use(optimiser):
    data = np.random.default_rng(0).uniform(-1, 1, (200, 2))
    Y = np.sin(3 * data[:, :1])
    entropy, sparse = Sparsity(lam=1, l1=0), Sparsity(lam=0.02)
    plain, priced = KAN([2, 4, 1], seed=1), KAN([2, 4, 1], seed=1)
    fit(plain, data, Y, steps=150, optimiser=type(optimiser)())
    history = fit(priced, data, Y, steps=150, optimiser=type(optimiser)(), penalty=sparse)
    assert history.loss[-1] < history.loss[0]
    assert entropy.value(priced, data) < 0.7 * entropy.value(plain, data)
    assert sparse.value(priced, data) < 0.7 * sparse.value(plain, data)


def test_mini_batches_take_a_price_too():
    model = KAN([2, 2, 1])
    before = Sparsity().value(model, X)
    fit(model, X, np.zeros((15, 1)), steps=60, optimiser=Adam(0.02), batch_size=5, penalty=Sparsity(lam=1))
    assert Sparsity().value(model, X) < 0.5 * before


def test_levenberg_marquardt_and_an_mlp_have_no_price():
    with pytest.raises(ValueError, match="LevenbergMarquardt minimises a sum of squares; .* for a loss with a penalty"):
        fit(KAN([2, 1]), X, X[:, :1], optimiser=LevenbergMarquardt(), penalty=Sparsity())
    with pytest.raises(ValueError, match=r"a price on edges needs a KAN, .* this is MLP\(\[2, 1\]"):
        fit(MLP([2, 1]), X, X[:, :1], penalty=Sparsity())


@pytest.mark.parametrize("weights", [{"lam": -1}, {"l1": np.nan}, {"entropy": np.inf}, {"l1": np.True_}, {"lam": "1"},
                                     {"entropy": np.timedelta64(3, "D")}, {"lam": 1e300}])  # fmt: skip
def test_weights_that_cannot_be_are_refused(weights):
    with pytest.raises(ValueError, match=r"is .*; expected a finite number from 0 to 1e\+150, such as 0.01"):
        Sparsity(**weights)
