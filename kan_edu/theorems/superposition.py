"""Kolmogorov's theorem as a machine that runs: f(x, y) = sum over q of Phi_q(phi_q(x) + chi_q(y)), q = 0..4.

The inner functions come from `walls.py` and know nothing of f. An outer function Phi_q gets one number, the sum s of
wall q. At level r it has a **spike** for each pair of bricks (i, j): a trapezoid over the sums that belong to the pair,

    height of the spike = c f_{r-1}(centre of the pair),    f_0 = f,    f_r = f_{r-1} - sum over q of level r's spikes,

so every level takes away most of what the levels before have left over. Nothing is stored: the pair is decoded from s.

Why c = 2/7: each point is on bricks in 3 or 4 of the five walls (in all 5 on a few lines). Where the mortar adds
nothing, 3 c f or 4 c f is taken away, and 2/7 leaves f/7 or -f/7. In mortar a sum may run through foreign spikes, which
add up to c max|f_{r-1}| in each of two walls. So a level leaves at most 5/7 of max|f_{r-1}|, and what f_{r-1} varies
within a brick; nearly everywhere it leaves 1/7.
"""

from typing import NamedTuple

import numpy as np

from kan_edu.checks.arguments import check_function, check_integer, check_number, check_room, shown
from kan_edu.checks.arrays import alike, check_some, check_unit
from kan_edu.checks.functions import values_of
from kan_edu.checks.integers import integers

from .walls import WALLS, Walls

SHARE = 2 / 7
EXAMPLE = "lambda x, y: x * y"
EXAMPLES = {  # by the name that bench, app and notebook show
    "x y": lambda x, y: x * y,
    "sin(πx) cos(πy)": lambda x, y: np.sin(np.pi * x) * np.cos(np.pi * y),
    "|x - y|": lambda x, y: np.abs(x - y),
    "exp(sin(πx) + y²)": lambda x, y: np.exp(np.sin(np.pi * x) + y**2),
    "sin(13x) cos(11y + 4x²)": lambda x, y: np.sin(13 * x) * np.cos(11 * y + 4 * x**2),
}


class Step(NamedTuple):
    """What one level does at one point: arrays with one entry for each wall."""

    i: np.ndarray  # (5,) the brick that x is on, or the one to its left
    j: np.ndarray  # (5,) the same for y
    x_mortar: np.ndarray  # (5,) True where x is in mortar
    y_mortar: np.ndarray  # (5,)
    place: np.ndarray  # (5,) how far the sum lies beyond the nearest code, in units of W_{r+1}
    added: np.ndarray  # (5,) what the wall's outer function adds
    totals: np.ndarray  # (6,) the sum of all that was added: before wall 0, after wall 0, ..., after wall 4


class Superposition:
    """f on the unit square as a sum of five functions of one variable.

    f        f(x, y), arrays of one shape in, an array of that shape out; continuous on [0, 1] x [0, 1]
    walls    the inner functions; None: `Walls()`, two levels
    c        share of the left-over that each wall's spike gets, between 0 and 1/2

    Raises ValueError for another c, for an f that does not return a finite number for each point, for levels that the
    walls do not have, for coordinates outside [0, 1], and in the methods for what is no array of integers.

    >>> product = Superposition(lambda x, y: x * y, Walls((6, 26, 78), room=12))
    >>> [float(product([0.3], [0.6], levels)[0].round(4)) for levels in (1, 2, 3)]   # towards 0.18
    [0.2065, 0.1838, 0.1805]
    """

    def __init__(self, f, walls=None, c=SHARE):
        if walls is not None and not isinstance(walls, Walls):
            raise ValueError(f"walls are {shown(walls)}; expected Walls((3, 19)), say, or None")
        self.f, self.walls = check_function(f, "f", EXAMPLE), Walls() if walls is None else walls
        self.c = check_number(c, "c", 0, 0.5, open_ends=True, example="the share 2/7")

    def __call__(self, x, y, levels=None):
        """x and y, from 0 to 1 and of one shape -> the machine's value after so many levels (None: all)."""
        x, y = alike(x, y)
        X, Y = (self.walls.coordinate(check_unit(v).ravel()) for v in (x, y))
        return self._at(X, Y, self._check(levels)).reshape(x.shape)

    def at(self, X, Y, levels=None):
        """The same for integer coordinates X and Y (N,), which carry all digits."""
        return self._at(*self._pair(X, Y), self._check(levels))

    def _at(self, X, Y, levels):
        check_room(200 * len(X), f"the work on {len(X)} points", "take fewer of them at once")
        sums = self.walls._sum(X, Y)
        return sum((self._all_spikes(sums, r).sum(axis=1) for r in range(1, levels + 1)), np.zeros(len(sums)))

    def _pair(self, X, Y):
        X, Y = self.walls._pair(X, Y)
        if X.ndim != 1:
            raise ValueError(f"X and Y have shape {X.shape}; expected integers in a row, (N,): X.ravel()")
        return X, Y

    def outer(self, q, sums, levels=None):
        """Phi_q at sums (N,), integers: nothing but its one argument comes in. -> (N,) floats."""
        q, levels = check_integer(q, "q", 0, WALLS - 1), self._check(levels)
        sums = self.walls._sums(sums)
        wall = np.full_like(sums, q)
        return sum((self._spikes(sums, wall, r) for r in range(1, levels + 1)), np.zeros(sums.shape))

    def spikes(self, sums, r):
        """What level r adds in each wall: sums (N, 5), one column a wall -> (N, 5) floats."""
        sums, r = self.walls._sums(sums), check_integer(r, "r", 1, self.walls.R)
        if sums.ndim != 2 or sums.shape[1] != WALLS:
            raise ValueError(f"sums have shape {sums.shape}; expected (N, {WALLS}): walls.sums(X, Y) makes them")
        return self._all_spikes(sums, r)

    def _all_spikes(self, sums, r):
        return self._spikes(*np.broadcast_arrays(sums, self.walls.q), r)

    def _spikes(self, sums, q, r):
        walls = self.walls
        i, j, beyond = walls._decode(sums, r)
        height = _trapezoid(beyond, walls.W[r])
        height[(i > walls.N[r - 1]) | (j > walls.N[r - 1])] = 0   # codes that no brick has
        on = np.nonzero(height)   # few sums meet a spike on their way through mortar: spare the others the work
        i, j, q, code = i[on], j[on], q[on], sums[on] - beyond[on]
        # The remainder of s tells the pair. Whether s is this pair's sum, or passes by in mortar, the whole s tells.
        own = walls._plateau(i, q, 0, r) + walls._plateau(j, q, 1, r) == code
        height[on] *= own * self.c * self._left_over(walls._centre(i, q, r), walls._centre(j, q, r), r - 1)
        return height

    def left_over(self, X, Y, r):
        """f_r: what r levels leave of f at integer coordinates X and Y (N,) -> (N,) floats."""
        return self._left_over(*self._pair(X, Y), check_integer(r, "r", 0, self.walls.R))

    def _left_over(self, X, Y, r):
        if len(X) == 0:
            return np.zeros(0)
        f = values_of(self.f, self.walls._number(X), self.walls._number(Y), example=EXAMPLE)
        return f - self._at(X, Y, r) if r else f

    def follow(self, x, y, levels=None):
        """One point (x, y), two numbers, through the five chains: a list with one `Step` for each level."""
        X, Y = (self.walls.coordinate([check_number(v, name, 0, 1)]) for v, name in ((x, "x"), (y, "y")))
        sums, steps, total = self.walls._sum(X, Y), [], 0.0
        for r in range(1, self._check(levels) + 1):
            (i, x_climb), (j, y_climb) = self.walls.brick(X, r), self.walls.brick(Y, r)
            _, _, beyond = self.walls._decode(sums, r)
            added = self._all_spikes(sums, r)[0]
            totals = total + np.concatenate([[0.0], np.cumsum(added)])
            place = np.asarray(beyond[0] / self.walls.W[r], dtype=float)
            steps.append(Step(i[0], j[0], x_climb[0] > 0, y_climb[0] > 0, place, added, totals))
            total = totals[-1]
        return steps

    def _check(self, levels):
        if levels is None:
            return self.walls.R
        levels = check_integer(levels, "levels", 0)
        if levels > self.walls.R:
            raise ValueError(f"levels = {levels}; these walls have {self.walls.R}, give Walls more exponents for more")
        return levels


def trapezoid(beyond, W):
    """A spike of height 1: it rises from -W to 0, stays until 2 W and falls until 3 W; integers (...) -> floats.

    Raises ValueError for a W that is no whole number above 0, and for a `beyond` that is no array of integers.

    >>> trapezoid(np.array([-4, -2, 0, 8, 10, 12]), 4).tolist()
    [0.0, 0.5, 1.0, 1.0, 0.5, 0.0]
    """
    W = check_integer(W, "W", 1)
    beyond = check_some(integers(beyond, "beyond", -np.inf, np.inf, object), "beyond")
    return _trapezoid(beyond, W)


def _trapezoid(beyond, W):
    rise, fall = beyond + W, 3 * W - beyond
    return np.asarray(np.minimum(np.maximum(np.minimum(rise, fall), 0), W) / W, dtype=float)


def walls_for(cells, levels):
    """Walls with so many cells at level 1: in int64 for up to two levels, in Python's integers for up to four.

    Cells are rounded down to a power of 2. Raises ValueError for fewer than 4 or more than 255, and for other levels.
    """
    levels, e = check_integer(levels, "levels", 1, 4), check_integer(cells, "cells", 4, 255).bit_length() - 1
    if levels <= 2:
        step = 16 if e < 5 else 12
        return Walls((e, e + step), room=(62 - 4 - 4 * e - 2 * step) // 2)   # as much room as 62 bits leave
    return Walls((e, e + 20, e + 72, e + 236)[:levels], room=12)
