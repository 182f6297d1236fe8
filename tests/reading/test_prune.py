"""Pruning by refit: what is needed stays, what is not goes, whatever is said about it is true."""

import sys

import numpy as np
import pytest

from kan_edu import KAN, fit_with_refinement, prune
from kan_edu.reading.symbolic import rmse


def trained(widths, f, noise=0.0, seed=0, N=500):
    rng = np.random.default_rng(seed)
    X = rng.uniform(-1, 1, (N, widths[0]))
    Y = f(*X.T)[:, None]
    Y += noise * Y.std() * rng.normal(size=Y.shape)
    model = KAN(widths)
    fit_with_refinement(model, X, Y, grids=(3, 5), starts=3, seed=seed, progress=False)
    return model, X, Y


@pytest.mark.parametrize("noise", [0, 0.01])
def test_it_finds_the_smallest_network(noise):
    model, X, Y = trained([2, 4, 1], lambda x, y: np.exp(np.sin(np.pi * x) + y**2), noise, N=800)
    theta = model.theta.copy()
    done = prune(model, X, Y)
    assert done.model.shape == [2, 1, 1] and all(layer.kept.all() for layer in done.model.layers)
    assert (model.theta == theta).all() and model.layers[0].snapped is None
    assert done.after == pytest.approx(rmse(done.model, X, Y)) and done.before == rmse(model, X, Y)
    assert done.after < max(0.02, 2 * noise) * Y.std()
    assert done.stopped == "nothing more can go"


def test_an_input_that_does_nothing_loses_its_edges():
    model, X, Y = trained([3, 2, 1], lambda x, y, z: np.sin(3 * x) + y**2)
    done = prune(model, X, Y)
    assert not done.model.layers[0].kept[:, 2].any()
    assert done.model.layers[0].kept[:, 0].any() and done.model.layers[0].kept[:, 1].any()


def test_pure_noise_leaves_almost_nothing():
    rng = np.random.default_rng(0)
    X, Y = rng.uniform(-1, 1, (300, 2)), rng.normal(size=(300, 1))
    done = prune(KAN([2, 2, 1]), X, Y)
    assert sum(layer.kept.sum() for layer in done.model.layers) <= 2
    assert np.isfinite(done.after)


def test_every_trial_is_told_and_told_truly():
    model, X, Y = trained([2, 2, 1], lambda x, y: np.sin(3 * x) + y)
    done = prune(model, X, Y)
    assert any(trial.stayed for trial in done.trials) and any(not trial.stayed for trial in done.trials)
    stayed = [trial.bic for trial in done.trials if trial.stayed]
    assert stayed == sorted(stayed, reverse=True)
    for trial in done.trials:
        assert trial.what == "remove" and np.isfinite([trial.rmse, trial.bic]).all()
        assert all(0 <= edge[0] <= 1 for edge in trial.edges)
    assert str(done).count("\n") == len(done.trials) and "nothing more can go" in str(done)
    lines = str(done).splitlines()
    for line, trial in zip(lines, done.trials, strict=False):
        assert line.startswith("removed (" if trial.stayed else "needed, would be without (")


def test_the_floor_says_what_is_worth_an_edge():
    """A tenth of a per cent: gone with the floor of one per cent, kept without a floor."""
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, (500, 2))
    Y = np.sin(3 * X[:, :1]) + 0.001 * X[:, 1:]
    model = KAN([2, 1])
    assert not prune(model, X, Y, steps=20).model.layers[0].kept[0, 1]
    assert prune(model, X, Y, floor=0, steps=20).model.layers[0].kept[0, 1]


def test_what_must_stay_may_become_straight():
    model, X, Y = trained([2, 1], lambda x, y: np.sin(3 * x) + 2 * y)
    done = prune(model, X, Y, straighten=True)
    layer = done.model.layers[0]
    assert layer.formulas.keys() == {(0, 1)} and layer.formulas[0, 1].name == "x"
    assert layer.formulas[0, 1].params[0] == pytest.approx(2, abs=0.01)
    assert prune(model, X, Y).model.layers[0].formulas == {}


def test_products_are_kept_where_they_are_needed():
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, (400, 2))
    Y = X[:, :1] * X[:, 1:]
    model = KAN([2, (1, 1), 1])
    fit_with_refinement(model, X, Y, grids=(3,), starts=5, seed=2, progress=False)
    done = prune(model, X, Y)
    assert done.model.products == [1, 0] and done.after < 0.02 * Y.std()
    assert done.model.widths[1] == 1 and done.model.layers[0].kept.sum() <= 3


def test_a_trial_that_leaves_a_formula_without_a_value_fails_and_no_more():
    """y = sqrt(x1 - x2): without x1 the root of mean - x2 has no value at some samples, and the trial cannot begin."""
    X = np.sort(np.random.default_rng(0).uniform(0, 2, (300, 2)), axis=1)[:, ::-1]
    Y = np.sqrt(0.01 + X[:, :1] - X[:, 1:])
    model = KAN([2, 1, 1], lo=0, hi=2)
    model.set_formula((0, 0, 0), "x", (1, 1, 0))
    model.set_formula((0, 0, 1), "x", (-1, 1, 0))
    model.set_formula((1, 0, 0), "sqrt", (1, 1, 0.01), X=X)
    done = prune(model, X, Y)
    assert all(layer.kept.all() for layer in done.model.layers) and done.after < 1e-10
    assert [trial.edges for trial in done.trials if trial.rmse == np.inf]


def test_stopping_keeps_what_was_removed(monkeypatch):
    model, X, Y = trained([2, 3, 1], lambda x, y: np.sin(3 * x) + 0 * y)
    file = sys.modules["kan_edu.reading.prune"]
    calls, refit = [], file.refit

    def ctrl_c(*args, **options):
        calls.append(1)
        if len(calls) == 3:
            raise KeyboardInterrupt
        return refit(*args, **options)

    monkeypatch.setattr(file, "refit", ctrl_c)
    with pytest.warns(UserWarning, match="what was removed so far stays removed"):
        done = prune(model, X, Y)
    assert done.stopped == "interrupted" and len(done.trials) == 1 and done.trials[0].stayed
    assert done.model.widths[1] == 2 and done.after == pytest.approx(rmse(done.model, X, Y))


def test_data_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="3 columns"):
        prune(KAN([2, 1]), np.zeros((5, 3)), np.zeros((5, 1)))
    with pytest.raises(ValueError, match="steps is 0"):
        prune(KAN([2, 1]), np.zeros((5, 2)), np.zeros((5, 1)), steps=0)


def test_a_floor_that_is_no_number_is_refused():
    with pytest.raises(ValueError, match="floor"):
        prune(KAN([1, 1]), np.linspace(0, 1, 20)[:, None], np.linspace(0, 1, 20), floor=np.nan)


@pytest.mark.parametrize("wrong", [{"floor": 1.7e308}, {"straighten": "no"}, {"progress": 2}, {"steps": 1.5}])
def test_arguments_of_a_wrong_kind_are_refused_in_words(wrong):
    X = np.linspace(-1, 1, 20)[:, None]
    with pytest.raises(ValueError, match=f"{next(iter(wrong))} is .*; expected"):
        prune(KAN([1, 1]), X, X, **wrong)
