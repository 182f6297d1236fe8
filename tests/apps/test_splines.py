"""The spline app: its picture depends on its state alone, its knots stay legal, its words are true."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kan_edu.apps import SplineApp
from kan_edu.apps.common.words import Words
from kan_edu.apps.splines.app import CONTROLS, sample_data
from kan_edu.apps.splines.state import MovableSpline, nice_limit
from kan_edu.splines.bspline import basis, check_knots, evaluate
from kan_edu.splines.fit import fit
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
)

SLIDERS = ("degree", "intervals", "knot", "position", "coefficient", "value", "x")


@st.composite
def states(draw):
    """Any legal state, knots that meet in threes included."""
    k, G = draw(st.integers(0, 5)), draw(st.integers(1, 10))
    places = st.integers(-9, 9).map(lambda i: i / 10)
    knots = sorted(draw(st.lists(places, min_size=G - 1, max_size=G - 1)))
    if any(knots.count(x) > k + 1 for x in knots):
        knots = [round(-0.9 + 0.17 * j, 2) for j in range(G - 1)]
    c = draw(st.lists(st.floats(-3, 3, width=16), min_size=G + k, max_size=G + k))
    return {"degree": k, "intervals": G, "knots": knots, "coefficients": c,
            "mode": draw(st.sampled_from(["free", "fit"])),
            "knot": draw(st.integers(1, max(1, G - 1))), "coefficient": draw(st.integers(0, G + k - 1)),
            "x": draw(st.floats(-1, 1))}


@settings(max_examples=3)
@given(st.lists(states(), min_size=1, max_size=3))
def test_after_any_states_the_picture_is_that_of_a_new_app_and_of_a_figure_drawn_at_once(sequence):
    app = shared(SplineApp)
    for state in sequence:
        set_all(app, [state], found=("coefficients",) if state["mode"] == "fit" else ())
    assert_as_new(app, SplineApp(state=sequence[-1]))


@settings(max_examples=3)
@given(moves(*SLIDERS, "mode"))
@example([("knot", 0.4), ("position", 1), ("degree", 0.2), ("degree", 0), ("mode", 1), ("intervals", 1)])
def test_after_any_moves_the_state_is_legal_and_makes_the_same_picture_again(sequence):
    app = shared(SplineApp)
    move_all(app, sequence)
    spline = app.spline
    check_knots(spline.t, spline.k)
    assert np.isfinite(spline.c).all()
    fresh = SplineApp(state=app.state)
    assert seen(app) == seen(fresh)


def test_thirty_fast_events_end_on_the_last_value():
    app, fresh = SplineApp(controls=("knot",)), SplineApp(controls=("knot",))
    for i in range(30):
        app.controls["position"].set_state({"value": round(-0.55 + (i * 37 % 71) / 100, 2)})
    fresh.state = {"knots": [-0.6, round(-0.55 + (29 * 37 % 71) / 100, 2), 0.2, 0.6]}
    assert app.state == fresh.state
    assert app.live.png() == fresh.live.png()


# ---------------------------------------------------------------------------------------- the state


def test_state_can_be_set_in_parts_and_a_degree_keeps_the_curve():
    app = shared(SplineApp)
    x = np.linspace(-1, 1, 50)
    before = evaluate(x, app.spline.c, app.spline.t, 3)
    app.state = {"degree": 4, "x": 0.5}
    assert (app.state["degree"], app.state["x"], app.state["intervals"]) == (4, 0.5, 5)
    assert np.abs(evaluate(x, app.spline.c, app.spline.t, 4) - before).max() < 0.15
    app.state = {"intervals": 3, "knots": [0, 0]}
    assert app.state["knots"] == [0.0, 0.0] and len(app.state["coefficients"]) == 7


@pytest.mark.parametrize("wrong, words", [
    ({"colour": 1}, "unknown name 'colour' in the state; the names are degree, intervals, knots"),
    ({"degree": 6}, "degree = 6 is out of range; give a whole number from 0 to 5"),
    ({"intervals": 2.5}, "intervals = 2.5 is not a whole number"),
    ({"mode": "best"}, "mode = 'best' is not one of the choices ['free', 'fit']"),
    ({"x": 3}, "x = 3 is out of range; give a number from -1.0 to 1.0"),
    ({"knots": [0, 0.5]}, "knots has shape (2,); 5 intervals have 4 knots inside"),
    ({"knots": [0.5, 0, 0.6, 0.7]}, "knots must not decrease"),
    ({"knots": [-1, 0, 0.5, 0.7]}, "must lie between -1.0 and 1.0, ends excluded"),
    ({"knots": [0, 0, 0, 0], "degree": 2}, "stands more than k+1 = 3 times"),
    ({"knots": ["a", "b", "c", "d"]}, "knots holds text"),
    ({"coefficients": np.ma.masked_equal(np.arange(8), 3)}, "coefficients holds 1 masked values"),
    ({"coefficients": [1, 2]}, "expected G + k = 8 finite numbers"),
    ({"coefficients": [np.nan] * 8}, "expected G + k = 8 finite numbers"),
    ({"knot": 5}, "knot = 5 is out of range; give a whole number from 1 to 4"),
    ({"degree": 1, "coefficient": 6}, "coefficient = 6 is out of range; give a whole number from 0 to 5"),
])
def test_a_wrong_state_is_refused_in_words_and_changes_nothing(wrong, words):
    assert_refused(shared(SplineApp), wrong, words)


@pytest.mark.parametrize("arguments, words", [
    ({"lo": 1, "hi": 1}, "expected two finite numbers with lo < hi"),
    ({"data": ([0, 2], [1, 1])}, "give lo and hi that contain them"),
    ({"data": ([0, 0.5], [1, np.nan])}, "NaN"),
    ({"data": ([], [])}, "expected N > 0"),
    ({"controls": ("knot",), "state": {"mode": "fit"}}, "needs data"),
])
def test_wrong_arguments_are_refused_in_words(arguments, words):
    with pytest.raises(ValueError, match=words):
        SplineApp(**arguments)


# ---------------------------------------------------------------------------------------- knots


def test_a_knot_may_meet_its_neighbour_and_the_words_say_what_that_does():
    app = SplineApp(controls=("knot",))
    app.controls["position"].set_state({"value": -0.6 + 1e-13})   # its left neighbour, with a browser's rounding
    assert app.state["knots"][:2] == [-0.6, -0.6]
    assert app.live.text.endswith("Knot 2 at -0.60, double knot: only C¹ here.")
    assert app.picture.note.get_visible() and app.picture.note.get_text() == "double knot: only C¹ here"
    app.controls["position"].set_state({"value": -0.5})
    assert not app.picture.note.get_visible()


@pytest.mark.parametrize("k", range(6))
def test_no_knot_can_be_moved_to_stand_more_than_k_plus_1_times(k):
    spline = MovableSpline(-1, 1, sample_data())
    spline.set_degree(k)
    spline.set_intervals(10)
    for j in range(2, 10):
        spline.move_knot(j, -1)   # as far left as it can
        check_knots(spline.t, k)
    at, times = np.unique(spline.inner, return_counts=True)
    assert times[0] == min(k + 1, 9) and (at > -1).all()


def test_a_knot_stays_between_its_neighbours_and_inside():
    spline = MovableSpline(0, 2, ([0.0, 1.0, 2.0], [0.0, 1.0, 0.0]))
    spline.move_knot(1, -7)
    assert spline.inner[0] == pytest.approx(0.01)
    spline.move_knot(4, 7)
    assert spline.inner[-1] == pytest.approx(1.99)
    spline.move_knot(2, 1.9)
    assert spline.inner[1] == spline.inner[2] == pytest.approx(1.2)


def test_lowering_the_degree_makes_illegal_knots_even_again():
    spline = MovableSpline(-1, 1, sample_data())
    spline.set_knots([0, 0, 0, 0.5])
    spline.set_degree(2)
    np.testing.assert_array_equal(spline.inner, [0, 0, 0, 0.5])
    spline.set_degree(1)
    np.testing.assert_allclose(spline.inner, [-0.6, -0.2, 0.2, 0.6])


# ---------------------------------------------------------------------------------------- coefficients


def test_in_mode_fit_the_coefficients_are_the_least_squares_ones_and_follow_the_knot():
    data = sample_data(N=60, seed=3)
    app = SplineApp(mode="fit", data=data)
    app.controls["position"].set_state({"value": 0.1})
    t = app.spline.t
    assert app.state["knots"][1] == 0.1
    np.testing.assert_allclose(app.state["coefficients"], fit(*data, t, 3, ridge=1e-6))
    best = np.sqrt(np.mean((basis(data[0], t, 3) @ app.spline.c - data[1]) ** 2))
    assert app.live.text.endswith(f"RMSE to the data {best:.3f}.")
    assert app.controls["value"].disabled and not app.controls["position"].disabled


def test_a_coefficient_moves_the_curve_where_its_function_lives_and_nowhere_else():
    app = shared(SplineApp)
    app.state = {"coefficient": 5}
    x, before = app.picture.spline.get_data()
    app.controls["value"].set_state({"value": 1.0})
    after = app.picture.spline.get_ydata()
    t = app.spline.t
    inside, outside = (t[5] + 0.01 < x) & (x < t[9] - 0.01), (x < t[5]) | (t[9] < x)
    assert app.state["coefficients"][5] == 1.0
    assert (before != after)[inside].all() and (before == after)[outside].all()


def test_a_value_on_the_page_is_the_value_in_words():
    app = shared(SplineApp)
    for m in range(8):
        app.controls["coefficient"].set_state({"value": m})
        value = app.controls["value"].value
        assert f"c{'₀₁₂₃₄₅₆₇'[m]} = {value:.2f}." in app.live.text
        assert abs(value / 0.05 - round(value / 0.05)) < 1e-9   # on a step of the slider


@pytest.mark.parametrize("height", [1e-3, 1, 70, 2e6])
def test_the_slider_reaches_above_the_data_in_about_a_hundred_steps(height):
    limit, step = nice_limit([0, -height])
    assert 1.5 * height <= limit <= 3 * height and 40 <= 2 * limit / step <= 400


# ---------------------------------------------------------------------------------------- the picture


def test_the_probe_lights_the_functions_that_are_not_zero_and_they_sum_to_one():
    app = shared(SplineApp, {"x": 0.3})
    values = basis([0.3], app.spline.t, 3)[0]
    dots = {m: dot.get_ydata()[0] for m, dot in enumerate(app.picture.dots) if dot.get_visible()}
    assert list(dots) == list(np.flatnonzero(values)) and sum(dots.values()) == pytest.approx(1)
    np.testing.assert_allclose(list(dots.values()), values[values > 0])
    assert "B₄\u00a00.612" in app.live.text and "sum 1.000, s(x) = " in app.live.text


@pytest.mark.parametrize("state", [
    {}, {"degree": 5, "intervals": 10, "x": 0.07}, {"degree": 0, "intervals": 1}, {"knots": [-0.9, -0.9, 0.9, 0.9]},
    {"coefficients": [9, -9, 0, 0, 0, 0, 9, -9], "knots": [0.1, 0.9, 0.9, 0.9], "knot": 3},
])
@pytest.mark.parametrize("controls", [CONTROLS, ("knot", "degree")])
def test_nothing_written_is_clipped_or_runs_into_other_words(controls, state):
    app = SplineApp(controls=controls, state=state)
    key = [child for child in app.picture.key.get_children() if isinstance(child, Words) and child.get_visible()]
    assert len(key) >= 4
    axes = (app.picture.above, app.picture.below)
    assert_legible(app, [*key, app.picture.below.get_legend()], [ax.patch.get_window_extent() for ax in axes])
    if app.picture.note.get_visible():
        assert_legible(app, [app.picture.note])


def test_every_moving_look_is_in_the_legend_and_what_cannot_be_moved_is_not():
    words = lambda app: {text.get_text() for text in app.picture.below.get_legend().get_texts()}   # noqa: E731
    assert {"chosen knot", "probe x", "chosen c and c·B(x)", "data"} <= words(shared(SplineApp))
    always = {"curve s(x) = Σ c·B(x)", "c (▲▼: beyond)", "knots (thick: repeated)"}
    assert words(SplineApp(controls=("knot",))) == always | {"chosen knot"}


def test_the_slow_full_drawing_is_needed_once():
    assert_drawn_once(SplineApp(), SLIDERS)


@pytest.mark.parametrize("controls, rows", [
    (CONTROLS, [["degree k", "intervals G"], ["choose knot", "its position"], ["choose c", "its value"],
                ["probe x", "coefficients"]]),
    (("knot", "degree"), [["degree k"], ["choose knot", "its position"]]),
    ((), []),
])
def test_a_lesson_shows_only_the_controls_it_names(controls, rows):
    app = SplineApp(controls=controls)
    shown = rows_of(app.widget)
    assert shown == rows


def test_every_control_has_a_description():
    assert all(control.description for control in SplineApp().controls.values())


def test_an_error_while_dragging_is_shown_and_does_not_end_the_app(monkeypatch):
    app = SplineApp()
    picture = app.live.png()
    with monkeypatch.context() as broken:
        broken.setattr(app.spline, "rmse", lambda: 1 / 0)
        app.controls["x"].set_state({"value": 0.9})
    assert app.live.text == "ZeroDivisionError: division by zero" and app.live.png() == picture
    app.controls["x"].set_state({"value": 0.8})
    assert app.live.error is None and "At x = 0.80" in app.live.text


def test_it_shows_itself_as_the_last_expression_of_a_cell():
    assert_shows_itself(shared(SplineApp), "Degree 3, 5 intervals, 8 basis functions.")


@pytest.mark.parametrize("wrong, words", [
    ({"data": [1, 2, 3]}, "expected a pair"), ({"data": ([0, 1], [0])}, "expected 2 numbers in a row"),
    ({"data": ([], [])}, "expected N > 0"), ({"lo": 1e300, "hi": 1.5e300}, "too narrow or too wide"),
    ({"lo": "a"}, "the range is"), ({"data": ([0, 1], [0, 1e300])}, "no picture can show"),
])
def test_data_and_ends_that_cannot_be_drawn_are_refused(wrong, words):
    with pytest.raises(ValueError, match=words):
        SplineApp(**wrong)
