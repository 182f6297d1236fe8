"""A picture that can be touched: the widget that shows it, and the things in it that a hand or a key can move.

The page (`touch.js`) knows pixels, the kernel knows Axes. With each picture the page gets a list of things and where
they lie; it says which was dragged, or moved by arrow keys, and the app changes its state as for a slider.

One message is on its way at a time: its answer is the next picture, and what the hand did meanwhile goes in the next
message. A second one would keep the kernel busy while a picture travels, but where the page is the slower half, as it
is without a graphics card, pictures queue up and follow the hand long after it has let go (docs/measurements.md).
"""

import base64
import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from anywidget import AnyWidget
from ipywidgets import Layout, VBox
from matplotlib.axes import Axes
from traitlets import Bytes, Int, List, Unicode

from kan_edu.checks.arguments import shown

ICON = Path(__file__).with_name("icon.js").read_text(encoding="utf-8")   # the start of a script that asks for pictures
POINT, LINE = 14, 7   # pixels from a point, and from a line, within which the pointer takes hold of it
CURSORS = {(True, True): "move", (True, False): "ew-resize", (False, True): "ns-resize", (False, False): "default"}


class TouchPicture(AnyWidget):
    """The picture on the page. `png`, `words` (HTML, below it) and `things` are what it shows.

    `seen` counts the messages answered, `held` is the name of the thing that the last of them moved.
    """

    _esm = ICON + Path(__file__).with_name("touch.js").read_text(encoding="utf-8")
    _css = Path(__file__).with_name("touch.css").read_text(encoding="utf-8")
    png = Bytes().tag(sync=True)
    words = Unicode().tag(sync=True)
    things = List().tag(sync=True)
    seen = Int().tag(sync=True)
    held = Unicode().tag(sync=True)
    size = List().tag(sync=True)   # [width, height] in pixels, as it was laid out

    def __init__(self, width, height):
        super().__init__(size=[width, height], layout=Layout(flex="0 0 auto"))
        self._late = None

    def show(self, png, things):
        """The next picture and the things in it, in one message."""
        with self.hold_sync():
            self.png, self.things = png, things

    def say(self, words):
        """Other words below the picture; inside `late_words` the page hears of the last of them, at the end."""
        if self._late is None:
            self.words = words
        else:
            self._late = words

    @contextlib.contextmanager
    def late_words(self):
        """`with touch.late_words():` pictures go to the page, and at the end of the block the last words."""
        self._late = self.words
        try:
            yield
        finally:
            self.words, self._late = self._late, None


class LiveBox(VBox):
    """A VBox that leaves a PNG and one fixed line of text where no widget can run (GitHub, nbval)."""

    live = None   # the LiveFigure whose picture is left

    def _repr_mimebundle_(self, **kwargs):
        """The widget's own display data plus `image/png` and `text/plain`; the alt text as metadata."""
        bundle = super()._repr_mimebundle_(**kwargs) or {}
        bundle["text/plain"] = f"{self.live.title}: a live picture. Run this cell to move it."
        bundle["image/png"] = base64.b64encode(self.live.png()).decode("ascii")
        return bundle, {"image/png": {"alt": self.live.text}}


@dataclass(frozen=True)
class Thing:
    """Something in a picture that can be dragged.

    name     what the page and its user call it: "knot 2"
    axes     the Axes in which it lies; several that share their x, and the thing is a line through all of them
    x, y     where it is, in data; None: it is a line across the Axes there, which moves in the other direction only
    moved    moved(x, y): what the app does when it comes to a place in data, which may be outside its range; it returns
             the name of the thing that is now under the hand, if that is another one, else None
    step     (in x, in y): how far one press of an arrow key moves it; 0: it does not move in that direction
    says     its value in words
    ends     ((x, y), (x, y)): a line between these two places, to be taken hold of anywhere
    area     the whole Axes takes it to the pointer; "click": only a click does
    """

    name: str
    axes: Axes | tuple
    x: float | None
    y: float | None
    moved: Callable
    step: tuple = (0.0, 0.0)
    says: str = ""
    ends: tuple | None = None
    area: bool | str = False

    @property
    def home(self):
        """The Axes in whose data x and y are."""
        return self.axes[0] if isinstance(self.axes, tuple) else self.axes

    def for_page(self):
        """The thing as `touch.js` reads it."""
        one = {"name": self.name, "says": f"{self.name}, {self.says}" if self.says else self.name,
               "reach": POINT if self.ends is None and None not in (self.x, self.y) else LINE,
               "cursor": "copy" if self.area == "click" else CURSORS[bool(self.step[0]), bool(self.step[1])],
               "box": self._box()}  # fmt: skip
        if self.area:
            one |= {"area": True, "click": self.area == "click", "at": shares(self.home, [(self.x, self.y)])[0]}
        return one

    def _box(self):
        """[x0, y0, x1, y1] as shares of the picture: the segment, or the area."""
        axes = self.axes if isinstance(self.axes, tuple) else (self.axes,)
        if self.area:
            (x0, x1), (y1, y0) = axes[0].get_xlim(), axes[0].get_ylim()
            return [*shares(axes[0], [(x0, y0)])[0], *shares(axes[0], [(x1, y1)])[0]]
        if self.ends is not None:
            return sum(shares(axes[0], self.ends), [])
        if None not in (self.x, self.y):
            return 2 * shares(axes[0], [(self.x, self.y)])[0]
        (left, right), (low, high) = axes[0].get_xlim(), axes[0].get_ylim()
        start = (left if self.x is None else self.x, high if self.y is None else self.y)
        low = axes[-1].get_ylim()[0]
        end = (right if self.x is None else self.x, low if self.y is None else self.y)
        return [*shares(axes[0], [start])[0], *shares(axes[-1], [end])[0]]

    def at(self, x, y):
        """Data at the place (x, y), shares of the picture, in the Axes' limits; rounded to what a pixel can tell."""
        width, height = self.home.get_figure().bbox.size
        pixel = np.array([x * width, (1 - y) * height])
        back = self.home.transData.inverted().transform
        here, beside = back(pixel), back(pixel + 1)
        ends = np.sort([self.home.get_xlim(), self.home.get_ylim()], axis=1)
        fine = [max(0, -int(np.floor(np.log10(abs(b - a) or 1)))) for a, b in zip(here, beside, strict=True)]
        return [round(float(np.clip(v, *end)), n) for v, end, n in zip(here, ends, fine, strict=True)]

    def after_keys(self, right, up):
        """Data after so many presses of arrow keys, from where it is now."""
        place = zip((self.x, self.y), (right, up), self.step, strict=True)
        return [None if at is None else round(at + presses * step, 12) for at, presses, step in place]


def check_things(things):
    """Things as a list, or a ValueError that names what is none."""
    things = list(things) if isinstance(things, Iterable) else [things]
    wrong = [thing for thing in things if not isinstance(thing, Thing)]
    if wrong:
        raise ValueError(f"things gave {shown(wrong[0])}; expected a list of touch.Thing, or an empty one")
    return things


def shares(ax, places):
    """Places (n, 2) in the data of `ax` as shares of the picture [[x, y], ...], from its upper left corner."""
    width, height = ax.get_figure().bbox.size
    pixels = ax.transData.transform(np.asarray(places, dtype=float)).tolist()
    return [[round(x / width, 5), round(1 - y / height, 5)] for x, y in pixels]
