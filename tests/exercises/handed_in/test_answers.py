"""Which cell answers which task: cells missing, renamed, doubled, merged; and to which set a notebook belongs."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nbval.plugin import comment_markers, find_comment_markers

from kan_edu.exercises.handed_in import answers as reading
from kan_edu.exercises.handed_in.answers import LIMIT, find_answers, which_set
from kan_edu.exercises.sets.cells import Cell
from kan_edu.exercises.sets.source import parse
from tests.exercises.small import small_book
from tests.exercises.students import DOUBLE, FOUR, RIGHT, SOURCE, WEIGHTS, code, found_in, is_complete, student

# Cells: what became of them, and what is found


def test_the_notebook_as_handed_out_has_no_answers():
    answers = found_in(student())
    assert answers.unanswered == ["double", "weights", "four"] and set(answers.texts) == set(RIGHT)
    assert not answers.problems and not answers.notes


def test_a_solved_notebook():
    answers = found_in(student(**RIGHT))
    assert is_complete(answers) and not answers.notes and not answers.elsewhere


@pytest.mark.parametrize(
    "first", ["# ANSWER double", "#ANSWER double", "# answer Double", "## ANSWER  double  ", "\n\n  # Answer: double",
              "\t# ANSWER double", "# ANSWER double (mine, finished)", "# by Anna\n\n# ANSWER double",
              "%%time\n# ANSWER double"],
)
def test_the_line_may_be_written_in_many_ways(first):
    answers = find_answers(code(f"{first}\ndef double(x):\n    return x"), SOURCE)
    assert list(answers.texts) == ["double"] and not answers.notes


@pytest.mark.parametrize(
    "first", ["# ANSWER", "# ANSWER double the value of x", "ANSWER double", "# ANSWER two", "x = 1  # ANSWER double",
              "# ANSWERdouble", "# MY ANSWER double"],
)
def test_other_lines_are_not_meant(first):
    assert not find_answers(code(f"{first}\ndef f(x):\n    return x"), SOURCE).texts


def test_two_tasks_that_differ_in_the_case_of_a_letter():
    """A basis B and its derivative b: then the case counts."""
    book = small_book()
    for cell in book.cells:
        cell.source = cell.source.replace("weights", "B").replace("four", "b")
    answers = find_answers(code("# ANSWER b\n1", "# ANSWER B\n2"), parse("letters", book))
    assert answers.texts == {"b": "# ANSWER b\n1", "B": "# ANSWER B\n2"}


def test_metadata_is_second():
    cells = [Cell("code", "def double(x):\n    return 2 * x", "double"), Cell("code", WEIGHTS, "four"),
             Cell("code", "# ANSWER quadruple\nf = 4", "four"), Cell("code", "y = 1", "nobody")]
    answers = find_answers(cells, SOURCE)
    assert answers.texts == {"double": cells[0].source, "weights": WEIGHTS, "four": cells[2].source}
    assert [note[:6] for note in answers.notes] == ["cell 1", "cell 3"]
    assert "# ANSWER double is gone" in answers.notes[0]
    assert answers.elsewhere == {"y": 4}


def test_reversed_cells():
    book = student(**RIGHT)
    assert is_complete(found_in({**book, "cells": book["cells"][::-1]}))


def test_checks_edited_or_deleted():
    book = student(**RIGHT)
    kept = [cell for cell in book["cells"] if "@check" not in cell["source"]]
    edited = [{**cell, "source": cell["source"].replace("@check", "# @check")} for cell in book["cells"]]
    assert is_complete(found_in({**book, "cells": kept})) and is_complete(found_in({**book, "cells": edited}))


def test_missing():
    answers = find_answers(code(DOUBLE, FOUR), SOURCE)
    assert answers.problems == {"weights": "there is no answer cell weights: add a code cell whose first line is "
                                "# ANSWER weights, and your answer below it."}
    assert "weights" not in answers.texts and not answers.unanswered
    assert set(find_answers([], SOURCE).problems) == set(RIGHT)


def test_renamed():
    answers = find_answers(code(DOUBLE.replace("ANSWER double", "ANSWER doublex"), "# ANSWER zzz"), SOURCE)
    assert "Cell 1 begins with # ANSWER doublex: if that is it, correct the name" in answers.problems["double"]
    assert "doublex" not in answers.problems["four"]


def test_written_into_a_cell_of_its_own():
    answers = find_answers(code("import numpy as np", "def double(x):\n    return 2 * x"), SOURCE)
    assert "Cell 2 defines double: if that is it, put this line above it" in answers.problems["double"]


@pytest.mark.parametrize("kind", ["markdown", "raw", "heading", ""])
def test_turned_into_markdown(kind):
    answers = find_answers([*code(WEIGHTS, FOUR), Cell(kind, DOUBLE)], SOURCE)
    assert set(answers.texts) == {"weights", "four"}
    assert "(cell 3)" in answers.problems["double"] and "change it to Code (press Y)" in answers.problems["double"]
    assert (kind.capitalize() or "no code") + " cell" in answers.problems["double"]
    assert "press Y" in find_answers([Cell(kind, "lost its line", "double")], SOURCE).problems["double"]


def test_a_remark_beside_a_code_cell_changes_nothing():
    answers = find_answers([Cell("markdown", "# ANSWER double\nwas easy"), *code(DOUBLE, WEIGHTS, FOUR)], SOURCE)
    assert is_complete(answers) and not answers.notes


def test_doubled():
    first, second = "# ANSWER double\nfactor = 2", "# ANSWER double\ndef double(x):\n    return factor * x"
    answers = find_answers(code(first, WEIGHTS, second, FOUR), SOURCE)
    assert answers.texts["double"] == f"{first}\n\n{second}"
    assert len(answers.notes) == 1 and "double has 2 answer cells (counted from the top: 1, 3)" in answers.notes[0]


def test_a_copy_that_was_not_filled_in_does_not_spoil_the_one_that_was():
    stubbed = next(cell["source"] for cell in student()["cells"] if "ANSWER double" in cell["source"])
    for cells in [code(DOUBLE, stubbed), code(stubbed, DOUBLE), code(stubbed, "# ANSWER double", DOUBLE)]:
        answers = find_answers(cells, SOURCE)
        assert answers.texts["double"] == DOUBLE and "double" not in answers.unanswered
        assert "answer cells" in answers.notes[0]
    assert find_answers(code(stubbed, stubbed), SOURCE).unanswered == ["double"]


def test_split_and_merged():
    split = [Cell("code", "# ANSWER double\nfactor = 2", "double"), Cell("code", "def double(x): ...", "double")]
    assert find_answers(split, SOURCE).texts["double"].endswith("factor = 2\n\ndef double(x): ...")
    merged = find_answers(code("\n".join(RIGHT.values())), SOURCE)
    assert is_complete(merged) and not merged.notes
    inside = code(DOUBLE + "\n    # ANSWER four\n    y = 1")
    assert list(find_answers(inside, SOURCE).texts) == ["double"]


IN_STRINGS = [
    't = """\n# ANSWER four\n"""', "t = \'\'\'\n# ANSWER four\n# ANSWER weights\n\'\'\'", 't = "one \\\n# ANSWER four"',
    'def f():\n    """Words.\n\n# ANSWER four\n    """',
]


@pytest.mark.parametrize("before", ["", "%%time\n", "!ls\n"])
@pytest.mark.parametrize("text", IN_STRINGS)
def test_a_line_within_a_string_cuts_nothing(text, before):
    whole = f"{before}# ANSWER double\n{text}\nx = 1"
    answers = find_answers(code(f"{whole}\n{WEIGHTS}"), SOURCE)
    assert answers.texts == {"double": whole, "weights": WEIGHTS}


def test_what_python_cannot_read_is_taken_by_line():
    broken = find_answers(code('# ANSWER double\nt = """\n# ANSWER four\nx = 1'), SOURCE)
    assert broken.texts == {"double": '# ANSWER double\nt = """', "four": "# ANSWER four\nx = 1"}


@pytest.mark.parametrize("line", ["# ANSWER double\n", "\'\'\'\n# ANSWER double\n\'\'\'\n", "# ANSWER nobody\n"])
def test_however_many_there_are_no_more_than_a_thousand_are_looked_at(line, monkeypatch):
    looked, real = [], reading.task_called
    monkeypatch.setattr(reading, "task_called", lambda *given: looked.append(1) or real(*given))
    monkeypatch.setattr(reading, "tokenize", None)  # it is too long to be run, and so to be cut into tokens
    find_answers(code(line * 100_000), SOURCE)
    assert len(looked) < 10 * reading.MOST_HEADS


def test_a_line_of_spaces_is_not_tried_again_and_again():
    """Nothing here looks at a clock: a careless pattern would take minutes."""
    assert find_answers(code("x" + " " * 200_000, "y = 1"), SOURCE).elsewhere == {"y": 2}


def stub_of(name):
    return next(cell["source"] for cell in student()["cells"] if f"ANSWER {name}" in cell["source"])


@pytest.mark.parametrize(
    ("text", "unanswered"),
    [("# ANSWER double", True), ("# ANSWER double\n\n   # I do not know\n", True), (stub_of("double"), True),
     (stub_of("double").replace("    ", "\t") + "\n\n# later", True), (stub_of("double") + "\nx = 1", False),
     ("# ANSWER double\npass", False), ('# ANSWER double\n"# text"', False),
     ("# ANSWER double\ndef double(x):", False)],
)
def test_unanswered(text, unanswered):
    answers = find_answers(code(text), SOURCE)
    assert (answers.unanswered == ["double"]) is unanswered
    assert answers.texts["double"] == text.rstrip("\n")


def test_unanswered_at_the_top_level():
    assert find_answers(code("# ANSWER weights\n..."), SOURCE).unanswered == ["weights"]
    assert find_answers(code("# ANSWER weights\nw = ..."), SOURCE).unanswered == []


@pytest.mark.parametrize("marker", comment_markers)
@pytest.mark.parametrize(
    "line", ["# {}", "#{}", "   ##  {}  ", "s = '''\x0c# {}\n'''", "# a\u2028# {}", "# a\x85#{}\x1c"]
)
def test_nbval_comments_have_no_effect(marker, line):
    text = f"{DOUBLE}\n{line.format(marker)}\n"
    assert list(find_comment_markers(text)), "nbval would heed it"
    answers = find_answers(code(text), SOURCE)
    assert not list(find_comment_markers(answers.texts["double"]))
    assert answers.notes == [f"{marker} has no effect in the answer double."]
    assert answers.texts["double"].replace(" (without effect)", "") == text.rstrip("\n")


WORDS = st.sampled_from(["#", "# ", "NBVAL_SKIP", "NBVAL_CHECK_OUTPUT", "\n", " ", "x", "\x0c", "\u2028", "'", "\x85"])


@given(st.lists(WORDS, max_size=12).map("".join))
def test_no_text_tells_nbval_anything(text):
    answers = find_answers(code("# ANSWER double\n" + text), SOURCE)
    assert not list(find_comment_markers(answers.texts["double"]))


def test_how_long_an_answer_may_be():
    fits = DOUBLE + "\n" + "#" * (LIMIT - len(DOUBLE) - 1)
    assert find_answers(code(fits), SOURCE).texts["double"] == fits
    for cells in [code(fits + "#"), code(DOUBLE + "\n" + "\u00fc" * (LIMIT // 2)), code(fits, DOUBLE)]:
        answers = find_answers(cells, SOURCE)
        assert "double" not in answers.texts and "at most 200 kB are run" in answers.problems["double"]


@pytest.mark.parametrize(
    ("cell", "names"),
    [("def helper(x):\n    inner = 1", {"helper"}), ("async def f(): ...\nclass C:\n    y = 1", {"f", "C"}),
     ("a, *b = 1, 2\nc: int = 3", {"a", "b", "c"}),
     ("import os.path as p, sys\nfrom math import pi, e as euler # two", {"p", "sys", "pi", "euler"}),
     ("%matplotlib inline\n!ls\nx = 1\n(", {"x"}),
     ("if a == 1:\n    y = 2\nfor i in j: k = 1\nprint(z=1)\nq += 1\nelse: r = 2", set()),
     ("np = 1\ncheck = 2\nvalues = 3", set()), ("w = 3", {"w"}), ("", set())],
)
def test_what_is_defined_elsewhere(cell, names):
    """Names that the set itself hands out (np, check, values) are not among them."""
    cells = [Cell("markdown", "m = 1"), *code(cell, DOUBLE)]
    assert find_answers(cells, SOURCE).elsewhere == dict.fromkeys(names, 2)


# Which set


def another_source():
    book = small_book()
    for cell in book.cells:
        cell.source = cell.source.replace("weights", "bias").replace("four", "eight")
    return parse("other", book)


SETS = {"small": SOURCE, "other": another_source()}


@pytest.mark.parametrize(
    ("metadata", "sources", "name"),
    [({"kan_edu": {"exercise": "other"}}, [DOUBLE, WEIGHTS, FOUR], "other"),
     ({"kan_edu": {"exercise": "unknown"}}, [DOUBLE, WEIGHTS, FOUR], None),
     ({"kan_edu": {"exercise": ["small"]}}, ["# ANSWER bias"], "other"), ({"kan_edu": "small"}, [], None),
     ({}, [DOUBLE], None), ({}, [WEIGHTS, "# ANSWER bias"], None), ({}, ["x = 1"], None),
     ({}, [DOUBLE, FOUR], "small")],
)
def test_which_set(metadata, sources, name):
    assert which_set(code(*sources), metadata, SETS) == name


def test_which_set_counts_every_task_once_and_every_kind_of_cell():
    cells = [*code(WEIGHTS, WEIGHTS, WEIGHTS), Cell("markdown", "# ANSWER bias"), Cell("raw", "", "eight")]
    assert which_set(cells, {}, SETS) == "other"
