"""A KAN and an MLP of one size solve Poisson's equation with the same optimiser, frame by frame; no widgets."""
from typing import NamedTuple

import numpy as np

from kan_edu.equations import poisson
from kan_edu.learning import fair
from kan_edu.learning.downhill.lbfgs import LBFGS
from kan_edu.learning.downhill.levenberg_marquardt import LevenbergMarquardt, squares
from kan_edu.learning.threads import one_thread
from kan_edu.networks import grids
from kan_edu.networks.kan import KAN
from kan_edu.networks.mlp import MLP

FRAMES = 61            # frame 0 is before any step
K = 5                  # degree of the splines: their second derivative has degree 3
UPDATES = 1, 3, 6      # before these frames the KAN's hidden grid follows the values that arrive there
SIDE_POINTS = 20       # points on each side of the square
SIDE = 41              # u is judged and drawn on SIDE x SIDE points, none of them on the border
PACE = {"Levenberg-Marquardt": 1, "L-BFGS": 3}   # steps a frame: three of these cost about as much as one of those
MAKE = {"Levenberg-Marquardt": LevenbergMarquardt, "L-BFGS": LBFGS}
KANS = {"narrow": ([2, 2, 1], (4, 8, 16, 32)), "wide": ([2, 5, 1], (3, 9))}   # widths, and G from frame to frame
MLPS = {"1 hidden": 1, "2 hidden": 2, "3 hidden": 3}


def paper(points):
    """The paper's problem: u = sin(pi x) sin(pi y^2)."""
    return poisson.paper(inside=points, side=SIDE_POINTS)


def ridges(points):
    """A problem made for an MLP: u = sum_h v_h tanh(w_h.x + b_h), eight ridges that somebody drew at random.

    Along w_h each is a tanh, with (tanh)'' = -2 tanh (1 - tanh^2), so u_xx + u_yy = sum_h v_h |w_h|^2 (tanh)''.
    """
    rng = np.random.default_rng(10)   # of the first 20 seeds the one whose u is spread most like the paper's
    W, b, v = 2 * rng.normal(size=(2, 8)), rng.normal(size=8), rng.normal(size=8) / 2

    def solution(X):
        return np.tanh(X @ W + b) @ v

    def source(X):
        t = np.tanh(X @ W + b)
        return -2 * t * (1 - t**2) @ (v * (W**2).sum(axis=0))

    return poisson.Poisson(source, solution, solution=solution, inside=points, side=SIDE_POINTS)


PROBLEMS = {"paper": paper, "ridges": ridges}


class Lap(NamedTuple):
    """One network in one frame: steps, intervals (0: an MLP), parameters, loss, and |u - u*| at `mesh()`."""

    steps: int
    G: int
    parameters: int
    loss: float
    error: np.ndarray   # (SIDE, SIDE), y upwards

    @property
    def worst(self):
        return float(self.error.max())


def mesh():
    """SIDE^2 places spread evenly over the inside of the square, row by row from y = -1 up: (SIDE^2, 2)."""
    line = (np.arange(SIDE) + 0.5) / SIDE * 2 - 1
    x, y = np.meshgrid(line, line)
    return np.column_stack([x.ravel(), y.ravel()])


def networks(kan, mlp, start):
    """The KAN on its first grid, flat, and the MLP with as many parameters as the KAN has on its last one."""
    widths, ladder = KANS[kan]
    one = KAN(widths, G=ladder[0], k=K, base=False, seed=start)
    for layer in one.layers:
        layer.c *= 0.2   # as `poisson.solve` begins: random coefficients have large second derivatives
    P = KAN(widths, G=ladder[-1], k=K, base=False).n_params
    return one, MLP(fair.mlp_widths(2, 1, P, MLPS[mlp]), activation="tanh", seed=start)


class Solver:
    """One network on its way to a solution of `problem`."""

    def __init__(self, model, problem, name):
        self.model, self.problem, self.make, self.pace, self.steps = model, problem, MAKE[name], PACE[name], 0
        self.optimiser = self.make()

    def go(self):
        """The steps of one frame; a network that cannot get lower stands still."""
        model, problem = self.model, self.problem
        with one_thread(matters=True):
            for _ in range(self.pace):
                if self.make is LBFGS:
                    self.optimiser.step(model.theta, self.evaluate)
                else:
                    self.optimiser.step(model.theta, lambda: problem.residuals(model), lambda: problem.jacobian(model))
                self.steps += 1

    def evaluate(self):
        """The loss r.r and its gradient 2 J'r; inf where it overflows, and a line search turns back."""
        value = squares(lambda: self.problem.residuals(self.model))
        if not np.isfinite(value):
            return value, np.zeros_like(self.model.theta)
        return value, 2 * self.problem.jacobian(self.model).T @ self.problem.residuals(self.model)

    def follow(self):
        """Put the hidden grid where the values arrive that points of the square cause."""
        grids.update(self.model, self.problem.X, keep_inputs=True)

    def refine(self, G):
        """Follow, then divide the intervals; no output changes by the second (lesson 07). The steps begin anew."""
        self.follow()
        grids.extend(self.model, G)
        self.optimiser = self.make()

    def lap(self, points, truth):
        basis = getattr(self.model.layers[0], "basis", None)
        error = np.abs(self.model(points)[:, 0] - truth).reshape(SIDE, SIDE)
        loss = squares(lambda: self.problem.residuals(self.model))
        return Lap(self.steps, basis.G if basis else 0, self.model.n_params, loss, error)


def solve(problem, optimiser, kan, mlp, points, start):
    """Yield one frame after the other, a pair of `Lap`s (KAN, MLP), and None where training can rest.

    points  inside the square;  start  the seed
    """
    task = PROBLEMS[problem](points)
    solvers = [Solver(model, task, optimiser) for model in networks(kan, mlp, start)]
    ladder, places = KANS[kan][1], mesh()
    every, truth = (FRAMES - 1) // len(ladder), task.solution(places)
    for frame in range(FRAMES):
        if frame in UPDATES:
            solvers[0].follow()
        rung, rest = divmod(frame - 1, every)
        if frame > 1 and rest == 0 and rung < len(ladder):
            solvers[0].refine(ladder[rung])
        for solver in solvers if frame else []:
            yield None   # here training can rest
            solver.go()
        yield tuple(solver.lap(places, truth) for solver in solvers)
