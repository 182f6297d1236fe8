"""What the two models for tables share: settings, scaling, held-out rows, the picture and the law.

scikit-learn asks that a model is made by keywords alone, that `fit` checks them, and that all it learns ends in `_`.
"""

import keyword
import re

import numpy as np
from sklearn.base import BaseEstimator
from sklearn.utils import check_random_state
from sklearn.utils.validation import check_is_fitted, validate_data

from kan_edu.checks.arguments import check_flag, check_integer, check_number
from kan_edu.reading.columns import RESERVED
from kan_edu.reading.law import read_law

from .columns import check_columns
from .training import MOST_SEED

FIRST = 3  # intervals of the first grid, where none are given


class KANEstimator(BaseEstimator):
    """The settings, and what a fitted model can be asked for; `KANRegressor` and `KANClassifier` explain them."""

    def __init__(self, hidden=(), *, k=3, grids=None, starts=3, steps=30, early_stopping=False,
                 validation_fraction=0.2, random_state=None):  # fmt: skip
        self.hidden, self.k, self.grids, self.starts, self.steps = hidden, k, grids, starts, steps
        self.early_stopping, self.validation_fraction = early_stopping, validation_fraction
        self.random_state = random_state

    def _begin(self, X):
        """Look at the settings, learn the scaling of X (N, n); returns the training rows and the held-out ones."""
        rng = check_random_state(self.random_state)
        self._seed = int(rng.randint(MOST_SEED))
        check_flag(self.early_stopping, "early_stopping")
        lo, hi = X.min(axis=0), X.max(axis=0)
        self.center_, half = lo / 2 + hi / 2, hi / 2 - lo / 2
        self.half_ = np.where(half > 0, half, np.inf)  # a constant column counts for nothing, then and later
        order, held = rng.permutation(len(X)), 0
        if self.early_stopping:
            share = check_number(self.validation_fraction, "validation_fraction", 0, 1, open_ends=True, example=0.2)
            held = max(1, round(share * len(X)))
            if held > len(X) - 2:
                raise ValueError(f"early_stopping would hold out {held} of n_samples = {len(X)}; expected at least two "
                                 "to train on: give more samples, or early_stopping=False")  # fmt: skip
        return np.sort(order[held:]), np.sort(order[:held])

    def _widths(self, outputs):
        hidden = self.hidden if isinstance(self.hidden, list | tuple | np.ndarray) else (self.hidden,)
        return [self.n_features_in_, *(check_integer(n, "a number in hidden", 1) for n in hidden), outputs]

    def _scaled(self, X):
        """Columns as the network gets them: each training sample in [-1, 1]."""
        with np.errstate(over="ignore"):
            return (X - self.center_) / self.half_

    def _asked(self, X):
        """X as scikit-learn checks it, against what `fit` saw: (N, n) float64."""
        check_is_fitted(self)
        check_columns(X)
        return validate_data(self, X, reset=False, dtype=np.float64)

    def _outputs(self, X):
        X = self._scaled(self._asked(X))  # first: before `fit` there is no model_ to name
        return self.model_(X)

    def plot(self, X, *, ax=None):
        """The network with each edge's function, over the samples X (N, n); draws into `ax` and returns it.

        Columns have their names, if X came as a table of pandas or polars, units and all if these stand in them.
        Raises NotFittedError before `fit`, ValueError for samples that `predict` would refuse.
        """
        from kan_edu.seeing.plot import network

        X = self._scaled(self._asked(X))
        names = getattr(self, "feature_names_in_", None)
        return network(self.model_, X, inputs=None if names is None else list(names), outputs=self._names(), ax=ax)

    def read_law(self, X, y=None, *, seconds=30, progress=False):
        """Look for a short formula; returns a `Law`, whose `best.text` is the formula and whose `sure` is a verdict.

        y None reads what the network says at X (N, n), so a law of the model; y (N,) reads the data themselves. Columns
        have their names, made fit for a formula ("Age (years)" is Age_years). As `kan_edu.read_law`, which says what
        it raises; NotFittedError before `fit`, ValueError for a model of several outputs without y.
        """
        table, X = X, self._asked(X)
        if y is None:
            y = self._values(table)
        names = getattr(self, "feature_names_in_", None)
        return read_law(X, y, names=None if names is None else identifiers(names), seconds=seconds,
                        seed=self._seed, progress=progress)  # fmt: skip


def identifiers(names):
    """Names of columns as they can stand in a formula, each different.

    >>> identifiers(["Age (years)", "2nd", "exp", "a b", "a-b"])
    ['Age_years', 'x_2nd', 'exp_1', 'a_b', 'a_b_2']
    """
    made = []
    for name in names:
        word = re.sub(r"\W+", "_", str(name)).strip("_") or "x"
        word = word if word.isidentifier() else f"x_{word}"
        word = f"{word}_1" if word in RESERVED or keyword.iskeyword(word) else word
        again = 2
        while (word if again == 2 else f"{word}_{again - 1}") in made:
            again += 1
        made.append(word if again == 2 else f"{word}_{again - 1}")
    return made
