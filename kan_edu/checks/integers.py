"""The door for whole numbers in arrays, where a float would lose their last digits."""

import numpy as np

from .arguments import check_integer, shown
from .arrays import as_array


def integers(x, name, least, most, dtype=np.int64, advice="pass whole numbers of type int"):
    """Return x as an array of dtype (int64, or object for Python's integers), of the shape that it has.

    Raises ValueError for floats, which are exact to 53 bits only, for all that is no number, and for numbers outside
    least .. most.

    >>> integers([1, 2], "X", 0, 5)
    array([1, 2])
    """
    x = as_array(x, name)
    if x.dtype.kind == "O":
        values = [check_integer(value, f"{name} holds an entry that", least, most) for value in x.ravel()]
        return np.array(values, dtype=object).reshape(x.shape).astype(dtype)
    if x.dtype.kind not in "iu":
        what = f"such as {shown(x.flat[0])}" if x.size else "and is empty"
        raise ValueError(f"{name} has type {x.dtype}, {what}; expected whole numbers: {advice}")
    if x.size and not (least <= int(x.min()) and int(x.max()) <= most):
        raise ValueError(f"{name} goes from {x.min()} to {x.max()}; expected whole numbers from {least} to {most}: "
                         f"{advice}")  # fmt: skip
    return x.astype(dtype)
