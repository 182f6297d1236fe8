"""From coarse to fine: several starts on a coarse grid, then the best of them on finer and finer ones.

A coarse grid has few parameters: training is quick, and a start that is stuck shows at once. A finer grid begins where
the coarse one ended, so that it only has details left to learn. Source: arXiv 2404.19756, section 2.4; the several
starts and the repeated grid updates are ours.
"""

import copy
from typing import NamedTuple

import numpy as np

from kan_edu.checks.arguments import check_callback, check_flag, check_has, check_integer, check_number, check_seed
from kan_edu.networks import grids as grids_of
from kan_edu.splines.bases import BSpline

from .downhill.gradient import Adam
from .downhill.levenberg_marquardt import LevenbergMarquardt
from .learnt import SCALES, check_scale, unjudged, warn_if_little
from .loop import MOST_STEPS, History, check_data, check_val, fit
from .losses import mse
from .objective import as_optimiser
from .progress import Progress, watched
from .run import MOST_STARTS, MOST_UPDATES, Run, Stop, settled, stuck
from .strays import warn_of_strays
from .threads import one_thread
from .workers.sidebyside import check_executor

LADDER = (3, 5, 10, 20, 50, 100)  # the paper's grids
SAMPLES_PER_PARAMETER = 6  # with fewer, the error no longer falls like G^-(k+1)
STIR, BATCH = 200, 100  # steps of Adam, and samples in each, before a deep network's start
MOST_PARAMETERS = 1500  # beyond that the matrix of Levenberg-Marquardt takes seconds a step


class Stage(NamedTuple):
    """Training on one grid: G (None: no grid), what `fit` returned, RMSE on all training samples and on val."""

    G: int | None
    history: History
    rmse: float
    val_rmse: float | None


def fit_with_refinement(model, X, Y, *, grids=None, starts=10, enough=0.01, updates=5, steps=30,
                        optimiser=LevenbergMarquardt, loss=mse, val=None, callback=None, progress=None, executor=None,
                        seed=0):
    """Train `model` from new random parameters on X (N, n_in), Y (N, n_out) by mean square error; returns a Refinement.

    grids       numbers of intervals, increasing; None: as many of 3, 5, 10, 20, 50, 100 as the samples can settle
    starts      most random starts on the first grid; the one with the least error on the training samples goes on
    enough      no further start once the training RMSE is below `enough` times the standard deviation of Y,
                or two starts agree on one that is below ten times that
    updates     how often the first grid is moved to where the samples arrive, with `steps` steps after each
    steps       at most so many on each finer grid (fewer where the loss no longer falls)
    optimiser   as for `fit`: LevenbergMarquardt, LBFGS, Adam(0.02), ...; each stage begins with a new one
    loss        mse and no other, since RMSE tells starts and grids apart; the error says what to do for classes
    val         (X, Y) held out: they tell the best stage, in place of X, Y; refinement ends when they got worse twice
    callback    callback(stage, model, rmse) after each start and each grid; training ends when it returns True
    executor    one of concurrent.futures, ProcessPoolExecutor() say, or Dask's client.get_executor(): trains the starts
                side by side, with the same result, bit for bit where all workers compute alike (docs/bridges.md)

    A KAN of three layers or more is stirred first: Adam in mini-batches walks out of valleys in which an optimiser that
    compares losses would stay. One that takes gradients alone, such as Adam itself, trains from the beginning.
    The first layer's grids are moved to X where they do not fit it; outputs begin as large as Y.
    An MLP has no grid: the best of its starts is trained on. Ctrl-C ends training, warns, and keeps the best so far.
    Warns (StrayCells) of cells far from all others of their column, such as -9999 for a value that is missing.
    Raises ValueError for grids that do not increase, grids for a model without B-splines, another loss, data that do
    not fit or lie beyond 1000, more parameters on the last grid than the optimiser takes, and what is no executor.
    """
    _check_loss(loss), check_callback(callback, "stage", "model", "rmse")
    if isinstance(optimiser, type) or not callable(optimiser):  # a function makes one for each stage: none more
        as_optimiser(optimiser)
    X, Y = check_data(model, X, Y, "training")
    val, enough = check_val(model, val), check_number(enough, "enough", 0)
    seed = check_integer(seed, "seed", 0)
    grids, steps = check_grids(model, grids, Y.size), check_integer(steps, "steps", 1, MOST_STEPS)
    starts = check_integer(starts, "starts", 1, MOST_STARTS)
    updates = check_integer(updates, "updates", 1, MOST_UPDATES)
    check_scale(model, X, Y)
    check_size(model, grids, optimiser), check_executor(executor)
    warn_of_strays(X, Y)
    line = Progress(watched() if progress is None else check_flag(progress, "progress"))
    order = check_seed(seed).permutation(len(X))
    objective = _Samples((X, Y), val, order, enough * Y.std(), _Descent(steps, optimiser, line, scale_of(model, Y)))
    if hasattr(model.layers[0], "basis") and not covered(model, X):
        grids_of.update(model, X)  # each start then begins as a new model on the range of X
    with one_thread(matters=True):
        result = Run(model, objective, line, callback, executor).go(grids, starts, updates, seed)
    if not result.stopped.startswith("interrupted"):
        warn_if_little(model, X, Y, rmse(model, X, Y))
    return result


def _check_loss(loss):
    if loss is not mse:
        raise ValueError("fit_with_refinement minimises the mean square error and compares grids by it; for classes or "
                         "a loss of your own use fit(model, X, Y, loss=..., optimiser=LBFGS(), val=..., patience=3), "
                         "then grids.update(model, X), grids.extend(model, 2 * G), fit again, while val improves")


def check_grids(model, grids, equations, ladder=LADDER, per_parameter=SAMPLES_PER_PARAMETER, most=MOST_PARAMETERS):
    """The numbers of intervals to go through; (None,) for a model that has no grid to extend.

    Without `grids`: the first of the ladder, and those on which the model has at most `most` parameters, and so few
    that there are `per_parameter` equations for each.
    """
    check_has(model, None, "grids")
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
    most = min(equations / per_parameter, most)
    return [G for G in ladder if G == ladder[0] or model.n_params + _more(model, G) <= most]


def check_size(model, grids, optimiser):
    """ValueError, before any time is spent, where the finest grid has more parameters than the optimiser can take."""
    if grids[-1]:
        grids_of.check_finer(model, grids[-1])
    optimiser = optimiser() if isinstance(optimiser, type) else optimiser
    if hasattr(optimiser, "check_size"):
        optimiser.check_type(model.theta)
        optimiser.check_size(model.n_params + (_more(model, grids[-1]) if grids[-1] else 0))


def _more(model, G):
    """How many more parameters the model would have on G intervals."""
    return sum(layer.c[..., 0].size * (G - layer.basis.G) for layer in model.layers)


class _Samples:
    """The objective of `fit_with_refinement` (see `run.py`): the RMSE on samples, trained by `descent`."""

    name, data = "refinement", "all samples"
    advice = "lower the optimiser's learning rate, or scale X and Y"

    def __init__(self, train, val, order, goal, descent):
        # One layout in memory, whether or not they travel to another process: sums are rounded in its order.
        self.X, self.Y = map(np.ascontiguousarray, train)
        self.val, self.held_out = val, val is not None
        self.order, self.goal, self.descent = order, goal, descent

    def told(self, line):
        """The same objective, which writes its progress into `line`, and without what only the finer grids need."""
        other = copy.copy(self)
        other.val, other.descent = None, self.descent._replace(line=line)
        return other

    def begin(self, trial, update, words):
        """Train a start on a coarse grid, where a part of the samples is enough."""
        few = self.order[: max(200, 10 * trial.n_params)]
        X, Y = self.X[few], self.Y[few]
        splines = hasattr(trial.layers[0], "basis")
        if update == 0:
            scale_outputs(trial, self.descent.size)
            if splines and len(trial.layers) > 2:
                grids_of.update(trial, X, keep_inputs=covered(trial, self.X))
                self.descent.stir(trial, X, Y, words)
        if splines:
            grids_of.update(trial, X, keep_inputs=bool(update) or covered(trial, self.X))
        self.descent.run(trial, X, Y, words)

    def start_error(self, trial):
        return rmse(trial, self.X, self.Y)

    def settled(self, starts):
        return settled(starts, self.goal)

    def stuck(self, starts):
        return stuck(starts, self.goal)

    def train(self, model, G, words):
        """Train on all samples; the Stage."""
        history = self.descent.run(model, self.X, self.Y, words)
        on_val = rmse(model, *self.val) if self.held_out else None
        return Stage(G, history, rmse(model, self.X, self.Y), on_val)

    def stage_error(self, stage):
        return stage.rmse

    def judge(self, model):
        return rmse(model, *(self.val or (self.X, self.Y)))


class _Descent(NamedTuple):
    """`fit` with a new optimiser and a line of progress, until the loss no longer falls, at most `steps` steps.

    It sees the targets, and the model's outputs, divided by their `size`: steps know no other scale than 1.
    """

    steps: int
    optimiser: object
    line: Progress
    size: float

    def run(self, model, X, Y, words):
        optimiser = copy.deepcopy(self.optimiser)  # what an optimiser remembers is of another stage
        return self._fit(model, X, Y, words, optimiser, self.steps)

    def stir(self, model, X, Y, words):
        """A rough beginning for an optimiser that compares losses, and so never goes uphill: Adam's batches do."""
        if getattr(as_optimiser(self.optimiser), "needs", "gradient") != "gradient":
            self._fit(model, X, Y, f"{words}, first roughly", Adam(0.02), STIR, BATCH)

    def _fit(self, model, X, Y, words, optimiser, steps, batch_size=None):
        losses = []

        def after(step, model, loss):
            losses.append(loss)
            self.line.show(f"{words}, step {step + 1}, RMSE {self.size * np.sqrt(loss):.3g}")
            return batch_size is None and len(losses) > 3 and losses[-4] < 1.01 * losses[-1]

        scale_outputs(model, 1 / self.size)
        try:
            with unjudged():  # a start may fail; the end is judged
                history = fit(model, X, Y / self.size, steps=steps, optimiser=optimiser, callback=after,
                              batch_size=batch_size, progress=False)  # fmt: skip
        finally:
            scale_outputs(model, self.size)
        history.loss = [self.size**2 * loss for loss in history.loss]
        history.spread, history.final_rmse = self.size * history.spread, self.size * history.final_rmse
        if history.interrupted:
            raise Stop(history.stopped)
        return history


def rmse(model, X, Y):
    """Root mean square error of the model on X (N, n_in), Y (N, n_out), as a float; inf where it overflows."""
    try:
        return float(np.sqrt(mse(model(X), Y)[0]))
    except FloatingPointError:
        return np.inf


def scale_of(model, Y):
    """The size of Y, a power of 2, where it is far from 1, so that `fit` may see Y / size in its place; else 1.

    Also 1 for a model whose outputs are products or have formulas: there is no one weight to put the size back into.
    """
    spread, last = Y.std(), model.layers[-1]
    whole = getattr(last, "products", None) is None and getattr(last, "snapped", None) is None
    far = spread > 0 and np.isfinite(spread) and not SCALES[0] <= spread <= SCALES[1]
    return 2.0 ** round(np.log2(spread)) if far and whole else 1.0


def scale_outputs(model, size):
    """Multiply all outputs by a number: the last layer's weights, for the KAN's layer is linear in w_s and w_b."""
    last = model.layers[-1]
    for weights in (last.w_s, last.w_b) if hasattr(last, "basis") else (last.W, last.b):
        if weights is not None:
            weights *= size


def covered(model, X):
    """Whether the first layer's grids hold all samples, which fill at least half of each."""
    first = grids_of.coverage(model, X)[0]
    return bool((first.outside == 0).all() and (np.diff(first.seen) >= 0.5 * np.diff(first.ends)).all())
