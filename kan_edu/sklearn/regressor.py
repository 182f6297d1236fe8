"""Numbers from a table: a KAN that goes from coarse grids to fine ones, behind scikit-learn's door."""

import numpy as np
from sklearn.base import RegressorMixin
from sklearn.utils.validation import validate_data

from kan_edu.learning.downhill.lbfgs import LBFGS
from kan_edu.learning.downhill.levenberg_marquardt import LevenbergMarquardt
from kan_edu.learning.refinement import MOST_PARAMETERS, check_grids, fit_with_refinement
from kan_edu.networks.kan import KAN

from .estimator import KANEstimator

FIRST = 3  # intervals of the first grid, where none are given


class KANRegressor(RegressorMixin, KANEstimator):
    """A KAN that predicts one number, or several, from a table; scikit-learn's pipelines and searches take it.

    hidden          nodes in each hidden layer, a number or several, (5,); () is a sum of one function per column
    k               degree of the splines
    grids           numbers of intervals, increasing; None: as many of 3, 5, 10, ... as the samples can settle
    starts, steps   as for `kan_edu.fit_with_refinement`, which trains
    early_stopping  True: hold out `validation_fraction` of the samples; they tell on which grid to stop
    random_state    a whole number, a numpy RandomState or None, as everywhere in scikit-learn

    X is scaled to [-1, 1] and y to mean 0 and spread 1 inside. After `fit`: `model_` (a KAN of scaled numbers),
    `history_` (what `fit_with_refinement` returned), `center_` and `half_` (n,), `mean_` and `spread_` of y,
    `n_features_in_`, and `feature_names_in_` for a table with names. Raises ValueError for settings and data that make
    no sense. Source: arXiv 2404.19756, section 2.4; scikit-learn, "Developing scikit-learn estimators".
    """

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.target_tags.multi_output = True
        return tags

    def fit(self, X, y):
        """X (N, n), y (N,) or (N, outputs) -> self. Raises ValueError as scikit-learn does, and for wrong settings."""
        X, y = validate_data(self, X, y, dtype=np.float64, multi_output=True, y_numeric=True, ensure_min_samples=2)
        Y = np.asarray(y, dtype=np.float64)
        self._column, Y = Y.ndim == 1, Y.reshape(len(Y), -1)
        rows, held = self._begin(X)
        self.mean_, spread = Y[rows].mean(axis=0), Y[rows].std(axis=0)
        self.spread_ = np.where(spread > 0, spread, 1.0)
        X, Y = self._scaled(X), (Y - self.mean_) / self.spread_
        model = KAN(self._widths(Y.shape[1]), G=self.grids[0] if isinstance(self.grids, list | tuple) and self.grids
                    else FIRST, k=self.k, seed=self._seed)  # fmt: skip
        self.history_ = fit_with_refinement(
            model, X[rows], Y[rows], grids=self.grids, starts=self.starts, steps=self.steps,
            optimiser=_optimiser(model, self.grids, Y[rows].size), val=(X[held], Y[held]) if len(held) else None,
            progress=False, seed=self._seed)  # fmt: skip
        self.model_ = model
        return self

    def predict(self, X):
        """X (N, n) -> (N,), or (N, outputs) as y had them. NotFittedError before `fit`, ValueError for a wrong X."""
        Y = self._outputs(X) * self.spread_ + self.mean_
        return Y[:, 0] if self._column else Y

    _values = predict

    def _names(self):
        return None


def _optimiser(model, grids, equations):
    """Levenberg-Marquardt where its matrix is small, else L-BFGS."""
    last = check_grids(model, grids, equations)[-1]
    edges = sum(layer.c[..., 0].size for layer in model.layers)
    size = model.n_params + edges * (last - model.layers[0].basis.G)
    return LevenbergMarquardt if size <= MOST_PARAMETERS else LBFGS
