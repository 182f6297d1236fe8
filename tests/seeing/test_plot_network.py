"""The drawn network: its curves are the edges', its ink is their share, nothing drawn lies on another thing."""

import numpy as np
import pytest
from matplotlib.figure import Figure

from kan_edu import KAN
from kan_edu.reading.strength import edge_shares
from kan_edu.seeing import plot
from kan_edu.seeing.network_artists import CURVE, FLAT, FORMULA, PALE, NetworkArtists, _in_box, _inked
from kan_edu.seeing.plot_network import edge_curves

WIDTHS = ([1, 1], [2, 1, 1], [2, 5, 1], [4, 2, 1, 1], [4, 5, 1], [3, 2, 2])


def samples(widths, N=80):
    return np.random.default_rng(0).uniform(-1, 1, (N, widths[0]))


def drawn(widths, **kw):
    """Model and artists, the curves as they are after the figure was laid out."""
    model, ax = KAN(widths, seed=2), plot.new_axes(700, 430)
    artists = NetworkArtists(ax, widths, **kw)
    artists.show(edge_curves(model, samples(widths)))
    ax.figure.canvas.draw()
    return model, artists


def boxes(artists):
    """The boxes on the page in pixels, (edges, 4): left, bottom, right, top."""
    corners = [artists.ax.transData.transform(path.vertices) for path in artists.frames.get_paths()]
    return np.array([[*c.min(axis=0), *c.max(axis=0)] for c in corners])


def flat(artists):
    """(layer, output, input, line) of all edges."""
    return [(level, j, i, line) for level, layer in enumerate(artists.curves) for j, row in enumerate(layer)
            for i, line in enumerate(row)]


@pytest.mark.parametrize("widths", WIDTHS)
def test_each_edge_has_its_own_curve_scaled_into_its_box(widths):
    model, artists = drawn(widths)
    curves = edge_curves(model, samples(widths))
    for (level, j, i, line), box in zip(flat(artists), boxes(artists), strict=True):
        x, y = artists.ax.transData.transform(line.get_xydata()).T
        assert box[0] < x.min() and x.max() < box[2] and box[1] < y.min() and y.max() < box[3]
        phi = model.layers[level].phi(j, i, curves[level].x[:, i])
        np.testing.assert_allclose(phi, curves[level].phi[:, j, i])
        assert np.corrcoef(line.get_ydata(), phi)[0, 1] == pytest.approx(1)   # its shape, not turned over


@pytest.mark.parametrize("widths", WIDTHS)
def test_boxes_are_apart_inside_the_picture_and_large_enough(widths):
    _, artists = drawn(widths)
    place, frame = boxes(artists), artists.ax.figure.bbox
    assert (place[:, 0] >= frame.x0).all() and (place[:, 2] <= frame.x1).all()
    assert (place[:, 2:] - place[:, :2]).min() >= 24
    for n, a in enumerate(place):
        for b in place[n + 1:]:
            assert a[2] < b[0] or b[2] < a[0] or a[3] < b[1] or b[3] < a[1]


def test_a_curve_is_drawn_over_the_values_that_reach_its_edge():
    model = KAN([2, 3, 1], seed=1)
    X = samples([2]) * [0.5, 0.2]
    hidden = model.layers[0].forward(X)
    first, second = edge_curves(model, X)
    np.testing.assert_array_equal(first.x[[0, -1]], [X.min(axis=0), X.max(axis=0)])
    np.testing.assert_array_equal(second.x[[0, -1]], [hidden.min(axis=0), hidden.max(axis=0)])


def test_ink_is_the_root_of_the_share_relative_to_the_strongest_edge_of_the_layer():
    model, artists = drawn([2, 5, 1])
    for level, share in enumerate(edge_shares(model, samples([2]))):
        ink = PALE + (1 - PALE) * np.sqrt(share / share.max())
        for j in range(share.shape[0]):
            for i in range(share.shape[1]):
                np.testing.assert_allclose(artists.curves[level][j][i].get_color(), _inked(CURVE, ink[j, i]))
    strongest, weakest = _inked(CURVE, 1.0), _inked(CURVE, PALE)
    np.testing.assert_allclose(strongest, CURVE)
    assert (weakest < 0.99).any(), "an edge that passes nothing can still be seen"


def test_links_join_the_input_its_box_and_the_output():
    _, artists = drawn([2, 3, 1])
    segments = [np.array(segment) for segment in artists.links.get_segments()]
    assert len(segments) == 2 * (6 + 3)
    lower, upper = segments[:6], segments[6:12]
    for n, (below, above) in enumerate(zip(lower, upper, strict=True)):
        j, i = divmod(n, 2)
        np.testing.assert_allclose(below[0], artists.nodes[0][i])
        np.testing.assert_allclose(above[1], artists.nodes[1][j])
        assert below[1][0] == above[0][0] and below[1][1] < above[0][1]


def test_a_curve_that_hardly_rises_beside_its_neighbours_stays_flat():
    x = np.linspace(0, 1, 5)[:, None, None]
    heights = _in_box(x * [[1.0, 0.5, FLAT / 10, 0.0]])
    np.testing.assert_allclose(np.ptp(heights, axis=0), [[1, 1, 0.1, 0]])
    np.testing.assert_allclose(heights.max(axis=0), -heights.min(axis=0))
    assert np.isfinite(_in_box(np.zeros((5, 1, 1)))).all()


def test_it_draws_into_the_axes_it_is_given_and_names_what_is_asked():
    given = Figure().add_subplot()
    X = samples([2])
    assert plot.network(KAN([2, 2, 2]), X, inputs=["height", "age"], outputs=["a", "b"], ax=given) is given
    assert [text.get_text() for text in given.texts] == ["height", "age", "a", "b"]
    assert [text.get_text() for text in plot.network(KAN([2, 1]), X).texts] == ["x₁", "x₂", "y"]
    assert given.get_legend() and plot.network(KAN([2, 1]), X, legend=False).get_legend() is None


@pytest.mark.parametrize("widths", WIDTHS)
def test_legend_and_names_are_neither_clipped_nor_over_boxes(widths):
    ax = plot.network(KAN(widths), samples(widths))
    ax.figure.canvas.draw()
    renderer, frame = ax.figure.canvas.get_renderer(), ax.figure.bbox
    words = [artist.get_window_extent(renderer) for artist in [*ax.texts, ax.get_legend()]]
    corners = [ax.transData.transform(path.vertices) for path in ax.collections[1].get_paths()]
    for n, box in enumerate(words):
        assert frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
        assert not any(box.overlaps(other) for other in words[n + 1:])
        assert not any(box.y0 < c[:, 1].max() and c[:, 1].min() < box.y1 for c in corners)


def test_live_pictures_change_data_only():
    model, artists = drawn([2, 5, 1])
    before = list(artists.ax.get_children())
    model.theta[...] = np.random.default_rng(1).normal(size=model.n_params)
    old = artists.curves[0][0][0].get_ydata().copy()
    artists.show(edge_curves(model, samples([2])))
    assert list(artists.ax.get_children()) == before and set(artists.moving) <= set(before)
    assert (artists.curves[0][0][0].get_ydata() != old).any()


@pytest.mark.parametrize("call, words", [
    (lambda: plot.network(KAN([2, 1]), np.zeros((5, 3))), "3 columns"),
    (lambda: plot.network(KAN([2, 1]), np.zeros((5, 2)), inputs=["a"]), "a list of 2 names"),
    (lambda: plot.network(KAN([2, 1]), np.zeros((5, 2)), inputs="ab"), "a list of 2 names"),
])
def test_what_does_not_fit_is_refused_in_words(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_plot_knows_the_network_and_nothing_made_up():
    with pytest.raises(AttributeError, match="no 'netwrok'"):
        plot.netwrok   # noqa: B018


# ------------------------------------------------------------------------- products, formulas, removed edges


def read():
    """[4, 2, (0, 1), 1] with formulas of all lengths and two edges removed; samples."""
    model = KAN([4, 2, (0, 1), 1], seed=3)
    model.set_formula((0, 0, 0), "x^2", (1.15, 1, -0.2))
    model.set_formula((0, 1, 3), "gaussian", (1.15, 3.14, -0.2))
    model.set_formula((2, 0, 0), "exp", (1.5, 1, 0))
    model.remove_edge((0, 0, 2))
    model.remove_edge((1, 1, 0))
    return model, samples([4])


def test_a_product_stands_above_its_two_sums_which_stand_above_their_boxes():
    model, X = read()
    artists = NetworkArtists(plot.new_axes(700, 560), model.widths, products=model.products)
    product, (left, right) = artists.nodes[2][0], artists.sums[1]
    assert left[0] < product[0] < right[0] and left[1] == right[1] < product[1]
    for place, boxes_of_sum in zip((left, right), artists.boxes[1][0], strict=True):
        assert place[0] == pytest.approx(boxes_of_sum[:, 0].mean()) and place[1] > boxes_of_sum[:, 1].max()
    marks = [line.get_xydata() for line in artists.moving if getattr(line, "get_marker", str)() == "x"]
    np.testing.assert_allclose(marks, [[product]])
    segments = [np.array(segment) for segment in artists.links.get_segments()]
    assert len(segments) == 2 * (8 + 4 + 1) + 2
    for place in (left, right):
        assert any(np.allclose(segment, [place, product]) for segment in segments)
        assert sum(np.allclose(segment[1], place) for segment in segments) == 2


def test_a_sum_is_a_node_where_nothing_multiplies():
    artists = NetworkArtists(plot.new_axes(), [2, 3, 1])
    for nodes, sums in zip(artists.nodes[1:], artists.sums, strict=True):
        np.testing.assert_array_equal(nodes, sums)


def test_a_removed_edge_leaves_neither_curve_nor_box_nor_link():
    model, X = read()
    artists = NetworkArtists(plot.new_axes(700, 560), model.widths, products=model.products)
    artists.show(edge_curves(model, X))
    gone = {(0, 0, 2): 2, (1, 1, 0): 8 + 2}   # the number of its box
    for (level, j, i), box in gone.items():
        assert len(artists.curves[level][j][i].get_xdata()) == 0
        assert artists.frames.get_linewidths()[box] == 0 and artists.frames.get_facecolors()[box, 3] == 0
    widths, drawn = np.array(artists.links.get_linewidths()), np.array(artists.frames.get_linewidths())
    assert (widths == 0).sum() == 2 * len(gone) and (drawn == 0).sum() == len(gone)
    lower = artists.links.get_segments()[2]
    np.testing.assert_allclose(lower[0], artists.nodes[0][2])
    assert widths[2] == 0 and widths[8 + 2] == 0


def test_a_formula_is_written_below_its_box_in_another_colour():
    model, X = read()
    ax = plot.network(model, X)
    texts = {text.get_text() for text in ax.texts}
    assert {"x²", "exp(-x²)", "1.5 exp(x)"} <= texts and len(texts) == 4 + 1 + 3
    wide = plot.network(KAN([1, 1]), samples([1]))
    assert len(wide.texts) == 2
    artists = NetworkArtists(plot.new_axes(700, 560), model.widths, products=model.products)
    curves = edge_curves(model, X)
    artists.show(curves)
    ink = PALE + (1 - PALE) * np.sqrt(curves[0].share[0, 0] / curves[0].share.max())
    np.testing.assert_allclose(artists.curves[0][0][0].get_color(), _inked(FORMULA, ink))
    x, y = artists.texts[0, 0, 0].xy
    np.testing.assert_allclose([x, y], artists.boxes[0][0][0, 0] - [0, artists.boxes[0][2] / 2])


def test_texts_come_and_go_with_the_formulas():
    model, X = read()
    artists = NetworkArtists(plot.new_axes(700, 560), model.widths, products=model.products)
    artists.show(edge_curves(KAN([4, 2, (0, 1), 1], seed=3), X))
    assert artists.texts == {} and (np.array(artists.frames.get_linewidths()) > 0).all()
    artists.show(edge_curves(model, X))
    made = dict(artists.texts)
    assert set(made) == {(0, 0, 0), (0, 1, 3), (2, 0, 0)} and set(made.values()) <= set(artists.moving)
    model.set_formula((0, 0, 0), "sin", (1, 1, 0))
    model.remove_edge((2, 0, 0))
    artists.show(edge_curves(model, X))
    assert artists.texts == made and made[0, 0, 0].get_text() == "sin(x)" and made[2, 0, 0].get_text() == ""


@pytest.mark.parametrize("widths", [[2, 1, 1], [2, (0, 1), 1], [2, (1, 1), 1], [4, 2, (0, 1), 1], [2, 5, 1]], ids=str)
def test_every_formula_can_be_read(widths):
    """All edges the family with the longest words: no text over a box, a node, another text, or beyond the picture."""
    model = KAN(widths, seed=1)
    for level, layer in enumerate(model.layers):
        for j in range(layer.n_sums):
            for i in range(layer.n_in):
                model.set_formula((level, j, i), "gaussian", (-0.123, 0.345, -0.678))
    ax = plot.network(model, samples(widths))
    ax.figure.canvas.draw()
    renderer, frame = ax.figure.canvas.get_renderer(), ax.figure.bbox
    words = [artist.get_window_extent(renderer) for artist in [*ax.texts, ax.get_legend()]]
    corners = [ax.transData.transform(path.vertices) for path in ax.collections[1].get_paths()]
    for n, box in enumerate(words):
        assert frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1
        assert not any(box.overlaps(other) for other in words[n + 1:]), ax.texts[n].get_text()
        for c in corners:
            (left, low), (right, high) = c.min(axis=0), c.max(axis=0)
            assert box.x1 <= left or right <= box.x0 or box.y1 <= low or high <= box.y0


def test_a_pole_does_not_stop_the_picture():
    model = KAN([1, 1])
    model.set_formula((0, 0, 0), "1/x", (1, 1, 0))
    X = np.linspace(-1, 1, 40)[:, None]
    ax = plot.network(model, X)
    ax.figure.canvas.draw()
    x, y = next(line for line in ax.lines if len(line.get_xdata()) == 41).get_xydata().T
    assert np.isfinite(y).sum() >= 40 and np.isfinite(x).all()


def test_the_legend_explains_what_is_there_and_no_more():
    def entries(model):
        return [text.get_text() for text in plot.network(model, samples(model.widths)).get_legend().get_texts()]

    model = KAN([2, 1])
    assert len(entries(model)) == 4
    model.set_formula((0, 0, 0), "sin")
    assert len(entries(model)) == 5 and any("formula" in text for text in entries(model))
    assert any("multiplies" in text for text in entries(KAN([2, (0, 1)])))
