"""The race app: both networks get the same, its picture depends on its state alone, its words are true."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kan_edu.apps import RaceApp
from kan_edu.apps.race.app import BUDGETS, CONTROLS
from kan_edu.apps.race.picture import LOW, round_up
from kan_edu.apps.race.run import COURSES, FRAMES, MLPS, OPTIMISERS, mesh, networks, race
from kan_edu.learning import fair
from tests.moving import (
    assert_as_new,
    assert_legible,
    assert_refused,
    assert_shows_itself,
    frames_of,
    rows_of,
    seen,
    set_all,
    shared,
)

SHORT = {"budget": 30, "frame": 20}   # what most tests run: a few dozen steps at most


@st.composite
def states(draw):
    """Any legal state with a small budget."""
    return {"target": draw(st.sampled_from(list(COURSES))), "optimiser": draw(st.sampled_from(list(OPTIMISERS))),
            "kan": draw(st.sampled_from(["narrow", "wide"])), "mlp": draw(st.sampled_from(list(MLPS))),
            "size": draw(st.integers(5, 20)) * 10, "budget": 30, "start": draw(st.integers(0, 9)),
            "axis": draw(st.sampled_from(["work", "steps"])), "frame": draw(st.integers(0, 20))}


@settings(max_examples=3)
@given(st.lists(states(), min_size=2, max_size=3))
def test_after_any_states_the_picture_is_that_of_a_new_app_and_of_a_figure_drawn_at_once(sequence):
    app = shared(RaceApp, SHORT)
    set_all(app, sequence)
    assert_as_new(app, RaceApp(state=sequence[-1]))


def test_going_back_and_forth_leads_to_the_same_frame():
    app, fresh = RaceApp(state=SHORT), RaceApp(state=SHORT)
    for frame in (3, 17, 0, 20):
        app.controls["frame"].set_state({"value": frame})
    assert seen(app) == seen(fresh)


@pytest.mark.parametrize("wrong, words", [
    ({"colour": 1}, "unknown name 'colour' in the state; the names are target, optimiser, kan, mlp, size, budget"),
    ({"target": "f9"}, "target = 'f9' is not one of the choices ['f1', 'f2', 'f3', 'spiral', 'tanh']"),
    ({"size": 20}, "size = 20 is out of range; give a whole number from 50 to 200"),
    ({"frame": 61}, "frame = 61 is out of range; give a whole number from 0 to 60"),
    ({"frame": 5, "budget": 7}, "budget = 7 is not one of the choices"),
])
def test_a_wrong_state_is_refused_in_words_and_changes_nothing(wrong, words):
    assert_refused(shared(RaceApp, SHORT), wrong, words)


# ---------------------------------------------------------------------------------------- the race


@pytest.mark.parametrize("kan", ["narrow", "wide"])
@pytest.mark.parametrize("target", COURSES)
def test_in_every_setting_both_have_as_many_parameters_within_ten_percent(target, kan):
    for size in range(50, 201, 10):
        for mlp in MLPS:
            one, other = networks(target, kan, mlp, size, start=0)
            assert abs(one.n_params - other.n_params) <= fair.WITHIN * one.n_params, (size, mlp)
            assert one.widths[0] == other.widths[0] == COURSES[target].target.n_in
        edges = sum(n * m for n, m in zip(one.widths, one.widths[1:], strict=False))
        assert abs(one.n_params - size) <= edges / 2 or one.layers[0].basis.G == 1


@pytest.mark.parametrize("optimiser", OPTIMISERS)
def test_both_spend_the_same_budget_and_no_more_than_a_step_above_it(optimiser):
    laps = list(frames_of(race, "f1", optimiser, "wide", "2 hidden, tanh", 60, 30, 0))
    assert len(laps) == FRAMES and laps[0][0].steps == laps[0][1].steps == 0
    for own in zip(*laps, strict=True):
        work, share = np.array([lap.work for lap in own]), np.linspace(0, 30e6, FRAMES)
        step = 3 * work[-1] / own[-1].steps   # a line search, or damping tried again, can make one dearer than the mean
        assert (share - 1 <= work).all() and (work <= share + step).all()
        assert own[-1].rmse < 0.5 * own[0].rmse and own[-1].steps > 2


def test_a_frame_holds_what_the_model_said_then():
    laps = list(frames_of(race, "f3", "Adam", "narrow", "1 hidden, tanh", 50, 30, 0))
    truth = COURSES["f3"].target(mesh(1))[:, 0]
    for pair in (laps[0], laps[7], laps[-1]):
        for lap in pair:
            assert np.sqrt(np.mean((lap.outputs - truth) ** 2)) == pytest.approx(lap.rmse)


def test_on_f1_the_kan_that_is_built_like_the_formula_wins_and_on_tanh_the_mlp_does():
    kan, mlp = list(frames_of(race, "f1", "Levenberg-Marquardt", "narrow", "2 hidden, tanh", 80, 300, 4))[-1]
    assert kan.rmse < mlp.rmse / 30
    kan, mlp = list(frames_of(race, "tanh", "Levenberg-Marquardt", "narrow", "1 hidden, tanh", 80, 300, 4))[-1]
    assert mlp.rmse < kan.rmse / 30


# ---------------------------------------------------------------------------------------- picture and words


def test_the_words_name_both_networks_and_their_numbers():
    app = shared(RaceApp, {**SHORT, "mlp": "1 hidden, silu"})
    kan, mlp = networks("f1", "narrow", "1 hidden, silu", 80, 4)
    first = "f1 by Levenberg-Marquardt, 10 of 30 million multiply-adds. KAN [2, 1, 1], G = 22: "
    assert app.live.text.startswith(first)
    assert f"{kan.n_params} parameters" in app.live.text and f"{mlp.n_params} parameters" in app.live.text
    assert "MLP [2, 20, 1] silu: 81 parameters" in app.live.text and "differ by 0%" in app.live.text
    error = app.picture.ends[0].get_ydata()[0]
    assert f"test RMSE {error:.1e}" in app.live.text


def test_the_picture_shows_the_target_beside_what_both_have_learned():
    app = shared(RaceApp, {**SHORT, "target": "f2", "frame": 20})
    truth, kan, mlp = (image.get_array() for image in app.picture.images)
    x = np.linspace(-1, 1, 41)
    np.testing.assert_allclose(truth, x[:, None] * x, atol=1e-12)
    assert all(np.abs(learned - truth).mean() < 0.3 for learned in (kan, mlp))
    assert not any(curve.get_visible() for curve in app.picture.curves) and not app.picture.wide.get_visible()
    app.state = {"target": "f3"}
    assert all(curve.get_visible() for curve in app.picture.curves) and app.picture.wide.get_visible()
    assert not any(artist.get_visible() for artist in (*app.picture.images, *app.picture.squares, app.picture.scale))


def test_the_axis_counts_multiply_adds_or_steps():
    app = shared(RaceApp, SHORT)
    assert app.picture.below.get_xlim() == (0, pytest.approx(1.02 * 30))
    assert app.picture.below.get_xlabel() == "multiply-adds so far, in millions"
    app.state = {"axis": "steps", "optimiser": "Adam"}
    steps = [int(end.get_xdata()[0]) for end in app.picture.ends]
    assert app.picture.below.get_xlabel() == "steps of the optimiser so far"
    assert all(f"{step} steps" in app.live.text for step in steps)
    assert max(steps) <= app.picture.below.get_xlim()[1]


def test_an_error_beyond_the_axis_is_drawn_on_its_edge():
    app = shared(RaceApp, SHORT)
    lap = app.runs.frames({name: app.state[name] for name in app.state if name not in ("axis", "frame")}, 0)[0][0]
    app.picture.show([(lap._replace(rmse=1e-15, work=40_000_000), lap._replace(rmse=1e9))], "work", 30)
    assert app.picture.ends[0].get_xdata()[0] == app.picture.below.get_xlim()[1]
    assert [end.get_ydata()[0] for end in app.picture.ends] == [LOW, app.picture.below.get_ylim()[1]]


@pytest.mark.parametrize("target", COURSES)
def test_nothing_written_is_clipped_or_runs_into_other_words(target):
    app = shared(RaceApp, {**SHORT, "target": target})
    app.live.figure.draw_without_rendering()
    parts = []
    for ax in app.live.figure.axes:
        if ax.get_visible():
            ticks = [tick.label1 if tick.label1.get_visible() else tick.label2 for axis in (ax.xaxis, ax.yaxis)
                     for tick in axis._update_ticks()]   # only those that are drawn
            texts = [*ticks, ax.xaxis.label, ax.yaxis.label, ax.title]
            parts += [text for text in texts if text.get_visible() and text.get_text()]
            parts += [ax.get_legend()] if ax.get_legend() else []
    assert_legible(app, parts)


def test_while_one_watches_a_race_the_slow_full_drawing_is_not_needed_again():
    app = RaceApp(state=SHORT)
    before = app.live.backgrounds
    for frame in range(10, 20):
        app.controls["frame"].set_state({"value": frame})
    assert app.live.backgrounds == before


def test_every_look_is_in_a_legend():
    app = shared(RaceApp, {"target": "f3", **SHORT})
    words = [{text.get_text() for text in ax.get_legend().get_texts()} for ax in (app.picture.wide, app.picture.below)]
    assert words == [{"target", "KAN", "MLP"}, {"KAN", "MLP", "always the mean", "(on the edge: beyond)"}]


@pytest.mark.parametrize("controls, rows", [
    (CONTROLS, [["target"], ["MLP"], ["optimiser", "KAN"], ["budget", "count"], ["parameters", "start"],
                ["progress", "play", "speed"]]),
    (("target", "kan"), [["target"], ["KAN"], ["progress", "play", "speed"]]),
    ((), [["progress", "play", "speed"]]),
])
def test_a_lesson_shows_only_the_controls_it_names(controls, rows):
    app = RaceApp(controls, state=SHORT)
    assert rows_of(app.widget) == rows


def test_every_control_has_a_description_and_a_tip():
    assert all(control.description and control.tooltip for control in RaceApp(state=SHORT).controls.values())


def test_an_end_of_an_axis_is_a_round_number_not_below():
    for n in range(1, 3000, 7):
        assert n <= round_up(n) <= 2.5 * n and str(round_up(n)).strip("0") in ("1", "2", "5")


def test_it_shows_itself_as_the_last_expression_of_a_cell():
    assert_shows_itself(shared(RaceApp, SHORT), "f1 by Levenberg-Marquardt, 10 of 30 million multiply-adds.")
    assert {30, 300} <= set(BUDGETS)
