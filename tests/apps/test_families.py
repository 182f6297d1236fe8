"""FamiliesApp: its picture depends on its state alone, its words are measured, each family has as many numbers."""

import numpy as np
import pytest

from kan_edu.apps import FamiliesApp
from kan_edu.apps.families.app import COUNTS, FAMILIES, MOST, TARGETS, X, error, errors, fitted, functions
from kan_edu.theorems.bumps import ramps
from tests.moving import assert_as_new, assert_refused, assert_shows_itself, rows_of, shared

STATES = [{}, {"target": "kinked", "family": "ramps", "n": 1}, {"target": "periodic", "family": "fourier", "n": MOST}]


@pytest.mark.parametrize("state", STATES, ids=str)
def test_the_picture_is_that_of_a_new_app(state):
    first = shared(FamiliesApp).state
    app = shared(FamiliesApp, {"target": "periodic", "family": "rbf", "n": 7})
    drawn = app.live.backgrounds
    app.state = {**first, **state}
    assert app.live.backgrounds == drawn
    assert_as_new(app, FamiliesApp(state=state))


@pytest.mark.parametrize("P", COUNTS)
def test_every_family_has_as_many_numbers(P):
    """A relu network with N units has w_i, b_i, a_i and a constant."""
    sizes = {name: functions(name, P).shape[1] for name in FAMILIES}
    units = ramps(np.sin, sizes.pop("ramps") - 1)
    assert set(sizes.values()) == {P} and 3 * len(units.a) + 1 == P


@pytest.mark.parametrize("family", FAMILIES)
def test_the_sum_is_the_best_of_its_family(family):
    """What is left over is at right angles to every function of the family."""
    left = TARGETS["kinked"](X) - fitted("kinked", family, 13)
    assert np.abs(functions(family, 13).T @ left).max() < 1e-9 * len(X)


def test_each_target_has_its_family():
    at = {target: {family: errors(target)[family][4] for family in FAMILIES} for target in TARGETS}   # P = 31
    assert min(at["periodic"], key=at["periodic"].get) == "fourier"
    assert at["smooth"]["polynomial"] < 1e-12 < at["smooth"]["fourier"]
    assert at["kinked"]["polynomial"] > 1e-3   # no degree helps against a kink


def test_the_words_and_the_mark_are_measured():
    app = shared(FamiliesApp, {"target": "kinked", "family": "spline", "n": 4})
    assert f"with 25 numbers: cubic spline, RMSE {error('kinked', 'spline', 25):.0e}." in app.live.text
    assert app.picture.now.get_xdata() == [25]
    assert app.errors == {family: error("kinked", family, 25) for family in FAMILIES}
    best = min(app.errors, key=app.errors.get)
    assert app.live.text.endswith(f"Least of the five: {FAMILIES[best]}, {app.errors[best]:.0e}.")
    np.testing.assert_array_equal(app.picture.truth.get_ydata(), TARGETS["kinked"](X))
    for name, curve in app.picture.curves.items():
        np.testing.assert_allclose(curve.get_ydata(), errors("kinked")[name])
    app.controls["n"].value = 5
    assert app.picture.now.get_ydata() == [error("kinked", "spline", 31)]
    np.testing.assert_array_equal(app.picture.total.get_ydata(), fitted("kinked", "spline", 31))


def test_what_a_state_may_be():
    app = shared(FamiliesApp)
    for wrong, words in (({"n": 0}, "n"), ({"family": "sine"}, "family"), ({"target": 3}, "target"), ({"m": 1}, "m")):
        assert_refused(app, wrong, words)


def test_the_page():
    assert rows_of(shared(FamiliesApp).widget) == [["target", "family"], ["size n"]]
    assert rows_of(FamiliesApp(("n",)).widget) == [["size n"]]
    assert_shows_itself(shared(FamiliesApp), "The smooth target with 13 numbers: polynomial, RMSE")
