"""ApproximationApp in a real JupyterLab: driven with the keyboard alone, its lists, both themes."""

import pytest

from kan_edu.apps import ApproximationApp
from tests.browser.alone import again, first_state, keyboard_alone, opened_with, readable_in_both_themes
from tests.browser.direct import expect, move, pixels


@pytest.fixture(scope="module")
def notebook(tab):
    """A notebook with one ApproximationApp and nothing else, run."""
    with opened_with(tab, ApproximationApp) as notebook:
        yield notebook


@pytest.fixture
def pair(notebook):
    return first_state(notebook, ApproximationApp)


@again
def test_every_control_is_reached_and_moved_with_the_keyboard_alone(pair):
    there, here = pair
    keyboard_alone(there, here, [
        ("target f", ["ArrowRight"]), ("N units", ["ArrowRight"] * 5), ("log₂ steepness", ["End"]),
        ("piece near x", ["Home"]), ("raise it by", ["PageUp"]), ("move it by", ["ArrowRight"] * 3),
        ("pieces", ["Home"]), ("activation", ["ArrowDown"])])
    assert here.state["N"] == 13 and here.state["steepness"] == 12 and here.state["units"] == "relu"


@again
def test_two_hundred_keys_end_on_the_last_value(pair):
    there, here = pair
    slider = there.sliders()["N units"]
    slider.press("Home", *["ArrowRight"] * 120, *["ArrowLeft"] * 80)
    move(here, "N units", slider.value())
    expect(there, pixels(here), "ApproximationApp 200 keys")
    assert there.text() == here.live.text and here.state["N"] == 1


@again
def test_both_themes_are_readable(notebook, pair):
    readable_in_both_themes(notebook, *pair)
