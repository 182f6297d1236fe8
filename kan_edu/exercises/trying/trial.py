"""One run of a check: the answer is called on random inputs; what it returns is kept, and what it prints."""

import builtins
import contextlib
import copy
import functools
import sys
import warnings
from dataclasses import dataclass, field
from types import FunctionType

import numpy as np
from IPython.utils.capture import capture_output

from kan_edu.checks.arguments import counted

from .errors import NOBODY_TYPES, UNANSWERED, describe

MOST = 64  # numbers of one value that are shown
MOST_CALLS = 200  # that are noted


class NobodyTypes(RuntimeError):
    """An answer asked for input."""


@dataclass
class Call:
    """One call of an answer from its check cell; the arguments are copies, made before. `raised`: it has no result."""

    name: str
    arguments: tuple
    named: dict
    result: object = None
    raised: bool = True
    function: object = None


@dataclass
class Trial:
    """What came of one run.

    found    {"values": [[label, shape, numbers as texts], ...], "digits": d, "margin": m} or {"error": words}. The
             margin is how far the nearest number is from where it would be rounded the other way, in units of the last
             decimal, 0 to 1/2
    arrays   {label: array}, not rounded; empty after an error
    calls    the `Call`s of the functions that were to be noted
    printed  what the answer has printed
    """

    found: dict
    arrays: dict = field(default_factory=dict)
    calls: list = field(default_factory=list)
    printed: str = ""


def tried(task, values, rng, digits, names=()):
    """The `Trial` of values(rng), the function of a check cell; calls of the functions called `names` are noted.

    What it prints and warns of, displays and plots does not reach the notebook.
    """
    noting, calls = with_notes(values, names)
    arrays, again = {}, copy.deepcopy(rng)
    with capture_output() as said, nothing_else():
        try:
            returned = noting(rng)
            named = returned if isinstance(returned, dict) else {"value": returned}
            arrays = {str(label): numbers(label, value) for label, value in named.items()}
            shown = [[label, list(array.shape), as_texts(array, digits)] for label, array in arrays.items()]
            found = {"values": shown, "digits": digits,
                     "margin": min((margin(array, digits) for array in arrays.values()), default=0.5)}
        except NobodyTypes:
            found = {"error": NOBODY_TYPES}
        except (Exception, SystemExit) as error:
            found = {"error": several_things(error, values, again) or describe(error, task, noting)}
    return Trial(found, arrays, calls, said.stdout + said.stderr)


@contextlib.contextmanager
def nothing_else():
    """Inside it nobody is warned or asked to type, and no figure of pyplot is left open."""
    with warnings.catch_warnings(), np.errstate(all="ignore"), no_new_figures():
        warnings.simplefilter("ignore")
        asks, builtins.input = builtins.input, refuse_to_type
        try:
            yield
        finally:
            builtins.input = asks


def refuse_to_type(prompt=""):
    """Stands in the place of input() while an answer is tried. Raises NobodyTypes."""
    raise NobodyTypes


def with_notes(values, names):
    """(a copy of the function `values` that notes its own calls of the functions called `names`, the list of these).

    The notebook's own names stay as they are: calls that an answer makes itself, a recursion for one, are not noted.
    """
    calls, known = [], dict(values.__globals__)
    for name in names:
        if callable(known.get(name)) and not isinstance(known[name], type):
            known[name] = noted(name, known[name], calls)
    made = FunctionType(values.__code__, known, values.__name__, values.__defaults__, values.__closure__)
    return made, calls


def noted(name, function, calls):
    """`function`, which notes each call in the list `calls`."""

    @functools.wraps(function)
    def noting(*arguments, **named):
        if len(calls) >= MOST_CALLS:
            return function(*arguments, **named)
        calls.append(Call(name, *copied((arguments, named)), function=function))
        call = calls[-1]
        call.result, call.raised = function(*arguments, **named), False
        return call.result

    return noting


def copied(things):
    """Copies of them, as far as they can be copied: an answer may change its arguments."""
    try:
        return copy.deepcopy(things)
    except Exception:  # an object that refuses, as each may in its own way
        return things


# Several things where one array was expected


def calls_of(values, rng):
    """The `Call`s of all of the notebook's functions in values(rng), which is run for it."""
    own = [name for name in values.__code__.co_names
           if getattr(values.__globals__.get(name), "__globals__", None) is values.__globals__]
    noting, calls = with_notes(values, own)
    with contextlib.suppress(Exception, SystemExit):
        noting(rng)
    return calls


def several_things(error, values, rng):
    """What to say where a check cell could not make an array of what the last call returned; "" for another error.

    Only then values(rng) is run once more, to see which call that was.
    """
    calls = calls_of(values, rng) if "inhomogeneous shape" in str(error) else []
    if not calls or calls[-1].raised or not isinstance(calls[-1].result, tuple | list):
        return ""
    call = calls[-1]
    about = (getattr(call.function, "__doc__", None) or "").strip().split("\n")[0]
    wanted = f", as its first line says: {about}" if about else ""
    return f"{call.name} returned {things(call.result)}; expected one array, or a number{wanted}"


def things(value):
    """What a tuple or a list holds, in words: 2 things (a tuple): an array (3,), a number."""
    kinds = [f"an array {part.shape}" if isinstance(part, np.ndarray) and part.ndim else
             "a number" if np.isscalar(part) and not isinstance(part, str) else f"a {type(part).__name__}"
             for part in value[:5]]  # fmt: skip
    more = ", ..." if len(value) > 5 else ""
    return f"{counted(len(value), 'thing')} (a {type(value).__name__}): {', '.join(kinds)}{more}"


# Results as numbers, and numbers as texts


def numbers(label, value):
    """`value` as an array of float64; TypeError in words that a student understands if it is none."""
    if value is None:
        raise TypeError(f"{label}: the answer returned None. Is a return missing?")
    if value is Ellipsis:
        raise NotImplementedError(UNANSWERED)
    came = things(value) if isinstance(value, tuple | list) else type(value).__name__
    try:
        words = no_numbers(value)
        if not words:
            return np.array(value, dtype=float)
        came = words
    except (TypeError, ValueError):
        pass
    raise TypeError(f"{label}: expected a number or an array of numbers, got {came}")


def no_numbers(value):
    """What it is in words if NumPy would make numbers of it that it does not hold, half of a complex one say; or ""."""
    if any(np.ma.getmaskarray(part).any() for part in masked_parts(value)):
        return "masked values, which are missing"
    array = np.asarray(value)
    kinds = {np.asarray(item).dtype.kind for item in array.flat} if array.dtype.kind == "O" else {array.dtype.kind}
    return next((words for kind, words in NO_NUMBERS.items() if kind in kinds), "")


NO_NUMBERS = {"c": "complex numbers", "M": "dates", "m": "lengths of time", "U": "str", "S": "bytes", "V": "records"}


def masked_parts(value):
    """The masked arrays in a value: itself, or in a list of whatever depth."""
    if np.ma.isMaskedArray(value):
        return [value]
    return [part for item in value for part in masked_parts(item)] if isinstance(value, list | tuple) else []


def as_texts(array, digits):
    """The first numbers of an array as texts, rounded; 2.0, 2 and True read the same, and so do 0.0 and -0.0."""
    return [one_text(value, digits) for value in array.ravel()[:MOST].tolist()]


def one_text(value, digits):
    """A number with at most so many decimals, without zeros at its end."""
    text = f"{round(value, digits) + 0.0:.{digits}f}"  # + 0.0 turns -0.0 into 0.0
    return text.rstrip("0").rstrip(".") if "." in text else text


def margin(array, digits):
    """Smallest distance of the finite numbers to a place where rounding turns, in units of the last decimal."""
    with np.errstate(over="ignore"):
        scaled = array[np.isfinite(array)] * 10.0**digits
    scaled = scaled[np.isfinite(scaled)]
    return float(np.min(np.abs(scaled - np.floor(scaled) - 0.5), initial=0.5))


class no_new_figures:
    """Closes the figures of pyplot that are opened inside: at the end of the cell they would be shown."""

    def __enter__(self):
        self.before = set(self.open())

    def __exit__(self, *_):
        for number in set(self.open()) - self.before:
            sys.modules["matplotlib.pyplot"].close(number)

    def open(self):
        pyplot = sys.modules.get("matplotlib.pyplot")
        return pyplot.get_fignums() if pyplot else []
