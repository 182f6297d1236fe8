"""Good arrays of numbers, and how they are spoilt: what is no number, other forms of the same numbers, extremes."""

from collections import deque
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np

from .arguments import ANYTHING, EXTREME, MAYBE, REFUSE, SAME, Argument, Spoilt, constant


class Frame:
    """Stands in for a pandas Series or DataFrame: NumPy asks it for its array."""

    def __init__(self, values):
        self.values = np.asarray(values)

    def __array__(self, dtype=None, copy=None):
        return self.values if dtype is None else self.values.astype(dtype)

    def __len__(self):
        return len(self.values)


class Subclass(np.ndarray):
    """An array of a class of its own, as units and masks have it."""


class Sparse:
    """Stands in for a scipy.sparse matrix, which NumPy takes for one object."""

    def toarray(self):
        return np.eye(3)


def spoil_one(value):
    """Put `value` at the middle of an array of floats."""

    def spoil(good):
        array = np.array(good, dtype=float)
        array.flat[array.size // 2] = value
        return array

    return spoil


def one_object(value):
    """Put any object at the middle of an array of objects."""

    def spoil(good):
        array = np.array(good, dtype=object)
        array.flat[array.size // 2] = value
        return array

    return spoil


def masked(good):
    array = np.ma.array(np.array(good, dtype=float))
    array.flat[array.size // 2] = -999
    return np.ma.masked_equal(array, -999)


def dates(good):
    return (np.arange(np.size(good)).reshape(np.shape(good)) + 10_000).astype("datetime64[D]")


def missing_date(good):
    array = dates(good)
    array.flat[0] = np.datetime64("NaT")
    return array


def strided(good):
    """The same values, each second place of a larger array."""
    good = np.asarray(good)
    wide = np.repeat(good, 2, axis=-1)
    return wide[..., ::2]


def in_memory(good):
    """A memoryview of the same values and type; Python's integers have none."""
    array = np.array(good)
    return array if array.dtype == object else memoryview(array)


def read_only(good):
    array = np.array(good, dtype=float)
    array.setflags(write=False)
    return array


NO_NUMBERS = (
    *ANYTHING, Spoilt("a function", constant(np.sin)), Spoilt("sparse", lambda _: Sparse()),
    Spoilt("NaN", spoil_one(np.nan)), Spoilt("inf", spoil_one(np.inf)), Spoilt("-inf", spoil_one(-np.inf)),
    Spoilt("all NaN", lambda good: np.full(np.shape(good), np.nan)), Spoilt("masked", masked), Spoilt("dates", dates),
    Spoilt("a missing date", missing_date),
    Spoilt("lengths of time", lambda good: np.ones(np.shape(good)).astype("timedelta64[D]")),
    Spoilt("complex", lambda good: np.asarray(good, dtype=float) + 1j),
    Spoilt("complex without imaginary part", lambda good: np.asarray(good, dtype=complex)),
    Spoilt("numerals", lambda good: np.asarray(good, dtype=float).astype(str)),
    Spoilt("words", lambda good: np.full(np.shape(good), "USA")),
    Spoilt("bytes inside", lambda good: np.full(np.shape(good), b"1")), Spoilt("a word inside", one_object("?")),
    Spoilt("None inside", one_object(None)), Spoilt("an object inside", one_object(object())),
    Spoilt("a date inside", one_object(date(2024, 1, 1))), Spoilt("10^400 inside", one_object(10**400)),
    Spoilt("a decimal NaN inside", one_object(Decimal("nan"))), Spoilt("a function inside", one_object(np.sin)),
    Spoilt("an iterator", lambda good: iter(np.asarray(good).tolist())),
    Spoilt("the words nan", lambda good: np.full(np.shape(good), "nan")),
    Spoilt("a list inside", one_object([1, 2])), Spoilt("a complex inside", one_object(1 + 2j)),
    Spoilt("a record array", lambda good: np.zeros(np.shape(good), dtype=[("a", float), ("b", int)])),
    Spoilt("ragged", constant([[1.0, 2.0], [3.0]])),
    Spoilt("empty", lambda good: np.zeros((0,) + np.shape(good)[1:])), Spoilt("an empty list", constant([])),
    Spoilt("3-D", lambda good: np.asarray(good, dtype=float).reshape(np.shape(good) + (1,) * (3 - np.ndim(good)))),
)  # fmt: skip

OTHER_FORMS = (
    Spoilt("a list", lambda good: np.asarray(good).tolist(), SAME), Spoilt("strided", strided, SAME),
    Spoilt("Fortran order", lambda good: np.asfortranarray(good), SAME), Spoilt("read-only", read_only, SAME),
    Spoilt("big-endian", lambda good: np.asarray(good, dtype=">f8"), SAME),
    Spoilt("long double", lambda good: np.asarray(good, dtype=np.longdouble), SAME),
    Spoilt("objects", lambda good: np.asarray(good, dtype=object), SAME),
    Spoilt("a table", lambda good: Frame(good), SAME), Spoilt("no mask", lambda good: np.ma.array(good), SAME),
    Spoilt("decimals", lambda good: np.vectorize(Decimal, otypes=[object])(np.asarray(good, dtype=float)), MAYBE),
    Spoilt("fractions", lambda good: np.vectorize(Fraction, otypes=[object])(np.asarray(good, dtype=float)), MAYBE),
    Spoilt("float32", lambda good: np.asarray(good, dtype=np.float32), SAME),
    Spoilt("a subclass", lambda good: np.asarray(good).view(Subclass), SAME),
    Spoilt("a memoryview", in_memory, SAME),
    Spoilt("tuples", lambda good: tuple(map(tuple, good)) if np.ndim(good) > 1 else tuple(good), SAME),
    Spoilt("a deque", lambda good: deque(np.asarray(good).tolist()), MAYBE),
)  # fmt: skip

EXTREMES = (
    Spoilt("1e300", lambda good: np.asarray(good, dtype=float) * 1e300, EXTREME),
    Spoilt("1e-300", lambda good: np.asarray(good, dtype=float) * 1e-300, EXTREME),
    Spoilt("1e30 away", lambda good: np.asarray(good, dtype=float) + 1e30, EXTREME),
    Spoilt("all alike", lambda good: np.full(np.shape(good), float(np.asarray(good).flat[0])), EXTREME),
    Spoilt("one huge", spoil_one(1e308), EXTREME), Spoilt("zeros", lambda good: np.zeros(np.shape(good)), EXTREME),
    Spoilt("truth values", lambda good: np.asarray(good) > np.mean(good), EXTREME),
    Spoilt("bytes of a picture", lambda good: (np.arange(np.size(good)) * 37).astype(np.uint8).reshape(np.shape(good)),
           EXTREME),
    Spoilt("subnormal", lambda good: np.asarray(good, dtype=float) * 5e-324, EXTREME),
    Spoilt("2^63", lambda good: np.full(np.shape(good), 2**63, dtype=np.uint64), EXTREME),
    Spoilt("first only", lambda good: np.array(good)[:1], EXTREME),
)  # fmt: skip


def matrix(good, *, columns=True):
    """(N, n) numbers; good() makes them. Another number of columns is refused if `columns`."""
    ways = [*NO_NUMBERS, *OTHER_FORMS, *EXTREMES, Spoilt("a number", constant(0.5)),
            Spoilt("np.matrix", lambda good: np.matrix(good), SAME),
            Spoilt("in a row", lambda good: np.asarray(good).ravel(), MAYBE)]  # fmt: skip
    if columns:
        ways += [Spoilt("a column more", lambda good: np.hstack([good, np.asarray(good)[:, :1]])),
                 Spoilt("transposed", lambda good: np.asarray(good).T),
                 Spoilt("no columns", lambda good: np.zeros((len(good), 0)))]  # fmt: skip
    return Argument(good, tuple(ways))


def vector(good, *, length=False):
    """(N,) numbers; a column (N, 1) counts as the same. Another length is refused if `length`."""
    ways = [*NO_NUMBERS, *OTHER_FORMS, *EXTREMES,
            Spoilt("a column", lambda good: np.asarray(good)[:, None], MAYBE),
            Spoilt("a row", lambda good: np.asarray(good)[None, :], REFUSE),
            Spoilt("two columns", lambda good: np.stack([good, good], axis=1), REFUSE)]  # fmt: skip
    if length:
        ways = [way for way in ways if way.label != "first only"]
        ways += [Spoilt("one less", lambda good: np.asarray(good)[:-1]), Spoilt("a number", constant(0.5)),
                 Spoilt("one more", lambda good: np.append(good, np.asarray(good)[-1]))]  # fmt: skip
    return Argument(good, tuple(ways))


def outputs(good):
    """(N, m) targets that belong to (N, n) samples: another N is refused."""
    short = Spoilt("one sample less", lambda good: np.asarray(good)[:-1])
    more = Spoilt("one sample more", lambda good: np.concatenate([good, good[-1:]]))
    single = Spoilt("first only", lambda good: np.asarray(good)[:1])
    return matrix(good).but("first only").also(short, more, single)
