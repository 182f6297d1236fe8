"""Files: where the notebooks of the course lie, and writing one so that it is never half there."""

import os
from pathlib import Path

START = "00_start_here.ipynb"


class CourseError(Exception):
    """The course cannot be found or copied; the message says why and what to do."""


def source_folder():
    """The folder with the course's notebooks: inside an installed wheel, else beside kan_edu in a clone.

    Raises CourseError if there is neither.
    """
    package = Path(__file__).resolve().parent
    places = [package / "notebooks", package.parent / "notebooks"]
    for folder in places:
        if (folder / START).is_file():
            return folder
    looked = " and ".join(map(str, places))
    raise CourseError(f"this installation of kan_edu has no {START} (looked in {looked}). Install it again.")


def write_whole(target, content):
    """Write bytes so that `target` is at every moment either the old file or the whole new one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
