"""The perceptron: one neuron, one hyperplane, and a rule that learns from its mistakes.

Source: F. Rosenblatt, The perceptron (1958); A. Novikoff, On convergence proofs for perceptrons (1962).
"""

from typing import NamedTuple

import numpy as np

from kan_edu.checks.arguments import OutOfBounds, check_integer, check_number, check_room, counted
from kan_edu.checks.arrays import check_column, check_finite, check_matrix, floats, numbers

MOST = 300_000  # corrections: the rule has found a hyperplane long before, or finds none


def heaviside(z):
    """0 below zero, 1 above, 1/2 at zero: on the hyperplane the perceptron does not know. z (...) -> (...).

    Raises ValueError for what is no number, and for NaN.

    >>> heaviside(np.array([-2.0, 0.0, 3.0]))
    array([0. , 0.5, 1. ])
    """
    z = floats(z, "z", finite=False)
    if np.isnan(z).any():
        bad = counted(int(np.isnan(z).sum()), "value", " that are NaN")
        raise ValueError(f"z holds {bad}; drop them or fill them in first")
    return _heaviside(z)


def _heaviside(z):
    return np.heaviside(z, 0.5)


class Learning(NamedTuple):
    """What `Perceptron.learn` did: mistakes per epoch, (w, b) after every correction, and why it stopped."""

    converged: bool
    reason: str
    mistakes: list
    path: np.ndarray  # (corrections + 1, n_in + 1): the start, then w and b after each correction


class Perceptron:
    """y = heaviside(w.x + b): 1 on one side of the hyperplane w.x + b = 0, 0 on the other; w is (n_in,).

    Both may be set, p.w = [1, 2] and p.b = 0.5: p keeps a copy, which `learn` then changes. ValueError for what is not
    n_in numbers, or one.
    """

    def __init__(self, n_in):
        check_room(check_integer(n_in, "n_in", 1), f"a perceptron of {n_in} inputs", "choose fewer inputs")
        self._w, self._b = np.zeros(n_in), 0.0

    @property
    def w(self):
        return self._w

    @w.setter
    def w(self, values):
        w = numbers(values, "w", finite=False)
        if w.shape != self._w.shape:
            raise ValueError(f"w has shape {w.shape}; expected {self._w.shape}, a number for each input")
        self._w = w.copy()

    @property
    def b(self):
        return self._b

    @b.setter
    def b(self, value):
        b = numbers(value, "b", finite=False)
        if b.shape != ():
            raise ValueError(f"b has shape {b.shape}; expected one number")
        self._b = float(b)

    def forward(self, X):
        """X (N, n_in) -> (N,) of 0, 1/2 and 1. Raises ValueError for a wrong shape, NaN or inf."""
        return _heaviside(self._sum(X))

    __call__ = forward

    def distance(self, X):
        """Signed distance to the hyperplane, (w.x + b) / |w|: X (N, n_in) -> (N,). ValueError while w = 0."""
        norm = np.linalg.norm(self.w)
        if norm == 0:
            raise ValueError("w is zero: there is no hyperplane yet; set w or call learn first")
        return self._sum(X) / norm

    def _sum(self, X):
        """w.x + b, (N,); ValueError for a wrong shape, NaN and inf, and where w or b is no number."""
        check_finite(np.append(self.w, self.b), "w and b")
        z = check_matrix(X, "X", len(self.w), f"(a perceptron of {len(self.w)} inputs)") @ self.w + self.b
        if not np.isfinite(z).all():
            raise OutOfBounds("w.x + b is beyond 1e308 for some samples; scale X with datasets.to_box")
        return z

    def learn(self, X, y, *, lr=1.0, max_epochs=1000):
        """Go through the samples; after each mistake move the hyperplane: w += lr e x, b += lr e, e = y - output.

        X (N, n_in), y (N,) of 0 and 1. If some hyperplane separates the classes, the mistakes end after finitely
        many corrections (Novikoff). If none does, they never end; the rule then usually comes back to weights
        that it had before, which proves that it goes round for ever, and it stops there; or after 300,000 corrections.
        Returns a `Learning`.
        Raises ValueError for labels other than 0 and 1, an lr that is not positive, max_epochs < 1, NaN, wrong shapes,
        and for samples so large that w overflows.
        """
        X, y = check_matrix(X, "X", len(self.w)), check_column(y, "y")
        if len(y) != len(X):
            raise ValueError(f"y has shape {y.shape}; expected ({len(X)},), one label for each sample")
        if not np.isin(y, (0, 1)).all():
            raise ValueError(f"y holds {np.setdiff1d(y, (0, 1))[:3].tolist()}; expected the labels 0 and 1 only")
        lr = check_number(lr, "the learning rate", 0, open_ends=True)
        max_epochs = check_integer(max_epochs, "max_epochs", 1)
        check_finite(np.append(self.w, self.b), "w and b")
        most = min(MOST, 2**26 // (len(self.w) + 1))  # so that `path` fits into the memory
        mistakes, path, seen = [], [np.array([*self.w, self.b])], {}
        for epoch in range(1, max_epochs + 1):
            mistakes.append(self._epoch(X, y, lr, path))
            if mistakes[-1] == 0:
                return Learning(True, f"separated: no mistake in epoch {epoch}", mistakes, np.array(path))
            now = (*self.w, self.b)
            if now in seen:
                reason = (
                    f"not separable: after epoch {epoch} w and b are what they were after epoch {seen[now]}, "
                    "so the rule goes round in a circle for ever; no hyperplane separates these classes"
                )
                return Learning(False, reason, mistakes, np.array(path))
            seen[now] = epoch
            if len(path) > most:
                break
        limit = f"{len(path) - 1} corrections" if len(path) > most else f"max_epochs = {max_epochs}"
        reason = (
            f"stopped after {limit} with {mistakes[-1]} mistakes left: either no hyperplane "
            "separates the classes or they lie very close; raise max_epochs or use a network"
        )
        return Learning(False, reason, mistakes, np.array(path))

    def _epoch(self, X, y, lr, path):
        """One pass over the samples; returns the number of mistakes, appends to path after each.

        Between two mistakes nothing changes: the next few samples are looked at together, twice as many each time.
        """
        mistakes, n, ahead = 0, 0, 8
        while n < len(X):
            errors = y[n : n + ahead] - _heaviside(X[n : n + ahead] @ self.w + self.b)
            wrong = errors.nonzero()[0]
            if not wrong.size:
                n, ahead = n + ahead, 2 * ahead
                continue
            n, error = n + wrong[0], errors[wrong[0]]  # -1, or 1; half of it on the hyperplane
            with np.errstate(over="ignore"):
                self._w += lr * error * X[n]
                self._b += lr * error
            path.append(np.array([*self.w, self.b]))
            if not np.isfinite(path[-1]).all():
                raise OutOfBounds("w is beyond 1e308 after a correction; scale X with datasets.to_box, or lower lr")
            mistakes, n, ahead = mistakes + 1, n + 1, 8
        return mistakes
