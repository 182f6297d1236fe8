"""A page in Markdown for each student: points, what is not right yet, and what to do next."""

import re
import unicodedata

from kan_edu.exercises.marking.verdict import (
    CHECKED,
    MISSING,
    NOT_CHECKED,
    RIGHT,
    STOPPED,
    UNANSWERED,
    UNREADABLE,
    WRONG,
)

from .whole import folder_for, legal, number, one_line, write_report

LONGEST = 2000  # letters of one message
SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&!@^]|:(?=//)|(?<=www)\.)")  # with the signs that make an address a link
TAKEN_BY_WINDOWS = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|\Z)", re.I)
NEXT = {
    WRONG: "Correct the answer, run its check cell, and compare.",
    UNANSWERED: "Write your answer into the cell that begins with `# ANSWER {task}`, then run the check cell below it.",
    MISSING: "Let the answer be a code cell whose first line is `# ANSWER {task}`.",
    STOPPED: "Look for a loop that does not end, for `input()`, `exit()` or `print` without end.",
}
SAME_CHECK = ("If this is a set of the course, `kan-edu check NOTEBOOK` runs the same check on your machine, before "
              "you hand it in again.")
INSTEAD = {
    NOT_CHECKED: "Nothing was marked. This is no fault of yours; the notebook will be checked again.",
    UNREADABLE: "Nothing could be marked. Hand in a notebook that JupyterLab opens.",
    CHECKED: "There was nothing to mark in it.",
}


def write_feedback(folder, verdicts):
    """Write a page for each verdict into `folder`, which is made if need be. Returns the files' paths.

    Pages of earlier runs with the same names are replaced. Raises ReportError.
    """
    folder = folder_for(folder)
    paths, taken = [], set()
    for verdict in verdicts:
        paths.append(folder / file_name(verdict.name, taken))
        write_report(paths[-1], page(verdict).encode())
    return paths


def file_name(name, taken):
    """A name that every system takes, different from those in `taken` in more than the case of letters; it is added."""
    stem = re.sub(r"\.ipynb\Z", "", unicodedata.normalize("NFC", name), flags=re.I)
    stem = re.sub(r"[^\w.]+", "_", stem).strip("._")[:60] or "submission"
    stem = f"_{stem}" if TAKEN_BY_WINDOWS.match(stem) else stem
    label, count = stem, 1
    while label.casefold() in taken:
        count += 1
        label = f"{stem}-{count}"
    taken.add(label.casefold())
    return f"{label}.md"


def page(verdict):
    """The Markdown of one verdict. What a student wrote stands in fences or is escaped, so it stays a text."""
    title = f"# {escaped(verdict.set or 'Exercises')}: {result(verdict)}"
    lines = [title, "", f"Your notebook: {span(verdict.name)}", ""]
    if verdict.state != CHECKED or not verdict.marks:
        lines += [*quoted(verdict.problem), INSTEAD.get(verdict.state, ""), ""]
    else:
        lines += ["| task | points | |", "|---|--:|---|"]
        lines += [f"| {escaped(mark.task)} | {number(mark.points)} of {number(mark.of)} | {escaped(mark.status)} |"
                  for mark in verdict.marks]
        lines += ["", *what_next(verdict.marks)]
    if verdict.notes:
        lines += ["## Remarks", "", *(f"- {escaped(note)}" for note in verdict.notes), ""]
    return "\n".join(lines)


def result(verdict):
    """The points of a verdict in words, or why it has none."""
    if verdict.state != CHECKED or not verdict.marks:
        return escaped(verdict.state if verdict.state != CHECKED else "nothing to mark")
    return f"{number(verdict.points)} of {number(verdict.of)} points"


def what_next(marks):
    """Lines on each task that is not right, the first one first: later ones may build on it."""
    left = [mark for mark in marks if mark.status != RIGHT]
    if not left:
        return ["All of it is right.", ""]
    lines = ["## What to do next", ""]
    for mark in left:
        lines += [f"### {escaped(mark.task)}: {escaped(mark.status)}", "", *quoted(mark.message), todo(mark), ""]
    return [*lines, SAME_CHECK, ""]


def todo(mark):
    """What to do next about a task that is not right."""
    return NEXT.get(mark.status, "").format(task=re.sub(r"\W", "", mark.task))


def quoted(text):
    """Lines that show a text as it is: one as a quotation, several in a fence that they cannot close."""
    text = legal(text).replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]} ..."
    if "\n" not in text:
        return [f"> {escaped(text)}", ""] if text.strip() else []
    fence = "`" * max(3, 1 + longest_run(text))
    return [f"{fence}text", *text.split("\n"), fence, ""]


def span(text):
    """A text as code inside a line."""
    text = one_line(text)
    marks = "`" * (1 + longest_run(text))
    return f"{marks} {text} {marks}"


def longest_run(text):
    """How many backticks stand in a row, at most."""
    return max(map(len, re.findall("`+", text)), default=0)


def escaped(text):
    """A text in one line in which nothing is Markdown; a sign that would begin a list or a heading is escaped too."""
    text = SPECIAL.sub(r"\\\1", one_line(text))
    return re.sub(r"\A(\d*)([-+=.)])", r"\1\\\2", text)
