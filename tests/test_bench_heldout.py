"""The bench of real data on two rows: its table, its JSON, its place in the page; no time is asserted."""

import json

import pytest

from tests.bench import __main__ as command
from tests.bench import heldout, report


@pytest.fixture(autouse=True)
def two_rows(monkeypatch):
    rows = [row for row in heldout.ROWS if row[0] == heldout.MPG and row[2][0] in ("GaussNewton", "fit_additive")]
    monkeypatch.setattr(heldout, "ROWS", rows[:2])


def test_it_prints_a_line_for_each_model_and_writes_json(tmp_path, capsys):
    path = tmp_path / "bench.json"
    assert command.main(["heldout", "--splits", "2", "--json", str(path)]) == 0
    out, rows = capsys.readouterr().out, json.loads(path.read_text())["rows"]
    assert [row["by"] for row in rows] == ["GaussNewton, 5 steps", "fit_additive"]
    assert all(len(row["errors"]) == len(row["seconds"]) == 2 and 2 < max(row["errors"]) < 4 for row in rows)
    assert "KAN [7, 16, 1]        1024" in out and "Measured on: " in out


def test_the_page_of_measurements_gets_the_table(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "MEASUREMENTS", tmp_path / "measurements.md")
    report.MEASUREMENTS.write_text("no marks")
    with pytest.raises(ValueError, match="bench:heldout"):
        command.main(["heldout", "--write"])
    report.MEASUREMENTS.write_text("# Title\n<!-- bench:heldout -->\n<!-- /bench:heldout -->\nend\n")
    command.main(["heldout", "--write", "--splits", "1"])
    text = report.MEASUREMENTS.read_text()
    assert text.startswith("# Title\n<!-- bench:heldout -->\n| held out ") and text.endswith("-->\nend\n")


def test_without_scikit_learn_its_rows_are_left_out_and_it_says_so(monkeypatch, capsys):
    monkeypatch.setattr(heldout, "find_spec", lambda name: None)
    absent = (heldout.MPG, ("scikit-learn's MLP", (7, 9, 1)), ("its own", {}))
    monkeypatch.setattr(heldout, "ROWS", [*heldout.ROWS[1:], absent])
    command.main(["heldout", "--splits", "1"])
    out = capsys.readouterr().out
    assert out.count("Auto MPG") == 1 and "Without the digits" in out
