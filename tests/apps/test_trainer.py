"""The trainer app: its picture depends on its state alone, its frames are a real training, its words are true."""

import copy

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kan_edu import KAN
from kan_edu.apps import TrainerApp
from kan_edu.apps.trainer.app import CONTROLS
from kan_edu.apps.trainer.picture import HIGHEST, LOWEST
from kan_edu.apps.trainer.run import LAST, OPTIMISERS, SIDE, TARGETS, WIDTHS, square, train
from kan_edu.data.datasets import sample
from kan_edu.learning.loop import History
from kan_edu.learning.refinement import rmse
from tests.moving import (
    assert_as_new,
    assert_legible,
    assert_refused,
    assert_shows_itself,
    rows_of,
    seen,
    set_all,
    shared,
)

START = {"target": "exp_sine", "widths": "[2, 1, 1]", "basis": "bspline", "G": 3, "optimiser": "LM", "seed": 0}
STATES = st.fixed_dictionaries({
    "frame": st.integers(0, 6), "target": st.sampled_from(list(TARGETS)), "widths": st.sampled_from(list(WIDTHS)),
    "basis": st.sampled_from(["bspline", "chebyshev", "fourier", "rbf"]), "G": st.integers(2, 6),
    "optimiser": st.sampled_from(list(OPTIMISERS)), "seed": st.integers(0, 19)})


@settings(max_examples=3)
@given(st.lists(STATES, min_size=1, max_size=3))
def test_after_any_states_the_picture_is_that_of_a_new_app_and_of_a_figure_drawn_at_once(sequence):
    app = shared(TrainerApp)
    set_all(app, sequence)
    assert_as_new(app, TrainerApp(state=sequence[-1]))


def test_frames_reached_one_by_one_backwards_or_at_once_are_the_same():
    one, at_once = TrainerApp(state=START), TrainerApp(state={**START, "frame": 8})
    for number in (1, 2, 3, 6, 12, 8):
        one.controls["frame"].set_state({"value": number})
    assert seen(one) == seen(at_once)


# ---------------------------------------------------------------------------------------- the training


@pytest.mark.parametrize("basis", ["bspline", "chebyshev", "fourier", "rbf"])
@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_the_error_falls_with_every_basis_and_optimiser(basis, optimiser):
    app = shared(TrainerApp, {**START, "basis": basis, "optimiser": optimiser, "widths": "[2, 2, 1]", "frame": 30})
    frames = app.frames()
    assert len(frames) == 31 and frames[-1].step == 30 * OPTIMISERS[optimiser][1]
    assert frames[-1].train < 0.25 * frames[0].train
    assert all(np.isfinite([frame.train, frame.new]).all() for frame in frames)


def test_the_first_frame_is_a_random_network_and_later_ones_do_not_change_it():
    app = shared(TrainerApp, START)
    first = copy.deepcopy(app.frames()[0])
    app.state = {"frame": 7}
    again = app.frames()[0]
    np.testing.assert_array_equal(again.outputs[0], first.outputs[0])
    for one, other in zip(again.curves, first.curves, strict=True):
        np.testing.assert_array_equal(one.phi, other.phi)
    model = KAN([2, 1, 1], G=3, seed=0)
    # the hidden grid has moved, and its spline follows the old one as nearly as it can
    np.testing.assert_allclose(first.outputs[0].ravel(), model(square())[:, 0], atol=0.002)
    assert first.train == pytest.approx(rmse(model, *sample("f1", 400)), abs=0.002)
    assert first.n_params == model.n_params == 24


def test_training_goes_only_as_far_as_one_looks(monkeypatch):
    trained = []
    app = TrainerApp(state=START)
    monkeypatch.setattr("kan_edu.apps.trainer.run.fit",
                        lambda *a, optimiser, **kw: trained.append(optimiser) or History())
    app.state = {"seed": 1}
    assert trained == []
    app.state = {"frame": 3}
    assert len(trained) == 3
    assert trained[0] is trained[2], "an optimiser keeps what it has learnt about the landscape"


def test_a_run_has_as_many_frames_as_its_slider():
    control = TrainerApp().controls["frame"]
    assert (control.min, control.max) == (0, LAST)
    assert len([frame for frame in train(**{**START, "G": 2}) if frame is not None]) == LAST + 1


# ---------------------------------------------------------------------------------------- the picture


def test_squares_show_the_target_the_model_and_their_difference():
    app = shared(TrainerApp, {**START, "target": "crease", "frame": 5})
    x = np.linspace(-1, 1, SIDE)
    wanted = np.abs(x[None, :] - x[:, None])
    target, model, error = (image.get_array() for image in app.picture.part.images)
    np.testing.assert_allclose(target * 2, wanted)
    np.testing.assert_allclose(model * 2, app.frames()[-1].outputs[0])
    limit = float(app.picture.part.scales[1].get_text().split()[-1])
    np.testing.assert_allclose(error * limit, app.frames()[-1].outputs[0] - wanted, atol=1e-12)
    assert 0.4 * limit < np.abs(error * limit).max() <= limit


def test_the_errors_line_is_that_of_the_frames_and_stays_on_its_axis():
    app = shared(TrainerApp, {**START, "frame": 6})
    frames = app.frames()
    np.testing.assert_array_equal(app.picture.lines[0].get_data(), [range(7), [frame.train for frame in frames]])
    np.testing.assert_array_equal(app.picture.lines[1].get_ydata(), [frame.new for frame in frames])
    assert app.picture.marks[1].get_ydata() == [frames[-1].new]
    app.picture.show("[2, 1, 1]", [frames[0]._replace(train=1e-12, new=1e5)], app.wanted["exp_sine"])
    assert [mark.get_ydata()[0] for mark in app.picture.marks] == [LOWEST, HIGHEST]


@pytest.mark.parametrize("widths", WIDTHS)
def test_the_network_of_these_widths_is_shown_and_no_other(widths):
    app = shared(TrainerApp, {**START, "widths": widths})
    for name, artists in app.picture.networks.items():
        assert artists.ax.get_visible() == (name == widths)
        assert {artist.get_visible() for artist in artists.moving} == {name == widths}
    curve = app.picture.networks[widths].curves[0][0][1].get_ydata()
    assert np.corrcoef(curve, app.frames()[-1].curves[0].phi[:, 0, 1])[0, 1] == pytest.approx(1)


def test_the_words_are_the_numbers():
    app = shared(TrainerApp, {**START, "frame": 4, "optimiser": "Adam"})
    frame = app.frames()[-1]
    assert app.live.text.startswith(f"Frame 4, 40 steps of Adam: RMSE {frame.train:.2g} on the 400 training samples,")
    assert f"{frame.new:.2g} on 1681 new points. 24 parameters." in app.live.text
    share = 100 * frame.curves[0].share[0]
    assert app.live.text.endswith(f"{share[0]:.0f} % of the output's variation, through x₂ {share[1]:.0f} %.")
    app.state = {"optimiser": "LM", "frame": 1}
    assert app.live.text.startswith("Frame 1, 1 step of LM")


@pytest.mark.parametrize("widths", WIDTHS)
def test_nothing_written_is_clipped_or_covers_another_thing(widths):
    app = shared(TrainerApp, {**START, "widths": widths})
    picture = app.picture
    network = picture.networks[widths].ax
    words = [*network.texts, *picture.part.scales, picture.figure.legends[0], *(ax.title for ax in picture.part.axes),
             picture.errors.title, picture.errors.xaxis.label, *(ax.yaxis.label for ax in picture.part.axes)]
    assert_legible(app, words, [ax.patch.get_window_extent() for ax in (*picture.part.axes, picture.errors)])


def test_the_slow_full_drawing_is_needed_when_another_network_is_chosen_and_else_once():
    app = TrainerApp(state=START)
    for name, value in (("frame", 3), ("seed", 2), ("G", 4), ("target", "bump"), ("optimiser", "Adam")):
        app.state = {name: value}
    assert app.live.backgrounds == 1
    app.state = {"widths": "[2, 2, 1]"}
    assert app.live.backgrounds == 2


# ---------------------------------------------------------------------------------------- state and controls


@pytest.mark.parametrize("wrong, words", [
    ({"colour": 1}, "unknown name 'colour' in the state; the names are frame, target, widths"),
    ({"frame": 61}, "frame = 61 is out of range; give a whole number from 0 to 60"),
    ({"widths": "[2, 9, 1]"}, "is not one of the choices ['[2, 1, 1]', '[2, 2, 1]', '[2, 5, 1]']"),
    ({"seed": 3, "basis": "wavelet"}, "basis = 'wavelet' is not one of the choices ['bspline'"),
    ({"G": 2.5}, "G = 2.5 is not a whole number"),
])
def test_a_wrong_state_is_refused_in_words_and_changes_nothing(wrong, words):
    assert_refused(shared(TrainerApp, START), wrong, words)


@pytest.mark.parametrize("controls, rows", [
    (CONTROLS, [["frame", "play", "speed"], ["target"], ["basis"], ["widths", "optimiser"],
                ["intervals G", "seed"]]),
    (("frame",), [["frame", "play", "speed"]]),
    (("seed",), [["seed"]]),
])
def test_a_lesson_shows_only_the_controls_it_names(controls, rows):
    app = TrainerApp(controls, state=START)
    assert rows_of(app.widget) == rows


def test_an_error_in_training_is_shown_and_does_not_end_the_app(monkeypatch):
    app = TrainerApp(state=START)
    picture = app.live.png()
    with monkeypatch.context() as broken:
        broken.setattr("kan_edu.apps.trainer.run.fit", lambda *a, **kw: 1 / 0)
        app.controls["frame"].set_state({"value": 2})
    assert app.live.text == "ZeroDivisionError: division by zero" and app.live.png() == picture
    app.controls["frame"].set_state({"value": 3})
    assert app.live.error is None and app.live.text.startswith("Frame 3, 3 steps of LM")


def test_it_shows_itself_as_the_last_expression_of_a_cell():
    assert_shows_itself(shared(TrainerApp, START), "Frame 0, 0 steps of LM: RMSE ")
