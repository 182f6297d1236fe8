"""PolynomialApp: the right curves and numbers, a picture that depends on the state alone, a state that is checked."""

import numpy as np
import pytest
from scipy.interpolate import make_lsq_spline

from kan_edu.apps import PolynomialApp
from kan_edu.apps.polynomials.app import SPLINE_NAMES, TARGETS, X, sample, spline_knots
from tests.moving import assert_as_new, assert_refused, assert_shows_itself, drawn_at_once, pixels, rows_of, shared


def random_state(rng):
    points = int(rng.integers(5, 22))
    return {"target": str(rng.choice(list(TARGETS))), "points": points, "degree": int(rng.integers(1, points)),
            "point": int(rng.integers(points)), "shift": round(float(rng.integers(-16, 17)) * 0.05, 2)}


def test_the_curves_are_those_of_other_code():
    """Polynomial: powers of x and numpy's polyfit. Spline: scipy's least squares on the same knots."""
    app = shared(PolynomialApp, {"target": "wave", "points": 13, "degree": 8, "point": 3, "shift": -0.4})
    x, y = sample("wave", 13)
    y[3] -= 0.4
    polynomial, spline = (curve.get_ydata() for curve in app.picture.curves)
    np.testing.assert_allclose(polynomial, np.polyval(np.polyfit(x, y, 8), X), atol=1e-8)
    t, k = spline_knots(9)
    np.testing.assert_allclose(spline, make_lsq_spline(x, y, t, k)(X), atol=1e-8)
    before = PolynomialApp(state={**app.state, "shift": 0}).picture.curves
    for change, old, new in zip(app.picture.changes, before, (polynomial, spline), strict=True):
        np.testing.assert_allclose(change.get_ydata(), new - old.get_ydata(), atol=1e-10)


@pytest.mark.parametrize("points", [5, 11, 21])
def test_full_degree_meets_every_point_and_the_polynomial_swings(points):
    app = shared(PolynomialApp, {"points": points, "degree": points - 1})
    x, y = sample("runge", points)
    for curve in app.picture.curves:
        np.testing.assert_allclose(np.interp(x, X, curve.get_ydata()), y, atol=0.02 if points < 21 else 0.3)
    errors = [line.get_ydata()[-1] for line in app.picture.errors]
    assert errors[0] > errors[1]
    assert f"polynomial {errors[0]:.2f}, {SPLINE_NAMES[3]} {errors[1]:.2f}." in app.live.text


def test_the_error_panel_marks_the_present_degree_for_every_degree():
    app = shared(PolynomialApp, {"points": 15, "shift": 0.6})
    for degree in (1, 7, 14):
        app.state = {"degree": degree}
        for line, mark, curve in zip(app.picture.errors, app.picture.marks, app.picture.curves, strict=True):
            error = np.abs(curve.get_ydata() - TARGETS["runge"](X)).max()
            assert mark.get_xdata() == [degree]
            np.testing.assert_allclose([mark.get_ydata()[0], line.get_ydata()[degree - 1]], error)


def test_a_note_tells_how_far_the_polynomial_leaves_the_picture_and_only_then():
    app = shared(PolynomialApp, {"points": 15, "degree": 14})
    note, heights = app.picture.note, app.picture.curves[0].get_ydata()
    assert note.get_visible()
    assert note.get_text() == f"polynomial: from −{-heights.min():.1f} to {heights.max():.1f}"
    app.state = {"degree": 3}
    assert not note.get_visible()


@pytest.mark.parametrize("M", range(2, 22))
def test_both_have_as_many_coefficients(M):
    t, k = spline_knots(M)
    assert len(t) - 1 - k == M
    assert (t[k], t[-1 - k]) == (-1, 1)
    assert k == min(3, M - 1)


def test_up_to_degree_three_the_spline_is_the_polynomial():
    for degree in (1, 2, 3):
        app = shared(PolynomialApp, {"target": "wave", "degree": degree})
        polynomial, spline = (curve.get_ydata() for curve in app.picture.curves)
        np.testing.assert_allclose(polynomial, spline, atol=1e-8)


@pytest.mark.parametrize("controls", [("target", "points", "degree"), ("target", "points", "degree", "point", "shift")])
def test_any_way_to_a_state_gives_the_same_picture(controls):
    rng, app = np.random.default_rng(0), PolynomialApp(controls)
    for _ in range(3):
        state = random_state(rng)
        for name in ("target", "points", "degree", "point", "shift"):   # as a hand would, one after the other
            app.controls[name].value = state[name]
        assert app.state == state
        np.testing.assert_array_equal(pixels(app.live.png()), drawn_at_once(app.live.figure))
    fresh = PolynomialApp(controls, state=state)
    assert_as_new(app, fresh)
    app.state = {"shift": 0.3, "degree": 2}
    app.state = state
    assert_as_new(app, fresh)


def test_no_control_draws_the_background_again():
    app = PolynomialApp()
    for name, value in random_state(np.random.default_rng(2)).items():
        app.controls[name].value = value
    assert app.live.backgrounds == 1


def test_fewer_points_pull_degree_and_point_along():
    app = shared(PolynomialApp, {"points": 21, "degree": 20, "point": 20})
    app.controls["points"].value = 8
    assert (app.state["degree"], app.state["point"]) == (7, 7)
    assert (app.controls["degree"].max, app.controls["point"].max) == (7, 7)
    app.state = {"points": 6}
    assert app.state["degree"] == 5


WRONG = [
    ({"grade": 3}, "unknown name 'grade' in the state; the names are target, points, degree, point, shift"),
    ({"target": "sine"}, "target = 'sine' is not one of the choices ['runge', 'wave']"),
    ({"points": 4}, "points = 4 is out of range; give a whole number from 5 to 21"),
    ({"degree": 11}, "degree = 11 is out of range; give a whole number from 1 to 10"),
    ({"points": 8, "degree": 8}, "degree = 8 is out of range; give a whole number from 1 to 7"),
    ({"degree": 2.5}, "degree = 2.5 is not a whole number"),
    ({"point": -1}, "point = -1 is out of range"),
    ({"shift": float("nan")}, "shift = nan is out of range"),
    ({"degree": 3, "shift": 1}, "shift = 1 is out of range; give a number from -0.8 to 0.8"),
]


@pytest.mark.parametrize(("wrong", "words"), WRONG)
def test_a_wrong_state_is_refused_in_words_and_changes_nothing(wrong, words):
    assert_refused(shared(PolynomialApp, {"degree": 6}), wrong, words)


def test_every_control_has_a_description_and_only_those_asked_for_are_on_the_page():
    app = shared(PolynomialApp)
    assert all(control.description for control in app.controls.values())
    assert rows_of(PolynomialApp(("degree", "points")).widget) == [["points"], ["degree"]]


def test_display_leaves_a_picture_and_a_fixed_line_where_no_widget_runs():
    assert_shows_itself(shared(PolynomialApp), "Degree 4, 11 points, 5 coefficients each.")
