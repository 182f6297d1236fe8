"""A source notebook: its tasks are found, and every way to put one together wrongly is said with its cell."""

import nbformat
import pytest

from kan_edu.exercises.sets.catalogue import find, shipped
from kan_edu.exercises.sets.source import BEGIN, END, SourceError, checks_in, parse, read_source, regions
from tests.exercises.small import CELLS, small_book, small_source

MAKE = {"code": nbformat.v4.new_code_cell, "raw": nbformat.v4.new_raw_cell, "markdown": nbformat.v4.new_markdown_cell}
SOLVED = f"{BEGIN}\ny = 1\n{END}"


def test_the_small_set():
    source = small_source()
    assert list(source.tasks) == ["double", "weights", "four"]
    assert [task.points for task in source.tasks.values()] == [2, 1, 3] and source.points == 6
    assert source.title == "A small set"
    double = source.tasks["double"]
    assert (double.answer, double.check) == (3, 4)
    assert double.wrong == [("returns x itself", "def double(x):\n    return x")]


def test_a_set_without_a_heading_is_called_by_its_name():
    book = small_book()
    book.cells[0].source = "No heading, # neither here"
    assert parse("small", book).title == "small"


# (number of the small set's cell, from 0, that is replaced; its kind; its text; what is said)
FAULTS = {
    "seed in an answer": (3, "code", f"# ANSWER double\ncheck = Checks(seed=5)\n{SOLVED}", "it does 2 times"),
    "second answer": (6, "code", f"# ANSWER double\n{SOLVED}", "cell 7: a second answer double; a task has one"),
    "no solution": (3, "code", "# ANSWER double\nx = 1",
                    "cell 4: an answer without a solution: put it between ### BEGIN SOLUTION and"),
    "not closed": (3, "code", f"# ANSWER double\n{BEGIN}\nx = 1", "END SOLUTION do not take turns"),
    "closed twice": (3, "code", f"# ANSWER double\n{SOLVED}\n{END}", "do not take turns"),
    "begun twice": (3, "code", f"# ANSWER double\n{BEGIN}\n{SOLVED}", "do not take turns"),
    "solution elsewhere": (0, "code", SOLVED, "cell 1: ### BEGIN SOLUTION outside an answer cell"),
    "check of nothing": (0, "code", '@check("x", points=1)\ndef v(r): ...', "cell 1: checks 'x', which no cell above"),
    "check above": (2, "code", '@check("double", points=1)\ndef v(rng): ...', "checks 'double', which no cell above"),
    "second check": (6, "code", '@check("double", points=1)\ndef v(rng): ...', "cell 7: a second check of 'double'"),
    "no points": (4, "code", '@check("double")\ndef v(rng): ...', '@check("double", points=...) needs its points'),
    "negative": (4, "code", '@check("double", points=-1)\ndef v(rng): ...', "needs its points, a number"),
    "computed points": (4, "code", '@check("double", points=1 + 1)\ndef v(rng): ...', "needs its points, a number"),
    "no check": (4, "code", "double(2)", "the answer double has no check"),
    "check in the answer": (3, "code", f'# ANSWER double\n{SOLVED}\n@check("double", points=1)\ndef v(rng): ...',
                            "cell 4: an answer with a check in it"),
    "two checks": (8, "code", '@check("double", points=1)\ndef v(r): ...\n@check("weights", points=1)\ndef v(r): ...',
                   "cell 9: two checks in one cell"),
    "two seeds": (6, "code", "check = Checks(seed=2)", "must stand in it once; it does 2 times"),
    "no seed": (1, "code", "import numpy as np", "must stand in it once; it does 0 times"),
    "wrong answer to nothing": (5, "raw", "# WRONG doublex: why\nx", "a wrong answer to 'doublex', which no cell"),
    "wrong answer, no name": (5, "raw", "# WRONG: returns x\nx", "cell 6: a wrong answer to what?"),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_a_fault_is_said_with_its_cell(kind):
    number, cell, text, words = FAULTS[kind]
    book = small_book()
    book.cells[number] = MAKE[cell](text)
    with pytest.raises(SourceError) as error:
        parse("small", book)
    assert words in str(error.value) and str(error.value).startswith("small is not an exercise set:\n  ")


def test_all_faults_are_said_at_once():
    book = small_book()
    book.cells[3].source = "# ANSWER double\nx"
    book.cells[5].source = "# WRONG nothing\nx"
    book.cells[8].source = "x"
    with pytest.raises(SourceError) as error:
        parse("small", book)
    assert len(str(error.value).splitlines()) == 4


def test_a_book_without_answers():
    book = nbformat.v4.new_notebook(cells=[MAKE["code"]("check = Checks(seed=1)"), MAKE["markdown"]("# ANSWER x")])
    with pytest.raises(SourceError, match="it has no answer cell"):
        parse("empty", book)


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "cannot read .*: No such file"), (b"", "is not a notebook"), (b"not JSON", "is not a notebook"),
     (b"[]", "is not a notebook"), (b"\xff\xfe\x00", "is not a notebook"), (b'{"cells": 5}', "is not a notebook")],
)
def test_files_that_are_none(tmp_path, content, words):
    path = tmp_path / "set.ipynb"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(SourceError, match=words):
        read_source(path)


def test_odd_cells_are_the_students():
    """Magics and unfinished lines are no checks, and no faults."""
    book = small_book()
    book.cells[6] = MAKE["code"]("%matplotlib inline\n!ls")
    book.cells.append(MAKE["raw"]("a note that is kept"))
    assert list(parse("small", book).tasks) == ["double", "weights", "four"]


def test_checks_in():
    code = ('@check("a", points=2)\ndef v(rng): ...\n@check(name, points=1.5)\ndef v(rng): ...\n@check\ndef v(r): ...\n'
            '@other("b")\ndef v(r): ...\n@check(task="c")\ndef v(r): ...\nclass C:\n    @check("d")\n    def v(r): ...')
    assert sorted(checks_in(code), key=str) == [("a", 2), ("d", None), (None, 1.5)]


def test_regions():
    code = f"# ANSWER f\ndef f(x):\n    {BEGIN}\n    y = 2\n\n    return y\n    {END}\n# end"
    assert list(regions(code)) == [
        (False, "", "# ANSWER f"), (False, "", "def f(x):"), (True, "    ", "    y = 2"), (True, "    ", ""),
        (True, "    ", "    return y"), (False, "    ", "# end")]


# Where sets lie


def test_find_by_name_beginning_and_file(tmp_path, monkeypatch):
    names = {"01_perceptron", "02_xor", "03_bumps", "04_superposition", "05_splines", "06_kan_layer",
             "06b_downhill", "07_grid_extension", "09_reading", "11_equations"}  # fmt: skip
    assert set(shipped()) == names
    assert find("05_splines").name == find("05").name == find("05_s").name == "05_splines"
    assert find("06").name == "06_kan_layer" and find("06b").name == "06b_downhill"   # a number is whole
    monkeypatch.chdir(tmp_path)
    for name in ["my set; \u00dcbung #1 'a' \"b\" {} $(x).ipynb", "-v.ipynb", "no_ending"]:
        nbformat.write(small_book(), name)
        assert list(find(name).tasks) == ["double", "weights", "four"]


@pytest.mark.parametrize(("name", "words"), [("0", "more than one"), ("", "more than one"), ("8", "no exercise set"),
                                             ("[", "no exercise set"), ("nowhere.ipynb", "cannot read nowhere.ipynb")])
def test_a_name_that_fits_no_set_or_several(name, words):
    with pytest.raises(SourceError, match=words) as error:
        find(name)
    assert "There are: 01_perceptron, 02_xor" in str(error.value) or name == "nowhere.ipynb"


def test_the_small_set_stays_what_these_tests_take_it_for():
    assert [kind for kind, _ in CELLS][3:6] == ["code", "code", "raw"]


def test_the_seed_stands_above_the_first_answer():
    """Elsewhere it would not be replaced: the published one, whose values students have, would be that of the marks."""
    book = small_book()
    book.cells[1].source = "import numpy as np"
    for number in (3, 4):
        book.cells[number].source += "\ncheck = Checks(seed=5)"
        with pytest.raises(SourceError, match=rf"cell {number + 1}: .* must stand above the first answer"):
            parse("small", book)
        book.cells[number].source = small_book().cells[number].source


def test_the_notebook_of_students_is_no_source():
    book = small_book()
    book.metadata["kan_edu"] = {"exercise": "small"}
    with pytest.raises(SourceError, match="the notebook that students get. Name its source"):
        parse("copy", book)
