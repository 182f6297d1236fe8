"""The temporary folders of the checker: made, removed whatever lies in them, and swept up after one that was killed."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

PREFIX = "kan-edu-"
LOCK = "in-use"  # a file that the checker holds locked: the system lets go of it when the checker ends, however it ends


def new_folder():
    """(a new folder, the open file that says it is in use): close the file when the folder may go."""
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    lock = open(folder / LOCK, "w")
    locked(lock)
    return folder, lock


def locked(file):
    """Lock an open file for this process; False if another one holds it. On Windows nobody is asked: False."""
    try:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (ImportError, OSError):
        return False
    return True


def sweep():
    """Remove the folders of checkers that were killed (kill -9, a power cut); those in use are left alone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        try:
            if folder.is_symlink() or folder.stat().st_uid != os.getuid():
                continue
            with open(folder / LOCK, "r+") as lock:
                if locked(lock):
                    remove(folder)
        except (OSError, AttributeError):  # another one sweeps too; Windows has no getuid
            continue


def remove(path):
    """Remove a folder or file with whatever an answer has left: folders that nobody may enter, or without end."""
    with contextlib.suppress(RecursionError, OSError):
        for place, names, _ in os.walk(path):
            for name in names:
                if not os.path.islink(os.path.join(place, name)):
                    os.chmod(os.path.join(place, name), 0o700)
    with contextlib.suppress(RecursionError):
        shutil.rmtree(path, ignore_errors=True)
    if os.path.lexists(path) and shutil.which("rm"):
        subprocess.run(["rm", "-rf", path], stderr=subprocess.DEVNULL)


def empty(folder):
    """Remove all that lies in a folder. OSError if something stays."""
    for entry in list(os.scandir(folder)):
        os.unlink(entry) if not entry.is_dir(follow_symlinks=False) else remove(entry.path)
    if any(os.scandir(folder)):
        raise OSError(f"{folder} cannot be emptied")
