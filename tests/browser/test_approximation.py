"""ApproximationApp in a real JupyterLab: driven with the keyboard alone, its lists, both themes."""

import nbformat
import pytest

from kan_edu.apps import ApproximationApp
from tests.browser.conftest import opened
from tests.browser.direct import ARTIFACTS, expect, move, pixels, same

FOCUSED = "() => document.activeElement.closest('.widget-hslider')?.querySelector('label')?.innerText"


@pytest.fixture(scope="module")
def notebook(lab, browser):
    """A notebook with one ApproximationApp and nothing else, run."""
    book = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    book.cells = [nbformat.v4.new_code_cell("from kan_edu.apps import ApproximationApp\nApproximationApp()")]
    nbformat.write(book, lab.root / "approximation.ipynb")
    with opened(lab, browser, "approximation.ipynb") as notebook:
        assert notebook.run() == []
        yield notebook
        assert notebook.errors == [], "the page complained"


@pytest.fixture
def pair(notebook):
    """The app on the page, back in its first state, and one of the same class here."""
    notebook.page.keyboard.press("Escape")
    assert notebook.run() == []
    here = ApproximationApp()
    there, = notebook.apps(1)
    expect(there, pixels(here), "ApproximationApp at the start")
    return there, here


def tab_to(page, name):
    """Press Tab until the control with that description has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == name:
            return
    raise AssertionError(f"sixty times Tab did not lead to {name}")


def test_every_control_is_reached_and_moved_with_the_keyboard_alone(pair):
    there, here = pair
    page = there.page
    page.keyboard.press("Escape")   # out of the cell's editor, where Tab writes a tab
    for name, keys in (("target f", ["ArrowRight"]),
                       ("N units", ["ArrowRight"] * 5), ("log₂ steepness", ["End"]),
                       ("piece near x", ["Home"]), ("raise it by", ["PageUp"]), ("move it by", ["ArrowRight"] * 3),
                       ("pieces", ["Home"]),
                       ("activation", ["ArrowUp"])):
        before = pixels(here)
        tab_to(page, name)
        for key in keys:
            page.keyboard.press(key)
        move(here, name, there.sliders()[name].value())
        right = pixels(here)
        assert not same(before, right), f"{name} does not change the picture"
        expect(there, right, f"ApproximationApp {name} by key")
        assert there.text() == here.live.text
    assert here.state["N"] == 13 and here.state["steepness"] == 12 and here.state["units"] == "relu"


def test_two_hundred_keys_end_on_the_last_value(pair):
    there, here = pair
    slider = there.sliders()["N units"]
    slider.press("Home", *["ArrowRight"] * 120, *["ArrowLeft"] * 80)
    move(here, "N units", slider.value())
    expect(there, pixels(here), "ApproximationApp 200 keys")
    assert there.text() == here.live.text and here.state["N"] == 1


def test_both_themes_are_readable(notebook, pair):
    there, here = pair
    for theme in ("dark", "light"):
        notebook.show_theme(theme)
        ARTIFACTS.mkdir(exist_ok=True)
        there.box.screenshot(path=ARTIFACTS / f"approximation_app_{theme}.png")
        assert there.contrast() >= 4.5, f"a text is hard to read in the {theme} theme"
    assert (pixels(here)[..., 3] == 1).all(), "the picture lets the page's colour through"
