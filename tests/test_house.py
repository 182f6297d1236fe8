"""The rules of the house that a machine can read: which way imports point, sizes, openings, a light start."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "kan_edu"
MODULES = sorted(PACKAGE.rglob("*.py"))
FILES = [*MODULES, *sorted((ROOT / "tests").rglob("*.py")), ROOT / "conftest.py"]

# Lowest floor first; a module imports from its own floor and those below. What is not named is mathematics.
FLOORS = ["mathematics", "plot", "live", "apps", "exercises"]
FLOOR = {**{floor: floor for floor in FLOORS}, "controls": "live", "plot_network": "plot",
         "plot_regions": "plot"}
FOREIGN = {
    "mathematics": {"numpy"},
    "plot": {"numpy", "matplotlib"},
    "live": {"numpy", "matplotlib", "PIL", "ipywidgets", "IPython"},
    "apps": {"numpy", "matplotlib", "ipywidgets", "IPython"},
    "exercises": {"numpy", "matplotlib", "IPython", "nbformat", "nbval", "pytest", "jupyter_client", "ipykernel", "zmq",
                  "tqdm", "distributed"},
}
LAZY = {"progress": "IPython", "reading": "sympy"}  # IPython only where a notebook has loaded it already
COMMAND = {"cli", "course", "doctor", "__main__"}  # these look at every floor, but load none at the start


def name_of(path):
    """kan_edu/apps/neuron.py -> ["apps", "neuron"]; a package's __init__ gives the package."""
    parts = list(path.relative_to(PACKAGE).with_suffix("").parts)
    return parts[:-1] if parts[-1] == "__init__" and len(parts) > 1 else parts


def floor_of(module):
    return FLOOR.get(module, "mathematics")


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


def wrong_imports(floor, source, package="kan_edu"):
    """What a module of `floor` imports from a floor above it, or from a foreign package not allowed there."""
    wrong = []
    for name in imports(source, package):
        top, _, rest = name.partition(".")
        if top == "kan_edu":
            module = rest.split(".")[0]
            bad = module in COMMAND or FLOORS.index(floor_of(module)) > FLOORS.index(floor)
        else:
            bad = top not in sys.stdlib_module_names and top not in FOREIGN[floor]
        wrong += [name] if bad else []
    return wrong


@pytest.mark.parametrize("path", MODULES, ids=lambda path: ".".join(name_of(path)))
def test_imports_point_one_way(path):
    module, source = name_of(path)[0], path.read_text(encoding="utf-8")
    package = ".".join(["kan_edu", *path.relative_to(PACKAGE).parts[:-1]])
    if module in COMMAND:
        ours = tuple(f"kan_edu.{name}" for name in COMMAND | {"__version__", "files"})
        loaded = [name for name in imports(at_start(source), package) if not name.startswith(ours)]
        assert [name for name in loaded if name.partition(".")[0] not in sys.stdlib_module_names] == []
    elif module != "__init__":  # the front door names every floor and opens none: see the light start below
        wrong = wrong_imports(floor_of(module), source, package)
        if module in LAZY:
            assert LAZY[module] not in at_start(source)
            wrong = [name for name in wrong if not name.startswith(LAZY[module])]
        assert wrong == []


@pytest.mark.parametrize(
    ("floor", "source", "wrong"),
    [
        ("mathematics", "import numpy as np\nfrom .bspline import basis\nimport math", []),
        ("mathematics", "import matplotlib.pyplot as plt", ["matplotlib.pyplot"]),
        ("mathematics", "def f():\n    from scipy.interpolate import BSpline", ["scipy.interpolate.BSpline"]),
        ("mathematics", "from . import plot, bspline", ["kan_edu.plot"]),
        ("mathematics", "from kan_edu.apps.neuron import NeuronApp", ["kan_edu.apps.neuron.NeuronApp"]),
        ("mathematics", "from . import cli", ["kan_edu.cli"]),
        ("plot", "from .kan import KAN\nfrom .live import LiveFigure", ["kan_edu.live.LiveFigure"]),
        ("live", "import ipywidgets\nfrom .plot import edge\nfrom .apps import x", ["kan_edu.apps.x"]),
        ("apps", "from kan_edu.live import LiveFigure\nimport torch", ["torch"]),
    ],
)
def test_a_wrong_import_would_be_seen(floor, source, wrong):
    assert wrong_imports(floor, source) == wrong


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_file_opens_with_one_plain_sentence(path):
    text = path.read_text(encoding="utf-8")
    docstring = ast.get_docstring(ast.parse(text)) or ""
    assert text.startswith('"""'), "the first line of a file says in one sentence what it is"
    first = docstring.split("\n")[0]
    assert first.endswith((".", ":")) and len(first.split()) >= 4, first


@pytest.mark.parametrize("path", MODULES, ids=lambda path: ".".join(name_of(path)))
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
