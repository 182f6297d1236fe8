"""The keys of the controls in JupyterLab's command mode: none is lost to the notebook, Home and End are right."""

import pytest

from kan_edu.apps import PolynomialApp, PyramidApp, SplineApp
from tests.browser.alone import again, opened_with
from tests.browser.direct import control, ends, expect, move, png

APPS = {app.__name__: app for app in (SplineApp, PolynomialApp, PyramidApp)}
MODE = """() => { const {content} = jupyterapp.shell.currentWidget; return [content.mode, content.activeCellIndex]; }"""


@pytest.fixture(scope="module")
def notebook(tab):
    """A notebook with an app in each cell."""
    with opened_with(tab, *APPS.values()) as notebook:
        yield notebook


@pytest.fixture
def pairs(notebook):
    """{name: (app on the page, app here)}, all in their first states."""
    notebook.page.keyboard.press("Escape")
    assert notebook.run() == []
    shown = zip(APPS.items(), notebook.apps(len(APPS)), strict=True)
    pairs = {name: (there, there.meet(app())) for (name, app), there in shown}
    for name, (there, here) in pairs.items():
        expect(there, png(here), f"{name} at the start")
    return pairs


def test_plain_arrow_keys_change_a_list_and_leave_the_notebook_alone(notebook, pairs):
    there, here = pairs["SplineApp"]
    notebook.page.evaluate("() => { jupyterapp.shell.currentWidget.content.activeCellIndex = 0; }")
    notebook.page.keyboard.press("Escape")
    assert notebook.page.evaluate(MODE) == ["command", 0]
    for key, words, mode in (("ArrowUp", "least squares", "fit"), ("ArrowDown", "by slider", "free"),
                             ("End", "least squares", "fit")):
        there.sliders()["coefficients"].press(key)
        here.controls["mode"].value = mode
        expect(there, png(here), f"SplineApp {key} on its list")
        assert there.box.locator("[aria-checked=true]").inner_text() == words
        assert notebook.page.evaluate(MODE) == ["command", 0], f"{key} went to the notebook"
    for key in ("j", "Enter", "Space", "b"):   # down, edit, scroll, a new cell: commands elsewhere
        there.sliders()["coefficients"].press(key)
        assert notebook.page.evaluate(MODE) == ["command", 0], f"{key} went to the notebook"
    assert len(notebook.apps()) == notebook.page.locator(".jp-Notebook .jp-Cell").count(), "a key made a cell"


WIDER = [("SplineApp", "intervals G", "choose knot"), ("PolynomialApp", "points", "degree"),
         pytest.param("SplineApp", "degree k", "choose c", marks=again),
         pytest.param("PolynomialApp", "points", "choose point", marks=again),
         pytest.param("PyramidApp", "intervals G", "x", marks=again)]


@pytest.mark.parametrize(("name", "first", "second"), WIDER)
def test_home_and_end_lead_to_the_ends_of_a_range_that_has_grown(pairs, name, first, second):
    there, here = pairs[name]
    old = ends(control(here, second))[1]
    there.sliders()[first].press("End")
    move(here, first, there.sliders()[first].value())
    expect(there, png(here), f"{name} {first} at its end")
    low, high = ends(control(here, second))
    assert high > old
    for key, value in (("End", high), ("Home", low), ("End", high)):
        there.sliders()[second].press(key)
        assert there.sliders()[second].value() == value, f"{key} on {second!r}"
        move(here, second, value)
        expect(there, png(here), f"{name} {second} {key}")
