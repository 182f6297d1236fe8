"""The picture of the race: what both networks have learned beside the target, and their errors so far.

Only artists and where they stand; the training is in `run.py`, the choices are in `app.py`.
"""
import numpy as np
from matplotlib.cm import ScalarMappable
from matplotlib.colors import Normalize
from matplotlib.lines import Line2D

from kan_edu.seeing import live, plot

LOW, HIGH = 1e-8, 10.0   # the axis of errors; what lies beyond is drawn on its edge
NAMES = ("target", "KAN", "MLP")
LOOKS = ({"color": plot.PALE, "lw": 5}, {"color": plot.COLOURS[0], "lw": 2},
         {"color": plot.COLOURS[1], "lw": 2, "linestyle": plot.DASHES[1]})
DOTS = ({"color": plot.COLOURS[0], "ls": "", "marker": "o", "ms": 4, "mew": 0, "alpha": 0.7},
        {"color": plot.COLOURS[1], "ls": "", "marker": "s", "ms": 4, "mfc": "none"})   # of your own data
MEAN = {"color": "black", "lw": 1, "linestyle": plot.DASHES[2]}
ENDS = ("o", "s")   # the marks at the present end of the two lines
LEFT = 0.09


class RacePicture:
    """Figure and artists; `show(...)` sets them. `figure`, `moving` are what a LiveFigure needs."""

    def __init__(self, own=None):
        self.figure, self.own = live.figure(740, 460), own
        self._make_surfaces()
        self._make_curves()
        self._make_errors()
        self.moving = [*self.images, *self.curves, *self.lines, *self.ends, self.mean]
        self.shape, self.axis = None, None

    def _make_surfaces(self):
        """Three squares and a scale of colours, for a target of two variables."""
        add, span = self.figure.add_axes, {"xlim": (-1.03, 1.03), "ylim": (-1.03, 1.03)}   # room for the frame
        self.squares = [add([LEFT + 0.245 * i, 0.56, 0.2175, 0.35], **span) for i in range(3)]
        self.norm = Normalize(0, 1)
        look = {"cmap": "cividis", "norm": self.norm, "extent": (-1, 1, -1, 1), "origin": "lower"}
        self.images = [ax.imshow(np.zeros((2, 2)), **look, interpolation="nearest") for ax in self.squares]
        for i, (ax, name) in enumerate(zip(self.squares, NAMES, strict=True)):
            ax.set_title(name, fontsize=10)
            ax.set(xticks=(-1, 1), yticks=(-1, 1), xlabel="x", ylabel="y" if i == 0 else "")
            ax.xaxis.labelpad = ax.yaxis.labelpad = -9   # between the two numbers
            ax.tick_params(labelleft=i == 0)
        self.scale = add([LEFT + 0.745, 0.56, 0.016, 0.35])
        self.bar = self.figure.colorbar(ScalarMappable(self.norm, "cividis"), cax=self.scale)

    def _make_curves(self):
        """One wide panel with three curves, for a target of one variable; for your own data with points."""
        self.wide = self.figure.add_axes([LEFT, 0.56, 0.62, 0.41], xlim=(-1.03, 1.03))
        names, looks = NAMES, LOOKS
        if self.own is None:
            self.wide.set(xlabel="x", ylabel="y", xticks=(-1, 1))
            self.wide.xaxis.labelpad = -9
        else:
            names, looks = ("the same", *NAMES[1:]), ({**LOOKS[0], "lw": 2}, *DOTS)
            self.wide.set(xlabel=f"{self.own.target}, measured", ylabel=f"{self.own.target}, learnt")
        self.curves = [self.wide.plot([], [], **look)[0] for look in looks]
        handles = [Line2D([], [], label=name, **look) for name, look in zip(names, looks, strict=True)]
        self.wide.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1.02), **SIDE_LEGEND)

    def _make_errors(self):
        self.below = self.figure.add_axes([LEFT, 0.105, 0.62, 0.355], yscale="log", xlim=(0, 1))
        if self.own is None:
            self.below.set(ylabel="test RMSE", yticks=(1e-8, 1e-6, 1e-4, 1e-2, 1), ylim=(LOW, HIGH))
        else:   # a table is never learnt to the last digit
            self.below.set(ylabel="test RMSE / spread", ylim=(0.01, HIGH))
        self.below.grid(alpha=0.25)
        self.lines = [self.below.plot([], [], **look)[0] for look in LOOKS[1:]]
        self.ends = [self.below.plot([], [], mark, ms=7, color=look["color"], clip_on=False)[0]
                     for mark, look in zip(ENDS, LOOKS[1:], strict=True)]
        self.mean, = self.below.plot([], [], **MEAN)
        handles = [Line2D([], [], label=name, marker=mark, markevery=[1], ms=7, **look)
                   for name, mark, look in zip(NAMES[1:], ENDS, LOOKS[1:], strict=True)]
        handles += [Line2D([], [], label="always the mean", **MEAN),
                    Line2D([], [], ls="", label="(on the edge: beyond)")]
        self.below.legend(handles=handles, loc="upper left", bbox_to_anchor=(1.01, 1.02), **SIDE_LEGEND)

    # --- one state -----------------------------------------------------------------------------------

    def set_target(self, points, truth):
        """A target's values `truth` (points, 1) at `points` (points, n_in): the panels, and the scale of colours."""
        flat = points.shape[1] == 2 and self.own is None
        for ax in (*self.squares, self.scale):
            ax.set_visible(flat)
        self.wide.set_visible(not flat)
        for artist in (*self.images, *self.curves):   # hidden axes do not hide what is drawn over the background
            artist.set_visible(artist.axes.get_visible())
        if self.own is not None:   # in the unit in which it was measured
            points = self.own.unscaled(truth)[:, None]
        low, high = float(truth.min()), float(truth.max())
        if self.own is not None:
            ends = [low - 0.1 * (high - low), high + 0.1 * (high - low)]
            self.ends_of_y = self.own.unscaled(np.array(ends)[:, None])
            self.wide.set(xlim=self.ends_of_y, ylim=self.ends_of_y)
        elif flat:
            self.norm.vmin, self.norm.vmax = low, high
            self.bar.update_normal(self.bar.mappable)
        else:
            room = 0.3 * (high - low)
            self.wide.set_ylim(low - room, high + room)
        self.points, self.spread = points, float(truth.std())
        self._fill(0, truth[:, 0])

    def _fill(self, which, values):
        if self.own is not None:
            line = self.ends_of_y if which == 0 else self.points[:, 0]
            said = line if which == 0 else np.clip(self.own.unscaled(values[:, None]), *self.ends_of_y)
            self.curves[which].set_data(line, said)   # what is beyond stands on the border
        elif self.points.shape[1] == 1:
            self.curves[which].set_data(self.points[:, 0], values)
        else:
            side = round(len(values) ** 0.5)
            self.images[which].set_data(values.reshape(side, side))

    def show(self, laps, axis, end):
        """Both networks' laps so far, a list of pairs; `axis` "work" (in millions) or "steps", which ends at `end`."""
        self._set_axis(axis, end)
        for which, own in enumerate(zip(*laps, strict=True)):
            along = [lap.steps if axis == "steps" else lap.work / 1e6 for lap in own]
            along = np.minimum(along, self.below.get_xlim()[1])   # the last step may end a little over the budget
            errors = np.clip([lap.rmse for lap in own], *self.below.get_ylim())
            self.lines[which].set_data(along, errors)
            self.ends[which].set_data(along[-1:], errors[-1:])
            self._fill(which + 1, own[-1].outputs)
        self.mean.set_data([0, end], 2 * [self.spread])

    def _set_axis(self, axis, end):
        if (axis, end) != self.axis:   # a change costs a full drawing
            words = {"work": "multiply-adds so far, in millions", "steps": "steps of the optimiser so far"}[axis]
            self.below.set(xlim=(0, 1.02 * end), xlabel=words)
            self.axis = axis, end


SIDE_LEGEND = {"fontsize": 9, "frameon": False, "borderaxespad": 0, "handlelength": 2.6, "labelspacing": 0.65}


def round_up(number):
    """The next of 1, 2, 5, 10, 20, 50, ...: an end for an axis that need not change at every step.

    >>> [round_up(n) for n in (1, 3, 51, 2000)]
    [1, 5, 100, 2000]
    """
    power = 10 ** (len(str(int(number))) - 1)
    return next(power * step for step in (1, 2, 5, 10) if power * step >= number)
