"""Runs a command as an ordinary user where the tests run as root, as they do in CI: the checker refuses root.

The command sees the same files. Folders that only root may enter (root's home, with a Python in it, for one) are
opened as far as this Python and this clone need it, in a mount namespace that nobody else sees.
"""

import os
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOBODY = "65534"


def reason_to_skip():
    """Why no test can run as an ordinary user under bubblewrap here; empty if it can."""
    if not sys.platform.startswith("linux"):
        return f"bubblewrap is for Linux, this is {sys.platform}"
    needed = ["bwrap", *(["setpriv"] if os.geteuid() == 0 else [])]
    missing = [name for name in needed if not shutil.which(name)]
    return f"not installed: {', '.join(missing)} (apt-get install bubblewrap)" if missing else ""


def as_ordinary(command, home):
    """`command` (a list of words), to be run as an ordinary user whose home is `home`, a folder of the test's."""
    if os.geteuid() != 0:
        return command
    os.chown(home, int(NOBODY), int(NOBODY))
    wrapped = ["bwrap", "--dev-bind", "/", "/", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    needed = [Path(sys.prefix), Path(sys.base_prefix), ROOT, Path(home)]
    for shut in sorted({folder for path in needed for folder in path.parents if not may_enter(folder)}):
        wrapped += ["--perms", "0755", "--tmpfs", str(shut)]
        for path in [path for path in needed if shut in path.parents]:
            between = [folder for folder in reversed(path.parents) if shut in folder.parents]
            wrapped += [word for folder in between for word in ("--perms", "0755", "--dir", str(folder))]
            wrapped += ["--bind", str(path), str(path)]
    drop = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--"]
    return [*wrapped, "--setenv", "HOME", str(home), "--", *drop, *command]


def may_enter(folder):
    return bool(folder.stat().st_mode & 0o001)
