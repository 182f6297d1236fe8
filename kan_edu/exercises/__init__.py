"""Exercises that check themselves. A notebook needs `Checks`; the rest serves the commands of `kan-edu`.

    a set           sets.py (where it lies), source.py (what it is made of), build.py, verify.py
    one submission  submissions.py, answers.py, reference.py, job.py, hooks.py, sandbox.py, kernel.py, judge.py
    a class         classroom.py, report.py, commands.py
"""

from kan_edu.exercises.checks import Checks

__all__ = ["Checks"]
