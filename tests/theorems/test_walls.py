"""The five walls: inner functions that increase, bricks in at least three of them, codes that tell the bricks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kan_edu.theorems.walls import WALLS, Walls

TWO, DEEP = Walls((3, 19)), Walls((6, 26, 78), room=12)
BOTH = pytest.mark.parametrize("walls", [TWO, DEEP, Walls((2, 6, 10), room=2)], ids=["int64", "deep", "tight"])


def points(walls, N=300, seed=0):
    """Coordinates spread over the axis, and some on the borders of bricks of each level and next to them."""
    rng = np.random.default_rng(seed)
    X = list(walls.random(N, rng))
    for fifth in walls.fifth:
        X += [x // fifth * fifth + step for x in X[:40] for step in (-1, 0, 1)]
    X = [int(x) for x in X if walls.start <= x <= walls.start + walls.length]
    return np.array(sorted({*X, walls.start, walls.start + walls.length}), dtype=walls.dtype)


@BOTH
@pytest.mark.parametrize("axis", [0, 1])
def test_inner_functions_increase_in_every_wall_and_at_every_level(walls, axis):
    X = points(walls)
    for r in range(1, walls.R + 1):
        heights = walls.inner(X, axis, r)
        assert heights.shape == (len(X), WALLS)
        assert (heights[1:] >= heights[:-1]).all()
        brick = walls.brick(X, r)[0]
        assert (heights[1:] > heights[:-1])[brick[1:] > brick[:-1]].all(), "from brick to brick it climbs"


@BOTH
@pytest.mark.parametrize("axis", [0, 1])
def test_inner_functions_stand_still_on_bricks_and_are_straight_in_mortar(walls, axis):
    fifth = walls.fifth[-1]
    i = np.array([1, 2, 3], dtype=walls.dtype)
    for q in range(WALLS):
        left = (WALLS * i - q) * fifth
        at = lambda steps: walls.inner(left + steps, axis)[:, q]   # noqa: E731, B023
        assert (at(0) == at(4 * fifth)).all()
        low, high, half = at(4 * fifth), at(5 * fifth), at(4 * fifth + fifth // 2)
        assert (half == (low + high) // 2).all() and (high > low).all()


@BOTH
def test_inner_functions_have_no_jumps(walls):
    """One step of the coordinate moves a height by no more than the steepest mortar does."""
    X = points(walls)[:-1]
    for axis in (0, 1):
        steepest = max(-(-2 * walls.W[0] // fifth) for fifth in walls.fifth)
        moved = walls.inner(X + 1, axis, 1) - walls.inner(X, axis, 1)
        assert (moved <= -(-walls.units[0][axis] // walls.fifth[0])).all()
        assert (walls.inner(X + 1, axis) - walls.inner(X, axis) <= steepest).all()


@BOTH
def test_every_coordinate_is_in_the_mortar_of_one_wall_at_most(walls):
    X = points(walls)
    for r in range(1, walls.R + 1):
        mortar = (walls.brick(X, r)[1] > 0).sum(axis=1)
        assert set(mortar) <= {0, 1} and (mortar == 1).mean() > 0.5


@BOTH
def test_every_point_is_on_bricks_in_three_walls_or_more(walls):
    X = points(walls)
    Y = np.random.default_rng(1).permutation(X)
    for r in range(1, walls.R + 1):
        on_bricks = ((walls.brick(X, r)[1] == 0) & (walls.brick(Y, r)[1] == 0)).sum(axis=1)
        assert on_bricks.min() == 3 and set(on_bricks) <= {3, 4, 5}


@BOTH
def test_the_brick_pair_decodes_from_the_sum_alone_wherever_both_are_on_bricks(walls):
    """At every level, also where a finer level has mortar; and the sum lies on the plateau of the pair's spike."""
    X = points(walls)
    Y = np.random.default_rng(2).permutation(X)
    sums = walls.sums(X, Y)
    for r in range(1, walls.R + 1):
        (i, x_climb), (j, y_climb) = walls.brick(X, r), walls.brick(Y, r)
        i_read, j_read, beyond = walls.decode(sums, r)
        on = (x_climb == 0) & (y_climb == 0)
        assert (i_read == i)[on].all() and (j_read == j)[on].all()
        assert (beyond >= 0)[on].all() and (beyond <= 2 * walls.W[r])[on].all()


@BOTH
def test_spikes_do_not_overlap(walls):
    """The sums of neighbouring pairs lie so far apart that there is room for 4 W between where their spikes begin."""
    for r in range(1, min(walls.R, 2) + 1):
        N = min(walls.N[r - 1], 20)
        i, j = np.meshgrid(np.arange(N + 1), np.arange(N + 1), indexing="ij")
        i, j = i.ravel().astype(walls.dtype), j.ravel().astype(walls.dtype)
        for q in range(WALLS):
            wall = np.full_like(i, q)
            places = np.sort(walls.plateau(i, wall, 0, r) + walls.plateau(j, wall, 1, r))
            assert (places[1:] - places[:-1]).min() >= 4 * walls.W[r]


@BOTH
def test_a_brick_begins_and_ends_with_a_finer_brick_and_mortar_with_finer_mortar(walls):
    """What the steps by multiples of 4 are for: no point of a brick belongs to a finer brick that sticks out of it."""
    X = points(walls)
    for r in range(1, walls.R):
        coarse, finer = walls.fifth[r - 1], walls.fifth[r]
        i = walls.brick(X, r)[0]
        begin = (WALLS * i - walls.q) * coarse
        finer_begin = (WALLS * walls.brick(X, r + 1)[0] - walls.q) * finer
        on = walls.brick(X, r)[1] == 0
        whole = (finer_begin >= begin) & (finer_begin + 4 * finer <= begin + 4 * coarse)
        assert whole[on].all()


@BOTH
def test_stairs_are_the_inner_function_on_the_bricks_around_a_place(walls):
    X = int(walls.coordinate([0.4])[0])
    for axis in (0, 1):
        for r in range(1, walls.R + 1):
            begin, end, height = walls.stairs(axis, X, 1, r)
            assert begin.shape == end.shape == height.shape == (WALLS, 3)
            for q in range(WALLS):
                assert begin[q, 1] <= X < begin[q, 2]
                for at in (begin, end):
                    inside = np.minimum(np.maximum(at[q], walls.start), walls.start + walls.length)
                    assert (walls.inner(inside, axis, r)[:, q] == height[q]).all()
    assert (walls.stairs(0, walls.start, 3, 1)[0][:, 0] <= 0).all(), "at the end of the axis no brick is left of 0"


def test_large_and_small_integers_agree():
    """The same walls once in int64 and once in Python's integers."""
    small, large = Walls((3, 19)), Walls((3, 19))
    large.dtype, large.q = object, small.q.astype(object)
    X = points(small)
    for axis in (0, 1):
        assert (small.inner(X, axis) == large.inner(X.astype(object), axis)).all()
    assert small.dtype is np.int64 and DEEP.dtype is object


@given(st.floats(0, 1))
def test_a_number_becomes_a_coordinate_and_comes_back(x):
    for walls in (TWO, DEEP):
        X = walls.coordinate([x])
        assert X.dtype == walls.dtype and walls.start <= X[0] <= walls.start + walls.length
        assert walls.number(X)[0] == pytest.approx(x, abs=2 / walls.length + 1e-15)


def test_round_numbers_do_not_fall_on_borders():
    """Middles of pixels and multiples of 1/40: they are as often in mortar as any others, at the finest level too."""
    for walls in (TWO, DEEP):
        for x in (np.arange(1, 320, 2) / 320, np.arange(1, 40) / 40):
            mortar = (walls.brick(walls.coordinate(x), walls.R)[1] > 0).sum(axis=1)
            assert (mortar == 1).mean() > 0.97


def test_random_coordinates_have_all_digits():
    X = DEEP.random(200, np.random.default_rng(0))
    assert len({int(x) % 2**40 for x in X}) == 200
    assert DEEP.number(X).min() < 0.05 and DEEP.number(X).max() > 0.95


@pytest.mark.parametrize("arguments, words", [
    (((3, 17),), "grow by multiples of 4"),
    (((19, 3),), "grow by multiples of 4"),
    (((),), "grow by multiples of 4"),
    (((1, 5),), "an exponent is 1; expected a whole number from 2"),
    (((3, 19), 1), "room is 1; expected a whole number from 2"),
])
def test_wrong_walls_are_refused_in_words(arguments, words):
    with pytest.raises(ValueError, match=words):
        Walls(*arguments)


def test_a_coordinate_outside_is_refused_in_words():
    with pytest.raises(ValueError, match=r"coordinates go from -0.5 to 0.25; expected \[0, 1\]"):
        TWO.coordinate([0.25, -0.5])


X2 = TWO.coordinate([0.3, 0.7])
TAKE = {
    "number": TWO.number, "brick": lambda X: TWO.brick(X, 1), "inner": lambda X: TWO.inner(X, 0),
    "sums": lambda X: TWO.sums(X, X2), "centre": lambda i: TWO.centre(i, 0, 1),
    "plateau": lambda i: TWO.plateau(i, 0, 0, 1), "decode": lambda sums: TWO.decode(sums, 1),
}  # fmt: skip


@pytest.mark.parametrize("wrong", [[0.5, 0.7], [1.0, 2.0], [-1, 1], [1, 10**30], ["1", "2"], [None, 1], [1j, 1],
                                   np.array([1, 2], dtype="m8[D]")], ids=str)  # fmt: skip
@pytest.mark.parametrize("method", TAKE)
def test_only_whole_numbers_of_these_walls_are_taken(method, wrong):
    """A float would be cut off, or have lost the digits that tell the bricks."""
    with pytest.raises(ValueError, match="^(X|i|sums) .*; expected (a )?whole number"):
        TAKE[method](wrong)


@pytest.mark.parametrize("r", [0, 3, 1.0, "1", None, True, 10**30])
def test_levels_are_those_of_the_walls(r):
    for call in (lambda: TWO.brick(X2, r), lambda: TWO.centre([1], 0, r), lambda: TWO.plateau([1], 0, 0, r),
                 lambda: TWO.decode([1], r), lambda: TWO.stairs(0, 1, 1, r)):  # fmt: skip
        with pytest.raises(ValueError, match="r is .*; expected a whole number from 1 to 2"):
            call()


@pytest.mark.parametrize("call, words", [
    (lambda: Walls(3), "grow by multiples of 4"), (lambda: Walls("abc"), "grow by multiples of 4"),
    (lambda: Walls(([1], 2)), "an exponent is"), (lambda: Walls((3, 3 + 4 * 10**8)), "an exponent is"),
    (lambda: Walls((3, 8003)), "numbers of .* bits; expected at most 10000"), (lambda: Walls(room=10**9), "room is"),
    (lambda: TWO.coordinate(0.3), r"give \[0.3\]"), (lambda: TWO.coordinate([]), "expected N > 0 numbers in a row"),
    (lambda: TWO.random(10**9, np.random.default_rng()), "N is 1000000000; expected a whole number from 1"),
    (lambda: TWO.random(3, np.random), "seed is .*; expected"), (lambda: TWO.inner(X2, 2), "axis is 2"),
    (lambda: TWO.plateau([1], 5, 0, 1), "q goes from 5 to 5; expected whole numbers from 0 to 4"),
    (lambda: TWO.centre([1, 2], [0, 1, 2], 1), "a wall for each brick"), (lambda: TWO.brick([], 1), "X .* empty"),
    (lambda: TWO.sums(X2, X2[:1]), "as many of each"), (lambda: TWO.stairs(0, 0.5, 1, 1), "X is 0.5; expected a whole"),
    (lambda: TWO.stairs(0, 1, 10**9, 1), "GiB of memory; draw fewer"),
])  # fmt: skip
def test_what_walls_cannot_take_is_refused_in_words(call, words):
    with pytest.raises(ValueError, match=words):
        call()
