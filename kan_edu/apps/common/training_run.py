"""What apps that train have in common: frames computed as far as one looks, a slider to walk through them, a Player.

There are no threads here and no event loop, so this works wherever ipywidgets does. The page's Player moves the slider
from frame to frame; each move asks the kernel for one frame, and the kernel trains the few steps that it lacks. When
it pauses, nobody asks, and training stands still. Where much is lacking, the kernel trains for a slice of time, shows
how far it has come, and the page asks again: no press waits for longer than that. The state of an app is its settings
and the frame's number.
"""
import contextlib
import time

from kan_edu.seeing.controls import slider

from .player import INTERVAL, Player


class Runs:
    """Runs of training by their settings; each is kept as far as it was watched, and goes on from there.

    train   train(**settings) -> iterator of frames; the first is the state before any step. The same settings must
            give the same frames, and a frame once given must not change: put copies of arrays into it. Between frames
            it may yield None, where training can rest
    keep    so many runs are remembered; the one that was not looked at for the longest time goes first

    `patience` is how many seconds `frames` may train before it gives what it has, None: as long as it takes; `behind`
    says whether more was asked for than it gave.

    >>> runs = Runs(lambda start: iter(range(start, start + 4)))
    >>> runs.frames({"start": 10}, 2), runs.frames({"start": 10}, 99)   # a run may end before the frame asked for
    ([10, 11, 12], [10, 11, 12, 13])
    """

    def __init__(self, train, keep=6):
        self.train, self.keep, self.patience, self.behind = train, keep, None, False
        self._runs = {}   # settings -> (iterator, frames so far)
        self._last, self._at_rest = 0, False   # the number of the frame that was asked for last; as `at_rest` says

    def frames(self, settings, last):
        """The frames 0 .. last of the run with these settings (a dict of hashable values), trained if need be."""
        key, self._last = tuple(sorted(settings.items())), last
        rest, kept = self._runs.pop(key, None) or (iter(self.train(**settings)), [])
        self._train(rest, kept, last)   # on an error or Ctrl-C the run is forgotten
        self._runs[key] = rest, kept   # at the end of the dict: the newest
        while len(self._runs) > self.keep:
            del self._runs[next(iter(self._runs))]
        return kept[: last + 1]

    def _train(self, rest, kept, last):
        """Add to the frames `kept` until there is one with the number `last`, or patience or the run is at its end."""
        if kept and self._at_rest:
            return   # what it was `behind` it still is
        start, self.behind = time.perf_counter(), False
        while len(kept) <= last and not self.behind:
            frame = next(rest, self)   # itself: there is none
            if frame is self:
                return
            if frame is not None:
                kept.append(frame)
            if kept and self.patience is not None and time.perf_counter() - start >= self.patience:
                self.behind = len(kept) <= last

    def go_on(self):
        """Train more of what was asked for last, while it is `behind`; whether there is anything new to see then."""
        key = list(self._runs)[-1]
        rest, kept = self._runs.pop(key)
        before = len(kept)
        self._train(rest, kept, self._last)
        self._runs[key] = rest, kept
        return len(kept) > before or not self.behind

    def look_ahead(self):
        """Train the next frame of the run that was asked for last, or a part: while the page draws, nobody waits."""
        if self._runs and not self.behind:
            key = list(self._runs)[-1]
            rest, kept = self._runs.pop(key)
            self._train(rest, kept, len(kept))
            self._runs[key], self.behind = (rest, kept), False

    @contextlib.contextmanager
    def at_rest(self):
        """`with runs.at_rest():` nothing is trained: a run gives the frames that it has, if it has any."""
        self._at_rest = True
        try:
            yield
        finally:
            self._at_rest = False

    @contextlib.contextmanager
    def at_once(self):
        """`with runs.at_once():` frames are all there that are asked for inside, as long as it takes."""
        patience, self.patience = self.patience, None
        try:
            yield
        finally:
            self.patience = patience


def frame_slider(description, frames, *, tip=None, interval=INTERVAL):
    """A slider over frames 0 .. frames - 1 for the app's controls, and what belongs beside it on the page.

    Returns (slider, extras): give `extras` to the App, and name "play" and "speed" in its rows.
    """
    control = slider(description, 0, 0, frames - 1, tip=tip)
    play = Player(control, interval=interval)
    return control, {"play": play, "speed": play.speeds()}
