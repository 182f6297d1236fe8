"""What stands in a table and is no number, refused by the name of its column, before scikit-learn looks at it.

scikit-learn would take dates for whole numbers (microseconds in one table, nanoseconds in the next) and what lies under
a mask for measured. Words it refuses, but says of no column that they are there. Numerals stored as text and cells that
are missing it knows.
"""

import numpy as np

from kan_edu.checks.arguments import shown
from kan_edu.checks.arrays import DATES, SPANS, as_array, is_missing

WORDS = "in a pipeline, make_column_transformer((OneHotEncoder(), [its name]), remainder='passthrough') makes them"
CLASSES = "KANClassifier learns classes that are words"


def check_columns(X):
    """ValueError for a column of X that holds dates, lengths of time or words, or for values under a mask.

    X   what came for (N, n): a table of pandas or polars, an array, rows in a list

    >>> check_columns(np.array([["1"], ["north"]], dtype=object))  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ValueError: column 0 of X holds 'north'; expected numbers: in a pipeline, ...
    """
    _check_mask(X, "X")
    if hasattr(X, "columns") and hasattr(X, "dtypes"):
        for name in X.columns:
            _check_cells(np.asarray(X[name]), f"column {name!r} of X", WORDS)
    elif isinstance(X, np.ndarray) and X.ndim == 2 and X.dtype.kind in "OMm":
        for i, x in enumerate(X.T):
            _check_cells(x, f"column {i} of X", WORDS)


def check_targets(y):
    """ValueError for y of dates, lengths of time or words, where numbers are expected, or with values under a mask.

    TypeError for a sparse matrix, as scikit-learn raises it for X.
    """
    if hasattr(y, "toarray"):
        raise TypeError("y is sparse; expected an array of numbers: y.toarray()")
    _check_mask(y, "y")
    if hasattr(y, "dtype") or hasattr(y, "columns"):
        _check_cells(np.asarray(y), "y", CLASSES)


def check_classes(y):
    """ValueError for y with values under a mask, or with a class that is missing: None, NaN or NA among words."""
    _check_mask(y, "y")
    if y is None:
        return
    # As objects: NumPy makes the word "nan" of a NaN that stands in a list of words.
    cells = np.atleast_1d(np.asarray(y, dtype=object if isinstance(y, list | tuple) else None))
    lost = [i for i, cell in enumerate(cells if cells.dtype.kind == "O" else ()) if is_missing(cell)]
    if lost:
        raise ValueError(f"y holds no class for {len(lost)} of {len(cells)} rows, {shown(cells[lost[0]])} in row "
                         f"{lost[0]}; drop these rows, or give what is missing a name of its own")  # fmt: skip


def _check_mask(x, name):
    if np.ma.isMaskedArray(x):
        as_array(x, name)


def _check_cells(cells, where, advice):
    """ValueError for what is no number and what float() does not read, unless it is missing or of an unknown kind."""
    kinds = {"M": ("dates", DATES), "m": ("lengths of time", SPANS)}
    if cells.dtype.kind in kinds:
        what, instead = kinds[cells.dtype.kind]
        raise ValueError(f"{where} holds {what}; expected numbers: {instead}")
    for cell in cells.flat if cells.dtype.kind in "OUST" else ():
        cell = cell.item() if isinstance(cell, np.character) else cell  # 'north' for np.str_('north')
        instead = _instead(cell, advice)
        if instead is not None:
            raise ValueError(f"{where} holds {shown(cell)}; expected numbers: {instead}")


def _instead(cell, advice):
    """What to do with a cell that is a date, a length of time or a word; None for all others, numerals too."""
    if hasattr(cell, "year") or isinstance(cell, np.datetime64):
        return DATES
    if hasattr(cell, "total_seconds") or isinstance(cell, np.timedelta64):
        return SPANS
    if not isinstance(cell, str | bytes):
        return None
    try:
        float(cell)
    except ValueError:
        return advice
