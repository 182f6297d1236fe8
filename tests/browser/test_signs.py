"""JupyterLab's signs of a kernel at work, as `kan-edu lab` starts it: they rest while pictures follow a hand."""

import nbformat

from tests.browser.conftest import opened

SLOW = """import time
from ipywidgets import IntSlider
slider = IntSlider(0, 0, 5)
slider.observe(lambda change: time.sleep(0.6), "value")
slider"""
# What the kernel is said to be from now on, "busy" or "idle".
LISTEN = """() => { const heard = window.states = [];
    jupyterapp.shell.currentWidget.sessionContext.statusChanged.connect((_, state) => heard.push(state)); }"""
HEARD = "() => states.length > 1 && states.at(-1) === 'idle'"
PICTURES = 10


def test_they_show_long_work_and_not_each_picture(tab):
    book = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    book.cells = [nbformat.v4.new_code_cell(source) for source in ("from kan_edu.apps import *\nSplineApp()", SLOW)]
    nbformat.write(book, tab.lab.root / "signs.ipynb")
    with opened(tab, "signs.ipynb") as notebook:
        assert notebook.run() == []
        (app,) = notebook.apps(1)
        notebook.page.evaluate(LISTEN)
        frame, words = app.box.locator(".kan-edu-frame"), app.box.locator(".kan-edu-words")
        frame.focus()
        for _ in range(PICTURES):
            before = words.inner_text()
            frame.press("ArrowUp")
            notebook.page.wait_for_function("([words, before]) => words.innerText !== before",
                                            arg=[words.element_handle(), before])  # fmt: skip
        # on a machine with other work one of them may take so long that it is announced
        assert notebook.page.evaluate("() => states").count("busy") < PICTURES / 2
        notebook.page.evaluate(LISTEN)
        notebook.page.locator(".noUi-handle").last.press("ArrowRight")
        notebook.page.wait_for_function(HEARD)
        assert notebook.page.evaluate("() => states")[-2:] == ["busy", "idle"]
