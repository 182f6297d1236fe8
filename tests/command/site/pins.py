"""Writes kan_edu/command/site/pins.json anew: each file of the site in the browser, its version and its sha256.

    npm pack pyodide@VERSION && tar xzf pyodide-VERSION.tgz
    python -m tests.command.site.pins package FOLDER     FOLDER: where the wheels are downloaded to

`package` is the unpacked core of Pyodide with its lock file, whose entries are taken over as they are. Where PyPI has a
wheel of the same version under another hash (Pyodide builds its own), that hash is allowed too, under "pypi".
"""

import json
import subprocess
import sys
from email.parser import HeaderParser
from pathlib import Path
from zipfile import ZipFile

from kan_edu.command.site.pins import PINS, sha256

CORE = ["pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide.mjs", "python_stdlib.zip"]
FROM_PYODIDE = ["numpy", "matplotlib", "ipython", "micropip", "jedi", "sympy", "typing-extensions",
                "pandas", "scikit-learn"]
# What Pyodide does not build and the course imports there: {name: (version, what it needs)}.
FROM_PYPI = {
    "comm": ("0.2.3", []),
    "ipywidgets": ("8.1.9", ["comm", "ipython", "traitlets"]),  # its widgets' other half is the page's own
    "psygnal": ("0.15.1", []),
    "anywidget": ("0.11.0", ["ipywidgets", "psygnal", "typing-extensions"]),
}
# Needed only where a picture is saved as PDF, and not any more: 1.7 MB that every visitor would wait for.
SPARED = {"matplotlib": ["fonttools", "pytz"]}
# PyPI has no wheels of these for the browser; this package there carries Pyodide's own, unchanged.
CARRIER = {"requirement": "open-webui==0.12.4", "folder": "open_webui/frontend/pyodide",
           "sha256": "02e9caba96234db3fa17a92e56163b3f7f2b8ca8227fa886b85c178d696483f6"}  # fmt: skip


def closure(names, lock):
    """The names and all that they need, sorted."""
    todo, found = list(names), set()
    while todo:
        name = todo.pop().replace("_", "-")
        if name not in found:
            found.add(name)
            todo += needs(name, lock)
    return sorted(found)


def needs(name, lock):
    """What a package needs, without what is spared."""
    return [one for one in lock[name]["depends"] if one not in SPARED.get(name, ())]


def download(requirement, folder):
    """The wheel of `requirement` that runs everywhere, or None where PyPI has none."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:", "--platform",
               "any", "--python-version", "3.14", "--dest", str(folder / requirement), requirement]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True)
    return next((folder / requirement).glob("*.whl")) if done.returncode == 0 else None


def entry(name, version, depends, wheel):
    """An entry as in Pyodide's lock file for a wheel from PyPI."""
    with ZipFile(wheel) as archive:
        tops = {file.split("/")[0] for file in archive.namelist() if file.endswith(".py")}
        said = next(file for file in archive.namelist() if file.endswith(".dist-info/METADATA"))
        assert HeaderParser().parsestr(archive.read(said).decode())["Version"] == version
    imports = sorted(top for top in tops if "." not in top)
    return {"name": name, "version": version, "file_name": wheel.name, "sha256": sha256(wheel), "source": "pypi",
            "imports": imports, "depends": depends, "install_dir": "site", "package_type": "package",
            "unvendored_tests": False}  # fmt: skip


def main(core, folder):
    lock = json.loads((core / "pyodide-lock.json").read_text())
    known = lock["packages"]
    found = {name: {**known[name], "depends": needs(name, known)} for name in closure(FROM_PYODIDE, known)}
    for name, pinned in found.items():
        wheel = download(f"{name}=={pinned['version']}", folder)
        if wheel and sha256(wheel) != pinned["sha256"]:
            pinned["pypi"] = {"file_name": wheel.name, "sha256": sha256(wheel)}
        if not wheel:
            pinned["carried"] = True
    for name, (version, depends) in FROM_PYPI.items():
        found[name] = entry(name, version, depends, download(f"{name}=={version}", folder))
    version = json.loads((core / "package.json").read_text())["version"]
    pins = {"pyodide": version, "info": lock["info"], "carrier": CARRIER,
            "core": {name: sha256(core / name) for name in CORE}, "packages": found}  # fmt: skip
    PINS.write_text(json.dumps(pins, indent=1) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
