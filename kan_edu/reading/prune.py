"""A network that shrinks to what it needs: an edge is taken away, the rest is trained again, and the error is asked.

How strong an edge is says in which order to try, not what to remove: after a refit the others may do its work. What is
kept is decided by an information criterion (Schwarz 1978) with R numbers to explain and P parameters,

    BIC = R log(MSE + floor^2) + P log R.

Splines are never exact, and several do better than one on the same grid, even where one would be right. The floor
says what is no reason for another edge: with 1000 samples, what adds less than about a third of it to the error.
"""

import warnings
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from kan_edu.checks.arguments import check_flag, check_integer, check_number
from kan_edu.learning.progress import Progress, asked

from .models import LARGEST
from .shrink import remove_idle, shrink
from .strength import strength
from .symbolic import MOST_STEPS, check_targets, refit, rmse

WORDS = {"remove": ("needed, would be without", "removed"), "straighten": ("not straight, would be", "straightened")}


class Tried(NamedTuple):
    """One trial: "remove" or "straighten", the edges it was tried on, RMSE and BIC after the refit, whether it stayed.

    Edges are named as in the model that was given, (layer, j, i).
    """

    what: str
    edges: tuple
    rmse: float
    bic: float
    stayed: bool


@dataclass
class Pruning:
    """What `prune` did: the smaller `model`, RMSE before and after, each trial in order, why it ended."""

    model: object
    before: float
    after: float = np.nan
    trials: list = field(default_factory=list)
    stopped: str = ""

    def __str__(self):
        lines = [f"{WORDS[trial.what][trial.stayed]} {', '.join(map(str, trial.edges))}: RMSE {trial.rmse:.2e}, "
                 f"BIC {trial.bic:.1f}" for trial in self.trials]  # fmt: skip
        errors = f"RMSE {self.before:.2e} before, {self.after:.2e} after"
        return "\n".join([*lines, f"{self.model!r}: {errors}; {self.stopped}"])

    __repr__ = __str__


def prune(model, X, Y, *, floor=None, straighten=False, steps=40, progress=None):
    """Take away what `model` does not need to explain Y (N, n_out) at X (N, n_in); returns a Pruning with a new model.

    floor       None: 0.01 of the standard deviation of Y; 0 keeps whatever lowers the error at all
    straighten  whether an edge that must stay may become a straight line, if the criterion prefers that
    steps       of Levenberg-Marquardt after each trial
    progress    None: a line of progress if a person is watching in a notebook; True or False forces it

    First hidden nodes, then single edges; of each kind the one that passes least comes first, and none is tried twice
    unless something was removed before it; the last edge of the last layer stays. The model that was given stays as it
    is; hidden nodes without edges are gone from the new one, so its edges may have other numbers. Ctrl-C warns and
    keeps what was removed so far.
    Raises ValueError for data that do not fit, a floor that is no number >= 0, more than 10,000 steps.
    """
    straighten, shown = check_flag(straighten, "straighten"), asked(progress)
    floor = None if floor is None else check_number(floor, "floor", 0, LARGEST)
    X, Y = check_targets(model, X, Y)
    run = _Run(model, X, Y, floor, check_integer(steps, "steps", 1, MOST_STEPS), shown)
    try:
        run.start()
        while run.pass_over("remove", run.nodes()) or run.pass_over("remove", run.edges()):
            pass
        if straighten:
            run.pass_over("straighten", run.edges())
        run.result.stopped = "nothing more can go"
    except KeyboardInterrupt:
        run.result.stopped = "interrupted"
        warnings.warn("pruning was interrupted; what was removed so far stays removed", stacklevel=2)
    finally:
        run.line.close()
    run.result.model = shrink(run.model)
    run.result.after = rmse(run.result.model, X, Y)
    return run.result


class _Run:
    def __init__(self, model, X, Y, floor, steps, shown):
        self.model, self.X, self.Y, self.steps, self.line = model.copy(), X, Y, steps, Progress(shown)
        self.result, self.floor = Pruning(model, rmse(model, X, Y)), 0.01 * Y.std() if floor is None else floor
        self.failed = set()

    def start(self):
        """The model itself, trained to the end: what all others are compared with."""
        self._refit(self.model)
        self.bic = self._bic(self.model, rmse(self.model, self.X, self.Y))

    def nodes(self):
        """For each hidden node all edges that leave it, those of the weakest node first."""
        shares = strength(self.model, self.X).nodes[1:-1]
        order = sorted((share, n, node) for n, nodes in enumerate(shares, start=1) for node, share in enumerate(nodes))
        leaving = [[(n, int(j), node) for j in np.flatnonzero(self.model.layers[n].kept[:, node])]
                   for _, n, node in order]  # fmt: skip
        return [edges for edges in leaving if edges]

    def edges(self):
        """Each edge by itself, the weakest first."""
        shares = strength(self.model, self.X).edges
        found = [(share[j, i], n, int(j), int(i)) for n, share in enumerate(shares)
                 for j, i in zip(*np.nonzero(self.model.layers[n].kept), strict=True)]  # fmt: skip
        return [[edge] for _, *edge in sorted(found)]

    def pass_over(self, what, groups):
        """Try each group of edges; true as soon as one could go (or, for straightening, at the end)."""
        for edges in groups:
            edges = tuple(tuple(edge) for edge in edges)
            if (what, edges) in self.failed:
                continue
            self.failed.add((what, edges))
            if self._try(what, edges) and what == "remove":
                self.failed.clear()  # with fewer edges all others may matter less, or more
                return True
        return False

    def _try(self, what, edges):
        trial = self.model.copy()
        for edge in edges:
            if what == "remove":
                trial.remove_edge(edge, X=self.X)
            elif edge[1:] not in trial.layers[edge[0]].formulas:
                trial.set_formula(edge, "x", X=self.X)
        remove_idle(trial)
        if not trial.layers[-1].kept.any() or (what == "straighten" and trial.n_params == self.model.n_params):
            return False
        self.line.show(f"{what} {edges[0]}, {len(self.result.trials)} trials so far")
        try:
            self._refit(trial)
            error = rmse(trial, self.X, self.Y)
        except FloatingPointError:  # a formula further on has no value for what it now gets
            error = np.inf
        bic = self._bic(trial, error)
        stayed = bool(bic < self.bic)
        self.result.trials.append(Tried(what, edges, error, bic, stayed))
        if stayed:
            self.model, self.bic = trial, bic
        return stayed

    def _refit(self, model):
        if refit(model, self.X, self.Y, steps=self.steps, progress=False).history.interrupted:
            raise KeyboardInterrupt

    def _bic(self, model, error):
        R = self.Y.size
        return float(R * np.log(max(error**2 + self.floor**2, 1e-300)) + parameters(model) * np.log(R))


def parameters(model):
    """How many numbers a network really has: w_s repeats the scale of c, and of each sum's constants one counts."""
    count = 0
    for layer in model.layers:
        live = layer.snapped.live if layer.snapped else layer.kept
        count += live.sum() * (layer.basis.M - 1 + layer.base) + live.any(axis=1).sum()
        count += layer.snapped.free.sum() if layer.snapped else 0
    return int(count)
