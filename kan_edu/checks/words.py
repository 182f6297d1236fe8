"""The door for words: a text to be shown, a name for each of a few things, and a number in a name."""

import numpy as np

from .arguments import shown

SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


def check_text(value, name, example="x in metres"):
    """Return a str as it is (a NumPy one as a plain one), or raise a ValueError."""
    if not isinstance(value, str):
        raise ValueError(f"{name} is {shown(value)}; expected text in quotation marks, such as {example!r}")
    return str(value)


def check_names(values, n, name, most=None):
    """Return n names as a list of str, or raise a ValueError; up to `most` of them, if there may be more than n.

    A list, a tuple, an array or a pandas column of words; one word alone is none of these.
    """
    if hasattr(values, "__array__") and not isinstance(values, type):
        values = np.asarray(values, dtype=object).tolist()
    words = list(values) if isinstance(values, list | tuple) else None
    if words is None or not all(isinstance(word, str) for word in words):
        raise ValueError(f"{name} is {shown(values)}; expected a list of {n} names, one for each")
    if not n <= len(words) <= (n if most is None else most):
        many = f"{n}" if most in (None, n) else f"{n} to {most}"
        raise ValueError(f"{name} has {len(words)}, {shown(words)}; expected a list of {many} names, one for "
                         "each")  # fmt: skip
    return [str(word) for word in words]


def subscript(m):
    """A whole number >= 0 as small figures below the line: 12 -> "₁₂"."""
    return str(m).translate(SUBSCRIPTS)
