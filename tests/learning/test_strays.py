"""One cell of -9999 would ruin a model without a word: it is named; honest tails are left in peace."""

import warnings

import numpy as np
import pytest

from kan_edu import KAN, fit_additive, fit_with_refinement
from kan_edu.data import tables
from kan_edu.learning.strays import StrayCells, bulk, told, warn_of_strays


def told_of(X, Y=None, **names):
    """What is said of the strays in X and Y; "" if nothing."""
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        warn_of_strays(X, Y, **names)
    return "; ".join(str(one.message) for one in said)


@pytest.mark.parametrize("value", [-9999.0, 1e6, -999.0, 1e300, -1e308])
def test_one_cell_of_a_sentinel_is_named(value):
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, (500, 2))
    X[17, 1] = value
    words = told_of(X)
    assert "column 1 of X has 1 cell far from all others" in words and f"{value:g}" in words and "499" in words
    assert "column 'age' has 1 cell" in told_of(X, inputs=["height", "age"])
    assert "column 1 of Y" in told_of(X[:, :1], X) and "column 'size'" in told_of(X[:, :1], X, outputs=["", "size"])
    with told():
        assert told_of(X) == ""


def test_several_sentinels_at_both_ends_are_all_found():
    rng = np.random.default_rng(0)
    x = rng.normal(size=400)
    x[:30], x[30], x[31] = -9999, -99999, 1e6
    assert bulk(x) == (x[32:].min(), x[32:].max())
    assert "has 32 cells far from all others: -99999, -9999, 1e+06, where the other 368" in told_of(x[:, None])


@pytest.mark.parametrize("N", [10, 30, 100, 500, 5000])
def test_honest_tails_are_left_in_peace(N):
    rng = np.random.default_rng(0)
    columns = [rng.lognormal(size=(N, 20)), rng.exponential(size=(N, 20)), rng.integers(0, 100, (N, 20)),
               rng.poisson(1, (N, 20)), rng.random((N, 20)) < 0.01, rng.random((N, 20)) < 0.2, rng.normal(size=(N, 20)),
               10 ** rng.uniform(-3, 3, (N, 20)), np.full((N, 1), 3.0), rng.standard_t(3, (N, 20))]  # fmt: skip
    for X in columns:
        assert told_of(X.astype(float)) == ""


def test_the_tables_of_the_course_are_left_in_peace():
    for table in [tables.auto_mpg(), tables.penguins()]:
        assert told_of(table.X, np.asarray(table.y, dtype=float).reshape(len(table.X), -1)) == "", table.name


def test_the_tables_of_scikit_learn_are_left_in_peace():
    data = pytest.importorskip("sklearn.datasets")
    for load in [data.load_diabetes, data.load_digits, data.load_breast_cancer, data.load_wine, data.load_iris]:
        X, y = load(return_X_y=True)
        assert told_of(X, y[:, None].astype(float)) == "", load.__name__


def refined(model, X, Y):
    fit_with_refinement(model, X, Y, grids=(3,), starts=1, updates=1, steps=2)


@pytest.mark.parametrize("train", [fit_additive, refined])
def test_training_on_a_raw_table_warns(train):
    rng = np.random.default_rng(0)
    X = rng.uniform(-1, 1, (60, 2))
    Y = X[:, :1] ** 2
    with warnings.catch_warnings():
        warnings.simplefilter("error", StrayCells)
        train(KAN([2, 1], G=3), X, Y)
    X[3, 0] = -999
    with pytest.warns(StrayCells, match="column 0 of X") as said:
        train(KAN([2, 1], G=3), X, Y)
    assert len([one for one in said if one.category is StrayCells]) == 1
