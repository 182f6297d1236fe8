"""An app without a browser: its controls moved as the browser does, and all of it that a user sees."""

import contextlib
import copy
import io

import numpy as np
import pytest
from hypothesis import strategies as st
from IPython.core.formatters import DisplayFormatter
from matplotlib.image import imread

from kan_edu.apps.common.words import Words


def rows_of(widget):
    """The descriptions of an app's controls, a list for each row."""
    return [[part.description for part in row.children] for row in widget.children[1:]
            if getattr(row.children[0], "description", "") != "Reset"]   # the last row of every app


def move(app, name, share):
    """Move a control to a share, 0 to 1, of its range as the browser does: in steps, and not if it is disabled."""
    control = app.controls[name]
    if hasattr(control, "options"):
        control.set_state({"index": round(share * (len(control.options) - 1))})
    elif not control.disabled:
        step = getattr(control, "step", 1)
        value = control.min + step * round(share * (control.max - control.min) / step)
        control.set_state({"value": min(control.max, value)})


KEPT = {}   # {class: (its app, the state that it starts in)}, for the tests of one file


@contextlib.contextmanager
def keep(*classes):
    """Make an app of each class for `shared`, and close them in the end."""
    for each in classes:
        app = each()
        KEPT[each] = app, copy.deepcopy(app.state)
    yield
    for each in classes:
        KEPT.pop(each)[0].live.close()


def shared(kind, state=None):
    """The kept app of a class in its first state, or in this one. A new one takes ten times as long.

    It may have been anywhere: each app has a test that the way to a state leaves no trace in what it shows.
    """
    app, first = KEPT[kind]
    with app.live.quiet():   # one drawing, not two
        app._take(copy.deepcopy(first))
        if state is not None:
            app._take(state)
    app.live.draw()
    return app


def moves(*names, most=8):
    """Lists of (name of a control, share 0 to 1 of its range where the user lets it go)."""
    share = st.sampled_from([0, 1, 0.5]) | st.floats(0, 1)
    return st.lists(st.tuples(st.sampled_from(names), share), min_size=1, max_size=most)


def move_all(app, sequence):
    """Make these moves; none may end in an error or in words that are no numbers."""
    for name, share in sequence:
        move(app, name, share)
        assert app.live.error is None and "nan" not in app.live.text and "inf" not in app.live.text


def set_all(app, sequence, found=()):
    """Set these states, one after the other: each is the app's state then, but for names that the app `found` itself.

    None may end in an error or in words that are no numbers.
    """
    for state in sequence:
        app.state = state
        wrong = [name for name, value in state.items() if app.state[name] != value and name not in found]
        assert not wrong, f"{wrong} in {app.state}; set was {state}"
        assert app.live.error is None and "nan" not in app.live.text and "inf" not in app.live.text


def frames_of(train, *settings, **more):
    """The frames of a run, without the places between them where training can rest."""
    return (frame for frame in train(*settings, **more) if frame is not None)


def seen(app):
    """The state, the picture as PNG, the words below it."""
    return app.state, app.live.png(), app.live.text


def pixels(png):
    return np.round(imread(io.BytesIO(png)) * 255).astype(np.uint8)


def drawn_at_once(figure):
    """What matplotlib draws of the whole figure without any blitting: (height, width, 4) uint8."""
    out = io.BytesIO()
    figure.savefig(out, format="raw", dpi=figure.dpi)
    width, height = figure.canvas.get_width_height()
    return np.frombuffer(out.getvalue(), dtype=np.uint8).reshape(height, width, 4)


# What every app is to do: each of these stands as a test of its own in the app's file.


def assert_as_new(app, fresh):
    """However it came to its state, the app shows what a new one shows, and what matplotlib draws at once."""
    assert seen(app) == seen(fresh)
    np.testing.assert_array_equal(pixels(app.live.png()), drawn_at_once(app.live.figure))


def assert_refused(app, wrong, words):
    """A wrong state is refused in these words and changes nothing."""
    before = copy.deepcopy(seen(app))
    with pytest.raises(ValueError) as error:
        app.state = wrong
    assert words in str(error.value)
    assert seen(app) == before


def assert_shows_itself(app, alt):
    """As the last expression of a cell it leaves a widget, a picture with words for who cannot see it, and a line."""
    data, metadata = DisplayFormatter().format(app)
    assert data["text/plain"] == f"{type(app).__name__}: a live picture. Run this cell to move it."
    assert {"image/png", "application/vnd.jupyter.widget-view+json"} <= set(data)
    assert data["image/png"].startswith("iVBOR")   # the first bytes of a PNG, in base64
    assert metadata["image/png"]["alt"].startswith(alt)


def assert_legible(app, parts, grounds=()):
    """Nothing of `parts` (artists, or their boxes) is clipped, runs into another one or into one of the `grounds`."""
    renderer, frame = app.live.figure.canvas.get_renderer(), app.live.figure.bbox
    boxes = [part.get_window_extent(renderer) if hasattr(part, "get_window_extent") else part for part in parts]
    for n, box in enumerate(boxes):
        assert frame.x0 <= box.x0 and box.x1 <= frame.x1 and frame.y0 <= box.y0 and box.y1 <= frame.y1, parts[n]
        assert not any(box.overlaps(other) for other in [*boxes[n + 1:], *grounds]), parts[n]


def written(figure):
    """All that is written in a figure: words, labels and titles of axes, ticks, the first legend."""
    axes = figure.axes
    words = [word for ax in axes for word in ax.get_children() if isinstance(word, Words) and word.get_text()]
    around = [text for ax in axes for text in (ax.title, ax.xaxis.label, ax.yaxis.label) if text.get_text()]
    ticks = [tick for ax in axes for tick in (*ax.get_xticklabels(), *ax.get_yticklabels()) if tick.get_text()]
    return [*words, *around, *ticks, figure.legends[0]]


def assert_drawn_once(app, names):
    """The slow full drawing is not needed again while these controls move."""
    for name in names:
        move(app, name, 0.3)
        move(app, name, 0.8)
    assert app.live.backgrounds == 1
