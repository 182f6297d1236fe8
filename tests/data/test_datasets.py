"""The made-up data: gates by their rule, clouds by their curves, functions against scipy, seeds, refusals."""

import re

import numpy as np
import pytest
from scipy.special import j0

from kan_edu.data import datasets
from kan_edu.data.datasets import GATES, TARGETS, Target, bessel_j0, logic_gate, moons, sample, spirals

RULES = {
    "AND": lambda a, b: a and b,
    "OR": lambda a, b: a or b,
    "XOR": lambda a, b: a != b,
    "NAND": lambda a, b: not (a and b),
    "NOR": lambda a, b: not (a or b),
}


@pytest.mark.parametrize("name", GATES)
def test_gates_are_their_truth_tables(name):
    X, y = logic_gate(name)
    assert X.shape == (4, 2) and X.dtype == float and len({tuple(x) for x in X}) == 4
    assert [bool(RULES[name](*x)) for x in X] == y.astype(bool).tolist()
    assert (logic_gate(name.lower())[1] == y).all()


def test_a_gate_is_a_new_copy_each_time():
    logic_gate("AND")[1][:] = 7
    assert logic_gate("AND")[1].tolist() == [0, 0, 0, 1]


@pytest.mark.parametrize("cloud", [moons, spirals])
def test_clouds_have_two_equal_classes_and_repeat_with_their_seed(cloud):
    X, y = cloud(101, seed=3)
    assert X.shape == (101, 2) and sorted(np.bincount(y).tolist()) == [50, 51] and np.abs(X).max() < 3
    assert (cloud(101, seed=3)[0] == X).all() and (cloud(101, seed=3)[1] == y).all()
    assert not (cloud(101, seed=4)[0] == X).any()
    assert 0 < y[:50].sum() < 50  # not sorted by class: the first half would do as a training set


@pytest.mark.parametrize("draw", [moons, spirals, lambda N, seed: sample("f2", N, seed)])
def test_a_generator_is_used_as_it_stands(draw):
    rng = np.random.default_rng(5)
    first, second = draw(10, seed=rng)[0], draw(10, seed=rng)[0]
    assert (first == draw(10, seed=5)[0]).all() and not (first == second).any()


def test_without_noise_moons_lie_on_their_half_circles():
    X, y = moons(500, noise=0)
    centre = np.where(y[:, None] == 0, [0.0, 0.0], [1.0, 0.5])
    assert np.allclose(np.linalg.norm(X - centre, axis=1), 1)
    assert (np.sign((X - centre)[:, 1]) == np.where(y == 0, 1, -1)).all()
    assert np.ptp(X[y == 0, 0]) > 1.9 and np.ptp(X[y == 1, 0]) > 1.9  # whole half circles


@pytest.mark.parametrize("turns, arms", [(1.5, 2), (0.5, 3), (-1, 1)])
def test_without_noise_spirals_lie_on_their_arms(turns, arms):
    X, y = spirals(300, turns=turns, noise=0, arms=arms)
    radius = np.linalg.norm(X, axis=1)
    assert 0.1 <= radius.min() < 0.2 and 0.98 < radius.max() <= 1
    angle = 2 * np.pi * (turns * (radius - 0.1) / 0.9 + y / arms)
    assert np.allclose(X, radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)]))


def test_noise_has_its_standard_deviation():
    for cloud in (moons, spirals):
        noise = cloud(4000, noise=0.3)[0] - cloud(4000, noise=0)[0]
        assert np.allclose(noise.std(axis=0), 0.3, rtol=0.05)
    (X, Y), (X_noisy, Y_noisy) = sample("f1", 4000, seed=2), sample("f1", 4000, seed=2, noise=0.3)
    assert (X == X_noisy).all() and np.isclose((Y_noisy - Y).std(), 0.3, rtol=0.05)


def test_bessel_agrees_with_scipy():
    x = np.linspace(-20, 20, 20001)
    assert np.abs(bessel_j0(x) - j0(x)).max() < 1e-13
    x = np.linspace(-300, 300, 1001)
    assert np.abs(bessel_j0(x) - j0(x)).max() < 1e-13
    assert bessel_j0(np.zeros((2, 1))).shape == (2, 1) and bessel_j0(0.0) == 1


@pytest.mark.parametrize("name, x, value", [
    ("f1", [0.5, 1.0], np.exp(2)),
    ("f1", [-0.5, 0.5], np.exp(-0.75)),
    ("f2", [0.5, -0.25], -0.125),
    ("f3", [-0.1], j0(2.0)),
    ("f4", [0.5, 0.5, 0.0, 0.0], np.exp(0.5)),
    ("f4", [1.0, 0.5**0.5, 0.5, 0.5], 1.0),
    ("f5", [1.0] * 50 + [0.0] * 50, np.exp(0.5)),
    ("f5", [-0.5, 0.0], np.exp(0.25)),
])  # fmt: skip
def test_targets_at_a_known_point(name, x, value):
    assert np.allclose(TARGETS[name]([x]), [[value]])


@pytest.mark.parametrize("name", TARGETS)
def test_samples_fill_the_cube_and_repeat(name):
    X, Y = sample(name, N=400, seed=1)
    target = TARGETS[name]
    assert X.shape == (400, target.n_in) and Y.shape == (400, 1) and (Y == target(X)).all()
    assert (X.min(axis=0) < -0.9).all() and (X.max(axis=0) > 0.9).all() and np.abs(X).max() <= 1
    assert (sample(name, N=400, seed=1)[1] == Y).all() and not (sample(name, N=400, seed=2)[1] == Y).any()
    assert (sample(target, N=400, seed=1)[1] == Y).all() and (sample(target.f, N=400, seed=1)[1] == Y).all()


def test_sample_takes_other_functions_and_other_numbers_of_inputs():
    X, Y = sample(lambda X: X.sum(axis=1, keepdims=True), N=5, n_in=3)
    assert X.shape == (5, 3) and np.allclose(Y[:, 0], X @ np.ones(3))
    assert sample("f5", N=5, n_in=10)[0].shape == (5, 10)


@pytest.mark.parametrize("call, words", [
    (lambda: logic_gate("IF"), "there is no gate 'IF'; choose one of AND, OR, XOR, NAND, NOR"),
    (lambda: logic_gate(3), "there is no gate 3"),
    (lambda: sample("f9"), "there is no target 'f9'; choose one of f1 = exp(sin(pi x) + y^2), f2 = x y, f3 = J0(20 x)"),
    (lambda: sample(np.sin), "a function of your own needs n_in"),
    (lambda: sample(np.sin, 10, n_in=2), "the target returned shape (10, 2) for X of shape (10, 2); expected (10, 1)"),
    (lambda: sample("f1", 10, n_in=3), "X has 3 columns, expected 2 (x and y)"),
    (lambda: sample("f1", 0), "N is 0; expected a whole number >= 1"),
    (lambda: sample("f1", noise=-1), "noise is -1; expected a finite number from 0 to 1e+300, such as the stand"),
    (lambda: moons(5, noise="0.1"), "noise is '0.1'; expected a finite number"),
    (lambda: spirals(5, turns=None), "turns is None; expected a finite number from -1e+06 to 1e+06, such as 1.5"),
    (lambda: bessel_j0([1e10]), "takes 149 GiB; give smaller or fewer"),
    (lambda: moons(0), "N is 0; expected a whole number >= 1"),
    (lambda: moons(10, noise=np.nan), "noise is nan"),
    (lambda: spirals(2.5), "N is 2.5; expected a whole number"),
    (lambda: spirals(10, noise=-1), "noise is -1"),
    (lambda: spirals(10, turns=np.inf), "turns is inf"),
    (lambda: spirals(10, arms=0), "arms is 0; expected a whole number from 1 to 1000000"),
    (lambda: TARGETS["f1"](np.zeros((3, 3))), "X has 3 columns, expected 2"),
    (lambda: datasets.bessel([[np.nan]]), "X holds 1 value that is NaN or inf"),
    (lambda: datasets.exp_mean_sine(np.zeros(100)), "expected two dimensions (N, n)"),
])  # fmt: skip
def test_refusals_name_what_came(call, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        call()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("size", [1e8, 1e30, 1e300, 1e308])
@pytest.mark.parametrize("name", TARGETS)
def test_the_functions_refuse_what_they_cannot_compute(name, size):
    """A sine of 1e30 has no right digit, and one of 1e308 is NaN; x y is right up to 1e308."""
    X = np.full((2, TARGETS[name].n_in), size)
    if name == "f2" and size <= 1e30:
        assert (TARGETS[name](X) == size**2).all()
    else:
        with pytest.raises(ValueError, match="expected numbers from -1 to 1.*: scale X first"):
            TARGETS[name](X)


OWN = {"None": None, "NaN": np.full((7, 1), np.nan), "words": np.full((7, 1), "a"), "a row": np.zeros(7),
       "each with each": np.zeros((7, 7)), "masked": np.ma.masked_equal(np.zeros((7, 1)), 0)}  # fmt: skip


@pytest.mark.parametrize("kind", OWN)
def test_what_a_function_of_your_own_returns_is_looked_at(kind):
    own = Target(lambda X: OWN[kind], 2, "")
    for made in (lambda: sample(own.f, 7, n_in=2), lambda: own(np.zeros((7, 2)))):
        with pytest.raises(ValueError, match="the target returned .*[;:]"):
            made()


@pytest.mark.parametrize("target", [Target(None, 2, ""), Target(np.sin, 0, ""), Target(np.sin, "2", ""), dict,
                                    Target(np.sin, 2, "", 1, 0), Target(lambda a, b: a, 2, "")])  # fmt: skip
def test_a_target_is_a_function_a_number_of_inputs_and_a_range(target):
    with pytest.raises(ValueError, match="[;,] .*expected|there is no target"):
        sample(target, 5)


@pytest.mark.parametrize("N", [10**9, 10**30])
def test_more_points_than_there_is_room_for_are_refused(N):
    for made in (moons, spirals, lambda N: sample("f1", N), lambda N: sample("f5", 5, n_in=N)):
        with pytest.raises(ValueError, match="points of .* numbers would take .* GiB of memory; draw fewer"):
            made(N)


@pytest.mark.parametrize("made", [lambda: moons(9, noise=1e301), lambda: spirals(9, turns=1e300),
                                  lambda: spirals(9, arms=10**9), lambda: bessel_j0([])])  # fmt: skip
def test_draws_that_no_number_could_hold_are_refused(made):
    with pytest.raises(ValueError, match="; expected|; pass at least"):
        made()
