"""Whole numbers in arrays: exact at any size, and nothing else."""

from fractions import Fraction

import numpy as np
import pytest

from kan_edu.checks.integers import integers

BIG = 2**62 + 1  # no float64


@pytest.mark.parametrize("x", [[3, BIG], (3, BIG), np.array([3, BIG]), np.array([3, BIG], dtype=object)])
@pytest.mark.parametrize("dtype", [np.int64, object])
def test_whole_numbers_pass_exactly(x, dtype):
    found = integers(x, "X", 0, 2**63 - 1, dtype)
    assert found.dtype == dtype and found.tolist() == [3, BIG]


def test_beyond_64_bits_they_are_objects():
    assert integers([10**30], "X", 0, 10**31, object).tolist() == [10**30]
    with pytest.raises(ValueError, match=r"^X holds an entry that is 10000.*; expected a whole number from 0 to 5$"):
        integers([10**30], "X", 0, 5)


@pytest.mark.parametrize("x", [[0.5], [1.0], np.float32([1]), [True], [np.nan], ["1"], [None], [1j], [],
                               np.array([1], dtype="m8[D]"), [Fraction(1)], "1", None])  # fmt: skip
def test_what_is_no_whole_number_is_refused(x):
    with pytest.raises(ValueError, match="^X .*[;:]"):
        integers(x, "X", 0, 5)


@pytest.mark.parametrize("x", [[-1, 2], [2, 6], np.uint64([2**63])])
def test_numbers_beyond_the_ends_are_refused(x):
    with pytest.raises(ValueError, match="expected whole numbers from 0 to 5: take walls"):
        integers(x, "X", 0, 5, advice="take walls.coordinate(x)")
