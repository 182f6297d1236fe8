"""Pictures as functions f(x, y) on the unit square: the letters KAN, or any array of grey values."""

import numpy as np

from .checks import check_matrix

# Five columns and seven rows each, as on old displays.
LETTERS = """
#...#..###..#...#
#..#..#...#.##..#
#.#...#...#.#.#.#
##....#####.#..##
#.#...#...#.#...#
#..#..#...#.#...#
#...#.#...#.#...#
"""


def letters():
    """The letters KAN as an array (54, 54) of grey values: 1 on the letters, 0 elsewhere, with a margin."""
    rows = LETTERS.split()
    small = np.array([[mark == "#" for mark in row] for row in rows], dtype=float)   # (7, 17)
    large = np.kron(small, np.ones((6, 3)))   # (42, 51): tall letters fill the square
    height, width = large.shape
    side = width + 3
    top = (side - height) // 2
    return np.pad(large, ((top, side - height - top), (1, 2)))


def function_of(picture):
    """f(x, y) of a picture (H, W): its grey value at x from the left and y from below, each from 0 to 1.

    Between the middles of four pixels f is interpolated bilinearly, so that it is continuous, as the theorem asks.

    >>> f = function_of([[0.0, 1.0], [0.0, 0.0]])
    >>> [float(f(x, 0.75)) for x in (0.25, 0.5, 0.75)]   # along the upper row
    [0.0, 0.5, 1.0]
    """
    picture = check_matrix(picture, "the picture", hint="of grey values")
    picture = picture[::-1]   # y grows upwards, rows are counted downwards
    height, width = picture.shape

    def f(x, y):
        row, up = place(y, height)
        column, right = place(x, width)
        next_row, next_column = np.minimum(row + 1, height - 1), np.minimum(column + 1, width - 1)
        low = (1 - right) * picture[row, column] + right * picture[row, next_column]
        high = (1 - right) * picture[next_row, column] + right * picture[next_row, next_column]
        return (1 - up) * low + up * high

    return f


def place(x, size):
    """Number of the last of `size` pixels whose middle is not beyond x, and the share of the way to the next one."""
    at = np.clip(np.asarray(x, dtype=float) * size - 0.5, 0, size - 1)
    pixel = np.floor(at).astype(int)
    return pixel, at - pixel
