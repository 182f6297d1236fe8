"""The psi app: its picture depends on its state alone, its words are psi's values, Sprecher's fall is marked."""

from fractions import Fraction

import pytest

from kan_edu.apps import PsiApp
from kan_edu.theorems.koppen import psi
from tests.moving import assert_as_new, assert_refused, shared


@pytest.mark.parametrize("state", [{}, {"d": 1.0, "zoom": 4}, {"d": 0.0, "zoom": 0}, {"formula": "Sprecher 1996"}])
def test_the_picture_is_that_of_a_new_app_and_of_a_figure_drawn_at_once(state):
    app = PsiApp(state={"d": 0.2, "zoom": 3})
    app.state = {"d": 0.5, "zoom": 1, "formula": "Köppen", **state}
    assert_as_new(app, PsiApp(state=state))
    assert app.live.backgrounds == 1


def test_the_window_shows_psi_itself():
    app = shared(PsiApp, {"d": 0.25, "zoom": 2})
    height = app.picture.curves[1].get_ydata()
    values = [psi(Fraction(m, 10**5), 5) for m in (24500, 25000, 25500)]
    share = (values[1] - values[0]) / (values[2] - values[0])
    assert len(height) == 1001 and height[500] == pytest.approx(float(share))
    assert f"psi spans {float(values[2] - values[0]):.3g} there" in app.live.text


def test_sprechers_fall_is_marked_and_koppens_psi_has_none():
    app = shared(PsiApp, {"d": 0.59, "zoom": 2, "formula": "Sprecher 1996"})
    assert app.picture.falls.get_xdata().tolist() == [0.5] and "It falls at 1 of them." in app.live.text
    app.controls["formula"].value = "Köppen"
    assert len(app.picture.falls.get_xdata()) == 0 and "It falls at 0 of them." in app.live.text


def test_a_wrong_state_is_refused_in_words_and_changes_nothing():
    app = shared(PsiApp)
    for wrong, words in (({"zoom": 5}, "from 0 to 4"), ({"formula": "mine"}, "choices"), ({"e": 1}, "unknown name")):
        assert_refused(app, wrong, words)
