"""Numbers are made simple only where that would be a surprise, and only as the data allow."""

import numpy as np
import pytest

from kan_edu.reading.expressions.printing import text
from kan_edu.reading.expressions.tree import Fun, Sum, Var, parameters
from kan_edu.reading.laws.constants import LEVELS, round_all, simple
from kan_edu.reading.laws.refine import refit


@pytest.mark.parametrize("value, error, expected", [
    (2.0003, 0.0002, "2"), (-0.4999, 1e-4, "-1/2"), (3.1417, 1e-4, "pi"), (0.0795775, 1e-6, "1/(4*pi)"),
    (0.398942, 1e-5, "1/(sqrt(2*pi))"), (1e-9, 1e-8, "0"), (0.3, 1e-9, "0.3"), (1 / 3, 1e-9, "1/3"),
])  # fmt: skip
def test_a_simple_number_is_recognised(value, error, expected):
    assert simple(value, error)[1] == expected


@pytest.mark.parametrize("value, error", [(1.37, 0.02), (2.7183, 0.3), (0.123456, 1e-6), (10.9737, 1e-4)])
def test_what_could_be_chance_stays(value, error):
    assert simple(value, error) is None


def test_names_are_worth_what_they_say():
    for numbers, names in LEVELS:
        for value in numbers:
            known = {"pi": np.pi, "E": np.e, "sqrt": np.sqrt, "log": np.log, "__builtins__": {}}
            assert eval(names[value], known) == pytest.approx(value, rel=1e-12)


def test_rounding_refits_what_is_left():
    rng = np.random.default_rng(0)
    x = rng.uniform(-1, 1, (500, 1))
    y = 0.7318 * np.sin(np.pi * x[:, 0]) + 0.001 * rng.normal(size=500)
    tree = Sum([(0.7, Fun("sin", Var(0), 3.1, 0.01))], bias=0.01)
    tree, mse = round_all(tree, x, y, refit(tree, x, y))
    (free,) = parameters(tree)
    assert abs(free.value - 0.7318) < 3e-4
    assert [p.text for p in parameters(tree, free=False) if not p.free and p.text] == ["0", "pi", "0"]
    assert mse < 1.1e-6


def test_where_a_fit_to_exact_data_stopped_is_no_number():
    """It was arcsin(a/b - 3.234e-14) + 3.432e-14: what rounding left was larger than its standard error."""
    x = np.random.default_rng(0).uniform(0.1, 0.8, (20000, 1))
    tree = Sum([(1.0, Fun("arcsin", Var(0), 1.0, -3.234e-14))], bias=3.432e-14)
    tree, _ = round_all(tree, x, np.arcsin(x[:, 0]), 1e-29)
    assert text(tree, ["a"]) == "arcsin(a)"
