"""Models that leave, as ONNX or for another package, and come from one; nothing is called whose extra is missing."""

from importlib.util import find_spec

import numpy as np

from kan_edu import KAN
from kan_edu.bridges import from_efficient_kan, to_efficient_kan, to_onnx, to_pykan

from ..arguments import Spoilt
from ..values import anything_else, flag
from .networks import TO, theta_of


def kan():
    """A small KAN, as `networks` has them."""
    return KAN([2, 3, 1], seed=1)


def said(model, path):
    """What onnxruntime computes at three samples, from the file that was written."""
    import onnxruntime

    to_onnx(model, path)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    return session.run(["Y"], {"X": np.linspace(-1, 2, 6).reshape(3, 2).astype(model.dtype)})[0]


def state():
    """What a layer of efficient-kan holds, of two inputs and one output."""
    rng = np.random.default_rng(0)
    parts = {"base_weight": rng.normal(size=(1, 2)), "spline_weight": rng.normal(size=(1, 2, 5)),
             "spline_scaler": np.ones((1, 2)), "grid": np.tile(np.linspace(-2, 2, 9), (2, 1))}  # fmt: skip
    return {f"layers.0.{name}": part for name, part in parts.items()}


def spoilt(name, change):
    """A state of which one part is changed."""
    return lambda held: held | {f"layers.0.{name}": change(held[f"layers.0.{name}"])}


STATE = anything_else(state, ("a number", 3), ("empty", {}), ("a list", [np.ones(3)]),
    Spoilt("a part missing", lambda held: dict(list(held.items())[1:])),
    Spoilt("a part more", lambda held: held | {"head.weight": np.ones((1, 1))}),
    Spoilt("NaN", spoilt("grid", lambda part: part * np.nan)),
    Spoilt("inf", spoilt("spline_weight", lambda part: part * np.inf)),
    Spoilt("whole numbers", spoilt("grid", lambda part: part.astype(int))),
    Spoilt("two types", spoilt("grid", lambda part: part.astype(np.float32))),
    Spoilt("knots too few", spoilt("grid", lambda part: part[:, :5])),
    Spoilt("a flat grid", spoilt("grid", np.zeros_like)),
    Spoilt("a grid in a row", spoilt("grid", np.ravel)), Spoilt("an input less", spoilt("grid", lambda part: part[1:])),
    Spoilt("dates", spoilt("grid", lambda part: part.astype("datetime64[D]")))).but("a word", "bytes")  # fmt: skip
X = np.linspace(-1, 1, 6).reshape(3, 2)  # on the grid: there `fade` makes no difference

FUNCTIONS = {"from_efficient_kan": (lambda source, fade: from_efficient_kan(source, fade=fade)(X),
                                    {"source": STATE, "fade": flag(True)})}  # fmt: skip
if find_spec("onnxruntime"):
    FUNCTIONS["to_onnx"] = (said, {"model": theta_of(kan), "path": TO})
if find_spec("torch"):
    FUNCTIONS["to_pykan"] = (lambda model, path: to_pykan(model, path, X=X), {"model": theta_of(kan), "path": TO})
    FUNCTIONS["to_efficient_kan"] = (lambda model, path: to_efficient_kan(model, path, X=X) and None,
                                     {"model": theta_of(kan), "path": TO.optional()})  # fmt: skip
