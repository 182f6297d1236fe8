"""The notebook that is run for one submission: the reference, with the student's answers transplanted into it.

Only the source of answers comes from the student. Checks, their outputs, the kernel and the order of cells are the
reference's. After each check stands the solution, so that what builds on a wrong answer is judged on top of the
reference; `hooks.py` leaves it out where the answer was right, so that what builds on a right one is judged on that.
"""

from dataclasses import dataclass, field

import nbformat

from kan_edu.exercises.sets.build import solution
from kan_edu.exercises.sets.source import ANSWER, KEY, SEED

IGNORED = ["nbval-ignore-output"]


@dataclass(frozen=True)
class Reference:
    """An exercise set with fresh outputs: all that is needed to judge answers, as plain data that can be sent.

    name     of the set
    seed     that no student knew
    cells    [(kind, task, code)]: kind is "given", "solution" or "check"; task is "" before the first answer
    outputs  {task: the outputs of its check}
    points   {task: what it is worth}, in order
    """

    name: str
    seed: int
    cells: list[tuple[str, str, str]]
    points: dict[str, float]
    outputs: dict[str, list] = field(default_factory=dict)

    def expected(self, task):
        """The values that the solution's check showed: see `Checks.examine`."""
        return self.outputs[task][0]["metadata"][KEY]


def without_outputs(source, seed):
    """The `Reference` of a `Source` for `seed`, whose checks were not run yet."""
    answers = {task.answer: task.name for task in source.tasks.values()}
    checks = {task.check: task.name for task in source.tasks.values()}
    cells, last = [], ""
    for number, cell in enumerate(source.book.cells):
        if cell.cell_type != "code":
            continue
        if number in answers:
            last = answers[number]
            cells.append(("solution", last, solution(cell.source)))
        elif number in checks:
            cells.append(("check", checks[number], cell.source))
        else:
            cells.append(("given", last, SEED.sub(f"Checks(seed={seed})", cell.source)))
    return Reference(source.name, seed, cells, {task.name: task.points for task in source.tasks.values()})


def assemble(reference, answers):
    """The book to be run by nbval: each of `answers` ({task: code}), its check, then the solution.

    Where there is no answer the solution stands at once, and its check is not run. What would follow the last check is
    left out, unless the reference is still to be made. A cell's id is kind-number, its metadata names its kind and its
    task.
    """
    solutions = {task: code for kind, task, code in reference.cells if kind == "solution"}
    cells = []
    for kind, task, code in reference.cells:
        if kind == "solution":
            cells.append(make("answer", task, answers[task]) if task in answers else make(kind, task, code))
        elif kind == "check" and task in answers:
            cells += [make(kind, task, code, reference.outputs.get(task)), make("solution", task, solutions[task])]
        elif kind == "given":
            cells.append(make(kind, task, code))
    while reference.outputs and len(cells) > 1 and not cells[-1].outputs:
        cells.pop()
    for number, cell in enumerate(cells):
        cell.id = f"{cell.id}-{number}"
        cell.execution_count = None if "nbval-unrun" in cell.metadata.tags else number + 1
    kernel = {"name": "exercise", "display_name": "exercise"}
    return nbformat.v4.new_notebook(cells=cells, metadata={"kernelspec": kernel})


def make(kind, task, code, outputs=None):
    """A cell; only a check with outputs is compared. A solution says so, lest an error quote one of its lines."""
    code = ANSWER.sub(f"# SOLUTION {task}", code) if kind == "solution" else code
    cell = nbformat.v4.new_code_cell(code, id=kind)
    cell.metadata.update({"tags": list(IGNORED), KEY: {"kind": kind, "task": task}})
    if kind == "check" and outputs is not None:
        cell.metadata.tags = []
        cell.outputs = [nbformat.from_dict(output) for output in outputs]
    elif kind == "check":
        cell.metadata.tags = ["nbval-unrun"]  # not a tag of nbval's: the outputs of the reference are made now
    return cell
