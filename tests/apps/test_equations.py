"""The equation app: its state decides the picture, both networks get the same, its words and errors are true."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kan_edu.apps import EquationApp
from kan_edu.apps.equations import run as equations_run
from kan_edu.apps.equations.app import CONTROLS
from kan_edu.apps.equations.picture import HIGH, LOW
from kan_edu.apps.equations.run import FRAMES, KANS, MLPS, PACE, PROBLEMS, SIDE, mesh, networks, solve
from kan_edu.learning import fair
from kan_edu.learning.downhill.levenberg_marquardt import LevenbergMarquardt
from tests.moving import (
    assert_as_new,
    assert_legible,
    assert_refused,
    assert_shows_itself,
    frames_of,
    move_all,
    moves,
    rows_of,
    seen,
    set_all,
    shared,
)

SMALL = {"points": 50, "frame": 3}   # what most tests run: a few steps
SETTINGS = {"problem": "paper", "optimiser": "Levenberg-Marquardt", "kan": "narrow", "mlp": "3 hidden", "points": 50,
            "start": 0}
STATES = st.fixed_dictionaries({
    "problem": st.sampled_from(list(PROBLEMS)), "optimiser": st.sampled_from(list(PACE)),
    "kan": st.sampled_from(list(KANS)), "mlp": st.sampled_from(list(MLPS)), "points": st.just(50),
    "start": st.integers(0, 9), "frame": st.integers(0, 2)})


@pytest.fixture(scope="module")
def run():
    """All frames of the first state: the paper's problem, 400 points."""
    return list(frames_of(solve, **{**SETTINGS, "points": 400}))


# ---------------------------------------------------------------------------------------- state and picture


@settings(max_examples=3)
@given(st.lists(STATES, min_size=1, max_size=3))
def test_after_any_states_the_picture_is_that_of_a_new_app_and_of_a_figure_drawn_at_once(sequence):
    app = shared(EquationApp, SMALL)
    set_all(app, sequence)
    assert_as_new(app, EquationApp(state=sequence[-1]))


@settings(max_examples=3)
@given(moves("start", "frame", most=3))
def test_the_way_to_a_state_does_not_matter(sequence):
    app = shared(EquationApp, SMALL)
    move_all(app, [(name, 0.03 * place if name == "frame" else place) for name, place in sequence])
    assert seen(app) == seen(EquationApp(state=app.state))


def test_going_back_and_forth_trains_nothing_twice(monkeypatch):
    steps, go = [], equations_run.Solver.go
    monkeypatch.setattr(equations_run.Solver, "go", lambda self: steps.append(1) or go(self))
    app = EquationApp(state={**SMALL, "frame": 0})
    for frame in (4, 1, 4, 0, 5):
        app.controls["frame"].value = frame
    assert len(steps) == 2 * 5
    app.state = {"start": 1}
    app.state = {"start": 0}   # the run is remembered
    assert len(steps) == 2 * 5 * 2


@pytest.mark.parametrize("wrong, words", [
    ({"colour": 1}, "unknown name 'colour' in the state; the names are problem, optimiser, kan, mlp, points, start"),
    ({"problem": "heat"}, "problem = 'heat' is not one of the choices ['paper', 'ridges']"),
    ({"points": 20}, "points = 20 is out of range; give a whole number from 50 to 400"),
    ({"start": 0, "frame": FRAMES}, "frame = 61 is out of range; give a whole number from 0 to 60"),
])
def test_a_wrong_state_is_refused_in_words_and_changes_nothing(wrong, words):
    assert_refused(shared(EquationApp, SMALL), wrong, words)


def test_an_error_while_training_is_shown_and_does_not_end_the_app(monkeypatch):
    app = EquationApp(state=SMALL)
    picture = app.live.png()
    with monkeypatch.context() as broken:
        broken.setattr(equations_run.Solver, "go", lambda self: 1 / 0)
        app.controls["frame"].value = 5
    assert app.live.text == "ZeroDivisionError: division by zero" and app.live.png() == picture
    app.controls["frame"].value = 4
    assert app.live.error is None and app.live.text.startswith("Step 4 of 60")


# ---------------------------------------------------------------------------------------- the run


@pytest.mark.parametrize("kan", KANS)
@pytest.mark.parametrize("mlp", MLPS)
def test_at_the_end_both_have_as_many_parameters_within_ten_percent(kan, mlp):
    one, other = networks(kan, mlp, start=0)
    widths, ladder = KANS[kan]
    edges = sum(n * m for n, m in zip(widths, widths[1:], strict=False))
    final = edges * (ladder[-1] + equations_run.K + 1)   # no base: coefficients and w_s
    assert abs(other.n_params - final) <= fair.WITHIN * final and one.n_params < final


def test_the_ridges_source_is_the_laplacian_of_their_sum():
    problem, h = PROBLEMS["ridges"](60), 1e-4
    u, X = problem.solution, problem.X
    around = sum(u(X + d) + u(X - d) - 2 * u(X) for d in ([h, 0.0], [0.0, h])) / h**2
    np.testing.assert_allclose(problem.f, around, atol=1e-5)
    np.testing.assert_array_equal(problem.g, u(problem.B))


def test_a_run_has_all_its_frames_and_both_take_the_same_steps(run):
    assert len(run) == FRAMES
    assert [[lap.steps for lap in pair] for pair in run] == [[frame, frame] for frame in range(FRAMES)]
    assert list(dict.fromkeys(pair[0].G for pair in run)) == [4, 8, 16, 32] and run[-1][0].parameters == 228
    assert {pair[1].parameters for pair in run} == {229} and {pair[1].G for pair in run} == {0}


def test_the_grid_is_divided_before_the_step_of_its_frame(run):
    assert [frame for frame, pair in enumerate(run) if frame and pair[0].G != run[frame - 1][0].G] == [16, 31, 46]


def test_the_kan_that_can_hold_the_papers_solution_is_far_ahead(run):
    kan, mlp = run[-1]
    assert kan.worst < 1e-5 < 1e-3 < mlp.worst < 0.1 * run[0][1].worst
    assert kan.loss < 1e-9 and mlp.loss < 1e-3


def test_few_points_satisfied_exactly_leave_u_free_between_them(run):
    few = list(frames_of(solve, **SETTINGS))[-1][0]
    assert few.loss < 1e-12 and few.worst > 1e3 * run[-1][0].worst


def test_l_bfgs_takes_three_steps_a_frame_and_lowers_both_losses():
    laps = [pair for pair, _ in zip(frames_of(solve, **{**SETTINGS, "optimiser": "L-BFGS"}), range(7), strict=False)]
    assert [pair[0].steps for pair in laps] == [0, 3, 6, 9, 12, 15, 18]
    assert all(last.loss < 0.9 * first.loss for first, last in zip(laps[0], laps[-1], strict=True))


def test_a_loss_that_overflows_has_no_gradient_and_the_optimiser_turns_back():
    solver = equations_run.Solver(networks("narrow", "1 hidden", 0)[1], PROBLEMS["paper"](50), "L-BFGS")
    solver.model.theta[...] = 1e200
    value, slope = solver.evaluate()
    assert value == np.inf and (slope == 0).all()


def test_frame_by_frame_is_the_optimiser_itself():
    """The MLP of frame 4 is what four plain steps make of the same start."""
    task, (_, model) = PROBLEMS["paper"](50), networks("narrow", "3 hidden", 0)
    optimiser = LevenbergMarquardt()
    for _ in range(4):
        optimiser.step(model.theta, lambda: task.residuals(model), lambda: task.jacobian(model))
    lap = [pair for pair, _ in zip(frames_of(solve, **SETTINGS), range(5), strict=False)][-1][1]
    error = np.abs(model(mesh())[:, 0] - task.solution(mesh())).reshape(SIDE, SIDE)
    np.testing.assert_allclose(lap.error, error, rtol=1e-9, atol=1e-12)
    assert lap.worst == lap.error.max() and lap.loss == pytest.approx(task.loss(model))


# ---------------------------------------------------------------------------------------- picture and words


def test_the_words_and_lines_are_those_of_the_run(run):
    app = shared(EquationApp, {**SETTINGS, "points": 400, "frame": 20})
    kan, mlp = run[20]
    assert app.live.text == (
        "Step 20 of 60 by Levenberg-Marquardt, 400 points inside and 80 on the border. "
        f"KAN [2, 2, 1], G = 8: 84 parameters, loss {kan.loss:.1e}, largest error {kan.worst:.1e}. "
        f"MLP [2, 10, 9, 9, 1]: 229 parameters, loss {mlp.loss:.1e}, largest error {mlp.worst:.1e}.")
    for which, line in enumerate(app.picture.lines):
        np.testing.assert_allclose(line.get_ydata(), [pair[which].worst for pair in run[:21]])
        np.testing.assert_array_equal(app.picture.maps[which].get_array(), np.clip(run[20][which].error, LOW, 1))
    assert len(app.picture.finer.get_segments()) == 1
    assert [words.get_text() for words in app.picture.sizes if words.get_visible()] == ["G = 4", "G = 8"]


def test_the_map_has_y_upwards_and_x_to_the_right():
    app = shared(EquationApp, {**SMALL, "problem": "ridges"})
    drawn = np.asarray(app.picture.solution.get_array())
    u = PROBLEMS["ridges"](50).solution
    step = 1 / SIDE
    for row, column, x, y in ((0, 0, -1, -1), (0, SIDE - 1, 1, -1), (SIDE - 1, 0, -1, 1)):
        place = np.array([[x * (1 - step), y * (1 - step)]])
        assert drawn[row, column] == pytest.approx(u(place)[0])
    assert app.picture.solution.origin == "lower"


def test_an_error_beyond_the_axis_is_drawn_on_its_edge(run):
    app = shared(EquationApp, SMALL)
    tiny, huge = run[0][0]._replace(error=np.full((SIDE, SIDE), 1e-12)), run[0][1]._replace(error=np.full((1, 1), 1e9))
    app.picture.show([(tiny, huge)])
    assert [end.get_ydata()[0] for end in app.picture.ends] == [LOW, HIGH]


@pytest.mark.parametrize("state", [{}, {"problem": "ridges", "frame": 4}, {"optimiser": "L-BFGS", "kan": "wide"},
                                   {"frame": 60}, {"frame": 5, "kan": "wide", "mlp": "1 hidden", "points": 100}])
def test_nothing_written_is_clipped_or_runs_into_other_words(state):
    app = shared(EquationApp, {**SMALL, **state})
    app.live.figure.draw_without_rendering()
    parts = [words for words in app.picture.sizes if words.get_visible()]
    for ax in app.live.figure.axes:
        ticks = [tick.label1 if tick.label1.get_visible() else tick.label2 for axis in (ax.xaxis, ax.yaxis)
                 for tick in axis._update_ticks()]   # only those that are drawn
        texts = [*ticks, ax.xaxis.label, ax.yaxis.label, ax.title]
        parts += [text for text in texts if text.get_visible() and text.get_text()]
        parts += [ax.get_legend()] if ax.get_legend() else []
    assert_legible(app, parts)


def test_the_slow_full_drawing_is_needed_only_when_problem_or_optimiser_change():
    app = EquationApp(state={**SMALL, "frame": 0})
    before = app.live.backgrounds
    for frame in (1, 5, 17, 2):
        app.controls["frame"].value = frame
    app.state = {"kan": "wide", "frame": 2}
    assert app.live.backgrounds == before
    app.state = {"problem": "ridges"}
    assert app.live.backgrounds == before + 1


def test_every_look_is_in_the_legend():
    words = {text.get_text() for text in EquationApp(state=SMALL).picture.below.get_legend().get_texts()}
    assert words == {"KAN", "MLP", "the grid is divided", "u = 0 everywhere", "(on the edge: beyond)"}


@pytest.mark.parametrize("controls, rows", [
    (CONTROLS, [["frame", "play", "speed"], ["problem", "optimiser"], ["KAN", "MLP"], ["points inside", "start"]]),
    (("frame", "points"), [["frame", "play", "speed"], ["points inside"]]),
    ((), []),
])
def test_a_lesson_shows_only_the_controls_it_names(controls, rows):
    app = EquationApp(controls, state=SMALL)
    assert rows_of(app.widget) == rows
    assert all(control.tooltip for control in app.controls.values())


def test_it_shows_itself_as_the_last_expression_of_a_cell():
    assert_shows_itself(shared(EquationApp, SMALL), "Step 3 of 60 by Levenberg-Marquardt, 50 points inside")
