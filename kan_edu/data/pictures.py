"""Pictures as functions f(x, y) on the unit square: the letters KAN, or any array of grey values."""

import numpy as np

from kan_edu.checks.arguments import check_integer, check_room
from kan_edu.checks.arrays import alike, check_matrix, check_unit

# The strokes of the letters K, A and N: each from (x, y) to (x, y).
STROKES = [((0.08, 0.15), (0.08, 0.85)), ((0.08, 0.44), (0.30, 0.85)), ((0.15, 0.57), (0.31, 0.15)),
           ((0.37, 0.15), (0.50, 0.85)), ((0.50, 0.85), (0.63, 0.15)), ((0.42, 0.38), (0.58, 0.38)),
           ((0.72, 0.15), (0.72, 0.85)), ((0.72, 0.85), (0.92, 0.15)), ((0.92, 0.15), (0.92, 0.85))]
WIDTH, SOFT = 0.07, 0.05   # of a stroke, and of the border where it fades


def letters(side=96):
    """The letters KAN as an array (side, side) of grey values: 1 on the letters, 0 elsewhere, soft borders.

    Raises ValueError for side < 1, and for a picture that does not fit into 2 GiB.
    """
    side = check_integer(side, "side", 1)
    check_room(16 * side * side, f"a picture of {side} times {side} pixels", "make a smaller one")
    middles = (np.arange(side) + 0.5) / side
    x, y = middles, middles[::-1, None]   # the first row is the upper one
    distance = np.min([_distance_to(x, y, *stroke) for stroke in STROKES], axis=0)
    return np.clip((WIDTH / 2 + SOFT / 2 - distance) / SOFT, 0, 1)


def _distance_to(x, y, begin, end):
    """Distance of the points (x, y) from the straight stroke from `begin` to `end`."""
    (x0, y0), (x1, y1) = begin, end
    along = ((x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)) / ((x1 - x0) ** 2 + (y1 - y0) ** 2)
    along = np.clip(along, 0, 1)   # the nearest point lies between the ends
    return np.hypot(x - x0 - along * (x1 - x0), y - y0 - along * (y1 - y0))


def function_of(picture):
    """f(x, y) of a picture (H, W): its grey value at x from the left and y from below, each from 0 to 1.

    Between the middles of four pixels f is interpolated bilinearly, so that it is continuous, as the theorem asks.
    Raises ValueError for a picture that is no matrix of numbers; f does for x and y that are not of one shape, or
    outside [0, 1].

    >>> f = function_of([[0.0, 1.0], [0.0, 0.0]])
    >>> [float(f(x, 0.75)) for x in (0.25, 0.5, 0.75)]   # along the upper row
    [0.0, 0.5, 1.0]
    """
    picture = check_matrix(picture, "the picture", hint="of grey values")
    picture = picture[::-1]   # y grows upwards, rows are counted downwards
    height, width = picture.shape

    def f(x, y):
        x, y = alike(x, y)
        row, up = _place(y, height)
        column, right = _place(x, width)
        next_row, next_column = np.minimum(row + 1, height - 1), np.minimum(column + 1, width - 1)
        low = (1 - right) * picture[row, column] + right * picture[row, next_column]
        high = (1 - right) * picture[next_row, column] + right * picture[next_row, next_column]
        return (1 - up) * low + up * high

    return f


def _place(x, size):
    """Number of the last of `size` pixels whose middle is not beyond x, and the share of the way to the next one."""
    at = np.clip(check_unit(x) * size - 0.5, 0, size - 1)
    pixel = np.floor(at).astype(int)
    return pixel, at - pixel
