"""The browser tests: every app in a real JupyterLab in a headless Chromium.

How to run them: `pytest tests/browser` (the whole folder, about a minute), or `pytest tests/browser/test_splines.py`
while you work on an app. They need Debian's `chromium` (or a `chromium-browser` or `google-chrome` on the PATH, or its
path in the variable CHROME) and the packages of `pip install -e ".[test]"`, but not Playwright's own browsers.
Without a browser they are skipped and say so; with CI=true they fail. One JupyterLab and one browser serve all tests.
The server has folders and a token of its own, its kernel is the Python that runs the tests, and everything that it
started ends with the tests. Screenshots, and both pictures where two differ, are left in `artifacts/`: look at them.
"""

import contextlib
import os
import shutil
import signal
import threading

import pytest

from tests.browser import lab as laboratory
from tests.browser.direct import lessons


def demand(reason, environment=os.environ):
    """Skip if there is a reason, aloud; under CI=true fail, because there a skipped test is a hole."""
    if reason and environment.get("CI", "").lower() == "true":
        pytest.fail(f"browser tests cannot run, and CI=true asks for them: {reason}", pytrace=False)
    if reason:
        pytest.skip(f"browser tests cannot run: {reason}")


@pytest.fixture(scope="package")
def lab():
    """A JupyterLab with a copy of the course in its folder `notebooks`."""
    demand(laboratory.missing())
    if threading.current_thread() is threading.main_thread():   # a polite kill ends the server too, as Ctrl-C does
        signal.signal(signal.SIGTERM, signal.default_int_handler)
    with laboratory.Lab() as lab:
        if (laboratory.ROOT / "notebooks").is_dir():
            skip = shutil.ignore_patterns(".ipynb_checkpoints")
            shutil.copytree(laboratory.ROOT / "notebooks", lab.root / "notebooks", ignore=skip)
        yield lab


@pytest.fixture(scope="package")
def browser(lab):
    from playwright.sync_api import sync_playwright

    from tests.browser.page import BROWSER

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=laboratory.chrome(), headless=True, args=BROWSER)
        yield browser.new_context(viewport={"width": 1280, "height": 1000})
        browser.close()


@contextlib.contextmanager
def opened(lab, browser, path):
    from tests.browser.page import Notebook

    notebook = Notebook(lab, browser, path)
    try:
        yield notebook
    finally:
        notebook.close()


@pytest.fixture(scope="package")
def spline_notebook(lab, browser):
    """A notebook with one SplineApp and nothing else, run."""
    from kan_edu.apps import SplineApp
    from tests.browser.alone import opened_with

    with opened_with(lab, browser, SplineApp) as notebook:
        yield notebook


@pytest.fixture(scope="package", params=lessons())
def lesson(request, lab, browser):
    """Each notebook of the course, opened and not yet run."""
    with opened(lab, browser, f"notebooks/{request.param}") as notebook:
        yield notebook


@pytest.fixture(autouse=True)
def no_complaints(request):
    """After each test: the page wrote no error into its console and threw none."""
    yield
    for name in {"spline_notebook", "lesson"} & set(request.fixturenames):
        if name in request.node.funcargs:
            errors = request.node.funcargs[name].errors
            said, errors[:] = list(errors), []
            assert said == [], "the page complained"
