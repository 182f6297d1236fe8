"""What a call leaves behind: in the Axes that it was given, and among the widgets and figures that are open."""

import functools
from dataclasses import dataclass, field

import matplotlib.pyplot as plt
import numpy as np
from ipywidgets.widgets import widget
from matplotlib.axes import Axes

from kan_edu import plot

from .arguments import Argument


@dataclass
class Trace:
    """Goes with a call. A call that is refused puts in `left` what stays of it, and the judge sees the change."""

    left: list = field(default_factory=list)


TRACE = Argument(Trace)


def leaves_nothing(function, look):
    """function(**arguments) as a function that also takes a `trace`; look(arguments) says what is there."""

    @functools.wraps(function)
    def call(trace, **arguments):
        before = look(arguments)
        try:
            return function(**arguments)
        except Exception:
            trace.left += [part for part in look(arguments) if part not in before]
            trace.left += [f"gone: {part}" for part in before if part not in look(arguments)]
            raise

    return call


def drawn(function):
    """A function f(..., ax) -> Axes that also takes a `trace`; it gives back what stands in the Axes, once drawn."""

    def draw(**arguments):
        ax = function(**arguments)
        ax.figure.set_dpi(40)
        ax.figure.canvas.draw()
        return contents(ax)

    return leaves_nothing(draw, lambda arguments: inside(arguments.get("ax")))


def inside(ax):
    """All that stands in an Axes, as words; nothing for what is no Axes."""
    if not isinstance(ax, Axes):
        return []
    words = [f"{type(child).__name__} {child.get_label()}" for child in ax.get_children()]
    limits = f"limits {ax.get_xlim()} {ax.get_ylim()} {ax.get_xscale()} {ax.get_yscale()}"
    return [*words, limits, f"labels {ax.get_xlabel()} {ax.get_ylabel()}", f"{len(ax.figure.axes)} axes"]


def contents(ax):
    """What is drawn: the finite points of each line (NaN if there is none), images, words."""
    lines = [np.stack([np.asarray(part, dtype=float) for part in line.get_data()]) for line in ax.lines]
    points = [xy[:, np.isfinite(xy).all(axis=0)] for xy in lines]
    points = [part if part.size or not xy.size else np.nan for part, xy in zip(points, lines, strict=True)]
    return {"points": points, "images": [np.asarray(image.get_array()) for image in ax.images],
            "collections": [np.asarray(one.get_facecolor()) for one in ax.collections],
            "words": [text.get_text() for text in ax.texts], "labels": [line.get_label() for line in ax.lines],
            "limits": [*ax.get_xlim(), *ax.get_ylim()], "axes": [ax.get_xlabel(), ax.get_ylabel()]}  # fmt: skip


def with_widgets(function):
    """A function that also takes a `trace`; refused, it is to leave no widget and no figure open."""
    return leaves_nothing(function, lambda _: open_things())


def open_things():
    """The widgets and the figures of pyplot that are open now, as words."""
    return [*map(str, widget._instances), *(f"figure {number}" for number in plt.get_fignums())]


def axes():
    """Axes to draw into."""
    return plot.new_axes(300, 200)
