"""Whether training can learn, whether it did, and which call helps where data and grids do not meet."""

import warnings
from contextlib import contextmanager
from contextvars import ContextVar

import numpy as np

from kan_edu.networks import grids
from kan_edu.splines.bases import Fourier

from .losses import LABELLED, accuracy, mse

SEEN = 10_000  # samples: so many are enough to judge by
LITTLE = 0.5  # of the standard deviation of Y: an error above that has learnt little
CLOSE = 0.01  # of the size of a Y that does not vary: an error above that is no rounding
BEYOND = 0.5  # of the samples: so many outside a grid leave mostly straight lines
NARROW = 0.01  # of a grid: samples that fill no more lie in one interval
FAR = 50  # from zero: there silu is a steep straight line, and tanh a constant
TOO_FAR = 1000  # from zero: there w_b moves the outputs so much more than c that least squares cannot tell c;
# and of the standard deviation: a mean of Y so far away hides what varies
SCALES = 0.01, 100  # a new model's outputs can follow a Y whose standard deviation is no less, and |Y| no more
HANDFUL = 5  # steps: who takes no more is in the middle of something
ENOUGH = {"gradient": 40, "evaluate": 30, "jacobian": 30, "curvature": 20}  # steps to judge training by
BY_FAR = 100  # times beyond the bounds above: that is blamed after fewer steps too


class LearntLittle(UserWarning):
    """The model is hardly better than the mean of Y or the most frequent class, and the scale of the data tells why."""


_unjudged = ContextVar("unjudged", default=False)


@contextmanager
def unjudged():
    """A `with` block in which nothing here warns, in this thread alone: warnings.catch_warnings is for all of them."""
    token = _unjudged.set(True)
    try:
        yield
    finally:
        _unjudged.reset(token)


def _warn(words, stacklevel):
    if not _unjudged.get():
        warnings.warn(words, LearntLittle, stacklevel=stacklevel + 1)


def some(X):
    """Every so many-th row of X, at most 10,000 of them."""
    return X[:: max(1, -(-len(X) // SEEN))]


def bounded(model):
    """Whether each layer has functions on a grid that ends; Fourier functions repeat."""
    return all(hasattr(layer, "basis") and not isinstance(layer.basis, Fourier) for layer in model.layers)


def outside(model, X):
    """The largest share of the samples outside a grid, for each layer of a KAN; [] for an MLP.

    Fourier functions repeat, and know no outside: [] as well.
    """
    if not bounded(model):
        return []
    try:
        return [float(one.outside.max()) for one in grids.coverage(model, X)]
    except FloatingPointError:  # the parameters are no numbers, or a formula is not defined: training will say so
        return []


def look_before(history, model, X, judge):
    """Note in the History how X lies before training; if `judge`, warn where it hides the inputs. Whether it warned."""
    history.reach, history.outside_before = float(np.abs(X).max()), outside(model, some(X))
    return judge and warn_before(model, X, stacklevel=4)


def margin(optimiser, steps):
    """How many times beyond its bounds a scale must be to take the blame after so many steps; inf: nothing does."""
    needs = "gradient" if getattr(optimiser, "any_batch", False) else getattr(optimiser, "needs", "gradient")
    if steps >= ENOUGH.get(needs, 40) or getattr(optimiser, "stopped", ""):
        return 1
    return BY_FAR if steps > HANDFUL else np.inf


def look_after(history, model, X, Y, loss, times):
    """Note in the History where training ended; warn where little was learnt and a scale is `times` too far off."""
    if loss is mse:
        history.spread = float(Y.std())
    X, Y = some(X), some(Y)
    history.outside = outside(model, X)
    if loss is mse:
        history.final_rmse = root_mean_square(model, X, Y)
        warn_if_little(model, X, Y, history.final_rmse, times, stacklevel=4)
    elif loss in LABELLED:
        warn_if_few_right(model, X, Y, times, stacklevel=4)
    elif Y.ndim == 2 and hardly_fallen(history.loss):  # a loss of one's own
        warn_if_little(model, X, Y, root_mean_square(model, X, Y), times, stacklevel=4)


def hardly_fallen(losses):
    """Whether the last loss is above half of the first; a loss of 0 has nowhere to fall."""
    return bool(losses) and losses[-1] != 0 and not losses[-1] < losses[0] - LITTLE * abs(losses[0])


def root_mean_square(model, X, Y):
    """RMSE of the model, or NaN where the last step led to where a formula is not defined."""
    try:
        return float(np.sqrt(mse(model(X), Y)[0]))
    except FloatingPointError:
        return np.nan


def warn_before(model, X, stacklevel=3):
    """One LearntLittle warning if most samples of an input lie where its edges cannot bend; whether it was given.

    An input that is constant is left out: whatever its edges are, they add a constant.
    """
    first = model.layers[0]
    if not bounded(model):
        return False
    lo, hi = first.basis.grid[:, 0], first.basis.grid[:, -1]
    share = ((X < lo) | (hi < X)).mean(axis=0) * (np.ptp(X, axis=0) > 0)
    if first.snapped:
        share *= first.snapped.live.any(axis=0)
    i = int(share.argmax())
    if share[i] <= BEYOND:
        return False
    words = (f"{share[i]:.0%} of the samples of input {i} lie outside its grid [{lo[i]:g}, {hi[i]:g}], where edges are "
             "straight lines: scale X with datasets.to_box, or move the grids with grids.update(model, X)")  # fmt: skip
    _warn(f"little can be learnt: {words}", stacklevel)
    return True


def check_scale(model, X, Y):
    """ValueError for X so far from zero, or a mean of Y so many standard deviations away, that least squares fails."""
    reach = np.abs(X).max(axis=0)
    i = int(reach.argmax())
    if reach[i] > TOO_FAR and getattr(model, "base", True):
        raise ValueError(f"column {i} of X reaches to {reach[i]:.3g}; fit_with_refinement expects X within "
                         f"[-{TOO_FAR}, {TOO_FAR}]: scale it with datasets.to_box, or leave out a column that is "
                         "constant")  # fmt: skip
    mean, spread = np.abs(Y.mean(axis=0)), Y.std(axis=0)
    o = int((mean - TOO_FAR * spread).argmax())
    if mean[o] > TOO_FAR * spread[o] > 1e-12 * TOO_FAR * mean[o]:  # else rounding is all that varies
        raise ValueError(f"column {o} of Y has mean {Y[:, o].mean():.3g} and standard deviation {spread[o]:.3g}, which "
                         "are too far apart to learn what varies: scale Y with datasets.standardise")  # fmt: skip


def reason(model, X, Y, times=1):
    """Why X (N, n_in) or Y (N, n_out) cannot be learnt as they are, and what to do; "" if their scale is no reason.

    Y None: labels, which have no scale. Above 1, `times` widens the bounds of the scales, and grids are not looked at:
    in the middle of training hidden values are still on their way.
    """
    if times == np.inf:
        return ""
    shares = outside(model, X) if times == 1 else []
    if shares and shares[0] > BEYOND:
        return (f"{shares[0]:.0%} of the samples lie outside the first layer's grid, where edges are straight lines: "
                "scale X with datasets.to_box, or move the grids with grids.update(model, X)")  # fmt: skip
    width = np.ptp(X, axis=0).max()
    ends = model.layers[0].basis.grid[:, [0, -1]] if bounded(model) else np.array([[-1.0, 1.0]])
    if width < NARROW / times * np.ptp(ends, axis=1).max():
        return f"all of X lies within {width:.3g}: scale it with datasets.to_box"
    if np.abs(X).max() > FAR * times:
        return f"X reaches to {np.abs(X).max():.3g}: scale it with datasets.to_box"
    spread = 1.0 if Y is None or (Y == Y[0]).all() else float(Y.std(axis=0).max())
    if spread < SCALES[0] / times:
        return f"the standard deviation of Y is {spread:.3g}: scale Y with datasets.standardise"
    if Y is not None and np.abs(Y).max() > SCALES[1] * times:
        return f"Y reaches to {np.abs(Y).max():.3g}: scale it with datasets.standardise"
    if shares and max(shares) > BEYOND:
        other = "" if Y is None else ", or train with fit_with_refinement"
        return (f"{max(shares):.0%} of the hidden values lie outside their layer's grid: move the grids with "
                f"grids.update(model, X) and go on training{other}")  # fmt: skip
    return ""


def warn_if_little(model, X, Y, rmse, times=1, stacklevel=3):
    """One LearntLittle warning, if the error is above half the standard deviation of Y and the scale tells why.

    A constant Y has no deviation: there it is 1 % of |Y|.
    """
    constant = (Y == Y[0]).all()  # its mean is Y itself, but for rounding
    spread = 0.0 if constant else float(np.sqrt(Y.var(axis=0).mean()))
    bound = CLOSE * float(np.abs(Y).max()) if constant else LITTLE * spread
    if bound == 0 or not rmse > bound:
        return
    why = reason(model, X, Y, times)
    if why:
        words = f"little was learnt: RMSE {rmse:.3g}, where the mean of Y alone has {spread:.3g}. Likely cause: {why}"
        _warn(words, stacklevel)


def warn_if_few_right(model, X, labels, times=1, stacklevel=3):
    """As `warn_if_little`, for classes (N,): if it errs more than half as often as one class said every time does."""
    if times == np.inf:
        return
    right, most = accuracy(model(X), labels), np.bincount(labels).max() / len(labels)
    why = reason(model, X, None, times) if 1 - right > LITTLE * (1 - most) else ""
    if why:
        words = f"{right:.0%} of the classes are right, where always saying the most frequent one has {most:.0%}"
        _warn(f"little was learnt: {words}. Likely cause: {why}", stacklevel)
