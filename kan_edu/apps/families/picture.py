"""The picture of the families app: the target with the chosen family's sum, and every family's error.

Only artists and where they stand; what is added up is decided in `app.py`.
"""
from matplotlib.lines import Line2D

from kan_edu.seeing import live, plot
from kan_edu.seeing.letters import shorten

LIMITS = (-1.6, 3.0)     # heights that the picture shows
LEAST = 1e-16            # an error that is 0 stands there
SUM = {"color": "black", "linestyle": "-", "lw": 1.5}


class FamiliesPicture:
    """`figure` and `moving` are what a LiveFigure needs; `show` and `show_errors` set the artists.

    counts     the numbers P at which the errors are known
    families   {name: words for the legend}
    """

    def __init__(self, counts, families):
        self.figure, self.counts = live.figure(740, 380), counts
        self.left = self.figure.add_axes([0.06, 0.12, 0.4, 0.8], xlim=(-1, 1), ylim=LIMITS, xlabel="x")
        self.right = self.figure.add_axes([0.545, 0.12, 0.235, 0.8], yscale="log", xlim=(3, 65), ylim=(LEAST, 3),
                                          xlabel="P, numbers", xticks=[7, 19, 31, 43, 61])
        self.right.set_yticks([1e-15, 1e-12, 1e-9, 1e-6, 1e-3, 1])
        self.right.minorticks_off()   # a hundred of them take longer to draw than all the rest
        self.right.grid(alpha=0.25)
        for ax, title in ((self.left, "the target and the sum"), (self.right, "RMSE")):
            ax.set_title(title, fontsize=9, loc="left", pad=4)
        shorten(self.figure, {"Gaussian bumps": "Gaussians"})
        self.styles = {name: {**plot.line_style(m), "marker": "os^vD"[m], "ms": 4} for m, name in enumerate(families)}
        self._legend(families)
        one = lambda ax, *a, **kw: ax.plot([], [], *a, **kw)[0]   # noqa: E731
        self.truth, self.total = one(self.left, color=plot.PALE, lw=5), one(self.left, **SUM)
        self.curves = {name: one(self.right, **style) for name, style in self.styles.items()}
        self.now = one(self.right, "o", color="black", mfc="none", ms=12, mew=1.5)
        self.moving = [self.truth, self.total, *self.curves.values(), self.now]

    def _legend(self, families):
        entries = [Line2D([], [], color=plot.PALE, lw=5, label="target"), Line2D([], [], **SUM, label="sum"),
                   *(Line2D([], [], **self.styles[name], label=words) for name, words in families.items()),
                   Line2D([], [], color="black", marker="o", mfc="none", ls="", ms=12, mew=1.5, label="now")]
        self.figure.legend(handles=entries, loc="upper left", bbox_to_anchor=(0.79, 0.94), fontsize=9, frameon=False,
                           borderaxespad=0, handlelength=2.4, labelspacing=0.7)

    def show(self, x, truth, total):
        """The target and the sum at x, all (M,)."""
        self.truth.set_data(x, truth)
        self.total.set_data(x, total)

    def show_errors(self, errors, family, P):
        """errors: {family: RMSE for each of `counts`}; the chosen family at P is marked."""
        for name, line in self.curves.items():
            line.set_data(self.counts, [max(error, LEAST) for error in errors[name]])
        self.now.set_data([P], [max(errors[family][self.counts.index(P)], LEAST)])
