"""The students' notebook: no solution is left in it, it runs from top to bottom, and solved it says so."""

import ast
import contextlib

import nbformat
import pytest
from nbclient import NotebookClient

from kan_edu.exercises.sets.build import (
    build,
    expected_values,
    is_check,
    known_values,
    names_in,
    solution,
    stub,
    student_copy,
)
from kan_edu.exercises.sets.catalogue import shipped
from kan_edu.exercises.sets.source import ANSWER, BEGIN, END, KEY, SourceError, read_source, regions
from kan_edu.exercises.trying.errors import UNANSWERED
from kan_edu.exercises.trying.expected import pack
from tests.exercises.small import small_source, with_outputs
from tests.exercises.unkernelled import outputs_of

SHIPPED = {name: read_source(path) for name, path in shipped().items()}
# Lines of solutions that students see elsewhere on purpose: a call that a task explains, the end of a planted bug.
IN_PLAIN_SIGHT = {"H, y = forward(X, W, b, v, c)", "layer.forward(X)", "return dc, dw_b, dw_s, dX"}
SHORT = 12  # letters; shorter lines (return y) may stand anywhere


def solution_lines(source):
    """The lines of all solutions that are long enough to be told."""
    for task in source.tasks.values():
        code = source.book.cells[task.answer].source
        yield from (line.strip() for inside, _, line in regions(code) if inside and len(line.strip()) > SHORT)


@pytest.mark.parametrize("name", SHIPPED)
def test_no_solution_is_left(name):
    source = SHIPPED[name]
    built = build(source)
    seen, lines = "\n".join(cell.source for cell in built.cells), set(solution_lines(source))
    assert len(lines) > 10 and {line for line in lines if line in seen} <= IN_PLAIN_SIGHT
    assert not [why for task in source.tasks.values() for why, wrong in task.wrong if wrong in seen]
    everything = nbformat.writes(built)
    assert BEGIN not in everything and END not in everything and "# WRONG" not in everything
    assert not any(cell.get("outputs") or cell.get("execution_count") for cell in built.cells)


@pytest.mark.parametrize("name", SHIPPED)
def test_a_students_copy_is_a_valid_notebook_whose_stubs_are_python(name):
    built = build(SHIPPED[name])
    nbformat.validate(built)
    assert built.metadata[KEY] == {"exercise": name} and "widgets" not in built.metadata
    answers = [cell for cell in built.cells if ANSWER.match(cell.source)]
    assert [cell.metadata[KEY]["answer"] for cell in answers] == list(SHIPPED[name].tasks)
    for cell in answers:
        ast.parse(cell.source)
        assert UNANSWERED in cell.source and cell.metadata.get("editable", True) and not cell.metadata["deletable"]
    checks = [cell for cell in built.cells if cell.cell_type == "code" and is_check(cell.source)]
    assert len(checks) == len(answers) and not any(cell.metadata["editable"] for cell in checks)


def solved(source):
    book = build(source)
    for cell in book.cells:
        head = ANSWER.match(cell.source)
        if head:
            cell.source = solution(source.book.cells[source.tasks[head[1]].answer].source)
    return book


def said_by_checks(cells):
    """The texts of the check cells' outputs; an assertion that each shows one output, and nothing fails."""
    said = []
    for cell in [cell for cell in cells if cell.cell_type == "code"]:
        assert not [output for output in cell.outputs if output.output_type == "error"], cell.source
        if is_check(cell.source) or cell.source == "check.all()":
            (output,) = cell.outputs
            assert set(output.data) == {"text/plain", "text/html"}
            said.append(output.data["text/plain"])
    return said


def in_a_kernel(book, folder):
    NotebookClient(book, timeout=120, resources={"metadata": {"path": str(folder)}}).execute()


def in_this_process(book, folder):
    """What each cell displays and the error that it ends with, as a kernel would store it."""
    names = {"__name__": "__main__"}
    with contextlib.chdir(folder):
        for cell in [cell for cell in book.cells if cell.cell_type == "code"]:
            cell.outputs = [nbformat.from_dict(output) for output in outputs_of(cell.source, names)]


@pytest.mark.parametrize(("name", "run"), [*((name, in_this_process) for name in SHIPPED), ("05_splines", in_a_kernel)])
def test_a_students_copy_runs_and_its_checks_speak(name, run, tmp_path):
    """As a student: run it as it came, then answer and run it again. A kernel takes longer to start than to run it."""
    source = SHIPPED[name]
    book = build(source)
    half = len(book.cells)
    book.cells += solved(source).cells
    for number, cell in enumerate(book.cells):
        cell.id = f"cell-{number}"
    run(book, tmp_path)
    before, after = said_by_checks(book.cells[:half]), said_by_checks(book.cells[half:])
    assert len(before) == len(after) == len(source.tasks) + 1
    assert [text for text in before[:-1] if not text.startswith("Not answered yet. ")] == []
    assert f"So far 0 of {source.points:g} points" in before[-1]
    assert [text for text in after[:-1] if not text.startswith("Right. ")] == []
    assert after[-1].endswith(f"So far {source.points:g} of {source.points:g} points: all is right.")


def test_what_the_copy_expects():
    source = with_outputs(small_source())
    built = build(source)
    assert [cell.id for cell in built.cells][1:3] == ["cell-1", "what-to-expect"]
    assert f'"{pack(known_values(source))}", "small")' in built.cells[2].source
    assert known_values(source)["four"] == {**expected_values(source)["four"], "points": 3, "names": ["four"]}
    assert built.cells[-1].source == "check.all()" and not built.cells[-1].metadata["editable"]
    assert built.cells[2].metadata["jupyter"] == {"source_hidden": True}
    assert not [cell for cell in built.cells if cell.cell_type == "raw"]
    assert source.book.cells[3].source.count(BEGIN) == 1, "the source itself is left as it is"


def test_raw_cells_for_the_teacher_are_left_out_and_others_are_kept():
    source = with_outputs(small_source())
    source.book.cells += [nbformat.v4.new_raw_cell(text) for text in ("for the students", "# TEACHER\nthe answer is 7")]
    built = build(source)
    assert built.cells[-3].source == "for the students" and len([c for c in built.cells if c.cell_type == "raw"]) == 1


def test_a_source_that_was_not_run():
    source = with_outputs(small_source())
    source.book.cells[4].outputs = []
    for task, about in [("four", {"task": "double"}), ("weights", {})]:
        source.book.cells[source.tasks[task].check].outputs[1].metadata[KEY] = about
    with pytest.raises(SourceError, match="no stored output of the checks of double, weights, four.*run all cells"):
        build(source)


def test_student_copy_of_a_file(tmp_path):
    source = with_outputs(small_source())
    nbformat.write(source.book, tmp_path / "my set.ipynb")
    book = nbformat.reads(student_copy(tmp_path / "my set.ipynb").decode(), as_version=4)
    assert book.metadata[KEY] == {"exercise": "my set"}


@pytest.mark.parametrize(
    ("code", "handed_out"),
    [(f"# ANSWER f\ndef f(x):\n    {BEGIN}\n    y = 1\n\n    return y\n    {END}",
      f'# ANSWER f\ndef f(x):\n    raise NotImplementedError("{UNANSWERED}")'),
     (f"# ANSWER w\n{BEGIN}\nw = 1\n{END}", f"# ANSWER w\n...  # {UNANSWERED}"),
     (f"# ANSWER f\ndef f(x):\n    a = 1\n    {BEGIN}\n    b = 2\n    {END}\n    return a\n{BEGIN}\nz = 1\n{END}",
      f'# ANSWER f\ndef f(x):\n    a = 1\n    raise NotImplementedError("{UNANSWERED}")\n    return a\n'
      f"...  # {UNANSWERED}"),
     (f"# ANSWER f\n{BEGIN}\n{END}", "# ANSWER f")],
)
def test_stub(code, handed_out):
    assert stub(code) == handed_out
    assert BEGIN not in solution(code) and END not in solution(code)
    ast.parse(stub(code))
    ast.parse(solution(code))


@pytest.mark.parametrize(
    ("code", "names"),
    [("def f():\n    inner = 1\nclass C: ...\nx.y = 5", ["f", "C"]),
     ("a, (b, *c) = 1, (2, 3)\nd: int = 4", list("abcd")),
     ("%time\nf = 1", []), ("", []), ("f = 1\nf = 2", ["f"])],
)
def test_names_that_an_answer_defines(code, names):
    assert names_in(code) == names
