"""DownhillApp in a real JupyterLab: driven with the keyboard alone, Play walks to the end, both themes."""

import pytest

from kan_edu.apps import DownhillApp
from tests.browser.alone import again, first_state, keyboard_alone, opened_with, readable_in_both_themes
from tests.browser.direct import expect, move, pixels


@pytest.fixture(scope="module")
def notebook(tab):
    """A notebook with one DownhillApp and nothing else, run."""
    with opened_with(tab, DownhillApp) as notebook:
        yield notebook


@pytest.fixture
def pair(notebook):
    return first_state(notebook, DownhillApp)


@again
def test_every_control_is_reached_and_moved_with_the_keyboard_alone(pair):
    there, here = pair
    keyboard_alone(there, here, [
        ("step", ["End"]), ("surface", ["ArrowRight"]), ("optimiser", ["ArrowRight"] * 3),
        ("start, across", ["PageUp"]), ("start, up", ["ArrowLeft"] * 4), ("log₁₀ rate", ["ArrowLeft"] * 5)])
    assert here.state["surface"] == "scale" and here.state["optimiser"] == "Adam"
    assert here.state["rate"] == -0.75 and here.state["b"] == 0.8


@again
def test_play_walks_to_the_end(pair):
    there, here = pair
    there.button("Play").press("Enter")
    move(here, "step", 100)
    expect(there, pixels(here), "DownhillApp played to the end")
    assert there.text() == here.live.text and there.sliders()["step"].value() == 100


@again
def test_a_start_dragged_by_the_mouse_moves_all_five_paths(pair):
    there, here = pair
    slider = there.sliders()["step"]
    slider.press("End")
    there.sliders()["start, across"].drag(0.8, 12)
    move(here, "step", 100)
    move(here, "start, across", there.sliders()["start, across"].value())
    assert here.state["a"] > 0.5
    expect(there, pixels(here), "DownhillApp dragged start")
    assert there.text() == here.live.text


@again
def test_both_themes_are_readable(notebook, pair):
    readable_in_both_themes(notebook, *pair)
