"""A KAN drawn as a network: inputs below, outputs on top, on each edge a box with the function that it has learnt.

`network(model, X)` is the static picture, also called `kan_edu.plot.network`. A live picture makes `NetworkArtists`
once and calls its `show` with what `edge_curves` returns: then no artist is made again, only its data are set.
"""

from typing import NamedTuple

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D

from kan_edu.checks import check_has, check_matrix
from kan_edu.networks.grids import layer_inputs
from kan_edu.reading.strength import edge_shares

from . import plot

POINTS = 41                     # of a curve: in a box of forty pixels more cannot be seen
PALE = 0.16                     # ink of an edge that passes nothing: still visible
FLAT = 0.05                     # a curve that rises less than this part of its node's steepest one is drawn flatter
MOST = 64                       # pixels of the side of a box
GAP = 0.5                       # between the boxes of two nodes, in boxes
CURVE, LINK = (np.array(to_rgb(colour)) for colour in (plot.COLOURS[0], "black"))


class LayerCurves(NamedTuple):
    """What is drawn of a layer's edges: phi at x, and the share of the output's variation that passes each."""

    x: np.ndarray  # (POINTS, n_in) from the smallest to the largest value that arrived
    phi: np.ndarray  # (POINTS, n_out, n_in)
    share: np.ndarray  # (n_out, n_in)


def edge_curves(model, X):
    """A list of one LayerCurves a layer, each edge over the values that reach it from the samples X (N, n_in)."""
    curves = []
    for layer, H, share in zip(model.layers, layer_inputs(model, X), edge_shares(model, X), strict=True):
        x = np.linspace(H.min(axis=0), H.max(axis=0), POINTS)
        curves.append(LayerCurves(x, layer.edges(x), share))
    return curves


def network(model, X, *, inputs=None, outputs=None, legend=True, ax=None):
    """The KAN drawn from its inputs (below) to its outputs (on top), each edge's function in a box on the edge.

    X          samples (N, n_in): a function is drawn over the values that reach its edge, from left to right
    inputs     names, one an input; None: x₁, x₂, ...      outputs   the same on top; None: y, or y₁, y₂, ...

    Boxes stand below the node that adds them up, in the order of the inputs. Each curve fills its box (one that is
    nearly flat beside its neighbours is drawn flat) and is centred, because a constant could as well stand on another
    edge of the node. So a box shows the shape; the strength is the ink. Ink is the square root of the share of the
    output's variation that passes the edge (`strength.edge_shares`), relative to the layer's strongest edge: full for
    that one, half for a quarter of its share, a rest for edges that pass nothing. Legible up to widths [4, 5, 1].
    Raises ValueError for data that do not fit the model, or the wrong number of names.
    """
    check_has(model, "basis", "plot.network")
    X = check_matrix(X, "X", model.widths[0], f"(a KAN with widths {model.widths})")
    ax = plot.new_axes(700, 170 + 130 * len(model.layers)) if ax is None else ax
    artists = NetworkArtists(ax, model.widths, inputs=inputs, outputs=outputs)
    artists.show(edge_curves(model, X))
    if legend:
        ax.legend(handles=legend_entries(), loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=2, fontsize="small",
                  frameon=False, borderaxespad=0.2, columnspacing=1.6)
    return ax


def legend_entries():
    """What the legend of a network says; for a figure that puts it in a place of its own."""
    node = {"color": "black", "ls": "", "marker": "o", "ms": 8}
    return [Line2D([], [], color=CURVE, lw=1.8, label="in a box: the function of an edge"),
            Line2D([], [], **node, mfc="white", label="node with +: adds what its edges bring"),
            Line2D([], [], color=LINK, lw=2.0, label="dark: much of the output's variation passes"),
            Line2D([], [], color=inked(LINK, PALE), lw=0.8, label="pale: little of it passes")]


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

    One line for each edge's curve, one collection each for all boxes and all links.
    """

    def __init__(self, ax, widths, *, inputs=None, outputs=None):
        self.ax, self.widths = ax, list(widths)
        names = named(inputs, widths[0], "x", "inputs"), named(outputs, widths[-1], "y", "outputs")
        top = len(widths) - 1
        ax.set(xlim=(0, 1), ylim=(-0.34, top + 0.3))
        ax.axis("off")
        self.nodes, self.boxes = self._places()
        self.links = LineCollection(self._links(), zorder=1)
        self.frames = PolyCollection(self._frames(), facecolors="white", zorder=2)
        for collection in (self.links, self.frames):
            ax.add_collection(collection, autolim=False)
        self.curves = [[[ax.plot([], [], lw=1.8, zorder=3, solid_capstyle="round")[0] for _ in range(n_in)]
                        for _ in range(n_out)] for n_in, n_out in zip(widths, widths[1:], strict=False)]
        self._name(names)
        lines = [line for layer in self.curves for row in layer for line in row]
        self.moving = [self.links, self.frames, *lines, *self._draw_nodes()]

    # --- where things stand ----------------------------------------------------------------------------

    def _places(self):
        """nodes[l] (n, 2); boxes[l] = centres (n_out, n_in, 2), width, height of layer l's boxes in data units."""
        frame, reach = self.ax.bbox, np.diff(self.ax.get_ylim())[0]
        nodes = [self._row((np.arange(self.widths[0]) + 0.5) / self.widths[0], 0)]
        boxes = []
        for level, (n_in, n_out) in enumerate(zip(self.widths, self.widths[1:], strict=False)):
            slot = 1 / (n_in * n_out + GAP * n_out)   # half a gap remains at each border
            j, i = np.meshgrid(np.arange(n_out), np.arange(n_in), indexing="ij")
            x = slot * (GAP / 2 + 0.5 + j * (n_in + GAP) + i)
            side = min(0.88 * slot * frame.width, 0.5 / reach * frame.height, MOST)   # pixels
            boxes.append((self._row(x, level + 0.5), side / frame.width, side / frame.height * reach))
            nodes.append(self._row(x.mean(axis=1), level + 1))
        return nodes, boxes

    @staticmethod
    def _row(x, y):
        return np.stack([x, np.full_like(x, y)], axis=-1)

    def _links(self):
        """For every edge a line from its input to its box and one from the box to its output; (2 edges, 2, 2)."""
        lines = []
        for below, above, (centres, _, height) in zip(self.nodes, self.nodes[1:], self.boxes, strict=False):
            up = np.array([0, height / 2])
            lower = np.stack([np.broadcast_to(below, centres.shape), centres - up], axis=2)
            upper = np.stack([centres + up, np.broadcast_to(above[:, None], centres.shape)], axis=2)
            lines += [*lower.reshape(-1, 2, 2), *upper.reshape(-1, 2, 2)]
        return lines

    def _frames(self):
        corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) / 2
        return [centre + corners * [width, height] for centres, width, height in self.boxes
                for centre in centres.reshape(-1, 2)]

    def _draw_nodes(self):
        """The nodes as three lines of marks; they lie on the links, so they are drawn anew with them."""
        points, marks = np.concatenate(self.nodes[1:]), {"color": "black", "ls": ""}
        return [self.ax.plot(*self.nodes[0].T, **marks, marker="o", ms=8, zorder=4)[0],
                self.ax.plot(*points.T, **marks, marker="o", ms=11, mfc="white", zorder=4)[0],
                self.ax.plot(*points.T, **marks, marker="+", ms=7, zorder=5)[0]]

    def _name(self, names):
        ax = self.ax
        for (x, y), name in zip(self.nodes[0], names[0], strict=True):
            ax.annotate(name, (x, y), (0, -7), textcoords="offset points", ha="center", va="top")
        for (x, y), name in zip(self.nodes[-1], names[1], strict=True):
            ax.annotate(name, (x, y), (0, 8), textcoords="offset points", ha="center", va="bottom")

    # --- one state -------------------------------------------------------------------------------------

    def show(self, curves):
        """Set all curves and their ink to what `edge_curves` returned for a model of these widths."""
        link_inks, frame_inks = [], []
        for lines, (centres, width, height), layer in zip(self.curves, self.boxes, curves, strict=True):
            ink = PALE + (1 - PALE) * np.sqrt(layer.share / max(layer.share.max(), 1e-300))
            heights, colours = in_box(layer.phi), inked(CURVE, ink)
            x = width * 0.88 * np.linspace(-0.5, 0.5, len(layer.x))
            for j, row in enumerate(lines):
                for i, line in enumerate(row):
                    left, middle = centres[j, i]
                    line.set_data(left + x, middle + 0.84 * height * heights[:, j, i])
                    line.set_color(colours[j, i])
            link_inks += [*ink.ravel(), *ink.ravel()]
            frame_inks += [*ink.ravel()]
        self.links.set(color=inked(LINK, link_inks), linewidths=0.4 + 1.6 * np.array(link_inks))
        self.frames.set(edgecolors=inked(LINK, frame_inks), linewidths=0.6 + 0.6 * np.array(frame_inks))


def in_box(phi):
    """Curves phi (points, n_out, n_in) scaled to heights from -1/2 to 1/2, flat ones left flat (FLAT)."""
    low, high = phi.min(axis=0), phi.max(axis=0)
    rise = high - low
    scale = np.maximum(np.maximum(rise, FLAT * rise.max(axis=1, keepdims=True)), 1e-12)
    return (phi - (low + high) / 2) / scale
