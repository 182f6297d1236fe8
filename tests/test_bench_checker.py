"""The bench of the checker: what it hands in, and its verdicts; no time is asserted."""

import argparse
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from tests.bench import checker, report

ARGS = {"students": 4, "jobs": 1, "set": "01_perceptron", "sandbox": "none", "against": None, "write": False}
MARKS = {"00000": 2, "00001": 2, "00002": 2, "00003": 2}


def test_every_fifth_notebook_has_one_wrong_answer(tmp_path):
    (folder,) = checker.hand_in(tmp_path, "01_perceptron", 10)
    first, fifth = (nbformat.read(folder / f"{number:05}.ipynb", 4) for number in (0, 4))
    assert len(list(folder.iterdir())) == 10
    differ = [a.metadata.kan_edu.answer for a, b in zip(first.cells, fifth.cells, strict=True) if a.source != b.source]
    assert differ == ["at_least"]  # the fifth task of the fifth student
    assert "NotImplementedError" not in "".join(cell.source for cell in first.cells)
    assert len(checker.hand_in(tmp_path / "more", "01_perceptron", 2)) == 1


def test_it_watches_a_command_and_its_children():
    child = "import time; held = bytearray(60 * 2**20); time.sleep(2)"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}]); sys.exit(1)"
    code, wall, cpu, most = checker.watch([sys.executable, "-c", parent], checker.HERE)
    assert code == 1 and wall >= 2 and cpu > 0 and 60 < most < 200


def of_straw(monkeypatch, marks=MARKS, code=1, most=100.0):
    """No checker runs; each clone's marks are `marks` ({name: points}), as far as such notebooks are there."""

    def watch(command, tree):
        folder, table = Path(command[4]), Path(command[-1])
        names = [path.name for path in folder.iterdir()]
        rows = [f"{name},{marks[name.split('.')[0]]}\n" for name in names]
        table.write_text("submission,points\n" + "".join(sorted(rows)), encoding="utf-8")
        return code, 10.0 if tree == checker.HERE else 12.0, 5.0 if tree == checker.HERE else 10.0, most

    monkeypatch.setattr(checker, "watch", watch)


def test_two_clones_meet_the_same_class_in_another_order(monkeypatch, capsys, tmp_path):
    of_straw(monkeypatch, MARKS | {name[::-1]: points for name, points in MARKS.items()})
    args = argparse.Namespace(**{**ARGS, "against": tmp_path})
    assert checker.run(args) == 1  # 10 of 12 seconds are too many
    said = " ".join(capsys.readouterr().out.split())
    assert "seconds, part of the other's 0.83 <= 0.8 missed" in said
    assert "s of CPU, part of the other's 0.50 <= 0.8 met" in said
    of_straw(monkeypatch, MARKS | {name[::-1]: points for name, points in MARKS.items()} | {"10000": 1})
    assert checker.run(args) == 1 and "The marks differ" in capsys.readouterr().out


@pytest.mark.parametrize(("most", "code"), [(499.0, 0), (501.0, 1)])
def test_a_missed_target_is_said(monkeypatch, capsys, most, code):
    of_straw(monkeypatch, most=most)
    monkeypatch.setitem(checker.TARGETS, "seconds", 1000)
    assert checker.run(argparse.Namespace(**ARGS)) == code
    assert ("missed" in capsys.readouterr().out) == bool(code)


def test_a_checker_that_does_not_check_all_gives_no_figures(monkeypatch, capsys):
    of_straw(monkeypatch, code=3)
    monkeypatch.setattr(report, "put", lambda *given: pytest.fail("figures that mean nothing were written"))
    assert checker.run(argparse.Namespace(**{**ARGS, "write": True})) == 3
    assert "there are no figures" in capsys.readouterr().out


def test_the_page_of_measurements_gets_the_table(tmp_path, monkeypatch):
    of_straw(monkeypatch)
    monkeypatch.setattr(report, "MEASUREMENTS", tmp_path / "measurements.md")
    report.MEASUREMENTS.write_text("# Title\n<!-- bench:checker -->\n<!-- /bench:checker -->\nend\n")
    monkeypatch.setitem(checker.TARGETS, "seconds", 1000)
    args = argparse.Namespace(**{**ARGS, "write": True})
    assert checker.run(args) == 0
    text = report.MEASUREMENTS.read_text()
    assert "| MB in all | 100 | <= 500 | met |" in " ".join(text.split()) and text.endswith("-->\nend\n")
    report.MEASUREMENTS.write_text("no marks")
    monkeypatch.setattr(checker, "watch", lambda *given: pytest.fail("it measured before it looked"))
    with pytest.raises(ValueError, match="bench:checker"):
        checker.run(args)


def test_the_command_names_its_options():
    done = subprocess.run([sys.executable, "-m", "tests.bench", "checker", "--help"], capture_output=True, text=True)
    assert "--students" in done.stdout
