"""Words in the pictures of an app: where they stand after random moves, and which run into another or out of it.

A state is reached as a reader reaches it: by moves of random controls, and by things dragged in the picture.
"""

import itertools
import logging
import zlib

import numpy as np
from matplotlib.axis import Axis
from matplotlib.collections import PolyCollection
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from kan_edu import apps
from kan_edu.apps.common.words import Words
from kan_edu.apps.pyramid.numbers import Numbers
from kan_edu.seeing.live import ABOVE

WIDTHS = (480, 560, 1100)  # of the pictures on the page, in pixels
MOVES = 4  # of controls, and of things, from one state to the next
FRAMES = 12  # a training app goes no farther: each frame is trained
TOUCH = 0.75  # pixels that two boxes may share: letters are set on whole pixels, and a box has a margin of one


def look_at(name, states, seed):
    """How many texts were looked at, and {(what, text, other text): [(width, state), ...]} of the faults."""
    app = getattr(apps, name)()
    try:
        return look_in(app, states, seed)
    finally:
        app.live.close()


def look_in(app, states, seed):
    """As `look_at`, in an app that is there already."""
    texts, faults, name = 0, {}, type(app).__name__
    reached = list(random_states(app, states, np.random.default_rng([seed, zlib.crc32(name.encode())])))
    for state in reached:
        app.state = state  # what is trained is trained once, for all widths
        for width in WIDTHS:
            app.live.fit(width)
            words = words_in(app.live.figure)
            texts += len(words)
            for fault in faults_of(words, app.live.figure.bbox):
                faults.setdefault(fault, []).append((width, state))
    return texts, faults


# --- the states ------------------------------------------------------------------------------------------


def random_states(app, count, rng):
    """The state that the app starts in, and `count` - 1 to which random moves lead, one after the other."""
    yield app.state
    for _ in range(count - 1):
        with no_drawing(app):
            for _ in range(MOVES):
                move_one(app, rng)
                drag_one(app, rng)
        yield app.state


class no_drawing:
    """`with no_drawing(app):` moves change the state alone; what can be dragged is known all the same."""

    def __init__(self, app):
        self.live = app.live

    def __enter__(self):
        live = self.live
        live._show = lambda: setattr(live, "_things", {thing.name: thing for thing in live._ask()})

    def __exit__(self, *error):
        del self.live._show


def move_one(app, rng):
    """A random control goes to a random place, as the browser sends it."""
    name, control = list(app.controls.items())[rng.integers(len(app.controls))]
    if hasattr(control, "options"):
        control.set_state({"index": int(rng.integers(len(control.options)))})
    elif not control.disabled:
        high = min(control.max, control.min + FRAMES) if name in ("frame", "progress") else control.max
        share = rng.choice([0, 1, rng.random(), rng.random()])
        value = control.min + control.step * round(share * (high - control.min) / control.step)
        control.set_state({"value": type(control.value)(min(high, value))})


def drag_one(app, rng):
    """A random thing goes to a random place in the picture."""
    app.live._show()
    names = sorted(app.live._things)
    if names:
        x, y = rng.random(2)
        app.live.touched({"thing": names[rng.integers(len(names))], "x": float(x), "y": float(y)})


# --- the words -------------------------------------------------------------------------------------------


def words_in(figure):
    """[(text, Bbox in pixels)] of all that is written in a figure as it was drawn, and not hidden by a moving box."""
    renderer, stale = figure.canvas.get_renderer(), figure.stale
    sheets = [(sheet.get_zorder(), path.get_extents(sheet.get_transform())) for sheet in figure.findobj(PolyCollection)
              if sheet.get_visible() and sheet.get_zorder() >= ABOVE for path in sheet.get_paths()]  # fmt: skip
    words = [(text, box) for artist in written_by(figure) for text, box in boxes_of(artist, renderer)
             if not any(over > artist.get_zorder() and sheet.contains(*box.get_points().mean(axis=0))
                        for over, sheet in sheets)]  # fmt: skip
    figure.stale = stale  # to look at ticks counts as a change, and the app would draw its whole background again
    return words


def written_by(artist):
    """All artists that write something and are seen, from this one down."""
    if not artist.get_visible():
        return
    if isinstance(artist, Text | Words | Numbers):
        yield artist
        return
    children = artist.get_children()
    if isinstance(artist, Axis):  # only the ticks inside the limits are drawn
        ticks = artist._update_ticks()
        children = [artist.label, artist.offsetText, *(label for tick in ticks for label in (tick.label1, tick.label2))]
    off = () if getattr(artist, "axison", True) else (artist.xaxis, artist.yaxis)
    for child in children:
        if child not in off:
            yield from written_by(child)


def boxes_of(artist, renderer):
    """[(text, Bbox)]: one, none where nothing is written, many for `Numbers`."""
    if isinstance(artist, Numbers):
        corners = artist.get_transform().transform(artist.get_path().vertices)
        parts = np.split(corners, np.cumsum(artist.lengths)[:-1]) if artist.texts else []
        boxes = [Bbox([part.min(axis=0), part.max(axis=0)]) for part in parts]
        return list(zip(artist.texts, boxes, strict=True))
    if not artist.get_text().strip():
        return []
    if isinstance(artist, Text):
        return [(artist.get_text(), Text.get_window_extent(artist, renderer))]
    path = artist.get_transform().transform_path(artist.get_path())
    corners = path.vertices[path.codes != path.CLOSEPOLY]  # letters touch their box where one of their points is
    return [(artist.get_text(), Bbox([corners.min(axis=0), corners.max(axis=0)]))]


def faults_of(words, frame):
    """[("crossing", text, text), ("leaving", text), ...], digits as #, so that a fault has one name in all states."""
    edges = np.array([box.extents for _, box in words])
    if not len(edges):
        return
    low, high = edges[:, :2] + TOUCH / 2, edges[:, 2:] - TOUCH / 2
    for n in np.flatnonzero((low < frame.min).any(axis=1) | (high > frame.max).any(axis=1)):
        yield "leaving", shortened(words[n][0])
    meet = ((low[:, None] < high) & (low < high[:, None])).all(axis=2)
    for n, m in itertools.combinations(range(len(words)), 2):
        if meet[n, m]:
            yield "crossing", shortened(words[n][0]), shortened(words[m][0])


def shortened(text):
    return "".join("#" if char.isdigit() else char for char in text)


logging.getLogger("matplotlib").setLevel(logging.ERROR)
