"""KAN(dtype=np.float32): the same network in half the memory, to the digits that float32 has."""

import copy

import numpy as np
import pytest

from kan_edu import KAN, LBFGS, Adam, LevenbergMarquardt, fit, fit_with_refinement, mse
from kan_edu.checks.arrays import check_slope
from kan_edu.networks import grids, passes
from kan_edu.splines.bases import BSpline
from tests.gradients import assert_gradient, randomise

X = np.random.default_rng(0).uniform(-1.3, 1.3, (40, 2))  # some of it outside the grid
Y = np.exp(np.sin(np.pi * X[:, :1]) + X[:, 1:] ** 2)
WIDTHS = [[2, 3, 1], [2, 20, 20, 1], [2, (2, 2), 1]]


def both(widths=(2, 3, 1), seed=3, **options):
    """The same random parameters in float64 and in float32; those of float64 are such that float32 holds them."""
    models = [KAN(list(widths), dtype=dtype, **options) for dtype in (np.float64, np.float32)]
    randomise(models[1].theta, seed, size=0.3)
    models[0].theta[...] = models[1].theta
    return models


def arrays(model):
    """(name, array) of all that the model, its layers, their sums and bases hold."""
    parts = [model, *model.layers, *(part for layer in model.layers for part in (layer.sums, layer.basis))]
    return [(name, value) for part in parts for name, value in vars(part).items() if isinstance(value, np.ndarray)]


@pytest.mark.parametrize("form", [None, "textbook"])
@pytest.mark.parametrize("widths", WIDTHS)
@pytest.mark.parametrize("options", [{}, {"k": 1}, {"G": 60}, {"base": False}, {"basis": "chebyshev"},
                                     {"basis": "fourier"}, {"basis": "rbf"}])  # fmt: skip
def test_output_and_gradient_are_those_of_float64_to_its_rounding(options, widths, form):
    double, single = both(widths, form=form, **options)
    outputs, slopes = [], []
    for model in (double, single):
        outputs.append(model.forward(X))
        slopes.append(model.backward(mse(outputs[-1], Y)[1], to_input=True))
    assert_gradient(outputs[1], outputs[0], "the output", 1e-5)
    assert_gradient(single.grad, double.grad, "dL/dtheta", 1e-3)
    assert_gradient(slopes[1], slopes[0], "dL/dX", 1e-3)


@pytest.mark.parametrize("form", [None, "textbook"])
@pytest.mark.parametrize("basis", ["bspline", "chebyshev", "fourier", "rbf"])
def test_no_array_of_it_is_float64(basis, form):
    model = KAN([2, 3, 12, 1], G=20, basis=basis, form=form, dtype=np.float32)
    fit(model, X, Y, steps=2)
    for layer in model.layers:  # on a grid that moved, too
        if basis == "bspline":
            layer.use(BSpline(layer.basis.grid + 0.1 * layer.basis.grid**3, 3))
    model.join()
    model.backward(model.forward(X))
    assert [name for name, array in arrays(model) if array.dtype == np.float64] == []


def test_float64_is_what_one_gets_without_asking():
    assert KAN([2, 3, 1]).theta.dtype == KAN([2, 3, 1], dtype="float64").theta.dtype == np.float64


@pytest.mark.parametrize("dtype", [None, int, np.float16, "half", 3, [1], {}])
def test_other_types_are_refused(dtype):
    with pytest.raises(ValueError, match="expected np.float64 or np.float32"):
        KAN([2, 1], dtype=dtype)


@pytest.mark.parametrize("seed", range(3))
def test_equal_intervals_stay_equal_when_the_grids_move_and_grow(seed):
    """Else every step would search: twice as slow, and no result would tell."""
    model = KAN([2, 3, 1], G=5, lo=-0.1, hi=0.7, seed=seed, dtype=np.float32)
    grids.update(model, X)
    before = model(X)
    grids.extend(model, 10)
    np.testing.assert_allclose(model(X), before, rtol=0, atol=1e-5)
    assert all(layer.basis.uniform for layer in model.layers)
    grids.update(model, X, adaptive=0.5)
    assert not any(layer.basis.uniform for layer in model.layers)


def test_points_that_float32_cannot_tell_apart_are_refused():
    with pytest.raises(ValueError, match="float32 cannot tell the grid's points apart"):
        KAN([1, 1], lo=1.0, hi=1.000001, G=50, dtype=np.float32)


@pytest.mark.parametrize("optimiser", [Adam, LBFGS])
def test_it_learns(optimiser):
    model = KAN([2, 3, 1], dtype=np.float32)
    history = fit(model, X, Y, steps=60, optimiser=optimiser)
    assert history.loss[-1] < 0.2 * history.loss[0] and model.theta.dtype == np.float32


def test_levenberg_marquardt_says_that_it_needs_float64():
    model = KAN([2, 1, 1], dtype=np.float32)
    before = model.theta.copy()
    for train in (lambda: fit(model, X, Y, optimiser=LevenbergMarquardt), lambda: fit_with_refinement(model, X, Y)):
        with pytest.raises(ValueError, match="needs float64.*this model is float32"):
            train()
        np.testing.assert_array_equal(model.theta, before)


def test_saved_copied_and_made_anew_it_stays_float32(tmp_path):
    model = both()[1]
    grids.update(model, X)
    model.save(tmp_path / "m.npz")
    again = KAN.load(tmp_path / "m.npz")
    for other in (again, copy.deepcopy(model)):
        assert repr(other) == repr(model) and "float32" in repr(other)
        np.testing.assert_array_equal(other.forward(X), model.forward(X))
    again.restart(0, G=7)
    assert again.theta.dtype == np.float32


def test_float32_samples_and_targets_are_not_made_float64_on_the_way():
    """Each of these conversions took longer than it takes to look for NaN."""
    double, single = both()
    samples, targets = X.astype(np.float32), Y.astype(np.float32)
    assert passes.checked(single, samples) is samples and passes.checked(double, samples).dtype == np.float64
    loss, dY = mse(single.forward(samples), targets)
    assert dY.dtype == np.float32 and check_slope(dY, dY.shape) is dY
    assert abs(loss - mse(double(X), Y)[0]) < 1e-5
