"""A set as the source of another grader, nbgrader or Otter-Grader: their marks and metadata, and checks that raise.

Neither compares outputs: a cell that raises nothing passes. So `check.raises = True` stands in both, and what is not as
expected raises. How to use them, and what they do that one would not guess: docs/graders.md.
"""

import ast
import copy

import nbformat

from .build import build
from .source import BEGIN, END, NOTE, SEED, WRONG, SourceError

NBGRADER = {"schema_version": 3, "task": False}
OTTER_BEGIN, OTTER_END = "# BEGIN SOLUTION", "# END SOLUTION"


def build_for(source, grader):
    """The notebook that a teacher gives to `grader`, "nbgrader" or "otter": with the solutions, without outputs.

    Raises SourceError if a check has no stored output, or if Otter could not tell the questions apart.
    """
    book = build(source)
    known = next(cell for cell in book.cells if cell.get("id") == "what-to-expect")
    known.source = "\n".join(["# What the checks expect with this seed. What is not as expected is an error.",
                              *known.source.split("\n")[1:], "check.raises = True"])
    book.cells = list({"nbgrader": nbgrader_cells, "otter": otter_cells}[grader](source, known))
    return book


def parts(source, known):
    """(role, task, cell) of each cell of a set but the teacher's own: "answer", "check", or "given", which has no task.

    known   the cell that says what to expect; it comes below the one with the seed
    """
    roles = {task.answer: ("answer", task) for task in source.tasks.values()}
    roles |= {task.check: ("check", task) for task in source.tasks.values()}
    for number, cell in enumerate(copy.deepcopy(source.book.cells)):
        if cell.cell_type == "raw" and (WRONG.match(cell.source) or NOTE.match(cell.source)):
            continue
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        yield *roles.get(number, ("given", None)), cell
        if cell.cell_type == "code" and SEED.search(cell.source):
            yield "given", None, known


# nbgrader: what a cell is stands in its metadata; it makes the students' notebook by `nbgrader generate_assignment`


def nbgrader_cells(source, known):
    """The cells of a set, with nbgrader's metadata; it knows our marks of a solution as its own."""
    for number, (role, task, cell) in enumerate(parts(source, known)):
        if cell.cell_type == "code":
            name = {"answer": f"{task.name}-answer", "check": task.name}[role] if task else f"given-{number}"
            about = {"grade": role == "check", "solution": role == "answer", "locked": role != "answer"}
            cell.metadata["nbgrader"] = {**NBGRADER, **about, "grade_id": name}
            if role == "check":
                cell.metadata["nbgrader"]["points"] = task.points
        yield cell


# Otter: raw cells stand around what belongs together; it makes the students' notebook by `otter assign`


def otter_cells(source, known):
    """The cells of a set, each answer with its check as a question of Otter's."""
    must_not_cross(source)
    yield raw(f"# ASSIGNMENT CONFIG\nname: {source.name}\nexport_cell:\n  pdf: false")
    for role, task, cell in parts(source, known):
        if role == "answer":
            cell.source = cell.source.replace(BEGIN, OTTER_BEGIN).replace(END, OTTER_END)
            yield from [raw(f"# BEGIN QUESTION\nname: {task.name}\npoints: {task.points:g}"), raw(OTTER_BEGIN), cell,
                        raw(OTTER_END)]
        elif role == "check":
            cell.source = undecorated(cell.source)
            yield from [raw("# BEGIN TESTS"), cell, raw("# END TESTS"), raw("# END QUESTION")]
        else:
            yield cell


def must_not_cross(source):
    """SourceError if an answer stands between another one and its check: a question of Otter's holds one of each."""
    tasks = sorted(source.tasks.values(), key=lambda task: task.answer)
    for one, other in zip(tasks, tasks[1:], strict=False):
        if other.answer < one.check:
            raise SourceError(f"{source.name}: the answer {other.name} stands above the check of {one.name}, and Otter "
                              "takes an answer with its check as one question. Move the check up")


def undecorated(code):
    """A check cell in which the decorator has become a call below its function.

    Otter makes a doctest of it and begins a new example at each line that is not indented, so that a decorator would
    stand without its function.
    """
    tree = ast.parse(code)
    calls = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            calls += [f"{ast.unparse(call)}({node.name})" for call in reversed(node.decorator_list)]
            node.decorator_list = []
    return "\n".join([ast.unparse(tree), *calls])


def raw(text):
    """A raw cell, by which Otter is told something."""
    return nbformat.v4.new_raw_cell(text)
