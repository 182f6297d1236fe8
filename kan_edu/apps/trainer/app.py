"""Watch a small KAN being trained: the functions on its edges, the falling error, target and model side by side."""
from kan_edu.apps.common.app import App
from kan_edu.apps.common.choices import choice
from kan_edu.apps.common.own import own_data
from kan_edu.apps.common.training_run import Runs, frame_slider
from kan_edu.seeing.controls import slider

from .picture import TrainerPicture
from .run import LAST, OPTIMISERS, SIDE, TARGETS, WIDTHS, N, own_run, own_widths, square, train

CONTROLS = ("frame", "target", "widths", "basis", "G", "optimiser", "seed")
ROWS = (("frame", "play", "speed"), ("target",), ("basis",), ("widths", "optimiser"), ("G", "seed"))
PARTNERS = {"play": "frame", "speed": "frame"}
BASES = [("B-splines", "bspline"), ("Chebyshev", "chebyshev"), ("Fourier", "fourier"), ("Gaussian RBF", "rbf")]
YOURS = "yours"


class TrainerApp(App):
    """A KAN being trained, in 61 frames, and a slider to walk through them; Play runs it, as slow or fast as one likes.

    controls   which controls are on the page, of "frame" (with its Play), "target", "widths", "basis", "G",
               "optimiser", "seed"; what has no control keeps its value
    data       None: 400 samples of a function of two variables. Your own: the path of a CSV, whose last column is to be
               learnt, or a pair (X, y) of arrays, as `datasets.own_table` takes them; a fifth of the rows is held out
    state      what to start from; a dict as `app.state` gives it, or a part of one
               frame: 0 to 60; one frame is 10 steps of Adam, 2 of L-BFGS or 1 of LM (Levenberg-Marquardt)
               target: "exp_sine", "product", "bump" or "crease"; widths: "[2, 1, 1]", "[2, 2, 1]" or "[2, 5, 1]"
               (with data: target "yours"; with n inputs "[n, 1]", "[n, 1, 1]", "[n, 2, 1]", and to n = 4 "[n, 5, 1]")
               basis: "bspline", "chebyshev", "fourier" or "rbf", each with G + 3 functions an edge; G: 2 to 12
               optimiser: "Adam", "L-BFGS" or "LM"; seed: 0 to 19, of the random values at the start

    `app.frames()` are the frames up to the present one, with their numbers. Raises what `datasets.own_table` does, and
    ValueError for data with more than 8 columns of inputs.

    >>> app = TrainerApp(state={"widths": "[2, 1, 1]", "optimiser": "LM", "frame": 3})
    >>> app.live.text.split(":")[0]
    'Frame 3, 3 steps of LM'
    """

    def __init__(self, controls=CONTROLS, *, data=None, state=None):
        self.own = None if data is None else own_data(data)
        if self.own is None:
            self.runs, self.picture = Runs(train), TrainerPicture(WIDTHS, LAST)
            self.wanted = {name: function(square()).reshape(SIDE, SIDE) for name, (_, function) in TARGETS.items()}
            targets, widths, first = [(words, name) for name, (words, _) in TARGETS.items()], WIDTHS, "[2, 5, 1]"
        else:
            widths = own_widths(self.own.X.shape[1])
            self.runs, self.picture = Runs(own_run(self.own)), TrainerPicture(widths, LAST, self.own)
            targets, first = [(self.own.target, YOURS)], next(iter(widths))
        self.controls, extras = make_controls(targets, list(widths), first)
        super().__init__(controls, state, names=CONTROLS, rows=ROWS, partners=PARTNERS, extras=extras)

    def frames(self):
        """The frames 0 .. `frame` of the run that the picture shows."""
        with self.runs.at_once():
            return self._frames(self.state)

    def _frames(self, state):
        return self.runs.frames({name: value for name, value in state.items() if name != "frame"}, state["frame"])

    def _update(self, state):
        frames = self._frames(state)
        self.picture.show(state["widths"], frames, None if self.own else self.wanted[state["target"]])
        return " ".join(sentences(len(frames) - 1, state["optimiser"], frames[-1], self.own))


def make_controls(targets, widths, first):
    """The app's controls by name, and what stands beside the first; `first` of the widths to begin with."""
    frame, extras = frame_slider("frame", LAST + 1)
    return {"frame": frame,
            "target": choice("target", targets, targets[0][1]),
            "widths": choice("widths", widths, first),
            "basis": choice("basis", BASES, "bspline"),
            "G": slider("intervals G", 5, 2, 12),
            "optimiser": choice("optimiser", list(OPTIMISERS), "Adam"),
            "seed": slider("seed", 0, 0, 19)}, extras


def sentences(number, optimiser, frame, own):
    """The picture in words and numbers."""
    steps = f"{frame.step} step" + "s" * (frame.step != 1)
    yield f"Frame {number}, {steps} of {optimiser}:"
    if own is None:
        yield f"RMSE {frame.train:.2g} on the {N} training samples, {frame.new:.2g} on {SIDE * SIDE} new points."
    else:
        yield (f"RMSE {frame.train:.3g} on the {len(own.X)} training rows, {frame.new:.3g} on {len(own.X_new)} held "
               f"out; the spread of {own.target} is {own.spread:.3g}.")
    yield f"{frame.n_params} parameters."
    shares = 100 * frame.curves[0].share.sum(axis=0)
    if own is None:
        yield f"Through x₁ passes {shares[0]:.0f} % of the output's variation, through x₂ {shares[1]:.0f} %."
    else:
        most = shares.argmax()
        yield f"Most of the output's variation, {shares[most]:.0f} %, passes through {own.columns[most]}. {own.told}."
