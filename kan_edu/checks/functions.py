"""The door for functions that are given: they are called once, and what they return is looked at before it is used."""

import numpy as np

from .arguments import check_function
from .arrays import check_finite, numbers


def values_of(f, *points, name="f", example="np.sin", shape=None):
    """f(*points) as finite float64 in the shape of the points (or in `shape`); a single number stands for a constant.

    Where a row (N,) is expected a column (N, 1) will do. Raises ValueError for what is no function, for a function that
    does not take these arguments, and for one that returns anything else. An error inside of f comes out as it is.

    >>> values_of(lambda x, y: x + y, np.array([1.0, 2.0]), np.array([3.0, 4.0]))
    array([4., 6.])
    """
    values = numbers(call(f, *points, name=name, example=example), f"what {name} returned", finite=False)
    shape = np.shape(points[0]) if shape is None else shape
    if values.ndim == 0:
        values = np.full(shape, values)
    elif len(shape) == 1 and values.shape == (*shape, 1):
        values = values[:, 0]
    if values.shape != shape:
        raise ValueError(f"what {name} returned has shape {values.shape}; expected {shape}, a number for each point: "
                         f"{name} takes arrays and computes with each entry, as {example} does")  # fmt: skip
    check_finite(values, f"what {name} returned")
    return values


def call(f, *points, name="f", example="np.sin"):
    """f(*points); ValueError if f is no function or does not take these arguments, its own errors as they are."""
    check_function(f, name, example)
    try:
        return f(*points)
    except (TypeError, ValueError) as error:
        if error.__traceback__.tb_next is not None:  # from inside of f: whoever wrote it needs to see where
            raise
        shapes = " and ".join(str(np.shape(point)) for point in points)
        raise ValueError(f"{name} could not be called with arrays of shape {shapes} ({error}); expected a function of "
                         f"{len(points)} arrays, such as {example}") from None  # fmt: skip
