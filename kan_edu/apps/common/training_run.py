"""What apps that train have in common: frames computed as far as one looks, a slider to walk through them, a Play.

There are no threads here and no event loop, so this works wherever ipywidgets does. The page's Play moves the slider
from frame to frame; each move asks the kernel for one frame, and the kernel trains the few steps that it lacks. When
Play pauses, nobody asks, and training stands still. The state of an app is its settings and the frame's number.
"""
from itertools import islice

from ipywidgets import Layout, Play, jslink

from kan_edu.seeing.controls import slider

INTERVAL = 70   # milliseconds from frame to frame while Play runs: 14 a second


class Runs:
    """Runs of training by their settings; each is kept as far as it was watched, and goes on from there.

    train   train(**settings) -> iterator of frames; the first is the state before any step. The same settings must
            give the same frames, and a frame once given must not change: put copies of arrays into it
    keep    so many runs are remembered; the one that was not looked at for the longest time goes first

    >>> runs = Runs(lambda start: iter(range(start, start + 4)))
    >>> runs.frames({"start": 10}, 2), runs.frames({"start": 10}, 99)   # a run may end before the frame asked for
    ([10, 11, 12], [10, 11, 12, 13])
    """

    def __init__(self, train, keep=6):
        self.train, self.keep, self._runs = train, keep, {}   # settings -> (iterator, frames so far)

    def frames(self, settings, last):
        """The frames 0 .. last of the run with these settings (a dict of hashable values), trained if need be."""
        key = tuple(sorted(settings.items()))
        rest, kept = self._runs.pop(key, None) or (iter(self.train(**settings)), [])
        kept.extend(islice(rest, max(0, last + 1 - len(kept))))   # on an error or Ctrl-C the run is forgotten
        self._runs[key] = rest, kept   # at the end of the dict: the newest
        while len(self._runs) > self.keep:
            del self._runs[next(iter(self._runs))]
        return kept[: last + 1]


def frame_slider(description, frames, *, tip=None):
    """A slider over frames 0 .. frames - 1 for the app's controls, and what belongs beside it on the page.

    Returns (slider, extras): give `extras` to the LiveFigure, and name "play" in its rows.
    """
    control = slider(description, 0, 0, frames - 1, tip=tip)
    play = Play(min=0, max=frames - 1, step=1, interval=INTERVAL, show_repeat=False, tooltip="Play, pause, back",
                description="play", layout=Layout(width="auto", margin="2px 2px 2px 20px"))
    # on the page, not in the kernel; the slider first: then it is Play that takes the other's value at the start
    return control, {"play": play, "link": jslink((control, "value"), (play, "value"))}
