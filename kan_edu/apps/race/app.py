"""Let a KAN and an MLP of one size race: the same data, optimiser and budget; the reader sets the course."""
from kan_edu.apps.common.app import App
from kan_edu.apps.common.choices import choice
from kan_edu.apps.common.own import own_data
from kan_edu.apps.common.training_run import Runs, frame_slider
from kan_edu.seeing.controls import slider

from .picture import RacePicture, round_up
from .run import COURSES, FRAMES, MLPS, OPTIMISERS, networks, own_courses, own_race, race

CONTROLS = ("target", "optimiser", "kan", "mlp", "size", "budget", "start", "axis")
ROWS = (("target",), ("mlp",), ("optimiser", "kan"), ("budget", "axis"), ("size", "start"), ("frame", "play", "speed"))
PARTNERS = dict.fromkeys(("frame", "play", "speed"))   # always on the page
SETTINGS = ("target", "optimiser", "kan", "mlp", "size", "budget", "start")   # what a run depends on
BUDGETS = (30, 100, 300, 1000)
SIZES = (50, 200)


class RaceApp(App):
    """A KAN and an MLP with as many parameters, within 10 %, learn one target with the same optimiser and budget.

    controls    the choices on the page, of "target", "optimiser", "kan", "mlp", "size", "budget", "start", "axis";
                what has no control keeps its value. The progress and its Play are always there
    data        None: the targets below. Your own: the path of a CSV, whose last column is to be learnt, or a pair
                (X, y) of arrays, as `datasets.own_table` takes them; a fifth of the rows is held out to judge both
    state       a dict as `app.state` gives it, or a part of one

    The state: target "f1", "f2", "f3", "spiral" or "tanh", with data "yours"; optimiser "Adam", "L-BFGS" or
    "Levenberg-Marquardt"; kan "narrow" or "wide"; mlp such as "2 hidden, tanh"; size, the number of parameters asked
    for; budget, in millions of multiply-adds for each network; start, the seed of the first parameters; axis "work" or
    "steps"; frame, 0 to 60.
    `app.laps` are the pairs of laps (KAN, MLP) up to the present frame.
    Raises what `datasets.own_table` does, and ValueError for data with more than 8 columns of inputs.

    >>> app = RaceApp(state={"budget": 30, "frame": 0})
    >>> app.live.text.partition(" KAN")[0]
    'f1 by Levenberg-Marquardt, 0 of 30 million multiply-adds.'
    """

    def __init__(self, controls=CONTROLS, *, data=None, state=None):
        own = None if data is None else own_data(data)
        self.courses, train = (COURSES, race) if own is None else (own_courses(own), own_race(own))
        self.runs, self.target, self.picture = Runs(train), None, RacePicture(own)
        self.controls, extras = make_controls(self.courses)
        super().__init__(controls, state, names=CONTROLS, rows=ROWS, partners=PARTNERS, extras=extras)

    def _update(self, state):
        settings = {name: state[name] for name in SETTINGS}
        laps = self.laps = self.runs.frames(settings, state["frame"])
        if state["target"] != self.target:
            self.target = state["target"]
            _, _, points, truth = self.courses[self.target].samples()
            self.picture.set_target(points, truth)
        steps = max(1, *[lap.steps for lap in laps[-1]])
        self.picture.show(laps, state["axis"], round_up(steps) if state["axis"] == "steps" else state["budget"])
        return " ".join(sentences(state, len(laps) - 1, laps[-1], self.courses))


def sentences(state, frame, laps, courses):
    """The state and both errors in words."""
    models = networks(*[state[name] for name in ("target", "kan", "mlp", "size", "start")], courses)
    own = courses[state["target"]].own
    name = "your data" if own else state["target"]
    unit = own.spread if own else 1
    done = frame * state["budget"] / (FRAMES - 1)
    yield f"{name} by {state['optimiser']}, {done:.0f} of {state['budget']} million multiply-adds."
    kan, mlp = models
    words = (f"KAN {kan.widths}, G = {kan.layers[0].basis.G}", f"MLP {mlp.widths} {mlp.activation}")
    for name, model, lap in zip(words, models, laps, strict=True):
        yield f"{name}: {model.n_params} parameters, {lap.steps} steps, test RMSE {lap.rmse * unit:.1e}."
    yield f"Parameters differ by {abs(kan.n_params - mlp.n_params) / kan.n_params:.0%}."
    if own:
        yield f"The spread of {own.target} is {own.spread:.3g}. {own.told}."


def make_controls(courses):
    """The controls by name, and the Play that belongs to the last of them."""
    frame, extras = frame_slider("progress", FRAMES, tip="How much of the budget is spent, in sixtieths")
    size = slider("parameters", 80, *SIZES, tip="About so many numbers to train in each network")
    size.step = 10
    targets = [(course.words, name) for name, course in courses.items()]
    kans = [("narrow: as built", "narrow"), ("wide: a guess", "wide")]
    millions = [(f"{budget} M", budget) for budget in BUDGETS]
    return {"target": choice("target", targets, targets[0][1], tip="The function that both learn"),
            "optimiser": choice("optimiser", list(OPTIMISERS), "Levenberg-Marquardt", tip="The same for both"),
            "kan": choice("KAN", kans, "narrow", tip="Widths as the formula is built, or a guess"),
            "mlp": choice("MLP", list(MLPS), "2 hidden, tanh", tip="Hidden layers and activation"),
            "size": size,
            "budget": choice("budget", millions, 300, tip="Millions of multiply-adds for each network"),
            "start": slider("start", 4, 0, 9, tip="Seed of the first, random parameters of both"),
            "axis": choice("count", [("multiply-adds", "work"), ("steps", "steps")], "work",
                           tip="What the x-axis counts"),
            "frame": frame}, extras
