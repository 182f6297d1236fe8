"""A formula while it is being read: a small tree of sums, products and functions of one variable, as a KAN has them.

    Var(i)                    input number i
    Fun(name, child, b, c)    f(b u + c), f one of `FAMILIES`
    Sum(terms, bias)          bias + sum_k a_k u_k, terms = [(a_k, child), ...]
    Prod(children)            u_1 u_2 ...

A node may be used in several places (a function of x_1 that two products share), so that its numbers count once.
Every number is a `Param`, free or fixed. Each node computes its values and, directly below, hands the slope
D = dy/d(node) down: a parameter's column of the Jacobian is what reaches it.
"""

import copy

import numpy as np

from kan_edu.networks.formulas.families import FAMILIES


class Param:
    """A number in a formula; `text` is its exact name (such as "1/(4*pi)") once it was recognised, else "".

    chance: how likely any number would have been that near to one as simple; None where that was not asked.
    """

    def __init__(self, value, free=True, text=""):
        self.value, self.free, self.text, self.chance = float(value), free, text, None

    def fix(self, value, text="", chance=None):
        self.value, self.free, self.text, self.chance = float(value), False, text, chance


class Var:
    def __init__(self, i):
        self.i, self.params, self.children = i, [], []

    def forward(self, X):
        return X[:, self.i]

    def backward(self, D, columns):
        """Nothing below an input."""


class Fun:
    def __init__(self, name, child, b=1.0, c=0.0):
        self.name, self.child, self.children, self.family = name, child, [child], FAMILIES[name]
        self.b, self.c = Param(b, self.family.scales), Param(c, self.family.shifts)
        self.params = [self.b, self.c]

    def forward(self, X):
        self.u = self.child.forward(X)
        self.w = self.b.value * self.u + self.c.value
        return np.where(self.family.valid(self.w), self.family.f(self.w), np.nan)

    def backward(self, D, columns):
        D = D * self.family.slope(self.w)
        add(columns, self.b, D * self.u)
        add(columns, self.c, D)
        self.child.backward(D * self.b.value, columns)


class Sum:
    def __init__(self, terms, bias=None):
        self.terms = [(a if isinstance(a, Param) else Param(a), child) for a, child in terms]
        self.bias = Param(0, False) if bias is None else bias if isinstance(bias, Param) else Param(bias)

    @property
    def children(self):
        return [child for _, child in self.terms]

    @property
    def params(self):
        return [self.bias, *[a for a, _ in self.terms]]

    def forward(self, X):
        self.u = [child.forward(X) for _, child in self.terms]
        y = np.full(len(X), self.bias.value)
        for (a, _), u in zip(self.terms, self.u, strict=True):
            y += a.value * u
        return y

    def backward(self, D, columns):
        add(columns, self.bias, D)
        for (a, child), u in zip(self.terms, self.u, strict=True):
            add(columns, a, D * u)
            child.backward(D * a.value, columns)


class Prod:
    def __init__(self, children):
        self.children, self.params = list(children), []

    def forward(self, X):
        self.u = [child.forward(X) for child in self.children]
        return np.prod(self.u, axis=0)

    def backward(self, D, columns):
        for q, child in enumerate(self.children):
            child.backward(D * np.prod([u for r, u in enumerate(self.u) if r != q], axis=0), columns)


def add(columns, param, column):
    """Add a column (N,) of the Jacobian to what a free number has already; a number may stand in several places."""
    if param.free:
        columns[param] = columns[param] + column if param in columns else column


def nodes(tree, seen=None):
    """The tree's nodes, each once and before its children."""
    seen = set() if seen is None else seen
    if id(tree) not in seen:
        seen.add(id(tree))
        yield tree
        for child in tree.children:
            yield from nodes(child, seen)


def parameters(tree, free=True):
    """The tree's Params, only the free ones or all."""
    return [p for node in nodes(tree) for p in node.params if p.free or not free]


def values(tree, X):
    """X (N, n) -> (N,); NaN where a function is asked outside its domain."""
    with np.errstate(all="ignore"):
        return tree.forward(X)


class Problem:
    """What Levenberg-Marquardt asks: residuals (N,) and Jacobian (N, P) of a tree on X (N, n), y (N,)."""

    def __init__(self, tree, X, y, scale=1.0):
        self.tree, self.X, self.y, self.scale = tree, X, y, scale * np.sqrt(len(y))
        self.params = parameters(tree)
        self.theta = np.array([p.value for p in self.params])

    def _set(self):
        for p, value in zip(self.params, self.theta, strict=True):
            p.value = float(value)

    def residuals(self):
        self._set()
        return (values(self.tree, self.X) - self.y) / self.scale

    def jacobian(self):
        self._set()
        columns = {}
        with np.errstate(all="ignore"):
            self.tree.forward(self.X)
            self.tree.backward(np.full(len(self.y), 1 / self.scale), columns)
        J = np.stack([columns[p] for p in self.params], axis=1)
        return np.where(np.isfinite(J), J, 0.0)


def replace_inputs(tree, replacements):
    """A copy of the tree in which Var(i) is replacements[i], itself a tree."""
    tree = copy.deepcopy(tree)
    if isinstance(tree, Var):
        return replacements[tree.i]
    for node in list(nodes(tree)):
        if isinstance(node, Sum):
            node.terms = [(a, _put(child, replacements)) for a, child in node.terms]
        elif isinstance(node, Fun):
            node.child = _put(node.child, replacements)
            node.children = [node.child]
        elif isinstance(node, Prod):
            node.children = [_put(child, replacements) for child in node.children]
    return tree


def _put(child, replacements):
    return replacements[child.i] if isinstance(child, Var) else child
