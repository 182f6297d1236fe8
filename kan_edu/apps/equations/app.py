"""Watch a KAN and an MLP of one size solve Poisson's equation: where each is wrong, and by how much at most."""
from kan_edu.apps.common.app import App
from kan_edu.apps.common.choices import choice
from kan_edu.apps.common.training_run import Runs, frame_slider
from kan_edu.seeing.controls import slider

from .picture import EquationPicture
from .run import FRAMES, KANS, MLPS, PACE, PROBLEMS, SIDE, SIDE_POINTS, mesh, networks, solve

CONTROLS = ("problem", "optimiser", "kan", "mlp", "points", "start", "frame")
ROWS = (("frame", "play", "speed"), ("problem", "optimiser"), ("kan", "mlp"), ("points", "start"))
PARTNERS = {"play": "frame", "speed": "frame"}
WORDS = {"paper": "the paper's, sin πx sin πy²", "ridges": "eight tanh ridges"}


class EquationApp(App):
    """A KAN and an MLP with as many parameters, within 10 %, solve u_xx + u_yy = f on a square, u known on its border.

    controls   which controls are on the page, of "problem", "optimiser", "kan", "mlp", "points", "start", "frame"
    state      what to start from; a dict as `app.state` gives it, or a part of one
               problem: "paper" or "ridges"; optimiser: "Levenberg-Marquardt" (one step a frame) or "L-BFGS" (three);
               kan: "narrow", [2, 2, 1], or "wide", [2, 5, 1]; mlp: "1 hidden" to "3 hidden"; points: so many inside
               the square at which the equation is asked for, 50 to 400; start: seed of the first parameters, 0 to 9;
               frame: the place in the run, 0 (untrained) to 60

    Neither network ever sees the solution. Training is the same each time, so the state alone decides the picture.

    >>> app = EquationApp(state={"points": 50, "frame": 0})
    >>> app.live.text.partition(" KAN")[0]
    'Step 0 of 60 by Levenberg-Marquardt, 50 points inside and 80 on the border.'
    """

    def __init__(self, controls=CONTROLS, *, state=None):
        self.controls, extras = make_controls()
        self.runs, self.picture, self.in_picture = Runs(solve), EquationPicture(), None
        super().__init__(controls, state, names=CONTROLS, rows=ROWS, partners=PARTNERS, extras=extras)

    def _update(self, state):
        laps = self.runs.frames({name: value for name, value in state.items() if name != "frame"}, state["frame"])
        shown = state["problem"], state["optimiser"]
        if shown != self.in_picture:   # a change costs a full drawing
            truth = PROBLEMS[state["problem"]](1).solution(mesh()).reshape(SIDE, SIDE)
            self.picture.set_problem(truth, (FRAMES - 1) * PACE[state["optimiser"]])
            self.in_picture = shown
        self.picture.show(laps)
        return " ".join(sentences(state, laps[-1]))


def sentences(state, laps):
    """A frame in words and numbers."""
    steps = (FRAMES - 1) * PACE[state["optimiser"]]
    yield (f"Step {laps[0].steps} of {steps} by {state['optimiser']}, {state['points']} points inside and "
           f"{4 * SIDE_POINTS} on the border.")
    models = networks(state["kan"], state["mlp"], state["start"])
    names = (f"KAN {models[0].widths}, G = {laps[0].G}", f"MLP {models[1].widths}")
    for name, lap in zip(names, laps, strict=True):
        yield f"{name}: {lap.parameters} parameters, loss {lap.loss:.1e}, largest error {lap.worst:.1e}."


def make_controls():
    """The app's controls by name, and the Play that belongs to the frame."""
    frame, extras = frame_slider("frame", FRAMES, tip="place in the run; Play moves it")
    points = slider("points inside", 400, 50, 400, tip="so many, spread evenly, at which the equation is asked for")
    points.step = 50
    kans = [(f"{name}, {widths}", name) for name, (widths, _) in KANS.items()]
    return {"problem": choice("problem", [(WORDS[name], name) for name in PROBLEMS], "paper", tip="the equation's f"),
            "optimiser": choice("optimiser", list(PACE), "Levenberg-Marquardt", tip="the same for both"),
            "kan": choice("KAN", kans, "narrow", tip="its widths; the grids follow"),
            "mlp": choice("MLP", list(MLPS), "3 hidden", tip="hidden layers of tanh, as many parameters as the KAN"),
            "points": points,
            "start": slider("start", 0, 0, 9, tip="seed of the first parameters of both"),
            "frame": frame}, extras
