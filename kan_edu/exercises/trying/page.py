"""What a check cell says, as HTML: verdict in colour and words, what differs marked, values folded away.

Colours that can be read on white and on black: text takes the page's own, badges bring their background along. Nothing
in it changes from run to run, since nbval compares it as text.
"""

from html import escape

from .failing import as_rows
from .standing import NOT_YET, OPEN, RIGHT, UNANSWERED, UNSEEN
from .words import BADGES, SIGNS, TO_RUN, points, score, shape_text

COLOURS = {RIGHT: "#1b6e2e", NOT_YET: "#b3261e", OPEN: "#7a5200", UNANSWERED: "#5a5a5a", UNSEEN: "#5a5a5a"}
BADGE = "color:white;background:{};border-radius:3px;padding:1px 7px;font-weight:bold"
DIFFERS = "color:white;background:{};font-weight:bold"
PRE = "margin:2px 0 6px 0;white-space:pre-wrap;overflow-wrap:anywhere"
MOST_LINES = 8  # that an answer prints and that are not folded away
WIDE, HIGH, EDGE = 320, 130, 8  # of a picture, px


def said_as_html(said):
    """A `words.Said` as HTML."""
    parts = [f"<div>{badge(said.status, BADGES[said.status])} {escape(said.verdict)}</div>",
             *(f"<div>{in_lines(sentence)}</div>" for sentence in said.sentences)]
    if said.failing is not None:
        parts += about_failing(said.failing, said.beside)
    if said.printed:
        parts.append(printed(said.printed))
    parts.append(f"<div>{escape(said.score)}</div><div>{chips(said.states)}</div>")
    parts.append(f"<details><summary>All values of this check</summary>{pre(escape(said.values))}</details>")
    return framed(COLOURS[said.status], parts)


def printed(text):
    """What the answer printed; folded away if it is long."""
    fold = "" if text.count("\n") >= MOST_LINES else " open"
    return f"<details{fold}><summary>Your answer printed</summary>{pre(escape(text))}</details>"


def framed(colour, parts):
    """Parts of HTML with a line of this colour on their left."""
    return f'<div style="border-left:4px solid {colour};padding-left:12px;line-height:1.6">{"".join(parts)}</div>'


def badge(status, text):
    """A short text, white on the colour of a status."""
    return f'<span style="{BADGE.format(COLOURS[status])}">{escape(text)}</span>'


def in_lines(text):
    """A text as HTML that keeps its lines."""
    return escape(text).replace("\n", "<br>")


def pre(inside):
    """HTML that keeps its spaces, in letters of one width, and wraps where it must."""
    return f'<pre style="{PRE}">{inside}</pre>'


def chips(states):
    """All tasks in a row, each with a sign and a colour for how it stands."""
    return " ".join(badge(status, f"{SIGNS[status]} {task}") for task, status in states.items())


def about_failing(wrong, beside):
    """The line to run, what came and what was expected; and both as curves."""
    parts = [f"<div>{TO_RUN}</div>{pre(escape(wrong.line))}<div>{escape(beside)}</div>"] if wrong.line else []
    if wrong.label:
        marks = wrong.marks() if wrong.shape == wrong.right_shape else [False] * len(wrong.came)
        parts += [f"<div><b>{escape(wrong.label)}</b>: came{shape_text(wrong.shape)}</div>",
                  pre(marked(wrong.shape, wrong.came, marks, COLOURS[NOT_YET])),
                  f"<div>expected{shape_text(wrong.right_shape)}</div>",
                  pre(marked(wrong.right_shape, wrong.expected, marks, COLOURS[RIGHT]))]
    return parts + ([picture(*wrong.curve)] if wrong.curve else [])


def marked(shape, texts, marks, colour):
    """Numbers in columns; those that differ stand out."""
    marks = marks if len(marks) == len(texts) else [False] * len(texts)
    wide = max(map(len, texts), default=0)
    rows = as_rows(shape, [text.rjust(wide) for text in texts], marks)
    begin = f'<mark style="{DIFFERS.format(colour)}">'
    return "\n".join(" ".join(f"{begin}{escape(text)}</mark>" if differs else escape(text) for text, differs in row)
                     for row in rows)


def picture(label, x, came, expected):
    """Two curves through the same places x (n,) as a small SVG: expected as a line, what came dashed, with points."""
    low, high = min(came.min(), expected.min()), max(came.max(), expected.max())
    across = EDGE + (x - x[0]) / (x[-1] - x[0]) * (WIDE - 2 * EDGE)
    down = [HIGH - EDGE - (y - low) / ((high - low) or 1) * (HIGH - 2 * EDGE) for y in (expected, came)]
    lines = [" ".join(f"{a:.1f},{b:.1f}" for a, b in zip(across, y, strict=True)) for y in down]
    dots = "".join(f'<circle cx="{a:.1f}" cy="{b:.1f}" r="3.5" fill="#d9534f"/>'
                   for a, b in zip(across, down[1], strict=True))
    return (f'<svg width="{WIDE}" height="{HIGH}" role="img" aria-label="what came and what was expected, as curves" '
            f'style="border:1px solid #888"><polyline points="{lines[0]}" fill="none" stroke="currentColor" '
            f'stroke-width="2"/><polyline points="{lines[1]}" fill="none" stroke="#d9534f" stroke-width="2" '
            f'stroke-dasharray="6 4"/>{dots}</svg><div>{escape(label)}, from {x[0]:.3g} to {x[-1]:.3g}: expected as a '
            "line; what came dashed, with points.</div>")


def all_as_html(states, expected):
    """All tasks in a table, and the points."""
    rows = [f"<tr><td>{number}</td><td>{escape(task)}</td><td>{badge(status, BADGES[status])}</td>"
            f"<td>{points(expected[task]['points'])}</td></tr>"
            for number, (task, status) in enumerate(states.items(), 1)]
    done = all(status == RIGHT for status in states.values())
    parts = [f"<table>{''.join(rows)}</table>", f"<div>{escape(score(states, expected))}</div>"]
    return framed(COLOURS[RIGHT if done else UNSEEN], parts)


def all_as_text(states, expected):
    """The same as text."""
    wide = max(map(len, states), default=0)
    rows = [f"{n}  {task.ljust(wide)}  {BADGES[status]}, {points(expected[task]['points'])}"
            for n, (task, status) in enumerate(states.items(), 1)]
    return "\n".join([*rows, score(states, expected)])
