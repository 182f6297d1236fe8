"""The machine: what each level leaves, outer functions that see one number only, the worst points there are."""

import numpy as np
import pytest

from kan_edu.theorems.superposition import EXAMPLES, Superposition, trapezoid, walls_for
from kan_edu.theorems.walls import Walls

TWO, DEEP = Walls((3, 19)), Walls((6, 26, 78), room=12)
PRODUCT, WAVES, RIDGE, EXP, WILD = EXAMPLES.values()
EACH = pytest.mark.parametrize("f", EXAMPLES.values(), ids=["product", "waves", "ridge", "exp", "wild"])


def random_points(walls, N, seed=0):
    rng = np.random.default_rng(seed)
    return walls.random(N, rng), walls.random(N, rng)


def errors(machine, X, Y, levels=None):
    """|machine - f| relative to the largest |f|."""
    x, y = machine.walls.number(X), machine.walls.number(Y)
    grid = np.linspace(0, 1, 201)
    return np.abs(machine.at(X, Y, levels) - machine.f(x, y)) / np.abs(machine.f(grid[:, None], grid)).max()


@EACH
def test_two_levels_in_int64(f):
    error = errors(Superposition(f, TWO), *random_points(TWO, 4000))
    assert np.sqrt(np.mean(error**2)) < 0.025 and error.max() < 0.35


@EACH
def test_three_levels(f):
    error = errors(Superposition(f, DEEP), *random_points(DEEP, 150))
    assert error.max() < 0.03 and np.quantile(error, 0.99) < 0.01


def test_each_level_leaves_a_seventh_nearly_everywhere():
    f = EXP
    machine = Superposition(f, Walls((6, 26, 78, 242), room=12))
    X, Y = random_points(machine.walls, 60)
    medians = [np.median(errors(machine, X, Y, levels)) for levels in range(5)]
    ratios = np.divide(medians[:-1], medians[1:])
    np.testing.assert_allclose(ratios, 7, atol=1.2)   # the first levels see f vary within their bricks


@pytest.mark.parametrize("walls", [TWO, DEEP], ids=["int64", "deep"])
def test_the_machine_is_the_sum_of_five_functions_of_one_number_each(walls):
    """Nothing but the five sums reaches the outer functions: they get numbers, in another order, and know no point."""
    machine = Superposition(WILD, walls)
    X, Y = random_points(walls, 40, seed=3)
    sums, order = walls.sums(X, Y), np.random.default_rng(0).permutation(40)
    total = sum(machine.outer(q, sums[order, q]) for q in range(5))
    np.testing.assert_allclose(total, machine.at(X, Y)[order], rtol=0, atol=1e-12)


def test_outer_functions_give_equal_values_for_equal_sums_whatever_the_points():
    """Two points on the same two bricks of the finest level have the same sums, and so the same value."""
    machine, fifth = Superposition(WILD, TWO), TWO.fifth[-1]
    X, Y = random_points(TWO, 400, seed=4)
    other = X + fifth // 3
    same = TWO.sums(X, Y) == TWO.sums(other, Y)
    assert 0.3 < same.mean() < 0.9
    for q in range(5):
        ours, theirs = (machine.outer(q, TWO.sums(at, Y)[:, q]) for at in (X, other))
        assert (ours == theirs)[same[:, q]].all()


@pytest.mark.parametrize("walls", [TWO, DEEP], ids=["int64", "deep"])
def test_a_point_that_is_followed_ends_at_the_machines_value(walls):
    machine = Superposition(WILD, walls)
    x, y = 0.3, 0.71
    steps = machine.follow(x, y)
    for levels, step in enumerate(steps, start=1):
        assert step.totals[-1] == pytest.approx(float(machine(x, y, levels)), abs=1e-12)
        np.testing.assert_allclose(np.diff(step.totals), step.added, atol=1e-15)
        on = ~(step.x_mortar | step.y_mortar)
        assert on.sum() >= 3 and (step.added[on] != 0).all()
        assert ((0 <= step.place) & (step.place <= 2))[on].all()
    assert len(steps) == walls.R


def test_inner_functions_know_nothing_of_f():
    X, Y = random_points(TWO, 50)
    before = TWO.sums(X, Y)
    Superposition(WILD, TWO).at(X, Y)
    assert (TWO.sums(X, Y) == before).all()


@EACH
def test_one_level_never_leaves_more_than_five_sevenths_and_the_variation_on_a_brick(f):
    walls = Walls((6, 26), room=4)   # little room: many spikes are met in mortar
    machine = Superposition(f, walls)
    X, Y = random_points(walls, 20_000, seed=5)
    grid = np.linspace(0, 1, 129)
    values = f(grid[:, None], grid)
    variation = max(np.abs(np.diff(values, axis=axis)).max() for axis in (0, 1)) * 2 * 2   # two sides, two grid steps
    largest = np.abs(values).max()
    assert np.abs(machine.left_over(X, Y, 1)).max() <= 5 / 7 * largest + variation


def adversary(walls, q, i, j, other):
    """X in the mortar right of brick i where, over brick j, the sum of wall q is that of the bricks i and `other`."""
    low = walls.plateau(np.array([i]), np.array([q]), 0, 1)[0] + other * walls.units[0][1] - j * walls.units[0][1]
    left = (5 * i - q + 4) * walls.fifth[0]
    right = left + walls.fifth[0]
    while right - left > 1:   # phi increases: halve until it has the height
        middle = (left + right) // 2
        left, right = (middle, right) if walls.inner(np.array([middle]), 0)[0, q] < low + walls.W[1] else (left, middle)
    return right


def test_mortar_adds_a_foreign_spike_at_adversarial_points_and_the_bound_still_holds():
    walls = Walls((3, 19))
    f = lambda x, y: np.sign(y - 0.5) * np.minimum(1, 20 * np.abs(y - 0.5))   # noqa: E731  -1 below, 1 above
    machine, q, i, j, other = Superposition(f, walls), 2, 3, 1, 6
    X = np.array([adversary(walls, q, i, j, other)])
    Y = np.array([(5 * j - q + 2) * walls.fifth[0]])
    assert f(walls.number(X), walls.number(Y))[0] == -1
    added = machine.spikes(walls.sums(X, Y), 1)[0]
    assert added[q] == pytest.approx(2 / 7), "the sum passes the spike of (i, other), where f is 1"
    left = machine.left_over(X, Y, 1)[0]
    assert 1 / 7 < abs(left) <= 5 / 7


def test_codes_that_no_brick_has_carry_no_spike():
    machine, wall = Superposition(lambda x, y: np.ones_like(x), TWO), np.array([2, 2, 2])
    i, j = np.array([3, 3, 9]), np.array([8, 9, 1])   # bricks 0 to 8 are there
    sums = TWO.plateau(i, wall, 0, 1) + TWO.plateau(j, wall, 1, 1)
    np.testing.assert_allclose(machine.outer(2, sums, levels=1), [2 / 7, 0, 0])


def test_a_random_point_rarely_meets_a_foreign_spike():
    machine = Superposition(lambda x, y: np.ones_like(x), TWO)
    X, Y = random_points(TWO, 20_000)
    on = (TWO.brick(X, 1)[1] == 0) & (TWO.brick(Y, 1)[1] == 0)
    added = machine.spikes(TWO.sums(X, Y), 1)
    np.testing.assert_allclose(added[on], 2 / 7)
    assert 0 < (added[~on] > 0).mean() < 0.1


def test_the_share_c_decides_what_is_left():
    """f = 1: three or four walls answer, so 1 - 3 c or 1 - 4 c is left."""
    X, Y = random_points(TWO, 500)
    on = ((TWO.brick(X, 1)[1] == 0) & (TWO.brick(Y, 1)[1] == 0)).sum(axis=1)
    for c in (0.2, 0.25, 1 / 3):
        machine = Superposition(lambda x, y: np.ones_like(x), TWO, c=c)
        left = machine.left_over(X, Y, 1)
        assert np.median(np.abs(left - (1 - on * c))) < 1e-12


def test_arrays_of_any_shape_and_single_numbers():
    machine = Superposition(PRODUCT)
    x = np.linspace(0, 1, 12).reshape(3, 4)
    assert machine(x, x).shape == (3, 4)
    assert machine(0.3, x).shape == (3, 4)
    assert float(machine(0.3, 0.6)) == machine([0.3], [0.6])[0]
    np.testing.assert_array_equal(machine(x, x, levels=0), np.zeros((3, 4)))


def test_a_trapezoid_of_integers_beyond_float64_is_exact():
    W = 2**700
    beyond = np.array([-W, -W // 2, 0, 2 * W, 5 * W // 2, 3 * W, 10 * W], dtype=object)
    np.testing.assert_array_equal(trapezoid(beyond, W), [0, 0.5, 1, 1, 0.5, 0, 0])


@pytest.mark.parametrize("c", [0, 0.5, -1, np.nan])
def test_a_wrong_share_is_refused_in_words(c):
    with pytest.raises(ValueError, match="expected a finite number above 0 below 0.5, such as the share 2/7"):
        Superposition(PRODUCT, c=c)


@pytest.mark.parametrize("levels", [3, -1])
def test_levels_that_are_not_there_are_refused_in_words(levels):
    with pytest.raises(ValueError, match=f"levels (=|is) {levels}; (these walls have 2|expected a whole number >= 0)"):
        Superposition(PRODUCT)(0.3, 0.6, levels)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("f", [
    lambda x, y: None, lambda x, y: x * np.nan, lambda x, y: x[1:], lambda x, y: x[:, None] * y, lambda x, y: x + 1j,
    lambda x: x, max,
])  # fmt: skip
def test_what_f_returns_is_looked_at(f):
    with pytest.raises(ValueError, match="what f returned|f could not be called"):
        Superposition(f)([0.3, 0.5, 0.7], [0.6, 0.1, 0.2])


def test_a_constant_is_a_function_too():
    x = np.linspace(0, 1, 7)
    np.testing.assert_array_equal(Superposition(lambda x, y: 2)(x, x), Superposition(lambda x, y: 2 + 0 * x)(x, x))


@pytest.mark.parametrize("call", [
    lambda m: m.outer(0, [0.5]), lambda m: m.outer(0, [10**30]), lambda m: m.outer(5, [1]), lambda m: m.outer(0, [-1]),
    lambda m: m.spikes([[0.5] * 5], 1), lambda m: m.spikes([[10**30] * 5], 1), lambda m: m.spikes([1, 2], 1),
    lambda m: m.spikes([[1] * 5], 0), lambda m: m.at([0.3], [0.6]), lambda m: m.at([[1]], [[2]]),
    lambda m: m.at([1, 2], [1]), lambda m: m.left_over([1], [1], 3), lambda m: m.follow([0.3], 0.6),
    lambda m: m.follow(0.3, 1.1), lambda m: m(0.3, 0.6, 1.0), lambda m: m([0.3], [[0.6, 0.7]]), lambda m: m([], []),
    lambda m: Superposition(PRODUCT, (3, 19)), lambda m: Superposition(PRODUCT, 0), lambda m: Superposition("x y"),
    lambda m: trapezoid([0.5], 4), lambda m: trapezoid([1], 0), lambda m: walls_for(3, 2),
    lambda m: walls_for(10**30, 2), lambda m: walls_for(16, 5),
])  # fmt: skip
def test_what_the_machine_cannot_take_is_refused_in_words(call):
    with pytest.raises(ValueError, match="; (expected|pass)|: expected|, give|: pass"):
        call(Superposition(PRODUCT, TWO))
