"""`read_law`: from samples to a law, or to the words why there is none.

    smooth.py    a smooth model: how many functions of each input do the data need?
    outer.py, views.py   ... behind each outer function; and with inputs joined, or in groups
    atoms.py     the names of these functions
    assemble.py, refine.py, constants.py   put together, refitted in context, made short, numbers made simple
    trust.py     whether to believe it
    network.py   the KAN that it is
"""

import warnings
from functools import cached_property
from typing import NamedTuple

import numpy as np

from kan_edu.checks.arguments import check_number, check_seed
from kan_edu.checks.arrays import check_column, check_matrix
from kan_edu.learning.progress import Progress, asked
from kan_edu.reading.expressions import network
from kan_edu.reading.expressions.tidy import tidy
from kan_edu.reading.expressions.tree import values
from kan_edu.reading.laws import trust
from kan_edu.reading.laws.refine import cost, standard_errors
from kan_edu.reading.laws.search import FITS_NOT, Search

from .columns import check_columns, check_names
from .formula import Formula
from .models import check_squares

HELD = 0.2          # share of the samples that no fit sees
NOTHING = 0.95      # of the spread of y is left by what explains nothing
MOST_SAMPLES = 4000  # are fitted; more would cost time and tell little


class Constant(NamedTuple):
    """A number of a formula that is no simple one, and its standard error (0 for a number of exact data)."""

    value: float
    error: float


class Candidate:
    """One formula: text, latex, expression (sympy), cost, rmse (fitted samples), held_out (the others), constants.

    Calling it predicts: X (N, n) -> (N,). `model` is the KAN that it is.
    """

    def __init__(self, found, names, X, y, X_held, y_held):
        positive = {i for i, x in enumerate(X.T) if x.min() > 0}
        self.tree, self.names, self.X = tidy(found.tree, positive), names, X
        self.cost, self.rmse = cost(found.tree), float(np.sqrt(found.mse))
        self.held_out = float(np.sqrt(np.mean((values(found.tree, X_held) - y_held) ** 2)))
        self.criterion = float(found.value)
        self.constants = [Constant(p.value, float(e)) for p, e in standard_errors(found.tree, X, y)]

    __call__, text, latex, expression = Formula.__call__, Formula.text, Formula.latex, Formula.expression
    _repr_latex_ = Formula._repr_latex_

    @cached_property
    def model(self):
        """The KAN that it is, every edge with its formula."""
        return network.to_kan(self.tree, self.X)

    def __repr__(self):
        return f"{self.text}    (held-out RMSE {self.held_out:.2g}, cost {self.cost:.0f})"



class Law:
    """What `read_law` found. sure: believe `best`; reason: why, or why not; candidates: the shortest first, each
    with a smaller error than all shorter ones."""

    def __init__(self, candidates, best, verdict, interrupted=False):
        self.candidates, self.best, self.interrupted = candidates, best, interrupted
        self.sure, self.reason = verdict

    def __repr__(self):
        head = f"y = {self.best.text}" if self.best else "no simple formula was found"
        lines = [head, f"{'sure' if self.sure else 'not sure'}: {self.reason}"]
        if self.candidates:
            lines += ["", f"{'RMSE':>9} {'held out':>9} {'cost':>5}  formula"]
        lines += [f"{c.rmse:9.2g} {c.held_out:9.2g} {c.cost:5.0f}  {c.text}" for c in self.candidates]
        return "\n".join(lines)


def read_law(X, Y, names=None, *, seconds=30, seed=0, progress=None):
    """Look for a short formula Y = f(X). X (N, n), Y (N,) or (N, 1); names: n identifiers, else x1, x2, ...

    Takes at most about `seconds`; Ctrl-C ends the search with the best so far, and a warning. A fifth of the samples,
    drawn with `seed`, is held out. `progress`: None shows a line where a person watches, True and False decide.
    Returns a `Law`. Raises ValueError for data without a law to look for (NaN, a constant column or Y, one column
    that follows from others, too few samples) and for names that are none.
    After arXiv 2404.19756, section 4, but from the outside inwards: see this file's first lines.

    >>> X = np.random.default_rng(0).uniform(1, 3, (200, 2))
    >>> law = read_law(X, X[:, 0] * np.exp(-X[:, 1]), names=["a", "t"])
    >>> law.sure, law.best.text
    (True, 'a*exp(-t)')
    """
    seconds, shown = check_number(seconds, "seconds", 0, open_ends=True, example=30), asked(progress)
    rng, (X, y, names) = check_seed(seed), _checked(X, Y, names)
    order = rng.permutation(len(X))
    n_held = max(int(HELD * len(X)), 2)
    held, fitted = order[:n_held], order[n_held:][:MOST_SAMPLES]
    line = Progress(shown)
    search = Search(X[fitted], y[fitted], seconds, line.show)
    interrupted = False
    try:
        with np.errstate(all="ignore"):  # of what is tried much overflows, or has no value: it is not taken
            search.run()
    except KeyboardInterrupt:
        interrupted = True
        warnings.warn("read_law was interrupted; this is the best that it had found so far", stacklevel=2)
    finally:
        line.close()
    return _law(search, names, X[held], y[held], interrupted)


def _checked(X, Y, names):
    X = check_matrix(X, "X")
    y = check_column(Y, "Y", "(one law at a time)")
    if len(y) != len(X):
        raise ValueError(f"X has {len(X)} samples and Y {len(y)}; they need one value of Y for each row of X")
    names = check_names(names, X.shape[1])
    check_columns(check_squares(X, "X"), check_squares(y, "Y"), names)
    return X, y, names


def _law(search, names, X_held, y_held, interrupted):
    X, y, found = search.X, search.y, search.found
    if not found or search.best_error > FITS_NOT:
        return Law([], None, trust.Verdict(False, _nothing(search, interrupted)), interrupted)
    verdict = trust.judge(found[0], X, y, X_held, y_held, found[1:])
    best = Candidate(found[0], names, X, y, X_held, y_held)
    front, least = [], np.inf
    for f in sorted(found, key=lambda f: (cost(f.tree), f.mse)):
        if f.mse < 0.98 * least or f is found[0]:
            least = min(least, f.mse)
            front.append(best if f is found[0] else Candidate(f, names, X, y, X_held, y_held))
    return Law(front, best, verdict, interrupted)


def _nothing(search, interrupted):
    if interrupted:
        return "no simple formula was found before the interruption"
    why = "the time was up" if search.late() else "none of the shapes that were tried fits"
    if search.late() and search.found and search.best_error > NOTHING:
        why = "nothing that was tried until the time was up explains y"
    left = f"; the best left {100 * search.best_error:.0f} % of the spread of y" if search.found else ""
    return f"no simple formula was found, because {why}{left}"
