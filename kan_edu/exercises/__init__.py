"""Exercises that check themselves. A notebook needs `Checks`; the rest serves the commands of `kan-edu`.

    checks.py, hints.py         the student's side: check cells, and what differs in words
    elsewhere.py                the same under another grader
    trying/                     what a check cell does: it tries an answer, and says how the task stands
    sets/                       a set: its source, the student's copy, where the shipped ones lie
    handed_in/                  the files that come back, read and never run
    marking/                    one submission run in a sandbox, judged; what a mark is
    reports/                    what the teacher and the student get
    verify.py, classroom.py     a set tried on its own wrong answers; a class, several at a time
    journal.py, interrupts.py   what a class that was interrupted goes on from; how it ends
    commands.py, checking.py    the words of `kan-edu exercise` and of `kan-edu check`

Uses `checks`, `files` and the public names of kan_edu; nothing else of it.
"""

from .checks import Checks

__all__ = ["Checks"]
