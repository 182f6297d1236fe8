"""The training loop: forward, loss, backward, step, and a guard that notices when it goes wrong."""

import time
import warnings
from dataclasses import dataclass, field

import numpy as np

from kan_edu.checks.arguments import (
    all_finite,
    check_callback,
    check_flag,
    check_has,
    check_integer,
    check_seed,
    is_true,
    shown,
)
from kan_edu.checks.arrays import as_array, check_labels, check_matrix, numbers  # fmt: skip
from kan_edu.networks import flat

from . import learnt
from .downhill.gradient import Adam
from .heldout import HeldOut
from .losses import LABELLED, check_outputs, mse
from .objective import Objective, as_optimiser, check_optimiser, serve
from .progress import Progress, watched
from .threads import one_thread

ALL = slice(None)
MOST_STEPS = 10**7  # more are an oversight: nobody waits for them


class Diverged(RuntimeError):
    """The loss stopped being a number. The model holds its last finite parameters; `history` what was reached."""

    def __init__(self, message, history):
        super().__init__(message)
        self.history = history


@dataclass
class History:
    """What happened: `loss[s]` before step s, `val_loss` at the steps in `val_steps`, why it ended."""

    loss: list = field(default_factory=list)
    val_loss: list = field(default_factory=list)
    val_steps: list = field(default_factory=list)
    seconds: float = 0.0
    reach: float | None = None  # the largest |x| in X
    spread: float | None = None  # standard deviation of Y, to compare rmse with; for mse
    final_rmse: float | None = None  # of the model as it is returned, on at most 10,000 samples; for mse
    outside_before: list = field(default_factory=list)  # for each layer: largest share of these outside a grid
    outside: list = field(default_factory=list)  # the same at the end
    stopped: str = ""
    sound: list | None = field(default=None, repr=False)  # parameters and grids at the last finite loss

    @property
    def interrupted(self):
        """True if Ctrl-C ended it."""
        return self.stopped.startswith("interrupted")

    @property
    def rmse(self):
        """Root of the losses, (steps,): root mean square errors if the loss was `mse`."""
        return np.sqrt(self.loss)


def fit(model, X, Y, *, steps=500, optimiser=None, loss=mse, penalty=None, batch_size=None, val=None, val_every=10,
        patience=None, callback=None, progress=None, seed=0):
    """Train `model` in place on X (N, n_in), Y (N, n_out) or labels (N,) of classes; returns a History.

    optimiser   default Adam(lr=0.01); SGD(0.1), LBFGS(), LevenbergMarquardt(), anything with step(theta, grad), or what
                makes one when it is called without arguments: LBFGS, lambda: Adam(0.02). One that has trained this
                model before goes on where it was; given another it starts anew, by its method `restart` if it has one
    loss        mse; cross_entropy for labels 0, 1, ..., one output each; logistic_loss for labels 0, 1 and one output;
                or a function of yours: (outputs (N, n_out), Y) -> (value, dL/doutputs), which may not write into Y
    penalty     None, or a price on the model that is added to the loss (and to History.loss), such as
                reading.regularise.Sparsity
    batch_size  None: all samples in every step; else mini-batches, shuffled anew in each epoch (`seed`)
    val         (X, Y) held out, measured every `val_every` steps; the loss is not trained on it
    patience    stop after so many measurements of val without a new best; the best parameters are put back
    callback    callback(step, model, loss); training stops when it returns True
    progress    None: a line of progress if a person is watching in a notebook; True or False forces it

    Warns (LearntLittle) where most samples lie outside the grids, before training, or where the model ends hardly
    better than the mean of Y, or the most frequent class, and the scale of the data tells why. Up to five steps are
    not judged. BLAS computes with one thread (`threads.py`).
    Ctrl-C (the stop button) ends training, warns, and keeps the parameters of the last whole step.
    Raises Diverged when the loss or a parameter is no longer finite, ValueError for data that do not fit.
    """
    check_functions(loss, callback)
    X, Y = check_data(model, X, Y, "training", loss)
    steps = check_integer(steps, "steps", 1, MOST_STEPS)
    held_out = HeldOut(check_val(model, val, loss), loss, val_every, patience, steps)
    optimiser, history = Adam() if optimiser is None else as_optimiser(optimiser), History()
    check_optimiser(optimiser, loss, batch_size, penalty)
    batches = _batches(len(X), batch_size, check_seed(seed))
    needs = getattr(optimiser, "needs", "gradient")
    serve(optimiser, model, len(X) if batch_size is None else min(batch_size, len(X)))
    told = learnt.look_before(history, model, X, steps > learnt.HANDFUL)
    X, Y = X.copy(), read_only(Y)  # X is ours alone: no callback can break the promise that it lasts
    twin = flat.shadow(model, lasting=X)
    line, begin = Progress(watched() if progress is None else check_flag(progress, "progress")), time.perf_counter()
    try:
        with one_thread(matters=needs == "jacobian"):
            for step in range(steps):
                rows = next(batches)
                if twin.theta is not model.theta:  # a callback has moved or extended the grids
                    twin = flat.shadow(model, lasting=X)
                batch = X if rows is ALL else X[rows]
                _step(model, Objective(twin, batch, Y[rows], loss, penalty), optimiser, history)
                line.show(f"step {step + 1} of {steps}, loss {history.loss[-1]:.3g}")
                history.stopped = held_out.measure(step, model, history) or history.stopped
                if callback is not None and is_true(callback(step, model, history.loss[-1])):
                    history.stopped = f"the callback asked to stop after step {step + 1}"
                if history.stopped:
                    break
    except KeyboardInterrupt:
        history.stopped = f"interrupted in step {len(history.loss) + 1}"
        warnings.warn(f"training was {history.stopped}; the model keeps what it had learnt", stacklevel=2)
    finally:
        line.close()
        history.seconds = time.perf_counter() - begin
    held_out.put_back_best(model)
    history.stopped = history.stopped or f"all {steps} steps done"
    learnt.look_after(history, model, X, Y, loss, np.inf if told else learnt.margin(optimiser, len(history.loss)))
    return history


def read_only(Y):
    """The same numbers, in an array that refuses to be written to: a loss of the user's must not change the data."""
    Y = Y.view()
    Y.flags.writeable = False
    return Y


def check_functions(loss, callback):
    """ValueError unless the loss is a function, and the callback one of three arguments, or None."""
    if not callable(loss) or isinstance(loss, type):
        raise ValueError(f"loss is {shown(loss)}; expected a function such as mse or cross_entropy, without quotation "
                         "marks")  # fmt: skip
    check_callback(callback, "step", "model", "loss")


def check_val(model, val, loss=mse):
    """The pair (X, Y) of held-out data, checked; None stays None."""
    if val is None:
        return None
    if not isinstance(val, list | tuple) or len(val) != 2:
        came = f"{len(val)} arrays" if isinstance(val, list | tuple) else f"a single {type(val).__name__}"
        raise ValueError(f"val is {came}; expected a pair of held-out data: val=(X_val, Y_val)")
    X, Y = check_data(model, *val, "validation", loss)
    return X, read_only(Y)


def check_data(model, X, Y, what, loss=mse):
    """X and Y of one length, finite, as wide as the model; Y (N,) is the one column (N, 1), or labels (N,)."""
    check_has(model, None, "fit")
    X = check_matrix(X, f"the {what} X", model.widths[0], f"({model!r})")
    check_reach(model, X, f"the {what} X")
    Y, name = as_array(Y, f"the {what} Y"), f"the {what} Y"
    if Y.ndim and len(X) != len(Y):
        raise ValueError(f"the {what} X has {len(X)} rows but Y has {len(Y)}; give one row of Y for each sample")
    if loss in LABELLED:
        check_outputs(loss, model.widths[-1])
        return X, check_labels(Y, len(X), max(2, model.widths[-1]), f"the {what} labels Y")
    whole, Y = Y, numbers(Y, name)
    if Y.ndim == 1 and loss is not mse:
        return X, whole  # a loss of your own: it knows whether these are labels
    classes = Y.shape[1:] in ((), (1,)) and model.widths[-1] > 1 and (Y == np.round(Y)).all()
    hint = f"({model!r})" + ("; whole numbers that name classes need fit(..., loss=cross_entropy)" if classes else "")
    check_reach(model, Y, name)
    return X, check_matrix(Y[:, None] if Y.ndim == 1 else Y, name, model.widths[-1], hint)


def check_reach(model, values, name):
    """ValueError for numbers so large that the squares of slopes overflow: training would only find out on the way."""
    largest, most = np.abs(values).max(initial=0), 1e100 if model.theta.dtype == np.float64 else 1e12
    if largest > most:
        raise ValueError(f"{name} reaches to {largest:.3g}, which no training can square; expected numbers within "
                         f"{most:g}: scale it with datasets.to_box")  # fmt: skip


def _batches(N, batch_size, rng):
    """Endless row selections: ALL of them, or batch_size of them in an order shuffled for each epoch."""
    while batch_size is None or batch_size >= N:
        yield ALL
    while True:
        order = rng.permutation(N)
        for start in range(0, N - batch_size + 1, batch_size):
            yield order[start : start + batch_size]


def _step(model, objective, optimiser, history):
    """One step downhill. If loss or parameters are no longer finite, go back to where they were and raise."""
    value, before = np.nan, flat.remember(model)
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            value = objective.step(optimiser)
    except KeyboardInterrupt:  # never leave half a step behind
        flat.put_back(model, before)
        raise
    except FloatingPointError:  # a slope is no number
        flat.put_back(model, before)
    if np.isfinite(value):
        history.sound = before
    if not (np.isfinite(value) and all_finite(model.theta)):
        if history.sound is not None:
            flat.put_back(model, history.sound)
        raise Diverged(_why(objective, value, optimiser, history), history)
    history.loss.append(value)
    history.stopped = getattr(optimiser, "stopped", "")


def _why(objective, value, optimiser, history):
    """Where training ended, and the likely cause: at first sight the loss function, then the data, then the steps."""
    last = f"the last finite loss was {history.loss[-1]:.3g}" if history.loss else "already in the first step"
    what = "a parameter became inf or NaN" if np.isfinite(value) else f"the loss became {value}"
    largest = max(np.abs(objective.X).max(), np.abs(objective.Y).max())
    cause = (
        f"{objective.blame}: look there for 0 / 0, or for the log or root of a number that is not positive"
        if objective.blame and not history.loss
        else f"the data reach {largest:.3g}: scale X and Y to about [-1, 1] (kan_edu.datasets.to_box)"
        if largest > 100
        else f"the steps are too large: lower the learning rate (now lr = {optimiser.lr})"
        if hasattr(optimiser, "lr")
        else "the parameters are too large to begin with: make the model anew"
    )
    return (
        f"training diverged in step {len(history.loss) + 1}: {what} ({last}). Likely cause: {cause}. "
        "The model holds the last parameters that gave a finite loss."
    )
