"""What is passed to a function: a good value of each kind, and the ways in which people spoil it.

A spoilt value carries what is to come of it:
    REFUSE  a clear error;
    SAME    the same numbers in another form, so the result of the good value;
    MAYBE   either of the two;
    EXTREME legal, but large, small or poor: a finite result, a warning or a clear error.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

REFUSE, SAME, MAYBE, EXTREME = "refuse", "same", "maybe", "extreme"


@dataclass(frozen=True)
class Spoilt:
    """A way to spoil a value: what it is called, value(good) -> the spoilt one, what is to come of it."""

    label: str
    value: Callable
    expect: str = REFUSE


@dataclass(frozen=True)
class Argument:
    """One argument of a function: good() makes a fresh legal value; `ways` are those in which it is spoilt."""

    good: Callable
    ways: tuple = field(default=(), repr=False)

    def but(self, *labels, **expect):
        """Without the ways with these labels; with another expectation for others (spaces written as _)."""
        renamed = {label.replace("_", " "): what for label, what in expect.items()}
        unknown = ({*labels} | {*renamed}) - {way.label for way in self.ways}
        assert not unknown, f"no such way: {unknown}"
        ways = (Spoilt(way.label, way.value, renamed.get(way.label, way.expect)) for way in self.ways)
        return Argument(self.good, tuple(way for way in ways if way.label not in labels))

    def also(self, *ways):
        """With more ways: Spoilt, or (label, value) for a value that is to be refused."""
        made = tuple(way if isinstance(way, Spoilt) else Spoilt(way[0], constant(way[1])) for way in ways)
        return Argument(self.good, self.ways + made)

    def optional(self):
        """None is legal here, and stands for a default."""
        return self.but("None")


def constant(value):
    """A way to spoil: whatever was there, `value` stands in its place."""
    return lambda good: value


def always(value):
    """A good value that is never changed, so no fresh one is needed."""
    return lambda: value


ANYTHING = (  # what is never data, whatever the function
    Spoilt("None", constant(None)), Spoilt("a word", constant("abc")), Spoilt("bytes", constant(b"abc")),
    Spoilt("a dict", constant({"a": 1})), Spoilt("a set", constant({1.0, 2.0})),
    Spoilt("an object", lambda _: object()), Spoilt("a class", constant(int)), Spoilt("Ellipsis", constant(...)),
    Spoilt("a generator", lambda _: (i for i in range(3))), Spoilt("a slice", constant(slice(3))),
)  # fmt: skip
