"""The smallest input for which an answer is not right: a line to run, what came, what was expected."""

from dataclasses import dataclass, field

import numpy as np

from kan_edu.exercises.hints import alike, same, unit_of

from .calls import line, origins, size

FEWEST = 4  # points that make a curve


@dataclass
class Failing:
    """One value that is not right.

    label      of the value in the check, empty after an error
    line       that makes the call again, or "" if it is not known which call it was
    came, expected       numbers as texts; came is empty if the shapes differ in size
    shape, right_shape   their shapes
    curve      (label, x, came, expected), arrays (n,) sorted by x, of the first value that is a curve; else None
    """

    label: str
    line: str
    came: list = field(default_factory=list)
    expected: list = field(default_factory=list)
    shape: list = field(default_factory=list)
    right_shape: list = field(default_factory=list)
    unit: float = 1e-4
    curve: tuple | None = None

    def marks(self):
        """Whether each number differs; all of them where the shapes do."""
        if self.shape != self.right_shape:
            return [True] * len(self.came)
        return [not same(a, b, self.unit) for a, b in zip(self.expected, self.came, strict=True)]


def failing(task, trial, expected, notebook):
    """The `Failing` of the smallest input of a trial that is not right, or None. `notebook`: the notebook's names."""
    if "error" in trial.found:
        return after_error(task, trial, notebook)
    unit = unit_of(expected)
    labels, found = list(trial.arrays), []
    where = origins(trial.arrays, trial.calls)
    for label, right, own in zip(labels, expected["values"], trial.found["values"], strict=False):
        if not alike(right[1], own[1]):
            found.append((where[label][:1], whole(label, right, own, unit)))
            continue
        wrong = {i for i, (a, b) in enumerate(zip(right[2], own[2], strict=True)) if not same(a, b, unit)}
        parts = [part for part in where[label] if wrong & set(range(part.start, part.stop))]
        found += [([part], cut(label, right, own, part, trial, unit)) for part in parts]
        if wrong and not parts:
            found.append(([], whole(label, right, own, unit)))
    if not found:
        return None
    parts, smallest = min(found, key=lambda one: size(trial.calls[one[0][0].call].arguments) if one[0] else np.inf)
    if parts:
        smallest.line = line(task, parts[0].call, trial.calls[parts[0].call], notebook)
    curves = [one.curve for _, one in [(parts, smallest), *found] if one.curve]
    smallest.curve = curves[0] if curves else None
    return smallest


def after_error(task, trial, notebook):
    """The call that raised, else one that returned None, else the last: the check failed at what came. None without."""
    calls = trial.calls
    suspects = [k for k, call in enumerate(calls) if call.raised or call.result is None] or [*range(len(calls))][-1:]
    return Failing("", line(task, suspects[-1], calls[suspects[-1]], notebook)) if suspects else None


def whole(label, right, own, unit):
    """A value that is not right, with all its numbers; which call made it is not known."""
    return Failing(label, "", own[2], right[2], list(own[1]), list(right[1]), unit)


def cut(label, right, own, part, trial, unit):
    """What is not right in a value, cut down to the part that one call made."""
    call, array = trial.calls[part.call], trial.arrays[label].ravel()[part.start : part.stop]
    if array.size == len(trial.arrays[label].ravel()):
        shape = list(own[1])
    else:
        shape = list(np.shape(call.result))
    expected = right[2][part.start : part.stop]
    made = Failing(label, "", own[2][part.start : part.stop], expected, shape, shape, unit)
    made.curve = curve(label, call, array, expected) if len(shape) == 1 else None
    return made


def curve(label, call, array, expected):
    """(label, x, came, expected) if the call was given as many places x as it returned numbers, else None."""
    for x in call.arguments:
        if isinstance(x, np.ndarray) and x.shape == array.shape and len(expected) == x.size >= FEWEST:
            order = np.argsort(x)
            both = np.stack([array, np.array(expected, dtype=float)])[:, order]
            if np.isfinite(both).all() and x[order[0]] < x[order[-1]]:
                return (label, x[order], *both)
    return None


def as_rows(shape, texts, marks):
    """Rows of (text, differs?) for showing: one for numbers and arrays, one for each row of a matrix."""
    pairs = list(zip(texts, marks, strict=True))
    step = shape[-1] if len(shape) > 1 and shape[-1] else max(1, len(pairs))
    return [pairs[start : start + step] for start in range(0, len(pairs), step)]
