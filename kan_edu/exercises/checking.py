"""What `kan-edu check` does: check what was handed in, print the marks, write the reports; `cli.py` has its options."""

import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from kan_edu.exercises.handed_in.roster import compare, named, read_roster
from kan_edu.exercises.handed_in.submissions import collect
from kan_edu.exercises.marking import sandbox
from kan_edu.exercises.marking.folders import sweep
from kan_edu.exercises.reports import report
from kan_edu.exercises.sets.source import SourceError

from .classroom import Classroom, check
from .interrupts import say_that_it_stops
from .journal import journal_for

USAGE, MACHINE = 2, 3  # exit codes
WAIT_FOR_CLUSTER = 10  # s


def check_submissions(arguments):
    """Check files, folders and ZIPs, print the marks and write the reports that were asked for."""
    people = read_roster(arguments.roster) if arguments.roster is not None else None
    reports = reports_wanted(arguments)
    sweep()
    submissions = collect(*arguments.paths)  # first: a slip in a file's name is the nearer fault
    classroom = Classroom(sandbox_for(arguments), arguments.timeout, arguments.seed, arguments.set)
    absent, strangers = compare(people, submissions.names) if people else ([], [])
    if arguments.set is not None:
        classroom.reference(next(iter(classroom.sources)))  # the teacher's own, perhaps: the fault is told at once
    journal = journal_for(arguments, classroom, [target for _, target in reports])
    with executor_for(arguments) as (executor, workers), bar(len(submissions)) as progress:
        verdicts = check(submissions, classroom, executor, workers, progress, say_that_it_stops, journal)
    more = {report.write_csv: {"absent": [person.name for person in absent],
                               "students": named(people, submissions.names)}} if people else {}
    said = [report_written(write, target, verdicts, more.get(write, {})) for write, target in reports]  # all of them
    alone = len(verdicts) == 1 and Path(arguments.paths[0]).is_file() and people is None
    show(report.one(verdicts[0]) if alone else report.summary(verdicts))
    if people:
        show(report.about_roster(people, absent, strangers))
    for words in filter(None, said):
        show(words)
    complete = None not in said and report.exit_code(verdicts) != MACHINE
    journal.end(complete)
    if journal.path and not complete:
        show("To go on with what is not checked: the same command with --resume")
    return report.exit_code(verdicts) if None not in said else USAGE


def reports_wanted(arguments):
    """[(what writes it, where)] of the reports that were asked for; ReportError now, not after an hour's work."""
    files = [(report.write_csv, arguments.csv), (report.write_junit, arguments.junit),
             (report.write_return_zip, arguments.feedback_zip), (report.write_picture, arguments.plot)]
    folders = [(report.write_feedback, arguments.feedback), (report.write_webpages, arguments.feedback_html)]
    wanted = [(write, target) for write, target in files + folders if target is not None]
    for write, target in wanted:
        must_be_writable(target, is_folder=(write, target) in folders)
    if arguments.plot is not None:
        report.must_be_picture(arguments.plot)
    return wanted


def must_be_writable(target, is_folder):
    """ReportError if a report cannot be written to `target`, as far as that can be seen before."""
    if not target.absolute().parent.is_dir():
        raise report.ReportError(f"there is no folder {target.absolute().parent} to write {target.name} into. Make it "
                                 "first, or name another place")
    if target.exists() and not (target.is_dir() if is_folder else target.is_file()):
        what = "a folder" if target.is_dir() else "a file" if target.is_file() else "a device"
        needed = "folder" if is_folder else "file"
        raise report.ReportError(f"{target} is {what}, and a {needed} is to be written. Name another place")


def report_written(write, target, verdicts, more):
    """A line to be shown, or None if it failed: then the fault is on stderr. The writer gets `more` by name."""
    try:
        write(target, verdicts, **more)
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
        raise SourceError('Dask is not installed. Type: pip install distributed') from None
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
