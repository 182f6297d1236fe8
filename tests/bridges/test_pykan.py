"""Checkpoints of pykan itself, read and written: the two say the same, on their grids and outside.

Outside the base run: .venv/bin/pip install -e ".[test,bench-peers]", then .venv/bin/pytest tests/bridges.
"""

import json
import warnings

import numpy as np
import pytest

from kan_edu import KAN
from kan_edu.bridges import BeyondGrid, from_pykan, to_pykan
from kan_edu.bridges.fading import padding
from kan_edu.networks import grids

from .agreeing import assert_agree, samples

torch = pytest.importorskip("torch", reason='torch is missing: pip install "kan-edu[bench]"')
kan = pytest.importorskip("kan", reason='pykan is missing: pip install "kan-edu[bench]"')

EDGES = {"sin": (0, 0), "x^2": (1, 0), "cos": (2, 0), "arccos": (3, 0), "gaussian": (0, 1), "1/x^0.5": (1, 1),
         "0": (2, 1)}  # fmt: skip


@pytest.fixture(autouse=True, params=[np.float64, np.float32], ids=["float64", "float32"])
def dtype(request, tmp_path, monkeypatch):
    """pykan computes in torch's default type, whatever a file holds."""
    monkeypatch.chdir(tmp_path)
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64 if request.param is np.float64 else torch.float32)
    yield request.param
    torch.set_default_dtype(before)


def theirs(width=(2, 3, 1), seed=0, **more):
    """A network of pykan with random numbers wherever it has any."""
    net = kan.KAN(width=list(width), auto_save=False, seed=seed, **{"grid": 5, "k": 3, **more})
    draw = torch.Generator().manual_seed(seed)
    for name, value in net.named_parameters():
        if any(part in name for part in ("coef", "scale_base", "scale_sp")):
            value.data = 0.5 * torch.randn(value.shape, generator=draw)
    return net


def said(net, X):
    with torch.no_grad():
        return net(torch.from_numpy(X)).numpy()


def moved(net):
    """Adaptive grids, of other ranges in each input."""
    net.update_grid_from_samples(torch.from_numpy(samples(2, reach=1.5)).to(torch.get_default_dtype()))
    return net


def affine(net):
    for number in range(net.depth):
        for name in ("node_bias", "node_scale", "subnode_bias", "subnode_scale"):
            value = getattr(net, f"{name}_{number}")
            value.data = torch.randn(value.shape)
    return net


def pruned(net):
    net.act_fun[0].mask.data[0, 1] = 0
    net.act_fun[1].mask.data[2, 0] = 0
    return net


def symbolic(net):
    """Formulas that pykan has under other names here, each c f(a x + b) + d with numbers that suit its domain."""
    for name, (j, i) in EDGES.items():
        net.fix_symbolic(0, i, j, name, fit_params_bool=False, verbose=False, log_history=False)
        inner = {"arccos": (0.01, 0.1), "1/x^0.5": (0.01, 2.0)}.get(name, (0.7, 0.3))
        net.symbolic_fun[0].affine.data[j, i] = torch.tensor([*inner, -1.3, 0.4])
    return net


OFF = "formulas that are switched off"
NETS = {
    "plain": lambda: theirs(), "wide": lambda: theirs([3, 4, 2], grid=8), "quintic": lambda: theirs(k=5, grid=4),
    "straight pieces": lambda: theirs(k=1), "one interval": lambda: theirs(grid=1), "quadratic": lambda: theirs(k=2),
    "another range": lambda: theirs(grid_range=[0, 2.5]), "adaptive grids": lambda: moved(theirs(seed=1)),
    "grids of its own in each layer": lambda: theirs(grid=[3, 7]), "no base": lambda: theirs(base_fun="zero"),
    "the identity": lambda: theirs(base_fun="identity"), "scales and constants": lambda: affine(theirs()),
    "products": lambda: theirs([2, [1, 2], 1]), "products alone": lambda: theirs([2, [0, 2], 1]),
    "pruned": lambda: pruned(theirs()), "formulas": lambda: symbolic(theirs([2, 4, 1])),
    "formulas with scales": lambda: affine(symbolic(theirs([2, 4, 1]))),
    OFF: lambda: symbolic(theirs([2, 4, 1], symbolic_enabled=False)),
}  # fmt: skip


@pytest.mark.parametrize("name", NETS)
def test_a_checkpoint_says_here_what_it_says_there_everywhere(name, dtype):
    net = NETS[name]()
    net.saveckpt("mark")
    model, X = from_pykan("mark"), samples(net.width[0][0]).astype(dtype)
    assert model.dtype == dtype
    if name == "the identity" and dtype is np.float32:  # a straight line as far out as 30 is rounded as 30 is
        X = X[20:]
    assert_agree(model(X), said(net, X), dtype)


@pytest.mark.parametrize("name", [name for name in NETS if name not in ("the identity", OFF)])
def test_there_and_back_again_it_is_the_same_and_no_wider(name, dtype):
    """What came by `from_pykan` leaves again with pykan's own grids, and agrees everywhere: no warning."""
    net = NETS[name]()
    net.saveckpt("mark")
    with warnings.catch_warnings():
        warnings.simplefilter("error", BeyondGrid)
        to_pykan(model := from_pykan("mark"), "back")
    back = kan.KAN.loadckpt("back")
    X = samples(net.width[0][0]).astype(dtype)
    assert_agree(said(back, X), model(X), dtype)
    assert [layer.grid.shape for layer in back.act_fun] == [layer.grid.shape for layer in net.act_fun]


def test_without_fade_grids_keep_their_intervals_and_it_agrees_on_them_alone(dtype):
    net = moved(theirs([2, 1]))
    net.saveckpt("mark")
    with pytest.warns(BeyondGrid, match="goes on straight, where pykan's splines fade to 0"):
        model = from_pykan("mark", fade=False)
    assert model.layers[0].basis.G == 5 and from_pykan("mark").layers[0].basis.G == 5 + 2 * padding(3)
    grid = model.layers[0].basis.grid
    X = np.random.default_rng(0).uniform(grid[:, 0], grid[:, -1], (300, 2)).astype(dtype)
    assert_agree(model(X), said(net, X), dtype)
    assert np.abs(model(3 * X) - said(net, 3 * X)).max() > 0.1


# ------------------------------------------------------------------------------------------ from here


def ours(dtype, widths=(2, 3, 1), change=lambda model: None, **more):
    """A model whose grids hold all of [-1, 1]^2, in hidden layers too."""
    model = KAN(list(widths), dtype=dtype, seed=3, **more)
    model.theta[...] += np.random.default_rng(0).normal(size=model.n_params) * 0.3
    change(model)
    grids.update(model, np.random.default_rng(1).uniform(-1, 1, (300, 2)), adaptive=0.5)
    return model


MODELS = {
    "plain": lambda dtype: ours(dtype), "quintic": lambda dtype: ours(dtype, k=5, G=4),
    "straight": lambda dtype: ours(dtype, k=1), "no base": lambda dtype: ours(dtype, base=False),
    "products": lambda dtype: ours(dtype, [2, (1, 2), 1]), "formulas": lambda dtype: ours(dtype, change=read),
}  # fmt: skip


def read(model):
    model.set_formula((0, 0, 0), "sin", (0.5, 2.0, 0.1))
    model.set_formula((0, 1, 1), "1/sqrt", (0.5, 1.0, 3.0))
    model.remove_edge((0, 2, 0))


@pytest.mark.parametrize("name", MODELS)
def test_pykan_says_what_the_model_says_on_its_grids(name, dtype):
    model = MODELS[name](dtype)
    X = np.random.default_rng(1).uniform(-1, 1, (300, 2)).astype(dtype)
    with warnings.catch_warnings():
        warnings.simplefilter("error", BeyondGrid)
        to_pykan(model, "mark", X=X)
    assert_agree(said(kan.KAN.loadckpt("mark"), X), model(X), dtype)


def test_samples_beyond_a_grid_are_refused_with_the_call_that_helps(dtype):
    model = ours(dtype)
    X = 3 * np.random.default_rng(1).uniform(-1, 1, (300, 2)).astype(dtype)
    with pytest.raises(ValueError, match=r"the samples reach input \d of layer 0 beyond .* grids.update\(model, X\)"):
        to_pykan(model, "mark", X=X)
    with pytest.warns(BeyondGrid, match=r"beyond its grid a spline of pykan fades to 0"):
        to_pykan(model, "mark")
    assert np.abs(said(kan.KAN.loadckpt("mark"), X) - model(X)).max() > 0.1
    grids.update(model, X)
    to_pykan(model, "mark", X=X)
    assert_agree(said(kan.KAN.loadckpt("mark"), X), model(X), dtype)


# ------------------------------------------------------------------------------------------ what is refused


def changed(config=None, **state):
    """A checkpoint of pykan's with some of it changed."""
    net = theirs()
    net.saveckpt("mark")
    held = torch.load("mark_state", weights_only=True)
    default = torch.get_default_dtype()
    held |= {name: value.to(default) if value is not None and value.dtype == torch.float32 else value
             for name, value in state.items()}  # fmt: skip
    torch.save({name: value for name, value in held.items() if value is not None}, "mark_state")
    if config:
        import yaml

        with open("mark_config.yml") as file:
            known = yaml.safe_load(file) | config
        with open("mark_config.yml", "w") as file:
            json.dump({name: value for name, value in known.items() if value is not None}, file)


@pytest.mark.parametrize(("change", "words"), [
    ({"config": {"k": None}}, "has no k; expected what saveckpt"),
    ({"config": {"base_fun_name": "tanh"}}, "the base function is 'tanh'; expected 'silu', 'identity' or 'zero'"),
    ({"config": {"width": [[2, 0], [3, 0]]}}, "holds node_bias_1, .*, which no network of pykan"),
    ({"act_fun.0.coef": None}, "layer 0 of the checkpoint holds no 'act_fun.0.coef'"),
    ({"act_fun.0.coef": torch.zeros(2, 3, 4)}, r"'act_fun.0.coef' .* shape \(2, 3, 4\); expected \(2, 3, 8\)"),
    ({"act_fun.1.more": torch.zeros(2)}, "holds act_fun.1.more, which no network of pykan"),
    ({"act_fun.0.mask": torch.ones(2, 3) * torch.nan}, "'act_fun.0.mask' .* holds NaN or inf"),
    ({"act_fun.0.mask": torch.ones(2, 3).half()}, "'act_fun.0.mask' .* is float16; expected"),
    ({"act_fun.0.grid": torch.zeros(2, 12)}, "layer 0: the grid of input 0 is not strictly increasing"),
])  # fmt: skip
def test_what_does_not_fit_is_named(change, words, dtype):
    changed(**change)
    with pytest.raises(ValueError, match=words):
        from_pykan("mark")


def test_networks_that_cannot_be_represented_are_refused_by_name():
    for name in ("sgn", "x^5"):
        net = theirs()
        net.fix_symbolic(0, 1, 2, name, fit_params_bool=False, verbose=False, log_history=False)
        net.saveckpt("mark")
        with pytest.raises(ValueError, match=rf"edge \(0, 2, 1\) is the formula '{name.replace('^', '.')}'"):
            from_pykan("mark")
    net.act_fun[0].mask.data[1, 2] = 1
    net.symbolic_fun[0].funs_name[2][1] = "sin"
    net.saveckpt("mark")
    with pytest.raises(ValueError, match=r"edge \(0, 2, 1\) is a formula and a spline at once"):
        from_pykan("mark")
    theirs([2, [1, 1], 1], mult_arity=3).saveckpt("mark")
    with pytest.raises(ValueError, match="nodes of layer 1 multiply 3 sums"):
        from_pykan("mark")
    net = theirs([2, [1, 1], 1])
    net.node_bias_0.data[1] = 0.5
    net.saveckpt("mark")
    with pytest.raises(ValueError, match="a node of layer 0 multiplies and then adds"):
        from_pykan("mark")


class Runs:
    """A pickle of it would run code."""

    def __reduce__(self):
        return (print, ("this ran",))


def test_a_file_in_which_something_could_run_is_not_read(capsys):
    theirs().saveckpt("mark")
    torch.save({"act_fun.0.grid": Runs()}, "mark_state")
    with pytest.raises(ValueError, match="could not be read as tensors and nothing else"):
        from_pykan("mark")
    theirs().saveckpt("mark")
    with open("mark_config.yml", "a") as file:
        file.write("more: !!python/object/apply:builtins.print ['this ran']\n")
    with pytest.raises(ValueError, match="holds more than numbers, words and lists"):
        from_pykan("mark")
    assert "this ran" not in capsys.readouterr().out


def test_formulas_that_pykan_lacks_are_refused(dtype):
    model = ours(dtype)
    model.set_formula((0, 0, 0), "cosh", (0.5, 1.0, 0.1))
    with pytest.raises(ValueError, match=r"edge \(0, 0, 0\) is the formula cosh, which pykan does not have"):
        to_pykan(model, "mark", X=np.zeros((3, 2)))
