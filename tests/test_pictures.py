"""Pictures as functions: the right grey value at the right place, continuous, and an error for what is no picture."""

import numpy as np
import pytest

from kan_edu.pictures import function_of, letters


def test_the_letters_fill_a_square_and_stand_upright():
    picture = letters()
    assert picture.shape == (54, 54) and set(np.unique(picture)) == {0, 1}
    f = function_of(picture)
    assert f(0.06, 0.5) == 1, "the stem of the K is on the left"
    top, bottom = f(np.linspace(0.36, 0.62, 99), 0.85), f(np.linspace(0.36, 0.62, 99), 0.15)
    assert np.mean(top > 0.5) > 0.5 > np.mean(bottom > 0.5), "the A is closed above and open below"


def test_at_the_middle_of_a_pixel_f_is_its_grey_value():
    picture = np.random.default_rng(0).random((4, 6))
    f = function_of(picture)
    x, y = (np.arange(6) + 0.5) / 6, (np.arange(4) + 0.5) / 4
    np.testing.assert_allclose(f(x[None, :], y[::-1, None]), picture, atol=1e-12)


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
