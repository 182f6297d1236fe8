"""Ways out and in: models that leave for a product or a GPU, and come back.

`to_onnx(model, path)` writes ONNX (extra `bridges`): `onnxfile.py` is that function, `operators.py` the graph that it
writes, piece by piece, in plain operators. Other packages of KANs: `from_pykan` and `to_pykan` (`pykan.py`),
`from_efficient_kan` and `to_efficient_kan` (`efficientkan.py`; both take the extra `bridges-torch`), `from_jaxkan` and
`to_jaxkan` (`jaxkan.py`, extra `bridges-jax`). What splines there do beyond their grids, and how they become ours:
`fading.py`. `torchfile.py` and `yamlfile.py` read files in which nothing can run. No package is loaded before a bridge
needs it. May import `networks` and what lies below it.
"""

from .efficientkan import from_efficient_kan, to_efficient_kan
from .fading import BeyondGrid
from .jaxkan import from_jaxkan, to_jaxkan
from .onnxfile import to_onnx
from .pykan import from_pykan, to_pykan

__all__ = ["to_onnx", "from_pykan", "to_pykan", "from_efficient_kan", "to_efficient_kan", "from_jaxkan", "to_jaxkan",
           "BeyondGrid"]  # fmt: skip
