"""What efficient-kan and jaxkan compute, by the formulas in their own sources: read and written without them."""

from types import SimpleNamespace

import numpy as np
import pytest

from kan_edu import KAN
from kan_edu.bridges import BeyondGrid, from_efficient_kan, from_jaxkan, jaxkan, to_efficient_kan, to_jaxkan
from kan_edu.networks import grids
from kan_edu.networks.activations import silu
from kan_edu.splines.bspline import B

from .agreeing import assert_agree, moved


def test_what_is_made_for_efficient_kan_says_by_its_formula_what_the_model_says(written):
    X = np.random.default_rng(1).uniform(-1, 1, (100, 2))
    model = moved([2, 3, 1], X)
    state, Y = to_efficient_kan(model, X=X), X
    for number in range(2):
        grid, c, w_b, w_s = (state[f"layers.{number}.{part}"] for part in
                             ("grid", "spline_weight", "base_weight", "spline_scaler"))  # fmt: skip
        every = np.stack(
            [np.stack([B(Y[:, i], m, 3, t) for m in range(8)]) for i, t in enumerate(grid)]
        )  # (n_in, M, N)
        Y = silu(Y) @ w_b.T + np.einsum("ji,jim,imn->nj", w_s, c, every)
    assert_agree(Y, model(X), np.float64)
    grids.extend(model, 7)
    model.layers[1].use(KAN([3, 1], G=4).layers[0].basis)
    model.join()
    with pytest.warns(BeyondGrid), pytest.raises(ValueError, match="have different numbers of knots and coefficients"):
        to_efficient_kan(model)


@pytest.mark.parametrize(("change", "words"), [
    ({"head.bias": np.ones(1)}, "holds head.bias, which efficient-kan's KAN does not have"),
    ({"layers.0.grid": np.ones((2, 9))}, "layer 0 of the state_dict has 9 knots and 8 coefficients; expected B-"),
    ({"layers.0.grid": np.ones((2, 30))}, "has 30 knots and 8 coefficients; expected B-splines of degree k"),
    ({"layers.0.base_weight": np.ones((3, 2, 1))}, r"has shape \(3, 2, 1\); expected \(any, any\)"),
    ({"layers.0.grid": np.full((2, 12), np.nan)}, "'layers.0.grid' in the state_dict holds NaN or inf"),
])  # fmt: skip
def test_tensors_that_do_not_fit_are_named(written, change, words):
    state = to_efficient_kan(KAN([2, 3, 1]), X=np.zeros((1, 2)))
    with pytest.raises(ValueError, match=words):
        from_efficient_kan({**state, **change})


def test_the_type_is_that_of_the_tensors_and_scalers_may_be_missing(written):
    X, model = np.random.default_rng(1).uniform(-1, 1, (50, 2)), KAN([2, 3], dtype=np.float32)
    model.layers[0].w_s[...] = 1
    state = to_efficient_kan(model, X=X)
    del state["layers.0.spline_scaler"]
    assert_agree(from_efficient_kan(state)(X), model(X), np.float32)


def test_a_module_with_another_base_function_is_refused():
    layer = SimpleNamespace(base_activation=np.tanh)
    with pytest.raises(ValueError, match="the base function of layer 0 is ufunc; expected SiLU"):
        from_efficient_kan(SimpleNamespace(layers=[layer], state_dict=dict))


class SplineLayer(SimpleNamespace):
    """Stands in for jaxkan's."""


def jaxkans(widths, kind, settings):
    layers = [SplineLayer(n_in=n, n_out=m, residual=silu, grid=SimpleNamespace())
              for n, m in zip(widths, widths[1:], strict=False)]  # fmt: skip
    return SimpleNamespace(layers=layers, kind=kind, settings=settings)


def test_what_is_made_for_jaxkan_comes_back(monkeypatch):
    numpys = SimpleNamespace(asarray=np.asarray)
    monkeypatch.setattr(jaxkan, "_jaxkan", lambda: (numpys, SimpleNamespace(Param=np.asarray), jaxkans))
    X = np.random.default_rng(1).uniform(-1, 1, (100, 2))
    model = moved([2, 3, 1], X, lambda model: model.remove_edge((0, 1, 0)))
    model.layers[0].snapped.bias[...] = [1, 2, 3]
    grids.update(model, X, adaptive=0.5)
    net = to_jaxkan(model, X=X)
    assert (net.kind, net.settings) == ("spline", {"k": 3, "G": 5})
    assert net.layers[0].grid.grid_range == tuple(model.layers[0].basis.grid[0, [0, -1]])
    assert (net.layers[1].grid.G, net.layers[1].grid.k) == (5, 3)
    assert_agree(from_jaxkan(net)(X), model(X), np.float64)
    for layer in net.layers:
        layer.c_spl = layer.residual = layer.bias = None
    assert np.isfinite(from_jaxkan(net)(X)).all()
    net.layers[0].k = 2
    with pytest.raises(ValueError, match="layer 0 has 12 knots and 8 coefficients of degree 2; expected B-splines"):
        from_jaxkan(net)


@pytest.mark.parametrize(("net", "words"), [
    (SimpleNamespace(layers=[3]), "layer 0 is a int; expected jaxkan's layers of B-splines"),
    (3, "this is a int; expected a jaxkan.models.KAN.KAN"),
])  # fmt: skip
def test_what_is_no_network_of_jaxkan_is_refused(net, words):
    with pytest.raises(ValueError, match=words):
        from_jaxkan(net)


def test_edges_that_leave_one_input_have_one_grid():
    knots = np.tile(np.linspace(-1, 1, 10), (6, 1))
    knots[3] += 0.1
    layer = SplineLayer(n_in=2, n_out=3, k=3, grid=SimpleNamespace(item=knots), c_basis=np.zeros((3, 2, 6)))
    with pytest.raises(ValueError, match="the edges of layer 0 that leave one input have different grids"):
        from_jaxkan(SimpleNamespace(layers=[layer]))


def test_a_warning_points_at_the_line_of_who_called(written):
    """Not at a line of kan_edu, where nobody can mend anything."""
    with pytest.warns(BeyondGrid) as told:
        tensors = to_efficient_kan(KAN([1, 1]))
        from_efficient_kan(tensors, fade=False)
    assert [one.filename for one in told] == [__file__] * 2
