"""Your own data in an app that trains: scaled to what a KAN expects, a fifth of the rows held out."""

from typing import NamedTuple

import numpy as np

from kan_edu.data.own import own_table
from kan_edu.data.tables import split, standardise, to_box
from kan_edu.seeing.canvas import check_drawable

MOST_ROWS, MOST_COLUMNS = 2000, 8   # so many are trained on within a picture's time; so many curves can be told apart


class OwnData(NamedTuple):
    """Rows to train on, and others that are not trained on; inputs fill [-1, 1], y has mean 0 and spread 1."""

    X: np.ndarray       # (N, n)
    Y: np.ndarray       # (N, 1)
    X_new: np.ndarray   # (M, n), scaled as X
    Y_new: np.ndarray   # (M, 1)
    mean: float         # of y
    spread: float       # its standard deviation: y = mean + spread * Y
    columns: tuple      # names of the inputs
    target: str         # the name of y
    told: str           # what was read, in words

    def unscaled(self, Y):
        """Values of y (N,) in their own unit, from outputs (N, 1)."""
        return self.mean + self.spread * Y[:, 0]


def own_data(data):
    """The OwnData of what `own_table` takes; ValueError for more columns or larger numbers than a picture can show.

    Of more than 2,000 rows so many are drawn, the same each time.
    """
    table = own_table(data)
    N, n = table.X.shape
    if n > MOST_COLUMNS:
        raise ValueError(f"{table.name} has {n} columns of inputs; an app shows at most {MOST_COLUMNS}: leave the "
                         "others out")  # fmt: skip
    check_drawable(table.y, table.target)
    some = np.sort(np.random.default_rng(0).permutation(N)[:MOST_ROWS])
    X, X_new, y, y_new = split(table.X[some], table.y[some])
    X, X_new, _, _ = to_box(X, X_new)
    y, y_new, mean, spread = standardise(y, y_new)
    dropped = f", {table.dropped} with missing values left out" if table.dropped else ""
    drawn = f", {MOST_ROWS} of them drawn at random" if N > MOST_ROWS else ""
    return OwnData(X, y[:, None], X_new, y_new[:, None], float(mean), float(spread), table.columns, table.target,
                   f"{table.name}: {N} rows{dropped}{drawn}")  # fmt: skip
