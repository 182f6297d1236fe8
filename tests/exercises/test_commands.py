"""The commands `kan-edu exercise` and `kan-edu check` as people type them: exit codes, words, files."""

import contextlib
import csv
import os
import signal
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbclient import NotebookClient

from kan_edu.command import cli
from kan_edu.exercises import checking, commands
from kan_edu.exercises import classroom as classing
from kan_edu.exercises.marking import warm
from kan_edu.exercises.marking.job import Reference, without_outputs
from kan_edu.exercises.marking.runner import MachineFailure
from kan_edu.exercises.marking.verdict import NOT_CHECKED, RIGHT, UNANSWERED, WRONG, Mark, Verdict
from kan_edu.exercises.reports import report
from kan_edu.exercises.sets.catalogue import find, shipped
from kan_edu.exercises.sets.source import SourceError, read_source
from tests.exercises.corpus import RIGHTLY, handed_in
from tests.exercises.small import small_book, with_outputs

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty folder to work in, with small.ipynb in it, a source that was run."""
    monkeypatch.chdir(tmp_path)
    nbformat.write(small_book(), "small.ipynb")
    nbformat.write(with_outputs(read_source("small.ipynb")).book, "small.ipynb")
    return tmp_path


@pytest.fixture
def kan_edu(here, capsys):
    """A function: run a command line in this process, and return (exit code, stdout, stderr)."""

    def kan_edu(*words):
        try:
            code = cli.main([*map(str, words)])
        except SystemExit as stop:  # argparse
            code = stop.code
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return code, said.out, said.err

    return kan_edu


@pytest.fixture
def straw(monkeypatch):
    """No kernel: references are made up, and an answer is right if it holds a 2 or a 3, else wrong."""

    def judge(job):
        said = {task: RIGHT if {"2", "3"} & set(code) else WRONG for task, code in job.answers.items()}
        marks = [Mark(task, of, said.get(task, UNANSWERED), "why") for task, of in job.reference.points.items()]
        return Verdict(job.name, "small", marks=marks)

    def make_reference(source, sandbox, timeout, seed):
        empty = without_outputs(source, 1)
        return Reference(empty.name, 1, empty.cells, empty.points, {})

    monkeypatch.setattr(classing, "judge", judge)
    monkeypatch.setattr(classing, "make_reference", make_reference)


def submit(name, **answers):
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(handed_in(answers), name)
    return name


def read_csv(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


CHECK = ["check", "--sandbox", "none", "-j", 1]


# exercise list, get, new, build


def test_list(kan_edu):
    code, said, _ = kan_edu("exercise", "list")
    assert code == 0 and said.splitlines()[1].startswith("02_xor               7 tasks, 15 points: ")
    assert said.endswith("To work on one: kan-edu exercise get NAME\n") and len(said.splitlines()) == 1 + len(shipped())


def test_get_writes_a_copy_without_solutions_and_never_twice(kan_edu, here):
    code, said, _ = kan_edu("exercise", "get", "05", "my work")
    assert code == 0 and 'kan-edu check "my work/05_splines.ipynb"' in said.replace("\\", "/")
    path = here / "my work" / "05_splines.ipynb"
    assert "BEGIN SOLUTION" not in path.read_text(encoding="utf-8")
    path.write_text("my answer")
    code, said, error = kan_edu("exercise", "get", "05_splines", "my work")
    assert code == 2 and path.read_text() == "my answer" and not said
    assert "is there already and is left alone. Rename or delete it, or name another place" in error


@pytest.mark.parametrize(
    ("name", "file"),
    [("mine", "mine.ipynb"), ("mine.ipynb", "mine.ipynb"), ("a.b", "a.b.ipynb"), ("sub/mine", "sub/mine.ipynb"),
     ("7b; \u00dcbung #1 {x}", "7b; \u00dcbung #1 {x}.ipynb")],
)
def test_new(kan_edu, here, name, file):
    code, said, _ = kan_edu("exercise", "new", name)
    assert code == 0 and list(read_source(file).tasks) == ["relu", "relu_slope"]
    shown = f'"{file}"' if " " in file else file
    assert said.endswith(f"then: kan-edu exercise verify {shown}\n")
    assert kan_edu("exercise", "new", name)[0] == 2


def test_build(kan_edu, here):
    code, said, _ = kan_edu("exercise", "build", "small.ipynb")
    assert code == 0 and "kan-edu check FOLDER --set small.ipynb" in said
    assert "BEGIN SOLUTION" not in (here / "small_student.ipynb").read_text()
    assert kan_edu("exercise", "build", "small.ipynb", "to hand out.ipynb")[0] == 0
    assert kan_edu("exercise", "build", "small.ipynb")[0] == 2, "it is not written over"
    code, _, error = kan_edu("exercise", "build", "small.ipynb", "small.ipynb")
    assert code == 2 and "left alone" in error and list(read_source("small.ipynb").tasks), "the source least of all"


@pytest.mark.parametrize(("grader", "said"), [("nbgrader", "source/NAME/"), ("otter", "otter assign --no-pdfs")])
def test_build_for_another_grader(kan_edu, here, grader, said):
    code, words, _ = kan_edu("exercise", "build", "small.ipynb", "--for", grader)
    assert code == 0 and words.startswith(f"Written: small_{grader}.ipynb\nIt holds the solutions. ") and said in words
    assert "check.raises = True" in (here / f"small_{grader}.ipynb").read_text()
    assert kan_edu("exercise", "build", "small.ipynb", "--for", grader)[0] == 2, "it is not written over"


@pytest.mark.parametrize(
    ("words", "said"),
    [(["exercise", "get", "8"], "no exercise set is called '8'. There are: 01_perceptron, 02_xor"),
     (["exercise", "get", "0"], "more than one exercise set is called '0'"),
     (["exercise", "get", "05", "small.ipynb"], "Name another place"),
     (["exercise", "build", "nowhere.ipynb"], "cannot read nowhere.ipynb: No such file"),
     (["exercise", "verify", "text"], "text is not a notebook"),
     (["exercise", "build", "fresh.ipynb"], "run all cells from top to bottom, save it, and try again"),
     (["exercise", "build", "copy.ipynb"], "copy is the notebook that students get. Name its source"),
     (["check", "nowhere"], "there is no file or folder nowhere"),
     (["check", "empty"], "no notebooks (files named *.ipynb)"),
     (["check", "a.zip"], "cannot be opened as a ZIP"),
     (["check", "small.ipynb", "--set", "8"], "no exercise set is called '8'"),
     (["check", "small.ipynb", "--csv", "no/x.csv"], "to write x.csv into. Make it first, or name another place"),
     (["check", "small.ipynb", "--csv", "empty"], "empty is a folder, and a file is to be written. Name another"),
     (["check", "small.ipynb", "--junit", "pipe"], "pipe is a device, and a file is to be written"),
     (["check", "small.ipynb", "--feedback", "text"], "text is a file, and a folder is to be written. Name another"),
     (["check", "small.ipynb", "--dask", "foo://bar"], "no Dask cluster answers at foo://bar"),
     (["check", "small.ipynb", "-j", "0"], "0 is not above 0"),
     (["check", "small.ipynb", "--timeout", "inf"], "inf is not above 0"),
     (["check"], "required: FILE|FOLDER|ZIP"), (["exercise"], "required: list|get|new|build|verify")],
)
def test_what_cannot_be_done_is_code_2_and_says_what_to_do(kan_edu, here, straw, words, said):
    (here / "empty").mkdir()
    (here / "text").write_text("no notebook")
    (here / "a.zip").write_bytes(b"no ZIP")
    os.mkfifo(here / "pipe")
    nbformat.write(small_book(), "fresh.ipynb")
    submit("copy.ipynb")
    before = sorted(here.rglob("*"))
    words = [*words, "--sandbox", "none"] if words[0] == "check" or "verify" in words else words
    code, out, error = kan_edu(*words)
    assert code == 2 and said in error and out == "" and sorted(here.rglob("*")) == before


def test_a_link_that_leads_nowhere_is_not_written_through(kan_edu, here):
    (here / "mine.ipynb").symlink_to("elsewhere.ipynb")
    assert kan_edu("exercise", "new", "mine")[0] == 2 and not (here / "elsewhere.ipynb").exists()


# check


@pytest.fixture
def a_class(here):
    """Four notebooks in a folder: right, wrong, nothing answered, unreadable."""
    submit("in/anna.ipynb", **{**RIGHTLY, "four": "2"})
    submit("in/=bob.ipynb", double="x", weights="2")
    submit("in/cem.ipynb")
    Path("in/dora.ipynb").write_bytes(b"<html>")
    return "in"


def test_a_class_and_its_reports(kan_edu, here, straw, a_class):
    code, said, error = kan_edu(*CHECK, a_class, "--set", "small.ipynb", "--csv", "marks.csv", "--junit", "x.xml",
                                "--feedback", "pages")
    assert code == 1 and "without a sandbox" in error
    rows = {row["submission"]: row for row in read_csv("marks.csv")}
    assert list(rows) == ["'=bob.ipynb", "anna.ipynb", "cem.ipynb", "dora.ipynb"]
    assert [row["state"] for row in rows.values()] == ["checked", "checked", "checked", "unreadable"]
    assert rows["dora.ipynb"]["points"] == "" and "web page" in rows["dora.ipynb"]["problem"]
    assert len(ET.parse("x.xml").getroot()) == 4
    assert sorted(os.listdir("pages")) == ["anna.md", "bob.md", "cem.md", "dora.md"]
    lines = said.splitlines()
    assert lines[0].split() == ["submission", "set", "points"]
    assert lines[-3:] == ["Written: marks.csv", "Written: x.xml", "Written: pages"]
    assert "1 cannot be marked, the file is at fault" in said


def test_one_file_is_shown_in_full(kan_edu, straw, here):
    code, said, _ = kan_edu(*CHECK, submit("b.ipynb", double="x", weights="2"), "--set", "small.ipynb")
    assert code == 1 and said.startswith("b.ipynb, small: 1 of 6 points\n  double   0 of 2  wrong\n      why\n")
    code, said, _ = kan_edu(*CHECK, submit("a.ipynb", double="2", weights="2", four="2"), "--set", "small.ipynb")
    assert code == 0 and said.startswith("a.ipynb, small: 6 of 6 points\n")


def test_a_machine_that_fails_is_code_3(kan_edu, straw, a_class, monkeypatch):
    judge = classing.judge
    monkeypatch.setattr(classing, "judge", lambda job: judge(job) if job.name != "anna.ipynb" else Verdict(
        job.name, "small", NOT_CHECKED, "The machine failed."))
    code, said, _ = kan_edu(*CHECK, a_class, "--set", "small.ipynb", "--csv", "marks.csv")
    assert code == 3 and "this machine is at fault: check them again\n  anna.ipynb: The machine failed." in said
    assert [row["points"] for row in read_csv("marks.csv")] == ["1", "", "0", ""]


def test_a_reference_that_fails_is_told_before_the_class_is_checked(kan_edu, a_class, monkeypatch):
    for error, code in [(SourceError("small: the solution of double fails"), 2), (MachineFailure("no memory"), 3)]:
        def fails(*_, error=error):
            raise error

        monkeypatch.setattr(classing, "make_reference", fails)
        found, said, words = kan_edu(*CHECK, a_class, "--set", "small.ipynb", "--csv", "marks.csv")
        assert found == code and str(error) in words and said == "" and not Path("marks.csv").exists()
    assert "nothing was checked, for a reason that lies in this machine: no memory" in words


def test_who_is_matched_by_the_roster_is_named_in_the_csv(kan_edu, here, straw):
    Path("in").mkdir()
    for name in ["Cleo Smith.ipynb", "wei_li_2.ipynb", "somebody.ipynb"]:
        submit(f"in/{name}", double=RIGHTLY["double"])
    Path("roster.csv").write_text("Cleo,Smith\nLi,Wei\nBob,Hope\n")
    kan_edu(*CHECK, "in", "--set", "small.ipynb", "--roster", "roster.csv", "--csv", "marks.csv")
    rows = {row["submission"]: row["student"] for row in read_csv("marks.csv")}
    assert rows == {"Cleo Smith.ipynb": "Cleo Smith", "wei_li_2.ipynb": "Li Wei", "somebody.ipynb": "", "": "Bob Hope"}


def test_what_a_teacher_gets_of_a_zip_from_moodle(kan_edu, here, straw):
    """Names, who is missing, a picture, pages, and a ZIP to give back; a file that is no notebook has a row."""
    folders = "{}_{}_assignsubmission_file_".format
    with zipfile.ZipFile("moodle.zip", "w") as archive:
        for name, number, file in [("Anna Muster", 1, "w.ipynb"), ("Li Wei", 2, "w.pdf"), ("Li Wei", 3, "w.ipynb")]:
            data = Path(submit("x.ipynb", double=RIGHTLY["double"])).read_bytes() if file == "w.ipynb" else b"%PDF-1"
            archive.writestr(f"{folders(name, number)}/{file}", data)
    Path("roster.csv").write_text("Identifier,Full name\nParticipant 1,Anna Muster\nParticipant 2,Li Wei\n"
                                  "Participant 4,=Bob\n")
    code, said, _ = kan_edu(*CHECK, "moodle.zip", "--set", "small.ipynb", "--roster", "roster.csv",
                            "--csv", "marks.csv", "--plot", "summary.png", "--feedback-html", "pages",
                            "--feedback-zip", "feedback.zip")
    assert code == 1 and said.splitlines()[1].startswith("Anna Muster  small  2 of 6") and "Li Wei 2     -  " in said
    assert "  Li Wei 2: it is a PDF, not a notebook" in said
    assert "1 of 3 on the roster handed in nothing\n  =Bob\n\n1 not on the roster\n  Li Wei\n" in said
    rows = read_csv("marks.csv")
    assert [(row["student"], row["state"], row["points"]) for row in rows] == [
        ("Anna Muster", "checked", "2"), ("Li Wei", "unreadable", ""), ("Li Wei", "checked", "2"),
        ("'=Bob", "not handed in", "")]
    with zipfile.ZipFile("feedback.zip") as archive:
        assert archive.namelist()[1] == f"{folders('Li Wei', 2)}/w.feedback.html"
    assert Path("summary.png").read_bytes().startswith(b"\x89PNG") and len(list(Path("pages").iterdir())) == 3
    Path("x.ipynb").unlink()
    assert "3 notebooks" not in said and kan_edu(*CHECK, "moodle.zip", "nowhere")[0] == 2
    assert kan_edu(*CHECK, "moodle.zip", "--plot", "p.gif")[0] == 2 and not Path("p.gif").exists()


def test_a_report_that_cannot_be_written_costs_no_other(kan_edu, straw, a_class, monkeypatch):
    """The disk is full for the first; the marks are on the screen and in the second."""
    def full(path, verdicts):
        raise report.ReportError("cannot write marks.csv: No space left on device.")

    monkeypatch.setattr(report, "write_csv", full)
    code, said, error = kan_edu(*CHECK, a_class, "--set", "small.ipynb", "--csv", "marks.csv", "--junit", "x.xml")
    assert code == 2 and "No space left" in error and "anna.ipynb" in said and Path("x.xml").is_file()
    assert "Written: marks.csv" not in said


def test_names_that_the_terminal_does_not_know(here, straw, monkeypatch, tmp_path):
    """As on a console of Windows: the marks are not lost to a name."""
    with open(tmp_path / "out", "w", encoding="cp1252") as out:
        monkeypatch.setattr(sys, "stdout", out)
        checking.show("\u4e2d\u6587.ipynb \u00fc")
    assert (tmp_path / "out").read_text(encoding="cp1252") == "\\u4e2d\\u6587.ipynb \u00fc\n"


def test_dask_that_is_not_installed(kan_edu, straw, a_class, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    code, _, error = kan_edu(*CHECK, a_class, "--set", "small.ipynb", "--dask", "tcp://127.0.0.1:9")
    assert code == 2 and 'pip install distributed' in error


def test_a_cluster_without_workers(kan_edu, straw, a_class, monkeypatch):
    client = SimpleNamespace(nthreads=dict)
    monkeypatch.setattr(checking, "cluster_at", lambda address: contextlib.nullcontext(client))
    code, _, error = kan_edu(*CHECK, a_class, "--set", "small.ipynb", "--dask", "tcp://127.0.0.1:9")
    assert code == 2 and "has no workers. Start some: dask worker ADDRESS" in error


def test_a_file_that_is_not_there_is_said_before_all_else(kan_edu, here, monkeypatch):
    """Root was first told that root may not check."""
    monkeypatch.setattr(os, "geteuid", lambda: 0, raising=False)
    code, _, error = kan_edu("check", "nofile.ipynb")
    assert code == 2 and error.startswith("kan-edu: there is no file or folder nofile.ipynb")


@pytest.mark.parametrize("name", ["5", "05", "05_splines", "6b"])
def test_a_set_is_found_by_its_number_with_or_without_the_zero(name):
    assert find(name).name == ("06b_downhill" if name == "6b" else "05_splines")


def test_who_reads_two_lines_only_sees_no_traceback():
    """kan-edu exercise list | head -2: the pipe is shut before the words are in it."""
    reads, writes = os.pipe()
    os.close(reads)
    done = subprocess.run([sys.executable, "-m", "kan_edu", "exercise", "list"], stdout=writes, stderr=subprocess.PIPE)
    os.close(writes)
    assert done.returncode == 141 and done.stderr == b""


def test_typed():
    assert [commands.typed(name) for name in ["a/b-1.ipynb", "C:\\x.ipynb", "a b", "a;b", "\u00dc"]] == [
        "a/b-1.ipynb", "C:\\x.ipynb", '"a b"', '"a;b"', "\u00dc"]


# With real kernels


def test_a_set_of_ones_own_from_new_to_check(kan_edu, here):
    """new, run, verify, build, solve, check: what the page for teachers says."""
    kan_edu("exercise", "new", "mine")
    book = nbformat.read("mine.ipynb", as_version=4)
    NotebookClient(book, timeout=120).execute()
    nbformat.write(book, "mine.ipynb")
    code, said, _ = kan_edu("exercise", "verify", "mine.ipynb", "--seeds", 1, "--sandbox", "none", "-j", 2)
    assert code == 0 and said.endswith("3 runs: solutions, empty answers and 2 wrong answers, 1 seed: in order\n")
    kan_edu("exercise", "build", "mine.ipynb", "hand_out.ipynb")
    text = Path("hand_out.ipynb").read_text()
    assert text.count("raise NotImplementedError") == 2 and "TEACHER" not in text and "source" not in nbformat.reads(
        text, as_version=4).cells[0].source
    code, said, _ = kan_edu(*CHECK, "hand_out.ipynb")
    assert code == 1 and "belongs to the set mine, which is not one of the course's" in said
    book = nbformat.read("hand_out.ipynb", as_version=4)
    for cell in book.cells:
        if cell.source.startswith("# ANSWER relu\n"):
            cell.source = "# ANSWER relu\ndef relu(x):\n    return x * (x > 0)"
    nbformat.write(book, "hand_in.ipynb")
    code, said, _ = kan_edu(*CHECK, "hand_in.ipynb", "--set", "mine.ipynb")
    assert code == 1 and "hand_in.ipynb, mine: 2 of 3 points" in said and "relu        2 of 2  right" in said
    assert "relu_slope  0 of 1  unanswered" in said


def test_jobs_and_verdicts_travel_to_a_dask_cluster_and_back(kan_edu, here, straw, a_class):
    """Its worker is a thread of this process, but what it gets and gives goes through a socket."""
    distributed = pytest.importorskip("distributed")
    words = [*CHECK, a_class, "--set", "small.ipynb"]
    with distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=False, protocol="tcp",
                                  dashboard_address=None) as cluster:  # fmt: skip
        code, _, _ = kan_edu(*words, "--dask", cluster.scheduler_address, "--csv", "there.csv")
    assert code == 1 and kan_edu(*words, "--csv", "here.csv")[0] == 1
    assert read_csv("there.csv") == read_csv("here.csv") and len(read_csv("here.csv")) == 4


@pytest.mark.release("kernels on a Dask cluster of real processes: jobs travel to a cluster of threads in each run")
def test_a_dask_cluster_gives_the_same_verdicts(kan_edu, here):
    """Processes of a cluster on this machine, as a stand-in for other machines."""
    distributed = pytest.importorskip("distributed")
    submit("in/anna.ipynb", **RIGHTLY)
    submit("in/bob.ipynb", **{**RIGHTLY, "double": "def double(x):\n    return 3 * x"})
    Path("in/dora.ipynb").write_bytes(b"<html>")
    words = [*CHECK, "in", "--set", "small.ipynb", "--seed", 3]
    with distributed.LocalCluster(n_workers=1, threads_per_worker=2, processes=True, dashboard_address=None) as cluster:
        code, said, _ = kan_edu(*words, "--dask", cluster.scheduler_address, "--csv", "marks.csv")
    assert code == 1 and "bob.ipynb   small  4 of 6  double wrong" in said
    assert [row["points"] for row in read_csv("marks.csv")] == ["6", "4", ""]
    assert [row["state"] for row in read_csv("marks.csv")] == ["checked", "checked", "unreadable"]


INTERRUPTED = """
import os, signal, sys
from kan_edu.command import cli
from kan_edu.exercises import checking, classroom
from kan_edu.exercises.journal import Journal
sent = signal.Signals(int(sys.argv[1]))
real = Journal.note
def note(journal, verdict):
    real(journal, verdict)
    os.kill(os.getpid(), sent)  # Ctrl-C or kill -9, as soon as the first verdict is there
Journal.note = note
checking.say_that_it_stops = lambda: os.kill(os.getpid(), sent)  # Ctrl-C again, where it could be in the way
sys.exit(cli.main(sys.argv[2:]))
"""


def interrupted(sent, *words, **environment):
    return subprocess.run([sys.executable, "-c", INTERRUPTED, str(int(sent)), *map(str, words)], capture_output=True,
                          text=True, env={**os.environ, "PYTHONPATH": str(ROOT), **environment}, timeout=200)


@pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
def test_ctrl_c_keeps_the_marks_that_are_there(here):
    submit("in/anna.ipynb", double=RIGHTLY["double"])
    submit("in/bob.ipynb", double="while True:\n    pass")
    words = [*CHECK, "in", "--set", "small.ipynb", "--csv", "marks.csv", "--timeout", "300"]
    done = interrupted(signal.SIGINT, *words)
    assert done.returncode == 3 and "Traceback" not in done.stderr, done.stderr
    assert [(row["submission"], row["state"], row["points"]) for row in read_csv("marks.csv")] == [
        ("anna.ipynb", "checked", "2"), ("bob.ipynb", "not checked", "")]
    assert "bob.ipynb: The check was interrupted. Check it again." in done.stdout
    assert not warm.live


@pytest.mark.skipif(os.name == "nt", reason="Windows has no kill -9")
def test_a_run_that_was_killed_goes_on(kan_edu, here, straw, monkeypatch):
    """What was checked is not checked again, and the folders that it left are gone at the next start."""
    monkeypatch.setattr(tempfile, "tempdir", str(here / "t"))
    Path("t").mkdir()
    submit("in/anna.ipynb", double=RIGHTLY["double"])
    submit("in/bob.ipynb", weights=RIGHTLY["weights"])
    words = [*CHECK, "in", "--set", "small.ipynb", "--csv", "marks.csv", "-j", 1]
    assert interrupted(signal.SIGKILL, *words, TMPDIR=str(here / "t")).returncode == -signal.SIGKILL
    assert os.listdir("t") != [] and not Path("marks.csv").exists()
    code, _, said = kan_edu(*words)
    assert code == 2 and "has left 1 verdicts" in said and "--resume" in said
    assert os.listdir("t") == []
    judged, real = [], classing.judge
    monkeypatch.setattr(classing, "judge", lambda job: judged.append(job.name) or real(job))
    code, _, said = kan_edu(*words, "--resume")
    assert code == 1 and judged == ["bob.ipynb"], said
    assert [row["points"] for row in read_csv("marks.csv")] == ["2", "1"]
    assert sorted(os.listdir()) == ["in", "marks.csv", "small.ipynb", "t"] and os.listdir("t") == []


def test_resume_goes_on_with_reports_that_no_student_could_write(kan_edu, here, straw):
    submit("in/anna.ipynb", double=RIGHTLY["double"])
    code, _, said = kan_edu(*CHECK, "in", "--set", "small.ipynb", "--resume")
    assert code == 2 and "Name those of that run: --csv" in said
    code, _, said = kan_edu(*CHECK, "in", "--set", "small.ipynb", "--resume", "--csv", "in/marks.csv")
    assert code == 2 and "lies among what was handed in" in said
