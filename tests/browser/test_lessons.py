"""Every lesson in a real JupyterLab: it opens, runs, and each of its apps follows each of its sliders."""

from tests.browser.direct import ARTIFACTS, apps_of, control, ends, expect, move, png, same
from tests.browser.lab import ROOT

FAR = (0.3, 0.7)    # where on a slider's track the mouse clicks: the place that is farther from its value
ENDS = (0.02, 0.98)   # and on a list's, which may have two places only


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
    """Two hundred keys without a pause, some beyond the end of the slider, and follow here in one step."""
    slider.press(*["ArrowLeft"] * 60, *["ArrowRight"] * 80, *["ArrowLeft"] * 60)
    move(here, name, slider.value())


def follow(there, here, name, actions=(step, click)):
    """Move one slider of an app in these ways; each time the right picture and text must come."""
    slider, start, others, changed = there.sliders()[name], png(here), beside(here, name), False
    for act in actions:
        act(slider, here, name)
        # "choose weight" changes no picture: it chooses the weight that the slider beside it shows
        changed |= not same(png(here), start) or beside(here, name) != others
        expect(there, png(here), f"{here.live.title} {name} {act.__name__}")
        assert there.text() == here.live.text
    assert changed, f"{name} changes nothing"


def beside(app, name):
    """The values of all other controls of an app."""
    return [slider.value for slider in app.live.controls.values() if slider.description != name]


def test_it_opens_runs_and_every_app_follows_every_slider(lesson):
    """One test for all of it, because each step needs the state that the one before has left."""
    stored = lesson.page.locator(".jp-OutputArea-output img")
    stored.first.wait_for()   # what a reader sees before the first run
    lesson.start()
    here = apps_of(ROOT / lesson.name)   # meanwhile, in this process
    assert lesson.finish() == [], "cells ended with an error"
    for theme in ("dark", "light"):
        lesson.show_theme(theme)
        lesson.keep(ARTIFACTS / lesson.name.replace("/", "_").replace(".ipynb", f"_{theme}.png"))
    for there, app in zip(lesson.apps(len(here)), here, strict=True):
        expect(there, png(app), f"{app.live.title} at the start")
        lists = [name for name in there.sliders() if hasattr(control(app, name), "options")]
        names = [name for name in there.sliders() if name not in lists]   # a list may leave a slider without effect
        for name in names + lists:
            follow(there, app, name)
        # where a slider counts, the picture may depend on the way, and a page need not send every step of it
        for name in [name for name in names if isinstance(control(app, name).value, float)][:1]:
            follow(there, app, name, (hurry,))


def test_its_pictures_and_texts_can_be_read_in_the_dark(lesson):
    lesson.show_theme("dark")
    for picture in lesson.page.locator(".jp-OutputArea-output img").all():
        assert picture.evaluate(SOLID), "a picture lets the dark page through, and its black lines vanish"
    for app in lesson.apps():
        assert app.contrast() >= 4.5, "a text of an app is hard to read in the dark theme"
    lesson.show_theme("light")


SOLID = """async image => { await image.decode(); // whether all four corners of the picture are opaque
    const canvas = document.createElement('canvas'), context = canvas.getContext('2d');
    const [w, h] = [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    context.drawImage(image, 0, 0);
    return [[0, 0], [w - 1, 0], [0, h - 1], [w - 1, h - 1]]
        .every(at => context.getImageData(...at, 1, 1).data[3] === 255); }"""
