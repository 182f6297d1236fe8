"""Edges that were removed or are formulas: every gradient, what may change, what stays when the model is altered."""

import copy
import pickle

import numpy as np
import pytest

from kan_edu import KAN, LBFGS, Adam, LevenbergMarquardt, fit, fit_with_refinement
from kan_edu.equations import curvature
from kan_edu.learning.losses import mse
from kan_edu.learning.objective import Objective
from kan_edu.networks import grids
from kan_edu.networks.formulas.families import FAMILIES
from kan_edu.networks.formulas.snapped import EdgeFormula
from tests.gradients import assert_gradient, central_difference, randomise

X = np.random.default_rng(4).uniform(-1.4, 1.4, (12, 2))   # also outside the grids
# u = b x + c well inside the family's domain for x in [-1.4, 1.4]
INSIDE = {name: (0.7, 0.2, 0.5) if family.scales else (0.7, 1.0, 3.0) for name, family in FAMILIES.items()}


def read(widths=(2, (1, 1), 2), **options):
    """A random model in which some edges are formulas, others removed, and one sum has no spline left."""
    model = KAN(list(widths), G=4, **options)
    randomise(model.theta, seed=3, size=0.5)
    model.set_formula((0, 0, 0), "sin", (0.8, 1.3, 0.4))
    model.set_formula((0, 2, 1), "sqrt", (0.6, 1.0, 2.5))
    model.remove_edge((0, 0, 1))
    model.remove_edge((0, 1, 0))
    model.set_formula((1, 1, 1), "exp", (0.5, -0.4, 0.0))
    model.set_formula((1, 1, 0), "tanh", (0.5, -0.7, 0.2))
    model.layers[0].snapped.bias[...] = [0.3, -0.2, 0.7]
    model.layers[1].snapped.bias[...] = [0.1, -0.5]
    return model


def differences(model, value):
    """dL/dtheta where theta is free, zero elsewhere."""
    return np.where(model.free, central_difference(value, model.theta), 0)


# -------------------------------------------------------------------------------------------- gradients


@pytest.mark.parametrize("options", [{}, {"base": False}, {"form": "textbook"}, {"basis": "rbf"}, {"k": 5}], ids=str)
def test_every_gradient_and_the_whole_jacobian(options):
    model, T = read(**options), np.random.default_rng(5).normal(size=(12, 2))
    value = lambda: mse(model(X), T)[0]  # noqa: E731
    _, dY = mse(model.forward(X), T)
    model.grad[...] = np.nan
    dX = model.backward(dY, to_input=True)
    assert_gradient(model.grad, differences(model, value), "dL/dtheta")
    assert_gradient(dX, central_difference(value, X), "dL/dX")
    J = model.jacobian(X)
    assert (J[:, :, ~model.free] == 0).all()
    model.forward(X), model.backward(dY)
    assert_gradient(np.einsum("no,nop->p", dY, J), model.grad, "the gradient", 1e-12)


@pytest.mark.parametrize("name", FAMILIES)
def test_every_gradient_of_every_family(name):
    """Also of b and c where the family calls them redundant: they are not free, but `gradient` knows them."""
    formula, x = EdgeFormula(name, INSIDE[name], free=(True, True, True)), X[:, 0].copy()
    assert FAMILIES[name].valid(formula.params[1] * x + formula.params[2]).all()
    for n in range(len(x)):
        expected = central_difference(lambda: formula(x[n : n + 1])[0], formula.params)  # noqa: B023
        assert_gradient(formula.gradient(x[n : n + 1])[:, 0], expected, f"the gradient of {name}")
    slopes = [(formula(x + 1e-6) - formula(x - 1e-6)) / 2e-6]
    assert_gradient(formula.slope(x), slopes[0], f"the slope of {name}")


def test_a_network_of_formulas_alone():
    model = KAN([2, 1, 1], G=3)
    for edge, name, params in (((0, 0, 0), "sin", (1, 2, 3)), ((0, 0, 1), "x^2", (1, 1, 0.3)),
                               ((1, 0, 0), "exp", (1, 0.5, 0))):
        model.set_formula(edge, name, params)
    a = model.layers[0].snapped.bias[0] = 0.2
    h = np.sin(2 * X[:, 0] + 3) + (X[:, 1] + 0.3) ** 2 + a
    np.testing.assert_allclose(model(X)[:, 0], np.exp(0.5 * h), rtol=1e-12)
    assert model.free.sum() == 3 + 2 + 2 + 2       # sin: a, b, c; x^2: a, c; exp: a, b; two biases
    assert_gradient(model.jacobian(X)[:, 0, model.free].sum(axis=0),
                    central_difference(lambda: model(X).sum(), model.theta)[model.free], "the Jacobian, summed")


# -------------------------------------------------------------------------------------- what may change


def test_what_is_not_free_never_moves_whoever_trains():
    T = np.random.default_rng(5).normal(size=(12, 2))
    for optimiser in (Adam(0.05), LBFGS(), LevenbergMarquardt()):
        model = read()
        before, free = model.theta.copy(), model.free
        history = fit(model, X, T, steps=8, optimiser=optimiser)
        assert (model.theta[~free] == before[~free]).all()
        assert history.loss[-1] < history.loss[0] and (model.theta[free] != before[free]).mean() > 0.5


def test_levenberg_marquardt_solves_for_what_is_free_alone(monkeypatch):
    model, sizes = read(), []
    monkeypatch.setattr(np.linalg, "solve", lambda A, b, solve=np.linalg.solve: (sizes.append(len(b)), solve(A, b))[1])
    objective = Objective(model, X, np.zeros((12, 2)))
    before = objective.residuals() @ objective.residuals()
    assert objective.step(LevenbergMarquardt()) == pytest.approx(before)
    assert set(sizes) == {model.free.sum()} and objective.residuals() @ objective.residuals() < before


def test_a_bias_is_free_only_where_no_spline_can_hold_a_constant():
    model = KAN([2, 2])
    model.set_formula((0, 0, 0), "sin", (1, 1, 0))
    snapped = model.layers[0].snapped
    assert snapped.free[:2].tolist() == [False, False]
    model.set_formula((0, 0, 1), "x", (1, 1, 0))
    assert snapped.free[:2].tolist() == [True, False]
    snapped.pinned[0] = True
    assert snapped.free[:2].tolist() == [False, False]


def test_pinned_parameters_have_no_gradient():
    model = read()
    formula = model.layers[0].formulas[0, 0]
    formula.free[1] = False
    model.forward(X), model.backward(np.ones((12, 2)))
    assert formula.slopes[1] == 0 and formula.slopes[0] != 0
    assert model.free.sum() == read().free.sum() - 1


# ------------------------------------------------------------------------------------ reading one edge


def test_a_removed_edge_passes_nothing_and_its_mean_stays():
    model, layer = KAN([2, 1], seed=1), None
    before, phi = model(X), model.layers[0].phi(0, 1, np.linspace(-1, 1, 200))
    model.remove_edge((0, 0, 1))
    layer = model.layers[0]
    assert not layer.kept[0, 1] and (layer.edges(X)[:, 0, 1] == 0).all()
    np.testing.assert_allclose(model(X), before - KAN([2, 1], seed=1).layers[0].edges(X)[:, :, 1] + phi.mean())
    moved = X.copy()
    moved[:, 1] += 0.3
    np.testing.assert_array_equal(model(moved), model(X))
    layer.c[0, 1] = layer.w_s[0, 1] = layer.w_b[0, 1] = 1e3   # whatever its parameters are
    np.testing.assert_array_equal(model(moved), model(X))


@pytest.mark.parametrize("name", ["sin", "x^2", "exp", "tanh", "x"])
def test_a_formula_takes_the_shape_that_the_edge_has(name):
    model, x = KAN([1, 1], G=20), np.linspace(-1, 1, 50)
    model.set_formula((0, 0, 0), name, (0.9, 1.0, 0.0))
    T = model(x[:, None]) + 0.4
    spline = KAN([1, 1], G=20)
    fit(spline, x[:, None], T, steps=30, optimiser=LevenbergMarquardt())
    trained = spline(x[:, None])
    formula = spline.set_formula((0, 0, 0), name)
    np.testing.assert_allclose(spline(x[:, None]), trained, atol=2e-4)
    assert spline.layers[0].formulas[0, 0] is formula and abs(spline.layers[0].snapped.bias[0]) > 0.1


def test_with_samples_only_what_reaches_the_edge_counts():
    """The grid goes to -1, where log has no value; the samples stay above 0.2."""
    model, x = KAN([1, 1, 1], G=20, seed=1), np.linspace(0.2, 1, 60)[:, None]
    fit(model, x, np.log(x), steps=40, optimiser=LevenbergMarquardt())
    on_grid, at_samples = model.copy(), model.copy()
    on_grid.set_formula((1, 0, 0), "tanh")
    at_samples.set_formula((1, 0, 0), "tanh", X=x)
    off = [np.abs(other(x) - model(x)).max() for other in (on_grid, at_samples)]
    assert off[1] < 0.5 * off[0]
    h = model.layers[0].forward(x)
    mean, one = model.layers[1].phi(0, 0, h[:, 0]).mean(), model.copy()
    one.remove_edge((1, 0, 0), X=x)
    np.testing.assert_allclose(one(x), np.full((60, 1), mean))


def test_another_formula_replaces_the_first_and_removing_takes_it_away():
    model = KAN([2, 1], seed=1)
    model.set_formula((0, 0, 0), "sin")
    size = model.n_params
    model.set_formula((0, 0, 0), "x^2")
    assert model.n_params == size and model.layers[0].formulas[0, 0].name == "x^2"
    model.remove_edge((0, 0, 0))
    assert model.n_params == size - 3 and not model.layers[0].formulas and not model.layers[0].kept[0, 0]
    model.set_formula((0, 0, 0), "sin", (1, 1, 0))
    assert model.layers[0].kept[0, 0]


def test_all_other_parameters_keep_their_values():
    model = read()
    before = {n: (layer.c.copy(), layer.w_s.copy(), layer.w_b.copy()) for n, layer in enumerate(model.layers)}
    params = model.layers[0].formulas[0, 0].params.copy()
    model.set_formula((0, 1, 1), "x^2", (1, 1, 0))
    for n, layer in enumerate(model.layers):
        for old, new in zip(before[n], (layer.c, layer.w_s, layer.w_b), strict=True):
            np.testing.assert_array_equal(old, new)
    np.testing.assert_array_equal(model.layers[0].formulas[0, 0].params, params)
    assert np.shares_memory(model.layers[0].formulas[0, 0].params, model.theta)


@pytest.mark.parametrize("copied", [KAN.copy, copy.copy, copy.deepcopy, lambda m: pickle.loads(pickle.dumps(m))])
def test_a_copy_is_the_way_back(copied):
    model = read()
    before = model(X)
    twin = copied(model)
    twin.set_formula((0, 1, 1), "x^2")
    twin.remove_edge((1, 0, 0))
    twin.theta += 0.1
    np.testing.assert_array_equal(model(X), before)
    assert (1, 1) not in model.layers[0].formulas and model.layers[1].kept.all()
    again = copied(model)
    np.testing.assert_array_equal(again(X), before)
    again.layers[0].formulas[0, 0].params[0] += 1
    assert (again(X) != before).any() and (model(X) == before).all()
    assert np.shares_memory(again.layers[0].formulas[0, 0].params, again.theta)


# --------------------------------------------------------------------------- grids, files, other rooms


def test_grids_move_and_grow_under_formulas():
    model = read()
    before = model(X)
    grids.update(model, X)
    np.testing.assert_allclose(model(X), before, atol=0.2)
    assert [cover.outside.max() for cover in grids.coverage(model, X)] == [0, 0]
    params, before = model.layers[0].formulas[0, 0].params.copy(), model(X)
    grids.extend(model, 12)
    np.testing.assert_allclose(model(X), before, atol=1e-10)
    np.testing.assert_array_equal(model.layers[0].formulas[0, 0].params, params)
    model.layers[1].basis.grid = model.layers[1].basis.grid + 0   # as it was
    with pytest.raises(ValueError, match="coarser"):
        grids.extend(model, 3)
    np.testing.assert_allclose(model(X), before, atol=1e-10)


@pytest.mark.parametrize("options", [{}, {"base": False}, {"basis": "chebyshev"}], ids=str)
def test_saved_and_loaded_bit_for_bit(tmp_path, options):
    model = read(**options)
    model.layers[0].formulas[0, 0].free[2] = False
    model.layers[0].snapped.pinned[0] = True
    model.save(tmp_path / "m")
    again = KAN.load(tmp_path / "m")
    assert (again(X) == model(X)).all() and repr(again) == repr(model)
    assert (again.free == model.free).all() and (again.layers[0].kept == model.layers[0].kept).all()
    again.theta += 0.1
    assert not (again(X) == model(X)).all()


def test_a_model_without_formulas_is_saved_for_older_versions_too(tmp_path):
    KAN([2, 1]).save(tmp_path / "plain")
    read().save(tmp_path / "read")
    assert int(np.load(tmp_path / "plain")["version"]) == 1 and int(np.load(tmp_path / "read")["version"]) == 2


@pytest.mark.parametrize(("name", "value"), [
    ("names_0", np.array(["sin", "wavelet"])), ("edges_0", np.array([[0, 0], [7, 1]])), ("edges_0", np.array([[0, 0]])),
    ("kept_0", np.ones((2, 2), dtype=bool)), ("kept_0", None), ("pinned_0", None), ("free_0", np.ones((2, 2))),
    ("products", np.array([5, 0])), ("products", np.array([1, 0, 0, 0])), ("edges_0", np.array([[0, 0], [0, 0]])),
])  # fmt: skip
def test_a_damaged_file_is_refused(tmp_path, name, value):
    read().save(tmp_path / "m")
    with np.load(tmp_path / "m") as file:
        arrays = dict(file) | {name: value}
    np.savez(tmp_path / "m.npz", **{key: array for key, array in arrays.items() if array is not None})
    with pytest.raises(ValueError, match="its parts do not fit together"):
        KAN.load(tmp_path / "m.npz")


def test_refinement_trains_what_is_left():
    data = np.random.default_rng(0).uniform(-1, 1, (300, 2))
    T = np.exp(np.sin(np.pi * data[:, :1]) + data[:, 1:] ** 2)
    model = KAN([2, 1, 1])
    model.set_formula((0, 0, 0), "sin", (1, 3, 0))
    fit_with_refinement(model, data, T, starts=3, grids=(3, 6), progress=False)
    assert np.sqrt(mse(model(data), T)[0]) < 0.01
    assert abs(abs(model.layers[0].formulas[0, 0].params[1]) - np.pi) < 0.05


# ------------------------------------------------------------------------------------------- refusals


def test_outside_its_domain_a_formula_says_so_and_gives_no_nan():
    model = KAN([2, 1])
    model.set_formula((0, 0, 1), "log", (1, 1, 2))
    with pytest.raises(FloatingPointError, match=r"edge \(0, 1\), EdgeFormula\('log', .*\), has no value at 1"):
        model([[0, 0.0], [0, -2.5]])
    value, _ = Objective(model, np.array([[0, -2.5]]), np.zeros((1, 1))).evaluate()
    assert value == np.inf          # so that a line search turns back


@pytest.mark.parametrize(("call", "words"), [
    (lambda m: m.set_formula((2, 0, 0), "sin"), r"edge \(2, 0, 0\) is in layer 2; KAN\(.* has layers 0 .. 1"),
    (lambda m: m.set_formula((0, 3, 0), "sin"), r"has no edge \(0, 3, 0\); in layer 0 .* j = 0 .. 2 and i = 0 .. 1"),
    (lambda m: m.remove_edge((0, 0, -1)), r"has no edge \(0, 0, -1\)"),
    (lambda m: m.remove_edge((0, 0)), r"an edge is \(0, 0\); expected \(layer, j, i\)"),
    (lambda m: m.remove_edge(3), r"an edge is 3; expected \(layer, j, i\)"),
    (lambda m: m.set_formula((0, 0, 0), "wavelet"), "no family is called 'wavelet'; expected one of x, "),
    (lambda m: m.set_formula((0, 0, 0), "sin", (1, 2)), "expected three finite numbers a, b, c"),
    (lambda m: m.set_formula((0, 0, 0), "sin", (1, np.nan, 0)), "the parameters of sin holds 1 value that is NaN"),
    (lambda m: m.set_formula((0, 0, 0), "log", (1, 1, -9), X=X), "no value at 12 of 12 places at the samples that re"),
    (lambda m: m.set_formula((0, 0, 0), "log", (1, 1, 0)), r"no value at 100 of 200 places on the grid of edge"),
    (lambda m: m.set_formula((1, 0, 1), "sqrt", (1, 1, -0.5)), r"no value at 150 of 200 .* at x = -1; choose other a"),
    (lambda m: m.set_formula((0, 1, 0), "exp", (1e308, 1, 5), X=X), "no value at .* give as X the samples"),
])  # fmt: skip
def test_what_cannot_be_is_refused_and_nothing_changes(call, words):
    model = KAN([2, (1, 1), 2])
    before = model.theta.copy()
    with pytest.raises(ValueError, match=words):
        call(model)
    assert (model.theta == before).all() and all(layer.snapped is None for layer in model.layers)


def test_second_derivatives_are_refused():
    for model in (read(), KAN([2, (0, 1), 1])):
        with pytest.raises(ValueError, match="written out for sums of splines"):
            curvature.second(model, X)
