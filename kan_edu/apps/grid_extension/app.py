"""Train a small KAN from a coarse grid to a fine one and watch its curve, its knots and the staircase of its error."""
import math

from kan_edu.apps.common.app import App
from kan_edu.apps.common.choices import choice
from kan_edu.apps.common.training_run import Runs, frame_slider
from kan_edu.seeing.controls import slider

from .picture import ExtensionPicture
from .run import FRAMES, LADDERS, LESSONS, MOST_N, STEPS, samples, train

CONTROLS = ("target", "grids", "k", "N", "noise", "start", "frame")
ROWS = (("frame", "play", "speed"), ("target",), ("grids",), ("k", "N"), ("noise", "start"))
PARTNERS = {"play": "frame", "speed": "frame"}


class GridExtensionApp(App):
    """A KAN is trained by Levenberg-Marquardt; every ten steps its grid is extended. Left a curve, right the errors.

    controls   which controls are on the page, of "target", "grids", "k", "N", "noise", "start", "frame"
    state      what to start from; a dict as `app.state` gives it, or a part of one
               target: "f1" (two inputs, the picture shows the outer edge), "flank", "corner" or "bessel";
               grids: numbers of intervals, one of LADDERS; k: degree, 1 to 5; N: training samples, 20 to 500;
               noise: its standard deviation, 0 to 0.3; start: seed of the first parameters;
               frame: the place in the run, 0 (untrained) to 65: 60 steps and 5 changes of the grid

    Training is the same each time, so the state alone decides the picture; a frame is trained when first asked for.

    >>> app = GridExtensionApp(state={"target": "flank", "N": 100, "frame": 11})
    >>> app.live.text.partition(": no output")[0]
    'Step 10 of 60. Grid extended from 3 to 6 intervals'
    """

    def __init__(self, controls=CONTROLS, *, state=None):
        self.controls, extras = make_controls()
        self.runs, self.picture = Runs(train), ExtensionPicture()
        super().__init__(controls, state, names=CONTROLS, rows=ROWS, partners=PARTNERS, extras=extras)

    def _update(self, state):
        frames = self.runs.frames({name: value for name, value in state.items() if name != "frame"}, state["frame"])
        y = samples(state["target"], state["N"], state["noise"])[1][:, 0]
        self.picture.show(frames, y, state["target"], state["noise"])
        return " ".join(sentences(frames[-1], state["N"]))


def sentences(now, N):
    """A frame in words and numbers."""
    yield f"Step {now.step} of {STEPS}."
    if now.event:
        yield f"{now.event}: no output changed by more than {at_least(max(now.change, 1e-12)):.0e}."
    yield f"G = {now.G}, {now.parameters} parameters, {N} training samples."
    yield f"RMSE {now.train:.1e} on the training samples, {now.test:.1e} on clean test samples."


def at_least(x):
    """The next number with one digit that is not below x > 0: what a bound may say.

    >>> at_least(0.0121), at_least(1e-12)
    (0.02, 1e-12)
    """
    unit = 10.0 ** math.floor(math.log10(x))
    return float(f"{math.ceil(x / unit - 1e-9) * unit:.0e}")


def make_controls():
    """The app's controls by name, and the Play that belongs to the frame."""
    frame, extras = frame_slider("frame", FRAMES, tip="place in the run; Play moves it")
    lessons = [(lesson.words, name) for name, lesson in LESSONS.items()]
    return {"target": choice("target", lessons, "f1", tip="the function to learn"),
            "grids": choice("intervals G", list(LADDERS.items()), "3, 6, 12, 24, 48, 96", tip="one grid after another"),
            "k": slider("degree k", 3, 1, 5, tip="degree of the splines"),
            "N": slider("samples N", 300, 20, MOST_N, tip="training samples"),
            "noise": slider("noise", 0.0, 0.0, 0.3, 0.01, tip="standard deviation of the noise in y"),
            "start": slider("start", 9, 0, 9, tip="seed of the first parameters"),
            "frame": frame}, extras
