"""L-BFGS and Levenberg-Marquardt on known solutions and against scipy's."""

import numpy as np
import pytest

from kan_edu.learning.downhill.lbfgs import LBFGS
from kan_edu.learning.downhill.levenberg_marquardt import LevenbergMarquardt
from kan_edu.learning.objective import Objective
from kan_edu.networks.mlp import MLP
from tests.learning.downhill.problems import LinearSquares, Rosenbrock, walk


@pytest.mark.parametrize(("make", "steps"), [(LBFGS, 60), (LevenbergMarquardt, 40)])
def test_the_banana_valley_is_walked_to_its_end(make, steps):
    problem = Rosenbrock()
    losses = walk(problem, make(), steps)
    np.testing.assert_allclose(problem.theta, problem.solution, atol=1e-8)
    assert losses[0] == pytest.approx(24.2)
    assert (np.diff(losses) <= 0).all(), "a step went uphill"


@pytest.mark.parametrize(
    ("make", "condition", "steps"),
    [(LBFGS, 10, 60), (LevenbergMarquardt, 10, 20), (LBFGS, 1e3, 400), (LevenbergMarquardt, 1e3, 40)],
)
def test_linear_least_squares_ill_conditioned_too(make, condition, steps):
    problem = LinearSquares(condition)
    walk(problem, make(), steps)
    np.testing.assert_allclose(problem.theta, problem.solution, atol=1e-6 * np.abs(problem.solution).max())


@pytest.mark.parametrize("make", [LBFGS, LevenbergMarquardt])
def test_at_the_solution_it_says_that_no_step_helps_and_stays(make):
    problem, optimiser = Rosenbrock(), make()
    problem.theta[...] = 1
    walk(problem, optimiser, 3)
    assert optimiser.stopped and (problem.theta == 1).all()


def test_no_worse_than_scipys_on_a_network():
    """The same number of residual evaluations, about: ours must not end much higher than scipy's."""
    optimize = pytest.importorskip("scipy.optimize")
    X = np.random.default_rng(0).uniform(-1, 1, (60, 2))
    ours, theirs = (Objective(MLP([2, 5, 1], seed=1), X, np.sin(3 * X[:, :1]) * X[:, 1:]) for _ in range(2))

    def at(theta, ask):
        theirs.model.theta[...] = theta
        return ask()

    found = optimize.least_squares(lambda t: at(t, theirs.residuals), theirs.model.theta.copy(),
                                   jac=lambda t: at(t, theirs.jacobian), method="trf", max_nfev=60)  # fmt: skip
    optimiser = LevenbergMarquardt()
    losses = [ours.step(optimiser) for _ in range(60)]
    assert losses[-1] < 4 * 2 * found.cost

    ours.model.restart(1)
    theirs.model.restart(1)
    found = optimize.minimize(lambda t: at(t, theirs.evaluate), theirs.model.theta.copy(), jac=True, method="L-BFGS-B",
                              options={"maxiter": 150, "maxcor": 20})  # fmt: skip
    optimiser = LBFGS(20)
    losses = [ours.step(optimiser) for _ in range(150)]
    assert losses[-1] < 4 * found.fun


@pytest.mark.parametrize(("make", "words"), [
    (lambda: LBFGS(memory=0), "memory is 0; expected a whole number >= 1"),
    (lambda: LevenbergMarquardt(damping=0), "damping is 0; expected a positive number"),
    (lambda: LevenbergMarquardt(floor=np.nan), "floor is nan; expected a positive number"),
])  # fmt: skip
def test_senseless_settings_are_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()
