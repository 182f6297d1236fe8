"""Samples that count more or less than once: two alike are one of twice the weight, bit for bit.

With weights v_n a loss is the mean (1 / sum v) sum_n v_n L_n of what it is for each sample. Whole numbers are then the
same as so many equal rows, and 0 as none. So that this holds to the last digit, also where held-out rows are drawn by
chance, rows that are alike are joined before anything else is done.
"""

import numpy as np

from kan_edu.checks.arrays import check_vector
from kan_edu.learning.downhill.levenberg_marquardt import LevenbergMarquardt
from kan_edu.learning.losses import logistic_loss, mse
from kan_edu.learning.objective import Objective
from kan_edu.networks import flat


def joined(X, Y, sample_weight=None):
    """Each different row of X (N, n) with Y (N, m) once, in one order, and how much it counts, (M,) of mean 1.

    Where no row is there twice and all count alike, X and Y as they came, and None. Rows of weight 0 are left out.
    Raises ValueError for weights that are not (N,), are negative, no numbers, or all 0.
    """
    v = np.ones(len(X)) if sample_weight is None else _checked(sample_weight, len(X))
    table = np.hstack([X, Y])[v > 0] + 0.0  # -0.0 becomes 0.0: bytes tell the two apart
    places = {}
    place = np.array([places.setdefault(row.tobytes(), len(places)) for row in table])
    v = np.bincount(place, v[v > 0])
    if len(v) == len(X) and (v == v[0]).all():
        return X, Y, None
    table = table[np.unique(place, return_index=True)[1]]
    order = np.lexsort(table.T[::-1])
    return table[order, : X.shape[1]], table[order, X.shape[1] :], (v / v.mean())[order]


def _checked(sample_weight, N):
    v = check_vector(sample_weight, "sample_weight", N)
    if v.min() < 0:
        raise ValueError(f"sample_weight goes down to {v.min():g}; expected 0, for a row that does not count, or more")
    if v.max() == 0:
        raise ValueError("sample_weight is zero for all rows; expected some rows that count, with weights above 0")
    return np.ldexp(v, -np.frexp(v.max())[1])  # by a power of two, exactly: their sum cannot overflow


def mean_and_spread(Y, v=None):
    """Mean and standard deviation of the columns of Y (N, m), each (m,), with row n counted v[n] times."""
    power = np.frexp(np.abs(Y).max(axis=0))[1]
    Y = np.ldexp(Y, -power)  # exact, and its squares neither overflow nor vanish
    if v is None:
        mean, spread = Y.mean(axis=0), Y.std(axis=0)
    else:
        mean = np.average(Y, axis=0, weights=v)
        spread = np.sqrt(np.average((Y - mean) ** 2, axis=0, weights=v))
    return np.ldexp(mean, power), np.ldexp(spread, power)


def task(X, Y, rows, held, v, *, loss, optimiser):
    """What `train` needs to learn `rows` of X, Y and to watch those that are `held`: data, val, loss and optimiser.

    With weights v the samples go by their numbers, by which the loss finds their targets and what they count.
    """
    if v is None:
        told, targets = loss, Y
    else:
        told, targets = by_number(loss, Y, v), np.arange(len(Y))
        if optimiser is LevenbergMarquardt:
            optimiser = lambda: WeightedSquares(LevenbergMarquardt(), X[rows], Y[rows], v[rows])  # noqa: E731
    val = (X[held], targets[held]) if len(held) else None
    return {"data": (X[rows], targets[rows]), "val": val, "loss": told, "optimiser": optimiser}


def by_number(loss, Y, v):
    """A loss for `fit` whose targets are numbers of rows of Y, of which row n counts v[n] times."""

    def weighted(outputs, rows):
        share = v[rows] / v[rows].sum()
        _, slope = loss(outputs, Y[rows])
        return float(share @ each(loss, outputs, Y[rows])), slope * (len(rows) * share)[:, None]

    return weighted


def each(loss, outputs, Y):
    """What the loss is for each sample, (N,), of which `loss` is the mean."""
    if loss is mse:
        return ((outputs - Y) ** 2).mean(axis=1)
    if loss is logistic_loss:
        return np.logaddexp(0, (1 - 2 * Y) * outputs[:, 0])
    top = outputs.max(axis=1, keepdims=True)
    return (top + np.log(np.exp(outputs - top).sum(axis=1, keepdims=True)))[:, 0] - outputs[np.arange(len(Y)), Y]


class WeightedSquares:
    """An optimiser for `fit` that has its own residuals: row n's times sqrt(v_n), so that its square counts v_n times.

    Levenberg-Marquardt asks for residuals r and their slopes J, which a loss does not tell; `inner` gets both.
    """

    needs = "evaluate"

    def __init__(self, inner, X, Y, v):
        self.inner, self.data = inner, (X, Y)
        self.root = np.repeat(np.sqrt(v / v.mean()), Y.shape[1])

    def check_use(self, model, N):
        """`fit` is about to train this model: its parameters are those that `step` gets."""
        self.squares = Objective(flat.shadow(model, lasting=self.data[0]), *self.data)

    @property
    def stopped(self):
        """As the optimiser inside says it."""
        return self.inner.stopped

    def step(self, theta, evaluate):
        """One step of the optimiser inside; the weighted loss before it."""
        return self.inner.step(theta, lambda: self.root * self.squares.residuals(), self.jacobian)

    def jacobian(self):
        """Slopes of the weighted residuals, whole or in blocks of rows."""
        J = self.squares.jacobian()
        return J * self.root[:, None] if isinstance(J, np.ndarray) else self._blocks(J)

    def _blocks(self, J):
        start = 0
        for block in J:
            yield block * self.root[start : start + len(block), None]
            start += len(block)
