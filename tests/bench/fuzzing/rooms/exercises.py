"""What a check cell calls: a student's notebook holds one `Checks`, and says which values are right."""

import numpy as np

from kan_edu.exercises import Checks
from kan_edu.exercises.trying.expected import pack

from ..arguments import EXTREME, Spoilt, always
from ..values import anything_else, choice, function, real, whole

SEED = whole(5, 0, huge=False).but(**{f"10^{n}": EXTREME for n in (9, 30, 400)})  # any seed is legal
TASK = choice("double").but("a word", "another word", "in capitals", "with a space")  # any words name a task
DIGITS = whole(4, 0, most=15)


def double(x):
    return 2 * x


def values(rng):
    """A check cell's function."""
    return {"at four points": double(rng.uniform(-1, 1, 4)), "at zero": double(0.0)}


def packed():
    """What a student's notebook knows of the task."""
    return pack({"double": {**Checks(5).examine("double", values, 4), "points": 2, "names": ["double"]}})


RESULTS = tuple(
    Spoilt(f"of {label}", lambda good, result=result: lambda rng: result, EXTREME)  # the student is told, in words
    for label, result in {
        "None": None, "NaN": np.nan, "words": "abc", "complex": 1j, "ragged": [[1], [2, 3]], "Ellipsis": ...,
        "a number for a name": {3: 1.0}, "inf": np.inf, "1e308": 1e308, "nothing": [], "an object": object(),
        "a dict of words": {"a": "b"},
        "masked": np.ma.masked_equal([1.0, 2.0], 1), "dates": np.array(["2024-01-01"], dtype="datetime64[D]"),
    }.items())  # fmt: skip
VALUES = function(values, result=False).but("of too many arguments").also(
    *RESULTS, ("built in", len), Spoilt("with a fault", lambda _: lambda rng: 1 / 0, EXTREME),
    Spoilt("of two arguments", lambda _: lambda rng, more: 1, EXTREME))  # fmt: skip


def checked(seed=5, task="double", points=2, digits=4, cell=values):
    """A check cell that runs: the state of its task."""
    check = Checks(seed)
    check(task, points=points, digits=digits)(cell)
    return check.cells[task][1], check.examine(task, cell, digits)["digits"] if cell is values else 0


def expecting(text, name="set"):
    """A notebook that knows what is right, its check cell, and all checks once more."""
    check = Checks(5)
    check.expect(text, name)
    check("double", points=2)(values)
    check.all()
    return check.states, check.name


def repeated(task, number):
    check = Checks(5)
    check.expect(packed())
    check("double", points=2)(values)
    return check.inputs(task, number)


FUNCTIONS = {
    "Checks": (checked, {"seed": SEED, "task": TASK, "points": real(2.0, 0), "digits": DIGITS, "cell": VALUES}),
    "Checks.examine": (Checks(5).examine, {"task": TASK, "values": VALUES, "digits": DIGITS}),
    "Checks.expect": (expecting, {
        "text": anything_else(packed, ("damaged", "abc"), ("a number", 3), ("other letters", "äöü"),
                              ("a list", pack([1])), ("no tasks", pack({"double": 3})),
                              Spoilt("cut", lambda p: p[:-5])),
        "name": anything_else(always("set"), ("a number", 3)).but("a word")}),
    "Checks.inputs": (repeated, {"task": choice("double"), "number": whole(0, 0, most=2)}),
}  # fmt: skip
