"""Levenberg-Marquardt: its step against Marquardt's equations, and what must not lead it astray."""

import numpy as np
import pytest

from kan_edu.learning.downhill.levenberg_marquardt import LevenbergMarquardt
from tests.learning.downhill.problems import LinearSquares, Rosenbrock, walk


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
    with pytest.raises(ValueError, match="the Jacobian holds 1 value that is NaN or inf"):
        LevenbergMarquardt().step(theta, lambda: theta - 1, lambda: np.array([[slope]]))
    assert theta[0] == 3


def test_a_parameter_that_no_residual_reaches_stays_where_it_is():
    theta = np.array([3.0, 7.0])
    LevenbergMarquardt(1e-3).step(theta, lambda: theta[:1] - 1, lambda: np.array([[1.0, 0.0]]))
    assert theta[1] == 7 and theta[0] == pytest.approx(1, abs=0.01)


class Parabolas:
    """Residuals with a constant second derivative: r = A theta + (B theta)^2 / 2 - y, so r'' along d is (B d)^2."""

    def __init__(self):
        rng = np.random.default_rng(3)
        self.A, self.B, self.y = rng.normal(size=(6, 3)), 0.3 * rng.normal(size=(6, 3)), rng.normal(size=6)
        self.theta = np.array([0.3, -0.2, 0.5])

    def residuals(self):
        return self.A @ self.theta + (self.B @ self.theta) ** 2 / 2 - self.y

    def jacobian(self):
        return self.A + (self.B @ self.theta)[:, None] * self.B


@pytest.mark.parametrize("blocks", [False, True])
def test_a_bent_step_adds_half_the_answer_to_the_second_derivative(blocks):
    problem, optimiser = Parabolas(), LevenbergMarquardt(damping=0.3, bent=True)
    optimiser.curved = True  # as the last step has told
    J, r, start = problem.jacobian(), problem.residuals(), problem.theta.copy()
    A = J.T @ J
    damped = A + 0.3 * np.diag(A.diagonal() + 1e-6 * A.diagonal().max())
    d = np.linalg.solve(damped, -J.T @ r)
    bend = np.linalg.solve(damped, -J.T @ (problem.B @ d) ** 2) / 2
    optimiser.step(problem.theta, problem.residuals, lambda: iter([J[:2], J[2:]]) if blocks else J)
    assert np.abs(bend).max() > 1e-3
    np.testing.assert_allclose(problem.theta - start, d + bend, rtol=1e-9)


def test_a_bend_longer_than_the_step_allows_is_left_out():
    problem, optimiser = Parabolas(), LevenbergMarquardt(damping=0.3, bent=True)
    problem.y *= 300  # so that d is long, and the bend grows like its square
    optimiser.curved = True
    J, r, start = problem.jacobian(), problem.residuals(), problem.theta.copy()
    scale = np.diag((J.T @ J).diagonal() + 1e-6 * (J.T @ J).diagonal().max())
    d = np.linalg.solve(J.T @ J + 0.3 * scale, -J.T @ r)
    bend = np.linalg.solve(J.T @ J + 0.3 * scale, -J.T @ (problem.B @ d) ** 2) / 2
    assert bend @ scale @ bend > 0.75**2 * d @ scale @ d
    tried = []
    optimiser.step(problem.theta, lambda: tried.append(problem.theta - start) or problem.residuals(), lambda: J)
    assert any(np.allclose(step, d, rtol=1e-9) for step in tried)


def test_a_bend_that_cannot_be_had_is_none():
    def fails():
        raise FloatingPointError

    optimiser, r = LevenbergMarquardt(bent=True), np.ones(2)
    assert optimiser._change(lambda: r * np.inf, r) is None and optimiser._change(fails, r) is None
    assert optimiser._bend(np.ones(2), None, None, None, None) == 0


class Gorge(Rosenbrock):
    """The banana valley, a hundred times as steep."""

    def residuals(self):
        return super().residuals() * [1, 100]

    def jacobian(self):
        return super().jacobian() * [[1], [100]]


def test_bent_steps_are_fewer_in_a_winding_valley_and_never_go_uphill():
    steps = {}
    for bent in (False, True):
        problem, optimiser = Gorge(), LevenbergMarquardt(bent=bent)
        losses = walk(problem, optimiser, 300)
        np.testing.assert_allclose(problem.theta, problem.solution, atol=1e-6)
        assert (np.diff(losses) <= 0).all()
        steps[bent] = int(np.argmax(np.array(losses) < 1e-12))
    assert 0 < steps[True] <= 0.5 * steps[False], steps


def test_the_damping_follows_what_a_step_gained_of_its_promise():
    problem, optimiser = LinearSquares(), LevenbergMarquardt(damping=0.5, bent=True)
    optimiser.step(problem.theta, problem.residuals, problem.jacobian)
    assert optimiser.damping == pytest.approx(0.05) and not optimiser.curved  # all of it
    optimiser._trust(0.5)
    assert optimiser.damping == pytest.approx(0.05) and optimiser.curved  # half of it: as it was
    optimiser._trust(-1.0), optimiser._trust(-1.0)
    assert optimiser.damping == pytest.approx(0.05 * 2 * 4)
    optimiser.restart()
    assert optimiser.damping == 0.5 and optimiser.growth == 2 and not optimiser.curved
