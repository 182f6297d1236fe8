"""A picture of a class: for each task how many answers are right, wrong, and so on."""

import io
from pathlib import Path

from kan_edu.exercises.marking.verdict import MISSING, RIGHT, STOPPED, UNANSWERED, WRONG

from .summary import counts
from .whole import ReportError, one_line, write_report

ENDINGS = (".png", ".svg", ".pdf")
SHOWN = {RIGHT: ("#009E73", ""), WRONG: ("#D55E00", "//"), UNANSWERED: ("#CCCCCC", ""), MISSING: ("#8C8C8C", ".."),
         STOPPED: ("#CC79A7", "xx")}  # told apart by colour and by pattern
LONGEST = 24  # letters of a task's name


def write_picture(path, verdicts):
    """Draw bars for each task into a PNG, an SVG or a PDF, a panel for each set. Raises ReportError."""
    drawn = io.BytesIO()
    class_picture(verdicts).savefig(drawn, format=must_be_picture(path).suffix[1:].lower(), facecolor="white")
    write_report(path, drawn.getvalue())


def must_be_picture(path):
    """The path, if its name ends as one of the pictures that can be drawn. Raises ReportError."""
    if Path(path).suffix.lower() not in ENDINGS:
        raise ReportError(f"{one_line(path)}: a picture's name ends in {', '.join(ENDINGS)}. Name it so")
    return Path(path)


def class_picture(verdicts):
    """A Figure with a panel for each set and a bar for each task, first task on top."""
    from matplotlib.figure import Figure  # here, because a run without a picture does without

    sets = {name: [verdict for verdict in verdicts if verdict.set == name and counts(verdict)]
            for name in sorted({verdict.set for verdict in verdicts if counts(verdict)})}
    tasks = {name: list(dict.fromkeys(mark.task for verdict in some for mark in verdict.marks))
             for name, some in sets.items()}
    lines = [len(some) for some in tasks.values()] or [1]
    figure = Figure((8, 1.1 * len(lines) + 0.4 * sum(lines)), layout="constrained")
    panels = figure.subplots(len(lines), 1, squeeze=False, gridspec_kw={"height_ratios": lines})[:, 0]
    for ax, name in zip(panels, sets, strict=False):
        draw_set(ax, name, sets[name], tasks[name])
    if not sets:
        panels[0].text(0.5, 0.5, "nothing could be marked", ha="center")
        panels[0].set_axis_off()
    return figure


def draw_set(ax, name, verdicts, tasks):
    """Bars for one set; the numbers stand in them."""
    said = [[mark.status for verdict in verdicts for mark in verdict.marks if mark.task == task] for task in tasks]
    begins = [0] * len(tasks)
    for status, (colour, pattern) in SHOWN.items():
        many = [some.count(status) for some in said]
        if any(many):
            bars = ax.barh(range(len(tasks)), many, left=begins, color=colour, hatch=pattern, edgecolor="white",
                           label=status)
            ax.bar_label(bars, [f"{count}" if count else "" for count in many], label_type="center",
                         bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5})
        begins = [begin + count for begin, count in zip(begins, many, strict=True)]
    ax.set_yticks(range(len(tasks)), [task if len(task) <= LONGEST else f"{task[:LONGEST]}..." for task in tasks])
    ax.invert_yaxis()
    ax.set(title=f"{one_line(name) or 'unknown set'}: {len(verdicts)} checked", xlim=(0, len(verdicts)),
           xlabel="submissions")
    ax.xaxis.get_major_locator().set_params(integer=True)
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(loc="upper left", bbox_to_anchor=(1, 1), frameon=False)
