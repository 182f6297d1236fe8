"""SuperpositionApp in a real JupyterLab: a point followed with the keyboard alone, both themes, its lists."""

import nbformat
import pytest

from kan_edu.apps import SuperpositionApp
from tests.browser.conftest import opened
from tests.browser.direct import ARTIFACTS, expect, move, pixels, same

FOCUSED = "() => document.activeElement.closest('.widget-hslider')?.querySelector('label')?.innerText"


@pytest.fixture(scope="module")
def notebook(lab, browser):
    """A notebook with one SuperpositionApp and nothing else, run."""
    book = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    book.cells = [nbformat.v4.new_code_cell("from kan_edu.apps import SuperpositionApp\nSuperpositionApp()")]
    nbformat.write(book, lab.root / "superposition.ipynb")
    with opened(lab, browser, "superposition.ipynb") as notebook:
        assert notebook.run() == []
        yield notebook
        assert notebook.errors == [], "the page complained"


@pytest.fixture
def pair(notebook):
    """The app on the page, back in its first state, and one of the same class here."""
    notebook.page.keyboard.press("Escape")
    assert notebook.run() == []
    here = SuperpositionApp()
    there, = notebook.apps(1)
    expect(there, pixels(here), "SuperpositionApp at the start")
    return there, here


def tab_to(page, name):
    """Press Tab until the control with that description has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == name:
            return
    raise AssertionError(f"sixty times Tab did not lead to {name}")


def test_a_point_is_followed_with_the_keyboard_alone(pair):
    there, here = pair
    page = there.page
    page.keyboard.press("Escape")   # out of the cell's editor, where Tab writes a tab
    for name, keys in (("x", ["ArrowRight"] * 5), ("y", ["PageDown", "ArrowLeft"]), ("levels", ["End"]),
                       ("look at level", ["ArrowRight"]), ("share c", ["ArrowLeft"] * 3)):
        before = pixels(here)
        tab_to(page, name)
        for key in keys:
            page.keyboard.press(key)
        move(here, name, there.sliders()[name].value())
        right = pixels(here)
        assert not same(before, right), f"{name} does not change the picture"
        expect(there, right, f"SuperpositionApp {name} by key")
        assert there.text() == here.live.text
    assert here.state["levels"] == 4 and here.state["x"] == 0.525


def test_the_lists_change_the_picture(pair):
    there, here = pair
    for name, option in (("function", "|x - y|"), ("cells", 8)):
        description = here.controls[name].description
        here.controls[name].value = option
        there.sliders()[description].press("Home", *["ArrowRight"] * here.controls[name].index)
        expect(there, pixels(here), f"SuperpositionApp {name}")
        assert there.text() == here.live.text


def test_two_hundred_keys_end_on_the_last_value(pair):
    there, here = pair
    slider = there.sliders()["x"]
    slider.press("Home", *["ArrowRight"] * 199)
    assert slider.value() == pytest.approx(0.995)
    move(here, "x", slider.value())
    expect(there, pixels(here), "SuperpositionApp 200 keys")


def test_both_themes_are_readable(notebook, pair):
    there, here = pair
    for theme in ("dark", "light"):
        notebook.show_theme(theme)
        ARTIFACTS.mkdir(exist_ok=True)
        there.box.screenshot(path=ARTIFACTS / f"superposition_app_{theme}.png")
        assert there.contrast() >= 4.5, f"a text is hard to read in the {theme} theme"
    assert (pixels(here)[..., 3] == 1).all(), "the picture lets the page's colour through"
