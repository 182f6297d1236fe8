"""Static pictures of basis functions, splines, edges and losses.

Every function draws into the Axes it is given, or into a new Figure that pyplot does not know, and
returns the Axes: f(data, *, ..., ax=None) -> ax. A curve is told from the others by its colour and by
its line style, so that no picture depends on colour alone. `Picture(ax, alt)` shows one in a notebook.
"""
import importlib
import io

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from kan_edu.checks.arrays import alike, check_vector, numbers
from kan_edu.splines.bspline import basis as basis_values
from kan_edu.splines.bspline import domain, evaluate

# Okabe and Ito, Color Universal Design (2008), without their yellow, which is too pale on white.
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
DASHES = ("-", (0, (5, 1.5)), (0, (1.5, 1)), (0, (6, 1.5, 1.5, 1.5)))   # solid, dashed, dotted, dash-dot
GREY = "#6b6b6b"
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
ELSEWHERE = {"network": "plot_network", "decision_regions": "plot_regions", "surface": "plot_regions"}   # these need us


def __getattr__(name):
    if name in ELSEWHERE:
        return getattr(importlib.import_module(f".{ELSEWHERE[name]}", __package__), name)
    raise AttributeError(f"kan_edu.plot has no {name!r}")


def line_style(m):
    """Colour and dashes of curve number m: 28 curves before a pair repeats."""
    return {"color": COLOURS[m % 7], "linestyle": DASHES[m % 4]}


def indexed(letter, m):
    """A name with a subscript as plain text, which draws ten times faster than TeX: 'B₁₂'."""
    return letter + str(m).translate(SUBSCRIPTS)


def new_axes(width=700, height=380, dpi=100):
    """Axes in a white Figure of width x height pixels that no global registry keeps."""
    fig = Figure((width / dpi, height / dpi), dpi=dpi, facecolor="white", layout="constrained")
    FigureCanvasAgg(fig)
    return fig.add_subplot()


class Picture:
    """A figure as the last expression of a cell: a PNG with an alt text, and the same words as plain text.

    ax    an Axes or a Figure
    alt   one sentence that says what there is to see; with rounded numbers, the same on every machine

    >>> Picture(new_axes(), "an empty picture")
    Picture: an empty picture
    """

    def __init__(self, ax, alt):
        self.figure, self.alt = getattr(ax, "figure", ax), alt

    def __repr__(self):
        return f"Picture: {self.alt}"

    def _repr_mimebundle_(self, include=None, exclude=None):
        out = io.BytesIO()
        self.figure.savefig(out, format="png")
        return {"text/plain": repr(self), "image/png": out.getvalue()}, {"image/png": {"alt": self.alt}}


# --- where to draw ---------------------------------------------------------------------------------

def greville(t, k):
    """Where coefficient c_m is drawn: the mean of the knots t_{m+1} .. t_{m+k} inside B_m; (G+k,).

    A spline with c_m = greville(t, k)[m] is the straight line s(x) = x. For k = 0: the middle of the piece.

    >>> greville([-1, 0, 1, 2], 1)
    array([0., 1.])
    """
    t = check_vector(t, "the knot vector")
    if k == 0:
        return (t[1:] + t[:-1]) / 2
    return np.convolve(t[1:-1], np.ones(k) / k, mode="valid")


def curve_points(t, k, n=300):
    """x (P,) on the domain with every knot in it, and breaks (P,): True where a line must end at a jump."""
    lo, hi = domain(t, k)
    knots, times = np.unique(numbers(t, "the knot vector"), return_counts=True)
    inside = (lo < knots) & (knots < hi)
    before = np.nextafter(knots[inside], -np.inf)   # the left limit, as far as float64 can tell
    jumps = before[times[inside] > k]
    x = np.concatenate([np.linspace(lo, hi, n), knots[inside], before, jumps])
    order = np.argsort(x, kind="stable")
    breaks = np.concatenate([np.zeros(len(x) - len(jumps), dtype=bool), np.ones(len(jumps), dtype=bool)])
    return x[order], breaks[order]


def basis_curves(t, k, n=300):
    """x (P,) and the basis functions there (P, G+k); NaN, which draws nothing, off the support, at jumps."""
    t = numbers(t, "the knot vector")
    x, breaks = curve_points(t, k, n)
    values = basis_values(x, t, k)
    off = (x[:, None] < t[: -k - 1]) | (x[:, None] > t[k + 1 :])   # B_m lives on [t_m, t_{m+k+1}]
    values[off | breaks[:, None]] = np.nan
    return x, values


def smoothness(times, k):
    """What a knot that stands `times` times leaves of the smoothness of a curve of degree k, in words.

    >>> smoothness(1, 3), smoothness(2, 1)
    ('C²', 'jump')
    """
    order = k - times
    return "jump" if order < 0 else "C" + "⁰¹²³⁴⁵⁶⁷⁸⁹"[order] if order < 10 else f"C^{order}"


def show_knots(t, k, ax):
    """Knots of the domain as thin vertical lines and ticks; a repeated knot is thicker and says how often."""
    lo, hi = domain(t, k)
    knots, times = np.unique(numbers(t, "the knot vector"), return_counts=True)
    inside = (lo <= knots) & (knots <= hi)
    for x, r in zip(knots[inside], times[inside], strict=True):
        ax.axvline(x, color=GREY, lw=0.6 if r == 1 else 1.8, zorder=0.5)
    names, last = [], -np.inf
    for x, r in zip(knots[inside], times[inside], strict=True):
        crowded = x - last < 0.055 * (hi - lo)   # a label here would run into the one before
        names.append("" if crowded else f"{x:.2g}" + (f"\n×{r}" if r > 1 else ""))
        last = last if crowded else x
    ax.set_xticks(knots[inside], names)
    ax.set_xlim(lo - 0.02 * (hi - lo), hi + 0.02 * (hi - lo))


def side_legend(ax, **kw):
    """A legend to the right of the Axes, where it covers no data; more than 12 entries take two columns."""
    n = len(ax.get_legend_handles_labels()[0])
    return ax.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), borderaxespad=0, fontsize="small",
                     frameon=False, ncols=1 + (n > 12), handlelength=2.6, **kw)


# --- the pictures ----------------------------------------------------------------------------------

def basis(t, k, *, total=True, legend=True, ax=None):
    """All G+k basis functions of degree k on the knots t (G+2k+1,), and their sum, which is 1."""
    ax = new_axes() if ax is None else ax
    x, values = basis_curves(t, k)
    for m, column in enumerate(values.T):
        ax.plot(x, column, **line_style(m), lw=1.8, label=indexed("B", m))
    if total:  # wide and pale: for k = 0 every function runs along it
        ax.plot(x, basis_values(x, t, k).sum(axis=1), color="#cccccc", lw=6, zorder=1, label="sum of all")
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
    """
    ax = new_axes() if ax is None else ax
    x, breaks = curve_points(t, k)
    c = numbers(c, "c")
    if data is not None:
        ax.plot(*alike(*data), "o", color=GREY, ms=4, alpha=0.7, label="data")
    if parts:
        for m, column in enumerate(basis_curves(t, k)[1].T):
            ax.plot(x, c[m] * column, **line_style(m), lw=1, label=indexed("c", m) + indexed("B", m))
    ax.plot(x, np.where(breaks, np.nan, evaluate(x, c, t, k)), color="black", lw=2.2, label="spline s(x)")
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
    """
    ax = new_axes() if ax is None else ax
    x, phi = check_vector(x), numbers(phi, "phi")
    if phi.ndim not in (1, 2) or len(phi) != len(x):
        raise ValueError(f"phi has shape {phi.shape} at x of shape {x.shape}; expected (N,) or (N, q) at N places")
    columns = phi.reshape(len(x), -1).T   # (q, N)
    labels = [ylabel] if labels is None and len(columns) == 1 else labels
    for m, column in enumerate(columns):
        ax.plot(x, column, **line_style(m), lw=2, label=indexed("φ", m) if labels is None else labels[m])
    if samples is not None:
        samples = check_vector(samples, "samples")
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
    """
    ax = new_axes() if ax is None else ax
    runs = history if isinstance(history, dict) else {"": history}
    for m, (name, run) in enumerate(runs.items()):
        if hasattr(run, "stages"):
            raise ValueError("this is a Refinement, which has a History for each grid; expected one of them: "
                             "plot.losses(refinement.stages[-1].history)")   # fmt: skip
        train = check_vector(getattr(run, "loss", run), "the losses")   # train[s] is the loss before step s
        ax.plot(train, **line_style(m), lw=1.8, label=f"{name} train".strip())
        if len(getattr(run, "val_loss", ())):
            ax.plot(run.val_steps, run.val_loss, color=COLOURS[m % 7], ls=":", lw=1, marker=".", ms=4,
                    label=f"{name} validation".strip())
    ax.set(xlabel="step", ylabel=ylabel, yscale="log")
    ax.grid(alpha=0.25)
    if legend:
        side_legend(ax)
    return ax
