"""The form of what lies in findings/, and the table that findings/run prints; no finding itself is run here."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parent.parent / "findings"
FINDINGS = sorted(FOLDER.glob("*.sh"))
PARTS = ["The guess: ", "What happens: ", "Version: ", "Who is hurt: "]
FAKES = {
    "same": ('echo "still so: it does"', "still so"),
    "other": ('echo "no longer so"; exit 1', "changed"),
    "silent": ("exit 1", "changed"),
    "absent": ('echo "ERROR: No matching distribution found for x==1" >&2; exit 1', "could not install"),
}


@pytest.mark.parametrize("path", FINDINGS, ids=lambda path: path.stem)
def test_a_finding_says_what_one_would_guess_and_pins_what_it_installs(path):
    text = path.read_text(encoding="utf-8")
    head = text.partition("set -euo pipefail")[0]
    assert [part for part in PARTS if f"\n# {part}" not in head] == []
    assert "mktemp -d" in text and "still so: " in text
    installs = re.findall(r"pip install -q (\S+)", text)
    assert installs and all("==" in first for first in installs)
    assert "kan_edu" not in text and "kan-edu" not in text


def test_the_table_names_each_finding():
    named = re.findall(r"^\| \[(\w+\.sh)\]\(\1\) \|", (FOLDER / "README.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(named) == [path.name for path in FINDINGS]


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
@pytest.mark.parametrize(
    ("names", "code"),
    [(["same"], 0), (["same", "other"], 1), (["silent"], 1), (["absent", "same"], 3), (["other", "absent"], 1)],
)
def test_the_run_tells_changed_from_could_not_install(names, code, tmp_path):
    files = [tmp_path / f"{name}.sh" for name in names]
    for name, file in zip(names, files, strict=True):
        file.write_text(FAKES[name][0] + "\n")
    done = subprocess.run(["bash", str(FOLDER / "run"), *map(str, files)], capture_output=True, text=True)
    assert done.returncode == code, done.stdout + done.stderr
    table = done.stdout.split("\n\n")[0].splitlines()[1:]
    assert [re.split(r"\s{2,}", line)[:2] for line in table] == [[name, FAKES[name][1]] for name in names]


@pytest.mark.skipif(shutil.which("bash") is None, reason="no bash here")
def test_the_run_refuses_a_file_that_is_not_there(tmp_path):
    done = subprocess.run(["bash", str(FOLDER / "run"), str(tmp_path / "x.sh")], capture_output=True, text=True)
    assert done.returncode == 2 and "there is no file" in done.stderr
