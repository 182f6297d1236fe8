"""The picture of the XOR app: the input space with its regions, and beside it the plane on its way to the hidden space.

Only artists and where they stand; the net and the folding are made in `app.py`.
"""
import numpy as np
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from kan_edu.apps.common.shapes import closed, half_plane, segment
from kan_edu.apps.common.words import Words
from kan_edu.seeing import live, plot
from kan_edu.seeing.dark import PAINTED
from kan_edu.seeing.letters import growth

LOW, HIGH = -0.5, 1.5         # the part of the input space that is seen
NEAR, FAR = -1.5, 2.5         # the part of the hidden space
SIDE = 290                    # points of the left square in which the net is evaluated, in each direction: its pixels
BLUE, RED, GREEN, PINK = plot.COLOURS[:4]
PALE = {0: (BLUE, 0.16), 1: (RED, 0.20)}   # colour and strength of the region of each output
FOLDS = ({"color": GREEN, "ls": (0, (5, 1.5))}, {"color": PINK, "ls": (0, (1.5, 1))})
NAMES = ("00", "01", "10", "11")


def grid_lines(n=9, points=41):
    """The lines x1 = constant and x2 = constant of the input space, each (n, points, 2)."""
    at, along = np.meshgrid(np.linspace(LOW, HIGH, n), np.linspace(LOW, HIGH, points), indexing="ij")
    return np.stack([at, along], axis=-1), np.stack([along, at], axis=-1)


class XorPicture:
    """`figure`, `moving` are what a LiveFigure needs; `show` and `head` set the artists.

    X, labels    the four points (4, 2) and their classes (4,)
    """

    def __init__(self, X, labels):
        self.X, self.labels, self.grid = X, labels, grid_lines()
        middles = LOW + (HIGH - LOW) * (np.arange(SIDE) + 0.5) / SIDE
        self.pixels = np.stack(np.meshgrid(middles, middles), axis=-1).reshape(-1, 2)
        self.figure = live.figure(740, 425)
        self.left = self._axes(45, LOW, HIGH, "x₁", "x₂", [0, 1])
        self.right = self._axes(415, NEAR, FAR, "first coordinate", "second", [-1, 0, 1, 2])
        self._legend()
        self._make_artists()

    def _axes(self, x, low, high, across, up, ticks):
        ax = self.figure.add_axes([x / 740, 100 / 425, 290 / 740, 290 / 425], xlim=(low, high), ylim=(low, high),
                                  xticks=ticks, yticks=ticks)
        ax.set_xlabel(across, labelpad=1, fontsize=9)
        ax.set_ylabel(up, labelpad=1, fontsize=9)
        ax.tick_params(labelsize=9)
        return ax

    def _legend(self):
        point = {"ls": "", "ms": 7, "mec": "black"}
        entries = [Line2D([], [], **point, color=BLUE, marker="o", label="point of class 0"),
                   Line2D([], [], **point, color=RED, marker="s", label="point of class 1"),
                   Patch(facecolor=BLUE, alpha=0.16, label="y < ½: says 0"),
                   Patch(facecolor=RED, alpha=0.20, label="y > ½: says 1"),
                   Line2D([], [], color="black", lw=2, label="y = ½"),
                   Patch(facecolor="white", edgecolor=plot.GREY, lw=0.6, label="y = ½ all over"),
                   Line2D([], [], **FOLDS[0], lw=1.8, label="sum of h₁ is 0"),
                   Line2D([], [], **FOLDS[1], lw=1.8, label="sum of h₂ is 0"),
                   Line2D([], [], color="black", lw=0.8, label="grid, x₁ fixed"),
                   Line2D([], [], color=plot.GREY, lw=0.8, ls=(0, (4, 2)), label="grid, x₂ fixed")]
        self.figure.legend(handles=entries, loc="lower left", ncols=5, fontsize=8.5, frameon=False, handlelength=2,
                           bbox_to_anchor=(0.02, 0.01), columnspacing=1.2, labelspacing=0.5, borderaxespad=0)

    def _make_artists(self):
        """All artists that ever move, made once."""
        left, right = self.left, self.right
        one = lambda ax, *a, **kw: ax.plot([], [], *a, **kw)[0]   # noqa: E731
        self.image = left.imshow(np.zeros((SIDE, SIDE, 3), dtype=np.uint8), extent=(LOW, HIGH, LOW, HIGH),
                                 origin="lower", interpolation="nearest", aspect="auto", zorder=0)
        self.image.set_url(PAINTED)
        self.sides = [right.fill([], [], color=PALE[c][0], alpha=PALE[c][1], lw=0, zorder=0)[0] for c in (0, 1)]
        self.border = one(right, color="black", lw=2)
        self.folds = [one(left, lw=1.8, **look) for look in FOLDS]
        looks = ({"colors": "black", "linewidths": 0.8},
                 {"colors": plot.GREY, "linewidths": 0.8, "linestyles": [(0, (4, 2))]})
        self.lines = [right.add_collection(LineCollection([], **look), autolim=False) for look in looks]
        self.points = [one(ax, "os"[c], ms=9, color=(BLUE, RED)[c], mec="black")
                       for ax in (left, right) for c in (0, 1)]
        for c in (0, 1):
            self.points[c].set_data(*self.X[self.labels == c].T)
        self.names = [Words(ax, 0, 0) for ax in (left, right) for _ in NAMES]
        for name in self.names:
            name.set_zorder(3)   # over the points: where points are close, a name may begin on the next one
        self.heads = [Words(left, LOW, HIGH + 0.09), Words(right, NEAR, FAR + 0.18)]
        self.moving = [self.image, *self.sides, self.border, *self.folds, *self.lines, *self.points, *self.names,
                       *self.heads]

    def head(self, t, weights, right):
        """The words above both squares."""
        self.heads[0].set_text(f"input space, {weights}: {right} of 4 right")
        where = "x itself" if t == 0 else "x to W x + b" if t < 0.5 else "W x + b" if t == 0.5 else "W x + b to h"
        self.heads[1].set_text(f"folded {100 * t:.0f} %: " + ("h, the hidden space" if t == 1 else where))

    def show(self, net, fold, t):
        """The regions of the net on both sides, and the plane folded to t by fold(points (N, 2)) -> (N, 2)."""
        (W, b), (v, c) = ((layer.W, layer.b) for layer in net.layers)
        self.image.set_data(regions(net(self.pixels)[:, 0].reshape(SIDE, SIDE)))
        for side, sign in zip(self.sides, (-1, 1), strict=True):
            side.set_xy(closed(half_plane(sign * v[0], sign * (c[0] - 0.5), NEAR, FAR)))
        self.border.set_data(*segment(v[0], c[0] - 0.5, np.full(2, (NEAR + FAR) / 2)).T)
        for j in range(2):
            self.folds[j].set_data(*segment(W[j], b[j], np.full(2, 0.5)).T)
        for lines, grid in zip(self.lines, self.grid, strict=True):
            lines.set_segments(list(fold(grid.reshape(-1, 2)).reshape(grid.shape)))
        places = fold(self.X)
        for k in (0, 1):
            self.points[2 + k].set_data(*places[self.labels == k].T)
        self._show_names(places)

    def _show_names(self, places):
        """00, 01, 10, 11 beside the points; points that meet share one line of text."""
        larger = growth(self.figure, 9)
        for n, name in enumerate(NAMES):
            self.names[n].set(text=name, position=(self.X[n, 0] + 0.07, self.X[n, 1] + 0.09))
            near = (np.abs(places - places[n]) < (0.42 * larger, 0.25 * larger)).all(axis=1)
            first = int(np.argmax(near)) == n and bool((np.abs(places[n] - 0.5) < 2.0).all())
            shared = " ".join(other for other, close in zip(NAMES, near, strict=True) if close)
            at = np.minimum(places[n] + (0.13, 0.17), (FAR - 0.17 * larger * len(shared), FAR - 0.12))
            self.names[4 + n].set(text=shared if first else "", position=tuple(map(float, at)))


def regions(y):
    """Outputs (n, n) as colours (n, n, 3): pale blue below 1/2, pale red above, white at 1/2, black in between."""
    pale = [[255 * (1 - a + a * part) for part in to_rgb(colour)] for colour, a in PALE.values()]
    paint = np.uint8([[255] * 3, pale[1], [0] * 3, pale[0]])   # by 0, 1, 2, and -1, the last
    # with a tolerance: an output that is 1/2 on a whole area must not become noise that differs from machine to machine
    above, below = y > 0.5 + 5e-10, y < 0.5 - 5e-10
    says = above.astype(np.int8) - below
    across, up = (np.diff(above, axis=axis) for axis in (1, 0))   # True between two pixels that differ
    edge = np.zeros_like(above)
    for part, change in ((edge[:, 1:], across), (edge[:, :-1], across), (edge[1:], up), (edge[:-1], up)):
        part |= change   # both pixels: a line of one is thin, and dotted where it runs obliquely
    says[edge] = 2
    return paint[says]
