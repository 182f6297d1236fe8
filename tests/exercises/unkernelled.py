"""Stands in for `runner.run` where the kernel itself is not the question: an assembled book, run in this process.

A kernel, pytest and nbval for each try take most of the time of verifying a set; the cells themselves take little.
Nobody is stopped here who runs too long or ends the process: for answers of our own only.
"""

import contextlib
import io

from kan_edu.exercises.hints import hint
from kan_edu.exercises.marking.runner import CellResult
from kan_edu.exercises.sets.source import KEY
from tests.exercises.worked import displays


def run(book, sandbox, timeout, clock=None):
    """The `CellResult`s of all cells by the rules of hooks.py: no solution is put in the place of a right answer."""
    names, right, found = {"__name__": "__main__"}, set(), []
    for cell in book.cells:
        kind, task = cell.metadata[KEY]["kind"], cell.metadata[KEY]["task"]
        outputs = outputs_of("pass" if kind == "solution" and task in right else cell.source, names)
        failed = any(output["output_type"] == "error" for output in outputs)
        if kind == "check" and "nbval-unrun" not in cell.metadata.tags:
            failed = failed or not shows_the_same(cell.outputs, outputs)
            right |= set() if failed else {task}
        found.append(CellResult(kind, task, "failed" if failed else "passed", "It shows something else.", outputs))
    return found


def outputs_of(code, names):
    """What a cell of code displays, and the error that it ends with; what it prints counts for nothing, as there."""
    with displays() as seen, contextlib.redirect_stdout(io.StringIO()):
        try:
            exec(compile(code, "<a cell>", "exec"), names)
        except (Exception, SystemExit) as error:
            ended = [{"output_type": "error", "ename": type(error).__name__, "evalue": str(error)}]
        else:
            ended = []
    shown = [{"output_type": "display_data", "data": data, "metadata": about or {}} for data, about in seen]
    return shown + ended


def shows_the_same(expected, came):
    """Whether a check shows one output, and in it the numbers of the reference."""
    return len(expected) == len(came) == 1 and hint(expected[0]["metadata"][KEY], came[0]["metadata"][KEY]) is None
