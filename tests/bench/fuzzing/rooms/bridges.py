"""A model that leaves: written as ONNX, and computed by onnxruntime; nothing is called where the extra is missing."""

from importlib.util import find_spec

import numpy as np

from kan_edu import KAN
from kan_edu.bridges import to_onnx

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


FUNCTIONS = {"to_onnx": (said, {"model": theta_of(kan), "path": TO})} if find_spec("onnxruntime") else {}
