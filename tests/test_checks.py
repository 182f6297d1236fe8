"""The questions asked of data: what passes, and that a refusal says what came, what was expected, what to do."""

import numpy as np
import pytest

from kan_edu.checks import check_finite, check_integer, check_matrix, check_range, check_slope


@pytest.mark.parametrize("X", [[[1, 2]], np.ones((3, 2), dtype=np.float32), np.ones((1, 2), dtype=bool), (("1", "2"),)])
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
        ("abc", r"^Z could not be read as numbers \(.*\); pass an array of shape \(N, n\)$"),
        ([[1, 2], [3]], "^Z could not be read as numbers"),
        ([[object()]], "^Z could not be read as numbers"),
        (3.0, r"^Z has shape \(\); expected two dimensions \(N, n\)$"),
        ([1, 2], r"^Z has shape \(2,\); expected two dimensions \(N, n\); use x\[:, None\] for N samples"),
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


@pytest.mark.parametrize("value", [1, np.int64(7), np.uint8(3)])
def test_whole_numbers_pass_as_int(value):
    assert type(check_integer(value, "G", 1)) is int


@pytest.mark.parametrize("value", [0, -3, 2.0, True, "3", None, np.nan])
def test_other_things_are_no_whole_number(value):
    with pytest.raises(ValueError, match=r"^G is .*; expected a whole number >= 1$"):
        check_integer(value, "G", 1)


def test_a_range_is_two_finite_numbers_in_order():
    assert check_range(0, 1) == (0.0, 1.0)
    for lo, hi in [(1, 1), (1, 0), (np.nan, 1), (0, np.inf), (-np.inf, 0)]:
        with pytest.raises(ValueError, match=rf"^the range is \[{lo}, {hi}\]; expected two finite numbers with lo"):
            check_range(lo, hi)


def test_a_slope_has_the_shape_of_its_output():
    assert check_slope([[1, 2]], (1, 2)).shape == (1, 2)
    with pytest.raises(ValueError, match=r"^dL/dY has shape \(2,\); expected \(2, 1\)"):
        check_slope([1, 2], (2, 1))
