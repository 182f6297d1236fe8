"""The perceptron: one neuron, one hyperplane, and a rule that learns from its mistakes.

Source: F. Rosenblatt, The perceptron (1958); A. Novikoff, On convergence proofs for perceptrons (1962).
"""

from typing import NamedTuple

import numpy as np

from kan_edu.checks.arguments import check_integer
from kan_edu.checks.arrays import check_matrix, numbers


def heaviside(z):
    """0 below zero, 1 above, 1/2 at zero: on the hyperplane the perceptron does not know.

    >>> heaviside(np.array([-2.0, 0.0, 3.0]))
    array([0. , 0.5, 1. ])
    """
    return np.heaviside(z, 0.5)


class Learning(NamedTuple):
    """What `Perceptron.learn` did: mistakes per epoch, (w, b) after every correction, and why it stopped."""

    converged: bool
    reason: str
    mistakes: list
    path: np.ndarray  # (corrections + 1, n_in + 1): the start, then w and b after each correction


class Perceptron:
    """y = heaviside(w.x + b): 1 on one side of the hyperplane w.x + b = 0, 0 on the other; w is (n_in,)."""

    def __init__(self, n_in):
        self.w, self.b = np.zeros(check_integer(n_in, "n_in", 1)), 0.0

    def forward(self, X):
        """X (N, n_in) -> (N,) of 0, 1/2 and 1. Raises ValueError for a wrong shape, NaN or inf."""
        X = check_matrix(X, "X", len(self.w), f"(a perceptron of {len(self.w)} inputs)")
        return heaviside(X @ self.w + self.b)

    __call__ = forward

    def distance(self, X):
        """Signed distance to the hyperplane, (w.x + b) / |w|: X (N, n_in) -> (N,). ValueError while w = 0."""
        norm = np.linalg.norm(self.w)
        if norm == 0:
            raise ValueError("w is zero: there is no hyperplane yet; set w or call learn first")
        return (check_matrix(X, "X", len(self.w)) @ self.w + self.b) / norm

    def learn(self, X, y, *, lr=1.0, max_epochs=1000):
        """Go through the samples; after each mistake move the hyperplane: w += lr e x, b += lr e, e = y - output.

        X (N, n_in), y (N,) of 0 and 1. If some hyperplane separates the classes, the mistakes end after finitely
        many corrections (Novikoff). If none does, they never end; the rule then usually comes back to weights
        that it had before, which proves that it goes round for ever, and it stops there. Returns a `Learning`.
        Raises ValueError for labels other than 0 and 1, an lr that is not positive, max_epochs < 1, NaN, wrong shapes.
        """
        X, y = check_matrix(X, "X", len(self.w)), numbers(y, "y")
        if y.shape != (len(X),):
            raise ValueError(f"y has shape {y.shape}; expected ({len(X)},), one label for each sample")
        if not np.isin(y, (0, 1)).all():
            raise ValueError(f"y holds {np.setdiff1d(y, (0, 1))[:3].tolist()}; expected the labels 0 and 1 only")
        if not 0 < lr < np.inf:
            raise ValueError(f"the learning rate is {lr}; expected a positive number")
        check_integer(max_epochs, "max_epochs", 1)
        mistakes, path, seen = [], [[*self.w, self.b]], {}
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
        reason = (
            f"stopped after max_epochs = {max_epochs} with {mistakes[-1]} mistakes left: either no hyperplane "
            "separates the classes or they lie very close; raise max_epochs or use a network"
        )
        return Learning(False, reason, mistakes, np.array(path))

    def _epoch(self, X, y, lr, path):
        """One pass over the samples; returns the number of mistakes, appends to path after each."""
        mistakes = 0
        for x, target in zip(X, y, strict=True):
            error = target - heaviside(x @ self.w + self.b)  # -1, 0 or 1; half of it on the hyperplane
            if error:
                self.w += lr * error * x
                self.b += lr * error
                path.append([*self.w, self.b])
                mistakes += 1
        return mistakes
