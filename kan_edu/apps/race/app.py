"""Let a KAN and an MLP of one size race: the same data, optimiser and budget; the reader sets the course."""
from kan_edu.apps.common.app import App
from kan_edu.apps.common.training_run import Runs, frame_slider
from kan_edu.seeing.controls import choice, slider

from .picture import RacePicture, round_up
from .run import COURSES, FRAMES, MLPS, OPTIMISERS, mesh, networks, race

CONTROLS = ("target", "optimiser", "kan", "mlp", "size", "budget", "start", "axis")
ROWS = (("target", "optimiser"), ("kan", "mlp"), ("size", "budget"), ("start", "axis"), ("frame", "play"))
PARTNERS = {"frame": None, "play": None}   # always on the page
SETTINGS = ("target", "optimiser", "kan", "mlp", "size", "budget", "start")   # what a run depends on
BUDGETS = (30, 100, 300, 1000)
SIZES = (50, 200)


class RaceApp(App):
    """A KAN and an MLP with as many parameters, within 10 %, learn one target with the same optimiser and budget.

    controls    the choices on the page, of "target", "optimiser", "kan", "mlp", "size", "budget", "start", "axis";
                what has no control keeps its value. The progress and its Play are always there
    state       a dict as `app.state` gives it, or a part of one

    The state: target "f1", "f2", "f3", "spiral" or "tanh"; optimiser "Adam", "L-BFGS" or "Levenberg-Marquardt"; kan
    "narrow" or "wide"; mlp such as "2 hidden, tanh"; size, the number of parameters asked for; budget, in millions of
    multiply-adds for each network; start, the seed of the first parameters; axis "work" or "steps"; frame, 0 to 60.

    >>> app = RaceApp(state={"budget": 30, "frame": 0})
    >>> app.live.text.partition(" KAN")[0]
    'f1 by Levenberg-Marquardt, 0 of 30 million multiply-adds.'
    """

    def __init__(self, controls=CONTROLS, *, state=None):
        self.runs, self.target, self.picture = Runs(race), None, RacePicture()
        self.controls, extras = make_controls()
        super().__init__(controls, state, names=CONTROLS, rows=ROWS, partners=PARTNERS, extras=extras)

    def _update(self, state):
        settings = {name: state[name] for name in SETTINGS}
        laps = self.runs.frames(settings, state["frame"])
        if state["target"] != self.target:
            self.target, course = state["target"], COURSES[state["target"]].target
            points = mesh(course.n_in)
            self.picture.set_target(points, course(points))
        steps = max(1, *[lap.steps for lap in laps[-1]])
        self.picture.show(laps, state["axis"], round_up(steps) if state["axis"] == "steps" else state["budget"])
        return " ".join(sentences(state, laps[-1]))


def sentences(state, laps):
    """The state and both errors in words."""
    models = networks(*[state[name] for name in ("target", "kan", "mlp", "size", "start")])
    done = state["frame"] * state["budget"] / (FRAMES - 1)
    yield f"{state['target']} by {state['optimiser']}, {done:.0f} of {state['budget']} million multiply-adds."
    kan, mlp = models
    words = (f"KAN {kan.widths}, G = {kan.layers[0].basis.G}", f"MLP {mlp.widths} {mlp.activation}")
    for name, model, lap in zip(words, models, laps, strict=True):
        yield f"{name}: {model.n_params} parameters, {lap.steps} steps, test RMSE {lap.rmse:.1e}."
    yield f"Parameters differ by {abs(kan.n_params - mlp.n_params) / kan.n_params:.0%}."


def make_controls():
    """The controls by name, and the Play that belongs to the last of them."""
    frame, extras = frame_slider("progress", FRAMES, tip="How much of the budget is spent, in sixtieths")
    size = slider("parameters", 80, *SIZES, tip="About so many numbers to train in each network")
    size.step = 10
    targets = [(course.words, name) for name, course in COURSES.items()]
    kans = [("narrow: as the formula is built", "narrow"), ("wide: as one would guess", "wide")]
    millions = [(f"{budget} million multiply-adds", budget) for budget in BUDGETS]
    return {"target": choice("target", targets, "f1", tip="The function that both learn"),
            "optimiser": choice("optimiser", list(OPTIMISERS), "Levenberg-Marquardt", tip="The same for both"),
            "kan": choice("KAN", kans, "narrow", tip="Its widths; the grid follows from the number of parameters"),
            "mlp": choice("MLP", list(MLPS), "2 hidden, tanh", tip="Hidden layers and activation"),
            "size": size,
            "budget": choice("budget", millions, 300, tip="Work that each network may cause"),
            "start": slider("start", 4, 0, 9, tip="Seed of the first, random parameters of both"),
            "axis": choice("count", [("multiply-adds", "work"), ("steps", "steps")], "work",
                           tip="What the x-axis counts"),
            "frame": frame}, extras
