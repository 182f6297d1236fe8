#!/usr/bin/env bash
# nbgrader 0.9.6 ends its run at a student who has copied a test cell: whoever comes later in the alphabet is not graded.
#
# The guess: `nbgrader autograde` grades each student by himself. (Where a student's kernel dies it does go on with the
#   others.) A second copy of a test cell is ignored, or costs the one who has it.
# What happens: at the doubled grade_id it says that a notebook uses "an old version of the nbgrader metadata format",
#   asks for `nbgrader update .`, and ends with code 1. Students after that one are neither graded nor exported; the
#   student who copied the cell, all of whose answers are right, is exported with 0 points.
# Version: nbgrader 0.9.6. Source: its own output and grades.csv.
# Who is hurt: a class, because somebody copied a cell to try something (its metadata comes along); and a teacher who
#   believes the 0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q nbgrader==0.9.6
export PATH="$folder/venv/bin:$PATH"
cat > make.py <<'PY'
"""A course with one assignment of 2 points, handed in by anna, bob, cem: all right, and bob has a cell twice."""
import copy, pathlib, sys

import nbformat
from nbformat.v4 import new_code_cell, new_notebook


def about(name, grade, **more):
    return {"nbgrader": {"schema_version": 3, "task": False, "grade": grade, "solution": not grade, "locked": grade,
                         "grade_id": name, **more}}


def write(book, folder):
    pathlib.Path(folder).mkdir(parents=True)
    nbformat.write(book, f"{folder}/p.ipynb")


RIGHT = "def double(x):\n    return 2 * x"
if sys.argv[1] == "source":
    answer = "def double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    write(new_notebook(metadata={"kernelspec": kernel}, cells=[
        new_code_cell(answer, id="a", metadata=about("double", False)),
        new_code_cell("assert double(2) == 4", id="t", metadata=about("test-double", True, points=2))]), "source/one")
else:
    for student in ("anna", "bob", "cem"):
        book = nbformat.read("release/one/p.ipynb", as_version=4)
        book.cells[0].source = RIGHT
        if student == "bob":
            book.cells.append(copy.deepcopy(book.cells[1]))
            book.cells[-1].id = "pasted"
        write(book, f"submitted/{student}/one")
PY
echo "get_config().CourseDirectory.course_id = 'course'" > nbgrader_config.py
venv/bin/python make.py source
nbgrader generate_assignment one > log.txt 2>&1
venv/bin/python make.py submitted
code=0
nbgrader autograde one > log.txt 2>&1 || code=$?
nbgrader export >> log.txt 2>&1
echo "$(nbgrader --version | tail -1); anna, bob and cem are all right, bob has the test cell twice"
echo "nbgrader autograde one: exit code $code; it said:"
grep -A 4 -E "multiple times|old version" log.txt | sed 's/^/    /'
echo "graded: $(ls autograded | tr '\n' ' ')"
cut -d, -f1,4,8,11 grades.csv | sed 's/^/    /'
test "$code" -ne 0
grep -q "old version" log.txt
grep -q "^one,,,anna,,,,2.0," grades.csv && grep -q "^one,,,bob,,,,0.0," grades.csv
if grep -q "cem" grades.csv || test -d autograded/cem; then echo "no longer so: cem was graded"; exit 1; fi
echo "still so: cem, who did nothing unusual, is not graded, and bob has 0 of 2"
