"""A law from few samples, such as eight planets: too few for a smooth model, so functions are tried as they are."""

import numpy as np

from .assemble import formulas
from .atoms import Atom, Line
from .outer import undone

FEW = 100  # samples, up to which this is done
TRIED = 12  # functions of a single input, behind each outer function


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
