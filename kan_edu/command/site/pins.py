"""Which packages the page in the browser needs, and the one file of each that is allowed: version and sha256.

pins.json holds, for one release of Pyodide, the entries of its lock file for what the course needs, and in the same
form those packages that Pyodide does not build. An entry may name a second file, under "pypi": the same version as PyPI
has it, where Pyodide built its own.
"""

import hashlib
import importlib.metadata
import json
import re
from pathlib import Path

from kan_edu.files import CourseError

PINS = Path(__file__).with_name("pins.json")
LOCK = "pyodide-lock.json"
CDN = "https://cdn.jsdelivr.net/pyodide/v{}/full/"
KERNEL = ["ipython", "jedi", "micropip", "comm"]  # what Pyodide's kernel loads by itself, else later and one by one
ON_DEMAND = ["sympy", "pandas", "scikit-learn"]  # loaded by the cell that imports them: lesson 12 needs the last two


def read_pins():
    """The content of pins.json."""
    return json.loads(PINS.read_text(encoding="utf-8"))


def own_needs():
    """Names of what kan_edu needs without any extra, as its installed metadata says, in lower case with hyphens.

    Raises CourseError if kan_edu is not installed.
    """
    from packaging.requirements import Requirement

    try:
        asked = map(Requirement, importlib.metadata.requires("kan-edu") or ())
    except importlib.metadata.PackageNotFoundError:
        raise CourseError("kan_edu is not installed for this Python, so nothing says what it needs. "
                          'In its folder type: pip install -e ".[site]"') from None  # fmt: skip
    return [one.name.lower().replace("_", "-") for one in asked if one.marker is None]


def needed(names, pins):
    """{name: entry of the lock} of `names` and all that they need.

    Raises CourseError for a package without a pin.
    """
    todo, found = list(names), {}
    while todo:
        name = todo.pop(0).replace("_", "-")
        if name not in pins["packages"]:
            raise CourseError(f"no pin for the package {name} in {PINS}: add it to FROM_PYPI in "
                              "tests/command/site/pins.py and run that")  # fmt: skip
        if name not in found:
            found[name] = pins["packages"][name]
            todo += found[name]["depends"]
    return found


def allowed(entry):
    """[(file name, sha256), ...] of the files that may stand for an entry of pins.json."""
    return [(one["file_name"], one["sha256"]) for one in (entry, entry.get("pypi")) if one]


def on_cdn(entry, pins):
    """The entry with the address of its file in Pyodide's own distribution."""
    return locked(entry, CDN.format(pins["pyodide"]) + entry["file_name"], entry["sha256"])


def locked(entry, file_name, file_sha256):
    """The entry as it stands in the site's lock file, with this file."""
    ours = ("pypi", "source", "carried")  # words of pins.json that Pyodide does not know
    return {**{key: value for key, value in entry.items() if key not in ours}, "file_name": file_name,
            "sha256": file_sha256}  # fmt: skip


def check_lock(lock, folder, cdn):
    """CourseError unless each file of the lock lies in `folder` with its sha256, or has an address below `cdn` and one.

    Pyodide refuses a file with another sum than the lock's, and takes any file where the lock has none.
    """
    for name, entry in lock["packages"].items():
        file, expected = entry["file_name"], entry.get("sha256", "")
        if "://" not in file:
            check_file(folder / file, expected)
        elif not file.startswith(cdn) or not re.fullmatch("[0-9a-f]{64}", expected):
            raise CourseError(f"the lock has {file} (sha256 {expected or 'none'}) for {name}; expected an address that "
                              f"begins with {cdn}, and 64 digits")  # fmt: skip


def sha256(path):
    """Of a file, in hexadecimal digits."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def check_file(path, expected):
    """CourseError if the file is missing or another one."""
    if not path.is_file():
        raise CourseError(f"the site lacks {path.name}, which its lock names; build it again")
    if sha256(path) != expected:
        raise CourseError(f"{path} is not the file that was asked for: its sha256 is {sha256(path)}, expected "
                          f"{expected}. Delete it and build again")  # fmt: skip
