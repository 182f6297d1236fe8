"""Training that learns nothing says so, and names the call that helps."""

import warnings

import numpy as np
import pytest

from kan_edu import KAN, LBFGS, MLP, Adam, LevenbergMarquardt, cross_entropy, fit, fit_with_refinement, mse
from kan_edu.data import datasets
from kan_edu.learning import learnt
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


def test_refinement_says_so_too_and_only_once():
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        fit_with_refinement(KAN([2, 2, 1]), Z + 500, T, starts=2, grids=(3, 5), steps=40, optimiser=Adam)
    told = [str(one.message).partition("cause: ")[2] for one in said]
    assert told == ["X reaches to 501: scale it with datasets.to_box"]


FEW = [(1e-9, 0, 1, LevenbergMarquardt, 30), (1e-9, 0, 1, Adam, 20), (1, 0, 1e6, Adam, 6), (1, 1e6, 1, Adam, 35),
       (1, 1e6, 1, LevenbergMarquardt, 6)]  # fmt: skip


@pytest.mark.parametrize("scale, shift, y_scale, optimiser, steps", FEW)
def test_a_scale_that_is_off_by_far_is_told_after_few_steps_too(scale, shift, y_scale, optimiser, steps):
    with pytest.warns(LearntLittle, match="little (was|can be) learnt.*datasets.") as said:
        fit(KAN([2, 3, 1]), scale * Z + shift, y_scale * T, steps=steps, optimiser=optimiser)
    assert len(said) == 1


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("optimiser", [Adam, LBFGS, LevenbergMarquardt])
@pytest.mark.parametrize("steps", [1, 6, 30])
def test_few_steps_on_sound_data_are_no_reason_to_warn(optimiser, steps):
    fit(KAN([2, 3, 1]), Z, T, steps=steps, optimiser=optimiser)
    fit(MLP([2, 3, 1]), Z, np.random.default_rng(1).normal(size=(200, 1)), steps=steps, optimiser=optimiser)


# ------------------------------------------------------------------------------------- before it starts


@pytest.mark.parametrize("kind", ["bspline", "chebyshev", "rbf"])
@pytest.mark.parametrize(("optimiser", "steps"), [(Adam, 40), (LBFGS, 20), (LevenbergMarquardt, 10)])
def test_samples_outside_the_grid_are_told_before_training(kind, optimiser, steps):
    X, said = Z + [0, 3], []

    def stop(step, model, loss):
        said.extend(str(one.message) for one in caught)
        return True

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        history = fit(KAN([2, 3, 1], basis=kind), X, T, steps=steps, optimiser=optimiser, callback=stop)
    assert len(caught) == len(said) == 1
    assert said[0].startswith("little can be learnt: 100% of the samples of input 1 lie outside its grid [-1, 1]")
    assert "datasets.to_box, or move the grids with grids.update(model, X)" in said[0]
    assert history.outside_before[0] == history.outside[0] == 1


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("model", [
    KAN([2, 3, 1], lo=[-1, 2], hi=[1, 4]), KAN([2, 3, 1], basis="fourier"), MLP([2, 3, 1]),
], ids=["on its grid", "it repeats", "no grid"])  # fmt: skip
def test_nothing_is_said_where_edges_can_bend(model):
    fit(model, Z + [0, 3], T, steps=40, callback=lambda *_: True)


@pytest.mark.filterwarnings("error")
def test_nothing_is_said_of_edges_without_splines():
    model, X = KAN([2, 1]), Z + [0, 3]
    model.set_formula((0, 0, 1), "x", (1, 1, 0))
    fit(model, X, X.sum(axis=1), steps=40)
    X[:, 1] = 7  # nor of a constant
    fit(KAN([2, 1]), X, X[:, 0], steps=40, callback=lambda *_: True)


def test_the_history_keeps_what_it_looked_at():
    model, X = KAN([2, 3, 1]), 1.2 * Z
    before = [cover.outside.max() for cover in grids.coverage(model, X)]
    history = fit(model, X, 3 * T, steps=30)
    assert history.outside_before == before and 0 < before[0] < 0.5
    assert history.outside == [cover.outside.max() for cover in grids.coverage(model, X)] != before
    assert history.reach == np.abs(X).max() and history.spread == pytest.approx(3 * T.std())
    assert history.final_rmse == np.sqrt(mse(model(X), 3 * T)[0])


def test_of_many_samples_some_are_looked_at():
    assert [len(learnt.some(np.zeros((N, 1)))) for N in (1, 10_000, 10_001, 35_000)] == [1, 10_000, 5001, 8750]


def test_a_model_of_nan_is_refused():
    model = KAN([2, 3, 1])
    model.theta[...] = np.nan
    with pytest.raises(ValueError, match="are NaN or inf; make the model anew"):
        fit(model, Z, T, steps=50)


# ------------------------------------------------------------------------------------------ at the end


def absolute(Z, Y):
    """A loss of one's own."""
    return np.abs(Z - Y).mean(), np.sign(Z - Y) / Y.size


@pytest.mark.parametrize("optimiser", [Adam, LBFGS])
def test_a_loss_of_ones_own_that_does_not_fall_is_told(optimiser):
    with pytest.warns(LearntLittle, match=r"all of X lies within 1.99e-06: scale it with datasets.to_box"):
        fit(KAN([2, 3, 1]), 1e-6 * Z, T, steps=60, optimiser=optimiser, loss=absolute)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        fit(KAN([2, 3, 1]), Z, T, steps=60, optimiser=optimiser, loss=absolute)
        fit(KAN([2, 3, 1]), 1e-6 * Z, T[:, 0], steps=60, loss=lambda Z, Y: absolute(Z, Y[:, None]))  # may be labels


@pytest.mark.parametrize("constant", [7.0, 1970.0])
def test_a_constant_column_outside_its_grid_is_named(constant):
    X = np.column_stack([Z[:, 0], np.full(len(Z), constant)])
    with pytest.warns(LearntLittle, match=r"100% of the samples lie outside the first layer's grid.*to_box"):
        fit(KAN([2, 3, 1]), X, T, steps=40, optimiser=Adam(1e-6))
    model = KAN([2, 3, 1])
    fit(model, datasets.to_box(X)[0], X[:, :1] ** 2, steps=200, optimiser=Adam(0.02))
    assert share(model, datasets.to_box(X)[0], X[:, :1] ** 2) < 0.2


def test_hidden_values_outside_their_grid_are_named():
    model = KAN([2, 3, 1])
    model.layers[0].c += 1.5  # no value arrives where the hidden grids lie
    with pytest.warns(LearntLittle, match="100% of the hidden values lie outside their layer's grid: move the grids"):
        history = fit(model, Z, T, steps=40, optimiser=Adam(1e-4))
    assert history.outside_before == history.outside == [0.0, 1.0]
    grids.update(model, Z, keep_inputs=True)
    fit(model, Z, T, steps=300, optimiser=Adam(0.02))
    assert share(model, Z, T) < 0.5


def test_targets_too_far_away_are_named():
    with pytest.warns(LearntLittle, match=r"Y reaches to 1e\+06: scale it with datasets.standardise"):
        fit(KAN([2, 3, 1]), Z, T + 1e6, steps=60)


def test_targets_that_do_not_vary_are_judged_too():
    with pytest.warns(LearntLittle, match=r"the mean of Y alone has 0. .*Y reaches to 1e\+04: scale it with datasets"):
        fit(KAN([2, 3, 1]), Z, np.full(200, 1e4), steps=60)
    with pytest.warns(LearntLittle, match=r"all of X lies within 1.99e-06"):
        fit(MLP([2, 8, 1]), 1e-6 * Z, np.full(200, 0.7), steps=40, optimiser=Adam(1e-6))
    with pytest.warns(LearntLittle, match="0% of the classes are right, where .* has 100%.*within 1.99e-06"):
        model = MLP([2, 3])
        model.layers[-1].b[...] = 1, 0, 0  # it always says class 0
        fit(model, 1e-6 * Z, np.full(200, 2), steps=40, optimiser=Adam(1e-6), loss=cross_entropy)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("constant", [0.0, 0.7])
def test_a_constant_that_is_learnt_is_no_reason_to_warn(constant):
    fit(KAN([2, 3, 1]), Z, np.full(200, constant), steps=40, optimiser=Adam)
    fit(KAN([2, 3, 1]), 1e-6 * Z, np.full(200, constant), steps=40, optimiser=LBFGS)


@pytest.mark.filterwarnings("error")
def test_noise_and_few_steps_are_no_reason_to_warn():
    fit(KAN([2, 3, 1]), Z, np.random.default_rng(1).normal(size=(200, 1)), steps=60)
    fit(KAN([2, 3, 1]), 1e6 * Z, T, steps=5, optimiser=Adam(1e-9))
    fit(KAN([2, 3, 1]), Z, 1e4 * T, steps=20)  # it is on its way
