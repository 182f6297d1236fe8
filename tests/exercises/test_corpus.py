"""The checker as a whole, `kan-edu check` as a user runs it, against the corpus: in the sandbox and without it."""

import contextlib
import functools
import json
import os
import socket
import subprocess
import tempfile
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

import nbformat
import psutil
import pytest

from kan_edu.exercises.classroom import Classroom
from kan_edu.exercises.handed_in.reading import find
from kan_edu.exercises.marking import judge as judging
from kan_edu.exercises.marking import reference as referring
from kan_edu.exercises.marking.verdict import RIGHT
from tests.exercises import corpus, unkernelled
from tests.exercises.check_as_user import kan_edu
from tests.exercises.ordinary import reason_to_skip
from tests.exercises.small import small_book

# Each run checks a case of each kind, and the release line those that are stopped by what stops another one, too.
ALIKE = ["sys_exit_in_the_function", "quits_the_kernel", "kills_the_parent", "memory", "recursion_without_limit",
         "threads_that_stay", "print_flood_in_the_function", "one_long_print", "files_beside_the_sockets",
         "folders_beside_the_sockets", "forks_that_hold_memory", "array_patched"]  # fmt: skip
TIMEOUT = 2  # s that a cell may compute; those of honest answers take one at most
IN_SANDBOX = pytest.mark.skipif(bool(reason_to_skip()), reason=reason_to_skip() or "-")
NO_SANDBOX = ["loop_in_the_cell", "interrupt_ignored_and_swallowed", "kills_the_parent", "segfault",
              "recursion_without_limit", "threads_that_stay", "one_long_print", "checker_patched", "comparing_patched",
              "generator_patched"]
SHAPES = ["another_kernel", "fails_inside_a_solution"]  # with kernels; how the others are read asks for none
LIKE_ANOTHER = pytest.mark.release("a bad answer to the checker, stopped by what stops another one in each run")
WITHOUT = pytest.mark.release("a bad answer without the sandbox: each run stops loops without it in exercises/marking")
CASES = [pytest.param(name, marks=LIKE_ANOTHER if name in ALIKE else ()) for name in corpus.TABLE]


@dataclass
class Marked:
    """One run of the checker: what was demanded of it, {file: {task: status}} that came, and what it said."""

    demanded: dict
    statuses: dict
    done: subprocess.CompletedProcess
    canary: str
    calls: int
    left_over: list  # processes and files of the checker
    report: str  # all that is said of the answers


def statuses_in(report):
    return {suite.get("name"): {case.get("name"): status_of(case) for case in suite.iter("testcase")}
            for suite in ET.parse(report).getroot()}


def status_of(case):
    faults = [fault for fault in case if fault.tag in ("failure", "error")]
    return faults[0].get("type") if faults else "right"


def mark(folder, sandbox, write):
    """Check what `write(folder for submissions, canary, port)` writes, as an ordinary user."""
    home, handed_in, canary = folder / "home", folder / "handed_in", folder / "canary"
    home.mkdir()
    handed_in.mkdir()
    (folder / "t").mkdir()
    (folder / "t").chmod(0o777)
    canary.write_text("a paper bird")
    canary.chmod(0o666)
    nbformat.write(small_book(), folder / "small.ipynb")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        demanded = write(handed_in, canary=canary, port=listener.getsockname()[1])
        done = kan_edu(["check", handed_in, "--set", folder / "small.ipynb", "--sandbox", sandbox, "-j", 2,
                        "--timeout", TIMEOUT, "--junit", home / "junit.xml"], home, folder / "t")
        calls = waiting(listener)
    report = home / "junit.xml"
    assert report.exists(), done.stderr
    return Marked(demanded, statuses_in(report), done, canary.read_text() if canary.exists() else "", calls,
                  [*processes(folder), *os.listdir(folder / "t")], report.read_text(encoding="utf-8"))


def waiting(listener):
    """How many connections a listening socket got."""
    listener.setblocking(False)
    count = 0
    while True:
        try:
            listener.accept()[0].close()
            count += 1
        except BlockingIOError:
            return count


def processes(folder):
    """Command lines of processes that name a folder: those that a checker with its files there has left behind."""
    lines = (" ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"]))
    return [line for line in lines if str(folder) in line]


def wanted(request, test):
    """The cases of the table for which a test runs now: in README's line, in the release line, or by its name."""
    items = [item for item in request.session.items if getattr(item, "originalname", "") == test.__name__]
    names = {item.callspec.params["name"] for item in items} or set(corpus.TABLE) - set(ALIKE)
    return {name: case for name, case in corpus.TABLE.items() if name in names}


@pytest.fixture(scope="module")
def in_sandbox(request):
    def write(folder, canary, port):
        cases, honest = wanted(request, test_a_case_gets_what_it_deserves), corpus.write_honest(folder)
        return corpus.write_all(folder, cases, canary, port) | corpus.write_shapes(folder, SHAPES) | honest

    with open_folder() as folder:
        return mark(folder, "bwrap", write)


@pytest.fixture(scope="module")
def without_sandbox(request):
    cases = wanted(request, test_trusted_cases_hold_without_a_sandbox)
    with open_folder() as folder:
        return mark(folder, "none", functools.partial(corpus.write_all, cases=cases))


@contextlib.contextmanager
def open_folder():
    """A folder into which an ordinary user can look; pytest's own are for their owner only."""
    with tempfile.TemporaryDirectory() as folder:
        os.chmod(folder, 0o755)
        yield Path(folder)


def wrong_marks(marked, name):
    demanded, came = marked.demanded[name], marked.statuses[name]
    return {task: came.get(task) for task, fair in demanded.items() if came.get(task) not in fair}


@IN_SANDBOX
@pytest.mark.parametrize("name", [*CASES, *SHAPES])
def test_a_case_gets_what_it_deserves(in_sandbox, name):
    assert wrong_marks(in_sandbox, f"{name}.ipynb") == {}, in_sandbox.statuses[f"{name}.ipynb"]


@pytest.mark.parametrize("name", corpus.shapes())
def test_a_notebook_of_any_shape_gets_what_it_deserves(small_class, name):
    book, demanded = corpus.shapes()[name]
    found = find(json.dumps(book).encode(), small_class.sources, wanted=False)
    marks = {mark.task: mark.status for mark in judging.judge(small_class.next(name, found)).marks}
    assert {task: marks[task] for task, fair in demanded.items() if marks[task] not in fair} == {}


@pytest.fixture
def small_class(tmp_path, monkeypatch):
    """The checker of the small set, whose cells are run in this process."""
    monkeypatch.setattr(judging, "run", unkernelled.run)
    monkeypatch.setattr(referring, "run", unkernelled.run)
    nbformat.write(small_book(), tmp_path / "small.ipynb")
    return Classroom("none", wanted=str(tmp_path / "small.ipynb"))


@IN_SANDBOX
def test_the_hostile_change_nobody_elses_mark(in_sandbox):
    honest = [name for name, marks in in_sandbox.demanded.items() if set.union(*marks.values()) == {RIGHT}]
    assert len(honest) >= 8 and set(in_sandbox.demanded) == set(in_sandbox.statuses)
    assert {name: wrong_marks(in_sandbox, name) for name in honest} == {name: {} for name in honest}


@IN_SANDBOX
def test_what_is_said_quotes_no_solution(in_sandbox):
    assert "inside the solution of double" in in_sandbox.report and "return double({})" in in_sandbox.report
    assert "return 2 * x" not in in_sandbox.report and "raw_input" not in in_sandbox.report


@IN_SANDBOX
def test_the_sandbox_holds(in_sandbox):
    assert in_sandbox.canary == "a paper bird"
    assert in_sandbox.calls == 0
    assert in_sandbox.left_over == []
    assert in_sandbox.done.returncode == 1, in_sandbox.done.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows has no signals like these")
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0 and bool(reason_to_skip()),
                    reason=f"these answers are not run as root; {reason_to_skip() or '-'}")
@WITHOUT
@pytest.mark.parametrize("name", NO_SANDBOX)
def test_trusted_cases_hold_without_a_sandbox(without_sandbox, name):
    assert wrong_marks(without_sandbox, f"{name}.ipynb") == {}, without_sandbox.statuses[f"{name}.ipynb"]
    assert "without a sandbox" in without_sandbox.done.stderr


def test_the_canary_tells(tmp_path):
    """The cases that steal find what they look for where nothing hides it; else their failing would prove nothing."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        (tmp_path / "canary").write_text("a paper bird")
        told = {}
        for name in ["reads_the_disk", "calls_home", "deletes_files"]:
            code = corpus.TABLE[name].double.replace("CANARY", repr(str(tmp_path / "canary")))
            for place in ['"/tmp", "/home", "/root", os.getcwd(), package, os.path.join(package, "..", "notebooks"), ',
                          'tops += [f"/proc/{pid}/{name}" for pid in ("1", "self", os.getppid()) '
                          'for name in ("cwd", "root/tmp")]']:
                assert name != "reads_the_disk" or place in code
                code = code.replace(place, "")  # only the canary is left to be found
            exec(code.replace("PORT", str(port)), told)
            if name == "reads_the_disk":
                assert told["double"](3) == 6
        assert waiting(listener) == 1
        assert not (tmp_path / "canary").exists()
