"""Judges one submission: a job without shared state, that can run in any process on any machine.

All answers run together first, in the order of the tasks. An answer that has to be stopped costs its own task only: the
rest is run again without it. Where several are wrong, the later ones get one more run without the first, which may have
spoilt more than itself. After a kernel that died nobody knows whose fault it was (a thread of an earlier answer may
have done it), and so it is where a cell of ours is stopped: from there on each task gets a kernel of its own.
"""

import itertools
import re
from dataclasses import dataclass, field

from kan_edu.exercises.hints import hint
from kan_edu.exercises.sets.build import names_in
from kan_edu.exercises.sets.source import KEY
from kan_edu.exercises.trying.errors import NOBODY_TYPES

from .job import Reference, assemble
from .runner import ENDED, Clock, MachineFailure, OutOfTime, run
from .verdict import MISSING, NOT_CHECKED, RIGHT, STOPPED, UNANSWERED, WRONG, Mark, Verdict

CELL_FILE = re.compile(r"\(\d+\.py, line (\d+)\)")  # what IPython calls a cell, in a syntax error
ATTEMPTS = 2  # a machine may fail once
BESIDE = "Its check cell shows more than its values: let the answer display nothing."
SHORTEST = 12  # letters of a line that tells something; shorter ones (return y) may stand anywhere
LONGEST = 1000  # letters of a message; an answer can forge what stands in it


@dataclass(frozen=True)
class Job:
    """All that is needed to judge one submission, as plain data.

    answers     {task: code} to be run
    unanswered  tasks whose answer is still the stub
    problems    {task: why there is no answer to run}
    elsewhere   {name: number of the cell that defines it, which is no answer cell}
    notes       remarks that go into the verdict
    sandbox     "bwrap" or "none"
    timeout     s that one cell may compute
    clock       what all of its cells have computed, and may
    """

    name: str
    reference: Reference
    answers: dict[str, str]
    unanswered: frozenset[str] = frozenset()
    problems: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    elsewhere: dict[str, int] = field(default_factory=dict)
    sandbox: str = "none"
    timeout: float = 20.0
    clock: Clock = field(default_factory=Clock)


def judge(job):
    """The `Verdict` on a job. A failure of the machine gives no mark: the verdict then is "not checked"."""
    verdict = Verdict(job.name, job.reference.name, notes=list(job.notes))
    marks = {}
    try:
        judge_answers(job, marks)
    except OutOfTime as error:
        stopped = {task: Mark(task, job.reference.points[task], STOPPED, str(error)) for task in job.answers}
        marks = stopped | marks
    except MachineFailure as failure:
        verdict.state = NOT_CHECKED
        verdict.problem = f"The machine failed, so there is no mark; check it again. {failure}"
        return verdict
    verdict.unsure = job.clock.waited
    for task, points in job.reference.points.items():
        verdict.marks.append(marks.get(task) or without_answer(job, task, points))
    verdict.notes += replaced(job, verdict.marks)
    return verdict


def replaced(job, marks):
    """A note on the answers in whose place the solution stood while later answers were judged; none if nobody asked."""
    stood = []
    for number, mark in enumerate(marks):
        later = [job.answers.get(other.task, "") for other in marks[number + 1 :]]
        solution = next(code for kind, task, code in job.reference.cells if (kind, task) == ("solution", mark.task))
        names = re.compile("|".join(rf"\b{re.escape(name)}\b" for name in names_in(solution)) or "(?!)")
        if mark.status != RIGHT and any(names.search(text) for text in later):
            stood.append(mark.task)
    if stood:
        yield (f"The solution stood in the place of {', '.join(stood)}, not right yet, while later answers that use "
               f"{'it' if len(stood) == 1 else 'them'} were judged.")


def without_answer(job, task, points):
    """The mark of a task for which nothing was run, with the reason."""
    if task in job.unanswered:
        return Mark(task, points, UNANSWERED, "Not answered yet.")
    return Mark(task, points, MISSING, job.problems.get(task, "There is no answer."))


def judge_answers(job, marks):
    """Put into `marks` the `Mark` of each answer that can be run, {task: Mark}."""
    left_out = set()
    while set(job.answers) - set(marks):
        results = run_again(job, {task: code for task, code in job.answers.items() if task not in left_out})
        note(job, results, marks)
        last = results[-1]
        if last.outcome == "stopped" and last.kind in ("answer", "check"):
            left_out.add(last.task)
            marks.setdefault(last.task, Mark(last.task, job.reference.points[last.task], STOPPED, last.words))
            continue
        if last.outcome in ENDED:
            for task in [task for task in job.answers if task not in marks]:
                judge_alone(job, task, marks)
        break
    judge_without_first(job, marks)


def judge_without_first(job, marks):
    """Give the wrong answers after the first wrong one another chance, in a kernel that has not seen that one."""
    wrong = [task for task in job.reference.points if task in marks and marks[task].status == WRONG]
    fit = [task for task in job.answers if marks[task].status != STOPPED and task != wrong[0]] if wrong[1:] else []
    if not fit:
        return
    again = {}
    note(job, run_again(job, {task: job.answers[task] for task in fit}), again)
    marks.update({task: again[task] for task in wrong[1:] if task in again})


def judge_alone(job, task, marks):
    """Judge one answer on top of the reference, with no other answer in its kernel."""
    results = run_again(job, {task: job.answers[task]})
    note(job, results, marks)
    if results[-1].outcome in ENDED:
        marks.setdefault(task, Mark(task, job.reference.points[task], STOPPED, results[-1].words))


def run_again(job, answers):
    """What came of each cell; the machine may fail once. Before the first answer only the machine can fail."""
    book = assemble(job.reference, answers)
    for attempt in range(ATTEMPTS):
        try:
            results = run(book, job.sandbox, job.timeout, job.clock)
            before = itertools.takewhile(lambda result: result.kind != "answer", results)
            failed = [result for result in before if result.outcome != "passed"]
            if failed:
                raise MachineFailure(f"A cell that no student wrote did not run. {error_in(failed[0])}")
            return results
        except MachineFailure:
            if attempt == ATTEMPTS - 1:
                raise


def note(job, results, marks):
    """Turn the results of checks into marks; a task that has its mark keeps it."""
    answers = (result for result in results if result.kind == "answer")
    broken = {result.task: error_in(result) for result in answers if result.outcome == "failed"}
    for result in results:
        if result.kind == "check" and result.outcome not in ENDED and result.task not in marks:
            points = job.reference.points[result.task]
            if result.outcome == "passed":
                marks[result.task] = Mark(result.task, points, RIGHT)
            else:
                words = explain(job, result, broken.get(result.task))
                marks[result.task] = Mark(result.task, points, WRONG, words)


def explain(job, result, error):
    """Why a check did not pass, and what to do."""
    found = next((output["metadata"][KEY] for output in result.outputs
                  if isinstance(output.get("metadata"), dict) and KEY in output["metadata"]), None)
    if error:
        words = error if error == NOBODY_TYPES else f"The answer cell fails: {error}"
    elif found is None:
        words = f"The check cell fails: {error_in(result)}. Does an answer change `check`, `np` or a name of a task?"
    else:
        words = hint(job.reference.expected(result.task), found) or BESIDE
    words = without_solutions(words, job)
    return about_other_cells(words, job.elsewhere) or words[:LONGEST]


def without_solutions(words, job):
    """Words in which no line of a solution stands that the student has not written too: an answer can look for them."""
    known = "\n".join([*job.answers.values(), *(code for kind, _, code in job.reference.cells if kind != "solution")])
    for kind, task, code in job.reference.cells:
        for line in map(str.strip, code.splitlines()) if kind == "solution" else ():
            if len(line) > SHORTEST and line in words and line not in known:
                words = words.replace(line, f"(a line of the solution of {task})")
    return words


def error_in(result):
    """The error among a cell's outputs, or what nbval said of it."""
    errors = [output for output in result.outputs if output.get("output_type") == "error"]
    if errors and errors[0].get("ename") == "StdinNotImplementedError":
        return NOBODY_TYPES
    said = next((f"{error.get('ename')}: {error.get('evalue')}"[:300] for error in errors), result.words)
    return CELL_FILE.sub(r"(line \1 of the cell)", said)


def about_other_cells(words, elsewhere):
    """The reason if an answer needs a name that the student defined outside of the answer cells; else ""."""
    for name, number in elsewhere.items():
        if f"name '{name}' is not defined" in words:
            return (f"{name} is defined in another cell (number {number} from the top), and only answer cells are "
                    f"checked: move it into the answer cell. (NameError: name '{name}' is not defined)")
    return ""
