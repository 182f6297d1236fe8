"""SuperpositionApp in a real JupyterLab: a point followed with the keyboard alone, both themes, its lists."""

import pytest

from kan_edu.apps import SuperpositionApp
from tests.browser.alone import again, first_state, keyboard_alone, opened_with, readable_in_both_themes
from tests.browser.direct import expect, move, pixels


@pytest.fixture(scope="module")
def notebook(tab):
    """A notebook with one SuperpositionApp and nothing else, run."""
    with opened_with(tab, SuperpositionApp) as notebook:
        yield notebook


@pytest.fixture
def pair(notebook):
    return first_state(notebook, SuperpositionApp)


@again
def test_a_point_is_followed_with_the_keyboard_alone(pair):
    there, here = pair
    keyboard_alone(there, here, [
        ("x", ["ArrowRight"] * 5), ("y", ["PageDown", "ArrowLeft"]), ("levels", ["End"]),
        ("look at level", ["ArrowRight"]), ("share c", ["ArrowLeft"] * 3)])
    assert here.state["levels"] == 4 and here.state["x"] == 0.525


@again
def test_the_lists_change_the_picture(pair):
    there, here = pair
    for name, option in (("function", "|x - y|"), ("cells", 8)):
        description = here.controls[name].description
        here.controls[name].value = option
        there.sliders()[description].press("Home", *["ArrowRight"] * here.controls[name].index)
        expect(there, pixels(here), f"SuperpositionApp {name}")
        assert there.text() == here.live.text


@again
def test_two_hundred_keys_end_on_the_last_value(pair):
    there, here = pair
    slider = there.sliders()["x"]
    slider.press("Home", *["ArrowRight"] * 199)
    assert slider.value() == pytest.approx(0.995)
    move(here, "x", slider.value())
    expect(there, pixels(here), "SuperpositionApp 200 keys")


@again
def test_both_themes_are_readable(notebook, pair):
    readable_in_both_themes(notebook, *pair)
