"""Ways out: a model that leaves for a product. `to_onnx(model, path)` writes it as ONNX (extra `bridges`).

`onnxfile.py` is that function, `operators.py` the graph that it writes, piece by piece, in plain operators of ONNX.
The package onnx is loaded when a file is written. May import `networks` and what lies below it.
"""

from .onnxfile import to_onnx

__all__ = ["to_onnx"]
