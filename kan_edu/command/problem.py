"""A finding of the doctor, and the line to type that cures it."""

import os
import shlex
import subprocess
import sys


class Problem(Exception):
    """Something is wrong: `str(problem)` says what, `problem.cure` is the line to type."""

    def __init__(self, what, cure):
        super().__init__(what)
        self.cure = cure


def command(*arguments):
    """The line to type that runs `python -m ARGUMENTS` with this very Python."""
    return typed(sys.executable, "-m", *arguments)


def typed(*words):
    """Words as a line for the shell."""
    return subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
