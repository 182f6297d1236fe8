"""A KAN drawn as a network: inputs below, outputs on top, on each edge a box with the function that it has learnt.

`network(model, X)` is the static picture, also called `kan_edu.plot.network`; its artists are in
`network_artists.py`.
"""

from typing import NamedTuple

import numpy as np
from matplotlib.lines import Line2D

from kan_edu.checks.arguments import check_flag
from kan_edu.checks.arrays import check_matrix
from kan_edu.networks.grids import layer_inputs
from kan_edu.reading.models import check_kan
from kan_edu.reading.strength import edge_shares

from . import plot
from .canvas import check_axes, check_drawable
from .network_artists import CURVE, FORMULA, LINK, PALE_LINK, NetworkArtists

POINTS = 41                     # of a curve: in a box of forty pixels more cannot be seen


class LayerCurves(NamedTuple):
    """What is drawn of a layer's edges: phi at x, and the share of the output's variation that passes each.

    n_sums is n_out, and more if nodes multiply. Edges that are not `kept` are left out. `formulas`: for (j, i) its
    texts, the longest first, of which the first that fits is written.
    """

    x: np.ndarray  # (POINTS, n_in) from the smallest to the largest value that arrived
    phi: np.ndarray  # (POINTS, n_sums, n_in)
    share: np.ndarray  # (n_sums, n_in)
    kept: np.ndarray  # (n_sums, n_in) bool
    formulas: dict


def edge_curves(model, X):
    """A list of one LayerCurves a layer, each edge over the values that reach it from the samples X (N, n_in).

    Raises ValueError for what is no KAN, and samples that do not fit it.
    """
    check_kan(model, "edge_curves")
    X, curves = check_drawable(check_matrix(X, "X", model.widths[0], f"({model!r})"), "X"), []
    for layer, H, share in zip(model.layers, layer_inputs(model, X), edge_shares(model, X), strict=True):
        x = np.linspace(H.min(axis=0), H.max(axis=0), POINTS)
        texts = {edge: [_plain(formula.text(numbers=numbers)) for numbers in (True, False)]
                 for edge, formula in layer.formulas.items()}
        curves.append(LayerCurves(x, layer.edges(x), share, layer.kept.copy(), texts))
    return curves


def network(model, X, *, inputs=None, outputs=None, legend=True, ax=None):
    """The KAN drawn from its inputs (below) to its outputs (on top), each edge's function in a box on the edge.

    X          samples (N, n_in): a function is drawn over the values that reach its edge, from left to right
    inputs     names, one an input; None: x₁, x₂, ...      outputs   the same on top; None: y, or y₁, y₂, ...

    Boxes stand below the node that adds them up, in the order of the inputs. Each curve fills its box (one that is
    nearly flat beside its neighbours is drawn flat) and is centred, because a constant could as well stand on another
    edge of the node. So a box shows the shape; the strength is the ink. Ink is the square root of the share of the
    output's variation that passes the edge (`reading/strength.py`), relative to the layer's strongest edge: full for
    that one, half for a quarter of its share, a rest for edges that pass nothing. Legible up to widths [4, 5, 1].
    An edge that was removed is not drawn. One that is a formula has another colour, and the formula below its box: with
    its numbers if there is room. A node that multiplies stands above the two sums that are its factors.
    Raises ValueError for data that do not fit the model, or the wrong number of names; nothing is drawn then.
    """
    check_kan(model, "plot.network"), check_flag(legend, "legend")
    ax, curves = check_axes(ax), edge_curves(model, X)
    ax = plot.new_axes(700, 170 + 130 * len(model.layers)) if ax is None else ax
    artists = NetworkArtists(ax, model.widths, products=model.products, inputs=inputs, outputs=outputs)
    artists.show(curves)
    if legend:
        entries = legend_entries(any(model.products), any(layer.formulas for layer in model.layers))
        ax.legend(handles=entries, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=2, fontsize="small",
                  frameon=False, borderaxespad=0.2, columnspacing=1.6)
    return ax


def legend_entries(products=False, formulas=False):
    """What the legend of a network says; for a figure that puts it in a place of its own."""
    products, formulas = check_flag(products, "products"), check_flag(formulas, "formulas")
    node = {"color": "black", "ls": "", "marker": "o", "ms": 8}
    more = [Line2D([], [], color=FORMULA, lw=1.8, label="an edge that is a formula, below its box")] * formulas
    more += [Line2D([], [], **node, mfc="white", label="node with ×: multiplies two sums")] * products
    return [Line2D([], [], color=CURVE, lw=1.8, label="in a box: the function of an edge"),
            Line2D([], [], **node, mfc="white", label="node with +: adds what its edges bring"),
            Line2D([], [], color=LINK, lw=2.0, label="bold: much of the output's variation passes"),
            Line2D([], [], color=PALE_LINK, lw=0.8, label="faint: little of it passes"), *more]


def _plain(text):
    """A formula's text with small digits for its powers: 'x^2' as 'x²'."""
    return text.replace("^2", "²").replace("^3", "³").replace("^4", "⁴")
