"""The downhill app: its surfaces are those of an edge, its walks those of the optimisers, its words and errors true."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kan_edu import KAN, LBFGS, SGD, Adam, LevenbergMarquardt
from kan_edu.apps import DownhillApp
from kan_edu.apps.downhill import run
from kan_edu.apps.downhill.app import CONTROLS
from kan_edu.apps.downhill.picture import HIGHEST, LOWEST
from kan_edu.apps.downhill.run import BUMPS, MAKERS, REST, STEPS, SURFACES, X, heights, walk
from kan_edu.learning.objective import Objective
from tests.moving import (
    assert_as_new,
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

START = (-1.5, 1.0)
tenths = st.integers(-20, 20).map(lambda n: n / 10)
STATES = st.fixed_dictionaries({
    "step": st.integers(0, STEPS), "surface": st.sampled_from(list(SURFACES)), "a": tenths, "b": tenths,
    "optimiser": st.sampled_from(["all five", *MAKERS]), "rate": st.sampled_from([-2.0, -0.5, 0.3, 1.0])})  # fmt: skip


# ---------------------------------------------------------------------------------------- state and picture


@settings(max_examples=3)
@given(st.lists(STATES, min_size=1, max_size=3))
def test_after_any_states_the_picture_is_that_of_a_new_app_and_of_a_figure_drawn_at_once(sequence):
    app = shared(DownhillApp)
    set_all(app, sequence)
    assert_as_new(app, DownhillApp(state=sequence[-1]))


@settings(max_examples=3)
@given(moves(*CONTROLS, most=6))
@example([("surface", 1), ("step", 1), ("rate", 1), ("a", 0), ("b", 0), ("optimiser", 0.5), ("surface", 0)])
def test_the_way_to_a_state_does_not_matter(sequence):
    app = shared(DownhillApp)
    move_all(app, sequence)
    assert seen(app) == seen(DownhillApp(state=app.state))


@pytest.mark.parametrize("wrong, words", [
    ({"colour": 1}, "unknown name 'colour' in the state; the names are step, surface, optimiser, rate, a, b"),
    ({"surface": "f1"}, "surface = 'f1' is not one of the choices ['bumps', 'powers', 'scale', 'wave']"),
    ({"optimiser": "sgd"}, "is not one of the choices"),
    ({"step": 0.5}, "step = 0.5 is not a whole number"),
    ({"a": 2.5}, "a = 2.5 is out of range; give a number from -2.0 to 2.0"),
    ({"b": 1, "rate": float("nan")}, "rate = nan is out of range"),
])  # fmt: skip
def test_a_wrong_state_is_refused_in_words_and_changes_nothing(wrong, words):
    assert_refused(shared(DownhillApp), wrong, words)


def test_an_error_while_walking_is_shown_and_does_not_end_the_app(monkeypatch):
    app = DownhillApp(state={"step": 20})
    picture = app.live.png()
    with monkeypatch.context() as broken:
        broken.setattr(run, "one_step", lambda *a: 1 / 0)
        app.controls["a"].value = 0.35   # a start that no other test has walked from
    assert app.live.text == "ZeroDivisionError: division by zero" and app.live.png() == picture
    app.controls["a"].value = 0.4
    assert app.live.error is None and app.live.text.startswith("Loss after 20 steps: SGD ")


def test_moving_the_step_walks_nothing_twice(monkeypatch):
    app = DownhillApp(state={"surface": "wave", "step": 100, "a": 0.15})
    monkeypatch.setattr(run, "one_step", lambda *a: 1 / 0)
    for step in (3, 77, 0, 100):
        app.controls["step"].value = step
    assert app.live.error is None


# ---------------------------------------------------------------------------------------- the surfaces


@pytest.mark.parametrize("name", SURFACES)
def test_the_slopes_are_those_of_the_outputs_and_the_lowest_loss_is_at_best(name):
    surface, h = SURFACES[name], 1e-6
    assert surface.loss(np.array(surface.best)) == 0
    for theta in np.random.default_rng(0).uniform(-2, 2, (5, 2)):
        sides = [(surface.residuals(theta + d) - surface.residuals(theta - d)) / (2 * h) for d in h * np.eye(2)]
        np.testing.assert_allclose(surface.jacobian(theta), np.transpose(sides), atol=1e-8)
        loss, grad = surface.evaluate(theta)
        assert loss == pytest.approx(surface.loss(theta)) == pytest.approx(np.sum(surface.residuals(theta) ** 2))
        slopes = [(surface.loss(theta + d) - surface.loss(theta - d)) / (2 * h) for d in h * np.eye(2)]
        np.testing.assert_allclose(grad, slopes, atol=1e-7)


def edge(c, w_s=1.0):
    """A KAN [1, 1] without silu that has these coefficients and this weight."""
    model = KAN([1, 1], G=5, k=3, base=False)
    model.layers[0].c[0, 0], model.layers[0].w_s[...] = c, w_s
    return model


def test_bumps_and_scale_are_an_edge_of_a_kan():
    a, b = 0.7, -1.3
    c = a * np.eye(8)[3] + b * np.eye(8)[4]
    np.testing.assert_allclose(SURFACES["bumps"].outputs(np.array([a, b])), edge(c)(X[:, None])[:, 0], atol=1e-14)
    c = b * np.eye(8)[3] + 0.5 * np.eye(8)[2] + 0.5 * np.eye(8)[4]
    np.testing.assert_allclose(SURFACES["scale"].outputs(np.array([a, b])), edge(c, a)(X[:, None])[:, 0], atol=1e-14)
    assert BUMPS.shape == (41, 8) and REST.shape == (41,)


def test_the_curvatures_of_two_powers_are_worse_than_those_of_two_bumps():
    assert 2.9 < SURFACES["bumps"].condition() < 3 and 50 < SURFACES["powers"].condition() < 51


@pytest.mark.parametrize("name", SURFACES)
def test_the_map_shows_the_loss(name):
    line, loss = heights(name)
    assert line[0] == -2 and line[-1] == 2 and loss.shape == (len(line), len(line))
    assert loss[5, 90] == pytest.approx(float(SURFACES[name].loss(np.array([line[90], line[5]]))))


# ---------------------------------------------------------------------------------------- the walks


@pytest.mark.parametrize("name, maker", [
    ("SGD", lambda: SGD(0.3)), ("momentum", lambda: SGD(0.3, momentum=0.9)), ("Adam", lambda: Adam(0.3)),
    ("L-BFGS", LBFGS), ("LM", LevenbergMarquardt)])  # fmt: skip
def test_a_walk_is_what_training_does(name, maker):
    """On a network of one linear neuron whose two inputs are the bumps: the same steps, the same losses."""

    class Linear:
        """y = inputs @ theta: as much of a model as an Objective asks for."""

        n_params = 2

        def __init__(self):
            self.theta, self.grad = np.array(START), np.zeros(2)

        def _forward(self, inputs):
            self.inputs = inputs
            return (inputs @ self.theta)[:, None]

        def _backward(self, dY):
            self.grad[...] = self.inputs.T @ dY[:, 0]

        def _jacobian(self, inputs):
            return inputs[:, None, :].copy()   # the objective divides it in place

    model, A = Linear(), BUMPS[:, [3, 4]]
    objective, optimiser, losses = Objective(model, A, SURFACES["bumps"].y[:, None]), maker(), []
    walked = walk("bumps", name, 0.3, START)
    for place in walked.places[1:]:
        losses.append(objective.step(optimiser))
        np.testing.assert_allclose(model.theta, place, atol=1e-9)
    np.testing.assert_allclose(losses, walked.losses[:-1], atol=1e-9)


def test_who_sees_curvature_needs_few_steps_and_stops_at_the_lowest_point():
    for name, most in (("LM", 12), ("L-BFGS", 20)):
        walked = walk("powers", name, 0.3, START)
        assert walked.end == "stopped" and len(walked.losses) - 1 <= most and walked.losses[-1] < LOWEST
        np.testing.assert_allclose(walked.places[-1], SURFACES["powers"].best, atol=1e-5)


def test_a_rate_beyond_two_over_the_curvature_diverges_and_one_below_does_not():
    J = SURFACES["powers"].jacobian(np.zeros(2))
    border = 2 / (2 * np.linalg.eigvalsh(J.T @ J)[-1])   # the Hessian of |r|^2 is 2 J'J
    below = walk("powers", "SGD", 0.98 * border, START).losses
    assert below[-1] < below[0]
    gone = walk("powers", "SGD", 2 * border, START)
    assert gone.end == "diverged" and len(gone.losses) < STEPS and np.isfinite(gone.places).all()


def test_the_same_rate_is_slow_where_the_valley_is_narrow():
    wide, narrow = (walk(name, "SGD", 1.0, START).losses for name in ("bumps", "powers"))
    assert wide[-1] < 1e-8 * wide[0] and narrow[-1] > 1e-2 * narrow[0]


def test_a_start_in_the_wrong_valley_is_stuck_with_every_optimiser():
    for name in MAKERS:
        assert walk("wave", name, 0.1, (-0.5, -1.0)).losses[-1] > 0.1
        assert walk("wave", name, 0.1, (1.0, 0.5)).losses[-1] < 1e-3


def test_walks_are_kept_and_cannot_be_written_to():
    walked = walk("bumps", "SGD", 0.3, START)
    assert walk("bumps", "SGD", 0.3, START) is walked
    with pytest.raises(ValueError):
        walked.places[0] = 0
    assert len(walked.until(5)[0]) == len(walked.until(5)[1]) == 6


# ---------------------------------------------------------------------------------------- the picture


def test_the_words_and_lines_are_those_of_the_walk():
    app = shared(DownhillApp, {"surface": "powers", "optimiser": "Adam", "step": 30, "rate": -1.0})
    walked = walk("powers", "Adam", 10**-1.0, START)
    a, b = walked.places[30]
    assert app.live.text == (f"Adam after 30 steps at ({a:.2f}, {b:.2f}): loss {walked.losses[30]:.1e}. "
                             "Learning rate 0.1. κ = 50.5 at the lowest point.").replace("-0.", "−0.").replace(
        "(-", "(−")  # fmt: skip
    np.testing.assert_array_equal(app.picture.paths["Adam"].get_xydata(), walked.places[:31])
    np.testing.assert_array_equal(app.picture.lines["Adam"].get_ydata(), walked.losses[:31])
    visible = {name for name, path in app.picture.paths.items() if path.get_visible()}
    assert visible == {"Adam"} == {name for name, line in app.picture.lines.items() if line.get_visible()}
    assert app.walks() == {"Adam": walked}


def test_all_five_are_drawn_and_named_with_their_losses():
    app = shared(DownhillApp, {"step": 100})
    assert all(path.get_visible() for path in app.picture.paths.values())
    assert all(f"{name} " in app.live.text for name in MAKERS) and "LM below 1e-12" in app.live.text
    labels = [text.get_text() for text in app.live.figure.legends[0].get_texts()]
    assert labels == [*MAKERS, "lowest point", "start"]


def test_what_diverges_says_so_and_stands_on_the_border():
    app = shared(DownhillApp, {"rate": 1.0, "step": 100})
    assert "SGD diverged" in app.live.text
    assert app.picture.lines["SGD"].get_ydata().max() == HIGHEST
    app.state = {"optimiser": "SGD"}
    assert app.live.text.startswith("SGD diverged after ")


def test_the_learning_rate_is_named_where_it_counts():
    assert "Learning rate" not in DownhillApp(state={"optimiser": "LM"}).live.text
    assert "Learning rate 0.01." in DownhillApp(state={"optimiser": "SGD", "rate": -2.0}).live.text


@pytest.mark.parametrize("state", [{}, *({"surface": name, "step": 100} for name in SURFACES)])
def test_nothing_written_is_clipped_or_runs_into_other_words(state):
    app = shared(DownhillApp, state)
    axes = (app.picture.map, app.picture.right)
    assert_legible(app, written(app.live.figure), [ax.patch.get_window_extent() for ax in axes])


def test_the_slow_full_drawing_is_needed_only_for_another_surface():
    app = DownhillApp()
    before = app.live.backgrounds
    app.state = {"step": 50, "a": 1.0, "b": -1.0, "rate": -1.5, "optimiser": "LM"}
    assert app.live.backgrounds == before
    app.state = {"surface": "wave"}
    assert app.live.backgrounds == before + 1


@pytest.mark.parametrize("controls, rows", [
    (CONTROLS, [["step", "play", "speed"], ["surface"], ["optimiser"], ["start, across", "start, up"], ["log₁₀ rate"]]),
    (("step", "rate"), [["step", "play", "speed"], ["log₁₀ rate"]]),
    ((), []),
])  # fmt: skip
def test_a_lesson_shows_only_the_controls_it_names(controls, rows):
    app = DownhillApp(controls)
    assert rows_of(app.widget) == rows
    assert all(control.tooltip for control in app.controls.values())


def test_it_shows_itself_as_the_last_expression_of_a_cell():
    assert_shows_itself(shared(DownhillApp), "Loss after 0 steps: SGD ")


def test_a_closed_app_leaves_no_widget_open():
    app = DownhillApp()
    parts = [*app.controls.values(), *app.live.extras.values()]
    app.live.close()
    assert all(part.comm is None for part in parts)
