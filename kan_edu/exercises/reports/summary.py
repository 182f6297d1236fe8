"""What the terminal shows: one submission in full, or a class as a table with what it found hard."""

import statistics
import unicodedata

from kan_edu.exercises.handed_in.students import shown_names
from kan_edu.exercises.marking.verdict import CHECKED, NOT_CHECKED, RIGHT

from .feedback import todo
from .whole import legal, number, one_line

WIDEST = 44  # letters of a name in the table; the CSV has all of it
SAME = "Whoever marks it runs the same check, with other random numbers."


def one(verdict):
    """A text about one submission: points, each task with what differs or what to do, remarks."""
    lines = [f"{one_line(verdict.name)}{', ' if verdict.set else ''}{one_line(verdict.set)}: {points_text(verdict)}"]
    if counts(verdict):
        rows = [[mark.task, f"{number(mark.points)} of {number(mark.of)}", mark.status] for mark in verdict.marks]
        for mark, row in zip(verdict.marks, aligned(rows), strict=True):
            words = mark.message or todo(mark).replace("`", "")
            lines += [f"  {row}", *(f"      {line}" for line in legal(words).splitlines() if line.strip())]
    else:
        lines += [f"  {line}" for line in legal(verdict.problem).splitlines()]
    lines += [f"  Note: {one_line(note)}" for note in verdict.notes]
    return "\n".join([*lines, SAME] if counts(verdict) else lines)


def summary(verdicts):
    """A text about a class: a row for each submission, for each set the median and how many solved each task."""
    shown = shown_names([verdict.name for verdict in verdicts])
    rows = [["submission", "set", "points", ""]]
    rows += [[shortened(shown[verdict.name]), verdict.set or "-", points_text(verdict, short=True), left_over(verdict)]
             for verdict in verdicts]
    lines = aligned(rows)
    for name in sorted({verdict.set for verdict in verdicts if counts(verdict)}):
        lines += ["", *about_set(name, [verdict for verdict in verdicts if verdict.set == name and counts(verdict)])]
    lines += about_the_rest(verdicts, shown)
    return "\n".join(lines)


def counts(verdict):
    """Whether there is a mark."""
    return verdict.state == CHECKED and bool(verdict.marks)


def points_text(verdict, short=False):
    """2 of 3 points; where there is no mark the state, or nothing in the `short` form for a table."""
    if not counts(verdict):
        return "" if short else one_line(verdict.state if verdict.state != CHECKED else "nothing to mark")
    return f"{number(verdict.points)} of {number(verdict.of)}" + ("" if short else " points")


def left_over(verdict):
    """What is not right, in a few words."""
    if not counts(verdict):
        return f"{verdict.state}, see below"
    return ", ".join(f"{mark.task} {mark.status}" for mark in verdict.marks if mark.status != RIGHT) or "all right"


def about_set(name, verdicts):
    """Lines on one set: how many, the median, and for each task how many are right."""
    of, middle = max(verdict.of for verdict in verdicts), statistics.median(verdict.points for verdict in verdicts)
    whole = sum(verdict.all_right for verdict in verdicts)
    marks = {}
    for verdict in verdicts:
        for mark in verdict.marks:
            marks.setdefault(mark.task, []).append(mark.status)
    rows = [[task, f"{said.count(RIGHT)} of {len(said)} right", others(said)] for task, said in marks.items()]
    head = f"{one_line(name) or 'unknown set'}: {len(verdicts)} checked, {whole} all right"
    return [f"{head}, median {number(middle)} of {number(of)} points", *(f"  {row}" for row in aligned(rows))]


def others(said):
    """How many got each status but right, in the order in which they came: 2 wrong, 1 missing."""
    kinds = sorted(set(said) - {RIGHT}, key=said.index)
    return ", ".join(f"{said.count(kind)} {kind}" for kind in kinds)


def about_roster(people, absent, strangers):
    """Lines on who of a class handed in nothing, and which submissions are of nobody in it."""
    shown = shown_names(strangers)
    lines = ["", f"{len(absent)} of {len(people)} on the roster handed in nothing",
             *(f"  {one_line(person.name)}" for person in absent)]
    if strangers:
        lines += ["", f"{len(strangers)} not on the roster", *(f"  {one_line(shown[label])}" for label in strangers)]
    return "\n".join(lines)


def about_the_rest(verdicts, shown):
    """Lines on submissions without a mark."""
    unmarked = [verdict for verdict in verdicts if not counts(verdict)]
    lines = []
    for again, words in [(False, "cannot be marked, the file is at fault"),
                         (True, "not checked, this machine is at fault: check them again")]:
        some = [verdict for verdict in unmarked if (verdict.state == NOT_CHECKED) is again]
        if some:
            lines += ["", f"{len(some)} {words}"]
            lines += [f"  {one_line(shown[verdict.name])}: {one_line(verdict.problem) or 'no reason is known'}"
                      for verdict in some]
    return lines


# Columns


def aligned(rows):
    """Rows of texts as lines with columns of one width."""
    rows = [[one_line(text) for text in row] for row in rows]
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(text + " " * (most - width(text)) for text, most in zip(row, widths, strict=True)).rstrip()
            for row in rows]


def width(text):
    """Columns that a text takes in a terminal: Chinese letters take two, accents of their own none."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in text)
    return len(text) + wide - sum(unicodedata.combining(c) > 0 for c in text)


def shortened(name):
    """The end of a long name: the beginning is often the same for a whole class."""
    name = one_line(name)
    return name if len(name) <= WIDEST else f"...{name[3 - WIDEST :]}"
