"""The picture of the approximation app: the curve and the sum, the pieces of the sum, the error against N.

Only artists and where they stand; what is added up is decided in `app.py`.
"""
import numpy as np
from matplotlib.lines import Line2D

from kan_edu.apps.common.words import Words
from kan_edu.seeing import live, plot
from kan_edu.seeing.letters import shorten

LIMITS = (-1.6, 1.6)     # heights that the pictures show; what is higher leaves them
THIN = slice(None, None, 5)   # the pieces are drawn at every fifth point
LARGEST = {"color": plot.COLOURS[1], "linestyle": "-"}
MEAN = {"color": plot.COLOURS[0], "linestyle": plot.DASHES[1]}
SUM = {"color": plot.COLOURS[0], "linestyle": "-"}
PIECE = {"color": plot.GREY, "linestyle": "-", "lw": 1}
CHOSEN = {"color": plot.COLOURS[4], "linestyle": "-", "lw": 3}
CONSTANT = {"color": "black", "linestyle": plot.DASHES[2], "lw": 1.5}
RATES = (("1/N", -1, plot.DASHES[2]), ("1/N²", -2, plot.DASHES[3]))


class ApproximationPicture:
    """`figure` and `moving` are what a LiveFigure needs; `show` sets the artists.

    counts   the N at which the error curves are known
    """

    def __init__(self, counts):
        self.figure, self.counts = live.figure(740, 440), counts
        shorten(self.figure, {"the pieces of the sum": "the pieces"})
        wide = {"xlim": (0, 1), "ylim": LIMITS}
        self.top = self.figure.add_axes([0.065, 0.475, 0.5, 0.455], **wide)
        self.low = self.figure.add_axes([0.065, 0.1, 0.5, 0.3], **wide)
        self.right = self.figure.add_axes([0.66, 0.1, 0.325, 0.48], xscale="log", yscale="log", xlim=(0.9, 72),
                                          ylim=(2e-4, 4))
        self.top.tick_params(labelbottom=False)
        self.low.set_xlabel("x", labelpad=0)
        self.low.axhline(0, color="#dddddd", lw=1, zorder=0)
        self.right.set_xlabel("N, number of hidden units", labelpad=0)
        self.right.set_xticks([1, 2, 4, 8, 16, 32, 64], [1, 2, 4, 8, 16, 32, 64])
        self.right.minorticks_off()
        self.right.grid(alpha=0.25)
        for ax, title in ((self.top, "the target f and the sum"), (self.low, "the pieces of the sum"),
                          (self.right, "error, without changes by hand")):
            ax.set_title(title, fontsize=9, loc="left", pad=4)
        for _, power, dashes in RATES:
            self.right.plot([1, 64], [2, 2 * 64.0**power], color=plot.PALE, ls=dashes, lw=1.5)
        self._legend()
        self._make_artists()

    def _legend(self):
        entries = [Line2D([], [], color=plot.PALE, lw=5, label="target f"),
                   Line2D([], [], **SUM, lw=2, label="sum"),
                   Line2D([], [], **PIECE, label="pieces"),
                   Line2D([], [], **CHOSEN, label="chosen piece"),
                   Line2D([], [], **CONSTANT, label="constant c"),
                   Line2D([], [], **LARGEST, lw=1.5, marker="o", ms=4, label="largest error"),
                   Line2D([], [], **MEAN, lw=1.5, marker="s", ms=4, label="RMSE"),
                   Line2D([], [], color="black", marker="D", mfc="none", ls="", ms=8, label="now"),
                   *(Line2D([], [], color=plot.PALE, ls=dashes, lw=1.5, label=name) for name, _, dashes in RATES)]
        self.figure.legend(handles=entries, loc="upper left", bbox_to_anchor=(0.585, 0.985), ncols=2, fontsize=9,
                           frameon=False, borderaxespad=0, handlelength=2.4, labelspacing=0.5, columnspacing=1.2)

    def _make_artists(self):
        one = lambda ax, *a, **kw: ax.plot([], [], *a, **kw)[0]   # noqa: E731
        self.truth, self.total = one(self.top, color=plot.PALE, lw=5), one(self.top, **SUM, lw=2)
        self.constant, self.pieces = one(self.low, **CONSTANT), one(self.low, **PIECE)
        self.chosen = one(self.low, **CHOSEN)
        self.curves = [one(self.right, **LARGEST, lw=1.5, marker="o", ms=4),
                       one(self.right, **MEAN, lw=1.5, marker="s", ms=4)]
        self.now = one(self.right, color="black", marker="D", mfc="none", ls="", ms=8)
        self.note = Words(self.low, 0.43, 1.84)   # beside the title, where no piece comes
        self.moving = [self.truth, self.total, self.constant, self.pieces, self.chosen, self.note,
                       *self.curves, self.now]

    def show(self, x, truth, total, constant, parts, chosen, one):
        """Curves at x (M,): truth and total (M,), parts (M, P), which of them is chosen; `one` is a part's name."""
        self.truth.set_data(x, truth)
        self.total.set_data(x, total)
        self.constant.set_data([0, 1], [constant, constant])
        self.constant.set_visible(constant != 0)
        thin = parts[THIN]
        gaps = np.full((1, thin.shape[1]), np.nan)   # one line for all pieces: NaN lifts the pen
        self.pieces.set_data(np.tile(np.append(x[THIN], np.nan), thin.shape[1]), np.concatenate([thin, gaps]).T.ravel())
        self.chosen.set_data(x, parts[:, chosen])
        most = np.abs(parts).max()
        count = f"{parts.shape[1]} {one}{'s' if parts.shape[1] > 1 else ''}"
        self.note.set_text(f"{count}, the largest up to {most:.2f}" if most > LIMITS[1] else count)

    def show_errors(self, curve, N, now):
        """Largest error and RMSE: curve (len(counts), 2) for each of `counts`, now (2,) for N with changes by hand."""
        for line, values in zip(self.curves, curve.T, strict=True):
            line.set_data(self.counts, values)
        self.now.set_data([N, N], now)
