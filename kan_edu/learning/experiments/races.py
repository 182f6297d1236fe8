"""Races of models under equal conditions: on splits of a table, for a budget of work, by the clock; who is ahead."""

import time

import numpy as np

from kan_edu.checks.arguments import check_function, check_has, check_integer, check_number, check_room, shown
from kan_edu.checks.arrays import as_array, check_matrix
from kan_edu.data import tables
from kan_edu.learning import fair
from kan_edu.learning.downhill.gradient import Adam
from kan_edu.learning.loop import MOST_STEPS, check_data, fit
from kan_edu.learning.losses import LABELLED, accuracy, mse

MAKER = "lambda seed: KAN([4, 3], seed=seed)"
MOST_SPLITS, MOST_ROUNDS = 10_000, 10**6  # more are an oversight: nobody waits for them


def on_table(makers, X, y, *, loss=mse, splits=8, steps=400, lr=0.03, patience=10):
    """Race models on a table X (N, n), y (N,) that is split anew `splits` times: {name: test errors (splits,)}.

    makers    {name: a function that makes a new model of a seed}, such as {"KAN": lambda seed: KAN([4, 3], seed=seed)}
    loss      mse: y are numbers, and the errors are RMSE in their unit; cross_entropy (or logistic_loss): y are labels
              0, 1, ..., and the errors are shares of wrong answers

    Every model sees the same splits: four fifths of four fifths to train on, a fifth of the rest to watch, a fifth to
    test. Inputs are scaled to [-1, 1], and numbers y to mean 0 and standard deviation 1, by what is trained on. All get
    Adam(lr), at most `steps` steps, and stop after `patience` measurements (one in ten steps) without a new best.
    Raises ValueError for makers that are no such dict, another loss, and data that do not fit.
    """
    makers, X, y = _check_makers(makers), check_matrix(X), as_array(y, "y")
    if not any(loss is known for known in (mse, *LABELLED)):
        raise ValueError(f"loss is {shown(loss)}; expected mse, cross_entropy or logistic_loss (no quotes)")
    splits = check_integer(splits, "splits", 1, MOST_SPLITS)
    steps = check_integer(steps, "steps", 1, MOST_STEPS)
    given = {"steps": steps, "loss": loss, "patience": patience, "val_every": min(10, steps)}
    errors = {name: np.zeros(splits) for name in makers}
    for seed in range(splits):
        train, val, test, size = _split(X, y, loss, seed)
        for name, make in makers.items():
            model = _made(make, name, seed)
            fit(model, *train, **given, optimiser=Adam(lr), val=val)
            errors[name][seed] = _error(model, *test, loss) * size
    return errors


def _check_makers(makers):
    if not isinstance(makers, dict) or not makers:
        raise ValueError(f"makers is {shown(makers)}; expected a dict of names and functions of a seed, such as "
                         f'{{"KAN": {MAKER}}}')  # fmt: skip
    return {name: check_function(make, f"the maker of {shown(name)}", MAKER) for name, make in makers.items()}


def _made(make, name, seed):
    """make(seed); ValueError if it does not take a seed, its own errors as they are."""
    try:
        return make(seed)
    except TypeError as error:
        if error.__traceback__.tb_next is not None:  # from inside of it: whoever wrote it needs to see where
            raise
        raise ValueError(f"the maker of {shown(name)} could not be called with a seed ({error}); expected a function "
                         f"of one number, such as {MAKER}") from None  # fmt: skip


def _split(X, y, loss, seed):
    """Three pairs (X, Y), to train on, to watch and to test, scaled; and the size of a unit of Y in units of y."""
    X_rest, X_test, y_rest, y_test = tables.split(X, y, seed=seed)
    X_train, X_val, y_train, y_val = tables.split(X_rest, y_rest, seed=seed)
    X_train, X_val, X_test, *_ = tables.to_box(X_train, X_val, X_test)
    size = 1.0
    if loss is mse:
        y_train, y_val, y_test, _, size = tables.standardise(y_train, y_val, y_test)
    return (X_train, y_train), (X_val, y_val), (X_test, y_test), size


def _error(model, X, y, loss):
    """RMSE, or the share of wrong answers."""
    return np.sqrt(mse(model(X), y)[0]) if loss is mse else 1 - accuracy(model(X), y)


def spend(model, X, Y, *, optimiser, budget):
    """Train `model` in place on X (N, n_in), Y (N, n_out) until `budget` multiply-adds are spent: how many were spent.

    All samples are in each step, and the step that passes the budget is the last one (`fair.Meter` counts). Ends before
    where the optimiser stops by itself. Raises ValueError for data that do not fit, and a budget that is not positive.

    >>> from kan_edu import MLP
    >>> X = np.linspace(-1, 1, 50)[:, None]
    >>> spend(MLP([1, 5, 1]), X, X**2, optimiser=Adam(), budget=10_000)   # 1250 a step
    10000
    """
    X, Y = check_data(model, X, Y, "training")
    budget = check_number(budget, "budget", 0, open_ends=True, example="1e6")
    meter = fair.Meter(optimiser, model, len(X))
    fit(model, X, Y, steps=MOST_STEPS, optimiser=meter, callback=lambda step, model, loss: meter.spent >= budget)
    return meter.spent


def seconds(model, N=500, rounds=4):
    """Seconds by the clock for one forward and one backward of N random samples: the best of some rounds.

    Raises ValueError for what is no model, and for counts below 1.
    """
    check_has(model, None, "taking the time")
    N, rounds = check_integer(N, "N", 1), check_integer(rounds, "rounds", 1, MOST_ROUNDS)
    check_room(N * max(model.widths), f"{N} samples in this model", "take fewer")
    X, dY = np.random.default_rng(0).uniform(-1, 1, (N, model.widths[0])), np.ones((N, model.widths[-1]))
    best = np.inf
    for _ in range(rounds):
        begin = time.perf_counter()
        model.forward(X)
        model.backward(dY)
        best = min(best, time.perf_counter() - begin)
    return best


def verdict(errors, factor=30):
    """Who is ahead, in words: errors {name: error >= 0} of two or more; ahead is less than any other by the factor.

    Raises ValueError for fewer than two, errors that are no numbers >= 0, and a factor below 1.

    >>> verdict({"KAN": 0.01, "MLP": 0.5}), verdict({"KAN": 0.01, "MLP": 0.02}, factor=5)
    ('KAN ahead by more than 30 times', 'no clear winner (less than 5 times apart)')
    """
    if not isinstance(errors, dict) or len(errors) < 2:
        raise ValueError(f"errors is {shown(errors)}; expected {{name: error}} of two or more, such as "
                         '{"KAN": 0.1, "MLP": 0.2}')  # fmt: skip
    found = {name: check_number(error, f"the error of {shown(name)}", 0) for name, error in errors.items()}
    factor = check_number(factor, "factor", 1, 1e300)
    first, second = sorted(found, key=found.get)[:2]
    if found[second] <= factor * found[first]:
        return f"no clear winner (less than {factor:g} times apart)"
    return f"{first} ahead by more than {factor:g} times"
