"""One edge, several candidates: what function it is, when the whole network is asked.

A curve that is close to an edge's need not be the right one. For x / y the edge 1/x fits its spline with 1 - R^2 = 7e-6
and arctan with 8e-7; yet with 1/x the network becomes exact once everything else is trained again, and with arctan it
does not. So each candidate is put in place, all other parameters are refitted, and the error of the network decides.
"""

import warnings
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from kan_edu.checks.arguments import check_integer
from kan_edu.checks.arrays import check_matrix
from kan_edu.checks.words import check_names
from kan_edu.learning.downhill.levenberg_marquardt import LevenbergMarquardt
from kan_edu.learning.learnt import LearntLittle
from kan_edu.learning.loop import Diverged, History, check_data, fit
from kan_edu.learning.progress import Progress, asked
from kan_edu.networks.formulas.curvefit import fit_curve
from kan_edu.networks.formulas.families import FAMILIES, family
from kan_edu.networks.formulas.snap import check_edge, set_formula
from kan_edu.networks.grids import layer_inputs

from .models import check_kan, check_squares

POINTS = 400     # of an edge's samples, for its curve
MOST_STEPS = 10_000  # of a refit, which ends by itself where ten steps gain next to nothing
BELOW = 1e-28    # a mean square error of this part of the targets' is rounding: nothing is left to learn


class Refit(NamedTuple):
    """Root mean square errors before and after, and what `fit` returned."""

    before: float
    after: float
    history: History


def refit(model, X, Y, *, steps=100, progress=None):
    """Train all parameters of `model` that are free on X (N, n_in), Y (N, n_out), in place; returns a Refit.

    Levenberg-Marquardt, at most `steps` steps, until ten of them gain less than 1 %: with formulas in place it closes
    in on rounding; a refit that stops early would reject the right function. If it diverges, the model is as it was.
    Raises ValueError for data that do not fit, and more than 10,000 steps; FloatingPointError where a formula has no
    value for a sample.
    """
    steps, shown = check_integer(steps, "steps", 1, MOST_STEPS), asked(progress)
    X, Y = check_targets(model, X, Y)
    before, kept, losses = rmse(model, X, Y), model.theta.copy(), []
    enough = BELOW * max((Y * Y).mean(), 1e-300)

    def settled(step, model, loss):
        losses.append(loss)
        return loss <= enough or (len(losses) > 10 and losses[-11] < 1.01 * loss)

    if not model.free.any():
        return Refit(before, before, History(stopped="no parameter is free"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", LearntLittle)  # a wrong function is no fault of the data; `after` tells
            history = fit(model, X, Y, steps=steps, optimiser=LevenbergMarquardt(), callback=settled, progress=shown)
    except Diverged as error:
        model.theta[...], history = kept, error.history
    if history.stopped.startswith("the callback"):
        history.stopped = "further steps gain next to nothing"
    return Refit(before, rmse(model, X, Y), history)


def check_targets(model, X, Y):
    """X and Y that fit the model and each other: Y is (N, n_out), or (N,) for one output, and becomes (N, 1)."""
    X, Y = check_data(check_kan(model, "reading"), X, Y, "training")
    Y = check_matrix(Y, "the training Y", model.widths[-1], f"({model!r})")
    return check_squares(X, "the training X"), check_squares(Y, "the training Y")


def rmse(model, X, Y):
    """Root mean square error of the model on X (N, n_in), Y (N, n_out)."""
    return float(np.sqrt(np.mean((model(X) - Y) ** 2)))


class Candidate(NamedTuple):
    """One family for the edge: its formula as text, R^2 on the edge, RMSE of the refitted network `model`, cost."""

    family: str
    formula: str
    r2: float
    rmse: float
    cost: float
    params: tuple
    model: object


@dataclass
class Candidates:
    """The table that `candidates` returns: rows are Candidate, least RMSE first; `skipped` families have no row."""

    edge: tuple
    before: float
    rows: list = field(default_factory=list)
    skipped: dict = field(default_factory=dict)   # name -> why
    stopped: str = ""

    def __getitem__(self, which):
        """A row by its place or the name of its family; rows by a slice of places."""
        if not isinstance(which, slice):
            which = which if isinstance(which, str) else check_integer(which, "the place of a row", -len(self))
        if isinstance(which, str):
            found = [row for row in self.rows if row.family == which]
            if not found:
                why = self.skipped.get(which, "no family that was tried")
                raise KeyError(f"{which!r} has no row: {why}")
            return found[0]
        if not isinstance(which, slice) and which >= len(self):
            raise IndexError(f"there is no row {which}; the table has {len(self)} rows")
        return self.rows[which]

    def __len__(self):
        return len(self.rows)

    def _lines(self):
        head = ["family", "formula", "1 - R^2", "RMSE after refit", "cost"]
        return [head, *([row.family, row.formula, f"{1 - row.r2:.1e}", f"{row.rmse:.2e}", f"{row.cost:g}"]
                        for row in self.rows)]  # fmt: skip

    def __str__(self):
        lines = self._lines()
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        table = ["  ".join(text.ljust(n) for text, n in zip(line, widths, strict=True)).rstrip() for line in lines]
        notes = [f"left out: {', '.join(self.skipped)}"] * bool(self.skipped) + [self.stopped] * bool(self.stopped)
        return "\n".join([f"edge {self.edge}; the network's RMSE before: {self.before:.2e}", *table, *notes])

    __repr__ = __str__

    def _repr_html_(self):
        def row(cells, tag):
            return "<tr>" + "".join(f"<{tag} style='text-align:left'>{_html(cell)}</{tag}>" for cell in cells) + "</tr>"

        head, *body = self._lines()
        notes = [f"left out: {', '.join(self.skipped)}"] * bool(self.skipped) + [self.stopped] * bool(self.stopped)
        title = f"edge {self.edge}; the network's RMSE before: {self.before:.2e}"
        return (f"<table><caption>{_html(title)}</caption><thead>{row(head, 'th')}</thead><tbody>"
                + "".join(row(cells, "td") for cells in body) + "</tbody></table>"
                + "".join(f"<p>{_html(note)}</p>" for note in notes))  # fmt: skip


def _html(text):
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def candidates(model, edge, X, Y=None, *, families=None, most=8, steps=40, progress=None):
    """What edge (layer, j, i) could be: a table of Candidate, judged by the network on X (N, n_in), Y (N, n_out).

    Y          None: the model's own outputs, as it stands, are what the refitted one has to match
    families   names to try; None: all of `families.FAMILIES`
    most       so many, those nearest to the edge's curve, are refitted with the whole network (`steps` at most each);
               the straight line is always among them, if it is among `families`
    progress   None: a line of progress if a person is watching in a notebook; True or False forces it

    The model stays as it is: each row has a refitted copy, `row.model`. Ctrl-C keeps the rows so far (`stopped` says
    so). Raises ValueError for an edge or a family that does not exist, one that is constant, or data that do not fit.
    """
    layer, j, i = check_edge(check_kan(model, "candidates"), edge)
    edge = model.layers.index(layer), j, i
    families, shown = _check_families(families), asked(progress)
    most, steps = check_integer(most, "most", 1), check_integer(steps, "steps", 1, MOST_STEPS)
    X, Y = check_targets(model, X, model(X) if Y is None else Y)
    x = layer_inputs(model, X)[edge[0]][:, i]
    few = np.argsort(x)[np.unique(np.linspace(0, len(x) - 1, min(POINTS, len(x))).astype(int))]
    table, phi = Candidates(edge, rmse(model, X, Y)), layer.phi(j, i, x[few])
    for what, values in (("arrives at", x), ("passes", phi)):
        if np.ptp(values) <= 1e-12 * np.abs(values).max():
            words = f"what {what} edge {edge} is always {values[0]:.6g}: that has no shape"
            raise ValueError(f"{words}; take the edge away with model.remove_edge({edge})")
    fits = {name: fit_curve(name, x[few], phi) for name in families}
    table.skipped = {name: "it has no value at some of the samples" for name, found in fits.items() if found is None}
    best = sorted(fits.keys() - table.skipped.keys(), key=lambda name: (name != "x", -fits[name].r2, name))
    table.skipped |= dict.fromkeys(best[most:], f"its R^2 is not among the best {most}")
    line = Progress(shown)
    try:
        for count, name in enumerate(best[:most]):
            line.show(f"{name}: {count + 1} of {len(best[:most])}")
            _try(table, model, edge, name, fits[name], X, Y, steps)
    except KeyboardInterrupt:
        table.stopped = "interrupted: other families were not tried"
    finally:
        line.close()
    table.rows.sort(key=lambda row: (float(f"{row.rmse:.2e}"), row.cost))  # of equals the shorter one
    return table


def _check_families(families):
    """The names of the families to try, each once; None: all. ValueError for one that there is not."""
    if families is None:
        return list(FAMILIES)
    names = [families] if isinstance(families, str) else check_names(families, 1, "families", len(FAMILIES))
    return list(dict.fromkeys(family(name).name for name in names))


def _try(table, model, edge, name, found, X, Y, steps):
    """Put one family into a copy, refit, and add its row."""
    trial = model.copy()
    formula = set_formula(trial, edge, name, found.params, X=X)
    trial.layers[edge[0]].snapped.bias[edge[1]] += found.constant
    try:
        after = refit(trial, X, Y, steps=steps, progress=False)
    except FloatingPointError:      # a later formula has no value for what this one gives it
        table.skipped[name] = "with it a formula further on has no value at some of the samples"
        return
    if after.history.interrupted:
        raise KeyboardInterrupt
    row = Candidate(name, formula.text(), found.r2, after.after, FAMILIES[name].cost, tuple(formula.params), trial)
    table.rows.append(row)
