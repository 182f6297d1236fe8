"""The picture of the grid extension app: the edge's curve with its knots, and the staircase of the error.

Only artists and where they stand; what is computed is decided in `run.py`.
"""
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from kan_edu.apps.common.words import Words
from kan_edu.seeing import live, plot

from .run import LESSONS, STAGE, STAGES, STEPS

BLUE, RED, GREEN = plot.COLOURS[:3]
TRAIN = {"color": BLUE, "linestyle": "-", "lw": 2}
TEST = {"color": RED, "linestyle": (0, (4, 1.5)), "lw": 2}
TRUTH = {"color": GREEN, "linestyle": plot.DASHES[3], "lw": 1.6}
NOISE = {"color": "black", "linestyle": ":", "lw": 1.2}
OUTSIDE = {"facecolor": "#e4e4e4", "lw": 0}
RMSE_RANGE = {False: (3e-14, 30.0), True: (1e-3, 30.0)}   # by whether there is noise


class ExtensionPicture:
    """Figure and artists; `figure`, `moving` are what a LiveFigure needs, `show` sets the artists."""

    def __init__(self):
        self.figure = live.figure(740, 450)
        self.left = self.figure.add_axes([0.095, 0.30, 0.385, 0.60])
        self.left.yaxis.set_major_locator(MaxNLocator(6))   # no quarters: their labels would push "y" off the picture
        self.right = self.figure.add_axes([0.58, 0.30, 0.40, 0.60], xlim=(0, STEPS), yscale="log")
        self.right.set(xlabel="training steps", ylabel="RMSE")
        self.right.set_xticks(range(0, STEPS + 1, STAGE))
        self.right.grid(axis="y", alpha=0.25)
        for ax, words in ((self.left, "The curve and its knots"), (self.right, "The staircase of the error")):
            self.figure.text(ax.get_position().x0, 0.962, words, weight="bold", fontsize=11, va="center")
        self._make_legends()
        self._make_artists()
        self.shape = None

    def _make_legends(self):
        """Two legends on each side, of which one is shown: without a target that cannot be drawn, without noise."""
        grey = {"color": plot.GREY}
        left = [Line2D([], [], **grey, marker="o", ms=3.5, ls="", label="training samples"),
                Line2D([], [], color="black", lw=2.2, label="the edge's curve φ"),
                Line2D([], [], **grey, lw=0.9, label="knots"), Patch(**OUTSIDE, label="outside: straight on"),
                Line2D([], [], **TRUTH, label="the target")]
        right = [Line2D([], [], **TRAIN, label="training samples"), Line2D([], [], **TEST, label="test, no noise"),
                 Line2D([], [], **grey, lw=0.9, label="the grid changes"),
                 Line2D([], [], **NOISE, label="size of the noise")]
        under = {"loc": "upper left", "fontsize": 9, "frameon": False, "ncols": 2, "handlelength": 2.2,
                 "columnspacing": 1.2, "borderaxespad": 0}
        self.legends = {}
        for side, handles, x in (("hidden", left, 0.045), ("noisy", right, 0.55)):
            for answer in (True, False):
                shown = handles if answer == (side == "noisy") else handles[:-1]
                self.legends[f"{side} {answer}"] = self.figure.legend(handles=shown, bbox_to_anchor=(x, 0.175), **under)

    def _make_artists(self):
        left, right = self.left, self.right
        one = lambda ax, *a, **kw: ax.plot([], [], *a, **kw)[0]   # noqa: E731
        self.outside = [left.fill([], [], **OUTSIDE, zorder=0)[0] for _ in range(2)]
        self.knots = left.vlines([], 0, 1, color=plot.GREY, transform=left.get_xaxis_transform())
        self.data = one(left, "o", color=plot.GREY, ms=3.5, alpha=0.75)
        self.truth, self.curve = one(left, **TRUTH), one(left, color="black", lw=2.2)
        self.risers = right.vlines([], 0, 1, color=plot.GREY, lw=0.9, transform=right.get_xaxis_transform())
        self.noise = one(right, **NOISE)
        self.lines = [one(right, **style) for style in (TRAIN, TEST)]
        self.ends = [one(right, mark, ms=6, color=style["color"], clip_on=False)
                     for mark, style in (("o", TRAIN), ("s", TEST))]
        self.count = Words(left, 0, 0)
        self.stages = [Words(right, 0, 0) for _ in range(STAGES)]
        self.moving = [*self.outside, self.knots, self.data, self.truth, self.curve, self.risers, self.noise,
                       *self.lines, *self.ends, self.count, *self.stages]

    # --- one state -----------------------------------------------------------------------------------

    def show(self, frames, y, target, noise):
        """Set every moving artist: frames up to the present one, y (N,) of the training samples."""
        now, lesson = frames[-1], LESSONS[target]
        hidden = len(lesson.widths) > 2
        xlim = tuple(now.curve[0, [0, -1]].tolist())   # moves when the grid does, which is seldom
        self._set_frame(hidden, noise > 0, xlim, lesson.ylim)
        self._show_curve(now, y, xlim, lesson)
        self.truth.set_visible(not hidden)
        if not hidden:
            x = np.linspace(-1, 1, 241)
            self.truth.set_data(x, lesson.target(x[:, None])[:, 0])
        self._show_staircase(frames, noise)

    def _set_frame(self, *shape):
        """What stands in the background and changes seldom: which legends, and the limits."""
        if shape == self.shape:
            return
        self.shape = hidden, noisy, xlim, ylim = shape
        for kind, legend in self.legends.items():
            legend.set_visible(kind in (f"hidden {hidden}", f"noisy {noisy}"))
        self.left.set(xlim=xlim, ylim=ylim, xlabel="hidden value h" if hidden else "x", ylabel="y")
        self.right.set_ylim(RMSE_RANGE[noisy])

    def _show_curve(self, now, y, xlim, lesson):
        lo, hi = now.grid[[0, -1]]
        (bottom, top), (first, last) = lesson.ylim, xlim
        for patch, (a, b) in zip(self.outside, ((first, max(first, lo)), (min(last, hi), last)), strict=True):
            patch.set_xy([(a, bottom), (a, top), (b, top), (b, bottom)])
        self.knots.set_segments([[(x, 0), (x, 1)] for x in now.grid])
        self.knots.set_linewidth(0.9 if now.G < 30 else 0.5)
        self.data.set_data(now.h, y)
        self.curve.set_data(*now.curve)
        self.count.set_text(f"G = {now.G}: {now.G + 1} knots on the grid")
        self.count.set_position((first, top + 0.045 * (top - bottom)))

    def _show_staircase(self, frames, noise):
        steps = np.array([frame.step for frame in frames])
        low, high = RMSE_RANGE[noise > 0]
        for line, end, errors in zip(self.lines, self.ends, ([f.train for f in frames], [f.test for f in frames]),
                                     strict=True):
            line.set_data(steps, errors)
            end.set_data(steps[-1:], np.clip(errors[-1:], low, high))   # one beyond the axis stands on its border
        self.noise.set_data([0, STEPS], [noise or 1e-99] * 2)
        self.risers.set_segments([[(f.step, 0), (f.step, 1)] for f in frames if f.event])
        label = high * (high / low) ** 0.045   # a little above the axis
        begins = [0, *(f.step for f in frames if "extended" in f.event)]
        sizes = list(dict.fromkeys(frame.G for frame in frames))
        for place, words in enumerate(self.stages):
            words.set_visible(place < len(sizes))
            if place < len(sizes):
                words.set_text(f"G = {sizes[place]}" if place == 0 else str(sizes[place]))
                words.set_position((begins[place] + (0 if place == 0 else 0.5), label))
