"""The picture of the spline app: the basis functions above, the curve they build below, one x-axis.

Only artists and where they stand; which knots and coefficients there are is decided in `state.py`.
"""
import numpy as np
from matplotlib.lines import Line2D

from kan_edu.apps.common.words import Words
from kan_edu.seeing import knots, live, plot
from kan_edu.seeing.letters import shorten
from kan_edu.splines.bspline import evaluate, local_basis

MOST_G, MOST_K = 10, 5
MOST = MOST_G + MOST_K   # as many functions as there can be
ROWS = 10                # lines of text in the key beside the basis functions
TIMES = {2: "double", 3: "triple", 4: "fourfold", 5: "fivefold", 6: "sixfold"}


class SplinePicture:
    """Figure and artists for knots on [lo, hi] and heights in [-limit, limit].

    data           (x, y) arrays drawn behind the curve, or None
    marks          which of "knot", "coefficient", "x" will be marked: what the legend speaks of
    `figure`, `moving` are what a LiveFigure needs; `show(...)` sets the artists.
    """

    def __init__(self, lo, hi, limit, data=None, marks=("knot", "coefficient", "x")):
        self.lo, self.hi, self.limit = lo, hi, limit
        self.figure = live.figure()
        shorten(self.figure, {"knots (thick: repeated)": "knots, thick: repeated"})
        pad = 0.02 * (hi - lo)
        span = {"xlim": (lo - pad, hi + pad)}
        self.above = self.figure.add_axes([0.08, 0.545, 0.635, 0.43], ylim=(-0.05, 1.12), **span)
        self.below = self.figure.add_axes([0.08, 0.105, 0.635, 0.40], ylim=(-limit, limit), **span)
        self.key = self.figure.add_axes([0.73, 0.545, 0.265, 0.43], xlim=(0, 2), ylim=(ROWS, 0))
        self.key.axis("off")
        Words(self.key, 0.05, 1.3, "not zero at the probe x:" if "x" in marks else "basis functions:")
        self.above.set_ylabel("basis functions B(x)")
        self.above.tick_params(labelbottom=False)
        self.below.set(ylabel="curve s(x)", xlabel="x")
        self.below.axhline(0, color="#dddddd", lw=1, zorder=0)
        if data is not None:
            self.below.plot(*data, "o", color=plot.GREY, ms=3.5, alpha=0.75)
        self._static_legend({*marks, "curve"} | ({"data"} if data is not None else set()))
        self._make_artists()

    def _static_legend(self, marks):
        def entry(mark, label, **style):
            return [Line2D([], [], label=label, **style)] if mark in marks else []

        red, hollow = plot.COLOURS[1], {"mfc": "white", "lw": 1.2}
        entries = [*entry("curve", "curve s(x) = Σ c·B(x)", color="black", lw=2.2),
                   *entry("curve", "c (▲▼: beyond)", color=red, marker="s", ls="", mfc="white"),
                   *entry("coefficient", "chosen c and c·B(x)", color=red, marker="s", ms=8, lw=1.4),
                   *entry("curve", "knots (thick: repeated)", color=plot.GREY, lw=0.9),
                   *entry("knot", "chosen knot", color="black", marker="^", ms=8, lw=1.2),
                   *entry("x", "probe x", color="black", ls=":", marker="o", ms=7, **hollow),
                   *entry("data", "data", color=plot.GREY, marker="o", ms=3.5, alpha=0.75, ls="")]
        self.below.legend(handles=entries, loc="upper left", bbox_to_anchor=(1.01, 1.02), fontsize=9,
                          frameon=False, borderaxespad=0, handlelength=2.2, labelspacing=0.65)

    def _make_artists(self):
        """All artists that ever move, made once; `show` fills them or hides them."""
        above, below, key, red = self.above, self.below, self.key, plot.COLOURS[1]
        one = lambda ax, *a, **kw: ax.plot([], [], *a, **kw)[0]   # noqa: E731
        both = lambda **kw: [one(ax, **kw) for ax in (above, below)]   # noqa: E731
        self.total = one(above, color=plot.PALE, lw=5)
        self.hill, = above.fill([], [], color=red, alpha=0.18, lw=0)
        self.knots = [ax.vlines([], 0, 1, color=plot.GREY, transform=ax.get_xaxis_transform())
                      for ax in (above, below)]
        self.chosen = both(color="black", lw=1.2, marker="^", ms=8, markevery=[0], clip_on=False)
        self.probe = both(color="black", ls=":", lw=1.2)
        self.curves = [one(above, **plot.line_style(m)) for m in range(MOST)]
        self.dots = [one(above, marker="o", ms=5, color=plot.COLOURS[m % 7]) for m in range(MOST)]
        self.part = one(below, lw=1.4, color=red)
        self.spline = one(below, color="black", lw=2.2)
        self.squares = one(below, "s", ms=6, mfc="white", color=red)
        self.square = one(below, "s", ms=8, color=red)
        self.beyond = [one(below, mark, ms=7, color=red) for mark in "^v"]
        self.point = one(below, "o", ms=7, mfc="white", color="black")
        box = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "pad": 1.5}
        self.note = below.text(0, 0.95, "", transform=below.get_xaxis_transform(), va="top", fontsize=9, bbox=box)
        self.band = one(key, color=plot.PALE, lw=5)
        self.samples = [one(key, **plot.line_style(m), lw=2) for m in range(MOST)]
        self.words = [Words(key) for m in range(MOST)]
        self.head, self.foot = Words(key, 0.05, 0.4), Words(key, 0.45)
        self.moving = [self.total, self.hill, *self.knots, *self.chosen, *self.probe, *self.curves, *self.dots,
                       self.part, self.spline, self.squares, self.square, *self.beyond, self.point, self.note,
                       self.band, *self.samples, *self.words, self.head, self.foot]

    # --- one state -----------------------------------------------------------------------------------

    def show(self, t, k, c, *, x=None, knot=None, coefficient=None):
        """Set every moving artist: knots t (G+2k+1,), degree k, coefficients c (G+k,).

        x             probe, or None for no probe
        knot          index into t of the chosen knot, or None
        coefficient   index into c of the chosen coefficient, or None
        """
        at, values = knots.basis_curves(t, k, 240)
        for artist in (*self.probe, self.point):
            artist.set_visible(x is not None)
        alive = [] if x is None else self._show_probe(x, t, k, c)
        self.head.set_text(f"k = {k}, G = {len(c) - k}")
        self._show_functions(at, values, dict(alive), x)
        self._show_key(len(c), alive, x)
        self._show_knots(t, k, knot)
        jump = np.isnan(values).all(axis=1)
        self.spline.set_data(at, np.where(jump, np.nan, evaluate(at, c, t, k)))
        self._show_coefficients(np.clip(plot.greville(t, k), self.lo, self.hi), c, at, values, coefficient)

    def _show_coefficients(self, places, c, at, values, chosen):
        """A square for each c, a triangle at the border for one beyond it; the chosen one with its c·B(x)."""
        self.squares.set_data(places, c)
        for marks, out, border in zip(self.beyond, (c > self.limit, c < -self.limit), (0.95, -0.95), strict=True):
            marks.set_data(places[out], np.full(out.sum(), border * self.limit))
        for artist in (self.part, self.square, self.hill):
            artist.set_visible(chosen is not None)
        if chosen is not None:
            on = values[:, chosen] >= 0   # False where NaN: off the support
            x, height = at[on], values[on, chosen]
            self.part.set_data(x, c[chosen] * height)
            self.hill.set_xy(np.column_stack([[*x[:1], *x, *x[-1:]], [0, *height, 0]]))
            self.square.set_data(places[[chosen]], c[[chosen]])

    def _show_functions(self, at, values, alive, x):
        for m, (curve, dot) in enumerate(zip(self.curves, self.dots, strict=True)):
            curve.set_visible(m < values.shape[1])
            dot.set_visible(m in alive)
            if m < values.shape[1]:
                lit = m in alive or x is None
                curve.set(data=(at, values[:, m]), linewidth=2.2 if lit else 1, alpha=1 if lit else 0.55)
            if m in alive:
                dot.set_data([x], [alive[m]])
        self.total.set_data(at, np.where(np.isnan(values).all(axis=1), np.nan, np.nansum(values, axis=1)))

    def _show_probe(self, x, t, k, c):
        """Draw the probe; returns the functions that are not zero there as [(m, B_m(x))]."""
        first, values = local_basis([x], t, k)
        for line, ends in zip(self.probe, (self.above.get_ylim(), self.below.get_ylim()), strict=True):
            line.set_data([x, x], ends)
        self.point.set_data([x], evaluate([x], c, t, k))
        return [(int(first[0]) + p, float(value)) for p, value in enumerate(values[0])]

    def _show_key(self, n, alive, x):
        """The key: with a probe the functions that are not zero and their values, else all functions."""
        rows = [(m, f"{plot.indexed('B', m)} {value:.3f}") for m, value in alive]
        if x is None:
            rows = [(m, plot.indexed("B", m)) for m in range(n)]
        last = min(len(rows), 7) + 2.2
        self.foot.set(text="sum" if x is None else f"sum {sum(value for _, value in alive):.3f}", y=last)
        self.band.set_data([0.05, 0.35], [last, last])
        for place, (sample, word) in enumerate(zip(self.samples, self.words, strict=True)):
            sample.set_visible(place < len(rows))
            word.set_visible(place < len(rows))
            if place < len(rows):
                m, text = rows[place]
                left, row = place // 7 * 0.67, place % 7 + 2.2   # up to three columns of seven
                sample.set(data=([left + 0.05, left + 0.35], [row, row]), **plot.line_style(m))
                word.set(text=text, position=(left + 0.45, row))

    def _show_knots(self, t, k, knot):
        """Vertical lines at the knots inside, the chosen one with a mark, and a note where knots coincide."""
        inside = (self.lo < t) & (t < self.hi)
        knots, times = np.unique(t[inside], return_counts=True)
        for lines in self.knots:
            lines.set_segments([[(x, 0), (x, 1)] for x in knots])
            lines.set_linewidths(np.where(times > 1, 3.0, 0.9))
        for line, ax in zip(self.chosen, (self.above, self.below), strict=True):
            line.set_visible(knot is not None)
            if knot is not None:
                line.set_data([t[knot], t[knot]], ax.get_ylim())
        repeated = times > 1
        self.note.set_visible(bool(repeated.any()))
        if repeated.any():
            here = 0 if knot is None else int(np.argmax((knots == t[knot]) & repeated))
            here = here if repeated[here] else int(np.argmax(repeated))
            side = "left" if knots[here] < (self.lo + self.hi) / 2 else "right"
            gap = 0.012 * (self.hi - self.lo) * (1 if side == "left" else -1)
            self.note.set(text=knot_words(int(times[here]), k), x=knots[here] + gap, ha=side)


def knot_words(times, k):
    """What a knot that stands `times` times does to a curve of degree k.

    >>> knot_words(2, 3)
    'double knot: only C¹ here'
    """
    name = TIMES.get(times, f"{times}-fold")
    smooth = knots.smoothness(times, k)
    return f"{name} knot: " + ("the curve may jump here" if smooth == "jump" else f"only {smooth} here")
