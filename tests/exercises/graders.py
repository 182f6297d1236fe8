"""Runs nbgrader and Otter-Grader themselves on a set that was built for them, and compares the marks with what is due.

    python -m tests.exercises.graders [nbgrader|otter] [--set 05] [--venvs FOLDER]

Takes minutes and the internet: each grader is installed into an environment of its own, in FOLDER if one is named (and
then found there the next time). Three copies are graded: untouched, the first half of the answers right, all right. And
nbgrader once more on a set that was not built for it.
"""

import argparse
import csv
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat

from kan_edu.exercises.sets.build import build, solution
from kan_edu.exercises.sets.catalogue import find
from kan_edu.exercises.sets.graders import build_for
from kan_edu.exercises.sets.source import ANSWER

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = {"nbgrader": ["nbgrader==0.9.6"], "otter": ["otter-grader==7.0.0", "ipykernel"]}  # Otter declares no kernel
OURS = ["numpy", "matplotlib", "ipywidgets", "anywidget"]


def installed(grader, folder):
    """The folder with the programs of an environment that holds the grader, made if it is not there."""
    venv = folder / grader
    if not (venv / "ready").exists():
        print(f"installing {' '.join(PACKAGES[grader])} into {venv}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        subprocess.run([venv / "bin" / "pip", "install", "-q", *PACKAGES[grader], *OURS], check=True)
        (venv / "ready").touch()
    return venv / "bin"


def call(programs, *words, cwd):
    """What a program of an environment prints; it must end well."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    done = subprocess.run([programs / words[0], *map(str, words[1:])], cwd=cwd, env=environment, capture_output=True,
                          text=True)
    if done.returncode:
        raise SystemExit(f"{words} ended with {done.returncode}:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    return done.stdout + done.stderr


def copies(source, released):
    """{name: (book, points that are due)} of a released notebook: untouched, half right, right."""
    for name, many in [("untouched", 0), ("half", len(source.tasks) // 2), ("right", len(source.tasks))]:
        book = nbformat.read(released, as_version=4)
        tasks = dict(list(source.tasks.items())[:many])
        for cell in book.cells:
            head = ANSWER.match(cell.source) if cell.cell_type == "code" else None
            if head and head[1] in tasks:
                cell.source = solution(source.book.cells[tasks[head[1]].answer].source)
        yield name, book, sum(task.points for task in tasks.values())


def under_nbgrader(source, programs, folder, book=None):
    """{name: (points given, points due)} of the three copies, each a student of a course in `folder`."""
    (folder / "source/one").mkdir(parents=True)
    nbformat.write(book or build_for(source, "nbgrader"), folder / f"source/one/{source.name}.ipynb")
    (folder / "nbgrader_config.py").write_text("get_config().CourseDirectory.course_id = 'course'\n")
    if book is None:
        assert "Success!" in call(programs, "nbgrader", "validate", f"source/one/{source.name}.ipynb", cwd=folder)
    call(programs, "nbgrader", "generate_assignment", "one", cwd=folder)
    due = {}
    for name, copy, points in copies(source, folder / f"release/one/{source.name}.ipynb"):
        (folder / f"submitted/{name}/one").mkdir(parents=True)
        nbformat.write(copy, folder / f"submitted/{name}/one/{source.name}.ipynb")
        due[name] = points
    call(programs, "nbgrader", "autograde", "one", cwd=folder)
    call(programs, "nbgrader", "export", cwd=folder)
    with open(folder / "grades.csv", newline="") as file:
        given = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    return {name: (given[name], due[name]) for name in due}


def by_hand(source):
    """The students' notebook of a set whose check cells a teacher has made nbgrader's: they raise nothing for it."""
    book = build(source)
    for cell in book.cells:
        task = next((task for task in source.tasks.values() if f'@check("{task.name}"' in cell.source), None)
        if task:
            cell.metadata["nbgrader"] = {"schema_version": 3, "task": False, "grade": True, "solution": False,
                                         "locked": True, "grade_id": task.name, "points": task.points}
    return book


def under_otter(source, programs, folder):
    """{name: (points given, points due)} of the three copies."""
    folder.mkdir()
    nbformat.write(build_for(source, "otter"), folder / "made.ipynb")
    call(programs, "otter", "assign", "--no-pdfs", "made.ipynb", "out", cwd=folder)  # runs the solutions as well
    (graded,) = (folder / "out/autograder").glob("*.zip")
    marks = {}
    for name, copy, points in copies(source, folder / "out/student/made.ipynb"):
        nbformat.write(copy, folder / f"{name}.ipynb")
        (folder / name).mkdir()
        call(programs, "otter", "run", "-a", graded, "-o", name, f"{name}.ipynb", cwd=folder)
        tests = json.loads((folder / name / "results.json").read_text())["tests"]
        marks[name] = sum(test.get("score") or 0 for test in tests), points
    return marks


def main():
    """Print a line for each copy; 1 if a mark is not what is due."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("grader", nargs="?", choices=list(PACKAGES), help="default: one after the other")
    parser.add_argument("--set", default="05")
    parser.add_argument("--venvs", type=Path)
    args = parser.parse_args()
    source, faults = find(args.set), 0
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        for grader in [args.grader] if args.grader else PACKAGES:
            programs = installed(grader, (args.venvs or scratch / "venvs").absolute())
            run = {"nbgrader": under_nbgrader, "otter": under_otter}[grader]
            marks = {f"{grader}, {name}": pair for name, pair in run(source, programs, scratch / grader).items()}
            if grader == "nbgrader":
                plain = under_nbgrader(source, programs, scratch / "plain", by_hand(source))
                marks |= {f"nbgrader, not built for it, {name}": (given, 0) for name, (given, _) in plain.items()}
            for name, (given, due) in marks.items():
                faults += given != due
                print(f"{source.name}, {name}: {given:g} points, due are {due:g}", flush=True)
    print(f"{faults} marks are wrong" if faults else "all marks are as they should be")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
