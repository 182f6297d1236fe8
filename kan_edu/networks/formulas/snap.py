"""Putting a formula in the place of an edge of a trained model, or taking the edge away.

Both change the model that they are given; `model.copy()` first is the way back. What a layer then holds: `snapped.py`.
"""

import numpy as np

from kan_edu.checks.arguments import check_integer, check_sound
from kan_edu.networks.grids import layer_inputs

from .curvefit import fit_curve
from .families import family
from .snapped import EdgeFormula, Snapped


def set_formula(model, edge, name, params=None, *, X=None):
    """Replace the function of edge (layer, j, i) by the formula a f(b x + c) of the family `name`; changes the model.

    params = (a, b, c); None: those that come closest to the present function, at the values that reach the edge from
    the samples X (N, n_in), or without X on all of its grid. Then the constant d that belongs to them goes into the
    bias of the sum. Returns the EdgeFormula. Raises ValueError for an edge or a family that does not exist, and for a
    formula that has no value somewhere there, given params or not; the model is then unchanged.
    """
    layer, j, i = check_edge(model, edge)
    family(name), check_sound(model)
    constant = 0.0
    x = _places(model, layer, i, X)
    if params is None:
        fit = fit_curve(name, x, layer.phi(j, i, x))
        if fit is None:
            words = f"{name} has no value at some of what reaches edge {edge}, {x.min():.3g} .. {x.max():.3g}"
            raise ValueError(f"{words}; take another family")
        params, constant = fit.params, fit.constant
    formula = EdgeFormula(name, params)
    _check_values(formula, edge, x, "on the grid of" if X is None else "at the samples that reach")
    _change(model, layer, lambda formulas: formulas.update({(j, i): formula}))
    layer.kept[j, i] = True
    layer.snapped.bias[j] += constant
    return formula


def _check_values(formula, edge, x, where):
    """ValueError unless the formula has a finite value at all of x (N,)."""
    bad = ~np.isfinite(formula(x))
    if bad.any():
        raise ValueError(f"{formula} has no value at {int(bad.sum())} of {bad.size} places {where} edge {edge}, the "
                         f"first at x = {x[bad.argmax()]:.6g}; choose other a, b, c or another family, or give as X "
                         "the samples that the formula is to serve")  # fmt: skip


def remove_edge(model, edge, *, X=None):
    """Take edge (layer, j, i) away, formula or spline; its mean stays, in the bias of the sum.

    The mean is taken over the samples X (N, n_in), or without X over the edge's grid. Changes the model. Raises
    ValueError for an edge that does not exist.
    """
    layer, j, i = check_edge(model, edge)
    check_sound(model)
    phi = layer.phi(j, i, _places(model, layer, i, X))
    sound = phi[np.isfinite(phi)]  # a formula need not have a value on all of the grid
    _change(model, layer, lambda formulas: formulas.pop((j, i), None))
    layer.kept[j, i] = False
    layer.snapped.bias[j] += sound.mean() if sound.size else 0.0


def check_edge(model, edge):
    """The layer, j and i of edge (layer, j, i); ValueError, which says what there is, if the model has none such."""
    try:
        l, j, i = (check_integer(n, "n", -np.inf) for n in edge)  # noqa: E741 (l counts layers in all books)
    except (TypeError, ValueError):
        raise ValueError(f"an edge is {edge!r}; expected (layer, j, i): from input i to sum j of that layer") from None
    if not 0 <= l < len(model.layers):
        raise ValueError(f"edge {edge} is in layer {l}; {model!r} has layers 0 .. {len(model.layers) - 1}")
    layer = model.layers[l]
    if not (0 <= j < layer.n_sums and 0 <= i < layer.n_in):
        words = f"j = 0 .. {layer.n_sums - 1} and i = 0 .. {layer.n_in - 1}"
        raise ValueError(f"{model!r} has no edge {edge}; in layer {l} they are {words}")
    return layer, j, i


def _places(model, layer, i, X, points=200):
    """Where to look at a function of the layer's input i: what arrives from X (N, n_in), or all over its grid."""
    if X is None:
        return np.linspace(*layer.basis.grid[i, [0, -1]], points)
    return layer_inputs(model, X)[model.layers.index(layer)][:, i]


def _change(model, layer, change):
    """Let `change(formulas)` alter the layer's formulas; theta, whose size may change, keeps all other values."""
    parts = [part.copy() for part in layer._parts(layer.theta) if part is not None]
    layer.snapped = layer.snapped or Snapped(layer.kept, layer.formulas)
    change(layer.formulas)
    layer.use(layer.basis)
    for new, old in zip(layer._parts(layer.theta), parts, strict=False):
        new[...] = old
    model.join()
