"""The door for all that is no array: counts, numbers, seeds, ranges, choices, models, and the words of refusal."""

import inspect
import math
import os
from numbers import Real

import numpy as np

LARGEST = float(np.finfo(float).max)
ROOM = 2**31  # bytes: what one call may ask for


class OutOfBounds(FloatingPointError, ValueError):
    """Numbers have grown beyond all bounds, or have no value: parameters, say, that an optimiser threw too far.

    Whoever asks a model gets a ValueError; training catches the FloatingPointError, and takes it for an infinite loss.
    """


def shown(value):
    """A value as a message shows it: its repr, but not pages of it."""
    try:
        words = repr(value)
    except Exception:  # a whole number of more than 4300 digits, say, or an object that cannot say what it is
        return f"a value of type {type(value).__name__}"
    return words if len(words) <= 60 else f"{words[:57]}..."


def check_integer(value, name, least, most=None):
    """Return value as an int from `least` to `most` (None: no end), or raise a ValueError that names it."""
    span = isinstance(value, bool | np.timedelta64)  # which Python and NumPy count among the whole numbers
    if span or not isinstance(value, int | np.integer) or value < least or (most is not None and value > most):
        end = f" >= {least}" if most is None else f" from {least} to {most}"
        raise ValueError(f"{name} is {shown(value)}; expected a whole number{end}")
    return int(value)


def _is_finite(value):
    """True for a finite real number within float64; truth values and lengths of time are none."""
    if not isinstance(value, Real) or isinstance(value, bool | np.bool_ | np.timedelta64):
        return False
    size = abs(float(value) if isinstance(value, np.floating) else value)  # float32 cannot be compared with LARGEST
    return size <= LARGEST  # False for NaN; inf is beyond it


def check_number(value, name, least=-np.inf, most=np.inf, *, open_ends=False, example=None):
    """Return value as a finite float from `least` to `most` (the ends left out if `open_ends`), or a ValueError."""
    if not (_is_finite(value) and least <= value <= most and not (open_ends and value in (least, most))):
        ends = [f"{'above' if open_ends else 'from'} {least:g}"] if np.isfinite(least) else []
        ends += [f"{'below' if open_ends else 'to'} {most:g}"] if np.isfinite(most) else []
        such = "" if example is None else f", such as {example}"
        raise ValueError(f"{name} is {shown(value)}; expected {' '.join(['a finite number', *ends])}{such}")
    return float(value)


def check_flag(value, name, meaning=""):
    """Return True or False as it is, or raise a ValueError: a word, say, would count as True whatever it says."""
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} is {shown(value)}; expected True or False{meaning and ', ' + meaning}")
    return bool(value)


def check_choice(value, name, choices):
    """Return value if it is one of the words `choices`, or raise a ValueError that lists them."""
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name} is {shown(value)}; expected one of {', '.join(map(repr, choices))}")
    return str(value)


def check_list(values, name, example):
    """Return a list or tuple of at least one value as it is, or raise a ValueError."""
    if not isinstance(values, list | tuple) or not values:
        raise ValueError(f"{name} is {shown(values)}; expected a list of at least one, such as {example}")
    return values


def check_function(value, name, example):
    """Return value if it can be called, or raise a ValueError; `example` shows such a function."""
    if not callable(value) or isinstance(value, type):
        raise ValueError(f"{name} is {shown(value)}; expected a function, such as {example}")
    return value


def check_callback(callback, *names):
    """ValueError unless callback is None or a function of as many arguments as there are names for them."""
    if callback is None:
        return
    example = f"lambda {', '.join(names)}: None"
    check_function(callback, "callback", example)
    try:
        inspect.signature(callback).bind(*names)
    except TypeError as error:
        raise ValueError(f"callback cannot be called with {len(names)} arguments ({error}); expected one such as "
                         f"{example}") from None  # fmt: skip
    except ValueError:  # a function in C that does not say what it takes
        pass


def check_room(count, what, instead):
    """ValueError if `count` float64 numbers take more than `ROOM`; `what` they are, `instead`: what to do."""
    if 8 * count > ROOM:
        size = f"{8 * count / 2**30:.3g}" if count <= LARGEST / 8 else "more than 10^300"
        raise ValueError(f"{what} would take {size} GiB of memory; {instead}")


def is_true(answer):
    """Whether a callback said True: a loss or a count that it happens to return does not end training."""
    return isinstance(answer, bool | np.bool_) and bool(answer)


def check_range(lo, hi):
    """Return (lo, hi) as floats, or raise a ValueError unless both are finite and lo < hi."""
    if not (_is_finite(lo) and _is_finite(hi) and float(lo) < float(hi)):
        raise ValueError(f"the range is [{shown(lo)}, {shown(hi)}]; expected two finite numbers with lo < hi")
    return float(lo), float(hi)


def check_seed(seed):
    """Return a numpy Generator for a whole number >= 0, or the Generator that is given; ValueError for all else."""
    if isinstance(seed, np.random.Generator):
        return seed
    span = isinstance(seed, bool | np.timedelta64)
    if span or not isinstance(seed, int | np.integer) or seed < 0:
        raise ValueError(f"seed is {shown(seed)}; expected a whole number >= 0, with which the same numbers "
                         "come again, or a Generator: np.random.default_rng()")  # fmt: skip
    return np.random.default_rng(seed)


def check_widths(widths, check_one=None):
    """Return [inputs, ..., outputs] as a list of ints >= 1 (of what check_one makes of each), or raise a ValueError."""
    if not isinstance(widths, list | tuple | np.ndarray) or len(widths) < 2:
        raise ValueError(f"widths is {shown(widths)}; expected at least [inputs, outputs], such as [2, 5, 1]")
    return [check_integer(n, "a width", 1) if check_one is None else check_one(n) for n in widths]


def all_finite(x):
    """Whether an array of floats holds no NaN and no inf; one product tells, unless the numbers are enormous."""
    x = x.ravel("K")  # in the order of memory: a Jacobian lies there column by column, and is not to be copied
    return math.isfinite(np.vdot(x, x)) or bool(np.isfinite(x).all())


def check_has(model, part, what):
    """ValueError unless every layer of the model has this part (`basis`: a KAN's); `what` says who asks for it."""
    if isinstance(model, type) or not hasattr(model, "layers"):
        kind = f"the class {model.__name__}: make a model of it first" if isinstance(model, type) else shown(model)
        raise ValueError(f"the model is {kind}; expected a model, such as KAN([2, 5, 1])")
    if part is not None and not all(hasattr(layer, part) for layer in model.layers):
        raise ValueError(f"{what} needs a KAN, whose edges are functions; this is {model!r}")
    check_sound(model)


def check_sound(model):
    """OutOfBounds if a parameter of the model is NaN or inf: whatever it says then is wrong."""
    theta = getattr(model, "theta", None)
    if theta is not None and any(layer.theta.base is not theta for layer in model.layers):
        raise ValueError(f"a layer of {model!r} has parameters of its own, as after layer.use(basis); expected views "
                         "into model.theta: call model.join() first")  # fmt: skip
    if isinstance(theta, np.ndarray) and not all_finite(theta):
        bad = int((~np.isfinite(theta)).sum())
        raise OutOfBounds(f"{bad} of the {theta.size} parameters of {model!r} are NaN or inf; make the model anew "
                          "(model.restart(seed=0)), and train with a lower learning rate")  # fmt: skip


def check_path(path):
    """Return path if it can name a file, a word or a pathlib.Path, or raise a ValueError."""
    if not isinstance(path, str | os.PathLike) or str(path) in ("", ".") or "\0" in str(path):
        raise ValueError(f"the path is {shown(path)}; expected the name of a file, such as 'model.npz'")
    return path


def counted(count, thing, rest=""):
    """How many there are, in words: a number and its noun, and a verb that fits.

    >>> counted(1, "column"), counted(3, "column"), counted(1, "value", " that are NaN")
    ('1 column', '3 columns', '1 value that is NaN')
    """
    return f"{count} {thing}{rest.replace('that are', 'that is')}" if count == 1 else f"{count} {thing}s{rest}"
