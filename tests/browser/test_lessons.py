"""Every lesson in a real JupyterLab: it opens, its apps draw themselves, and they follow their sliders."""

import os

import nbformat
import pytest

from tests.browser.conftest import opened
from tests.browser.direct import ARTIFACTS, apps_of, cells_for_apps, control, ends, expect, lessons, move, png, same
from tests.browser.lab import ROOT

FAR = (0.3, 0.7)    # where on a slider's track the mouse clicks: the place that is farther from its value
ENDS = (0.02, 0.98)   # and on a list's, which may have two places only
DONE = set()   # (class of app, slider, action) that a lesson before has had
# In each run the cheapest lesson but for the glossary. The others wait for the release line: nbval runs their cells,
# and each app is driven in a file of this folder.
EACH_RUN = ["10_questions.ipynb"]
LATER = pytest.mark.release("a lesson in the browser: nbval runs its cells, other files there drive its apps")


def step(slider, here, name):
    """Press the arrow that has room, and follow here."""
    old = slider.value()
    slider.press("ArrowRight" if old < ends(control(here, name))[1] else "ArrowLeft")
    assert slider.value() != old, f"{name} does not move by keyboard"
    move(here, name, slider.value())


def click(slider, here, name):
    """Click on the slider's track far from its handle, and follow here."""
    old, range_ = slider.value(), control(here, name)
    low, high = ends(range_)
    parts = ENDS if hasattr(range_, "options") else FAR
    slider.click(max(parts, key=lambda part: abs(low + part * (high - low) - old)))
    assert slider.value() != old, f"{name} does not move by mouse"
    move(here, name, slider.value())


def hurry(slider, here, name):
    """Sixty keys without a pause, and follow here in one step."""
    slider.press(*["ArrowLeft"] * 16, *["ArrowRight"] * 36, *["ArrowLeft"] * 8)
    move(here, name, slider.value())


def follow(there, here, name, actions=(step, click)):
    """Move one slider of an app in these ways; each time the right picture and text must come."""
    slider, start, others, changed = there.sliders()[name], png(here), beside(here, name), False
    for act in actions if actions != (step,) else (step, click):
        if changed and actions == (step,):
            break   # the click is for where one step is too small to be seen
        act(slider, here, name)
        # "choose weight" changes no picture: it chooses the weight that the slider beside it shows
        changed |= not same(png(here), start) or beside(here, name) != others
        expect(there, png(here), f"{here.live.title} {name} {act.__name__}")
        assert there.text() == here.live.text
    assert changed or actions == (hurry,), f"{name} changes nothing"   # in a hurry it may come back to where it was


def beside(app, name):
    """The values of all other controls of an app."""
    return [slider.value for slider in app.live.controls.values() if slider.description != name]


@pytest.fixture(scope="module", params=[name if name in EACH_RUN else pytest.param(name, marks=LATER)
                                        for name in lessons()])  # fmt: skip
def lesson(request, tab):
    """Each notebook of the course, opened and not yet run."""
    with opened(tab, f"notebooks/{request.param}", "dark") as notebook:
        yield notebook


def test_it_opens_and_its_apps_follow_their_sliders(lesson):
    """One test for all of it, because each step needs the state that the one before has left."""
    stored = lesson.page.locator(".jp-OutputArea-output img")
    stored.first.wait_for()   # what a reader sees before the first run
    cells = cells_for_apps(nbformat.read(ROOT / lesson.name, as_version=4).cells)
    lesson.start(cells)
    here = apps_of(ROOT / lesson.name, cells)   # meanwhile, in this process
    assert lesson.finish() == [], "cells ended with an error"
    if "SCREENSHOTS" in os.environ:
        keep(lesson)
    for there, app in zip(lesson.apps(len(here)), here, strict=True):
        expect(there, png(there.meet(app)), f"{app.live.title} at the start")
        for name, actions in still_to_do(there, app, DONE):
            follow(there, app, name, actions)


def still_to_do(there, app, done):
    """(slider, actions): each slider that no app of its class has had before, in this lesson or another,, by keyboard.

    An app's first slider moves each time, and the first of its class by mouse too: a click on any other track takes
    the same way.
    """
    lists = [name for name in there.sliders() if hasattr(control(app, name), "options")]
    names = [name for name in there.sliders() if name not in lists]   # a list may leave a slider without effect
    steps = [(name, (step,)) for name in names + lists]
    # where a slider counts, the picture may depend on the way, and a page need not send every step of it
    steps += [(name, (hurry,)) for name in names if isinstance(control(app, name).value, float)][:1]
    if type(app) not in done:
        steps[0] = steps[0][0], (step, click)
    new = [(name, actions) for name, actions in steps if (type(app), name, actions[-1]) not in done]
    done.update({type(app)}, ((type(app), name, act) for name, actions in steps for act in actions))
    return new if steps[0] in new else steps[:1] + new


def keep(lesson):
    """Screenshots of the whole lesson in both themes, to look at."""
    for theme in ("light", "dark"):
        lesson.show_theme(theme)
        lesson.keep(ARTIFACTS / lesson.name.replace("/", "_").replace(".ipynb", f"_{theme}.png"))


def test_its_pictures_and_texts_can_be_read_in_the_dark(lesson):
    for picture in lesson.page.locator(".jp-OutputArea-output img").all():
        assert picture.evaluate(SOLID), "a picture lets the dark page through, and its black lines vanish"
    for app in lesson.apps():
        assert app.contrast() >= 4.5, "a text of an app is hard to read in the dark theme"


SOLID = """async image => { await image.decode(); // whether all four corners of the picture are opaque
    const canvas = document.createElement('canvas'), context = canvas.getContext('2d');
    const [w, h] = [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    context.drawImage(image, 0, 0);
    return [[0, 0], [w - 1, 0], [0, h - 1], [w - 1, h - 1]]
        .every(at => context.getImageData(...at, 1, 1).data[3] === 255); }"""
