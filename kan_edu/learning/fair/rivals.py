"""Rivals of a model's own size: MLPs with as many numbers to train, within 10 %."""

from itertools import pairwise

from kan_edu.checks.arguments import check_has, check_integer, check_list, check_widths
from kan_edu.networks.mlp import MLP
from kan_edu.networks.splinemlp import SplineMLP

HIDDEN = (1, 2, 3)  # numbers of hidden layers that are tried
ACTIVATIONS = ("tanh", "silu")
WITHIN = 0.1  # so much may the numbers of parameters differ


def n_params(widths):
    """Weights and biases of an MLP with these widths.

    >>> n_params([2, 20, 1])
    81
    """
    return _n_params(check_widths(widths))


def _n_params(widths):
    return sum((n + 1) * m for n, m in pairwise(widths))


def mlp_widths(n_in, n_out, P, hidden=1):
    """Widths of the MLP with `hidden` hidden layers whose number of parameters is nearest to P.

    The hidden layers are equally wide, or the first of them by one node wider.

    >>> mlp_widths(2, 1, 81), mlp_widths(2, 1, 75, hidden=2)
    ([2, 20, 1], [2, 7, 6, 1])
    """
    hidden, P = check_integer(hidden, "hidden", 1, 1000), check_integer(P, "P", 1)
    n_in, n_out = check_integer(n_in, "n_in", 1), check_integer(n_out, "n_out", 1)

    def widths(nodes):  # dealt out to the hidden layers one by one
        return [n_in, *(nodes // hidden + (layer < nodes % hidden) for layer in range(hidden)), n_out]

    few, nodes = hidden, hidden + P  # the least number of nodes with P parameters lies between: halve, again and again
    while few < nodes:
        middle = (few + nodes) // 2
        few, nodes = (few, middle) if _n_params(widths(middle)) >= P else (middle + 1, nodes)
    return min(widths(max(nodes - 1, hidden)), widths(nodes), key=lambda widths: abs(_n_params(widths) - P))


def near(widths, P):
    """Whether the MLP with these widths has P parameters within 10 %.

    >>> near([2, 20, 1], 75), near([2, 20, 1], 70)
    (True, False)
    """
    return abs(n_params(widths) - check_integer(P, "P", 1)) <= P // round(1 / WITHIN)


def mlps_like(model, *, hidden=HIDDEN, activations=ACTIVATIONS, seed=0):
    """MLPs with the model's inputs and outputs, and within 10 % as many parameters: a list, one for each pair tried.

    A number of hidden layers with which no MLP comes within 10 % is left out. ValueError if none is left.
    """
    check_has(model, None, "mlps_like")
    hidden, activations = check_list(hidden, "hidden", HIDDEN), check_list(activations, "activations", ACTIVATIONS)
    P, ends = model.n_params, (model.widths[0], model.widths[-1])
    shapes = [widths for depth in hidden if near(widths := mlp_widths(*ends, P, depth), P)]
    if not shapes:
        raise ValueError(f"no MLP with {ends[0]} inputs and {ends[1]} outputs has {P} parameters within 10 %; "
                         "give the model more parameters, or `hidden` other numbers of layers")  # fmt: skip
    return [MLP(widths, activation=name, seed=seed) for widths in shapes for name in activations]


def splinemlps_like(model, *, hidden=HIDDEN, G=5, seed=0):
    """As `mlps_like`, but MLPs that learn their activation, a cubic spline on G intervals for each hidden layer.

    >>> from kan_edu import KAN
    >>> [mlp.widths for mlp in splinemlps_like(KAN([2, 1, 1], G=20, k=5))]
    [[2, 18, 1], [2, 6, 6, 1], [2, 4, 4, 4, 1]]
    """
    check_has(model, None, "splinemlps_like")
    hidden, G = check_list(hidden, "hidden", HIDDEN), check_integer(G, "G", 1)
    P, ends, found = model.n_params, (model.widths[0], model.widths[-1]), []
    for depth in hidden:
        rest = P - check_integer(depth, "hidden", 1, 1000) * (G + 3)   # for weights and biases
        found.append(SplineMLP(mlp_widths(*ends, rest, depth), G=G, seed=seed) if rest > 0 else None)
    found = [mlp for mlp in found if mlp is not None and abs(mlp.n_params - P) <= P // round(1 / WITHIN)]
    if not found:
        raise ValueError(f"no MLP with learnt splines on {G} intervals has {P} parameters within 10 %; give the model "
                         "more parameters, or `hidden` or G smaller numbers")  # fmt: skip
    return found
