"""The questions asked of data: what passes, and that a refusal says what came, what was expected, what to do."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from kan_edu.checks.arrays import alike, check_finite, check_matrix, check_slope, check_vector, numbers  # fmt: skip


@pytest.mark.parametrize("X", [[[1, 2]], np.ones((3, 2), dtype=np.float32), np.ones((1, 2), dtype=bool), ((1, 2),)])
def test_whatever_reads_as_a_matrix_of_numbers_becomes_float64(X):
    found = check_matrix(X, columns=2)
    assert found.dtype == np.float64
    assert found.shape == np.shape(X)


def test_a_good_matrix_is_not_copied():
    X = np.ones((3, 2))
    assert check_matrix(X) is X


@pytest.mark.parametrize(
    ("X", "words"),
    [
        ("abc", r"^Z holds text, such as 'abc'; expected numbers: x.astype\(float\) if all of it is numerals"),
        ([[1, 2], [3]], r"^Z could not be read as numbers \(its rows have different lengths\); pass an array"),
        (dict, r"^Z could not be read as numbers \(it is dict\); pass an array of numbers$"),
        ([[object()]], r"^Z holds <object object at .*> at index \(0, 0\); expected numbers: take the numbers that"),
        (3.0, r"^Z has shape \(\); expected two dimensions \(N, n\)$"),
        ([1, 2], r"^Z has shape \(2,\); expected two dimensions .*; use x\[None, :\] for one sample of 2 numbers$"),
        ([1, 2, 3], r"^Z has shape \(3,\); expected two dimensions \(N, n\)$"),
        ([[[1]]], r"^Z has shape \(1, 1, 1\); expected two dimensions \(N, n\)$"),
        ([[1, 2, 3]], r"^Z has 3 columns, expected 2 \(the test's model\)$"),
        (np.zeros((0, 2)), r"^Z is empty \(shape \(0, 2\)\); pass at least one sample$"),
        ([[1, np.nan], [np.inf, 2]], r"^Z holds 2 values that are NaN or inf \(the first at index \(0, 1\)\); drop"),
    ],
)
def test_a_refused_matrix_is_told_why(X, words):
    with pytest.raises(ValueError, match=words):
        check_matrix(X, "Z", columns=2, hint="(the test's model)")


def test_finite_numbers_of_any_size_pass():
    check_finite(np.array([0, -1e308, 5e-324]))


def test_a_slope_has_the_shape_of_its_output():
    assert check_slope([[1, 2]], (1, 2)).shape == (1, 2)
    with pytest.raises(ValueError, match=r"^dL/dY has shape \(2,\); expected \(2, 1\)"):
        check_slope([1, 2], (2, 1))


def test_numbers_in_a_row_for_one_column_are_many_samples():
    with pytest.raises(ValueError, match=r"expected two dimensions \(N, n\); use x\[:, None\] for N samples of one"):
        check_matrix([1, 2], columns=1)


class Column:
    """Stands in for a pandas Series or DataFrame: NumPy asks for its array, whatever type that has."""

    def __init__(self, values, dtype=None):
        self.values = np.array(values, dtype=dtype)

    def __array__(self, dtype=None, copy=None):
        return self.values if dtype is None else self.values.astype(dtype)


class NAType:
    """pandas.NA by name."""


DAYS = np.array(["2024-01-01", "NaT"], dtype="datetime64[D]")


@pytest.mark.parametrize("x", [
    [1, 2], (True, False), np.float32([1.5]), np.uint8([200]), 3, Column([1.0, 2.0]), Column([1, True, 2.5], object),
    [Fraction(1, 2), Decimal("0.25")], np.ma.masked_equal([1.0, 2.0], 7), np.arange(3.0).astype(">f8"), [10**30],
])  # fmt: skip
def test_numbers_of_every_kind_come_in_as_float64(x):
    found = numbers(x)
    assert type(found) is np.ndarray and found.dtype == np.dtype(float) and found.dtype.isnative
    values = getattr(x, "values", x)
    assert found.tolist() == np.array(values, dtype=object).astype(float).tolist()


@pytest.mark.parametrize(("x", "words"), [
    (DAYS, r"^Z holds dates; expected numbers: split off the year, say, or count days"),
    (DAYS - DAYS[0], r"^Z holds lengths of time; expected numbers: divide by a unit"),
    (Column([date(2024, 1, 1)], object), r"at index \(0,\); expected numbers: split off the year"),
    (np.ma.masked_equal([1.0, -999], -999), r"^Z holds 1 masked values, which are missing; drop those rows, or fill"),
    ([np.ma.masked_equal([1.0, -999], -999), np.ma.array([1.0, 2])], "^Z holds 1 masked values"),
    ([1.0, np.ma.masked], "^Z holds 1 masked values"),
    ([1 + 0j, 2], r"^Z holds complex numbers; expected numbers: take x.real, x.imag or abs\(x\)$"),
    (Column([1.0, 2j], object), r"^Z holds 2j at index \(1,\); expected numbers: take x.real"),
    ([1.0, None], r"^Z holds None at index \(1,\); expected numbers: it is missing, so drop those rows or fill"),
    (Column([1, NAType()], object), r"at index \(1,\); expected numbers: it is missing"),
    (["1", "2"], r"^Z holds text, such as '1'; expected numbers: x.astype\(float\) if all .* datasets.one_hot\(x\) if"),
    (Column(["USA", 3], object), r"^Z holds 'USA' at index \(0,\); expected numbers: x.astype"),
    ({1.0: 2.0}, r"^Z could not be read as numbers \(it is dict\)"),
    (10**400, "^Z holds a whole number beyond 1.8e308; scale the data first$"),
    (np.zeros(2, dtype=[("a", float)]), r"^Z holds values of type .*; expected numbers"),
    ([1.0, np.nan], "^Z holds 1 value that is NaN or inf"),
])  # fmt: skip
def test_what_is_no_number_is_told_what_it_is_and_what_to_do(x, words):
    with pytest.raises(ValueError, match=words):
        numbers(x, "Z")


def test_a_vector_may_be_a_column():
    assert check_vector([[1], [2]]).tolist() == [1, 2]
    with pytest.raises(ValueError, match=r"^y has shape \(2,\); expected 3 numbers in a row, \(3,\)$"):
        check_vector([1, 2], "y", 3)


def test_arrays_that_go_together_have_one_shape():
    assert [v.tolist() for v in alike([[1], [2]], [3, 4])] == [[[1], [2]], [[3], [4]]]
    assert alike([1, 2], 3)[1].tolist() == [3, 3]
    for b in ([1, 2, 3], [[1, 2]], [[[1]], [[2]]], [1]):
        with pytest.raises(ValueError, match=r"^x has shape \(2,\), y \(.*\); expected arrays of one shape$"):
            alike([1, 2], b)
