"""Things dragged on the pictures themselves, in a real JupyterLab: by the mouse, and with the keyboard alone."""

import nbformat
import numpy as np
import pytest

from tests.browser.conftest import opened
from tests.browser.direct import expect, png, run_cell, same

# {app: (the mouse drags this thing, by so many pixels, keys that move it then), ...}; each begins where the last ended
DRAGS = {
    "SplineApp()": [
        ("knot 2", (31, 0), ["ArrowRight", "ArrowLeft", "ArrowLeft"]),
        ("coefficient 3", (0, -60), ["ArrowUp"] * 3),
        ("probe", (-77, 5), ["Shift+ArrowRight"])],
    "PerceptronApp(state={'w1': 1.0, 'w2': 1.0, 'b': -1.5})": [
        ("point 4", (40, -21), ["ArrowDown"]),
        ("line", (-37, 0), ["ArrowRight"] * 2),
        ("w", (-20, 30), ["ArrowUp", "ArrowLeft"]),
        ("new point", (5, 0), [])],
    "PolynomialApp()": [
        ("point 3", (0, -50), ["ArrowDown"] * 2),
        ("degree", (21, 0), ["ArrowRight"])],
    "SuperpositionApp()": [
        ("point in f", (31, 44), ["ArrowLeft"] * 3),
        ("point in the machine", (-50, -10), ["Shift+ArrowUp"])],
    "NeuronApp()": [
        ("weight w1", (0, 20), ["ArrowDown"]),
        ("coefficient 2", (0, 15), ["ArrowUp"] * 2),
        ("input x2 of the KAN", (30, 0), ["ArrowLeft"])],
    "XorApp(state={'fold': 100})": [
        ("line of h\u2082", (25, -25), ["ArrowLeft"]),
        ("line y = \u00bd", (-30, 0), ["ArrowRight"]),
        ("point 01", (20, -20), ["ArrowUp"] * 2)],
    "PyramidApp()": [
        ("x on the curves", (60, 0), ["ArrowLeft"]),
        ("knot 2", (31, 0), ["ArrowRight"] * 2),
        ("end of the domain", (45, 0), ["ArrowLeft"] * 2)],
}
STEPS = {"ArrowRight": (1, 0), "ArrowLeft": (-1, 0), "ArrowUp": (0, 1), "ArrowDown": (0, -1)}


@pytest.fixture(scope="module")
def pairs(tab):
    """{app: (it on the page, it here)}, all in one notebook and one kernel."""
    book = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    book.cells = [nbformat.v4.new_code_cell(f"from kan_edu.apps import *\n{made}") for made in DRAGS]
    nbformat.write(book, tab.lab.root / "touch.ipynb")
    with opened(tab, "touch.ipynb") as notebook:
        assert notebook.run() == []
        here = [run_cell(cell.source, {}) for cell in book.cells]
        pairs = [(there, there.meet(app)) for there, app in zip(notebook.apps(len(DRAGS)), here, strict=True)]
        yield dict(zip(DRAGS, pairs, strict=True))


def thing_of(here, name):
    """What the page knows of a thing."""
    return next(thing for thing in here.live.touch.things if thing["name"] == name)


def place_of(thing):
    """Where the mouse takes hold of it: the middle of its segment, or its own place in an area."""
    x0, y0, x1, y1 = thing["box"]
    return thing.get("at", ((x0 + x1) / 2, (y0 + y1) / 2))


def drag(there, here, name, by):
    """Drag on the page, and make here the one message that says where the thing came to."""
    thing, click = thing_of(here, name), thing_of(here, name).get("click")
    place = np.array(place_of(thing))
    if click:   # so far from there
        place, by = place + np.divide(by, there.size()), (0, 0)
    begin, end = there.drag(place, by)
    x, y = end if thing.get("area") else place + end - begin   # an area takes its thing to the pointer
    here.live.touched({"thing": name, "x": x, "y": y})


def focus(there, name):
    """Go on with Space, from wherever the keyboard is in the picture, until it stands on that thing."""
    for _ in range(40):
        there.page.keyboard.press("Space")
        if there.caption().split(",")[0] == name:
            return
    raise AssertionError(f"Space does not lead to {name}")


@pytest.mark.parametrize("app", DRAGS, ids=lambda app: app.partition("(")[0])
def test_things_are_dragged_by_the_mouse_and_by_keys(pairs, app):
    there, here = pairs[app]
    for name, by, keys in DRAGS[app]:
        before = png(here)
        drag(there, here, name, by)
        assert not same(before, png(here)), f"{name}: the drag changes nothing here"
        expect(there, png(here), f"{name} dragged")
        assert there.text() == here.live.text
        press(there, here, name, keys)
        expect(there, png(here), f"{name} by keys")
        assert there.text() == here.live.text == there.alt()


def press(there, here, name, keys):
    """Lead the keyboard to that thing and press the keys; each moves something here."""
    if keys:
        focus(there, name)
    for key in keys:
        there.page.keyboard.press(key)
        *shift, arrow = key.split("+")
        times, before = 10 if shift else 1, here.state
        here.live.touched({"thing": name, "right": times * STEPS[arrow][0], "up": times * STEPS[arrow][1]})
        assert here.state != before, f"{name}: {key} changes nothing here"


ICONS = """() => { window.icons = [];
    const watch = new MutationObserver(changes => icons.push(...changes));
    watch.observe(document.head, {attributeFilter: ["rel"], subtree: true}); }"""
AWAKE = "() => document.querySelector('link.idle.favicon[rel=icon]')"


def test_the_tabs_icon_rests_while_pictures_follow_each_other(pairs):
    """JupyterLab asks the server for another file whenever a kernel begins to work or has done its work."""
    there, here = pairs["SplineApp()"]
    page = there.page
    page.wait_for_function(AWAKE)
    page.evaluate(ICONS)
    drag(there, here, "probe", (25, 0))
    expect(there, png(here), "probe dragged")
    assert page.evaluate("() => icons.length") == 0
    page.wait_for_function(AWAKE)
    page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.requestExecute({code: '1'}).done")
    page.wait_for_function("() => icons.length > 0")
