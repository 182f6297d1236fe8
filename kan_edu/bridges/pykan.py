"""Checkpoints of pykan 0.2.8: `from_pykan` reads one, `to_pykan` writes one that `kan.KAN.loadckpt` loads.

A checkpoint is `NAME_config.yml`, a text with the shape of the network and the names of its formulas, `NAME_state`, its
tensors, and `NAME_cache_data`, the last samples that it has seen, which nobody needs. In a layer of pykan an edge is

    phi(x) = mask (scale_base silu(x) + scale_sp sum_m coef_m B_m(x)) + symbolic mask (c f(a x + b) + d),

the sum of these is multiplied by subnode_scale and moved by subnode_bias, pairs are multiplied, and the result goes
through node_scale and node_bias. Source: `MultKAN.forward` and `saveckpt` of pykan 0.2.8; arXiv 2408.10205, section 2.
"""

import json
import re

import numpy as np

from kan_edu.checks.arguments import check_path
from kan_edu.files import write_whole
from kan_edu.networks.formulas.families import FAMILIES

from . import torchfile, yamlfile
from .fading import Fading, check_plain, layers_of, network

# Names of formulas there and here; where ours differ: (name here, factor of a, added to c, constant per a).
THERE = {"1/sqrt": "1/sqrt(x)"}
OTHERS = {"x^0.5": ("sqrt", 1, 0, 0), "1/sqrt(x)": ("1/sqrt", 1, 0, 0), "1/x^0.5": ("1/sqrt", 1, 0, 0),
          "cos": ("sin", 1, np.pi / 2, 0), "arccos": ("arcsin", -1, 0, np.pi / 2)}  # fmt: skip
SHARED = ("x", "x^2", "x^3", "x^4", "1/x", "1/x^2", "1/x^3", "sqrt", "x^1.5", "exp", "log", "abs", "sin", "tan", "tanh",
          "arcsin", "arctan", "arctanh", "gaussian")  # fmt: skip
KNOWN = (r"(sub)?node_(bias|scale)_\d+|act_fun\.\d+\.(grid|coef|mask|scale_base|scale_sp)|"
         r"symbolic_fun\.\d+\.(mask|affine)")  # fmt: skip
NEEDED = ("width", "grid", "k", "mult_arity", "base_fun_name", "symbolic_enabled")


def from_pykan(path, *, fade=True):
    """The KAN of pykan's checkpoint `path`, as given to its saveckpt: path_config.yml and path_state are read.

    Its type is that of the tensors. It computes what pykan's model computes, to rounding: with fade True everywhere, as
    its grids are k intervals wider on each side than pykan's; with fade False on the grids, and a BeyondGrid warning
    says so. Reading runs no code of the file. Raises ImportError without torch and PyYAML, OSError where a file cannot
    be read, and ValueError, which names it, for what this package cannot represent: base functions other than silu,
    identity and zero, products of other than two sums or with a constant, formulas of no family here, edges that are
    formula and spline at once.
    """
    check_path(path)
    return made(yamlfile.read(f"{path}_config.yml"), torchfile.read(f"{path}_state"), path, fade)


def made(config, state, path, fade=True):
    """The KAN of a configuration (dict) and a state ({name: array}); `path` is where they come from, for the words."""
    missing = [name for name in NEEDED if name not in config]
    if missing:
        raise ValueError(f"{path}_config.yml has no {', '.join(missing)}; expected what saveckpt of pykan 0.2.8 wrote")
    shape = _shape(config)
    layers = [_layer(config, state, shape, number) for number in range(len(shape) - 1)]
    more = [name for name in state if not re.fullmatch(KNOWN, name) or int(re.search(r"\d+", name)[0]) >= len(layers)]
    if more:
        raise ValueError(f"{path}_state holds {', '.join(more[:5])}, which no network of pykan 0.2.8 with the widths "
                         f"{config['width']} has")  # fmt: skip
    return network(layers, torchfile.dtype_of(state, f"{path}_state"), fade, "pykan", stacklevel=4)


def _shape(config):
    """[(sums, products)] of all layers. ValueError for products of other than two."""
    shape = [tuple(width) if isinstance(width, list) else (width, 0) for width in config["width"]]
    arity = config["mult_arity"]
    for number, (_, p) in enumerate(shape):
        of = arity if isinstance(arity, int) else arity[number]
        if p and of != 2 and of != [2] * p:
            raise ValueError(f"nodes of layer {number} multiply {of} sums; a KAN here multiplies two: no other "
                             "products can be represented")  # fmt: skip
    return shape


def _layer(config, state, shape, number):
    """One layer as a Fading: scales and masks become part of weights and formulas, constants part of the bias."""
    n_in, (s, p) = sum(shape[number]), shape[number + 1]
    k = config["k"][number] if isinstance(config["k"], list) else config["k"]
    sums, where = s + 2 * p, f"layer {number} of the checkpoint"

    def tensor(name, *size):
        return torchfile.take(state, name, size, where).astype(float)

    numeric, symbolic = f"act_fun.{number}", f"symbolic_fun.{number}"
    knots = tensor(f"{numeric}.grid", n_in, None)
    c = tensor(f"{numeric}.coef", n_in, sums, knots.shape[1] - 1 - k).swapaxes(0, 1)
    mask = tensor(f"{numeric}.mask", n_in, sums).T
    w_s = mask * tensor(f"{numeric}.scale_sp", n_in, sums).T
    w_b = mask * tensor(f"{numeric}.scale_base", n_in, sums).T
    w_b, line = _base(config["base_fun_name"], w_b)
    scale, bias = _affine(tensor, number, s, p)
    formulas, constants = {}, np.zeros(sums)
    if config["symbolic_enabled"]:
        affine = tensor(f"{symbolic}.affine", sums, n_in, 4)
        on = tensor(f"{symbolic}.mask", sums, n_in)
        formulas, constants = _formulas(config[f"symbolic.funs_name.{number}"], affine, on, scale, number)
    spline = (mask != 0) & ((w_b != 0) | ((c != 0).any(axis=2) & (w_s != 0)))
    spline |= False if line is None else line != 0
    for j, i in formulas:
        if spline[j, i]:
            raise ValueError(f"edge ({number}, {j}, {i}) is a formula and a spline at once; here it can be one of them:"
                             f" call remove_symbolic({number}, {i}, {j}) or prune the spline in pykan")  # fmt: skip
    kept = mask != 0
    for edge in formulas:
        kept[edge] = True
    w_s, w_b, line = (None if weights is None else scale[:, None] * weights for weights in (w_s, w_b, line))
    return Fading(knots, c, w_s, w_b, bias + scale * constants, p, formulas, kept, line)


def _affine(tensor, number, s, p):
    """What multiplies each sum and is added to it, (n_sums,) each: pykan's subnode and node, one after the other."""
    scale, bias = tensor(f"subnode_scale_{number}", s + 2 * p), tensor(f"subnode_bias_{number}", s + 2 * p)
    node_scale, node_bias = tensor(f"node_scale_{number}", s + p), tensor(f"node_bias_{number}", s + p)
    if node_bias[s:].any():
        raise ValueError(f"a node of layer {number} multiplies and then adds {node_bias[s:]} (node_bias_{number}); here"
                         " a product has no constant of its own")  # fmt: skip
    first = np.concatenate([np.arange(s), np.arange(s, s + 2 * p, 2)])  # of a product the first factor takes the scale
    scale, bias = scale.copy(), bias.copy()
    scale[first] *= node_scale
    bias[first] *= node_scale
    bias[:s] += node_bias[:s]
    return scale, bias


def _base(name, weights):
    """(w_b, line): what silu and the straight line x count, of the weights (n_sums, n_in) of pykan's base function."""
    if name in ("silu", "zero"):
        return weights * (name == "silu"), None
    if name == "identity":
        return 0 * weights, weights
    raise ValueError(f"the base function is {name!r}; expected 'silu', 'identity' or 'zero'")


def _formulas(names, affine, on, scale, number):
    """({(j, i): (name, (a, b, c))}, constants (n_sums,)) of pykan's c f(a x + b) + d, each times its mask and scale."""
    formulas, constants = {}, np.zeros(len(scale))
    for j, i in zip(*np.nonzero(on), strict=True):
        name, (inner, shift, outer, constant) = names[j][i], affine[j, i]
        constants[j] += on[j, i] * constant
        if name == "0":
            continue
        if name not in OTHERS and name not in SHARED:
            known = ", ".join([*SHARED, *OTHERS])
            raise ValueError(f"edge ({number}, {j}, {i}) is the formula {name!r}, which is none of the families here, "
                             f"{known}; remove it in pykan, or fix another one there")  # fmt: skip
        ours, factor, added, per = OTHERS.get(name, (name, 1, 0, 0))
        constants[j] += on[j, i] * outer * per
        formulas[int(j), int(i)] = (ours, (scale[j] * on[j, i] * outer * factor, inner, shift + added))
    return formulas, constants


def to_pykan(model, path, *, X=None):
    """Write a KAN of B-splines as a checkpoint of pykan 0.2.8: path_config.yml, path_state and path_cache_data.

    There: `model = kan.KAN.loadckpt(path)`. The tensors have the model's type; for float64 call
    torch.set_default_dtype(torch.float64) before loadckpt, which else rounds them to float32 without a word.
    Outputs agree to rounding, on the grids; beyond them pykan's splines fade to 0. X (N, n_in), samples that the file
    is to serve: ValueError if they reach beyond a grid, with the call that moves it. Without X a BeyondGrid warning
    says so, unless the splines have faded here too, as those that came by `from_pykan`: these agree everywhere.
    Raises ImportError without torch, ValueError for another model and for formulas that pykan does not have, OSError
    where a file cannot be written.
    """
    check_path(path)
    torchfile.get_torch()
    layers = layers_of(model, X, "pykan")
    check_plain(layers, "pykan", products=True, formulas=True, bias=True)
    config, state = _config(model, layers), {}
    for number, layer in enumerate(layers):
        config[f"symbolic.funs_name.{number}"] = _names(layer, number)
        state |= _tensors(layer, number)
    state = {name: array.astype(model.dtype) for name, array in state.items()}
    torchfile.write(f"{path}_state", state)
    torchfile.write(f"{path}_cache_data", None)
    write_whole(f"{path}_config.yml", json.dumps(config, indent=1).encode(), follow=True)  # JSON is YAML, too


def _config(model, layers):
    """What `saveckpt` writes down, with pykan's own defaults for what only training there needs."""
    width = [[n - p, p] for n, p in zip(model.widths, [0, *model.products], strict=True)]
    k = [layer.basis.order for layer in model.layers]
    grid = [layer.knots.shape[1] - 1 - 2 * n for layer, n in zip(layers, k, strict=True)]
    ends = layers[0].knots[0, k[0]], layers[0].knots[0, -1 - k[0]]
    return {"width": width, "grid": grid, "k": k, "mult_arity": 2, "base_fun_name": "silu", "symbolic_enabled": True,
            "affine_trainable": False, "grid_eps": 0.02, "grid_range": [float(end) for end in ends],
            "sp_trainable": True, "sb_trainable": True, "state_id": 0, "auto_save": False, "ckpt_path": "./model",
            "round": 0, "device": "cpu"}  # fmt: skip


def _names(layer, number):
    names = [["0"] * layer.w_s.shape[1] for _ in layer.w_s]
    for (j, i), (name, _) in layer.formulas.items():
        names[j][i] = THERE.get(name, name)
        if name not in SHARED and name not in THERE:
            raise ValueError(f"edge ({number}, {j}, {i}) is the formula {name}, which pykan does not have; of "
                             f"{', '.join(FAMILIES)} it has {', '.join([*SHARED, *THERE])}")  # fmt: skip
    return names


def _tensors(layer, number):
    """The layer's arrays under pykan's names."""
    sums, n_in = layer.w_s.shape
    live, on, affine = layer.kept.copy(), np.zeros((sums, n_in)), np.zeros((sums, n_in, 4))
    for (j, i), (_, (a, b, c)) in layer.formulas.items():
        live[j, i], on[j, i], affine[j, i] = False, 1, (b, c, a, 0)
    nodes = sums - layer.products
    numeric = {"grid": layer.knots, "coef": layer.c.swapaxes(0, 1), "mask": live.T, "scale_base": layer.w_b.T,
               "scale_sp": layer.w_s.T}  # fmt: skip
    return {f"node_bias_{number}": np.zeros(nodes), f"node_scale_{number}": np.ones(nodes),
            f"subnode_bias_{number}": layer.bias, f"subnode_scale_{number}": np.ones(sums),
            **{f"act_fun.{number}.{name}": array for name, array in numeric.items()},
            f"symbolic_fun.{number}.mask": on, f"symbolic_fun.{number}.affine": affine}  # fmt: skip
