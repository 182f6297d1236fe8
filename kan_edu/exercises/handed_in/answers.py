"""The answers in a notebook that was handed in: which cell answers which task, whatever became of the notebook.

An answer is known by its line `# ANSWER name`, and if that is gone by what the cell's metadata says. Not by its place
or its cell id: students move cells, and Colab and VS Code lose ids.
"""

import difflib
import io
import itertools
import keyword
import re
import tokenize
from dataclasses import dataclass, field

from kan_edu.exercises.sets.build import stub
from kan_edu.exercises.sets.cells import Cell, Unreadable, as_dict, read_book, read_cells
from kan_edu.exercises.sets.source import KEY

__all__ = ["Answers", "Cell", "Unreadable", "find_answers", "read_book", "read_cells", "which_set"]

LIMIT = 200_000  # bytes of one answer
MOST_NAMED = 10  # cells of one task that are named in notes
# As students write it too: #answer: double, ## ANSWER Double (mine)
HEAD = re.compile(r"^[ \t]*#+[ \t]*ANSWER[ \t:]+([^\W\d]\w*)[ \t]*(?:[-:;.,(#!].*)?$", re.M | re.I)
COMMENT = re.compile(r"^([^\"'#\n]*)#.*$", re.M)  # only where no quote stands before it, which may hold the #
MOST_HEADS = 1000  # of one cell; whoever writes more of them writes no answers
DEFINED = re.compile(
    r"^(?:(?:async[ \t]+)?def|class)[ \t]+(?P<one>\w+)"
    r"|^(?:from[ \t]+\S+[ \t]+)?import[ \t]+(?P<imported>.+)$"
    r"|^(?P<several>[\w*][\w, \t*]*+)(?::[^=\n]+)?=(?!=)",  # possessive: a line of spaces is not tried twice
    re.M,
)


@dataclass
class Answers:
    """What was found of one exercise set in a notebook. Cells are counted from 1, of all kinds.

    texts       {task: code}; nbval's comments in it are without effect
    notes       remarks for student and teacher
    problems    {task: why there is no text, and what to do}
    elsewhere   {name: number of the cell that defines it}, of code cells that answer nothing
    unanswered  tasks among `texts` whose text is still the one that was handed out, or empty
    """

    texts: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    problems: dict[str, str] = field(default_factory=dict)
    elsewhere: dict[str, int] = field(default_factory=dict)
    unanswered: list[str] = field(default_factory=list)


@dataclass
class Piece:
    """A cell, or a part of one, that answers a task. `by_head` is False if only the metadata says so."""

    number: int
    kind: str
    text: str
    by_head: bool = True


def find_answers(cells, source):
    """The `Answers` in a list of `Cell` to the tasks of a `Source`."""
    pieces = {name: [] for name in source.tasks}
    answers = Answers(elsewhere=defined_elsewhere(cells, source))
    for number, cell in enumerate(cells, 1):
        for name, piece in pieces_of(number, cell, source.tasks):
            pieces[name].append(piece)
    for name, task in source.tasks.items():
        code = [piece for piece in pieces[name] if piece.kind == "code"]
        if code:
            settle(name, code, stub(source.book.cells[task.answer].source), answers)
        elif pieces[name]:
            number, kind = pieces[name][0].number, pieces[name][0].kind.capitalize() or "no code"
            answers.problems[name] = (f"the answer {name} (cell {number}) is a {kind} cell now, which does not run: "
                                      "select it and change it to Code (press Y).")
        else:
            answers.problems[name] = missing(name, cells, source.tasks, answers.elsewhere)
    return answers


def pieces_of(number, cell, tasks):
    """(task, Piece) for each task that a cell answers: several if students merged the cells."""
    heads = [head for head in heads_in(cell.source) if task_called(head[1], tasks)]
    heads = heads[:1] + [head for head in heads[1:] if cell.source[head.start()] == "#"]  # no cut inside a function
    if not heads and cell.answer in tasks:
        yield cell.answer, Piece(number, cell.kind, cell.source, by_head=False)
    cuts = [0, *(head.start() for head in heads[1:]), len(cell.source)]
    for head, start, end in zip(heads, cuts, cuts[1:], strict=False):
        yield task_called(head[1], tasks), Piece(number, cell.kind, cell.source[start:end].rstrip("\n"))


def heads_in(source):
    """The matches of `HEAD` in a cell, as far as they are comments: such a line can stand inside a string as well.

    A text that Python cannot cut into tokens, and one too long to be run, is taken line by line.
    """
    heads = list(itertools.islice(HEAD.finditer(source), MOST_HEADS))
    quotes = any(quote in source for quote in ('"""', "'''", "\\\n"))  # else no string goes over several lines
    if not heads or not quotes or len(source) > LIMIT:
        return heads
    try:
        comments = {token.start[0] for token in tokenize.generate_tokens(io.StringIO(source, newline="\n").readline)
                    if token.type == tokenize.COMMENT}
    except (tokenize.TokenError, SyntaxError):
        return heads
    return [head for head in heads if source.count("\n", 0, head.start(1)) + 1 in comments]


def task_called(name, tasks):
    """The task of this name, letters' case ignored if that is plain; None if there is none."""
    alike = [name] if name in tasks else [task for task in tasks if task.lower() == name.lower()]
    return alike[0] if len(alike) == 1 else None


def settle(name, pieces, handed_out, answers):
    """Put the code of one task into `answers`: joined, made harmless, and whether it is an answer at all."""
    written = [piece for piece in pieces if not still_open(piece.text, handed_out)]
    used = written or pieces[:1]
    numbers = list(dict.fromkeys(piece.number for piece in pieces))
    if len(numbers) > 1:
        which = ", ".join(map(str, numbers[:MOST_NAMED])) + (", ..." if len(numbers) > MOST_NAMED else "")
        answers.notes.append(f"{name} has {len(numbers)} answer cells (counted from the top: {which}). What is written "
                             "in them was joined in this order; one cell is safer.")
    answers.notes += [f"cell {piece.number} was taken as the answer {name}, although its line # ANSWER {name} is gone."
                      for piece in used[:MOST_NAMED] if not piece.by_head]
    text = "\n\n".join(piece.text for piece in used)
    size = len(text.encode())
    if size > LIMIT:
        answers.problems[name] = (f"the answer {name} has {size / 1000:.1f} kB, and at most {LIMIT / 1000:.0f} kB are "
                                  "run. Keep only the code that the task asks for.")
        return
    text, marked = without_nbval(text)
    answers.notes += [f"{marker} has no effect in the answer {name}." for marker in marked]
    answers.texts[name] = text
    if not written:
        answers.unanswered.append(name)


def still_open(text, handed_out):
    """Whether a text is what was handed out, or empty, whatever comments and spaces there are."""
    return len(text) <= LIMIT and bare(text) in {"", bare(handed_out)}


def bare(code):
    """Code without comments and white space: what is left of two answers that only look different is the same."""
    return "".join(COMMENT.sub(r"\1", code).split())


def without_nbval(code):
    """(code in which no comment tells nbval to skip a cell or its output, the markers found), read as nbval reads."""
    from nbval.plugin import comment_markers

    lines, found = [], []
    for line in code.splitlines(keepends=True):  # nbval's lines end at form feeds too, and inside texts
        words = line.strip()
        marker = words.lstrip("#").strip() if words.startswith("#") else ""
        if marker in comment_markers:
            found.append(marker)
            body = line.rstrip()
            line = f"{body} (without effect){line[len(body):]}"
        lines.append(line)
    return "".join(lines), list(dict.fromkeys(found))


# What to say of an answer that is not there


def missing(name, cells, tasks, elsewhere):
    """Why there is no answer to a task, and where it may be: under another name, or in a cell without its line."""
    words = f"there is no answer cell {name}: add a code cell whose first line is # ANSWER {name}"
    others = {head[1][:80]: number for number, cell in enumerate(cells, 1) for head in heads_in(cell.source)
              if not task_called(head[1], tasks)}
    alike = difflib.get_close_matches(name, list(others)[:100], n=1)
    if alike:
        return f"{words}. Cell {others[alike[0]]} begins with # ANSWER {alike[0]}: if that is it, correct the name."
    if name in elsewhere:
        return f"{words}. Cell {elsewhere[name]} defines {name}: if that is it, put this line above it."
    return f"{words}, and your answer below it."


def defined_elsewhere(cells, source):
    """{name: number of the last cell that defines it} of code cells without an answer, less what was handed out."""
    solved = {task.answer for task in source.tasks.values()}
    given = {name for number, cell in enumerate(source.book.cells) if cell.cell_type == "code" and number not in solved
             for name in defined(cell.source)}
    found = {}
    for number, cell in enumerate(cells, 1):
        if cell.kind == "code" and len(cell.source) <= LIMIT and not any(pieces_of(number, cell, source.tasks)):
            found |= {name: number for name in defined(cell.source) if name not in given}
    return found


def defined(code):
    """Names that code defines at its left edge. Read by a pattern: it need not be Python (magics, unfinished lines)."""
    names = set()
    for match in DEFINED.finditer(code):
        if match["imported"]:
            names |= {part.split()[-1] for part in match["imported"].split("#")[0].split(",") if part.split()}
        else:
            names |= {part.strip(" \t*") for part in (match["one"] or match["several"]).split(",")}
    return {name for name in names if name.isidentifier() and not keyword.iskeyword(name)}


# Which set


def which_set(cells, metadata, sets):
    """The name of the set in {name: Source} that a notebook belongs to, or None if that cannot be told.

    The book's metadata says it (`kan-edu exercise build` writes it); if that is lost, the set most of whose answers it
    has. Who says another set is not guessed at: a teacher's own may have a task of the same name.
    """
    said = set_said(metadata)
    if said is not None:
        return said if said in sets else None
    counts = {name: len(tasks_in(cells, source)) for name, source in sets.items()}
    best = [name for name, count in counts.items() if count and count == max(counts.values())]
    return best[0] if len(best) == 1 else None


def set_said(metadata):
    """The name of the set that a book's metadata says, or None."""
    said = as_dict(metadata.get(KEY)).get("exercise")
    return said[:100] if isinstance(said, str) else None


def tasks_in(cells, source):
    """The tasks of a `Source` that are answered in any of the cells, of whatever kind."""
    return {name for number, cell in enumerate(cells, 1) for name, _ in pieces_of(number, cell, source.tasks)}
