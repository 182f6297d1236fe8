"""Newton-Kaczmarz: each step against the projection that defines it, alone and through `fit`."""

import numpy as np
import pytest

from kan_edu import KAN, LevenbergMarquardt, NewtonKaczmarz, cross_entropy, datasets, fit
from tests.learning.downhill.problems import LinearSquares

TINY = 1e-12  # a floor that changes nothing


def test_one_sample_is_met_by_the_step_of_the_paper():
    theta, j = np.array([1.0, -2.0, 0.5]), np.array([[3.0, 0.0, 4.0]])
    value = NewtonKaczmarz(mu=0.5, floor=TINY).step(theta, lambda: j @ theta - 1, lambda: j)
    assert value == 16  # r = 3 + 2 - 1
    np.testing.assert_allclose(theta, np.array([1.0, -2.0, 0.5]) - 0.5 * 4 / 25 * j[0], rtol=1e-10)


@pytest.mark.parametrize("mu", [0.3, 1.0, 1.7])
def test_a_batch_is_met_by_the_shortest_step(mu):
    rng = np.random.default_rng(0)
    J, y, theta = rng.normal(size=(4, 9)), rng.normal(size=4), np.ones(9)
    r, shortest = J @ theta - y, -np.linalg.pinv(J) @ (J @ theta - y)
    NewtonKaczmarz(mu, floor=TINY).step(theta, lambda: J @ theta - y, lambda: J)
    np.testing.assert_allclose(theta, 1 + mu * shortest, rtol=1e-8)
    np.testing.assert_allclose(J @ theta - y, (1 - mu) * r, atol=1e-8)


def test_equation_after_equation_leads_to_the_solution_of_all():
    problem, optimiser = LinearSquares(condition=3), NewtonKaczmarz(mu=1.0, floor=TINY)
    goal = np.arange(8.0)
    for row in [*range(40)] * 30:
        a = problem.A[row : row + 1]
        optimiser.step(problem.theta, lambda a=a: a @ (problem.theta - goal), lambda a=a: a)
    np.testing.assert_allclose(problem.theta, goal, atol=1e-6)


@pytest.mark.parametrize(("floor", "dtype"), [(1e-3, np.float64), (1e-8, np.float32)])
def test_samples_that_are_alike_or_that_contradict_each_other_do_not_throw_theta_away(floor, dtype):
    """J J' is singular, and no d meets both: the floor keeps the step as short as for one of them."""
    theta, J = np.zeros(2), np.array([[1.0, 0.0], [1.0, 0.0]], dtype)
    NewtonKaczmarz(1.0, floor).step(theta, lambda: J @ theta - np.array([1.0, 3.0]), lambda: J)
    np.testing.assert_allclose(theta, [2.0, 0.0], atol=2e-3)  # their mean


@pytest.mark.parametrize(("batch_size", "steps", "dtype"), [(1, 200, float), (50, 16, float), (50, 16, np.float32)])
def test_a_kan_learns_roughly_in_a_few_rounds(batch_size, steps, dtype):
    X, Y = datasets.sample("f1", 200, seed=0)
    model = KAN([2, 5, 1], seed=0, dtype=dtype)
    history = fit(model, X, Y, steps=steps, optimiser=NewtonKaczmarz(), batch_size=batch_size)
    assert history.final_rmse < (0.4 if batch_size == 1 else 0.1) * Y.std()


def test_blocks_of_a_jacobian_are_one_matrix():
    theta, J = np.zeros(5), np.random.default_rng(1).normal(size=(4, 5))
    whole = theta.copy()
    NewtonKaczmarz().step(theta, lambda: J @ theta - 1, lambda: iter([J[:1], J[1:]]))
    NewtonKaczmarz().step(whole, lambda: J @ whole - 1, lambda: J)
    assert np.array_equal(theta, whole) and theta.any()


def test_edges_that_were_removed_stay_removed():
    X, Y = datasets.sample("f1", 100, seed=0)
    model = KAN([2, 2, 1], seed=0)
    model.remove_edge((0, 0, 0))
    before = model.theta[~model.free].copy()
    fit(model, X, Y, steps=5, optimiser=NewtonKaczmarz(), batch_size=10)
    assert before.size and np.array_equal(model.theta[~model.free], before)


@pytest.mark.parametrize("J", [np.zeros((1, 2)), np.full((1, 2), 1e-200)])
def test_a_slope_that_is_useless_leaves_theta(J):
    theta = np.array([3.0, 4.0])
    NewtonKaczmarz().step(theta, lambda: theta[:1] - 1, lambda: J)
    assert (theta == [3, 4]).all()


def test_a_residual_beyond_all_bounds_leaves_theta_and_is_told():
    theta = np.ones(2)
    assert NewtonKaczmarz().step(theta, lambda: np.array([np.inf]), lambda: np.ones((1, 2))) == np.inf
    assert (theta == 1).all()


@pytest.mark.parametrize(("call", "words"), [
    (lambda: NewtonKaczmarz(mu=0), "mu is 0; expected a finite number above 0 below 2"),
    (lambda: NewtonKaczmarz(mu=2), "mu is 2; expected a finite number above 0 below 2"),
    (lambda: NewtonKaczmarz(floor=0), "floor is 0; expected a finite number from 1e-12 to 1"),
    (lambda: NewtonKaczmarz().step(np.ones(2), lambda: np.ones(1), lambda: np.full((1, 2), np.nan)), "NaN or inf"),
    (lambda: NewtonKaczmarz().step(np.ones(2), lambda: np.ones(1), lambda: np.ones((1, 3))), "has 3 columns"),
    (lambda: fit(KAN([1, 2]), [[0.0], [1.0]], [0, 1], loss=cross_entropy, optimiser=NewtonKaczmarz(), batch_size=1),
     "minimises a sum of squares"),
    (lambda: fit(KAN([1, 1]), [[0.0], [1.0]], [0, 1], optimiser=LevenbergMarquardt(), batch_size=1),
     "compares losses of the same samples"),
])  # fmt: skip
def test_what_it_cannot_do_it_says(call, words):
    with pytest.raises(ValueError, match=words):
        call()
