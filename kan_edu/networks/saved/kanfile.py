"""A KAN in a file and back: widths, basis, grids, parameters, and what was read off it, if anything was.

Models as they are made have format version 1; those with products, formulas, removed edges or in float32 have version
2, so that an older kan_edu says that it is too old for them. Both are read.
"""

import numpy as np

from kan_edu.checks.arguments import check_sound
from kan_edu.networks.formulas.snapped import EdgeFormula, Snapped
from kan_edu.splines.bases import BASES

from . import saving

KIND = "kan_edu.KAN"
NAMES = ("kept", "pinned", "edges", "names", "free")  # of the arrays of a layer that was read


def save(model, path):
    """Write the model to `path` (npz without pickle; written whole or not at all).

    Raises ValueError for what is no path, and for parameters that are NaN or inf.
    """
    check_sound(model)
    arrays = {f"grid_{n}": layer.basis.grid for n, layer in enumerate(model.layers)}
    order = [layer.basis.order for layer in model.layers]
    arrays |= {"widths": model.widths, "kind": model.kind, "base": model.base, "order": order,
               "theta": np.concatenate([_filed(layer) for layer in model.layers])}
    more = {"products": model.products} if any(model.products) else {}
    for n, layer in enumerate(model.layers):
        if layer.snapped:
            more |= _snapped(n, layer.snapped)
    saving.write(path, KIND, arrays | more, version=2 if more or model.dtype != float else 1)


def _snapped(n, snapped):
    """What a layer's formulas are, beside their parameters, which stand in theta."""
    formulas = snapped.formulas
    return {f"kept_{n}": snapped.kept, f"pinned_{n}": snapped.pinned,
            f"edges_{n}": np.array(list(formulas), dtype=int).reshape(-1, 2),
            f"names_{n}": np.array([formula.name for formula in formulas.values()], dtype=str),
            f"free_{n}": np.array([formula.free for formula in formulas.values()], dtype=bool)}


def load(cls, path):
    """The model, made by `cls`. Raises ValueError for a damaged, foreign, older or newer file."""
    saved = saving.read(path, KIND, versions=(1, 2))
    with saving.fitting(path):
        return _made(cls, saved)


def _made(cls, saved):
    kind, orders = str(saved["kind"]), saved["order"].tolist()
    widths = saving.check_widths(saved)
    for n, p in enumerate(saved["products"].tolist() if "products" in saved else (), start=1):
        widths[n] = (widths[n] - p, p) if p else widths[n]
    dtype = saved["theta"].dtype
    model = cls(widths, basis=kind, base=bool(saved["base"]), dtype=dtype)
    for n, (layer, order) in enumerate(zip(model.layers, orders, strict=True)):
        if f"kept_{n}" in saved:
            layer.snapped = _snapped_again(layer, *(saved[f"{name}_{n}"] for name in NAMES))
        layer.use(BASES[kind](saved[f"grid_{n}"], order))
    model.join()
    model.theta[...] = saving.check_parameters(saved, model.n_params, dtype)
    for layer in model.layers:
        layer.c[...] = layer.theta[: layer.c.size].reshape(layer.c.shape).copy()
    return model


def _filed(layer):
    """A layer's parameters as files have had them from the first: c edge by edge. Memory has inputs last instead."""
    return np.concatenate([layer.c.ravel(), layer.theta[layer.c.size :]])


def _snapped_again(layer, kept, pinned, edges, names, free):
    if kept.shape != layer.kept.shape or pinned.shape != (layer.n_sums,):
        raise ValueError(f"edges {kept.shape} where {layer.kept.shape} are needed")
    layer.kept[...] = kept
    snapped = Snapped(layer.kept, layer.formulas)
    snapped.pinned[...] = pinned
    for (j, i), name, may_change in zip(edges.tolist(), names.tolist(), free, strict=True):
        if not (0 <= j < layer.n_sums and 0 <= i < layer.n_in):
            raise ValueError(f"no edge ({j}, {i})")
        snapped.formulas[j, i] = EdgeFormula(name, np.zeros(len(may_change)), may_change)
    return snapped
