"""The steps of the search, each by itself: smooth model, spans, names, views, outer functions, trust."""

import numpy as np
import pytest

from kan_edu.reading.expressions.printing import text
from kan_edu.reading.expressions.tree import Fun, Param, Prod, Sum, Var, values
from kan_edu.reading.laws import trust
from kan_edu.reading.laws.atoms import Line
from kan_edu.reading.laws.few import sketches
from kan_edu.reading.laws.outer import undone
from kan_edu.reading.laws.refine import prune, refit
from kan_edu.reading.laws.search import Found, regauged
from kan_edu.reading.laws.smooth import Smooth, exponents, highest_degree, legendre
from kan_edu.reading.laws.views import views


@pytest.fixture
def X():
    return np.random.default_rng(1).uniform(0.5, 2, (600, 2))


def test_legendre_is_orthonormal():
    nodes, weights = np.polynomial.legendre.leggauss(40)
    P = legendre(nodes, 12)
    np.testing.assert_allclose(P.T @ (P * weights[:, None] / 2), np.eye(13), atol=1e-12)


def test_exponents_are_all_of_a_total_degree():
    found = exponents(3, 4)
    assert len(found) == len({tuple(row) for row in found}) == 35 and found.sum(axis=1).max() == 4
    assert highest_degree(3, 35) == 4 and highest_degree(3, 34) == 3


def test_a_polynomial_is_fitted_exactly_and_so_are_its_slopes(X):
    smooth = Smooth(X)
    y = X[:, 0] ** 2 * X[:, 1] - 3 * X[:, 1]
    c, _, error = smooth.fit(y, np.ones(len(y)))
    assert error < 1e-9
    slopes, _ = smooth.slopes(c, X)
    np.testing.assert_allclose(slopes[:, 0], 2 * X[:, 0] * X[:, 1], atol=1e-6)
    np.testing.assert_allclose(slopes[:, 1], X[:, 0] ** 2 - 3, atol=1e-6)


@pytest.mark.parametrize("f, first, second", [
    (lambda a, b: np.sin(a) * b, 1, 1),
    (lambda a, b: a + np.sqrt(a) * np.cos(b), 2, 1),
    (lambda a, b: a**2 + a * b + b**3, 2, 2),
])  # fmt: skip
def test_a_span_has_as_many_functions_as_the_law(f, first, second, X):
    smooth = Smooth(X)
    c, _, _ = smooth.fit(f(*X.T), np.ones(len(X)))
    counts = [int((smooth.span(c, i)[1] > 1e-7 * np.linalg.norm(c)).sum()) for i in range(2)]
    assert counts == [first, second]


@pytest.mark.parametrize("kind, f", [
    ("sin0", lambda x: np.sin(2.5 * x)), ("log", lambda x: np.log(x + 0.3)), ("1/x0", lambda x: 1 / x),
    ("gaussian", lambda x: np.exp(-((x - 1) ** 2))), ("arctanh0", lambda x: np.arctanh(0.45 * x)),
    ("1/sqrt(x^2)", lambda x: 1 / np.sqrt(1 + x * x)), ("x*exp", lambda x: x * np.exp(-x)),
    ("damped sin", lambda x: np.exp(-x) * np.sin(3 * x)),
])  # fmt: skip
def test_the_right_name_is_the_nearest(kind, f):
    line = Line(0.5, 2.0, 22)
    u = (f(line.x) - f(line.x) @ line.mean) @ line.P
    U = (u / np.linalg.norm(u))[:, None]
    atoms = [atom for level in range(3) for atom in line.nearest(U, level)]
    right = min(atom.distance for atom in atoms if atom.kind.name == kind)
    assert right < 1e-18


def test_two_functions_of_one_input_are_told_apart():
    line = Line(0.5, 3.0, 22)
    u = (line.x**2 + np.sin(3 * line.x)) @ line.P
    distance, *pair = line.pairs((u / np.linalg.norm(u))[:, None])[0]
    assert distance < 1e-18 and {atom.kind.name for atom in pair} == {"x^20", "sin0"}


@pytest.mark.parametrize("f, expected", [
    (lambda a, b: np.exp(-((a - b) ** 2)), {"a - b", "b - a"}),
    (lambda a, b: np.sin(a * b), {"a*b", "b*a"}),
    (lambda a, b: np.tanh(a / b), {"a/b", "b/a"}),
    (lambda a, b: np.sqrt(a + 3 * b), None),
])  # fmt: skip
def test_inputs_that_enter_together_are_joined(f, expected, X):
    V, trees, groups = next(views(X, f(*X.T), [Var(0), Var(1)]))
    assert V.shape == (600, 1) and groups is None
    np.testing.assert_allclose(values(trees[0], X), V[:, 0])
    if expected:
        assert text(trees[0], ["a", "b"]) in expected


def test_inputs_that_do_not_are_left(X):
    V, _, _ = next(views(X, X[:, 0] + np.sin(3 * X[:, 1]) * X[:, 0], [Var(0), Var(1)]))
    assert V.shape == (600, 2)


def test_every_outer_function_is_undone(X):
    y = X[:, 0] / 3  # between 0.16 and 0.67: all of them can be
    for behind in undone(y):
        from kan_edu.networks.formulas.families import FAMILIES

        np.testing.assert_allclose(FAMILIES[behind.outer.family].f(behind.z), y, rtol=1e-12)
        h = 1e-6
        slope = (behind.outer.undo(y + h) - behind.outer.undo(y - h)) / (2 * h)
        np.testing.assert_allclose(np.abs(behind.outer.slope(y)), np.abs(slope), rtol=1e-5)
    assert len(list(undone(y))) == 12
    assert {b.outer.family for b in undone(-y)} == {b.outer.family for b in undone(y)}  # a sign is no obstacle


def test_pruning_drops_what_is_not_needed(X):
    y = 2 * X[:, 0] + 0.01 * np.random.default_rng(0).normal(size=len(X))
    tree = Sum([(1.5, Var(0)), (0.1, Var(1)), (0.1, Prod([Var(0), Var(1)]))])
    tree, mse = prune(tree, X, y, refit(tree, X, y))
    assert len(tree.terms) == 1 and mse < 1.1e-4


def test_regauging_keeps_the_values(X):
    inner = Sum([(0.25, Fun("x^2", Var(0))), (0.5, Var(1))], bias=0.1)
    outer = Fun("sqrt", inner)
    outer.c.free = False
    tree = Sum([(Param(1, False), outer)])
    tree.outer = True
    other = regauged(tree)
    np.testing.assert_allclose(values(other, X), values(tree, X))
    assert other.terms[0][0].value == pytest.approx(0.5) and other.terms[0][1].child.terms[0][0].value == 1


def test_few_samples_are_met_by_plain_functions():
    x = np.arange(3.0, 9.0)[:, None]
    best = next(tree for outer, tree in sketches(x, 2.5 - 9 / x[:, 0] ** 2) if outer == "x")
    np.testing.assert_allclose(values(best, x), 2.5 - 9 / x[:, 0] ** 2)


def test_structure_is_seen_and_noise_is_not(X):
    rng = np.random.default_rng(2)
    assert trust.structure(rng.normal(size=600), X) == ""
    assert "polynomial" in trust.structure(rng.normal(size=600) + 0.5 * X[:, 0], X)
    assert "neighbours" in trust.structure(np.sin(9 * X[:, 0]), X)


def test_a_rival_that_fits_as_well_is_a_reason_for_doubt(X):
    y = X[:, 0] * X[:, 1] + 0.01 * np.random.default_rng(2).normal(size=len(X))
    one, two = Prod([Var(0), Var(1)]), Fun("arctan", Prod([Var(0), Var(1)]))
    found = Found(one, 1e-4, -100.0, "x")
    assert trust.judge(found, X, y, X, y, [Found(two, 1e-4, -50.0, "x")]).sure
    verdict = trust.judge(found, X, y, X, y, [Found(two, 1e-4, -95.0, "x")])
    assert not verdict.sure and "another formula" in verdict.reason
