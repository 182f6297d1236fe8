"""Files: where the notebooks of the course lie, and writing one so that it is never half there."""

import errno
import os
import secrets
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
    """Write bytes so that `target` is at every moment either the old file or the whole new one.

    A link at `target` is replaced, not followed: in a folder of submissions it could point at any file of the teacher.
    Raises OSError, also where a folder or a device is (as root, /dev/null would become a file); ValueError for a NUL
    in the name.
    """
    target = Path(target)
    if target.exists() and not target.is_file():
        raise FileExistsError(errno.EEXIST, "it is a folder or a device, not a file", str(target))
    temporary = target.with_name(f".{secrets.token_hex(6)}.part")  # a name of which nobody can have made a link
    try:
        temporary.write_bytes(content)
        os.replace(temporary, target)
    finally:
        temporary.unlink(missing_ok=True)
