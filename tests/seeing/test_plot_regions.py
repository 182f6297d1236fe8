"""Regions and surfaces: each pixel shows what the function says there, and every part of the picture is named."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from kan_edu import KAN, MLP
from kan_edu.seeing import plot
from kan_edu.seeing.plot_regions import MARKERS, mesh, pale, points

RNG = np.random.default_rng(0)
X = RNG.uniform(-1, 1, (60, 2))
LABELS = (X[:, 0] > 0).astype(int)


def half(P):
    return P[:, :1] + 0.5   # class 1 to the right of x1 = 0


def thirds(P):
    return np.stack([-P[:, 0], np.zeros(len(P)), P[:, 0]], axis=1) + [-0.3, 0, -0.3]


def slope(P):
    return P[:, 0] + 10 * P[:, 1]


PICTURES = {
    "two classes": lambda ax=None: plot.decision_regions(half, X, LABELS, ax=ax),
    "three classes": lambda ax=None: plot.decision_regions(thirds, X, LABELS, ax=ax),
    "KAN": lambda ax=None: plot.decision_regions(KAN([2, 3, 1]), X, LABELS, ax=ax),
    "surface": lambda ax=None: plot.surface(slope, X=X, ax=ax),
    "surface of an MLP": lambda ax=None: plot.surface(MLP([2, 3, 1]), X=X, ax=ax),
}


def extent_of(artist):
    return artist.get_window_extent(artist.get_figure().canvas.get_renderer())


def at(ax, x, y):
    """The image's value at the place (x, y)."""
    image = ax.images[0]
    left, right, bottom, top = image.get_extent()
    z = image.get_array()
    return z[int((y - bottom) / (top - bottom) * len(z)), int((x - left) / (right - left) * z.shape[1])]


@pytest.mark.parametrize("f, borders", [(half, [0]), (thirds, [-0.3, 0.3])])
def test_each_pixel_has_the_colour_of_the_class_that_the_function_says(f, borders):
    ax = plot.decision_regions(f, X, LABELS)
    for place in RNG.uniform(-1, 1, (100, 2)):
        if np.abs(place[0] - borders).min() > 0.02:
            np.testing.assert_allclose(at(ax, *place), pale(plot.COLOURS[np.searchsorted(borders, place[0])]))


def test_the_border_lies_where_the_answer_changes():
    ax = plot.decision_regions(half, X, LABELS, box=(-2, 2, -1, 1))
    border = np.concatenate([path.vertices for lines in ax.collections for path in lines.get_paths()])
    assert len(border) and np.abs(border[:, 0]).max() < 4 / 200
    assert ax.get_xlim() == (-2, 2) and ax.get_ylim() == (-1, 1)
    assert not plot.decision_regions(half, X, LABELS, threshold=9).collections, "one region has no border"


def test_points_have_the_marker_and_the_colour_of_their_class_and_are_all_in_view():
    ax = plot.decision_regions(half, X, LABELS)
    for c, line in enumerate(ax.lines):
        np.testing.assert_array_equal(line.get_xydata(), X[LABELS == c])
        assert (line.get_marker(), line.get_color()) == (MARKERS[c], plot.COLOURS[c])
    (left, right), (bottom, top) = ax.get_xlim(), ax.get_ylim()
    assert (([left, bottom] < X) & (X < [right, top])).all()


def test_a_surface_shows_the_values_and_its_lines_carry_them():
    ax = plot.surface(slope, box=(0, 2, -1, 0))
    for x, y in ((0.5, -0.25), (1.9, -0.9)):
        assert at(ax, x, y) == pytest.approx(x + 10 * y, abs=0.15)
    lines = ax.collections[0]
    for level, path in zip(lines.levels, lines.get_paths(), strict=True):
        if len(path.vertices):
            np.testing.assert_allclose(slope(path.vertices), level, atol=1e-6)
    assert not plot.surface(slope, lines=0).collections
    assert not plot.surface(lambda P: np.ones(len(P))).collections, "a constant has no contour lines"


def test_no_contour_line_drowns_in_its_ground():
    lines = plot.surface(slope).collections[0]
    for level, colour in zip(lines.levels, lines.get_edgecolor(), strict=True):
        assert colour[0] == (0 if level > 0 else 1)


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_is_clipped_and_the_legend_lies_beside_the_picture(name):
    ax = PICTURES[name]()
    ax.figure.canvas.draw()
    box, figure = extent_of(ax.get_legend()), ax.figure.bbox
    assert figure.x0 <= box.x0 and box.x1 <= figure.x1 and figure.y0 <= box.y0 and box.y1 <= figure.y1
    assert not box.overlaps(extent_of(ax.patch))
    labels = [extent_of(label) for label in ax.get_xticklabels() if label.get_text()]
    assert not any(a.overlaps(b) for a, b in zip(labels, labels[1:], strict=False))
    assert ax.figure.get_facecolor() == (1, 1, 1, 1)   # readable on a dark page too


def test_the_legend_names_regions_border_and_points():
    ax = plot.decision_regions(thirds, X, LABELS, names=["left", "middle", "right"])
    words = [text.get_text() for text in ax.get_legend().get_texts()]
    assert words == ["says left", "says middle", "says right", "border", "is left", "is middle", "is right"]
    assert plot.decision_regions(half, X, LABELS, legend=False).get_legend() is None


@pytest.mark.parametrize("name", PICTURES)
def test_it_draws_into_the_axes_it_is_given(name):
    given = Figure().add_subplot()
    assert PICTURES[name](given) is given and given.images


def test_points_run_through_rows_from_the_bottom():
    np.testing.assert_array_equal(points(*mesh((0, 1, 5, 6), 2)), [[0, 5], [1, 5], [0, 6], [1, 6]])


@pytest.mark.parametrize("call, words", [
    (lambda: plot.decision_regions(half, X[:, :1], LABELS), "1 column, expected 2"),
    (lambda: plot.decision_regions(half, X, LABELS[:5]), "labels have shape"),
    (lambda: plot.decision_regions(half, X, LABELS - 1), "labels run from -1 to 0; expected whole numbers 0 .. 6"),
    (lambda: plot.decision_regions(half, X, LABELS + 0.5), "labels hold .*; expected whole numbers"),
    (lambda: plot.decision_regions(half, X, LABELS, names=["a"]), "expected a list of 2 names"),
    (lambda: plot.decision_regions(half, X, 7 * LABELS), "labels run from 0 to 7; expected .* for 7 classes"),
    (lambda: plot.decision_regions(half, X, LABELS, box=(1, 1, 0, 1)), "left < right"),
    (lambda: plot.surface(thirds), "one finite number for each"),
    (lambda: plot.surface(lambda P: P[:, 0] / 0), "one finite number for each"),
    (lambda: plot.surface(KAN([3, 1])), "expected 3"),
])  # fmt: skip
@pytest.mark.filterwarnings("ignore:.*encountered in divide")
def test_what_does_not_fit_is_refused_in_words(call, words):
    with pytest.raises(ValueError, match=words):
        call()
