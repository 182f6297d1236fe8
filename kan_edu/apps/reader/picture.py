"""The picture of the reader app: the network, the chosen edge's curve, and what its candidates do to the network.

Only artists and where they stand; what they show comes from `state` and `written`.
"""

import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from kan_edu.apps.common.words import Words
from kan_edu.seeing import live, plot
from kan_edu.seeing.letters import shorten
from kan_edu.seeing.plot_network import FORMULA, NetworkArtists, edge_curves, legend_entries

WIDTH, HEIGHT, ROWS = 740, 480, 8
LOWEST = 1e-16               # of the errors' axis: rounding
SHORTER = {"error, as a part of the spread": "", "chosen family, nearest to it": "nearest of its family",
           "error of the curve alone": "error / spread, alone", "multiplies two sums": "multiplies",
           "error of the network, refitted": "error / spread, refitted"}   # in a narrow picture
SPLINE, CHOSEN = plot.COLOURS[0], plot.COLOURS[3]


class ReaderPicture:
    """`figure` and `moving` are what a LiveFigure needs. networks: {table: (example, model)}, for widths and names."""

    def __init__(self, networks):
        self.figure = live.figure(WIDTH, HEIGHT)
        shorten(self.figure, SHORTER)
        self.networks = {}
        for table, (example, model) in networks.items():
            ax = self._axes(4, 78, 416, 396)
            self.networks[table] = NetworkArtists(ax, model.widths, products=model.products, inputs=example.inputs,
                                                  outputs=[example.output])  # fmt: skip
            self.networks[table].make_texts()
        self.curve = self._axes(440, 334, 288, 112, xticks=[], yticks=[], xlim=(-0.04, 1.04), ylim=(-0.1, 1.1))
        self.errors = self._axes(512, 112, 148, 158, xlim=(LOWEST / 3, 3), xscale="log", ylim=(ROWS - 0.4, -0.6),
                                 yticks=[])
        self.errors.set_xticks([1e-16, 1e-12, 1e-8, 1e-4, 1], ["rounding", "", "1e-8", "", "1"], fontsize=8)
        self.errors.minorticks_off()
        self.errors.tick_params(length=2, pad=2)
        self.errors.grid(axis="x", alpha=0.3)
        self.errors.set_xlabel("error, as a part of the spread", fontsize=8, labelpad=1)
        self._legend()
        self._make_artists()

    def _axes(self, x, y, width, height, **look):
        return self.figure.add_axes([x / WIDTH, y / HEIGHT, width / WIDTH, height / HEIGHT], **look)

    def _legend(self):
        entries = [*legend_entries(products=True, formulas=True),
                   Line2D([], [], color=CHOSEN, lw=2.2), Line2D([], [], color=SPLINE, lw=1.8, marker="o", ms=4),
                   Line2D([], [], color=FORMULA, lw=1.6, ls=(0, (4, 1.5))),
                   Line2D([], [], color=plot.GREY, ls="", marker="o", mfc="white", ms=6),
                   Line2D([], [], color="black", ls="", marker="o", ms=6)]
        names = ["in a box: an edge's function", "node with +: adds", "strong: much passes the edge",
                 "faint: little passes", "an edge that is a formula", "node with ×: multiplies two sums",
                 "frame: the chosen edge",
                 "its spline, with the samples", "the chosen family, nearest to it", "error of the curve alone",
                 "error of the network, refitted"]
        self.figure.legend(entries, names, loc="lower left", bbox_to_anchor=(0.0, 0.0), ncols=3, fontsize=8,
                           frameon=False, handlelength=1.8, columnspacing=1.6, labelspacing=0.45, borderaxespad=0.3)

    def _make_artists(self):
        """All artists that ever move, made once."""
        one = lambda ax, *a, **kw: ax.plot([], [], *a, **kw)[0]  # noqa: E731
        self.frames = {}
        for table, artists in self.networks.items():
            frame = Rectangle((0, 0), 0, 0, fill=False, ec=CHOSEN, lw=2.4, zorder=3.5)
            self.frames[table] = artists.ax.add_patch(frame)
        self.spline = one(self.curve, color=SPLINE, lw=1.8)
        self.samples = one(self.curve, "o", color=SPLINE, ms=3.5)
        self.nearest = one(self.curve, color=FORMULA, lw=1.6, ls=(0, (4, 1.5)))
        self.title = Words(self.curve, -0.04, 1.22, size=9)
        self.ends = [Words(self.curve, x, -0.24, size=8, color=plot.GREY) for x in (-0.04, 0.92)]
        self.bar = self.errors.add_patch(Rectangle((LOWEST / 3, 0), 9 / LOWEST, 1, fc=plot.COLOURS[4], alpha=0.3, lw=0))
        self.alone = one(self.errors, "o", color=plot.GREY, mfc="white", ms=6)
        self.whole = one(self.errors, "o", color="black", ms=6)
        left, right = LOWEST / 3 * 10**-8.1, 3 * 10**0.7   # the axis has 17 decades on 148 pixels
        self.names = [Words(self.errors, left, q, size=8.5) for q in range(ROWS)]
        self.numbers = [Words(self.errors, right, q, size=8.5) for q in range(ROWS)]
        Words(self.errors, left, -1.35, "candidates", size=9)
        Words(self.errors, right, -1.35, "RMSE", size=9)
        parts = [artist for artists in self.networks.values() for artist in artists.moving]
        self.moving = [*parts, *self.frames.values(), self.spline, self.samples, self.nearest, self.title, *self.ends,
                       self.bar, self.alone, self.whole, *self.names, *self.numbers]  # fmt: skip

    # --- one state -------------------------------------------------------------------------------------

    def show_network(self, table, example, model, edge):
        """The network, and a frame around the chosen edge's box."""
        for name, artists in self.networks.items():
            if artists.ax.get_visible() != (name == table):  # its names are background, which is then drawn anew
                artists.ax.set_visible(name == table)
            for artist in [*artists.moving, self.frames[name]]:
                artist.set_visible(name == table)
        self.networks[table].show(edge_curves(model, example.X))
        centres, width, height = self.networks[table].boxes[edge[0]]
        x, y = centres[edge[1:]]
        self.frames[table].set_bounds(x - 0.54 * width, y - 0.54 * height, 1.08 * width, 1.08 * height)

    def show_curve(self, title, x, phi, at, nearest):
        """The chosen edge's spline, phi (n,) at x (n,); the samples, at (N,); the family's curve, (n,) or (0,)."""
        low, high = min(phi.min(), nearest.min(initial=np.inf)), max(phi.max(), nearest.max(initial=-np.inf))
        u, y = ((values - start) / max(end - start, 1e-300) for values, start, end in
                ((x, x[0], x[-1]), (phi, low, high)))  # fmt: skip
        self.spline.set_data(u, y)
        self.samples.set_data((at - x[0]) / (x[-1] - x[0]), np.interp(at, x, y))
        self.nearest.set_data(u[: len(nearest)], (nearest - low) / max(high - low, 1e-300))
        self.title.set_text(title)
        for words, value in zip(self.ends, (x[0], x[-1]), strict=True):
            words.set_text(f"{value:.3g}")

    def show_candidates(self, rows, chosen):
        """rows [(family, error alone, error of the network, the latter as text), ...]; chosen: a place or None."""
        places = np.arange(len(rows))
        for marks, column in ((self.alone, 1), (self.whole, 2)):
            marks.set_data(np.maximum([row[column] for row in rows], LOWEST), places)
        for q, (name, number) in enumerate(zip(self.names, self.numbers, strict=True)):
            name.set_text(rows[q][0] if q < len(rows) else "")
            number.set_text(rows[q][3] if q < len(rows) else "")
        self.bar.set_y(-0.5 if chosen is None else chosen - 0.5)
        self.bar.set_visible(chosen is not None)
