"""A law from few samples, such as eight planets, or of columns with few values, such as -1 and 1.

Few samples are too few for a smooth model, so functions are tried as they are. On few values many functions are one
(z^3 = 1/z = z where z is -1 or 1), so powers come first: k values ask for k - 1 of them, two values for z alone.
"""

import numpy as np

from kan_edu.reading.expressions.tidy import power
from kan_edu.reading.expressions.tree import Prod, Sum, Var

from .assemble import formulas, sparse
from .atoms import Atom, Line
from .outer import undone
from .smooth import exponents, few_values

FEW = 100  # samples, up to which this is done
TRIED = 12  # functions of a single input, behind each outer function
DEGREE, MOST_PRODUCTS = 3, 60  # of the sums of powers: their total degree, and how many products one is chosen from


def sketches(V, y):
    """Trees for y (N,) as functions of V (N, m), the nearest behind each outer function first: (outer, tree)."""
    m = V.shape[1]
    for behind in undone(y):
        choices = [_single(x, behind.z, behind.weights) if m == 1 else _plain(x) for x in V.T]
        for _, tree in formulas(choices, V, behind, [tuple(range(m))], most=5, tried=600):
            yield behind.outer.family, tree


def _single(x, z, w):
    """The functions of x that come nearest to z, on the samples: [(score, [Atom])]."""
    line = Line.at(x, w**2)
    U = (z - z @ line.mean)[:, None] * np.sqrt(line.mean)[:, None]
    U = U / np.linalg.norm(U)
    atoms = [atom for level in range(3) for atom in line.nearest(U, level, keep=1)]
    return [(atom.distance, [atom]) for atom in sorted(atoms, key=lambda atom: atom.distance)[:TRIED]]


def _plain(x):
    """All functions of x that have no number in them."""
    plain = [kind for kind in Line.at(x, np.ones_like(x)).levels[0] if not kind.free]
    with np.errstate(all="ignore"):
        fine = [kind for kind in plain if np.isfinite(kind.values(x, kind.starts)).all()]
    return [(kind.cost, [Atom(kind, kind.starts[0])]) for kind in fine]


def powers(X, y):
    """Sums of products of powers of the columns of X (N, n), by linear least squares, the lowest degree first.

    Yields (tree, bent), the degree rising to 3. A column of k values enters with k - 1 powers at most; bent: one with
    few values does so with more than the first, so that the powers may stand for another function.
    """
    n, many = X.shape[1], np.array([len(np.unique(x)) for x in X.T])
    for degree in range(1, DEGREE + 1):
        rows = exponents(n, degree)
        rows = rows[(rows < many).all(axis=1)]
        if degree > 1 and len(rows) > min(MOST_PRODUCTS, len(y) // 4):
            return
        V = np.stack([np.prod(X**row, axis=1) for row in rows], axis=1)
        kept, a, _ = sparse(V, y, np.ones(len(y)))
        terms = [(a[k], _product(rows[k])) for k in reversed(kept) if k]
        if terms:
            bent = any(rows[kept, i].max() > 1 for i in range(n) if few_values(X[:, i]) is not None)
            yield Sum(terms, bias=a[0] if 0 in kept else None), bent


def _product(row):
    factors = [Var(i) if p == 1 else power(Var(i), p) for i, p in enumerate(row) if p]
    return factors[0] if len(factors) == 1 else Prod(factors)
