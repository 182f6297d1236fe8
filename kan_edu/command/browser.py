"""What the command `kan-edu` says inside a browser page, where there are no programs to start.

There Python is a part of the page (Pyodide): `!kan-edu check` has no shell to run in, and nothing stands between an
answer and the one who wrote it. So the page says which way works.
"""

import shlex
import sys

ELSEWHERE = "This Python runs inside your browser, where kan-edu has no commands. "
DOWNLOAD = ("Save the notebook, download it (menu File > Download, or right-click the file on the left) and hand it "
            "in, or check it where kan_edu is installed: kan-edu check FILE")  # fmt: skip
WAYS = {
    "check": "The check cell under each task says what is right. " + DOWNLOAD,
    "exercise": "The sets are in the folder exercises on the left. " + DOWNLOAD,
    "doctor": "If something does not work: menu Kernel > Restart Kernel, then load the page again, then try another "
              "browser.",
    "lab": "The lessons are in the list on the left.",
}  # fmt: skip


def inside():
    """True where Python runs in a browser page."""
    return sys.platform == "emscripten"


def way(argv):
    """What to do in a browser in place of `kan-edu ARGV`, in words."""
    return ELSEWHERE + WAYS.get(argv[0] if argv else "", DOWNLOAD)


def answer_shell(shell):
    """Have `!kan-edu ...` in a cell of `shell` (IPython's) print the way that works; other commands go on as before."""
    before = shell.system

    def system(command):
        try:
            words = shlex.split(command)
        except ValueError:  # a quote that is not closed: the shell's own affair
            words = []
        if words[:1] != ["kan-edu"]:
            return before(command)
        print(way(words[1:]))

    shell.system = system
