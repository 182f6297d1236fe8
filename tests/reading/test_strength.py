"""The shares of a KAN's edges: by hand, as sums, and where nothing varies."""

import numpy as np
import pytest

from kan_edu import KAN
from kan_edu.reading.strength import edge_shares, strength


def lines(widths, slopes):
    """A KAN whose edges are straight lines: slopes[l] (n_out, n_in)."""
    model = KAN(widths, G=1, k=1, base=False, lo=-10, hi=10)
    for layer, slope in zip(model.layers, slopes, strict=True):
        layer.c[...] = np.asarray(slope)[:, :, None] * layer.basis.grid   # the line's values at the two knots
    return model


def test_shares_of_straight_lines_are_those_of_their_variances():
    x = np.array([-1.0, 1.0])
    X = np.stack(np.meshgrid(x, x), axis=-1).reshape(-1, 2)   # independent inputs of variance 1
    # hidden: h1 = 3 x1 + 4 x2 (variance 25), h2 = x1 (variance 1); y = h1 + 5 h2, variances 25 and 25
    first, second = edge_shares(lines([2, 2, 1], [[[3, 4], [1, 0]], [[1, 5]]]), X)
    np.testing.assert_allclose(second, [[0.5, 0.5]])
    np.testing.assert_allclose(first, [[0.5 * 9 / 25, 0.5 * 16 / 25], [0.5, 0]])


@pytest.mark.parametrize("widths", [[1, 1], [2, 5, 1], [3, 2, 2, 2]])
@pytest.mark.parametrize("basis", ["bspline", "rbf"])
def test_each_layer_sums_to_one(widths, basis):
    X = np.random.default_rng(0).uniform(-1, 1, (50, widths[0]))
    shares = edge_shares(KAN(widths, basis=basis, seed=1), X)
    assert [share.shape for share in shares] == list(zip(widths[1:], widths, strict=False))
    for share in shares:
        assert share.min() >= 0
        assert share.sum() == pytest.approx(1)


def test_an_edge_on_the_way_to_nowhere_has_no_share():
    X = np.random.default_rng(0).uniform(-1, 1, (50, 2))
    first, second = edge_shares(lines([2, 2, 1], [[[1, 1], [2, 2]], [[1, 0]]]), X)
    assert second[0, 1] == 0 and (first[1] == 0).all()


def test_where_nothing_varies_no_share_is_made_up():
    assert [share.sum() for share in edge_shares(KAN([2, 2, 1]), np.zeros((5, 2)))] == [0, 0]


def test_samples_of_the_wrong_width_are_refused_in_words():
    with pytest.raises(ValueError, match="3 columns"):
        edge_shares(KAN([2, 1]), np.zeros((5, 3)))


def test_a_node_has_the_sum_of_the_edges_that_leave_it_and_the_outputs_share_alike():
    X = np.random.default_rng(0).uniform(-1, 1, (50, 3))
    found = strength(KAN([3, (1, 1), 2], seed=1), X)
    assert [len(share) for share in found.nodes] == [3, 2, 2]
    np.testing.assert_allclose(found.nodes[2], [0.5, 0.5])
    for edges, below in zip(found.edges, found.nodes, strict=False):
        np.testing.assert_allclose(below, edges.sum(axis=0))
    assert str(found).count("edge (") == 3 * 3 + 2 * 2 and "edge (1, 1, 0): " in str(found)


@pytest.mark.parametrize("scale", [1e200, 1e-200])
def test_numbers_whose_squares_are_none_are_refused(scale):
    with pytest.raises(ValueError, match="by a power of ten first"):
        strength(KAN([2, 1]), scale * np.array([[1.0, 2.0], [3.0, 4.0]]))


def test_a_model_that_holds_nan_is_refused():
    model = KAN([2, 1])
    model.theta[3] = np.nan
    with pytest.raises(ValueError, match="1 of the 20 parameters of KAN.* are NaN or inf; make the model anew"):
        strength(model, np.ones((3, 2)))
