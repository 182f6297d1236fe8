"""What README promises: its Python runs, its links lead somewhere, the CI calls its lines."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kan_edu.command import cli

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
START = 'python3 -m venv .venv && .venv/bin/pip install -e ".[lab]" && .venv/bin/kan-edu lab'
TEST = 'python3 -m venv .venv && .venv/bin/pip install -e ".[test]" && .venv/bin/pytest'


def blocks(language):
    """The fenced code blocks of README in `language`."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, flags=re.MULTILINE | re.DOTALL)


def windows(line):
    """The same line as one writes it on Windows."""
    return line.replace("python3 ", "py ").replace(".venv/bin/", ".venv\\Scripts\\")


def test_one_line_starts_and_one_line_tests():
    assert [block.strip() for block in blocks("sh")[:2]] == [START, TEST]
    assert blocks("bat")[0].splitlines() == [windows(START), windows(TEST)]


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_the_ci_calls_the_test_line_of_readme():
    command = ["bash", str(ROOT / ".ci" / "run"), "--print"]
    done = subprocess.run(command, cwd=ROOT.anchor, capture_output=True, text=True, check=True)
    assert done.stdout == TEST + "\n"
    assert 'bash -euo pipefail -c "$line"' in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_the_ci_refuses_a_readme_without_a_test_line(tmp_path):
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci")
    (tmp_path / "README.md").write_text(README.replace(TEST, "make test"))
    done = subprocess.run(["bash", str(tmp_path / ".ci" / "run"), "--print"], capture_output=True, text=True)
    assert done.returncode != 0
    assert "no line that installs and runs the tests" in done.stderr


def test_the_commands_of_readme_exist():
    for word in set(re.findall(r"kan-edu (\w+)", README)):
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


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_links_and_named_files_exist(page):
    text = (ROOT / page).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#\s]+)", text) + re.findall(r"<img[^>]*src=\"([^\"]+)", text)
    named = re.findall(r"`((?:kan_edu|tests|notebooks|docs)/[\w./]+|[\w.]+\.(?:md|yml|toml))`", text)
    assert links + named
    assert [path for path in links + named if "://" not in path and not (ROOT / path).exists()] == []


def test_every_notebook_is_in_the_table_of_readme():
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        assert f"](notebooks/{path.name})" in README
