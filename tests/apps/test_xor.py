"""The XOR app: its picture depends on its state alone, its net is the library's, its folds are where they should be."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.colors import to_rgb

from kan_edu import MLP, SGD, fit
from kan_edu.apps import XorApp
from kan_edu.apps.xor.app import BY_HAND, CONTROLS, FRAMES, SEEDS, STEPS, folded, start
from kan_edu.apps.xor.picture import BLUE, RED, SIDE, regions
from kan_edu.data import datasets
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

X, LABELS = datasets.logic_gate("XOR")
VALUES = st.integers(-60, 60).map(lambda i: i / 20)
FOLDING = [1.5, -1.0, -1.0, 1.5, 0.0, 0.0, 1.0, 1.0, -0.75]


@st.composite
def states(draw):
    """Any legal state."""
    return {"fold": draw(st.integers(0, 100)), "activation": draw(st.sampled_from(["relu", "tanh", "identity"])),
            "weights": draw(st.sampled_from(["hand", "trained"])), "seed": draw(st.integers(0, SEEDS - 1)),
            "frame": draw(st.integers(0, 12)), "weight": draw(st.integers(0, 8)),
            "theta": draw(st.lists(VALUES, min_size=9, max_size=9))}


@settings(max_examples=3)
@given(st.lists(states(), min_size=1, max_size=3))
def test_after_any_states_the_picture_is_that_of_a_new_app_and_of_a_figure_drawn_at_once(sequence):
    app = shared(XorApp)
    set_all(app, sequence)
    assert app.state == sequence[-1]
    assert_as_new(app, XorApp(state=sequence[-1]))


@settings(max_examples=3)
@given(moves("fold", "activation", "weights", "seed", "frame", "weight", "value"))
@example([("weights", 1), ("frame", 0.3), ("seed", 1), ("activation", 0.5), ("weights", 0), ("value", 1)])
def test_after_any_moves_the_state_is_legal_and_makes_the_same_picture_again(sequence):
    app = shared(XorApp)
    move_all(app, sequence)
    assert seen(app) == seen(XorApp(state=app.state))


# ---------------------------------------------------------------------------------------- the net


def test_the_weights_by_hand_solve_xor_exactly():
    app = shared(XorApp)
    net = MLP([2, 2, 1], activation="relu")
    net.theta[:] = BY_HAND
    np.testing.assert_array_equal(net(X)[:, 0], LABELS)
    assert app.live.text == ("h₁ = relu(1.00 x₁ + 1.00 x₂ + 0.00), h₂ = relu(1.00 x₁ + 1.00 x₂ − 1.00), "
                             "y = 1.00 h₁ − 2.00 h₂ + 0.00. Outputs at 00, 01, 10, 11: 0.00, 1.00, 1.00, 0.00; "
                             "right: 4 of 4.")


@pytest.mark.parametrize("activation", ["relu", "tanh", "identity"])
def test_a_frame_is_what_the_librarys_training_gives(activation):
    net = MLP([2, 2, 1], activation=activation)
    net.theta[:] = start(5)
    fit(net, X, LABELS[:, None], steps=7 * STEPS, optimiser=SGD(lr=0.1), progress=False)
    app = XorApp(state={"weights": "trained", "activation": activation, "seed": 5, "frame": 20})
    app.state = {"frame": 7}   # back: the frame was kept
    np.testing.assert_allclose(app.present_theta(), net.theta, rtol=0, atol=1e-12)


def test_one_seed_learns_and_another_dies():
    app = shared(XorApp, {"weights": "trained", "seed": 1, "frame": FRAMES - 1})
    assert app.live.text.endswith("right: 4 of 4.") and "Dead" not in app.live.text
    app.state = {"seed": 3}
    assert "Dead, 0 at all four points: h₁ and h₂." in app.live.text and app.live.text.endswith("right: 0 of 4.")


def test_trained_weights_are_not_set_by_hand_and_the_other_way_round():
    app = shared(XorApp)
    assert app.controls["seed"].disabled and app.controls["frame"].disabled and app.extras["play"].disabled
    app.controls["weights"].value = "trained"
    assert app.controls["value"].disabled and not app.controls["seed"].disabled and not app.extras["play"].disabled
    app.controls["weights"].value = "hand"
    app.controls["weight"].value = 7
    app.controls["value"].set_state({"value": 0.5})
    assert app.state["theta"] == [*BY_HAND[:7], 0.5, 0.0] and XorApp().state["theta"] == list(BY_HAND)


@pytest.mark.parametrize("wrong, words", [
    ({"colour": 1}, "unknown name 'colour' in the state; the names are fold, activation, weights"),
    ({"fold": 101}, "fold = 101 is out of range; give a whole number from 0 to 100"),
    ({"activation": "none"}, "activation = 'none' is not one of the choices"),
    ({"seed": 40}, "seed = 40 is out of range"),
    ({"theta": [1, 2]}, "theta has 2 numbers; expected 9: w₁₁, w₁₂"),
    ({"seed": 40, "theta": [0] * 9}, "seed = 40 is out of range"),
    ({"theta": 3}, "theta has 0 numbers; expected 9"),
    ({"theta": [0] * 8 + [4]}, "c = 4 is out of range; give a number from -3.0 to 3.0"),
])
def test_a_wrong_state_is_refused_in_words_and_changes_nothing(wrong, words):
    assert_refused(shared(XorApp), wrong, words)


# ---------------------------------------------------------------------------------------- folds and regions


@given(st.lists(VALUES, min_size=9, max_size=9), st.sampled_from(["relu", "tanh", "identity"]))
def test_the_fold_goes_from_x_over_the_sums_to_the_hidden_space(theta, activation):
    net = MLP([2, 2, 1], activation=activation)
    net.theta[:] = theta
    Z = X @ np.reshape(theta[:4], (2, 2)).T + theta[4:6]
    H = {"relu": np.maximum(Z, 0), "tanh": np.tanh(Z), "identity": Z}[activation]
    for t, places in ((0, X), (0.25, (X + Z) / 2), (0.5, Z), (0.75, (Z + H) / 2), (1, H)):
        np.testing.assert_allclose(folded(net, X, t), places, atol=1e-14)


def test_a_pixel_has_the_colour_of_its_output():
    app = shared(XorApp, {"theta": FOLDING})
    image = np.asarray(app.picture.image.get_array())
    pale = {c: np.round(255 * (1 - a * (1 - np.array(to_rgb(colour))))) for c, (colour, a) in
            enumerate(((BLUE, 0.16), (RED, 0.20)))}
    for (x1, x2), label in zip(X, LABELS, strict=True):
        row, column = int((x2 + 0.5) / 2 * SIDE), int((x1 + 0.5) / 2 * SIDE)
        assert np.abs(image[row, column].astype(float) - pale[label]).max() <= 1
    black = (image == 0).all(axis=-1)
    assert 100 < black.sum() < 6 * SIDE   # two borders
    assert (regions(np.full((9, 9), 0.5 + 1e-13)) == 255).all()   # undecided all over: white, no noise


@pytest.mark.parametrize("slope", [-1, -0.4, 0.7, 1])
def test_an_oblique_border_has_no_gap(slope):
    rows, columns = np.mgrid[:40, :40]
    black = (regions(0.5 + (rows - 20.3) + slope * (columns - 20)) == 0).all(axis=-1)
    touched = black[1:] & black[:-1]   # two pixels that share a side, one above the other
    assert touched.any(axis=1)[black.any(axis=1)[1:] & black.any(axis=1)[:-1]].all()


def test_without_an_activation_the_border_is_one_straight_line():
    app = shared(XorApp, {"activation": "identity", "theta": [1.5, -1.0, 0.5, 2.0, 0.5, -1.0, 1.0, -2.0, 0.0]})
    W, b = np.array([[1.5, -1.0], [0.5, 2.0]]), np.array([0.5, -1.0])
    A, a = np.array([1.0, -2.0]) @ W, np.array([1.0, -2.0]) @ b
    says = (app.picture.pixels @ A + a > 0.5).reshape(SIDE, SIDE)
    image = np.asarray(app.picture.image.get_array())
    free = ~(image == 0).all(axis=-1)
    np.testing.assert_array_equal((image[..., 0] > image[..., 2])[free], says[free])


# ---------------------------------------------------------------------------------------- the picture


STATES = [{}, {"fold": 100}, {"weights": "trained", "seed": 3, "frame": 100, "fold": 100},
          {"fold": 50, "theta": FOLDING}, {"activation": "tanh", "fold": 73, "theta": FOLDING},
          {"fold": 100, "theta": [3.0] * 9}]


@pytest.mark.parametrize("state", STATES)
def test_nothing_written_is_clipped_or_runs_into_other_words(state):
    app = shared(XorApp, state)
    parts = written(app.live.figure)
    assert len(parts) > 15
    assert_legible(app, parts)


def test_points_that_meet_share_one_line_of_text():
    app = shared(XorApp, {"fold": 100})
    assert [word.get_text() for word in app.picture.names[4:]] == ["00", "01 10", "", "11"]
    app.state = {"fold": 0}
    assert [word.get_text() for word in app.picture.names[4:]] == ["00", "01", "10", "11"]


def test_the_slow_full_drawing_is_needed_once():
    assert_drawn_once(XorApp(), ("fold", "activation", "value", "weights", "seed", "frame"))


@pytest.mark.parametrize("controls, rows", [
    (CONTROLS, [["fold, %", "fold"], ["activation σ", "weights"], ["choose weight", "its value"], ["seed"],
                ["frame", "play", "speed"]]),
    (("fold",), [["fold, %", "fold"]]),
    ((), []),
])
def test_a_lesson_shows_only_the_controls_it_names(controls, rows):
    app = XorApp(controls)
    assert rows_of(app.widget) == rows


def test_it_shows_itself_as_the_last_expression_of_a_cell():
    assert_shows_itself(shared(XorApp), "h₁ = relu(1.00 x₁ + 1.00 x₂ + 0.00)")
