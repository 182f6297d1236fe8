"""Which call of an answer made a number that a check shows, and that call as a line to be pasted and run.

A check may show what a call returned, a part of it, several calls in one list, or something that it computed from them.
So it is looked for: first whole results, then several in a row, then parts; whatever cannot be found is not guessed.
"""

from dataclasses import dataclass

import numpy as np

LONGEST = 500  # letters of a line with its inputs written out


@dataclass
class Origin:
    """A run of one value's numbers that one call made: number of the call, and where the run begins and ends."""

    call: int
    start: int
    stop: int


def origins(arrays, calls):
    """{label: [Origin]} for the values of a check, {label: array}; an empty list where it cannot be told."""
    made = [pieces(call.result) for call in calls]
    found, begin = {}, 0
    for label, array in arrays.items():
        found[label] = search(array.ravel(), made, begin)
        begin = found[label][-1].call if found[label] else begin
    if not any(found.values()) and len(arrays) == len(calls):  # computed from one call each
        found = {label: [Origin(k, 0, array.size)] for k, (label, array) in enumerate(arrays.items())}
    return found


def pieces(result):
    """The numbers of a result, flat: [all of them, those of each of its parts ...]; [] if it holds something else."""
    parts = list(result) if isinstance(result, tuple | list) else []
    try:
        flat = [np.ravel(np.asarray(part, dtype=float)) for part in parts] or [np.ravel(np.asarray(result, float))]
    except Exception:  # an answer may return any object, that refuses in any way
        return []
    return [np.concatenate(flat), *flat]


def search(numbers, made, begin):
    """The origins of flat `numbers` among the pieces of all calls; those from number `begin` on are tried first."""
    if not numbers.size:
        return []
    order = [*range(begin, len(made)), *range(begin)]
    for k in order:
        if any(same(piece, numbers) for piece in made[k]):
            return [Origin(k, 0, numbers.size)]
    for k in order:
        row = in_a_row(numbers, made, k)
        if row:
            return row
    return [Origin(k, 0, numbers.size) for k in order if made[k] and within(numbers, made[k][0])][:1]


def in_a_row(numbers, made, first):
    """The origins of `numbers` if the whole results of the calls from `first` on, one behind the other, are it."""
    found, stop = [], 0
    for k in range(first, len(made)):
        size = made[k][0].size if made[k] else 0
        if not size or not same(made[k][0], numbers[stop : stop + size]):
            return []
        found, stop = [*found, Origin(k, stop, stop + size)], stop + size
        if stop == numbers.size:
            return found
    return []


def within(numbers, result):
    """Whether `numbers` are a run of the numbers in `result`; a number alone could be anywhere by accident."""
    starts = range(result.size - numbers.size + 1) if numbers.size > 1 else ()
    return any(same(result[start : start + numbers.size], numbers) for start in starts)


def same(a, b):
    """Whether two arrays hold the same numbers; NaN is the same as NaN."""
    return a.size == b.size and np.array_equal(a, b, equal_nan=True)


# A call as a line


def line(task, number, call, notebook):
    """A line that makes the call again; long inputs are asked for: f(*check.inputs("f", 3)). `notebook`: its names."""
    try:
        written = [literal(value, notebook) for value in call.arguments]
        text = f"{call.name}({', '.join(written + named_arguments(call, notebook))})"
        if len(text) <= LONGEST:
            return text
    except ValueError:
        pass
    try:
        more = "".join(f", {word}" for word in named_arguments(call, notebook))
    except ValueError:
        return ""
    return f'{call.name}(*check.inputs("{task}", {number}){more})'


def named_arguments(call, notebook):
    """The arguments of a call that were given by name, as name=value. ValueError as `literal`."""
    return [f"{name}={literal(value, notebook)}" for name, value in call.named.items()]


def literal(value, notebook):
    """A value as Python reads it back exactly. ValueError if it is none of those that can be written so."""
    kind = type(value)
    if value is None or kind in (bool, int, str):
        return repr(value)
    if isinstance(value, float | np.integer | np.floating | np.bool_) and np.isfinite(value):
        return repr(value.item() if isinstance(value, np.generic) else value)
    if kind in (list, tuple):
        inner = ", ".join(literal(part, notebook) for part in value)
        return f"[{inner}]" if kind is list else f"({inner}{',' if len(value) == 1 else ''})"
    if notebook.get("np") is np and kind is np.ndarray:
        return array_literal(value)
    if notebook.get("np") is np and getattr(np, getattr(value, "__name__", ""), None) is value:
        return f"np.{value.__name__}"
    raise ValueError


def array_literal(array):
    """np.array([...]) with all digits. ValueError for types and values that would come back as others."""
    if array.dtype not in (np.dtype(float), np.dtype(int), np.dtype(bool)) or not np.isfinite(array).all():
        raise ValueError
    if not array.size:
        return f"np.zeros({array.shape})"
    return f"np.array({array.tolist()})"


def size(given):
    """How many numbers arguments hold: the smallest failing input is the one to look at."""
    return sum(size(value) if isinstance(value, list | tuple) else getattr(value, "size", 1) for value in given)
