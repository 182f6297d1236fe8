"""The picture of the pyramid app: the functions of degree k above, the pyramid of cells, the knots below.

Only artists and where they stand; the values come from `bspline.pyramid`.
"""
import numpy as np
from matplotlib.collections import LineCollection, PolyCollection
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from kan_edu.seeing import knots, live, plot
from kan_edu.seeing.letters import is_narrow, shorten
from kan_edu.splines.bspline import uniform_knots

from .numbers import Numbers

MOST_K, MOST_G = 5, 5
HEIGHT, ROWS, CELL = 540, 320, 31                  # pixels: the picture, its pyramid, one cell
LIT = {"facecolor": "#cfe6f5", "edgecolor": plot.COLOURS[0], "linewidth": 1.6}
UNLIT = {"facecolor": "white", "edgecolor": "#c8c8c8", "linewidth": 0.8}
RISING = {"color": plot.COLOURS[0], "linestyle": "-"}
FALLING = {"color": plot.COLOURS[1], "linestyle": (0, (2.2, 0.8))}
SMALL = {"ha": "center", "va": "center", "fontsize": 8}


def integer_knots(G, k):
    """The knots -k, ..., 0, 1, ..., G, ..., G+k: with widths of one, all shares can be checked by hand."""
    return uniform_knots(0, G, G, k)


class PyramidPicture:
    """`figure` and `moving` are what a LiveFigure needs; `show(...)` sets the artists.

    What stands still (all cells unlit, the axes) is drawn anew when k or G changed. Cells stand where they would for
    knots that are whole numbers: where two knots come close, their cells would else lie upon each other.
    """

    def __init__(self):
        self.figure, self.shape, self.still, self.t = live.figure(740, HEIGHT), None, [], np.zeros(0)
        shorten(self.figure, {" share, to": ", to"})
        self.top = self.figure.add_axes([0.105, 0.795, 0.885, 0.185], ylim=(-0.06, 1.1), yticks=[0, 1], xticks=[])
        self.rows = self.figure.add_axes([0.105, 0.175, 0.885, ROWS / HEIGHT], ylim=(0, ROWS))
        self.strip = self.figure.add_axes([0.105, 0.11, 0.885, 0.05], ylim=(-1, 1), yticks=[])
        self.rows.axis("off")
        for ax, name in ((self.top, "curves"), (self.strip, "knots, x")):
            ax.text(-0.012 if ax is self.strip else -0.03, 0.5, name, transform=ax.transAxes, ha="right", va="center",
                    fontsize=9)
        self._legend()
        self._make_artists()

    def _legend(self):
        share = {"lw": 2, "marker": "^", "ms": 6}
        entries = [Patch(**LIT, label="can differ from 0 at x"), Patch(**UNLIT, label="is 0 at x"),
                   Line2D([], [], **RISING, **share, label="rising share, to the right"),
                   Line2D([], [], **FALLING, **share, label="falling share, to the left")]
        self.figure.legend(handles=entries, loc="lower center", ncols=4, fontsize=9, frameon=False,
                           bbox_to_anchor=(0.52, -0.01), handlelength=2.2, columnspacing=1.2)

    def _make_artists(self):
        """All artists that ever move, made once."""
        self.thin = [self.top.plot([], [], **plot.line_style(m), lw=1, alpha=0.5)[0] for m in range(MOST_K + MOST_G)]
        self.knots = self.strip.plot([], [], "|", color="black", ms=13, mew=1.4)[0]
        self.curves = [self.top.plot([], [], lw=2.4)[0] for _ in range(MOST_K + 1)]
        self.dots = [self.top.plot([], [], "o", ms=5)[0] for _ in range(MOST_K + 1)]
        self.probes = [ax.plot([], [], color="black", ls=":", lw=1.2)[0] for ax in (self.top, self.strip)]
        self.mark = self.strip.plot([], [], "o", color="black", ms=7)[0]
        self.boxes = self.rows.add_collection(PolyCollection([], **LIT, zorder=2), autolim=False)
        self.arrows = [self.rows.add_collection(LineCollection([], **style), autolim=False)
                       for style in (RISING, FALLING)]
        self.heads = [self.rows.plot([], [], marker=(3, 0, angle), ls="", ms=7, color=style["color"])[0]
                      for angle, style in ((-25, RISING), (25, FALLING))]
        self.words = self.rows.add_artist(Numbers(self.figure))
        self.sums = self.rows.add_artist(Numbers(self.figure))
        self.shares = [self.rows.add_artist(Numbers(self.figure, 7.5, style["color"])) for style in (RISING, FALLING)]
        self.moving = [*self.thin, self.knots, *self.curves, *self.dots, *self.probes, self.mark, self.boxes,
                       *self.arrows, *self.heads, self.words, self.sums, *self.shares]

    # --- what stands still for one k and G -------------------------------------------------------------

    def _place(self, m, d):
        """Where cell (m, d) stands: x is the middle of [t_m, t_{m+d+1}], where B_{m,d} is not zero, for whole knots.

        y is in pixels.
        """
        return m - self.shape[0] + (d + 1) / 2, 0.5 * CELL + 2 + d * self.pitch

    def _box(self, m, d):
        x, y = self._place(m, d)
        w, h = self.width / 2, CELL / 2
        return [(x - w, y - h), (x + w, y - h), (x + w, y + h), (x - w, y + h)]

    def _pixels(self, places):
        return self.rows.transData.transform(np.reshape(places, (-1, 2)))

    def _set_shape(self, k, G):
        """Axes and unlit cells for degree k and G intervals; nothing to do when they are the same."""
        if self.shape == (k, G):
            return
        for artist in self.still:
            artist.remove()
        self.shape, self.still, self.t = (k, G), [], np.zeros(0)
        columns = G + 2 * k + 0.2
        self.pitch = (ROWS - CELL - 4) / max(k, 2)
        self.width = min(0.86, 0.14 * columns)   # in units of x: narrow columns fill their cell, wide ones do not
        for ax in (self.top, self.rows, self.strip):
            ax.set_xlim(-k - 0.1, G + k + 0.1)
        self.strip.set_xticks(integer_knots(G, k))
        for ax in (self.top, self.strip):   # grey: outside the domain
            if k:
                self.still += [ax.axvspan(*ends, color="#eeeeee", zorder=0) for ends in ((-k - 1, 0), (G, G + k + 1))]
        cells = [(m, d) for d in range(k + 1) for m in range(G + 2 * k - d)]
        boxes = PolyCollection([self._box(m, d) for m, d in cells], **UNLIT, zorder=1)
        self.still.append(self.rows.add_collection(boxes, autolim=False))
        for m, d in cells:
            word = plot.indexed("B", m) + "\n0"
            self.still.append(self.rows.text(*self._place(m, d), word, color=plot.GREY, **SMALL))
        for d in range(k + 1):
            self.still.append(self.rows.text(-k - 0.1 - 0.01 * columns, self._place(0, d)[1] + 7, f"degree {d}",
                                             ha="right", va="center", fontsize=9))

    def _set_knots(self, t, k, G):
        """The knots t and all curves over them; nothing to do when they are the same."""
        if np.array_equal(self.t, t):
            return
        self.t, long = t, uniform_knots(-k, G + k, G + 2 * k, k)   # a domain that holds each support whole
        long[2 * k : 2 * k + G + 1] = t[k : k + G + 1]
        self.x, values = knots.basis_curves(long, k, 60 * (G + 2 * k) + 1)
        self.y = values[:, k : k + G + k]
        for m, line in enumerate(self.thin):
            line.set_data((self.x, self.y[:, m]) if m < G + k else ([], []))
        self.knots.set_data(t, 0 * t)

    # --- one state -------------------------------------------------------------------------------------

    def show(self, x, k, G, t, levels, first):
        """Set every moving artist: levels[d] are the values of degree d, the lit ones of degree k start at `first`."""
        self._set_shape(k, G)
        self._set_knots(t, k, G)
        lit = [(m, d) for d in range(k + 1) for m in range(first + k - d, first + k + 1)]
        self.boxes.set_verts([self._box(m, d) for m, d in lit])
        middle, pixel = self._pixels([self._place(m, d) for m, d in lit]), self.figure.dpi / 100
        self.words.put([plot.indexed("B", m) for m, _ in lit] + [f"{levels[d][m]:.3f}" for m, d in lit],
                       np.concatenate([middle + (0, 7 * pixel), middle - (0, 7 * pixel)]))
        left = self.rows.bbox.x0 - (3 if is_narrow(self.figure) else 7) * pixel
        self.sums.put([f"sum {row.sum():.3f}" for row in levels],
                      [(left, self._pixels([self._place(0, d)])[0, 1] - 7 * pixel) for d in range(k + 1)], align=1)
        self._show_curves(x, k, levels[k], first)
        self._show_shares(x, k, [(m, d) for m, d in lit if d < k])

    def _show_curves(self, x, k, values, first):
        for line, ax in zip(self.probes, (self.top, self.strip), strict=True):
            line.set_data([x, x], ax.get_ylim())
        self.mark.set_data([x], [0])
        for p, (curve, dot) in enumerate(zip(self.curves, self.dots, strict=True)):
            curve.set_visible(p <= k)
            dot.set_visible(p <= k)
            if p <= k:
                m = first + p
                curve.set(data=(self.x, self.y[:, m]), **plot.line_style(m))
                dot.set(data=([x], [values[m]]), color=plot.COLOURS[m % 7])

    def _show_shares(self, x, k, givers):
        """From each lit cell (m, d) below the top row an arrow to (m, d+1) and one to (m-1, d+1), with the shares."""
        for side, sign in ((0, 1), (1, -1)):
            lines, ends, middles, shares = [], [], [], []
            for m, d in givers:
                rising = (x - self.t[m]) / (self.t[m + d + 1] - self.t[m])
                start = np.add(self._place(m, d), (sign * 0.2 * self.width, CELL / 2))
                end = np.add(self._place(m - side, d + 1), (-sign * 0.2 * self.width, -CELL / 2 - 4))
                gap = 6.5 / (end - start)[1] * (end - start)   # the number stands in a gap of the arrow
                middle = (start + end) / 2
                lines += [[start, middle - gap], [middle + gap, end]]
                ends.append(end)
                middles.append(middle)
                shares.append((1 - rising, rising)[side == 0])
            self.arrows[side].set_segments(lines)
            self.arrows[side].set_linewidths([0.7 + 2.3 * share for share in shares for _ in range(2)] or [1])
            self.heads[side].set_data(*np.reshape(ends, (-1, 2)).T)
            words = [f"{share:.2f}" for share in shares]
            if k > 3:   # narrow columns
                words = [word.removeprefix("0") for word in words]
            if is_narrow(self.figure):
                words = ["1" if word == "1.00" else word for word in words]
            self.shares[side].put(words, self._pixels(middles))
