"""The artists of a network: nodes, links, boxes with curves, made once; `show` sets what they show.

A live picture makes `NetworkArtists` once and calls its `show` with what `edge_curves` returns for a model of these
widths: then no artist is made again, only its data are set.
"""

import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.colors import to_rgb

from kan_edu.checks.arguments import check_integer, check_widths, shown
from kan_edu.checks.words import check_names

from . import plot
from .canvas import check_axes

PALE = 0.16                     # ink of an edge that passes nothing: still visible
FLAT = 0.05                     # a curve that rises less than this part of its node's steepest one is drawn flatter
LETTER = 5.6                    # pixels of a letter of a formula, on average
MOST = 64                       # pixels of the side of a box
GAP = 0.5                       # between the boxes of two nodes, in boxes
FACTOR = 0.86                   # where the two sums of a product stand, from its level's start (0) to its node (1)
CURVE, FORMULA, LINK = (np.array(to_rgb(colour)) for colour in (*plot.COLOURS[:2], "black"))
PALE_LINK = 1 - PALE * (1 - LINK)
MOST_EDGES = 2000               # a picture of more takes minutes, and shows nothing


def _inked(colour, ink):
    """A colour on white paper with the share `ink` (...) of its ink: (..., 3)."""
    return 1 - np.asarray(ink)[..., None] * (1 - colour)


class NetworkArtists:
    """The artists of a network with these widths in `ax`; `moving` are those to draw again after `show`.

    One line for each edge's curve, one collection each for all boxes and all links; a text for a formula is made when
    it is first shown, or for all edges by `make_texts`. `products`: how many nodes of each layer multiply.
    Raises ValueError for Axes, widths, products or names that are none; nothing is drawn then.
    """

    def __init__(self, ax, widths, *, products=None, inputs=None, outputs=None):
        if check_axes(ax) is None:
            raise ValueError("ax is None; expected Axes to draw the network into, such as plot.new_axes()")
        self.ax, self.widths = ax, check_widths(widths)
        self.products = _check_products(products, self.widths)
        names = _named(inputs, self.widths[0], "x", "inputs"), _named(outputs, self.widths[-1], "y", "outputs")
        widths, top = self.widths, len(self.widths) - 1
        edges = sum(n * (m + p) for n, m, p in zip(widths, widths[1:], self.products, strict=False))
        if edges > MOST_EDGES:
            raise ValueError(f"widths {widths} have {edges} edges; a picture shows at most {MOST_EDGES}: draw a "
                             "smaller network, such as prune makes")  # fmt: skip
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
        """Set all curves and their ink to what `edge_curves` returned for a model of these widths; else ValueError."""
        self._check(curves)
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
        self.links.set(color=_inked(LINK, link_inks), linewidths=(0.4 + 1.6 * np.array(link_inks)) * kept)
        self.frames.set(edgecolors=_inked(LINK, frame_inks), linewidths=(0.6 + 0.6 * np.array(frame_inks)) * there,
                        facecolors=np.stack([np.ones_like(there, dtype=float)] * 3 + [there], axis=1))
        self._show_texts(curves)

    def _check(self, curves):
        """ValueError unless these are curves of a model of these widths."""
        wanted = [list(centres.shape[:2]) for centres, _, _ in self.boxes]
        found = [list(np.shape(getattr(layer, "share", ()))) for layer in curves] if isinstance(curves, list) else None
        if found != wanted:
            raise ValueError(f"curves are {shown(curves)}; expected what edge_curves(model, X) returns for a model "
                             f"with widths {self.widths}")  # fmt: skip

    def _show_curves(self, level, layer, ink):
        """One layer's curves in their boxes; that of an edge which was removed has no points."""
        centres, width, height = self.boxes[level]
        heights, colours = _in_box(layer.phi), _inked(CURVE, ink)
        for edge in layer.formulas:
            colours[edge] = _inked(FORMULA, ink[edge])
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
            width = self.ax.bbox.width * 100 / self.ax.get_figure().dpi   # letters grow with the dpi, too
            room = width / (centres.shape[0] * (centres.shape[1] + GAP)) - 4   # pixels of a slot
            fits = [text for text in texts if LETTER * len(text) <= room]
            self._text(level, j, i).set_text((fits or texts[-1:])[0])


def _in_box(phi):
    """Curves phi (points, n_sums, n_in) scaled to heights from -1/2 to 1/2, flat ones left flat (FLAT)."""
    phi = np.where(np.isfinite(phi), phi, np.nan)   # a formula may have a pole
    low, high = np.fmin.reduce(phi), np.fmax.reduce(phi)
    rise = np.nan_to_num(high - low)
    scale = np.maximum(np.maximum(rise, FLAT * rise.max(axis=1, keepdims=True)), 1e-12)
    return (phi - (low + high) / 2) / scale


def _named(names, n, letter, what):
    """The n names that were given, or letter₁ .. letterₙ; `what` names them in the ValueError for another number."""
    if names is None:
        return [letter] if n == 1 and letter == "y" else [plot.indexed(letter, i + 1) for i in range(n)]
    return check_names(names, n, what)


def _check_products(products, widths):
    """How many nodes of each layer multiply, as a list; none if it is None. ValueError for all else."""
    if products is None:
        return [0] * (len(widths) - 1)
    if not isinstance(products, list | tuple) or len(products) != len(widths) - 1:
        raise ValueError(f"products is {shown(products)}; expected {len(widths) - 1} numbers, one for each layer above "
                         "the inputs")  # fmt: skip
    return [check_integer(p, "products", 0, n) for p, n in zip(products, widths[1:], strict=True)]
