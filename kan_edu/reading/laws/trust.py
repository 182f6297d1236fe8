"""When to believe a formula: what is left over, who else fits as well, and how short it is for what it explains."""

from typing import NamedTuple

import numpy as np

from kan_edu.reading.expressions.tree import Fun, Var, nodes, parameters, values

from .refine import cost, standard_errors
from .smooth import Smooth, few_values

ROUNDING = 1e-8   # of the spread of y: held-out errors below are rounding
MOST_NOISE = 0.3  # of the spread of y: with more noise than this nothing is claimed
LUCK = (0.2, 0.04)  # how likely a number may be simple by chance, in a formula without or with one free number
WORSE = 1.15      # times as large as on fitted samples is the error on held-out ones: the formula follows noise too
MARGIN = 10.0     # by so much the criterion of every other formula must be worse


class Verdict(NamedTuple):
    sure: bool
    reason: str


def judge(found, X, y, X_held, y_held, rivals):
    """Whether to believe `found` (a search.Found), with the reason in words; X, y were fitted, X_held, y_held not."""
    spread, tree = y.std(), found.tree
    held = np.sqrt(np.mean((values(tree, X_held) - y_held) ** 2)) / spread
    if not np.isfinite(held):
        return Verdict(False, "the formula has no value for some held-out samples")
    free, length = len(parameters(tree)), cost(tree)
    if held < ROUNDING:
        return _exact(tree, X, held)
    if held > MOST_NOISE:
        return Verdict(False, f"the best formula leaves {100 * held:.0f} % of the spread of y")
    if len(y) < 5 * length:
        return Verdict(False, f"{len(y)} samples are few for a formula of this length (cost {length:.0f})")
    left = structure(values(tree, X) - y, X)
    if left:
        return Verdict(False, f"what it leaves ({100 * held:.2g} % of the spread of y) is no noise: {left}")
    vague = [p for p, error in standard_errors(tree, X, y) if abs(p.value) < 30 * error]
    if free > 1 or vague:
        left = _left(held, tree, X, y)
        return Verdict(False, f"{left}, but {free} of its numbers are not simple: one of many that fit")
    luck = [p.chance for p in parameters(tree, free=False) if p.chance]
    if luck and (max(luck) > LUCK[free] or np.prod(luck) > LUCK[free] / 4):
        return Verdict(False, f"{_left(held, tree, X, y)}, but its simple numbers may be simple by chance")
    for rival in rivals:
        if rival.value < found.value + MARGIN and not same(rival.tree, tree, X):
            return Verdict(False, "another formula of similar length fits as well")
    return Verdict(True, f"only noise is left ({100 * held:.2g} % of the spread of y), and its numbers are simple")


def _exact(tree, X, held):
    """The verdict on what misses nothing: samples may be few, or the values of a column."""
    N, length = len(X), cost(tree)
    if length > N / 8:
        return Verdict(False, f"it is exact, but long (cost {length:.0f}) for {N} samples")
    full = [k for i, x in enumerate(X.T) if (k := _few(x)) and _functions(tree, i) >= max(2, (k - 1) / 2)]
    if full and parameters(tree):
        what = f"not all of its numbers are simple, and a column has {full[0]} different values only"
        return Verdict(False, f"it is exact, but {what}: one of many that fit")
    return Verdict(True, f"held-out samples agree to rounding ({held:.0e} of the spread of y)")


def _few(x):
    """How many values a column has that has few, else 0."""
    found = few_values(x)
    return 0 if found is None else len(found)


def _functions(tree, i):
    """How many different functions of input i a formula has, x_i itself among them."""
    found = set()
    for node in nodes(tree):
        for child in node.children:
            if isinstance(child, Var) and child.i == i:
                found.add((node.name, node.b.value, node.c.value) if isinstance(node, Fun) else "x")
    return len(found)


def _left(held, tree, X, y):
    """What is left of y, in words that claim no more than was seen: held-out and fitted errors may differ."""
    fitted = np.sqrt(np.mean((values(tree, X) - y) ** 2)) / y.std()
    if held > WORSE * fitted:
        more = f"{100 * held:.2g} % of the spread of y on held-out samples, {100 * fitted:.2g} % on fitted ones"
        return f"it leaves {more}"
    return f"nothing but noise is seen in what it leaves ({100 * held:.2g} % of the spread of y)"


def structure(r, X, most=2000):
    """In words, what residuals r (N,) still show of X (N, n); "" if they look like noise."""
    r, X = r[:most], X[:most]
    N, scaled = len(r), (X - X.mean(axis=0)) / X.std(axis=0)
    r = r - r.mean()
    distance = ((scaled[:, None] - scaled[None]) ** 2).sum(axis=2) if N <= 400 else None
    nearest = _nearest(scaled) if distance is None else (distance + np.diag(np.full(N, np.inf))).argmin(axis=1)
    correlation = r @ r[nearest] / (r @ r)
    if abs(correlation) > 6 / np.sqrt(N):  # two that are each other's nearest count twice: one sigma is 1.3 / sqrt(N)
        return f"the residuals of neighbours are correlated ({correlation:.2f})"
    smooth = Smooth(X, most=min(120, N // 6))
    sums = smooth.index.sum(axis=1)
    for degree in range(1, sums.max() + 1):
        A = smooth.A[:, sums <= degree]
        p = A.shape[1]
        explained = np.linalg.lstsq(A, r, rcond=None)[0]
        share = 1 - np.sum((r - A @ explained) ** 2) / (r @ r)
        excess = (share * N - p) / np.sqrt(2 * p * (1 - p / N))
        if excess > 4.5:
            return f"a polynomial of degree {degree} explains {100 * share:.0f} % of it"
    return ""


def _nearest(scaled, block=400):
    """The nearest other sample of each, (N,)."""
    out, squares = np.empty(len(scaled), dtype=int), (scaled**2).sum(axis=1)
    for start in range(0, len(scaled), block):
        rows = np.arange(start, min(start + block, len(scaled)))
        far = squares[rows, None] + squares - 2 * scaled[rows] @ scaled.T
        far[np.arange(len(rows)), rows] = np.inf
        out[rows] = far.argmin(axis=1)
    return out


def shape(tree):
    """The kinds of functions in a formula, without its numbers."""
    return sorted(node.name if isinstance(node, Fun) else type(node).__name__ for node in nodes(tree))


def same(one, other, X):
    """Whether two formulas are one: the same on the data and a little beyond, or the same but for their numbers."""
    wider = X.mean(axis=0) + 1.2 * (X - X.mean(axis=0))
    a, b = values(one, X), values(other, X)
    c, d = values(one, wider), values(other, wider)
    both = np.isfinite(c) & np.isfinite(d)
    close = max(np.abs(a - b).max(), np.abs((c - d)[both]).max() if both.any() else 0) < 1e-6 * a.std()
    return bool(close or shape(one) == shape(other))
