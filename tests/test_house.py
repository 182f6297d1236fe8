"""The rules of the house that a machine can read: which way imports point, sizes, openings, a light start."""

import ast
import importlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "kan_edu"
MODULES = sorted(PACKAGE.rglob("*.py"))
FILES = [*MODULES, *sorted((ROOT / "tests").rglob("*.py")), ROOT / "conftest.py"]

# Lowest floor first. A folder imports from its own floor only itself, and any folder below (doors say which).
FLOORS = [["checks", "files"], ["splines", "data"], ["networks"], ["learning", "theorems"],
          ["equations", "reading", "bridges"], ["seeing"], ["apps", "sklearn"], ["exercises"], ["command", "__main__"]]
FLOOR = {name: height for height, floor in enumerate(FLOORS) for name in floor}
MATHEMATICS = {"checks", "files", "splines", "data", "networks", "learning", "theorems", "equations", "reading"}
FOREIGN = {
    **dict.fromkeys(MATHEMATICS, {"numpy"}),
    "seeing": {"numpy", "matplotlib", "PIL", "anywidget", "ipywidgets", "IPython", "traitlets"},
    "bridges": {"numpy"},
    "sklearn": {"numpy", "sklearn"},
    "apps": {"numpy", "matplotlib", "anywidget", "ipywidgets", "IPython", "traitlets"},
    "exercises": {"numpy", "matplotlib", "IPython", "nbformat", "nbval", "pytest", "jupyter_client", "ipykernel", "zmq",
                  "psutil", "tqdm", "distributed"},
}
PLOTS = {"plot", "plot_network", "plot_regions", "network_artists", "canvas", "knots"}   # they draw without widgets
LAZY = {"bridges/onnxfile.py": "onnx",                    # only when a file is written
        "bridges/torchfile.py": "torch", "bridges/yamlfile.py": "yaml", "bridges/jaxkan.py": ("jax", "flax", "jaxkan"),
        "learning/progress.py": "IPython",                # only where a notebook has loaded it already
        "learning/threads.py": "threadpoolctl", "seeing/canvas.py": "isal",   # only if they are installed
        "reading/expressions/printing.py": "sympy"}       # only when an expression is asked for
SERVER = {"command/promptly.py": {"jupyter_server", "tornado"}}   # Jupyter's server loads it
NOT_FOR_EXERCISES = set(FLOOR) - {"checks", "files", "exercises"}   # these take the public names instead
MOST_ENTRIES, MOST_FILES = 17, 12                         # at the top; in a folder


def named(path):
    """The id of a module's test: apps/neuron/app."""
    return path.relative_to(PACKAGE).with_suffix("").as_posix()


def room_of(path):
    """kan_edu/apps/neuron/app.py -> apps: the folder, or the file's name at the top."""
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def at_start(source):
    """Only the imports of `source` that run when it is loaded."""
    body = ast.parse(source).body
    return ast.unparse([node for node in body if isinstance(node, ast.Import | ast.ImportFrom)])


def imports(source, package):
    """Dotted names of all that `source` imports, also inside functions; `package` resolves leading dots."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def wrong_imports(room, source, package="kan_edu"):
    """What a module in `room` imports from a room not below its own, or from a foreign package not allowed there."""
    wrong = []
    for name in imports(source, package):
        top, _, rest = name.partition(".")
        other = rest.split(".")[0]
        if top != "kan_edu":
            bad = top not in sys.stdlib_module_names and top not in FOREIGN[room]
        elif room == "exercises":
            bad = other in NOT_FOR_EXERCISES
        else:
            bad = other not in FLOOR or (other != room and FLOOR[other] >= FLOOR[room])
        wrong += [name] if bad else []
    return wrong


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_imports_point_downhill(path):
    room, source = room_of(path), path.read_text(encoding="utf-8")
    package = ".".join(["kan_edu", *path.relative_to(PACKAGE).parts[:-1]])
    where = path.relative_to(PACKAGE).as_posix()
    if room in ("command", "__main__"):   # looks at every floor, but loads none at the start
        ours = ("kan_edu.command", "kan_edu.__version__", "kan_edu.files")
        loaded = [name for name in imports(at_start(source), package) if not name.startswith(ours)]
        foreign = [name for name in loaded if name.partition(".")[0] not in sys.stdlib_module_names]
        assert {name.partition(".")[0] for name in foreign} == SERVER.get(where, set())
    elif room != "__init__":   # the front door names every room and opens none: see the light start below
        wrong = wrong_imports(room, source, package)
        if where in LAZY:
            names = LAZY[where] if isinstance(LAZY[where], tuple) else (LAZY[where],)
            assert {name.partition(".")[0] for name in imports(at_start(source), package)}.isdisjoint(names)
            wrong = [name for name in wrong if not name.startswith(LAZY[where])]
        if room == "seeing" and path.stem in PLOTS:
            widgets = ("ipywidgets", "kan_edu.seeing.live")
            wrong += [name for name in imports(source, package) if name.startswith(widgets)]
        assert wrong == []


@pytest.mark.parametrize(
    ("room", "source", "wrong"),
    [
        ("networks", "import numpy as np\nfrom kan_edu.splines.bspline import basis\nimport math", []),
        ("networks", "import matplotlib.pyplot as plt", ["matplotlib.pyplot"]),
        ("splines", "def f():\n    from scipy.interpolate import BSpline", ["scipy.interpolate.BSpline"]),
        ("learning", "from kan_edu.theorems import walls", ["kan_edu.theorems.walls"]),
        ("networks", "from kan_edu.learning.losses import mse", ["kan_edu.learning.losses.mse"]),
        ("reading", "from kan_edu import plot", ["kan_edu.plot"]),
        ("splines", "from kan_edu.apps.neuron.app import NeuronApp", ["kan_edu.apps.neuron.app.NeuronApp"]),
        ("apps", "from kan_edu.seeing import live\nimport torch", ["torch"]),
        ("seeing", "import ipywidgets\nfrom kan_edu.apps.common import words", ["kan_edu.apps.common.words"]),
        ("exercises", "from kan_edu.networks.kan import KAN", ["kan_edu.networks.kan.KAN"]),
        ("exercises", "from kan_edu import KAN\nfrom kan_edu.files import write_whole", []),
    ],
)
def test_a_wrong_import_would_be_seen(room, source, wrong):
    assert wrong_imports(room, source) == wrong


def test_every_file_has_its_room():
    """A new file at the top is in nobody's room; a folder with more than a dozen files of code is two rooms."""
    entries = {path.name for path in PACKAGE.iterdir()} - {"__pycache__", ".ipynb_checkpoints"}
    rooms = {entry.removesuffix(".py") for entry in entries}
    assert rooms == set(FLOOR) | {"__init__"}
    assert len(entries) <= MOST_ENTRIES
    for folder in {path.parent for path in MODULES}:
        code = [path for path in folder.glob("*.py") if path.name != "__init__.py"]
        assert len(code) <= MOST_FILES, f"{folder} holds {len(code)} files"
        assert (folder / "__init__.py").exists(), f"{folder} has no door"


@pytest.mark.parametrize("door", sorted(PACKAGE.glob("*/**/__init__.py")), ids=lambda door: named(door.parent))
def test_a_door_names_what_lives_behind_it(door):
    """Each file, and each folder: whoever has read the doors knows where to look."""
    text = door.read_text(encoding="utf-8")
    behind = [path for path in door.parent.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()]
    assert [path.name for path in behind if path != door and not re.search(rf"\b{path.stem}\b", text)] == []
    assert set(re.findall(r"`(\w+\.(?:py|md))`", text)) <= {path.name for path in door.parent.rglob("*")}


def test_tests_mirror_the_rooms():
    """Each folder has its tests, and so has each folder of the exercises."""
    for place in ("", "exercises"):
        rooms = {path.name for path in (PACKAGE / place).iterdir() if path.is_dir()} - {"__pycache__"}
        tests = {path.parent.name for path in (ROOT / "tests" / place).glob("*/test_*.py")}
        assert rooms <= tests, f"no tests for {sorted(rooms - tests)}"


NOTEBOOKS = sorted((ROOT / "notebooks").rglob("*.ipynb"))
PUBLIC = ("kan_edu", "kan_edu.apps", "kan_edu.exercises", "kan_edu.sklearn")


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebooks_use_public_names_only(path):
    book = json.loads(path.read_text(encoding="utf-8"))
    for cell in (cell for cell in book["cells"] if cell["cell_type"] == "code"):
        for line in re.findall(r"^\s*((?:from|import)\s+kan_edu.*)", "".join(cell["source"]), re.MULTILINE):
            assert line.split()[1] in PUBLIC and line.startswith("from"), line
            names = [one.split(" as ")[0].strip() for one in line.split("import ")[1].split(",")]
            module = importlib.import_module(line.split()[1])
            assert set(names) <= set(module.__all__), f"{line}: not public"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_opens_with_one_plain_sentence(path):
    text = path.read_text(encoding="utf-8")
    docstring = ast.get_docstring(ast.parse(text)) or ""
    assert text.startswith('"""'), "the first line of a file says in one sentence what it is"
    first = docstring.split("\n")[0]
    assert first.endswith((".", ":")) and len(first.split()) >= 4, first


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_files_and_functions_hold_one_idea(path):
    """STYLE: about 250 lines and 30 a function. The red light comes a little later: understanding wins."""
    text = path.read_text(encoding="utf-8")
    assert len(text.splitlines()) <= 280, "this file holds two ideas"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            docstring = len((ast.get_docstring(node) or "").splitlines())
            assert node.end_lineno - node.lineno + 1 - docstring <= 40, f"{node.name} holds two ideas"


def in_a_new_python(code):
    """What `code` prints in a Python of its own, started in an empty state at the root of the clone."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


def test_no_package_of_tests_hides_a_module_of_python():
    """pytest calls a folder with an `__init__.py` by its own name: one called `site` stood for Python's `site`."""
    packages = {path.parent.name for path in (ROOT / "tests").rglob("__init__.py")}
    assert not packages & sys.stdlib_module_names


def test_import_kan_edu_loads_numpy_at_most():
    code = "import sys, kan_edu; print(*sys.modules)"
    loaded = {name.partition(".")[0] for name in in_a_new_python(code).split()}
    assert "kan_edu" in loaded
    assert loaded.isdisjoint({"matplotlib", "ipywidgets", "IPython", "traitlets", "PIL", "scipy", "pandas"})


def test_import_kan_edu_costs_little():
    """CPU time, not wall time: what the whole process took, less what a bare Python takes; best of three."""
    took = "import time; print(time.process_time())"
    bare = min(float(in_a_new_python(took)) for _ in range(3))
    ours = min(float(in_a_new_python(f"import kan_edu; {took}")) for _ in range(3))
    assert ours - bare < 0.3, f"{ours - bare:.2f} s of CPU"


def test_ruff_finds_nothing():
    command = [sys.executable, "-m", "ruff", "check", "."]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
