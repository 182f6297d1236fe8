"""Counts, numbers, flags, seeds, ranges, functions, room: what passes, and that a refusal says what to give instead."""

from fractions import Fraction

import numpy as np
import pytest

from kan_edu.checks.arguments import (  # fmt: skip
    check_choice,
    check_flag,
    check_function,
    check_integer,
    check_number,
    check_range,
    check_room,
    check_seed,
)


@pytest.mark.parametrize("value", [1, np.int64(7), np.uint8(3)])
def test_whole_numbers_pass_as_int(value):
    assert type(check_integer(value, "G", 1)) is int


@pytest.mark.parametrize("value", [0, -3, 2.0, True, np.True_, "3", None, np.nan, np.timedelta64(3, "D")])
def test_other_things_are_no_whole_number(value):
    with pytest.raises(ValueError, match=r"^G is .*; expected a whole number >= 1$"):
        check_integer(value, "G", 1)


def test_a_whole_number_may_have_a_largest():
    assert check_integer(4, "k", 0, 4) == 4
    with pytest.raises(ValueError, match=r"^k is 5; expected a whole number from 0 to 4$"):
        check_integer(5, "k", 0, 4)


@pytest.mark.parametrize("value", [np.nan, np.inf, "0.1", None, True, np.True_, 2.0, -1, 0, np.timedelta64(1)])
def test_a_number_that_is_none_or_outside_its_ends_is_refused(value):
    with pytest.raises(ValueError, match=r"^lr is .*; expected a finite number above 0 below 2, such as 0.01$"):
        check_number(value, "lr", 0, 2, open_ends=True, example=0.01)


@pytest.mark.parametrize("value", [0.5, np.float32(0.5), Fraction(1, 2)])
def test_numbers_pass_as_float(value):
    assert check_number(value, "lr", 0, 2) == 0.5 and type(check_number(value, "lr")) is float


@pytest.mark.parametrize("value", [10**400, -(10**400)], ids=["above", "below"])
def test_a_whole_number_beyond_float64_is_refused(value):
    with pytest.raises(ValueError, match=r"^c is -?1000.*\.\.\.; expected a finite number$"):
        check_number(value, "c")


def test_a_range_is_two_finite_numbers_in_order():
    assert check_range(0, 1) == (0.0, 1.0)
    for lo, hi in [(1, 1), (1, 0), (np.nan, 1), (0, np.inf), (-np.inf, 0)]:
        with pytest.raises(ValueError, match=rf"^the range is \[{lo}, {hi}\]; expected two finite numbers with lo"):
            check_range(lo, hi)


@pytest.mark.parametrize("value", [None, "no", 1, 0.0, [], np.array([True])])
def test_what_merely_counts_as_true_is_no_flag(value):
    assert check_flag(np.True_, "base") is True
    with pytest.raises(ValueError, match=r"^base is .*; expected True or False, silu beside the spline$"):
        check_flag(value, "base", "silu beside the spline")


@pytest.mark.parametrize("value", ["C", b"a", None, ["a"], ""])
def test_a_choice_is_one_of_the_words(value):
    assert check_choice("a", "state", ("a", "b")) == "a"
    with pytest.raises(ValueError, match=r"^state is .*; expected one of 'a', 'b'$"):
        check_choice(value, "state", ("a", "b"))


@pytest.mark.parametrize("value", [None, "sin", 3, float])
def test_a_function_is_no_name_and_no_class(value):
    assert check_function(np.sin, "f", "np.sin") is np.sin
    with pytest.raises(ValueError, match=r"^f is .*; expected a function, such as np.sin$"):
        check_function(value, "f", "np.sin")


def test_more_memory_than_there_is_room_for_is_refused_before_it_is_asked_for():
    check_room(2**28, "the table", "take fewer points")
    with pytest.raises(ValueError, match=r"^the table would take 8 GiB of memory; take fewer points$"):
        check_room(2**30, "the table", "take fewer points")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("value", [np.float32(0.5), np.float16(0.5), np.longdouble(0.5)])
def test_short_and_long_floats_are_numbers_without_a_warning(value):
    assert check_number(value, "lr", 0, 2) == 0.5


def test_the_ends_of_a_range_may_be_fractions_but_not_one_float():
    assert check_range(Fraction(1, 2), 1) == (0.5, 1.0)
    for lo in (1 - Fraction(1, 10**30), np.timedelta64(0), "0", 10**400):
        with pytest.raises(ValueError, match="expected two finite numbers with lo < hi"):
            check_range(lo, 1)


def test_room_for_a_number_beyond_float64_is_refused_in_words():
    with pytest.raises(ValueError, match=r"^x would take more than 10\^300 GiB of memory; take less"):
        check_room(10**400, "x", "take less")


@pytest.mark.parametrize("seed", [None, -1, 1.0, True, "1", np.timedelta64(3, "D"), np.random.RandomState(1)])
def test_a_seed_is_a_whole_number_or_a_generator(seed):
    with pytest.raises(ValueError, match="^seed is .*; expected a whole number >= 0.*or a Generator"):
        check_seed(seed)


def test_a_number_of_too_many_digits_to_be_written_down_is_refused_all_the_same():
    with pytest.raises(ValueError, match="^N is a value of type int; expected a whole number from 1 to 9$"):
        check_integer(10**5000, "N", 1, 9)
