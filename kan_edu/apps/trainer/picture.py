"""The picture of the trainer app: the network with its functions, the error frame by frame, three squares.

Only artists and where they stand; what they show comes as frames from `trainer.train`.
"""
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from kan_edu.apps.common.words import Words
from kan_edu.seeing import live, plot
from kan_edu.seeing.plot_network import NetworkArtists, legend_entries

WIDTH, HEIGHT = 740, 450
TRAIN, NEW = ({"color": plot.COLOURS[0], "lw": 1.8}, {"color": plot.COLOURS[1], "lw": 1.6, "ls": (0, (4, 1.5))})
LOWEST, HIGHEST = 1e-6, 30   # of the errors' axis; what is beyond is drawn on the border


class TrainerPicture:
    """`figure` and `moving` are what a LiveFigure needs; `show` sets the artists. widths: {name: list of widths}."""

    def __init__(self, widths, last):
        self.figure = live.figure(WIDTH, HEIGHT)
        self.networks = {name: NetworkArtists(self._axes(4, 162, 482, 286), list_, inputs=["x₁", "x₂"])
                         for name, list_ in widths.items()}
        self.errors = self._axes(546, 220, 182, 206, xlim=(-1.5, last + 1.5), ylim=(LOWEST, HIGHEST), yscale="log")
        self.errors.set_title("root mean square error", fontsize=9, pad=5)
        self.errors.set_xlabel("frame", fontsize=9, labelpad=1)
        self.errors.tick_params(labelsize=8, length=2, pad=2)
        self.errors.yaxis.minorticks_off()
        self.errors.grid(alpha=0.25)
        self.squares = [self._axes(x, 30, 106, 106, xticks=[], yticks=[], xlim=(-1, 1), ylim=(-1, 1))
                        for x in (30, 174, 318)]
        for ax, title in zip(self.squares, ("target", "model", "model - target"), strict=True):
            ax.set_title(title, fontsize=9, pad=3)
            ax.set_ylabel("x₂", fontsize=8, labelpad=7, rotation=0, va="center")
            ax.spines[:].set_position(("outward", 1))   # or the image, which moves, would be drawn over them
        self._legend()
        self._make_artists()

    def _axes(self, x, y, width, height, **look):
        return self.figure.add_axes([x / WIDTH, y / HEIGHT, width / WIDTH, height / HEIGHT], **look)

    def _legend(self):
        entries = [*legend_entries(), Line2D([], [], **TRAIN, marker="o", ms=5, label="error, training samples"),
                   Line2D([], [], **NEW, marker="s", ms=5, mfc="white", label="error, new points"),
                   Patch(facecolor=plot.GREY, label="squares: x₁, x₂ from -1 to 1")]
        self.figure.legend(handles=entries, loc="lower left", bbox_to_anchor=(444 / WIDTH, 0.0), fontsize=8,
                           frameon=False, borderaxespad=0.3, handlelength=2, labelspacing=0.55)

    def _make_artists(self):
        """All artists that ever move, made once."""
        own = {"extent": (-1, 1, -1, 1), "origin": "lower", "aspect": "auto", "interpolation": "nearest"}
        maps = [{"cmap": "cividis", "vmin": 0, "vmax": 1}] * 2 + [{"cmap": "RdBu_r", "vmin": -1, "vmax": 1}]
        self.images = [ax.imshow(np.zeros((2, 2)), **own, **look)
                       for ax, look in zip(self.squares, maps, strict=True)]
        self.lines = [self.errors.plot([], [], **style)[0] for style in (TRAIN, NEW)]
        marks = ({"marker": "o", "mfc": TRAIN["color"]}, {"marker": "s", "mfc": "white"})
        self.marks = [self.errors.plot([], [], color=style["color"], ms=6, ls="", **mark)[0]
                      for style, mark in zip((TRAIN, NEW), marks, strict=True)]
        self.scales = [Words(self.squares[0], -1, -1.2, size=8), Words(self.squares[2], -1, -1.2, size=8)]
        parts = [line for artists in self.networks.values() for line in artists.moving]
        self.moving = [*parts, *self.images, *self.lines, *self.marks, *self.scales]

    def show(self, widths, frames, target):
        """The last of `frames`, and the errors of all; target (n, n) as a frame's surface."""
        now = frames[-1]
        for name, artists in self.networks.items():
            self._show_network(artists, name == widths)
        self.networks[widths].show(now.curves)
        for line, mark, kind in zip(self.lines, self.marks, ("train", "new"), strict=True):
            values = np.clip([getattr(frame, kind) for frame in frames], LOWEST, HIGHEST)
            line.set_data(np.arange(len(values)), values)
            mark.set_data([len(values) - 1], values[-1:])
        self._show_squares(target, now.surface)

    @staticmethod
    def _show_network(artists, shown):
        """The nodes are background, drawn anew when another network is chosen; what moves hides by itself."""
        if artists.ax.get_visible() != shown:
            artists.ax.set_visible(shown)
        for artist in artists.moving:
            artist.set_visible(shown)

    def _show_squares(self, target, model):
        low, high = target.min(), target.max()
        for image, values in zip(self.images[:2], (target, model), strict=True):
            image.set_data((values - low) / (high - low))   # new limits would redraw everything
        limit = nice_above(np.abs(model - target).max())
        self.images[2].set_data((model - target) / limit)
        self.scales[0].set_text(f"dark {low:.2f}, bright {high:.2f}, in target and model")
        self.scales[1].set_text(f"blue -{limit:g}, red {limit:g}")


def nice_above(value):
    """The least of ... 0.1, 0.2, 0.5, 1, 2, 5 ... that is not below value: a scale that seldom changes.

    >>> [nice_above(v) for v in (0.03, 0.5, 0.51, 7)]
    [0.05, 0.5, 1.0, 10.0]
    """
    power = 10.0 ** np.floor(np.log10(max(value, 1e-12)))
    return float(f"{next(m * power for m in (1, 2, 5, 10) if m * power >= value * (1 - 1e-9)):.1g}")
