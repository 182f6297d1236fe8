"""Words drawn as outlines stand where matplotlib's own text would stand."""

import numpy as np
import pytest

from kan_edu.apps.common.words import Words
from kan_edu.seeing import live


def make_axes():
    return live.figure(400, 300).add_axes([0, 0, 1, 1], xlim=(0, 2), ylim=(5, -1))


def box_of(artist):
    return artist.get_window_extent(artist.get_figure().canvas.get_renderer())


@pytest.mark.parametrize("text", ["B₁₂ 0.250", "not zero at x:", "k = 3, G = 5"])
@pytest.mark.parametrize("size", [8, 12])
def test_words_cover_what_matplotlibs_text_covers(text, size):
    ax = make_axes()
    ours = box_of(Words(ax, 0.3, 2.0, text, size=size))
    theirs = box_of(ax.text(0.3, 2.0, text, fontsize=size, va="center_baseline"))
    np.testing.assert_allclose([ours.x0, ours.x1], [theirs.x0, theirs.x1], atol=0.06 * theirs.width)   # unhinted
    assert theirs.y0 - 2 < ours.y0 < ours.y1 < theirs.y1 + 2


def test_capitals_are_centred_on_the_given_height():
    ax = make_axes()
    box = box_of(Words(ax, 1.0, 2.0, "B"))
    assert (box.y0 + box.y1) / 2 == pytest.approx(ax.transData.transform((1.0, 2.0))[1], abs=0.5)


def test_a_changed_text_or_place_is_the_picture_of_new_words():
    pictures = []
    for moved in (True, False):
        ax = make_axes()
        words = Words(ax, 0.1, 0.0, "old words") if moved else Words(ax, 0.5, 3.0, "new 1.000")
        if moved:
            words.set(text="new 1.000", position=(0.5, 1.0))
            words.set_y(3.0)
        assert words.get_text() == "new 1.000"
        ax.figure.canvas.draw()
        pictures.append(np.array(ax.figure.canvas.buffer_rgba()))
    np.testing.assert_array_equal(*pictures)
    assert (pictures[0] < 128).any()


def test_no_words_draw_nothing():
    ax = make_axes()
    ax.axis("off")
    Words(ax, 1, 1, "x").set_text("")
    Words(ax, 1, 1, " ")
    ax.figure.canvas.draw()
    assert (np.array(ax.figure.canvas.buffer_rgba()) == 255).all()
