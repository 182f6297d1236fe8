"""Levenberg-Marquardt: its step against Marquardt's equations, and what must not lead it astray."""

import numpy as np
import pytest

from kan_edu.learning.downhill.levenberg_marquardt import LevenbergMarquardt
from tests.learning.downhill.problems import LinearSquares


def test_without_damping_one_step_solves_a_linear_problem():
    problem = LinearSquares()
    LevenbergMarquardt(damping=1e-14).step(problem.theta, problem.residuals, problem.jacobian)
    np.testing.assert_allclose(problem.theta, problem.solution, rtol=1e-9)


def test_a_damped_step_solves_marquardts_equations():
    problem, damping, floor = LinearSquares(), 0.3, 0.01
    LevenbergMarquardt(damping, floor).step(problem.theta, problem.residuals, problem.jacobian)
    A = problem.A.T @ problem.A
    scale = np.diag(A) + floor * np.diag(A).max()
    expected = np.linalg.solve(A + damping * np.diag(scale), problem.A.T @ problem.y)
    np.testing.assert_allclose(problem.theta, expected, rtol=1e-12)


def test_a_step_into_overflow_is_turned_back():
    """exp of a large theta is inf; the step is made shorter until the residual is a number, and smaller."""
    theta, J = np.array([-7.0]), lambda: np.exp(theta)[:, None]
    before = LevenbergMarquardt(damping=1e-12).step(theta, lambda: np.exp(theta) - 1, J)
    assert np.isfinite(theta).all() and (np.exp(theta[0]) - 1) ** 2 < before


@pytest.mark.parametrize("slope", [0.0, 1e-200])
def test_a_slope_that_is_useless_ends_the_search_and_leaves_theta(slope):
    """Zero; so small that its square is zero: no endless loop, no NaN in theta."""
    theta, optimiser = np.array([3.0]), LevenbergMarquardt()
    with np.errstate(all="ignore"):
        optimiser.step(theta, lambda: theta - 1, lambda: np.array([[slope]]))
    assert theta[0] == 3 and optimiser.stopped


@pytest.mark.parametrize("slope", [np.inf, np.nan])
def test_a_slope_that_is_no_number_is_refused_and_leaves_theta(slope):
    theta = np.array([3.0])
    with pytest.raises(ValueError, match="the Jacobian holds 1 values that are NaN or inf"):
        LevenbergMarquardt().step(theta, lambda: theta - 1, lambda: np.array([[slope]]))
    assert theta[0] == 3


def test_a_parameter_that_no_residual_reaches_stays_where_it_is():
    theta = np.array([3.0, 7.0])
    LevenbergMarquardt(1e-3).step(theta, lambda: theta[:1] - 1, lambda: np.array([[1.0, 0.0]]))
    assert theta[1] == 7 and theta[0] == pytest.approx(1, abs=0.01)
