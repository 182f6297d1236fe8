"""Where training begins and ends: grids that hold the samples, rows held out, the largest and smallest floats."""

import warnings

import numpy as np
import pytest

pytest.importorskip("sklearn", "1.6", reason='scikit-learn is missing: pip install "kan-edu[sklearn]"')

from sklearn.base import clone  # noqa: E402

from kan_edu import KAN, LBFGS, mse  # noqa: E402
from kan_edu.learning.refinement import covered  # noqa: E402
from kan_edu.sklearn import KANClassifier, KANRegressor, regressor, training  # noqa: E402

QUICK = {"starts": 1, "grids": (3,), "steps": 2, "random_state": 0}
X = np.random.default_rng(0).uniform(-0.9, 0.9, (30, 2))
Y = X[:, 0] + X[:, 1] ** 2


@pytest.mark.parametrize("widths", [[2, 1], [2, 2, 1]])
def test_grids_of_the_inputs_move_only_if_samples_lie_beyond_them(widths):
    model, options = KAN(widths), {"steps": 2, "loss": mse, "optimiser": LBFGS, "rounds": training.ROUNDS}
    within, before = model.copy(), model.layers[0].basis.grid.copy()
    training.descend(within, (X, Y[:, None]), None, **options)
    assert np.array_equal(within.layers[0].basis.grid, before)
    training.descend(model, (5 * X, Y[:, None]), None, **options)
    assert covered(model, 5 * X)


def test_one_step_may_be_watched_and_one_row_held_out_at_least():
    model = KANClassifier(**{**QUICK, "steps": 1}, early_stopping=True, validation_fraction=0.01)
    rows, held = model._begin(X)
    assert len(held) == 1 and sorted([*rows, *held]) == list(range(30))
    assert len(model.fit(X, Y > 0).classes_) == 2


def test_two_rows_at_least_are_left_to_train_on():
    KANRegressor(early_stopping=True, validation_fraction=0.5)._begin(X[:4])
    with pytest.raises(ValueError, match="would hold out 2 of n_samples = 3; expected at least two to train on"):
        KANRegressor(early_stopping=True, validation_fraction=0.6)._begin(X[:3])


@pytest.mark.filterwarnings("ignore:invalid value encountered in reduce")  # where scikit-learn looks for NaN
def test_columns_of_any_size_are_learnt_alike_and_what_lies_too_far_out_is_told():
    for x in (2 * X, X + 1.05):  # their largest less their smallest, or the two together, is more than a float holds
        plain, far = KANRegressor(**QUICK).fit(x, Y), KANRegressor(**QUICK).fit(x * 2.0**1023, Y)
        assert far.model_.theta.tolist() == plain.model_.theta.tolist()
    small = KANRegressor(**QUICK).fit(X * 2.0**-1000, Y)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(ValueError):
            small.predict(np.full((1, 2), 1e300))


def test_a_large_model_takes_steps_that_need_no_slopes_of_each_sample(monkeypatch):
    small = KANRegressor(**QUICK).fit(X, Y)
    monkeypatch.setattr(regressor, "MOST_PARAMETERS", 0)
    assert KANRegressor(**QUICK).fit(X, Y).model_.theta.tolist() != small.model_.theta.tolist()


def test_without_grids_few_rows_get_coarse_ones():
    model = KANRegressor(starts=1, steps=1, random_state=0)
    few, many = (clone(model).fit(np.tile(X, (n, 1)), np.arange(30 * n)) for n in (1, 10))
    assert few.model_.layers[0].basis.G < many.model_.layers[0].basis.G <= 50
