"""The site's packages: the lock file that Pyodide reads, the wheels that it names, and offline Pyodide itself."""

import json
import shutil
from pathlib import Path

from . import lite, own, pins, wheels

STAND_INS = ("widgetsnbextension",)  # of the kernel's wheels: our lock asks for none of them


def write_packages(place, table, offline, folder):
    """Write lock, wheels and, offline, the interpreter into `place`, as they lie in the site's `static`.

    table       the content of pins.json
    folder      where the wheels lie, or are downloaded to

    Returns the names of what the kernel loads at its start: all but what a cell has to ask for.
    """
    target = place / Path(lite.PLACE).name
    target.mkdir(parents=True)
    ours = {**own.write_wheel(target), "depends": pins.own_needs()}
    asked, later = chosen(table, offline)
    core = table["core"] if offline else {}
    local = {name: one for name, one in {**asked, **later}.items() if offline or one.get("source") == "pypi"}
    found = wheels.gather(local, core, table, folder)
    lock = {name: pins.on_cdn(one, table) for name, one in {**asked, **later}.items() if name not in local}
    lock |= {name: pins.locked(one, *kept(found[name], target)) for name, one in local.items()}
    lock |= {"kan-edu": ours, **kernel_entries(target)}
    (target / pins.LOCK).write_text(json.dumps({"info": table["info"], "packages": lock}), encoding="utf-8")
    for name in core:
        kept(found[name], place / "pyodide")
    return sorted(set(lock) - set(later))


def chosen(table, offline):
    """Two dicts {name: entry of pins.json}: what the kernel loads at its start, and what waits for a cell."""
    asked = pins.needed([*pins.own_needs(), *pins.KERNEL], table)
    later = {} if offline else pins.needed(pins.ON_DEMAND, table)  # 28 MB, of which lesson 12 alone needs any
    return asked, {name: one for name, one in later.items() if name not in asked}


def importable(table, offline):
    """Names that a cell can import from the packages of such a site."""
    return {name for part in chosen(table, offline) for one in part.values() for name in one["imports"]}


def kept(path, folder):
    """Copy the file into `folder`; its name and its sha256."""
    folder.mkdir(exist_ok=True)
    shutil.copy(path, folder / path.name)
    return path.name, pins.sha256(path)


def kernel_entries(target):
    """Copy the wheels that come with the kernel into `target`; {name: their entry in the lock}."""
    entries = {}
    for wheel in lite.kernel_wheels():
        name, version = wheel.name.split("-")[:2]
        if name not in STAND_INS:
            file, sha256 = kept(wheel, target)
            entries[name.replace("_", "-")] = {
                "name": name.replace("_", "-"), "version": version, "file_name": file, "sha256": sha256, "depends": [],
                "imports": [name], "install_dir": "site", "package_type": "package", "unvendored_tests": False}
    return entries
