"""A class is checked where Python lacks what only Linux has: no `resource`, no `fcntl`, no fork, no groups, no sandbox.

It stands in for macOS and Windows: every process that takes part starts with these taken away.
"""

import csv
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat

from kan_edu.files import START
from tests.exercises.shapes import RIGHTLY, handed_in
from tests.exercises.small import small_book

ROOT = Path(__file__).resolve().parents[3]
LESS = """import asyncio, ctypes, multiprocessing, os, subprocess, sys, tempfile, uuid
import psutil, zmq
for name in ("resource", "fcntl", "pwd", "grp"):
    sys.modules[name] = None
for name in ("fork", "killpg", "getpgid"):
    if hasattr(os, name):
        delattr(os, name)
if "kan_edu.exercises.marking.kernel" not in sys.orig_argv:
    sys.platform = "darwin"
"""  # psutil and asyncio come first, and IPython's kernel keeps its platform: they look for what belongs to the name


def test_a_class_is_checked_without_what_only_linux_has(tmp_path):
    less = tmp_path / "less"
    nbformat.write(small_book(), tmp_path / "small.ipynb")
    nbformat.write(handed_in({**RIGHTLY, "double": "def double(x):\n    return 3 * x"}), tmp_path / "anna.ipynb")
    shutil.copytree(ROOT / "kan_edu", less / "kan_edu")  # a kernel sees one folder: that which holds kan_edu
    (less / "notebooks" / "exercises").mkdir(parents=True)
    shutil.copy(ROOT / "notebooks" / START, less / "notebooks")
    (less / "sitecustomize.py").write_text(LESS, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(less)}
    command = [sys.executable, "-m", "kan_edu", "check", "--sandbox", "none", "anna.ipynb", "--set", "small.ipynb",
               "--csv", "marks.csv"]  # fmt: skip
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.returncode == 1, (done.stdout, done.stderr)  # not all of it is right
    with open(tmp_path / "marks.csv", encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["state"] == "checked" and {"double": row["double"], "weights": row["weights"]} == {
        "double": "0", "weights": "1"}, (row, done.stdout, done.stderr)  # fmt: skip
