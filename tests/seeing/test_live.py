"""LiveFigure: the picture is always that of the present state, however one got there, and nothing stays behind."""

import base64
import contextlib
import gc
import json
import re
import subprocess
import sys
import threading
import weakref
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from IPython.core.formatters import DisplayFormatter
from ipywidgets import (
    Button,
    Checkbox,
    Dropdown,
    FloatLogSlider,
    FloatRangeSlider,
    FloatText,
    IntRangeSlider,
    IntText,
    SelectionSlider,
    SelectMultiple,
    Text,
)  # fmt: skip
from ipywidgets.widgets.widget import _instances as open_widgets  # {name: widget}
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from kan_edu.seeing import canvas, controls, live
from tests.moving import drawn_at_once, pixels, rows_of


def make_live(*, update=None, react=None, **kw):
    """Two Axes, moving artists that cross each other and the frame, limits that change for large y."""
    fig = live.figure(320, 240)
    left, right = fig.subplots(1, 2, gridspec_kw={"wspace": 0.6})   # what overlaps, a blit draws in another order
    left.set(xlim=(0, 1), ylim=(0, 1))
    line, = left.plot([0, 1], [0, 1], lw=6)
    dot, = left.plot([], [], "o", ms=20, clip_on=False)
    word = right.text(0.1, 0.5, "")

    def move(state):
        dot.set_data([state["x"]], [state["y"]])
        line.set_linewidth(state["n"])
        word.set_text(f"{state['mode']} {state['n']}")
        if (state["y"] > 0.8) != (right.get_ylim()[1] > 1):
            right.set_ylim(0, 2 if state["y"] > 0.8 else 1)
        return f"x = {state['x']:.2f}"

    parts = {"x": controls.slider("x", 0.5, 0, 1), "y": controls.slider("y", 0.25, 0, 1),
             "n": controls.slider("width", 3, 1, 9), "mode": SelectionSlider(options=["a", "b"], description="mode")}
    return live.LiveFigure(fig, [dot, line, word], parts, update or move, react=react, **kw)


STATES = st.fixed_dictionaries({"x": st.floats(0, 1), "y": st.floats(0, 1), "n": st.integers(1, 9),
                                "mode": st.sampled_from("ab")})


@settings(max_examples=10)
@given(st.lists(STATES, min_size=1, max_size=4))
def test_after_any_states_the_picture_is_that_of_a_figure_drawn_from_scratch(states):
    app, fresh = make_live(), make_live()
    for state in states:
        app.state = state
    fresh.state = states[-1]
    assert app.png() == fresh.png() and app.text == fresh.text
    np.testing.assert_array_equal(pixels(app.png()), drawn_at_once(app.figure))


def test_many_fast_events_end_on_the_last_value():
    app, fresh = make_live(), make_live()
    for i in range(200):   # as they come from the browser
        app.controls["x"].set_state({"value": (i * 37 % 101) / 100})
    fresh.state = {"x": (199 * 37 % 101) / 100}
    assert app.state == fresh.state and app.png() == fresh.png()


def test_a_move_that_comes_in_another_thread_waits_and_is_not_lost():
    """So JupyterLab does it with ipykernel 7: while the main thread draws, a subshell sets another control."""
    drawing, states = threading.Event(), []

    def update(state):
        states.append(("begin", dict(state)))
        if state["x"] == 0.9 and not drawing.is_set():
            drawing.set()
            other.join(0.2)   # long enough for the other move to be taken for a change made inside
        states.append(("end", dict(state)))
        return f"{state['x']} {state['y']}"

    app = make_live(update=update)
    states.clear()
    other = threading.Thread(target=lambda: drawing.wait(60) and app.controls["y"].set_state({"value": 0.75}))
    other.start()
    app.controls["x"].set_state({"value": 0.9})
    other.join(60)
    assert app.text == "0.9 0.75"
    assert [word for word, _ in states] == ["begin", "end", "begin", "end"]


def test_the_background_is_drawn_once_as_long_as_only_moving_artists_move():
    app = make_live()
    for x in np.linspace(0, 1, 20):
        app.controls["x"].value = x
    assert app.backgrounds == 1
    app.state = {"y": 0.9}   # this one changes the limits of an Axes
    assert app.backgrounds == 2


def test_one_change_of_state_is_one_drawing_and_reaction_included():
    drawn = []
    app = make_live(update=lambda state: drawn.append(dict(state)) or "",
                    react=lambda name: setattr(app.controls["n"], "value", 7) if name == "x" else None)
    drawn.clear()
    app.controls["x"].value = 0.1
    assert [state["n"] for state in drawn] == [7]
    app.state = {"x": 0.3, "mode": "b"}
    assert len(drawn) == 2 and drawn[1] == {"x": 0.3, "y": 0.25, "n": 7, "mode": "b"}
    with app.quiet():
        app.controls["n"].value, app.controls["x"].value = 1, 0.9
    assert len(drawn) == 2


# ---------------------------------------------------------------------------------------- the state


def test_state_is_a_plain_dict_that_can_be_set_again():
    app = make_live()
    app.state = {"x": 0.123456, "mode": "b"}
    assert app.state == {"x": 0.123456, "y": 0.25, "n": 3, "mode": "b"}
    other = make_live()
    other.state = app.state
    assert other.png() == app.png()


@pytest.mark.parametrize("wrong, words", [
    ({"z": 1}, "unknown name 'z' in the state; the names are x, y, n, mode"),
    ({"x": 2}, "x = 2 is out of range; give a number from 0"),
    ({"x": float("nan")}, "x = nan is out of range"),
    ({"x": "1"}, "x = '1' is not a number"),
    ({"x": True}, "x = True is not a number"),
    ({"n": 1.5}, "n = 1.5 is not a whole number; give one from 1 to 9"),
    ({"mode": "c"}, "mode = 'c' is not one of the choices ['a', 'b']"),
    ({"y": 0.9, "n": 10}, "n = 10 is out of range; give a whole number from 1 to 9"),
])
def test_a_wrong_state_is_refused_in_words_and_changes_nothing(wrong, words):
    app = make_live()
    before, picture = app.state, app.png()
    with pytest.raises(ValueError) as error:
        app.state = wrong
    assert words in str(error.value)
    assert app.state == before and app.png() == picture


@pytest.mark.parametrize("control, good, wrong", [
    (Checkbox(False), True, 1), (Text("a"), "b", 3), (Dropdown(options=[("one", 1), ("two", 2)]), 2, "two"),
    (FloatLogSlider(10, min=-1, max=2), 0.5, 200),
])
def test_check_value_knows_other_controls(control, good, wrong):
    assert controls.check_value("name", control, good) == good
    with pytest.raises(ValueError, match="name = "):
        controls.check_value("name", control, wrong)


def test_a_browsers_rounding_is_no_move_and_a_step_is_one():
    slider = controls.slider("x", 0.123, -1, 1, 0.01)
    slider.set_state({"value": 0.12})
    assert slider.value == 0.123
    slider.set_state({"value": 0.13000000000000012})
    assert slider.value == 0.13
    slider.set_state({"value": 0.14, "max": 2.0})
    assert (slider.value, slider.max) == (0.14, 2.0)


def test_what_a_browser_gets_it_would_not_round_again():
    """A number that it rounds comes back as a message, for each picture of a drag."""
    rng = np.random.default_rng(0)
    for low, step in ((-1.0, 0.01), (-0.67, 0.02), (0.0, 0.05), (-3.5, 0.002)):
        slider = controls.slider("x", low, low, low + 100 * step, step)
        for value in rng.uniform(slider.min, slider.max, 50):
            slider.value = float(value)
            drawn = slider.get_state("value")["value"]
            assert controls.as_drawn(drawn, slider.min, slider.max, step) == drawn
            assert abs(drawn - value) <= 0.5000001 * step and slider.value == value


@pytest.mark.parametrize("held", [False, True])
def test_a_new_range_is_sent_step_by_step_on_hold_too(held):
    slider, sent = controls.slider("x", 0.5, 0, 1), []
    slider.send_state = lambda key=None: key and sent.append((key, slider.min, slider.value, slider.max))
    with slider.hold_sync() if held else contextlib.nullcontext():
        controls.set_range(slider, 5, 6, 5.5)
        steps = sent[:3]
    assert [one[1:] for one in steps] == [(0, 0.5, 6), (0, 5.5, 6), (5, 5.5, 6)]


def test_set_range_moves_range_and_value_together():
    slider = controls.slider("x", 0.5, 0, 1)
    for low, high, value in ((5, 6, 5.5), (-3, -2, -2.5)):
        controls.set_range(slider, low, high, value)
        assert (slider.min, slider.max, slider.value) == (low, high, value)
        assert slider.orientation == "horizontal"


def test_a_closed_app_closes_what_is_not_on_the_page_too():
    app = make_live(rows=[["x"]])
    parts = {*app.controls.values()} | controls.all_inside(app.widget)
    assert len(parts) > 6 and all(part.comm is not None for part in parts)
    app.close()
    assert all(part.comm is None for part in parts)


# ---------------------------------------------------------------------------------------- errors


def test_an_error_in_update_is_shown_and_the_next_value_works_again():
    def update(state):
        if state["x"] > 0.9:
            raise ZeroDivisionError("no slope <here>")
        return "fine"

    app = make_live(update=update)
    picture = app.png()
    app.controls["x"].value = 0.95
    assert app.text == "ZeroDivisionError: no slope <here>" and isinstance(app.error, ZeroDivisionError)
    status = app.touch.words
    assert 'role="alert"' in status and "&lt;here&gt;" in status and app.png() == picture
    app.controls["x"].value = 0.1
    assert app.text == "fine" and app.error is None and 'role="status"' in app.touch.words
    with pytest.raises(ZeroDivisionError):   # a state that is set by a program tells the program
        app.state = {"x": 1.0}


def test_an_error_in_react_is_shown_too():
    def react(name):
        raise KeyError("lost")

    app = make_live(react=react)
    app.controls["n"].value = 5
    assert app.text == "KeyError: 'lost'"


# ---------------------------------------------------------------------------------------- display


def test_it_leaves_a_png_and_one_fixed_line_where_no_widget_runs():
    app = make_live(title="TestApp")
    app.state = {"x": 0.75}
    data, metadata = DisplayFormatter().format(app.widget)
    assert data["text/plain"] == "TestApp: a live picture. Run this cell to move it."
    assert "application/vnd.jupyter.widget-view+json" in data
    assert metadata["image/png"]["alt"] == "x = 0.75"
    assert base64.b64decode(data["image/png"]) == app.png()


def test_the_text_is_escaped_and_its_place_does_not_grow():
    app = make_live(update=lambda state: "<script>1</script>" + "word " * 20)
    assert "<script>" not in app.touch.words and "&lt;script&gt;" in app.touch.words
    assert ".kan-edu-words { min-height: 42px" in str(app.touch._css)   # two lines


def test_a_number_is_not_broken_at_its_minus():
    app = make_live(update=lambda state: "RMSE 1.9e-01, L-BFGS")
    assert 'RMSE <span style="white-space:nowrap">1.9e-01</span>, L-BFGS' in app.touch.words
    assert app.text == "RMSE 1.9e-01, L-BFGS"


def test_the_image_knows_its_size_and_has_an_opaque_background():
    app = make_live()
    assert app.widget.children[0].size == [320, 240]
    assert (pixels(app.png())[..., 3] == 255).all()
    np.testing.assert_array_equal(pixels(app.png())[:, 0, :3], 255)   # white up to the edge, also in a dark theme


def test_rows_choose_and_order_the_controls():
    app = make_live(rows=[["n"], ["y", "x"]])
    shown = rows_of(app.widget)
    assert shown == [["width"], ["y", "x"]]
    assert set(app.state) == {"x", "y", "n", "mode"}


def test_an_extra_stands_in_its_row_and_is_no_part_of_the_state():
    button = Button(description="again")
    app = make_live(extras={"again": button, "hidden": Text("a")}, rows=[["x", "again"]])
    assert [child.description for child in app.widget.children[1].children] == ["x", "again"]
    assert set(app.state) == {"x", "y", "n", "mode"}
    with pytest.raises(ValueError, match="unknown name 'again'"):
        app.state = {"again": 1}
    app.close()
    assert button.comm is None and app.extras["hidden"].comm is None


def test_every_control_has_a_description_and_follows_the_hand():
    for control in make_live().controls.values():
        assert control.description
        assert getattr(control, "continuous_update", True)


@pytest.mark.parametrize("compress", [zlib.compress, canvas.compress], ids=["zlib", "what is installed"])
@pytest.mark.parametrize("shape", [(1, 1), (3, 5), (240, 320)])
def test_png_holds_exactly_the_pixels(shape, compress, monkeypatch):
    monkeypatch.setattr(canvas, "compress", compress)
    colours = np.random.default_rng(0).integers(0, 256, (*shape, 4), dtype=np.uint8)
    np.testing.assert_array_equal(pixels(live.encode_png(colours)), colours)


def test_without_isal_zlib_packs_the_picture():
    hidden = "import sys, zlib; sys.modules['isal'] = None; "
    alone = hidden + "from kan_edu.seeing import canvas; print(canvas.compress is zlib.compress)"
    said = subprocess.run([sys.executable, "-c", alone], capture_output=True, text=True, check=True).stdout
    assert said == "True\n"


# ---------------------------------------------------------------------------------------- nothing stays


def test_closed_apps_are_gone():
    traces = []
    for _ in range(5):
        app = make_live()
        app.controls["x"].value = 0.2
        traces += [weakref.ref(thing) for thing in (app, app.figure, app.widget, app.controls["x"].layout)]
        app.close()
    del app
    gc.collect()
    assert sum(trace() is not None for trace in traces) == 0


def test_pyplot_is_never_imported():
    code = ("import sys; from kan_edu import live, plot; from kan_edu.apps import SplineApp; SplineApp().png();"
            "sys.exit('matplotlib.pyplot' in sys.modules)")
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0


def with_control(control):
    """A LiveFigure whose one control is `control`, and whose text tells its value."""
    fig = live.figure(200, 150)
    dot, = fig.add_subplot().plot([0], [0], "o")
    return live.LiveFigure(fig, [dot], {"c": control}, lambda state: str(state["c"]))


@pytest.mark.parametrize("make, value", [
    (lambda: SelectMultiple(options=["a", "b", "c"], value=["a", "c"]), ("a", "c")),
    (lambda: SelectMultiple(options=["a", "b"], value=[]), ()),
    (lambda: FloatRangeSlider(value=(0.1, 0.2), min=0, max=1), (0.1, 0.2)),
    (lambda: IntRangeSlider(value=(3, 5), min=0, max=9), (3, 5)),
    (lambda: FloatText(1.5), 1.5), (lambda: IntText(-7), -7), (lambda: Text("word"), "word"),
    (lambda: Checkbox(True), True), (lambda: Dropdown(options=[("one", (1, 2)), ("two", (3, 4))]), (1, 2)),
    (lambda: FloatLogSlider(value=10, min=-2, max=2), 10.0),
])  # fmt: skip
def test_every_state_can_be_written_down_and_set_again(make, value):
    figure, other = with_control(make()), with_control(make())
    for state in (figure.state, json.loads(json.dumps(figure.state))):
        other.state = state
        assert other.state == figure.state == {"c": value}
        assert type(other.state["c"]) is type(value)


def test_a_whole_number_is_a_number():
    figure = with_control(FloatText(1.0))
    figure.state = {"c": 2}
    assert figure.state == {"c": 2.0}


@pytest.mark.parametrize("make, value, words", [
    (lambda: FloatRangeSlider(value=(0.1, 0.2), min=0, max=1), (5.0, 9.0), "c = 5.0 is out of range; give a number"),
    (lambda: FloatRangeSlider(value=(0.1, 0.2), min=0, max=1), (0.5, 0.2), "c = [0.5, 0.2] ends before it begins"),
    (lambda: FloatRangeSlider(value=(0.1, 0.2), min=0, max=1), 0.5, "c = 0.5 is no 2 values in a row"),
    (lambda: IntRangeSlider(value=(3, 5), min=0, max=9), (3.5, 4), "c = 3.5 is not a whole number"),
    (lambda: SelectMultiple(options=["a", "b"]), ["a", "z"], "c = 'z' is not one of the choices ['a', 'b']"),
    (lambda: SelectMultiple(options=["a", "b"]), "a", "c = 'a' is no row of choices"),
    (lambda: FloatText(1.0), True, "True"),
    (lambda: FloatText(1.0), float("nan"), "c = nan is out of range"), (lambda: Checkbox(True), 1, "c = 1 is no bool"),
])  # fmt: skip
def test_a_value_that_the_control_cannot_show_is_refused(make, value, words):
    figure = with_control(make())
    before = figure.state
    with pytest.raises(ValueError, match=re.escape(words)):
        figure.state = {"c": value}
    assert figure.state == before


@pytest.mark.parametrize("state", [None, 5, [("x", 1)]])
def test_a_state_is_a_dict(state):
    with pytest.raises(ValueError, match="^the state is .*; expected a dict of names and values"):
        make_live().state = state


def test_a_button_has_no_state():
    with pytest.raises(ValueError, match="control 'c' is a Button, which has no value .*; put it into extras"):
        with_control(Button(description="go"))


# ---------------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize("wrong, words", [
    ({"react": lambda: None}, "react takes other arguments"), ({"react": "x"}, "react is 'x'; expected a function"),
    ({"update": lambda: "moved"}, "update takes other arguments"), ({"rows": ["x", "n"]}, "expected a list of lists"),
    ({"rows": [["x"], ["z"]]}, "rows: 'z' is no name"), ({"rows": [["x", "x"]]}, "stands there twice"),
    ({"extras": {"p": 3}}, "expected a name and a widget"), ({"title": 3}, "title is 3; expected text"),
])
def test_a_live_figure_that_is_refused_leaves_no_widget(wrong, words):
    before = set(open_widgets)
    with pytest.raises(ValueError, match=words), controls.all_or_nothing():   # which closes the controls
        make_live(**wrong)
    assert set(open_widgets) == before


def test_a_live_figure_whose_first_drawing_fails_leaves_no_widget_of_its_own():
    parts = {"x": controls.slider("x", 0.5, 0, 1)}
    before = set(open_widgets)
    with pytest.raises(ZeroDivisionError):
        live.LiveFigure(live.figure(99, 99), [], parts, lambda state: 1 / 0)
    assert set(open_widgets) == before


@pytest.mark.parametrize("moving", [3, ["word"], [Figure().add_subplot], [Line2D([], [])]])
def test_what_is_no_artist_in_a_figure_is_refused(moving):
    with pytest.raises(ValueError, match="expected"):
        live.LiveFigure(live.figure(99, 99), moving, {}, lambda state: "")


@pytest.mark.parametrize(
    "wrong", [np.zeros((2, 2, 4)), np.zeros((2, 2, 3), np.uint8), np.zeros((0, 2, 4), np.uint8), [[1]]])  # fmt: skip
def test_pixels_that_no_png_of_this_kind_has_are_refused(wrong):
    with pytest.raises(ValueError, match="expected an array of uint8"):
        live.encode_png(wrong)


@pytest.mark.parametrize("wrong", [True, np.timedelta64(1, "D"), [1], np.array([1, 2]), "1"])
def test_a_choice_of_numbers_takes_numbers_only(wrong):
    control = Dropdown(options=[("one", 1), ("two", 2)])
    with pytest.raises(ValueError, match="is not one of the choices .*; give one of them"):
        controls.check_value("edge", control, wrong)
    assert type(controls.check_value("edge", control, np.int64(2))) is int
