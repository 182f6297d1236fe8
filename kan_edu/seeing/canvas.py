"""What pictures are drawn on, and the doors that all of them share: Axes, sizes in pixels, numbers that fit a paper.

And their pixels as a PNG file, written out by hand because a live picture cannot wait for Pillow.
"""

import struct
from numbers import Real
from zlib import crc32

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from kan_edu.checks.arguments import check_number, shown
from kan_edu.checks.arrays import check_vector

try:
    from isal.isal_zlib import compress  # zlib's format
except ImportError:   # no wheel for this machine, or the extra `lab` is not installed
    from zlib import compress

GREY, PALE = "#6b6b6b", "#929292"   # for words and thin lines; for broad lines behind others, 3 to 1 on white
MOST_PIXELS = 20_000  # along a side: what no screen and no paper has
LARGEST = 1e100  # of a number in a picture: matplotlib loses its way beyond, where the squares of numbers overflow


def new_figure(width, height, dpi=100, **options):
    """A white Figure of width x height pixels that no global registry keeps; ValueError for a size that is none."""
    dpi = check_number(dpi, "dpi", 1, 10_000)
    inches = [check_number(side, name, 1, MOST_PIXELS) / dpi for side, name in ((width, "width"), (height, "height"))]
    fig = Figure(inches, dpi=dpi, facecolor="white", **options)
    FigureCanvasAgg(fig)
    return fig


def new_axes(width=700, height=380, dpi=100):
    """Axes in a white Figure of width x height pixels that no global registry keeps.

    Raises ValueError for a side that is not from 1 to 20,000 pixels.
    """
    return new_figure(width, height, dpi, layout="constrained").add_subplot()


def check_axes(ax):
    """Return plain Axes as they are, and None; ValueError for all else, before anything is drawn."""
    if ax is None:
        return None
    if not isinstance(ax, Axes) or ax.name != "rectilinear" or ax.get_figure() is None:
        many = "; of several Axes pass one, such as axes[0]" if isinstance(ax, list | tuple | np.ndarray) else ""
        raise ValueError(f"ax is {shown(ax)}; expected plain Axes of matplotlib to draw into, such as "
                         f"plot.new_axes(){many}")  # fmt: skip
    return ax


def check_drawable(x, name):
    """Return an array of finite numbers, or raise a ValueError: numbers beyond 1e100 leave every picture."""
    far = np.abs(x) > LARGEST
    if far.any():
        raise ValueError(f"{name} holds {x[far].flat[0]:.3g}, which no picture can show; scale the numbers first")
    return x


def is_number(value):
    """True for a finite real number; truth values and lengths of time are none."""
    span = isinstance(value, bool | np.bool_ | np.timedelta64)
    return isinstance(value, Real) and not span and abs(value) < np.inf


def check_points(data):
    """(x, y) as two arrays (N,) of numbers that can be drawn, N > 0; ValueError for all else."""
    if not isinstance(data, list | tuple) or len(data) != 2:
        raise ValueError(f"data is {shown(data)}; expected a pair (x, y), two arrays of one length")
    x = check_vector(data[0], "the x of data")
    y = check_vector(data[1], "the y of data", len(x))
    return check_drawable(x, "the x of data"), check_drawable(y, "the y of data")


def encode_png(pixels):
    """The PNG file, as bytes, of pixels (height, width, 4) uint8.

    Written out here because Pillow takes 11 ms for a picture of 740 x 450: it tries five filters on every row, which
    serves photographs; rows of a line drawing pack better without any, in 3.7 ms by zlib, in 0.7 by isal.
    Raises ValueError for another kind of array.
    """
    if not (isinstance(pixels, np.ndarray) and pixels.dtype == np.uint8 and pixels.ndim == 3 and pixels.size
            and pixels.shape[2] == 4):  # fmt: skip
        what = f"{pixels.dtype} of shape {pixels.shape}" if isinstance(pixels, np.ndarray) else shown(pixels)
        raise ValueError(f"pixels are {what}; expected an array of uint8, (height, width, 4): red, green, blue, alpha")
    height, width, channels = pixels.shape
    rows = np.zeros((height, 1 + channels * width), dtype=np.uint8)   # each row starts with its filter, 0: none
    rows[:, 1:] = pixels.reshape(height, -1)

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)   # 8 bits a channel, colour type 6: RGBA
    data = compress(rows, 1)   # level 1 is a fast one: zlib's default has a tenth fewer bytes, in twice the time
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
