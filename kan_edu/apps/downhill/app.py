"""Five optimisers walk downhill on the loss surface of an edge, of which two numbers are free: paths and losses."""

from kan_edu.apps.common.app import App
from kan_edu.apps.common.choices import choice
from kan_edu.apps.common.training_run import frame_slider
from kan_edu.apps.common.written import number
from kan_edu.seeing.controls import slider

from .picture import DownhillPicture
from .run import MAKERS, REACH, STEPS, SURFACES, walk

ALL = "all five"
CONTROLS = ("step", "surface", "optimiser", "rate", "a", "b")
ROWS = (("step", "play", "speed"), ("surface",), ("optimiser",), ("a", "b"), ("rate",))
PARTNERS = {"play": "step", "speed": "step"}
TINY = 1e-12  # what lies below is rounding, and differs from machine to machine


class DownhillApp(App):
    """Left a map of the loss with the paths on it, right the loss after each step; Play walks.

    controls   which controls are on the page, of "step" (with its Play), "surface", "optimiser", "rate", "a", "b"
    state      what to start from; a dict as `app.state` gives it, or a part of one
               step: 0 to 100; surface: "bumps", "powers", "scale" or "wave", see `run.SURFACES`;
               optimiser: "SGD", "momentum" (SGD with momentum 0.9), "Adam", "L-BFGS", "LM" or "all five";
               rate: the logarithm, base 10, of the learning rate of the first three, -2 to 1;
               a, b: the two numbers at the start, -2 to 2

    >>> app = DownhillApp(state={"surface": "bumps", "optimiser": "LM", "step": 100})
    >>> app.live.text
    'LM stopped after 6 steps at (0.50, −0.50): loss below 1e-12. κ = 2.9 at the lowest point.'
    """

    def __init__(self, controls=CONTROLS, *, state=None):
        self.controls, extras = make_controls()
        self.picture = DownhillPicture()
        super().__init__(controls, state, names=CONTROLS, rows=ROWS, partners=PARTNERS, extras=extras)

    def walks(self):
        """{name of an optimiser: its Walk, all of it} for those that the picture shows."""
        names = MAKERS if self.state["optimiser"] == ALL else [self.state["optimiser"]]
        start = self.state["a"], self.state["b"]
        return {name: walk(self.state["surface"], name, 10 ** self.state["rate"], start) for name in names}

    def _update(self, state):
        walks = self.walks()
        self.picture.show(state["surface"], walks, state["step"])
        return " ".join(sentences(walks, state))


def sentences(walks, state):
    """The picture in words and numbers."""
    step = state["step"]
    if len(walks) == 1:
        (name, walked), = walks.items()
        (a, b), loss = (part[-1] for part in walked.until(step))
        done = len(walked.losses) - 1
        what = f"{name} {walked.end}" if walked.end and step >= done else name
        yield f"{what} after {min(step, done)} steps at ({number(a, 2)}, {number(b, 2)}): loss {size(loss)}."
    else:
        yield f"Loss after {step} steps: {', '.join(f'{name} {last(one, step)}' for name, one in walks.items())}."
    if {"SGD", "momentum", "Adam"} & set(walks):
        yield f"Learning rate {10 ** state['rate']:.2g}."
    yield f"κ = {SURFACES[state['surface']].condition():.1f} at the lowest point."


def last(walked, step):
    """The loss at that step, or that the walk has diverged by then."""
    gone = walked.end == "diverged" and step >= len(walked.losses)
    return "diverged" if gone else size(walked.until(step)[1][-1])


def size(loss):
    """A loss in words that are the same on every machine."""
    return f"{loss:.1e}" if loss > TINY else f"below {TINY:.0e}"


def make_controls():
    """The app's controls by name, and the Play that belongs to the step."""
    step, extras = frame_slider("step", STEPS + 1, tip="how many steps of the walks are drawn; Play moves it")
    surfaces = [(surface.words, name) for name, surface in SURFACES.items()]
    return {"step": step,
            "surface": choice("surface", surfaces, "powers", tip="which two numbers of an edge are free"),
            "optimiser": choice("optimiser", [ALL, *MAKERS], ALL, tip="who walks"),
            "rate": slider("log₁₀ rate", -0.5, -2.0, 1.0, 0.05, tip="learning rate of SGD, momentum and Adam"),
            "a": slider("start, across", -1.5, -REACH, REACH, 0.05, tip="the first number at the start"),
            "b": slider("start, up", 1.0, -REACH, REACH, 0.05, tip="the second number at the start")}, extras
