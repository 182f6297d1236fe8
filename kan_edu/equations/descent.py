"""How an equation is trained: on few points from each random start, then on all, by Levenberg-Marquardt.

`poisson.solve` gives `Equation` to `learning/run.py`, which knows of starts and grids and not of what is made small.
"""

from typing import NamedTuple

import numpy as np

from kan_edu.checks.arguments import is_true
from kan_edu.learning.downhill.levenberg_marquardt import LevenbergMarquardt
from kan_edu.learning.run import Stop, stuck
from kan_edu.networks import grids as grids_of

STEPS = 10  # between two updates of the first grid


class Stage(NamedTuple):
    """Training on one grid (G None: no grid): steps taken, loss, root mean square error (None: solution unknown)."""

    G: int | None
    steps: int
    loss: float
    error: float | None


class Equation:
    """The objective of `solve` (see `learning/run.py`): the loss of a problem, made small by Levenberg-Marquardt."""

    name, data, held_out = "solving", "all points", False
    advice = "make source and border smaller"

    def __init__(self, problem, enough, steps, line, callback):
        self.problem, self.few, self.X = problem, problem.thinned(256, 20), problem.X
        self.steps, self.line, self.callback = steps, line, callback
        (inside, border), few = self.few.weights, self.few
        with np.errstate(over="ignore"):  # all starts diverge then, and Run says so
            self.goal = enough**2 * float(np.sum(np.concatenate([inside * few.f, border * few.g]) ** 2))

    def begin(self, trial, update, words):
        """Train a start on few points."""
        if hasattr(trial.layers[0], "basis"):
            if update == 0:
                for layer in trial.layers:
                    layer.c *= 0.2  # a flat beginning: random coefficients have large second derivatives
            grids_of.update(trial, self.few.X, keep_inputs=True)
        self.descend(trial, self.few, STEPS, words)

    def start_error(self, trial):
        return self.few.loss(trial)

    def settled(self, starts):
        return starts[-1] <= self.goal

    def stuck(self, starts):
        return stuck(np.sqrt(starts), np.sqrt(self.goal))

    def train(self, model, G, words):
        """Train on all points; the Stage."""
        taken = self.descend(model, self.problem, self.steps, words, patient=G is None)
        known = self.problem.solution is not None
        return Stage(G, taken, self.problem.loss(model), self.problem.error(model) if known else None)

    def stage_error(self, stage):
        return stage.loss

    def judge(self, model):
        return self.problem.loss(model)

    def descend(self, model, problem, steps, words, patient=False):
        """Steps until the loss falls by less than 1 % in 5 of them (if `patient`, none are left); how many."""
        optimiser, losses, residuals = LevenbergMarquardt(), [], _once(problem, model)
        for step in range(steps):
            before = model.theta.copy()
            try:
                blocks = lambda: problem.jacobian_blocks(model)  # noqa: E731
                losses.append(optimiser.step(model.theta, residuals, blocks))
            except KeyboardInterrupt:  # never leave half a step behind
                model.theta[...] = before
                raise
            except FloatingPointError:  # the Jacobian is no number: this is as far as it goes
                model.theta[...] = before
                break
            self.line.show(f"{words}, step {step + 1}, loss {losses[-1]:.3g}")
            if self.callback is not None and is_true(self.callback(words, model, losses[-1])):
                raise Stop(f"the callback asked to stop in {words}")
            slow = step > 4 and losses[-6] < 1.01 * losses[-1]
            if optimiser.stopped or not np.isfinite(losses[-1]) or (slow and not patient):
                break
        return len(losses)


def _once(problem, model):
    """problem.residuals(model), computed once for each theta: a step asks twice for what the last one ended with."""
    known = [None, None]

    def residuals():
        if known[0] is None or not np.array_equal(known[0], model.theta):
            known[:] = model.theta.copy(), problem.residuals(model)
        return known[1]

    return residuals
