"""Fresh reference outputs: the solutions run once, with a seed that nobody knew before."""

import secrets
from dataclasses import replace

from kan_edu.exercises.sets.source import KEY, SourceError

from .job import assemble, without_outputs
from .runner import MachineFailure, run

NARROW = 2e-4  # of the last decimal: with four digits, answers may differ by 1e-8 and still show the same
TRIES = 20


def make_reference(source, sandbox, timeout, seed=None):
    """The `Reference` of a set for `seed` (default: a random one), with the outputs of its solutions.

    nbval has no tolerance. So if a number lies too near to where it would be rounded the other way, the next seed is
    taken. Raises SourceError if a solution fails, shows nothing, or lies at such a place for every seed.
    """
    first = secrets.randbelow(2**31) if seed is None else seed
    for attempt in range(TRIES):
        reference = fresh(source, sandbox, timeout, first + attempt)
        narrow = [task for task in reference.points if reference.expected(task)["margin"] < NARROW]
        if not narrow:
            return reference
    raise SourceError(f"{source.name}: numbers of {', '.join(narrow)} lie where rounding turns, for {TRIES} seeds. "
                      "Show other numbers, or more digits: @check(..., digits=6)")


def fresh(source, sandbox, timeout, seed):
    """The reference for just this seed."""
    empty = without_outputs(source, seed)
    solutions = {task: code for kind, task, code in empty.cells if kind == "solution"}
    outputs = {}
    for result in run_twice(assemble(empty, solutions), sandbox, timeout):
        if result.kind == "check":
            outputs[result.task] = checked_outputs(source, result)
        elif result.outcome != "passed":
            place = result.task or "the beginning"
            raise SourceError(f"{source.name}: a cell of {place} fails: {result.words}. Run the source in JupyterLab "
                              "from top to bottom and mend it")
    missing = [task for task in empty.points if task not in outputs]
    if missing:
        raise SourceError(f"{source.name}: no output of the checks of {', '.join(missing)}")
    return replace(empty, outputs=outputs)


def run_twice(book, sandbox, timeout):
    """What came of each cell; the machine may fail once."""
    try:
        return run(book, sandbox, timeout)
    except MachineFailure:
        return run(book, sandbox, timeout)


def checked_outputs(source, result):
    """The outputs of a check of the solution. A reference without values would let everything pass."""
    found = [output.get("metadata", {}).get(KEY) for output in result.outputs]
    if len(found) != 1 or not found[0]:
        raise SourceError(f"{source.name}: the check of {result.task} must show its values and nothing else; "
                          f"{result.words or 'it has ' + str(len(found)) + ' outputs'}")
    if "error" in found[0]:
        raise SourceError(f"{source.name}: the solution of {result.task} fails: {found[0]['error']}")
    if not any(numbers for _, _, numbers in found[0]["values"]):
        raise SourceError(f"{source.name}: the check of {result.task} shows no number")
    return result.outputs
