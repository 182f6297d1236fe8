"""A KAN drawn as a network: inputs below, outputs on top, on each edge a box with the function that it has learnt.

`network(model, X)` is the static picture, also called `kan_edu.plot.network`. A live picture makes `NetworkArtists`
once and calls its `show` with what `edge_curves` returns: then no artist is made again, only its data are set.
"""

from typing import NamedTuple

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D

from kan_edu.checks.arguments import check_has
from kan_edu.checks.arrays import check_matrix
from kan_edu.networks.grids import layer_inputs
from kan_edu.reading.strength import edge_shares

from . import plot

POINTS = 41                     # of a curve: in a box of forty pixels more cannot be seen
PALE = 0.16                     # ink of an edge that passes nothing: still visible
FLAT = 0.05                     # a curve that rises less than this part of its node's steepest one is drawn flatter
LETTER = 5.6                    # pixels of a letter of a formula, on average
MOST = 64                       # pixels of the side of a box
GAP = 0.5                       # between the boxes of two nodes, in boxes
FACTOR = 0.86                   # where the two sums of a product stand, from its level's start (0) to its node (1)
CURVE, FORMULA, LINK = (np.array(to_rgb(colour)) for colour in (*plot.COLOURS[:2], "black"))


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
    """A list of one LayerCurves a layer, each edge over the values that reach it from the samples X (N, n_in)."""
    curves = []
    for layer, H, share in zip(model.layers, layer_inputs(model, X), edge_shares(model, X), strict=True):
        x = np.linspace(H.min(axis=0), H.max(axis=0), POINTS)
        texts = {edge: [plain(formula.text(numbers=numbers)) for numbers in (True, False)]
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
    Raises ValueError for data that do not fit the model, or the wrong number of names.
    """
    check_has(model, "basis", "plot.network")
    X = check_matrix(X, "X", model.widths[0], f"(a KAN with widths {model.widths})")
    ax = plot.new_axes(700, 170 + 130 * len(model.layers)) if ax is None else ax
    artists = NetworkArtists(ax, model.widths, products=model.products, inputs=inputs, outputs=outputs)
    artists.show(edge_curves(model, X))
    if legend:
        entries = legend_entries(any(model.products), any(layer.formulas for layer in model.layers))
        ax.legend(handles=entries, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=2, fontsize="small",
                  frameon=False, borderaxespad=0.2, columnspacing=1.6)
    return ax


def legend_entries(products=False, formulas=False):
    """What the legend of a network says; for a figure that puts it in a place of its own."""
    node = {"color": "black", "ls": "", "marker": "o", "ms": 8}
    more = [Line2D([], [], color=FORMULA, lw=1.8, label="an edge that is a formula, below its box")] * formulas
    more += [Line2D([], [], **node, mfc="white", label="node with ×: multiplies two sums")] * products
    return [Line2D([], [], color=CURVE, lw=1.8, label="in a box: the function of an edge"),
            Line2D([], [], **node, mfc="white", label="node with +: adds what its edges bring"),
            Line2D([], [], color=LINK, lw=2.0, label="dark: much of the output's variation passes"),
            Line2D([], [], color=inked(LINK, PALE), lw=0.8, label="pale: little of it passes"), *more]


def plain(text):
    """A formula's text with small digits for its powers: 'x^2' as 'x²'."""
    return text.replace("^2", "²").replace("^3", "³").replace("^4", "⁴")


def inked(colour, ink):
    """A colour on white paper with the share `ink` (...) of its ink: (..., 3)."""
    return 1 - np.asarray(ink)[..., None] * (1 - colour)


def named(names, n, letter, what):
    """The n names that were given, or letter₁ .. letterₙ; `what` names them in the ValueError for another number."""
    if names is None:
        return [letter] if n == 1 and letter == "y" else [plot.indexed(letter, i + 1) for i in range(n)]
    if isinstance(names, str) or len(names) != n:
        raise ValueError(f"{what} is {names!r}; expected a list of {n} names, one for each")
    return list(names)


class NetworkArtists:
    """The artists of a network with these widths in `ax`; `moving` are those to draw again after `show`.

    One line for each edge's curve, one collection each for all boxes and all links; a text for a formula is made when
    it is first shown, or for all edges by `make_texts`. `products`: how many nodes of each layer multiply.
    """

    def __init__(self, ax, widths, *, products=None, inputs=None, outputs=None):
        self.ax, self.widths, self.products = ax, list(widths), list(products or [0] * (len(widths) - 1))
        names = named(inputs, widths[0], "x", "inputs"), named(outputs, widths[-1], "y", "outputs")
        top = len(widths) - 1
        ax.set(xlim=(0, 1), ylim=(-0.34, top + 0.3))
        ax.axis("off")
        self.nodes, self.sums, self.boxes = self._places()
        self.links = LineCollection(self._links(), zorder=1)
        self.frames = PolyCollection(self._frames(), facecolors="white", zorder=2)
        for collection in (self.links, self.frames):
            ax.add_collection(collection, autolim=False)
        self.curves = [[[ax.plot([], [], lw=1.8, zorder=3, solid_capstyle="round")[0] for _ in range(n_in)]
                        for _ in sums] for n_in, sums in zip(widths, self.sums, strict=False)]
        self.texts = {}   # (layer, j, i) -> Text, for edges that are formulas
        self._name(names)
        lines = [line for layer in self.curves for row in layer for line in row]
        self.moving = [self.links, self.frames, *lines, *self._draw_nodes()]

    # --- where things stand ----------------------------------------------------------------------------

    def _places(self):
        """nodes[l] (n, 2), sums[l] (n_sums, 2); boxes[l] = centres (n_sums, n_in, 2), width, height in data units.

        A sum is a node, or a factor of one that multiplies.
        """
        frame, reach = self.ax.bbox, np.diff(self.ax.get_ylim())[0]
        nodes = [self._row((np.arange(self.widths[0]) + 0.5) / self.widths[0], 0)]
        sums, boxes = [], []
        for level, (n_in, n_out, p) in enumerate(zip(self.widths, self.widths[1:], self.products, strict=False)):
            n_sums, s = n_out + p, n_out - p
            slot = 1 / (n_in * n_sums + GAP * n_sums)   # half a gap remains at each border
            j, i = np.meshgrid(np.arange(n_sums), np.arange(n_in), indexing="ij")
            x = slot * (GAP / 2 + 0.5 + j * (n_in + GAP) + i)
            side = min(0.88 * slot * frame.width, 0.5 / reach * frame.height, MOST)   # pixels
            boxes.append((self._row(x, level + 0.5), side / frame.width, side / frame.height * reach))
            middle = x.mean(axis=1)
            sums.append(self._row(middle, np.where(np.arange(n_sums) < s, level + 1, level + FACTOR)))
            nodes.append(self._row(np.append(middle[:s], middle[s:].reshape(p, 2).mean(axis=1)), level + 1))
        return nodes, sums, boxes

    @staticmethod
    def _row(x, y):
        return np.stack([x, np.broadcast_to(y, x.shape)], axis=-1)

    def _links(self):
        """For every edge a line from its input to its box, and one from the box to its sum; for every factor one on.

        (2 edges + factors, 2, 2) for each layer, one after the other.
        """
        lines = []
        for below, above, nodes, (centres, _, height) in zip(
            self.nodes, self.sums, self.nodes[1:], self.boxes, strict=False
        ):
            p = len(above) - len(nodes)
            up = np.array([0, height / 2])
            lower = np.stack([np.broadcast_to(below, centres.shape), centres - up], axis=2)
            upper = np.stack([centres + up, np.broadcast_to(above[:, None], centres.shape)], axis=2)
            factors = np.stack([above[len(nodes) - p :], np.repeat(nodes[len(nodes) - p :], 2, axis=0)], axis=1)
            lines += [*lower.reshape(-1, 2, 2), *upper.reshape(-1, 2, 2), *factors]
        return lines

    def _frames(self):
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) / 2
        return [centre + corners * [width, height] for centres, width, height in self.boxes
                for centre in centres.reshape(-1, 2)]

    def _draw_nodes(self):
        """The nodes as lines of marks; they lie on the links, so they are drawn anew with them."""
        sums, marks = np.concatenate(self.sums), {"color": "black", "ls": ""}
        products = [nodes[len(nodes) - p :] for nodes, p in zip(self.nodes[1:], self.products, strict=True)]
        lines = [self.ax.plot(*self.nodes[0].T, **marks, marker="o", ms=8, zorder=4)[0],
                 self.ax.plot(*sums.T, **marks, marker="o", ms=11, mfc="white", zorder=4)[0],
                 self.ax.plot(*sums.T, **marks, marker="+", ms=7, zorder=5)[0]]
        if any(self.products):
            products = np.concatenate(products)
            lines += [self.ax.plot(*products.T, **marks, marker="o", ms=11, mfc="white", zorder=4)[0],
                      self.ax.plot(*products.T, **marks, marker="x", ms=6, zorder=5)[0]]
        return lines

    def _name(self, names):
        ax = self.ax
        for (x, y), name in zip(self.nodes[0], names[0], strict=True):
            ax.annotate(name, (x, y), (0, -7), textcoords="offset points", ha="center", va="top")
        for (x, y), name in zip(self.nodes[-1], names[1], strict=True):
            ax.annotate(name, (x, y), (0, 8), textcoords="offset points", ha="center", va="bottom")

    # --- one state -------------------------------------------------------------------------------------

    def show(self, curves):
        """Set all curves and their ink to what `edge_curves` returned for a model of these widths."""
        link_inks, frame_inks, kept = [], [], []
        for level, (layer, p) in enumerate(zip(curves, self.products, strict=True)):
            whole = max(layer.share.max(), 1e-300)
            ink = PALE + (1 - PALE) * np.sqrt(layer.share / whole)
            self._show_curves(level, layer, ink)
            factors = np.minimum(1, np.sqrt(layer.share.sum(axis=1) / whole))[len(ink) - 2 * p :]
            there = layer.kept.ravel()
            link_inks += [*ink.ravel(), *ink.ravel(), *(PALE + (1 - PALE) * factors)]
            frame_inks += [*ink.ravel()]
            kept += [*there, *there, *[True] * (2 * p)]
        there, kept = np.concatenate([layer.kept.ravel() for layer in curves]), np.array(kept)
        self.links.set(color=inked(LINK, link_inks), linewidths=(0.4 + 1.6 * np.array(link_inks)) * kept)
        self.frames.set(edgecolors=inked(LINK, frame_inks), linewidths=(0.6 + 0.6 * np.array(frame_inks)) * there,
                        facecolors=np.stack([np.ones_like(there, dtype=float)] * 3 + [there], axis=1))
        self._show_texts(curves)

    def _show_curves(self, level, layer, ink):
        """One layer's curves in their boxes; that of an edge which was removed has no points."""
        centres, width, height = self.boxes[level]
        heights, colours = in_box(layer.phi), inked(CURVE, ink)
        for edge in layer.formulas:
            colours[edge] = inked(FORMULA, ink[edge])
        x = width * 0.88 * np.linspace(-0.5, 0.5, len(layer.x))
        for j, row in enumerate(self.curves[level]):
            for i, line in enumerate(row):
                left, middle = centres[j, i]
                points = slice(None) if layer.kept[j, i] else slice(0)
                line.set_data((left + x)[points], (middle + 0.84 * height * heights[:, j, i])[points])
                line.set_color(colours[j, i])

    def make_texts(self):
        """An empty text below each box: a live picture has to know all that moves before its first drawing."""
        for level, (centres, _, _) in enumerate(self.boxes):
            for edge in np.ndindex(centres.shape[:2]):
                self._text(level, *edge)

    def _text(self, level, j, i):
        """The text below a box, made when it is first asked for."""
        if (level, j, i) not in self.texts:
            centres, _, height = self.boxes[level]
            box = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
            text = self.ax.annotate("", centres[j, i] - [0, height / 2], (0, -4), textcoords="offset points",
                                    ha="center", va="top", fontsize=8, bbox=box, zorder=3)
            self.texts[level, j, i] = text
            self.moving.append(text)
        return self.texts[level, j, i]

    def _show_texts(self, curves):
        """The formulas below their boxes, each the longest of its texts that has room between its neighbours."""
        wanted = {(level, *edge): texts for level, layer in enumerate(curves) for edge, texts in layer.formulas.items()}
        for edge in self.texts.keys() - wanted.keys():
            self.texts[edge].set_text("")
        for (level, j, i), texts in wanted.items():
            centres = self.boxes[level][0]
            room = self.ax.bbox.width / (centres.shape[0] * (centres.shape[1] + GAP)) - 4   # pixels of a slot
            fits = [text for text in texts if LETTER * len(text) <= room]
            self._text(level, j, i).set_text((fits or texts[-1:])[0])


def in_box(phi):
    """Curves phi (points, n_sums, n_in) scaled to heights from -1/2 to 1/2, flat ones left flat (FLAT)."""
    phi = np.where(np.isfinite(phi), phi, np.nan)   # a formula may have a pole
    low, high = np.fmin.reduce(phi), np.fmax.reduce(phi)
    rise = np.nan_to_num(high - low)
    scale = np.maximum(np.maximum(rise, FLAT * rise.max(axis=1, keepdims=True)), 1e-12)
    return (phi - (low + high) / 2) / scale
