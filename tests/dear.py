"""Cells of lessons that train for five seconds and more, and what needs them: they wait for the release line.

In each run nbval runs the other cells of these lessons and all cells of all others. The release line runs these lessons
from the first cell to the last, as a cell needs those before it.
"""

from itertools import groupby

import pytest

from tests.notebooks.names import that_need

REASON = "cells that train for long, or need one that does: nbval runs the others of their lessons"
# {lesson: a line of each cell that takes so long, without a comment behind it}
DEAR = {
    "notebooks/00b_miles_per_gallon.ipynb": ["kans = []"],
    "notebooks/02_xor.ipynb": ["runs = {}"],
    "notebooks/03_universal_approximation.ipynb": ["samples, N = np.linspace(0, 1, 201), 8"],
    "notebooks/06_kan_from_scratch.ipynb": ["    model = KAN([2, 5, 1], basis=kind)"],
    "notebooks/06b_downhill.ipynb": ["def power_law(model, seed):"],
    "notebooks/09_reading_a_kan.ipynb": ['data["noise alone"] = X, noise'],
    "notebooks/12_your_own_data.ipynb": ["from sklearn.datasets import load_diabetes, load_digits"],
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Mark them; all cells of these lessons where `-m` asks for some."""
    for name, cells in groupby(items, key=lambda item: item.nodeid.partition("::")[0]):
        if name in DEAR:
            cells = list(cells)
            late = dear_ones(name, [each.cell.source for each in cells])
            for number in range(len(cells)) if config.option.markexpr else late:
                cells[number].add_marker(pytest.mark.release(REASON))


def dear_ones(name, sources):
    """Numbers of the cells of a lesson, given by their sources, that wait."""
    return that_need(sources, lambda source: not lines_of(source).isdisjoint(DEAR[name]))


def lines_of(source):
    """The lines of a cell, without comments."""
    return {line.partition("#")[0].rstrip() for line in source.splitlines()}
