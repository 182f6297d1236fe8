"""The bench of rough answers on two rows: its table, its JSON, its place in the page; no time is asserted."""

import json

import pytest

from tests.bench import __main__ as command
from tests.bench import report, rough


@pytest.fixture(autouse=True)
def two_rows(monkeypatch):
    monkeypatch.setattr(rough, "ROWS", [rough.ROWS[0], rough.ROWS[3]])
    monkeypatch.setattr(rough, "TIMES", (1e-6, 0.05))


def test_it_prints_a_line_for_each_optimiser_and_writes_json(tmp_path, capsys):
    path = tmp_path / "bench.json"
    assert command.main(["rough", "--seeds", "1", "--json", str(path)]) == 0
    out, rows = capsys.readouterr().out, json.loads(path.read_text())["rows"]
    assert [row["row"] for row in rows] == [
        "LevenbergMarquardt(damping=0.1), the first 300 samples, G = 3",
        "NewtonKaczmarz(), 50 samples a step, G = 5",
    ]
    for row in rows:
        (points,) = row["curves"]
        assert points == sorted(points) and points[-1][0] > 0.05 and points[-1][1] < 0.5 * points[0][1]
    assert "below 0.008: CPU s" in out and "RMSE at 1e-06 s" in out and "Measured on: " in out


def test_a_line_says_when_and_how_far_by_the_median_and_the_worst():
    curves = 2 * [[[(0.01, 0.1), (0.04, 0.001)], [(0.02, 0.3), (0.06, 0.002)], [(0.03, 0.5)]]]
    facts = {"cpu": "", "cores": 2, "system": "", "python": ""}
    line = rough.page(curves, facts, markdown=True).splitlines()[2]
    assert [cell.strip() for cell in line.split("|")[2:-1]] == ["0.060", "-", "-", "3.0e-01"]


def test_the_page_of_measurements_gets_the_table_from_an_idle_machine_only(tmp_path, monkeypatch):
    monkeypatch.setattr(report, "MEASUREMENTS", tmp_path / "measurements.md")
    report.MEASUREMENTS.write_text("no marks")
    with pytest.raises(ValueError, match="bench:rough"):
        command.main(["rough", "--write"])
    report.MEASUREMENTS.write_text("# Title\n<!-- bench:rough -->\n<!-- /bench:rough -->\nend\n")
    monkeypatch.setattr(rough.machine, "too_busy", lambda facts: True)
    assert command.main(["rough", "--write", "--seeds", "1"]) == 2
    monkeypatch.setattr(rough.machine, "too_busy", lambda facts: False)
    assert command.main(["rough", "--write", "--seeds", "1"]) == 0
    text = report.MEASUREMENTS.read_text()
    assert text.startswith("# Title\n<!-- bench:rough -->\n| f1 [2, 5, 1]") and text.endswith("-->\nend\n")
