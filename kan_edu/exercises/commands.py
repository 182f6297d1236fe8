"""What `kan-edu exercise ...` and `kan-edu check ...` do; `cli.py` has their options."""

import kan_edu.exercises.sets.lightly  # noqa: F401, I001  first, before nbformat

import os
import re
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import nbformat

from kan_edu.exercises.reports import report
from kan_edu.exercises.marking import sandbox
from kan_edu.exercises.sets.build import build
from .classroom import Classroom, check
from kan_edu.exercises.marking.runner import MachineFailure
from kan_edu.exercises.sets.catalogue import find, shipped
from kan_edu.exercises.sets.source import SourceError, read_source
from kan_edu.exercises.handed_in.submissions import SubmissionError, collect
from kan_edu.exercises.sets.template import template
from .verify import verify
from kan_edu.files import write_whole

FAILED, USAGE, MACHINE = 1, 2, 3  # exit codes beside 0
WAIT_FOR_CLUSTER = 10  # s
EXPECTED = (SourceError, SubmissionError, sandbox.SandboxError, report.ReportError)


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


@contextmanager
def ended_like_ctrl_c():
    """Inside, SIGTERM (from kill, a container, a batch system) is what Ctrl-C is, and nothing is left behind."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say what a signal does
        return
    before = signal.signal(signal.SIGTERM, signal.getsignal(signal.SIGINT)), signal.getsignal(signal.SIGINT)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])


def no_more_ctrl_c():
    """Called at the first one: an impatient second must not cost what the reports would hold."""
    print("\nStopping. What is checked is written; the rest is left.", file=sys.stderr)
    if threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)


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
    """Write the students' notebook of a source; never over a file that is there."""
    source = find(arguments.name)
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
    for fault in found.faults:
        print(f"  {fault}")
    wrong = sum(len(task.wrong) for task in source.tasks.values())
    print(f"  {found.runs} runs: solutions, empty answers and {number_of(wrong, 'wrong answer')}, "
          f"{number_of(arguments.seeds, 'seed')}: " + (number_of(len(found.faults), "fault") if found.faults else
                                                       "in order"))
    return FAILED if found.faults else 0


def number_of(count, thing):
    """1 seed, 2 seeds."""
    return f"{count} {thing}{'' if count == 1 else 's'}"


def check_submissions(arguments):
    """Check a file, a folder or a ZIP, print the marks and write the reports that were asked for."""
    reports = [(report.write_csv, arguments.csv), (report.write_junit, arguments.junit),
               (report.write_feedback, arguments.feedback)]
    reports = [(write, target) for write, target in reports if target is not None]
    for write, target in reports:
        must_be_writable(target, is_folder=write is report.write_feedback)  # now, not after an hour's work
    classroom = Classroom(sandbox_for(arguments), arguments.timeout, arguments.seed, arguments.set)
    submissions = collect(arguments.path)
    if arguments.set is not None:
        classroom.reference(next(iter(classroom.sources)))  # the teacher's own, perhaps: the fault is told at once
    with executor_for(arguments) as (executor, workers), bar(len(submissions)) as progress:
        verdicts = check(submissions, classroom, executor, workers, progress, no_more_ctrl_c)
    said = [report_written(write, target, verdicts) for write, target in reports]  # all of them, if one fails too
    alone = len(verdicts) == 1 and Path(arguments.path).is_file()
    show(report.one(verdicts[0]) if alone else report.summary(verdicts))
    for words in filter(None, said):
        show(words)
    return report.exit_code(verdicts) if None not in said else USAGE


def must_be_writable(target, is_folder):
    """ReportError if a report cannot be written to `target`, as far as that can be seen before."""
    if not target.absolute().parent.is_dir():
        raise report.ReportError(f"there is no folder {target.absolute().parent} to write {target.name} into. Make it "
                                 "first, or name another place")
    if target.exists() and not (target.is_dir() if is_folder else target.is_file()):
        what = "a folder" if target.is_dir() else "a file" if target.is_file() else "a device"
        needed = "folder" if is_folder else "file"
        raise report.ReportError(f"{target} is {what}, and a {needed} is to be written. Name another place")


def report_written(write, target, verdicts):
    """A line to be shown, or None if it failed: then the fault is on stderr."""
    try:
        write(target, verdicts)
    except report.ReportError as error:
        print(f"kan-edu: {error}", file=sys.stderr)
        return None
    return f"Written: {target}"


def show(text):
    """Print a text that holds names from anywhere; a terminal of few letters gets \\u4e2d and the like."""
    coding = sys.stdout.encoding or "utf-8"
    print(text.encode(coding, "backslashreplace").decode(coding))


def sandbox_for(arguments):
    """The sandbox that the command line asks for; a warning goes to stderr. Raises SandboxError."""
    kind, warning = sandbox.choose(arguments.sandbox)
    if warning:
        print(f"kan-edu: {warning}", file=sys.stderr)
    return kind


@contextmanager
def executor_for(arguments):
    """(executor, how many it runs at once): threads, each waiting for a process of its own; or a Dask cluster."""
    if arguments.dask is None:
        with ThreadPoolExecutor(arguments.jobs) as executor:
            yield executor, arguments.jobs
        return
    with cluster_at(arguments.dask) as client:
        threads = sum(client.nthreads().values())
        if not threads:
            raise SourceError(f"the Dask cluster at {arguments.dask} has no workers. Start some: dask worker ADDRESS")
        with client.get_executor(pure=False) as executor:  # not pure: a machine that failed may do better the next time
            yield executor, threads


def cluster_at(address):
    """A client of the Dask cluster at `address`. SourceError if there is none."""
    try:
        from distributed import Client
    except ImportError:
        raise SourceError('Dask is not installed. Type: pip install "kan-edu[cluster]"') from None
    try:
        return Client(address, timeout=WAIT_FOR_CLUSTER)
    except (OSError, ValueError, TypeError) as error:
        raise SourceError(f"no Dask cluster answers at {address}: {error}. Start one (dask scheduler, dask worker) and "
                          "give the address that the scheduler shows: --dask tcp://HOST:8786") from error


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
