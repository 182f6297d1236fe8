"""Letters in a narrow picture: they have nine pixels, whatever writes them, and long texts are written shorter."""

import numpy as np
import pytest
from matplotlib.lines import Line2D

from kan_edu import live
from kan_edu.apps import TrainerApp
from kan_edu.apps.common.words import Words
from kan_edu.apps.pyramid.numbers import Numbers
from kan_edu.seeing import letters
from kan_edu.seeing.dark import ThemedCanvas

CAPITAL = 0.73  # of a letter's height, in DejaVu Sans


def picture(write):
    """A figure 740 x 100 in which `write(ax)` has written something at (100, 50)."""
    fig = live.figure(740, 100)
    canvas = ThemedCanvas(fig)
    ax = fig.add_axes([0, 0, 1, 1], xlim=(0, 740), ylim=(0, 100))
    ax.axis("off")
    write(ax)
    return canvas


def inked(canvas):
    """(rows, columns) that the ink takes."""
    canvas.draw()
    ink = np.asarray(canvas.buffer_rgba())[..., 0] < 160
    return tuple(int(np.ptp(np.flatnonzero(ink.any(axis=axis)))) + 1 for axis in (1, 0))


WRITERS = {
    "Text": lambda ax: ax.text(100, 50, "H", fontsize=8),
    "formula": lambda ax: ax.text(100, 50, "$\\mathtt{H}$", fontsize=8),
    "Words": lambda ax: Words(ax, 100, 50, "H", size=8),
}


@pytest.mark.parametrize("kind", WRITERS)
def test_no_letter_has_fewer_than_nine_pixels_on_the_page(kind):
    canvas = picture(WRITERS[kind])
    for width, size in ((740, 8 * 100 / 72), (600, 8 * 600 / 7.4 / 72), (480, 9), (400, 7.5)):
        for ratio in (1, 2):
            canvas.follow(width, ratio, False)
            assert inked(canvas)[0] == pytest.approx(ratio * CAPITAL * size, abs=1.5)


def test_numbers_grow_as_well():
    fig = live.figure(740, 100)
    canvas, artist = ThemedCanvas(fig), fig.add_artist(Numbers(fig))
    for width, size in ((740, 8 * 100 / 72), (480, 9)):
        canvas.follow(width, 2, False)
        artist.put(["88"], [(100, 60)])
        assert inked(canvas)[0] == pytest.approx(2 * CAPITAL * size, abs=1)


def test_long_texts_are_written_shorter_where_the_picture_is_narrow():
    def write(ax):
        ax.text(50, 50, "H a long one", fontsize=9)
        letters.shorten(ax.figure, {" a long one": ""})

    canvas = picture(write)
    assert inked(canvas)[1] > 70
    canvas.follow(480, 1, False)
    assert inked(canvas)[1] < 10
    short = picture(lambda ax: (Words(ax, 50, 50, "H a long one"), letters.shorten(ax.figure, {" a long one": ""})))
    short.follow(480, 1, False)
    assert inked(short)[1] < 10


def test_a_legend_has_narrow_gaps_only_in_a_narrow_picture():
    fig = live.figure(740, 100)
    canvas = ThemedCanvas(fig)
    legend = fig.legend(handles=[Line2D([], [], label=label) for label in "ab"], ncols=2, fontsize=9)

    def width():
        canvas.draw()
        return legend.get_window_extent().width / fig.dpi

    wide = width()
    canvas.follow(480, 1, False)
    assert width() < 0.95 * wide
    canvas.follow(740, 1, False)
    assert width() == pytest.approx(wide)


def test_a_picture_that_was_narrow_is_as_before_when_it_is_wide_again():
    app = TrainerApp()
    first = app.png()
    app.live.fit(480)
    assert app.png() != first
    app.live.fit(740)
    assert app.png() == first
    app.live.close()
