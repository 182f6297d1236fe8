"""Pictures: of splines, edges, losses, networks and planes; and the live figure that follows controls."""

import numpy as np
from ipywidgets import FloatSlider, IntSlider, Widget

from kan_edu import KAN, MLP, History, live, plot, plot_network, plot_regions
from kan_edu.seeing import knots

from ..arguments import ANYTHING, EXTREME, MAYBE, SAME, Spoilt, always
from ..arrays import matrix, vector
from ..judge import OwnError
from ..traces import TRACE, axes, drawn, with_widgets
from ..values import anything_else, flag, function, model, names, real, whole
from .splines import KNOTS, C, K

ANY_COUNT = {"10^9": EXTREME, "10^30": EXTREME}
AX = anything_else(axes, Spoilt("a figure", lambda ax: ax.figure), ("a number", 3),
                   Spoilt("in a list", lambda ax: [ax])).but("None", a_word="refuse")  # fmt: skip
MAYBE_AX = {"trace": TRACE, "ax": AX}
TEXT = anything_else(always("y"), ("a number", 3), ("no text in a list", ["y"])).but("a word")
LEGEND = {"legend": flag(True)}


def text(good):
    """Any words."""
    return anything_else(always(good), ("a number", 3), ("in a list", [good])).but("a word")


def pixels(good):
    """A length in pixels: what no screen has is refused."""
    return real(good, 0, open_ends=True).also(("far too many", 1e7), ("huge", 1e300), ("next to nothing", 1e-300))


def trained():
    """A KAN with two inputs and one formula."""
    made = KAN([2, 2, 1], G=3, k=2, seed=1)
    made.set_formula((0, 0, 0), "sin", (1, 2, 0))
    return made


def X2():
    return np.random.default_rng(0).uniform(-1, 1, (30, 2))


def history():
    return History(loss=[1.0, 0.5, 0.25, 0.2], val_loss=[1.1, 0.3], val_steps=[0, 3])


def plane(X):
    return X[:, :1] * X[:, 1:]


def two_classes(X):
    return (X[:, :1] > 0) * 1.0


LABELS = vector(lambda: np.arange(30) % 2, length=True).but(
    "two columns", "decimals", "fractions", **{"1e300": "refuse", "1e-300": EXTREME, "1e30 away": "refuse",
    "one huge": "refuse", "2^63": "refuse"}).also(("halves", np.full(30, 0.5)), ("from 7", np.full(30, 7)),
    ("negative", np.full(30, -1)))  # fmt: skip
BOX = anything_else(lambda: (-1.0, 1.0, -2.0, 2.0), ("without area", (1, 1, 0, 1)), ("turned", (1, -1, 0, 1)),
    ("three", (0, 1, 2)), ("NaN", (0, np.nan, 0, 1)), ("inf", (0, np.inf, 0, 1)), ("numerals", ("0", "1", "0", "1")),
    ("a number", 3), ("complex", (0, 1j, 0, 1)), Spoilt("a list", list, SAME), Spoilt("an array", np.array, SAME),
    Spoilt("1e300", lambda box: tuple(1e300 * end for end in box), EXTREME), ("all beyond", (-1.7e308, 1.7e308, 0, 1)),
    Spoilt("far away", lambda _: (1e30, 1.0000001e30, 0, 1), EXTREME), ("True", (False, True, 0, 1)))  # fmt: skip
KAN_ONLY = model(trained, Spoilt("an MLP", lambda _: MLP([2, 3, 1])), Spoilt("three inputs", lambda _: KAN([3, 1])))
PLACES = whole(20, 2)
COLOUR = anything_else(always("#0072B2"), ("no colour", "no such colour"), ("a number", 3), ("two", (0.1, 0.2)),
                       ("beyond", (2.0, 0, 0)), ("NaN", (np.nan, 0, 0))).but("a word", a_set="refuse")  # fmt: skip
RUNS = vector(lambda: np.array([1.0, 0.5, 0.3, 0.2])).but("a dict", "1e30 away", "zeros").also(
    Spoilt("a history", lambda _: history(), EXTREME), Spoilt("two runs", lambda y: {"a": y, "b": y / 2}, EXTREME),
    Spoilt("negative", lambda y: -y), ("no runs", {}), ("names are numbers", {1: [1.0, 0.5]}))  # fmt: skip


def spline_data():
    return np.linspace(-1, 1, 5), np.linspace(0, 1, 5)


DATA = anything_else(spline_data, Spoilt("one array", lambda d: d[0]), Spoilt("three", lambda d: (*d, d[0])),
    Spoilt("lengths", lambda d: (d[0], d[1][:-1])), Spoilt("NaN", lambda d: (d[0], d[1] * np.nan)),
    Spoilt("columns", lambda d: (d[0], d[1][:, None]), SAME), ("numerals", (["0"], ["1"]))).optional()  # fmt: skip


ERRORS = anything_else(lambda: {"f1": (0.1, 0.2)}, ("none", {}), ("zero", {"f1": (0.1, 0.0)}), ("one", {"f1": (0.1,)}),
    ("a number", {"f1": 0.1}), ("numerals", {"f1": ("0.1", "0.2")}), ("pairs", [("f1", (0.1, 0.2))]),
    ("names are numbers", {1: (0.1, 0.2)}), ("NaN", {"f1": (0.1, np.nan)}), ("negative", {"f1": (0.1, -1.0)}),
    Spoilt("an array", lambda errors: {"f1": np.array(errors["f1"])}, SAME))  # fmt: skip
ANY_DEGREE = whole(3, 0).but(**ANY_COUNT)
ANY_WHOLE = whole(1, 1).but(**ANY_COUNT)
PHI = vector(lambda: np.linspace(0, 1, 5) ** 2, length=True).but("two columns")   # of two edges


# --- live --------------------------------------------------------------------------------------------------


def parts():
    return {"x": FloatSlider(0.5, min=0, max=1), "n": IntSlider(3, min=1, max=9)}


def follow(state):
    return f"{state['x']:.2f}"


def at_fault(state):
    raise OwnError("a fault of the app's own")


def live_figure(moving=None, controls=parts, update=follow, fig=None, rows=None, extras=None, title="t", react=None,
                things=None):
    fig = live.figure(120, 90) if fig is None else fig
    if moving is None:
        moving = fig.add_subplot().plot([0, 1]) if hasattr(fig, "add_subplot") else []
    own = controls()
    try:
        made = live.LiveFigure(fig, moving, own, update, rows=rows, extras=extras, title=title, react=react,
                               things=things)
    except Exception:
        for widget in own.values() if isinstance(own, dict) else ():
            if isinstance(widget, Widget):
                widget.layout.close(), widget.style.close(), widget.close()
        raise
    return made.text, made.state, np.frombuffer(made.png(), np.uint8)


def set_state(state):
    made = live.LiveFigure(live.figure(120, 90), [], parts(), follow)
    before = made.state
    try:
        made.state = state
    except Exception:
        assert made.state == before, "a refused state changed another"
        made.close()
        raise
    return made.text, made.state


def fitted(width, **page):
    made = live.LiveFigure(live.figure(120, 90), [], parts(), follow)
    made.fit(width, **page)
    return np.frombuffer(made.png(), np.uint8)


def one_state(x, n):
    return set_state({"x": x, "n": n})


STATE = anything_else(lambda: {"x": 0.25, "n": 2}, ("unknown", {"z": 1}), ("a name that is none", {3: 1}),
    ("pairs", [("x", 0.5)]), ("a number", 3)).but()  # fmt: skip
PNG = anything_else(lambda: np.zeros((4, 5, 4), np.uint8), ("floats", np.zeros((4, 5, 4))), ("grey", np.zeros((4, 5))),
    ("three channels", np.zeros((4, 5, 3), np.uint8)), ("no pixels", np.zeros((0, 5, 4), np.uint8)), ("a number", 3),
    Spoilt("a list", lambda p: p.tolist(), MAYBE), Spoilt("a view", lambda p: p[::2], EXTREME),
    ("int64 beyond", np.full((2, 2, 4), 300)))  # fmt: skip


def controls(*ways):
    """A function that makes controls: widgets are not to be made before the call."""
    return anything_else(always(parts), *ways).but("None", *[way.label for way in ANYTHING if way.label != "None"])


CONTROLS = controls(("no dict", lambda: [1]), ("no widgets", lambda: {"x": 3}), ("a class", lambda: {"x": FloatSlider}),
                    ("names are numbers", lambda: {1: FloatSlider()}))  # fmt: skip
UPDATE = function(follow, result=False).also(
    Spoilt("with a fault", lambda _: at_fault), Spoilt("None comes", lambda _: lambda s: None, EXTREME))  # fmt: skip
MOVING = anything_else(lambda: [], ("a number", 3), ("numbers", [1, 2]), ("an artist of none", "word")).but("None")
ROWS = anything_else(lambda: [["x"], ["n"]], ("unknown", [["z"]]), ("words", ["x", "n"]), ("a number", 3),
                     ("twice", [["x"], ["x"]])).optional()  # fmt: skip


FUNCTIONS = {
    "plot.line_style": (plot.line_style, {"m": whole(3, 0).but(**ANY_COUNT)}),
    "plot.indexed": (plot.indexed, {"letter": text("B"), "m": whole(12, 0).but(**ANY_COUNT)}),
    "plot.new_axes": (lambda **k: plot.new_axes(**k).figure.get_size_inches(), {
        "width": pixels(300), "height": pixels(200), "dpi": pixels(100)}),
    "plot.Picture": (lambda ax, alt: plot.Picture(ax, alt)._repr_mimebundle_()[1], {
        "ax": AX.but("a figure"), "alt": text("a line")}),
    "plot.greville": (plot.greville, {"t": KNOTS, "k": K}),
    "plot.basis_curves": (lambda **k: [np.nan_to_num(part) for part in plot.basis_curves(**k)], {
        "t": KNOTS, "k": K, "n": whole(20, 2)}),
    "knots.smoothness": (knots.smoothness, {"times": ANY_WHOLE, "k": ANY_DEGREE}),
    "plot.side_legend": (drawn(lambda ax: plot.side_legend(ax).axes), {
        "trace": TRACE, "ax": AX.also(("no Axes", None))}),
    "plot.basis": (drawn(plot.basis), {"t": KNOTS, "k": K, "total": flag(), **LEGEND, **MAYBE_AX}),
    "plot.spline": (drawn(plot.spline), {"t": KNOTS, "c": C, "k": K, "data": DATA, "parts": flag(),
                                         "coefficients": flag(), **LEGEND, **MAYBE_AX}),
    "plot.edge": (drawn(plot.edge), {
        "x": vector(lambda: np.linspace(-1, 1, 5), length=True), "phi": PHI,
        "labels": names(["a"]).optional(), "samples": vector(lambda: np.array([0.1, 0.2])).optional(),
        "xlabel": text("x"), "ylabel": text("y"), **LEGEND, **MAYBE_AX}),
    "plot.losses": (drawn(plot.losses), {"history": RUNS, "ylabel": text("loss"), **LEGEND, **MAYBE_AX}),
    "plot.dots": (drawn(plot.dots), {"errors": ERRORS, "names": names(["a", "b"]), "xlabel": text("RMSE"), **LEGEND,
                                     **MAYBE_AX}),
    "plot.network": (drawn(plot.network), {
        "model": KAN_ONLY, "X": matrix(X2), "inputs": names(["a", "b"]).optional(), "outputs": names(["y"]).optional(),
        **LEGEND, **MAYBE_AX}),
    "plot.decision_regions": (drawn(plot.decision_regions), {
        "f": function(two_classes), "X": matrix(X2), "labels": LABELS, "box": BOX.optional(),
        "threshold": real(0.5), "names": names(["no", "yes"]).optional(), "n": PLACES, **LEGEND, **MAYBE_AX}),
    "plot.surface": (drawn(plot.surface), {
        "f": function(plane), "box": BOX, "X": matrix(X2).optional(), "label": text("f"), "lines": whole(8, 0),
        "n": PLACES, **MAYBE_AX}),
    "plot_network.edge_curves": (plot_network.edge_curves, {"model": KAN_ONLY, "X": matrix(X2)}),
    "plot_network.legend_entries": (lambda **k: [one.get_label() for one in plot_network.legend_entries(**k)], {
        "products": flag(), "formulas": flag()}),
    "plot_network.NetworkArtists": (drawn(lambda ax, **k: plot_network.NetworkArtists(ax, **k).ax), {
        "widths": anything_else(always([2, 3, 1]), ("one", [2]), ("zero", [2, 0, 1]), ("halves", [2, 1.5, 1]),
            ("a number", 3), Spoilt("a tuple", tuple, SAME), ("huge", [2, 10**9, 1])),
        "products": anything_else(always([1, 0]), ("three", [0, 0, 0]), ("more than nodes", [4, 0]),
            ("a number", 3), ("halves", [0.5, 0])).optional(),
        "inputs": names(["a", "b"]).optional(), "outputs": names(["y"]).optional(), **MAYBE_AX}),
    "plot_regions.legend_entries": (lambda **k: [one.get_label() for one in plot_regions.legend_entries(**k)], {
        "names": names(["no", "yes"]).but("one less", "one more")}),
    "plot_regions.mesh": (plot_regions.mesh, {"box": BOX, "n": whole(20, 2)}),
    "plot_regions.points": (plot_regions.points, {
        "x": vector(lambda: np.linspace(0, 1, 4)), "y": vector(lambda: np.linspace(1, 2, 3))}),
    "plot_regions.pale": (plot_regions.pale, {"colour": COLOUR}),
    "live.figure": (lambda **k: live.figure(**k).get_size_inches(), {
        "width": pixels(300), "height": pixels(200), "dpi": pixels(100)}),
    "live.encode_png": (lambda pixels: list(live.encode_png(pixels)), {"pixels": PNG}),
    "live.LiveFigure": (with_widgets(live_figure), {
        "trace": TRACE, "controls": CONTROLS, "update": UPDATE, "moving": MOVING, "rows": ROWS,
        "fig": anything_else(lambda: live.figure(120, 90), ("a number", 3)).optional(), "title": text("t"),
        "react": function(lambda name: None, result=False).optional(),
        "things": anything_else(lambda: lambda: [], ("a number", 3), ("no things", lambda: [3]),
                                ("nothing", lambda: None), ("of one", lambda name: [])).optional(),
        "extras": anything_else(dict, ("a number", 3), ("no widgets", {"p": 3})).but("a dict").optional()}),
    "live.LiveFigure.state": (set_state, {"state": STATE}),
    "live.LiveFigure.state of one": (one_state, {"x": real(0.25, 0, 1), "n": whole(2, 1, most=9)}),
    "live.LiveFigure.fit": (fitted, {"width": pixels(300), "ratio": real(1.0, 0.1, 10).optional(),
                                     "dark": flag(False).optional()}),
    "live.LiveFigure.say": (lambda text: live.LiveFigure(live.figure(120, 90), [], parts(), follow).say(text), {
        "text": text("wait")}),
    "live.LiveFigure.animate": (
        lambda artist: live.LiveFigure(live.figure(120, 90), [], parts(), follow).animate(artist) is artist, {
            "artist": anything_else(lambda: axes().plot([0, 1])[0], ("a number", 3))}),
}  # fmt: skip
