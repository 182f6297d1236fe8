"""Reading a submission: what is found, and that the work grows as the file does, whatever a student puts into it."""

import time

import pytest

from kan_edu.exercises.handed_in.reading import find
from tests.exercises.students import RIGHT, SOURCE, as_bytes, book_of, student


def one_cell(source):
    return as_bytes(book_of([{"cell_type": "code", "source": source, "metadata": {}}]))


HOSTILE = {  # name: (a file of size n, n); at four times n each of the first took seconds
    "marks of Git in broken JSON": (lambda n: b"{" + b"<<<<<<< mine\n=======\n" * n, 60),
    "marks of Git, all of one kind": (lambda n: b"{" + b"<<<<<<< mine\n" * n + b"=======\n" * n, 60),
    "a line of spaces": (lambda n: one_cell("x" + " " * n + "y"), 4000),
    "an import of spaces": (lambda n: one_cell("from a" + " " * n + "b"), 4000),
    "lines of one answer": (lambda n: one_cell("# ANSWER double\n" * n), 500),
    "lines of an answer that nobody asked for": (lambda n: one_cell("# ANSWER nothing\n" * n), 1000),
    "cells that were an answer": (lambda n: as_bytes(book_of([
        {"cell_type": "code", "source": "x = 1", "metadata": {"kan_edu": {"answer": "double"}}}] * n)), 300),
    "names": (lambda n: one_cell("".join(f"x{number}, y = 1\n" for number in range(n))), 1000),
}


def work(data):
    """s of CPU to read a file, the least of three times."""
    times = []
    for _ in range(3):
        began = time.process_time()
        find(data, {"small": SOURCE}, True)
        times.append(time.process_time() - began)
    return min(times)


@pytest.mark.parametrize("name", HOSTILE)
def test_work_grows_as_the_file_does(name):
    """Four times the size: four times the work, where that of a square would be sixteen times; and some to spare."""
    make, n = HOSTILE[name]
    assert work(make(4 * n)) < 9 * work(make(n)) + 0.02


def test_what_is_said_of_many_cells_stays_short():
    make, _ = HOSTILE["cells that were an answer"]
    notes = find(make(2000), {"small": SOURCE}, True).answers.notes
    assert sum(map(len, notes)) < 2000 and "1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ...)" in notes[0]


def test_what_is_found():
    sets = {"small": SOURCE}
    found = find(as_bytes(student(**RIGHT)), sets, wanted=False)
    assert (found.set, found.said, found.problem) == ("small", "small", "") and found.answers.texts == RIGHT
    other = as_bytes({**student(**RIGHT), "metadata": {"kan_edu": {"exercise": "other"}}})
    assert find(other, sets, wanted=False).set is None
    found = find(other, sets, wanted=True)
    assert (found.set, found.said) == ("small", "other") and found.answers.texts == RIGHT
    assert "it is a web page" in find(b"<html>", sets, wanted=True).problem
