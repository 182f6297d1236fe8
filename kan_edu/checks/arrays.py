"""The one door for data: what comes in as numbers, and the words of refusal for what is none.

Every public function that takes arrays takes them through `numbers` (any shape) or `check_matrix` (N, n). Nothing is
guessed: what NumPy would turn into a number without being one (a date, the value under a mask, half of a complex
number, text) is refused, with what to do instead. A pandas Series or DataFrame of numbers is welcome.
"""

from decimal import Decimal
from numbers import Real

import numpy as np

from .arguments import OutOfBounds, all_finite, counted, shown

FLOAT64, FLOAT32 = np.dtype(float), np.dtype(np.float32)


def numbers(x, name="x", finite=True, keep=FLOAT64):
    """Return x as a float64 array of the shape that it has, or raise a ValueError that says what it is instead.

    An array of type `keep`, float64 or float32, comes back as it is.

    Integers, floats, truth values, and lists, fractions or pandas columns of them are numbers. Dates, complex numbers,
    masked and missing values, text and other objects are not; nor, unless `finite` is False, NaN and inf.

    >>> numbers([[1, 2]]), numbers([True, 0.5])
    (array([[1., 2.]]), array([1. , 0.5]))
    """
    if type(x) is not np.ndarray or x.dtype != keep:  # else nothing can be lost, and training comes here every step
        x = _as_floats(as_array(x, name), name)
    if finite:
        check_finite(x, name)
    return x


def floats(x, name="x", finite=True):
    """As `numbers`, but an array of float32 stays what it is: for formulas that go on in the type they are given."""
    single = type(x) is np.ndarray and x.dtype == FLOAT32
    return numbers(x, name, finite, FLOAT32 if single else FLOAT64)


def as_array(x, name="x"):
    """x as an array of whatever type, words too; ValueError for masked values and for what is no array at all."""
    if type(x) is np.ndarray and x.dtype != object:
        return x
    parts = x if isinstance(x, list | tuple) else (x,)  # of a list of masked arrays np.asarray would lose the masks
    masked = sum(int(np.ma.getmaskarray(part).sum()) for part in parts if np.ma.isMaskedArray(part))
    if masked:
        words = "drop those rows, or fill them in: x.filled(x.mean())"
        raise ValueError(f"{name} holds {masked} masked values, which are missing; {words}")
    try:
        array = np.asarray(x)
    except Exception as error:  # whatever the object's own __array__ raises (a tensor on another device, say)
        ragged = "inhomogeneous" in str(error)
        why = "its rows have different lengths" if ragged else str(error)
        raise ValueError(f"{name} could not be read as numbers ({why}); pass an array of numbers") from None
    if array.ndim == 0 and array.dtype == object and not _is_number(array[()]):
        hint = "; use its method toarray()" if hasattr(x, "toarray") else ""
        what = x.__name__ if isinstance(x, type) else type(x).__name__
        raise ValueError(f"{name} could not be read as numbers (it is {what}); pass an array of numbers{hint}")
    return array


def _as_floats(array, name):
    """An array of whatever type as float64; ValueError for the types that hold no real numbers."""
    kind = array.dtype.kind
    if kind == "O":
        _check_objects(array, name)
    if kind in "biufO":
        try:
            with np.errstate(over="ignore"):  # of a number beyond float64: inf, and `check_finite` says where
                return array.astype(float, copy=False)
        except OverflowError:
            raise ValueError(f"{name} holds a whole number beyond 1.8e308; scale the data first") from None
    refused = {"M": ("dates", DATES), "m": ("lengths of time", SPANS), "c": ("complex numbers", COMPLEX)}
    if kind in "SU" and array.size:
        raise ValueError(f"{name} holds text, such as {array.flat[0].item()!r}; expected numbers: {TEXT}")
    what, advice = refused.get(kind, (f"values of type {array.dtype}", "pass an array of numbers"))
    raise ValueError(f"{name} holds {what}; expected numbers: {advice}")


DATES = "split off the year, say, or count days: (x - x.min()) / np.timedelta64(1, 'D')"
SPANS = "divide by a unit first: x / np.timedelta64(1, 'D') counts days"
COMPLEX = "take x.real, x.imag or abs(x)"
TEXT = "x.astype(float) if all of it is numerals, datasets.one_hot(x) if it is words"


def _is_number(value):
    return isinstance(value, Real | Decimal | np.bool_)


def is_missing(value):
    """True for None, NaN, NaT and pandas.NA (known by its name: pandas need not be there).

    >>> [is_missing(value) for value in (None, float("nan"), "", 0)]
    [True, True, False, False]
    """
    if value is None or type(value).__name__ in ("NAType", "NaTType"):
        return True
    return bool(np.isnat(value)) if isinstance(value, np.datetime64) else isinstance(value, float) and value != value


def _check_objects(array, name):
    """ValueError unless each object is a real number; names the first that is none, and where it is."""
    for index, value in np.ndenumerate(array):
        if _is_number(value):
            continue
        where = f"{name} holds {shown(value)} at index {index}; expected numbers: "
        if is_missing(value):
            raise ValueError(f"{where}it is missing, so drop those rows or fill them in first")
        if isinstance(value, str | bytes):
            raise ValueError(where + TEXT)
        if isinstance(value, complex):
            raise ValueError(where + COMPLEX)
        if hasattr(value, "year") or isinstance(value, np.datetime64):
            raise ValueError(where + DATES)
        raise ValueError(where + "take the numbers that you need out of these objects")


def check_matrix(X, name="X", columns=None, hint="", keep=FLOAT64):
    """Return X as a float64 matrix of shape (N, n), or say what is wrong with it; a matrix of type `keep` stays so.

    Raises ValueError when X is not made of numbers, not two-dimensional, empty, has a number of columns other than
    `columns`, or holds NaN or inf; `hint` ends the message about columns (which model expected them).
    """
    X = numbers(X, name, finite=False, keep=keep)
    if X.ndim != 2:
        raise ValueError(f"{name} has shape {X.shape}; expected two dimensions (N, n){_upright(X, columns)}")
    if columns is not None and X.shape[1] != columns:
        raise ValueError(f"{name} has {counted(X.shape[1], 'column')}, expected {columns}"
                         + (f" {hint}" if hint else ""))
    if X.size == 0:
        raise ValueError(f"{name} is empty (shape {X.shape}); pass at least one sample")
    check_finite(X, name)
    return X


def check_column(y, name="y", hint=""):
    """One number for each sample, given as (N,) or (N, 1) -> (N,) float64; ValueError as `check_matrix` has them."""
    y = numbers(y, name, finite=False)
    return check_matrix(y[:, None] if y.ndim == 1 else y, name, 1, hint)[:, 0]


def _upright(X, columns):
    """What to do with numbers in a row, (n,): they are many samples of one number, or one sample of many."""
    if X.ndim != 1:
        return ""
    if columns is not None and columns > 1:
        return f"; use x[None, :] for one sample of {columns} numbers" if X.size == columns else ""
    return "; use x[:, None] for N samples of one number"


def check_vector(x, name="x", length=None):
    """Return x as float64 numbers in a row, (N,); a column (N, 1) will do. ValueError for another shape or length."""
    x = numbers(x, name)
    if x.ndim == 2 and x.shape[1] == 1:
        x = x[:, 0]
    elif x.ndim == 0 and length is None:
        raise ValueError(f"{name} is the single number {x:g}; expected N > 0 numbers in a row, (N,): give [{x:g}]")
    if x.ndim != 1 or x.size == 0 or (length is not None and len(x) != length):
        many = "N > 0" if length is None else length
        raise ValueError(f"{name} has shape {x.shape}; expected {many} numbers in a row, ({length or 'N'},)")
    return x


def alike(a, b, names=("x", "y")):
    """Return two arrays of numbers in one shape, that of the first; a row (N,) and a column (N, 1) count as the same.

    A single number goes with an array of any shape. Raises ValueError for other shapes, which NumPy would pair each
    with each.

    >>> [v.shape for v in alike([1, 2, 3], [[4], [5], [6]])]
    [(3,), (3,)]
    """
    a, b = numbers(a, names[0]), numbers(b, names[1])
    if a.shape == b.shape or a.ndim == 0 or b.ndim == 0:
        return np.broadcast_arrays(a, b)
    if {a.ndim, b.ndim} == {1, 2} and a.size == b.size and 1 in (a.shape[-1:] + b.shape[-1:]):
        return a, b.reshape(a.shape)
    raise ValueError(f"{names[0]} has shape {a.shape}, {names[1]} {b.shape}; expected arrays of one shape")


def check_some(x, name="x"):
    """Return the array x, or raise a ValueError if there is nothing in it."""
    if x.size == 0:
        raise ValueError(f"{name} is empty (shape {x.shape}); pass at least one number")
    return x


def check_unit(x, name="coordinates"):
    """Return x as floats from 0 to 1, of the shape that it has; ValueError for other numbers, and for none.

    >>> check_unit([0, 0.5])
    array([0. , 0.5])
    """
    x = check_some(numbers(x, name), name)
    if not ((0 <= x) & (x <= 1)).all():
        raise ValueError(f"{name} go from {x.min()} to {x.max()}; expected [0, 1], so scale the data first")
    return x


def check_labels(labels, N, classes=None, name="labels"):
    """Return the class 0 .. classes-1 of each of N samples as (N,) ints; a column (N, 1) will do, and truth values.

    Without `classes`: any whole numbers. Raises ValueError for all else: a probability, say, is no class.
    """
    labels = as_array(labels, name)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.shape != (N,) or N == 0:
        raise ValueError(f"{name} have shape {labels.shape}; expected ({N or 'N > 0'},), one class number a sample (of "
                         "rows of 0 and 1: argmax(axis=1))")  # fmt: skip
    if any(isinstance(label, str | bytes) for label in (labels if labels.dtype.kind in "SUTO" else ())):
        raise ValueError(f"{name} are words; expected whole numbers: labels, classes = datasets.to_labels(words)")
    labels = numbers(labels, name)
    odd = labels[(labels != np.round(labels)) | (np.abs(labels) > 2**31)]
    if odd.size:
        raise ValueError(f"{name} hold {odd[0]:g}; expected whole numbers that name classes: kan_edu.classify(outputs) "
                         "makes them of outputs, p > 0.5 of probabilities")  # fmt: skip
    lo, hi = int(labels.min()), int(labels.max())
    if classes is not None and (lo < 0 or hi >= classes):
        raise ValueError(f"{name} run from {lo} to {hi}; expected whole numbers 0 .. {classes - 1} for {classes} "
                         "classes: datasets.to_labels(labels)[0] numbers them so")  # fmt: skip
    return labels.astype(int)


def check_finite(X, name="X"):
    """Raise a ValueError that counts the NaN and inf of an array and names where the first one is."""
    if all_finite(X):
        return
    bad = ~np.isfinite(X)
    first = tuple(int(i) for i in np.argwhere(bad)[0])
    raise ValueError(
        f"{name} holds {counted(int(bad.sum()), 'value', ' that are NaN or inf')} (the first at index {first}); "
        "drop those rows or fill them in first"
    )


def check_outcome(Y, what="the outputs"):
    """Return what a network computed, or raise OutOfBounds where it holds NaN or inf: sound numbers overflowed."""
    if not all_finite(Y):
        raise OutOfBounds(f"{what} overflow for some samples; scale X with datasets.to_box, or make the model "
                          "anew (model.restart(seed=0)) if its parameters have grown so large")  # fmt: skip
    return Y


def check_slope(dY, shape):
    """Return dL/dY as an array, or raise a ValueError unless it has the shape of the output that it belongs to."""
    if shape is None:
        raise ValueError("there is no output to go back from: call model.forward(X) before each backward "
                         "(model(X) keeps nothing)")  # fmt: skip
    dY = floats(dY, "dL/dY", finite=False)
    if dY.shape != shape:
        raise ValueError(f"dL/dY has shape {dY.shape}; expected {shape}, that of the output of the last forward")
    if not all_finite(dY):
        raise OutOfBounds("dL/dY holds NaN or inf; look at the outputs and the loss that it comes from")
    return dY
