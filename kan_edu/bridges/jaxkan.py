"""Networks of jaxkan 0.3.7, which has no files of its own: `from_jaxkan` takes one in memory, `to_jaxkan` makes one.

Its layers "base" and "spline" are KANs of B-splines: c_res silu(x) + c_spl sum_m c_basis_m B_m(x), and a bias. The
first has a grid for each edge, the second one for each input. The knots stand beside the parameters, in
`layer.grid.item`: flax does not count them among the state. Source: jaxkan/layers/Spline.py, 0.3.7.
"""

import warnings

import numpy as np

from .fading import Fading, check_plain, layers_of, network

LAYERS = {"BaseLayer": "base", "SplineLayer": "spline"}
PACKAGE = "jaxkan"


def from_jaxkan(net, *, fade=True):
    """The KAN of `net`, a jaxkan.models.KAN.KAN of layers "base" or "spline", in the type of its parameters.

    It computes what `net` computes, to rounding: with fade True everywhere, as its grids are k intervals wider on each
    side; with fade False on the grids, and a BeyondGrid warning says so. Raises ValueError, which names it, for what a
    KAN here cannot represent: other layers, residual functions other than silu, grids that differ from edge to edge.
    """
    found = list(getattr(net, "layers", []))
    for number, layer in enumerate(found):
        if type(layer).__name__ not in LAYERS:
            raise ValueError(f"layer {number} is a {type(layer).__name__}; expected jaxkan's layers of B-splines: "
                             f"layer_type={' or '.join(map(repr, LAYERS.values()))}")  # fmt: skip
    if not found:
        raise ValueError(f"this is a {type(net).__name__}; expected a jaxkan.models.KAN.KAN")
    layers = [_layer(layer, number) for number, layer in enumerate(found)]
    return network(layers, layers[0].c.dtype, fade, PACKAGE)


def _array(parameter):
    """The numbers of one of flax's parameters, or of an array of jax."""
    return np.asarray(parameter[...])


def _layer(layer, number):
    n_in, n_out, k = layer.n_in, layer.n_out, layer.k
    knots, c = _array(layer.grid.item), _array(layer.c_basis).reshape(n_out, n_in, -1)
    if len(knots) != n_in:  # one for each edge, in the order of c
        each = knots.reshape(n_out, n_in, -1)
        if (each != each[:1]).any():
            raise ValueError(f"the edges of layer {number} that leave one input have different grids; here they share "
                             "one")  # fmt: skip
        knots = each[0]
    if knots.shape[1] != c.shape[2] + k + 1 or k < 1:
        raise ValueError(f"layer {number} has {knots.shape[1]} knots and {c.shape[2]} coefficients of degree {k}; "
                         "expected B-splines of degree 1 or more")  # fmt: skip
    w_s = np.ones((n_out, n_in)) if layer.c_spl is None else _array(layer.c_spl)
    w_b = np.zeros((n_out, n_in)) if layer.residual is None else _array(layer.c_res)
    if layer.residual is not None:
        _check_residual(layer.residual, number)
    return Fading(knots, c, w_s, w_b, np.zeros(n_out) if layer.bias is None else _array(layer.bias))


def _check_residual(residual, number):
    """ValueError unless it is silu, by its values: jax's functions have no name to rely on."""
    x = np.linspace(-3, 3, 13, dtype=np.float32)
    if np.abs(np.asarray(residual(x)) - x / (1 + np.exp(-x))).max() > 1e-6:
        raise ValueError(f"the residual function of layer {number} is not silu, which a KAN here has; expected "
                         "residual=nnx.silu or None")  # fmt: skip


def to_jaxkan(model, *, X=None):
    """A jaxkan.models.KAN.KAN, of layers "spline", that computes what the model computes.

    Outputs agree to rounding, on the grids; X and the BeyondGrid warning are those of `to_pykan`. Its type is the
    model's; jax has float64 only after jax.config.update("jax_enable_x64", True), and without it a warning says that
    digits are lost. Raises ImportError without jaxkan, and ValueError for what it has no place for: nodes that multiply
    and edges that are formulas.
    """
    jnp, nnx, KAN = _jaxkan()
    layers = layers_of(model, X, PACKAGE)
    check_plain(layers, PACKAGE, bias=True)
    k = model.layers[0].basis.order
    net = KAN(model.widths, "spline", {"k": k, "G": layers[0].knots.shape[1] - 1 - 2 * k})
    for there, layer in zip(net.layers, layers, strict=True):
        arrays = {"c_basis": layer.c, "c_spl": layer.w_s, "c_res": layer.w_b, "bias": layer.bias}
        for name, array in arrays.items():
            setattr(there, name, nnx.Param(jnp.asarray(array.astype(model.dtype))))
        there.k = layer.knots.shape[1] - 1 - layer.c.shape[2]
        there.grid.item, there.grid.k = jnp.asarray(layer.knots.astype(model.dtype)), there.k
        there.grid.G = layer.c.shape[2] - there.k
        there.grid.grid_range = tuple(float(layer.knots[0, n]) for n in (there.k, -1 - there.k))
    if net.layers[0].grid.item.dtype != model.dtype:
        warnings.warn('jax has rounded the model to float32; for float64 call jax.config.update("jax_enable_x64", True)'
                      " before", UserWarning, stacklevel=2)  # fmt: skip
    return net


def _jaxkan():
    try:
        import jax.numpy as jnp
        from flax import nnx
        from jaxkan.models.KAN import KAN
    except ImportError:
        raise ImportError('to_jaxkan needs the package jaxkan. Type: pip install "kan-edu[bridges-jax]"') from None
    return jnp, nnx, KAN
