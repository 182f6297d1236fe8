"""Trees: Jacobians against differences, tidied formulas keep their values, trees become KANs and come back."""

import numpy as np
import pytest

from kan_edu.networks.formulas.families import FAMILIES
from kan_edu.reading.expressions.latex import latex
from kan_edu.reading.expressions.network import to_kan, to_tree
from kan_edu.reading.expressions.printing import sympy_text, text
from kan_edu.reading.expressions.tidy import tidy
from kan_edu.reading.expressions.tree import (
    Fun,
    Param,
    Problem,
    Prod,
    Sum,
    Var,
    nodes,
    parameters,
    replace_inputs,
    values,
)


@pytest.fixture
def X():
    return np.random.default_rng(0).uniform(0.2, 0.8, (30, 2))


def fixed(value):
    return Param(value, False)


def power(name, child):
    made = Fun(name, child)
    made.c.fix(0, "0")
    return made


def trees():
    a, b = Var(0), Var(1)
    shared = Fun("sin", a, 1.3, 0.2)
    logs = Sum([(fixed(-1.0), power("log", b)), (0.5, Prod([a, b]))])
    return {
        "sum": Sum([(1.5, Fun("exp", a, -0.7)), (-0.4, b)], bias=0.3),
        "two of one input": Sum([(1.5, a), (-0.4, power("x^2", a)), (0.2, Fun("tanh", a, 1.1, 0.3))]),
        "products": Sum([(0.7, Prod([a, b, shared])), (0.2, Prod([shared, power("1/x", b)]))], bias=1.0),
        "chain": Sum([(2.0, Fun("sqrt", Sum([(1.2, power("x^2", a)), (0.4, Prod([a, b]))], bias=0.5)))]),
        "of a product": power("1/x", Prod([b, power("1/x", a)])),
        "logarithm": Sum([(1.1, Fun("exp", logs))]),
        "common factor": Sum([(0.5, Prod([shared, b])), (-1.0, shared)]),
        "root": power("sqrt", Prod([power("x^2", a), Sum([(1.0, b)], bias=0.1)])),
    }


@pytest.mark.parametrize("name", trees())
def test_jacobian_is_the_derivative(name, X):
    tree = trees()[name]
    problem = Problem(tree, X, np.zeros(len(X)))
    J = problem.jacobian() if problem.params else np.zeros((len(X), 0))
    for p in range(len(problem.params)):
        h, theta = 1e-6, problem.theta.copy()
        both = []
        for sign in (1, -1):
            problem.theta = theta.copy()
            problem.theta[p] += sign * h
            both.append(problem.residuals())
        problem.theta = theta
        np.testing.assert_allclose(J[:, p], (both[0] - both[1]) / (2 * h), rtol=1e-6, atol=1e-9)


@pytest.mark.parametrize("name", trees())
def test_tidying_keeps_the_values(name, X):
    tree = trees()[name]
    before = values(tree, X)
    np.testing.assert_allclose(values(tidy(tree, {0, 1}), X), before, rtol=1e-12)
    np.testing.assert_array_equal(values(tree, X), before)  # the tree itself was left alone


@pytest.mark.parametrize("name, expected", [
    ("of a product", "a/b"),
    ("common factor", "sin(1.3*a + 0.2)*(0.5*b - 1)"),
    ("root", "a*sqrt(1*b + 0.1)"),
])  # fmt: skip
def test_tidying_makes_formulas_shorter(name, expected):
    assert text(tidy(trees()[name], {0, 1}), ["a", "b"]).replace("1*b", "b") == expected.replace("1*b", "b")


@pytest.mark.parametrize("name", trees())
def test_a_tree_becomes_a_kan_and_comes_back(name, X):
    tree = trees()[name]
    model = to_kan(tree, X)
    np.testing.assert_allclose(model(X)[:, 0], values(tree, X), rtol=1e-12)
    np.testing.assert_allclose(values(to_tree(model), X), values(tree, X), rtol=1e-12)


@pytest.mark.parametrize("name", trees())
def test_sympy_and_latex_say_the_same(name, X):
    sympy = pytest.importorskip("sympy")
    tree = trees()[name]
    f = sympy.lambdify(["a", "b"], sympy.sympify(sympy_text(tree, ["a", "b"])))
    np.testing.assert_allclose(f(*X.T), values(tree, X), rtol=1e-12)
    words = latex(tree, ["a", "b"])
    assert words.count("{") == words.count("}") and words.count(r"\left") == words.count(r"\right")


def test_a_function_in_two_places_counts_once():
    tree = trees()["common factor"]
    assert sum(node.name == "sin" for node in nodes(tree) if isinstance(node, Fun)) == 1
    assert len(parameters(tree)) == 4


def test_outside_a_domain_is_nan_and_only_there(X):
    tree = Fun("log", Sum([(1.0, Var(0))], bias=-0.5))
    assert (np.isnan(values(tree, X)) == (X[:, 0] <= 0.5)).all()


def test_inputs_are_replaced_by_trees(X):
    tree = replace_inputs(Sum([(2.0, Var(0))]), [Prod([Var(0), Var(1)])])
    np.testing.assert_allclose(values(tree, X), 2 * X[:, 0] * X[:, 1])


def test_a_spline_that_is_left_is_named(X):
    from kan_edu import KAN

    model = KAN([2, 1])
    model.set_formula((0, 0, 1), "x", (1, 1, 0))
    with pytest.raises(ValueError, match=r"\(0, 0, 0\) has no formula yet"):
        to_tree(model)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_is_written(name):
    tree = Fun(name, Var(0), 1.0, 0.5)
    assert "x1" in text(tree, ["x1"]) and "x_{1}" in latex(tree, ["x1"]).replace("{x}_{1}", "x_{1}") or name == "x"


def log(i, c=0.0):
    return Fun("log", Var(i), 1.0, c)


@pytest.mark.parametrize("tree, expected, in_latex", [
    (Fun("exp", log(0), 2.7), "a^2.7", "a^{2.7}"),
    (Fun("exp", Sum([(2.7, log(0)), (-0.3, log(1))])), "a^2.7/b^0.3", r"\frac{a^{2.7}}{b^{0.3}}"),
    (Fun("exp", Sum([(2.7, log(0)), (1.0, Var(1))], bias=0.5)), "a^2.7*exp(b + 0.5)", r"a^{2.7} \, e^{b + 0.5}"),
    (Fun("exp", Sum([(-0.3, log(0)), (1.0, log(1)), (-1.0, log(0, 1.0))])), "b/(a^0.3*(a + 1))", None),
    (Fun("exp", Prod([log(0), Var(1)])), "a^b", "a^{b}"),
    (Fun("exp", Prod([log(0), Var(1)]), -2.0), "a^(-2*b)", "a^{-2 \\, b}"),
    (Fun("exp", Prod([log(0, 1.0), log(1)])), "(a + 1)^(log(b))", None),
    (Prod([Var(1), Fun("exp", log(0), -0.3)]), "b/a^0.3", None),
    (Sum([(2.0, Fun("exp", log(0), -0.3))], bias=1.0), "2/a^0.3 + 1", None),
    (Fun("1/x", Fun("exp", log(0), 2.7)), "1/a^2.7", None),
    (Sum([(1.0, Fun("1/x", Var(0))), (-1.0, Prod([Fun("sin", Var(0), 3.0, np.pi), Var(1)]))]), "1/a + sin(3*a)*b",
     None),
    (Prod([Fun("sin", Var(0), 3.0, np.pi), Fun("sin", Var(1), 1.0, 1.5 * np.pi)]), "sin(3*a)*cos(b)", None),
    (Prod([Fun("1/x", Fun("sin", Var(0), 3.0, np.pi)), Var(1)]), "-b/sin(3*a)",
     r"-\frac{b}{\sin\left(3 \, a\right)}"),
    (Prod([Sum([(-1.0, Var(0))], bias=0.5), Var(1)]), "(0.5 - a)*b", None),
    (Sum([(-1.5, Fun("1/x", Var(0), 1.0, 0.5))], bias=3.0), "3 - 1.5/(a + 0.5)", r"3 - \frac{1.5}{a + 0.5}"),
    (Sum([(2.0, Sum([(1.0, Fun("1/x", Var(0))), (1.0, Var(1))]))]), "2*(1/a + b)",
     r"2 \, \left(\frac{1}{a} + b\right)"),
    (Fun("sqrt", Fun("x^2", Var(0), 1.0, -0.5)), "abs(a - 0.5)", r"\left|a - 0.5\right|"),
    (Fun("exp", Sum([(1.0, log(0)), (1.0, log(1))])), "exp(log(a) + log(b))", None),  # a network that multiplies
    (Fun("exp", Sum([(2.7, log(0))], bias=0.5), 2.0), "exp(2*(2.7*log(a) + 0.5))", None),
])  # fmt: skip
def test_exponents_of_any_kind_are_written_as_such(tree, expected, in_latex, X):
    """And as Python: the text is the formula."""
    words = text(tree, ["a", "b"])
    assert words == expected and in_latex in (None, latex(tree, ["a", "b"]))
    a, b = X.T
    read = eval(words.replace("^", "**"), {"a": a, "b": b, "exp": np.exp, "log": np.log, "sin": np.sin, "cos": np.cos})
    np.testing.assert_allclose(read, values(tree, X), rtol=1e-12)
