"""Parameters of efficient-kan itself, read and written: the two say the same, on their grids and outside.

Outside the base run: .venv/bin/pip install -e ".[test,bench]", .venv/bin/pip install --no-deps
"git+https://github.com/Blealtan/efficient-kan@7b6ce1c", then .venv/bin/pytest tests/bridges.
"""

import warnings

import numpy as np
import pytest

from kan_edu import KAN
from kan_edu.bridges import BeyondGrid, from_efficient_kan, to_efficient_kan
from kan_edu.networks import grids

from .agreeing import assert_agree, samples

torch = pytest.importorskip("torch", reason='torch is missing: pip install "kan-edu[bridges-torch]"')
there = pytest.importorskip("efficient_kan", reason="efficient-kan is missing: the line above installs it")


@pytest.fixture(params=[np.float64, np.float32], ids=["float64", "float32"])
def dtype(request):
    return request.param


def theirs(dtype, widths=(2, 3, 1), seed=0, **more):
    torch.manual_seed(seed)
    net = there.KAN(list(widths), **more).to(torch.float64 if dtype is np.float64 else torch.float32)
    for value in net.parameters():
        value.data = 0.5 * torch.randn(value.shape, dtype=value.dtype)
    return net


def said(net, X):
    with torch.no_grad():
        return net(torch.from_numpy(X)).numpy()


def moved(net):
    with torch.no_grad():
        x = torch.from_numpy(samples(2, reach=1.5)).to(net.layers[0].grid.dtype)
        net(x, update_grid=True)
    return net


NETS = {
    "plain": theirs, "wide": lambda dtype: theirs(dtype, [3, 4, 2], grid_size=8),
    "quintic": lambda dtype: theirs(dtype, spline_order=5), "straight": lambda dtype: theirs(dtype, spline_order=1),
    "one interval": lambda dtype: theirs(dtype, grid_size=1), "adaptive": lambda dtype: moved(theirs(dtype)),
    "another range": lambda dtype: theirs(dtype, grid_range=[0, 2.5]),
}  # fmt: skip


@pytest.mark.parametrize("name", NETS)
def test_there_and_here_and_there_again_it_is_the_same_everywhere(name, dtype, tmp_path):
    net = NETS[name](dtype)
    X = samples(net.layers[0].in_features).astype(dtype)
    torch.save(net.state_dict(), tmp_path / "net.pt")
    model = from_efficient_kan(tmp_path / "net.pt")
    assert_agree(model(X), said(net, X), dtype)
    assert from_efficient_kan(net).theta.tolist() == model.theta.tolist()
    assert from_efficient_kan(net.state_dict()).theta.tolist() == model.theta.tolist()
    with warnings.catch_warnings():
        warnings.simplefilter("error", BeyondGrid)
        state = to_efficient_kan(model)
    back = theirs(dtype, model.widths, grid_size=net.grid_size, spline_order=net.spline_order)
    back.load_state_dict(state)
    assert_agree(said(back, X), model(X), dtype)


def test_without_fade_it_agrees_on_the_grids_alone(dtype):
    net = theirs(dtype, [2, 2])
    with pytest.warns(BeyondGrid, match="efficient-kan's splines fade to 0"):
        model = from_efficient_kan(net, fade=False)
    X = np.random.default_rng(0).uniform(-1, 1, (300, 2)).astype(dtype)
    assert_agree(model(X), said(net, X), dtype)
    assert np.abs(model(3 * X) - said(net, 3 * X)).max() > 0.1


def test_without_scalers_the_splines_stand_alone(dtype):
    layer = there.KANLinear(2, 3, enable_standalone_scale_spline=False)
    net = theirs(dtype, [2, 3])
    net.layers[0] = layer.to(net.layers[0].grid.dtype)
    X = samples(2).astype(dtype)
    assert_agree(from_efficient_kan(net)(X), said(net, X), dtype)


def test_a_model_from_here_says_there_what_it_says_on_its_grids(dtype, tmp_path):
    X = np.random.default_rng(1).uniform(-1, 1, (300, 2)).astype(dtype)
    model = KAN([2, 3, 1], dtype=dtype)
    grids.update(model, X, adaptive=0.5)
    to_efficient_kan(model, tmp_path / "net.pt", X=X)
    net = theirs(dtype)
    net.load_state_dict(torch.load(tmp_path / "net.pt", weights_only=True))
    assert_agree(said(net, X), model(X), dtype)
    with pytest.warns(BeyondGrid):
        to_efficient_kan(model)


def test_another_base_function_and_more_than_there_should_be_are_named(dtype):
    with pytest.raises(ValueError, match="the base function of layer 0 is GELU; expected SiLU"):
        from_efficient_kan(theirs(dtype, base_activation=torch.nn.GELU))
    with pytest.raises(ValueError, match="holds head.bias, head.weight, which efficient-kan's KAN does not have"):
        head = torch.nn.ModuleDict({"head": torch.nn.Linear(1, 1)})
        from_efficient_kan(theirs(dtype).state_dict() | head.state_dict())
