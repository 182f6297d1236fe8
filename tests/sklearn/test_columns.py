"""Tables as people have them: what scikit-learn takes for numbers is taken, all else is refused by its column."""

from datetime import timedelta

import numpy as np
import pytest

pytest.importorskip("sklearn", "1.6", reason='scikit-learn is missing: pip install "kan-edu[sklearn]"')
pandas = pytest.importorskip("pandas", reason="pandas is missing: pip install pandas")

from sklearn.model_selection import cross_val_predict  # noqa: E402

from kan_edu.sklearn import KANClassifier, KANRegressor  # noqa: E402

QUICK = {"starts": 1, "grids": (3,), "steps": 2, "random_state": 0}
RNG = np.random.default_rng(0)
X = np.column_stack([RNG.uniform(-1, 1, 30).astype(np.float16), np.arange(30) % 3])
Y = X[:, 0] + X[:, 1] ** 2
DAYS = pandas.Series(pandas.date_range("2024-01-01", periods=30))
WORDS = np.array(["north", "south"] * 15)


def theta(table, y=Y, kind=KANRegressor):
    return kind(**QUICK).fit(table, y).model_.theta.tolist()


def table(**columns):
    return pandas.DataFrame({"a": X[:, 0], **columns})


@pytest.mark.parametrize("same", [
    table(b=pandas.array(X[:, 1], dtype="Int64")), table(b=pandas.Categorical(X[:, 1].astype(int))),
    table(b=pandas.Series(X[:, 1], dtype=object)), table(b=X[:, 1].astype(int).astype(str)), X.astype(object),
    X.astype(np.float16), X.tolist(), np.ma.array(X), pandas.DataFrame(X),
    pandas.DataFrame(X, columns=pandas.MultiIndex.from_tuples([("a", "x"), ("a", "y")])),
])  # fmt: skip
def test_numbers_of_any_type_make_the_same_model(same):
    assert theta(same) == theta(X)


@pytest.mark.parametrize("y", [Y.astype(object), Y.astype(str), pandas.Series(Y, dtype="Float64"), Y.tolist(),
                               Y[:, None], pandas.DataFrame({"y": Y})])  # fmt: skip
def test_targets_of_any_type_make_the_same_model(y):
    assert theta(X, y) == theta(X)


def test_values_that_cannot_be_written_are_read_and_not_written():
    fixed, y = X.copy(), Y.copy()
    fixed.flags.writeable = y.flags.writeable = False
    assert theta(fixed, y) == theta(X)


@pytest.mark.parametrize("size", [2.0**1000, 2.0**-1000])
@pytest.mark.parametrize("v", [None, np.arange(1, 31)])
def test_targets_whose_squares_no_float_holds_are_learnt_alike(size, v):
    plain, scaled = (KANRegressor(**QUICK).fit(X, Y * factor, v) for factor in (1, size))
    assert scaled.predict(X).tolist() == (plain.predict(X) * size).tolist()


FITTED = {kind: kind(**{**QUICK, "steps": 1}).fit(table(when=X[:, 1]), y)
          for kind, y in ((KANRegressor, Y), (KANClassifier, WORDS))}  # fmt: skip


@pytest.mark.parametrize(("column", "said"), [
    (DAYS, "column 'when' of X holds dates; expected numbers: .* count days"),
    (DAYS.dt.tz_localize("UTC"), "column 'when' of X holds Timestamp"),
    (DAYS.dt.date, r"column 'when' of X holds datetime.date\(2024, 1, 1\)"),
    (DAYS.dt.to_period("D"), "column 'when' of X holds Period"),
    (DAYS - DAYS[0], "column 'when' of X holds lengths of time; expected numbers: divide by a unit"),
    ([timedelta(1)] * 29 + [1], r"column 'when' of X holds datetime.timedelta\(days=1\); .*divide"),
    ([None, *WORDS[1:]], "column 'when' of X holds 'south'; expected numbers: .*OneHotEncoder"),
    (pandas.Categorical(WORDS), "column 'when' of X holds 'north'"),
    (pandas.array(WORDS, dtype="string"), "column 'when' of X holds 'north'"),
    (pandas.array([1, None] * 15, dtype="Int64"), "X contains NaN"), ([None] + [1.0] * 29, "X contains NaN"),
])  # fmt: skip
@pytest.mark.parametrize("kind", [KANRegressor, KANClassifier])
def test_a_column_of_no_numbers_is_named(kind, column, said):
    y = WORDS if kind is KANClassifier else Y
    with pytest.raises(ValueError, match=said):
        kind(**QUICK).fit(table(when=column), y)
    with pytest.raises(ValueError, match=said):
        FITTED[kind].predict(table(when=column))


@pytest.mark.parametrize(("wrong", "said"), [
    (np.array(DAYS)[:, None], "column 0 of X holds dates"), (np.ma.masked_less(X, 0), "X holds .* masked values"),
    (np.column_stack([X, WORDS]).astype(object), "column 2 of X holds 'north'"),
    (WORDS[:, None].astype("S").astype(object), "column 0 of X holds b'north'"),
    (np.array([[np.datetime64("2024")]] * 30, dtype=object), "column 0 of X holds .*; expected numbers: split off"),
    (np.array([[np.timedelta64(1, "D")]] * 30, dtype=object), "column 0 of X holds .*; expected numbers: divide"),
])  # fmt: skip
def test_arrays_of_no_numbers_are_refused_too(wrong, said):
    for kind, y in ((KANRegressor, Y), (KANClassifier, WORDS)):
        with pytest.raises(ValueError, match=said):
            kind(**QUICK).fit(wrong, y)


@pytest.mark.parametrize(("wrong", "said"), [
    (WORDS, "y holds 'north'; expected numbers: KANClassifier learns"), (DAYS, "y holds dates"),
    (pandas.Series(WORDS, dtype="category"), "y holds 'north'"),
    (np.ma.masked_less(Y, 0.5), "y holds .* masked values"),
    (pandas.Series([None, *Y[1:]], dtype="Float64"), "y contains NaN"),
])  # fmt: skip
def test_targets_that_are_no_numbers_are_refused(wrong, said):
    with pytest.raises(ValueError, match=said):
        KANRegressor(**QUICK).fit(X, wrong)


def test_targets_in_a_sparse_matrix_are_refused_as_scikit_learn_refuses_such_tables():
    sparse = pytest.importorskip("scipy.sparse")
    for given in ((sparse.csr_array(X), Y), (X, sparse.csr_array(Y[:, None]))):
        with pytest.raises(TypeError, match="toarray"):
            KANRegressor(**QUICK).fit(*given)


@pytest.mark.parametrize("lost", [None, float("nan"), pandas.NA, pandas.NaT])
def test_a_class_that_is_missing_is_found(lost):
    classes = [*WORDS[:29], lost]
    for y in (classes, np.array(classes, dtype=object), pandas.Series(classes, dtype=object)):
        with pytest.raises(ValueError, match="y holds no class for 1 of 30 rows, .* in row 29; drop"):
            KANClassifier(**QUICK).fit(X, y)
    with pytest.raises(ValueError, match="y holds 15 masked values"):
        KANClassifier(**QUICK).fit(X, np.ma.array(X[:, 1], mask=[True, False] * 15))
    with pytest.raises(ValueError, match="requires y"):
        KANClassifier(**QUICK).fit(X, None)


@pytest.mark.parametrize("y", [WORDS, np.arange(30) % 3])
def test_logarithms_of_probabilities_do_not_vanish_with_them(y):
    p, log_p = (cross_val_predict(KANClassifier(**QUICK), X, y, cv=2, method=f"predict_{word}")
                for word in ("proba", "log_proba"))  # fmt: skip
    assert np.exp(log_p) == pytest.approx(p, rel=1e-12)
    sure = KANClassifier(**QUICK).fit(X, y)
    sure.model_.layers[-1].c *= 1e6
    assert sure.predict_proba(X).min() == 0 and np.isfinite(sure.predict_log_proba(X)).all()


def test_hidden_nodes_may_stand_in_an_array():
    assert theta(X) != KANRegressor(np.array([2]), **QUICK).fit(X, Y).model_.theta.tolist()
