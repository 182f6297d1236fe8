"""A table of numbers in a live picture, as tiles of colour: a tenth of the time that matplotlib's own image takes.

matplotlib resamples an image anew at every drawing. Here each pixel of the Axes looks up the tile on which it lies.
"""

import numpy as np
from matplotlib import colormaps
from matplotlib.artist import Artist


class Tiles(Artist):
    """Values (rows, columns) from `low` to `high` that fill `ax`, the first row below, in the colours of `cmap`."""

    def __init__(self, ax, cmap, low=0.0, high=1.0):
        super().__init__()
        self.colours = colormaps[cmap](np.arange(256), bytes=True).view(np.uint32)[:, 0]   # a pixel is one number
        self.low, self.high, self.values = low, high, np.zeros((1, 1))
        self.set_zorder(0)
        ax.add_artist(self)

    def get_array(self):
        return self.values

    def set_data(self, values):
        self.values, self.stale = np.asarray(values), True

    def draw(self, renderer):
        """Every pixel whose middle lies in the Axes gets the colour of its tile."""
        if not self.get_visible():
            return
        (x0, y0), (x1, y1) = np.round(self.axes.bbox.get_points()).astype(int)
        rows, columns = self.values.shape
        down = (np.arange(y1 - y0) + 0.5) * rows / (y1 - y0)
        across = (np.arange(x1 - x0) + 0.5) * columns / (x1 - x0)
        share = (self.values - self.low) / (self.high - self.low)
        tiles = self.colours[np.clip(256 * share, 0, 255).astype(int)]
        pixels = tiles[down.astype(int)][:, across.astype(int)]
        gc = renderer.new_gc()
        renderer.draw_image(gc, x0, y0, np.ascontiguousarray(pixels).view(np.uint8).reshape(*pixels.shape, 4))
        gc.restore()
        self.stale = False
