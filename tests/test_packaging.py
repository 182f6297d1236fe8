"""What is installed: dependencies in step, and a wheel and a source archive that hold the whole course."""

import os
import shutil
import subprocess
import sys
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import numpy
import pytest
import yaml
from hatchling.builders.sdist import SdistBuilder
from hatchling.builders.wheel import WheelBuilder
from packaging.requirements import Requirement

import kan_edu
from kan_edu import files
from kan_edu.command import course
from kan_edu.command.site import pages

ROOT = Path(__file__).resolve().parent.parent
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
ENVIRONMENT = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
CONDA = {"isal": "python-isal"}  # what conda-forge calls otherwise: its isal is the library in C


def specifiers(lines):
    """{package: set of version conditions} of requirement lines."""
    return {one.name: {str(s) for s in one.specifier} for one in map(Requirement, lines)}


def out_of_step(environment, project):
    """The packages on which environment.yml and pyproject.toml's base and lab dependencies differ."""
    conda = specifiers(line for line in environment["dependencies"] if isinstance(line, str))
    ours = [*project["dependencies"], *project["optional-dependencies"]["lab"]]
    asked = {CONDA.get(name, name): conditions for name, conditions in
             specifiers([f"python{project['requires-python']}", "pip", *ours]).items()}  # fmt: skip
    return sorted(name for name in conda.keys() | asked.keys() if conda.get(name) != asked.get(name))


def test_environment_yml_is_in_step_with_pyproject():
    assert out_of_step(ENVIRONMENT, PROJECT) == []
    assert ENVIRONMENT["dependencies"][-1] == {"pip": ["-e ."]}  # and kan_edu itself comes from the clone
    assert ENVIRONMENT["channels"] == ["conda-forge"]


@pytest.mark.parametrize(
    ("project", "found"),
    [
        ({**PROJECT, "requires-python": ">=3.12"}, ["python"]),
        ({**PROJECT, "dependencies": [*PROJECT["dependencies"], "pandas"]}, ["pandas"]),
        ({**PROJECT, "dependencies": PROJECT["dependencies"][1:]}, ["numpy"]),
        ({**PROJECT, "optional-dependencies": {"lab": ["jupyterlab>=5", "nbval", "tqdm"]}},
         ["jupyterlab", "nbval", "psutil", "python-isal", "sympy", "threadpoolctl", "tqdm"]),
    ],
)
def test_a_difference_would_be_seen(project, found):
    assert out_of_step(ENVIRONMENT, project) == found


def test_binder_gets_a_python_that_its_builder_can_read_and_the_course_as_students_do():
    """Its builder takes "python=X.Y" and nothing else; postBuild makes the folder to which the site's links lead."""
    asked = yaml.safe_load((ROOT / ".binder" / "environment.yml").read_text(encoding="utf-8"))["dependencies"]
    version = next(line.removeprefix("python=") for line in asked if line.startswith("python="))
    assert Requirement(f"python{PROJECT['requires-python']}").specifier.contains(version)
    post = ROOT / ".binder" / "postBuild"
    assert f"kan-edu lab {pages.BINDER} --no-start" in post.read_text(encoding="utf-8").splitlines()
    assert os.name == "nt" or os.access(post, os.X_OK)


def test_the_library_needs_four_packages():
    assert set(specifiers(PROJECT["dependencies"])) == {"numpy", "matplotlib", "ipywidgets", "anywidget"}
    assert set(specifiers(PROJECT["optional-dependencies"]["lab"])) == {
        "isal", "jupyterlab", "nbval", "psutil", "sympy", "threadpoolctl", "tqdm"}
    assert set(PROJECT["optional-dependencies"]["symbolic"]) <= set(PROJECT["optional-dependencies"]["lab"])
    assert "kan-edu[lab]" in PROJECT["optional-dependencies"]["test"]


def test_there_is_one_version():
    assert kan_edu.__version__ == PROJECT["version"]


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """What a build reads, with the litter that students' and editors' work leaves in it."""
    folder = tmp_path_factory.mktemp("clone")
    for name in ("kan_edu", "notebooks", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    pages = ["README.md", "LICENSE", "CONTRIBUTING.md"]
    for name in ("pyproject.toml", "environment.yml", "conftest.py", ".gitignore", *pages):
        shutil.copy(ROOT / name, folder)
    shutil.copytree(ROOT / ".ci", folder / ".ci")
    for litter in (".ipynb_checkpoints/a-checkpoint.ipynb", "__pycache__/a.pyc"):
        for place in ("notebooks", "kan_edu"):
            (folder / place / litter).parent.mkdir()
            (folder / place / litter).write_text("litter")
    return folder


@pytest.fixture(scope="module")
def wheel(clone, tmp_path_factory):
    return Path(next(WheelBuilder(str(clone)).build(directory=str(tmp_path_factory.mktemp("wheel")))))


def names(wheel):
    return set(zipfile.ZipFile(wheel).namelist())


def test_the_wheel_holds_the_library_its_data_and_the_course(wheel):
    ours = [path for path in (ROOT / "kan_edu").rglob("*") if path.is_file()]
    litter = {"__pycache__", ".ipynb_checkpoints"}
    library = {path.relative_to(ROOT).as_posix() for path in ours if litter.isdisjoint(path.parts)}
    lessons = {f"kan_edu/notebooks/{path.as_posix()}" for path in course.course_files(ROOT / "notebooks")}
    assert f"kan_edu/notebooks/{files.START}" in lessons
    assert {name for name in names(wheel) if ".dist-info/" not in name} == library | lessons


def test_the_wheel_is_pure_python_with_a_licence_and_the_command(wheel):
    assert wheel.name == f"kan_edu-{PROJECT['version']}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        info = f"kan_edu-{PROJECT['version']}.dist-info"
        assert "kan-edu = kan_edu.command.cli:main" in archive.read(f"{info}/entry_points.txt").decode()
        assert "MIT License" in archive.read(f"{info}/licenses/LICENSE").decode()


def test_the_source_archive_builds_the_same_wheel(clone, wheel, tmp_path):
    archive = Path(next(SdistBuilder(str(clone)).build(directory=str(tmp_path))))
    with tarfile.open(archive) as tar:
        tar.extractall(tmp_path, filter="data")
    unpacked = tmp_path / archive.name.removesuffix(".tar.gz")
    assert {"pyproject.toml", "README.md", "conftest.py", "tests", ".ci"} <= set(os.listdir(unpacked))
    assert not list(unpacked.rglob("*checkpoint*")) + list(unpacked.rglob("*.pyc"))
    again = Path(next(WheelBuilder(str(unpacked)).build(directory=str(tmp_path))))
    assert names(again) == names(wheel)


def test_the_wheel_works_in_a_new_environment_far_from_the_clone(wheel, tmp_path):
    """The real script of a real installation; NumPy is lent by path, not installed again."""
    venv.create(tmp_path / "venv", with_pip=False)
    bin = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    python = bin / ("python.exe" if os.name == "nt" else "python")
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q", "--no-deps", "--no-index"]
    subprocess.run([*pip, str(wheel)], check=True, stdin=subprocess.DEVNULL)
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

    def run(*command):
        done = subprocess.run(command, cwd=tmp_path, env=clean, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    # A path in a .pth file comes last, and .pth files found there (the clone's, if editable) are not read.
    packages = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"))
    (packages / "lent.pth").write_text(str(Path(numpy.__file__).parent.parent))
    run(bin / "kan-edu", "lab", "my_course", "--no-start")
    assert course.course_files(tmp_path / "my_course") == course.course_files(ROOT / "notebooks")
    source = run(python, "-c", "from kan_edu.command import course; print(course.source_folder())")
    assert Path(source) == (packages / "kan_edu" / "notebooks").resolve()
