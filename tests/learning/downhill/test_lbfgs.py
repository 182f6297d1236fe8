"""L-BFGS against the formula of BFGS with its whole matrix; what it remembers, and when it forgets."""

import numpy as np
import pytest

from kan_edu.learning.downhill.lbfgs import LBFGS
from tests.learning.downhill.problems import LinearSquares, Rosenbrock, walk


def test_l_bfgs_with_full_memory_is_the_bfgs_matrix():
    """The two loops against the formula of BFGS with its P x P matrix, for the direction after several steps."""
    problem, optimiser = LinearSquares(100), LBFGS(memory=50)
    walk(problem, optimiser, 6)
    s, y, _ = optimiser.pairs[-1]
    H = np.eye(8) * (s @ y) / (y @ y)
    for s, y, rho in optimiser.pairs:
        keep = np.eye(8) - rho * np.outer(y, s)
        H = keep.T @ H @ keep + rho * np.outer(s, s)
    gradient = problem.evaluate()[1]
    np.testing.assert_allclose(optimiser._direction(gradient), -H @ gradient, rtol=1e-9)


@pytest.mark.parametrize("memory", [1, 3, 20])
def test_l_bfgs_keeps_no_more_pairs_than_asked(memory):
    optimiser = LBFGS(memory)
    walk(Rosenbrock(), optimiser, 12)
    assert len(optimiser.pairs) == min(memory, 12)


def test_l_bfgs_begins_anew_when_theta_was_changed_elsewhere():
    problem, optimiser = Rosenbrock(), LBFGS()
    walk(problem, optimiser, 5)
    problem.theta[...] = [2.0, -3.0]
    assert optimiser.step(problem.theta, problem.evaluate) == pytest.approx(1 + 4900)
    assert len(optimiser.pairs) == 1
