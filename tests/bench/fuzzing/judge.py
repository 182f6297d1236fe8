"""What came of a call: right, clear, unclear, silently wrong; too much memory and too slow are seen from outside.

right     a finite result, the same as the good call's where the same numbers came in another form
clear     an error raised by kan_edu on purpose, which says what to do; or Python's own about a wrong argument list
unclear   an error from deep inside, or without advice
wrong     a result for what is no input; NaN; another result for the same numbers; a model or an array changed by a
          call that was refused
"""

import dataclasses
import linecache
import warnings
from pathlib import Path

import numpy as np

import kan_edu

from .arguments import EXTREME, MAYBE, REFUSE, SAME

PACKAGE = str(Path(kan_edu.__file__).parent)
RIGHT, CLEAR, UNCLEAR, WRONG, MEMORY, SLOW = VERDICTS = (
    "right", "clear", "unclear", "silently wrong", "too much memory", "too slow")  # fmt: skip
CLOSE = 1e-4  # relative to the largest: float32 in, float64 out, through a few steps of training


class OwnError(Exception):
    """Raised by a function that we pass in: it is to come out as it is."""


def judge(function, good, spoilt, expect):
    """(verdict, words) of function(**spoilt); `good` are the legal values, for the result to compare with."""
    kept = digest(spoilt)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        try:
            result = function(**spoilt)
        except MemoryError as error:
            return (CLEAR, str(error)) if is_clear(error) else (MEMORY, f"MemoryError: {error}")
        except Exception as error:
            return refused(error, kept, digest(spoilt), expect)
    if expect == REFUSE:
        return WRONG, f"returned {shown(result)}"
    numbers, words = digest(result)
    bad = np.flatnonzero(~np.isfinite(numbers))
    if bad.size and not any(issubclass(told_one.category, UserWarning) for told_one in told):
        return WRONG, f"{bad.size} of {numbers.size} numbers are {numbers[bad[0]]}: {shown(result)}"
    if expect in (SAME, MAYBE):
        return compared((numbers, words), digest(function(**good)))
    return RIGHT, shown(result)


def on_error(error):
    """Told of each error; `fuzz --again` puts a traceback here."""


def refused(error, before, after, expect):
    """The verdict on an error."""
    on_error(error)
    words = f"{type(error).__name__}: {error}"
    if not same(before, after):
        return WRONG, f"changed what it was given, and then refused it: {words}"
    if expect == SAME:
        return UNCLEAR, f"refused, though these are numbers: {words}"
    return (CLEAR if is_clear(error) else UNCLEAR), words


def is_clear(error):
    """Whether kan_edu raised it on purpose and says what to do, or Python says that the argument list is wrong."""
    last = error.__traceback__
    depth = 0
    while last.tb_next is not None:
        last, depth = last.tb_next, depth + 1
    if isinstance(error, OwnError):
        return True
    if depth <= 1 and isinstance(error, TypeError) and "argument" in str(error):
        return True  # an unknown keyword
    if isinstance(error, OSError):
        return error.filename is not None or is_ours(last)
    kind = isinstance(error, ValueError | TypeError | IndexError | KeyError | MemoryError | RuntimeError)
    advice = ";" in str(error) or ":" in str(error) or "expected" in str(error)
    return kind and is_ours(last) and advice and len(str(error)) > 20


def is_ours(frame):
    """Whether the statement that raised stands in kan_edu and says `raise`."""
    code = frame.tb_frame.f_code
    if not code.co_filename.startswith(PACKAGE):
        return False
    positions = list(code.co_positions())[frame.tb_lasti // 2]
    lines = [linecache.getline(code.co_filename, n) for n in range(positions[0], positions[1] + 1)]
    return any("raise" in line for line in lines)


def compared(ours, good):
    """The verdict on a result that is to be the good call's."""
    if ours[1] != good[1]:
        return WRONG, f"other words than for the plain array: {ours[1][:3]} for {good[1][:3]}"
    if ours[0].shape != good[0].shape:
        return WRONG, f"{ours[0].size} numbers, and {good[0].size} for the plain array"
    off = np.abs(ours[0] - good[0]).max(initial=0)
    if off > CLOSE * max(1.0, np.abs(good[0]).max(initial=0)):
        return WRONG, f"off by {off:.2g} from the result for the plain array"
    return RIGHT, "the same"


def same(a, b):
    return a[1] == b[1] and np.array_equal(a[0], b[0], equal_nan=True)


SKIPPED = {"seconds", "cpu_seconds"}  # they differ from run to run


def digest(result):
    """(numbers, words): all that a result holds, laid flat; times, axes and widgets aside."""
    numbers, words = [], []
    lay_flat(result, numbers, words, depth=0)
    return np.concatenate([np.zeros(0), *numbers]), words


def lay_flat(part, numbers, words, depth):
    if isinstance(part, bool | int | float | np.generic | np.ndarray):
        array = np.asarray(np.ma.getdata(part))
        if array.dtype.kind in "biuf":
            with np.errstate(all="ignore"):
                numbers.append(array.astype(float).ravel())
        elif array.dtype.kind == "c":
            numbers += [array.real.astype(float).ravel(), array.imag.astype(float).ravel()]
        else:
            words += [str(word) for word in array.ravel()]
    elif isinstance(part, str):
        words.append(part)
    elif depth > 6 or part is None:
        return
    elif isinstance(part, dict):
        for key, value in part.items():
            if key not in SKIPPED:
                lay_flat(value, numbers, words, depth + 1)
    elif isinstance(part, list | tuple):
        for value in part:
            lay_flat(value, numbers, words, depth + 1)
    elif hasattr(part, "theta") and hasattr(part, "layers"):
        numbers.append(np.array(part.theta, dtype=float))
        for layer in part.layers:
            lay_flat(getattr(getattr(layer, "basis", None), "grid", None), numbers, words, depth + 1)
    elif dataclasses.is_dataclass(part):
        lay_flat(vars(part) if hasattr(part, "__dict__") else dataclasses.asdict(part), numbers, words, depth + 1)
    elif type(part).__module__.startswith("kan_edu") and hasattr(part, "__dict__") and not hasattr(part, "widget"):
        lay_flat(vars(part), numbers, words, depth + 1)


def shown(value, most=120):
    try:
        words = " ".join(repr(value).split())
    except Exception as error:
        return f"something whose repr raises {type(error).__name__}"
    return words if len(words) <= most else words[: most - 3] + "..."


__all__ = ["EXTREME", "MAYBE", "REFUSE", "SAME", "VERDICTS", "OwnError", "digest", "is_clear", "judge"]
