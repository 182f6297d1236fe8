"""What makes a comparison of two networks fair (lesson 08): as many numbers to train, and the work of a step counted.

`rivals.py` finds the MLPs of a model's size, `work.py` counts what one step costs in multiply-adds, `meter.py` is an
optimiser that adds them up as it trains. `from kan_edu import fair` has the names of all three.
May import what `learning` may.
"""

from .meter import Meter
from .rivals import ACTIVATIONS, HIDDEN, WITHIN, mlp_widths, mlps_like, n_params, near, splinemlps_like
from .work import (
    backward_work,
    basis_products,
    edge_products,
    forward_work,
    jacobian_work,
    marquardt_work,
    normal_work,
    refinement_work,
    solve_work,
)

__all__ = [
    "HIDDEN", "ACTIVATIONS", "WITHIN", "n_params", "mlp_widths", "near", "mlps_like", "splinemlps_like",
    "edge_products", "basis_products", "forward_work", "backward_work", "jacobian_work", "normal_work", "solve_work",
    "marquardt_work", "refinement_work", "Meter",
]  # fmt: skip
