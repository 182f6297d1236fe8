"""Your own data as a Table: arrays as they are, or a CSV whose first line names its columns."""

import csv
from pathlib import Path

import numpy as np

from kan_edu.checks.arguments import shown
from kan_edu.checks.arrays import check_column, check_matrix, numbers
from kan_edu.checks.words import subscript

from .tables import Table

MISSING = ("", "NA", "N/A", "NaN", "nan", "null", "?")  # how tables write that a value is missing
SEPARATORS = ",;\t"
FEWEST = 10  # rows


def own_table(data):
    """Numbers of your own as a `Table`: X (N, n), y (N,) of what is to be learnt, and their names.

    data    the path of a CSV: its first line has the names, its last column is y; cells are separated by commas,
            semicolons or tabs. Rows with a missing value (an empty cell, NA, NaN, ?) are dropped and counted.
            Or a pair (X, y) of arrays, lists or pandas tables, X (N, n) or (N,), y (N,) or (N, 1); or a `Table`
            whose y is a quantity, such as `auto_mpg()`

    Raises FileNotFoundError where no file is, and ValueError for cells that hold no numbers, lines of other lengths,
    less than 10 rows, names that are missing or doubled, and a y that is the same everywhere.

    >>> own_table(([[0.0, 1.0]] * 5 + [[1.0, 2.0]] * 5, range(10)))
    your data, 10 rows (0 with missing values dropped): x₁, x₂ -> y
    """
    if isinstance(data, Table):
        table = _of_quantities(data)
    elif isinstance(data, str | Path):
        table = _from_file(Path(data))
    elif isinstance(data, list | tuple) and len(data) == 2:
        table = _from_arrays(*data)
    else:
        raise ValueError(f"data is {shown(data)}; expected a pair (X, y) of arrays, the path of a CSV, or a Table")
    if len(table.X) < FEWEST:
        raise ValueError(f"{table.name}: {len(table.X)} whole rows are too few to learn from and to hold some out; "
                         f"expected {FEWEST} at least")  # fmt: skip
    if np.ptp(table.y) == 0:
        raise ValueError(f"{table.name}: {table.target} is {table.y[0]:g} in every row, so there is nothing to learn")
    return table


def _of_quantities(table):
    """A Table as it is; a ValueError if its y is classes, or lacks values."""
    if table.classes:
        raise ValueError(f"{table.name}: {table.target} is one of {len(table.classes)} classes; expected a quantity")
    check_matrix(table.X, f"{table.name}: X"), check_column(table.y, f"{table.name}: {table.target}")
    return table


def _from_arrays(X, y):
    names = [str(name) for name in getattr(X, "columns", ())]
    target = getattr(y, "name", None)
    X = numbers(X, "X", finite=False)
    X, y = check_matrix(X[:, None] if X.ndim == 1 else X, "X"), check_column(y, "y")
    if len(X) != len(y):
        raise ValueError(f"X has {len(X)} rows, y {len(y)}; expected one y for each row of X")
    names = names if len(names) == X.shape[1] else [f"x{subscript(i + 1)}" for i in range(X.shape[1])]
    return _table("your data", X, y, names, "y" if target is None else str(target), 0)


def _from_file(path):
    rows = _rows(path)
    names = _check_head(path, rows[0][1])
    values = np.array([[_number(cell, path, name, line) for name, cell in zip(names, cells, strict=True)]
                       for line, cells in rows[1:]]).reshape(-1, len(names))  # fmt: skip
    whole = np.isfinite(values).all(axis=1)
    values = values[whole]
    return _table(path.name, values[:, :-1], values[:, -1], names[:-1], names[-1], int((~whole).sum()))


def _table(name, X, y, columns, target, dropped):
    return Table(name=name, X=X, y=y, columns=tuple(columns), units=("",) * len(columns), target=target, target_unit="",
                 classes=(), extra={}, dropped=dropped, source=name, licence="")  # fmt: skip


def _rows(path):
    """[(number of the line, cells), ...] of all lines that are not blank, each with as many cells as the first."""
    try:
        text = path.read_text(encoding="utf-8-sig")  # spreadsheets put a mark before the first letter
    except UnicodeDecodeError:
        raise ValueError(f"{path.name} is no text in UTF-8; save the table as CSV, in UTF-8") from None
    lines = text.splitlines()
    head = next(filter(str.strip, lines), "")
    reader = csv.reader(lines, delimiter=max(SEPARATORS, key=head.count))
    rows = [(reader.line_num, [cell.strip() for cell in cells]) for cells in reader if any(map(str.strip, cells))]
    if len(rows) < 2 or len(rows[0][1]) < 2:
        raise ValueError(f"{path.name} is no table of two columns or more with names in its first line; expected "
                         "a line such as a,b,y and lines of numbers below it")  # fmt: skip
    for line, cells in rows:
        if len(cells) != len(rows[0][1]):
            raise ValueError(f"line {line} of {path.name} has {len(cells)} cells, its first line {len(rows[0][1])}; "
                             "expected one for each name")  # fmt: skip
    return rows


def _check_head(path, names):
    """The names in the first line, or a ValueError."""
    if all(map(_is_numeral, names)):
        raise ValueError(f"the first line of {path.name} holds numbers ({', '.join(names[:3])}); expected the names of "
                         "the columns")  # fmt: skip
    wrong = [name for name in names if not name or names.count(name) > 1]
    if wrong:
        what = f"the name {wrong[0]!r} more than once" if wrong[0] else "a column without a name"
        raise ValueError(f"the first line of {path.name} has {what}; give each column a name of its own")
    return names


def _is_numeral(cell):
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _number(cell, path, name, line):
    """A cell as a number, NaN where it is missing; a ValueError says which cell holds none, and what to do."""
    if cell in MISSING:
        return np.nan
    where = f"line {line} of {path.name} has {cell!r} in the column {name!r}; expected a number"
    if not _is_numeral(cell):
        comma = cell.count(",") == 1 and _is_numeral(cell.replace(",", "."))
        raise ValueError(f"{where}: " + ("write it with a point" if comma else
                                         "leave the column out, or write numbers for its words"))  # fmt: skip
    if not np.isfinite(float(cell)):
        raise ValueError(f"{where} that is finite: leave the line out")
    return float(cell)
