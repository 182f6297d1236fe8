"""Sets as sources of nbgrader and Otter: their metadata, and checks that raise for what is not right and nothing else.

That the graders themselves take them, and what marks come out, is tried by `python -m tests.exercises.graders`.
"""

import doctest
import os
import re
import sys
from types import SimpleNamespace

import pytest

from kan_edu.exercises import Checks, checks
from kan_edu.exercises.elsewhere import NotRight, grader
from kan_edu.exercises.sets.build import solution, stub
from kan_edu.exercises.sets.catalogue import find
from kan_edu.exercises.sets.graders import build_for, undecorated
from kan_edu.exercises.sets.source import ANSWER, SourceError, parse
from tests.exercises.small import small_book, small_source, with_outputs

SET = "02"  # a quick one of the course: its stored outputs are real


@pytest.fixture(scope="module")
def course_set():
    return find(SET)


def ran(book, answers, judge):
    """[task] of those whose check raises NotRight, when all code of a book is run; `answers` makes code of answers."""
    names, wrong = {"__name__": "notebook"}, []
    for cell in (cell for cell in book.cells if cell.cell_type == "code"):
        try:
            if re.search(r"\bcheck\(", cell.source):
                judge(cell.source, names)
            else:
                exec(answers(cell.source) if ANSWER.match(cell.source) else cell.source, names)
        except NotRight as error:
            wrong.append(str(error).partition(":")[0])
    return wrong


def by_doctest(code, names):
    """Run a cell as Otter does: each line that is not indented begins an example of a doctest."""
    lines = [("... " if line.startswith(" ") else ">>> ") + line for line in code.split("\n") if line]
    test = doctest.DocTestParser().get_doctest("\n".join(lines) + "\n", names, "check", None, 0)
    test.globs = names
    doctest.DebugRunner().run(test, clear_globs=False)


def judged(code, names):
    try:
        by_doctest(code, names)
    except doctest.UnexpectedException as error:
        raise error.exc_info[1] from None


# Every check raises where it must


@pytest.mark.parametrize(("name", "judge"), [("nbgrader", exec), ("otter", judged)])
def test_solutions_pass_and_stubs_raise(course_set, monkeypatch, name, judge):
    monkeypatch.setattr(checks, "display", lambda *_, **__: None)  # outside a kernel it prints
    book = build_for(course_set, name)
    marks = {"nbgrader": lambda code: code, "otter": lambda code: code.replace("# BEGIN", "### BEGIN").replace(
        "# END", "### END")}[name]
    assert ran(book, lambda code: solution(marks(code)), judge) == []
    assert ran(book, lambda code: stub(marks(code)), judge) == list(course_set.tasks)


def test_what_a_check_raises_says_what_differs(capsys):
    check = Checks(seed=1)
    check.expected, check.raises = {"a": {"values": [["value", [], ["2"]]], "margin": 0.5}}, True
    check("a", points=1)(lambda rng: 2.0)
    with pytest.raises(NotRight, match="^a: value: "):
        check("a", points=1)(lambda rng: 3.0)
    with pytest.raises(NotRight, match="^a: ZeroDivisionError"):
        check("a", points=1)(lambda rng: 1 / 0)


# A set that was not made for the grader which runs it


def test_a_set_that_finds_itself_under_another_grader_says_so(monkeypatch, capsys):
    check = Checks(seed=1)
    assert not {"NBGRADER_EXECUTION", "NBGRADER_VALIDATING"} & os.environ.keys() and grader() == ""
    check("a", points=1)(lambda rng: 2.0)
    with monkeypatch.context() as patch:
        patch.setenv("NBGRADER_EXECUTION", "autograde")
        with pytest.raises(RuntimeError, match="nbgrader runs this notebook .* exercise build SOURCE --for nbgrader"):
            check("a", points=1)(lambda rng: 2.0)
    monkeypatch.setitem(sys.modules, "otter", SimpleNamespace(Notebook=None))
    with pytest.raises(RuntimeError, match="otter-grader runs this notebook .* --for otter"):
        check("a", points=1)(lambda rng: 2.0)


# What the graders read


def prepared(name, source=None):
    return build_for(source or with_outputs(small_source()), name)


@pytest.mark.parametrize("name", ["nbgrader", "otter"])
def test_nothing_of_the_teacher_and_no_output_is_in_it(name):
    book = prepared(name)
    code = [cell for cell in book.cells if cell.cell_type == "code"]
    text = "\n".join(cell.source for cell in book.cells)
    assert "WRONG" not in text and "return x\n" not in text and text.count("check.raises = True") == 1
    assert not any(cell.outputs or cell.execution_count for cell in code)
    assert [cell.source for cell in book.cells if cell.cell_type == "markdown"] == [
        cell.source for cell in small_book().cells if cell.cell_type == "markdown"]
    assert len({cell.id for cell in book.cells}) == len(book.cells)


def test_nbgrader_metadata():
    cells = [cell for cell in prepared("nbgrader").cells if cell.cell_type == "code"]
    about = [cell.metadata.nbgrader for cell in cells]
    assert len({one.grade_id for one in about}) == len(about) == 8
    assert {one.grade_id: one.points for one in about if one.grade} == {"double": 2, "weights": 1, "four": 3}
    assert [one.grade_id for one in about if one.solution] == ["double-answer", "weights-answer", "four-answer"]
    assert all(one.locked is not one.solution and one.schema_version == 3 and not one.task for one in about)
    assert all("### BEGIN SOLUTION" in cell.source for cell in cells if cell.metadata.nbgrader.solution)


def test_otter_cells():
    cells = prepared("otter").cells
    raws = [cell.source for cell in cells if cell.cell_type == "raw"]
    one = ["# BEGIN SOLUTION", "# END SOLUTION", "# BEGIN TESTS", "# END TESTS", "# END QUESTION"]
    assert raws == ["# ASSIGNMENT CONFIG\nname: small\nexport_cell:\n  pdf: false",
                    "# BEGIN QUESTION\nname: double\npoints: 2", *one,
                    "# BEGIN QUESTION\nname: weights\npoints: 1", *one, "# BEGIN QUESTION\nname: four\npoints: 3", *one]
    answers = [cell.source for cell in cells if cell.cell_type == "code" and ANSWER.match(cell.source)]
    assert "###" not in "".join(answers) and answers[0].count("# BEGIN SOLUTION") == 1


def test_a_check_that_is_no_decorator():
    code = '# a remark\nk = 2\n@check("a", points=1)\n@twice\ndef values(rng):\n\n    return k\n'
    assert undecorated(code) == ("k = 2\n\ndef values(rng):\n    return k\ntwice(values)\ncheck('a', points=1)(values)")


def test_answers_that_cross_are_no_questions_of_otter():
    book = small_book()
    book.cells.insert(4, book.cells.pop(7))  # the second answer above the first check
    source = with_outputs(parse("small", book))
    assert prepared("nbgrader", source).cells
    with pytest.raises(SourceError, match="the answer weights stands above the check of double"):
        prepared("otter", source)
