"""Cells of a table so far from all others that a grid over them has no room for the rest: -9999 for "not measured"."""

import warnings
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np

from kan_edu.checks.arguments import counted

FEWEST = 30  # rows: with fewer, nothing tells a stray cell from the next one
TAIL = 0.1  # of the rows, at each end of a column: so many may be strays
FAR = 10  # ranges of the others: honest tails, exponential or lognormal, have no gap like that


class StrayCells(UserWarning):
    """A few cells of a column lie far from all others, of which little can be learnt then: a sentinel, or a slip."""


_told = ContextVar("told", default=False)


@contextmanager
def told():
    """A `with` block in which nobody is warned of strays again: whoever knows the names of the columns has done it."""
    token = _told.set(True)
    try:
        yield
    finally:
        _told.reset(token)


def bulk(x):
    """(lo, hi) of the values x (N,) without strays: the ends of all, unless there is a gap of 10 ranges on the way out.

    The range is that of the middle 80 %; a column that is constant there has no measure of what is far.

    >>> bulk(np.append(np.linspace(0, 1, 99), -9999.0))
    (0.0, 1.0)
    """
    s = np.sort(x)
    tail = int(TAIL * len(s))
    middle = s[tail : len(s) - tail]
    if len(s) < FEWEST or middle[0] == middle[-1]:
        return float(s[0]), float(s[-1])
    return -_edge(-s[::-1], -middle[-1], tail), _edge(s, middle[0], tail)


def _edge(s, lo, tail):
    """Going up the sorted values from their middle, which begins at lo: the last one before the first wide gap."""
    upper = s[len(s) - tail - 1 :]
    with np.errstate(over="ignore"):
        wide = np.diff(upper) > FAR * (upper[:-1] - lo)
    return float(upper[wide.argmax()] if wide.any() else upper[-1])


def warn_of_strays(X, Y=None, inputs=None, outputs=None, stacklevel=3):
    """One StrayCells warning that names each column of X (N, n_in) and Y (N, n_out) with cells far from all others.

    inputs, outputs   names of the columns, or None: column 0 of X
    """
    if _told.get():
        return
    tables = [("X", X, inputs)] + ([] if Y is None else [("Y", Y, outputs)])
    found = [words for name, table, names in tables for words in _strays(name, table, names)]
    if found:
        warnings.warn(f"{'; '.join(found)}. A grid, or a scale, that reaches so far leaves next to nothing for the "
                      "other rows. Mend these cells, or drop their rows; if they stand for a missing value, mark them "
                      "as missing (an empty cell, NaN) and drop or fill them before training; if they are right and "
                      "the column has a long tail, take its logarithm",
                      StrayCells, stacklevel=stacklevel)  # fmt: skip


def _strays(table, X, names):
    """What there is to say of each column of X (N, n) that has strays."""
    for i, x in enumerate(X.T):
        lo, hi = bulk(x)
        far = x[(x < lo) | (hi < x)]
        if len(far):
            column = f"column {i} of {table}" if names is None else f"column {str(names[i])!r}"
            values = ", ".join(f"{value:g}" for value in np.unique(far)[:3]) + ", ..." * (len(np.unique(far)) > 3)
            with np.errstate(over="ignore"):
                times = np.maximum(lo - far, far - hi).min() / (hi - lo)
            yield (f"{column} has {counted(len(far), 'cell')} far from all others: {values}, where the other "
                   f"{len(x) - len(far)} lie in [{lo:g}, {hi:g}]: {times:.3g} times their range away")  # fmt: skip
