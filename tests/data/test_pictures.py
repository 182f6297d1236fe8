"""Pictures as functions: the right grey value at the right place, continuous, and an error for what is no picture."""

import numpy as np
import pytest

from kan_edu.data.pictures import function_of, letters


def test_the_letters_fill_a_square_and_stand_upright():
    picture = letters(60)
    assert picture.shape == (60, 60) and (picture.min(), picture.max()) == (0, 1) and 0.1 < picture.mean() < 0.4
    f = function_of(letters())
    assert f(0.08, 0.5) > 0.95 and f(0.2, 0.3) > f(0.25, 0.5), "the stem of the K is on the left"
    assert f(0.5, 0.85) > 0.95 and f(0.5, 0.15) == 0, "the A is closed above and open below"
    assert f(0.8, 0.57) > 0.95 and f(0.785, 0.3) < 0.05, "the N falls from left to right"


def test_at_the_middle_of_a_pixel_f_is_its_grey_value():
    picture = np.random.default_rng(0).random((4, 6))
    f = function_of(picture)
    x, y = (np.arange(6) + 0.5) / 6, (np.arange(4) + 0.5) / 4
    np.testing.assert_allclose(f(*np.meshgrid(x, y[::-1])), picture, atol=1e-12)


@pytest.mark.parametrize("x, y, words", [
    (np.zeros(3), np.zeros((4, 1)), "arrays of one shape"), (1.01, 0.5, "expected"), (0.5, -0.01, "expected"),
    ([], [], "empty"), ("0.5", 0.5, "text"),
])  # fmt: skip
def test_f_takes_places_on_the_picture_only(x, y, words):
    with pytest.raises(ValueError, match=words):
        function_of(np.eye(4))(x, y)


@pytest.mark.parametrize("side", [0, 2.5, "9", None, 10**9, 10**30])
def test_letters_have_a_size(side):
    with pytest.raises(ValueError, match="side is .*; expected|pixels would take .* GiB"):
        letters(side)


def test_f_is_continuous_and_constant_beyond_the_outer_middles():
    f = function_of(np.random.default_rng(1).random((5, 7)))
    x = np.linspace(0, 1, 20_001)
    for line in (f(x, 0.37), f(0.61, x)):
        assert np.abs(np.diff(line)).max() < 1e-3
    assert f(0, 0) == f(0.05, 0.05) and f(1, 1) == f(0.99, 0.99)


@pytest.mark.parametrize("picture, words", [
    (np.zeros((4, 4, 3)), "two dimensions"), (np.zeros((0, 3)), "empty"), ([[np.nan, 0]], "NaN"), ("x.png", "numbers"),
])
def test_what_is_no_picture_is_refused_in_words(picture, words):
    with pytest.raises(ValueError, match=words):
        function_of(picture)
