"""Two real tables, shipped as CSV in `data/`, and what every fair test needs: a split and a common scale.

Where they come from, under which licence, and what was corrected: `data/README.md`.
"""

import csv
from dataclasses import dataclass
from importlib.resources import files

import numpy as np

from kan_edu.checks.arguments import check_choice, check_number, check_seed
from kan_edu.checks.arrays import as_array, check_finite, numbers

from .labels import check_words

MISSING = "NA"  # how a missing value is written in the CSV files
ORIGINS = ("USA", "Europe", "Japan")


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """Measurements with names and units: X (N, n) float64, y (N,).

    For a regression y holds float64 in the unit `target_unit`; for a classification y holds whole numbers and
    `classes[y]` are their names. `extra` has the columns that are words: {name: (N,) array of strings}.
    `dropped` counts the rows that were left out because X or y lacks a value there.
    """

    name: str
    X: np.ndarray
    y: np.ndarray
    columns: tuple
    units: tuple
    target: str
    target_unit: str
    classes: tuple
    extra: dict
    dropped: int
    source: str
    licence: str

    def __repr__(self):
        measured = lambda name, unit: f"{name} [{unit}]" if unit else name  # noqa: E731
        inputs = ", ".join(map(measured, self.columns, self.units))
        goal = f"{self.target}: {', '.join(self.classes)}" if self.classes else measured(self.target, self.target_unit)
        return f"{self.name}, {len(self.X)} rows ({self.dropped} with missing values dropped): {inputs} -> {goal}"


def auto_mpg(missing="drop"):
    """Auto MPG: how far 406 cars of 1970 to 1982 went on a gallon in the city. Returns a `Table`.

    X (392, 7): cylinders, displacement (cubic inches), horsepower, weight (pounds), acceleration (seconds from 0 to
    60 miles per hour, so a large number is a slow car), year (the model year), origin (a code, not a quantity: 1 = USA,
    2 = Europe, 3 = Japan; for a linear model take `one_hot`). y (392,): miles per US gallon. extra: origin, name.
    14 of the 406 rows lack a value (8 the mpg, 6 the horsepower) and are dropped; missing="keep" leaves them in
    with NaN. Raises ValueError for any other `missing`.
    Source: Donoho and Ramos (1982), StatLib; Quinlan (1993), UCI Machine Learning Repository.

    >>> cars = auto_mpg()
    >>> cars.X.shape, cars.dropped
    ((392, 7), 14)
    >>> print(cars.extra["name"][0], cars.y[0])
    chevrolet chevelle malibu 18.0
    """
    columns = ("cylinders", "displacement", "horsepower", "weight", "acceleration", "year")
    rows = read_rows("auto_mpg.csv")
    origin = [float(ORIGINS.index(row["origin"]) + 1) for row in rows]
    table = Table(
        name="Auto MPG",
        X=np.column_stack([column_of(rows, name) for name in columns] + [origin]),
        y=column_of(rows, "mpg"),
        columns=(*columns, "origin"),
        units=("count", "cubic inches", "horsepower", "pounds", "seconds", "year", "code"),
        target="mpg",
        target_unit="miles per gallon",
        classes=(),
        extra=words(rows, ("origin", "name")),
        dropped=0,
        source="Donoho and Ramos (1982), StatLib; Quinlan (1993), UCI, https://doi.org/10.24432/C5859H",
        licence="CC BY 4.0 (UCI's edition); see data/README.md",
    )
    return _without_missing(table, missing)


def penguins(missing="drop"):
    """Palmer penguins: 344 penguins of three species, measured in Antarctica 2007 to 2009. Returns a `Table`.

    X (342, 4): bill_length_mm, bill_depth_mm, flipper_length_mm (mm), body_mass_g (g). y (342,): the species as
    0 = Adelie, 1 = Chinstrap, 2 = Gentoo. extra: island (Biscoe, Dream, Torgersen), sex (male, female; "NA" where
    it is not known), year.
    2 of the 344 rows have no measurements and are dropped; missing="keep" leaves them in with NaN. A missing sex
    drops no row. Raises ValueError for any other `missing`.
    Source: Horst, Hill and Gorman (2020); Gorman, Williams and Fraser (2014).

    >>> birds = penguins()
    >>> [f"{n} {name}" for n, name in zip(np.bincount(birds.y), birds.classes)]
    ['151 Adelie', '68 Chinstrap', '123 Gentoo']
    """
    columns = ("bill_length_mm", "bill_depth_mm", "flipper_length_mm", "body_mass_g")
    rows = read_rows("penguins.csv")
    classes = ("Adelie", "Chinstrap", "Gentoo")
    table = Table(
        name="Palmer penguins",
        X=np.column_stack([column_of(rows, name) for name in columns]),
        y=np.array([classes.index(row["species"]) for row in rows]),
        columns=columns,
        units=("mm", "mm", "mm", "g"),
        target="species",
        target_unit="",
        classes=classes,
        extra=words(rows, ("island", "sex", "year")),
        dropped=0,
        source="Horst, Hill and Gorman (2020), palmerpenguins, https://doi.org/10.5281/zenodo.3960218",
        licence="CC0",
    )
    return _without_missing(table, missing)


def read_rows(filename):
    """The rows of a CSV in kan_edu/data, each a dict of strings."""
    with files(__package__).joinpath(filename).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def column_of(rows, name):
    """A column of CSV rows as floats (N,), NaN where a value is missing."""
    return np.array([np.nan if row[name] == MISSING else float(row[name]) for row in rows])


def words(rows, names):
    """Columns of CSV rows as they are written: {name: array (N,) of strings}."""
    return {name: np.array([row[name] for row in rows]) for name in names}


def _without_missing(table, missing):
    """The table without the rows that have NaN in X or y, or as it is for missing="keep"."""
    check_choice(missing, "missing", ("drop", "keep"))
    whole = np.isfinite(table.X).all(axis=1) & np.isfinite(table.y)
    if missing == "keep":
        whole[:] = True
    extra = {name: words[whole] for name, words in table.extra.items()}
    changed = {"X": table.X[whole], "y": table.y[whole], "extra": extra, "dropped": int((~whole).sum())}
    return Table(**{**vars(table), **changed})


def split(X, y=None, share=0.8, seed=0, stratify=None):
    """Deal the samples out at random, `share` of them to train on: X_train, X_test, y_train, y_test.

    X (N, n) and y (N,) or (N, n_out), or a `Table` alone. The training part holds round(share N) samples. `seed` is a
    whole number or a Generator. With stratify, the classes (N,) as words or whole numbers, each class is dealt out for
    itself: round(share N_c) of its N_c samples to train on, and at least one in each part.
    Raises ValueError for lengths that differ, for a share that is not between 0 and 1, for one that leaves a part
    empty, and for a class of a single sample, which cannot be in both parts.

    >>> X_train, X_test, y_train, y_test = split(penguins(), share=0.75, stratify=penguins().y)
    >>> len(X_train), len(X_test)
    (256, 86)
    >>> (np.bincount(y_train) / np.bincount(penguins().y)).round(2)  # each class has its share
    array([0.75, 0.75, 0.75])
    """
    if isinstance(X, Table):
        if y is not None:
            raise ValueError("a Table brings its own y; pass split(table) or split(X, y)")
        X, y = X.X, X.y
    if y is None:
        raise ValueError("y is missing; pass split(X, y) or split(table)")
    X, y = as_array(X, "X"), as_array(y, "y")
    if X.ndim == 0 or y.ndim == 0 or len(X) != len(y):
        raise ValueError(f"X has shape {X.shape}, y {y.shape}; expected as many rows in X as in y")
    share = check_number(share, "share", 0, 1, open_ends=True, example="0.8 to train on four fifths")
    order = check_seed(seed).permutation(len(X))
    to_train = _first(order, share) if stratify is None else _first_of_each_class(order, share, stratify)
    train, test = order[to_train], order[~to_train]
    return X[train], X[test], y[train], y[test]


def _first(order, share):
    """Which of the samples in this order (N,) are to train on: True for the first round(share N), else False."""
    N = len(order)
    n = round(share * N)
    if n in (0, N):
        raise ValueError(f"share {share} of {N} samples leaves a part empty; pass more samples or another share")
    return np.arange(N) < n


def _first_of_each_class(order, share, stratify):
    """As `_first`, but the first of each class, and at least one of each class for either part."""
    words = check_words(stratify, "classes in stratify")
    if len(words) != len(order):
        raise ValueError(f"stratify has {len(words)} words, X {len(order)} rows; give the class of each sample")
    classes, labels, counts = np.unique(words[order], return_inverse=True, return_counts=True)
    if counts.min() < 2:
        raise ValueError(f"stratify has a single sample of class {classes[counts.argmin()]!s}, which cannot be in both "
                         "parts; join it to another class, drop it, or leave stratify out")  # fmt: skip
    to_train = np.zeros(len(order), dtype=bool)
    for places in np.split(np.argsort(labels, kind="stable"), np.cumsum(counts)[:-1]):
        to_train[places[: min(max(round(share * len(places)), 1), len(places) - 1)]] = True
    return to_train


def standardise(train, *others):
    """Shift and scale each column to mean 0 and standard deviation 1 in train: (train', *others', mean, std).

    train and others (N, n) or (N,); mean and std (n,), or single numbers. The others (test samples) get the mean and
    the std of train: from test samples nothing may be learnt. A column that is constant in train becomes 0
    there (std 1). Most values then lie in [-3, 3]: give a KAN lo=-3, hi=3, or use `to_box`. To go back:
    x = x' std + mean. Raises ValueError for NaN, inf, an empty train and columns that do not fit.

    >>> train, test, mean, std = standardise(np.array([1.0, 3.0]), np.array([5.0]))
    >>> train, test
    (array([-1.,  1.]), array([3.]))
    """
    train = _check_scalable(train)
    power = np.frexp(np.abs(train).max(axis=0))[1]  # by a power of two, exactly, or squares of 1e170 would be inf
    near_one = np.ldexp(train, -power)
    mean, std = (np.ldexp(part, power) for part in (near_one.mean(axis=0), near_one.std(axis=0)))
    return _rescale(train, others, mean, std)


def to_box(train, *others):
    """Shift and scale each column so that train fills [-1, 1], a KAN's usual range: (train', *others', mid, half).

    As `standardise`, with the middle of the range for the mean and half its width for the std. The others may
    leave [-1, 1] a little. A column that is constant in train becomes 0 there (half 1).

    >>> train, test, mid, half = to_box(np.array([0.0, 4.0, 10.0]), np.array([11.0]))
    >>> train, test
    (array([-1. , -0.2,  1. ]), array([1.2]))
    """
    train = _check_scalable(train)
    lo, hi = train.min(axis=0), train.max(axis=0)
    return _rescale(train, others, lo + (hi / 2 - lo / 2), hi / 2 - lo / 2)


def _check_scalable(A, train=None):
    """A as a float64 array (N, n) or (N,) without NaN; with as many columns as train, where that is given."""
    A = numbers(A, "train" if train is None else "an array to scale")
    if train is None and (A.ndim not in (1, 2) or A.size == 0):
        raise ValueError(f"train has shape {A.shape}; expected (N, n) or (N,), not empty")
    if train is not None and (A.ndim, A.shape[1:]) != (train.ndim, train.shape[1:]):
        raise ValueError(f"an array to scale has shape {A.shape}, train {train.shape}; give both the same columns")
    return A


def _rescale(train, others, middle, width):
    """(A - middle) / width for train and the others; a constant column is recognised by its values, because its
    computed standard deviation is often 1e-17 rather than 0."""
    constant = train.max(axis=0) == train.min(axis=0)
    middle, width = np.where(constant, train[0], middle), np.where(constant, 1.0, width)
    if (width == 0).any():
        raise ValueError("a column's values differ by less than float64 can divide by; multiply it by 1e100 first")
    with np.errstate(over="ignore"):
        scaled = [(A - middle) / width for A in (train, *[_check_scalable(A, train) for A in others])]
    for A in scaled:
        check_finite(A, "the result of scaling")
    return *scaled, middle, width
