"""A small KAN trained on coarse, then finer and finer grids, frame by frame; no widgets and no pictures.

Every STAGE steps the hidden grid is moved to where the hidden values are. Then, if the list of grids says so, all
grids are made finer. Both happen in one frame without a training step, so that one sees what they alone do.
"""
from functools import cache
from typing import NamedTuple

import numpy as np

from kan_edu.data.datasets import TARGETS, Target, sample
from kan_edu.learning.downhill.levenberg_marquardt import LevenbergMarquardt
from kan_edu.learning.loop import fit
from kan_edu.learning.refinement import rmse
from kan_edu.networks import grids as grids_of
from kan_edu.networks.kan import KAN

STAGES, STAGE = 6, 10                          # so many stages of so many steps
STEPS, FRAMES = STAGES * STAGE, STAGES * (STAGE + 1)
MOST_N, TEST_N = 500, 1000
LADDERS = {"3, 6, 12, 24, 48, 96": "3, 6, 12, 24, 48, 96", "4, 6, 9, 14, 21, 32 (not nested)": "4, 6, 9, 14, 21, 32",
           "12 from the start": "12", "96 from the start": "96"}   # what the list shows -> the numbers of intervals


def flank(X):
    """A calm curve with one steep flank: X (N, 1) -> (N, 1)."""
    return np.tanh(8 * (X - 0.2)) + 0.4 * np.sin(4 * X)


class Lesson(NamedTuple):
    """A target to choose: its words, the target, the KAN's widths, and (low, high) for the axis of y."""

    words: str
    target: Target
    widths: tuple
    ylim: tuple


LESSONS = {
    "f1": Lesson("exp(sin πx₁ + x₂²), 2 inputs", TARGETS["f1"], (2, 1, 1), (-1.5, 9.0)),
    "flank": Lesson("a steep flank", Target(flank, 1, "tanh(8 (x - 0.2)) + 0.4 sin(4 x)"), (1, 1), (-2.1, 2.1)),
    "corner": Lesson("a corner, |x|", Target(np.abs, 1, "|x|"), (1, 1), (-0.6, 1.6)),
    "bessel": Lesson("a wave, J₀(20 x)", TARGETS["f3"], (1, 1), (-1.1, 1.7)),
}


class Frame(NamedTuple):
    """What one moment of training looks like. The edge shown is the last one: phi(h), or phi(x) with one layer."""

    step: int            # training steps made so far
    G: int
    parameters: int
    train: float         # RMSE on the training samples, noise and all
    test: float          # RMSE on TEST_N fresh samples without noise
    event: str           # what was done to the grid in this frame, or ""
    change: float        # by how much that changed any training output, at most
    h: np.ndarray        # (N,) what arrives at the edge from the training samples
    grid: np.ndarray     # (G+1,) the edge's grid points
    curve: np.ndarray    # (2, P): places, a little beyond both ends of the grid, and phi there


@cache
def samples(name, N, noise):
    """X (N, n_in), Y (N, 1): of one long list of samples the first N, so that a larger N only adds some."""
    target = LESSONS[name].target
    X, clean = sample(target, MOST_N, seed=0)
    Y = clean + noise * np.random.default_rng(1).normal(size=clean.shape)
    return X[:N], Y[:N]


def train(target, grids, k, N, noise, start):
    """The frames of one run, FRAMES of them: settings as the app's controls give them, start is the seed."""
    widths, data = list(LESSONS[target].widths), samples(target, N, noise)
    test = sample(LESSONS[target].target, TEST_N, seed=2)
    ladder = [int(G) for G in grids.split(", ")]
    model, optimiser = KAN(widths, G=ladder[0], k=k, seed=start), LevenbergMarquardt()
    grids_of.update(model, data[0], keep_inputs=True)
    yield picture(model, data, test, 0, "", 0.0)
    for step in range(STEPS):
        if step and step % STAGE == 0:
            yield picture(model, data, test, step, *regrid(model, data[0], ladder, step // STAGE))
        elif step == STAGE // 2:   # early the hidden values move most
            grids_of.update(model, data[0], keep_inputs=True)
        fit(model, *data, steps=1, optimiser=optimiser)
        yield picture(model, data, test, step + 1, "", 0.0)


def regrid(model, X, ladder, stage):
    """Move the hidden grid, then refine all grids if the ladder has a next rung; (words, change of the outputs)."""
    before, G = model(X), model.layers[0].basis.G
    if len(model.layers) > 1:
        grids_of.update(model, X, keep_inputs=True)
    if stage < len(ladder):
        grids_of.extend(model, ladder[stage])
    change = float(np.abs(model(X) - before).max())
    now = model.layers[0].basis.G
    done = ["hidden grid moved"] * (len(model.layers) > 1) + [f"grid extended from {G} to {now} intervals"] * (now > G)
    return ", ".join(done).capitalize(), change


def picture(model, data, test, step, event, change):
    """The Frame of the model as it stands."""
    layer, h = model.layers[-1], grids_of.layer_inputs(model, data[0])[-1]
    grid = layer.basis.grid[0].copy()
    lo, hi = grid[[0, -1]]
    x = np.linspace(lo - 0.2 * (hi - lo), hi + 0.2 * (hi - lo), 421)
    return Frame(step, layer.basis.G, model.n_params, rmse(model, *data), rmse(model, *test), event, change,
                 h[:, 0].copy(), grid, np.stack([x, layer.phi(0, 0, x)]))
