"""How much of what comes out of a KAN passes each of its edges."""

import numpy as np

from kan_edu.networks.grids import layer_inputs


def edge_shares(model, X):
    """The share of the output's variation that passes each edge: one array (n_out, n_in) a layer; each sums to 1.

    Begin on top, where the outputs have equal shares A_j. A node adds up its edges, so that its share is divided among
    them in proportion to the variance of what they bring, over the samples X (N, n_in):

        share_{j,i} = A_j var(phi_{j,i}) / sum_i' var(phi_{j,i'}),    A_i (one layer below) = sum_j share_{j,i}.

    Edges that vary together, or against each other, are counted as if they did not: a measure, not a truth. A node
    whose edges are all constant passes nothing on. Raises ValueError for a wrong shape, NaN or inf, no samples.
    Source: after the attribution scores of arXiv 2408.10205, with variances in place of standard deviations.
    """
    variances = [layer.edges(x).var(axis=0) for layer, x in zip(model.layers, layer_inputs(model, X), strict=True)]
    shares, A = [], np.full(model.widths[-1], 1 / model.widths[-1])
    for variance in reversed(variances):
        whole = variance.sum(axis=1, keepdims=True)
        shares.insert(0, A[:, None] * variance / np.where(whole > 0, whole, 1))
        A = shares[0].sum(axis=0)
    return shares
