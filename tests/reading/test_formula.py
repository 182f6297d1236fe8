"""The formula of a KAN that was read by hand."""

import numpy as np
import pytest

from kan_edu import KAN
from kan_edu.reading.formula import formula


@pytest.fixture
def model():
    """1/2 sin(pi a) b by hand: [2, (0, 1), 1]."""
    model = KAN([2, (0, 1), 1], G=3, k=3, lo=0.1, hi=1)
    formulas = {(0, 0, 0): ("sin", (1, np.pi, 0)), (0, 1, 1): ("x", (1, 1, 0)), (1, 0, 0): ("x", (0.5, 1, 0))}
    for edge, (name, params) in formulas.items():
        model.set_formula(edge, name, params)
    for edge in [(0, 0, 1), (0, 1, 0)]:
        model.remove_edge(edge)
    for layer in model.layers:
        layer.snapped.bias[...] = 0
    return model


def test_without_samples_simple_numbers_are_recognised(model):
    found = formula(model, names=["a", "b"])
    assert found.text == "1/2*sin(pi*a)*b"
    X = np.random.default_rng(0).uniform(0.1, 1, (20, 2))
    np.testing.assert_allclose(found(X), model(X)[:, 0])


def test_with_samples_numbers_become_simple_as_the_data_allow(model):
    rng = np.random.default_rng(0)
    X = rng.uniform(0.1, 1, (400, 2))
    Y = model(X) + 0.001 * rng.normal(size=(400, 1))
    model.layers[0].formulas[(0, 0)].params[1] += 0.003
    theta = model.theta.copy()
    found = formula(model, names=["a", "b"], X=X, Y=Y)
    np.testing.assert_allclose(found(X), 0.5 * np.sin(np.pi * X[:, 0]) * X[:, 1], atol=1e-12)
    np.testing.assert_array_equal(model.theta, theta)


def test_units_are_shown_beside(model):
    assert "a in s, b in m" in repr(formula(model, names=["a", "b"], units=["s", "m"]))
    with pytest.raises(ValueError, match="expected a list of 2 names"):
        formula(model, units=["s"])


def test_a_model_with_two_outputs_has_no_single_formula():
    model = KAN([1, 2])
    for j in range(2):
        model.set_formula((0, j, 0), "x", (1, 1, 0))
    with pytest.raises(ValueError, match="2 outputs"):
        formula(model)


def sine():
    model = KAN([1, 1])
    model.set_formula((0, 0, 0), "sin", (2, np.pi, 0.5))
    return model


@pytest.mark.parametrize("arguments, words", [
    ({"X": np.ones((50, 1)), "Y": np.ones(3)}, "50 samples and Y 3"),
    ({"X": np.ones((50, 1))}, "belong together"),
    ({"Y": np.ones(50)}, "belong together"),
    ({"X": [[0.1], [0.2]], "Y": [1.0, 2.0]}, "2 samples cannot tell"),
])  # fmt: skip
def test_samples_that_cannot_tell_numbers_are_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        formula(sine(), **arguments)


def test_one_unit_may_be_a_word():
    assert repr(formula(sine(), ["t"], "ms")).endswith("[t in ms]")


def test_a_name_that_a_formula_prints_is_taken():
    with pytest.raises(ValueError, match="already means something"):
        formula(sine(), ["arcsin"])
