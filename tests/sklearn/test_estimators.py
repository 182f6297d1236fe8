"""KANRegressor and KANClassifier at work: in pipelines, searches and plots, with names, words and held-out rows."""

import os
import pickle
import subprocess
import sys
import warnings
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sklearn", "1.6", reason='scikit-learn is missing: pip install "kan-edu[sklearn]"')

from sklearn.base import clone  # noqa: E402
from sklearn.exceptions import NotFittedError  # noqa: E402
from sklearn.inspection import PartialDependenceDisplay, permutation_importance  # noqa: E402
from sklearn.model_selection import GridSearchCV, cross_val_score  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402

from kan_edu import KAN, LBFGS, Adam, mse  # noqa: E402
from kan_edu.data.datasets import moons  # noqa: E402
from kan_edu.data.tables import penguins  # noqa: E402
from kan_edu.learning.strays import StrayCells  # noqa: E402
from kan_edu.sklearn import KANClassifier, KANRegressor, estimator, training  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
QUICK = {"starts": 1, "grids": (3,), "random_state": 0}


@pytest.fixture(scope="module")
def table():
    """y depends on two of three columns, in units of their own, with some noise."""
    rng = np.random.default_rng(0)
    X = rng.uniform([0, 100, -5], [1, 300, 5], (150, 3))
    return X, 1000 * np.sin(6 * X[:, 0]) + 5 * X[:, 1] + rng.normal(0, 1, 150)


@pytest.fixture(scope="module")
def fitted(table):
    return KANRegressor((), **QUICK).fit(*table)


def frame(X):
    pandas = pytest.importorskip("pandas", reason="pandas is missing: pip install pandas")
    return pandas.DataFrame(X, columns=["t (s)", "height (m)", "noise"])


def test_it_learns_a_table_in_its_own_units(table, fitted):
    assert fitted.score(*table) > 0.999
    assert abs(fitted.model_(fitted._scaled(table[0])).std() - 1) < 0.01  # inside, y has spread 1


def test_the_same_random_state_is_the_same_model(table, fitted):
    again, other = clone(fitted).fit(*table), clone(fitted).set_params(random_state=1).fit(*table)
    assert np.array_equal(again.predict(table[0]), fitted.predict(table[0]))
    assert not np.array_equal(other.model_.theta, fitted.model_.theta)


def test_of_several_starts_the_best_goes_on_and_hidden_grids_move_between_rounds(table, monkeypatch):
    losses = iter([3, 1, 2])
    monkeypatch.setattr(training, "descend", lambda model, *data, **options: (next(losses), model))
    made = []
    best = training.train(lambda seed: made.append(KAN([3, 1], seed=seed)) or made[-1], (table[0], table[1]), None,
                          loss=mse, optimiser=Adam, grids=(3,), starts=3, steps=1, seed=0)  # fmt: skip
    assert best is made[1]
    monkeypatch.undo()
    moved, real = [], training.grids_of.update
    monkeypatch.setattr(training.grids_of, "update", lambda *given, **keys: moved.append(1) or real(*given, **keys))
    X = np.random.default_rng(0).uniform(-1, 1, (30, 2))
    training.descend(KAN([2, 2, 1]), (X, X[:, :1]), None, steps=1, loss=mse, optimiser=LBFGS, rounds=training.ROUNDS)
    assert len(moved) == 1


def test_the_law_is_looked_for_with_the_models_seed(table, fitted, monkeypatch):
    asked = {}
    monkeypatch.setattr(estimator, "read_law", lambda X, y, **options: asked.update(options))
    fitted.read_law(*table)
    assert asked["seed"] == fitted._seed != 0


def test_a_column_that_was_constant_in_training_changes_no_prediction(table):
    X, y = table
    X = np.column_stack([X, np.full(len(X), 2009.0)])
    later = X + [0, 0, 0, 21]
    for model in (KANRegressor((), **QUICK).fit(X, y), KANClassifier((2,), **QUICK).fit(X, y > y.mean())):
        assert np.array_equal(model.predict(later), model.predict(X))


def test_it_is_kept_by_pickle(table, fitted):
    assert np.array_equal(pickle.loads(pickle.dumps(fitted)).predict(table[0]), fitted.predict(table[0]))


def test_several_numbers_at_once(table):
    X, y = table
    Y = np.column_stack([y, -y / 7])
    both = KANRegressor((), **QUICK).fit(X, Y)
    assert both.predict(X).shape == (150, 2) and both.score(X, Y) > 0.999


def test_pipeline_search_and_scores(table):
    X, y = table
    pipeline = make_pipeline(StandardScaler(), KANRegressor((), **QUICK))
    search = GridSearchCV(pipeline, {"kanregressor__steps": [1, 10]}, cv=2).fit(X, y)
    assert search.best_params_ == {"kanregressor__steps": 10} and search.best_score_ > 0.99
    assert cross_val_score(search.best_estimator_, X, y, cv=2).min() > 0.99


def test_a_table_of_pandas_keeps_its_names(table):
    X, y = frame(table[0]), table[1]
    pipeline = make_pipeline(StandardScaler(), KANRegressor((), **QUICK)).set_output(transform="pandas").fit(X, y)
    model = pipeline[-1]
    assert list(model.feature_names_in_) == ["t (s)", "height (m)", "noise"] and model.n_features_in_ == 3
    with pytest.raises(ValueError, match="feature names should match"):
        model.predict(X.rename(columns={"noise": "other"}))


def test_what_matters_is_found_and_drawn(table):
    X, y = frame(table[0]), table[1]
    model = KANRegressor((), **QUICK).fit(X, y)
    importance = permutation_importance(model, X, y, n_repeats=2, random_state=0).importances_mean
    assert importance[:2].min() > 0.1 and abs(importance[2]) < 0.01
    shown = PartialDependenceDisplay.from_estimator(model, X, ["t (s)"], grid_resolution=5)
    assert shown.axes_[0, 0].get_xlabel() == "t (s)"


def test_the_picture_has_the_names_and_units_of_the_columns(table):
    X = frame(table[0])
    y = X["noise"].rename("fall (m)") + table[1]
    ax = KANRegressor((), **QUICK).fit(X, y).plot(X)
    assert {"t (s)", "height (m)", "noise", "fall (m)"} <= {text.get_text() for text in ax.texts}


def test_the_law_of_the_data_has_the_names_of_the_columns():
    X = np.random.default_rng(0).uniform(1, 3, (60, 2))
    X = frame(np.column_stack([X, X[:, 0]]))[["t (s)", "height (m)"]]
    y = 2 * X["t (s)"] + X["height (m)"]
    model = KANRegressor((), **QUICK).fit(X, y)
    assert model.read_law(X, y, seconds=1).best.text in ("2*t_s + height_m", "height_m + 2*t_s")


def test_held_out_rows_tell_where_to_stop():
    rng = np.random.default_rng(0)
    X, noise = rng.uniform(-1, 1, (60, 1)), rng.normal(0, 1, 60)
    free = KANRegressor((), grids=(3, 20), starts=1, random_state=0)
    held = clone(free).set_params(early_stopping=True).fit(X, X[:, 0] + noise)
    free.fit(X, X[:, 0] + noise)
    assert free.model_.layers[0].basis.G == 20 and held.model_.layers[0].basis.G == 3


def test_with_a_hidden_layer_held_out_rows_tell_at_which_step_to_stop():
    rng = np.random.default_rng(0)
    X, new = rng.uniform(-1, 1, (80, 3)), rng.uniform(-1, 1, (500, 3))
    y, free = X[:, 0] + rng.normal(0, 1, 80), KANRegressor((3,), **QUICK)
    held = clone(free).set_params(early_stopping=True).fit(X, y)
    free.fit(X, y)
    error = [np.sqrt(np.mean((model.predict(new) - new[:, 0]) ** 2)) for model in (held, free)]
    assert error[0] < 0.7 * error[1], error


def test_classes_may_be_words():
    birds = penguins()
    words = np.array(birds.classes)[birds.y]
    model = KANClassifier((), **QUICK).fit(birds.X[::2], words[::2])
    assert list(model.classes_) == ["Adelie", "Chinstrap", "Gentoo"]
    assert model.predict(birds.X[:1])[0] == "Adelie" and model.score(birds.X[1::2], words[1::2]) > 0.95
    assert np.allclose(model.predict_proba(birds.X).sum(axis=1), 1)


def test_two_classes_have_log_odds_and_finer_grids():
    X, y = moons(200, seed=0)
    model = KANClassifier((3,), starts=1, grids=(3, 6), early_stopping=True, random_state=0).fit(X, y > 0)
    p, z = model.predict_proba(X)[:, 1], model.decision_function(X)
    assert model.score(X, y > 0) > 0.95 and np.allclose(p, 1 / (1 + np.exp(-z)))
    assert {text.get_text() for text in model.plot(X).texts} >= {"log-odds of True"}


@pytest.mark.parametrize(
    ("settings", "said"),
    [({"hidden": 0}, "a number in hidden"), ({"hidden": "5"}, "a number in hidden"), ({"k": -1}, "k is -1"),
     ({"grids": (5, 3)}, "grids is"), ({"starts": 0}, "starts is 0"), ({"steps": 0}, "steps is 0"),
     ({"grids": 3}, "grids is 3"), ({"early_stopping": "yes"}, "early_stopping"),
     ({"early_stopping": True, "validation_fraction": 2}, "validation_fraction"),
     ({"early_stopping": True, "validation_fraction": 0.999}, "n_samples = 40")],
)  # fmt: skip
@pytest.mark.parametrize("kind", [KANRegressor, KANClassifier])
def test_settings_that_make_no_sense_are_refused_in_words(kind, settings, said):
    X = np.random.default_rng(0).normal(size=(40, 2))
    with pytest.raises(ValueError, match=said):
        kind(**{**QUICK, **settings}).fit(X, (X[:, 0] > 0).astype(int))


@pytest.mark.parametrize("early_stopping", [False, True])
def test_a_cell_that_would_ruin_a_model_is_named_once(early_stopping):
    """One -9999 squeezes all others into a sliver of the grid: the score on clean rows falls to 0."""
    pandas, rng = pytest.importorskip("pandas"), np.random.default_rng(0)
    X = pandas.DataFrame(rng.uniform(-1, 1, (80, 2)), columns=["age", "size"])
    y = pandas.Series(3 * X["age"] ** 2, name="price")
    settings = {"grids": (3,), "starts": 1, "steps": 2, "random_state": 0, "early_stopping": early_stopping}
    with warnings.catch_warnings():
        warnings.simplefilter("error", StrayCells)
        KANRegressor(**settings).fit(X, y), KANClassifier(**settings).fit(X, y > 1)
    spoilt, wrong = X.copy(), y.copy()
    spoilt.loc[7, "age"], wrong[9] = -9999, -9999
    for model, table, target, name in [(KANRegressor, spoilt, y, "age"), (KANRegressor, X, wrong, "price"),
                                       (KANClassifier, spoilt, y > 1, "age")]:  # fmt: skip
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always", StrayCells)
            model(**settings).fit(table, target)
        [words] = [str(one.message) for one in said if one.category is StrayCells]
        assert f"column '{name}' has 1 cell far from all others: -9999" in words


def test_before_fit_there_is_nothing_to_ask():
    for ask in (KANRegressor().predict, KANClassifier().predict_proba, KANRegressor().plot, KANRegressor().read_law):
        with pytest.raises(NotFittedError):
            ask(np.zeros((2, 1)))


def test_scikit_learn_is_loaded_when_it_is_used_and_named_when_it_is_missing():
    code = ("import sys, kan_edu.sklearn as room; assert 'sklearn' not in sys.modules; sys.modules['sklearn'] = None\n"
            "try: room.KANRegressor\nexcept ImportError as error: print(error)")  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert 'pip install "kan-edu[sklearn]"' in done.stdout
