"""Splines that fade to zero: as ours they are the textbook's sum everywhere, and they go back as they came."""

import sys
import warnings
from types import SimpleNamespace

import numpy as np
import pytest

from kan_edu import KAN, MLP
from kan_edu.bridges import (
    BeyondGrid,
    from_efficient_kan,
    from_jaxkan,
    from_pykan,
    pykan,
    to_efficient_kan,
    to_jaxkan,
    to_pykan,
)
from kan_edu.bridges.fading import Fading, check_plain, layers_of, network
from kan_edu.networks import grids
from kan_edu.networks.activations import silu
from kan_edu.splines.bspline import B

from .agreeing import assert_agree, samples
from .store import read


def layer(k, n_in=2, sums=3, G=4, seed=0, dtype=np.float64, **more):
    """A layer of random numbers, on uneven knots."""
    rng = np.random.default_rng(seed)
    knots = np.linspace(-1, 1, G + 1 + 2 * k) + rng.uniform(-0.3, 0.3, (n_in, G + 1 + 2 * k)) / (G + 2 * k)
    made = Fading(knots, rng.normal(size=(sums, n_in, G + k)), *rng.normal(size=(2, sums, n_in)),
                  rng.normal(size=sums))._replace(**more)  # fmt: skip
    return made._replace(**{name: getattr(made, name).astype(dtype) for name in ("knots", "c", "w_s", "w_b", "bias")})


def said(one, X):
    """y_j = bias_j + sum_i w_b silu(x_i) + w_s sum_m c_m B_m(x_i), as the textbook has it: (N, n_sums)."""
    k, Y = one.knots.shape[1] - 1 - one.c.shape[2], np.tile(one.bias, (len(X), 1))
    for i, t in enumerate(one.knots):
        every = np.stack([B(X[:, i], m, k, t) for m in range(one.c.shape[2])], axis=1)
        Y += every @ (one.w_s[:, i, None] * one.c[:, i]).T + silu(X[:, i, None]) * one.w_b[:, i]
        Y += 0 if one.line is None else X[:, i, None] * one.line[:, i]
    return Y


@pytest.mark.parametrize("line", [None, np.arange(6.0).reshape(3, 2)], ids=["silu", "and a straight line"])
@pytest.mark.parametrize("k", [1, 2, 3, 5])
def test_it_is_the_textbooks_sum_everywhere(k, line):
    one = layer(k, line=line)
    assert_agree(network([one], np.float64, True, "a book")(samples(2)), said(one, samples(2)), np.float64)


@pytest.mark.parametrize("k", [1, 2, 3, 5])
def test_without_fade_it_is_so_on_the_grid_and_a_warning_says_so(k):
    one = layer(k)
    with pytest.warns(BeyondGrid, match="beyond its grids this model goes on straight, where a book's splines fade"):
        model = network([one], np.float64, False, "a book")
    lo, hi = one.knots[:, k], one.knots[:, -1 - k]
    X = np.concatenate([np.random.default_rng(0).uniform(lo, hi, (200, 2)), [lo, hi]])
    assert_agree(model(X), said(one, X), np.float64)
    assert np.abs(model(4 * X) - said(one, 4 * X)).max() > 0.1


@pytest.mark.parametrize("k", [1, 2, 3, 5])
def test_it_goes_back_as_it_came(k):
    one = layer(k)
    model = network([one, layer(k, 3, 2, G=7)], np.float32, True, "a book")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        back = layers_of(model, None, "a book")[0]
    for name in ("knots", "c", "w_s", "w_b", "bias"):
        np.testing.assert_array_equal(getattr(back, name), getattr(one, name).astype(np.float32))


def test_a_model_that_has_not_faded_keeps_its_grids_and_a_warning_says_so():
    model = KAN([2, 3, 1])
    with pytest.warns(BeyondGrid, match=r"Give samples, X=\.\.\., to have that looked at"):
        layers = layers_of(model, None, "a book")
    assert [one.knots.shape for one in layers] == [(2, 12), (3, 12)]
    X = np.random.default_rng(0).uniform(-1, 1, (100, 2))
    with pytest.raises(ValueError, match=r"\d% of the samples reach input \d of layer [01] beyond .* fades to 0"):
        layers_of(model, 2 * X, "a book")
    grids.update(model, 2 * X)
    again = network(layers_of(model, 2 * X, "a book"), np.float64, True, "a book")
    assert_agree(again(2 * X), model(2 * X), np.float64)
    assert np.abs(again(8 * X) - model(8 * X)).max() > 0.1


@pytest.mark.parametrize("end", [0, -1])
def test_one_curve_that_has_not_faded_at_one_end_keeps_all_grids(end):
    model = network([layer(3), layer(3, 3, 1)], np.float64, True, "a book")
    model.layers[1].c[0, 2, end] = 1e-9
    with pytest.warns(BeyondGrid):
        assert [one.knots.shape[1] for one in layers_of(model, None, "a book")] == [17, 17]
    model.layers[1].w_s[0, 2] = 0  # then it counts for nothing
    assert [one.knots.shape[1] for one in layers_of(model, None, "a book")] == [11, 11]


def test_a_model_of_zeros_has_a_grid_that_stays():
    """All of its splines are 0 at both ends; of six intervals none would be left."""
    model = KAN([1, 1], G=6, base=False)
    model.layers[0].c[...] = 0
    with pytest.warns(BeyondGrid):
        (one,) = layers_of(model, None, "a book")
    assert one.knots.shape == (1, 13) and one.w_b.tolist() == [[0]]


def test_the_input_that_reaches_farthest_is_named():
    with pytest.raises(ValueError, match=r"50.00% of the samples reach input 1 of layer 0 beyond its grid \[-1, 1\]"):
        layers_of(KAN([2, 1]), np.array([[0, 0], [0, 3]]), "a book")


def test_edges_that_are_left_out_stay_out():
    one = layer(3, bias=np.zeros(3), kept=np.array([[True, False]] * 3))
    assert not network([one], np.float64, True, "a book").layers[0].weights()[0][:, 1].any()


def test_files_and_copies_and_training_go_on_with_what_came(tmp_path):
    model = network([layer(3, kept=np.array([[True, False]] * 3)), layer(3, 3, 1)], np.float64, True, "a book")
    model.save(tmp_path / "model.npz")
    np.testing.assert_array_equal(KAN.load(tmp_path / "model.npz")(samples(2)), model(samples(2)))
    assert model.n_params == model.theta.size == sum(one.theta.size for one in model.layers)
    assert not model.layers[0].weights()[0][:, 1].any()


# ------------------------------------------------------------------------------- as the packages wrote it


def test_a_checkpoint_that_pykan_wrote_says_what_pykan_said():
    config, state, X, Y = read("pykan")
    model = pykan.made(config, state, "mark")
    assert_agree(model(X), Y, np.float64)
    assert model.shape == [2, (2, 1), 1] and model.layers[0].formulas.keys() == {(0, 1)}


def test_parameters_that_efficient_kan_wrote_say_what_it_said():
    _, state, X, Y = read("efficient_kan")
    assert_agree(from_efficient_kan(state)(X), Y, np.float64)


def test_jaxkans_layers_by_their_attributes():
    """Stands in for jaxkan: an object with its names. test_jaxkan.py has the package itself."""
    one = layer(3)
    edges = SimpleNamespace(item=np.tile(one.knots, (3, 1)))
    kind = type("BaseLayer", (SimpleNamespace,), {})
    there = kind(n_in=2, n_out=3, k=3, grid=edges, c_basis=one.c.reshape(6, -1), c_spl=one.w_s, c_res=one.w_b,
                 bias=one.bias, residual=silu)  # fmt: skip
    assert_agree(from_jaxkan(SimpleNamespace(layers=[there]))(samples(2)), said(one, samples(2)), np.float64)
    there.residual = np.tanh
    with pytest.raises(ValueError, match="the residual function of layer 0 is not silu"):
        from_jaxkan(SimpleNamespace(layers=[there]))


# ------------------------------------------------------------------------------------- what is refused


def nan(model):
    model.theta[0] = np.nan
    return model


@pytest.mark.parametrize(("model", "words"), [
    (MLP([1, 2, 1]), "expected a KAN of B-splines"), (3, "expected a model"),
    (KAN([1, 1], basis="fourier"), "layer 0 has the basis Fourier"), (KAN([1, 1], k=0), "of degree 0; .* degree 1 or"),
    (nan(KAN([1, 1])), "NaN"),
])  # fmt: skip
def test_what_is_no_kan_of_bsplines_is_refused(model, words):
    with pytest.raises(ValueError, match=words):
        layers_of(model, None, "a book")


def test_what_a_package_has_no_place_for_is_named():
    book = layer(3, sums=4, products=1, formulas={(2, 1): ("sin", (1, 1, 0))})
    words = r"1 nodes that multiply and .* sin on edge \(0, 2, 1\) and sums with a constant"
    with pytest.raises(ValueError, match=words):
        check_plain([book], "a book")
    check_plain([book], "a book", products=True, formulas=True, bias=True)


def test_a_model_whose_parameters_are_no_numbers_is_not_written():
    model = KAN([2, 1])
    model.theta[3] = np.nan
    with pytest.raises(ValueError, match="1 of the 20 parameters of .* are NaN or inf"):
        layers_of(model, None, "a book")


def test_fade_is_yes_or_no():
    with pytest.raises(ValueError, match="fade is 'no'; expected True or False"):
        from_efficient_kan(read("efficient_kan")[1], fade="no")


def test_a_grid_that_does_not_increase_is_named():
    one = layer(3)
    one.knots[1, 4] = one.knots[1, 5]
    with pytest.raises(ValueError, match="layer 0: the grid of input 1 is not strictly increasing"):
        network([one], np.float64, True, "a book")


@pytest.mark.parametrize(("state", "words"), [
    ({"layers.0.grid": np.ones(3, dtype=int)}, "is int64; expected a tensor of float32 or float64"),
    ({"layers.0.grid": np.ones(3, dtype=np.float16)}, "is float16; expected a tensor of float32 or float64"),
    ({"layers.0.grid": object()}, "is object; expected a tensor"), ({"layers.0.grid": np.ones(3)}, "base_weight"),
    ({}, "base_weight"), ({"layers.0.base_weight": np.ones((2, 2)) * np.nan}, "holds NaN or inf"),
])  # fmt: skip
def test_what_is_no_state_dict_is_refused_in_words(state, words):
    with pytest.raises(ValueError, match=words):
        from_efficient_kan(state)


MISSING = {
    "torch": [lambda path: from_efficient_kan(path), lambda path: to_efficient_kan(KAN([1, 1])),
              lambda path: to_pykan(KAN([1, 1]), path)],
    "yaml": [lambda path: from_pykan(path)], "jaxkan": [lambda path: to_jaxkan(KAN([1, 1]))],
}  # fmt: skip


@pytest.mark.parametrize("package", MISSING)
def test_without_a_package_the_error_says_what_to_install(package, monkeypatch, tmp_path):
    for name in ("torch", "yaml", "jax", "flax", "jaxkan") if package == "jaxkan" else (package,):
        monkeypatch.setitem(sys.modules, name, None)
    for call in MISSING[package]:
        with pytest.raises(ImportError, match=r'pip install "kan-edu\[bridges-(torch|jax)\]"'):
            call(str(tmp_path / "mark"))
    assert not list(tmp_path.iterdir())
