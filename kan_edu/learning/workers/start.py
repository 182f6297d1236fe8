"""One random start on the first grid: a function of its number alone, so that it may run anywhere."""

import copy
from typing import NamedTuple

import numpy as np

from ..loop import Diverged
from ..threads import one_thread


class Stop(Exception):
    """The end of a run before all grids were done; the text says why."""


class Trained(NamedTuple):
    """A start: its model, its error (inf: it diverged), and what cut it short, None or an exception."""

    trial: object
    error: float
    cut: BaseException | None


class Start:
    """`start(number)` trains the start of this number, counted from 0; a Trained.

    objective   see `run.py`; model, G, updates, seed: as for `Run.go`; `most` starts at most, for the words
    """

    def __init__(self, objective, model, G, updates, seed, most):
        self.objective, self.model, self.G = objective, copy.deepcopy(model), G
        self.updates, self.seed, self.most = updates, seed, most

    def words(self, number):
        return f"start {number + 1} of at most {self.most}"

    def __call__(self, number):
        trial = copy.deepcopy(self.model)  # not of the best so far, whose hidden grids have moved
        trial.restart(self.seed + number, **({} if self.G is None else {"G": self.G}))
        cut = None
        with one_thread():
            try:
                for update in range(self.updates):
                    self.objective.begin(trial, update, self.words(number))
            except Diverged:  # this start; another may do
                return Trained(trial, np.inf, None)
            except (Stop, KeyboardInterrupt) as end:  # half a start is better than none
                cut = end
            return Trained(trial, self.objective.start_error(trial), cut)
