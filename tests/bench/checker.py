"""Check a class of students' notebooks: seconds for all of them, memory of a worker with its kernel.

Every fifth notebook has one wrong answer; the others are right. A worker is one process that checks one notebook, with
the kernel that it started; its memory is the sum of their resident sets, at its largest.
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

from . import machine, report
from .step import positive

TARGETS = {"seconds": 240, "MB of a worker": 250}  # of 100 notebooks on two idle cores
LOOK = 0.25  # s between two looks at memory


def add_arguments(parser):
    parser.add_argument("--set", default="05_splines", metavar="NAME", help="default: 05_splines")
    parser.add_argument("--students", type=positive, default=100, metavar="N", help="default: 100")
    parser.add_argument("-j", "--jobs", type=positive, default=2, metavar="N", help="default: 2")
    parser.add_argument("--sandbox", choices=["auto", "bwrap", "none"], default="auto")
    parser.add_argument("--write", action="store_true", help="also put the table into docs/measurements.md")


def run(args):
    """Measure and print; 1 if a target was missed (they are for 100 notebooks, two jobs), 3 if not all was checked."""
    if args.write:
        report.has_place("checker")
    facts = machine.facts()
    with tempfile.TemporaryDirectory() as folder:
        right = hand_in(Path(folder), args.set, args.students)
        command = [sys.executable, "-m", "kan_edu", "check", folder, "--set", args.set, "-j", str(args.jobs),
                   "--sandbox", args.sandbox]
        code, seconds, most = watch(command)
    facts |= {"versions": machine.versions(["nbval", "pytest", "ipykernel"]), "load_after": machine.load()}
    print(page(args, right, seconds, most, facts))
    if code not in (0, 1):
        print(f"kan-edu check ended with {code}: these figures mean nothing")
        return 3
    if args.write:
        report.put("checker", page(args, right, seconds, most, facts, markdown=True))
    return 0 if seconds <= TARGETS["seconds"] and most <= TARGETS["MB of a worker"] else 1


def hand_in(folder, name, students):
    """Write the notebooks; return how many of them are all right."""
    import nbformat

    from kan_edu.exercises.sets.build import build, solution
    from kan_edu.exercises.sets.catalogue import find

    source, right = find(name), 0
    solutions = {task.name: solution(source.book.cells[task.answer].source) for task in source.tasks.values()}
    for number in range(students):
        book, wrong = build(source), number % 5 == 4
        task = list(source.tasks.values())[number % len(source.tasks)]
        answers = {**solutions, task.name: task.wrong[0][1]} if wrong else solutions
        for cell in book.cells:
            answer = cell.metadata.get("kan_edu", {}).get("answer")
            if answer:
                cell.source = f"# ANSWER {answer}\n{answers[answer]}"
        nbformat.write(book, folder / f"student_{number:03}.ipynb")
        right += not wrong
    return right


def watch(command):
    """(exit code, seconds, largest memory in MB of a child of the command with all that it started)."""
    import psutil

    began, most = time.perf_counter(), 0
    checker = psutil.Popen(command, stdout=subprocess.DEVNULL)
    while checker.poll() is None:
        most = max([most, *(memory(child) for child in children(checker))])
        time.sleep(LOOK)
    return checker.returncode, time.perf_counter() - began, most / 2**20


def children(process, recursive=False):
    import psutil

    try:
        return process.children(recursive=recursive)
    except psutil.Error:
        return []


def memory(process):
    """Resident bytes of a process and all its descendants; what they share is counted for each."""
    import psutil

    total = 0
    for each in [process, *children(process, recursive=True)]:
        try:
            total += each.memory_info().rss
        except psutil.Error:  # it has just ended
            pass
    return total


def page(args, right, seconds, most, facts, markdown=False):
    rows = [["seconds", f"{seconds:.0f}", f"<= {TARGETS['seconds']}", verdict(seconds, "seconds")],
            ["MB of a worker", f"{most:.0f}", f"<= {TARGETS['MB of a worker']}", verdict(most, "MB of a worker")]]
    title = f"{args.students} notebooks of {args.set}, {right} of them all right, {args.jobs} at a time"
    table = report.table(["", "measured", "target", "verdict"], rows, markdown)
    return f"{title}\n\n{table}\n\nMeasured on: {machine.describe(facts)}"


def verdict(value, name):
    return "met" if value <= TARGETS[name] else "missed"
