"""A canvas that follows the page: its width, its pixels, its theme, and letters that can be read (`letters.py`).

For a dark page every colour is exchanged on its way to the pixels; the artists keep theirs.
Black becomes pale grey and white nearly black; a strong colour keeps its hue and becomes light enough to be seen, a
pale one, as areas have it, becomes dark. What an image shows stays as it is, where a colour means a number.
"""

import colorsys
from functools import lru_cache

import numpy as np
from matplotlib.backend_bases import GraphicsContextBase
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba

from kan_edu.checks.arguments import check_flag, check_number

from .letters import ReadableRenderer, least_points, tighten

GROUND, INK = 0.07, 0.93   # the lightness of white and of black in the dark; the ground of JupyterLab has 0.067
AS_IT_IS, PAINTED = "as it is", "painted"   # `artist.set_url(...)`: a line that keeps its colour, an image that not
MOST_PIXELS = 1_500_000    # of a picture on the page: where a screen has more it is a little less sharp
STRONG = 0.3               # the difference between the largest and the least of red, green, blue


@lru_cache(maxsize=4096)
def darkened(colour):
    """(r, g, b, alpha) for a dark page, of any colour that matplotlib knows.

    >>> [round(float(part), 2) for part in darkened("black") + darkened("white")]
    [0.93, 0.93, 0.93, 1.0, 0.07, 0.07, 0.07, 1.0]
    """
    r, g, b, alpha = to_rgba(colour)
    hue, light, saturation = colorsys.rgb_to_hls(r, g, b)
    turned = INK - (INK - GROUND) * light
    if max(r, g, b) - min(r, g, b) > STRONG:
        turned = 0.5 + 0.45 * light   # in their old order: blue stays darker than sky blue
    return (*colorsys.hls_to_rgb(hue, turned, saturation), alpha)


def _tuple(colour):
    """A colour that can be a key."""
    return colour if isinstance(colour, str) else tuple(colour)


def _painted(pixels):
    """Pixels (height, width, 4) uint8 of an image with few colours, each exchanged."""
    colours, which = np.unique(pixels.reshape(-1, 4).view(np.uint32), return_inverse=True)
    table = [darkened(tuple(np.float64(colour) / 255)) for colour in colours.view(np.uint8).reshape(-1, 4)]
    return np.uint8(np.round(255 * np.array(table)))[which].reshape(pixels.shape)


def _all_darkened(colours):
    """Rows of colours (n, 4), or none."""
    return np.array([darkened(tuple(colour)) for colour in colours]) if len(colours) else colours


class _DarkContext(GraphicsContextBase):
    def set_foreground(self, colour, isRGBA=False):
        done = colour is self._rgb or self.get_url() == AS_IT_IS   # the first: matplotlib sets an alpha and comes again
        super().set_foreground(*((colour, isRGBA) if done else (darkened(_tuple(colour)), True)))


class _DarkRenderer(ReadableRenderer):
    """One with every colour of a line, a text or an area exchanged."""

    def new_gc(self):
        return _DarkContext()

    def draw_path(self, gc, path, transform, rgbFace=None):
        super().draw_path(gc, path, transform, None if rgbFace is None else darkened(_tuple(rgbFace)))

    def _update_methods(self):
        super()._update_methods()
        markers, collection, image = (getattr(self._renderer, f"draw_{what}")
                                      for what in ("markers", "path_collection", "image"))   # fmt: skip

        def draw_markers(gc, path, path_transform, places, transform, face=None):
            markers(gc, path, path_transform, places, transform, None if face is None else darkened(_tuple(face)))

        def draw_path_collection(*args, **options):   # gc, four transforms and paths, offsets, faces, edges, ...
            collection(*args[:6], *map(_all_darkened, args[6:8]), *args[8:], **options)

        def draw_image(gc, x, y, pixels, *rest):
            image(gc, x, y, pixels if gc.get_url() != PAINTED else _painted(pixels), *rest)

        self.draw_markers, self.draw_path_collection, self.draw_image = draw_markers, draw_path_collection, draw_image


class ThemedCanvas(FigureCanvasAgg):
    """An Agg canvas that follows the page: its width and its pixels, by the figure's dpi, and its theme.

    `least` is the size of the smallest letters in points: so many that they can be read on the page.
    """

    def __init__(self, figure):
        super().__init__(figure)
        self.dark, self.natural = False, self.get_width_height()
        self.least = least_points(figure, self.natural[0])

    def follow(self, width, ratio, dark):
        """Draw for a page with room `width`, of `ratio` pixels a unit, dark or not; whether that changes anything."""
        wide, (w, h) = check_number(width, "width", 1, 10_000) * check_number(ratio, "ratio", 0.1, 10), self.natural
        dark = check_flag(dark, "dark")
        wide = round(min(wide, np.sqrt(MOST_PIXELS * w / h)))
        dpi = (wide + 0.01 * (wide != w)) / self.figure.get_figwidth()   # a little over: pixels are cut to whole ones
        least = least_points(self.figure, width)
        if (dpi, dark, least) == (self.figure.dpi, self.dark, self.least):
            return False
        self.figure.dpi, self.dark, self.least = dpi, dark, least
        tighten(self.figure)
        return True

    def get_renderer(self):
        """The renderer for the present size and theme; matplotlib asks for it at each drawing."""
        key = (*self.get_width_height(), self.figure.dpi, self.dark, self.least)
        if self._lastKey != key:
            kind = _DarkRenderer if self.dark else ReadableRenderer
            self.renderer, self._lastKey = kind(self.figure, *key[:2], self.least), key
        return self.renderer
