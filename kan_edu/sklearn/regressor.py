"""Numbers from a table: a KAN that goes from coarse grids to fine ones, behind scikit-learn's door."""

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.utils.validation import validate_data

from kan_edu.learning.downhill.lbfgs import LBFGS
from kan_edu.learning.downhill.levenberg_marquardt import LevenbergMarquardt
from kan_edu.learning.losses import mse
from kan_edu.learning.refinement import MOST_PARAMETERS, check_grids, fit_with_refinement
from kan_edu.learning.strays import told, warn_of_strays
from kan_edu.networks.kan import KAN

from .columns import check_columns, check_targets
from .estimator import FIRST, KANEstimator
from .training import train
from .weights import joined, mean_and_spread, task


class KANRegressor(RegressorMixin, KANEstimator):
    """A KAN that predicts one number, or several, from a table; scikit-learn's pipelines and searches take it.

    hidden          nodes in each hidden layer, a number or several, (5,); () is a sum of one function per column, which
                    is the cautious choice: hidden nodes need many rows, or early_stopping, not to learn the noise
    k               degree of the splines
    grids           numbers of intervals, increasing; None: as many of 3, 5, 10, ... as the samples can settle
    starts, steps   as for `kan_edu.fit_with_refinement`, which trains
    early_stopping  True: hold out `validation_fraction` of the samples; they tell at which step and on which grid to
                    stop, and which start is best
    random_state    a whole number, a numpy RandomState or None, as everywhere in scikit-learn

    X is scaled to [-1, 1] and y to mean 0 and spread 1 inside. After `fit`: `model_` (a KAN of scaled numbers),
    `center_` and `half_` (n,), inf for a constant column, which counts for nothing, `mean_` and `spread_` of y,
    (outputs,), `n_features_in_`, and `feature_names_in_` for a table with names. Raises ValueError for settings and
    data that make no sense.
    Source: arXiv 2404.19756, section 2.4; scikit-learn, "Developing scikit-learn estimators".
    """

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    def fit(self, X, y, sample_weight=None):
        """X (N, n), y (N,) or (N, outputs) -> self. Raises ValueError as scikit-learn does, and for wrong settings.

        sample_weight   (N,) >= 0, how much each row counts; only their ratios matter, but for 0: such a row is left out

        Warns (StrayCells) of cells far from all others of their column, such as -9999 for a value that is missing.
        """
        check_columns(X)
        check_targets(y)
        self._targets = _names_of(y)
        X, y = validate_data(self, X, y, dtype=np.float64, multi_output=True, y_numeric=True, ensure_min_samples=2)
        Y = np.asarray(y, dtype=np.float64)
        self._column, Y = Y.ndim == 1, Y.reshape(len(Y), -1)
        X, Y, weights = joined(X, Y, sample_weight)
        rows, held = self._begin(X)
        self.mean_, spread = mean_and_spread(Y[rows], None if weights is None else weights[rows])
        self.spread_ = np.where(spread > 0, spread, 1.0)
        warn_of_strays(X, Y, getattr(self, "feature_names_in_", None), self._targets)
        with told():
            self._train(self._scaled(X), (Y - self.mean_) / self.spread_, rows, held, weights)
        return self

    def _train(self, X, Y, rows, held, weights):
        widths = self._widths(Y.shape[1])
        grids = check_grids(KAN(widths, G=FIRST, k=self.k), self.grids, Y[rows].size)
        optimiser = LevenbergMarquardt if KAN(widths, G=grids[-1], k=self.k).n_params <= MOST_PARAMETERS else LBFGS
        settings = {"grids": grids, "starts": self.starts, "steps": self.steps, "seed": self._seed}
        if len(held) or weights is not None:
            told = task(X, Y, rows, held, weights, loss=mse, optimiser=optimiser)
            self.model_ = train(lambda seed: KAN(widths, G=grids[0], k=self.k, seed=seed), **told, **settings)
        else:
            self.model_ = KAN(widths, G=grids[0], k=self.k, seed=self._seed)
            fit_with_refinement(self.model_, X, Y, progress=False, optimiser=optimiser, **settings)

    def predict(self, X):
        """X (N, n) -> (N,), or (N, outputs) as y had them. NotFittedError before `fit`, ValueError for a wrong X."""
        Y = self._outputs(X) * self.spread_ + self.mean_
        return Y[:, 0] if self._column else Y

    _values = predict

    def _names(self):
        return self._targets


def _names_of(y):
    """The names of a pandas Series or of a table's columns, if they are words; else None."""
    names = [y.name] if hasattr(y, "name") else list(getattr(y, "columns", ()))
    return names if names and all(isinstance(name, str) for name in names) else None
