"""How much of what comes out of a KAN passes each of its edges, and each of its nodes."""

from typing import NamedTuple

import numpy as np

from kan_edu.checks.arrays import check_matrix
from kan_edu.networks import flat

from .models import check_kan, check_squares


class Strength(NamedTuple):
    """Shares of the output's variation: `edges` one array (n_sums, n_in) a layer, `nodes` one (n,) for each width."""

    edges: list
    nodes: list

    def __str__(self):
        return "\n".join(f"edge {n, j, i}: {share:6.1%}" for n, shares in enumerate(self.edges)
                         for (j, i), share in np.ndenumerate(shares))  # fmt: skip


def strength(model, X):
    """The share of the output's variation that passes each edge and each node, over the samples X (N, n_in).

    Begin on top, where the outputs have equal shares A_j. A node adds up its edges, so that its share is divided among
    them in proportion to the variance of what they bring:

        share_{j,i} = A_j var(phi_{j,i}) / sum_i' var(phi_{j,i'}),    A_i (one layer below) = sum_j share_{j,i}.

    A node that multiplies two sums, u v, first divides its share between them: u varies it by var(u) mean(v^2), v by
    var(v) mean(u^2). Edges that vary together, or against each other, are counted as if they did not: a measure, not a
    truth. A node whose edges are all constant passes nothing on. Each layer's edges add up to 1 unless that happens.
    Raises ValueError for a wrong shape, NaN or inf, no samples.
    Source: after the attribution scores of arXiv 2408.10205, with variances in place of standard deviations.

    >>> from kan_edu import KAN
    >>> X = np.random.default_rng(0).uniform(-1, 1, (100, 2))
    >>> model = KAN([2, 1], seed=0)
    >>> model.remove_edge((0, 0, 1))
    >>> strength(model, X).edges[0].tolist()
    [[1.0, 0.0]]
    """
    check_kan(model, "strength")
    X = check_squares(check_matrix(X, "X", model.widths[0], f"({model!r})"), "X")
    brought = []  # by each edge, (N, n_sums, n_in), layer by layer
    for layer in flat.shadow(model).layers:  # a look: `backward` still finds the last forward
        brought.append(layer.edges(X))
        X = layer.forward(X)
    edges, nodes = [], [np.full(model.widths[-1], 1 / model.widths[-1])]
    for layer, phi in zip(reversed(model.layers), reversed(brought), strict=True):
        variance = phi.var(axis=0)
        edges.insert(0, _of_sums(layer, phi, nodes[0])[:, None] * _parts(variance))
        nodes.insert(0, edges[0].sum(axis=0))
    return Strength(edges, nodes)


def _parts(variance):
    """Each row divided by its sum; rows of zeros stay."""
    whole = variance.sum(axis=-1, keepdims=True)
    return variance / np.where(whole > 0, whole, 1)


def _of_sums(layer, phi, A):
    """The shares A (n_out,) of a layer's nodes, as shares of its sums (n_sums,)."""
    if not layer.products:
        return A
    sums, s = phi.sum(axis=2) + (layer.snapped.bias if layer.snapped else 0), layer.products.s
    u, v = sums[:, s::2], sums[:, s + 1 :: 2]  # (N, p)
    by = np.stack([u.var(axis=0) * (v * v).mean(axis=0), v.var(axis=0) * (u * u).mean(axis=0)], axis=1)
    return np.concatenate([A[:s], (A[s:, None] * _parts(by)).ravel()])


def edge_shares(model, X):
    """The shares of the edges alone: `strength(model, X).edges`."""
    return strength(model, X).edges
