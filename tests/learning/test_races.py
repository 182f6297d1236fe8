"""Races: equal splits and scales for all models, budgets that are kept, and verdicts that follow from the errors."""

import numpy as np
import pytest

from kan_edu import KAN, MLP, Adam, LevenbergMarquardt, cross_entropy, datasets, fair, fit, mse, races

X = np.random.default_rng(0).uniform(2, 8, (60, 2))
y = 100 + 7 * X[:, 0] - 3 * X[:, 1]


def linear(seed):
    return MLP([2, 1], seed=seed)


def test_the_error_on_a_table_is_in_the_unit_of_y_and_small_where_the_model_fits():
    errors = races.on_table({"linear": linear, "mean": lambda seed: Constant()}, X, y, splits=3, steps=300)
    assert errors["linear"].shape == (3,) and (errors["linear"] < 0.1).all()
    assert np.allclose(errors["mean"], y.std(), rtol=0.5)   # about 14, not 1: scaled back


class Constant(MLP):
    """Whatever it is trained to: 0, the mean of the training targets."""

    def __init__(self):
        super().__init__([2, 1])
        self.theta *= 0

    def __call__(self, X):
        return np.zeros((len(X), 1))


def test_a_race_is_what_one_does_by_hand():
    A, test, a, t = datasets.split(X, y, seed=1)
    A, val, a, v = datasets.split(A, a, seed=1)
    A, val, test, *_ = datasets.to_box(A, val, test)
    a, v, t, _, std = datasets.standardise(a, v, t)
    model = linear(1)
    fit(model, A, a, steps=25, optimiser=Adam(0.1), val=(val, v), patience=2)
    by_hand = np.sqrt(mse(model(test), t)[0]) * std
    assert races.on_table({"it": linear}, X, y, splits=2, steps=25, lr=0.1, patience=2)["it"][1] == by_hand


def test_labels_are_raced_by_the_share_of_wrong_answers():
    labels = (X[:, 0] > X[:, 1]).astype(int)
    makers = {"linear": lambda seed: MLP([2, 2], seed=seed), "KAN": lambda seed: KAN([2, 2], G=3, seed=seed)}
    errors = races.on_table(makers, X, labels, loss=cross_entropy, splits=2, steps=200)
    assert list(errors) == ["linear", "KAN"] and all((found <= 0.25).all() for found in errors.values())
    assert all(np.allclose(found * 12, np.round(found * 12)) for found in errors.values())   # 12 of 60 are tested


@pytest.mark.parametrize("optimiser", [Adam(), LevenbergMarquardt()])
def test_a_budget_is_spent_and_passed_by_less_than_a_step(optimiser):
    model = MLP([2, 4, 1])
    meter = fair.Meter(optimiser, MLP([2, 4, 1]), len(X))
    fit(MLP([2, 4, 1]), X, np.sin(y), steps=1, optimiser=meter)
    spent = races.spend(model, X, np.sin(y), optimiser=optimiser, budget=3.5 * meter.spent)
    assert 3.5 * meter.spent <= spent < 3.5 * meter.spent + 20 * meter.spent
    assert not np.array_equal(model.theta, MLP([2, 4, 1]).theta)


def test_time_is_taken_of_a_forward_and_a_backward():
    asked = []

    class Watched(MLP):
        def forward(self, X):
            asked.append(X.shape)
            return super().forward(X)

        def backward(self, dY, **more):
            asked.append(dY.shape)
            return super().backward(dY, **more)

    assert 0 < races.seconds(Watched([2, 3]), N=7, rounds=2) < np.inf
    assert asked == [(7, 2), (7, 3)] * 2


@pytest.mark.parametrize(("errors", "factor", "words"), [
    ({"a": 1.0, "b": 40.0}, 30, "a ahead by more than 30 times"),
    ({"a": 40.0, "b": 1.0}, 30, "b ahead by more than 30 times"),
    ({"a": 1.0, "b": 30.0}, 30, "no clear winner (less than 30 times apart)"),
    ({"a": 9.0, "b": 1.0, "c": 2.0}, 5, "no clear winner (less than 5 times apart)"),
    ({"a": 0.0, "b": 1e-300}, 5, "a ahead by more than 5 times"),
    ({"a": 0.0, "b": 0}, 5, "no clear winner (less than 5 times apart)"),
])  # fmt: skip
def test_a_verdict(errors, factor, words):
    assert races.verdict(errors, factor) == words


@pytest.mark.parametrize(("make", "words"), [
    (lambda: races.on_table([linear], X, y), "makers is .*; expected a dict"),
    (lambda: races.on_table({}, X, y), "makers is {}; expected a dict"),
    (lambda: races.on_table({"a": MLP}, X, y), "the maker of 'a' is .*; expected a function, such as lambda seed"),
    (lambda: races.on_table({"a": lambda: linear(0)}, X, y), "the maker of 'a' could not be called with a seed"),
    (lambda: races.on_table({"a": lambda seed: 3}, X, y), "the model is 3; expected a model"),
    (lambda: races.on_table({"a": linear}, X, y, loss="mse"), "loss is 'mse'; expected mse"),
    (lambda: races.on_table({"a": linear}, X, y, splits=0), "splits is 0; expected a whole number from 1"),
    (lambda: races.on_table({"a": linear}, X, y[:-1]), "expected as many rows in X as in y"),
    (lambda: races.spend(MLP([2, 1]), X, y, optimiser=Adam(), budget=0), "budget is 0; expected a finite number above"),
    (lambda: races.seconds(MLP), "the model is the class MLP"),
    (lambda: races.seconds(MLP([2, 1]), rounds=0), "rounds is 0; expected a whole number from 1"),
    (lambda: races.verdict({"a": 1.0}), "expected {name: error} of two or more"),
    (lambda: races.verdict({"a": 1.0, "b": -1.0}), "the error of 'b' is -1.0; expected a finite number from 0"),
    (lambda: races.verdict({"a": 1.0, "b": 2.0}, 0.5), "factor is 0.5; expected a finite number from 1"),
])  # fmt: skip
def test_what_is_no_race_is_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()
