"""The grid extension app: its state decides the picture, nothing is trained twice, its words and errors are true."""

import copy

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from kan_edu.apps import GridExtensionApp
from kan_edu.apps.common.words import Words
from kan_edu.apps.grid_extension import run as grid_extension_run
from kan_edu.apps.grid_extension.app import CONTROLS
from kan_edu.apps.grid_extension.run import FRAMES, LADDERS, LESSONS, STAGE, STEPS, samples, train
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
)

LADDER, NOT_NESTED = "3, 6, 12, 24, 48, 96", "4, 6, 9, 14, 21, 32"
FIRST = {"target": "flank", "grids": LADDER, "k": 3, "N": 100, "noise": 0.1, "start": 9}

STATES = st.fixed_dictionaries({
    "target": st.sampled_from(list(LESSONS)), "grids": st.sampled_from(list(LADDERS.values())), "k": st.integers(1, 5),
    "N": st.integers(20, 500), "noise": st.sampled_from([0.0, 0.05, 0.3]), "start": st.integers(0, 9),
    "frame": st.integers(0, FRAMES - 1)})


@pytest.fixture(scope="module")
def run():
    """All frames of the flank, from coarse to fine with noise."""
    return list(train(**FIRST))


# ---------------------------------------------------------------------------------------- state and picture


@settings(max_examples=3)
@given(st.lists(STATES, min_size=1, max_size=3))
def test_after_any_states_the_picture_is_that_of_a_new_app_and_of_a_figure_drawn_at_once(sequence):
    app = shared(GridExtensionApp)
    set_all(app, sequence)
    assert_as_new(app, GridExtensionApp(state=sequence[-1]))


@settings(max_examples=3)
@given(moves("k", "N", "noise", "start", "frame", "frame", most=6))
@example([("frame", 1), ("frame", 0), ("frame", 0.5), ("noise", 1), ("N", 0), ("frame", 1)])
def test_the_way_to_a_state_does_not_matter(sequence):
    app = shared(GridExtensionApp, {"target": "corner"})
    move_all(app, sequence)
    assert seen(app) == seen(GridExtensionApp(state=app.state))


def test_going_back_and_forth_trains_nothing_twice(monkeypatch):
    steps, fit = [], grid_extension_run.fit
    monkeypatch.setattr(grid_extension_run, "fit", lambda *a, **kw: steps.append(1) or fit(*a, **kw))
    app = GridExtensionApp(state=FIRST)
    app.controls["frame"].value = 15   # frame 11 only extends the grid
    assert len(steps) == 14
    for frame in (3, 15, 0, 16):
        app.controls["frame"].value = frame
    assert len(steps) == 15
    app.state = {"k": 2}
    app.state = {"k": 3}   # the run is remembered
    assert len(steps) == 15 + 15


@pytest.mark.parametrize("wrong, words", [
    ({"colour": 1}, "unknown name 'colour' in the state; the names are target, grids, k, N, noise, start, frame"),
    ({"target": "f9"}, "target = 'f9' is not one of the choices ['f1', 'flank', 'corner', 'bessel']"),
    ({"grids": "5, 10"}, "is not one of the choices"),
    ({"k": 0}, "k = 0 is out of range; give a whole number from 1 to 5"),
    ({"N": 10.5}, "N = 10.5 is not a whole number"),
    ({"noise": float("nan")}, "noise = nan is out of range"),
    ({"k": 2, "frame": FRAMES}, "frame = 66 is out of range; give a whole number from 0 to 65"),
])
def test_a_wrong_state_is_refused_in_words_and_changes_nothing(wrong, words):
    assert_refused(shared(GridExtensionApp), wrong, words)


def test_an_error_while_training_is_shown_and_does_not_end_the_app(monkeypatch):
    app = GridExtensionApp(state=FIRST)
    picture = app.live.png()
    with monkeypatch.context() as broken:
        broken.setattr(grid_extension_run, "fit", lambda *a, **kw: 1 / 0)
        app.controls["frame"].value = 5
    assert app.live.text == "ZeroDivisionError: division by zero" and app.live.png() == picture
    app.controls["frame"].value = 4
    assert app.live.error is None and app.live.text.startswith("Step 4 of 60.")


# ---------------------------------------------------------------------------------------- the run


def test_a_run_has_all_its_frames_and_the_same_ones_each_time(run):
    assert len(run) == FRAMES and [frame.step for frame in run].count(STAGE) == 2 and run[-1].step == STEPS
    for one, other in zip(run, train(**FIRST), strict=True):
        assert one[:7] == other[:7] and all(np.array_equal(a, b) for a, b in zip(one[7:], other[7:], strict=True))


def test_dividing_intervals_changes_no_output_and_other_grids_do(run):
    assert [frame.G for frame in run if frame.event] == [6, 12, 24, 48, 96]
    assert all(0 <= frame.change < 1e-12 for frame in run if frame.event)
    assert run[22].test == pytest.approx(run[21].test, abs=1e-12)
    others = [frame for frame in train(**{**FIRST, "grids": NOT_NESTED}) if frame.event]
    assert [frame.G for frame in others] == [6, 9, 14, 21, 32] and max(frame.change for frame in others) > 1e-3


def test_with_noise_the_training_error_falls_and_the_clean_error_turns_up(run):
    train_errors, test_errors = zip(*[(frame.train, frame.test) for frame in run[STAGE::STAGE + 1]], strict=True)
    assert list(train_errors) == sorted(train_errors, reverse=True)
    assert test_errors[0] > 2 * min(test_errors) and test_errors[-1] > 10 * min(test_errors)


def test_on_two_inputs_the_ladder_gets_far_below_training_on_the_fine_grid_from_the_start():
    two = {**FIRST, "target": "f1", "N": 300, "noise": 0.0}
    ladder, at_once = list(train(**two)), list(train(**{**two, "grids": "96"}))
    assert ladder[-1].train < 1e-7 and at_once[-1].train > 1e-2
    assert ladder[-1].parameters == at_once[-1].parameters == 303
    hidden = ladder[-1]
    assert hidden.grid[0] < hidden.h.min() and hidden.h.max() < hidden.grid[-1], "the hidden grid holds all samples"


def test_frames_stay_as_they_were_given():
    frames, first = [], None
    for frame in train(**FIRST):
        frames.append(frame)
        first = first or copy.deepcopy(frame)
    assert all(np.array_equal(a, b) for a, b in zip(first, frames[0], strict=True))


def test_more_samples_keep_the_ones_that_were_there():
    for X, longer in zip(samples("f1", 50, 0.1), samples("f1", 400, 0.1), strict=True):
        np.testing.assert_array_equal(X, longer[:50])
    clean = LESSONS["f1"].target(samples("f1", 500, 0.1)[0])
    assert np.std(samples("f1", 500, 0.1)[1] - clean) == pytest.approx(0.1, rel=0.1)


# ---------------------------------------------------------------------------------------- the picture


def test_the_words_and_lines_are_those_of_the_run(run):
    app = shared(GridExtensionApp, {**FIRST, "frame": 40})
    now = run[40]
    assert app.live.text == (
        f"Step 37 of 60. G = 24, 29 parameters, 100 training samples. RMSE {now.train:.1e} on the training samples, "
        f"{now.test:.1e} on clean test samples.")
    for line, name in zip(app.picture.lines, ("train", "test"), strict=True):
        np.testing.assert_array_equal(line.get_ydata(), [getattr(frame, name) for frame in run[:41]])
    np.testing.assert_array_equal(app.picture.curve.get_data(), now.curve)
    assert len(app.picture.knots.get_segments()) == 25 and len(app.picture.risers.get_segments()) == 3


def test_the_frame_of_an_extension_says_what_it_did():
    app = shared(GridExtensionApp, {**FIRST, "frame": 11})
    assert "Grid extended from 3 to 6 intervals: no output changed by more than 1e-12." in app.live.text
    app.state = {"target": "f1", "N": 300, "noise": 0.0}
    assert "Hidden grid moved, grid extended from 3 to 6 intervals" in app.live.text
    app.state = {"grids": "96"}
    assert "Hidden grid moved: no output changed" in app.live.text


@pytest.mark.parametrize("state", [
    {}, {"frame": 65}, {"frame": 65, "grids": "96"}, {"target": "corner", "frame": 65, "noise": 0.3, "N": 60},
    {"target": "bessel", "grids": NOT_NESTED, "frame": 60}, {"target": "flank", "k": 5, "frame": 65, "N": 20}])
def test_nothing_written_is_clipped_or_runs_into_other_words(state):
    app = shared(GridExtensionApp, state)
    renderer = app.live.figure.canvas.get_renderer()
    axes = (app.picture.left, app.picture.right)
    words = [child for ax in axes for child in ax.get_children() if isinstance(child, Words) and child.get_visible()]
    legends = [legend for legend in app.picture.legends.values() if legend.get_visible()]
    assert len(legends) == 2 and len(words) >= 2
    assert_legible(app, [*words, *legends, *app.live.figure.texts], [ax.patch.get_window_extent() for ax in axes])
    for ax in axes:
        assert_legible(app, [ax.get_tightbbox(renderer)])


@pytest.mark.parametrize("state, missing", [
    ({}, {"the target", "size of the noise"}), ({"target": "corner"}, {"size of the noise"}),
    ({"noise": 0.1}, {"the target"}), ({"target": "corner", "noise": 0.1}, set())])
def test_the_legend_names_what_is_drawn_and_no_more(state, missing):
    app = shared(GridExtensionApp, state)
    shown = [text.get_text() for legend in app.picture.legends.values() if legend.get_visible()
             for text in legend.get_texts()]
    always = {"training samples", "the edge's curve φ", "knots", "outside: straight on", "test, no noise",
              "the grid changes"}
    assert set(shown) == (always | {"the target", "size of the noise"}) - missing
    assert app.picture.truth.get_visible() == ("the target" not in missing)


def test_the_slow_full_drawing_is_needed_only_when_the_axes_change():
    app = GridExtensionApp(state=FIRST)
    before = app.live.backgrounds
    for frame in range(0, FRAMES, 5):
        app.controls["frame"].value = frame
    assert app.live.backgrounds == before


@pytest.mark.parametrize("controls, rows", [
    (CONTROLS, [["frame", "play", "speed"], ["target"], ["intervals G"], ["degree k", "samples N"],
                ["noise", "start"]]),
    (("frame", "noise"), [["frame", "play", "speed"], ["noise"]]),
    ((), []),
])
def test_a_lesson_shows_only_the_controls_it_names(controls, rows):
    app = GridExtensionApp(controls)
    assert rows_of(app.widget) == rows
    assert all(control.tooltip for control in app.controls.values())


def test_it_shows_itself_as_the_last_expression_of_a_cell():
    assert_shows_itself(shared(GridExtensionApp), "Step 0 of 60. G = 3, 24 parameters, 300 training samples.")


def test_a_closed_app_leaves_no_widget_open():
    app = GridExtensionApp()
    parts = [*app.controls.values(), *app.live.extras.values()]
    app.live.close()
    assert all(part.comm is None for part in parts)
