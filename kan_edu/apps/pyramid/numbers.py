"""Many short texts as one filled path: one artist that follows a slider ten times faster than a Text for each.

Matplotlib lays out and renders every Text on its own, about a millisecond each; the pyramid shows up to 60.
"""
from functools import cache

import numpy as np
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.textpath import TextPath

from kan_edu.seeing.letters import growth

POINTS = 72   # a glyph's outline is measured in points, the place of a text in inches


@cache
def glyph(character, size):
    """Outline of one character at font size `size`: vertices (n, 2), codes (n,) and the step to the next one."""
    zero = TextPath((0, 0), "0", size=size).vertices
    pair = TextPath((0, 0), character + "0", size=size)   # where the 0 stands tells how wide the character is
    n = len(pair.vertices) - len(zero)
    return pair.vertices[:n], pair.codes[:n], pair.vertices[n:, 0].min() - zero[:, 0].min()


class Numbers(PathPatch):
    """Short texts of one colour in a figure; `put` replaces all of them.

    figure    the Figure; it decides the scale
    size      font size in points
    """

    def __init__(self, figure, size=8, color="black"):
        super().__init__(Path(np.zeros((0, 2))), facecolor=color, linewidth=0, zorder=4, clip_on=False,
                         transform=figure.dpi_scale_trans)
        self.size, self.texts, self.lengths = size, [], []   # what is written, and how many corners each has
        self.set_figure(figure)

    def put(self, texts, places, align=0.5):
        """Show texts, a list of N strings, at places (N, 2) in pixels: the middle of a digit, the middle of the text.

        align    the share of the text that stands left of its place: 0.5 centred, 1 right-aligned
        """
        vertices, codes = [], []
        larger = growth(self.get_figure(), self.size)   # in a narrow picture
        rise = larger * glyph("0", self.size)[0][:, 1].max() / 2
        self.texts = list(texts)
        self.lengths = [sum(len(glyph(character, self.size)[0]) for character in text) for text in self.texts]
        for text, (x, y) in zip(texts, np.asarray(places) * POINTS / self.get_figure().dpi, strict=True):
            x = x - align * larger * sum(glyph(character, self.size)[2] for character in text)
            for character in text:
                outline, code, step = glyph(character, self.size)
                vertices.append(larger * outline + (x, y - rise))
                codes.append(code)
                x += larger * step
        empty = not vertices
        self.set_path(Path(np.zeros((0, 2)) if empty else np.concatenate(vertices) / POINTS,
                           None if empty else np.concatenate(codes)))
