"""The tests of the browser run in one process, those of any other file in one too, and the long files come first."""

from pathlib import Path
from types import SimpleNamespace

from tests import order

ROOT = Path(__file__).resolve().parent.parent


def test_the_browser_is_one_scope_and_any_other_file_is_its_own():
    assert order.scope_of("tests/browser/test_keys.py::test_a[b::c]") == order.scope_of("tests/browser/test_apps.py::x")
    assert order.scope_of("notebooks/05_splines.ipynb::Cell 3") == "notebooks/05_splines.ipynb"


def test_pytest_xdist_asks_for_these_scopes():
    config = SimpleNamespace(option=SimpleNamespace(dist="loadscope"), getvalue=lambda name: ["popen"])
    scheduler = order.pytest_xdist_make_scheduler(config, None)
    assert scheduler._split_scope("tests/browser/test_keys.py::test_a") == order.TOGETHER
    assert order.pytest_xdist_make_scheduler(SimpleNamespace(option=SimpleNamespace(dist="load")), None) is None


def test_the_long_ones_come_first_and_the_rest_keeps_its_order():
    names = ["tests/b.py::x", "notebooks/a.ipynb::Cell 0", "tests/a.py::x", "tests/browser/a.py::x"]
    items = [SimpleNamespace(nodeid=name) for name in names]
    order.pytest_collection_modifyitems(items)
    assert [item.nodeid for item in items] == [names[3], names[1], names[0], names[2]]
    assert all((ROOT / part).exists() for part in order.LONGEST)
