"""What differs between the values of an answer and those of the solution, in words that help and do not solve."""

import math

MOST_AXES = 32
CLOSE = 1e-2  # relative; the numbers compared were rounded for show
MILLIONTH = 1e-6  # relative; float32 has seven digits, and answers may compute in it


def hint(expected, found):
    """None if an answer's values are the solution's, else one or two sentences about the first difference.

    expected, found  what `Checks.examine` returned for the solution and for the answer. What came from elsewhere than
                     `Checks` (an answer can forge it) is "not readable".
    """
    try:
        if "error" in found:
            return str(found["error"])
        pairs = list(zip(expected["values"], found["values"], strict=True))
        if any(len(shape) > MOST_AXES for _, shape, _ in found["values"]):
            raise ValueError  # no array has so many axes; forged, and slow to multiply
        unit = unit_of(expected)
        differences = (compare(*first, *second, unit) for first, second in pairs)
        return next((words for words in differences if words), None)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, OverflowError):
        return "The values shown are not those of the check cell."


def unit_of(expected):
    """One in the last decimal that is shown; whole numbers, shown without decimals, must be equal."""
    return 10.0 ** -max(1, expected.get("digits", 4))


def same(right, own, unit):
    """Whether two numbers, as texts, count as equal: both show the same, or rounding explains the difference.

    Two ways to compute a number, or float32 in place of float64, change its last digits, and so on which side of a
    half it falls when it is rounded for show.

    >>> same("0.1235", "0.1234", unit=1e-4), same("0.1235", "0.1233", unit=1e-4), same("3", "4", unit=0.1)
    (True, False, False)
    """
    if right == own:
        return True
    a, b = float(right), float(own)
    return abs(a - b) <= 1.001 * unit + (MILLIONTH * abs(a) if "." in right else 0)


def compare(label, shape, right, _, own_shape, own, unit):
    """None or what differs between the numbers `right` and `own` (texts) of one value."""
    if not alike(shape, own_shape):
        words = f"{label}: the shape is {tuple(own_shape)}, expected {tuple(shape)}."
        return f"{words} {about_shapes(shape, own_shape)}".rstrip()
    wrong = [i for i, (a, b) in enumerate(zip(right, own, strict=True)) if not same(a, b, unit)]
    if not wrong:
        return None
    first, where = wrong[0], place(wrong[0], shape)
    words = f"{label}: {count(len(wrong), len(right))}{where} is {own[first]}, expected {right[first]}."
    return f"{words} {pattern([float(t) for t in right], [float(t) for t in own])}".rstrip()


def alike(shape, own):
    """Whether two shapes count as equal. Where no number is in it, a list cannot tell all: [] stands for (0, 4) too."""
    shape, own = list(shape), list(own)
    return own == shape or 0 in shape and own == shape[: shape.index(0) + 1]


def count(wrong, of):
    """How many of the numbers differ, as a beginning of a sentence about the first; empty for a number alone."""
    return "" if of == 1 else f"{wrong} of {of} numbers differ; the one at "


def place(i, shape):
    """[2, 0] for the i-th number of an array; it for a number alone."""
    if not shape:
        return "it"
    index = []
    for size in reversed(shape):
        i, rest = divmod(i, size)
        index.append(rest)
    return str(list(reversed(index)))


def about_shapes(shape, own):
    """A guess at why the shape `own` is not `shape`; empty if there is none."""
    if list(own) == list(reversed(shape)):
        return "Is it transposed?"
    if math.prod(own) == math.prod(shape):
        return "The number of numbers is right."
    if len(own) < len(shape):
        return "Was an axis summed over or dropped?"
    return ""


def pattern(right, own):
    """A guess at what all the numbers have in common; empty if there is nothing."""
    if any(math.isnan(b) and not math.isnan(a) for a, b in zip(right, own, strict=True)):
        return "Not a number: is there a 0/0?"
    if any(math.isinf(b) and not math.isinf(a) for a, b in zip(right, own, strict=True)):
        return "Infinite: is there a division by 0, or an overflow?"
    pairs = [(a, b) for a, b in zip(right, own, strict=True) if abs(a) > CLOSE]
    if len(pairs) < 2 or sum(abs(b) > CLOSE for b in own) > len(pairs):  # a number that should be 0 and is not
        return ""
    ratios = [b / a for a, b in pairs]
    if all(abs(ratio + 1) < CLOSE for ratio in ratios):
        return "All have the other sign."
    if min(abs(ratios[0]), abs(ratios[0] - 1)) > CLOSE and all(abs(ratio / ratios[0] - 1) < CLOSE for ratio in ratios):
        return f"All are {ratios[0]:.3g} times what is expected."
    shifts = [b - a for a, b in zip(right, own, strict=True)]
    if all(abs(shift - shifts[0]) < CLOSE * abs(shifts[0]) for shift in shifts):
        return f"All are off by {shifts[0]:.3g}."
    if sorted(right) == sorted(own) and len(set(right)) > 2:  # a few zeros and ones are in order too easily
        return "The numbers are right, their order is not."
    return ""
