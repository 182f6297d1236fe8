"""GridExtensionApp in a real JupyterLab: Play trains and draws, pausing stops at once, the slider goes along."""

import pytest

from kan_edu.apps import GridExtensionApp
from tests.browser.alone import again, opened_with
from tests.browser.direct import ARTIFACTS, expect, png

FRAMES = """image => { const seen = window.seen = {sources: new Set([image.src]), times: []};
    new MutationObserver(() => { if (!seen.sources.has(image.src)) {
        seen.sources.add(image.src); seen.times.push(performance.now()); } })
        .observe(image, {attributes: true, attributeFilter: ['src']}); }"""

RESTING = "() => jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'"


@pytest.fixture(scope="module")
def notebook(tab):
    with opened_with(tab, GridExtensionApp) as notebook:
        yield notebook


@pytest.fixture
def app(notebook):
    """The app on the page, in its first state."""
    notebook.page.keyboard.press("Escape")
    assert notebook.run() == []
    there, = notebook.apps(1)
    expect(there, png(there.meet(GridExtensionApp())), "GridExtensionApp at the start")
    return there


def passed(there, frame):
    """Wait until the slider has left that frame behind."""
    there.page.wait_for_function("([box, n]) => box.querySelector('.noUi-handle').ariaValueText > n",
                                 arg=[there.box.element_handle(), frame])


def at(there, frame, words):
    """The page shows the frame, in picture and words, as an app here does that jumps to it."""
    here = GridExtensionApp(state={"frame": frame})
    expect(there, png(there.meet(here)), f"GridExtensionApp {words}")
    assert there.text() == here.live.text


def pause(app):
    """The frame at which Pause was pressed, and that at which it stands: three pictures may have been on their way."""
    slider = app.sliders()["frame"]
    app.button("Pause").press("Enter")
    pressed = now = int(slider.value())
    last = None
    while now != last:
        app.page.wait_for_timeout(1000)
        app.page.wait_for_function(RESTING)   # a frame that is being trained comes yet, however slow the machine
        last, now = now, int(slider.value())
    return pressed, now


def test_play_trains_to_the_end_and_shows_the_way(app):
    app.image.evaluate(FRAMES)
    app.button("Play").press("Enter")
    app.page.wait_for_function("() => window.seen.times.length > 3")
    app.box.screenshot(path=ARTIFACTS / "grid_extension_playing.png")
    at(app, 65, "played to the end")
    assert app.sliders()["frame"].value() == 65
    times = app.page.evaluate("() => window.seen.times")
    print(f"{len(times)} pictures in {(times[-1] - times[0]) / 1000:.1f} s")
    assert len(times) > 4, "no picture was seen on the way"   # 64 when little else runs; no test of time


def test_pause_stops_at_once_and_the_slider_goes_on_from_there(app):
    app.button("Play").press("Enter")
    passed(app, 11)
    pressed, stopped = pause(app)
    assert stopped <= pressed + 3 < 65
    at(app, stopped, "paused")
    app.sliders()["frame"].press("ArrowLeft")
    at(app, stopped - 1, "one frame back")
    app.button("Play").press("Enter")   # Play goes on from where the slider is
    passed(app, stopped)
    at(app, pause(app)[1], "paused again")


def test_step_and_back_move_by_one_frame_and_slowly_is_slow(app):
    for press, frame in (("Step", 1), ("Step", 2), ("Back", 0)):
        app.button(press).press("Enter")
        at(app, frame, f"after {press}")
    app.button("slow").click()
    app.button("Play").click()
    passed(app, 1)
    app.button("Pause").click()
    stopped = int(app.sliders()["frame"].value())
    at(app, stopped, "paused while slow")
    assert stopped < 20, "in the time of these few presses fast would be at its end"


@again
def test_a_list_changes_the_run_and_keeps_the_frame(app):
    app.sliders()["frame"].press(*["ArrowRight"] * 12)
    height = app.box.bounding_box()["height"]
    app.sliders()["target"].press("ArrowRight")
    here = GridExtensionApp(state={"frame": 12, "target": "flank"})
    expect(app, png(app.meet(here)), "GridExtensionApp flank")
    assert "a steep flank" in app.box.inner_text()
    assert app.box.bounding_box()["height"] == height, "from two lines of words to one the page jumped"


@again
def test_both_themes_are_readable(app, notebook):
    app.sliders()["frame"].press("End")
    at(app, 65, "by key to the end")
    for theme in ("dark", "light"):
        notebook.show_theme(theme)
        ARTIFACTS.mkdir(exist_ok=True)
        app.box.screenshot(path=ARTIFACTS / f"grid_extension_app_{theme}.png")
        assert app.contrast() >= 4.5, f"a text is hard to read in the {theme} theme"
