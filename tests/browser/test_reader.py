"""ReaderApp in a real JupyterLab: Kepler's law found with the keyboard alone, an edge read and undone, both themes."""

import pytest

from kan_edu.apps import ReaderApp
from tests.browser.alone import again, first_state, keyboard_alone, opened_with, readable_in_both_themes
from tests.browser.direct import expect, move, pixels


@pytest.fixture(scope="module")
def notebook(tab):
    """A notebook with one ReaderApp and nothing else, run."""
    with opened_with(tab, ReaderApp) as notebook:
        yield notebook


@pytest.fixture
def pair(notebook):
    return first_state(notebook, ReaderApp)


def typeset(there):
    """The formula below as the page has set it, without the blanks between its letters."""
    return "".join(there.box.locator(".widget-htmlmath").inner_text().split())


def test_keplers_law_is_found_with_the_keyboard_alone(pair):
    there, here = pair
    keyboard_alone(there, here, [("prune", ["ArrowRight"]), ("read it as", ["ArrowRight"])])
    assert here.state == {"table": "planets", "prune": 1, "edge": [0, 0, 0], "read": [[[0, 0, 0], "x^1.5"]]}
    assert there.text().endswith("T = 0.9992 (a + 0.005088)^1.5 - 0.00665.")
    assert "3/2" in typeset(there) and "\\frac" not in typeset(there), "MathJax has set the formula"


def test_an_edge_is_read_and_home_undoes_it(pair):
    there, here = pair
    there.sliders()["prune"].press("ArrowRight")
    move(here, "prune", 1)
    expect(there, pixels(here), "ReaderApp pruned")
    before = pixels(here)
    slider = there.sliders()["read it as"]
    for keys, place in ((["ArrowRight"] * 3, 3), (["Home"], 0)):
        slider.press(*keys)
        move(here, "read it as", place)
        expect(there, pixels(here), f"ReaderApp candidate {place}")
        assert there.text() == here.live.text
    assert (pixels(here) == before).all()


@again
def test_another_table_brings_its_edges_and_their_candidates(pair):
    there, here = pair
    there.sliders()["data"].press("ArrowRight", "ArrowRight")
    move(here, "data", 2)
    expect(there, pixels(here), "ReaderApp pendulum")
    there.sliders()["prune"].press("ArrowRight", "ArrowRight")
    move(here, "prune", 2)
    expect(there, pixels(here), "ReaderApp pendulum, pruned")
    there.sliders()["edge"].press("End")
    move(here, "edge", 1)
    expect(there, pixels(here), "ReaderApp pendulum, the other edge")
    assert there.text() == here.live.text and "Edge l → v" in here.live.text


@again
def test_both_themes_are_readable(notebook, pair):
    readable_in_both_themes(notebook, *pair)
