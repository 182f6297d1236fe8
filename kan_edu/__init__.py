"""kan_edu teaches Kolmogorov-Arnold networks: readable NumPy, pictures that move, checked exercises.

The mathematics is imported at once and needs NumPy alone. `kan_edu.plot`, `kan_edu.live` and `kan_edu.apps` bring
matplotlib and ipywidgets with them and are imported when they are first used.
"""

from importlib import import_module

from . import bspline, grids, losses, splinefit
from .kan import KAN, KANLayer
from .losses import cross_entropy, mse
from .mlp import MLP
from .optimisers import SGD, Adam
from .perceptron import Perceptron
from .training import Diverged, History, fit

__version__ = "0.1.0"
__all__ = [
    "KAN", "KANLayer", "MLP", "Perceptron", "SGD", "Adam", "Diverged", "History", "fit", "mse", "cross_entropy",
    "bspline", "datasets", "grids", "losses", "splinefit", "plot", "live", "apps",
]  # fmt: skip


def __getattr__(name):
    if name in ("datasets", "plot", "live", "apps"):
        return import_module(f"kan_edu.{name}")
    raise AttributeError(f"module 'kan_edu' has no attribute {name!r}")


def __dir__():
    return sorted(__all__)
