"""App, the base class of all apps: what is on the page, what a state may be, how it shows itself; and who is one."""

import base64
import html
import importlib
import json
import re

import pytest
from ipywidgets import Button

from kan_edu import apps
from kan_edu.apps.common import tools
from kan_edu.apps.common.app import App
from kan_edu.seeing.controls import slider
from kan_edu.seeing.live import figure
from tests.moving import assert_as_new, assert_refused, assert_shows_itself, move_all, rows_of

NAMES = ("x", "y", "z")
ROWS = (("x", "beside x"), ("y", "z"), ("always",))


class Picture:
    """A point at (x, y)."""

    def __init__(self):
        self.figure = figure(300, 200)
        self.point, = self.figure.add_subplot(xlim=(0, 1), ylim=(0, 1)).plot([], [], "o")
        self.moving = [self.point]


class PointApp(App):
    """The smallest app: a point, with z to follow x when the user moves it."""

    def __init__(self, controls=NAMES, *, state=None):
        self.controls = {name: slider(name, 0.5, 0.0, 1.0, 0.1) for name in NAMES}
        self.picture, self.drawings = Picture(), 0
        extras = {name: Button(description=name) for name in ("beside x", "always")}
        super().__init__(controls, state, names=NAMES, rows=ROWS, extras=extras,
                         partners={"beside x": "x", "always": None})

    def _react(self, name):
        if name == "x":
            self.controls["z"].value = self.controls["x"].value

    def _update(self, state):
        self.drawings += 1
        self.picture.point.set_data([state["x"]], [state["y"]])
        return f"the point ({state['x']:.1f}, {state['y']:.1f})"


@pytest.mark.parametrize("controls, rows", [
    (NAMES, [["x", "beside x"], ["y", "z"], ["always"]]),
    (("z", "y"), [["y", "z"], ["always"]]),
    (["x"], [["x", "beside x"], ["always"]]),
    ((), [["always"]]),
])
def test_on_the_page_are_the_named_controls_and_what_belongs_to_them(controls, rows):
    assert rows_of(PointApp(controls).widget) == rows


@pytest.mark.parametrize("controls", ["x", ("x", "beside x")])
def test_only_names_that_may_be_chosen_are_taken(controls):
    with pytest.raises(ValueError) as error:
        PointApp(controls)
    assert str(error.value) == f"controls = {controls!r}; expected a tuple of names out of ('x', 'y', 'z')"


def test_a_state_can_be_given_written_down_and_set_in_parts_and_is_drawn_once():
    app = PointApp(("y",), state={"x": 0.2})
    assert app.state == {"x": 0.2, "y": 0.5, "z": 0.5} and app.drawings == 1
    app.state = {"y": 1, "z": 0}
    assert app.state == {"x": 0.2, "y": 1.0, "z": 0.0} and app.drawings == 2
    assert app.live.text == "the point (0.2, 1.0)" and app.live.backgrounds == 1
    assert_as_new(app, PointApp(("y",), state=app.state))


def test_what_the_user_moves_takes_others_along():
    app = PointApp()
    move_all(app, [("x", 0.9), ("y", 0.1)])
    assert app.state == {"x": 0.9, "y": 0.1, "z": 0.9} and app.drawings == 3


@pytest.mark.parametrize("wrong, words", [
    ({"x": 0.1, "w": 1}, "unknown name 'w' in the state; the names are x, y, z"),
    ({"x": 0.1, "y": 2}, "y = 2 is out of range; give a number from 0.0 to 1.0"),
    ({"x": 0.1, "z": "high"}, "z = 'high' is not a number"),
])
def test_a_wrong_state_is_refused_in_words_and_changes_nothing(wrong, words):
    assert_refused(PointApp(), wrong, words)
    with pytest.raises(ValueError) as error:
        PointApp(state=wrong)
    assert words in str(error.value)


def test_it_shows_itself_as_the_last_expression_of_a_cell():
    app = PointApp(state={"x": 0.3})
    assert_shows_itself(app, "the point (0.3, 0.5)")
    assert app.png() == app.live.png() and app.widget is app.live.widget


# ---------------------------------------------------------------------------------------- the apps of the course


@pytest.mark.parametrize("name", apps.__all__)
def test_each_app_is_one_and_leaves_to_it_what_is_the_same_for_all(name):
    made = getattr(apps, name)
    assert issubclass(made, App)
    assert not {"_repr_mimebundle_", "png", "_take", "_set", "_checked"} & set(vars(made))
    assert made.state.fset is App.state.fset


@pytest.mark.parametrize("wrong", [None, 5, [], "x"])
def test_a_state_that_is_none_is_told_so(wrong):
    assert_refused(PointApp(), wrong, "expected a dict of names and values")


@pytest.mark.parametrize("name", apps.__all__)
def test_wrong_controls_are_refused_in_words(name):
    made = getattr(apps, name)
    names = importlib.import_module(made.__module__).CONTROLS
    for wrong in (names[0], ("colour",), (names[0], "colour"), None, 3, [[names[0]]], (1, 2), {names[0]}):
        with pytest.raises(ValueError, match="expected a tuple of names out of") as error:
            made(wrong)
        assert repr(wrong) in str(error.value) and str(names) in str(error.value)


# ---------------------------------------------------------------------------------------- the last row of each


@pytest.mark.parametrize("name", ["SplineApp", "PerceptronApp", "XorApp", "ReaderApp"])
def test_reset_leads_back_to_the_first_state_and_picture(name):
    app = getattr(apps, name)()
    first, picture = json.dumps(app.state), app.png()
    for control in app.controls.values():
        if hasattr(control, "options") or getattr(control, "max", None) is None:
            continue
        control.value = control.max
    assert app.png() != picture
    app.tools.reset.click()
    assert json.dumps(app.state) == first and app.png() == picture


def test_a_picture_can_be_handed_on_as_code_and_as_files():
    app = PointApp(("y", "x"), state={"x": 0.3, "y": 0.123456789})
    app.tools.share.click()
    words = app.tools.words.value
    code = html.unescape(re.search(r"<code.*?>(.*)</code>", words)[1])
    assert code == "PointApp(('y', 'x'), state={'x': 0.3, 'y': 0.123456789, 'z': 0.5})"
    assert_as_new(app, eval(code, {"PointApp": PointApp}))
    png, svg = (base64.b64decode(data) for data in re.findall(r"base64,([^\"]*)", words))
    assert png == app.png() and svg.startswith(b"<?xml") and b"</svg>" in svg
    app.tools.share.click()
    assert app.tools.words.value == ""
    app.tools.share.click()
    app.tools.reset.click()
    assert app.tools.words.value == ""   # they were of another picture
    assert tools.code(PointApp()).startswith("PointApp(state=")
