"""Problems with a known solution, and a walk of many steps towards it."""

import numpy as np

from kan_edu.learning.downhill.lbfgs import LBFGS


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
