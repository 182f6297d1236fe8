"""read_law on columns of few values, such as -1 and 1: what a straight line fits is read, and shortly."""

import numpy as np
import pytest

from kan_edu import read_law
from kan_edu.reading.expressions.tidy import power
from kan_edu.reading.expressions.tree import Sum, Var, values
from kan_edu.reading.law import _nothing
from kan_edu.reading.laws import search as search_module
from kan_edu.reading.laws.atoms import Line
from kan_edu.reading.laws.search import Found
from kan_edu.reading.laws.smooth import Smooth, few_values
from kan_edu.reading.laws.trust import judge, structure

LAWS = {
    "2*x + z": lambda x, z: 2 * x + z,
    "3*x^2 + z": lambda x, z: 3 * x**2 + z,
    "x*z": lambda x, z: x * z,
}


def terms(text):
    return sorted(text.split(" + "))


@pytest.mark.parametrize("of", [(-1, 1), (0, 1), (2, 5), (-1, 0, 1), (0, 1, 2, 3, 4)])
@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("text", LAWS)
def test_a_column_of_few_values_hides_no_law(text, whole, of):
    rng = np.random.default_rng(0)
    x = rng.integers(-2, 3, 300).astype(float) if whole else rng.uniform(-2, 2, 300)
    z = rng.choice(np.array(of, dtype=float), 300)
    law = read_law(np.column_stack([x, z]), LAWS[text](x, z), names=["x", "z"], seconds=3)
    assert law.sure and terms(law.best.text) == terms(text)


def test_noise_on_it_leaves_the_law():
    rng = np.random.default_rng(1)
    x, z = rng.uniform(-2, 2, 400), rng.choice([-1.0, 1.0], 400)
    law = read_law(np.column_stack([x, z]), 2 * x + z + 0.1 * rng.normal(size=400), names=["x", "z"], seconds=3)
    assert law.sure and terms(law.best.text) == ["2*x", "z"]


@pytest.mark.parametrize("text", ["exp(x)*z", "z + sin(x)"])
@pytest.mark.parametrize("whole", [True, False])
def test_other_functions_are_told_beside_two_values(text, whole):
    rng = np.random.default_rng(0)
    x = rng.integers(-2, 3, 600).astype(float) if whole else rng.uniform(-2, 2, 600)
    z = rng.choice([-1.0, 1.0], 600)
    y = np.exp(x) * z if text == "exp(x)*z" else np.sin(x) + z
    law = read_law(np.column_stack([x, z]), y, names=["x", "z"], seconds=10)
    assert law.sure and law.best.text == text


def test_functions_on_few_values_are_orthonormal_there():
    rng = np.random.default_rng(0)
    X = np.column_stack([rng.choice([2.0, 3.0, 5.0], 200), rng.uniform(-1, 1, 200)])
    smooth = Smooth(X)
    assert smooth.index[:, 0].max() == 2  # z^3 on three values says nothing new
    where, P = smooth.line(0, smooth.degree)
    np.testing.assert_array_equal(where, [2, 3, 5])
    one = np.ones((3, 1))
    gram = np.hstack([one, P[:, :2]]).T @ np.hstack([one, P[:, :2]]) / 3
    np.testing.assert_allclose(gram, np.eye(3), atol=1e-12)
    assert not P[:, 2:].any() and smooth.line(1, smooth.degree) is None


@pytest.mark.parametrize("few", [[2.0, 5.0], [2.0, 3.0, 5.0]])
def test_on_two_values_every_function_is_a_straight_line_and_only_that_is_tried(few):
    smooth = Smooth(np.random.default_rng(0).choice(few, (200, 1)))
    line = Line(smooth.lo[0], smooth.hi[0], smooth.degree, few=smooth.line(0, smooth.degree))
    tried = {kind.name for level in line.levels for kind in level}
    assert tried == {"x0"} if len(few) == 2 else len(tried) > 10


def test_few_samples_are_no_column_of_few_values():
    assert few_values(np.array([1.0, 2.0, 3.0, 4.0])) is None
    np.testing.assert_array_equal(few_values(np.tile([1.0, -1.0], 4)), [-1, 1])


def test_powers_may_stand_for_another_function_of_few_values():
    """Any odd function of -2 ... 2 is a x + b x^3."""
    X = np.repeat(np.arange(-2.0, 3), 40)[:, None]
    tree = Sum([(0.9704, Var(0)), (-0.1289, power(Var(0), 3))])
    y = values(tree, X)
    verdict = judge(Found(tree, 0.0, 0.0, "x"), X, y, X[::5], y[::5], [])
    assert not verdict.sure and "5 different values" in verdict.reason


def test_a_formula_that_misses_held_out_samples_is_not_said_to_leave_only_noise():
    rng = np.random.default_rng(0)
    X, noise = rng.uniform(-1, 1, (400, 1)), rng.normal(size=400)
    tree = Sum([(1.2345, Var(0)), (0.7123, power(Var(0), 2))])
    y = values(tree, X) + 0.1 * noise
    y_held = values(tree, X) + 0.14 * noise
    held_worse = judge(Found(tree, 0.01, 0.0, "x"), X, y, X, y_held, []).reason
    assert "on held-out samples" in held_worse and "noise" not in held_worse
    assert "nothing but noise is seen" in judge(Found(tree, 0.01, 0.0, "x"), X, y, X, y, []).reason


def test_a_table_stands_over_rows_only():
    rng = np.random.default_rng(0)
    law = read_law(rng.choice([-1.0, 1.0], (200, 2)), rng.normal(size=200), seconds=2)
    assert law.best is None and "RMSE" not in repr(law) and len(repr(law).splitlines()) == 2


@pytest.mark.parametrize("error, words", [(0.99, "explains y"), (0.8, "the time was up;")])
def test_time_is_not_blamed_where_nothing_is_explained(error, words):
    class Late:
        best_error, found = error, [None]

        def late(self):
            return True

    assert words in _nothing(Late(), False)


def test_the_last_resort_is_a_straight_line(monkeypatch):
    """Where no view finds anything, "none of the shapes fits" is not said of what a straight line fits."""
    monkeypatch.setattr(search_module, "views", lambda *_: iter(()))
    X = np.random.default_rng(0).uniform(-1, 1, (200, 3))
    law = read_law(X, X @ [2.0, -1.0, 3.0] + 4, seconds=5)
    assert law.sure and law.best.text == "2*x1 + 3*x3 + 4 - x2"


def test_a_product_of_columns_of_two_values_is_no_noise():
    rng = np.random.default_rng(0)
    X = rng.choice([-1.0, 1.0], (400, 2))
    assert "polynomial of degree 2" in structure(0.3 * X[:, 0] * X[:, 1] + rng.normal(size=400), X)
    assert structure(rng.normal(size=400), X) == ""
