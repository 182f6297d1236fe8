"""The bench of the machine on a few points: its table, its verdicts, its JSON; no time is asserted."""

import json

import numpy as np
import pytest

from kan_edu.theorems.superposition import EXAMPLES
from tests.bench import __main__ as command
from tests.bench import report, superposition


def test_it_prints_a_line_for_each_run_and_function_and_writes_json(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(superposition, "SIDE", 8)
    path = tmp_path / "bench.json"
    code = command.main(["superposition", "--points", "20", "--seed", "3", "--json", str(path)])
    out, rows = capsys.readouterr().out, json.loads(path.read_text())["rows"]
    assert len(rows) == len(superposition.RUNS) * len(EXAMPLES) == 20
    lines = out.splitlines()[1:21]
    assert all(line.endswith(("  met", "  missed: CPU s")) for line in lines), "errors are far below the targets"
    assert code == any("missed" in line for line in lines)
    assert [row["points"] for row in rows[::5]] == [20, 20, 20, 64]
    assert {row["levels"] for row in rows} == {2, 3, 4} and "Measured on: " in out
    assert max(row["sup"] for row in rows if row["levels"] == 4) < 0.01


def test_the_same_seed_draws_the_same_points_and_another_does_not(monkeypatch):
    name = next(iter(EXAMPLES))
    one, again, other = (superposition.measure(name, (3, 19), 6, 50, np.random.default_rng(s)) for s in (1, 1, 2))
    assert one["rms"] == again["rms"] != other["rms"]


def test_a_missed_target_is_named_and_ends_with_1(monkeypatch, capsys):
    monkeypatch.setattr(superposition, "RUNS", [("2 levels", (3, 19), 6, 50, {"rms": 1e-9, "sup": 0.9})])
    assert command.main(["superposition", "--seed", "1", "--markdown"]) == 1
    assert "missed: rms |" in capsys.readouterr().out


def test_the_page_of_measurements_gets_the_table(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(superposition, "RUNS", [("2 levels", (3, 19), 6, 50, {"sup": 0.9})])
    monkeypatch.setattr(report, "MEASUREMENTS", tmp_path / "measurements.md")
    report.MEASUREMENTS.write_text("no marks")
    with monkeypatch.context() as patch, pytest.raises(ValueError, match="bench:superposition"):
        patch.setattr(superposition, "measure", lambda *given: pytest.fail("it measured before it looked"))
        command.main(["superposition", "--write"])
    report.MEASUREMENTS.write_text("# Title\n<!-- bench:superposition -->\n<!-- /bench:superposition -->\nend\n")
    command.main(["superposition", "--write"])
    text = report.MEASUREMENTS.read_text()
    assert text.startswith("# Title\n<!-- bench:superposition -->\n| run ") and text.endswith("-->\nend\n")
    assert text.count("| 2 levels |") == len(EXAMPLES) and "Measured on: " in text


@pytest.mark.parametrize("arguments, says", [(["--points", "0"], "expected a whole number"),
                                             (["--json", "no/such/x.json"], "a folder that does not exist")])
def test_wrong_arguments_are_told_before_anything_runs(arguments, says, capsys):
    with pytest.raises(SystemExit):
        command.main(["superposition", *arguments])
    assert says in capsys.readouterr().err
