"""What `kan-edu exercise ...` and `kan-edu check ...` do; `cli.py` has their options."""

import kan_edu.exercises.lightly  # noqa: F401, I001  first, before nbformat

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat

from kan_edu.exercises import report, sandbox
from kan_edu.exercises.build import build
from kan_edu.exercises.classroom import Classroom, check
from kan_edu.exercises.runner import MachineFailure
from kan_edu.exercises.sets import find, shipped
from kan_edu.exercises.source import SourceError, read_source
from kan_edu.exercises.submissions import SubmissionError, collect
from kan_edu.exercises.template import template
from kan_edu.exercises.verify import verify
from kan_edu.files import write_whole

FAILED, USAGE, MACHINE = 1, 2, 3  # exit codes beside 0
EXPECTED = (SourceError, SubmissionError, sandbox.SandboxError, report.ReportError)


def run(arguments):
    """Do what the command line says and return its exit code: 0 all pass, 1 some fail, 2 usage, 3 the machine."""
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
    return save(template(), Path(arguments.file).with_suffix(".ipynb"), "It has two tasks to start from. Open it in "
                "JupyterLab, run all cells, save it, then: kan-edu exercise verify {}")


def build_copy(arguments):
    source = find(arguments.name)
    target = Path(arguments.output or f"{source.name}_student.ipynb")
    return save(build(source), target, "Hand it out; check what comes back with: kan-edu check FOLDER --set SOURCE")


def save(book, target, words):
    """Write a notebook, and say so; SourceError if there is one already or it cannot be written."""
    if os.path.lexists(target):
        raise SourceError(f"{target} is there already and is left alone. Rename or delete it, or name another place")
    try:
        write_whole(target, nbformat.writes(book).encode())
    except OSError as error:
        raise SourceError(f"cannot write {target}: {error.strerror or error}") from error
    print(f"Written: {target}\n{words.format(target)}")
    return 0


def verify_set(arguments):
    source = find(arguments.name)
    kind = sandbox_for(arguments)
    print(f"{source.name}: {len(source.tasks)} tasks, {source.points:g} points", flush=True)
    found = verify(source, kind, arguments.timeout, arguments.seeds, arguments.jobs,
                   lambda words: print(f"  {words}", flush=True))
    for fault in found.faults:
        print(f"  {fault}")
    wrong = sum(len(task.wrong) for task in source.tasks.values())
    print(f"  {found.runs} runs: solutions, empty answers and {wrong} wrong answers, {arguments.seeds} seeds: "
          + (f"{len(found.faults)} faults" if found.faults else "in order"))
    return FAILED if found.faults else 0


def check_submissions(arguments):
    """Check a file, a folder or a ZIP, print the marks and write the reports that were asked for."""
    for target in [arguments.csv, arguments.junit, arguments.feedback]:
        if target is not None and not target.absolute().parent.is_dir():  # now, not after an hour's work
            raise report.ReportError(f"there is no folder {target.absolute().parent} to write {target.name} into")
    classroom = Classroom(sandbox_for(arguments), arguments.timeout, arguments.seed, arguments.set)
    submissions = collect(arguments.path)
    with executor_for(arguments) as executor, bar(len(submissions)) as progress:
        verdicts = check(submissions, classroom, executor, arguments.jobs, progress)
    alone = len(verdicts) == 1 and Path(arguments.path).is_file()
    print(report.one(verdicts[0]) if alone else report.summary(verdicts))
    for write, target in [(report.write_csv, arguments.csv), (report.write_junit, arguments.junit),
                          (report.write_feedback, arguments.feedback)]:
        if target:
            write(target, verdicts)
            print(f"Written: {target}")
    return report.exit_code(verdicts)


def sandbox_for(arguments):
    kind, warning = sandbox.choose(arguments.sandbox)
    if warning:
        print(f"kan-edu: {warning}", file=sys.stderr)
    return kind


def executor_for(arguments):
    """Threads, each of which waits for a process of its own; or the workers of a Dask cluster."""
    if arguments.dask is None:
        return ThreadPoolExecutor(arguments.jobs)
    try:
        from distributed import Client
    except ImportError:
        raise SourceError('Dask is not installed. Type: pip install "kan-edu[cluster]"') from None
    return Client(arguments.dask).get_executor()


class bar:
    """A progress bar with the time that is left, where a person is watching."""

    def __init__(self, total):
        self.total = total

    def __enter__(self):
        from tqdm import tqdm

        self.line = tqdm(total=self.total, unit=" notebook", desc="checked", disable=None, leave=False)
        return lambda verdict: self.line.update()

    def __exit__(self, *_):
        self.line.close()


COMMANDS = {"list": list_sets, "get": get, "new": new, "build": build_copy, "verify": verify_set,
            "check": check_submissions}
