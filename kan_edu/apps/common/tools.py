"""The last row of every app: back to the beginning, and a picture to hand on, as code and as files."""

import base64
import copy
import html
import io

from ipywidgets import HTML, Box, Button, Layout


def code(app):
    """The line of Python that makes the app as it is now, with its controls: `SplineApp(state={...})`.

    What was given as arrays or functions (data, f, a picture) is no part of a state; give it again.
    """
    return f"{type(app).__name__}({'' if app.as_usual else f'{app.shown!r}, '}state={app.state!r})"


def svg(app):
    """The present picture as a drawing (SVG), bytes: sharp in any size."""
    out = io.BytesIO()
    app.live.figure.savefig(out, format="svg")
    return out.getvalue()


def links(app):
    """HTML: the code, and the picture as two files to be saved, all inside the page."""
    files = {"png": ("image/png", app.png()), "svg": ("image/svg+xml", svg(app))}
    parts = [f'<a download="{type(app).__name__}.{end}" style="text-decoration:underline" '
             f'href="data:{kind};base64,{base64.b64encode(data).decode("ascii")}">{end.upper()}</a>'
             for end, (kind, data) in files.items()]   # fmt: skip
    return ('<div style="line-height:1.4">This picture: as a file, ' + ", ".join(parts) + '; as code, to copy: '
            f'<code style="white-space:pre-wrap;user-select:all">{html.escape(code(app))}</code></div>')


class Tools:
    """The row `box`: a button that sets the state the app began with, and one that shows or hides `links`."""

    def __init__(self, app):
        self.app, self.first = app, copy.deepcopy(app.state)
        self.reset = Button(description="Reset", tooltip="Back to the beginning", layout=Layout(width="auto"))
        self.share = Button(description="Copy, save", tooltip="This picture as code, PNG and SVG",
                            layout=Layout(width="auto"))
        self.words = HTML(layout=Layout(max_width="100%"))
        flow = Layout(display="flex", flex_flow="row wrap", align_items="center", max_width="740px")
        self.box = Box([self.reset, self.share, self.words], layout=flow)
        self.reset.on_click(self._reset)
        self.share.on_click(self._share)

    def _reset(self, button):
        self.words.value = ""
        self.app.state = self.first

    def _share(self, button):
        self.words.value = "" if self.words.value else links(self.app)
