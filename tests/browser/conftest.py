"""The browser tests: every app in a real JupyterLab in a headless Chromium.

How to run them: `pytest tests/browser` (the whole folder, some minutes), or `pytest tests/browser/test_splines.py`
while you work on an app. They need Debian's `chromium` (or a `chromium-browser` or `google-chrome` on the PATH, or its
path in the variable CHROME) and the packages of `pip install -e ".[test]"`, but not Playwright's own browsers.
Without a browser they are skipped and say so; with CI=true they fail. One JupyterLab in one tab serves all tests.
The server has folders and a token of its own, its kernel is the Python that runs the tests, and everything that it
started ends with the tests. Screenshots of the apps, and both pictures where two differ, are left in `artifacts/`;
with the variable SCREENSHOTS set, to anything, whole lessons too.
"""

import contextlib
import os
import shutil
import signal
import threading

import pytest

from tests.browser import lab as laboratory


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
def tab(lab):
    """JupyterLab in a browser: the one tab in which all notebooks are opened, one after the other."""
    from playwright.sync_api import sync_playwright

    from tests.browser.page import BROWSER, Tab

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=laboratory.chrome(), headless=True, args=BROWSER,
                                             timeout=1000 * laboratory.PATIENCE)
        yield Tab(lab, browser.new_context(viewport={"width": 1280, "height": 800}))
        browser.close()


@contextlib.contextmanager
def opened(tab, path, theme="light"):
    from tests.browser.page import Notebook

    notebook = Notebook(tab, path, theme)
    try:
        yield notebook
    finally:
        notebook.close()


@pytest.fixture(autouse=True)
def no_complaints(request):
    """After each test: the page wrote no error into its console and threw none."""
    yield
    if "tab" in request.fixturenames and "tab" in request.node.funcargs:
        errors = request.getfixturevalue("tab").errors
        said, errors[:] = list(errors), []
        assert said == [], "the page complained"
