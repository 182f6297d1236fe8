"""The neuron app: its numbers against the library, its picture against a fresh drawing, its state against nonsense."""

import numpy as np
import pytest

from kan_edu.apps import NeuronApp
from kan_edu.apps.neuron.app import CONTROLS, START
from kan_edu.networks.activations import ACTIVATIONS
from kan_edu.networks.kan import KAN
from kan_edu.networks.mlp import MLP
from kan_edu.splines.bspline import evaluate, uniform_knots
from tests.moving import assert_as_new, assert_refused, assert_shows_itself, move, move_all, rows_of, shared


@pytest.fixture
def app():
    return shared(NeuronApp)


def shown(app):
    """Pixels (height, width, 4) of the picture on the page, taken before it is packed as PNG."""
    return np.asarray(app.live.figure.canvas.buffer_rgba()).copy()


def random_moves(rng, steps):
    """(control, share) pairs, in any order."""
    return [(str(name), rng.random()) for name in rng.choice(CONTROLS, steps)]


# --- the numbers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("activation", sorted(ACTIVATIONS))
def test_the_left_side_is_an_mlp_neuron(app, activation):
    app.state = {"x1": 0.35, "x2": -0.8, "w1": 1.1, "w2": -0.7, "b": 0.3, "activation": activation}
    mlp = MLP([2, 1, 1], activation=activation)
    mlp.layers[0].W[...], mlp.layers[0].b[...] = [[1.1, -0.7]], [0.3]
    mlp.layers[1].W[...] = 1   # the second layer lets the neuron's output through
    flow = app.flow()
    assert flow["y"] == pytest.approx(mlp(np.array([[0.35, -0.8]]))[0, 0], abs=1e-15)
    assert flow["parts"][:2] == pytest.approx([1.1 * 0.35, 0.7 * 0.8], abs=1e-15)
    assert flow["z"] == pytest.approx(1.1 * 0.35 + 0.7 * 0.8 + 0.3, abs=1e-15)


def test_the_right_side_is_a_kan_layer_with_splines_on_its_edges(app):
    rng = np.random.default_rng(3)
    c = rng.uniform(-1.5, 1.5, (2, 7))
    app.state = {"coefficients": c.tolist(), "x1": -0.45, "x2": 0.9}
    t = uniform_knots(-1, 1, 4, 3)
    phi = [evaluate(np.array([x]), row, t, 3)[0] for x, row in zip((-0.45, 0.9), c, strict=True)]
    flow = app.flow()
    assert flow["parts"][2:] == pytest.approx(phi, abs=1e-14)
    assert flow["sum"] == pytest.approx(sum(phi), abs=1e-14)
    kan = KAN([2, 1], G=4, k=3, base=False)
    kan.layers[0].c[0] = c
    assert flow["sum"] == pytest.approx(kan(np.array([[-0.45, 0.9]]))[0, 0], abs=1e-14)


def test_the_picture_shows_these_numbers(app):
    app.state = {"x1": 0.5, "x2": -0.6, "w1": 1.0, "w2": -0.5, "b": 0.1, "activation": "identity"}
    texts = {name: text.get_text() for name, text in app.picture.numbers.items()}
    phi = app.layer.edges(np.array([[0.5, -0.6]]))[0, 0]
    assert (texts["MLP 0"], texts["MLP 1"], texts["b"], texts["z"], texts["y"]) == (
        "0.500", "0.300", "0.10", "0.900", "0.900")
    said = [float(texts[name].replace("−", "-")) for name in ("KAN 0", "KAN 1", "sum")]
    assert said == pytest.approx([*phi, phi.sum()], abs=5.1e-4)
    assert texts["MLP x1"] == texts["KAN x1"] == "−0.60"
    for edge, x, y in zip(app.picture.edges, [0.5, -0.6] * 2, [0.5, 0.3, *phi], strict=True):
        assert edge["dot"].get_xydata()[0] == pytest.approx([x, y])
        at, curve = edge["curve"].get_data()
        assert np.interp(x, at, curve) == pytest.approx(y, abs=2e-3)   # the point lies on its curve


def test_the_status_line_says_it_in_words(app):
    app.state = {"x1": -1.0, "x2": 1.0, "w1": -1.5, "w2": 0.2, "b": -0.3, "activation": "relu", "edge": 2,
                 "coefficient": 0, "coefficients": [[1.0] * 7, [-0.25] * 7]}
    assert app.live.text == ("MLP: z = (−1.5)·(−1.00) + 0.2·1.00 + (−0.3) = 1.400, y = relu(z) = 1.400. "
                             "KAN: z = φ₁(x₁) + φ₂(x₂) = 1.000 + (−0.250) = 0.750. On φ₂: c₀ = −0.25.")


# --- the picture -----------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [0, 1])
def test_after_any_moves_the_picture_is_what_a_fresh_drawing_gives(app, seed):
    move_all(app, random_moves(np.random.default_rng(seed), 25))
    other = NeuronApp(state=app.state)
    assert_as_new(app, other)
    other.live.close()


def test_every_slider_changes_the_picture(app):
    for name in ("x1", "x2", "w1", "w2", "b", "activation", "edge", "coefficient", "value"):
        before = shown(app)
        control = app.controls[name]
        control.value = {"activation": "sigmoid", "edge": 2}.get(name) or control.value + control.step
        assert not np.array_equal(before, shown(app)), name


def test_only_another_activation_needs_a_new_background(app):
    count = app.live.backgrounds
    for name in ("x1", "w2", "b", "coefficient", "value", "edge"):
        move(app, name, 0.3 if name != "edge" else 0.9)
    assert app.live.backgrounds == count
    app.controls["activation"].value = "relu"
    assert app.live.backgrounds == count + 1


def test_the_size_stays_fixed_and_a_page_without_widgets_gets_a_picture(app):
    assert_shows_itself(app, "MLP: z = 0.8·0.40 + (−0.5)·(−0.60) + 0.1 = 0.720")
    assert shown(app).shape == (426, 740, 4)


# --- controls and state ----------------------------------------------------------------------------


def test_the_chosen_coefficient_is_bent_and_no_other(app):
    for edge, m, value in ((1, 0, 1.0), (2, 6, -1.5), (2, 3, 0.25)):
        before = np.array(app.state["coefficients"])
        app.controls["edge"].value, app.controls["coefficient"].value = edge, m
        assert app.controls["value"].value == before[edge - 1, m]
        assert np.array_equal(app.state["coefficients"], before)   # choosing changes nothing
        app.controls["value"].value = value
        before[edge - 1, m] = value
        assert np.array_equal(app.state["coefficients"], before)


def test_the_state_can_be_written_down_and_set_again(app):
    move_all(app, random_moves(np.random.default_rng(5), 12))
    state = app.state
    assert set(state) == {*CONTROLS, "coefficients"}
    for wanted in (NeuronApp().state, state):
        app.state = wanted
        assert app.state == wanted
        assert app.controls["value"].value == wanted["coefficients"][wanted["edge"] - 1][wanted["coefficient"]]
    assert NeuronApp().state["coefficients"] == [list(row) for row in START]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"x3": 1.0}, "unknown name 'x3' in the state; the names are x1, x2"),
        ({"x1": 2.0}, "x1 = 2.0 is out of range; give a number from -1.0 to 1.0"),
        ({"w1": float("nan")}, "w1 = nan is out of range"),
        ({"b": "high"}, "b = 'high' is not a number"),
        ({"activation": "step"}, "activation = 'step' is not one of the choices"),
        ({"edge": 0}, "edge = 0 is not one of the choices"),
        ({"coefficient": 7}, "coefficient = 7 is out of range; give a whole number from 0 to 6"),
        ({"coefficients": [[0.0] * 7]}, "expected two rows of 7 numbers, for phi_1 and phi_2"),
        ({"x1": 2.0, "coefficients": [[0.0] * 7] * 2}, "x1 = 2.0 is out of range"),
        ({"coefficients": 3.0}, "expected two rows of 7 numbers, for phi_1 and phi_2"),
        ({"coefficients": [[0.0] * 7, [0.0] * 6 + [9.0]]}, "coefficients[1][6] = 9.0 is out of range"),
        ({"x1": 0.0, "coefficients": [[0.0] * 7, [None] + [0.0] * 6]}, "coefficients[1][0] = None is not a number"),
        ({"coefficients": np.ma.masked_equal(np.eye(7)[:2], 1)}, "coefficients holds 2 masked values"),
        ({"coefficients": np.eye(7)[:2] + 1j}, "coefficients holds complex numbers"),
        ({"edge": True}, "edge = True is not one of the choices"),
    ],
)
def test_a_wrong_state_is_refused_in_words_and_changes_nothing(app, wrong, words):
    assert_refused(app, wrong, words)


def test_controls_can_be_left_out():
    app = NeuronApp(controls=("x1", "coefficient"), state={"w1": 1.5})
    assert rows_of(app.widget) == [["input x₁"], ["choose c"], ["its value"]]
    assert app.state["w1"] == 1.5
    app.live.close()


def test_every_control_has_a_description(app):
    assert all(control.description for control in app.controls.values())
