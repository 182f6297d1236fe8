"""The training loop: forward, loss, backward, step, and a guard that notices when it goes wrong."""

import time
import warnings
from dataclasses import dataclass, field

import numpy as np

from kan_edu.checks import check_integer, check_matrix

from .heldout import HeldOut
from .losses import mse
from .objective import Objective, check_optimiser
from .optimisers import Adam
from .progress import Progress, watched


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
    stopped: str = ""
    sound: np.ndarray | None = field(default=None, repr=False)  # theta at the last finite loss

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
    """Train `model` in place on X (N, n_in), Y (N, n_out) (labels (N,) for cross_entropy); returns a History.

    optimiser   default Adam(lr=0.01); SGD, LBFGS, LevenbergMarquardt, or anything with step(theta, grad)
    penalty     None, or a price on the model that is added to the loss (and to History.loss), such as
                reading.regularise.Sparsity
    batch_size  None: all samples in every step; else mini-batches, shuffled anew in each epoch (`seed`)
    val         (X, Y) held out, measured every `val_every` steps; the loss is not trained on it
    patience    stop after so many measurements of val without a new best; the best parameters are put back
    callback    callback(step, model, loss); training stops when it returns True
    progress    None: a line of progress if a person is watching in a notebook; True or False forces it

    Ctrl-C (the stop button) ends training, warns, and keeps the parameters of the last whole step.
    Raises Diverged when the loss or a parameter is no longer finite, ValueError for data that do not fit.
    """
    X, Y = check_data(model, X, Y, "training")
    held_out = HeldOut(val and check_data(model, *val, "validation"), loss, val_every, patience)
    optimiser, history = optimiser or Adam(), History()
    check_optimiser(optimiser, loss, batch_size, penalty)
    batches = _batches(len(X), batch_size, np.random.default_rng(seed))
    line, begin = Progress(watched() if progress is None else progress), time.perf_counter()
    try:
        for step in range(check_integer(steps, "steps", 1)):
            rows = next(batches)
            _step(Objective(model, X[rows], Y[rows], loss, penalty), optimiser, history)
            line.show(f"step {step + 1} of {steps}, loss {history.loss[-1]:.3g}")
            history.stopped = held_out.measure(step, model, history) or history.stopped
            if callback is not None and callback(step, model, history.loss[-1]):
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
    return history


def check_data(model, X, Y, what):
    """X and Y of one length, finite, wide enough for the model; labels (N,) stay whole numbers."""
    X, Y = check_matrix(X, f"the {what} X", model.widths[0], f"({model!r})"), np.asarray(Y)
    if len(X) != len(Y):
        raise ValueError(f"the {what} X has {len(X)} rows but Y has {len(Y)}; give one row of Y for each sample")
    if Y.ndim == 2:
        Y = check_matrix(Y, f"the {what} Y", model.widths[-1], f"({model!r})")
    return X, Y


def _batches(N, batch_size, rng):
    """Endless row selections: all rows, or batch_size of them in an order shuffled for each epoch."""
    if batch_size is not None:
        check_integer(batch_size, "batch_size", 1)
    while batch_size is None or batch_size >= N:
        yield slice(None)
    while True:
        order = rng.permutation(N)
        for start in range(0, N - batch_size + 1, batch_size):
            yield order[start : start + batch_size]


def _step(objective, optimiser, history):
    """One step downhill. If loss or parameters are no longer finite, go back to where they were and raise."""
    model = objective.model
    value, before = np.nan, model.theta.copy()
    try:
        with np.errstate(over="ignore", invalid="ignore"):
            value = objective.step(optimiser)
    except KeyboardInterrupt:  # never leave half a step behind
        model.theta[...] = before
        raise
    if np.isfinite(value):
        history.sound = before
    if not (np.isfinite(value) and np.isfinite(model.theta).all()):
        _put_back(model, history)
        raise Diverged(_why(objective.X, objective.Y, value, optimiser, history), history)
    history.loss.append(value)
    history.stopped = getattr(optimiser, "stopped", "")


def _put_back(model, history):
    if history.sound is not None and history.sound.shape == model.theta.shape:
        model.theta[...] = history.sound


def _why(X, Y, value, optimiser, history):
    last = f"the last finite loss was {history.loss[-1]:.3g}" if history.loss else "already in the first step"
    what = "a parameter became inf or NaN" if np.isfinite(value) else f"the loss became {value}"
    largest = max(np.abs(X).max(), np.abs(Y).max())
    cause = (
        f"the data reach {largest:.3g}: scale X and Y to about [-1, 1] (kan_edu.datasets.to_box)"
        if largest > 100
        else f"the steps are too large: lower the learning rate (now lr = {optimiser.lr})"
        if hasattr(optimiser, "lr")
        else "the parameters are too large to begin with: make the model anew"
    )
    return (
        f"training diverged in step {len(history.loss) + 1}: {what} ({last}). Likely cause: {cause}. "
        "The model holds the last parameters that gave a finite loss."
    )
