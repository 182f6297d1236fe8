"""Puts bytecode for Python source into archives; runs in the page's own Python, for no other writes what that reads.

A page would compile each of the nearly 1000 files that it imports, at each of its starts: half the time of a start.
"""

import hashlib
import importlib.util
import io
import json
import marshal
import re
import sys
import zipfile
from pathlib import Path

LIBRARY, SITE = "/lib/python314.zip", "/lib/python3.14/site-packages"  # where the page has them
NEVER_CHECKED = (1).to_bytes(4, "little")  # PEP 552: a file of bytecode that goes by a hash, which nobody compares
KEPT = "kan_edu/"  # with its source beside the bytecode, for who reads an error that leads into it
# What nothing in a page reads: what Tab completes in packages that are not there, PDF files, icons of other windows,
# files for C, JupyterLab's halves; and letters with serifs (0.8 MB), for which matplotlib takes those without.
LEFT_OUT = re.compile("jedi/third_party/(django-stubs|typeshed/third_party/(2and3|3)|typeshed/stdlib/2)/|"
                      "matplotlib/mpl-data/(sample_data/|images/|fonts/(afm/|pdfcorefonts/|ttf/DejaVuSerif))|"
                      r"matplotlib/backends/_tkagg|numpy/f2py/|anywidget/(lab|nb)extension/|anywidget-[^/]*/data/|"
                      r"(?!jedi/).*\.(pyi|h|a|pxd)$")  # fmt: skip
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def exchange(packages, wanted, customize):
    """Rewrite the wheels in packages/kan_edu, their lock, and the standard library; returns the library's new name.

    wanted       paths, in the page, of the Python files that a start imports
    customize    source, in bytes, that Python is to run as its first
    Each file that has changed has another name: a browser that kept the older one does not take it for this.
    """
    wheels = packages / "kan_edu"
    lock = json.loads((wheels / "pyodide-lock.json").read_text())
    for entry in lock["packages"].values():
        old = wheels / entry["file_name"]
        content = compiled(old.read_bytes(), SITE, wanted)
        old.unlink()
        entry["file_name"], entry["sha256"] = renamed(old.name, content), hashlib.sha256(content).hexdigest()
        (wheels / entry["file_name"]).write_bytes(content)
    (wheels / "pyodide-lock.json").write_text(json.dumps(lock))
    library = packages / "pyodide" / "python_stdlib.zip"
    first = {"sitecustomize.pyc": bytecode(customize, f"{LIBRARY}/sitecustomize.py")}
    content = compiled(library.read_bytes(), LIBRARY, wanted, first)
    library.unlink()
    name = f"python_stdlib-{hashlib.sha256(content).hexdigest()[:10]}.zip"
    (library.parent / name).write_bytes(content)
    return name


def compiled(archive, where, wanted, more=None):
    """The bytes of a zip file with bytecode for the files that are wanted once it is unpacked at `where`.

    more    {name: bytes} of files that it does not have
    """
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as source, zipfile.ZipFile(made, "w") as target:
        for name in source.namelist():
            if LEFT_OUT.match(name):
                continue
            content, path = source.read(name), f"{where}/{name}"
            kept = name.startswith(KEPT)
            if kept or path not in wanted:
                write(target, name, content)
            if path in wanted:
                write(target, beside(name) if kept else f"{name}c", bytecode(content, path))
        for name, content in (more or {}).items():
            write(target, name, content)
    return made.getvalue()


def bytecode(source, path):
    """What Python would put into its cache for the file `path` with this source (bytes)."""
    code = compile(source, path, "exec", dont_inherit=True)
    return importlib.util.MAGIC_NUMBER + NEVER_CHECKED + importlib.util.source_hash(source) + marshal.dumps(code)


def beside(name):
    """Where Python looks for the bytecode of a file whose source is there."""
    folder, _, file = name.rpartition("/")
    return f"{folder}/__pycache__/{file.removesuffix('.py')}.{sys.implementation.cache_tag}.pyc"


def renamed(wheel, content):
    """The wheel's name with a build number made of its content: name-version-BUILD-python-abi-platform.whl."""
    name, version, *_, python, abi, platform = wheel.split("-")
    return "-".join([name, version, f"1{hashlib.sha256(content).hexdigest()[:10]}", python, abi, platform])


def write(archive, name, content):
    """A file of the archive whose bytes do not depend on the day."""
    archive.writestr(zipfile.ZipInfo(name, LONG_AGO), content, zipfile.ZIP_DEFLATED, 9)


def files_of_a_start():
    """Paths of all Python files that were imported since Python began, after what the first lesson does."""
    for name in ("piplite.piplite", "pyodide_kernel", "matplotlib.pyplot", "matplotlib_inline.backend_inline"):
        importlib.import_module(name)
    from kan_edu.apps import NeuronApp

    kernel = sys.modules["pyodide_kernel"]
    sys.stdout, sys.stderr = sys.__stdout__, sys.__stderr__  # the kernel's lead to a page, and there is none
    kernel.ipython_shell.send_comm = lambda *message: None
    kernel.kernel_instance._parent_header = {}
    NeuronApp()._repr_mimebundle_()
    paths = {getattr(module, "__file__", None) for module in list(sys.modules.values())}
    return {path for path in paths if path and Path(path).suffix == ".py"}
