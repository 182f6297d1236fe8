"""Parameters of efficient-kan: `from_efficient_kan` reads its state_dict, `to_efficient_kan` makes one.

A layer there is base_weight silu(x) + spline_scaler spline_weight B(x), with knots of its own in the buffer `grid`. The
file holds neither the degree, which follows from the shapes, nor the base function: silu is taken for granted, unless
the module itself is given and has another. Source: `KANLinear` in efficient_kan/kan.py of Blealtan/efficient-kan.
"""

import numpy as np

from kan_edu.checks.arguments import check_path

from . import torchfile
from .fading import Fading, check_plain, layers_of, network

PACKAGE = "efficient-kan"


def from_efficient_kan(source, *, fade=True):
    """The KAN of an efficient_kan.KAN: `source` is the module, its state_dict, or a file of that by torch.save.

    It computes what the module computes, to rounding: with fade True everywhere, as its grids are k intervals wider on
    each side; with fade False on the grids, and a BeyondGrid warning says so. Its type is that of the tensors. A file
    and a state_dict do not say what the base function is: this takes silu, efficient-kan's own choice; compare outputs
    if you chose another. Raises ImportError without torch for a file, OSError where it cannot be read, ValueError for
    entries that are missing or more than there should be, other base functions, and shapes that do not fit.
    """
    name = "the state_dict"
    if hasattr(source, "state_dict") and not isinstance(source, type):
        _check_base(source)
        arrays = torchfile.arrays(source.state_dict(), name)
    elif hasattr(source, "items") and not isinstance(source, type):
        arrays = torchfile.arrays(source, name)
    else:
        name = f"the file {source}"
        arrays = torchfile.read(source)
    count = len({key.split(".")[1] for key in arrays if key.startswith("layers.") and key.count(".") == 2})
    layers = [_layer(arrays, number, name) for number in range(max(count, 1))]
    known = {f"layers.{n}.{part}" for n in range(count) for part in ("grid", "base_weight", *SPLINE)}
    if set(arrays) - known:
        raise ValueError(f"{name} holds {', '.join(sorted(set(arrays) - known)[:5])}, which {PACKAGE}'s KAN does not "
                         "have; expected its own state_dict alone")  # fmt: skip
    return network(layers, torchfile.dtype_of(arrays, name), fade, PACKAGE)


SPLINE = "spline_weight", "spline_scaler"


def _check_base(module):
    for number, layer in enumerate(getattr(module, "layers", [])):
        base = type(getattr(layer, "base_activation", None)).__name__
        if base != "SiLU":
            raise ValueError(f"the base function of layer {number} is {base}; expected SiLU, which a KAN here has")


def _layer(arrays, number, name):
    """One layer as a Fading."""
    prefix = f"layers.{number}"
    w_b = torchfile.take(arrays, f"{prefix}.base_weight", (None, None), name)
    c = torchfile.take(arrays, f"{prefix}.spline_weight", (*w_b.shape, None), name)
    knots = torchfile.take(arrays, f"{prefix}.grid", (w_b.shape[1], None), name)
    scaler = f"{prefix}.spline_scaler"  # without: enable_standalone_scale_spline=False
    w_s = torchfile.take(arrays, scaler, w_b.shape, name) if scaler in arrays else np.ones(w_b.shape)
    k = knots.shape[1] - 1 - c.shape[2]
    if not 1 <= k <= (knots.shape[1] - 2) // 2:
        raise ValueError(f"layer {number} of {name} has {knots.shape[1]} knots and {c.shape[2]} coefficients; expected "
                         "B-splines of degree k >= 1, which have G + 2k + 1 knots and G + k coefficients")  # fmt: skip
    return Fading(knots, c, w_s, w_b, np.zeros(len(w_b)))


def to_efficient_kan(model, path=None, *, X=None):
    """The state_dict of an efficient_kan.KAN that computes what the model computes, and, with a path, a file of it.

    There: `net = efficient_kan.KAN(model.widths, grid_size=G, spline_order=k)`, `net.double()` for float64, then
    `net.load_state_dict(state)`; G is the number of knots in `layers.0.grid` less 2k + 1. Outputs agree to rounding, on
    the grids; X and the BeyondGrid warning are those of `to_pykan`. Raises ImportError without torch, and ValueError
    for what that package has no place for: nodes that multiply, edges that are formulas, sums with a constant, grids
    and degrees that are not the same in all layers.
    """
    torchfile.get_torch()
    layers = layers_of(model, X, PACKAGE)
    check_plain(layers, PACKAGE)
    kinds = {(layer.knots.shape[1], layer.c.shape[2]) for layer in layers}
    if len(kinds) > 1:
        raise ValueError(f"the layers have different numbers of knots and coefficients, {sorted(kinds)}; {PACKAGE} has "
                         "one for all: bring them to one with grids.extend(model, G)")  # fmt: skip
    arrays = {}
    for number, layer in enumerate(layers):
        parts = {"grid": layer.knots, "base_weight": layer.w_b, "spline_weight": layer.c, "spline_scaler": layer.w_s}
        arrays |= {f"layers.{number}.{name}": part.astype(model.dtype) for name, part in parts.items()}
    if path is not None:
        torchfile.write(check_path(path), arrays)
    return torchfile.tensors(arrays)
