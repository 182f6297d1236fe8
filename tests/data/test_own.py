"""Your own table: a CSV as spreadsheets write it, arrays, and the words in which everything else is refused."""

import numpy as np
import pytest

from kan_edu.checks.words import subscript
from kan_edu.data.own import own_table
from kan_edu.data.tables import auto_mpg, penguins

ROWS = [(n, n / 4, 3 * n - 1) for n in range(12)]


def written(folder, head="a,b,y", rows=ROWS, between=",", name="mine.csv", encoding="utf-8"):
    """The path of a CSV with this first line and these rows."""
    path = folder / name
    lines = [head, *(between.join(map(str, row)) for row in rows)]
    path.write_text("\n".join(lines) + "\n", encoding=encoding)
    return path


@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_csv_gives_its_last_column_and_the_names_of_its_first_line(tmp_path, between):
    path = written(tmp_path, head=between.join(['"weight, kg"' if between == "," else "weight, kg", "b", "y"]),
                   between=between)
    for given in (path, str(path)):
        table = own_table(given)
        np.testing.assert_array_equal(table.X, np.array(ROWS, dtype=float)[:, :2])
        np.testing.assert_array_equal(table.y, np.array(ROWS, dtype=float)[:, 2])
        assert (table.columns, table.target, table.name, table.dropped) == (("weight, kg", "b"), "y", "mine.csv", 0)


def test_rows_that_lack_a_value_are_left_out_and_counted(tmp_path):
    rows = [*ROWS, ("", 1, 2), (1, "NA", 2), (1, 2, "?"), (1, "NaN", 2)]
    table = own_table(written(tmp_path, rows=rows))
    assert table.X.shape == (12, 2) and table.dropped == 4
    assert repr(table) == "mine.csv, 12 rows (4 with missing values dropped): a, b -> y"


def test_what_spreadsheets_add_is_no_part_of_a_name(tmp_path):
    path = written(tmp_path, head=" a , b ,y", encoding="utf-8-sig")
    path.write_text(path.read_text(encoding="utf-8") + "\n\n,,\n", encoding="utf-8")
    assert own_table(path).columns == ("a", "b")


class Named(list):
    """A list that has names, as a table of pandas."""

    columns, name = ("bill", "mass"), "depth"


def test_arrays_bring_their_names_or_get_some():
    X, y = [row[:2] for row in ROWS], [row[2] for row in ROWS]
    table = own_table((X, y))
    assert (table.columns, table.target) == (("x₁", "x₂"), "y")
    np.testing.assert_array_equal(own_table((np.array(X)[:, 0], np.array(y)[:, None])).X, np.array(X)[:, :1])
    table = own_table((Named(X), Named(y)))
    assert (table.columns, table.target) == (("bill", "mass"), "depth")
    assert subscript(120) == "₁₂₀"


def test_a_table_of_the_course_is_taken_as_it_is():
    cars = auto_mpg()
    assert own_table(cars) is cars


REFUSED = {
    "words": ({"rows": [*ROWS, (1, "red", 2)]}, "line 14 of mine.csv has 'red' in the column 'b'; expected a number: "
              "leave the column out"),
    "commas": ({"rows": [*ROWS, (1, "2,5", 2)], "between": ";", "head": "a;b;y"}, "'2,5' in the column 'b'; expected a "
               "number: write it with a point"),
    "inf": ({"rows": [*ROWS, (1, "inf", 2)]}, "expected a number that is finite: leave the line out"),
    "short": ({"rows": [*ROWS, (1, 2)]}, "line 14 of mine.csv has 2 cells, its first line 3"),
    "no names": ({"head": "1,2,3"}, "the first line of mine.csv holds numbers (1, 2, 3)"),
    "doubled": ({"head": "a,a,y"}, "has the name 'a' more than once"),
    "unnamed": ({"head": "a,,y"}, "has a column without a name"),
    "few": ({"rows": ROWS[:9]}, "mine.csv: 9 whole rows are too few"),
    "none whole": ({"rows": [("NA", 1, 2)] * 20}, "mine.csv: 0 whole rows are too few"),
    "constant": ({"rows": [(n, 1, 7) for n in range(12)]}, "mine.csv: y is 7 in every row"),
    "one column": ({"head": "y", "rows": [(n,) for n in range(12)]}, "is no table of two columns or more"),
    "no rows": ({"rows": []}, "is no table of two columns or more"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_table_that_is_none_is_refused_with_the_place_and_the_remedy(tmp_path, case):
    options, words = REFUSED[case]
    with pytest.raises(ValueError) as error:
        own_table(written(tmp_path, **options))
    assert words in str(error.value)


def test_no_file_and_no_text(tmp_path):
    with pytest.raises(FileNotFoundError):
        own_table(tmp_path / "nothing.csv")
    path = tmp_path / "mine.csv"
    for data in (b"\xff\xfe\x00", b""):
        path.write_bytes(data)
        with pytest.raises(ValueError, match=r"mine\.csv is no "):
            own_table(path)


@pytest.mark.parametrize(("data", "words"), [
    (3, "data is 3; expected a pair (X, y) of arrays, the path of a CSV, or a Table"),
    (np.ones((12, 2)), "expected a pair (X, y) of arrays"),
    (penguins(), "Palmer penguins: species is one of 3 classes; expected a quantity"),
    (auto_mpg(missing="keep"), "NaN"),
    (([[1, 2]] * 12, range(11)), "X has 12 rows, y 11"),
    (([["a"]] * 12, range(12)), "X holds text, such as 'a'"),
    (([[1.0, np.nan]] * 12, range(12)), "NaN"),
    (([[1.0]] * 12, [[1, 2]] * 12), "y has 2 columns, expected 1"),
])  # fmt: skip
def test_arrays_that_are_none_are_refused(data, words):
    with pytest.raises(ValueError) as error:
        own_table(data)
    assert words in str(error.value)
