"""The picture of the superposition app: f and what the machine makes of it, five staircases, five spikes, the total.

Only artists and where they stand; the numbers come from `superposition.Superposition.follow`.
"""
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from kan_edu.apps.common.words import Words
from kan_edu.seeing import live, plot
from kan_edu.seeing.dark import AS_IT_IS
from kan_edu.seeing.letters import is_narrow, shorten

HEIGHT = 640
WALLS = 5
CELLS = 3         # bricks left and right of the point at the finer levels, of which 2 cells on each side are seen
BRICK, MORTAR, SPIKE, RED = plot.COLOURS[0], plot.PALE, plot.COLOURS[2], plot.COLOURS[1]
REACH = (-2.5, 6.5)   # the part of the sums that is drawn around a spike, in units of W


def digits(n):
    """A brick's number, or the last digits of a long one.

    >>> digits(37), digits(123456789)
    ('37', '…56789')
    """
    text = str(n)
    return text if len(text) < 7 else "…" + text[-5:]


class SuperpositionPicture:
    """`figure` and `moving` are what a LiveFigure needs; `show_images` and `show` set the artists."""

    def __init__(self):
        self.figure = live.figure(740, HEIGHT)
        shorten(self.figure, {", in both squares": "", "running total, after wall": "after wall"})
        square = {"xlim": (0, 1), "ylim": (0, 1), "xticks": [0, 0.5, 1], "yticks": [0.5, 1]}
        self.f = self._axes(45, 425, 180, 180, "f(x, y)", **square)
        self.made = self._axes(275, 425, 180, 180, "", **square)
        self.total = self._axes(520, 425, 205, 164, "", xlim=(-0.6, 5.6), ylim=(-0.12, 1.12), yticks=[],
                                xticks=range(6))
        rows = {"ylim": (-0.08, WALLS + 0.02), "yticks": [], "xticks": []}
        self.phi = self._axes(45, 84, 180, 272, "staircase of x", xlim=(0, 1), **rows)
        self.chi = self._axes(240, 84, 180, 272, "staircase of y", xlim=(0, 1), **rows)
        self.out = self._axes(520, 84, 130, 272, "spike", xlim=REACH, **rows)
        self.total.set_xticklabels(["start", "0", "1", "2", "3", "4"], fontsize=8)
        self.total.set_xlabel("running total, after wall", fontsize=9, labelpad=1)
        self.phi.set_yticks([row(q) + 0.4 for q in range(WALLS)], [f"q={q}" for q in range(WALLS)], fontsize=8)
        self.out.set_xticks([0, 2, REACH[1] - 0.5], ["0", "2", "far"], fontsize=8)
        self.out.set_xlabel("(s - code) / W", fontsize=8, labelpad=1)
        Words(self.out, 6.9, WALLS + 0.17, "adds")
        self._legend()
        self._make_artists()

    def _axes(self, x, y, width, height, title, **look):
        ax = self.figure.add_axes([x / 740, y / HEIGHT, width / 740, height / HEIGHT], **look)
        ax.set_title(title, fontsize=9, pad=4)
        ax.tick_params(labelsize=8, length=2, pad=2)
        return ax

    def _legend(self):
        dot = {"color": "black", "ls": "", "marker": "o", "ms": 6}
        entries = [Line2D([], [], color=BRICK, lw=3, label="brick: plateau"),
                   Line2D([], [], color=MORTAR, lw=1, label="mortar: climb"),
                   Line2D([], [], **dot, label="the point, on a brick"),
                   Line2D([], [], **dot, mfc="white", label="the point, in mortar"),
                   Patch(facecolor=SPIKE, alpha=0.35, label="spike of this pair of bricks"),
                   Line2D([], [], color="black", lw=1.6, marker=".", label="running total"),
                   Line2D([], [], color=RED, lw=1.4, ls=(0, (4, 2)), label="f at the point")]
        self.figure.legend(handles=entries, loc="lower left", ncols=4, fontsize=8.5, frameon=False,
                           bbox_to_anchor=(0.03, 0.0), handlelength=2, columnspacing=1.4, labelspacing=0.4)

    def _make_artists(self):
        """All artists that ever move, made once."""
        one = lambda ax, *a, **kw: ax.plot([], [], *a, **kw)[0]   # noqa: E731
        blank, own = np.zeros((2, 2)), {"extent": (0, 1, 0, 1), "origin": "lower", "cmap": "cividis", "zorder": 0,
                                         "vmin": 0, "vmax": 1}
        self.images = [ax.imshow(blank, **own, aspect="auto") for ax in (self.f, self.made)]
        self.cross = [one(ax, color="white", lw=0.9, url=AS_IT_IS) for ax in (self.f, self.made) for _ in range(2)]
        self.mark = [one(ax, "o", ms=6, mfc=RED, mec="white") for ax in (self.f, self.made)]
        lines = lambda ax, **kw: ax.add_collection(LineCollection([], **kw), autolim=False)   # noqa: E731
        self.climbs = [lines(ax, colors=MORTAR, linewidths=1) for ax in (self.phi, self.chi)]
        self.steps = [lines(ax, colors=BRICK, linewidths=3) for ax in (self.phi, self.chi)]
        self.probe = [one(ax, color="black", lw=0.7, ls=":") for ax in (self.phi, self.chi)]
        self.on = [one(ax, "o", ms=6, color="black") for ax in (self.phi, self.chi, self.out)]
        self.off = [one(ax, "o", ms=6, color="black", mfc="white") for ax in (self.phi, self.chi, self.out)]
        self.base = lines(self.out, colors=MORTAR, linewidths=0.8)
        self.spikes = [self.out.fill([], [], color=SPIKE, alpha=0.35, lw=1)[0] for _ in range(WALLS)]
        self.goal = one(self.total, color=RED, lw=1.4, ls=(0, (4, 2)))
        self.walk = one(self.total, color="black", lw=1.6, marker=".", drawstyle="steps-mid")
        where = [(self.phi, 0.02), (self.chi, 0.02), (self.chi, 1.06), (self.out, 6.9)]
        self.numbers = [[Words(ax, x, row(q) + (0.8 if ax is not self.out and x < 1 else 0.4), size=8)
                         for q in range(WALLS)] for ax, x in where]
        self.heads = [Words(self.made, 0, 1.06), Words(self.total, -0.6, 1.32), Words(self.f, 0, -0.19, size=8),
                      Words(self.phi, 0, -0.28, size=8), Words(self.chi, 0, -0.28, size=8),
                      Words(self.total, -0.6, 1.19, color=RED), Words(self.chi, 1.06, WALLS + 0.17),
                      Words(self.made, 0, -0.19, size=8)]
        self.moving = [*self.images, *self.cross, *self.mark, *self.climbs, *self.steps, *self.probe, self.base,
                       *self.spikes, *self.on, *self.off, self.goal, self.walk, *self.heads,
                       *(word for column in self.numbers for word in column)]

    # --- f and what the machine makes of it ------------------------------------------------------------

    def show_images(self, f, made, title):
        """f and made (n, n): values at the middles of n x n squares, first index y from below."""
        low, high = float(f.min()), float(f.max())
        for image, values in zip(self.images, (f, made), strict=True):
            image.set_data((values - low) / (high - low if high > low else 1))   # new limits would redraw everything
        self.heads[0].set_text(title)
        self.heads[2].set_text(f"dark {low:.2f}, bright {high:.2f}, in both squares")

    # --- one point at one level ------------------------------------------------------------------------

    def show(self, walls, X, Y, r, steps, f):
        """The point at integers X, Y; the level r to look at; the `Step` of each level; f at the point."""
        step = steps[r - 1]
        x, y = (float(walls.number(v)) for v in (X, Y))
        for lines in (self.cross[:2], self.cross[2:]):
            lines[0].set_data([x, x], [0, 1])
            lines[1].set_data([0, 1], [y, y])
        for mark in self.mark:
            mark.set_data([x], [y])
        for axis, (place, mortar) in enumerate(((X, step.x_mortar), (Y, step.y_mortar))):
            self._show_stairs(walls, axis, place, r, mortar)
        self._show_numbers(walls, X, Y, r, step)
        self._show_spikes(step)
        self._show_total(r, step.totals, f)
        names = "level 1" if len(steps) == 1 else f"levels 1 to {len(steps)}"
        digits = 3 if is_narrow(self.figure) else 4
        self.heads[7].set_text(f"{names}: " + ", ".join(f"{each.totals[-1]:.{digits}f}" for each in steps))

    def _show_stairs(self, walls, axis, X, r, mortar):
        """Five staircases of level r: at level 1 the whole axis, at finer levels some cells around the point."""
        cells = walls.N[0] if r == 1 else CELLS
        begin, end, height = walls.stairs(axis, X, cells, r)
        cell = 5 * walls.fifth[r - 1]
        left, width = (walls.start, walls.length) if r == 1 else (X - 2 * cell, 4 * cell)
        begin, end, at = (np.asarray((v - left) / width, dtype=float) for v in (begin, end, np.array([X])))
        height = np.asarray((height - height[:, :1]) / (height[:, -1:] - height[:, :1]), dtype=float)
        level = row(np.arange(WALLS))[:, None] + 0.04 + 0.54 * height
        bricks = np.stack([np.stack([begin, level], -1), np.stack([end, level], -1)], axis=2)   # (5, n, 2, 2)
        climbs = np.stack([bricks[:, :-1, 1], bricks[:, 1:, 0]], axis=2)
        self.steps[axis].set_segments(clipped(bricks.reshape(-1, 2, 2)))
        self.climbs[axis].set_segments(clipped(climbs.reshape(-1, 2, 2)))
        self.probe[axis].set_data([at[0], at[0]], [0, WALLS])
        heights = [np.interp(at[0], np.stack([begin, end], -1)[q].ravel(), np.repeat(level[q], 2))
                   for q in range(WALLS)]
        self._dots(axis, np.full(WALLS, at[0]), np.array(heights), mortar)

    def _dots(self, column, x, y, mortar):
        self.on[column].set_data(x[~mortar], y[~mortar])
        self.off[column].set_data(x[mortar], y[mortar])

    def _show_numbers(self, walls, X, Y, r, step):
        sums, u = walls.sums(np.array([X]), np.array([Y]))[0], walls.units[r - 1][1]
        for q in range(WALLS):
            code = f"{float(sums[q] / u):.2f}" if r == 1 else digits(int(sums[q] % walls.W[r - 1] // u))
            added = f"{step.added[q]:+.2g}" if step.added[q] else "0"
            for column, text in enumerate((f"i = {digits(step.i[q])}", f"j = {digits(step.j[q])}", code, added)):
                self.numbers[column][q].set_text(text)
        for name, head in zip("xy", self.heads[3:5], strict=True):
            around = f"{name} ± 2 cells of width 2^-{walls.exponents[r - 1]}"
            head.set_text(f"all of {walls.N[0]} cells, {name} from 0 to 1" if r == 1 else around)
        self.heads[6].set_text("sum s / u" if r == 1 else "code in s")

    def _show_spikes(self, step):
        """The trapezoid that the sum stands on, if it does: height relative to the largest of the five."""
        largest = max(np.abs(step.added).max(), 1e-300)
        shape = np.clip(np.minimum(step.place + 1, 3 - step.place), 0, 1)
        middle = row(np.arange(WALLS)) + 0.4
        up = 0.34 * step.added / largest
        for q, spike in enumerate(self.spikes):
            top = middle[q] + (up[q] / shape[q] if shape[q] else 0)
            spike.set_visible(up[q] != 0)
            spike.set_xy([(-1, middle[q]), (0, top), (2, top), (3, middle[q])])
        self.base.set_segments([[(REACH[0], m), (REACH[1], m)] for m in middle])
        self._dots(2, np.clip(step.place, REACH[0] + 0.4, REACH[1] - 0.5), middle + up, step.x_mortar | step.y_mortar)

    def _show_total(self, r, totals, f):
        """The total before and after each wall, and f; scaled so that both fit."""
        low, high = min(totals.min(), f), max(totals.max(), f)
        scaled = lambda v: 0.08 + 0.84 * (v - low) / (high - low if high > low else 1)   # noqa: E731
        self.walk.set_data(np.arange(6), scaled(totals))
        self.goal.set_data([-0.6, 5.6], [scaled(f)] * 2)
        self.heads[1].set_text(f"level {r}: {totals[0]:.4f} to {totals[-1]:.4f}")
        self.heads[5].set_text(f"f = {f:.4f}")


def row(q):
    """Where the row of wall q begins: wall 0 on top."""
    return WALLS - 1 - q


def clipped(segments):
    """Segments (n, 2, 2), those outside 0..1 in x left out, the others cut there."""
    keep = (segments[:, 1, 0] > 0) & (segments[:, 0, 0] < 1)
    segments = segments[keep]
    (x0, x1), (y0, y1) = segments[:, :, 0].T, segments[:, :, 1].T
    slope = (y1 - y0) / np.where(x1 > x0, x1 - x0, 1)
    a, b = np.clip(x0, 0, 1), np.clip(x1, 0, 1)
    return np.stack([np.stack([a, y0 + slope * (a - x0)], -1), np.stack([b, y0 + slope * (b - x0)], -1)], axis=1)
