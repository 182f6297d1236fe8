"""The source notebook of an exercise set: one file holds tasks, answers with their solutions, checks, wrong answers.

    # ANSWER name           first line of a code cell that students fill in; the solution stands between the lines
    ### BEGIN SOLUTION      and
    ### END SOLUTION        (both alone on their line, indented as the solution is)
    @check("name", ...)     in a code cell further down: shows what the answer computes
    # WRONG name: why       first line of a raw cell: an answer that must not pass; students never see it
    # TEACHER               first line of a raw cell: a note that students never see
    check = Checks(seed=5)  once, in a code cell at the top; 5 is the seed of the stored outputs

Everything else is the students' as it stands.
"""

import kan_edu.exercises.sets.lightly  # noqa: F401, I001  first, before nbformat

import ast
import re
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

ANSWER = re.compile(r"\A\s*#[ \t]*ANSWER[ \t]+([A-Za-z_]\w*)[ \t]*$", re.M)
NEARLY_WRONG = re.compile(r"\A\s*#[ \t]*WRONG\b", re.I)
WRONG = re.compile(r"\A\s*#[ \t]*WRONG[ \t]+([A-Za-z_]\w*)[ \t]*:?[ \t]*(.*)$", re.M)
NOTE = re.compile(r"\A\s*#[ \t]*TEACHER\b")
SEED = re.compile(r"\bChecks\(\s*seed\s*=\s*(\d+)\s*\)")
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
KEY = "kan_edu"  # under this name all our metadata stands, in cells, outputs and books


class SourceError(Exception):
    """An exercise set is not what it must be; the message says where and what to do."""


@dataclass
class Task:
    """One task: an answer cell and the check cell that calls it. Numbers are places among the book's cells."""

    name: str
    answer: int
    points: float = 0.0
    check: int | None = None
    wrong: list[tuple[str, str]] = field(default_factory=list)  # (why it is wrong, the answer)


@dataclass
class Source:
    """An exercise set: its name, its book and its tasks in order."""

    name: str
    book: nbformat.NotebookNode
    tasks: dict[str, Task]

    @property
    def points(self):
        return sum(task.points for task in self.tasks.values())

    @property
    def seed(self):
        """The published seed, of the stored outputs."""
        return next(int(match[1]) for cell in self.book.cells if cell.cell_type == "code"
                    if (match := SEED.search(cell.source)))

    @property
    def title(self):
        """The first heading of the book."""
        heads = (re.search(r"^# +(.+)$", cell.source, re.M) for cell in self.book.cells if cell.cell_type == "markdown")
        return next((head[1] for head in heads if head), self.name)


def read_source(path):
    """The `Source` in a notebook file. Raises SourceError if it is none or is put together wrongly."""
    path = Path(path)
    try:
        book = nbformat.read(path, as_version=4)
    except OSError as error:
        raise SourceError(f"cannot read {path}: {error.strerror or error}") from error
    except Exception as error:  # nbformat raises many kinds, some of them its own, some from json
        raise SourceError(f"{path} is not a notebook: {error}") from error
    return parse(path.stem, book)


def parse(name, book):
    """The `Source` of a book in memory. Raises SourceError that lists all faults at once."""
    if "exercise" in book.metadata.get(KEY, {}):
        raise SourceError(f"{name} is the notebook that students get. Name its source, which has the solutions")
    tasks, faults = {}, []
    for number, cell in enumerate(book.cells):
        about = {"code": _code, "raw": _raw}.get(cell.cell_type, lambda *_: ())
        faults += [f"cell {number + 1}: {words}" for words in about(number, cell, tasks)]  # as people count
    faults += faults_of_seed(book, tasks)
    faults += [f"the answer {task.name} has no check" for task in tasks.values() if task.check is None]
    if not tasks:
        faults.append("it has no answer cell (a code cell that begins with # ANSWER name)")
    if faults:
        raise SourceError(f"{name} is not an exercise set:\n" + "\n".join(f"  {fault}" for fault in faults))
    return Source(name, book, tasks)


def faults_of_seed(book, tasks):
    """The seed must be one that can be replaced: in a cell of its own, above all answers, once."""
    places = [number for number, cell in enumerate(book.cells) if cell.cell_type == "code"
              for _ in SEED.findall(cell.source)]
    if len(places) != 1:
        yield f"check = Checks(seed=5), any number, must stand in it once; it does {len(places)} times"
    elif any(places[0] >= task.answer for task in tasks.values()):
        yield f"cell {places[0] + 1}: check = Checks(seed=...) must stand above the first answer"


def _code(number, cell, tasks):
    """Note a code cell in `tasks`; yield what is wrong with it."""
    head = ANSWER.match(cell.source)
    if head and head[1] in tasks:
        yield f"a second answer {head[1]}; a task has one"
    elif head:
        tasks[head[1]] = Task(head[1], number)
        yield from faults_of_regions(cell.source)
    elif BEGIN in cell.source:
        yield f"{BEGIN} outside an answer cell: begin the cell with # ANSWER name"
    try:
        found = list(checks_in(cell.source))
    except SyntaxError:
        return  # a magic, for one; Python would not find a check either
    if found and head:
        yield "an answer with a check in it: a check stands in a cell of its own"
    elif found[1:]:
        yield "two checks in one cell: each stands in a cell of its own"
    for task, points in found:
        if task not in tasks:
            yield f"checks {task!r}, which no cell above answers"
        elif tasks[task].check is not None:
            yield f"a second check of {task!r}; one check can show several values: return {{label: value}}"
        elif not isinstance(points, int | float):
            yield f'@check("{task}", points=...) needs its points, a number'
        else:
            tasks[task].points, tasks[task].check = points, number


def _raw(number, cell, tasks):
    head = WRONG.match(cell.source)
    if head and head[1] in tasks:
        tasks[head[1]].wrong.append((head[2] or "no reason given", cell.source[head.end() :].strip("\n")))
    elif head:
        yield f"a wrong answer to {head[1]!r}, which no cell above answers"
    elif NEARLY_WRONG.match(cell.source):  # students would get it as it stands
        yield "a wrong answer to what? Begin the cell with # WRONG name: why"


def checks_in(code):
    """(name, points) of each @check(...) in a cell; points is None where it is not a plain number, as -1."""
    for node in ast.walk(ast.parse(code)):
        for call in getattr(node, "decorator_list", []):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "check" and call.args:
                points = [word.value for word in call.keywords if word.arg == "points"]
                number = points[0].value if points and isinstance(points[0], ast.Constant) else None
                yield getattr(call.args[0], "value", None), number


def faults_of_regions(code):
    """What is wrong with the solution regions of an answer cell."""
    marks = [line.strip() for line in code.splitlines() if line.strip() in (BEGIN, END)]
    if not marks:
        yield f"an answer without a solution: put it between {BEGIN} and {END}"
    elif marks != [BEGIN, END] * (len(marks) // 2):
        yield f"{BEGIN} and {END} do not take turns"


def regions(code):
    """The lines of an answer cell as (inside a solution?, indent, line); the marks are left out."""
    inside, indent = False, ""
    for line in code.splitlines():
        if line.strip() in (BEGIN, END):
            inside, indent = line.strip() == BEGIN, line[: len(line) - len(line.lstrip())]
            continue
        yield inside, indent, line
