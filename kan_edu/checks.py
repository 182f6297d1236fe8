"""Questions asked of data before any mathematics is done with them, and the words of refusal."""

import numpy as np


def check_matrix(X, name="X", columns=None, hint=""):
    """Return X as a float64 matrix of shape (N, n), or say what is wrong with it.

    Raises ValueError when X is not two-dimensional, is empty, has a number of columns other than
    `columns`, or holds NaN or inf; `hint` ends the message about columns (which model expected them).
    """
    try:
        X = np.asarray(X, dtype=float)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} could not be read as numbers ({error}); pass an array of shape (N, n)") from None
    if X.ndim != 2:
        raise ValueError(
            f"{name} has shape {X.shape}; expected two dimensions (N, n)"
            f"{'; use x[:, None] for N samples of one number' if X.ndim == 1 else ''}"
        )
    if columns is not None and X.shape[1] != columns:
        raise ValueError(f"{name} has {X.shape[1]} columns, expected {columns}{' ' + hint if hint else ''}")
    if X.size == 0:
        raise ValueError(f"{name} is empty (shape {X.shape}); pass at least one sample")
    check_finite(X, name)
    return X


def check_finite(X, name="X"):
    """Raise a ValueError that counts the NaN and inf of an array and names where the first one is."""
    if np.isfinite(X).all():
        return
    bad = ~np.isfinite(X)
    first = tuple(int(i) for i in np.argwhere(bad)[0])
    raise ValueError(
        f"{name} holds {int(bad.sum())} values that are NaN or inf (the first at index {first}); "
        "drop those rows or fill them in first"
    )


def check_slope(dY, shape):
    """Return dL/dY as an array, or raise a ValueError unless it has the shape of the output that it belongs to."""
    dY = np.asarray(dY, dtype=float)
    if shape is None:
        raise ValueError("there is no output to go back from: call forward before backward")
    if dY.shape != shape:
        raise ValueError(f"dL/dY has shape {dY.shape}; expected {shape}, that of the output of the last forward")
    return dY


def check_integer(value, name, least):
    """Return value as an int >= least, or raise a ValueError that names it."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < least:
        raise ValueError(f"{name} is {value!r}; expected a whole number >= {least}")
    return int(value)


def check_range(lo, hi):
    """Return (lo, hi) as floats, or raise a ValueError unless both are finite and lo < hi."""
    if not (np.isfinite(lo) and np.isfinite(hi) and lo < hi):
        raise ValueError(f"the range is [{lo}, {hi}]; expected two finite numbers with lo < hi")
    return float(lo), float(hi)
