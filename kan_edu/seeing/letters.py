"""Letters that can be read in a narrow picture: none has fewer than LEAST pixels on a page that has 480 for it.

A picture follows the width of its cell, and all in it becomes smaller alike; letters do not, beyond this. Below 480
pixels they do again, for they would run into each other: at 468, beside the list of files in a window of 900, they have
8.8. The artists keep the size they were given. The renderer, which measures every text and draws it, takes the larger
one, and where they would need more room than there is, a shorter text in place of a long one.
"""

from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.legend import Legend
from matplotlib.offsetbox import PackerBase

LEAST = 9  # pixels of the page, the height of a line of letters
NARROWEST = 480  # pixels of a picture; a narrower one is the same, smaller
SMALL = 8  # points of the smallest letters in a picture of its natural width; where these must grow it is narrow
TIGHT = 0.5  # of the gaps between the columns and the rows of a legend, and beside a mark, in a narrow picture


class ReadableRenderer(RendererAgg):
    """Agg for a figure in which no text is smaller than `least` points."""

    def __init__(self, figure, width, height, least):
        super().__init__(width, height, figure.dpi)
        self.figure, self.least = figure, least

    def _readable(self, prop):
        if prop.get_size_in_points() < self.least:
            prop = prop.copy()
            prop.set_size(self.least)
        return prop

    def draw_text(self, gc, x, y, s, prop, *args, **options):
        super().draw_text(gc, x, y, as_written(self.figure, s), self._readable(prop), *args, **options)

    def get_text_width_height_descent(self, s, prop, ismath):
        return super().get_text_width_height_descent(as_written(self.figure, s), self._readable(prop), ismath)


def least_points(figure, width):
    """The size in points of the smallest letters where the page shows the figure `width` pixels wide."""
    return 72 * LEAST * figure.get_figwidth() / max(width, NARROWEST)


def shorten(figure, shorter):
    """In a narrow picture the keys of `shorter` in legends, titles, labels and Words are written as its values."""
    figure.shorter = shorter


def as_written(figure, text):
    """A text, in a narrow picture with its long parts made shorter."""
    if is_narrow(figure):
        for long, short in getattr(figure, "shorter", {}).items():
            text = text.replace(long, short)
    return text


def growth(figure, size=SMALL):
    """By how much letters of `size` points are drawn larger in this figure as it now is; 1: as they are."""
    return max(1.0, getattr(figure.canvas, "least", 0) / size)


def is_narrow(figure):
    """Whether small letters would be too small to be read."""
    return growth(figure) > 1


def tighten(figure):
    """Give the legends of a narrow picture narrow gaps, and those of a wide one their own again."""
    for part in {part for legend in figure.findobj(Legend) for part in legend.findobj(PackerBase)}:
        if not hasattr(part, "own_sep"):
            part.own_sep = part.sep or 0
        part.sep = part.own_sep * (TIGHT if is_narrow(figure) else 1)
