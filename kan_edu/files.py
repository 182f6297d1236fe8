"""Files: where the notebooks of the course lie, and writing one so that it is never half there."""

import errno
import os
import secrets
import stat
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


def write_whole(target, content, follow=False):
    """Write bytes so that `target` is at every moment either the old file or the whole new one.

    The new file has the mode of the old one, else what the umask leaves. A link at `target` is replaced, unless
    `follow` is True: in a folder of submissions it could point at any file of the teacher.
    Raises OSError that names `target`, also where a folder, a device or a pipe is (as root, /dev/null would become a
    file); ValueError for a NUL in the name.
    """
    target = Path(target)
    if target.exists() and not target.is_file():
        raise FileExistsError(errno.EEXIST, "it is a folder, a device or a pipe, not a file", str(target))
    place = Path(os.path.realpath(target)) if follow else target
    temporary = place.with_name(f".{secrets.token_hex(6)}.part")  # a name of which nobody can have made a link
    try:
        temporary.write_bytes(content)
        if place.is_file() and not place.is_symlink():
            temporary.chmod(stat.S_IMODE(place.stat().st_mode))
        os.replace(temporary, place)
    except OSError as error:
        raise type(error)(error.errno, error.strerror or str(error), str(target)) from None
    finally:
        temporary.unlink(missing_ok=True)
