"""Builds the site in a folder of its own, checks it, and only then puts it where it was asked for."""

import importlib.util
import json
import os
import shutil
import tempfile
from pathlib import Path

from kan_edu.files import CourseError

from . import contents, lite, packages, pages, pins
from .compiled import bytecode

NEEDED = ("jupyterlite_core", "jupyterlite_pyodide_kernel", "jupyter_server", "nbconvert", "latex2mathml")


def build_site(out, *, offline=False, folder=None, own_notebooks=(), repository=None):
    """Build the site into `out`, a folder that is empty or not there yet; returns its size in MB.

    offline         True: Python and all packages lie in `out`; False: the page loads them from Pyodide's CDN
    folder          where the wheels lie, or are downloaded to
    own_notebooks   paths of a teacher's notebooks
    repository      address of the course at GitHub, for the links to Binder and Colab; None: no such links

    Raises CourseError, and leaves `out` as it was, for whatever is missing or goes wrong.
    """
    out = checked(out)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=f".{out.name}-", ignore_cleanup_errors=True) as place:
        lab, files, made = (Path(place) / name for name in ("lab", "files", "site"))
        lab.mkdir()
        table = pins.read_pins()
        notebooks = contents.write_contents(files, own_notebooks, packages.importable(table, offline))
        print("Building ...", flush=True)
        address = "./static/pyodide/pyodide.mjs" if offline else pins.CDN.format(table["pyodide"]) + "pyodide.mjs"
        first = packages.write_packages(Path(place) / "packages", table, offline, Path(folder))
        library = bytecode.compile_packages(Path(place) / "packages") if offline else None
        lite.run_builder(lab, files, made, lite.settings(address, first, library))
        shutil.copytree(Path(place) / "packages", made / "static", dirs_exist_ok=True)
        pages.write_pages(made, notebooks, files, repository)
        check_site(made, table, offline)
        size = sum(path.stat().st_size for path in made.rglob("*") if path.is_file()) / 1e6
        if out.exists():
            out.rmdir()
        os.replace(made, out)
    return size


def checked(out):
    """The path `out`, if a site can be built there; CourseError if not."""
    out = Path(out).expanduser().absolute()
    missing = [name for name in NEEDED if importlib.util.find_spec(name) is None]
    if missing:
        raise CourseError(f"a site needs {', '.join(missing)}. Type: pip install \"kan-edu[site]\"")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise CourseError(f"{out} is not an empty folder. Name another, or empty it: a site is not built over another")
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise CourseError(f"cannot make {out.parent}: {error.strerror or error}") from error
    return out


def check_site(made, table, offline):
    """CourseError if a file that the page will ask for is missing or another one."""
    place = made / lite.PLACE
    if not (place / pins.LOCK).is_file():
        raise CourseError("the site has no lock file; build it again")
    cdn = pins.CDN.format(table["pyodide"])
    pins.check_lock(json.loads((place / pins.LOCK).read_text(encoding="utf-8")), place, cdn)
    compiled = not (made / "static" / "pyodide" / bytecode.LIBRARY).is_file()  # then the library has another name
    for name, sha256 in (table["core"] if offline else {}).items():
        if name != bytecode.LIBRARY or not compiled:
            pins.check_file(made / "static" / "pyodide" / name, sha256)
    said = json.loads((made / "jupyter-lite.json").read_text(encoding="utf-8"))["jupyter-config-data"]
    if "litePluginSettings" not in said:
        raise CourseError("JupyterLite dropped the kernel's settings; build it again")
    for file in pages.asked_for(made):
        if "://" not in file and not (made / file).is_file():
            raise CourseError(f"the site lacks {file}, which a start asks for; build it again")
