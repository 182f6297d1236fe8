"""The picture of the equation app: the solution, where each network is wrong, and the largest error so far.

Only artists and where they stand; the training is in `run.py`, the choices are in `app.py`.
"""
import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import LogNorm, Normalize
from matplotlib.lines import Line2D

from kan_edu.apps.common.words import Words
from kan_edu.seeing import live, plot

LOW, HIGH = 1e-8, 10.0     # what is shown of errors; what lies beyond is drawn on the edge
LOOKS = ({"color": plot.COLOURS[0], "lw": 2}, {"color": plot.COLOURS[1], "lw": 2, "linestyle": plot.DASHES[1]})
NOTHING = {"color": "black", "lw": 1, "linestyle": plot.DASHES[2]}
FINER = {"color": plot.GREY, "lw": 0.9}
ENDS = ("o", "s")
BOTTOM, HEIGHT, WIDTH = 0.55, 0.355, 0.2207   # of the three squares, in parts of a figure of 740 x 460


class EquationPicture:
    """Figure and artists; `show(...)` sets them. `figure`, `moving` are what a LiveFigure needs."""

    def __init__(self):
        self.figure = live.figure(740, 460)
        self._make_maps()
        self._make_errors()
        self.moving = [*self.maps, self.finer, self.nothing, *self.lines, *self.ends, *self.sizes]
        self.shape = None

    def _make_maps(self):
        """Three squares, each scale of colours to the right of what it belongs to."""
        self.squares = [self.figure.add_axes([left, BOTTOM, WIDTH, HEIGHT], xlim=(-1.03, 1.03), ylim=(-1.03, 1.03))
                        for left in (0.075, 0.42, 0.665)]
        names = ("the solution u*", "KAN: |u − u*|", "MLP: |u − u*|")
        for ax, name in zip(self.squares, names, strict=True):
            ax.set_title(name, fontsize=10)
            ax.set(xticks=(-1, 1), yticks=(-1, 1), xlabel="x")
            ax.xaxis.labelpad = -9   # between the two numbers
        self.squares[0].set_ylabel("y", labelpad=-9, rotation=0)
        for ax in self.squares[1:]:   # their numbers would meet those of the first scale
            ax.tick_params(labelleft=False)
        self.norms, place = (Normalize(-1, 1), LogNorm(LOW, 1)), {"extent": (-1, 1, -1, 1), "origin": "lower"}
        looks = [{"norm": norm, "cmap": name} for norm, name in zip(self.norms, ("cividis", "magma"), strict=True)]
        self.solution, *self.maps = [ax.imshow(np.full((2, 2), 0.5), **looks[i > 0], **place, interpolation="nearest")
                                     for i, ax in enumerate(self.squares)]
        places = [self.figure.add_axes([left, BOTTOM, 0.014, HEIGHT]) for left in (0.31, 0.90)]
        self.bars = [self.figure.colorbar(ScalarMappable(**look), cax=ax)
                     for look, ax in zip(looks, places, strict=True)]
        self.bars[1].ax.set_yticks([1e-8, 1e-6, 1e-4, 1e-2, 1])
        self.bars[1].ax.minorticks_off()

    def _make_errors(self):
        self.below = self.figure.add_axes([0.1, 0.105, 0.61, 0.335], yscale="log", ylim=(LOW, HIGH), xlim=(0, 61))
        self.below.set(ylabel="largest error", xlabel="steps of the optimiser", yticks=(1e-8, 1e-6, 1e-4, 1e-2, 1))
        self.below.grid(axis="y", alpha=0.25)
        self.finer = self.below.vlines([], 0, 1, **FINER, transform=self.below.get_xaxis_transform())
        self.nothing, = self.below.plot([], [], **NOTHING)
        self.lines = [self.below.plot([], [], **look)[0] for look in LOOKS]
        self.ends = [self.below.plot([], [], mark, ms=7, color=look["color"], clip_on=False)[0]
                     for mark, look in zip(ENDS, LOOKS, strict=True)]
        self.sizes = [Words(self.below, 0, 0) for _ in range(4)]
        handles = [Line2D([], [], label=name, marker=mark, markevery=[1], ms=7, **look)
                   for name, mark, look in zip(("KAN", "MLP"), ENDS, LOOKS, strict=True)]
        handles += [Line2D([], [], label="the grid is divided", **FINER),
                    Line2D([], [], label="u = 0 everywhere", **NOTHING),
                    Line2D([], [], ls="", label="(on the edge: beyond)")]
        self.below.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1.02), fontsize=9, frameon=False,
                          borderaxespad=0, handlelength=2.2, labelspacing=0.65)

    # --- one state -----------------------------------------------------------------------------------

    def set_problem(self, truth, steps):
        """The solution (side, side), and how many steps a whole run has: both stand in the background."""
        self.solution.set_data(truth)
        with self.norms[0].callbacks.blocked():   # both ends at once, or low may lie above high
            self.norms[0].vmin, self.norms[0].vmax = float(truth.min()), float(truth.max())
        self.solution.changed()
        self.bars[0].update_normal(self.bars[0].mappable)
        self.below.set_xlim(0, 1.02 * steps)
        self.nothing.set_data([0, steps], 2 * [float(np.abs(truth).max())])
        self.figure.stale = True

    def show(self, laps):
        """Both networks' laps so far, a list of pairs."""
        for which, own in enumerate(zip(*laps, strict=True)):
            along, errors = [lap.steps for lap in own], np.clip([lap.worst for lap in own], LOW, HIGH)
            self.lines[which].set_data(along, errors)
            self.ends[which].set_data(along[-1:], errors[-1:])
            self.maps[which].set_data(np.clip(own[-1].error, LOW, 1))
        kans = [pair[0] for pair in laps]
        begins = [0, *(one.steps for one, other in zip(kans, kans[1:], strict=False) if other.G != one.G)]
        sizes = list(dict.fromkeys(lap.G for lap in kans))
        self.finer.set_segments([[(step, 0), (step, 1)] for step in begins[1:]])
        self._name_grids(begins, sizes)

    def _name_grids(self, begins, sizes):
        room = 0.01 * self.below.get_xlim()[1]
        for place, words in enumerate(self.sizes):
            words.set_visible(place < len(sizes))
            if place < len(sizes):
                words.set_text(f"G = {sizes[place]}")
                words.set_position((begins[place] + room, HIGH * (HIGH / LOW) ** 0.045))   # a little above the axis
