"""From coarse to fine: several starts on a coarse grid, then the best of them on finer and finer ones.

A coarse grid has few parameters: training is quick, and a start that is stuck shows at once. A finer grid begins where
the coarse one ended, so that it only has details left to learn. Source: arXiv 2404.19756, section 2.4; the several
starts and the repeated grid updates are ours.
"""

import copy
import warnings
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from kan_edu.checks import check_integer, check_number, is_true
from kan_edu.networks import grids as grids_of
from kan_edu.splines.bases import BSpline

from .learnt import LearntLittle, warn_if_little
from .loop import Diverged, History, check_data, check_val, fit
from .losses import mse
from .optimisers import LevenbergMarquardt
from .progress import Progress, watched

LADDER = (3, 5, 10, 20, 50, 100)  # the paper's grids
SAMPLES_PER_PARAMETER = 6  # with fewer, the error no longer falls like G^-(k+1)
MOST_PARAMETERS = 1500  # beyond that the matrix of Levenberg-Marquardt takes seconds a step


class Stage(NamedTuple):
    """Training on one grid: G (None: no grid), what `fit` returned, RMSE on all training samples and on val."""

    G: int | None
    history: History
    rmse: float
    val_rmse: float | None


@dataclass
class Refinement:
    """What happened: the training RMSE of each start, which was chosen, one Stage for each grid, why it ended."""

    starts: list = field(default_factory=list)
    chosen: int = 0
    stages: list = field(default_factory=list)
    stopped: str = ""


def fit_with_refinement(model, X, Y, *, grids=None, starts=10, enough=0.01, updates=5, steps=30,
                        optimiser=LevenbergMarquardt, val=None, callback=None, progress=None, seed=0):
    """Train `model` from new random parameters on X (N, n_in), Y (N, n_out) by mean square error; returns a Refinement.

    grids       numbers of intervals, increasing; None: as many of 3, 5, 10, 20, 50, 100 as the samples can settle
    starts      most random starts on the first grid; the one with the least error on the training samples goes on
    enough      no further start once the training RMSE is below `enough` times the standard deviation of Y,
                or two starts agree on one that is below ten times that
    updates     how often the first grid is moved to where the samples arrive, with `steps` steps after each
    steps       at most so many on each finer grid (fewer where the loss no longer falls)
    optimiser   as for `fit`: LevenbergMarquardt, LBFGS, Adam(0.02), ...; each stage begins with a new one
    val         (X, Y) held out: they tell the best stage, in place of X, Y; refinement ends when they got worse twice
    callback    callback(stage, model, rmse) after each start and each grid; training ends when it returns True

    An MLP has no grid: the best of its starts is trained on. Ctrl-C ends training, warns, and keeps the best so far.
    Raises ValueError for grids that do not increase, grids for a model without B-splines, or data that do not fit.
    """
    X, Y = check_data(model, X, Y, "training")
    val, enough = check_val(model, val), check_number(enough, "enough", 0)
    check_integer(seed, "seed", 0)
    run = _Run(model, X, Y, val, steps, optimiser, callback, watched() if progress is None else progress)
    grids = check_grids(model, grids, Y.size)
    try:
        starts, updates = check_integer(starts, "starts", 1), check_integer(updates, "updates", 1)
        run.choose_start(grids[0], starts, enough, updates, seed)
        run.refine(grids)
    except _Stop as stop:
        run.result.stopped = str(stop)
    except KeyboardInterrupt:
        run.result.stopped = "interrupted"
        warnings.warn("refinement was interrupted; the model is the best so far", stacklevel=2)
    finally:
        run.line.close()
    run.result.stopped = run.result.stopped or "all grids done"
    warn_if_little(model, X, Y, rmse(model, X, Y))
    return run.result


def check_grids(model, grids, equations):
    """The numbers of intervals to go through; (None,) for a model that has no grid to extend."""
    has_grid = all(isinstance(getattr(layer, "basis", None), BSpline) for layer in model.layers)
    if not has_grid:
        if grids is not None:
            raise ValueError(f"grids = {grids} needs a KAN of B-splines; leave grids out for {model!r}")
        return (None,)
    if grids is not None:
        if not isinstance(grids, list | tuple | range):
            raise ValueError(f"grids is {grids!r}; expected increasing numbers of intervals, such as (5, 10, 20)")
        grids = [check_integer(G, "a number of intervals in grids", 1) for G in grids]
        if not grids or sorted(set(grids)) != grids:
            raise ValueError(f"grids is {grids}; expected increasing numbers of intervals, such as (5, 10, 20)")
        return grids
    most = min(equations / SAMPLES_PER_PARAMETER, MOST_PARAMETERS)
    return [G for G in LADDER if G == LADDER[0] or model.n_params + _more(model, G) <= most]


def _more(model, G):
    """How many more parameters the model would have on G intervals."""
    return sum(layer.c[..., 0].size * (G - layer.basis.G) for layer in model.layers)


class _Stop(Exception):
    """The end of training before all grids were done; the text says why."""


class _Run:
    """The state of one call of `fit_with_refinement`."""

    def __init__(self, model, X, Y, val, steps, optimiser, callback, shown):
        self.model, self.X, self.Y, self.val = model, X, Y, val
        self.steps, self.optimiser, self.callback = check_integer(steps, "steps", 1), optimiser, callback
        self.result, self.line = Refinement(), Progress(shown)

    def choose_start(self, G, starts, enough, updates, seed):
        """Try random starts on the first grid; `model` is always the best of them so far."""
        best, fresh = np.inf, copy.deepcopy(self.model)
        self.order = np.random.default_rng(seed).permutation(len(self.X))
        for number in range(starts):
            trial = copy.deepcopy(fresh)  # not of the best so far, whose hidden grids have moved
            trial.restart(seed + number, **({} if G is None else {"G": G}))
            words = f"start {number + 1} of at most {starts}"
            error = self._start(trial, updates, words)
            self.result.starts.append(error)
            if error < best:
                best, self.result.chosen = error, number
                become(self.model, trial)
            self._tell(words, error)
            if settled(self.result.starts, enough * self.Y.std()):
                break
        if best == np.inf:
            raise ValueError(f"all {starts} starts diverged; lower the optimiser's learning rate, or scale X and Y")

    def _start(self, trial, updates, words):
        """Train one start on a coarse grid, where a part of the samples is enough; its RMSE on all of them."""
        few = self.order[: max(200, 10 * trial.n_params)]
        X, Y = self.X[few], self.Y[few]
        for update in range(updates):
            if hasattr(trial.layers[0], "basis"):
                grids_of.update(trial, X, keep_inputs=bool(update) or covered(trial, self.X))
            try:
                self._fit(trial, X, Y, words)
            except Diverged:  # this start; another may do
                return np.inf
        return rmse(trial, self.X, self.Y)

    def refine(self, grids):
        """Train on all samples, grid after grid."""
        best, kept, worse = np.inf, self.model, 0
        try:
            for G in grids:
                words = f"G = {G}" if G else "all samples"
                stage = self._stage(G, words)
                judged = stage.rmse if self.val is None else stage.val_rmse
                worse = 0 if judged < best else worse + 1
                if worse == 0:
                    best, kept = judged, copy.deepcopy(self.model)
                self._tell(words, stage.rmse)
                if worse == 2 and self.val is not None:
                    raise _Stop(f"held-out data got worse twice, the last time at {words}")
        finally:
            if rmse(self.model, *(self.val or (self.X, self.Y))) > best:
                become(self.model, kept)

    def _stage(self, G, words):
        """Train on one grid; the Stage, which is also kept in the result."""
        if G is not None:
            if self.result.stages:  # the hidden values have moved, and beyond its grid an edge is a straight line
                grids_of.update(self.model, self.X, keep_inputs=True)
            grids_of.extend(self.model, G)
        history = self._fit(self.model, self.X, self.Y, words)
        on_val = None if self.val is None else rmse(self.model, *self.val)
        self.result.stages.append(Stage(G, history, rmse(self.model, self.X, self.Y), on_val))
        return self.result.stages[-1]

    def _fit(self, model, X, Y, words):
        """`fit` with a line of progress, until the loss no longer falls."""
        losses = []

        def after(step, model, loss):
            losses.append(loss)
            self.line.show(f"{words}, step {step + 1}, RMSE {np.sqrt(loss):.3g}")
            return len(losses) > 3 and losses[-4] < 1.01 * losses[-1]

        optimiser = copy.deepcopy(self.optimiser)  # what an optimiser remembers is of another stage
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", LearntLittle)  # a start may fail; the end is judged
            history = fit(model, X, Y, steps=self.steps, optimiser=optimiser, callback=after, progress=False)
        if history.interrupted:
            if not self.result.starts:
                become(self.model, model)
            raise _Stop(history.stopped)
        return history

    def _tell(self, words, rmse):
        if self.callback is not None and is_true(self.callback(words, self.model, rmse)):
            raise _Stop(f"the callback asked to stop after {words}")


def settled(starts, goal):
    """Whether more starts are a waste: one reached the goal, or two came down to the same within ten times the goal.

    Two of the same tell that this grid allows no better; farther from the goal both may be stuck in the same place.
    """
    first, second = sorted([*starts, np.inf])[:2]
    return first <= goal or (first <= 10 * goal and second <= 1.1 * first)


def rmse(model, X, Y):
    """Root mean square error of the model on X (N, n_in), Y (N, n_out), as a float."""
    return float(np.sqrt(mse(model(X), Y)[0]))


def covered(model, X):
    """Whether the first layer's grids hold all samples, which fill at least half of each."""
    first = grids_of.coverage(model, X)[0]
    return bool((first.outside == 0).all() and (np.diff(first.seen) >= 0.5 * np.diff(first.ends)).all())


def become(model, other):
    """Give `model` the layers of `other`, a model of the same kind."""
    model.layers = copy.deepcopy(other.layers)
    model.join()
