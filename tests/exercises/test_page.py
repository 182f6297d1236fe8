"""The page for teachers, docs/exercises.md: its commands exist, its numbers are the code's, its example runs."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from kan_edu.command.cli import make_parser
from kan_edu.exercises import commands
from kan_edu.exercises.handed_in import answers, plain, submissions
from kan_edu.exercises.marking import kernel, sandbox, watched
from kan_edu.exercises.marking.verdict import MISSING, RIGHT, STOPPED, UNANSWERED, WRONG
from kan_edu.exercises.sets import template
from kan_edu.exercises.sets.catalogue import shipped
from kan_edu.exercises.sets.source import parse, read_source
from kan_edu.exercises.trying.trial import MOST
from tests.exercises.corpus import RIGHTLY, handed_in
from tests.exercises.small import small_book

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "exercises.md").read_text(encoding="utf-8")
GRADERS = (ROOT / "docs" / "graders.md").read_text(encoding="utf-8")
TYPED = re.findall(r"^\$ kan-edu (.+)$", PAGE + GRADERS, re.M)


@pytest.mark.parametrize("line", TYPED)
def test_each_command_on_the_page_can_be_typed(line):
    assert make_parser().parse_args(shlex.split(line)).run


def test_each_option_of_check_is_explained():
    (commands_,) = [action for action in make_parser()._actions if action.dest == "command"]
    options = {word for action in commands_.choices["check"]._actions for word in action.option_strings}
    options = {word for word in options if word.startswith("--")} - {"--help", "--jobs"}
    assert options <= set(re.findall(r"--[\w-]+", PAGE))


def test_the_list_on_the_page_is_the_list(capsys):
    commands.list_sets(None)
    assert capsys.readouterr().out in PAGE and all(name in PAGE for name in shipped())


def test_the_numbers_on_the_page_are_those_of_the_code():
    limits = [f"at most {MOST} numbers", f"| {kernel.LIMITS['RLIMIT_AS'] >> 20} MB of addresses;",
              f"2048 MB of addresses; in the sandbox {watched.MOST_MEMORY >> 20} MB",
              f"| {watched.MOST_TEXT >> 20} MB of text, {watched.MOST_SHOWN >> 20} MB of pictures |",
              f"| {kernel.LIMITS['RLIMIT_FSIZE'] >> 20} MB, and in the sandbox {int(sandbox.SCRATCH) >> 20} MB",
              f"in the sandbox | {kernel.PROCESSES} |", f"| {answers.LIMIT // 1000} kB, {plain.LIMIT // 10**6} MB |",
              f"| {submissions.MOST} |", f"| {make_parser().parse_args(['check', 'x']).timeout:g} s of computing"]
    assert [words for words in limits if words not in PAGE] == []
    assert all(f"| {status} | " in PAGE for status in [RIGHT, WRONG, UNANSWERED, MISSING, STOPPED])
    codes = {0, commands.FAILED, commands.USAGE, commands.MACHINE}
    assert {int(code) for code in re.findall(r"^\| (\d) \|", PAGE, re.M)} == codes


def test_the_example_set_is_what_new_writes():
    source = parse("my_set", template.template())
    assert f"my_set: {len(source.tasks)} tasks, {source.points:g} points" in PAGE


def test_the_example_in_python_runs(tmp_path):
    """With a pool of processes and real kernels; in a folder with a set and two notebooks, and without the sandbox."""
    (code,) = re.findall(r"^```python\n(.*?)^```$", PAGE, re.M | re.S)
    assert code.count('"bwrap"') == 1
    (tmp_path / "example.py").write_text(code.replace('"bwrap"', '"none"'))
    (tmp_path / "my_set.ipynb").write_text(json.dumps(small_book()))
    assert list(read_source(tmp_path / "my_set.ipynb").tasks) == ["double", "weights", "four"]
    (tmp_path / "handed_in").mkdir()
    wrong = {**RIGHTLY, "double": "def double(x):\n    return 3 * x"}
    for name, answered in [("anna", RIGHTLY), ("bob", wrong)]:
        nbformat.write(handed_in(answered), tmp_path / "handed_in" / f"{name}.ipynb")
    done = subprocess.run([sys.executable, "example.py"], cwd=tmp_path, capture_output=True, text=True,
                          env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert done.returncode == 0, done.stderr
    assert "anna.ipynb  my_set  6 of 6  all right\nbob.ipynb   my_set  4 of 6  double wrong" in done.stdout
    assert "\nbob.ipynb,,my_set,checked,4,6," in (tmp_path / "marks.csv").read_text(encoding="utf-8-sig")
