"""Apps with nothing else on a page: opened, put back, driven by keys and seen in both themes, as each app is tested."""

import contextlib

import nbformat
import pytest

from tests.browser.conftest import opened
from tests.browser.direct import ARTIFACTS, expect, move, pixels, same

# Each run drives every app, each kind of control, and the themes of one app and one lesson.
again = pytest.mark.release("an app in the browser once more: each run drives it by less, and its kinds of control")

FOCUSED = """() => document.activeElement.closest('.widget-hslider, .kan-edu-choice')
    ?.querySelector('label')?.innerText"""


@contextlib.contextmanager
def opened_with(tab, *apps):
    """A notebook with an app of each of these classes in a cell of its own, run once."""
    book = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    names = [app.__name__ for app in apps]
    book.cells = [nbformat.v4.new_code_cell(f"from kan_edu.apps import {name}\n{name}()") for name in names]
    file = f"{'_'.join(names)}_alone.ipynb"
    nbformat.write(book, tab.lab.root / file)
    with opened(tab, file) as notebook:
        assert notebook.run() == []
        yield notebook


def first_state(notebook, app):
    """The one app on the page, back in its first state, and one of the same class here."""
    notebook.page.keyboard.press("Escape")
    assert notebook.run() == []
    there, = notebook.apps(1)
    here = there.meet(app())
    expect(there, pixels(here), f"{app.__name__} at the start")
    return there, here


def tab_to(page, name):
    """Press Tab until the control with that description has the focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == name:
            return
    raise AssertionError(f"sixty times Tab did not lead to {name}")


def keyboard_alone(there, here, steps):
    """Tab to each control of [(description, keys), ...] and press the keys; each changes picture and text as here."""
    page = there.page
    page.keyboard.press("Escape")   # out of the cell's editor, where Tab writes a tab
    for name, keys in steps:
        before = pixels(here)
        tab_to(page, name)
        for key in keys:
            page.keyboard.press(key)
        move(here, name, there.sliders()[name].value())
        right = pixels(here)
        assert not same(before, right), f"{name} does not change the picture"
        expect(there, right, f"{type(here).__name__} {name} by key")
        assert there.text() == here.live.text


def readable_in_both_themes(notebook, there, here):
    """Screenshots of both go to `artifacts/`; the page's texts have contrast, the picture has a ground of its own."""
    for theme in ("dark", "light"):
        notebook.show_theme(theme)
        expect(there, pixels(there.meet(here)), f"{type(here).__name__} in the {theme} theme")
        ARTIFACTS.mkdir(exist_ok=True)
        there.box.screenshot(path=ARTIFACTS / f"{type(here).__name__}_{theme}.png")
        assert there.contrast() >= 4.5, f"a text is hard to read in the {theme} theme"
    assert (pixels(here)[..., 3] == 1).all(), "the picture lets the page's colour through"
