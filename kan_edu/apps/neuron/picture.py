"""The picture of the neuron app: an MLP neuron on the left, a KAN node on the right, numbers flowing down.

Only artists and where they stand; what is computed is decided in `app.py`. One Axes as large as the
figure, measured in pixels from the upper left corner, carries circles, arrows and numbers; small Axes on it
carry the curves.
"""
import numpy as np
from matplotlib.patches import FancyBboxPatch

from kan_edu.apps.common.words import Words
from kan_edu.apps.common.written import number
from kan_edu.seeing import live, plot
from kan_edu.seeing.letters import shorten

WIDTH, HEIGHT = 740, 426
PILL, PLOT = 46, (134, 86)   # half the width of a box with a number; width and height of an edge's Axes
TALL = {"MLP": 100, "KAN": 470}   # x of the left edge of each half; the right edge stands FAR further right
FAR, INPUTS, EDGES, VALUES, SUM, NODE, OUT = 170, 64, 92, 207, 252, 291, 410   # y of the rows
EDGE_RANGE = (-1.65, 1.65)        # heights in the edges' plots, the same on both sides
Z_RANGE = (-4.2, 4.2)
NODE_RANGES = {"sigmoid": (-0.1, 1.1), "tanh": (-1.2, 1.2), "relu": (-0.4, 4.4), "silu": (-0.6, 4.4),
               "identity": (-4.4, 4.4)}
BLUE, RED, GREEN = plot.COLOURS[:3]
LEARNED, FIXED = {"color": GREEN, "linestyle": "-"}, {"color": "black", "linestyle": plot.DASHES[3]}
POINT, HILL = {"ms": 7, "mfc": "white", "mec": "black", "mew": 1.4}, {"color": RED, "alpha": 0.2, "lw": 0}
SIGN = {True: {"color": BLUE, "linestyle": "-"}, False: {"color": RED, "linestyle": (0, (4, 1.5))}}   # adds, subtracts


class NeuronPicture:
    """Figure and artists of both neurons. `figure`, `moving` are what a LiveFigure needs; `show` sets the artists.

    phi_at    (P,) inputs at which the edges' curves are drawn
    marks     draw the chosen coefficient
    """

    def __init__(self, phi_at, marks=True):
        self.figure, self.at, self.moving, self.activation = live.figure(WIDTH, HEIGHT), phi_at, [], None
        shorten(self.figure, {"input and its value": "input and value", "the sum is the output": "sum is output"})
        self.page = self.figure.add_axes([0, 0, 1, 1], xlim=(0, WIDTH), ylim=(HEIGHT, 0))
        self.page.axis("off")
        self.numbers = {}   # name -> Text
        self.edges = [self._edge(side, i) for side in ("MLP", "KAN") for i in (0, 1)]   # MLP 1, 2, KAN 1, 2
        self.node = self._small_axes(TALL["MLP"] + FAR / 2, NODE, Z_RANGE, (-1.2, 1.2), [-4, 4])
        self.sigma, = self.node.plot([], [], lw=2, **FIXED)   # not moving: it changes with the choice only
        self.node_foot, self.node_dot = self._probe(self.node)
        self._frame()
        self.hills = [self._move(edge["axes"].fill([], [], **HILL)[0]) for edge in self.edges[2:]]
        self.squares = [self._move(edge["axes"].plot([], [], "s", color=RED, ms=6, clip_on=False)[0])
                        for edge in self.edges[2:]]
        self._legend(marks)

    # --- what never moves ----------------------------------------------------------------------------

    def _frame(self):
        """Titles, formulas, the circles of the sums, b, the outputs and the arrows between them."""
        titles = {"MLP": ("MLP neuron: sum, then activate", "z = w₁x₁ + w₂x₂ + b,   y = σ(z)"),
                  "KAN": ("KAN node: activate, then sum", "z = φ₁(x₁) + φ₂(x₂)")}
        for side, (title, formula) in titles.items():
            middle = TALL[side] + FAR / 2
            self._text(middle, 15, title, size=12, weight="bold", ha="center")
            self._text(middle, 35, formula, size=10.5, ha="center")
            self.page.plot([middle], [SUM], "o", ms=25, mfc="white", mec="black", mew=1.4, zorder=5)
            self._text(middle, SUM, "Σ", size=13, ha="center", zorder=6)
        self.page.plot([WIDTH / 2] * 2, [8, HEIGHT - 8], color="#cccccc", lw=1)
        middle = TALL["MLP"] + FAR / 2
        self._pill(middle - 118, SUM, "b", "b")
        self._arrow(middle - 118 + PILL, SUM, middle - 20, SUM)
        self._arrow(middle, SUM + 18, middle, NODE - 3)
        self._labelled(middle + 52, SUM, "z =", "z")
        self._arrow(middle, NODE + PLOT[1] + 13, middle, OUT - 14)
        self._pill(middle, OUT, "y", "y")
        self._arrow(TALL["KAN"] + FAR / 2, SUM + 18, TALL["KAN"] + FAR / 2, OUT - 14)
        self._pill(TALL["KAN"] + FAR / 2, OUT, "z", "sum")
        self._text(TALL["KAN"] + FAR / 2 + 24, SUM, "the sum is the output", style="italic")
        self.name = self._text(middle + 76, NODE + 36, "")

    def _legend(self, marks):
        """What lines and marks mean, in the place where the KAN node has no activation."""
        x, y = TALL["KAN"] - 62, NODE + 5
        self._text(x, y, "arrows into Σ:", size=9)
        for row, (sign, word) in enumerate(((SIGN[True], "adds"), (SIGN[False], "subtracts")), 1):
            self.page.plot([x, x + 28], [y + 19 * row] * 2, lw=2.6, **sign)
            self._text(x + 36, y + 19 * row, word, size=9)
        self._text(x, y + 57, "thicker: more", size=9)
        x = TALL["KAN"] + FAR / 2 + 16
        words = ["learned", "fixed", "input and its value", *["coefficient cₘ", "its part cₘBₘ(x)"] * marks]
        rows = y + 19 * np.arange(len(words))
        for at, word in zip(rows, words, strict=True):
            self._text(x + 36, at, word, size=9)
        for at, style in zip(rows, (LEARNED, FIXED), strict=False):
            self.page.plot([x, x + 28], [at, at], lw=2, **style)
        self.page.plot([x + 14], rows[2:3], "o", **POINT)
        if marks:
            self.page.plot([x + 14], rows[3:4], "s", ms=6, color=RED)
            self.page.fill([x + 2, x + 26, x + 26, x + 2], rows[4] + np.array([-5, -5, 5, 5]), **HILL)

    def _edge(self, side, i):
        """Input, small plot, value and arrow of one edge."""
        x, name = TALL[side] + FAR * i, "₁₂"[i]
        self._pill(x, INPUTS, f"x{name}", f"{side} x{i}")
        self._arrow(x, INPUTS + 12, x, EDGES - 2)
        axes = self._small_axes(x, EDGES, (-1.1, 1.1), EDGE_RANGE, [-1, 0, 1])
        title = f"w{name}x{name}" if side == "MLP" else f"φ{name}(x{name})"
        self._labelled(x - 8, VALUES, f"{title} =", f"{side} {i}")
        middle = TALL[side] + FAR / 2
        arrow = self._move(self.page.plot([x + (1 - 2 * i) * 8, middle - 18 * (1 - 2 * i)], [VALUES + 13, SUM - 4])[0])
        curve = self._move(axes.plot([], [], lw=2, **LEARNED)[0])
        foot, dot = self._probe(axes)
        return {"axes": axes, "curve": curve, "foot": foot, "dot": dot, "arrow": arrow}

    # --- pieces --------------------------------------------------------------------------------------

    def _move(self, artist):
        self.moving.append(artist)
        return artist

    def _text(self, x, y, text, *, size=10, ha="left", **kw):
        return self.page.text(x, y, text, fontsize=size, ha=ha, va="center_baseline", **kw)

    def _arrow(self, x0, y0, x1, y1):
        self.page.annotate("", (x1, y1), (x0, y0), arrowprops={"arrowstyle": "-|>", "color": plot.GREY, "lw": 1.2,
                                                             "shrinkA": 0, "shrinkB": 0})

    def _labelled(self, x, y, label, name):
        """A fixed label that ends at x and a moving number after it."""
        self._text(x, y, label, ha="right")
        self.numbers[name] = self._move(Words(self.page, x + 5, y, size=10))

    def _pill(self, x, y, label, name):
        """A rounded box around "label = number"."""
        self.page.add_patch(FancyBboxPatch((x - PILL, y - 11), 2 * PILL, 22, fc="white", ec="black", lw=1.1,
                                           boxstyle="round,pad=0,rounding_size=9"))
        self._text(x - PILL + 7, y, f"{label} =")
        self.numbers[name] = self._move(Words(self.page, x - PILL + (43 if len(label) > 1 else 36), y, size=10))

    def _small_axes(self, x, y, xlim, ylim, xticks):
        """Axes whose upper border has its middle at pixel (x, y)."""
        width, height = PLOT
        place = [(x - width / 2) / WIDTH, 1 - (y + height) / HEIGHT, width / WIDTH, height / HEIGHT]
        axes = self.figure.add_axes(place, xlim=xlim, ylim=ylim, xticks=xticks)
        axes.set_yticks([-1, 0, 1])
        axes.tick_params(labelsize=7.5, length=2, pad=1.5)
        axes.axhline(0, color="#dddddd", lw=1, zorder=0)
        axes.axvline(0, color="#dddddd", lw=1, zorder=0)
        return axes

    def _probe(self, axes):
        """The point on a curve and the dotted lines from it to the axes."""
        foot, = axes.plot([], [], ":", color="black", lw=1)
        dot, = axes.plot([], [], "o", clip_on=False, **POINT)
        return self._move(foot), self._move(dot)

    # --- one state -----------------------------------------------------------------------------------

    def show(self, flow, curves, activation, sigma, chosen=None):
        """Set every moving artist.

        flow         {"x": (2,), "parts": (4,) values on the edges, "b", "z", "y", "sum": floats}
        curves       (4, P): w_1 x, w_2 x, phi_1, phi_2
        activation   its name;  sigma: its function
        chosen       (edge 0 or 1, place, height, (P,) its part c B(x)) of the chosen coefficient, or None
        """
        for n, (edge, curve, part) in enumerate(zip(self.edges, curves, flow["parts"], strict=True)):
            edge["curve"].set_data(self.at, curve)
            self._point(edge, flow["x"][n % 2], part)
            edge["arrow"].set(linewidth=0.8 + 2.8 * min(abs(part), 1.5), **SIGN[bool(part >= 0)])
            side = ("MLP", "KAN")[n // 2]
            self.numbers[f"{side} x{n % 2}"].set_text(number(flow["x"][n % 2], 2))
            self.numbers[f"{side} {n % 2}"].set_text(number(part))
        self.numbers["b"].set_text(number(flow["b"], 2))
        for name in ("z", "y", "sum"):
            self.numbers[name].set_text(number(flow[name]))
        self._show_node(activation, sigma, flow["z"], flow["y"])
        self._show_chosen(chosen)

    def _point(self, parts, x, y):
        axes = parts["axes"]
        parts["foot"].set_data([x, x, axes.get_xlim()[0]], [axes.get_ylim()[0], y, y])
        parts["dot"].set_data([x], [y])

    def _show_node(self, activation, sigma, z, y):
        if activation != self.activation:   # new limits cost a full draw, so only when the choice has changed
            self.activation = activation
            low, high = NODE_RANGES[activation]
            self.node.set(ylim=(low, high), yticks=[tick for tick in (-4, -1, 0, 1, 4) if low < tick < high
                                                    and (abs(tick) != 1 or high < 4)])
            at = np.linspace(*Z_RANGE, 121)
            self.sigma.set_data(at, sigma(at))
            self.name.set_text("no σ: y = z" if activation == "identity" else f"σ = {activation}")
        self._point({"axes": self.node, "foot": self.node_foot, "dot": self.node_dot}, z, y)

    def _show_chosen(self, chosen):
        for i, (square, hill) in enumerate(zip(self.squares, self.hills, strict=True)):
            here = chosen is not None and chosen[0] == i
            square.set_visible(here)
            hill.set_visible(here)
            if here:
                _, place, height, part = chosen
                square.set_data([place], [height])
                hill.set_xy(np.column_stack([[self.at[0], *self.at, self.at[-1]], [0, *part, 0]]))
