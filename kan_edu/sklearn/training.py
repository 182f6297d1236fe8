"""Training by several starts, grid after grid, in which held-out samples may say when to stop and which to keep."""

import numpy as np

from kan_edu.checks.arguments import check_integer
from kan_edu.learning.loop import MOST_STEPS, fit
from kan_edu.learning.refinement import covered
from kan_edu.networks import grids as grids_of

PATIENCE, EVERY = 3, 2  # measurements of the held-out loss without a new best; steps between two
ROUNDS = 2  # training on the first grid, between which hidden grids move to where the samples arrive
MOST_SEED = 2**31 - 1


def train(make, data, val, *, loss, optimiser, grids, starts, steps, seed):
    """The best of the starts on the first grid, then on finer ones; returns the model.

    make(seed) is a new model on the first grid. data and val are (X, Y), val None: then the training loss tells which
    start is best, and the last grid is kept. Raises ValueError for starts or steps that are no whole numbers above 0.
    """
    starts, steps = check_integer(starts, "starts", 1), check_integer(steps, "steps", 1, MOST_STEPS)
    seeds = np.random.default_rng(seed).integers(MOST_SEED, size=starts)
    options = {"steps": steps, "loss": loss, "optimiser": optimiser}
    tried = [descend(make(int(one)), data, val, rounds=ROUNDS, **options) for one in seeds]
    best, model = min(tried, key=lambda one: one[0])
    for G in grids[1:]:
        finer = model.copy()
        grids_of.extend(finer, G)
        reached, finer = descend(finer, data, val, rounds=1, **options)
        if val is None or reached < best:
            best, model = reached, finer
    return model


def descend(model, data, val, *, steps, loss, optimiser, rounds):
    """Train `model`; returns its loss, on held-out samples if there are any, and the model.

    A network of one layer has no hidden grids to move: one round will do.
    """
    known = covered(model, data[0])
    watch = {} if val is None else {"val": val, "patience": PATIENCE, "val_every": min(EVERY, steps)}
    for turn in range(rounds if len(model.layers) > 1 else 1):
        if turn or not known:
            grids_of.update(model, data[0], keep_inputs=known or turn > 0)
        fit(model, *data, steps=steps, optimiser=optimiser, loss=loss, progress=False, **watch)
    judged = val or data
    return loss(model(judged[0]), judged[1])[0], model
