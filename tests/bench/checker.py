"""Check a class of students' notebooks: seconds for all of them, memory of the checker with all that it starts.

Every fifth notebook has one wrong answer; the others are right. With --against DIR another clone of kan_edu checks the
same notebooks, in turns: a quarter of the class each, so that both meet the same machine. Then the marks must be the
same, though the other one gets the notebooks in another order. Memory is counted by what each process holds alone, and
its part of what they share (PSS), at its largest. What a process computed is known up to when it was last looked at.
"""

import csv
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from . import machine, report
from .step import positive

TARGETS = {"seconds": 240, "MB in all": 500, "part of the other's": 0.8}  # seconds of 100 notebooks on two idle cores
LOOK = 0.25  # s between two looks at processes
TURN = 25  # notebooks, at least; each turn begins with a start and the solutions
HERE = Path(__file__).resolve().parents[2]


def add_arguments(parser):
    parser.add_argument("--set", default="05_splines", metavar="NAME", help="default: 05_splines")
    parser.add_argument("--students", type=positive, default=100, metavar="N", help="default: 100")
    parser.add_argument("-j", "--jobs", type=positive, default=2, metavar="N", help="default: 2")
    parser.add_argument("--sandbox", choices=["auto", "bwrap", "none"], default="auto")
    parser.add_argument("--against", type=Path, metavar="DIR", help="another clone, to be measured beside this one")
    parser.add_argument("--write", action="store_true", help="also put the table into docs/measurements.md")


def run(args):
    """Measure and print; 1 if a target was missed or marks differ, 3 if not all was checked."""
    if args.write:
        report.has_place("checker")
    facts = machine.facts()
    trees = [HERE, *([args.against.resolve()] if args.against else [])]
    with tempfile.TemporaryDirectory() as folder:
        turns = hand_in(Path(folder), args.set, args.students)
        measured = [Measured(tree) for tree in trees]
        for turn in turns:
            for each in measured:
                each.check(turn, args)
    facts |= {"versions": machine.versions(["nbval", "pytest", "ipykernel"]), "load_after": machine.load()}
    if any(each.code not in (0, 1) for each in measured):
        print("kan-edu check did not check all of them: there are no figures")
        return 3
    if len({tuple(sorted(each.marks.items())) for each in measured}) > 1:
        print("The marks differ: there are no figures")
        return 1
    rows = rows_of(measured, args.students)
    print(page(args, rows, facts))
    if args.write:
        report.put("checker", page(args, rows, facts, markdown=True))
    return 0 if all(row[-1] != "missed" for row in rows) else 1


class Measured:
    """What the checker of a clone has taken, in all its turns so far."""

    def __init__(self, tree):
        self.tree, self.wall, self.cpu, self.most, self.code, self.marks = tree, 0.0, 0.0, 0.0, 0, {}

    def check(self, folder, args):
        """Check the notebooks in `folder`; the names of the other clone's are turned round, and so is their order."""
        others = self.tree != HERE
        if others:
            for path in list(folder.iterdir()):
                path.rename(folder / turned(path.name))
        with tempfile.TemporaryDirectory() as out:
            table = Path(out) / "marks.csv"
            command = [sys.executable, "-m", "kan_edu", "check", str(folder), "--set", args.set, "-j", str(args.jobs),
                       "--sandbox", args.sandbox, "--csv", str(table)]
            code, wall, cpu, most = watch(command, self.tree)
            self.wall, self.cpu, self.most = self.wall + wall, self.cpu + cpu, max(self.most, most)
            self.code = max(self.code, code, key=lambda code: code not in (0, 1))
            if table.exists():
                rows = list(csv.reader(table.open(encoding="utf-8-sig")))[1:]
                self.marks |= {turned(row[0]) if others else row[0]: tuple(row[1:]) for row in rows}


def turned(name):
    """007.ipynb and 700.ipynb."""
    return f"{name.split('.')[0][::-1]}.ipynb"


def hand_in(folder, name, students):
    """Write the notebooks into folders, one for each turn; return the folders."""
    import nbformat

    from kan_edu.exercises.sets.build import build, solution
    from kan_edu.exercises.sets.catalogue import find

    source = find(name)
    solutions = {task.name: solution(source.book.cells[task.answer].source) for task in source.tasks.values()}
    folders = [folder / str(turn) for turn in range(max(1, min(4, students // TURN)))]
    for number in range(students):
        book, wrong = build(source), number % 5 == 4
        task = list(source.tasks.values())[number % len(source.tasks)]
        answers = {**solutions, task.name: task.wrong[0][1]} if wrong else solutions
        for cell in book.cells:
            answer = cell.metadata.get("kan_edu", {}).get("answer")
            if answer:
                cell.source = f"# ANSWER {answer}\n{answers[answer]}"
        place = folders[number % len(folders)]
        place.mkdir(parents=True, exist_ok=True)
        nbformat.write(book, place / f"{number:05}.ipynb")
    return folders


def watch(command, tree):
    """(exit code, s of wall time, s of CPU, largest memory in MB) of a command with all that it starts."""
    import psutil

    began, most, computed = time.perf_counter(), 0, {}
    checker = psutil.Popen(command, stdout=subprocess.DEVNULL, cwd=tree, env={**os.environ, "PYTHONPATH": str(tree)})
    while checker.poll() is None:
        most = max(most, look(checker, computed))
        time.sleep(LOOK)
    return checker.returncode, time.perf_counter() - began, sum(computed.values()), most / 2**20


def look(process, computed):
    """Bytes that a process and all that it started hold; what each has computed, s, goes into {process: s}."""
    import psutil

    total = 0
    try:
        processes = [process, *process.children(recursive=True)]
    except psutil.Error:
        return 0
    for each in processes:
        try:
            used = each.cpu_times()
            computed[each] = used.user + used.system
            total += each.memory_full_info().pss
        except psutil.Error:  # it has just ended
            pass
    return total


def rows_of(measured, students):
    """The table's rows: this clone's figures, and their part of the other's."""
    ours, other = measured[0], measured[1] if measured[1:] else None
    most = TARGETS["seconds"] * students / 100
    rows = [["seconds", f"{ours.wall:.0f}", f"<= {most:.0f}", verdict(ours.wall, most)],
            ["MB in all", f"{ours.most:.0f}", f"<= {TARGETS['MB in all']}", verdict(ours.most, TARGETS["MB in all"])],
            ["s of CPU for one", f"{ours.cpu / students:.2f}", "", ""]]
    if other:
        most = TARGETS["part of the other's"]
        rows += [[f"{what}, part of the other's", f"{a / (b or 1):.2f}", f"<= {most}", verdict(a / (b or 1), most)]
                 for what, a, b in [("seconds", ours.wall, other.wall), ("s of CPU", ours.cpu, other.cpu)]]
    return rows


def page(args, rows, facts, markdown=False):
    title = f"{args.students} notebooks of {args.set}, a fifth of them with a wrong answer, {args.jobs} at a time"
    table = report.table(["", "measured", "target", "verdict"], rows, markdown)
    return f"{title}\n\n{table}\n\nMeasured on: {machine.describe(facts)}"


def verdict(value, most):
    return "met" if value <= most else "missed"
