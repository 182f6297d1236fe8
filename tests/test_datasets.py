"""The data sets: counts and cells that are known, functions against scipy, seeds, refusals."""

from importlib.resources import files

import numpy as np
import pytest
from scipy.special import j0

from kan_edu import datasets
from kan_edu.datasets import TARGETS, auto_mpg, logic_gate, moons, penguins, sample, spirals, split, standardise


@pytest.mark.parametrize("name, rule", [("AND", np.all), ("OR", np.any), ("XOR", lambda x: x[0] != x[1])])
def test_gates_are_their_truth_tables(name, rule):
    X, y = logic_gate(name)
    assert [bool(rule(x)) for x in X] == y.astype(bool).tolist()


def test_nand_and_nor_negate():
    assert (logic_gate("NAND")[1] == 1 - logic_gate("AND")[1]).all()
    assert (logic_gate("NOR")[1] == 1 - logic_gate("OR")[1]).all()


@pytest.mark.parametrize("cloud", [moons, spirals])
def test_clouds_have_two_equal_classes_and_repeat_with_their_seed(cloud):
    X, labels = cloud(100, seed=3)
    assert X.shape == (100, 2) and np.bincount(labels).tolist() == [50, 50] and np.abs(X).max() < 2
    assert (cloud(100, seed=3)[0] == X).all() and not (cloud(100, seed=4)[0] == X).any()


def test_without_noise_moons_lie_on_circles_and_spirals_on_spirals():
    X, labels = moons(100, noise=0)
    centre = np.array([-0.5, -0.25]) * (1 - 2 * labels)[:, None]
    assert np.allclose(np.linalg.norm(X - centre, axis=1), 1)
    X, labels = spirals(100, noise=0, turns=1)
    r = np.linalg.norm(X, axis=1)
    assert np.allclose(X[:, 0], r * np.cos(2 * np.pi * r + np.pi * labels))


def test_bessel_agrees_with_scipy():
    x = np.linspace(-20, 20, 2001)
    assert np.abs(datasets.bessel_j0(x) - j0(x)).max() < 1e-13


@pytest.mark.parametrize("name, x, value", [
    ("f1", [0.5, 1.0], np.exp(2)),
    ("f2", [0.5, -0.5], -0.25),
    ("f3", [0.1], j0(2.0)),
    ("f4", [0.5, 0.5, 0.0, 0.0], np.exp(0.5)),
    ("f5", [1.0] * 50 + [0.0] * 50, np.exp(0.5)),
])  # fmt: skip
def test_targets_at_a_known_point(name, x, value):
    assert np.allclose(TARGETS[name](np.array([x])), [[value]])


@pytest.mark.parametrize("name", TARGETS)
def test_samples_fill_the_cube_and_repeat(name):
    X, Y = sample(name, N=400, seed=1)
    assert X.shape == (400, TARGETS[name].n_in) and Y.shape == (400, 1)
    assert -1 <= X.min() < -0.9 and 0.9 < X.max() <= 1
    assert (sample(name, N=400, seed=1)[1] == Y).all()
    assert 0.05 < (sample(name, N=400, seed=1, noise=0.1)[1] - Y).std() < 0.15


def test_auto_mpg_has_its_known_rows():
    table = auto_mpg()
    assert table.X.shape == (392, 7) and table.dropped == 14 and len(table.units) == len(table.columns) == 7
    assert table.X[0].tolist() == [8, 307, 130, 3504, 12, 1970, 1] and table.y[0] == 18  # chevrolet chevelle malibu
    assert round(table.y.mean(), 2) == 23.45
    assert np.bincount(table.X[:, 6].astype(int)).tolist() == [0, 245, 68, 79]
    assert 1981 not in table.X[:, 5]  # as its docstring says


def test_penguins_have_their_known_rows():
    table = penguins()
    assert table.X.shape == (342, 4) and table.dropped == 2 and table.X[0].tolist() == [39.1, 18.7, 181, 3750]
    assert np.bincount(table.y).tolist() == [151, 68, 123]


@pytest.mark.parametrize("name, rows", [("auto_mpg.csv", 407), ("penguins.csv", 345)])
def test_shipped_tables_are_utf8_with_lf(name, rows):
    text = files("kan_edu").joinpath("data", name).read_bytes()
    assert b"\r" not in text and text.decode("utf-8").count("\n") == rows


def test_split_keeps_every_row_once_with_its_y():
    X = np.arange(10.0)[:, None]
    X_train, X_test, y_train, y_test = split(X, X[:, 0] * 2, share=0.7, seed=5)
    assert len(X_train) == 7 and sorted([*X_train[:, 0], *X_test[:, 0]]) == X[:, 0].tolist()
    assert (y_train == 2 * X_train[:, 0]).all() and (y_test == 2 * X_test[:, 0]).all()
    assert not (X_train[:, 0] == np.arange(7)).all()


def test_standardise_uses_train_alone_and_survives_a_constant_column():
    rng = np.random.default_rng(0)
    train, test = np.c_[rng.normal(5, 3, (50, 2)), np.full(50, 0.1)], rng.normal(9, 1, (20, 3))
    a, b, mean, scale = standardise(train, test)
    assert np.allclose(a.mean(axis=0), 0) and np.allclose(a.std(axis=0), [1, 1, 0])
    assert np.allclose(b * scale + mean, test) and (scale > 0).all()


@pytest.mark.parametrize("call, words", [
    (lambda: logic_gate("IF"), "unknown gate 'IF'; there are AND, OR, XOR"),
    (lambda: sample("f9"), "unknown target 'f9'; there are f1, f2"),
    (lambda: moons(0), "N is 0; expected a whole number >= 1"),
    (lambda: spirals(10, noise=-1), "noise is -1"),
    (lambda: TARGETS["f1"](np.zeros((3, 3))), "X has 3 columns, expected 2"),
    (lambda: split(np.zeros((4, 1)), np.zeros(3)), "X has 4 rows but y has 3"),
    (lambda: split(np.zeros((4, 1)), np.zeros(4), share=1.0), "leaves one part empty"),
    (lambda: standardise(np.array([[np.nan]])), "1 values that are NaN or inf"),
])  # fmt: skip
def test_refusals_name_what_came(call, words):
    with pytest.raises(ValueError, match=words.replace("(", r"\(")):
        call()
