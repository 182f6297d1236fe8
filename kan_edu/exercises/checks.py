"""Check cells: they call an answer on random inputs and show what came out, never whether it is right.

    check = Checks(seed=5)

    @check("double", points=2)
    def values(rng):
        x = rng.uniform(-1, 1, 4)
        return {"at four points": double(x), "at zero": double(0.0)}

The cell's output is compared elsewhere: by nbval with the outputs of the solution, for a seed that nobody knew
before. A student's notebook also knows what to expect for its own seed (`check.expect`), and then the cell says at
once what differs. So nothing is gained by patching this file.
"""

import base64
import json
import os
import sys
import traceback
import warnings
import zlib

import numpy as np
from IPython.display import display
from IPython.utils.capture import capture_output

from .elsewhere import must_raise
from .hints import hint

OURS = os.path.dirname(__file__) + os.sep
MOST = 64  # numbers of one value that are shown
UNANSWERED = "your answer is missing here"  # what an unanswered task raises


class Checks:
    """The check cells of one notebook. `seed` decides all random inputs."""

    raises = False  # True in a notebook for another grader: see sets/graders.py

    def __init__(self, seed):
        self.seed = seed
        self.expected = {}

    def expect(self, packed):
        """Take what the values of each task must be for this seed: a text that `pack` made."""
        self.expected = unpack(packed)

    def __call__(self, task, *, points, digits=4):
        """A decorator that runs `values(rng)` at once and shows what it returns.

        task    name of the answer cell that is checked
        points  what the task is worth
        digits  decimals that are shown, and so compared
        values  f(rng) -> number, array or {label: number or array}, at most 64 numbers each
        """

        def show(values):
            found = self.examine(task, values, digits)
            text = as_text(task, found)
            if task in self.expected:
                text += "\n" + verdict(hint(self.expected[task], found), found, points)
            display({"text/plain": text}, metadata={"kan_edu": {"task": task, **found}}, raw=True)
            must_raise(self, task, found)

        return show

    def examine(self, task, values, digits):
        """{"values": [[label, shape, numbers as texts], ...], "margin": m} or {"error": words}.

        What the answer prints, warns of, displays and plots is swallowed. The margin is how far the nearest number
        is from where it would be rounded the other way, in units of the last decimal, 0 to 1/2.
        """
        rng = np.random.default_rng([self.seed, *task.encode()])
        try:
            with capture_output(), warnings.catch_warnings(), np.errstate(all="ignore"), no_new_figures():
                warnings.simplefilter("ignore")
                returned = values(rng)
                named = returned if isinstance(returned, dict) else {"value": returned}
                arrays = {str(label): numbers(label, value) for label, value in named.items()}
        except (Exception, SystemExit) as error:
            return {"error": describe(error)}
        shown = [[label, list(array.shape), as_texts(array, digits)] for label, array in arrays.items()]
        return {"values": shown, "margin": min((margin(array, digits) for array in arrays.values()), default=0.5)}


def numbers(label, value):
    """`value` as an array of float64; TypeError in words that a student understands if it is none."""
    if value is None:
        raise TypeError(f"{label}: the answer returned None. Is a return missing?")
    if value is Ellipsis:
        raise NotImplementedError(UNANSWERED)
    came = type(value).__name__
    try:
        if not np.iscomplexobj(value):  # of those NumPy would drop the imaginary part
            return np.array(value, dtype=float)
        came = "complex numbers"
    except (TypeError, ValueError):
        pass
    raise TypeError(f"{label}: expected a number or an array of numbers, got {came}")


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


def describe(error):
    """An error in one or two lines: its type, its words and the line of the answer that raised it."""
    frames = traceback.extract_tb(error.__traceback__)
    if isinstance(error, NotImplementedError) and UNANSWERED in str(error):
        return f"not answered yet: {frames[-1].name}: {UNANSWERED}" if frames else f"not answered yet: {UNANSWERED}"
    if isinstance(error, NameError):
        return f"NameError: {error}. Run the cells above it first, from the top; is the name spelled as in the task?"
    words = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    lines = [frame.line for frame in frames if frame.line and not frame.filename.startswith(OURS)]
    return words[:500] + (f"\n    in the line: {lines[-1][:200]}" if lines else "")


def as_text(task, found):
    """What a check cell shows: the task, then one line for each value."""
    if "error" in found:
        return f"{task}\n  {found['error']}"
    lines = [f"  {label}{shape_text(shape)}:{joined(shape, texts)}" for label, shape, texts in found["values"]]
    return "\n".join([task, *lines])


def shape_text(shape):
    """How a shape is shown behind a label; a number alone has none."""
    return f" {tuple(shape)}" if shape else ""


def joined(shape, texts):
    """Numbers with spaces between them; those of a matrix in columns, each row on a line of its own."""
    more = " ..." if len(texts) < int(np.prod(shape)) else ""
    if len(shape) < 2 or not shape[-1]:
        return " " + " ".join(texts) + more
    wide = max(map(len, texts), default=0)
    rows = [texts[start : start + shape[-1]] for start in range(0, len(texts), shape[-1])]
    return "".join("\n      " + " ".join(text.rjust(wide) for text in row) for row in rows) + more


def verdict(difference, found, points):
    """The last line in a student's notebook; an error already stands above it."""
    if difference is None:
        return f"  This is what was expected ({points} point{'' if points == 1 else 's'})."
    return "  Not yet." if "error" in found else f"  Not yet. {difference}"


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


def pack(expected):
    """{task: what `examine` found} as a text of letters and digits: short, and not read by accident."""
    return base64.b85encode(zlib.compress(json.dumps(expected).encode(), 9)).decode()


def unpack(packed):
    """What `pack` was given. ValueError if the text is damaged."""
    try:
        return json.loads(zlib.decompress(base64.b85decode(packed)))
    except (ValueError, zlib.error) as error:
        raise ValueError("the text given to check.expect is damaged; get the notebook again: "
                         "kan-edu exercise get NAME") from error
