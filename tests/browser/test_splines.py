"""SplineApp in a real JupyterLab: its sliders, its pictures, two hundred events at once, its memory, both themes."""

import pytest

from kan_edu.apps import SplineApp
from tests.browser.alone import again, first_state, opened_with, readable_in_both_themes
from tests.browser.direct import expect, move, pixels, same


@pytest.fixture(scope="module")
def notebook(tab):
    """A notebook with one SplineApp and nothing else, run."""
    with opened_with(tab, SplineApp) as notebook:
        yield notebook


@pytest.fixture
def pair(notebook):
    return first_state(notebook, SplineApp)


def test_every_slider_moves_by_keyboard(pair):
    there, here = pair
    for name, slider in there.sliders().items():
        before, old = pixels(here), slider.value()
        slider.press("ArrowRight")
        move(here, name, slider.value())
        right = pixels(here)
        assert slider.value() > old, f"{name} did not move"
        assert not same(before, right), f"{name} does not change the picture"
        expect(there, right, f"SplineApp {name} by key")
        assert there.text() == here.live.text


@again
def test_every_slider_moves_by_mouse(pair):
    there, here = pair
    for name, slider in there.sliders().items():
        before, old = pixels(here), slider.value()
        slider.click(0.8)
        move(here, name, slider.value())
        right = pixels(here)
        assert slider.value() > old, f"{name} did not move"
        assert not same(before, right), f"{name} does not change the picture"
        expect(there, right, f"SplineApp {name} by mouse")


def test_the_list_changes_the_picture(pair):
    there, here = pair
    there.sliders()["coefficients"].press("ArrowRight")
    here.controls["mode"].value = "fit"
    expect(there, pixels(here), "SplineApp least squares")
    assert "its value" not in there.sliders(), "in this mode the coefficients follow the data"


@pytest.mark.parametrize("name", ["probe x", pytest.param("its value", marks=again)])
def test_two_hundred_keys_end_on_the_last_value(pair, name):
    """`its value` has fewer steps than that: it runs to its end and 90 steps back."""
    there, here = pair
    slider = there.sliders()[name]
    keys = ["Home", *["ArrowRight"] * 199] if name == "probe x" else ["ArrowRight"] * 110 + ["ArrowLeft"] * 90
    slider.press(*keys)
    move(here, name, slider.value())
    expect(there, pixels(here), f"SplineApp 200 keys {name}")


def test_two_hundred_keys_in_one_blink_end_on_the_last_value(pair):
    """No hand is that fast: all events reach the slider before the page can send its first message."""
    there, here = pair
    slider = there.sliders()["probe x"]
    slider.press("Home")
    slider.handle.evaluate("""handle => { for (let i = 0; i < 199; i++)
        handle.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight', bubbles: true, cancelable: true})); }""")
    assert slider.value() == pytest.approx(0.99)
    move(here, "probe x", slider.value())
    expect(there, pixels(here), "SplineApp keys in one blink")


WATCH = """image => { const seen = window.seen = {sources: new Set(), blank: 0, heights: new Set(), shift: 0, on: true};
    const box = image.parentElement;
    const look = () => { if (!seen.on) return;
        const now = box.querySelector('img'), place = now?.getBoundingClientRect();
        // an <img> keeps its old pixels until the new ones are decoded; a new <img> would show nothing meanwhile
        if (now !== image || !place.height || (now.complete && !now.naturalWidth)) seen.blank++;
        seen.sources.add(now?.src); seen.heights.add(box.getBoundingClientRect().height);
        requestAnimationFrame(look); };
    new PerformanceObserver(list => list.getEntries().forEach(entry => seen.shift += entry.value))
        .observe({type: 'layout-shift', buffered: false});
    look(); }"""
SEEN = """() => { seen.on = false;
    return {pictures: seen.sources.size, blank: seen.blank, heights: [...seen.heights], shift: seen.shift}; }"""


def test_a_drag_by_mouse_ends_right_and_nothing_flickers_or_jumps(pair):
    there, here = pair
    slider = there.sliders()["its position"]
    there.image.evaluate(WATCH)
    slider.drag(0.1, moves=30)
    slider.drag(0.9, moves=170)
    move(here, "its position", slider.value())
    expect(there, pixels(here), "SplineApp 200 moves of the mouse")
    seen = there.page.evaluate(SEEN)
    assert seen["pictures"] > 10, "hardly any picture was seen during the drag"
    assert seen["blank"] == 0, "the picture was gone for some frames"
    assert len(seen["heights"]) == 1 and seen["shift"] == 0, f"the page jumped: {seen}"


UPDATES = """async (box, [names, count]) => {
    // press a key on these sliders in turn, each when the picture of the one before has come
    const image = box.querySelector('img');
    const handle = name => [...box.querySelectorAll('.widget-hslider')]
        .find(row => row.querySelector('label').innerText === name).querySelector('.noUi-handle');
    for (let i = 0; i < count; i++) {
        const shown = image.src, key = ['ArrowLeft', 'ArrowRight'][Math.floor(i / names.length) % 2];
        handle(names[i % names.length]).dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true}));
        for (const start = performance.now(); image.src === shown; await new Promise(done => setTimeout(done, 2)))
            if (performance.now() - start > 20_000) throw Error(`update ${i} brought no picture within 20 s`); } }"""


@again
def test_the_kernels_memory_does_not_grow(notebook, pair):
    there, _ = pair
    names, kernel = ["probe x", "its position", "its value", "degree k"], notebook.kernel()
    megabytes = []
    for count in (40, 100):   # the first ones warm up
        there.box.evaluate(UPDATES, [names, count])
        megabytes.append(kernel.memory_info().rss / 2**20)
    assert megabytes[1] - megabytes[0] < 2, f"{megabytes} before and after 100 updates"


def test_both_themes_are_readable(notebook, pair):
    readable_in_both_themes(notebook, *pair)
