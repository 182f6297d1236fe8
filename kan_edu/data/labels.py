"""Words as numbers: a column of 0 and 1 for each word, or the number of its class; and back to words."""

import numpy as np

from kan_edu.checks.arguments import shown
from kan_edu.checks.arrays import as_array, check_labels, is_missing

MOST = 2**28  # numbers in a table of one_hot: 2 GiB


def one_hot(words, classes=None):
    """One column of 0 and 1 for each distinct word: words (N,) -> (N, classes) float64, and the sorted words.

    For words among the inputs; for words that are to be told, `to_labels`. Arguments and errors are those of
    `to_labels`; a table of more than 2 GiB is refused too.

    >>> one_hot(["USA", "Japan", "USA"])
    (array([[0., 1.],
           [1., 0.],
           [0., 1.]]), ('Japan', 'USA'))
    """
    labels, names = to_labels(words, classes)
    if len(labels) * len(names) > MOST:
        raise ValueError(f"a column for each of {len(names)} words takes {len(labels) * len(names) / 2**27:.0f} GiB; "
                         "are these names rather than classes? Join the rare ones first")  # fmt: skip
    columns = np.zeros((len(labels), len(names)))
    columns[np.arange(len(labels)), labels] = 1
    return columns, names


def to_labels(words, classes=None):
    """The number of each word's class: words (N,) -> labels (N,) ints 0, 1, ..., and the names of the classes.

    words    (N,) or a column (N, 1) of strings, whole numbers or truth values, none missing
    classes  the names in the order of their numbers; None: the words that occur, sorted. For test data give those of
             training, or its numbers would mean other words

    Raises ValueError for missing words, words of mixed types, and words that are not in `classes`.

    >>> labels, classes = to_labels(["USA", "Japan", "USA"])
    >>> labels, classes
    (array([1, 0, 1]), ('Japan', 'USA'))
    >>> to_labels(["Japan", "France"], classes)
    Traceback (most recent call last):
    ValueError: classes are ('Japan', 'USA'); the words hold 'France', which is not among them; ...
    """
    words = check_words(words)
    if classes is None:
        names, labels = np.unique(words, return_inverse=True)
        return labels, tuple(str(name) for name in names)
    names = check_classes(classes)
    number, words = {name: label for label, name in enumerate(names)}, [str(word) for word in words]
    strange = sorted(set(words) - set(names))
    if strange:
        raise ValueError(f"classes are {names}; the words hold {strange[0]!r}, which is not among them; training must "
                         "have seen each class: give its words too, or leave those rows out")  # fmt: skip
    return np.array([number[word] for word in words]), names


def to_words(labels, classes):
    """The name of each label's class: labels (N,) whole numbers, classes (q,) -> (N,) strings; `to_labels` backwards.

    For what a model says: to_words(classify(model(X)), classes). Raises ValueError for labels outside 0 .. q-1.

    >>> to_words([1, 0, 1], ("Japan", "USA")).tolist()
    ['USA', 'Japan', 'USA']
    """
    names = check_classes(classes)
    labels = np.atleast_1d(as_array(labels, "labels"))
    return np.array(names)[check_labels(labels, len(labels), len(names))]


def check_classes(classes):
    """The names of classes as a tuple of different strings, in the order that is given; ValueError for all else."""
    names = tuple(str(name) for name in check_words(classes, "classes"))
    if len(set(names)) < len(names):
        raise ValueError(f"classes are {names}; a name occurs twice: give each once, in the order of its number")
    return names


def check_words(words, name="words"):
    """Words as an array (N,) of strings, of whole numbers or of truth values; ValueError that says what is wrong."""
    if not (isinstance(words, list | tuple | range | str) or hasattr(words, "__array__")):
        raise ValueError(f"{name} are {shown(words)}; expected (N,) words: a list, or a column of a table")
    if isinstance(words, list | tuple):
        words = np.array(words, dtype=object)  # else NumPy makes the word "nan" of a missing one
    words = as_array(words, name)
    words = words[:, 0] if words.ndim == 2 and words.shape[1] == 1 else words
    if words.ndim != 1 or len(words) == 0:
        raise ValueError(f"{name} have shape {words.shape}; expected (N,), one column of a table at a time")
    missing = [n for n, word in enumerate(words) if is_missing(word)]
    if missing:
        raise ValueError(f"{len(missing)} {name} are missing (the first at index {missing[0]}); drop those rows, "
                         'or give the missing ones a name of their own, such as "unknown"')  # fmt: skip
    kinds = [_kind(word) for word in words]
    if kinds[0] is not None and set(kinds) == {kinds[0]}:
        return np.array(words.tolist(), dtype=kinds[0])
    other = [kind for kind in kinds if kind is not str]
    odd = kinds.index(None if None in other else other[0])
    raise ValueError(f"{name} hold {words.tolist()[odd]!r}; expected strings, or whole numbers, or truth values, all "
                     "of one kind: [str(word) for word in words] makes strings of all")  # fmt: skip


def _kind(word):
    """str, bool or int, whichever this word is; None for any other."""
    if isinstance(word, str):
        return str
    if isinstance(word, bool | np.bool_):
        return bool
    number = isinstance(word, int | float | np.integer | np.floating) and not isinstance(word, np.timedelta64)
    whole = number and abs(word) < 2**53 and word == int(word)
    return int if whole else None
