"""Check cells under nbgrader or Otter-Grader, which go by errors: there what is not right raises."""

import os
import sys

from .hints import hint

NOT_MADE_FOR = ("{grader} runs this notebook and counts a cell as right if it raises nothing, which a check cell never "
                "does. To grade with {grader} build the notebook for it: kan-edu exercise build SOURCE --for {name}")


class NotRight(AssertionError):
    """A task is not right yet; its words say what differs."""


def must_raise(check, task, found):
    """Raise where another grader counts errors: NotRight if `found` is not what `check` expects of the task.

    A notebook that was not built for the grader that runs it raises RuntimeError, right or not: the first look at the
    marks must show it, and not a class full of points.
    """
    if check.raises:
        differs = hint(check.expected[task], found)
        if differs is not None:
            raise NotRight(f"{task}: {found.get('error') or differs}")
    elif grader():
        raise RuntimeError(NOT_MADE_FOR.format(grader=grader(), name=grader().removesuffix("-grader")))


def grader():
    """The other grader that runs this notebook, or an empty text: nbgrader says so, Otter puts an import into it."""
    if {"NBGRADER_EXECUTION", "NBGRADER_VALIDATING"} & os.environ.keys():
        return "nbgrader"
    return "otter-grader" if "otter" in sys.modules and hasattr(sys.modules["otter"], "Notebook") else ""
