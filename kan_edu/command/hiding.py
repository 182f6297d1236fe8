"""Files beside the notebooks that stand in a module's place: with a `random.py` there, `import numpy` dies.

Python looks for a module in the folder of the notebook first; only what is built into it, or frozen, is found before.
"""

import os
import re
import sys
import sysconfig
from functools import cache
from importlib.machinery import FrozenImporter
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

from .course import course_around
from .problem import Problem, typed

PACKAGE = Path(__file__).resolve().parent.parent  # the folder kan_edu
HARMLESS = {"antigravity", "idlelib", "test", "this", "turtle", "turtledemo"}  # of Python, and nobody imports them
NOT_MEANT = {"benchmarks", "conftest", "docs", "examples", "scripts", "tests"}  # in some wheels by mistake


def check_folder():
    """Where notebooks are opened nothing has the name of kan_edu, of what it needs, or of a module of Python."""
    here = Path.cwd()
    courses = [here, here / "kan_edu_course", course_around(here) or here]
    folders = dict.fromkeys(place for course in courses for place in (course, course / "exercises"))
    hiding = [(path, name) for folder in folders for path, name in hidden_by(folder)]
    if hiding:
        found = ", ".join(f"{path} (hides {name})" for path, name in hiding)
        raise Problem(f"notebooks beside them import these in place of what they hide: {found}",
                      " && ".join(renamed(path) for path, _ in hiding))  # fmt: skip
    return f"nothing in {here} hides the package, or a module that it needs"


def hidden_by(folder):
    """[(file or package in the folder, the module that it hides)], sorted."""
    if not folder.is_dir() or folder.resolve() in {Path(path).resolve() for path in sysconfig.get_paths().values()}:
        return []
    found = []
    for path in sorted(folder.iterdir()):
        name = path.stem if path.suffix == ".py" else path.name
        code = path / "__init__.py" if path.is_dir() and path.suffix != ".py" else path
        if code.suffix == ".py" and name in needed() and code.is_file() and not code.samefile(PACKAGE / "__init__.py"):
            found.append((path, name))
    return found


def renamed(path):
    """The line to type that gives a file or a folder another name."""
    return typed("ren", str(path), f"{path.name}_of_mine") if os.name == "nt" else typed(
        "mv", str(path), f"{path}_of_mine")


@cache
def needed():
    """Names of the modules that another file could hide: kan_edu, Python's own, and those of what kan_edu needs."""
    own = sys.stdlib_module_names - set(sys.builtin_module_names) - HARMLESS
    ours = wanted_by("kan-edu")
    theirs = {name for name, owners in packages_distributions().items() if not ours.isdisjoint(map(plain, owners))}
    return {"kan_edu"} | {name for name in own if FrozenImporter.find_spec(name) is None} | (theirs - NOT_MEANT)


def wanted_by(distribution):
    """Names of the distributions that one needs, and those that they need in turn, as far as they are installed."""
    seen, waiting = set(), [distribution]
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        try:
            waiting += [plain(line) for line in requires(name) or () if "extra ==" not in line or name == distribution]
        except PackageNotFoundError:
            continue
    return seen - {distribution}


def plain(requirement):
    """The name in a requirement, small and with hyphens: "Jupyter_Core>=5; ..." is jupyter-core."""
    return re.sub(r"[-_.]+", "-", re.match(r"\s*([\w.-]*)", requirement)[1]).lower()
