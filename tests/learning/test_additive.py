"""Additive models in one calculation: against the dense formulas, and for what smoothing and its choice promise."""

import numpy as np
import pytest

from kan_edu import KAN, MLP, datasets, fit_additive, grids
from kan_edu.learning.additive import LADDER
from kan_edu.learning.learnt import LearntLittle
from kan_edu.splines.bases import BSpline

rng = np.random.default_rng(0)
X = rng.uniform(-1, 1, (120, 2))
LAW = (np.sin(3 * X[:, 0]) + X[:, 1] ** 2)[:, None]
NOISY = LAW + 0.3 * rng.normal(size=LAW.shape)


def dense(model, X, Y, smoothing):
    """Freedom, GCV and prediction from the whole matrix H of prediction = H y: no coordinates, no shortcuts."""
    layer, N = model.layers[0], len(X)
    A = layer.basis.values(X).reshape(N, -1)
    A = A - A.mean(axis=0)
    D = np.kron(np.eye(layer.n_in), np.diff(np.eye(layer.basis.M), n=2, axis=0))
    H = 1 / N + A @ np.linalg.pinv(A.T @ A / N + smoothing * D.T @ D, rcond=1e-12) @ A.T / N
    return np.trace(H), ((Y - H @ Y) ** 2).mean(axis=0) / (1 - np.trace(H) / N) ** 2, H @ Y


@pytest.mark.parametrize("smoothing", [1e-4, 1e-2, 1.0, 100.0])
def test_freedom_score_and_prediction_are_those_of_the_dense_formulas(smoothing):
    model = KAN([2, 2], G=8, k=3)
    Y = np.hstack([NOISY, 5 + NOISY**2])
    result = fit_additive(model, X, Y, smoothing=smoothing)
    freedom, gcv, predicted = dense(model, X, Y, smoothing)
    assert np.allclose(result.freedom, freedom, rtol=1e-8) and np.allclose(result.gcv, gcv, rtol=1e-8)
    assert np.allclose(model(X), predicted, atol=1e-8) and (result.smoothing == smoothing).all()


def test_the_strength_that_is_chosen_has_the_least_score_of_the_ladder():
    """The score in which freedom counts 1.4 times; what is told of the choice is the plain one."""
    model, scores = KAN([2, 1], G=8, k=3), {}
    chosen = fit_additive(model, X, NOISY)
    for smoothing in LADDER[(LADDER > 1e-6) & (LADDER < 1e4)]:
        freedom, gcv, _ = dense(model, X, NOISY, smoothing)
        scores[smoothing] = gcv[0] * ((1 - freedom / 120) / (1 - 1.4 * freedom / 120)) ** 2
    assert min(scores, key=scores.get) == chosen.smoothing[0]
    assert chosen.gcv[0] == pytest.approx(dense(model, X, NOISY, chosen.smoothing[0])[1][0], rel=1e-8)


def test_few_samples_do_not_talk_it_out_of_its_penalty():
    """Plain GCV takes next to none on one of these draws, and errs by 1.2."""
    for seed in range(20):
        draw = np.random.default_rng(seed)
        few, new = draw.uniform(-1, 1, (40, 4)), np.random.default_rng(100 + seed).uniform(-1, 1, (1000, 4))
        law = [np.sin(4 * A[:, 0]) + A[:, 1] ** 2 + 0.5 * A[:, 2] for A in (few, new)]
        model = KAN([4, 1], G=10)
        fit_additive(model, few, law[0] + 0.3 * draw.normal(size=40))
        assert np.sqrt(np.mean((model(new)[:, 0] - law[1]) ** 2)) < 0.45


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("adaptive", [0, 0.7])
def test_a_strong_penalty_leaves_the_straight_line_of_least_squares(adaptive, dtype):
    """On unequal intervals too, where plain second differences of the coefficients would bend it."""
    model = KAN([2, 1], G=10, dtype=dtype)
    points = np.abs(X) ** 1.5 * np.sign(X)
    grids.update(model, points, adaptive=adaptive)
    result = fit_additive(model, points, NOISY, smoothing=1e10)
    lines = np.column_stack([np.ones(len(X)), points])
    assert np.allclose(model(points), lines @ np.linalg.lstsq(lines, NOISY, rcond=None)[0], atol=1e-5)
    assert result.freedom[0] == pytest.approx(3, abs=1e-5)


def test_a_smooth_law_without_noise_is_found_to_the_error_of_the_splines():
    model = KAN([2, 1], G=20)
    fit_additive(model, X, LAW)
    new = np.random.default_rng(1).uniform(-0.9, 0.9, (500, 2))
    assert np.abs(model(new)[:, 0] - np.sin(3 * new[:, 0]) - new[:, 1] ** 2).max() < 1e-3


def test_noise_is_smoothed_and_each_curve_is_that_of_the_law():
    model = KAN([2, 1], G=20)
    result = fit_additive(model, X, NOISY)
    without = KAN([2, 1], G=20)
    fit_additive(without, X, NOISY, smoothing=0)
    error = np.sqrt(((model(X) - LAW) ** 2).mean())
    assert error < 0.12 < np.sqrt(((without(X) - LAW) ** 2).mean())
    assert 5 < result.freedom[0] < 20 and 0.07 < result.gcv[0] < 0.13  # the noise has variance 0.09
    x = np.linspace(-0.9, 0.9, 50)
    bend = model.layers[0].phi(0, 0, x)
    assert np.abs(bend - bend.mean() - np.sin(3 * x)).max() < 0.25


@pytest.mark.parametrize("G", [20, 100])
def test_pure_noise_has_no_curve(G):
    """With more coefficients than samples too, where the curves could go through all of them."""
    result = fit_additive(KAN([2, 1], G=G), X, np.random.default_rng(3).normal(size=120))
    assert result.freedom[0] < 6


@pytest.mark.parametrize("smoothing", [0, 1e-14])
def test_curves_through_all_samples_have_no_score(smoothing):
    """Residual and spare freedom are both 0, to rounding: their ratio says nothing."""
    result = fit_additive(KAN([2, 1], G=100), X, NOISY, smoothing=smoothing)
    assert result.freedom[0] == pytest.approx(120) and result.gcv[0] == np.inf


def test_the_constant_is_shared_and_silu_has_no_part():
    model = KAN([2, 1], G=5)
    fit_additive(model, X, LAW + 7)
    layer, mean = model.layers[0], LAW.mean() + 7
    assert (layer.w_s == 1).all() and (layer.w_b == 0).all()
    assert np.allclose(layer.edges(X).mean(axis=0), mean / 2)


def test_a_model_without_silu_gets_the_same_curves():
    model, plain = KAN([2, 1], G=5), KAN([2, 1], G=5, base=False)
    fit_additive(model, X, NOISY), fit_additive(plain, X, NOISY)
    assert plain(X).tolist() == model(X).tolist()


def test_outputs_are_fitted_each_with_its_own_strength():
    both, one = KAN([2, 2], G=10), KAN([2, 1], G=10)
    result = fit_additive(both, X, np.hstack([NOISY, X[:, :1]]))
    alone = fit_additive(one, X, NOISY[:, 0])
    assert np.allclose(both(X)[:, :1], one(X)) and result.smoothing[0] == alone.smoothing[0]
    assert result.freedom[1] == pytest.approx(3, abs=1e-3) and result.smoothing[1] == LADDER[0]


def test_few_values_a_constant_and_a_column_that_comes_twice_do_no_harm():
    few = np.column_stack([np.repeat([3, 4, 6, 8], 30), X[:, 0], X[:, 0], np.full(120, 5.0)])
    model = KAN([4, 1], G=20)
    fit_additive(model, few, few[:, 0] ** 2 + LAW[:, 0])
    assert np.sqrt(((model(few)[:, 0] - few[:, 0] ** 2 - LAW[:, 0]) ** 2).mean()) < 0.35  # the part of X[:, 1]
    twice = model.layers[0].c[0]
    assert np.allclose(twice[1], twice[2]) and np.ptp(twice[3]) < 1e-9
    assert 20 < model.layers[0].phi(0, 0, [5.0])[0] - model.layers[0].phi(0, 0, [0.0])[0] < 40


@pytest.mark.parametrize("size", [1e-200, 1e90])
def test_the_unit_of_y_is_only_a_factor(size):
    model, far = KAN([2, 1], G=8), KAN([2, 1], G=8)
    result, other = fit_additive(model, X, NOISY), fit_additive(far, X, size * NOISY)
    assert np.allclose(far(X) / size, model(X)) and result.smoothing == other.smoothing


def test_data_on_which_no_grid_can_lie_are_told():
    with pytest.warns(LearntLittle, match="scale it with datasets.to_box"):
        fit_additive(KAN([2, 1]), 1e-20 * X, LAW)


def test_a_model_in_float32_gets_the_same_curves_rounded():
    model, small = KAN([2, 1], G=8), KAN([2, 1], G=8, dtype=np.float32)
    fit_additive(model, X, NOISY), fit_additive(small, X, NOISY)
    assert small.theta.dtype == np.float32 and np.allclose(small.theta, model.theta, atol=1e-5)


def test_grids_that_miss_the_data_are_moved():
    model = KAN([2, 1], G=8)
    fit_additive(model, 100 + 30 * X, NOISY)
    assert grids.coverage(model, 100 + 30 * X)[0].outside.max() == 0
    assert np.sqrt(((model(100 + 30 * X) - LAW) ** 2).mean()) < 0.12


def test_on_cars_it_is_as_good_as_what_is_trained():
    """The splits of lesson 00b, where networks end at 2.81 to 2.87 miles per gallon."""
    cars, errors = datasets.auto_mpg(), []
    for seed in range(20):
        A, B, y, z = datasets.split(cars.X[:, :6], cars.y, seed=seed)
        A, B, *_ = datasets.to_box(A, B)
        model = KAN([6, 1], G=10)
        fit_additive(model, A, y)
        errors.append(np.sqrt(((model(B)[:, 0] - z) ** 2).mean()))
    assert np.median(errors) < 2.76


@pytest.mark.parametrize(("call", "words"), [
    (lambda: fit_additive(KAN([2, 3, 1]), X, LAW), r"has 2 layers; an additive model has one: KAN\(\[2, 1\]\)"),
    (lambda: fit_additive(MLP([2, 1]), X, LAW), "fit_additive needs a KAN"),
    (lambda: fit_additive(KAN([2, 1], basis="fourier"), X, LAW), "the edges are Fourier, .* degree k >= 1"),
    (lambda: fit_additive(KAN([2, 1], k=0), X, LAW), "the edges are BSpline of degree 0"),
    (lambda: fit_additive(KAN([2, (0, 1)]), X, LAW), "nodes that multiply; .* make a new one"),
    (lambda: fit_additive(KAN([2, 1], G=10**5), X, LAW), "200006 coefficients from 120 samples .* smaller G"),
    (lambda: fit_additive(KAN([2, 1]), X[:3], LAW[:3]), "3 samples for 2 curves; expected at least 4"),
    (lambda: fit_additive(KAN([2, 1]), X, LAW, smoothing=-1), "smoothing is -1; expected a finite number from 0"),
    (lambda: fit_additive(KAN([2, 1]), X, LAW, smoothing=1e13), "smoothing is 1.*; expected .* from 0 to 1"),
    (lambda: fit_additive(KAN([2, 1]), X, LAW[:50]), "has 120 rows but Y has 50"),
])  # fmt: skip
def test_what_it_cannot_do_it_says(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_edges_that_were_read_are_refused_and_nothing_is_changed():
    model = KAN([2, 1])
    model.remove_edge((0, 0, 0))
    before = model.theta.copy()
    with pytest.raises(ValueError, match="edges that were removed or are formulas"):
        fit_additive(model, X, LAW)
    assert np.array_equal(model.theta, before) and isinstance(model.layers[0].basis, BSpline)
