"""The bench of the checker: what it hands in, and its verdicts; no time is asserted."""

import argparse
import subprocess
import sys

import nbformat
import pytest

from tests.bench import checker, report


def test_every_fifth_notebook_has_one_wrong_answer(tmp_path):
    assert checker.hand_in(tmp_path, "01_perceptron", 10) == 8
    first, fifth = (nbformat.read(tmp_path / f"student_{number:03}.ipynb", 4) for number in (0, 4))
    assert len(list(tmp_path.iterdir())) == 10
    differ = [a.metadata.kan_edu.answer for a, b in zip(first.cells, fifth.cells, strict=True) if a.source != b.source]
    assert differ == ["at_least"]  # the fifth task of the fifth student
    assert "NotImplementedError" not in "".join(cell.source for cell in first.cells)


def test_it_watches_a_command_and_its_children():
    child = "import time; held = bytearray(60 * 2**20); time.sleep(1)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}]); sys.exit(1)"
    code, seconds, most = checker.watch([sys.executable, "-c", parent])
    assert code == 1 and seconds >= 1 and 60 < most < 200


@pytest.mark.parametrize(("seconds", "most", "words"), [(10, 100, 0), (300, 100, 1), (10, 300, 1)])
def test_a_missed_target_is_said(seconds, most, words):
    args = argparse.Namespace(students=100, jobs=2, set="05_splines")
    assert checker.page(args, 80, seconds, most, checker.machine.facts() | {"versions": {}}).count("missed") == words


def test_a_checker_that_checks_nothing_gives_no_figures(monkeypatch, capsys):
    monkeypatch.setattr(checker, "watch", lambda command: (3, 1.0, 1.0))
    monkeypatch.setattr(report, "put", lambda *given: pytest.fail("figures that mean nothing were written"))
    args = argparse.Namespace(students=1, jobs=1, set="01_perceptron", sandbox="none", write=True)
    assert checker.run(args) == 3
    assert "these figures mean nothing" in capsys.readouterr().out


def test_the_page_of_measurements_gets_the_table(tmp_path, monkeypatch):
    monkeypatch.setattr(checker, "watch", lambda command: (1, 10.0, 100.0))
    monkeypatch.setattr(report, "MEASUREMENTS", tmp_path / "measurements.md")
    report.MEASUREMENTS.write_text("# Title\n<!-- bench:checker -->\n<!-- /bench:checker -->\nend\n")
    args = argparse.Namespace(students=1, jobs=1, set="01_perceptron", sandbox="none", write=True)
    assert checker.run(args) == 0
    text = report.MEASUREMENTS.read_text()
    assert "| MB of a worker |      100 | <= 250 |     met |" in text and text.endswith("-->\nend\n")
    report.MEASUREMENTS.write_text("no marks")
    monkeypatch.setattr(checker, "watch", lambda command: pytest.fail("it measured before it looked"))
    with pytest.raises(ValueError, match="bench:checker"):
        checker.run(args)


def test_the_command_names_its_options():
    done = subprocess.run([sys.executable, "-m", "tests.bench", "checker", "--help"], capture_output=True, text=True)
    assert "--students" in done.stdout
