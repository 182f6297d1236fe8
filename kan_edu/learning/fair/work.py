"""The work of a step, counted in multiply-adds: one product of two numbers, added to a sum.

Not counted are tanh and silu, which a node evaluates once for all its edges, and the few operations per number of Adam
and L-BFGS, the same for every network.
"""

from kan_edu.checks.arguments import check_has, check_integer, check_list, shown
from kan_edu.networks.kan import KAN
from kan_edu.splines.bases import BSpline


def edge_products(layer):
    """Products on all edges of a layer for one sample: 1 an edge in an MLP, k+1 and the base in a KAN of splines."""
    _check_layer(layer)
    if not hasattr(layer, "basis"):
        return layer.W.size
    return layer.n_sums * layer.n_in * (_degree(layer) + 1 + layer.base)


def basis_products(layer):
    """Products for the values and slopes of the k+1 B-splines at one sample's inputs, however many edges use them.

    On equal intervals each of these 2 (k+1) numbers is a polynomial with k+1 coefficients (`bases.py`).
    """
    _check_layer(layer)
    return 2 * (_degree(layer) + 1) ** 2 * layer.n_in if hasattr(layer, "basis") else 0


def _check_layer(layer):
    if not (hasattr(layer, "basis") or hasattr(layer, "W")) or isinstance(layer, type):
        raise ValueError(f"the layer is {shown(layer)}; expected one of a model's, such as model.layers[0]")


def _degree(layer):
    if not isinstance(layer.basis, BSpline):
        raise ValueError(f"the count is for B-splines; this layer has {type(layer.basis).__name__}: use an MLP, or a "
                         "KAN with basis='bspline'")  # fmt: skip
    return layer.basis.order


def forward_work(model, N):
    """Multiply-adds of model.forward for N samples.

    >>> from kan_edu import MLP
    >>> forward_work(MLP([2, 20, 1]), N=100)   # 2 * 20 + 20 * 1 for each sample
    6000
    """
    check_has(model, None, "counting")
    N = check_integer(N, "N", 1)
    return N * sum(edge_products(layer) + basis_products(layer) for layer in model.layers) + _scaling(model)


def backward_work(model, N):
    """Multiply-adds of model.backward: each edge again for its parameters, and once more for its input.

    The first layer needs no slope with respect to its input.
    """
    check_has(model, None, "counting")
    edges = [edge_products(layer) for layer in model.layers]
    N = check_integer(N, "N", 1)
    return N * (2 * sum(edges) - edges[0]) + 2 * _scaling(model)


def _scaling(model):
    """w_s times c, once for all samples: as many products as there are coefficients; none in an MLP."""
    return sum(layer.c.size for layer in model.layers if hasattr(layer, "w_s"))


def jacobian_work(model, N):
    """Multiply-adds of model.jacobian: forward, and every entry of J (N n_out, P) is one product."""
    return forward_work(model, N) + int(N) * model.widths[-1] * model.n_params


def normal_work(R, P):
    """Levenberg-Marquardt before it tries a step: J'J and J'r from J (R, P)."""
    R, P = check_integer(R, "R", 1), check_integer(P, "P", 1)
    return R * P * (P + 1)


def solve_work(P):
    """One solution of P linear equations: P^3 / 3, to the leading power."""
    return check_integer(P, "P", 1) ** 3 // 3


def marquardt_work(model, N):
    """One step of Levenberg-Marquardt that succeeds at the first try: J'J, one solution, three times residuals."""
    check_has(model, None, "counting")
    R, P = check_integer(N, "N", 1) * model.widths[-1], model.n_params
    return jacobian_work(model, N) + normal_work(R, P) + solve_work(P) + 3 * forward_work(model, N)


def refinement_work(model, ladder, N, *, steps=10):
    """One start of `fit_with_refinement(model, ..., grids=ladder, steps=steps)` on N samples, at most.

    5 times `steps` steps on the first grid, with so many samples as settle it, then `steps` on each grid of the ladder.
    """
    check_has(model, "c", "refinement_work")
    ladder, N, steps = check_list(ladder, "ladder", (5, 10)), check_integer(N, "N", 1), check_integer(steps, "steps", 1)
    k = _degree(model.layers[0])
    kans = [KAN(model.widths, G=check_integer(G, "a number of intervals", 1), k=k) for G in ladder]
    part = min(N, max(200, 10 * kans[0].n_params))
    return steps * (5 * marquardt_work(kans[0], part) + sum(marquardt_work(kan, N) for kan in kans))
