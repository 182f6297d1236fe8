"""A page of HTML for each student, that needs nothing beside itself: what `feedback.py` says, in light and dark."""

import html
import re
from pathlib import Path

from kan_edu.exercises.handed_in.plain import HAND_IN
from kan_edu.exercises.marking.verdict import CHECKED, RIGHT

from .feedback import INSTEAD, LONGEST, SAME_CHECK, file_name, todo
from .whole import folder_for, legal, number, one_line, write_report

ENDING = ".feedback.html"
STYLE = """
:root { color-scheme: light dark; --line: #8888; --right: #00694a; --left: #9a3d00; }
@media (prefers-color-scheme: dark) { :root { --right: #5fd3ac; --left: #ffab70; } }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; }
th, td { text-align: left; padding: .3rem 1.5rem .3rem 0; border-bottom: 1px solid var(--line); }
pre { border-left: .25rem solid var(--line); margin: .5rem 0; padding: .3rem .8rem; overflow-x: auto;
      white-space: pre-wrap; }
.right { color: var(--right); font-weight: 600; }
.left { color: var(--left); font-weight: 600; }
"""
PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def write_webpages(folder, verdicts):
    """Write a page for each verdict into `folder`, which is made if need be. Returns the files' paths.

    Pages of earlier runs with the same names are replaced. Raises ReportError.
    """
    folder, taken = folder_for(folder), set()
    paths = [folder / f"{Path(file_name(verdict.name, taken)).stem}{ENDING}" for verdict in verdicts]
    for path, verdict in zip(paths, verdicts, strict=True):
        write_report(path, webpage(verdict).encode())
    return paths


def webpage(verdict):
    """The HTML of one verdict. What a student wrote is escaped and stays a text."""
    counts = verdict.state == CHECKED and bool(verdict.marks)
    points = f"{number(verdict.points)} of {number(verdict.of)} points" if counts else verdict.state
    title = f"{one_line(verdict.set) or 'Exercises'}: {points}"
    body = [f"<h1>{escaped(title)}</h1>", f"<p>Your notebook: <code>{escaped(one_line(verdict.name))}</code></p>"]
    if counts:
        body += table(verdict.marks) + what_next(verdict.marks)
    else:
        body += [*quoted(verdict.problem), f"<p>{escaped(INSTEAD.get(verdict.state, ''))}</p>"]
    if verdict.notes:
        notes = (f"<li>{escaped(one_line(note))}</li>" for note in verdict.notes)
        body += ["<h2>Remarks</h2>", "<ul>", *notes, "</ul>"]
    return PAGE.format(title=escaped(title), style=STYLE, body="\n".join(body))


def table(marks):
    """Lines of a table: each task, its points, what is said of it."""
    rows = [f'<tr><td>{escaped(mark.task)}</td><td>{number(mark.points)} of {number(mark.of)}</td>'
            f'<td class="{"right" if mark.status == RIGHT else "left"}">{escaped(mark.status)}</td></tr>'
            for mark in marks]
    return ["<table>", "<thead><tr><th>task</th><th>points</th><th>verdict</th></tr></thead>", "<tbody>", *rows,
            "</tbody>", "</table>"]


def what_next(marks):
    """Lines on each task that is not right, the first one first: later ones may build on it."""
    left = [mark for mark in marks if mark.status != RIGHT]
    if not left:
        return ["<p>All of it is right.</p>"]
    lines = ["<h2>What to do next</h2>"]
    for mark in left:
        lines += [f"<h3>{escaped(mark.task)}: {escaped(mark.status)}</h3>", *quoted(mark.message),
                  f"<p>{code_in(todo(mark))}</p>"]
    return [*lines, f"<p>{code_in(SAME_CHECK)}</p>"]


def quoted(text):
    """Lines that show a text as it is, with its line feeds; none for an empty one."""
    text = legal(text).strip("\n")
    text = f"{text[:LONGEST]} ..." if len(text) > LONGEST else text
    return [f"<pre>{escaped(text)}</pre>"] if text.strip() else []


def code_in(text):
    """HTML of our own words, in which `code` stands between backticks."""
    return re.sub("`([^`]*)`", r"<code>\1</code>", escaped(text))


def escaped(text):
    """A text in which nothing is HTML."""
    return html.escape(legal(text))


def page_path(label):
    """Where the page for a submission lies in a ZIP: beside it, in the folders as they were.

    >>> page_path("Anna Muster_17_assignsubmission_file_/work.ipynb")
    'Anna Muster_17_assignsubmission_file_/work.feedback.html'
    """
    parts = [part for part in HAND_IN.sub("", label).split("/") if part not in {"", ".", ".."}]
    return f"{'/'.join(parts) or 'submission'}{ENDING}"
