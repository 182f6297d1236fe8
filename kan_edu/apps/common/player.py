"""Play, pause, one step, back, and a speed: buttons that move a slider, one value after the other.

The page asks (`player.js`): it asks for the next values when the pictures of the last ones have come. There are no
threads and no event loop here, no cell is held, and a pause is one in a moment, because then nobody asks. Where no page
asks, in a test or a script, one moves the slider itself.
"""

import contextlib
import time
from pathlib import Path

from anywidget import AnyWidget
from ipywidgets import Layout
from traitlets import Bool, Float, Int, Unicode

from kan_edu.seeing.touch import ICON

from .choices import choice

PICTURES = 2    # of one request: JupyterLab's own work for a request is a good part of that for a picture
LONGEST = 0.1   # seconds, after which no further picture is begun
INTERVAL = 40 * PICTURES  # milliseconds from request to request, at least: 25 pictures a second
SLICE = 0.03    # seconds of training at a time while a page looks on; the picture takes 0.02 more
PACES = {"slow": 3, "normal": 1, "fast": 0}   # times the interval; 0: as fast as they come


class Player(AnyWidget):
    """The buttons. They move `slider` by `step`; `app` is the one in which it is, `speeds()` a Choice to stand beside.

    playing    whether the page asks for one value after the other
    behind     whether it is to ask until the training has come to the slider's value
    answered   how many requests have been answered
    trains     whether the slider goes through the app's runs of training, so that it can be ahead of them
    """

    _esm = ICON + Path(__file__).with_name("player.js").read_text(encoding="utf-8")
    _css = Path(__file__).with_name("buttons.css").read_text(encoding="utf-8")
    description = Unicode("play").tag(sync=True)
    disabled, playing, behind = (Bool().tag(sync=True) for _ in range(3))
    interval, answered = Float().tag(sync=True), Int().tag(sync=True)

    def __init__(self, slider, *, step=1, interval=INTERVAL, description="play", trains=True):
        super().__init__(description=description, interval=interval, layout=Layout(flex="0 0 auto"))
        self.slider, self.step, self.trains, self.app = slider, step, trains, None
        self.on_msg(lambda widget, message, buffers: self.hear(**message))

    def speeds(self):
        """A Choice among slow, normal and fast, which sets the interval."""
        speed = choice("speed", [(pace, self.interval * times) for pace, times in PACES.items()], self.interval)
        speed.layout.min_width = "0"
        speed.add_class("kan-edu-unnamed")
        speed.observe(lambda change: setattr(self, "interval", change["new"]), "value")
        return speed

    def hear(self, ask, after=None):
        """The page pressed a button, or asks for what comes next after so many answers."""
        if self.app.runs is not None:
            self.app.runs.patience = SLICE
        if ask == "next" and after == self.answered:
            self._answer()
        elif ask in ("play", "step", "back"):
            getattr(self, f"_{ask}")()

    def _answer(self):
        """The next pictures: some, as long as no press waits for it; a slow Player shows one at a time.

        The slider and the words follow the last of them, all at once: each change by itself is a page painted anew.
        """
        end = time.perf_counter() + LONGEST
        with self.hold_sync(), self.app.live.held(self.slider):
            try:
                self._next()
                for _ in range(PICTURES - 1 if self.interval <= INTERVAL else 0):
                    if time.perf_counter() < end and (self.playing or self.behind):
                        self._look_ahead()
                        self._next()
            except KeyboardInterrupt:   # the page's stop button
                self.playing = self.behind = False
                self.app.live.say("Training was stopped by hand.")
            self.answered += 1
        self._look_ahead()   # while the page draws

    def _look_ahead(self):
        if self.playing and self.app.runs is not None:
            with contextlib.suppress(Exception):   # the run begins anew when its next frame is asked for
                self.app.runs.look_ahead()

    def _play(self):
        if self.slider.value >= self.slider.max:
            self.slider.value = self.slider.min
        self.playing = True

    def _step(self):
        self.slider.value = min(self.slider.value + self.step, self.slider.max)

    def _back(self):
        self.slider.value = self.slider.min

    def _next(self):
        """The next value, or more of the training that the present one still lacks. An error ends it."""
        if self.behind:
            try:
                if self.app.runs.go_on():
                    with self.app.runs.at_rest():
                        self.app.live.draw()
            except Exception as error:   # the app's line of words tells it
                self.app.live.complain(error)
        elif self.playing:
            self._step()
        if self.app.live.error is not None:
            self.playing = self.behind = False
        elif self.slider.value >= self.slider.max:
            self.playing = False
