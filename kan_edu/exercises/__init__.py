"""Exercises that check themselves. A notebook needs `Checks`; the rest serves the commands of `kan-edu`.

    a set           sets.py (where it lies), source.py (what it is made of), template.py, build.py, verify.py
    what came in    submissions.py, zips.py, plain.py (files), cells.py, answers.py (which cell answers which task)
    one submission  reference.py, job.py (the notebook that is run), runner.py, hooks.py (inside of pytest), sandbox.py,
                    kernel.py (inside of the sandbox), judge.py, verdict.py, hints.py
    a class         classroom.py, report.py, summary.py, feedback.py, commands.py
"""

from .checks import Checks

__all__ = ["Checks"]
