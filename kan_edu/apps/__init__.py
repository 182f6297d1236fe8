"""Live pictures to be moved by hand: one app a folder, imported when it is first asked for.

In each folder `app.py` holds the app, its sliders and what they do, and `picture.py` draws; `common/` is what several
apps share. May import `seeing` and all below it.
"""

import importlib

APPS = {
    "NeuronApp": "neuron",
    "PerceptronApp": "perceptron",
    "XorApp": "xor",
    "ApproximationApp": "approximation",
    "FamiliesApp": "families",
    "SuperpositionApp": "superposition",
    "PsiApp": "psi",
    "SplineApp": "splines",
    "PolynomialApp": "polynomials",
    "PyramidApp": "pyramid",
    "TrainerApp": "trainer",
    "DownhillApp": "downhill",
    "GridExtensionApp": "grid_extension",
    "RaceApp": "race",
    "ReaderApp": "reader",
    "EquationApp": "equations",
}
__all__ = list(APPS)


def __getattr__(name):
    if name in APPS:
        return getattr(importlib.import_module(f".{APPS[name]}.app", __name__), name)
    raise AttributeError(f"kan_edu.apps has no {name!r}; it has {', '.join(APPS)}")
