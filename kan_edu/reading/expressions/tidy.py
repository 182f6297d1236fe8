"""The same formula, shorter: exp(-log b + u) is exp(u) / b, sqrt(b^2 u) is b sqrt(u), a f - f is f (a - 1).

Every step keeps the values; none is taken for what a step would have to know, such as the sign of b.
"""

import copy

import numpy as np

from .tree import Fun, Param, Prod, Sum, Var, nodes

EXPONENT = {"x": 1, "x^2": 2, "x^3": 3, "x^4": 4, "1/x": -1, "1/x^2": -2, "1/x^3": -3,
            "sqrt": 0.5, "1/sqrt": -0.5, "x^1.5": 1.5, "1/x^1.5": -1.5}  # fmt: skip
NAME = {p: name for name, p in EXPONENT.items()}


def tidy(tree, positive=()):
    """A shorter tree with the same values wherever the given one has values; positive: inputs that are, such as {0, 2}.

    >>> from kan_edu.reading.expressions.printing import text
    >>> text(tidy(power(Prod([power(Var(0), 2), Var(1)]), 0.5), {0}), ["a", "b"])
    'a*sqrt(b)'
    """
    tree = copy.deepcopy(tree)
    outer = getattr(tree, "outer", False)
    for _ in range(5):
        before = _size(tree)
        tree = _tidy(tree, positive)
        if _size(tree) == before:
            break
    if outer and isinstance(tree, Sum):
        tree.outer = False
    return tree


def _size(tree):
    return sum(1 for _ in nodes(tree)), [type(n).__name__ for n in nodes(tree)]


def _tidy(node, positive):
    """Children first, then the node itself; shared nodes stay shared enough for their values."""
    if isinstance(node, Sum):
        node.terms = [(a, _tidy(child, positive)) for a, child in node.terms]
        return _common_factor(_one(node))
    if isinstance(node, Prod):
        node.children = [_tidy(child, positive) for child in node.children]
        return _flat(node)
    if isinstance(node, Fun):
        node.child = _tidy(node.child, positive)
        node.children = [node.child]
        return _no_logarithm(_of_powers(_from_root(node, positive)))
    return node


def _one(node):
    """A sum of one plain term is the term."""
    if isinstance(node, Sum) and len(node.terms) == 1 and node.bias.value == 0 and not node.bias.free:
        a, child = node.terms[0]
        if a.value == 1 and not a.free:
            return child
    return node


def _flat(node):
    children = [q for child in node.children for q in (child.children if isinstance(child, Prod) else [child])]
    children = [q for q in children if not _is_one(q)] or children[:1]
    return children[0] if len(children) == 1 else Prod(children)


def _is_one(node):
    """exp(0 x) and cos(0 x), which are left where a number became 0."""
    if not isinstance(node, Fun) or node.b.free or node.c.free or node.b.value:
        return False
    return float(node.family.f(np.float64(node.c.value))) == 1


def _factors(node):
    return node.children if isinstance(node, Prod) else [node]


def _bare(fun):
    return isinstance(fun, Fun) and fun.name in EXPONENT and fun.b.value == 1 and fun.c.value == 0 and not fun.c.free


def _of_powers(node):
    """(1/u)^-1 is u, and (v (1/u))^-1 is u / v: only whole powers, whose signs come right by themselves."""
    if not _bare(node) or EXPONENT[node.name] != round(EXPONENT[node.name]):
        return node
    p, made = EXPONENT[node.name], []
    if not isinstance(node.child, Prod) and not _bare(node.child):
        return node
    for factor in _factors(node.child):
        base, q = (factor.child, EXPONENT[factor.name]) if _bare(factor) else (factor, 1)
        if p * q not in NAME:
            return node
        made.append(base if p * q == 1 else power(base, p * q))
    return _flat(Prod(made))


def _from_root(node, positive):
    """sqrt(v^2 u) = v sqrt(u) for an input v that is positive."""
    if not (_bare(node) and node.name in ("sqrt", "1/sqrt") and isinstance(node.child, Prod)):
        return node
    out, kept = [], []
    for factor in node.child.children:
        base = factor.child if _bare(factor) else factor
        p = EXPONENT[node.name] * (EXPONENT[factor.name] if _bare(factor) else 1)
        if isinstance(base, Var) and base.i in positive and p in NAME:
            out.append(base if p == 1 else power(base, p))
        else:
            kept.append(factor)
    if not out:
        return node
    return _flat(Prod([*out, *([power(_flat(Prod(kept)), EXPONENT[node.name])] if kept else [])]))


def power(base, p):
    """base^p as a node, for an exponent p that has a name."""
    made = Fun(NAME[p], base)
    made.c.fix(0, "0")
    return made


def _no_logarithm(node):
    """exp(u + p log v) = v^p exp(u), for whole and half p that have a name."""
    if not (isinstance(node, Fun) and node.name == "exp" and isinstance(node.child, Sum)):
        return node
    kept, powers = [], []
    for a, child in node.child.terms:
        plain = isinstance(child, Fun) and child.name == "log" and not a.free and node.b.value == 1
        if plain and a.value in NAME:
            inside = child.child
            if child.c.value or child.b.value != 1:
                inside = Sum([(child.b, child.child)], child.c)
            powers.append(inside if a.value == 1 else power(inside, a.value))
        else:
            kept.append((a, child))
    if not powers:
        return node
    bias = node.child.bias
    if kept or bias.value or bias.free:
        rest = Fun("exp", Sum(kept, bias))
        rest.b, rest.params[0] = node.b, node.b
        powers = [*powers, rest]
    return _flat(Prod(powers))


def _common_factor(node):
    """f a - f b = f (a - b) where every term has the factor f and there is no constant."""
    if not isinstance(node, Sum) or len(node.terms) < 2 or node.bias.value or node.bias.free:
        return node
    common = [f for f in _factors(node.terms[0][1]) if all(any(f is g for g in _factors(c)) for _, c in node.terms)]
    if not common:
        return node
    terms, bias = [], Param(0, False)
    for a, child in node.terms:
        rest = [g for g in _factors(child) if not any(g is f for f in common)]
        if rest:
            terms.append((a, _flat(Prod(rest))))
        elif bias.value == 0:
            bias = a
        else:
            return node
    return Prod([*common, Sum(terms, bias)])
