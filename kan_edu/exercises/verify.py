"""Whether an exercise set can be handed out: its solutions pass, and what is wrong does not."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from kan_edu.exercises.marking.job import Reference
from kan_edu.exercises.marking.judge import Job, judge
from kan_edu.exercises.marking.reference import NARROW, fresh, make_reference
from kan_edu.exercises.marking.runner import MachineFailure
from kan_edu.exercises.marking.verdict import CHECKED, RIGHT
from kan_edu.exercises.sets.build import build, expected_values, stub
from kan_edu.exercises.sets.source import Source

from .hints import hint

SEEDS = 5
STUB = "the empty answer"


@dataclass
class Verified:
    """What `verify` found: how many runs it took, what is wrong, and what could be better, a sentence each."""

    runs: int = 0
    faults: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    verdicts: list = field(default_factory=list)  # (answers, Verdict) of each run


def verify(source: Source, sandbox, timeout=20.0, seeds=SEEDS, workers=2, progress=lambda words: None):
    """Check a set: its solutions pass for all `seeds`; empty stubs and listed wrong answers fail; outputs are current.

    progress   called with a line of text before each seed

    Raises SourceError if the solutions themselves fail, and MachineFailure if nothing could be run.
    """
    found = Verified()
    progress("the stored outputs")
    found.faults += stale_outputs(source, sandbox, timeout)
    build(source)
    found.remarks = [f"{task.name}: no wrong answer is listed, so only the empty one was tried (list one in a raw cell "
                     f"that begins with # WRONG {task.name}: why)" for task in source.tasks.values() if not task.wrong]
    for number in range(seeds):
        progress(f"seed {number + 1} of {seeds}")
        reference = make_reference(source, sandbox, timeout)
        jobs = [job_of(reference, kind, answers, sandbox, timeout) for kind, answers in attempts(source)]
        with ThreadPoolExecutor(workers) as executor:
            for (kind, answers), verdict in zip(attempts(source), executor.map(judge, jobs), strict=True):
                found.runs += 1
                found.verdicts.append((answers, verdict))
                found.faults += about(kind, answers, verdict, reference.seed)
    found.faults = list(dict.fromkeys(found.faults))
    return found


def stale_outputs(source, sandbox, timeout):
    """Which stored outputs are no longer what the solutions show for the published seed."""
    now, stored = fresh(source, sandbox, timeout, source.seed), expected_values(source)
    narrow = [task for task in source.tasks if now.expected(task)["margin"] < NARROW]
    if narrow:
        yield f"numbers of {', '.join(narrow)} lie where rounding turns for the published seed: choose another seed"
    changed = [task for task in source.tasks if hint(stored[task], now.expected(task)) is not None]
    if changed:
        yield f"stored outputs of {', '.join(changed)} are not those of the solutions: run all cells and save it"


def attempts(source):
    """(kind, {task: (why, code)}): the solutions, the stubs, then the first, second, ... wrong answer to each task."""
    cells = source.book.cells
    yield "solution", {name: ("", cells[task.answer].source) for name, task in source.tasks.items()}
    yield "wrong", {name: (STUB, stub(cells[task.answer].source)) for name, task in source.tasks.items()}
    most = max(len(task.wrong) for task in source.tasks.values())
    for number in range(most):
        yield "wrong", {name: task.wrong[number] for name, task in source.tasks.items() if number < len(task.wrong)}


def job_of(reference: Reference, kind, answers, sandbox, timeout):
    """The job that judges one attempt, {task: (why, code)}, against a reference."""
    return Job(kind, reference, {name: code for name, (_, code) in answers.items()}, sandbox=sandbox, timeout=timeout)


def about(kind, answers, verdict, seed):
    """What is wrong with a verdict: a solution that does not pass, a wrong answer that does."""
    if verdict.state != CHECKED:
        raise MachineFailure(verdict.problem)
    for mark in verdict.marks:
        if mark.task not in answers:
            continue
        if kind == "solution" and mark.status != RIGHT:
            yield (f"{mark.task}: its solution does not pass (seed {seed}): {mark.message} Two runs "
                   "of it differ: do all random numbers come from rng?")
        if kind == "wrong" and mark.status == RIGHT:
            yield (f"{mark.task}: passes and should not: {answers[mark.task][0]}. Let its check show what differs, or "
                   "take the wrong answer out")
