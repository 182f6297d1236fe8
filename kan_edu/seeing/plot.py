"""Static pictures of basis functions, splines, edges, losses and errors.

Every function draws into the Axes it is given, or into a new Figure that pyplot does not know, and
returns the Axes: f(data, *, ..., ax=None) -> ax. A curve is told from the others by its colour and by
its line style, so that no picture depends on colour alone. `Picture(ax, alt)` shows one in a notebook.
"""
import base64
import importlib
import io

import numpy as np
from matplotlib.figure import Figure

from kan_edu.checks.arguments import check_flag, check_integer, shown
from kan_edu.checks.arrays import alike, check_vector, numbers
from kan_edu.checks.words import check_names, check_text, subscript
from kan_edu.splines.bspline import basis as basis_values
from kan_edu.splines.bspline import check_knots, domain, evaluate

from .canvas import GREY, PALE, check_axes, check_drawable, check_points, new_axes
from .knots import basis_curves, curve_points, greville, show_knots

# The hues of Okabe and Ito, Color Universal Design (2008), without their yellow; darker, so that each has a contrast of
# 3 to 1 on white, and so far apart that those who see two of three colours can tell any two as well as those of 2008.
COLOURS = ("#08619A", "#A34600", "#00A158", "#D06698", "#C38700", "#1B84FF", "#000000")
DASHES = ("-", (0, (5, 1.5)), (0, (1.5, 1)), (0, (6, 1.5, 1.5, 1.5)))   # solid, dashed, dotted, dash-dot
ELSEWHERE = {"network": "plot_network", "decision_regions": "plot_regions", "surface": "plot_regions"}   # these need us


def __getattr__(name):
    if name in ELSEWHERE:
        return getattr(importlib.import_module(f".{ELSEWHERE[name]}", __package__), name)
    raise AttributeError(f"kan_edu.plot has no {name!r}")


def line_style(m):
    """Colour and dashes of curve number m, 0, 1, ...: 28 curves before a pair repeats. ValueError for another m."""
    m = check_integer(m, "m", 0, 10**9)
    return {"color": COLOURS[m % 7], "linestyle": DASHES[m % 4]}


def indexed(letter, m):
    """A name with a subscript m >= 0 as plain text, which draws ten times faster than TeX: 'B₁₂'."""
    return check_text(letter, "letter", "B") + subscript(check_integer(m, "m", 0, 10**9))


class Picture:
    """A figure as the last expression of a cell: a PNG with an alt text, and the same words as plain text.

    ax    an Axes or a Figure
    alt   one sentence that says what there is to see; with rounded numbers, the same on every machine

    Raises ValueError for anything else.

    >>> Picture(new_axes(), "an empty picture")
    Picture: an empty picture
    """

    def __init__(self, ax, alt):
        figure = getattr(ax, "figure", ax)
        if not isinstance(figure, Figure):
            raise ValueError(f"ax is {shown(ax)}; expected the Axes that were drawn into, or their Figure")
        self.figure, self.alt = figure, check_text(alt, "alt", "a parabola")

    def __repr__(self):
        return f"Picture: {self.alt}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        out = io.BytesIO()
        self.figure.savefig(out, format="png")
        png = base64.b64encode(out.getvalue()).decode("ascii")   # text: not every kernel encodes bytes
        return {"text/plain": repr(self), "image/png": png}, {"image/png": {"alt": self.alt}}


def side_legend(ax, **kw):
    """A legend to the right of the Axes, where it covers no data; more than 12 entries take two columns."""
    n = len(_needed(ax).get_legend_handles_labels()[0])
    return ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0, fontsize="small",
                     frameon=False, ncols=1 + (n > 12), handlelength=2.6, **kw)


def _needed(ax):
    """Axes, and not None."""
    if ax is None:
        raise ValueError("ax is None; expected the Axes that were drawn into, such as those that plot.edge returns")
    return check_axes(ax)


def _asked(ax, **flags):
    """The doors of all pictures, before anything is drawn: Axes or None, and True or False for each flag."""
    for name, value in flags.items():
        check_flag(value, name)
    return check_axes(ax)


# --- the pictures ----------------------------------------------------------------------------------

def basis(t, k, *, total=True, legend=True, ax=None):
    """All G+k basis functions of degree k on the knots t (G+2k+1,), and their sum, which is 1.

    Raises ValueError for knots that are none, and Axes that are none; nothing is drawn then.
    """
    ax, (x, values) = _asked(ax, total=total, legend=legend), basis_curves(t, k)
    ax = new_axes() if ax is None else ax
    for m, column in enumerate(values.T):
        ax.plot(x, column, **line_style(m), lw=1.8, label=indexed("B", m))
    if total:  # wide and pale: for k = 0 every function runs along it
        ax.plot(x, basis_values(x, t, k).sum(axis=1), color=PALE, lw=6, zorder=1, label="sum of all")
    show_knots(t, k, ax)
    ax.set(ylim=(-0.04, 1.1), xlabel="x (ticks: knots)", ylabel=f"B(x), degree {k}")
    if legend:
        side_legend(ax)
    return ax


def spline(t, c, k, *, data=None, parts=False, coefficients=True, legend=True, ax=None):
    """The spline s(x) = sum_m c_m B_m(x) on the knots t, c (G+k,).

    data            (x, y): sample points, drawn behind the curve
    parts           also draw each c_m B_m(x)
    coefficients    also draw each c_m at its Greville point

    Raises ValueError for knots, coefficients, data or Axes that are none; nothing is drawn then.
    """
    ax, t = _asked(ax, parts=parts, coefficients=coefficients, legend=legend), check_knots(t, k)
    k, (x, breaks) = int(k), curve_points(t, k)
    c = check_drawable(check_vector(c, "c", len(t) - k - 1), "c")
    data = None if data is None else check_points(data)
    s, columns = evaluate(x, c, t, k), basis_curves(t, k)[1].T if parts else []   # refused before anything is drawn
    ax = new_axes() if ax is None else ax
    if data is not None:
        ax.plot(*data, "o", color=GREY, ms=4, alpha=0.75, label="data")
    for m, column in enumerate(columns):
        ax.plot(x, c[m] * column, **line_style(m), lw=1, label=indexed("c", m) + indexed("B", m))
    ax.plot(x, np.where(breaks, np.nan, s), color="black", lw=2.2, label="spline s(x)")
    show_knots(t, k, ax)
    if coefficients:
        at = np.clip(greville(t, k), *domain(t, k))   # the first and last lie beyond the ends: shown on them
        ax.plot(at, c, "s", mfc="white", color=COLOURS[1], ms=6, label="coefficients c")
    ax.set(xlabel="x (ticks: knots)", ylabel=f"s(x), degree {k}")
    if legend:
        side_legend(ax)
    return ax


def edge(x, phi, *, labels=None, samples=None, xlabel="x", ylabel="φ(x)", legend=True, ax=None):
    """The function of one edge, phi (N,) at x (N,), or of q edges with one input, phi (N, q).

    labels     q names for the legend
    samples    inputs that the edge has seen: short strokes along the lower border, so that one sees where
               the curve rests on data and where it does not

    Raises ValueError for shapes that do not fit, too few names, Axes that are none; nothing is drawn then.
    """
    ax, x, phi = _asked(ax, legend=legend), check_drawable(check_vector(x), "x"), numbers(phi, "phi")
    if phi.ndim not in (1, 2) or len(phi) != len(x) or phi.size == 0:
        raise ValueError(f"phi has shape {phi.shape} at x of shape {x.shape}; expected (N,) or (N, q) at N places")
    columns = check_drawable(phi.reshape(len(x), -1).T, "phi")   # (q, N)
    xlabel, ylabel = check_text(xlabel, "xlabel"), check_text(ylabel, "ylabel")
    if labels is None:
        labels = [ylabel] if len(columns) == 1 else [indexed("φ", m) for m in range(len(columns))]
    labels = check_names(labels, len(columns), "labels")
    samples = None if samples is None else check_drawable(check_vector(samples, "samples"), "samples")
    ax = new_axes() if ax is None else ax
    for m, column in enumerate(columns):
        ax.plot(x, column, **line_style(m), lw=2, label=labels[m])
    if samples is not None:
        ax.plot(samples, np.full(len(samples), 0.015), "|", color=GREY, ms=7, mew=0.6, alpha=0.6,
                transform=ax.get_xaxis_transform(), label="samples")
    ax.set(xlabel=xlabel, ylabel=ylabel)
    ax.grid(alpha=0.25)
    if legend:
        side_legend(ax)
    return ax


def losses(history, *, ylabel="loss", legend=True, ax=None):
    """Loss against step on a logarithmic scale.

    history    what `fit` returns, or its losses (steps,); or {name: one of these} to compare runs

    Raises ValueError for what holds no losses, and losses below 0; nothing is drawn then.
    """
    ax, ylabel = _asked(ax, legend=legend), check_text(ylabel, "ylabel")
    runs = history if isinstance(history, dict) else {"": history}
    if not runs:
        raise ValueError("history is an empty dict; expected {name: a History}, one or more")
    runs = [(check_text(name, "the name of a run", "Adam"), *_run(run)) for name, run in runs.items()]
    ax = new_axes() if ax is None else ax
    for m, (name, train, steps, val) in enumerate(runs):
        ax.plot(train, **line_style(m), lw=1.8, label=f"{name} train".strip())   # train[s] is the loss before step s
        if len(val):
            ax.plot(steps, val, color=COLOURS[m % 7], ls=":", lw=1, marker=".", ms=4,
                    label=f"{name} validation".strip())
    ax.set(xlabel="step", ylabel=ylabel, yscale="log")
    ax.grid(alpha=0.25)
    if legend:
        side_legend(ax)
    return ax


def dots(errors, names, *, xlabel="RMSE", legend=True, ax=None):
    """Errors on a logarithmic axis, with their values: a row for each task, in it a mark for each of q models.

    errors    {task: (q,) errors above 0}, the first task uppermost
    names     q names of models for the legend

    Raises ValueError for errors that are none, names or Axes that are none; nothing is drawn then.
    """
    ax, xlabel = _asked(ax, legend=legend), check_text(xlabel, "xlabel")
    if not isinstance(errors, dict) or not errors:
        raise ValueError(f"errors is {shown(errors)}; expected {{task: errors of the models}}, one row or more")
    names = check_names(names, 1, "names", 10**6)
    tasks = [check_text(task, "the name of a task", "f1") for task in errors]
    columns = np.array([check_vector(row, f"the errors of {task!r}", len(names)) for task, row in errors.items()]).T
    if (check_drawable(columns, "errors") <= 0).any():
        raise ValueError(f"errors go down to {columns.min():.3g}; expected numbers above 0, for a logarithmic scale")
    ax = new_axes(700, 120 + 45 * len(tasks)) if ax is None else ax
    for m, (name, column) in enumerate(zip(names, columns, strict=True)):
        ax.plot(column, range(len(column)), "os^vDP*"[m % 7], color=COLOURS[m % 7], ms=8, label=name)
        for row, error in enumerate(column):   # one above its mark, the next below: neighbours stay legible
            ax.annotate(f"{error:.0e}", (error, row), (0, 8 - 24 * (m % 2)), textcoords="offset points", ha="center",
                        fontsize=8, color=COLOURS[m % 7])
    ax.set(xscale="log", xlabel=xlabel, ylim=(len(tasks) - 0.4, -0.6))
    ax.set_yticks(range(len(tasks)), tasks)
    ax.margins(x=0.08)
    ax.grid(alpha=0.25)
    if legend:
        side_legend(ax)
    return ax


def _run(run):
    """(losses, steps of validation, losses there) of a History or an array of losses; ValueError for all else."""
    if hasattr(run, "stages"):
        raise ValueError("this is a Refinement, which has a History for each grid; expected one of them: "
                         "plot.losses(refinement.stages[-1].history)")   # fmt: skip
    val = getattr(run, "val_loss", ())
    found = [check_vector(getattr(run, "loss", run), "the losses"), np.zeros(0), np.zeros(0)]
    if len(val):
        found[1:] = alike(check_vector(run.val_steps, "val_steps"), check_vector(val, "val_loss"))
    for losses in (found[0], found[2]):
        if (check_drawable(losses, "the losses") < 0).any() or (losses.size and not losses.any()):
            raise ValueError(f"the losses go down to {losses.min():.3g}, and a logarithmic scale shows only what is "
                             "above 0; expected losses, such as History.loss")  # fmt: skip
    return found
