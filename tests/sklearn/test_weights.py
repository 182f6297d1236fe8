"""Sample weights: whole numbers are the same as so many equal rows, to the last digit; others give weighted means."""

import numpy as np
import pytest

pytest.importorskip("sklearn", "1.6", reason='scikit-learn is missing: pip install "kan-edu[sklearn]"')

from kan_edu import KAN, cross_entropy, logistic_loss, mse  # noqa: E402
from kan_edu.learning import objective  # noqa: E402
from kan_edu.learning.downhill.levenberg_marquardt import LevenbergMarquardt  # noqa: E402
from kan_edu.sklearn import KANClassifier, KANRegressor, regressor, weights  # noqa: E402

QUICK = {"starts": 1, "grids": (3,), "steps": 5, "random_state": 0}
RNG = np.random.default_rng(0)
X, V = RNG.uniform(-1, 1, (40, 2)), RNG.integers(0, 4, 40)
Y = np.sin(3 * X[:, 0]) + X[:, 1] ** 2 + RNG.normal(0, 0.1, 40)
LEVELS = np.digitize(Y, [0.2, 0.7])


@pytest.mark.parametrize("settings", [{}, {"early_stopping": True}, {"hidden": (2,)}])
@pytest.mark.parametrize(("kind", "y"), [(KANRegressor, Y), (KANRegressor, np.column_stack([Y, -Y])),
                                         (KANClassifier, LEVELS), (KANClassifier, LEVELS > 0)])  # fmt: skip
def test_a_whole_number_is_the_same_as_so_many_equal_rows(kind, y, settings):
    again = np.random.default_rng(1).permutation(V.sum())
    repeated = kind(**QUICK, **settings).fit(np.repeat(X, V, axis=0)[again], np.repeat(y, V, axis=0)[again])
    weighed = kind(**QUICK, **settings).fit(X, y, sample_weight=V)
    assert np.array_equal(weighed.model_.theta, repeated.model_.theta)
    assert not np.array_equal(kind(**QUICK, **settings).fit(X, y).model_.theta, weighed.model_.theta)


def test_a_large_model_goes_by_weights_too(monkeypatch):
    monkeypatch.setattr(regressor, "MOST_PARAMETERS", 0)
    weighed = KANRegressor(**QUICK).fit(X, Y, V)
    repeated = KANRegressor(**QUICK).fit(np.repeat(X, V, axis=0), np.repeat(Y, V))
    assert np.array_equal(weighed.model_.theta, repeated.model_.theta)


def test_mean_and_spread_of_y_are_weighted_and_zero_has_no_sign():
    repeated, weighed = np.repeat(Y, V), KANRegressor(**QUICK).fit(X, Y, V)
    assert (weighed.mean_[0], weighed.spread_[0]) == pytest.approx((repeated.mean(), repeated.std()))
    assert len(weights.joined(np.array([[0.0], [-0.0], [1.0]]), np.zeros((3, 1)))[0]) == 2


def test_of_samples_that_contradict_each_other_comes_the_weighted_mean():
    x, v = np.array([[0.0], [0], [1], [1]]), [1, 3, 0.5, 0.25]
    said = KANRegressor(starts=1, random_state=0).fit(x, [0, 1, 2, 5], v).predict([[0], [1]])
    assert said == pytest.approx([3 / 4, (2 * 0.5 + 5 * 0.25) / 0.75], abs=1e-4)
    odds = KANClassifier(starts=1, random_state=0).fit(x, list("abab"), v).predict_proba([[0], [1]])[:, 1]
    assert odds == pytest.approx([3 / 4, 1 / 3], abs=1e-4)
    three = KANClassifier(starts=1, random_state=0).fit(np.zeros((3, 1)), list("abc"), [1, 2, 5]).predict_proba([[0]])
    assert three[0] == pytest.approx([1 / 8, 2 / 8, 5 / 8], abs=1e-4)


def test_only_ratios_matter_and_equal_weights_are_none():
    first, plain = (KANRegressor(**QUICK).fit(X, Y, v).model_.theta for v in (V, None))
    for v in (V * 1e307, V / 1e307):
        assert KANRegressor(**QUICK).fit(X, Y, v).model_.theta == pytest.approx(first, abs=1e-6)
    assert np.array_equal(KANRegressor(**QUICK).fit(X, Y, np.full(40, 3.0)).model_.theta, plain)


def test_a_row_of_weight_0_is_not_there():
    far = np.vstack([X, [[100, 100]]]), np.append(Y, 1e6)
    assert np.array_equal(KANRegressor(**QUICK).fit(*far, np.append(V, 0)).center_,
                          KANRegressor(**QUICK).fit(X, Y, V).center_)  # fmt: skip
    assert KANClassifier(**QUICK).fit(X, LEVELS, LEVELS > 0).classes_.tolist() == [1, 2]


@pytest.mark.parametrize("loss", [mse, cross_entropy, logistic_loss])
def test_the_loss_of_each_sample_has_the_loss_as_its_mean_and_its_slope(loss):
    outputs = np.random.default_rng(0).normal(scale=3, size=(7, 1 if loss is logistic_loss else 3))
    T = np.ones_like(outputs) if loss is mse else np.arange(7) % 2
    assert weights.each(loss, outputs, T).mean() == pytest.approx(loss(outputs, T)[0], rel=1e-13)
    told, rows, v = weights.by_number(loss, T, np.arange(1.0, 8)), np.arange(2, 7), 1e-6
    slope = told(outputs[2:], rows)[1]
    for place in np.ndindex(slope.shape):
        step = np.zeros(slope.shape)
        step[place] = v
        change = told(outputs[2:] + step, rows)[0] - told(outputs[2:] - step, rows)[0]
        assert change / (2 * v) == pytest.approx(slope[place], abs=1e-8)


def test_slopes_of_weighted_residuals_are_those_of_the_residuals_also_in_blocks(monkeypatch):
    model, v = KAN([2, 2], seed=0), np.arange(1.0, 41)
    squares = weights.WeightedSquares(LevenbergMarquardt(), X, np.column_stack([Y, Y]), v)
    squares.check_use(model, 40)
    J, residuals = squares.jacobian(), lambda: squares.root * squares.squares.residuals()
    model.theta[3] += 1e-6
    ahead = residuals()
    model.theta[3] -= 2e-6
    assert (ahead - residuals()) / 2e-6 == pytest.approx(J[:, 3], abs=1e-8)
    model.theta[3] += 1e-6
    monkeypatch.setattr(objective, "BLOCK", 5 * J[0].size)
    blocks = list(squares.jacobian())
    assert len(blocks) > 3 and np.vstack(blocks) == pytest.approx(J, abs=1e-14)


@pytest.mark.parametrize(("v", "said"), [
    (np.ones(39), r"sample_weight has shape \(39,\)"), (np.ones((40, 2)), "sample_weight has shape"),
    (np.append(np.ones(39), -1), "goes down to -1"), (np.zeros(40), "zero for all rows"),
    (np.append(np.ones(39), np.nan), "sample_weight"), (["a"] * 40, "sample_weight"),
])  # fmt: skip
@pytest.mark.parametrize("kind", [KANRegressor, KANClassifier])
def test_weights_that_are_none_are_refused_in_words(kind, v, said):
    with pytest.raises(ValueError, match=said):
        kind(**QUICK).fit(X, LEVELS, v)
