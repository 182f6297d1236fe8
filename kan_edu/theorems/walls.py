"""Five walls of bricks and mortar: the inner functions of Kolmogorov's theorem, the same for every f.

A coordinate is a whole number X between 0 and D. At level r the axis is cut into N_r = 2^e_r cells, and each of five
walls q = 0..4 is shifted by q fifths of a cell. The first four fifths of a cell are a **brick**, the last fifth is
**mortar**. An inner function stands still on each brick (its **plateau**) and climbs in the mortar:

    plateau of brick i at level r = the multiple of W_r just below (level r-1 at the brick's centre) + i u_r.

The summand i u_r is the brick's **code**. Two inner functions, phi_q of x and chi_q of y, have the same bricks and
different code units u, so that the remainder of phi_q(x) + chi_q(y) modulo W_r tells both bricks.
Source: an argument of Lorentz's kind (G. G. Lorentz, Approximation of Functions, 1966, chapter 11), restated and
worked out here in whole numbers.
"""

import numpy as np

from kan_edu.checks.arguments import check_integer, check_room, check_seed, shown
from kan_edu.checks.arrays import check_some, check_unit, check_vector
from kan_edu.checks.integers import integers

WALLS = 5  # 2 n + 1 for functions of n = 2 variables
MOST_BITS = 10**4  # of the largest number: beyond, one sum takes seconds
FINER = 12  # bits of an int64 coordinate below a fifth of the finest cell, for climbing in its mortar


def check_exponents(exponents):
    """Exponents of levels as a tuple of ints that grow by multiples of 4, or a ValueError."""
    flat = isinstance(exponents, list | tuple | range) or (isinstance(exponents, np.ndarray) and exponents.ndim == 1)
    if not flat or len(exponents) == 0:
        raise ValueError(f"exponents = {shown(exponents)}; expected numbers that grow by multiples of 4, as (3, 19)")
    exponents = tuple(check_integer(e, "an exponent", 2, MOST_BITS) for e in exponents)
    steps = np.diff(exponents)
    if (steps <= 0).any() or (steps % 4).any():
        raise ValueError(f"exponents = {shown(exponents)}; expected numbers that grow by multiples of 4, as (3, 19)")
    return exponents


class Walls:
    """The inner functions phi_q(x) and chi_q(y) of five walls, in exact integers.

    exponents   (e_1, ..., e_R): level r has 2^e_r cells. Each must exceed the one before by a multiple of 4: because
                16 leaves the remainder 1 modulo 5, every brick then consists of whole finer bricks and mortars, and
                begins and ends with a brick
    room        bits: neighbouring codes of level r lie 2^room W_{r+1} apart, at least 2^2

    Raises ValueError for other exponents or another room, for walls whose numbers have more than 10^4 bits; and in
    every method for levels, coordinates, bricks and sums that these walls do not have, and for floats as integers.

    Integer arrays have dtype int64 where all numbers fit, else object (Python's integers, of any length).
    Attributes: R levels; D; start and length of the axis from x = 0 to x = 1 within [0, D]. Lists, with index r-1 for
    level r: N cells; fifth, of a cell; C = 2 N; W = C^2 u_y, and 1 at the end; units (u_x, u_y) = (C u_y, u_y) of the
    codes of phi and chi, where u_y = 2^room W_{r+1}.

    >>> walls = Walls((3, 19))
    >>> X, Y = walls.coordinate([0.3]), walls.coordinate([0.64])
    >>> i, climb = walls.brick(X, r=1)   # one row for the one point, one column for each wall
    >>> i.tolist(), (climb > 0).tolist()
    ([[2, 2, 2, 3, 3]], [[False, False, True, False, False]])
    >>> walls.brick(Y, r=1)[0].tolist()
    [[5, 5, 5, 5, 5]]
    >>> i, j, beyond = walls.decode(walls.sums(X, Y), r=1)   # from the sums alone
    >>> i.tolist(), j.tolist()   # the right ones; in mortar (the third wall) that would be chance
    ([[2, 2, 2, 3, 3]], [[5, 5, 5, 5, 5]])
    """

    def __init__(self, exponents=(3, 19), room=6):
        self.exponents = check_exponents(exponents)
        self.room, self.R = check_integer(room, "room", 2, MOST_BITS), len(self.exponents)
        bits = sum(2 * e + 2 + self.room for e in self.exponents)
        if bits > MOST_BITS:
            raise ValueError(f"walls with exponents {shown(self.exponents)} and room {self.room} have numbers of "
                             f"{bits} bits; expected at most {MOST_BITS}: use smaller ones")  # fmt: skip
        self.N = [2**e for e in self.exponents]
        self.C, self.W, self.units = [2 * N for N in self.N], [1], []
        for C in reversed(self.C):   # from the finest level up
            u = 2**self.room * self.W[0]
            self.units.insert(0, (C * u, u))
            self.W.insert(0, C * C * u)
        fits = self.W[0] <= 2**62 and self.exponents[-1] - self.exponents[0] + FINER <= 31   # see `_inner`
        self.dtype = np.int64 if fits else object
        # With Python's integers a climb is so fine that no step of it is higher than a spike's flank.
        finest = 2 ** (self.exponents[-1] + (FINER if fits else self.exponents[-1] + self.room + 2))
        self.D, self.fifth = WALLS * finest, [finest // N for N in self.N]
        # The axis leaves some of [0, D] free at its ends, or every x with a few binary digits, the middles of a
        # picture's pixels for instance, would lie exactly on the borders of fine bricks, where all five walls answer.
        self.start = self.D // 1009
        self.length = self.D - 3 * self.start
        self.q = np.arange(WALLS).astype(self.dtype)

    # --- coordinates -------------------------------------------------------------------------------

    def coordinate(self, x):
        """x (N,), numbers from 0 to 1 -> X (N,) integers from `start` to `start + length`."""
        x = check_unit(check_vector(x, "coordinates"))
        digits = np.array([int(v * 2**53) for v in x.tolist()], dtype=object)   # exact: a float has 53 bits
        return (self.start + (digits * self.length >> 53)).astype(self.dtype)

    def random(self, N, rng):
        """N random coordinates with all their digits, (N,) integers; a float has 53 bits, and level 3 looks further.

        N is at most 10^6: each is drawn by itself. `rng` is a Generator, or the whole number that seeds one.
        """
        N, rng = check_integer(N, "N", 1, 10**6), check_seed(rng)
        size = self.D.bit_length() // 8 + 8
        draws = [int.from_bytes(rng.bytes(size), "big") % (self.length + 1) for _ in range(N)]
        return self.start + np.array(draws, dtype=self.dtype)

    def number(self, X):
        """X integers -> floats, 0 at the start of the axis and 1 at its end."""
        return self._number(self._coordinates(X))

    def _number(self, X):
        return np.asarray((X - self.start) / self.length, dtype=float)

    # --- what comes in -----------------------------------------------------------------------------

    def _coordinates(self, X):
        """X as integers from 0 to D in these walls' dtype, or a ValueError."""
        advice = "walls.coordinate(x) makes them of numbers from 0 to 1"
        return check_some(integers(X, "X", 0, self.D, self.dtype, advice), "X")

    def _sums(self, sums):
        """sums of two inner functions in these walls' dtype, or a ValueError."""
        advice = "walls.sums(X, Y) makes them of coordinates"
        return check_some(integers(sums, "sums", 0, 2 * self.W[0] - 1, self.dtype, advice), "sums")

    def _bricks(self, i, q, r):
        """Bricks and their walls, one shape, or a ValueError."""
        i = check_some(integers(i, "i", 0, self.N[r - 1] + 1, self.dtype, "walls.brick(X, r) tells them"), "i")
        q = check_some(integers(q, "q", 0, WALLS - 1, self.dtype, "a wall is 0, 1, 2, 3 or 4"), "q")
        try:
            return np.broadcast_arrays(i, q)
        except ValueError:
            raise ValueError(f"i has shape {i.shape}, q {q.shape}; expected a wall for each brick") from None

    def _level(self, r, least=1, name="r"):
        return check_integer(r, name, least, self.R)

    # --- bricks and mortar -------------------------------------------------------------------------

    def brick(self, X, r):
        """The brick at or to the left of X (N,) in each wall, at level r; and how far into the mortar X is.

        Returns i (N, 5) and climb (N, 5): 0 on a brick, else 1 .. a fifth of a cell.
        """
        return self._brick(self._coordinates(X)[..., None], self.q, self._level(r))

    def _brick(self, X, q, r):
        fifth = self.fifth[r - 1]
        shifted, cell = X + q * fifth, WALLS * fifth
        return shifted // cell, np.maximum(shifted % cell - 4 * fifth, 0)   # np.divmod knows no objects

    def centre(self, i, q, r):
        """The middle of brick i of wall q at level r; where it is off the axis, the nearest end."""
        r = self._level(r)
        return self._centre(*self._bricks(i, q, r), r)

    def _centre(self, i, q, r):
        middle = (WALLS * i - q + 2) * self.fifth[r - 1]
        return np.minimum(np.maximum(middle, self.start), self.start + self.length)

    # --- the inner functions -----------------------------------------------------------------------

    def inner(self, X, axis, r=None):
        """phi_q(x) for axis 0, chi_q(y) for axis 1, of all five walls: X (N,) -> (N, 5) integers.

        r    the function built up to level r; None: up to the last one
        """
        r = self.R if r is None else self._level(r, 0)
        return self._inner(self._coordinates(X)[..., None], self.q, check_integer(axis, "axis", 0, 1), r)

    def _inner(self, X, q, axis, r):
        X, q = np.broadcast_arrays(X, q)
        if r == 0:
            return X - X   # level 0 is flat
        i, climb = self._brick(X, q, r)
        height = self._plateau(i, q, axis, r)
        in_mortar = climb > 0
        if in_mortar.any():   # climb in a straight line to the next brick's plateau
            low, i, q, climb = height[in_mortar], i[in_mortar], q[in_mortar], climb[in_mortar]
            rise, fifth = self._plateau(i + 1, q, axis, r) - low, self.fifth[r - 1]
            # rise * climb // fifth, without the product that would not fit into 64 bits
            height[in_mortar] = low + rise // fifth * climb + rise % fifth * climb // fifth
        return height

    def plateau(self, i, q, axis, r):
        """The height of brick i in wall q at level r: what level r-1 says, rounded down to W_r, plus the code i u_r."""
        r, axis = self._level(r), check_integer(axis, "axis", 0, 1)
        return self._plateau(*self._bricks(i, q, r), axis, r)

    def _plateau(self, i, q, axis, r):
        W, u = self.W[r - 1], self.units[r - 1][axis]
        before = self._inner(self._centre(i, q, r), q, axis, r - 1)
        return before - before % W + i * u

    def stairs(self, axis, X, cells, r):
        """The bricks of level r from `cells` cells left of X to as many right of it, in each wall, to draw them.

        X one integer -> begin, end, height: (5, 2 cells + 1) integers; the last is the plateau of phi or chi.
        """
        axis, r, X = check_integer(axis, "axis", 0, 1), self._level(r), check_integer(X, "X", 0, self.D)
        cells = check_integer(cells, "cells", 0)
        check_room(40 * WALLS * (2 * cells + 1), f"stairs over {2 * cells + 1} cells", "draw fewer of them")
        steps = np.arange(-cells, cells + 1).astype(self.dtype)
        i = self._brick(np.array([[X]], dtype=self.dtype), self.q, r)[0].T + steps
        i = np.minimum(np.maximum(i, 0), self.N[r - 1])   # at the ends of the axis the last brick comes again
        q, fifth = np.broadcast_arrays(self.q[:, None], i)[0], self.fifth[r - 1]
        begin = (WALLS * i - q) * fifth
        return begin, begin + 4 * fifth, self._plateau(i, q, axis, r)

    def sums(self, X, Y):
        """phi_q(x) + chi_q(y): X and Y (N,) -> (N, 5), all that the outer functions get to see."""
        return self._sum(*self._pair(X, Y))

    def _pair(self, X, Y):
        X, Y = self._coordinates(X), self._coordinates(Y)
        if X.shape != Y.shape:
            raise ValueError(f"X has shape {X.shape}, Y {Y.shape}; expected as many of each")
        return X, Y

    def _sum(self, X, Y):
        X, Y = X[..., None], Y[..., None]
        return self._inner(X, self.q, 0, self.R) + self._inner(Y, self.q, 1, self.R)

    def decode(self, sums, r):
        """From sums (...) alone: the bricks (i, j) of level r whose code lies next, and how far beyond it the sum is.

        A sum that belongs to bricks i and j is at most 2 W_{r+1} beyond the code; a sum that is on its way through
        mortar may be anywhere from -W_{r+1} to u - W_{r+1}.
        """
        return self._decode(self._sums(sums), self._level(r))

    def _decode(self, sums, r):
        u, margin = self.units[r - 1][1], self.W[r]
        code = (sums + margin) % self.W[r - 1]
        return code // u // self.C[r - 1], code // u % self.C[r - 1], code % u - margin
