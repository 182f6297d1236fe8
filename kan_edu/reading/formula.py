"""The formula of a KAN whose edges are all read: as text, as LaTeX, for sympy, and to call."""

import copy
from functools import cached_property

import numpy as np

from kan_edu.checks import words
from kan_edu.checks.arrays import check_column, check_matrix
from kan_edu.networks.grids import layer_inputs
from kan_edu.reading.expressions import printing
from kan_edu.reading.expressions.latex import latex
from kan_edu.reading.expressions.network import to_tree
from kan_edu.reading.expressions.tidy import tidy
from kan_edu.reading.expressions.tree import parameters, values
from kan_edu.reading.laws.constants import round_all, simple
from kan_edu.reading.laws.refine import standard_errors

from .columns import check_names
from .models import check_kan, check_squares

KNOWN = 1e-7  # without data a number is taken for a simple one if it is this near, relatively


class Formula:
    """text, latex, expression (sympy); `constants`: [(value, standard error or None)] of the numbers that are not
    simple. Calling it predicts: X (N, n) -> (N,)."""

    def __init__(self, tree, names, units, constants):
        self.tree, self.names, self.units, self.constants = tree, names, units, constants

    def __call__(self, X):
        """X (N, n) -> (N,). ValueError for a wrong shape, numbers beyond 1e150; NaN where the formula has no value."""
        X = check_matrix(X, "X", len(self.names), f"(the formula of {', '.join(self.names)})")
        return values(self.tree, check_squares(X, "X"))

    @cached_property
    def text(self):
        """As Python writes it, with ^ for powers."""
        return printing.text(self.tree, self.names)

    @cached_property
    def latex(self):
        """For LaTeX, without dollar signs."""
        return latex(self.tree, self.names)

    @cached_property
    def expression(self):
        """For sympy; ImportError, which names the extra `symbolic`, where sympy is missing."""
        return printing.expression(self.tree, self.names)

    def __repr__(self):
        if not self.units:
            return self.text
        units = ", ".join(f"{name} in {unit}" for name, unit in zip(self.names, self.units, strict=True))
        return f"{self.text}    [{units}]"

    def _repr_latex_(self):
        return f"${self.latex}$"


def formula(model, names=None, units=None, X=None, Y=None):
    """The formula of `model`, a KAN with one output whose edges all have formulas or were removed; a `Formula`.

    names: of the inputs, else x1, x2, ...; units: one for each, shown beside. With the samples X (N, n), Y (N, 1)
    numbers become simple where the data allow it (refitted each time, within three standard errors), and the others
    have standard errors; without samples only numbers that are simple to seven digits. The model itself is not changed.
    Raises ValueError for a spline that is left (and says where), names that are none, units that do not fit, X without
    Y, or no more samples than numbers to be told.

    >>> from kan_edu import KAN
    >>> model = KAN([1, 1])
    >>> model.set_formula((0, 0, 0), "sin", (2, np.pi, 0))
    EdgeFormula('sin', a=2, b=3.142, c=0)
    >>> formula(model, ["t"])
    2*sin(pi*t)
    """
    names = check_names(names, check_kan(model, "formula").widths[0])
    if units is not None:
        units = words.check_names([units] if isinstance(units, str) else units, len(names), "units")
    tree = copy.deepcopy(to_tree(model))
    if (X is None) != (Y is None):
        raise ValueError("X and Y belong together: pass both, or neither for the numbers as they stand")
    if X is None:
        _recognise(tree)
        return Formula(tidy(tree), names, units, [(p.value, None) for p in parameters(tree)])
    X = check_squares(check_matrix(X, "X", len(names)), "X")
    y = check_squares(check_column(Y, "Y"), "Y")
    if len(y) != len(X):
        raise ValueError(f"X has {len(X)} samples and Y {len(y)}; they need one value of Y for each row of X")
    free = len(parameters(tree))
    if len(y) <= free:
        raise ValueError(f"{len(y)} samples cannot tell {free} numbers; pass more, or leave X and Y out")
    layer_inputs(model, X)  # asks whether the formulas have values there
    mse = float(np.mean((values(tree, X) - y) ** 2))
    tree, _ = round_all(tree, X, y, mse)
    return Formula(tidy(tree), names, units, [(p.value, float(e)) for p, e in standard_errors(tree, X, y)])


def _recognise(tree):
    """Names for numbers that are simple to seven digits."""
    for p in parameters(tree, free=False):
        near = None if p.text or p.value == round(p.value) else simple(p.value, KNOWN * abs(p.value) / 3)
        if near is not None:
            p.fix(*near)
