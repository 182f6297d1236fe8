"""One matplotlib figure that follows sliders without flicker.

The parts that never change are drawn once and kept as a background. When a control moves, the
background is copied back, only the moving artists are drawn on it, and the pixels go as one PNG into one
picture of fixed size, whose parts may be dragged (`touch.py`). Nothing here knows any mathematics or uses pyplot.

Why nothing queues up: a front end keeps one message per slider in flight and merges the moves made
meanwhile. It sends the next one when the handler has returned, so the handler draws before it returns
and the last value always wins. Two sliders' messages may come in two threads at once (JupyterLab 4.4 and later
send some to a subshell of the kernel), so there is one lock, and the second waits for the first.
"""
import contextlib
import threading

import numpy as np
from ipywidgets import Box, Layout

from kan_edu.checks.arguments import check_function
from kan_edu.checks.words import check_text

from .canvas import encode_png, new_figure
from .controls import all_or_nothing, check_names, check_value, close_all
from .dark import ThemedCanvas
from .parts import check_artists, check_figure, check_rows, check_takes_one, check_widgets, line_of_words
from .touch import LiveBox, TouchPicture, check_things

ABOVE = 100   # added to the zorder of moving artists: what is blitted lies over the background anyway


def figure(width=740, height=450, dpi=100):
    """An empty white Figure of width x height pixels that no global registry knows; ValueError for a size of none."""
    return new_figure(width, height, dpi)


class LiveFigure:
    """A figure, the artists that move in it, the controls that move them, and one function.

    fig       matplotlib Figure, for instance from `figure()`; its inches stay, its dpi follow the page
    moving    the artists that change from state to state; all others are background
    controls  {name: ipywidgets control}; the names and values are the state
    update    update(state: dict) -> str: sets the moving artists, returns the line of text below the picture
    react     react(name): called before `update` when the user moved control `name`, to adjust other
              controls (their range, say); changes made inside do not call it again
    rows      lists of names, one list a row below the picture; None: all in one row that wraps; a name
              that is in no row stays in the state, without a control on the page
    extras    {name: widget} that are no part of the state, such as a Play linked to a slider; those named in
              `rows` stand on the page, and all are closed with the app
    things    things() -> list of `touch.Thing`: what can be dragged in the picture, asked for after each drawing
    title     first words of the text that stands for the picture where no widget runs

    `widget` is what to display; `state` can be read and set; `figure.savefig(...)` saves the present picture.
    Raises ValueError for an argument of another kind, and whatever `update` raises; then no widget of its own is left.

    >>> from ipywidgets import FloatSlider
    >>> fig = figure(400, 300)
    >>> ax = fig.add_subplot(xlim=(0, 1), ylim=(0, 1))
    >>> dot, = ax.plot([0.5], [0.5], "o")
    >>> def update(state):
    ...     dot.set_data([state["x"]], [state["x"] ** 2])
    ...     return f"x = {state['x']:.2f}, x squared = {state['x'] ** 2:.2f}"
    >>> live = LiveFigure(fig, [dot], {"x": FloatSlider(0.5, min=0, max=1, description="x")}, update)
    >>> live.state = {"x": 0.2}
    >>> live.text
    'x = 0.20, x squared = 0.04'
    """

    def __init__(self, fig, moving, controls, update, *, react=None, rows=None, extras=None, things=None,
                 title="LiveFigure"):
        self.figure, self.controls = check_figure(fig), check_widgets(controls, "controls")
        self.extras = {} if extras is None else check_widgets(extras, "extras")
        rows = [list(self.controls)] if rows is None else check_rows(rows, {**self.extras, **self.controls})
        check_takes_one(update, "update", "lambda state: f\"x = {state['x']}\"")
        react is None or check_takes_one(react, "react", "lambda name: None")
        things is None or check_function(things, "things", "lambda: []")
        check_text(title, "title", "Parabola"), check_artists(moving)
        self.title, self.text, self.error, self._lock = title, "", None, threading.RLock()
        self.backgrounds = 0   # how often the slow full draw was needed: once, as long as only `moving` moves
        self._update, self._react, self._quiet, self._background, self._moving = update, react, 0, None, []
        self._ask, self._things, self._grasp = things or list, {}, None
        ThemedCanvas(fig)
        self._animate(moving)
        for name, control in self.controls.items():
            if not control.has_trait("value"):
                raise ValueError(f"control {name!r} is a {type(control).__name__}, which has no value and so no state; "
                                 "put it into extras")   # fmt: skip
        with all_or_nothing():
            self.widget = self._build_widget(rows)
            self.draw()
        self._observers = {name: self._listener(name) for name in self.controls}
        for name, control in self.controls.items():
            control.observe(self._observers[name], "value")

    def animate(self, artist):
        """Add a moving artist: it is drawn on every update, over the background. Returns it."""
        check_artists([artist])
        self._animate([artist])
        return artist

    def _animate(self, artists):
        for artist in artists:
            artist.set_animated(True)
            artist.set_zorder(artist.get_zorder() + ABOVE)
        self._moving = sorted([*self._moving, *artists], key=self._order)   # once: `_order` looks through all artists

    # --- the picture -------------------------------------------------------------------------------

    def png(self):
        """The PNG bytes of the picture as it is shown."""
        return bytes(self.touch.png)

    def draw(self):
        """Draw the present state and show it; an error in `update` is shown in the status line and raised."""
        with self._lock:
            self._show()
            if self.error is not None:
                raise self.error

    def fit(self, width, ratio=1.0, dark=False):
        """Draw it for a page that shows it `width` wide, each unit `ratio` pixels, on a light ground or a dark one."""
        with self._lock:
            self._scale(width, ratio, dark)
            self.draw()

    def _scale(self, *page):
        if self.figure.canvas.follow(*page):
            self._background = None

    def refresh_background(self):
        """Draw the parts that do not move again. Called by itself when limits, titles, ... changed."""
        self.figure.canvas.draw()   # leaves the animated artists out
        self._background = self.figure.canvas.copy_from_bbox(self.figure.bbox)
        self.backgrounds += 1

    def _show(self):
        """One round of compute, draw, encode. On an error the last picture stays and the text tells why."""
        try:
            with self.quiet():
                text = self._update(self.state)
                self._draw_moving()
            png, things = encode_png(self._pixels()), check_things(self._ask())
        except Exception as error:   # any error of the app: it belongs on the page, not in the kernel's log
            self.complain(error)
        else:
            self.error, self._things = None, {thing.name: thing for thing in things}
            with self.touch.hold_sync():   # one message
                self._say("" if text is None else str(text), "status")
                self.touch.show(png, [thing.for_page() for thing in things])

    def _draw_moving(self):
        if self._background is None or self.figure.stale:   # stale: some artist that is not animated changed
            self.refresh_background()
        self.figure.canvas.restore_region(self._background)
        renderer = self.figure.canvas.get_renderer()
        for artist in self._moving:
            artist.draw(renderer)

    def _pixels(self):
        return np.asarray(self.figure.canvas.buffer_rgba())   # (height, width, 4) uint8

    def _order(self, artist):
        """The order of a full draw: one Axes after the other, in each by zorder, then by age."""
        axes = self.figure.axes
        place = axes.index(artist.axes) if artist.axes in axes else len(axes)
        family = (artist.axes or self.figure).get_children()
        return place, artist.get_zorder(), family.index(artist) if artist in family else 0

    def say(self, text):
        """Put words into the status line while long work goes on; the next drawing replaces them."""
        self._say(check_text(text, "text", "training ..."), "status")

    def complain(self, error):
        """Put an error into the status line; the last picture stays. The next drawing replaces it."""
        self.error = error
        self._say(f"{type(error).__name__}: {error}", "alert")

    def _say(self, text, role):
        self.text = text
        self.touch.say(line_of_words(text, role))

    # --- the state ---------------------------------------------------------------------------------

    @property
    def state(self):
        """{name: value} of all controls: a plain dict that can be written down and set again."""
        return {name: control.value for name, control in self.controls.items()}

    @state.setter
    def state(self, values):
        """Set some or all controls, draw once. ValueError, and no change, for an illegal name or value."""
        check_names(values, self.controls)
        checked = {name: check_value(name, self.controls[name], value) for name, value in values.items()}
        with self.quiet():
            for name, value in checked.items():
                self.controls[name].value = value
                if self._react is not None:
                    self._react(name)
        self.draw()

    @contextlib.contextmanager
    def quiet(self):
        """`with live.quiet():` change controls inside without a drawing for each; call `draw()` after."""
        with self._lock:   # a move that comes in another thread is no change made inside: it waits
            self._quiet += 1
            try:
                yield
            finally:
                self._quiet -= 1

    @contextlib.contextmanager
    def held(self, control):
        """`with live.held(control):` the page hears of this control, and of the words, at the end of the block."""
        with control.hold_sync(), self.touch.late_words():
            yield

    def _listener(self, name):
        def moved(change):
            with self._lock:
                if not self._quiet and self._reacted(name):
                    self._show()
        return moved

    def _reacted(self, name):
        """Let the app adjust other controls; whether that went well. An error is shown like one of `update`."""
        try:
            with self.quiet():
                if self._react is not None:
                    self._react(name)
        except Exception as error:
            self.complain(error)
            return False
        return True

    # --- the hand ----------------------------------------------------------------------------------

    def touched(self, *events):
        """Things were dragged, or moved by keys, as `touch.js` tells it. The answer comes with the picture."""
        with self._lock, contextlib.ExitStack() as held:
            for part in (*self.controls.values(), self.touch):   # the last lets go first: the picture leaves at once
                held.enter_context(part.hold_sync())
            try:
                with self.quiet():
                    for number, event in enumerate(events):
                        if number:   # the event before may have moved, renamed or removed what this one is about
                            self._things = {thing.name: thing for thing in self._ask()}
                        self._move(**event)
            except Exception as error:
                self.complain(error)
            else:
                self._show()
            self.touch.seen += 1

    def _move(self, thing="", grasp=None, x=0, y=0, right=None, up=0, width=None, ratio=1, dark=False):
        """Move one thing to (x, y), shares of the picture, by presses of arrow keys, or fit the picture to a width."""
        if width is not None:
            return self._scale(width, ratio, dark)
        # what is held may have another name by now, of which the page has not heard: `grasp` tells that it is the same
        name = self.touch.held if (grasp, thing) == self._grasp and grasp is not None else thing
        self._grasp, self.touch.held, thing = (grasp, thing), name, self._things.get(name)
        if thing is not None:   # None: it went while the message was on its way
            self.touch.held = thing.moved(*(thing.at(x, y) if right is None else thing.after_keys(right, up))) or name

    # --- the widgets -------------------------------------------------------------------------------

    def _build_widget(self, rows):
        width, height = map(round, self.figure.bbox.size)
        narrow = {"width": f"{width}px", "max_width": "100%"}   # on a narrow page controls go below each other
        self.touch = TouchPicture(width, height)
        self.touch.on_msg(lambda widget, message, buffers: self.touched(*message["events"]))
        flow = {"display": "flex", "flex_flow": "row wrap", "align_items": "center", **narrow}
        lines = [Box([(self.extras | self.controls)[name] for name in row], layout=Layout(**flow)) for row in rows]
        box = LiveBox([self.touch, *lines])
        box.live = self
        return box

    def close(self):
        """Take the app off the page and free its memory: ipywidgets keeps every widget until it is closed."""
        for name, control in self.controls.items():
            control.unobserve(self._observers[name], "value")
        close_all([self.widget, *self.controls.values(), *self.extras.values()])
