"""Four loss surfaces over two numbers of an edge, and the walks of five optimisers on them; no widgets, no pictures.

All other numbers of the edge stay where they are. The loss is the mean square error on 41 samples, that is |r|^2 with
residuals r_n = (f(x_n) - y_n) / sqrt(41), and its lowest value is 0: the samples come from the same edge, at `best`.
"""

from functools import cache, lru_cache
from typing import NamedTuple

import numpy as np

from kan_edu.learning.downhill.gradient import SGD, Adam
from kan_edu.learning.downhill.lbfgs import LBFGS
from kan_edu.learning.downhill.levenberg_marquardt import LevenbergMarquardt
from kan_edu.splines import bspline

STEPS = 100  # a walk ends there, or earlier where it no longer moves or the loss has exploded
REACH = 2.0  # both numbers are drawn from -REACH to REACH
EXPLODED, ASLEEP = 1e6, 1e-9  # a loss, a distance
X = np.linspace(-1, 1, 41)
X.setflags(write=False)
BUMPS = bspline.basis(X, bspline.uniform_knots(-1, 1, 5, 3), 3)  # (41, 8), as an edge with G = 5 and k = 3 has them

MAKERS = {
    "SGD": lambda lr: SGD(lr),
    "momentum": lambda lr: SGD(lr, momentum=0.9),
    "Adam": lambda lr: Adam(lr),
    "L-BFGS": lambda lr: LBFGS(),
    "LM": lambda lr: LevenbergMarquardt(),
}


class Surface(NamedTuple):
    """What an edge puts out as a function of two of its numbers, and the slopes of that."""

    words: str
    names: tuple  # of the two numbers, for the axes
    best: tuple  # where the loss is 0
    outputs: object  # theta (..., 2) -> (..., 41)
    slopes: object  # theta (2,) -> (41, 2)
    y: np.ndarray  # (41,) the samples: outputs(best)

    def residuals(self, theta):
        """r (..., 41) at theta (..., 2)."""
        return (self.outputs(theta) - self.y) / np.sqrt(len(X))

    def loss(self, theta):
        """|r|^2 (...) at theta (..., 2)."""
        return (self.residuals(theta) ** 2).sum(axis=-1)

    def jacobian(self, theta):
        """dr/dtheta (41, 2) at theta (2,)."""
        return self.slopes(theta) / np.sqrt(len(X))

    def evaluate(self, theta):
        """The loss and its gradient 2 J'r (2,) at theta (2,)."""
        r = self.residuals(theta)
        return float(r @ r), 2 * self.jacobian(theta).T @ r

    def condition(self):
        """The largest curvature at `best` divided by the smallest: eigenvalues of J'J."""
        J = self.jacobian(np.array(self.best))
        least, most = np.linalg.eigvalsh(J.T @ J)
        return float(most / least)


def surface(words, names, best, outputs, slopes):
    """The Surface whose samples lie on the edge itself, with both numbers as in `best`."""
    return Surface(words, names, best, outputs, slopes, outputs(np.array(best)))


def linear(words, names, best, A):
    """The surface of an edge that is a sum of two fixed functions, A (41, 2), each times its number."""
    return surface(words, names, best, lambda theta: theta @ A.T, lambda theta: A)


def scaled(theta):
    """w_s (c_3 B_3 + s), where s is the rest of the spline: theta = (w_s, c_3), (..., 2) -> (..., 41)."""
    return theta[..., :1] * (theta[..., 1:] * BUMPS[:, 3] + REST)


def scaled_slopes(theta):
    """By w_s the spline, by c_3 the bump times w_s: (41, 2)."""
    return np.stack([theta[1] * BUMPS[:, 3] + REST, theta[0] * BUMPS[:, 3]], axis=1)


def wave(theta):
    """sin(pi h) + h / 2 behind the straight line h = a x + b: theta = (a, b), (..., 2) -> (..., 41)."""
    h = theta[..., :1] * X + theta[..., 1:]
    return np.sin(np.pi * h) + h / 2


def wave_slopes(theta):
    """The wave's slope at h, times dh/da = x and dh/db = 1: (41, 2)."""
    slope = np.pi * np.cos(np.pi * (theta[0] * X + theta[1])) + 0.5
    return np.stack([slope * X, slope], axis=1)


REST = BUMPS[:, [2, 4]].sum(axis=1) / 2
SURFACES = {
    "bumps": linear("two neighbouring bumps", ("c₃", "c₄"), (0.5, -0.5), BUMPS[:, [3, 4]]),
    "powers": linear("two powers, x² and x⁴", ("number before x²", "number before x⁴"), (0.5, -0.5),
                     np.stack([X**2, X**4], axis=1)),  # fmt: skip
    "scale": surface("wₛ and one coefficient", ("wₛ", "c₃"), (1.0, 1.0), scaled, scaled_slopes),
    "wave": surface("a x + b before a wave", ("a", "b"), (0.8, 0.2), wave, wave_slopes),
}


class Walk(NamedTuple):
    """Where an optimiser was after 0, 1, 2, ... steps, and why it went no farther."""

    places: np.ndarray  # (steps + 1, 2)
    losses: np.ndarray  # (steps + 1,)
    end: str  # "" after STEPS steps, else "stopped" or "diverged"

    def until(self, step):
        """The places and losses up to that step, as far as the walk went."""
        return self.places[: step + 1], self.losses[: step + 1]


@lru_cache(maxsize=256)  # some kB each: back and forth on a slider walks nothing twice
def walk(name, optimiser, lr, start):
    """The Walk of an optimiser (a name of MAKERS) on the surface of that name, from start = (a, b)."""
    here, maker, theta = SURFACES[name], MAKERS[optimiser](lr), np.array(start, dtype=float)
    places, losses, end = [theta.copy()], [float(here.loss(theta))], ""
    limit = EXPLODED * max(1.0, losses[0])
    for _ in range(STEPS):
        one_step(here, maker, theta)
        loss = float(here.loss(theta))
        if not loss < limit:  # "not <", because NaN is no number either
            end = "diverged"
            break
        if np.abs(theta - places[-1]).max() < ASLEEP:
            end = "stopped"
            break
        places.append(theta.copy())
        losses.append(loss)
    places, losses = np.array(places), np.array(losses)
    places.setflags(write=False)
    losses.setflags(write=False)
    return Walk(places, losses, end)


def one_step(here, maker, theta):
    """Let the optimiser move theta (2,) once; each kind asks the surface for what it needs."""
    needs = getattr(maker, "needs", "gradient")
    with np.errstate(over="ignore", invalid="ignore"):
        if needs == "jacobian":
            maker.step(theta, lambda: here.residuals(theta), lambda: here.jacobian(theta))
        elif needs == "evaluate":
            maker.step(theta, lambda: here.evaluate(theta))
        else:
            maker.step(theta, here.evaluate(theta)[1])


@cache
def heights(name, points=121):
    """The loss on a square of points x points from -REACH to REACH, first index the second number: what is drawn."""
    line = np.linspace(-REACH, REACH, points)
    first, second = np.meshgrid(line, line)
    return line, SURFACES[name].loss(np.stack([first, second], axis=-1))
