"""The picture of the psi app: the whole staircase on the left, a window of it on the right.

Only artists and where they stand; the values come from `koppen`.
"""
import numpy as np
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from kan_edu.apps.common.words import Words
from kan_edu.seeing import live, plot
from kan_edu.seeing.letters import shorten

LINE, RED = plot.COLOURS[0], plot.COLOURS[1]


class PsiPicture:
    """`figure` and `moving` are what a LiveFigure needs; `show` sets the artists."""

    def __init__(self):
        self.figure = live.figure(740, 360)
        shorten(self.figure, {"left end": "left", "right end": "right"})
        self.whole = self.figure.add_axes([0.065, 0.24, 0.41, 0.66], xlim=(0, 1), ylim=(-0.03, 1.03))
        self.window = self.figure.add_axes([0.545, 0.24, 0.41, 0.66], xlim=(0, 1), ylim=(-0.05, 1.05),
                                           xticks=[0, 0.5, 1], yticks=[])
        self.window.set_xticklabels(["left end", "d", "right end"], fontsize=8)
        self.whole.set_xlabel("d")
        self.whole.set_title("psi(d), all of it", fontsize=10)
        self.window.set_title("the window, stretched to full height", fontsize=10)
        entries = [Line2D([], [], color=LINE, lw=1.6, label="psi"),
                   Patch(facecolor=RED, alpha=0.3, label="the window"),
                   Line2D([], [], color=RED, marker="v", ls="", ms=7, label="here psi falls")]
        self.figure.legend(handles=entries, loc="lower center", ncols=3, fontsize=9, frameon=False)
        self.curves = [ax.plot([], [], color=LINE, lw=1.6)[0] for ax in (self.whole, self.window)]
        self.falls = self.window.plot([], [], "v", color=RED, ms=7)[0]
        self.band = self.whole.fill([], [], color=RED, alpha=0.3, lw=1.5)[0]
        self.head = Words(self.window, 0.12, -0.28)
        self.moving = [self.band, *self.curves, self.falls, self.head]

    def show(self, whole, height, rise, left, width):
        """whole: psi at equal steps from 0 to 1; height: in the window [left, left + width], scaled to 0..1."""
        self.curves[0].set_data(np.linspace(0, 1, len(whole)), whole)
        place = np.linspace(0, 1, len(height))
        self.curves[1].set_data(place, height)
        falls = np.flatnonzero(np.diff(height) < 0) + 1
        self.falls.set_data(place[falls], height[falls])
        middle, half = left + width / 2, max(width / 2, 0.004)   # never too narrow to be seen
        self.band.set_xy([(middle - half, -0.03), (middle + half, -0.03), (middle + half, 1.03), (middle - half, 1.03)])
        self.head.set_text(f"width {width:g}, psi spans {rise:.2g}")
