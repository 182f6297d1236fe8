"""The picture of the perceptron app: the plane with its points and the line, and the weights on their way beside it.

Only artists and where they stand; what the rule does is decided in `perceptron.py`.
"""
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from kan_edu.apps.common.shapes import NOTHING, arrow, closed, foot_of, half_plane, segment
from kan_edu.apps.common.words import Words
from kan_edu.seeing import live, plot
from kan_edu.seeing.letters import shorten

LOW, HIGH = -0.75, 1.75      # the part of the plane that is seen, in x1 and in x2
REACH = 4.5                  # the part of the weights' plane
BLUE, RED, GREEN = plot.COLOURS[:3]
PINK = plot.COLOURS[3]
SIDES = {"zero": {"color": BLUE, "alpha": 0.16, "lw": 0}, "one": {"color": RED, "alpha": 0.20, "lw": 0}}
MIDDLE = np.full(2, (LOW + HIGH) / 2)


class PerceptronPicture:
    """`figure`, `moving` are what a LiveFigure needs; `show` and `head` set the artists.

    marks    the controls on the page: what the legend speaks of
    """

    def __init__(self, marks=("step", "point")):
        self.figure = live.figure()
        shorten(self.figure, {"this correction of w": "change of w", "chosen, its distance": "chosen point"})
        self.plane = self._axes(48, 40, 372, (LOW, HIGH), "x₁", "x₂", [0, 1])
        self.weights = self._axes(502, 182, 222, (-REACH, REACH), "w₁", "w₂", [-4, -2, 0, 2, 4])
        self.weights.xaxis.labelpad = 3    # w₁ stands below the 0 of the ticks: not so near that they touch
        self.weights.axhline(0, color="#dddddd", lw=1, zorder=0)
        self.weights.axvline(0, color="#dddddd", lw=1, zorder=0)
        self._legend(marks)
        self._make_artists()

    def _axes(self, x, y, side, ends, across, up, ticks):
        ax = self.figure.add_axes([x / 740, y / 450, side / 740, side / 450], xlim=ends, ylim=ends, xticks=ticks,
                                  yticks=ticks)
        ax.set_xlabel(across, labelpad=1)
        ax.set_ylabel(up, rotation=0, labelpad=6)
        ax.tick_params(labelsize=9)
        return ax

    def _legend(self, marks):
        dot, green = {"color": "black", "ls": ""}, {"color": GREEN, "ls": ""}
        entries = [Line2D([], [], color=BLUE, ls="", marker="o", ms=7, mec="black", label="point of class 0"),
                   Line2D([], [], color=RED, ls="", marker="s", ms=7, mec="black", label="point of class 1"),
                   Line2D([], [], **dot, marker="x", ms=8, mew=1.8, label="not on its side"),
                   Patch(facecolor=BLUE, alpha=0.16, label="side of output 0"),
                   Patch(facecolor=RED, alpha=0.20, label="side of output 1"),
                   Line2D([], [], color="black", lw=2, label="line w·x + b = 0"),
                   Line2D([], [], **dot, marker=r"$\rightarrow$", ms=13, label="its normal, w/|w|")]
        if "step" in marks:
            entries += [Line2D([], [], color=plot.GREY, lw=1.6, ls=(0, (4, 2)), label="the line before"),
                        Line2D([], [], **green, marker="o", ms=11, mfc="none", mew=2, label="corrected point"),
                        Line2D([], [], **green, marker=r"$\rightarrow$", ms=13, label="this correction of w"),
                        Line2D([], [], color=plot.GREY, lw=1, marker=".", ms=5, label="way of w; ◆: now")]
        else:
            entries.append(Line2D([], [], ls="", color="black", marker="D", ms=5, label="w"))
        if "point" in marks:
            entries.append(Line2D([], [], color=PINK, lw=2, ls=":", marker="D", ms=10, mfc="none", mew=1.6,
                                  label="chosen, its distance"))
        self.figure.legend(handles=entries, loc="lower left", bbox_to_anchor=(432 / 740, 0.012), ncols=2, fontsize=8.5,
                           frameon=False, handlelength=1.9, columnspacing=0.8, labelspacing=0.55, borderaxespad=0,
                           handletextpad=0.6)

    def _make_artists(self):
        """All artists that ever move, made once."""
        plane, weights = self.plane, self.weights
        one = lambda ax, *a, **kw: ax.plot([], [], *a, **kw)[0]   # noqa: E731
        self.zero, self.one = (plane.fill([], [], zorder=0, **SIDES[side])[0] for side in ("zero", "one"))
        self.before = one(plane, color=plot.GREY, lw=1.6, ls=(0, (4, 2)))
        self.line = one(plane, color="black", lw=2)
        self.normal = plane.fill([], [], color="black", lw=0)[0]
        self.gap = one(plane, color=PINK, lw=2, ls=":")
        self.circles = one(plane, "o", ms=9, color=BLUE, mec="black")
        self.squares = one(plane, "s", ms=9, color=RED, mec="black")
        self.crosses = one(plane, "x", ms=12, mew=1.8, color="black")   # wider than a point: seen on any colour
        self.ring = one(plane, "o", ms=16, mfc="none", mec=GREEN, mew=2.2)
        self.chosen = one(plane, "D", ms=17, mfc="none", mec=PINK, mew=1.8)
        self.way = one(weights, color=plot.GREY, lw=1, marker=".", ms=5)
        self.change = weights.fill([], [], color=GREEN, lw=0)[0]
        self.now = one(weights, "D", ms=5, color="black")
        self.words = [Words(plane, LOW, HIGH + 0.11), Words(weights, -REACH, REACH + 0.65),
                      Words(plane, LOW + 0.05, HIGH - 0.09, size=9)]
        self.moving = [self.zero, self.one, self.before, self.line, self.normal, self.gap, self.circles, self.squares,
                       self.crosses, self.ring, self.chosen, self.way, self.change, self.now, *self.words]

    def head(self, step, weights, wrong):
        """The words above both squares, and in the plane where there is no line."""
        self.words[0].set_text(f"step {step}: {wrong.sum()} of {len(wrong)} points not on their side")
        self.words[1].set_text(f"weights, b = {weights[2]:.2f}".replace("-", "−"))
        output = "1/2" if weights[2] == 0 else "1" if weights[2] > 0 else "0"
        self.words[2].set_text("" if weights[:2].any() else f"w = 0: no line, output {output} everywhere")

    def show(self, run, row, cause, point):
        """Row `row` of `run.path`; cause: (number of the point, e) of the correction before it; the chosen point."""
        weights = run.path[row]
        w, b = weights[:2], weights[2]
        self.zero.set_xy(closed(half_plane(-w, -b, LOW, HIGH)))
        self.one.set_xy(closed(half_plane(w, b, LOW, HIGH)))
        self.line.set_data(*segment(w, b, MIDDLE).T)
        self.normal.set_xy(closed(normal_arrow(w, b)))
        for marks, label in ((self.circles, 0), (self.squares, 1)):
            marks.set_data(*run.X[run.y == label].T)
        self.crosses.set_data(*run.X[run.wrong(weights)].T)
        self._show_cause(run, row, cause)
        self._show_distance(run.X, w, b, point)
        self.way.set_data(*run.path[: row + 1, :2].T)
        self.now.set_data(w[:1], w[1:])

    def _show_cause(self, run, row, cause):
        """The point that was corrected, the line before that, and what was added to the weights."""
        for artist in (self.before, self.ring, self.change):
            artist.set_visible(cause is not None)
        if cause is not None:
            old, new = run.path[row - 1], run.path[row]
            self.before.set_data(*segment(old[:2], old[2], MIDDLE).T)
            self.ring.set_data(*run.X[[cause[0]]].T)
            self.change.set_xy(closed(arrow(old[:2], new[:2], 0.09, 0.55)))

    def _show_distance(self, X, w, b, point):
        """The chosen point and the shortest way from it to the line."""
        self.chosen.set_visible(point is not None)
        self.gap.set_visible(point is not None and w.any())
        if point is not None:
            x = X[point]
            self.chosen.set_data(x[:1], x[1:])
            if w.any():
                self.gap.set_data(*np.stack([x, x - (w @ x + b) / (w @ w) * w]).T)


def normal_arrow(w, b):
    """An arrow of length 0.4 from the line to the side where the output is 1."""
    if not w.any():
        return NOTHING
    foot = foot_of(w, b, MIDDLE)
    return arrow(foot, foot + 0.4 * w / np.linalg.norm(w), 0.018, 0.13)
