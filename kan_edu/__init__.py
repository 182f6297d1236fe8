"""kan_edu teaches Kolmogorov-Arnold networks: readable NumPy, pictures that move, checked exercises.

Every name is imported when it is first used. So `import kan_edu` costs nothing, matplotlib and ipywidgets come
only with `kan_edu.plot`, `kan_edu.live` and `kan_edu.apps`, and `kan-edu doctor` speaks even if NumPy is broken.
"""

import sys
from importlib import import_module

__version__ = "0.1.0"
_MODULES = {
    "bspline": "splines.bspline", "splinefit": "splines.fit", "grids": "networks.grids", "losses": "learning.losses",
    "fair": "learning.fair", "phases": "learning.experiments.phases", "races": "learning.experiments.races",
    "tones": "learning.experiments.tones",
    "bumps": "theorems.bumps", "decompositions": "theorems.decompositions",
    "koppen": "theorems.koppen", "superposition": "theorems.superposition", "curvature": "equations.curvature",
    "poisson": "equations.poisson", "pendulum": "equations.pendulum", "datasets": "data.datasets",
    "pictures": "data.pictures", "plot": "seeing.plot", "plot_network": "seeing.plot_network",
    "plot_regions": "seeing.plot_regions", "live": "seeing.live", "apps": "apps",
}  # fmt: skip
_HOME = {
    "BSpline": "splines.bases", "ACTIVATIONS": "networks.activations", "silu": "networks.activations",
    "silu_slope": "networks.activations", "Perceptron": "networks.perceptron", "heaviside": "networks.perceptron",
    "MLP": "networks.mlp", "SplineMLP": "networks.splinemlp", "KAN": "networks.kan",
    "KANLayer": "networks.kanlayer", "mse": "learning.losses",
    "cross_entropy": "learning.losses", "logistic_loss": "learning.losses", "classify": "learning.losses",
    "accuracy": "learning.losses", "confusion": "learning.losses", "SGD": "learning.downhill.gradient",
    "Adam": "learning.downhill.gradient", "LBFGS": "learning.downhill.lbfgs",
    "LevenbergMarquardt": "learning.downhill.levenberg_marquardt",
    "GaussNewton": "learning.downhill.gauss_newton", "NewtonKaczmarz": "learning.downhill.kaczmarz",
    "fit": "learning.loop", "History": "learning.loop", "Diverged": "learning.loop",
    "fit_additive": "learning.additive",
    "fit_with_refinement": "learning.refinement", "Refinement": "learning.run", "Walls": "theorems.walls",
    "Superposition": "theorems.superposition",
    "read_law": "reading.law", "formula": "reading.formula",
    "Sparsity": "reading.regularise", "strength": "reading.strength", "prune": "reading.prune",
    "candidates": "reading.symbolic", "refit": "reading.symbolic",
}  # fmt: skip
__all__ = [*_HOME, *sorted(_MODULES)]


def __getattr__(name):
    if name in _MODULES:
        return import_module(f"kan_edu.{_MODULES[name]}")
    if name in _HOME:
        return getattr(import_module(f"kan_edu.{_HOME[name]}"), name)
    raise AttributeError(f"module 'kan_edu' has no attribute {name!r}")


def __dir__():
    return sorted(__all__)


if sys.platform == "emscripten" and "IPython" in sys.modules:  # a page in the browser: `!kan-edu` has no shell there
    import_module("kan_edu.command.browser").answer_shell(sys.modules["IPython"].get_ipython())
