"""The picture of the downhill app: a map of the loss with the paths on it, and the loss after each step.

Only artists and where they stand; what is computed is decided in `run.py`.
"""

import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.lines import Line2D

from kan_edu.seeing import live, plot

from .run import MAKERS, REACH, STEPS, SURFACES, heights

LOWEST, HIGHEST = 1e-12, 1e2  # of the axis of losses
BANDS, FACTOR = 12, 2.5  # of the map: from each border to the next the loss is so many times as large
PAPER = LinearSegmentedColormap.from_list("paper", ["#aeb8c2", "#fdfdfd"])  # low is dark, as a valley
STYLES = {
    name: {"color": plot.COLOURS[m], "linestyle": plot.DASHES[m % 4], "marker": marker}
    for name, m, marker in zip(MAKERS, (0, 1, 2, 3, 6), "os^Dv", strict=True)
}  # fmt: skip


class DownhillPicture:
    """Figure and artists; `figure`, `moving` are what a LiveFigure needs, `show` sets the artists."""

    def __init__(self):
        self.figure = live.figure(740, 460)
        self.map = self.figure.add_axes([0.095, 0.205, 0.405, 0.69], xlim=(-REACH, REACH), ylim=(-REACH, REACH))
        self.right = self.figure.add_axes([0.605, 0.205, 0.375, 0.69], xlim=(0, STEPS), yscale="log")
        self.right.set(xlabel="steps", ylabel="loss", yticks=np.geomspace(LOWEST, HIGHEST, 8), ylim=(LOWEST, HIGHEST))
        self.right.grid(axis="y", alpha=0.25)
        for ax, words in ((self.map, "The loss as a map"), (self.right, "The loss after each step")):
            self.figure.text(ax.get_position().x0, 0.955, words, weight="bold", fontsize=11, va="center")
        self.maps, self.surface = {}, None
        self._make_legend()
        self._make_artists()

    def _make_legend(self):
        handles = [Line2D([], [], **style, ms=4, lw=1.6, label=name) for name, style in STYLES.items()]
        handles += [Line2D([], [], color="black", marker="*", ms=10, ls="", label="lowest point"),
                    Line2D([], [], color="black", marker="o", mfc="white", ms=7, ls="", label="start")]  # fmt: skip
        self.figure.legend(handles=handles, loc="lower center", ncols=7, fontsize=9, frameon=False, handlelength=2.4,
                           columnspacing=1.3, handletextpad=0.5, borderaxespad=0.4)  # fmt: skip

    def _make_artists(self):
        one = lambda ax, *a, **kw: ax.plot([], [], *a, **kw)[0]  # noqa: E731
        self.best = one(self.map, "*", color="black", ms=11)
        self.start = one(self.map, "o", color="black", mfc="white", ms=8)
        self.paths = {name: one(self.map, **style, lw=1.4, ms=3) for name, style in STYLES.items()}
        self.ends = {name: one(self.map, style["marker"], color=style["color"], mec="white", ms=9)
                     for name, style in STYLES.items()}  # fmt: skip
        self.lines = {name: one(self.right, color=style["color"], ls=style["linestyle"], lw=1.8)
                      for name, style in STYLES.items()}  # fmt: skip
        self.heads = {name: one(self.right, style["marker"], color=style["color"], ms=7, clip_on=False)
                      for name, style in STYLES.items()}  # fmt: skip
        parts = (self.paths, self.lines, self.ends, self.heads)
        self.moving = [self.best, self.start, *(artist for part in parts for artist in part.values())]

    # --- one state -----------------------------------------------------------------------------------

    def show(self, surface, walks, step):
        """Set every moving artist: the surface's name, {optimiser: Walk}, and how many steps are shown."""
        self._show_map(surface)
        start = next(iter(walks.values())).places[0]
        self.start.set_data(*start[:, None])
        for name in STYLES:
            for part in (self.paths, self.lines, self.ends, self.heads):
                part[name].set_visible(name in walks)
            if name in walks:
                self._show_walk(name, *walks[name].until(step))

    def _show_map(self, surface):
        """The map is background: drawn anew only when another surface is chosen."""
        if surface == self.surface:
            return
        self.surface = surface
        if surface not in self.maps:
            self.maps[surface] = self._drawn(*heights(surface))
        for name, artists in self.maps.items():
            for artist in artists:
                artist.set_visible(name == surface)
        across, up = SURFACES[surface].names
        self.map.set(xlabel=across, ylabel=up)
        self.best.set_data(*np.array(SURFACES[surface].best)[:, None])

    def _drawn(self, line, loss):
        """Bands from the lowest to the highest loss, their borders as lines."""
        levels = loss.max() * FACTOR ** np.arange(1 - BANDS, 1)
        bands = self.map.contourf(line, line, loss, levels=[0, *levels], colors=PAPER(np.linspace(0, 1, BANDS)))
        borders = self.map.contour(line, line, loss, levels=levels[:-1], colors=plot.GREY, linewidths=0.5)
        return bands, borders

    def _show_walk(self, name, places, losses):
        self.paths[name].set_data(*places.T)
        self.ends[name].set_data(*places[-1:].T)
        losses = np.clip(losses, LOWEST, HIGHEST)  # what lies beyond stands on the border
        self.lines[name].set_data(np.arange(len(losses)), losses)
        self.heads[name].set_data([len(losses) - 1], losses[-1:])
