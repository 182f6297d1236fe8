"""SGD and Adam against their formulas, L-BFGS and Levenberg-Marquardt on known solutions and against scipy's."""

import math

import numpy as np
import pytest

from kan_edu.learning.objective import Objective
from kan_edu.learning.optimisers import BLOCK, LBFGS, SGD, Adam, LevenbergMarquardt
from kan_edu.networks.kan import KAN
from kan_edu.networks.mlp import MLP

STEPS, P = 200, 6


def gradients(seed=0):
    """A sequence of gradients of very different sizes, zeros among them."""
    rng = np.random.default_rng(seed)
    g = rng.normal(size=(STEPS, P)) * 10.0 ** np.array([-6, -3, 0, 1, 3, 0])
    g[:, 5] = 0
    g[3] = 0
    return g


def walked(optimiser, start, gradients):
    theta = start.copy()
    path = []
    for g in gradients:
        optimiser.step(theta, g)
        path.append(theta.copy())
    return np.array(path)


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_sgd_is_a_sum_of_old_gradients_that_fade(momentum):
    """theta_s = theta_0 - lr sum_{r <= s} (1 + momentum + ... + momentum^(s-r)) g_r, without any recursion."""
    start, g, lr = np.arange(P, dtype=float), gradients(), 0.03
    path = walked(SGD(lr, momentum), start, g)
    for s in (0, 1, 2, 10, STEPS - 1):
        factors = [math.fsum(momentum**p for p in range(s - r + 1)) for r in range(s + 1)]
        expected = [start[i] - lr * math.fsum(f * x for f, x in zip(factors, g[:, i], strict=False)) for i in range(P)]
        np.testing.assert_allclose(path[s], expected, rtol=1e-11, atol=1e-11)


@pytest.mark.parametrize(("beta1", "beta2"), [(0.9, 0.999), (0.5, 0.9), (0.0, 0.0)])
def test_adam_is_the_algorithm_of_the_paper_number_by_number(beta1, beta2):
    """arXiv 1412.6980, algorithm 1, for one parameter at a time with Python's own floats."""
    start, g, lr, eps = np.linspace(-1, 1, P), gradients(), 0.02, 1e-8
    path = walked(Adam(lr, beta1, beta2, eps), start, g)
    for i in range(P):
        theta, m, v = float(start[i]), 0.0, 0.0
        for t in range(1, STEPS + 1):
            slope = float(g[t - 1, i])
            m = beta1 * m + (1 - beta1) * slope
            v = beta2 * v + (1 - beta2) * slope**2
            theta -= lr * (m / (1 - beta1**t)) / (math.sqrt(v / (1 - beta2**t)) + eps)
            assert path[t - 1, i] == pytest.approx(theta, rel=1e-12, abs=1e-12)


def test_adam_works_block_by_block_without_a_seam():
    """More parameters than one block holds move like the same few, repeated."""
    times, start, g = 2 * BLOCK // P + 7, np.linspace(-1, 1, P), gradients()[:5]
    many = walked(Adam(0.02), np.tile(start, times), np.tile(g, times))[-1]
    np.testing.assert_array_equal(many, np.tile(walked(Adam(0.02), start, g)[-1], times))


def test_adams_first_step_has_the_size_lr_whatever_the_gradient():
    """That is what bias correction does: without it the first step would be 0.1 / sqrt(0.001) = 3.2 times lr."""
    theta = np.zeros(4)
    Adam(lr=0.01).step(theta, np.array([1e-3, -1.0, 1e3, -1e-4]))
    np.testing.assert_allclose(theta, [-0.01, 0.01, -0.01, 0.01], rtol=1e-3)


@pytest.mark.parametrize("make", [lambda: SGD(0.1, momentum=0.9), lambda: Adam(0.1)], ids=["SGD", "Adam"])
def test_the_memory_starts_anew_when_the_number_of_parameters_changes(make):
    used, fresh = make(), make()
    for _ in range(5):
        used.step(np.ones(3), np.full(3, 7.0))
    for theta_size in (5, 2):
        a, b = np.ones(theta_size), np.ones(theta_size)
        fresh = make()
        for _ in range(3):
            used.step(a, np.arange(theta_size, dtype=float))
            fresh.step(b, np.arange(theta_size, dtype=float))
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("make", [SGD, lambda: SGD(momentum=0.9), Adam], ids=["SGD", "momentum", "Adam"])
@pytest.mark.parametrize("model", [lambda: KAN([2, 3, 1]), lambda: MLP([2, 3, 1])], ids=["KAN", "MLP"])
def test_a_step_changes_the_layers_in_place_and_leaves_the_gradient(make, model):
    model = model()
    weights = [a for layer in model.layers for a in vars(layer).values() if isinstance(a, np.ndarray)]
    weights = [a for a in weights if np.shares_memory(a, model.theta)]
    before = [a.copy() for a in weights]
    theta, model.grad[...] = model.theta, 1.0
    make().step(model.theta, model.grad)
    assert model.theta is theta
    assert (model.grad == 1).all()
    assert len(weights) >= 6  # theta, W, b of two layers of an MLP
    for now, old in zip(weights, before, strict=True):
        assert (now < old).all()


@pytest.mark.parametrize("make", [lambda: SGD(0.05), lambda: SGD(0.02, momentum=0.9), lambda: Adam(0.05)])
def test_a_valley_is_walked_down_to_its_bottom(make):
    theta, scales, optimiser = np.array([3.0, -2.0, 1.0]), np.array([1.0, 5.0, 20.0]), make()
    for _ in range(1500):
        optimiser.step(theta, scales * (theta - 1))
    np.testing.assert_allclose(theta, 1, atol=1e-3)


@pytest.mark.parametrize("kind", [SGD, Adam])
@pytest.mark.parametrize("lr", [0, -0.1, np.nan, np.inf])
def test_a_learning_rate_that_leads_nowhere_is_refused(kind, lr):
    with pytest.raises(ValueError, match=rf"the learning rate is {lr}; expected a positive number, such as 0.01"):
        kind(lr=lr)


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: SGD(momentum=1.0), "momentum is 1.0; expected 0 <= momentum < 1"),
        (lambda: SGD(momentum=-0.1), "momentum is -0.1"),
        (lambda: Adam(beta1=1.0), r"beta1 is 1.0; expected 0 <= beta1 < 1"),
        (lambda: Adam(beta2=-1), "beta2 is -1; expected"),
    ],
)
def test_a_memory_that_never_fades_is_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()


# ------------------------------------------------------------------------ problems with a known solution


class Rosenbrock:
    """The banana valley as a sum of squares: r = (1 - x, 10 (y - x^2)), lowest at (1, 1)."""

    theta0, solution = np.array([-1.2, 1.0]), np.ones(2)

    def __init__(self):
        self.theta = self.theta0.copy()

    def residuals(self):
        x, y = self.theta
        return np.array([1 - x, 10 * (y - x * x)])

    def jacobian(self):
        return np.array([[-1.0, 0.0], [-20 * self.theta[0], 10.0]])

    def evaluate(self):
        r = self.residuals()
        return r @ r, 2 * self.jacobian().T @ r


class LinearSquares(Rosenbrock):
    """|A theta - y|^2 with more equations than unknowns; the solution is numpy.linalg.lstsq's."""

    def __init__(self, condition=10.0, seed=0):
        rng = np.random.default_rng(seed)
        U, _ = np.linalg.qr(rng.normal(size=(40, 8)))
        V, _ = np.linalg.qr(rng.normal(size=(8, 8)))
        self.A, self.y = U * np.geomspace(1, 1 / condition, 8) @ V, rng.normal(size=40)
        self.theta, self.solution = np.zeros(8), np.linalg.lstsq(self.A, self.y, rcond=None)[0]

    def residuals(self):
        return self.A @ self.theta - self.y

    def jacobian(self):
        return self.A


def walk(problem, optimiser, steps):
    """The losses of so many steps, fewer if the optimiser stops."""
    losses = []
    for _ in range(steps):
        if isinstance(optimiser, LBFGS):
            losses.append(optimiser.step(problem.theta, problem.evaluate))
        else:
            losses.append(optimiser.step(problem.theta, problem.residuals, problem.jacobian))
        if optimiser.stopped:
            break
    return losses


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


@pytest.mark.parametrize("make", [LBFGS, LevenbergMarquardt])
def test_at_the_solution_it_says_that_no_step_helps_and_stays(make):
    problem, optimiser = Rosenbrock(), make()
    problem.theta[...] = 1
    walk(problem, optimiser, 3)
    assert optimiser.stopped and (problem.theta == 1).all()


def test_a_step_into_overflow_is_turned_back():
    """exp of a large theta is inf; the step is made shorter until the residual is a number, and smaller."""
    theta, J = np.array([-7.0]), lambda: np.exp(theta)[:, None]
    before = LevenbergMarquardt(damping=1e-12).step(theta, lambda: np.exp(theta) - 1, J)
    assert np.isfinite(theta).all() and (np.exp(theta[0]) - 1) ** 2 < before


@pytest.mark.parametrize("slope", [0.0, 1e-200, np.inf, np.nan])
def test_a_slope_that_is_useless_ends_the_search_and_leaves_theta(slope):
    """Zero; so small that its square is zero; no number at all: no endless loop, no NaN in theta."""
    theta, optimiser = np.array([3.0]), LevenbergMarquardt()
    with np.errstate(all="ignore"):
        optimiser.step(theta, lambda: theta - 1, lambda: np.array([[slope]]))
    assert theta[0] == 3 and optimiser.stopped


def test_a_parameter_that_no_residual_reaches_stays_where_it_is():
    theta = np.array([3.0, 7.0])
    LevenbergMarquardt(1e-3).step(theta, lambda: theta[:1] - 1, lambda: np.array([[1.0, 0.0]]))
    assert theta[1] == 7 and theta[0] == pytest.approx(1, abs=0.01)


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
