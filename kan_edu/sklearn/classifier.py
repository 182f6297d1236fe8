"""Classes from a table, be they words or numbers: a KAN whose outputs are log-odds, behind scikit-learn's door."""

import numpy as np
from sklearn.base import ClassifierMixin
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import validate_data

from kan_edu.learning.downhill.lbfgs import LBFGS
from kan_edu.learning.losses import cross_entropy, logistic_loss
from kan_edu.learning.refinement import check_grids
from kan_edu.learning.strays import warn_of_strays
from kan_edu.networks.kan import KAN

from .columns import check_classes, check_columns
from .estimator import FIRST, KANEstimator
from .training import train
from .weights import joined, task


class KANClassifier(ClassifierMixin, KANEstimator):
    """A KAN that predicts a class, and how probable each is, from a table; classes may be words.

    The settings are those of `KANRegressor`, but for
    grids           None: 3 intervals; (3, 6): trained on 3, then divided and trained again
    steps           of L-BFGS, at most, on each grid
    early_stopping  True: hold out `validation_fraction` of the samples; training stops when they get no better

    Two classes take one output, the log-odds of the second; more take one each. After `fit`: `classes_` (K,), sorted,
    `model_`, `center_`, `half_`, `n_features_in_`, `feature_names_in_`. Raises ValueError for fewer than two classes,
    and as `KANRegressor`. Source: arXiv 2404.19756, section 2.2; C. Bishop, Pattern Recognition and Machine Learning
    (2006), section 4.3, for the two losses.
    """

    def fit(self, X, y, sample_weight=None):
        """X (N, n), y (N,) of classes -> self. Raises ValueError as scikit-learn does, and for wrong settings.

        sample_weight   (N,) >= 0, how much each row counts; only their ratios matter, but for 0: such a row is left out

        Warns (StrayCells) of cells far from all others of their column, such as -9999 for a value that is missing.
        """
        check_columns(X)
        check_classes(y)
        X, y = validate_data(self, X, y, dtype=np.float64)
        check_classification_targets(y)
        names, codes = np.unique(y, return_inverse=True)
        X, codes, weights = joined(X, codes[:, None], sample_weight)
        used, codes = np.unique(codes[:, 0], return_inverse=True)
        self.classes_ = names[used.astype(int)]
        if len(self.classes_) < 2:
            raise ValueError(f"y holds one class, {self.classes_[0]!r}; expected at least two: there is nothing to "
                             "tell apart")  # fmt: skip
        rows, held = self._begin(X)
        warn_of_strays(X, inputs=getattr(self, "feature_names_in_", None))
        self._train(self._scaled(X), codes, rows, held, weights)
        return self

    def _train(self, X, codes, rows, held, weights):
        outputs = len(self.classes_) if len(self.classes_) > 2 else 1
        loss, widths = (logistic_loss if outputs == 1 else cross_entropy), self._widths(outputs)
        grids = check_grids(KAN(widths, k=self.k), (FIRST,) if self.grids is None else self.grids, len(rows))
        self.model_ = train(
            lambda seed: KAN(widths, G=grids[0], k=self.k, seed=seed),
            **task(X, codes, rows, held, weights, loss=loss, optimiser=LBFGS),
            grids=grids,
            starts=self.starts,
            steps=self.steps,
            seed=self._seed,
        )

    def decision_function(self, X):
        """Log-odds of the second of two classes, (N,), or one score a class, (N, K); X (N, n) as for `predict`."""
        scores = self._outputs(X)
        return scores[:, 0] if len(self.classes_) == 2 else scores

    def predict_proba(self, X):
        """How probable each class is, (N, K), rows of sum one; X (N, n) as for `predict`."""
        powers = np.exp(self._below_best(X))
        return powers / powers.sum(axis=1, keepdims=True)

    def predict_log_proba(self, X):
        """Logarithms of `predict_proba`, (N, K), also of what is too improbable for a float; X (N, n) as for it."""
        below = self._below_best(X)
        return below - np.log(np.exp(below).sum(axis=1, keepdims=True))

    def _below_best(self, X):
        """One score a class, (N, K), less the best of its row: no exponential of it overflows."""
        scores = self._outputs(X)
        if len(self.classes_) == 2:
            scores = np.hstack([np.zeros_like(scores), scores])
        return scores - scores.max(axis=1, keepdims=True)

    def predict(self, X):
        """X (N, n) -> the most probable class of each sample, (N,). NotFittedError before `fit`, ValueError for X."""
        scores = self._outputs(X)
        best = (scores[:, 0] > 0).astype(int) if len(self.classes_) == 2 else scores.argmax(axis=1)
        return self.classes_[best]

    _values = decision_function

    def _names(self):
        names = [str(name) for name in self.classes_]
        return [f"log-odds of {names[1]}"] if len(names) == 2 else names
