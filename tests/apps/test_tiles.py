"""Tiles: what matplotlib's image shows, pixel by pixel where both can be the same."""

import numpy as np
import pytest

from kan_edu.apps.common.tiles import Tiles
from kan_edu.seeing import live
from tests.moving import drawn_at_once

VALUES = np.array([[0.0, 0.25, 0.5], [0.75, 1.0, 0.1]])


def axes(width, height):
    ax = live.figure(100, 80).add_axes([0.1, 0.1, width / 100, height / 80])
    ax.axis("off")
    return ax


def test_tiles_are_the_pixels_of_an_image():
    ours, theirs = axes(60, 40), axes(60, 40)
    Tiles(ours, "cividis", -1.0, 1.0).set_data(VALUES)
    theirs.imshow(VALUES, cmap="cividis", vmin=-1, vmax=1, origin="lower", aspect="auto", interpolation="nearest")
    np.testing.assert_array_equal(drawn_at_once(ours.figure), drawn_at_once(theirs.figure))


@pytest.mark.parametrize(("width", "height"), [(41, 23), (2, 1)])
def test_where_tiles_are_no_whole_pixels_each_pixel_is_of_the_tile_on_which_its_middle_lies(width, height):
    ax = axes(width, height)
    tiles = Tiles(ax, "cividis")
    tiles.set_data(VALUES)
    shown = drawn_at_once(ax.figure)[72 - height:72, 10:10 + width][::-1]   # from below
    for (row, column), pixel in np.ndenumerate(shown.copy().view(np.uint32)[..., 0]):
        value = VALUES[int((row + 0.5) / height * 2), int((column + 0.5) / width * 3)]
        assert pixel == tiles.colours[min(int(256 * value), 255)]


def test_hidden_tiles_are_not_drawn_and_new_values_are_noticed():
    ax = axes(60, 40)
    tiles, blank = Tiles(ax, "cividis"), drawn_at_once(axes(60, 40).figure)
    assert not ax.figure.stale or ax.figure.canvas.draw() is None
    tiles.set_data(VALUES)
    assert tiles.stale and ax.figure.stale
    tiles.set_visible(False)
    np.testing.assert_array_equal(drawn_at_once(ax.figure), blank)
