"""A student's notebook worked through in this process, without a kernel: what its check cells show and say."""

from contextlib import contextmanager

from kan_edu.exercises import checks
from kan_edu.exercises.sets.build import build, solution, stub
from kan_edu.exercises.sets.source import ANSWER


@contextmanager
def displays():
    """A list of (data, metadata) of what check cells display inside."""
    seen, real = [], checks.display
    checks.display = lambda data, metadata=None, raw=True: seen.append((data, metadata))
    try:
        yield seen
    finally:
        checks.display = real


def answers_of(source, **changed):
    """{task: code} with the solutions, and what is `changed`; None: the stub."""
    cells = {task.name: source.book.cells[task.answer].source for task in source.tasks.values()}
    return {name: stub(code) if changed.get(name, "") is None else changed.get(name, solution(code))
            for name, code in cells.items()}


def worked(source, answers):
    """(the notebook's names, what its cells display) with these answers, {task: code}, run from top to bottom."""
    names = {}
    with displays() as seen:
        for cell in build(source).cells:
            head = ANSWER.match(cell.source)
            if cell.cell_type == "code" and (head or runs_here(cell.source)):
                exec(compile(answers[head[1]] if head else cell.source, "<a cell>", "exec"), names)
    return names, seen


def runs_here(code):
    """Pictures are left out: they take long and show no verdict."""
    return "plot." not in code and "print(" not in code
