"""Networks of jaxkan itself, taken and made: the two say the same, on their grids and outside.

Outside the base run: .venv/bin/pip install -e ".[test,bench-peers]", then .venv/bin/pytest tests/bridges.
"""

import warnings

import numpy as np
import pytest

from kan_edu import KAN
from kan_edu.bridges import BeyondGrid, from_jaxkan, to_jaxkan
from kan_edu.networks import grids

from .agreeing import assert_agree, samples

jax = pytest.importorskip("jax", reason='jax is missing: pip install "kan-edu[bridges-jax]"')
there = pytest.importorskip("jaxkan.models.KAN", reason='jaxkan is missing: pip install "kan-edu[bridges-jax]"')


@pytest.fixture(autouse=True, params=[np.float64, np.float32], ids=["float64", "float32"])
def dtype(request):
    """jax computes in float64 only where it is told to."""
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", request.param is np.float64)
    yield request.param
    jax.config.update("jax_enable_x64", before)


def theirs(dtype, kind="spline", widths=(2, 3, 1), **more):
    """A network of jaxkan with random numbers wherever it has any."""
    from flax import nnx

    net, rng = there.KAN(list(widths), kind, {"k": 3, "G": 5, **more}), np.random.default_rng(0)
    for layer in net.layers:
        for name in ("c_basis", "c_spl", "c_res", "bias"):
            old = getattr(layer, name, None)
            if old is not None:
                setattr(layer, name, nnx.Param(jax.numpy.asarray(rng.normal(0, 0.5, size=old.shape).astype(dtype))))
        layer.grid.item = layer.grid.item.astype(dtype)
    return net


def said(net, X):
    return np.asarray(net(jax.numpy.asarray(X)))


def moved(net, dtype):
    net.update_grids(jax.numpy.asarray(samples(2, reach=1.5).astype(dtype)), 6)
    return net


NETS = {
    "plain": theirs, "an edge, a grid": lambda dtype: theirs(dtype, "base", [3, 4, 2]),
    "quintic": lambda dtype: theirs(dtype, k=5), "straight": lambda dtype: theirs(dtype, k=1),
    "no residual": lambda dtype: theirs(dtype, residual=None), "no bias": lambda dtype: theirs(dtype, add_bias=False),
    "no weights": lambda dtype: theirs(dtype, external_weights=False),
    "another range": lambda dtype: theirs(dtype, grid_range=(0, 2.5)),
    "adaptive": lambda dtype: moved(theirs(dtype), dtype),
    "adaptive, an edge, a grid": lambda dtype: moved(theirs(dtype, "base"), dtype),
}  # fmt: skip


@pytest.mark.parametrize("name", NETS)
def test_there_and_here_and_there_again_it_is_the_same_everywhere(name, dtype):
    net = NETS[name](dtype)
    X = samples(net.layers[0].n_in).astype(dtype)
    model = from_jaxkan(net)
    assert_agree(model(X), said(net, X), dtype)
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)
        back = to_jaxkan(model)
    assert_agree(said(back, X), model(X), dtype)
    assert [layer.grid.G for layer in back.layers] == [layer.grid.G for layer in net.layers]


def test_without_fade_it_agrees_on_the_grids_alone(dtype):
    net = theirs(dtype, widths=[2, 2])
    with pytest.warns(BeyondGrid, match="jaxkan's splines fade to 0"):
        model = from_jaxkan(net, fade=False)
    X = np.random.default_rng(0).uniform(-1, 1, (300, 2)).astype(dtype)
    assert_agree(model(X), said(net, X), dtype)
    assert np.abs(model(3 * X) - said(net, 3 * X)).max() > 0.1


def test_a_model_from_here_says_there_what_it_says_on_its_grids(dtype):
    X = np.random.default_rng(1).uniform(-1, 1, (300, 2)).astype(dtype)
    model = KAN([2, 3, 1], dtype=dtype)
    model.remove_edge((0, 1, 0))
    grids.update(model, X, adaptive=0.5)
    assert_agree(said(to_jaxkan(model, X=X), X), model(X), dtype)
    with pytest.warns(BeyondGrid):
        to_jaxkan(model)


def test_it_goes_on_training_there(dtype):
    """What `to_jaxkan` makes is a network like any other: flax finds its parameters, and a step lowers the loss."""
    from flax import nnx

    X = np.random.default_rng(1).uniform(-1, 1, (100, 2)).astype(dtype)
    net, Y = to_jaxkan(KAN([2, 1], dtype=dtype), X=X), np.sin(X[:, :1])
    loss = lambda net: ((net(jax.numpy.asarray(X)) - Y) ** 2).mean()  # noqa: E731
    before, slopes = nnx.jit(nnx.value_and_grad(loss))(net)
    nnx.update(net, jax.tree.map(lambda value, slope: value - 0.01 * slope, nnx.state(net, nnx.Param), slopes))
    assert nnx.jit(loss)(net) < before


def test_digits_that_jax_would_drop_are_told(dtype):
    if dtype is np.float32:
        with pytest.warns(UserWarning, match='jax has rounded the model to float32.*"jax_enable_x64", True'):
            to_jaxkan(KAN([1, 1]), X=np.zeros((3, 1)))


def test_what_cannot_be_represented_is_named(dtype):
    from flax import nnx

    with pytest.raises(ValueError, match="layer 0 is a ChebyshevLayer; expected jaxkan's layers of B-splines"):
        from_jaxkan(there.KAN([2, 1], "chebyshev", {"D": 5}))
    with pytest.raises(ValueError, match="the residual function of layer 0 is not silu"):
        from_jaxkan(theirs(dtype, residual=nnx.gelu))
    net = theirs(dtype, "base")
    net.layers[0].grid.item = net.layers[0].grid.item.at[3].add(0.1)
    with pytest.raises(ValueError, match="the edges of layer 0 that leave one input have different grids"):
        from_jaxkan(net)
    with pytest.raises(ValueError, match="this is a int; expected a jaxkan.models.KAN.KAN"):
        from_jaxkan(3)
