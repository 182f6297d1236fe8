"""The race itself: two networks of one size, the same data and optimiser, and an equal budget of multiply-adds."""
from functools import partial
from typing import NamedTuple

import numpy as np

from kan_edu.apps.common.own import OwnData
from kan_edu.data import datasets
from kan_edu.learning import fair
from kan_edu.learning.downhill.gradient import Adam
from kan_edu.learning.downhill.lbfgs import LBFGS
from kan_edu.learning.downhill.levenberg_marquardt import LevenbergMarquardt
from kan_edu.learning.loop import Diverged, fit
from kan_edu.learning.refinement import rmse
from kan_edu.networks import grids
from kan_edu.networks.kan import KAN
from kan_edu.networks.mlp import MLP

FRAMES = 61             # frame 0 is before any step, frame 60 after the whole budget
UPDATES = 1, 2, 4, 8, 16   # before these frames the KAN's grids follow the values in its hidden nodes
N, K = 1000, 3          # samples to train on; the splines' degree
SIDE = 41               # a surface is tested and drawn on SIDE x SIDE points, a curve on SIDE x 10
PART = 100              # millions of multiply-adds of a whole race: of a larger one each frame is trained in parts


def spiral(X):
    """A surface with two spiral arms, up and down: X (N, 2) -> (N, 1)."""
    radius, angle = np.hypot(*X.T), np.arctan2(X[:, 1], X[:, 0])
    return np.tanh(3 * np.sin(angle - 6 * radius))[:, None]


def tanh_waves(X):
    """The function of an MLP [2, 10, 1] whose weights somebody drew at random: X (N, 2) -> (N, 1)."""
    rng = np.random.default_rng(7)
    return np.tanh(2 * X @ rng.normal(size=(2, 10)) + rng.normal(size=10)) @ rng.normal(size=(10, 1)) / 3


class Course(NamedTuple):
    """A target to race on, or your own data, and the widths of the two KANs to choose from."""

    target: datasets.Target
    words: str
    narrow: list
    wide: list
    own: OwnData = None

    @property
    def n_in(self):
        return self.narrow[0]

    def samples(self):
        """X (N, n_in), Y (N, 1) to train on; points (M, n_in), truth (M, 1) to test on."""
        if self.own is not None:
            return self.own.X, self.own.Y, self.own.X_new, self.own.Y_new
        points = mesh(self.n_in)
        return *datasets.sample(self.target, N, seed=0), points, self.target(points)


COURSES = {
    "f1": Course(datasets.TARGETS["f1"], "f1 = exp(sin πx + y²)", [2, 1, 1], [2, 3, 1]),
    "f2": Course(datasets.TARGETS["f2"], "f2 = x y", [2, 2, 1], [2, 4, 1]),
    "f3": Course(datasets.TARGETS["f3"], "f3 = J₀(20x)", [1, 1], [1, 3, 1]),
    "spiral": Course(datasets.Target(spiral, 2, ""), "spiral", [2, 3, 1], [2, 2, 2, 1]),
    "tanh": Course(datasets.Target(tanh_waves, 2, ""), "random tanh network", [2, 1, 1], [2, 3, 1]),
}
OPTIMISERS = {"Adam": lambda: Adam(lr=0.02), "L-BFGS": LBFGS, "Levenberg-Marquardt": LevenbergMarquardt}
MLPS = {f"{layers} hidden, {name}": (layers, name) for layers in fair.HIDDEN for name in fair.ACTIVATIONS}


class Lap(NamedTuple):
    """One network in one frame: work in multiply-adds, steps, RMSE on the test points, its outputs there (points,)."""

    work: int
    steps: int
    rmse: float
    outputs: np.ndarray


def mesh(n_in):
    """Where both are tested and drawn: an even mesh of [-1, 1]^n_in, never trained on; (points, n_in)."""
    if n_in == 1:
        return np.linspace(-1, 1, 10 * SIDE + 1)[:, None]
    x, y = np.meshgrid(*2 * [np.linspace(-1, 1, SIDE)])
    return np.column_stack([x.ravel(), y.ravel()])


def networks(target, kan, mlp, size, start, courses=COURSES):
    """The KAN whose number of parameters is nearest to `size`, and the MLP nearest to that."""
    widths = getattr(courses[target], kan)
    edges = sum(n * m for n, m in zip(widths, widths[1:], strict=False))
    one = KAN(widths, G=max(1, round(size / edges - K - 2)), k=K, seed=start)   # G + k + 2 numbers an edge
    layers, activation = MLPS[mlp]
    other = MLP(fair.mlp_widths(widths[0], 1, one.n_params, layers), activation=activation, seed=start)
    return one, other


class Racer:
    """One network on its way: `go(work)` trains until so many multiply-adds are spent."""

    def __init__(self, model, X, Y, optimiser):
        self.model, self.X, self.Y, self.steps = model, X, Y, 0
        self.meter = fair.Meter(optimiser, model, len(X))

    def go(self, work):
        """A step that begins within the budget is finished; a network that cannot get lower stands still."""
        if self.meter.spent >= work:
            return
        try:
            history = fit(self.model, self.X, self.Y, steps=10**6, optimiser=self.meter, progress=False,
                          callback=lambda step, model, loss: self.meter.spent >= work)
        except Diverged as end:
            history = end.history
        self.steps += len(history.loss)

    def lap(self, points, truth):
        outputs = self.model(points)
        return Lap(self.meter.spent, self.steps, rmse(self.model, points, truth), outputs[:, 0].copy())


def race(target, optimiser, kan, mlp, size, budget, start, courses=COURSES):
    """Yield one frame after the other, a pair of `Lap`s (KAN, MLP), and None where training can rest.

    budget  in millions of multiply-adds for each network
    """
    X, Y, points, truth = courses[target].samples()
    models = networks(target, kan, mlp, size, start, courses)
    racers = [Racer(model, X, Y, OPTIMISERS[optimiser]()) for model in models]
    parts = -(-budget // PART)
    for frame in range(FRAMES):
        if frame in UPDATES and len(models[0].layers) > 1:
            grids.update(racers[0].model, X, keep_inputs=True)
        for part in range(1, parts + 1):
            for racer in racers:
                racer.go(((frame - 1) * parts + part) * budget * 1_000_000 // (parts * (FRAMES - 1)))
                yield None
        yield tuple(racer.lap(points, truth) for racer in racers)


def own_courses(own):
    """The one course of your own data: a sum that is bent, or several."""
    n = own.X.shape[1]
    return {"yours": Course(None, own.target, [n, 1, 1], [n, 3, 1], own)}


def own_race(own):
    """race(**settings) for these data."""
    return partial(race, courses=own_courses(own))
