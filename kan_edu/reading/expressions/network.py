"""From a formula's tree to the KAN that it is, every edge with its formula, and back.

Each sum and each product of the tree is a node; a node stands one layer above the highest that it needs, and values
that are needed higher up are carried there by straight edges. An edge can carry one function only: where a sum needs
two of the same node, the second gets a node of its own.
"""

import copy

import numpy as np

from kan_edu.networks import grids
from kan_edu.networks.formulas.snapped import EdgeFormula, Snapped
from kan_edu.networks.kan import KAN

from .tree import Fun, Param, Prod, Sum, Var, nodes


def to_kan(tree, X):
    """A KAN with a formula on every edge that computes the tree; X (N, n), samples for its grids.

    The numbers that are free in the tree are free in the model, the others (simple or redundant ones) are not.
    """
    root = _split(copy.deepcopy(tree))
    root = root if isinstance(root, Sum) else Sum([(Param(1, False), root)])
    height, layers = _layers(root, X.shape[1])
    shape = [X.shape[1], *[(len(sums), len(products)) for sums, products in layers]]
    model = KAN(shape, G=1, k=1, base=False)
    below = {("var", i): i for i in range(X.shape[1])}
    for number, (sums, products) in enumerate(layers):
        rows = [_row(node, below, height, number) for node in sums]
        for node in products:
            rows += [_row(factor, below, height, number, True) for factor in node.children]
        _fill(model.layers[number], rows)
        below = {_key(node): q for q, node in enumerate([*sums, *products])}
    model.join()
    grids.update(model, X)
    return model


def _key(node):
    return ("var", node.i) if isinstance(node, Var) else id(node)


def _split(node):
    """Products of two factors only, and no sum that needs two functions of one node."""
    for child in list(nodes(node)):
        if isinstance(child, Prod):
            child.children = _two(child.children)
        if isinstance(child, Sum):
            seen, terms = set(), []
            for a, c in child.terms:
                source = _key(c.child if isinstance(c, Fun) else c)
                if source in seen:
                    c = Sum([(Param(1, False), c)])
                seen.add(source)
                terms.append((a, c))
            child.terms = terms
    if isinstance(node, Prod) and len(node.children) == 1:
        return node.children[0]
    return node


def _two(children):
    while len(children) > 2:
        children = [Prod(children[:2]), *children[2:]]
    return children


def _layers(root, n):
    """({key: height}, [(sums, products)] for each layer above the inputs)."""
    height, users = {}, {}

    def visit(node):
        if isinstance(node, Var):
            return 0
        if _key(node) not in height:
            below = [_source(term) for term in _edges(node)]
            height[_key(node)] = 1 + max(visit(source) for source in below)
        for source in [_source(term) for term in _edges(node)]:
            users.setdefault(_key(source), (source, []))[1].append(height[_key(node)])
        return height[_key(node)]

    top = visit(root)
    layers = []
    for level in range(1, top + 1):
        here = [s for key, (s, above) in users.items() if height.get(key, 0) <= level < max(above)]
        here = here if level < top else [root]
        at_home = [s for s in here if isinstance(s, Prod) and height[_key(s)] == level]
        layers.append(([s for s in here if s not in at_home], at_home))
    return height, layers


def _edges(node):
    """[(weight or None, child)] of the rows of a node: of a sum, or of both factors of a product."""
    if isinstance(node, Sum):
        return node.terms
    if isinstance(node, Prod):
        rows = [child.terms if isinstance(child, Sum) else [(None, child)] for child in node.children]
        return [edge for row in rows for edge in row]
    return [(None, node)]


def _source(edge):
    child = edge[1]
    return child.child if isinstance(child, Fun) else child


def _row(node, below, height, number, factor=False):
    """(bias Param, [(input, name, a, b, c Params)]) of one sum of layer `number`."""
    if not factor and (isinstance(node, Var) or height.get(_key(node), 0) <= number):  # carried
        return Param(0, False), [(below[_key(node)], "x", *_straight())]
    edges, bias = (node.terms, node.bias) if isinstance(node, Sum) else ([(Param(1, False), node)], Param(0, False))
    row = []
    for a, child in edges:
        if isinstance(child, Fun):
            row.append((below[_key(child.child)], child.name, a, child.b, child.c))
        else:
            row.append((below[_key(child)], "x", a, *_straight()[1:]))
    return bias, row


def _straight():
    return Param(1, False), Param(1, False), Param(0, False)


def _fill(layer, rows):
    """Put rows into a KAN layer: every other edge is removed."""
    layer.kept[...] = False
    for j, (_, row) in enumerate(rows):
        for i, name, *numbers in row:
            layer.kept[j, i] = True
            layer.formulas[(j, i)] = EdgeFormula(name, [p.value for p in numbers], [p.free for p in numbers])
    layer.snapped = Snapped(layer.kept, layer.formulas)
    layer.use(layer.basis)  # room for the new parameters
    layer.snapped.bias[...] = [bias.value for bias, _ in rows]
    layer.snapped.pinned[...] = [not bias.free for bias, _ in rows]


def to_tree(model):
    """The tree of a one-output KAN whose edges are all formulas or removed. ValueError for a spline, and says where."""
    values = [Var(i) for i in range(model.widths[0])]
    for number, layer in enumerate(model.layers):
        rows = [_sum(layer, number, j, values) for j in range(layer.n_sums)]
        p = model.products[number]
        s = layer.n_sums - 2 * p
        values = rows[:s] + [Prod(rows[s + 2 * q : s + 2 * q + 2]) for q in range(p)]
    if len(values) != 1:
        raise ValueError(f"the model has {len(values)} outputs; a formula is read for a model with one")
    return values[0]


def _sum(layer, number, j, values):
    terms = []
    for i in np.flatnonzero(layer.kept[j]):
        formula = layer.formulas.get((j, int(i)))
        if formula is None:
            edge = (number, j, int(i))
            raise ValueError(f"edge {edge} has no formula yet: model.set_formula({edge}, name), or remove_edge it")
        a, b, c = formula.params
        child = values[i]
        if formula.name != "x":
            child = Fun(formula.name, child, b, c)
            child.b.free, child.c.free = bool(formula.free[1]), bool(formula.free[2])
        terms.append((Param(a, bool(formula.free[0])), child))
    snapped = layer.snapped
    free = snapped is not None and not snapped.pinned[j]
    bias = Param(float(snapped.bias[j]) if snapped is not None else 0.0, free)
    if len(terms) == 1 and terms[0][0].value == 1 and not terms[0][0].free and bias.value == 0 and not bias.free:
        return terms[0][1]
    return Sum(terms, bias)
