"""The command kan-edu, run as a user runs it; a JupyterLab of straw stands in for the real one."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from kan_edu import files
from kan_edu.command import cli, course, exporting, lab

ROOT = Path(__file__).resolve().parents[2]
POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has other signals")
STRAW = """
import json, os, signal, sys, time
called = {"argv": sys.argv[1:], "cwd": os.getcwd(), "python": sys.executable,
          "threads": os.environ.get("OPENBLAS_NUM_THREADS"), "path": os.environ["PATH"].split(os.pathsep)}
json.dump(called, open(os.environ["STRAW"], "w"))
if "--wait" in sys.argv:
    asked = []
    signal.signal(signal.SIGINT, lambda *_: asked.append(1))  # like JupyterLab: the first Ctrl-C only asks
    print("ready", flush=True)
    while len(asked) < 2:
        time.sleep(0.01)
        if asked:
            print("sure?", flush=True)
sys.exit(7 if "--fail" in sys.argv else 0)
"""


@pytest.fixture
def straw(tmp_path):
    """The environment in which `python -m jupyterlab` writes down how it was called."""
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "jupyterlab.py").write_text(STRAW)
    path = os.pathsep.join([str(tmp_path / "path"), str(ROOT)])
    return {**os.environ, "PYTHONPATH": path, "STRAW": str(tmp_path / "called.json")}


def start(environment, *arguments, **more):
    command = [sys.executable, "-m", "kan_edu", *map(str, arguments)]
    return subprocess.Popen(command, env=environment, stdout=-1, stderr=-1, text=True, **more)


@pytest.fixture
def waiting(straw, tmp_path):
    """`kan-edu lab` in a session of its own, as in a terminal, whose straw JupyterLab is up and waits."""
    child = start(straw, "lab", tmp_path / "c", "--", "--wait", start_new_session=True)
    while child.stdout.readline() != "ready\n":
        assert child.poll() is None, child.stderr.read()
    yield child
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child.pid, signal.SIGKILL)


def test_no_command_prints_help(capsys):
    assert cli.main([]) == 0
    help = capsys.readouterr().out
    assert "lab" in help and "doctor" in help


def test_an_unknown_command_is_refused(capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["teach"])
    assert stopped.value.code == 2
    assert "'teach'" in capsys.readouterr().err


def test_version(capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["--version"])
    assert stopped.value.code == 0
    assert capsys.readouterr().out.startswith("kan-edu 0.")


def test_copy_only_brings_the_real_course(tmp_path, capsys):
    assert cli.main(["lab", str(tmp_path / "c"), "--no-start"]) == 0
    lessons = {path.name for path in course.source_folder().glob("*.ipynb")}
    assert files.START in lessons
    assert {path.name for path in (tmp_path / "c").glob("*.ipynb")} == lessons
    assert f"The course is in {tmp_path / 'c'}: " in capsys.readouterr().out


def test_the_default_folder_is_ignored_by_git(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert cli.main(["lab", "--no-start"]) == 0
    assert (tmp_path / "kan_edu_course" / files.START).is_file()
    assert "/kan_edu_course/" in (ROOT / ".gitignore").read_text().split()


@pytest.mark.parametrize("inside", [".", "exercises"])
def test_typed_again_inside_the_course_it_makes_no_second_one(tmp_path, monkeypatch, capsys, inside):
    """Lesson 00 says: type it again. Whoever does so stands in the course by then."""
    monkeypatch.chdir(tmp_path)
    assert cli.main(["lab", "--no-start"]) == 0
    monkeypatch.chdir(tmp_path / "kan_edu_course" / inside)
    capsys.readouterr()
    assert cli.main(["lab", "--no-start"]) == 0
    assert f"The course is in {tmp_path / 'kan_edu_course'}: " in capsys.readouterr().out
    assert not list((tmp_path / "kan_edu_course").rglob("kan_edu_course"))


def test_what_was_left_alone_is_named_with_what_to_do(tmp_path, capsys):
    cli.main(["lab", str(tmp_path), "--no-start"])
    (tmp_path / files.START).write_text("my answer")
    capsys.readouterr()
    assert cli.main(["lab", str(tmp_path), "--no-start"]) == 0
    said = capsys.readouterr().out
    assert f"    {files.START}\n" in said
    assert "rename or delete it" in said
    assert (tmp_path / files.START).read_text() == "my answer"


def test_errors_are_one_line_and_exit_code_2(tmp_path, capsys):
    (tmp_path / "file").write_text("mine")
    assert cli.main(["lab", str(tmp_path / "file")]) == 2
    error = capsys.readouterr().err
    assert error.startswith("kan-edu: ") and "is a file" in error and error.count("\n") == 1


def test_a_missing_jupyterlab_says_what_to_type(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(lab.importlib.util, "find_spec", lambda name: None)
    monkeypatch.delattr(lab, "start_jupyterlab")
    assert cli.main(["lab", str(tmp_path)]) == 2
    error = capsys.readouterr().err
    assert "JupyterLab is not installed" in error and "pip install" in error and "[lab]" in error
    assert (tmp_path / files.START).is_file()  # the course is copied all the same


def test_jupyterlab_starts_with_this_python_on_the_first_notebook(tmp_path, straw):
    child = start(straw, "lab", tmp_path / "c", "--", "--no-browser", "--fail", cwd=tmp_path)
    out, err = child.communicate(timeout=120)
    called = json.loads((tmp_path / "called.json").read_text())
    assert child.returncode == 7, err  # JupyterLab's own exit code
    assert os.path.samefile(called["cwd"], tmp_path / "c")
    assert called["python"] == sys.executable
    ours = [f"--ServerApp.root_dir={tmp_path / 'c'}", exporting.OPTION, lab.PROMPT]
    assert called["argv"][:5] == [*ours, "--no-browser", "--fail"]
    assert called["argv"][-1] == str(tmp_path / "c" / files.START)
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    assert ("--allow-root" in called["argv"]) == root == ("You are root" in out)


@pytest.mark.parametrize(("variable", "option"), [
    ("JUPYTER_GATEWAY_URL", "--no-browser"), ("X", "--gateway-url=a"), ("X", "--GatewayClient.url=http://a"),
    ("X", "--ServerApp.kernel_websocket_connection_class=a.B"),
])  # fmt: skip
def test_kernels_of_another_server_are_reached_in_their_own_way(tmp_path, straw, variable, option):
    start({**straw, variable: "http://a"}, "lab", tmp_path / "c", "--", option, cwd=tmp_path).communicate(timeout=120)
    called = json.loads((tmp_path / "called.json").read_text())
    assert option in called["argv"] and lab.PROMPT not in called["argv"]


@pytest.mark.parametrize(("set_before", "threads"), [(None, "1"), ("4", "4")])
def test_kernels_compute_with_one_thread_unless_told_otherwise(tmp_path, straw, set_before, threads):
    straw.pop("OPENBLAS_NUM_THREADS", None)
    given = {} if set_before is None else {"OPENBLAS_NUM_THREADS": set_before}
    start({**straw, **given}, "lab", tmp_path / "c", cwd=tmp_path).communicate(timeout=120)
    called = json.loads((tmp_path / "called.json").read_text())
    assert called["threads"] == threads
    assert called["path"][0] == os.path.dirname(sys.executable)  # its terminals find kan-edu


@POSIX
def test_ctrl_c_is_for_jupyterlab_and_shows_no_traceback(waiting):
    os.killpg(waiting.pid, signal.SIGINT)  # as a terminal does: to everyone in the foreground
    assert waiting.stdout.readline() == "sure?\n"
    assert waiting.poll() is None
    os.killpg(waiting.pid, signal.SIGINT)
    _, error = waiting.communicate(timeout=120)
    assert (waiting.returncode, error) == (0, "")


@POSIX
def test_ending_the_command_ends_jupyterlab(waiting):
    waiting.terminate()
    waiting.communicate(timeout=120)  # returns only when JupyterLab, too, has closed the pipe
    assert waiting.returncode != 0
