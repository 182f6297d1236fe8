"""Sums of units: what each says of its own heights, the bounds on its error, and that bumps and units are one sum."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kan_edu import MLP
from kan_edu.theorems.bumps import (  # fmt: skip
    Units,
    bumps,
    cell_middles,
    errors,
    hats,
    heaviside,
    ramps,
    rate,
    step_places,
    steps,
    threshold,
    towers,
)

X = np.linspace(0, 1, 3001)
WIDE = np.linspace(-1, 2, 501)
counts = st.integers(1, 40)
steepnesses = st.one_of(st.floats(0.5, 1e4), st.just(np.inf))
slopes = st.floats(-9, 9)


def wave(x):
    return np.sin(7 * x)


@given(counts, steepnesses)
def test_bumps_sum_to_one_and_with_their_heights_to_the_steps(N, s):
    B = bumps(WIDE, N, s)
    assert B.shape == (501, N + 1)
    np.testing.assert_allclose(B.sum(axis=1), 1, atol=1e-12)
    np.testing.assert_allclose(B @ wave(cell_middles(N)), steps(wave, N, s)(WIDE), atol=1e-12)


@given(counts)
def test_hats_are_one_on_their_own_corner_and_with_their_heights_the_ramps(N):
    corners = np.arange(N + 1) / N
    np.testing.assert_allclose(hats(corners, N), np.eye(N + 1), atol=1e-12)
    np.testing.assert_allclose(hats(X, N) @ wave(corners), ramps(wave, N)(X), atol=1e-11)
    assert hats(X, N).min() > -1e-12


@given(counts, st.floats(0.1, 9), st.floats(0, 6))
def test_the_errors_stay_below_their_bounds(N, frequency, phase):
    def f(x):
        return np.sin(frequency * x + phase)

    assert errors(steps(f, N)(X), f(X))[0] <= frequency / 2 / (N + 1) + 1e-12
    assert errors(ramps(f, N)(X), f(X))[0] <= frequency**2 / 8 / N**2 + 1e-12


def test_the_bounds_are_reached():
    """A straight line for the steps, a parabola for the ramps: no smaller constant would do."""
    assert errors(steps(lambda x: x, 7)(X), X)[0] == pytest.approx(1 / 16, abs=1e-3)
    assert errors(ramps(lambda x: x**2, 5)(X), X**2)[0] == pytest.approx(2 / 8 / 25, abs=1e-6)


def test_the_values_that_are_taken_are_exact():
    np.testing.assert_allclose(steps(wave, 6)(cell_middles(6)), wave(cell_middles(6)), atol=1e-14)
    np.testing.assert_allclose(ramps(wave, 6)(np.arange(7) / 6), wave(np.arange(7) / 6), atol=1e-14)
    assert steps(wave, 6)(step_places(6)[:1]) == pytest.approx(wave(cell_middles(6)[:2]).mean())   # 1/2 on a step


def test_units_are_an_mlp():
    for units, activation in ((steps(wave, 5, 40.0), "sigmoid"), (ramps(wave, 5), "relu")):
        net = MLP([1, 5, 1], activation=activation)
        net.theta[:] = units.theta
        np.testing.assert_allclose(net(WIDE[:, None])[:, 0], units(WIDE), atol=1e-12)


def test_a_steep_sigmoid_is_nearly_a_step():
    x = X[np.abs(X[:, None] - step_places(4)).min(axis=1) > 0.01]
    np.testing.assert_allclose(steps(wave, 4, 5000.0)(x), steps(wave, 4)(x), atol=1e-12)


@pytest.mark.parametrize("d", [1, 2, 3])
def test_towers_take_the_value_at_the_middle_of_the_cell(d):
    def f(X):
        return wave(X.mean(axis=1)) + X[:, 0]

    n, points = 5, np.random.default_rng(d).random((300, d))
    middles = (np.floor(points * n) + 0.5) / n
    np.testing.assert_allclose(towers(f, points, n), f(middles), atol=1e-12)
    far = np.abs(points * n - np.round(points * n)).min(axis=1) > 0.1   # not too close to a wall of a cell
    np.testing.assert_allclose(towers(f, points[far], n, s=1000.0, S=100.0), f(middles[far]), atol=1e-6)


def test_soft_towers_leave_a_gap_where_four_cells_meet():
    ones = towers(lambda X: np.ones(len(X)), np.array([[0.5, 0.5], [0.5, 0.25], [0.25, 0.25]]), 2, s=100.0, S=40.0)
    np.testing.assert_allclose(ones, [0, 1, 1], atol=1e-6)


@settings(max_examples=20)
@given(slopes)
def test_rate_reads_the_power(p):
    N = np.array([2, 8, 32])
    assert rate(N, 3 * N**p) == pytest.approx(p, abs=1e-9)


def test_errors_are_the_largest_and_the_root_mean_square():
    assert errors([1.0, 2.0, 3.0], np.array([1.0, 2.0, 0.0])) == (3.0, pytest.approx(np.sqrt(3)))
    assert heaviside(np.array([-1.0, 0.0, 2.0])).tolist() == [0, 0.5, 1]


@pytest.mark.parametrize("call, words", [
    (lambda: steps(wave, 0), "N is 0; expected a whole number >= 1"),
    (lambda: ramps(wave, 1.5), "N is 1.5; expected a whole number"),
    (lambda: steps(wave, 3, 0.0), "the steepness is 0.0; expected a number above 0"),
    (lambda: bumps(X, 3, np.nan), "the steepness is nan"),
    (lambda: towers(np.sum, X, 3), r"X has shape \(3001,\)"),
    (lambda: towers(np.sum, X[:, None], 1), "n is 1; expected a whole number >= 2"),
])
def test_wrong_arguments_are_refused_in_words(call, words):
    with pytest.raises(ValueError, match=words):
        call()


# What f may return instead of a number for each place, and how it may be called.
WRONG = {"None": lambda x: None, "NaN": lambda x: x * np.nan, "complex": lambda x: x + 1j, "too few": lambda x: x[1:],
         "each with each": lambda x: x[:, None] - x, "words": lambda x: ["a"] * len(x),
         "two arguments": lambda x, y: x, "no array": math.sin}  # fmt: skip


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", WRONG)
@pytest.mark.parametrize("make", [lambda f: steps(f, 4), lambda f: ramps(f, 4), lambda f: towers(f, X[:9, None], 3),
                                  lambda f: Units([1], [1], [0], 0, f)(X[:9])])  # fmt: skip
def test_what_a_given_function_returns_is_looked_at(make, kind):
    if kind == "each with each":  # of (9, 1) that is (9, 9), so say it for a row alone
        with pytest.raises(ValueError, match=r"returned has shape \(\d+, \d+.*; expected"):
            steps(WRONG[kind], 4)
        return
    with pytest.raises(ValueError, match="returned|could not be called with"):
        make(WRONG[kind])


@pytest.mark.parametrize("make", [
    lambda N: steps(wave, N), lambda N: ramps(wave, N), lambda N: bumps(X, N), lambda N: hats(X, N),
    lambda N: towers(np.sum, X[:, None], N), cell_middles, step_places,
    lambda N: towers(np.sum, np.zeros((2, 40)), 2 + N % 2),
])  # fmt: skip
@pytest.mark.parametrize("N", [10**9, 10**30])
def test_more_units_than_there_is_room_for_are_refused(make, N):
    with pytest.raises(ValueError, match="would take .* GiB of memory; use"):
        make(N)


@pytest.mark.parametrize("s", ["20", None, True, [20.0], np.nan, 0, -1, 10**400, 1j])
def test_a_steepness_is_a_number_above_0_or_inf(s):
    for call in (lambda: steps(wave, 3, s), lambda: threshold(X, s), lambda: towers(np.sum, X[:, None], 3, s)):
        with pytest.raises(ValueError, match="steepness is .*; expected a number above 0, or inf"):
            call()


def test_steps_of_the_largest_steepness_are_heaviside_steps():
    np.testing.assert_array_equal(threshold(np.array([-1e300, -1.0, 0.0, 2.0]), 1e308), [0, 0, 0.5, 1])


def test_units_are_of_one_length():
    with pytest.raises(ValueError, match=r"w has shape \(3,\); expected 2 numbers in a row"):
        Units([1, 2], [1, 2, 3], [1, 2], 0, np.tanh)
    with pytest.raises(ValueError, match="c is '0'; expected a finite number"):
        Units([1, 2], [1, 2], [1, 2], "0", np.tanh)


@pytest.mark.filterwarnings("error")
def test_errors_of_large_numbers_are_right_and_beyond_float64_refused():
    assert errors([3e200, 0.0], [0.0, 4e200]) == (4e200, pytest.approx(np.sqrt(12.5) * 1e200))
    with pytest.raises(ValueError, match="the error leaves the range of float64"):
        errors([1.7e308], [-1.7e308])
    with pytest.raises(ValueError, match="the approximation is empty"):
        errors([], [])


@pytest.mark.parametrize(("N", "error"), [([1, 2], [1, 0]), ([2, 2], [1, 2]), ([-1, 2], [1, 2]), ([1, 2, 3], [1, 2])])
def test_a_rate_needs_two_numbers_above_0(N, error):
    with pytest.raises(ValueError, match="expected numbers above 0, with two different N|expected 3 numbers"):
        rate(N, error)
