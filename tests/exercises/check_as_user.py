"""Runs `kan-edu` as an ordinary user, for tests that may themselves run as root."""

import os
import subprocess
import sys

from tests.exercises.ordinary import as_ordinary


def kan_edu(arguments, home, temporary, **more):
    """The finished process of `kan-edu ARGUMENTS`, run by an ordinary user; its output as text.

    home, temporary  folders that this user may write: for its home, and for temporary files
    """
    command = as_ordinary([sys.executable, "-m", "kan_edu", *map(str, arguments)], home)
    environment = {**os.environ, "HOME": str(home), "TMPDIR": str(temporary), "PYTHONPATH": os.getcwd()}
    return subprocess.run(command, capture_output=True, text=True, env=environment, **more)
