"""Nodes without edges: found, and left out of a smaller network that computes the same."""

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
    """A new model without the hidden nodes that no edge leaves; it computes the same, and has fewer parameters."""
    model = model.copy()
    remove_idle(model)
    stays = [np.ones(model.widths[0], dtype=bool)]
    for layer, above in zip(model.layers, [*model.layers[1:], None], strict=True):
        stays.append(np.ones(layer.n_out, dtype=bool) if above is None else _at_least_one(above.kept.any(axis=0)))
    shape = [model.widths[0]]
    for layer, nodes in zip(model.layers, stays[1:], strict=True):
        s = layer.products.s if layer.products else layer.n_sums
        p = int(nodes[s:].sum())
        shape.append((int(nodes[:s].sum()), p) if p else int(nodes.sum()))
    small = type(model)(shape, basis=model.kind, base=model.base, form=model.form)
    for new, old, before, after in zip(small.layers, model.layers, stays, stays[1:], strict=False):
        sums = [j for j in range(old.n_sums) if after[node_of_sum(old, j)]]
        _copy_edges(new, old, sums, np.flatnonzero(before))
    small.join()
    return small


def _at_least_one(nodes):
    """A layer cannot be empty: where no node matters, the first stays."""
    nodes[0] |= not nodes.any()
    return nodes


def _copy_edges(new, old, sums, inputs):
    """Give `new` the edges of `old` between these inputs and sums: grids, splines, formulas, biases."""
    places = np.ix_(sums, inputs)
    c, w_s, w_b = (None if part is None else part[places].copy() for part in (old.c, old.w_s, old.w_b))
    if old.snapped:
        new.kept[...] = old.kept[places]
        for (j, i), formula in old.formulas.items():
            if j in sums and i in inputs:
                place = sums.index(j), int(np.searchsorted(inputs, i))
                new.formulas[place] = EdgeFormula(formula.name, formula.params, formula.free)
        bias = old.snapped.bias[sums]
        if new.kept.all() and not new.formulas and isinstance(old.basis, BSpline) and w_s[:, 0].all():
            c[:, 0] += (bias / w_s[:, 0])[:, None]  # B-splines add up to 1: the constant can be theirs, as in a new KAN
        else:
            new.snapped = Snapped(new.kept, new.formulas)
            new.snapped.bias, new.snapped.pinned = bias, old.snapped.pinned[sums]
    new.use(type(old.basis)(old.basis.grid[inputs], old.basis.order))
    new.c[...], new.w_s[...] = c, w_s
    if new.base:
        new.w_b[...] = w_b
