"""Short words in a live picture, drawn as outlines: twenty times faster than matplotlib's text.

matplotlib lays out and rasterises every letter at every drawing, 0.08 ms a letter, and forty letters that
change with a slider take longer than all the curves. Here each letter's outline is made once and kept.
"""
from functools import cache

import numpy as np
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D, ScaledTranslation

from kan_edu.seeing.letters import as_written, growth


@cache
def letter(char, size):
    """Outline of one letter: (vertices (P, 2) in points, codes (P,), advance to the next letter in points)."""
    font = FontProperties(size=size)
    vertices, codes = text_to_path.get_text_path(font, char)   # at a size of its own, FONT_SCALE
    vertices = np.reshape(vertices, (-1, 2)) * size / text_to_path.FONT_SCALE   # a blank has none
    advance, _, _ = text_to_path.get_text_width_height_descent(char, font, ismath=False)
    return vertices, np.asarray(codes, dtype=Path.code_type), advance


class Words(PathPatch):
    """Text that starts at (x, y) in the data of `ax`, its capitals centred on y; no TeX, one line.

    It has what a moving text needs: `set(text=..., position=(x, y), y=...)`, `get_text()`.
    """

    def __init__(self, ax, x=0.0, y=0.0, text="", size=9, color="black"):
        super().__init__(Path(np.zeros((0, 2))), facecolor=color, lw=0, clip_on=False)
        self._size, self._text, self._written, self._place, self._home = size, "", "", None, ax
        ax.add_artist(self)
        self.set_clip_on(False)
        self.set_position((x, y))
        self.set_text(text)

    def set_position(self, place):
        if place != self._place:
            self._place = place
            points = Affine2D().scale(1 / 72) + self._home.get_figure().dpi_scale_trans
            self.set_transform(points + ScaledTranslation(*place, self._home.transData))

    def get_transform(self):
        """From points, as the letters are kept, to pixels; a narrow picture has larger letters."""
        larger = growth(self._home.get_figure(), self._size)
        return Affine2D().scale(larger) + super().get_transform() if larger > 1 else super().get_transform()

    def set_y(self, y):
        self.set_position((self._place[0], y))

    def get_text(self):
        return self._text

    def set_text(self, text):
        if text != self._text:
            self._text, self.stale = text, True

    def get_path(self):
        """The letters' outlines, made anew when what is written has changed: by the text, or by the picture's width."""
        text = as_written(self._home.get_figure(), self._text)
        if text != self._written:
            self._written = text
            pen, outlines, codes = 0.0, [np.zeros((0, 2))], [np.zeros(0, dtype=Path.code_type)]
            for char in text:
                vertices, kinds, advance = letter(char, self._size)
                outlines.append(vertices + [pen, -0.36 * self._size])   # capitals are 0.73 of the size high
                codes.append(kinds)
                pen += advance
            self.set_path(Path(np.concatenate(outlines), np.concatenate(codes)))
        return super().get_path()
