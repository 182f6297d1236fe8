"""EquationApp in a real JupyterLab: driven with the keyboard alone, a drag of the frame, its lists, both themes."""

import pytest

from kan_edu.apps import EquationApp
from tests.browser.alone import again, first_state, keyboard_alone, opened_with, readable_in_both_themes
from tests.browser.direct import expect, move, pixels


@pytest.fixture(scope="module")
def notebook(tab):
    """A notebook with one EquationApp and nothing else, run."""
    with opened_with(tab, EquationApp) as notebook:
        yield notebook


@pytest.fixture
def pair(notebook):
    return first_state(notebook, EquationApp)


@again
def test_with_the_keyboard_alone(pair):
    there, here = pair
    keyboard_alone(there, here, [
        ("frame", ["ArrowRight"] * 3), ("problem", ["ArrowRight"]), ("optimiser", ["ArrowRight"]),
        ("KAN", ["ArrowRight"]), ("MLP", ["Home"]), ("points inside", ["Home"]), ("start", ["ArrowRight"])])
    assert here.state == {"problem": "ridges", "optimiser": "L-BFGS", "kan": "wide", "mlp": "1 hidden", "points": 50,
                          "start": 1, "frame": 3}


@again
def test_a_drag_by_mouse_trains_as_far_as_it_goes(pair):
    there, here = pair
    slider = there.sliders()["frame"]
    slider.drag(0.4, moves=20)
    move(here, "frame", slider.value())
    expect(there, pixels(here), "EquationApp dragged")
    assert there.text() == here.live.text and here.state["frame"] > 15
    slider.drag(0.1, moves=10)
    move(here, "frame", slider.value())
    expect(there, pixels(here), "EquationApp dragged back")


@again
def test_another_problem_brings_its_solution_and_its_scale(pair):
    there, here = pair
    there.sliders()["problem"].press("ArrowRight")
    move(here, "problem", 1)
    expect(there, pixels(here), "EquationApp ridges")
    there.sliders()["problem"].press("ArrowLeft")
    move(here, "problem", 0)
    expect(there, pixels(here), "EquationApp the paper's again")


@again
def test_both_themes_are_readable(notebook, pair):
    there, here = pair
    there.sliders()["frame"].press("PageUp", "PageUp")
    move(here, "frame", there.sliders()["frame"].value())
    expect(there, pixels(here), "EquationApp under way")
    readable_in_both_themes(notebook, there, here)
