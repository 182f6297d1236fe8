"""The real tables: counts and cells that are known, missing values, splitting and scaling."""

import re
from importlib.resources import files

import numpy as np
import pytest

from kan_edu.data import datasets
from kan_edu.data.tables import auto_mpg, penguins, split, standardise, to_box


@pytest.mark.parametrize("name, rows, columns", [
    ("auto_mpg.csv", 406, 9), ("penguins.csv", 344, 8),
    ("planets.csv", 8, 4), ("hydrogen.csv", 18, 3), ("puromycin.csv", 23, 3)])
def test_shipped_files_are_utf8_with_lf_and_whole_rows(name, rows, columns):
    content = files("kan_edu").joinpath("data", name).read_bytes()
    assert b"\r" not in content and content.endswith(b"\n") and not content.startswith(b"\xef\xbb\xbf")
    lines = content.decode("utf-8").splitlines()
    assert len(lines) == rows + 1 and {line.count(",") for line in lines} == {columns - 1}
    assert len(set(lines)) == len(lines), "a row occurs twice"
    assert not any(",," in line or line.endswith(",") for line in lines), "a missing value is written NA"


def test_the_data_folder_names_source_and_licence():
    text = files("kan_edu").joinpath("data", "README.md").read_text(encoding="utf-8")
    for word in ("auto_mpg.csv", "penguins.csv", "Quinlan", "CC BY 4.0", "Horst", "CC0", "StatLib"):
        assert word in text


def test_auto_mpg_has_its_known_rows():
    cars = auto_mpg()
    assert cars.X.shape == (392, 7) and cars.y.shape == (392,) and cars.X.dtype == cars.y.dtype == float
    assert len(cars.columns) == len(cars.units) == 7 and cars.dropped == 14 and cars.classes == ()
    assert cars.X[0].tolist() == [8, 307, 130, 3504, 12, 1970, 1] and cars.y[0] == 18
    assert cars.X[-1].tolist() == [4, 119, 82, 2720, 19.4, 1982, 1] and cars.y[-1] == 31
    assert cars.extra["name"][0] == "chevrolet chevelle malibu" and cars.extra["name"][-1] == "chevy s-10"
    assert round(cars.y.mean(), 2) == 23.45 and cars.y.min() == 9 and cars.y.max() == 46.6
    assert np.isfinite(cars.X).all()


def test_auto_mpg_origin_is_a_code_and_a_word():
    cars = auto_mpg()
    codes = {word: set(cars.X[cars.extra["origin"] == word, 6]) for word in np.unique(cars.extra["origin"])}
    assert codes == {"USA": {1}, "Europe": {2}, "Japan": {3}}
    assert np.bincount(cars.X[:, 6].astype(int)).tolist() == [0, 245, 68, 79]


def test_auto_mpg_has_the_years_of_statlib():
    """vega_datasets lists the cars of 1981 under 1982; UCI and StatLib do not."""
    years, counts = np.unique(auto_mpg("keep").X[:, 5], return_counts=True)
    assert years.tolist() == list(range(1970, 1983))
    assert counts.tolist() == [35, 29, 28, 40, 27, 30, 34, 28, 36, 29, 29, 30, 31]
    assert not any("Acceleration" in name for name in auto_mpg("keep").extra["name"])


def test_missing_values_are_kept_on_request():
    cars, birds = auto_mpg(missing="keep"), penguins(missing="keep")
    assert cars.X.shape == (406, 7) and cars.dropped == 0
    assert np.isnan(cars.y).sum() == 8 and np.isnan(cars.X).sum(axis=0).tolist() == [0, 0, 6, 0, 0, 0, 0]
    assert birds.X.shape == (344, 4) and np.isnan(birds.X).sum() == 8 and np.isnan(birds.X[3]).all()
    for table in (cars, birds, auto_mpg(), penguins()):
        assert {len(table.X)} == {len(table.y), *map(len, table.extra.values())}
    assert "NA" in penguins().extra["sex"]  # a sex that is not known drops no row


def test_penguins_have_their_known_rows():
    birds = penguins()
    assert birds.X.shape == (342, 4) and birds.dropped == 2 and birds.X[0].tolist() == [39.1, 18.7, 181, 3750]
    assert birds.X[-1].tolist() == [50.2, 18.7, 198, 3775] and birds.classes[birds.y[-1]] == "Chinstrap"
    assert np.bincount(birds.y).tolist() == [151, 68, 123] and np.issubdtype(birds.y.dtype, np.integer)
    assert dict(zip(*np.unique(birds.extra["sex"], return_counts=True), strict=True)) == {
        "NA": 9, "female": 165, "male": 168
    }  # fmt: skip
    assert set(birds.extra["island"]) == {"Biscoe", "Dream", "Torgersen"}
    assert set(birds.extra["island"][birds.y == 2]) == {"Biscoe"}  # gentoos were met on one island only


def test_a_table_shows_itself_in_words():
    assert "392 rows (14 with missing values dropped)" in repr(auto_mpg())
    assert "weight [pounds]" in repr(auto_mpg()) and "mpg [miles per gallon]" in repr(auto_mpg())
    assert repr(penguins()).endswith("-> species: Adelie, Chinstrap, Gentoo")


def test_datasets_offers_the_tables_too():
    assert datasets.auto_mpg is auto_mpg and datasets.penguins is penguins and datasets.split is split
    assert all(hasattr(datasets, name) for name in datasets.__all__)


@pytest.mark.parametrize("scale", [1e-300, 1e-170, 1e170, 1e307])
@pytest.mark.filterwarnings("error")
def test_columns_of_any_size_are_scaled_alike(scale):
    """1e170 squared is inf in float64, 1e-170 squared is 0."""
    x = np.array([1.0, 2.0, 4.0])
    for scaled in (standardise, to_box):
        np.testing.assert_allclose(scaled(x * scale)[0], scaled(x)[0], rtol=1e-12)
        np.testing.assert_allclose(scaled(x * scale)[2], scaled(x)[2] * scale, rtol=1e-12)


def test_what_scaling_cannot_hold_is_refused():
    with pytest.raises(ValueError, match="the result of scaling holds 1 value that is NaN or inf"):
        standardise(np.array([1.0, 1 + 1e-9]), np.array([1e305]))


def test_split_keeps_every_row_once_with_its_y():
    X = np.arange(10.0)[:, None]
    X_train, X_test, y_train, y_test = split(X, X[:, 0] * 2, share=0.7, seed=5)
    assert len(X_train) == 7 and sorted([*X_train[:, 0], *X_test[:, 0]]) == X[:, 0].tolist()
    assert (y_train == 2 * X_train[:, 0]).all() and (y_test == 2 * X_test[:, 0]).all()
    assert not (X_train[:, 0] == np.arange(7)).all()


def test_split_repeats_with_its_seed_and_takes_a_table():
    birds = penguins()
    a, b, c = split(birds, seed=1), split(birds.X, birds.y, seed=1), split(birds, seed=2)
    assert all((one == other).all() for one, other in zip(a, b, strict=True)) and not (a[0] == c[0]).all()
    assert len(a[0]) == 274 and len(a[1]) == 68 and (split(birds, seed=np.random.default_rng(1))[0] == a[0]).all()


@pytest.mark.parametrize("share", [0.01, 0.3, 0.5, 0.8, 0.99])
@pytest.mark.parametrize("name", [str, int, bool])
def test_a_stratified_split_keeps_each_class_share(share, name):
    """1 in 50 is of class 1: dealt out as a whole, a small test part has none of them four times out of ten."""
    y = (np.arange(100) % 50 == 3).astype(int)
    X = np.arange(100.0)[:, None]
    for seed in range(5):
        X_train, X_test, y_train, y_test = split(X, y, share, seed, stratify=[name(label) for label in y])
        assert sorted([*X_train[:, 0], *X_test[:, 0]]) == X[:, 0].tolist()
        assert (y_train == y[X_train[:, 0].astype(int)]).all() and (y_test == y[X_test[:, 0].astype(int)]).all()
        assert y_train.sum() == y_test.sum() == 1, "two samples of class 1: one for each part"
        assert (y_train == 0).sum() == round(share * 98)
    assert (np.diff(X_test[:, 0]) < 0).any() or len(X_test) < 4, "in random order, not class after class"


def test_a_stratified_split_is_random_and_repeats_with_its_seed():
    birds = penguins()
    a, b, c = (split(birds, seed=seed, stratify=np.array(birds.classes)[birds.y]) for seed in (1, 1, 2))
    assert all((one == other).all() for one, other in zip(a, b, strict=True)) and not (a[0] == c[0]).all()
    assert np.bincount(a[3]).tolist() == np.bincount(c[3]).tolist() == [30, 14, 25]
    assert 0 < (a[2][:-1] != a[2][1:]).mean(), "the classes come mixed"


def test_standardise_learns_from_train_alone():
    rng = np.random.default_rng(0)
    train, test = rng.normal([5, -100], [3, 0.01], (50, 2)), rng.normal(9, 1, (20, 2))
    a, b, mean, std = standardise(train, test)
    assert np.allclose(a.mean(axis=0), 0) and np.allclose(a.std(axis=0), 1)
    assert np.allclose(b * std + mean, test) and np.allclose(mean, train.mean(axis=0))
    assert (standardise(train)[0] == a).all() and len(standardise(train, test, test)) == 5


def test_to_box_fills_the_box_with_train():
    train, test = np.random.default_rng(0).normal(5, 3, (50, 2)), np.array([[5.0, 1000.0]])
    a, b, mid, half = to_box(train, test)
    assert np.allclose(a.min(axis=0), -1) and np.allclose(a.max(axis=0), 1)
    assert np.allclose(b * half + mid, test) and b[0, 1] > 1


@pytest.mark.parametrize("scale", [standardise, to_box])
def test_a_constant_column_becomes_zero(scale):
    train = np.column_stack([np.full(50, 0.1), np.arange(50.0)])  # the computed std of the first column is 1e-17
    a, b, _, width = scale(train, np.array([[0.1, 3.0], [1.1, 4.0]]))
    assert (a[:, 0] == 0).all() and b[:, 0].tolist() == [0, 1] and width[0] == 1
    assert scale(np.full(5, 0.1))[0].tolist() == [0] * 5


@pytest.mark.parametrize("call, words", [
    (lambda: auto_mpg(missing="fill"), "missing is 'fill'; expected one of 'drop', 'keep'"),
    (lambda: split(np.zeros((4, 1)), np.zeros(3)), "X has shape (4, 1), y (3,); expected as many rows"),
    (lambda: split(np.zeros((4, 1)), np.zeros(4), share=1.0), "share is 1.0; expected a finite number above 0"),
    (lambda: split(np.zeros((4, 1)), np.zeros(4), share=0.9), "share 0.9 of 4 samples leaves a part empty"),
    (lambda: split(np.zeros((4, 1)), np.zeros(4), share="0.8"), "share is '0.8'; expected a finite number above 0"),
    (lambda: split(np.zeros((4, 1)), np.zeros(4), stratify=["a", "a", "b"]), "stratify has 3 words, X 4 rows"),
    (lambda: split(np.zeros((3, 1)), np.zeros(3), stratify=["a", "odd", "a"]), "single sample of class odd"),
    (lambda: split(np.zeros((3, 1)), np.zeros(3), stratify=["a", np.nan, "a"]), "1 classes in stratify are missing"),
    (lambda: split(np.zeros((3, 1)), np.zeros(3), stratify=True), "classes in stratify are True; expected"),
    (lambda: split(np.zeros((3, 1)), np.zeros(3), stratify=[0.1, 0.5, 0.5]), "in stratify hold 0.1; expected"),
    (lambda: split(np.zeros((4, 1))), "y is missing; pass split(X, y) or split(table)"),
    (lambda: split(penguins(), np.zeros(342)), "a Table brings its own y"),
    (lambda: standardise(np.array([[np.nan]])), "train holds 1 value that is NaN or inf"),
    (lambda: standardise(auto_mpg("keep").X), "drop those rows or fill them in first"),
    (lambda: standardise(np.zeros((0, 2))), "train has shape (0, 2); expected (N, n) or (N,), not empty"),
    (lambda: to_box(np.zeros((3, 2)), np.zeros((3, 4))), "has shape (3, 4), train (3, 2); give both the same columns"),
    (lambda: to_box(np.zeros(3), np.zeros((3, 1))), "has shape (3, 1), train (3,)"),
])  # fmt: skip
def test_refusals_name_what_came(call, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        call()
