"""What README and its pages promise: the Python runs, named files exist, the CI calls the lines, figures agree."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kan_edu.command import cli
from tests.test_house import FLOOR

ROOT = Path(__file__).resolve().parent.parent
PAGES = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
         for path in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]}  # fmt: skip
README, INSTALL, MEASUREMENTS = (PAGES[name] for name in ["README.md", "docs/install.md", "docs/measurements.md"])
START = 'python3 -m venv .venv && .venv/bin/pip install -e ".[lab]" && .venv/bin/kan-edu lab'
TEST = 'python3 -m venv .venv && .venv/bin/pip install -e ".[test]" && .venv/bin/pytest'


def blocks(language, page=README):
    """The fenced code blocks of a page in `language`."""
    return re.findall(rf"^```{language}\n(.*?)^```$", page, flags=re.MULTILINE | re.DOTALL)


def windows(line):
    """The same line as one writes it on Windows."""
    return line.replace("python3 ", "py ").replace(".venv/bin/", ".venv\\Scripts\\")


def test_one_line_starts_and_one_line_tests():
    assert [block.strip() for block in blocks("sh")[:2]] == [START, TEST]
    assert blocks("bat", INSTALL)[0].splitlines() == [windows(START), windows(TEST)]


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_the_ci_calls_the_test_line_of_readme():
    command = ["bash", str(ROOT / ".ci" / "run"), "--print"]
    done = subprocess.run(command, cwd=ROOT.anchor, capture_output=True, text=True, check=True)
    assert done.stdout == TEST + "\n"
    halves = re.findall(r'^bash -euo pipefail -c "(.*?)"', (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.M)
    echo = ["bash", "-c", f'line="$1"; printf "%s\\n" "{halves[0]}" "{halves[1]}"', "-", TEST]
    install, test = subprocess.run(echo, capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(halves) == 2 and f"{install} && {test}" == TEST and "pytest" in test


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_the_ci_refuses_a_readme_without_a_test_line(tmp_path):
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci")
    (tmp_path / "README.md").write_text(README.replace(TEST, "make test"))
    done = subprocess.run(["bash", str(tmp_path / ".ci" / "run"), "--print"], capture_output=True, text=True)
    assert done.returncode != 0
    assert "no line that installs and runs the tests" in done.stderr


def test_readme_is_two_screens():
    assert len(README.splitlines()) <= 110


def test_the_commands_of_readme_and_its_pages_exist():
    for word in set(re.findall(r"kan-edu (\w+)", "".join(PAGES.values()))):
        with pytest.raises(SystemExit) as stopped:
            cli.main([word, "--help"])
        assert stopped.value.code == 0


@pytest.mark.parametrize("code", blocks("python"))
def test_the_python_in_readme_runs(code, tmp_path):
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "MPLBACKEND": "Agg"}
    command = [sys.executable, "-W", "error::DeprecationWarning", "-c", code]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout, "an example shows something"


def test_readme_has_an_example_of_about_twelve_lines():
    lines = [line for line in blocks("python")[0].splitlines() if line.strip()]
    assert 8 <= len(lines) <= 14


# --- what the pages name ---------------------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES)
def test_named_files_exist(page):
    """Whatever looks like a path in the clone, in commands too; links are followed in notebooks/test_links.py."""
    named = re.findall(r"(?<![\w./])(?:kan_edu|tests|notebooks|docs)/[\w./]*\w", PAGES[page])
    named += re.findall(r"`([\w.]+\.(?:md|yml|toml))`", PAGES[page])
    assert [path for path in named if not (ROOT / path).exists()] == []
    assert named or page.startswith("docs/")


def test_every_notebook_is_in_the_table_of_readme():
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        assert f"](notebooks/{path.name})" in README


def test_every_folder_is_in_the_map_of_readme_from_the_ground_up():
    mapped = re.findall(r"^\| `kan_edu/(\w+)/` \|", README, flags=re.MULTILINE)
    assert sorted(mapped) == sorted(path.parent.name for path in (ROOT / "kan_edu").glob("*/__init__.py"))
    assert [FLOOR[room] for room in mapped] == sorted(FLOOR[room] for room in mapped), "a folder uses those above it"


# --- what the pages measured -----------------------------------------------------------------------------

STEP, FAIR = "One step: median, ms (times ours)", "The fair MLP: same samples, same optimiser, parameters within 10 %"
PYKAN = "pykan on f1: test RMSE and CPU time until then"
POISSON = "Poisson's equation, error of u: the others have the time of the first, and more"
RMSE = "RMSE: median (worst)"
COPIED = {  # a row of README -> where each of its numbers stands in docs/measurements.md: table, row, column
    "a training step of [2, 5, 1], G = 5, batch 1000; ms": [
        (STEP, "kan_edu KAN", "A"), (STEP, "pykan, speed()", "A"), (STEP, "torch MLP", "A")],
    "the same network with G = 200; ms": [
        (STEP, "kan_edu KAN", "C200"), (STEP, "pykan, speed()", "C200"), (STEP, "torch MLP", "C200")],
    "a training step of [784, 64, 10], G = 5, batch 64; ms": [
        (STEP, "kan_edu KAN", "E"), (STEP, "pykan, speed()", "E"), (STEP, "torch MLP", "E")],
    "test RMSE, exp(sin(pi x) + y^2)": [
        (FAIR, "f1 [2, 1, 1] k=5, G=100", "KAN"), (PYKAN, "pykan [2, 1, 1] k=3, G=10", "test RMSE"),
        (FAIR, "f1 [2, 1, 1] k=5, G=100", "in the KAN's time")],
    "test RMSE, the paper's function of 100 inputs": [
        (FAIR, "f5 [100, 1, 1] k=3, G=8", "KAN"), None, (FAIR, "f5 [100, 1, 1] k=3, G=8", "in the KAN's time")],
    "Poisson's equation, RMSE of u, a KAN wider than it needs": [
        (POISSON, "KAN [2, 10, 1] k=5: wider than it needs", RMSE), None, (POISSON, "MLP [2, 9, 9, 9, 1] tanh", RMSE)],
}  # fmt: skip


def cells(line):
    """The cells of one line of a table in Markdown."""
    return [cell.strip() for cell in line.strip("|").split("|")]


def tables(page):
    """{title: {row: {column: cell}}} of the tables that stand under a bold title."""
    found = {}
    for title, table in re.findall(r"^\*\*(.+)\*\*\n\n((?:\|.*\n)+)", page, flags=re.MULTILINE):
        header, _, *rows = map(cells, table.splitlines())
        found[title] = {row[0]: dict(zip(header, row, strict=True)) for row in rows}
    return found


def test_the_rows_of_readme_are_those_of_the_page_of_measurements():
    (table,) = re.findall(r"^## Measured\n\n((?:\|.*\n)+)", README, flags=re.MULTILINE)
    shown = {row: numbers for row, *numbers in map(cells, table.splitlines()[2:])}
    measured = tables(MEASUREMENTS)
    there = {row: [place and measured[place[0]][place[1]][place[2]].split()[0] for place in places]
             for row, places in COPIED.items()}  # fmt: skip
    assert shown == {row: [number or "-" for number in numbers] for row, numbers in there.items()}


@pytest.mark.parametrize("name", ["step", "accuracy", "heldout", "reading", "superposition", "checker"])
def test_each_measurement_has_its_place_and_its_command(name):
    assert MEASUREMENTS.count(f"<!-- bench:{name} -->") == MEASUREMENTS.count(f"<!-- /bench:{name} -->") == 1
    assert f"python -m tests.bench {name} --write\n" in MEASUREMENTS
