"""The browser tests' own tools: they skip aloud, fail in CI, leave nothing running, and see a wrong picture."""

import ast
import os
import subprocess
import sys
import time
from types import SimpleNamespace

import nbformat
import numpy as np
import pytest

from kan_edu.apps import APPS, SplineApp
from tests.browser import direct, lab, test_apps, test_touch
from tests.browser.conftest import demand, opened
from tests.browser.page import Tab

linux = pytest.mark.skipif(sys.platform != "linux", reason="its stand-in for a server is a shell script")


def test_without_a_browser_the_tests_skip_and_say_what_to_type():
    reason = lab.missing({"PATH": ""})
    assert "apt-get install chromium" in reason
    with pytest.raises(pytest.skip.Exception, match="no browser"):
        demand(reason, {})


def test_without_a_browser_the_tests_fail_in_ci():
    with pytest.raises(pytest.fail.Exception, match="no browser"):
        demand(lab.missing({"PATH": ""}), {"CI": "true"})


def test_a_missing_package_is_named():
    find = lambda name: None if name == "playwright" else name   # noqa: E731
    assert "playwright" in lab.missing({"PATH": "", "CHROME": "/bin/sh"}, find)
    assert lab.missing({"PATH": "", "CHROME": "/bin/sh"}, lambda name: name) == ""


def test_the_browser_is_the_one_that_is_named(tmp_path):
    for name in ("google-chrome", "other"):
        (tmp_path / name).touch(0o755)
    assert lab.chrome({"PATH": str(tmp_path)}) == str(tmp_path / "google-chrome")
    assert lab.chrome({"PATH": str(tmp_path), "CHROME": "other"}) == str(tmp_path / "other")
    assert lab.chrome({"PATH": str(tmp_path), "CHROME": "/no/such/browser"}) is None


@linux
def test_a_server_that_cannot_start_says_why_and_is_gone(tmp_path, monkeypatch):
    python = tmp_path / "python"
    python.write_text("#!/bin/sh\necho the reason\nexit 3\n")
    python.chmod(0o755)
    monkeypatch.setattr(lab, "sys", SimpleNamespace(executable=str(python)))
    private = lab.Lab()
    with pytest.raises(RuntimeError, match="(?s)JupyterLab stopped.*the reason"):
        private.__enter__()
    assert not private.process.is_running() and not private.home.exists()


@linux
def test_the_whole_family_of_the_server_is_ended(tmp_path, monkeypatch):
    """Also a child in a session of its own, as kernels are, that does not listen to a polite word."""
    python = tmp_path / "python"
    deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(600)"
    python.write_text(f"#!/bin/sh\nsetsid {sys.executable} -c '{deaf}' > '{tmp_path}/ready' &\nwait\n")
    python.chmod(0o755)
    monkeypatch.setattr(lab, "sys", SimpleNamespace(executable=str(python)))
    monkeypatch.setattr(lab.Lab, "_wait", lambda self: None)
    with lab.Lab() as private:
        while not (tmp_path / "ready").exists() or not (tmp_path / "ready").read_text():
            time.sleep(0.01)
        family = [private.process, *private.process.children(recursive=True)]
    assert len(family) == 2 and not any(process.is_running() for process in family)


class Shown:
    """Stands for an app on the page that never shows anything but `picture`."""

    def __init__(self, picture):
        self.picture, self.text, self.page = lambda: picture, lambda: "its text", self

    def wait_for_timeout(self, milliseconds):
        pass


def test_the_kernels_hash_seed_is_the_worst_one():
    code = "names = set(); [names.add(name) for name in ('min', 'max', 'value')]; print(*names)"
    done = subprocess.run([sys.executable, "-c", code], env={**os.environ, "PYTHONHASHSEED": lab.WORST_SEED},
                          capture_output=True, text=True, check=True)
    assert done.stdout.split()[0] == "value"


def test_one_wrong_pixel_is_seen(tmp_path, monkeypatch):
    monkeypatch.setattr(direct, "SECONDS", 0)
    monkeypatch.setattr(direct, "ARTIFACTS", tmp_path)
    right = direct.pixels(SplineApp())
    wrong = np.array(right)
    wrong[100, 100, 0] -= 0.02
    with pytest.raises(AssertionError, match="1 pixels.*its text"):
        direct.expect(Shown(wrong), right, "one pixel")
    assert len(list(tmp_path.glob("FAILED_one_pixel_*.png"))) == 2
    with pytest.raises(AssertionError, match="all pixels"):
        direct.expect(Shown(right[:-1]), right, "one row")


def test_the_figure_drawn_directly_is_the_apps_own_picture():
    app = SplineApp()
    app.state = {"degree": 2, "x": -0.4}
    assert direct.same(direct.png(app), direct.pixels(app))


def test_cells_are_run_as_a_notebook_runs_them():
    names = {}
    assert direct.run_cell("a = 2\nb = 3", names) is None
    assert direct.run_cell("def f(x):\n    return a * x\nf(b)", names) == 6
    assert direct.run_cell("# nothing", names) is None


def test_a_jupyterlab_that_comes_after_its_page_is_waited_for(tab):
    late = "data:text/html,<script>setTimeout(() => { window.jupyterapp = {}; }, 700);</script>"
    page = Tab(SimpleNamespace(url=lambda: late), tab.page.context).page
    try:
        assert page.evaluate("() => 'jupyterapp' in window")
    finally:
        page.close()


def test_a_launcher_that_comes_after_the_notebook_does_not_stay_before_it(tab):
    nbformat.write(nbformat.v4.new_notebook(), tab.lab.root / "behind.ipynb")
    with opened(tab, "behind.ipynb") as notebook:
        notebook.page.evaluate("async () => { window.late = await jupyterapp.commands.execute('launcher:create'); }")
        assert notebook.finish() == []   # it was waited for, and is in front again: errors are read from what is there
        notebook.page.evaluate("() => late.dispose()")


def test_the_cells_that_apps_need():
    """Those that show one, and those that make the names used there, over corners too; not what only prints."""
    sources = ["import numpy as np\nfrom kan_edu.apps import SplineApp", "print(1)", "h = np.sin",
               "def g(x):\n    return h(x)", "other = g(1)", "SplineApp(data=g)"]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    shown = {"text/plain": "SplineApp: a live picture. Run this cell to move it."}
    cells[-1].outputs = [nbformat.v4.new_output("display_data", shown)]
    cells.insert(1, nbformat.v4.new_markdown_cell("g"))
    assert direct.cells_for_apps(cells) == [0, 3, 4, 6]


def test_every_app_is_driven_in_each_run_and_again_in_a_lesson():
    """Some lessons wait for a release; GridExtensionApp and ReaderApp have files of their own, which do not."""
    dragged = {made.partition("(")[0] for made in test_touch.DRAGS}
    assert {*test_apps.APPS, *dragged, "GridExtensionApp", "ReaderApp"} == set(APPS)
    ends = [ast.parse(cell.source).body[-1] for path in direct.lessons()
            for cell in nbformat.read(lab.ROOT / "notebooks" / path, as_version=4).cells
            if cell.cell_type == "code" and cell.source.strip()]
    calls = [end.value.func for end in ends if isinstance(end, ast.Expr) and isinstance(end.value, ast.Call)]
    assert set(APPS) <= {call.id for call in calls if isinstance(call, ast.Name)}
