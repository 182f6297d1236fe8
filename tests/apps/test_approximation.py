"""The approximation app: its picture depends on its state alone, its words are measured, its pieces make the sum."""

import numpy as np
import pytest

from kan_edu.apps import ApproximationApp
from kan_edu.apps.approximation.app import COUNTS, MOST, X, error_curve, pieces_of
from kan_edu.theorems.bumps import errors, ramps, steps
from tests.moving import assert_as_new, assert_refused, rows_of, shared

STATES = [{}, {"units": "relu", "pieces": "units", "N": 12}, {"units": "step", "N": 1, "at": 0.9, "raise": -0.5},
          {"target": "root", "N": MOST, "at": 1.0, "move": -0.3}, {"target": "jump", "units": "relu", "N": 5},
          {"steepness": 3, "pieces": "units", "raise": 1.0, "move": 0.05}]


def wave(x):
    return np.sin(7 * x)


@pytest.mark.parametrize("state", STATES)
def test_the_picture_is_that_of_a_new_app_and_of_a_figure_drawn_at_once(state):
    first = shared(ApproximationApp).state
    app = shared(ApproximationApp, {"N": 40, "at": 0.7, "units": "relu", "target": "jump", "raise": 0.4})
    drawn = app.live.backgrounds
    app.state = {**first, **state}
    assert_as_new(app, ApproximationApp(state=state))
    assert app.live.backgrounds == drawn


@pytest.mark.parametrize("N", [1, 7, MOST])
@pytest.mark.parametrize("units", ["step", "sigmoid", "relu"])
def test_units_and_bumps_are_one_sum(units, N):
    sums = []
    for kind in ("units", "bumps"):
        app = shared(ApproximationApp, {"units": units, "N": N, "pieces": kind})
        assert len(pieces_of(app.state, X).coefficients) == (N if kind == "units" else N + 1)
        sums.append(app.picture.total.get_ydata())
    np.testing.assert_allclose(*sums, atol=1e-10)


def test_the_words_are_measured():
    app = shared(ApproximationApp, {"units": "step", "N": 8})
    largest, rmse = errors(steps(wave, 8)(X), wave(X))
    assert f"largest error {largest:.2g}, RMSE {rmse:.3g}." in app.live.text
    app.controls["units"].value = "relu"
    assert "9 hats" in app.live.text and "the largest error goes like N^−2.0, the RMSE like N^−2.0." in app.live.text
    np.testing.assert_array_equal(app.picture.curves[1].get_ydata(), error_curve("wave", "relu", 7)[:, 1])
    assert error_curve("wave", "relu", 7)[COUNTS.index(4), 0] == errors(ramps(wave, 4)(X), wave(X))[0]


def test_a_raised_bump_changes_its_own_place_and_a_raised_step_all_to_its_right():
    changed = {}
    for kind in ("bumps", "units"):
        app = shared(ApproximationApp, {"units": "step", "N": 9, "pieces": kind, "at": 0.38})
        before = app.picture.total.get_ydata().copy()
        app.controls["raise"].value = 0.5
        changed[kind] = X[app.picture.total.get_ydata() != before]
    assert (changed["bumps"].min(), changed["bumps"].max()) == (pytest.approx(0.3), pytest.approx(0.4))
    assert (changed["units"].min(), changed["units"].max()) == (pytest.approx(0.4), 1)


def test_a_moved_bump_leaves_a_gap_and_the_words_say_so():
    app = shared(ApproximationApp, {"units": "step", "N": 9, "at": 0.25, "move": 0.1})
    total = dict(zip(X.round(4), app.picture.total.get_ydata(), strict=True))
    assert total[0.25] == pytest.approx(0) and total[0.35] == pytest.approx(wave(0.25) + wave(0.35))
    assert "The bump 3 at x = 0.25 is raised by 0.00 and moved by 0.10." in app.live.text


@pytest.mark.parametrize("kind, units, name", [("bumps", "step", "bump"), ("units", "relu", "ramp")])
def test_the_piece_nearest_to_the_place_is_the_one_that_changes(kind, units, name):
    app = shared(ApproximationApp, {"N": 64, "pieces": kind, "units": units, "raise": 0.1})
    places, found = pieces_of(app.state, X).places, []
    for at in np.arange(101) / 100:
        app.controls["at"].value = at
        found.append(int(app.live.text.split(f"The {name} ")[1].split()[0]))
        assert abs(places[found[-1] - 1] - at) <= np.abs(places - at).min() + 1e-12
    assert sorted(set(found)) == list(range(1, len(places) + 1)), "some piece cannot be chosen"


@pytest.mark.parametrize("wrong, words", [
    ({"N": 65}, "N = 65 is out of range; give a whole number from 1 to 64"),
    ({"N": 3, "at": 1.5}, "at = 1.5 is out of range; give a number from 0.0 to 1.0"),
    ({"target": "mine"}, "'mine' is not one of the choices"),
    ({"n": 3}, "unknown name 'n' in the state; the names are target, units, N"),
    ({"raise": "up"}, "raise = 'up' is not a number"),
])
def test_a_wrong_state_is_refused_in_words_and_changes_nothing(wrong, words):
    assert_refused(shared(ApproximationApp), wrong, words)


def test_only_the_named_controls_are_on_the_page():
    assert rows_of(ApproximationApp(("N", "steepness")).widget) == [["N units", "log₂ steepness"]]
