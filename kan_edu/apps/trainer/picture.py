"""The picture of the trainer app: the network with its functions, the error frame by frame, and what it learns.

Only artists and where they stand; what they show comes as frames from `run.train`. A function of two variables is shown
by three `Squares`, your own data by `Points`.
"""
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from kan_edu.apps.common.tiles import Tiles
from kan_edu.apps.common.words import Words
from kan_edu.seeing import live, plot
from kan_edu.seeing.letters import shorten
from kan_edu.seeing.plot_network import NetworkArtists, legend_entries

WIDTH, HEIGHT = 740, 450
TRAIN, NEW = ({"color": plot.COLOURS[0], "lw": 1.8}, {"color": plot.COLOURS[1], "lw": 1.6, "ls": (0, (4, 1.5))})
LOWEST, HIGHEST = 1e-6, 30   # of the errors' axis; what is beyond is drawn on the border
LEFT, RIGHT = (48, 34, 384, 92), (546, 220, 182, 206)   # x, y, width, height of a panel below the network, and beside
SHORTER = {"adds what its edges bring": "adds", "much of the output's variation passes": "much passes",
           ", in target and model": ""}   # in a narrow picture
LETTER = 8                   # pixels, on average


class TrainerPicture:
    """`figure` and `moving` are what a LiveFigure needs; `show` sets the artists.

    widths: {name: list of widths}; own: the OwnData that is learnt, or None
    """

    def __init__(self, widths, last, own=None):
        self.figure, self.unit = live.figure(WIDTH, HEIGHT), own.spread if own else 1.0
        shorten(self.figure, SHORTER)
        names = [shortened(name, 482 / len(own.columns) - 10) for name in own.columns] if own else ["x₁", "x₂"]
        outputs = [shortened(own.target, 200)] if own else None
        self.networks = {name: NetworkArtists(self._axes(4, 162, 482, 286), list_, inputs=names, outputs=outputs)
                         for name, list_ in widths.items()}
        self.errors = self._axes(*(LEFT if own else RIGHT), yscale="log")
        self.low, self.high = (0.01, 3) if own else (LOWEST, HIGHEST)   # a table is never learnt to the last digit
        self.errors.set(xlim=(-1.5, last + 1.5), ylim=(self.low, self.high))
        self.errors.set_title("root mean square error" + ", as a share of the spread" * bool(own), fontsize=9, pad=5)
        self.errors.set_xlabel("frame", fontsize=9, labelpad=1)
        self.errors.tick_params(labelsize=8, length=2, pad=2)
        self.errors.yaxis.minorticks_off()
        self.errors.grid(alpha=0.25)
        self.part = Points(self._axes, own) if own else Squares(self._axes)
        entries = [*legend_entries(), Line2D([], [], **TRAIN, marker="o", ms=5, label=f"error, {self.part.words[0]}"),
                   Line2D([], [], **NEW, marker="s", ms=5, mfc="white", label=f"error, {self.part.words[1]}"),
                   *self.part.entries]   # fmt: skip
        self.figure.legend(handles=entries, loc="lower left", bbox_to_anchor=(444 / WIDTH, 0.0), fontsize=8,
                           frameon=False, borderaxespad=0.3, handlelength=2, labelspacing=0.55)
        self._make_artists()

    def _axes(self, x, y, width, height, **look):
        return self.figure.add_axes([x / WIDTH, y / HEIGHT, width / WIDTH, height / HEIGHT], **look)

    def _make_artists(self):
        """All artists that ever move, made once."""
        self.lines = [self.errors.plot([], [], **style)[0] for style in (TRAIN, NEW)]
        marks = ({"marker": "o", "mfc": TRAIN["color"]}, {"marker": "s", "mfc": "white"})
        self.marks = [self.errors.plot([], [], color=style["color"], ms=6, ls="", **mark)[0]
                      for style, mark in zip((TRAIN, NEW), marks, strict=True)]
        parts = [line for artists in self.networks.values() for line in artists.moving]
        self.moving = [*parts, *self.lines, *self.marks, *self.part.moving]

    def show(self, widths, frames, target):
        """The last of `frames`, and the errors of all; target (n, n) as the outputs of a frame, None for own data."""
        now = frames[-1]
        for name, artists in self.networks.items():
            self._show_network(artists, name == widths)
        self.networks[widths].show(now.curves)
        for line, mark, kind in zip(self.lines, self.marks, ("train", "new"), strict=True):
            values = np.clip([getattr(frame, kind) / self.unit for frame in frames], self.low, self.high)
            line.set_data(np.arange(len(values)), values)
            mark.set_data([len(values) - 1], values[-1:])
        self.part.show(target, *now.outputs)

    @staticmethod
    def _show_network(artists, shown):
        """The nodes are background, drawn anew when another network is chosen; what moves hides by itself."""
        if artists.ax.get_visible() != shown:
            artists.ax.set_visible(shown)
        for artist in artists.moving:
            artist.set_visible(shown)


class Squares:
    """Target, model and their difference as colours over x1 and x2."""

    words = ("training samples", "new points")
    entries = (Patch(facecolor=plot.GREY, label="squares: x₁, x₂ from -1 to 1"),)

    def __init__(self, axes):
        self.axes = [axes(x, 30, 106, 106, xticks=[], yticks=[], xlim=(-1, 1), ylim=(-1, 1)) for x in (30, 174, 318)]
        for ax, title in zip(self.axes, ("target", "model", "model - target"), strict=True):
            ax.set_title(title, fontsize=9, pad=3)
            ax.set_ylabel("x₂", fontsize=8, labelpad=7, rotation=0, va="center")
            ax.spines[:].set_position(("outward", 1))   # or the image, which moves, would be drawn over them
        maps = [("cividis", 0, 1), ("cividis", 0, 1), ("RdBu_r", -1, 1)]
        self.images = [Tiles(ax, *look) for ax, look in zip(self.axes, maps, strict=True)]
        self.scales = [Words(self.axes[0], -1, -1.2, size=8), Words(self.axes[2], -1, -1.2, size=8)]
        self.moving = [*self.images, *self.scales]

    def show(self, target, model):
        low, high = target.min(), target.max()
        for image, values in zip(self.images[:2], (target, model), strict=True):
            image.set_data((values - low) / (high - low))   # new limits would redraw everything
        limit = nice_above(np.abs(model - target).max())
        self.images[2].set_data((model - target) / limit)
        self.scales[0].set_text(f"dark {low:.2f}, bright {high:.2f}, in target and model")
        self.scales[1].set_text(f"blue -{limit:g}, red {limit:g}")


class Points:
    """For each row of your own data what the network says of y against what was measured."""

    words = ("training rows", "rows held out")

    def __init__(self, axes, own):
        self.measured = own.unscaled(own.Y), own.unscaled(own.Y_new)
        low, high = (float(part(np.concatenate(self.measured))) for part in (np.min, np.max))
        ends = low - 0.08 * (high - low), high + 0.08 * (high - low)
        ax = self.ax = axes(*RIGHT, xlim=ends, ylim=ends)
        ax.set_xlabel(f"{shortened(own.target, 110)}, measured", fontsize=9, labelpad=1)
        ax.set_title(f"{shortened(own.target, 80)}, by the network", fontsize=9, pad=5)
        ax.tick_params(labelsize=8, length=2, pad=2)
        ax.plot(ends, ends, color=plot.GREY, lw=1)
        looks = ({"marker": "o", "color": TRAIN["color"], "alpha": 0.5, "ms": 3.5, "mew": 0},
                 {"marker": "s", "color": NEW["color"], "mfc": "white", "ms": 4})
        self.dots = [ax.plot([], [], ls="", **look)[0] for look in looks]
        self.entries = (Line2D([], [], color=plot.GREY, lw=1, label="where both are the same"),)
        self.moving = self.dots

    def show(self, target, *outputs):
        low, high = self.ax.get_ylim()
        for dots, measured, said in zip(self.dots, self.measured, outputs, strict=True):
            dots.set_data(measured, np.clip(said, low, high))   # what is beyond stands on the border


def shortened(name, pixels):
    """A name that fits into so many pixels, its end left out if need be.

    >>> shortened("flipper_length_mm", 60), shortened("mpg", 60)
    ('flippe…', 'mpg')
    """
    most = max(2, int(pixels / LETTER))
    return name if len(name) <= most else name[: most - 1] + "…"


def nice_above(value):
    """The least of ... 0.1, 0.2, 0.5, 1, 2, 5 ... that is not below value: a scale that seldom changes.

    >>> [nice_above(v) for v in (0.03, 0.5, 0.51, 7)]
    [0.05, 0.5, 1.0, 10.0]
    """
    power = 10.0 ** np.floor(np.log10(max(value, 1e-12)))
    return float(f"{next(m * power for m in (1, 2, 5, 10) if m * power >= value * (1 - 1e-9)):.1g}")
