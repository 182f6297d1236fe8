"""One run and what it leaves behind; kernels only where nothing else will do."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from kan_edu.exercises.marking import runner, warm
from kan_edu.exercises.marking.folders import remove
from kan_edu.exercises.marking.runner import Clock, LimitReached, MachineFailure, OutOfTime, call, run
from tests.exercises.ordinary import ROOT
from tests.exercises.shapes import RIGHTLY, handed_in
from tests.exercises.small import small_book


@pytest.fixture
def place():
    """A folder of its own: pytest, which removes the others in time, would stumble over what a red test leaves here."""
    place = tempfile.mkdtemp()
    yield Path(place)
    subprocess.run(["chmod", "-R", "u+rwx", place], stderr=subprocess.DEVNULL)
    subprocess.run(["rm", "-rf", place])


@pytest.mark.skipif(os.name == "nt", reason="Windows has neither such folders nor rm")
def test_whatever_lies_in_a_folder_is_removed(place):
    folder = place / "job"
    (folder / "shut" / "inside").mkdir(parents=True)
    (folder / "shut" / "inside").chmod(0o000)
    (folder / "shut").chmod(0o000)
    (folder / "link").symlink_to(place)
    here = os.getcwd()
    os.chdir(folder)
    for _ in range(1500):  # deeper than Python's recursion goes, and than a path may be long
        os.mkdir("deep")
        os.chdir("deep")
    os.chdir(here)
    remove(folder)
    assert not folder.exists() and place.exists()


def test_a_worker_that_is_root_gives_no_mark(monkeypatch):
    monkeypatch.setattr(runner.os, "geteuid", lambda: 0, raising=False)
    with pytest.raises(MachineFailure, match="runs as root.*--sandbox none"):
        run(small_book(), "bwrap", 1)


def test_a_submission_as_a_whole_has_a_limit():
    clock = Clock(most=30.0, computed=20.0)
    assert clock.left() == 10
    clock.computed = 31.0
    with pytest.raises(OutOfTime, match="as a whole has used up its 30 s"):
        run(small_book(), "none", 1, clock)


def loops():
    while True:
        pass


def test_what_is_called_is_ended_at_its_limit_and_the_next_call_is_answered():
    assert call(pow, 2, 10, sandbox="none", seconds=1) == 1024
    with pytest.raises(LimitReached):
        call(loops, sandbox="none", seconds=1)
    with pytest.raises(LimitReached):
        call(bytearray, 10**10, sandbox="none", seconds=1)
    assert call(pow, 2, 10, sandbox="none", seconds=1) == 1024
    assert sum(map(len, warm.idle.values())) == 1, "it is one process that forks"


def test_nothing_is_started_once_it_is_stopping():
    runner.stopping.set()
    with pytest.raises(MachineFailure, match="interrupted"):
        run(small_book(), "none", 1)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGTERM to be sent")
def test_sigterm_is_taken_like_ctrl_c(tmp_path):
    """In the middle of a class: the CSV is written, temporary folders are removed, a second signal changes nothing."""
    import nbformat

    (tmp_path / "t").mkdir()
    (tmp_path / "class").mkdir()
    slow = {**RIGHTLY, "double": "import time\ntime.sleep(60)"}
    for name in ["ann", "bob"]:
        nbformat.write(handed_in(slow), tmp_path / "class" / f"{name}.ipynb")
    nbformat.write(small_book(), tmp_path / "small.ipynb")
    command = [sys.executable, "-m", "kan_edu", "check", "class", "--set", "small.ipynb", "--sandbox", "none",
               "-j", "1", "--timeout", "50", "--csv", "out.csv"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path / "t")}
    process = subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    until(lambda: runs_a_slow_answer(tmp_path / "t"))
    process.send_signal(signal.SIGTERM)
    time.sleep(0.1)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=120)
    assert process.returncode in (3, -signal.SIGTERM), said  # the second may come when all is done
    assert b"What is checked is written" in said
    assert (tmp_path / "out.csv").read_text(encoding="utf-8-sig").count("not checked") == 2
    assert os.listdir(tmp_path / "t") == []


def runs_a_slow_answer(folder):
    books = list(folder.glob("kan-edu-*/book.ipynb"))
    return bool(books) and "time.sleep(60)" in books[0].read_text() and list(books[0].parent.glob("s/k-ipc-*"))


def until(holds, seconds=120):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not come so far"
        time.sleep(0.05)
