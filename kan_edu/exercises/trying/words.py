"""What a check cell says, as text: the verdict first, what to run and what differs, the score, then all values."""

from dataclasses import dataclass, field

import numpy as np

from .failing import Failing, as_rows, failing
from .standing import NOT_YET, OPEN, RIGHT, UNANSWERED, UNSEEN

BADGES = {RIGHT: "Right", NOT_YET: "Not yet", UNANSWERED: "Not answered yet", OPEN: "Cannot be told yet",
          UNSEEN: "Not checked yet"}
SIGNS = {RIGHT: "✔", NOT_YET: "✘", OPEN: "?", UNANSWERED: "–", UNSEEN: "–"}
TO_RUN = "The smallest input for which it is not right. Paste this into a new cell and run it:"
AS_YOURS = "It then calls your {}; what came below is what it gives with {}."
MOST_PRINTED = 1500  # letters of what an answer prints


@dataclass
class Said:
    """All that is said of one task. `sentences` belong below the verdict; `values` is what every check cell shows."""

    status: str
    verdict: str
    sentences: list
    failing: Failing | None
    printed: str
    score: str
    values: str
    beside: str = ""  # a remark on the line to run
    states: dict = field(default_factory=dict)


def say(standing, expected, states, notebook):
    """The `Said` of a `Standing`.

    expected  {task: about}, in order, with its "points"
    states    {task: status} of all tasks as far as they are known
    notebook  the notebook's names
    """
    task, status = standing.task, standing.status
    wrong = failing(task, standing.trial, expected[task], notebook) if status in (NOT_YET, OPEN) else None
    verdict = f"{task}: this is what was expected ({points(expected[task]['points'])})." if status == RIGHT else task
    sentences = about_others(standing, expected) if status != UNANSWERED else []
    if standing.differs is not None and status != UNANSWERED:
        sentences.append(standing.differs)
    theirs = "a right one" if len(standing.leaning) == 1 else "right ones"
    beside = AS_YOURS.format(listed(standing.leaning), theirs) if wrong and standing.leaning and standing.lent else ""
    return Said(status, verdict, sentences, wrong, shortened(standing.trial.printed), score(states, expected),
                as_text(task, standing.trial.found), beside, states)


def about_others(standing, expected):
    """Sentences on the tasks that this one builds on and that are not right yet."""
    if not standing.leaning:
        return []
    order = list(expected)
    names = [f"{order.index(task) + 1} ({task})" for task in standing.leaning]
    tasks, their = ("Task {} is", "a right one") if len(names) == 1 else ("Tasks {} are", "right ones")
    first = f"{tasks.format(listed(names))} not right yet: this one was tried with your {listed(standing.leaning)}"
    alone = f"{first}, and it {'is' if standing.own is None else 'is not'} what was expected."
    if not standing.lent:
        return [f"{alone} Who marks it puts {their} in the place; begin with {standing.leaning[0]}."]
    now = "is" if standing.differs is None else "is not either" if standing.own is not None else "is not"
    return [f"{alone} With {their} in the place it {now}, and that is what counts."]


def score(states, expected):
    """How many points there are so far, of how many, and what is left."""
    so_far = sum(about["points"] for task, about in expected.items() if states.get(task) == RIGHT)
    left = [f"{task} ({about['points']:g})" for task, about in expected.items() if states.get(task) != RIGHT]
    words = f"So far {so_far:g} of {points(sum(about['points'] for about in expected.values()))}"
    return f"{words}. Left: {', '.join(left)}." if left else f"{words}: all is right."


def points(number):
    """A number of points in words: 1 point, 2 points."""
    return f"{number:g} point{'' if number == 1 else 's'}"


def listed(names):
    """a, b and c."""
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def shortened(printed):
    """What an answer printed, cut in its middle if it is long."""
    if len(printed) <= MOST_PRINTED:
        return printed.rstrip("\n")
    half = MOST_PRINTED // 2
    return f"{printed[:half]}\n... ({len(printed) - 2 * half} letters more) ...\n{printed[-half:]}".rstrip("\n")


def said_as_text(said):
    """A `Said` as text, for where no HTML is shown; a number that differs stands between stars."""
    lines = [f"{BADGES[said.status]}. {said.verdict}", *(f"  {sentence}" for sentence in said.sentences)]
    if said.failing is not None:
        lines += about_failing(said.failing, said.beside)
    if said.printed:
        lines += ["  Your answer printed:", *(f"    {line}" for line in said.printed.split("\n"))]
    return "\n".join([*lines, f"  {said.score}", "", said.values])


def about_failing(wrong, beside=""):
    """Lines on the smallest input that fails."""
    lines = [f"  {TO_RUN}", f"    {wrong.line}", *([f"  {beside}"] if beside else [])] if wrong.line else []
    if wrong.label:
        marks = wrong.marks() if wrong.shape == wrong.right_shape else [False] * len(wrong.came)
        lines += [f"  {wrong.label}: came{shape_text(wrong.shape)}", *starred(wrong.shape, wrong.came, marks),
                  f"  expected{shape_text(wrong.right_shape)}", *starred(wrong.right_shape, wrong.expected, marks)]
    return lines


def starred(shape, texts, marks):
    """Rows of numbers, *those* that differ between stars."""
    marks = marks if len(marks) == len(texts) else [False] * len(texts)
    return ["    " + " ".join(f"*{text}*" if differs else text for text, differs in row)
            for row in as_rows(shape, texts, marks)]


# What every check cell shows, also where nothing is known of what is right


def as_text(task, found):
    """The values of a check: the task, then one line for each value."""
    if "error" in found:
        return f"{task}\n  {found['error']}"
    lines = [f"  {label}{shape_text(shape)}:{joined(shape, texts)}" for label, shape, texts in found["values"]]
    return "\n".join([task, *lines])


def shape_text(shape):
    """How a shape is shown behind a label; a number alone has none."""
    return f" {tuple(shape)}" if shape else ""


def joined(shape, texts):
    """Numbers with spaces between them; those of a matrix in columns, each row on a line of its own."""
    more = " ..." if len(texts) < int(np.prod(shape)) else ""
    if len(shape) < 2 or not shape[-1]:
        return " " + " ".join(texts) + more
    wide = max(map(len, texts), default=0)
    rows = [texts[start : start + shape[-1]] for start in range(0, len(texts), shape[-1])]
    return "".join("\n      " + " ".join(text.rjust(wide) for text in row) for row in rows) + more
