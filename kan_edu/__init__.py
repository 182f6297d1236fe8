"""kan_edu teaches Kolmogorov-Arnold networks: readable NumPy, pictures that move, checked exercises.

Every name is imported when it is first used. So `import kan_edu` costs nothing, matplotlib and ipywidgets come
only with `kan_edu.plot`, `kan_edu.live` and `kan_edu.apps`, and `kan-edu doctor` speaks even if NumPy is broken.
"""

from importlib import import_module

__version__ = "0.1.0"
_MODULES = {"bspline", "curvature", "datasets", "grids", "losses", "poisson", "splinefit", "plot", "live", "apps"}
_HOME = {
    "KAN": "kan", "KANLayer": "kan", "MLP": "mlp", "Perceptron": "perceptron", "SGD": "optimisers",
    "Adam": "optimisers", "LBFGS": "optimisers", "LevenbergMarquardt": "optimisers",
    "fit_with_refinement": "refinement", "Refinement": "refinement", "Diverged": "training", "History": "training",
    "fit": "training", "mse": "losses", "read_law": "reading.law", "cross_entropy": "losses",
    "strength": "reading.strength", "prune": "reading.prune", "candidates": "reading.symbolic",
    "refit": "reading.symbolic", "formula": "reading.formula",
}  # fmt: skip
__all__ = [*_HOME, *sorted(_MODULES)]


def __getattr__(name):
    if name in _MODULES:
        return import_module(f"kan_edu.{name}")
    if name in _HOME:
        return getattr(import_module(f"kan_edu.{_HOME[name]}"), name)
    raise AttributeError(f"module 'kan_edu' has no attribute {name!r}")


def __dir__():
    return sorted(__all__)
