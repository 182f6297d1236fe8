"""A function of two variables drawn from above: the regions of a classifier, and a surface with its contour lines.

Both are also called `kan_edu.plot.decision_regions` and `kan_edu.plot.surface`. Both take a trained model, or any
function f(X) of X (N, 2), because they only call it.
"""

import numpy as np
from matplotlib.colors import is_color_like, to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from kan_edu.checks.arguments import check_flag, check_integer, check_room, shown
from kan_edu.checks.arrays import check_labels, check_matrix, check_vector, numbers
from kan_edu.checks.functions import call
from kan_edu.checks.words import check_names, check_text
from kan_edu.learning.losses import classify

from . import plot
from .canvas import LARGEST, check_axes, check_drawable, is_number

MOST = 2000         # places along a side: four million pixels
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
    Raises ValueError for shapes that do not fit, a box without area, too few names; nothing is drawn then.
    """
    ax, X = check_axes(ax), check_drawable(check_matrix(X, "X", 2), "X")
    labels, n = check_labels(labels, len(X), len(MARKERS)), check_integer(n, "n", 2, MOST)
    check_flag(legend, "legend")
    x, y = mesh(_around(X) if box is None else box, n)
    says, classes = _said(f, points(x, y), threshold)
    says, q = says.reshape(n, n), 1 + max(says.max(), labels.max())
    names = [f"class {c}" for c in range(q)] if names is None else check_names(names, q, "names", max(q, classes))
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


def _said(f, at, threshold):
    """The class that f says at each point, and how many classes it can say; ValueError for what says no class."""
    Z = numbers(call(f, at, name="f", example="a trained model"), "what f returned")
    Z = Z[:, None] if Z.ndim == 1 else Z
    if Z.ndim != 2 or len(Z) != len(at) or not 1 <= Z.shape[1] <= len(MARKERS):
        raise ValueError(f"what f returned has shape {Z.shape} for {len(at)} points; expected (N, 1) or (N,), or "
                         f"(N, q) for q classes, at most {len(MARKERS)}")  # fmt: skip
    return classify(Z, threshold), max(2, Z.shape[1])


def legend_entries(names):
    """What the legend of `decision_regions` says; for a figure that puts it in a place of its own.

    names    of the classes, at most 7; ValueError for all else
    """
    names = check_names(names, 1, "names", len(MARKERS))
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

    Raises ValueError for more than one output, a box without area, values that are not finite; nothing is drawn then.
    """
    ax, n, lines = check_axes(ax), check_integer(n, "n", 2, MOST), check_integer(lines, "lines", 0, 100)
    (x, y), label = mesh(box, n), check_text(label, "label", "height in metres")
    X = None if X is None else check_drawable(check_matrix(X, "X", 2), "X")
    z = _heights(f, points(x, y)).reshape(n, n)
    ax = plot.new_axes(520, 400) if ax is None else ax
    image = ax.imshow(z, extent=_edges(x, y), origin="lower", interpolation="nearest", aspect="auto", cmap="cividis")
    if lines and np.ptp(z) > 0:   # white on dark and black on bright, so that no line drowns
        middle = (z.min() + z.max()) / 2
        drawn = ax.contour(x, y, z, levels=lines, colors="white", linewidths=0.9)
        colours = ["black" if level > middle else "white" for level in drawn.levels]
        drawn.set_edgecolor(colours)
        ax.clabel(drawn, fontsize=7, colors=colours)
    if X is not None:
        ax.plot(*X.T, ".", color="white", mec="black", mew=0.5, ms=6, label="samples")
        ax.legend(loc="upper center", bbox_to_anchor=(0.5, -0.13), frameon=False, fontsize="small")
    ax.set(xlabel="x₁", ylabel="x₂", xlim=(x[0], x[-1]), ylim=(y[0], y[-1]))
    ax.locator_params(nbins=5)
    ax.figure.colorbar(image, ax=ax, label=label)
    return ax


def _heights(f, at):
    """f at points (N, 2) as (N,) finite numbers, or a ValueError."""
    z = numbers(call(f, at, name="f", example="a trained model"), "what f returned", finite=False)
    if z.shape not in ((len(at),), (len(at), 1)) or not np.isfinite(z).all():
        what = f"has shape {z.shape}" if np.isfinite(z).all() else "holds NaN or inf"
        raise ValueError(f"what f returned for {len(at)} points {what}; expected one finite number for each, (N, 1) or "
                         "(N,)")  # fmt: skip
    return check_drawable(z, "what f returned")


# --- the parts -------------------------------------------------------------------------------------------


def mesh(box, n):
    """n places from left to right and n from bottom to top: x (n,), y (n,). ValueError for a box without area."""
    n, ends = check_integer(n, "n", 2, MOST), _ends(box)
    if ends is None:
        raise ValueError(f"box is {shown(box)}; expected four numbers (left, right, bottom, top) with left < right and "
                         "bottom < top, none beyond 1e100")  # fmt: skip
    x, y = np.linspace(*ends[:2], n), np.linspace(*ends[2:], n)
    if not ((np.diff(x) > 0).all() and (np.diff(y) > 0).all()):
        raise ValueError(f"box is {shown(box)}; float64 cannot tell {n} places along its sides apart: widen it")
    return x, y


def _ends(box):
    """The four numbers of a box with area, or None."""
    if isinstance(box, np.ndarray) and box.dtype.kind in "iuf":
        box = box.tolist()
    if not isinstance(box, list | tuple) or len(box) != 4 or not all(is_number(end) for end in box):
        return None
    left, right, bottom, top = ends = [float(end) for end in box]
    small = max(map(abs, ends)) <= LARGEST
    return ends if small and left < right and bottom < top else None


def points(x, y):
    """All pairs as samples, row by row from the bottom: x (n,), y (m,) -> (m n, 2)."""
    x, y = check_vector(x, "x"), check_vector(y, "y")
    check_room(2 * len(x) * len(y), f"all pairs of {len(x)} and {len(y)} places", "take fewer")
    return np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)


def pale(colour):
    """A colour of matplotlib mixed with white: (3,). ValueError for what is none."""
    if not is_color_like(colour) or not np.isfinite(to_rgb(colour)).all():
        raise ValueError(f"colour is {shown(colour)}; expected one of matplotlib, such as '#0072B2' or (0, 0.45, 0.7)")
    return PAPER + (1 - PAPER) * np.array(to_rgb(colour))


def _around(X):
    room = MARGIN * np.maximum(np.ptp(X, axis=0), 1e-9)
    low, high = X.min(axis=0) - room, X.max(axis=0) + room
    return low[0], high[0], low[1], high[1]


def _edges(x, y):
    """The extent of an image whose outermost pixels have their middles at the ends of x and y."""
    dx, dy = (x[1] - x[0]) / 2, (y[1] - y[0]) / 2
    return x[0] - dx, x[-1] + dx, y[0] - dy, y[-1] + dy
