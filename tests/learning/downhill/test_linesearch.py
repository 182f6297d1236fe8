"""The strong Wolfe line search: both conditions hold at the step it returns, on easy, crooked and cruel functions."""

import numpy as np
import pytest

from kan_edu.learning.downhill.linesearch import between, strong_wolfe

C1, C2 = 1e-4, 0.9
FUNCTIONS = {
    "parabola": (lambda t: ((t - 1) ** 2, 2 * (t - 1))),
    "far away": (lambda t: ((t - 1e4) ** 2 / 1e8, 2 * (t - 1e4) / 1e8)),
    "very near": (lambda t: ((t * 1e4 - 1) ** 2, 2e4 * (t * 1e4 - 1))),
    "waves": (lambda t: (-np.sin(5 * t) + 0.3 * t**2, -5 * np.cos(5 * t) + 0.6 * t)),
    "steep wall": (lambda t: (t**20 - t, 20 * t**19 - 1)),
    "flat valley": (lambda t: ((t - 3) ** 4 / 81, 4 * (t - 3) ** 3 / 81)),
    "a hole in the domain": (lambda t: (-np.log(2 - t) - 3 * t, 1 / (2 - t) - 3) if t < 2 else (np.nan, np.nan)),
}


@pytest.mark.parametrize("first", [1e-3, 1.0, 50.0])
@pytest.mark.parametrize("name", FUNCTIONS)
def test_both_conditions_hold_at_the_step(name, first):
    f, calls = FUNCTIONS[name], []

    def counted(t):
        calls.append(t)
        return f(t)

    value, slope = f(0.0)
    t = strong_wolfe(counted, value, slope, first, c1=C1, c2=C2)
    now, there = f(t)
    assert t > 0
    assert now <= value + C1 * t * slope
    assert abs(there) <= C2 * abs(slope)
    assert calls[-1] == t, "the caller's state is that of the last call"
    assert len(calls) <= 26


def test_no_step_where_every_step_goes_up():
    """The slope lies: f rises at once. 0.0 says so."""
    assert strong_wolfe(lambda t: (t, 1.0), 0.0, -1.0) == 0.0


def test_a_step_that_goes_down_is_better_than_none():
    """A slope that never flattens: no step is good by both conditions, but far along is lower than here."""
    calls = []

    def f(t):
        calls.append(t)
        return -t, -1.0

    t = strong_wolfe(f, 0.0, -1.0, most=5)
    assert t == 2.0**4 and calls[-1] == t


@pytest.mark.parametrize(
    ("b", "f_b", "expected"), [(2.0, 0.0, 1.0), (1.0, np.inf, 0.5), (10.0, 1e9, 1.0), (2.0, -3.9, 1.8)]
)
def test_the_next_guess_is_the_lowest_point_of_a_parabola_off_the_ends(b, f_b, expected):
    """From (0, 0) with slope -2: through (2, 0) it is t^2 - 2t, lowest at 1."""
    assert between((0.0, 0.0, -2.0), (b, f_b, 0.0)) == pytest.approx(expected)
