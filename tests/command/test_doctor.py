"""The doctor: well on a sound installation, and in words, without a traceback, on every broken one."""

import ast
import json
import os
import shlex
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import SimpleNamespace

import jupyter_core.paths
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg

from kan_edu.command import doctor
from kan_edu.networks import kan

ROOT = Path(__file__).resolve().parents[2]


def problem(check):
    with pytest.raises(doctor.Problem) as raised:
        check()
    assert raised.value.cure
    return raised.value


def test_this_installation_is_well(tmp_path):
    """The real thing, with a real kernel, from a folder that is not the clone."""
    command = [sys.executable, "-m", "kan_edu", "doctor"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=150)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert [line.split(":")[0] for line in lines[:-1]] == [f"ok       {name}" for name, _, _ in doctor.CHECKS]
    assert lines[-1] == "All is well."


def test_it_speaks_even_when_numpy_is_broken(tmp_path):
    (tmp_path / "numpy.py").write_text("raise ImportError('libopenblas: cannot open shared object file')")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), str(ROOT)])}
    code = "import sys; from kan_edu.command import doctor; sys.exit(doctor.examine(doctor.CHECKS[:5]))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert "PROBLEM  NumPy: ImportError: libopenblas" in done.stdout
    assert "-m pip install --force-reinstall numpy" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_examine_turns_every_failure_into_words_and_an_exit_code(capsys):
    def foreseen():
        raise doctor.Problem("too old", "pip install newer")

    def unforeseen():
        raise KeyError("DISPLAY")

    checks = [("one", lambda: "fine", ""), ("two", foreseen, "no"), ("three", unforeseen, "pip install it")]
    assert doctor.examine(checks) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "ok       one: fine"
    assert said[1:3] == ["PROBLEM  two: too old", "         type: pip install newer"]
    assert said[3:5] == ["PROBLEM  three: KeyError: 'DISPLAY'", "         type: pip install it"]
    assert said[5].startswith("Problems: 2.")
    assert doctor.examine(checks[:1]) == 0


def test_an_old_python(monkeypatch):
    monkeypatch.setattr(doctor, "PYTHON", (99, 0))
    assert "99.0 or newer is needed" in str(problem(doctor.check_python))


@pytest.mark.parametrize(
    ("check", "package", "needs"),
    [
        (doctor.check_numpy, "numpy", "kan-edu needs numpy>="),
        (doctor.check_matplotlib, "matplotlib", "kan-edu needs matplotlib>="),
        (doctor.check_widgets, "ipywidgets", "kan-edu needs ipywidgets>="),
        (doctor.check_widgets, "anywidget", "kan-edu needs anywidget>="),
        (doctor.check_widgets, "jupyterlab-widgets", "ipywidgets needs jupyterlab-widgets~="),
        (doctor.check_jupyterlab, "jupyterlab", "kan-edu needs jupyterlab>="),
    ],
)
def test_old_and_missing_packages(monkeypatch, check, package, needs):
    real = doctor.version
    monkeypatch.setattr(doctor, "version", lambda name: "0.9" if name == package else real(name))
    old = problem(check)
    assert f"{package} 0.9 is installed" in str(old) and needs in str(old)
    assert "pip install --upgrade" in old.cure and package in old.cure

    def missing(name):
        if name == package:
            raise PackageNotFoundError(name)
        return real(name)

    monkeypatch.setattr(doctor, "version", missing)
    assert f"{package} is not installed" in str(problem(check))


def test_kan_edu_that_is_only_found_in_this_folder(monkeypatch):
    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(doctor, "version", missing)
    assert "only found in" in str(problem(doctor.check_installed))
    monkeypatch.setattr(doctor, "requires", missing)
    assert str(doctor.wanted("numpy")) == "numpy"  # the other checks go on with any version


def test_the_cure_fits_where_kan_edu_came_from(tmp_path, monkeypatch):
    """No name is suggested that an index may not have: kan-edu only to whom it came from one."""
    assert "-e" in doctor.install_lab() and f"{ROOT}[lab]" in doctor.install_lab()
    monkeypatch.setattr(doctor, "PACKAGE", tmp_path / "site-packages" / "kan_edu")

    def origin(text):
        monkeypatch.setattr(doctor, "distribution", lambda name: SimpleNamespace(read_text=lambda file: text))
        return shlex.split(doctor.install_lab())[4:]

    assert origin(None) == ["--upgrade", "kan-edu[lab]"]
    assert origin('{"url": "file:///a/kan.whl"}') == ["--upgrade", "kan-edu[lab] @ file:///a/kan.whl"]

    def none(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(doctor, "distribution", none)
    assert "install -e '.[lab]'  # in the folder of the course" in doctor.install_lab()


def test_every_package_that_is_suggested_exists():
    """Each stands in a call of `install`, or at the end of `command("pip", ...)`; all of them are installed here."""
    calls = [node for node in ast.walk(ast.parse(Path(doctor.__file__).read_text(encoding="utf-8")))
             if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"install", "command"}]
    texts = [[word.value for word in call.args if isinstance(word, ast.Constant)] for call in calls]
    names = {word for words in texts for word in (words[-1:] if words[:1] == ["pip"] else words)}
    names -= {"-e", "--upgrade", ".[lab]", "kan-edu[lab]", "jupyter", "kernelspec", "remove", "python3"}  # see above
    assert {"numpy", "matplotlib", "ipykernel", "jupyterlab_widgets"} <= names
    assert all(version(name) for name in names)


@pytest.mark.parametrize("name", ["kan_edu/__init__.py", "exercises/kan_edu/__init__.py", "kan_edu.py"])
def test_a_folder_that_hides_the_package(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    assert doctor.check_folder() == f"nothing in {tmp_path} hides the package, or a module that it needs"
    (tmp_path / "kan_edu").mkdir()
    assert doctor.check_folder(), "without __init__.py the installed one is found first"
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).touch()
    found = problem(doctor.check_folder)
    hides = str(tmp_path / name).removesuffix("/__init__.py")
    assert hides in str(found) and found.cure == f"mv {hides} {hides}_of_mine"
    subprocess.run(shlex.split(found.cure), check=True)
    assert doctor.check_folder()


def test_files_that_hide_a_module_are_all_named(tmp_path, monkeypatch):
    """With one of these in the folder `import numpy` dies, and the message does not say why."""
    monkeypatch.chdir(tmp_path)
    for harmless in ["os.py", "sys.py", "test.py", "tests.py", "notes.py", "numpy.txt", "csv"]:
        (tmp_path / harmless).touch()
    assert doctor.check_folder()
    for name in ["numpy.py", "random.py", "exercises/csv.py", "matplotlib/__init__.py", "zmq.py"]:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    found = problem(doctor.check_folder)
    for name in ["numpy.py (hides numpy)", "random.py (hides random)", "csv.py (hides csv)", "zmq.py (hides zmq)",
                 "matplotlib (hides matplotlib)"]:  # fmt: skip
        assert name in str(found)
    assert str(found).count("hides") == 5
    subprocess.run(found.cure, shell=True, check=True)
    assert doctor.check_folder()


def test_the_package_itself_hides_nothing(monkeypatch):
    monkeypatch.chdir(ROOT)
    assert doctor.check_folder()


def test_a_numpy_that_cannot_multiply(monkeypatch):
    monkeypatch.setattr(np, "array_equal", lambda a, b: False)
    assert "multiplies matrices wrongly" in str(problem(doctor.check_numpy))


def test_a_matplotlib_that_draws_nothing(monkeypatch):
    monkeypatch.setattr(FigureCanvasAgg, "print_png", lambda self, file: file.write(b"nothing"))
    assert "not a PNG" in str(problem(doctor.check_matplotlib))


def test_sliders_without_their_half_in_the_browser(monkeypatch):
    monkeypatch.setattr(jupyter_core.paths, "jupyter_path", lambda *parts: [])
    assert "does not find the widgets' extension" in str(problem(doctor.check_jupyterlab))


def test_a_wrong_gradient(monkeypatch):
    right = kan.KAN.backward

    def wrong(self, dY):
        dX = right(self, dY)
        self.grad[-1] *= 1.001
        return dX

    monkeypatch.setattr(kan.KAN, "backward", wrong)
    assert "gradient of a KAN is wrong by" in str(problem(doctor.check_gradient))


def kernelspec(folder, monkeypatch, code):
    """A kernel "python3" that stands before the real one and runs `code`."""
    spec = {"argv": [sys.executable, "-c", code], "display_name": "broken", "language": "python"}
    (folder / "kernels" / "python3").mkdir(parents=True)
    (folder / "kernels" / "python3" / "kernel.json").write_text(json.dumps(spec))
    monkeypatch.setenv("JUPYTER_PATH", str(folder))
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")


def test_a_kernel_that_dies_gives_its_last_words(tmp_path, monkeypatch):
    kernelspec(tmp_path, monkeypatch, "raise SystemExit('no such thing as ipykernel')")
    found = problem(doctor.check_kernel)
    assert "died" in str(found) and "no such thing as ipykernel" in str(found)
    assert "ipykernel" in found.cure


def test_a_kernel_that_is_silent(tmp_path, monkeypatch):
    kernelspec(tmp_path, monkeypatch, "import time; time.sleep(60)")
    monkeypatch.setattr(doctor, "KERNEL_SECONDS", 1)
    assert "1 seconds" in str(problem(doctor.check_kernel))


def test_a_kernel_without_kan_edu(monkeypatch):
    monkeypatch.setattr(doctor, "KERNEL_QUESTION", "__import__('kan_edu_of_mars')")
    found = problem(doctor.check_kernel)
    assert str(found) == "in the kernel: ModuleNotFoundError: No module named 'kan_edu_of_mars'"
    assert found.cure == doctor.install_lab()


def test_a_kernel_of_another_python(monkeypatch):
    monkeypatch.setattr(doctor, "ask_kernel", lambda client: ["/another/venv", "/kan_edu/__init__.py"])
    found = problem(doctor.check_kernel)
    assert "is the Python of /another/venv" in str(found)
    assert found.cure.endswith("-m jupyter kernelspec remove python3")
