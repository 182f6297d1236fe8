"""The doors of a live figure: its figure, artists, controls, rows, the functions that make it follow; its words."""

import html
import inspect
import re

from ipywidgets import Widget
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from kan_edu.checks.arguments import check_function, shown


def check_widgets(parts, what):
    """Return {name: widget} as a dict of its own, or raise a ValueError; `what` it is: "controls"."""
    if not isinstance(parts, dict):
        raise ValueError(f"{what} is {parts!r}; expected a dict of names and widgets, such as {{'x': FloatSlider()}}")
    for name, part in parts.items():
        if not isinstance(name, str) or not isinstance(part, Widget):
            raise ValueError(f"{what}: {name!r} is {part!r}; expected a name and a widget: {{'x': FloatSlider()}}")
    return dict(parts)


def check_figure(fig):
    """Return a Figure as it is, or raise a ValueError."""
    if not isinstance(fig, Figure):
        raise ValueError(f"fig is {shown(fig)}; expected a Figure of matplotlib, such as live.figure()")
    return fig


def check_artists(artists):
    """ValueError unless these are artists of matplotlib that stand in a figure."""
    if not isinstance(artists, list | tuple):
        raise ValueError(f"moving is {shown(artists)}; expected a list of artists, such as ax.plot([], [])")
    for artist in artists:
        if not isinstance(artist, Artist) or artist.get_figure() is None:
            raise ValueError(f"{shown(artist)} is no artist in a figure; expected such as ax.plot([], [])[0]")


def check_rows(rows, parts):
    """Return rows of names as they are, or raise a ValueError that names what is no control and no extra."""
    if not isinstance(rows, list | tuple) or not all(isinstance(row, list | tuple) for row in rows):
        raise ValueError(f'rows is {shown(rows)}; expected a list of lists of names, such as [["x", "y"], ["mode"]]')
    names = [name for row in rows for name in row]
    wrong = [name for name in names if not isinstance(name, str) or name not in parts or names.count(name) > 1]
    if wrong:
        raise ValueError(f"rows: {shown(wrong[0])} is no name, or stands there twice; the names are {', '.join(parts)}")
    return rows


def check_takes_one(function, name, example):
    """ValueError unless this is a function that can be called with one argument, as far as Python can tell."""
    check_function(function, name, example)
    try:
        signature = inspect.signature(function)
    except ValueError:   # built in, without a signature
        return
    try:
        signature.bind(None)
    except TypeError as error:
        raise ValueError(f"{name} takes other arguments ({error}); expected a function of one: {example}") from None


def line_of_words(text, role):
    """HTML of the words below a picture; `role` says "alert" for an error, else "status". No number is broken."""
    mark = "<b>Error.</b> " if role == "alert" else ""
    words = re.sub(r"[\d.]+e-\d+", r'<span style="white-space:nowrap">\g<0></span>', html.escape(text))
    return f'<div role="{role}" style="line-height:1.4">{mark}{words}</div>'
