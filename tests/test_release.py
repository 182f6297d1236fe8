"""What README's test line leaves to the release line is put aside, counted with its reasons, and run by somebody."""

from collections import Counter
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from tests import release
from tests.test_readme import TEST

ROOT = Path(__file__).resolve().parent.parent


def item(name, *reasons):
    """Stands for a test that is marked with these reasons."""
    mark = SimpleNamespace(args=reasons) if reasons else None
    return SimpleNamespace(nodeid=name, get_closest_marker=lambda _: mark)


def configured(markexpr="", args=("tests",)):
    deselected = []
    hook = SimpleNamespace(pytest_deselected=lambda items: deselected.extend(items))
    return SimpleNamespace(option=SimpleNamespace(markexpr=markexpr), args=args, stash=pytest.Stash(), hook=hook,
                           deselected=deselected)  # fmt: skip


def test_the_marked_are_put_aside_and_counted():
    config, items = configured(), [item("a"), item("b", "dear"), item("c"), item("d", "dear"), item("e", "dearer")]
    release.pytest_collection_modifyitems(config, items)
    assert [each.nodeid for each in items] == ["a", "c"]
    assert [each.nodeid for each in config.deselected] == ["b", "d", "e"]
    assert config.stash[release.LEFT] == {"dear": 2, "dearer": 1}


@pytest.mark.parametrize("asked", [{"markexpr": "release"}, {"args": ("tests/a.py::b",)}])
def test_who_asks_for_them_gets_them(asked):
    config, items = configured(**asked), [item("a"), item("b", "dear")]
    release.pytest_collection_modifyitems(config, items)
    assert len(items) == 2 and not config.deselected and release.LEFT not in config.stash


def test_a_mark_without_a_reason_is_refused():
    for reasons in ((7,), ("",), ("one", "two")):
        with pytest.raises(pytest.UsageError, match="b: write .*release"):
            release.pytest_collection_modifyitems(configured(), [item("a"), item("b", *reasons)])


def test_notebooks_are_marked_by_their_place():
    marked = []
    for name in ("notebooks/exercises/05_splines.ipynb::Cell 3", "notebooks/05_splines.ipynb::Cell 3"):
        release.pytest_itemcollected(SimpleNamespace(nodeid=name, add_marker=marked.append))
    (mark,) = marked
    assert mark.name == "release" and "a set by nbval" in mark.args[0]
    assert all((ROOT / beginning).is_dir() for beginning in release.NOTEBOOKS)


def test_the_processes_tell_and_the_run_ends_with_the_line_to_type():
    worker, config, said = configured(), configured(), []
    worker.workeroutput = {}
    worker.stash[release.LEFT] = Counter({"dear": 2, "dearer": 3})
    release.pytest_sessionfinish(SimpleNamespace(config=worker))
    release.pytest_testnodedown(SimpleNamespace(config=config, workeroutput=worker.workeroutput))
    release.pytest_testnodedown(SimpleNamespace(config=config))  # one that has crashed
    release.pytest_terminal_summary(SimpleNamespace(section=said.append, write_line=said.append), config)
    assert said == ["left to the release line", "     3 dearer", "     2 dear",
                    "     5 in all; they run with: .venv/bin/pytest -m release"]  # fmt: skip


def test_nothing_left_is_nothing_said():
    release.pytest_terminal_summary(None, configured())


def test_the_line_is_documented_and_runs_each_night_and_at_each_tag():
    for page in ("CONTRIBUTING.md", "docs/release.md"):
        assert f"`{release.LINE}`" in (ROOT / page).read_text(encoding="utf-8")
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "release.yml").read_text(encoding="utf-8"))
    when = workflow[True]  # YAML reads "on" as true
    assert when["schedule"] and when["push"] == {"tags": ["v*"]}
    (line,) = [step["run"] for step in workflow["jobs"]["release"]["steps"] if "run" in step]
    assert line == f"{TEST} -m release" and line.endswith(release.LINE)
