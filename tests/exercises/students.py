"""Notebooks of the small set as students hand them in, made for the tests of what reads them."""

import json

from kan_edu.exercises.handed_in.answers import find_answers
from kan_edu.exercises.sets.build import student_cells
from kan_edu.exercises.sets.cells import Cell, read_cells
from tests.exercises.small import small_book, small_source

SOURCE = small_source()
DOUBLE = "# ANSWER double\ndef double(x):\n    return 2 * x"
WEIGHTS = "# ANSWER weights\nw = np.array([1.0, 3.0])"
FOUR = "# ANSWER four\ndef four(x):\n    return double(double(x))"
RIGHT = {"double": DOUBLE, "weights": WEIGHTS, "four": FOUR}


def handed_out():
    """The student's cells as nbformat makes them, without stored outputs."""
    made = [cell for cell in small_book().cells for cell in student_cells(cell, "")]
    return [cell for cell in made if cell.get("id") != "what-to-expect"]


def book_of(cells, **more):
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {"kan_edu": {"exercise": "small"}}, "cells": cells, **more}


def student(**answers):
    """The notebook of a student who wrote these answers into their cells, as JSON has it."""
    book = book_of(json.loads(json.dumps(handed_out())))
    for cell in book["cells"]:
        name = cell["metadata"].get("kan_edu", {}).get("answer")
        cell["source"] = answers.get(name, cell["source"])
    return book


def as_bytes(book, **how):
    return json.dumps(book, **how).encode()


def found_in(book):
    return find_answers(read_cells(as_bytes(book)), SOURCE)


def code(*sources):
    return [Cell("code", source) for source in sources]


def is_complete(answers):
    return answers.texts == RIGHT and not (answers.problems or answers.unanswered)
