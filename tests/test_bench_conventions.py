"""The table of other packages: kan_edu's own row is measured again, and a package that is absent says so."""

from pathlib import Path

import numpy as np
import pytest

from tests.bench import conventions

PAGE = Path(__file__).resolve().parent.parent / "docs" / "peers.md"


def test_the_row_of_kan_edu_stands_in_the_page():
    name, edge, change, outside, saves, draws = conventions.row("kan_edu")
    moved = float(change.rpartition(" ")[2])
    assert moved < 1e-6, "the grid is halved: what moves is rounding in float32"
    page = PAGE.read_text(encoding="utf-8")
    assert f"| {name} | {edge} | `grids.extend` 5 to 10: moves by " in page
    assert f" | {outside} | {saves} | {draws} |" in page


def test_a_package_that_is_not_installed_says_so(monkeypatch):
    monkeypatch.setitem(conventions.PACKAGES, "nobody", ("no-such-package-of-kans", None))
    assert conventions.row("nobody")[:2] == ["nobody", "not installed"]


@pytest.mark.parametrize(
    ("f", "words"),
    [
        (lambda x: 2 * x / (1 + np.exp(-x)), "silu(x) alone"),
        (lambda x: 1 - 3 * x, "straight on"),
        (lambda x: 1 - 3 * x + 50 * x / (1 + np.exp(-x)), "straight on, and silu(x)"),
        (lambda x: np.sin(9 * x), "something else"),
    ],
)
def test_how_a_curve_goes_on_is_told(f, words):
    assert conventions.outside(f) == words


def test_the_degree_of_the_pieces_is_told():
    assert conventions.pieces(lambda x: 1 + 2 * x) == "straight pieces"
    assert conventions.pieces(lambda x: 1 + 2 * x + 4 * x**3) == "cubic pieces"
    assert conventions.pieces(lambda x: np.sin(90 * x)) == "something else"
