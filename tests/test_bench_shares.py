"""The bench of what learning costs, on the quickest task: its shares, its sums, its place in the page."""

import numpy as np
import pytest

from kan_edu.learning.downhill import levenberg_marquardt as lm
from tests.bench import __main__ as command
from tests.bench import machine, report, shares


def test_the_shares_of_a_task_add_up_and_nothing_is_watched_afterwards(capsys):
    before = lm.normal_equations
    assert command.main(["shares", "--only", "f2", "--markdown"]) == 0
    lines = capsys.readouterr().out.splitlines()
    cells = [cell.strip() for cell in lines[2].split("|")[1:-1]]
    assert cells[0] == "f2 [2, 2, 1] k=2, no base, G=5"
    assert int(cells[2]) > 10 and float(cells[3]) >= 1
    parts = [int(cell.rstrip("%")) for cell in cells[4:9]]
    assert abs(sum(parts) - 100) <= 3 and all(0 <= part < 100 for part in parts)
    assert lm.normal_equations is before


def test_parts_are_counted_with_their_multiplications_and_additions():
    watch = shares.Watch()
    with shares.watched(watch):
        J, r = np.arange(6.0).reshape(3, 2), np.ones(3)
        A, g = lm.normal_equations(J, r)
        lm.LevenbergMarquardt()._solve(A, A.diagonal(), g)
    assert (A == J.T @ J).all() and watch.flops == 3 * 2 * 3
    assert watch.calls == {"J'J": 1, "solutions": 1, "Jacobians": 0, "residuals": 0}


def test_the_page_of_measurements_gets_the_table_from_an_idle_machine_only(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "MEASUREMENTS", tmp_path / "measurements.md")
    report.MEASUREMENTS.write_text("no marks")
    with pytest.raises(ValueError, match="bench:shares"):
        command.main(["shares", "--write"])
    report.MEASUREMENTS.write_text("# Title\n<!-- bench:shares -->\n<!-- /bench:shares -->\nend\n")
    monkeypatch.setattr(shares, "row", lambda name: [name] * len(shares.HEADER))
    monkeypatch.setattr(machine, "too_busy", lambda facts: True)
    assert command.main(["shares", "--write"]) == 2
    monkeypatch.setattr(machine, "too_busy", lambda facts: False)
    assert command.main(["shares", "--write", "--only", "f4"]) == 0
    text = report.MEASUREMENTS.read_text()
    assert text.startswith("# Title\n<!-- bench:shares -->\n| task") and "| f4 " in text and text.endswith("-->\nend\n")
