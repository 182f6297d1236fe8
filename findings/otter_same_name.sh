#!/usr/bin/env bash
# Otter-Grader 7.0.0 makes one question of two that have the same name, and says nothing; points are lost.
#
# The guess: `otter assign` refuses two questions of one name, or keeps them apart.
# What happens: of a question worth 2 points and one worth 3, both called q1 (a copied cell), it makes one q1 worth 3
#   with the tests of both. Exit code 0, no warning. Who answers the first alone gets 1.5 of 3, not 2 of 5.
# Version: otter-grader 7.0.0 (with ipykernel 7.4.0, which it does not declare). Source: results.json of `otter run`.
# Who is hurt: a teacher who copies a question and forgets its name: the total of the class is another one, and partial
#   points are those of no question.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
python3 -m venv venv
venv/bin/pip install -q otter-grader==7.0.0 ipykernel==7.4.0
export PATH="$folder/venv/bin:$PATH"
cat > make.py <<'PY'
"""An assignment with two questions, whose names are given; and a copy in which only the first is answered."""
import sys

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_raw_cell


def question(name, points, function, right, test):
    raws = [new_raw_cell(f"# BEGIN QUESTION\nname: {name}\npoints: {points}"), *map(new_raw_cell, [
        "# BEGIN SOLUTION", "# END SOLUTION", "# BEGIN TESTS", "# END TESTS", "# END QUESTION"])]
    code = f"def {function}(x):\n    # BEGIN SOLUTION\n    return {right}\n    # END SOLUTION"
    return [*raws[:2], new_code_cell(code), *raws[2:4], new_code_cell(test), *raws[4:]]


if sys.argv[1] == "assignment":
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    book = new_notebook(metadata={"kernelspec": kernel})
    book.cells = [new_raw_cell("# ASSIGNMENT CONFIG\nname: one\nexport_cell:\n  pdf: false"),
                  *question(sys.argv[2], 2, "double", "2 * x", "assert double(2) == 4"),
                  *question(sys.argv[3], 3, "square", "x * x", "assert square(3) == 9")]
    nbformat.write(book, "one.ipynb")
else:
    book = nbformat.read("out/student/one.ipynb", as_version=4)
    for cell in book.cells:
        if "def double" in cell.source:
            cell.source = "def double(x):\n    return 2 * x"
    nbformat.write(book, "half.ipynb")
PY
marks() {  # name of the first question, name of the second -> what the half right copy gets
    rm -rf out
    venv/bin/python make.py assignment "$1" "$2"
    otter assign --no-pdfs one.ipynb out > log.txt 2>&1
    grep -v "IPKernelApp" log.txt > said.txt || true
    venv/bin/python make.py half
    otter run -a out/autograder/*.zip -o . half.ipynb > run.txt 2>&1
    venv/bin/python -c '
import json
tests = [test for test in json.load(open("results.json"))["tests"] if test.get("max_score")]
print(", ".join("%s %g of %g" % (test["name"], test["score"], test["max_score"]) for test in tests))'
}
apart=$(marks q1 q2)
same=$(marks q1 q1)
echo "otter-grader $(venv/bin/pip show otter-grader 2> /dev/null | sed -n 's/^Version: //p')"
echo "the first question (2 points) is right, the second (3 points) is not answered"
echo "    called q1 and q2: $apart"
echo "    both called q1:   $same; otter assign said: '$(cat said.txt)'"
test "$apart" = "q1 2 of 2, q2 0 of 3"
test "$same" = "q1 1.5 of 3" || { echo "no longer so"; exit 1; }
test ! -s said.txt || { echo "no longer so: it says something"; exit 1; }
echo "still so: two questions of one name are one, without a word"
