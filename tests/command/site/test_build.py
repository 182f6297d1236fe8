"""A site is built whole or not at all; the builder of JupyterLite is one of straw here, which takes no time."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from kan_edu.command import cli
from kan_edu.command.site import build, contents, lite, packages, pages, pins
from kan_edu.command.site.compiled import bytecode
from kan_edu.files import CourseError

ROOT = Path(__file__).resolve().parents[3]
SETS = sorted(path.name for path in (ROOT / "notebooks" / "exercises").glob("*.ipynb"))


@pytest.fixture
def straw(monkeypatch, tmp_path):
    """A builder and packages of straw; the options of `build_site`."""

    seen = {}

    def run_builder(place, files, out, configuration):
        plugins = configuration["jupyter-config-data"]["litePluginSettings"]
        kernel = plugins[f"{lite.KERNEL}:kernel"]
        seen["pyodide"], seen["library"] = kernel["pyodideUrl"], kernel["loadPyodideOptions"].get("stdLibURL")
        (out / "lab").mkdir(parents=True)
        (out / "jupyter-lite.json").write_text(json.dumps(configuration))

    def write_packages(place, table, offline, folder):
        (place / "kan_edu").mkdir(parents=True)
        (place / "kan_edu" / pins.LOCK).write_text('{"packages": {}}')
        return []

    monkeypatch.setattr(build, "NEEDED", ())
    monkeypatch.setattr(lite, "run_builder", run_builder)
    monkeypatch.setattr(packages, "write_packages", write_packages)
    monkeypatch.setattr(bytecode, "compile_packages", lambda place: "compiled.zip")
    monkeypatch.setattr(contents, "write_contents", lambda folder, own, known: [])
    monkeypatch.setattr(pages, "write_pages", lambda made, notebooks, files, repository: seen.update(to=repository))
    straw = {"folder": tmp_path}
    run_builder.seen = seen
    return straw


def test_a_site_lands_where_it_was_asked_for_and_nothing_else_is_left(straw, tmp_path):
    out = tmp_path / "new" / "site"
    size = build.build_site(out, **straw)
    assert size == sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) / 1e6 > 0
    assert sorted(path.name for path in out.iterdir()) == ["jupyter-lite.json", "lab", "static"]
    assert [path.name for path in out.parent.iterdir()] == ["site"]


def test_an_empty_folder_is_taken_and_a_full_one_is_left_alone(straw, tmp_path):
    out = tmp_path / "site"
    out.mkdir()
    build.build_site(out, **straw)
    before = sorted(out.rglob("*"))
    with pytest.raises(CourseError, match="site is not an empty folder"):
        build.build_site(out, **straw)
    assert sorted(out.rglob("*")) == before


@pytest.mark.parametrize("offline", [True, False])
def test_the_builder_and_the_pages_are_told_where_python_and_the_course_are(offline, straw, tmp_path, monkeypatch):
    monkeypatch.setattr(build, "check_site", lambda *arguments: None)
    build.build_site(tmp_path / "site", offline=offline, repository="R", **straw)
    seen = lite.run_builder.seen
    here = seen["pyodide"].startswith("./static/pyodide/")
    assert here == offline and here != seen["pyodide"].startswith("https://") and seen["to"] == "R"
    assert seen["library"] == ("./static/pyodide/compiled.zip" if offline else None)


@pytest.mark.parametrize("what", ["lock", "core", "builder", "wheel", "settings", "library"])
def test_a_build_that_fails_leaves_nothing(what, straw, tmp_path, monkeypatch):
    def fails(*arguments):
        raise CourseError("it failed")

    if what == "builder":
        monkeypatch.setattr(lite, "run_builder", fails)
    elif what == "lock":
        monkeypatch.setattr(packages, "write_packages", lambda place, *more: place.mkdir() or [])
    elif what == "wheel":
        lock = {"packages": {"a": {"file_name": "a.whl", "sha256": ""}}}
        straw_packages = packages.write_packages
        monkeypatch.setattr(packages, "write_packages", lambda place, *more: straw_packages(place, *more) + [
            (place / "kan_edu" / pins.LOCK).write_text(json.dumps(lock))])  # fmt: skip
    elif what == "library":  # the name that the compiler gave is nowhere, and the old file is gone
        table = {**pins.read_pins(), "core": {bytecode.LIBRARY: "0"}}
        monkeypatch.setattr(pins, "read_pins", lambda: table)
    elif what == "settings":
        straw_builder = lite.run_builder
        monkeypatch.setattr(lite, "run_builder", lambda place, files, out, said: straw_builder(place, files, out, said)
                            or (out / "jupyter-lite.json").write_text('{"jupyter-config-data": {}}'))  # fmt: skip
    words = {"lock": "no lock file", "core": "lacks pyodide.asm.mjs", "builder": "it failed", "wheel": "lacks a.whl",
             "settings": "dropped the kernel's settings", "library": "lacks ./static/pyodide/compiled.zip, which"}[what]
    with pytest.raises(CourseError, match=words):
        build.build_site(tmp_path / "place" / "site", offline=what in ("core", "library"), **straw)
    assert list((tmp_path / "place").iterdir()) == []


def test_without_the_extra_it_says_what_to_type(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(build, "NEEDED", ("no_such_package",))
    assert cli.main(["site", str(tmp_path / "site")]) == 2
    assert 'needs no_such_package. Type: pip install "kan-edu[site]"' in capsys.readouterr().err


def test_the_command_hands_on_its_options_and_says_how_to_look(tmp_path, monkeypatch, capsys):
    called = {}
    monkeypatch.setattr(build, "build_site", lambda out, **options: called.update(out=out, **options) or 12.34)
    assert cli.main(["site", "OUT", "--offline", "--wheels", "W", "--add", "a.ipynb", "--add", "b.ipynb"]) == 0
    assert called == {"out": "OUT", "offline": True, "folder": Path("W"), "repository": None,
                      "own_notebooks": [Path("a.ipynb"), Path("b.ipynb")]}  # fmt: skip
    said = capsys.readouterr().out
    assert "12.3 MB" in said and "http.server --directory OUT" in said


def test_what_threadpoolctl_says_of_the_page_is_hidden_and_other_warnings_are_not():
    kernel = lite.settings("./pyodide.mjs", [])["jupyter-config-data"]["litePluginSettings"][f"{lite.KERNEL}:kernel"]
    words = "JsProxy.as_object_map() is deprecated. Use as_py_json() instead."
    code = f"import warnings; warnings.warn({words!r}, RuntimeWarning); warnings.warn('another', RuntimeWarning)"
    environment = {**os.environ, **kernel["loadPyodideOptions"]["env"]}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)
    assert "RuntimeWarning: another" in done.stderr and "RuntimeWarning: JsProxy" not in done.stderr


# -------------------------------------------------------------------------------------------- the notebooks


def test_lessons_come_first_then_sets_without_solutions_with_the_kernel_of_the_page(tmp_path):
    own = tmp_path / "own"
    own.mkdir()
    plain = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
    (own / "welcome.ipynb").write_text(json.dumps(plain))
    (own / "mine.ipynb").write_bytes((ROOT / "notebooks" / "exercises" / SETS[0]).read_bytes())
    names = contents.write_contents(tmp_path / "files", [own / "welcome.ipynb", own / "mine.ipynb"])
    assert names[0] == "00_start_here.ipynb"
    assert names[-2:] == ["own/mine.ipynb", "own/welcome.ipynb"]
    assert [name for name in names if name.startswith("exercises/")] == [f"exercises/{name}" for name in SETS]
    for name in names:
        text = (tmp_path / "files" / name).read_text(encoding="utf-8")
        assert json.loads(text)["metadata"]["kernelspec"]["name"] == "python"
        assert "### BEGIN SOLUTION" not in text
    mine, theirs = ((tmp_path / "files" / name).read_bytes() for name in ("own/mine.ipynb", f"exercises/{SETS[0]}"))
    assert mine.count(b"# ANSWER") == theirs.count(b"# ANSWER") > 3


@pytest.mark.parametrize(("content", "words"), [(None, "cannot read .*x.ipynb"), ("{}", "is no notebook"),
                                                ("[1", "is no notebook"), ("[]", "is no notebook")])  # fmt: skip
def test_what_is_no_notebook_is_refused(content, words, tmp_path):
    if content is not None:
        (tmp_path / "x.ipynb").write_text(content)
    with pytest.raises(CourseError, match=words):
        contents.own_notebook(tmp_path / "x.ipynb")


def test_of_two_notebooks_with_one_name_and_of_a_set_without_an_end_it_is_said(tmp_path):
    cell = {"cell_type": "code", "metadata": {}, "source": "### BEGIN SOLUTION", "outputs": [], "execution_count": None}
    plain = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}
    for folder, cells in (("one", []), ("two", []), ("open", [cell])):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "x.ipynb").write_text(json.dumps({**plain, "cells": cells}))
    with pytest.raises(CourseError, match="two notebooks are called x.ipynb"):
        contents.write_contents(tmp_path / "files", [tmp_path / "one" / "x.ipynb", tmp_path / "two" / "x.ipynb"])
    with pytest.raises(CourseError):
        contents.own_notebook(tmp_path / "open" / "x.ipynb")


def test_sets_without_nbformat_are_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(contents, "student_bytes", lambda path: None)
    with pytest.raises(CourseError, match="need nbformat"):
        contents.write_contents(tmp_path / "files")


def test_a_notebook_that_needs_what_the_site_has_not_says_so_at_its_top(tmp_path):
    cells = ["import numpy as np, json\nfrom kan_edu import KAN", "from kan_edu.sklearn import KANRegressor",
             "import threadpoolctl", "try:\n    import torch\nexcept ImportError:\n    pass",
             "%pip install x\nimport scipy"]  # fmt: skip
    book = {"cells": [{"cell_type": "code", "source": source} for source in cells], "metadata": {}}
    assert contents.foreign(book, {"numpy"}) == ["scikit-learn"]
    assert contents.foreign(book, {"sklearn", "threadpoolctl"}) == ["numpy"]
    first = {"cell_type": "markdown", "source": ["# A title\n", "words"]}
    content = json.dumps({**book, "cells": [first, *book["cells"]]}).encode()
    said = json.loads(contents.for_the_page(content, {"numpy"}))
    assert contents.needs(said) == ["scikit-learn"] and len(said["cells"]) == 6
    assert said["cells"][0]["source"].startswith("# A title\nwords\n\n**This notebook needs scikit-learn, which")
    assert contents.needs(json.loads(contents.for_the_page(content, {"numpy", "sklearn", "threadpoolctl"}))) == []


@pytest.mark.parametrize("offline", [True, False])
def test_what_a_page_can_import_is_what_its_lock_holds(offline):
    known = packages.importable(pins.read_pins(), offline)
    assert {"numpy", "matplotlib", "PIL", "ipywidgets"} <= known and ("sympy" in known) is not offline
    assert ({"sklearn", "pandas"} <= known) is not offline
