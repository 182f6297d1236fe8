"""Things dragged on the pictures themselves, in a real JupyterLab: by the mouse, and with the keyboard alone."""

import pytest

from kan_edu.apps import SplineApp
from tests.browser.alone import opened_with
from tests.browser.direct import expect, png, same

# (app, thing, the mouse drags it by so many pixels, keys that move it then)
DRAGS = [
    (SplineApp, "knot 2", (31, 0), ["ArrowRight", "ArrowLeft", "ArrowLeft"]),
    (SplineApp, "coefficient 3", (0, -60), ["ArrowUp"] * 3),
    (SplineApp, "probe", (-77, 5), ["Shift+ArrowRight"]),
]
APPS = list(dict.fromkeys(app for app, *_ in DRAGS))
STEPS = {"ArrowRight": (1, 0), "ArrowLeft": (-1, 0), "ArrowUp": (0, 1), "ArrowDown": (0, -1)}


@pytest.fixture(scope="module")
def pairs(tab):
    """{class: (app on the page, app here)}, all in one notebook and one kernel."""
    with opened_with(tab, *APPS) as notebook:
        apps = dict(zip(APPS, notebook.apps(len(APPS)), strict=True))
        yield {app: (there, app()) for app, there in apps.items()}


def thing_of(here, name):
    """What the page knows of a thing."""
    return next(thing for thing in here.live.touch.things if thing["name"] == name)


def place_of(thing):
    """Where the mouse takes hold of it: the middle of its segment, or its own place in an area."""
    x0, y0, x1, y1 = thing["box"]
    return thing.get("at", ((x0 + x1) / 2, (y0 + y1) / 2))


def drag(there, here, name, by):
    """Drag on the page, and make here the one message that says where the thing came to."""
    (x, y), (width, height) = place_of(thing_of(here, name)), here.live.figure.bbox.size
    there.drag((x, y), by)
    here.live.touched({"thing": name, "x": x + by[0] / width, "y": y + by[1] / height})


def focus(there, name):
    """Go on with Space, from wherever the keyboard is in the picture, until it stands on that thing."""
    for _ in range(40):
        there.page.keyboard.press("Space")
        if there.caption().split(",")[0] == name:
            return
    raise AssertionError(f"Space does not lead to {name}")


@pytest.mark.parametrize(("app", "name", "by", "keys"), DRAGS, ids=lambda part: part if isinstance(part, str) else "")
def test_it_is_dragged_by_the_mouse_and_by_keys(pairs, app, name, by, keys):
    there, here = pairs[app]
    before = png(here)
    drag(there, here, name, by)
    assert not same(before, png(here)), "the drag changes nothing here"
    expect(there, png(here), f"{app.__name__} {name} dragged")
    assert there.text() == here.live.text
    dragged = png(here)
    focus(there, name)
    for key in keys:
        there.page.keyboard.press(key)
        *shift, arrow = key.split("+")
        right, up = STEPS[arrow]
        here.live.touched({"thing": name, "right": right * (10 if shift else 1), "up": up * (10 if shift else 1)})
    assert not same(dragged, png(here)), "the keys change nothing here"
    expect(there, png(here), f"{app.__name__} {name} by keys")
    assert there.text() == here.live.text and there.alt() == here.live.text
