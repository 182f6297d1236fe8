"""kan_edu's own wheel for the page: its Python files and data without the notebooks, which the page has beside it."""

import base64
import hashlib
import importlib.metadata
import zipfile
from pathlib import Path

from kan_edu import __version__
from kan_edu.files import CourseError

PACKAGE = Path(__file__).resolve().parents[2]
LEFT_OUT = {"notebooks", "__pycache__", ".ipynb_checkpoints"}
WHEEL = "Wheel-Version: 1.0\nGenerator: kan-edu site\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same code gives the same bytes


def write_wheel(folder, package=PACKAGE):
    """Write the wheel of the folder `package` into `folder`; returns its entry for the lock, without what it needs.

    Its name has a build number made from its content: a browser that kept an older wheel does not take it for this one.
    """
    info = f"kan_edu-{__version__}.dist-info"
    paths = [path for path in sorted(package.rglob("*")) if path.is_file() and not LEFT_OUT & set(path.parts)]
    files = {path.relative_to(package.parent).as_posix(): path.read_bytes() for path in paths}
    files |= {f"{info}/METADATA": metadata().encode(), f"{info}/WHEEL": WHEEL.encode()}
    record = [f"{name},sha256={_sum(content)},{len(content)}" for name, content in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""]).encode()
    content = hashlib.sha256(files[f"{info}/RECORD"]).hexdigest()
    target = folder / f"kan_edu-{__version__}-1{content[:10]}-py3-none-any.whl"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(zipfile.ZipInfo(name, LONG_AGO), content, zipfile.ZIP_DEFLATED)
    return {"name": "kan-edu", "version": __version__, "file_name": target.name, "install_dir": "site",
            "sha256": hashlib.sha256(target.read_bytes()).hexdigest(), "package_type": "package",
            "imports": ["kan_edu"], "unvendored_tests": False}  # fmt: skip


def metadata():
    """The METADATA of the installed kan_edu; CourseError if there is none."""
    try:
        return importlib.metadata.distribution("kan-edu").read_text("METADATA")
    except importlib.metadata.PackageNotFoundError:
        raise CourseError("kan_edu is not installed for this Python. "
                          'In its folder type: pip install -e ".[site]"') from None  # fmt: skip


def _sum(content):
    """A sha256 as wheels write it."""
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
