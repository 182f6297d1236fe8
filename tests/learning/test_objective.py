"""What `fit` and an optimiser ask of model, samples and loss: values that agree, refusals, and the end they report."""

import numpy as np
import pytest

from kan_edu import KAN, LBFGS, MLP, Adam, LevenbergMarquardt, cross_entropy, fit, fit_with_refinement, mse
from kan_edu.learning import objective as objective_module
from kan_edu.learning.downhill.gradient import SGD
from kan_edu.learning.fair import Meter
from kan_edu.learning.objective import Objective
from tests.gradients import assert_gradient

SECOND = pytest.mark.parametrize("make", [LBFGS, LevenbergMarquardt])


def data(N=40):
    X = np.random.default_rng(0).uniform(-1, 1, (N, 2))
    return X, np.hstack([X[:, :1] * X[:, 1:], X[:, :1]])


@pytest.mark.parametrize("model", [KAN([2, 3, 2]), MLP([2, 4, 2])], ids=["KAN", "MLP"])
def test_residuals_and_jacobian_are_those_of_the_loss_and_its_gradient(model):
    objective = Objective(model, *data())
    value, gradient = objective.evaluate()
    r, J = objective.residuals(), objective.jacobian()
    assert r.shape == (80,) and J.shape == (80, model.n_params)
    assert r @ r == pytest.approx(value) == pytest.approx(mse(model(data()[0]), data()[1])[0])
    assert_gradient(2 * J.T @ r, gradient.copy(), "2 J'r", 1e-10)


@SECOND
def test_a_second_order_optimiser_trains_by_fit_and_never_goes_uphill(make):
    model = MLP([2, 6, 2])
    history = fit(model, *data(), steps=60, optimiser=make())
    assert history.loss[-1] < 0.01 * history.loss[0] and (np.diff(history.loss) <= 0).all()


@SECOND
def test_mini_batches_are_refused(make):
    model = MLP([2, 3, 2])
    before = model.theta.copy()
    with pytest.raises(ValueError, match="compares losses of the same samples; leave batch_size out, or use Adam"):
        fit(model, *data(), steps=3, optimiser=make(), batch_size=8)
    np.testing.assert_array_equal(model.theta, before)
    fit(model, *data(), steps=3, optimiser=Adam(), batch_size=8)


def test_levenberg_marquardt_refuses_a_loss_that_is_no_sum_of_squares():
    X, labels = data()[0], np.arange(40) % 2
    with pytest.raises(ValueError, match="minimises a sum of squares; use loss=mse, or LBFGS or Adam"):
        fit(MLP([2, 3, 2]), X, labels, steps=3, optimiser=LevenbergMarquardt(), loss=cross_entropy)
    history = fit(MLP([2, 3, 2]), X, labels, steps=20, optimiser=LBFGS(), loss=cross_entropy)
    assert history.loss[-1] < history.loss[0]


def test_training_ends_where_the_optimiser_says_that_no_step_helps():
    """A straight line is met exactly by one Dense layer: soon nothing is left to gain."""
    X = data()[0]
    history = fit(MLP([2, 1]), X, X @ [[1.0], [-2.0]] + 3, steps=500, optimiser=LevenbergMarquardt())
    assert history.stopped == "no step lowers the loss any more" and len(history.loss) < 100


def test_a_loss_that_cannot_be_had_is_infinite_and_no_exception():
    model = KAN([2, 2, 2])
    model.layers[0].c[...] = np.nan
    assert Objective(model, *data()).evaluate()[0] == np.inf


def test_a_jacobian_that_would_fill_the_memory_comes_in_blocks(monkeypatch):
    model, (X, Y) = KAN([2, 3, 2]), data()
    whole = Objective(model, X, Y).jacobian()
    monkeypatch.setattr(objective_module, "BLOCK", 7 * 2 * model.n_params)  # seven samples
    blocks = list(Objective(model, X, Y).jacobian())
    assert [len(block) for block in blocks] == [14] * 5 + [10]
    np.testing.assert_allclose(np.concatenate(blocks), whole, rtol=1e-12, atol=1e-14)  # BLAS sums by block size


def test_levenberg_marquardt_takes_the_same_steps_in_blocks(monkeypatch):
    thetas = []
    for block in (10**9, 500):
        monkeypatch.setattr(objective_module, "BLOCK", block)
        model = KAN([2, 3, 2])
        fit(model, *data(), steps=5, optimiser=LevenbergMarquardt())
        thetas.append(model.theta)
    np.testing.assert_allclose(*thetas, rtol=1e-6, atol=1e-8)


def test_levenberg_marquardt_says_what_it_would_take_before_it_takes_it():
    X = np.random.default_rng(0).uniform(-1, 1, (50, 406))
    model = KAN([406, 16, 1])
    before = model.theta.copy()
    words = (r"for all P = \d+ parameters at once, which takes (60.7|94.8) GiB and .* a step; use GaussNewton, which "
             "forms no such matrix, LBFGS or Adam, or")
    for train in (lambda: fit(model, X, X[:, :1], optimiser=LevenbergMarquardt()),
                  lambda: fit_with_refinement(model, X, X[:, :1])):  # fmt: skip
        with pytest.raises(ValueError, match=words):
            train()
        np.testing.assert_array_equal(model.theta, before)
    fit(KAN([2, 1]), X[:, :2], X[:, :1], steps=1, optimiser=LevenbergMarquardt(most=20))


@pytest.mark.parametrize("make", [Adam, lambda: SGD(0.1, momentum=0.9), LBFGS, LevenbergMarquardt,
                                  lambda: Meter(Adam(), KAN([2, 2, 2]), 40)])  # fmt: skip
def test_an_optimiser_starts_anew_with_another_model_and_goes_on_with_the_same(make):
    once, twice, second, fresh = (KAN([2, 2, 2], seed=seed) for seed in (0, 0, 1, 1))
    fit(once, *data(), steps=8, optimiser=make())
    optimiser = make()
    for _ in range(2):
        fit(twice, *data(), steps=4, optimiser=optimiser)
    np.testing.assert_array_equal(once.theta, twice.theta)
    fit(second, *data(), steps=4, optimiser=optimiser)
    fit(fresh, *data(), steps=4, optimiser=make())
    np.testing.assert_array_equal(second.theta, fresh.theta)
    del twice, second  # nor does it take a new model for one that is gone
    fit(KAN([2, 2, 2], seed=1), *data(), steps=4, optimiser=optimiser)
    fit(last := KAN([2, 2, 2], seed=1), *data(), steps=4, optimiser=optimiser)
    np.testing.assert_array_equal(last.theta, fresh.theta)


class Elsewhere:
    """An optimiser that computes new parameters and leaves theta as it is."""

    def __init__(self, needs="gradient", says=None):
        self.needs, self.says = needs, says

    def step(self, theta, *asked):
        return theta - 0.1 * asked[0] if self.needs == "gradient" else self.says


def test_a_step_that_leaves_theta_as_it_was_is_refused():
    model = KAN([2, 2, 2])
    with pytest.raises(ValueError, match="Elsewhere.step returned an array and left theta as it .* in place: theta"):
        fit(model, *data(), steps=3, optimiser=Elsewhere())
    for needs, says in (("evaluate", None), ("jacobian", model.theta), ("evaluate", True)):
        with pytest.raises(ValueError, match="Elsewhere.step returned .*; expected the loss before the step, a number"):
            fit(model, *data(), steps=3, optimiser=Elsewhere(needs, says))


class Told(Adam):
    """An optimiser that changes theta, and also returns where it is."""

    def step(self, theta, grad):
        super().step(theta, grad)
        return theta.copy()


def test_a_step_may_return_what_it_likes_once_theta_has_changed():
    plain, told = KAN([2, 2, 2]), KAN([2, 2, 2])
    fit(plain, *data(), steps=3, optimiser=Adam), fit(told, *data(), steps=3, optimiser=Told)
    np.testing.assert_array_equal(plain.theta, told.theta)
