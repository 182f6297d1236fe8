"""Good values that are no arrays, and how they are spoilt: counts, numbers, seeds, flags, words, functions, models."""

from decimal import Decimal
from enum import IntEnum
from fractions import Fraction

import numpy as np

from .arguments import ANYTHING, EXTREME, MAYBE, REFUSE, SAME, Argument, Spoilt, always, constant
from .arrays import dates, masked

NO_NUMBER = (
    *ANYTHING, Spoilt("a function", constant(np.sin)), Spoilt("NaN", constant(np.nan)), Spoilt("inf", constant(np.inf)),
    Spoilt("-inf", constant(-np.inf)), Spoilt("a numeral", lambda good: str(good)),
    Spoilt("complex", lambda good: complex(good, 1)), Spoilt("True", constant(True)),
    Spoilt("np.True_", constant(np.True_)),
    Spoilt("in a list", lambda good: [good]), Spoilt("two numbers", lambda good: np.array([good, good])),
    Spoilt("no numbers", constant(np.array([]))), Spoilt("a date", constant(np.datetime64("2024-01-01"))),
    Spoilt("a length of time", constant(np.timedelta64(3, "D"))), Spoilt("NaT", constant(np.datetime64("NaT"))),
    Spoilt("masked", constant(np.ma.masked)), Spoilt("10^400", constant(10**400)),
    Spoilt("a NumPy numeral", lambda good: np.str_(good)), Spoilt("a decimal NaN", constant(Decimal("nan"))),
)  # fmt: skip


def whole(good, least=None, *, most=None, huge=True):
    """A whole number >= least. `huge`: 10^30 is refused (else it is legal, and may be)."""
    ways = [*NO_NUMBER, Spoilt("a half", lambda good: good + 0.5), Spoilt("a whole float", float, MAYBE),
            Spoilt("int64", lambda good: np.int64(good), SAME), Spoilt("uint8", lambda good: np.uint8(good), SAME),
            Spoilt("0-d", np.array, MAYBE), Spoilt("a fraction", Fraction, MAYBE), Spoilt("a decimal", Decimal, MAYBE),
            Spoilt("a member of an enum", lambda good: IntEnum("Number", {"it": good}).it, SAME),
            Spoilt("10^30", constant(10**30), REFUSE if huge else MAYBE),
            Spoilt("10^9", constant(10**9), REFUSE if huge else EXTREME)]  # fmt: skip
    if least is not None:
        ways += [Spoilt("below", constant(least - 1)), Spoilt("far below", constant(-(10**9)))]
    if most is not None:
        ways += [Spoilt("beyond", constant(most + 1))]
    return Argument(always(good), tuple(ways))


def real(good, least=None, most=None, *, open_ends=False):
    """A number from `least` to `most`; with `open_ends` the ends themselves are refused."""
    ways = [*NO_NUMBER, Spoilt("float64", lambda good: np.float64(good), SAME),
            Spoilt("float32", lambda good: np.float32(good), SAME), Spoilt("0-d", lambda good: np.array(good), MAYBE),
            Spoilt("a fraction", Fraction, MAYBE), Spoilt("a decimal", Decimal, MAYBE)]  # fmt: skip
    for end, way in ((least, -1), (most, 1)):
        if end is None:
            ways += [Spoilt("huge" if way > 0 else "hugely negative", constant(way * 1e300), EXTREME)]
        else:
            ways += [Spoilt(f"beyond {end:g}", constant(end + way * max(abs(end), 1) * 1e-3))]
            ways += [Spoilt(f"at {end:g}", constant(float(end)), REFUSE if open_ends else EXTREME)]
    return Argument(always(good), tuple(ways))


def seed():
    """A whole number >= 0 or a Generator; any size is legal."""
    generator = Spoilt("a generator of numbers", lambda good: np.random.default_rng(good), SAME)
    old = Spoilt("an old generator", lambda good: np.random.RandomState(good))
    return whole(3, 0, huge=False).also(generator, old).but(
        "10^9", "10^30", "10^400", a_whole_float=REFUSE, **{"0-d": REFUSE}, a_fraction=REFUSE)  # fmt: skip


def flag(good=True):
    """True or False; what merely counts as true is refused."""
    ways = [*ANYTHING, Spoilt("yes", constant("yes")), Spoilt("no", constant("no")), Spoilt("2", constant(2)),
            Spoilt("a half", constant(0.5)), Spoilt("an empty list", constant([])), Spoilt("NaN", constant(np.nan)),
            Spoilt("two", lambda good: np.array([good, good])), Spoilt("np.bool_", lambda good: np.bool_(good), SAME),
            Spoilt("0 or 1", lambda good: int(good), MAYBE)]  # fmt: skip
    return Argument(always(good), tuple(ways))


def choice(good):
    """One word out of a few."""
    ways = [*ANYTHING, Spoilt("another word", constant("nothing of the kind")), Spoilt("3", constant(3)),
            Spoilt("in a list", lambda good: [good]), Spoilt("as bytes", lambda good: good.encode()),
            Spoilt("in capitals", lambda good: good.upper() if good.upper() != good else good.lower(), MAYBE),
            Spoilt("with a space", lambda good: good + " ", MAYBE), Spoilt("no word", constant(""))]  # fmt: skip
    return Argument(always(good), tuple(ways))


def function(good, *, result=True):
    """A function of arrays; those whose result is no number are refused if `result`."""
    ways = [*ANYTHING, Spoilt("a number", constant(0.5)), Spoilt("an array", constant(np.ones(3)))]
    if result:
        ways += [Spoilt(f"of {label}", lambda good, of=of: lambda *x: of(good(*x))) for label, of in RESULTS]
    ways += [Spoilt("of too many arguments", lambda good: lambda a, b, c, d, e, f: a)]
    return Argument(lambda: good, tuple(ways))


RESULTS = (
    ("None", lambda y: None), ("NaN", lambda y: y * np.nan), ("complex", lambda y: y + 1j),
    ("words", lambda y: np.full(np.shape(y), "a")), ("too few", lambda y: np.ravel(y)[:-1]),
    ("dates", dates), ("masked", masked), ("one axis more", lambda y: np.stack([y, y], axis=-1)),
)  # fmt: skip


def names(good):
    """A word for each of a few things: columns, classes, units."""
    ways = [*ANYTHING, Spoilt("one less", lambda good: list(good)[:-1]), Spoilt("a number", constant(3)),
            Spoilt("one more", lambda good: [*good, "more"]), Spoilt("numbers", lambda good: list(range(len(good)))),
            Spoilt("None inside", lambda good: [None, *good[1:]]), Spoilt("as an array", np.array, SAME),
            Spoilt("a tuple", tuple, SAME)]  # fmt: skip
    return Argument(lambda: list(good), tuple(ways))


def model(good, *wrong):
    """A model; `wrong` are Spoilt that say which others are refused."""
    ways = [*ANYTHING, Spoilt("a number", constant(3)), Spoilt("an array", constant(np.ones((3, 2)))),
            Spoilt("its class", lambda good: type(good)), Spoilt("a layer", lambda good: good.layers[0]),
            Spoilt("NaN parameters", spoil_theta), *wrong]  # fmt: skip
    return Argument(good, tuple(ways))


def spoil_theta(good):
    good.theta[0] = np.nan
    return good


def anything_else(good, *ways):
    """A value of a kind of its own: what is never data is refused, and so are `ways`: Spoilt, or (label, value)."""
    return Argument(good, ANYTHING).also(*ways)
