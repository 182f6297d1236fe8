"""Of the lessons' cells those wait for the release line that train for long, and those that need their names."""

from types import SimpleNamespace

import nbformat
import pytest

from tests import dear
from tests.notebooks.names import that_need
from tests.test_release import ROOT


def test_what_needs_a_dear_cell_waits_too_until_its_name_is_made_anew():
    sources = ["import numpy as np", "a = 1", "slow = a", "b = slow + 1", "print(a)", "slow = 2", "print(slow)",
               "def f():\n    return b"]  # fmt: skip
    assert that_need(sources, lambda source: source == "slow = a") == [2, 3, 7]


@pytest.mark.parametrize("name", dear.DEAR)
def test_each_line_stands_in_one_cell_and_most_cells_of_the_lesson_stay(name):
    cells = nbformat.read(ROOT / name, as_version=4).cells
    sources = [cell.source for cell in cells if cell.cell_type == "code"]
    for line in dear.DEAR[name]:
        assert sum(line in dear.lines_of(source) for source in sources) == 1, line
    assert 0 < len(dear.dear_ones(name, sources)) <= len(sources) / 2


@pytest.mark.parametrize(("markexpr", "marked"), [("", ["Cell 1"]), ("release", ["Cell 0", "Cell 1", "Cell 2"])])
def test_the_release_line_runs_the_whole_lesson(markexpr, marked):
    name, found = "notebooks/02_xor.ipynb", []
    items = [SimpleNamespace(nodeid=f"{name}::Cell {n}", cell=SimpleNamespace(source=source),
                             add_marker=lambda mark, n=n: found.append((f"Cell {n}", mark.args)))
             for n, source in enumerate(["a = 1", "runs = {}", "print(a)"])]  # fmt: skip
    other = SimpleNamespace(nodeid="tests/test_a.py::test_b")
    dear.pytest_collection_modifyitems(SimpleNamespace(option=SimpleNamespace(markexpr=markexpr)), [*items, other])
    assert found == [(cell, (dear.REASON,)) for cell in marked]
