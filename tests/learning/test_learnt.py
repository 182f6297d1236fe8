"""Training that learns nothing says so, and names the call that helps."""

import warnings

import numpy as np
import pytest

from kan_edu import KAN, MLP, Adam, LevenbergMarquardt, fit, fit_with_refinement, mse
from kan_edu.data import datasets
from kan_edu.learning.learnt import LearntLittle
from kan_edu.networks import grids

Z = np.random.default_rng(0).uniform(-1, 1, (200, 2))
T = np.sin(3 * Z[:, :1]) * Z[:, 1:]


def share(model, X, Y):
    return np.sqrt(mse(model(X), Y)[0]) / Y.std()


@pytest.mark.parametrize("make", [lambda: KAN([2, 3, 1]), lambda: MLP([2, 8, 1])], ids=["KAN", "MLP"])
@pytest.mark.parametrize("scale, shift, y_scale", [
    (1, 0, 1), (1e-6, 0, 1), (1e6, 0, 1), (1, 1e6, 1), (50, 50, 1), (1, 0, 1e6), (1, 0, 1e-6),
])  # fmt: skip
@pytest.mark.parametrize("optimiser, steps", [(Adam(0.02), 200), (LevenbergMarquardt(), 40)], ids=["Adam", "LM"])
def test_either_it_is_learnt_or_there_is_a_word(make, scale, shift, y_scale, optimiser, steps):
    model, X, Y = make(), scale * Z + shift, y_scale * T
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        history = fit(model, X, Y, steps=steps, optimiser=optimiser)
    said = [str(one.message) for one in said]
    assert len(said) <= 1 and history.spread == pytest.approx(Y.std())
    if share(model, X, Y) > 0.9:
        assert said and ("datasets." in said[0] or "grids.update" in said[0])
    if (scale, shift, y_scale) == (1, 0, 1):
        assert not said and share(model, X, Y) < 0.5


@pytest.mark.parametrize("scale, shift, y_scale", [(1e6, 0, 1), (1, 1e6, 1)])
def test_refinement_says_so_too_and_only_once(scale, shift, y_scale):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        model = KAN([2, 2, 1])
        fit_with_refinement(model, scale * Z + shift, y_scale * T, starts=2, grids=(3, 5), steps=50)
    assert len(said) <= 1
    assert said or share(model, scale * Z + shift, y_scale * T) < 0.5


@pytest.mark.parametrize("constant", [7.0, 1970.0])
def test_a_constant_column_outside_its_grid_is_named(constant):
    X = np.column_stack([Z[:, 0], np.full(len(Z), constant)])
    with pytest.warns(LearntLittle, match=r"100% of the samples lie outside the first layer's grid.*to_box"):
        fit(KAN([2, 3, 1]), X, T, steps=40, optimiser=Adam(1e-6))
    model = KAN([2, 3, 1])
    fit(model, datasets.to_box(X)[0], X[:, :1] ** 2, steps=200, optimiser=Adam(0.02))
    assert share(model, datasets.to_box(X)[0], X[:, :1] ** 2) < 0.2


def test_hidden_values_outside_their_grid_are_named():
    X = 10 + Z
    with pytest.warns(LearntLittle, match="100% of the hidden values lie outside their layer's grid: move the grids"):
        history = fit(KAN([2, 3, 1], lo=9, hi=11), X, T, steps=100)
    assert history.outside == [0.0, 1.0]
    model = KAN([2, 3, 1], lo=9, hi=11)
    grids.update(model, X, keep_inputs=True)
    fit(model, X, T, steps=500, optimiser=Adam(0.02))
    assert share(model, X, T) < 0.5


@pytest.mark.filterwarnings("error")
def test_noise_and_few_steps_are_no_reason_to_warn():
    fit(KAN([2, 3, 1]), Z, np.random.default_rng(1).normal(size=(200, 1)), steps=60)
    fit(KAN([2, 3, 1]), 1e6 * Z, T, steps=5, optimiser=Adam(1e-9))
