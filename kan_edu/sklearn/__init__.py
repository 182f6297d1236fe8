"""A KAN for tables, as scikit-learn wants its models: `KANRegressor` and `KANClassifier` (extra `sklearn`).

`estimator.py` holds what the two share: their settings, scaling, the picture, the law; `training.py` tries starts and
grids, `columns.py` refuses what is no number, `weights.py` lets rows count more or less, `regressor.py` and
`classifier.py` are the models. Both are scikit-learn's classes (`check_estimator` passes), so they go into its
pipelines, grid searches and plots. scikit-learn is loaded when one of the names is first used. May import all floors
below.
"""

from importlib import import_module

_HOME = {"KANRegressor": "regressor", "KANClassifier": "classifier"}
__all__ = [*_HOME]


def __getattr__(name):
    if name not in _HOME:
        raise AttributeError(f"module 'kan_edu.sklearn' has no attribute {name!r}; it has {', '.join(__all__)}")
    try:
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] != "sklearn":
            raise
        raise ImportError(f'{name} needs scikit-learn 1.6 or newer. Type: pip install "kan-edu[sklearn]"') from None
