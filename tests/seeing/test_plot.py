"""Static pictures: the curves drawn are the curves meant, nothing is clipped, nothing covers data."""

import base64
import io
import itertools

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread

from kan_edu.learning.loop import History
from kan_edu.networks.kan import KAN
from kan_edu.seeing import knots, live, plot, plot_network, plot_regions
from kan_edu.splines.bspline import basis as basis_values
from kan_edu.splines.bspline import evaluate, uniform_knots

CUBIC = uniform_knots(-1, 1, 5, 3)
DOUBLE = np.where(np.arange(len(CUBIC)) == 5, CUBIC[4], CUBIC)   # the second inner knot moved onto the first
HISTORY = History(loss=[1.0, 0.5, 0.2], val_loss=[2.0, 0.9], val_steps=[0, 2])


def curves(ax):
    """{label: (x, y)} of the lines in the Axes."""
    return {line.get_label(): line.get_data() for line in ax.lines}


def box_of(artist):
    return artist.get_window_extent(artist.get_figure().canvas.get_renderer())


def many(ax=None):
    x = np.linspace(-1, 1, 50)
    return plot.edge(x, np.sin(x[:, None] * [1, 2, 3]), samples=x[::5], ax=ax)


PICTURES = {
    "basis": lambda ax=None: plot.basis(CUBIC, 3, ax=ax),
    "basis, many": lambda ax=None: plot.basis(uniform_knots(0, 1, 12, 5), 5, ax=ax),
    "spline": lambda ax=None: plot.spline(DOUBLE, np.arange(8.0), 3, data=([-0.5, 0.5], [1, 2]), parts=True, ax=ax),
    "edge": many,
    "losses": lambda ax=None: plot.losses({"KAN": HISTORY, "MLP": [3.0, 2.0]}, ax=ax),
    "dots": lambda ax=None: plot.dots({"f1": (1e-7, 0.1), "f2": (0.02, 0.01)}, ["KAN", "MLP"], ax=ax),
}


@pytest.mark.parametrize("name", PICTURES)
def test_legend_names_every_curve_and_is_neither_clipped_nor_over_the_data(name):
    ax = PICTURES[name]()
    ax.figure.canvas.draw()
    legend = ax.get_legend()
    named = {text.get_text() for text in legend.get_texts()}
    drawn = {line.get_label() for line in ax.lines if not line.get_label().startswith("_")}
    assert drawn and named == drawn
    box, figure = box_of(legend), ax.figure.bbox
    assert figure.x0 <= box.x0 and box.x1 <= figure.x1 and figure.y0 <= box.y0 and box.y1 <= figure.y1
    assert not box.overlaps(box_of(ax.patch))


@pytest.mark.parametrize("name", PICTURES)
def test_it_draws_into_the_axes_it_is_given(name):
    given = Figure().add_subplot()
    assert PICTURES[name](given) is given
    assert given.lines and len(given.figure.axes) == 1


def test_neighbours_differ_in_dashes_and_28_styles_in_something():
    styles = [plot.line_style(m) for m in range(28)]
    assert all(a["linestyle"] != b["linestyle"] for a, b in itertools.pairwise(styles))
    assert len({str(style) for style in styles}) == 28


def test_basis_draws_every_function_on_its_support_and_their_sum():
    drawn = curves(plot.basis(CUBIC, 3))
    assert len(drawn) == 8 + 1 + 6   # functions, sum, knots in [-1, 1]
    for m in range(8):
        x, y = drawn[plot.indexed("B", m)]
        shown = np.isfinite(y)
        np.testing.assert_allclose(y[shown], basis_values(x, CUBIC, 3)[shown, m])
        np.testing.assert_array_equal(shown, (CUBIC[m] <= x) & (x <= CUBIC[m + 4]))
    np.testing.assert_allclose(drawn["sum of all"][1], 1)


def test_ticks_are_the_knots_and_a_repeated_one_says_how_often():
    ax = plot.basis(DOUBLE, 3)
    np.testing.assert_allclose(ax.get_xticks(), [-1, -0.6, 0.2, 0.6, 1])
    assert [label.get_text() for label in ax.get_xticklabels()][1] == "-0.6\n×2"


def test_labels_of_close_knots_do_not_overlap():
    t = np.sort(np.concatenate([CUBIC, [-0.59, -0.58, 0.19]]))
    ax = plot.basis(t, 3)
    ax.figure.canvas.draw()
    boxes = [box_of(label) for label in ax.get_xticklabels() if label.get_text()]
    assert len(boxes) > 4
    assert not any(a.overlaps(b) for a, b in itertools.pairwise(boxes))


def test_spline_draws_the_curve_its_data_and_its_coefficients():
    c = np.random.default_rng(0).normal(size=8)
    drawn = curves(plot.spline(CUBIC, c, 3, data=([0.0, 0.5], [1.0, 2.0]), parts=True))
    x, y = drawn["spline s(x)"]
    np.testing.assert_allclose(y, evaluate(x, c, CUBIC, 3))
    np.testing.assert_array_equal(drawn["data"], [[0, 0.5], [1, 2]])
    np.testing.assert_array_equal(drawn["coefficients c"][1], c)
    parts = np.nansum([drawn[plot.indexed("c", m) + plot.indexed("B", m)][1] for m in range(8)], axis=0)
    np.testing.assert_allclose(parts, y)


@pytest.mark.parametrize("k", [0, 1])
def test_a_jump_is_drawn_as_a_gap(k):
    t = np.array([-2, -1, 0, 0, 1, 2.0]) if k == 1 else np.array([-1, 0, 1.0])
    x, y = curves(plot.spline(t, np.arange(len(t) - 1 - k), k))["spline s(x)"]
    gap = np.flatnonzero(np.isnan(y))
    assert gap.size == 1 and abs(x[gap[0]]) < 1e-9
    assert abs(y[gap[0] + 1] - y[gap[0] - 1]) > 0.9


@pytest.mark.parametrize("k", range(1, 6))
def test_coefficients_at_greville_points_make_the_straight_line(k):
    t = np.sort(np.random.default_rng(k).uniform(-1, 1, 8 + 2 * k))
    x = np.linspace(t[k], t[-1 - k], 30)
    np.testing.assert_allclose(evaluate(x, plot.greville(t, k), t, k), x, atol=1e-12)


@pytest.mark.parametrize("k, times", [(k, times) for k in range(1, 6) for times in range(1, k + 2)])
def test_smoothness_in_words_is_the_smoothness_of_the_curve(k, times):
    t = np.sort(np.concatenate([uniform_knots(-1, 1, 4, k), np.zeros(times - 1)]))
    c = np.random.default_rng(0).normal(size=len(t) - 1 - k)
    left, right = np.nextafter(0.0, -1), 0.0
    jumps = [np.ptp(evaluate([left, right], c, t, k, nu)) > 1e-9 for nu in range(k + 1)]
    words = knots.smoothness(times, k)
    assert words == ("jump" if jumps[0] else "C" + "⁰¹²³⁴"[jumps.index(True) - 1])


def test_edge_names_its_columns_and_shows_where_samples_were():
    x = np.linspace(0, 1, 9)
    drawn = curves(plot.edge(x, np.stack([x, x**2], axis=1), labels=["weight", "power"], samples=[0.2, 0.3]))
    np.testing.assert_array_equal(drawn["power"], [x, x**2])
    np.testing.assert_array_equal(drawn["samples"][0], [0.2, 0.3])


def test_losses_of_one_run_of_an_array_and_of_several():
    assert list(curves(plot.losses(HISTORY))) == ["train", "validation"]
    drawn = curves(plot.losses({"KAN": HISTORY, "MLP": np.array([3.0, 2.0])}))
    assert list(drawn) == ["KAN train", "KAN validation", "MLP train"]
    np.testing.assert_array_equal(drawn["KAN train"], [[0, 1, 2], HISTORY.loss])
    np.testing.assert_array_equal(drawn["KAN validation"], [HISTORY.val_steps, HISTORY.val_loss])
    assert plot.losses([1.0, 2.0]).get_yscale() == "log"


def test_dots_stand_at_their_errors_a_row_for_each_task_and_say_them():
    ax = plot.dots({"sine": [1e-7, 0.1, 3.0], "tanh net": (0.02, 0.01, 0.5)}, ["KAN", "MLP", "mean"])
    drawn = curves(ax)
    assert list(drawn) == ["KAN", "MLP", "mean"] and ax.get_xscale() == "log"
    np.testing.assert_array_equal(drawn["MLP"], [[0.1, 0.01], [0, 1]])
    assert [label.get_text() for label in ax.get_yticklabels()] == ["sine", "tanh net"]
    assert ax.get_ylim()[0] > ax.get_ylim()[1]   # the first task above
    said = {(text.get_text(), *text.xy) for text in ax.texts}
    assert {("1e-07", 1e-7, 0), ("1e-02", 0.01, 1), ("5e-01", 0.5, 1)} <= said and len(said) == 6


def test_picture_is_a_png_with_an_alt_text_and_one_line_of_words():
    bundle, metadata = plot.Picture(plot.basis(CUBIC, 3), "8 cubic functions")._repr_mimebundle_()
    assert bundle["text/plain"] == "Picture: 8 cubic functions"
    assert metadata["image/png"]["alt"] == "8 cubic functions"
    assert isinstance(bundle["image/png"], str)  # as Jupyter's protocol has it: not every kernel encodes bytes
    assert imread(io.BytesIO(base64.b64decode(bundle["image/png"]))).shape[:2] == (380, 700)


# ---------------------------------------------------------------------------------------- what is refused

X2 = np.random.default_rng(0).uniform(-1, 1, (20, 2))


def nan_model():
    model = KAN([2, 1])
    model.theta[0] = np.nan
    return model


def state_of(ax):
    return ax.get_children(), ax.get_xlim(), ax.get_ylim(), ax.get_yscale(), ax.get_xlabel(), ax.figure.axes


@pytest.mark.parametrize("draw", [
    lambda ax: plot.basis(CUBIC, 3, total="no", ax=ax), lambda ax: plot.basis(CUBIC, 3.0, ax=ax),
    lambda ax: plot.basis(CUBIC * 1e300, 3, ax=ax), lambda ax: plot.spline(CUBIC, np.arange(8.0), 3, legend=1, ax=ax),
    lambda ax: plot.spline(CUBIC, np.full(8, 1e300), 3, ax=ax), lambda ax: plot.spline(CUBIC, np.arange(7.0), 3, ax=ax),
    lambda ax: plot.spline(CUBIC, np.arange(8.0), 3, data=[1, 2, 3], ax=ax),
    lambda ax: plot.edge([0, 1], [[0, 1], [1, 2]], labels=["one"], ax=ax),
    lambda ax: plot.edge([0, 1], [0, 1], xlabel=5, ax=ax),
    lambda ax: plot.edge([0, 1], [0, 1], samples=[np.nan], ax=ax),
    lambda ax: plot.losses([1.0, -1.0], ax=ax), lambda ax: plot.losses({}, ax=ax),
    lambda ax: plot.losses([0, 0], ax=ax),
    lambda ax: plot.dots({}, ["a"], ax=ax), lambda ax: plot.dots({"f": [1, 0.0]}, ["a", "b"], ax=ax),
    lambda ax: plot.dots({"f": [1.0]}, ["a", "b"], ax=ax), lambda ax: plot.dots({"f": [1.0]}, "a", ax=ax),
    lambda ax: plot.dots([1.0], ["a"], ax=ax), lambda ax: plot.dots({3: [1.0]}, ["a"], ax=ax),
    lambda ax: plot.network(nan_model(), X2, ax=ax), lambda ax: plot.network(KAN([2, 1]), X2, outputs=[1], ax=ax),
    lambda ax: plot.network(KAN([2, 1]), X2, legend="no", ax=ax),
    lambda ax: plot.network(KAN([50, 50, 1], G=1, k=1), np.zeros((2, 50)), ax=ax),
    lambda ax: plot.decision_regions(lambda X: X[:, :1], X2, X2[:, 0] > 0, names=["a", 2], ax=ax),
    lambda ax: plot.decision_regions(lambda X: X[:-1, :1], X2, X2[:, 0] > 0, ax=ax),
    lambda ax: plot.surface(lambda X: X[:, :1] * np.nan, ax=ax), lambda ax: plot.surface(lambda X: X, ax=ax),
    lambda ax: plot.surface(lambda X, Y: X, ax=ax), lambda ax: plot.surface(lambda X: X[:, :1], label=3, ax=ax),
    lambda ax: plot.surface(lambda X: X[:, :1], box=(0, True, 0, 1), ax=ax),
    lambda ax: plot.surface(lambda X: X[:, :1], box=(1e30, 1e30 * (1 + 1e-15), 0, 1), ax=ax),
    lambda ax: plot.spline(np.arange(-2, 7) * 1e-320, np.ones(6), 2, data=([0, 1], [0, 1]), parts=True, ax=ax),
])  # fmt: skip
def test_a_picture_that_is_refused_leaves_the_axes_as_they_were(draw):
    ax = Figure().add_subplot()
    ax.plot([0, 1], [2, 3])
    before = state_of(ax)
    with pytest.raises(ValueError, match="expected|no picture can show|cannot tell|NaN or inf|at most|too close"):
        draw(ax)
    assert state_of(ax) == before


@pytest.mark.parametrize("ax", [
    "axes", Figure(), [Figure().add_subplot()], Figure().subplots(1, 2), Figure().add_subplot(projection="polar")],
    ids=["word", "figure", "list", "array", "polar"])  # fmt: skip
def test_what_is_no_plain_axes_is_refused_in_words(ax):
    with pytest.raises(ValueError, match="expected plain Axes of matplotlib to draw into"):
        plot.edge([0, 1], [0, 1], ax=ax)


@pytest.mark.parametrize("size", [{"width": 0}, {"height": True}, {"dpi": "100"}, {"width": 1e7}, {"height": np.nan}])
def test_what_is_no_size_of_a_picture_is_refused_before_it_is_made(size):
    for make in (plot.new_axes, live.figure):
        with pytest.raises(ValueError, match=f"{next(iter(size))} is .*; expected a finite number from 1 to"):
            make(**size)


@pytest.mark.parametrize("call", [
    lambda: plot.line_style(-1), lambda: plot.line_style(1.5), lambda: plot.indexed("B", True),
    lambda: plot.indexed(3, 1),
    lambda: plot.Picture(3, "three"), lambda: plot.Picture(plot.new_axes(), None),
    lambda: plot.greville(CUBIC[::-1], 3),
    lambda: plot.side_legend(None), lambda: plot_regions.pale((np.nan, 0, 0)),
    lambda: plot_regions.mesh((0, 1, 0, 1), 10**9),
    lambda: plot_regions.legend_entries("ab"), lambda: plot_network.legend_entries(formulas="no"),
])  # fmt: skip
def test_small_helpers_refuse_in_words_too(call):
    with pytest.raises(ValueError, match="expected|sort them"):
        call()
