"""Ways to look at the inputs: two of them may enter only as x_i + k x_j, or as x_i x_j^k; or in groups that add up."""

import numpy as np

from kan_edu.reading.expressions.tree import Fun, Prod, Sum

from .smooth import Smooth

POWERS = {1.0: "x", -1.0: "1/x", 2.0: "x^2", -2.0: "1/x^2", 0.5: "sqrt", -0.5: "1/sqrt"}
ENOUGH = 0.08  # share of a slope that may be left over when two slopes are to be proportional
GROUPS = {3: [[(0, 1), (2,)], [(0, 2), (1,)], [(1, 2), (0,)]],
          4: [[(0, 1), (2, 3)], [(0, 2), (1, 3)], [(0, 3), (1, 2)],
              [(0, 1, 2), (3,)], [(0, 1, 3), (2,)], [(0, 2, 3), (1,)], [(1, 2, 3), (0,)]]}  # fmt: skip


def views(X, y, trees):
    """Yields (V (N, m), a tree for each column, groups): fewer inputs first, then all, then richer ones.

    groups is None, a list of groups that add up, or "product": a function of each column, multiplied.
    """
    reduced = list(_reduced(X, y, trees))
    for V, combined in reversed(reduced):
        yield V, combined, None
    yield X, trees, None
    for V, combined in [*reversed(reduced), (X, trees)]:
        for groups in GROUPS.get(V.shape[1], []):
            yield V, combined, groups
    if X.shape[1] <= 3:
        yield from _kept(X, trees)


def _reduced(X, y, trees):
    """Join pairs of inputs as long as their slopes are proportional."""
    while X.shape[1] > 1:
        pair = _best_pair(X, y)
        if pair is None:
            return
        kind, i, j, k = pair
        column, tree = _joined(kind, X[:, i], X[:, j], k, trees[i], trees[j])
        keep = [q for q in range(X.shape[1]) if q not in (i, j)]
        X = np.column_stack([X[:, keep], column])
        trees = [trees[q] for q in keep] + [tree]
        yield X, trees


def _joined(kind, x, y, k, left, right):
    if kind == "sum":
        return x + k * y, Sum([(1.0, left), (k, right)]) if k not in (1, -1) else _plain_sum(left, right, k)
    power = POWERS[k]
    if power == "x":
        return x * y, Prod([left, right])
    fun = Fun(power, right)
    fun.c.free = False
    return x * fun.family.f(y), Prod([left, fun])


def _plain_sum(left, right, k):
    tree = Sum([(1.0, left), (float(k), right)])
    for a, _ in tree.terms:
        a.free = False
    return tree


def _best_pair(X, y):
    """("sum" or "product", i, j, k) of the pair whose slopes are most nearly proportional, or None."""
    smooth = Smooth(X)
    slopes, t = smooth.slopes(smooth.fit(y, np.ones(len(y)))[0], X)
    few = np.array([values is not None for values in smooth.few])
    inner = ((np.abs(t) < 0.85) | few).all(axis=1)
    found = []
    for kind, S in (("sum", slopes[inner]), ("product", (slopes * X)[inner])):
        if len(S) < 20 or (kind == "product" and (X <= 0).any()):
            continue
        norm = np.sqrt((S * S).sum(axis=0)) + 1e-300
        for i in range(X.shape[1]):
            for j in range(X.shape[1]):
                k = S[:, i] @ S[:, j] / norm[i] ** 2
                left = np.sqrt(((S[:, j] - k * S[:, i]) ** 2).sum()) / norm[j]
                near = min(POWERS, key=lambda q: abs(q - k)) if kind == "product" else float(round(k)) or k
                fits = abs(near - k) < 0.05 * abs(near)
                if i != j and left < ENOUGH and abs(k) <= 1.1 and (fits or kind == "sum"):
                    found.append((left + 0.02 * (not fits), kind, i, j, near if fits else k))
    return min(found)[1:] if found else None


def _kept(X, trees):
    """Views in which x_i makes way for x_i x_j, x_i / x_j, x_i + x_j or x_i - x_j, while x_j stays."""
    n = X.shape[1]
    for i in range(n):
        for j in range(n):
            if i == j:
                continue
            for kind, k in (("product", 1.0), ("product", -1.0), ("sum", 1.0), ("sum", -1.0)):
                if kind == "product" and (X[:, j] <= 0).any():
                    continue
                column, tree = _joined(kind, X[:, i], X[:, j], k, trees[i], trees[j])
                V = X.copy()
                V[:, i] = column
                yield V, [tree if q == i else trees[q] for q in range(n)], "product"
