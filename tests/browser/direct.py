"""The same apps in the test's own process: their figures drawn directly, to compare the page's pictures with."""

import ast
import contextlib
import functools
import io
import os
import time

import nbformat
import numpy as np
from matplotlib.image import imread, imsave

from tests.browser.lab import PATIENCE, ROOT
from tests.moving import drawn_at_once
from tests.notebooks.names import names_in

ARTIFACTS = ROOT / "artifacts"   # git ignores it; a CI can keep it
ROUNDING = 4 / 255
SECONDS = PATIENCE               # a picture may take that long; on a free machine it takes 0.05 s


def lessons():
    """File names of the lessons in `notebooks/`. Exercise sets have no apps, and nbval runs them."""
    return sorted(path.name for path in (ROOT / "notebooks").glob("*.ipynb"))


def cells_for_apps(cells):
    """Numbers of the cells that show an app and of those that make the names these use; nbval runs the others, too."""
    numbers, wanted = [], set()
    for number, cell in reversed(list(enumerate(cells))):
        if cell.cell_type == "code":
            made, used = names_in(cell.source)
            if shows_an_app(cell) or made & wanted:
                numbers.insert(0, number)
                wanted |= used
    return numbers


def shows_an_app(cell):
    """Whether the cell's stored outputs are an app's picture, with the words that `LiveBox` leaves."""
    return any(": a live picture." in output.get("data", {}).get("text/plain", "") for output in cell.outputs)


def apps_of(path, cells):
    """Run the cells with these numbers here, in order; the apps that they show, each as it is after the last cell."""
    values, apps, book = {"__name__": "__main__"}, [], nbformat.read(path, as_version=4)
    with contextlib.chdir(path.parent), contextlib.redirect_stdout(io.StringIO()):
        for number in cells:
            shown = run_cell(book.cells[number].source, values)
            apps += [shown] if hasattr(shown, "live") else []
    return apps


def run_cell(source, values):
    """Execute a cell's source in the namespace `values`; the value of its last expression, or None."""
    body = ast.parse(source).body
    last = body.pop().value if body and isinstance(body[-1], ast.Expr) else ast.parse("None", mode="eval").body
    exec(compile(ast.Module(body, []), "<cell>", "exec"), values)
    return eval(compile(ast.Expression(last), "<cell>", "eval"), values)


def control(app, description):
    """The app's control with that description."""
    return next(c for c in app.live.controls.values() if c.description == description)


def move(app, description, value):
    """Move a control of `app` as a page does; of a choice the value is the place in the list, from 0."""
    slider = control(app, description)
    if hasattr(slider, "options"):
        slider.index = int(value)
    else:
        slider.value = type(slider.value)(value)


def ends(slider):
    """The least and the largest value that a control can have on the page."""
    return (0, len(slider.options) - 1) if hasattr(slider, "options") else (slider.min, slider.max)


def png(app):
    """The picture that the app itself made here; (height, width, 4), 0 to 1. Quicker than `pixels`."""
    return decoded(app.live.png())


@functools.lru_cache(maxsize=4)
def decoded(data):
    """The pixels of a PNG's bytes, not to be written to; decoded once where page and kernel show it again and again."""
    picture = imread(io.BytesIO(data))
    picture.setflags(write=False)
    return picture


def pixels(app):
    """The app's whole figure drawn by matplotlib alone: no background kept, no PNG; (height, width, 4), 0 to 1."""
    return drawn_at_once(app.live.figure) / np.float32(255)


def expect(shown, picture, words):
    """Wait until the app `shown` on the page shows `picture`, and goes on showing it; else fail and keep both."""
    end, right = time.monotonic() + SECONDS, 0
    while True:
        now = shown.picture()
        right = right + 1 if same(now, picture) else 0
        if right == 3:
            return
        if time.monotonic() > end:
            name = words.replace(" ", "_").replace(os.sep, "_")
            ARTIFACTS.mkdir(exist_ok=True)
            for kind, image in (("page", now), ("direct", picture)):
                imsave(ARTIFACTS / f"FAILED_{name}_{kind}.png", np.ascontiguousarray(image))
            wrong = (np.abs(now - picture) > ROUNDING).any(axis=2).sum() if now.shape == picture.shape else "all"
            raise AssertionError(f"{words}: after {SECONDS} s {wrong} pixels of the page's picture are wrong; both "
                                 f"pictures are in {ARTIFACTS}. The page says: {shown.text()}")
        shown.page.wait_for_timeout(50)


def same(one, other):
    """Whether two pictures are alike up to rounding.

    Where the end of a slider's range is 0.20000000000000018, page and kernel may differ in the last digit; that
    changes a few pixels at a line's border by 1/255, while a line that is one step off makes some white ones black.
    """
    return one is other or one.shape == other.shape and bool(np.abs(one - other).max() <= ROUNDING)
