"""An app without a browser: its controls moved as the browser does, and all of it that a user sees."""

import io

import numpy as np
from matplotlib.image import imread


def rows_of(widget):
    """The descriptions of an app's controls, a list for each row; a choice stands in a box with its words."""
    slider = lambda part: part.children[0] if hasattr(part, "children") else part   # noqa: E731
    return [[slider(part).description for part in row.children] for row in widget.children[2:]]


def move(app, name, share):
    """Move a control to a share, 0 to 1, of its range as the browser does: in steps, and not if it is disabled."""
    control = app.controls[name]
    if hasattr(control, "options"):
        control.set_state({"index": round(share * (len(control.options) - 1))})
    elif not control.disabled:
        step = getattr(control, "step", 1)
        value = control.min + step * round(share * (control.max - control.min) / step)
        control.set_state({"value": min(control.max, value)})


def seen(app):
    """The state, the picture as PNG, the words below it."""
    return app.state, app.live.png(), app.live.text


def pixels(png):
    return np.round(imread(io.BytesIO(png)) * 255).astype(np.uint8)


def drawn_at_once(figure):
    """What matplotlib draws of the whole figure without any blitting: (height, width, 4) uint8."""
    out = io.BytesIO()
    figure.savefig(out, format="raw")
    width, height = (round(side) for side in figure.bbox.size)
    return np.frombuffer(out.getvalue(), dtype=np.uint8).reshape(height, width, 4)
