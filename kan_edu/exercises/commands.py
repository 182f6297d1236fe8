"""What `kan-edu exercise ...` does. `checking.py` has `kan-edu check`, `cli.py` the options."""

import kan_edu.exercises.sets.lightly  # noqa: F401, I001  first, before nbformat

import os
import re
import sys
from pathlib import Path

import nbformat

from kan_edu.checks.arguments import counted
from kan_edu.exercises.marking.sandbox import SandboxError
from kan_edu.exercises.marking.runner import MachineFailure
from kan_edu.exercises.handed_in.submissions import SubmissionError
from kan_edu.exercises.reports.report import ReportError
from kan_edu.exercises.sets.build import build
from kan_edu.exercises.sets.catalogue import find, shipped
from kan_edu.exercises.sets.graders import build_for
from kan_edu.exercises.sets.source import SourceError, read_source
from kan_edu.exercises.sets.template import template
from .checking import check_submissions, sandbox_for, show
from .interrupts import ended_like_ctrl_c
from .verify import verify
from kan_edu.files import write_whole

FAILED, USAGE, MACHINE = 1, 2, 3  # exit codes beside 0
NEXT = {
    "nbgrader": "It holds the solutions. Put it into source/NAME/ of your course: nbgrader generate_assignment NAME",
    "otter": "It holds the solutions. Make the notebook for students with: otter assign --no-pdfs {} OUT",
}
EXPECTED = (SourceError, SubmissionError, SandboxError, ReportError)


def run(arguments):
    """Do what the command line says and return its exit code: 0 all pass, 1 some fail, 2 usage, 3 the machine."""
    with ended_like_ctrl_c():
        try:
            return COMMANDS[arguments.what](arguments)
        except EXPECTED as error:
            print(f"kan-edu: {error}", file=sys.stderr)
            return USAGE
        except MachineFailure as error:
            print(f"kan-edu: nothing was checked, for a reason that lies in this machine: {error}", file=sys.stderr)
            return MACHINE
        except KeyboardInterrupt:
            print("kan-edu: interrupted", file=sys.stderr)
            return MACHINE


def list_sets(arguments):
    """Print a line for each set of the course; return 0."""
    for name, path in shipped().items():
        source = read_source(path)
        print(f"{name:<20} {len(source.tasks)} tasks, {source.points:g} points: {source.title}")
    print("To work on one: kan-edu exercise get NAME")
    return 0


def get(arguments):
    """Write the student's notebook of a set into a folder; never over a file that is there."""
    source = find(arguments.name)
    return save(build(source), Path(arguments.folder) / f"{source.name}.ipynb", "Open it in JupyterLab; what you write "
                "into its answer cells is checked by: kan-edu check {}")


def new(arguments):
    """Write a set with two tasks to start from; never over a file that is there."""
    name = arguments.file if arguments.file.endswith(".ipynb") else f"{arguments.file}.ipynb"
    return save(template(), Path(name), "It has two tasks to start from. Open it in JupyterLab, run all cells, save "
                "it, then: kan-edu exercise verify {}")


def build_copy(arguments):
    """Write the students' notebook of a source, or what another grader makes its own of; never over a file."""
    source = find(arguments.name)
    if arguments.grader is not None:
        target = Path(arguments.output or f"{source.name}_{arguments.grader}.ipynb")
        return save(build_for(source, arguments.grader), target, NEXT[arguments.grader])
    target = Path(arguments.output or f"{source.name}_student.ipynb")
    return save(build(source), target, "Hand it out; check what comes back with: kan-edu check FOLDER --set "
                + typed(arguments.name))


def save(book, target, words):
    """Write a notebook, and say so; SourceError if there is one already or it cannot be written."""
    if os.path.lexists(target):
        raise SourceError(f"{target} is there already and is left alone. Rename or delete it, or name another place")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, nbformat.writes(book).encode())
    except OSError as error:
        raise SourceError(f"cannot write {target}: {error.strerror or error}. Name another place") from error
    show(f"Written: {target}\n{words.format(typed(target))}")
    return 0


def typed(name):
    """A file's name as one types it in a shell."""
    return f'"{name}"' if re.search(r"[^\w./\\:-]", str(name)) else str(name)


def verify_set(arguments):
    """Verify a set, print each fault and a last line that counts; return 1 if there is a fault."""
    source = find(arguments.name)
    kind = sandbox_for(arguments)
    print(f"{source.name}: {len(source.tasks)} tasks, {source.points:g} points", flush=True)
    found = verify(source, kind, arguments.timeout, arguments.seeds, arguments.jobs,
                   lambda words: print(f"  {words}", flush=True))
    for words in [*found.faults, *(f"Note: {remark}" for remark in found.remarks)]:
        print(f"  {words}")
    wrong = sum(len(task.wrong) for task in source.tasks.values())
    print(f"  {found.runs} runs: solutions, empty answers and {counted(wrong, 'wrong answer')}, "
          f"{counted(arguments.seeds, 'seed')}: " + (counted(len(found.faults), "fault") if found.faults else
                                                       "in order"))
    return FAILED if found.faults else 0


COMMANDS = {"list": list_sets, "get": get, "new": new, "build": build_copy, "verify": verify_set,
            "check": check_submissions}
