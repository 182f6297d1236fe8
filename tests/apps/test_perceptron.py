"""The perceptron app: its picture depends on its state alone, each step is the rule's, its words are true."""

import copy

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.path import Path

from kan_edu import Perceptron
from kan_edu.apps import PerceptronApp
from kan_edu.apps.common.shapes import arrow, half_plane
from kan_edu.apps.perceptron.app import CONTROLS, DATA, FEWEST, LAST, MOST
from kan_edu.apps.perceptron.picture import HIGH, LOW
from kan_edu.apps.perceptron.run import Run
from tests.moving import (
    assert_as_new,
    assert_drawn_once,
    assert_legible,
    assert_refused,
    assert_shows_itself,
    move_all,
    moves,
    rows_of,
    seen,
    set_all,
    shared,
    written,
)

WEIGHTS = st.integers(-12, 12).map(lambda i: i / 4)
PLACES = st.integers(-6, 14).map(lambda i: i / 8)
POINTS = st.lists(st.tuples(PLACES, PLACES, st.integers(0, 1)).map(list), min_size=FEWEST, max_size=MOST)
SLIDERS = ("w1", "w2", "b", "step", "count", "point", "x1", "x2")


@st.composite
def states(draw):
    """Any legal state."""
    data = draw(st.sampled_from([*DATA, "yours"]))
    points = draw(POINTS) if data == "yours" else copy.deepcopy(DATA[data])
    state = {"data": data, "points": points, **{name: draw(WEIGHTS) for name in ("w1", "w2", "b")}}
    return {**state, "step": draw(st.integers(0, LAST)), "point": draw(st.integers(1, len(points)))}


@settings(max_examples=3)
@given(st.lists(states(), min_size=1, max_size=3))
def test_after_any_states_the_picture_is_that_of_a_new_app_and_of_a_figure_drawn_at_once(sequence):
    app = shared(PerceptronApp)
    set_all(app, sequence)
    fresh = PerceptronApp(state=sequence[-1])
    assert_as_new(app, fresh)
    assert fresh.state["points"] == sequence[-1]["points"] and fresh.state["step"] == sequence[-1]["step"]


@settings(max_examples=3)
@given(moves(*SLIDERS, "data", "label"))
@example([("step", 1), ("count", 1), ("point", 1), ("x1", 0), ("label", 1), ("count", 0), ("data", 0.5)])
def test_after_any_moves_the_state_is_legal_and_makes_the_same_picture_again(sequence):
    app = shared(PerceptronApp)
    move_all(app, sequence)
    assert seen(app) == seen(PerceptronApp(state=app.state))


# ---------------------------------------------------------------------------------------- the run


def by_the_rule(points, start, steps):
    """(number of the corrected point or None, w1, w2, b) at the steps 0 .. steps, written out without NumPy."""
    w1, w2, b = start
    frames, calm, n = [(None, w1, w2, b)], 0, 0
    while len(frames) <= steps:
        x1, x2, label = points[n]
        z = w1 * x1 + w2 * x2 + b
        e = label - (1 if z > 0 else 0 if z < 0 else 0.5)
        if e:
            w1, w2, b = w1 + e * x1, w2 + e * x2, b + e
            frames.append((n, w1, w2, b))
        calm = 0 if e else calm + 1
        if calm > len(points):
            frames.append((None, w1, w2, b))
        n = (n + 1) % len(points)
    return frames


@settings(max_examples=30)
@given(POINTS, WEIGHTS, WEIGHTS, WEIGHTS)
@example(DATA["XOR"], 0.0, 0.0, 0.0)
@example(DATA["clouds"], -1.0, 0.25, 3.0)
def test_each_step_is_the_learning_rules(points, w1, w2, b):
    run = Run(points, (w1, w2, b))
    for step, (n, *weights) in enumerate(by_the_rule(points, (w1, w2, b), LAST)):
        row = run.at(step)
        assert run.path[row].tolist() == weights
        if n is not None:
            assert points[run.correction(row)[0]] == points[n]   # of two equal points either may be named


def test_xor_comes_back_and_and_stops():
    app = PerceptronApp(("step",), state={"data": "XOR", "step": 14})
    assert "The rule goes round, in 4 corrections." in app.live.text
    shown = app.picture.now.get_xydata().tolist()
    app.controls["step"].value = 18
    assert app.picture.now.get_xydata().tolist() == shown
    app.state = {"data": "AND", "step": LAST}
    assert "the rule has stopped, all points are on their side after 11 corrections" in app.live.text
    assert "wrong: 0 of 4 points." in app.live.text and not app.picture.ring.get_visible()


def test_a_correction_is_shown_with_its_cause_and_the_line_before():
    app = PerceptronApp(("step",), state={"data": "OR", "step": 2})
    assert app.live.text.startswith("Step 2, point 2 (class 1, output 0): w + x, b + 1. w = (0.00, 1.00)")
    assert app.picture.ring.get_xydata().tolist() == [[0, 1]]
    assert app.picture.change.get_xy().max(axis=0).tolist() == pytest.approx([0.231, 1.0])   # from (0, 0) to (0, 1)
    app.state = {"step": 1}
    assert "(class 0, output 1/2): w − ½ x, b − 0.5." in app.live.text


def test_the_clouds_have_a_line_that_takes_the_rule_some_time():
    run = Run(DATA["clouds"], (0.0, 0.0, 0.0))
    assert run.converged and 15 <= len(run.path) - 1 <= LAST


# ---------------------------------------------------------------------------------------- points and weights


def test_a_moved_weight_begins_a_new_run_and_so_does_a_moved_point():
    app = shared(PerceptronApp, {"data": "AND", "step": 7, "point": 4})
    app.controls["w1"].set_state({"value": 1.5})
    assert app.state["step"] == 0 and "w = (1.50, 0.00), b = 0.00" in app.live.text
    app.state = {"step": 7}
    app.controls["x1"].set_state({"value": 0.25})
    assert (app.state["step"], app.state["points"][3], app.state["data"]) == (0, [0.25, 1.0, 1], "yours")
    app.controls["data"].value = "AND"
    assert app.state["points"] == DATA["AND"]


def test_points_can_be_added_and_taken_away_by_keyboard():
    app = shared(PerceptronApp, {"data": "OR", "point": 4})
    app.controls["count"].set_state({"value": 9})
    assert len(app.state["points"]) == 9 and app.state["points"][:4] == DATA["OR"] and app.state["data"] == "yours"
    app.controls["point"].set_state({"value": 9})
    app.controls["label"].value = 1 - app.controls["label"].value
    app.controls["x2"].set_state({"value": -0.5})
    assert app.state["points"][8][1:] == [-0.5, app.controls["label"].value]
    app.controls["count"].set_state({"value": 4})
    assert app.state["points"] == DATA["OR"] and app.state["point"] == 4 == app.controls["point"].max
    assert DATA["OR"][0] == [0.0, 0.0, 0]   # the gate itself was not written into


def test_the_text_gives_sum_and_signed_distance_of_the_chosen_point():
    app = PerceptronApp(("point",), state={"w1": 3.0, "w2": -2.0, "b": 1.25, "point": 2})
    p = Perceptron(2)
    p.w[:], p.b = (3, -2), 1.25
    assert app.live.text.endswith(f"Point 2: w·x + b = −0.75, signed distance −{abs(p.distance([[0, 1]])[0]):.2f}.")
    ends = app.picture.gap.get_xydata()
    assert p.distance(ends) == pytest.approx([p.distance([[0, 1]])[0], 0])
    app.state = {"w1": 0.0, "w2": 0.0}
    assert app.live.text.endswith("no line yet (w = 0).") and not app.picture.gap.get_visible()


@pytest.mark.parametrize("wrong, words", [
    ({"colour": 1}, "unknown name 'colour' in the state; the names are data, w1, w2"),
    ({"data": "NAND"}, "data = 'NAND' is not one of the choices"),
    ({"w1": 3.5}, "w1 = 3.5 is out of range; give a number from -3.0 to 3.0"),
    ({"step": 61}, "step = 61 is out of range; give a whole number from 0 to 60"),
    ({"point": 5}, "point = 5 is out of range; give a whole number from 1 to 4"),
    ({"points": [[0, 0, 1]] * 3}, "expected 4 to 20 rows [x1, x2, class]"),
    ({"points": [[0, 0]] * 5}, "expected 4 to 20 rows [x1, x2, class]"),
    ({"step": 61, "points": [[0, 0, 1]] * 5}, "step = 61 is out of range"),
    ({"point": 6, "points": [[0, 0, 1]] * 5}, "point = 6 is out of range; give a whole number from 1 to 5"),
    ({"points": 7}, "expected 4 to 20 rows [x1, x2, class]"),
    ({"points": [[0, 0, 1]] * 4 + [[0, 2, 1]]}, "x2 of point 5 = 2 is out of range"),
    ({"points": [[0, 0, 2]] * 4}, "the class of point 1 = 2 is out of range"),
])
def test_a_wrong_state_is_refused_in_words_and_changes_nothing(wrong, words):
    assert_refused(shared(PerceptronApp), wrong, words)


# ---------------------------------------------------------------------------------------- the picture


@given(WEIGHTS, WEIGHTS, WEIGHTS)
@example(1.0, 1.0, 1.5)      # through a corner
@example(1.0, 0.0, 0.75)     # along an edge
@example(0.0, 0.0, 1.0)
def test_a_side_is_coloured_where_the_sum_is_positive(w1, w2, b):
    w = np.array([w1, w2])
    inside = LOW + (HIGH - LOW) * np.random.default_rng(0).uniform(0.001, 0.999, (200, 2))
    corners = half_plane(w, b, LOW, HIGH)
    coloured = Path(corners).contains_points(inside) if len(corners) > 2 else np.zeros(200, dtype=bool)
    np.testing.assert_array_equal(coloured, inside @ w + b > 0)


def test_an_arrow_ends_at_its_end_and_a_short_one_keeps_its_shape():
    assert arrow(np.zeros(2), np.array([0, 2.0]), 0.1, 0.5)[3].tolist() == [0, 2]
    assert arrow(np.zeros(2), np.array([0, 0.1]), 0.1, 0.5)[1][1] == pytest.approx(0.03)
    assert len(arrow(np.ones(2), np.ones(2), 0.1, 0.5)) == 0


STATES = [{}, {"data": "XOR", "step": 40, "point": 4}, {"data": "clouds", "step": 17, "w1": -3.0, "b": -2.75},
          {"step": 3, "w1": 3.0, "w2": -3.0, "b": -3.0}]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("controls", [CONTROLS, ("data", "w1")])
def test_nothing_written_is_clipped_or_runs_into_other_words(controls, state):
    app = PerceptronApp(controls, state=state)
    parts = written(app.live.figure)
    assert len(parts) > 15
    assert_legible(app, parts)


def test_the_legend_names_what_moves_and_nothing_else():
    words = lambda app: {text.get_text() for text in app.live.figure.legends[0].get_texts()}   # noqa: E731
    always = {"point of class 0", "point of class 1", "not on its side", "side of output 0", "side of output 1",
              "line w·x + b = 0", "its normal, w/|w|"}
    assert words(PerceptronApp(("data", "w1"))) == always | {"w"}
    assert words(shared(PerceptronApp)) == always | {"the line before", "corrected point", "this correction of w",
                                               "way of w; ◆: now", "chosen, its distance"}


def test_the_slow_full_drawing_is_needed_once():
    assert_drawn_once(PerceptronApp(), SLIDERS)


@pytest.mark.parametrize("controls, rows", [
    (CONTROLS, [["points", "start b"], ["start w₁", "start w₂"], ["step", "play", "speed"],
                ["how many", "choose point"], ["its x₁", "its x₂"], ["its class"]]),
    (("data", "w1", "w2", "b"), [["points", "bias b"], ["weight w₁", "weight w₂"]]),
    ((), []),
])
def test_a_lesson_shows_only_the_controls_it_names(controls, rows):
    app = PerceptronApp(controls)
    assert rows_of(app.widget) == rows


def test_it_shows_itself_as_the_last_expression_of_a_cell():
    assert_shows_itself(shared(PerceptronApp, {"w1": 1.0}), "w = (1.00, 0.00), b = 0.00; wrong: 3 of 4 points.")
