"""A function of two variables drawn from above: the regions of a classifier, and a surface with its contour lines.

Both are also called `kan_edu.plot.decision_regions` and `kan_edu.plot.surface`. Both take a trained model, or any
function f(X) of X (N, 2), because they only call it.
"""

import numpy as np
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from kan_edu.checks.arguments import check_integer
from kan_edu.checks.arrays import check_labels, check_matrix, numbers
from kan_edu.learning.losses import classify

from . import plot

MARKERS = "os^Dv<>"
PAPER = 0.78        # how much white a region's colour is mixed with: points of the same colour stay visible on it
MARGIN = 0.08       # beyond the points, in widths of what they cover


def decision_regions(f, X, labels, *, box=None, threshold=0.5, names=None, n=200, legend=True, ax=None):
    """Which class f says, all over the plane, and the points X (N, 2) with their true classes `labels` (N,), 0, 1, ...

    f          model or function, (N, 2) -> (N, 1) or (N,): class 1 where it is above `threshold`, which is 0 after
               logistic_loss and 0.5 after mse on 0 and 1;
               (N, q): the class with the largest of the q numbers
    box        (left, right, bottom, top), what is seen; None: the points and a small margin
    names      of the classes, for the legend; None: "class 0", "class 1", ...

    A class is told by colour and by marker, a border between two regions by a black line. At most 7 classes.
    Raises ValueError for shapes that do not fit, a box without area, too few names.
    """
    X = check_matrix(X, "X", 2)
    labels = check_labels(labels, len(X), len(MARKERS))
    x, y = mesh(_around(X) if box is None else box, n)
    says = classify(f(points(x, y)), threshold).reshape(n, n)
    q = 1 + max(says.max(), labels.max())
    names = _named(names, q)
    ax = plot.new_axes(560, 380) if ax is None else ax
    tints = np.array([pale(plot.COLOURS[c]) for c in range(q)])
    ax.imshow(tints[says], extent=_edges(x, y), origin="lower", interpolation="nearest", aspect="auto", zorder=0)
    for c in range(q):
        if 0 < (says == c).mean() < 1:
            ax.contour(x, y, says == c, levels=[0.5], colors="black", linewidths=1.2)
        ax.plot(*X[labels == c].T, MARKERS[c], color=plot.COLOURS[c], mec="black", mew=0.5, ms=5)
    ax.set(xlabel="x₁", ylabel="x₂", xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))
    ax.locator_params(nbins=6)
    if legend:
        plot.side_legend(ax, handles=legend_entries(names))
    return ax


def legend_entries(names):
    """What the legend of `decision_regions` says; for a figure that puts it in a place of its own."""
    regions = [Patch(facecolor=pale(plot.COLOURS[c]), edgecolor=plot.GREY, lw=0.6, label=f"says {name}")
               for c, name in enumerate(names)]
    marks = [Line2D([], [], ls="", marker=MARKERS[c], color=plot.COLOURS[c], mec="black", mew=0.5, ms=6,
                    label=f"is {name}") for c, name in enumerate(names)]
    border = Line2D([], [], color="black", lw=1.2, label="border")
    return [*regions, border, *marks]


def surface(f, *, box=(-1, 1, -1, 1), X=None, label="f(x₁, x₂)", lines=8, n=160, ax=None):
    """The value of f over a rectangle: brighter is higher; a contour line bears its value, those below 0 are dashed.

    f        model or function, (N, 2) -> (N, 1) or (N,)
    box      (left, right, bottom, top)
    X        samples (N, 2), drawn as small points: where the surface rests on data and where it does not
    label    the name of the value, at the colour bar        lines   about so many contour lines; 0: none

    Raises ValueError for more than one output, a box without area, values that are not finite.
    """
    x, y = mesh(box, n)
    z = numbers(f(points(x, y)), "what f returned", finite=False)
    if z.size != n * n or not np.isfinite(z).all():
        raise ValueError(f"f gave {z.shape} for {n * n} points; expected one finite number for each")
    z = z.reshape(n, n)
    ax = plot.new_axes(520, 400) if ax is None else ax
    image = ax.imshow(z, extent=_edges(x, y), origin="lower", interpolation="nearest", aspect="auto", cmap="cividis")
    if lines and np.ptp(z) > 0:   # white on dark and black on bright, so that no line drowns
        middle = (z.min() + z.max()) / 2
        drawn = ax.contour(x, y, z, levels=lines, colors="white", linewidths=0.9)
        colours = ["black" if level > middle else "white" for level in drawn.levels]
        drawn.set_edgecolor(colours)
        ax.clabel(drawn, fontsize=7, colors=colours)
    if X is not None:
        ax.plot(*check_matrix(X, "X", 2).T, ".", color="white", mec="black", mew=0.5, ms=6, label="samples")
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.13), frameon=False, fontsize="small")
    ax.set(xlabel="x₁", ylabel="x₂", xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))
    ax.locator_params(nbins=5)
    ax.figure.colorbar(image, ax=ax, label=label)
    return ax


# --- the parts -------------------------------------------------------------------------------------------


def mesh(box, n):
    """n places from left to right and n from bottom to top: x (n,), y (n,). ValueError for a box without area."""
    left, right, bottom, top = box
    if not (left < right and bottom < top):
        raise ValueError(f"box is {box}; expected (left, right, bottom, top) with left < right and bottom < top")
    n = check_integer(n, "n", 2)
    return np.linspace(left, right, n), np.linspace(bottom, top, n)


def points(x, y):
    """All pairs as samples, row by row from the bottom: x (n,), y (n,) -> (n n, 2)."""
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def pale(colour):
    """A colour mixed with white: (3,)."""
    return PAPER + (1 - PAPER) * np.array(to_rgb(colour))


def _around(X):
    room = MARGIN * np.maximum(np.ptp(X, axis=0), 1e-9)
    low, high = X.min(axis=0) - room, X.max(axis=0) + room
    return low[0], high[0], low[1], high[1]


def _edges(x, y):
    """The extent of an image whose outermost pixels have their middles at the ends of x and y."""
    dx, dy = (x[1] - x[0]) / 2, (y[1] - y[0]) / 2
    return x[0] - dx, x[-1] + dx, y[0] - dy, y[-1] + dy


def _named(names, q):
    names = [f"class {c}" for c in range(q)] if names is None else names
    if len(names) < q:
        raise ValueError(f"there are {q} classes and {len(names)} names; expected a name for each")
    return names
