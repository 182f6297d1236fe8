"""Nodes without edges: found, and left out of a smaller network that computes the same."""

from typing import NamedTuple

import numpy as np

from kan_edu.networks.formulas.snapped import EdgeFormula, Snapped
from kan_edu.splines.bases import BSpline


def node_of_sum(layer, j):
    """The number of the node that sum j goes into: its own, or that of its pair's product."""
    s = layer.products.s if layer.products else layer.n_sums
    return j if j < s else s + (j - s) // 2


def remove_idle(model):
    """Remove in place the edges that no longer matter: into hidden nodes that nothing leaves, out of constant ones.

    A hidden node is constant if no edge enters it; its value times what leaves it goes into the sums above. Returns
    the list of removed edges (layer, j, i).
    """
    removed = []
    while True:
        idle = [*_into_nowhere(model), *_from_nothing(model)]
        if not idle:
            return removed
        for (level, j, i), value in idle:
            layer = model.layers[level]
            phi = 0.0 if value is None else float(layer.phi(j, i, np.array([value]))[0])
            before = layer.snapped.bias[j] if layer.snapped else 0.0
            model.remove_edge((level, j, i))
            layer.snapped.bias[j] = before + phi
            removed.append((level, j, i))


def _into_nowhere(model):
    """Edges into a hidden node that no edge leaves, as ((layer, j, i), None)."""
    for n, (layer, above) in enumerate(zip(model.layers, model.layers[1:], strict=False)):
        leads = above.kept.any(axis=0)
        for j, i in zip(*np.nonzero(layer.kept), strict=True):
            if not leads[node_of_sum(layer, j)]:
                yield (n, int(j), int(i)), None


def _from_nothing(model):
    """Edges out of a hidden node that no edge enters, as ((layer, j, i), the node's constant value)."""
    for n, (layer, above) in enumerate(zip(model.layers, model.layers[1:], strict=False)):
        nodes = [node_of_sum(layer, j) for j in np.flatnonzero(layer.kept.any(axis=1))]
        bias = layer.snapped.bias if layer.snapped else np.zeros(layer.n_sums)
        values = layer.products.forward(bias[:, None])[:, 0] if layer.products else bias
        for j, i in zip(*np.nonzero(above.kept), strict=True):
            if i not in nodes:
                yield (n + 1, int(j), int(i)), values[i]


def shrink(model):
    """A new model without the hidden nodes that no edge leaves; it computes the same, and has fewer parameters.

    A product of which one factor is constant becomes a sum, and stands before the products that remain.
    """
    model = model.copy()
    remove_idle(model)
    leads = [*(above.kept.any(axis=0) for above in model.layers[1:]), np.ones(model.widths[-1], dtype=bool)]
    nodes = [_nodes_left(layer, needed) for layer, needed in zip(model.layers, leads, strict=True)]
    shape = [model.widths[0]]
    for left in nodes:
        p = sum(len(node.sums) == 2 for node in left)
        shape.append((len(left) - p, p) if p else len(left))
    small = type(model)(shape, basis=model.kind, base=model.base, form=model.form)
    inputs = list(range(model.widths[0]))
    for new, old, left in zip(small.layers, model.layers, nodes, strict=True):
        _copy_edges(new, old, left, inputs)
        inputs = [node.number for node in left]
    small.join()
    return small


class Node(NamedTuple):
    """A node that stays: its old number, the old numbers of its sum or two factors, and what its sum is scaled by."""

    number: int
    sums: tuple
    scale: float


def _nodes_left(layer, needed):
    """The layer's nodes that are needed (n_out,) bool, first those that add, then those that multiply."""
    add, multiply, s = [], [], layer.products.s if layer.products else layer.n_sums
    for number in np.flatnonzero(needed) if needed.any() else [0]:  # a layer cannot be empty
        u = number if number < s else s + 2 * (number - s)
        if number < s:
            add.append(Node(int(number), (int(u),), 1.0))
            continue
        vary = [j for j in (u, u + 1) if layer.kept[j].any()]
        if len(vary) == 1 and layer.snapped:
            constant = layer.snapped.bias[2 * u + 1 - vary[0]]
            add.append(Node(int(number), (int(vary[0]),), float(constant)))
        else:
            multiply.append(Node(int(number), (int(u), int(u) + 1), 1.0))
    return [*add, *multiply]


def _copy_edges(new, old, nodes, inputs):
    """Give `new` the edges of `old` into these nodes, from its inputs with these numbers: grids, splines, formulas."""
    sums = [j for node in nodes for j in node.sums]
    scale = np.array([node.scale for node in nodes for _ in node.sums])
    places = np.ix_(sums, inputs)
    c, w_s, w_b = (None if part is None else part[places].copy() for part in (old.c, old.w_s, old.w_b))
    w_s *= scale[:, None]
    if old.snapped:
        new.kept[...] = old.kept[places]
        for j, i in np.ndindex(new.kept.shape):
            formula = old.formulas.get((sums[j], inputs[i]))
            if formula:
                params = formula.params * [scale[j], 1, 1]
                new.formulas[j, i] = EdgeFormula(formula.name, params, formula.free)
        bias = scale * old.snapped.bias[sums]
        if new.kept.all() and not new.formulas and isinstance(old.basis, BSpline) and w_s[:, 0].all():
            c[:, 0] += (bias / w_s[:, 0])[:, None]  # B-splines add up to 1: the constant can be theirs, as in a new KAN
        else:
            new.snapped = Snapped(new.kept, new.formulas)
            new.snapped.bias, new.snapped.pinned = bias, old.snapped.pinned[sums]
    new.use(type(old.basis)(old.basis.grid[inputs], old.basis.order))
    new.c[...], new.w_s[...] = c, w_s
    if new.base:
        new.w_b[...] = scale[:, None] * w_b
