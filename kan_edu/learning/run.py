"""One run from coarse to fine: random starts on the first grid, then the best of them, grid after grid.

Whatever is to be made small, the way there is the same; what to train and how to judge it is the run's objective:

    name, data                  what is going on and on what, in words: "refinement" on "all samples"
    begin(trial, update, words) train a new start on few samples, before its `update`-th look at the grid (0, 1, ...)
    start_error(trial)          how bad a start is; settled(errors): enough of them; stuck(errors): none of them is good
    advice                      what to do where all starts diverged
    X                           the inputs (N, n_in) that hidden grids follow
    train(model, G, words)      train on all samples with the present grid; the Stage, to be kept in the result
    stage_error(stage)          what the callback is told; judge(model): what tells the best stage
    held_out                    whether judge looks at data that train does not: getting worse twice then ends the run

    told(line)                  a copy that writes its progress into another line: for starts side by side

Both errors are floats, and less is better. `refinement.py` and `equations/descent.py` have an objective each; that of
the latter has a callback for each step, and no `told`.
"""

import copy
import warnings
from dataclasses import dataclass, field

import numpy as np

from kan_edu.checks.arguments import is_true
from kan_edu.networks import grids as grids_of

from .workers.sidebyside import SideBySide
from .workers.start import Start, Stop

MOST_STARTS, MOST_UPDATES = 10_000, 1000  # more are an oversight: nobody waits for them


@dataclass
class Refinement:
    """What happened: the error of each start, which was chosen, one Stage for each grid, why it ended.

    The error is the training RMSE for `fit_with_refinement`, the loss for `poisson.solve`. Where Ctrl-C came in a start
    that was already the best, `chosen` is the number of that start, which has no error yet.

    stuck       True if no start was good: the least RMSE is more than ten times the goal (`enough` times the standard
                deviation of Y; of u = 0 for Poisson), and no other start came within 10 % of it. Two that agree so far
                from the goal speak of noise, of a grid too coarse, or both are stuck in one place: starts cannot tell.
                False without a goal (enough = 0, or Y constant). Training goes on all the same; more starts may help.
    """

    starts: list = field(default_factory=list)
    chosen: int = 0
    stages: list = field(default_factory=list)
    stopped: str = ""
    stuck: bool = False


class Run:
    """Make `model` good at `objective`: `go` does it all, and `result` says what happened.

    callback    callback(words, model, error) after each start and each grid; the run ends when it returns True
    line        the line of progress in which the objective writes; it is closed at the end
    executor    None: one start after the other; else they are trained side by side, with the same result
    """

    def __init__(self, model, objective, line, callback=None, executor=None):
        self.model, self.objective, self.line, self.callback = model, objective, line, callback
        self.executor, self.result, self.least = executor, Refinement(), np.inf

    def go(self, grids, starts, updates, seed):
        """Starts, then grids; the Refinement. After Ctrl-C it warns, and `model` is the best so far."""
        try:
            self.choose_start(grids[0], starts, updates, seed)
            self.refine(grids)
            self.result.stopped = "all grids done"
        except Stop as stop:
            self.result.stopped = str(stop)
        except KeyboardInterrupt:
            self.result.stopped = "interrupted"
            warnings.warn(f"{self.objective.name} was interrupted; the model is the best so far", stacklevel=3)
        finally:
            self.line.close()
        return self.result

    def choose_start(self, G, starts, updates, seed):
        """Try random starts on the first grid; `model` is always the best of them so far."""
        start = Start(self.objective, self.model, G, updates, seed, starts)
        if self.executor is None:
            return self._choose(start, map(start, range(starts)))
        trained = SideBySide(self.executor, start, self.line)
        try:
            self._choose(start, trained)
        except KeyboardInterrupt:
            for number, (trial, error, _) in trained.rest():
                self._keep_better(trial, error, number)
            raise
        finally:
            trained.close()

    def _choose(self, start, trained):
        """Take one Trained after the other, until they are good enough."""
        for number, (trial, error, cut) in enumerate(trained):
            self._keep_better(trial, error, number)
            if cut is not None:
                raise cut
            self.result.starts.append(error)
            self.result.stuck = self.objective.stuck(self.result.starts)
            self._tell(start.words(number), error)
            if self.objective.settled(self.result.starts):
                break
        if self.least == np.inf:
            raise ValueError(f"all {start.most} starts diverged; {self.objective.advice}")

    def _keep_better(self, trial, error, number):
        """Make `model` the trial if its error is the least so far."""
        if error < self.least:
            become(self.model, trial)
            self.result.chosen, self.least = number, error

    def refine(self, grids):
        """Train on all samples, grid after grid; the best stage is kept."""
        best, kept, worse = self.objective.judge(self.model), copy.deepcopy(self.model), 0
        try:
            for G in grids:
                words = f"G = {G}" if G else self.objective.data
                if self.result.stages:
                    self._finer(G)
                stage = self.objective.train(self.model, G, words)
                judged = self.objective.judge(self.model)
                # The first stage counts in any case: the start has seen only few samples.
                worse = 0 if judged < best or not self.result.stages else worse + 1
                self.result.stages.append(stage)
                if worse == 0:
                    best, kept = judged, copy.deepcopy(self.model)
                self._tell(words, self.objective.stage_error(stage))
                if worse == 2 and self.objective.held_out:
                    raise Stop(f"held-out data got worse twice, the last time at {words}")
        finally:
            if not self.objective.judge(self.model) <= best:
                become(self.model, kept)

    def _finer(self, G):
        """The hidden values have moved, and beyond its grid an edge is a straight line: first follow, then divide."""
        grids_of.update(self.model, self.objective.X, keep_inputs=True)
        grids_of.extend(self.model, G)

    def _tell(self, words, error):
        if self.callback is not None and is_true(self.callback(words, self.model, error)):
            raise Stop(f"the callback asked to stop after {words}")


def settled(starts, goal):
    """Whether more starts are a waste: one reached the goal, or two came down to the same within ten times the goal.

    Two of the same tell that this grid allows no better; farther from the goal both may be stuck in the same place.
    """
    first, second = sorted([*starts, np.inf])[:2]
    return first <= goal or (first <= 10 * goal and agree(first, second))


def stuck(starts, goal):
    """Whether no start came within ten times the goal (> 0), and none of the others agrees with the best of them.

    >>> stuck([0.5, 0.9], goal=0.01), stuck([0.5, 0.52], goal=0.01), stuck([0.09, 0.5], goal=0.01)
    (True, False, False)
    """
    first, second = sorted([*starts, np.inf])[:2]
    return bool(first > 10 * goal > 0 and (first == np.inf or not agree(first, second)))


def agree(first, second):
    """Whether the second error is at most 10 % more than the first."""
    return second <= 1.1 * first


def become(model, other):
    """Give `model` the layers of `other`, a model of the same kind."""
    model.layers = copy.deepcopy(other.layers)
    model.join()
