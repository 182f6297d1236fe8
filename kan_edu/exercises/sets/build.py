"""The student's notebook, made from the source: solutions become stubs, and it learns what to expect for its seed."""

import kan_edu.exercises.sets.lightly  # noqa: F401, I001  first, before nbformat

import ast
import copy

import nbformat

from kan_edu.exercises.trying.errors import UNANSWERED
from kan_edu.exercises.trying.expected import pack

from .source import ANSWER, KEY, NOTE, SEED, WRONG, SourceError, checks_in, read_source, regions

ALL = """## All of it

This cell runs all checks above once more, in order, and counts your points. Then save the notebook (Ctrl+S)."""
FIXED = {"deletable": False, "editable": False}  # JupyterLab keeps students from changing these by accident


def student_copy(path):
    """The student's notebook of the source at `path`, as the bytes of a file. Raises SourceError as `build` does."""
    return nbformat.writes(build(read_source(path))).encode()


def build(source):
    """The notebook that students get, as an nbformat book without outputs.

    Raises SourceError if a check has no stored output: run the source from top to bottom and save it first.
    """
    book = copy.deepcopy(source.book)
    known = f'check.expect("{pack(known_values(source))}", "{source.name}")'
    book.cells = [made for cell in book.cells for made in student_cells(cell, known)]
    book.cells += [nbformat.v4.new_markdown_cell(ALL, id="all-of-it"),
                   nbformat.v4.new_code_cell("check.all()", id="check-all", metadata=dict(FIXED))]
    book.metadata.pop("widgets", None)
    book.metadata[KEY] = {"exercise": source.name}
    return book


def student_cells(cell, known):
    """The cells that stand in the student's notebook for one of the source: one, none, or two after the setup.

    known  the line that tells `check` what to expect
    """
    if cell.cell_type == "raw" and (WRONG.match(cell.source) or NOTE.match(cell.source)):
        return []
    if cell.cell_type != "code":
        return [cell]
    cell.outputs, cell.execution_count = [], None
    head = ANSWER.match(cell.source)
    if head:
        cell.source = stub(cell.source)
        cell.metadata.update({"deletable": False, KEY: {"answer": head[1]}})
    elif is_check(cell.source):
        cell.metadata.update(FIXED)
    if not SEED.search(cell.source):
        return [cell]
    words = "# What the checks expect with this seed. Whoever marks your answers takes another.\n"
    expects = nbformat.v4.new_code_cell(words + known, id="what-to-expect")
    expects.metadata.update({**FIXED, "jupyter": {"source_hidden": True}})
    return [cell, expects]


def is_check(code):
    """Whether a cell of Python holds a check; a cell with a magic, which is no Python, does not."""
    try:
        return any(True for _ in checks_in(code))
    except SyntaxError:
        return False


def expected_values(source):
    """{task: the values that its checks showed}, from the outputs stored in the source."""
    expected = {}
    for task in source.tasks.values():
        for output in source.book.cells[task.check].get("outputs", []):
            found = dict(output.get("metadata", {}).get(KEY, {}))
            if found.pop("task", None) == task.name:
                expected[task.name] = found
    missing = [name for name in source.tasks if name not in expected]
    if missing:
        raise SourceError(
            f"{source.name}: no stored output of the checks of {', '.join(missing)}. Open it in JupyterLab, run all "
            "cells from top to bottom, save it, and try again."
        )
    return expected


def known_values(source):
    """What a student's notebook knows: {task: expected values, "points" and the "names" that its answer defines}."""
    return {name: {**about, "points": source.tasks[name].points,
                   "names": names_in(solution(source.book.cells[source.tasks[name].answer].source))}
            for name, about in expected_values(source).items()}


def names_in(code):
    """Names that code defines at its top level: functions, classes, variables; none if it is not Python (a magic)."""
    try:
        body = ast.parse(code).body
    except SyntaxError:
        return []
    defined = [node.name for node in body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    set_here = [name.id for node in body if isinstance(node, ast.Assign | ast.AnnAssign)
                for name in ast.walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)]
    return list(dict.fromkeys(defined + set_here))


def stub(code):
    """An answer cell without its solutions. Inside a function the place raises, at the top level it is only `...`."""
    lines, was_inside = [], False
    for inside, indent, line in regions(code):
        if inside and not was_inside:
            lines.append(f'{indent}raise NotImplementedError("{UNANSWERED}")' if indent else "...  # " + UNANSWERED)
        elif not inside:
            lines.append(line)
        was_inside = inside
    return "\n".join(lines)


def solution(code):
    """An answer cell with its solutions, without the marks."""
    return "\n".join(line for _, _, line in regions(code))
