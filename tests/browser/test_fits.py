"""Controls stand where there is room: beside the picture in a low window, two in a row in a narrow one; none is cut."""

import time

import pytest

from kan_edu.apps import FamiliesApp, SplineApp
from tests.browser.alone import opened_with
from tests.browser.lab import PATIENCE

# What is cut off: the words of each part of a control that reaches beyond a box which hides what does.
CUT = """box => [...box.querySelectorAll('button, label, .noUi-target, .widget-readout')].filter(part => {
    const { right } = part.getBoundingClientRect();
    for (let around = part.parentElement; around !== box.parentElement; around = around.parentElement)
        if (getComputedStyle(around).overflowX !== 'visible' && right > around.getBoundingClientRect().right + 0.5)
            return true;
    return false; }).map(part => part.textContent)"""
ROWS = """box => [...box.querySelectorAll('.widget-hslider')].map(one => Math.round(one.getBoundingClientRect().y))"""
BESIDE = "box => box.classList.contains('kan-edu-beside')"


@pytest.fixture(scope="module")
def apps(tab):
    with opened_with(tab, FamiliesApp, SplineApp) as notebook:
        size = notebook.page.viewport_size
        notebook.page.evaluate("() => jupyterapp.commands.execute('application:toggle-left-area')")
        yield notebook.apps(2)
        notebook.page.evaluate("() => jupyterapp.commands.execute('application:toggle-left-area')")
        notebook.page.set_viewport_size(size)


def cut(there):
    """What is cut off, and stays so: on a busy machine the controls may take their new places late."""
    end = time.monotonic() + PATIENCE
    while (found := there.box.evaluate(CUT)) and time.monotonic() < end:
        there.page.wait_for_timeout(50)
    return found


@pytest.mark.parametrize(("width", "height", "beside"), [(1280, 680, True), (900, 800, False), (853, 533, False)])
def test_no_control_is_cut_off_and_none_is_farther_than_it_must_be(apps, width, height, beside):
    page = apps[0].page
    page.set_viewport_size({"width": width, "height": height})
    for there in apps:
        where = [there.box.element_handle(), beside]
        page.wait_for_function(f"([box, beside]) => ({BESIDE})(box) === beside", arg=where)
        page.wait_for_timeout(300)
        assert cut(there) == []
    rows = apps[1].box.evaluate(ROWS)   # seven sliders, in rows of two where they stand below the picture
    assert len(rows) == 7 and len(set(rows)) == (7 if beside else 4)
