"""The superposition app: its picture depends on its state alone, its words are the machine's numbers."""

import numpy as np
import pytest
from matplotlib.image import imsave

from kan_edu.apps import SuperpositionApp
from kan_edu.apps.superposition.app import CONTROLS, OWN, grey
from kan_edu.theorems.superposition import EXAMPLES, Superposition, walls_for
from tests.moving import (
    assert_as_new,
    assert_legible,
    assert_refused,
    assert_shows_itself,
    rows_of,
    seen,
    set_all,
    shared,
    written,
)

STATES = [{}, {"x": 0.0, "y": 1.0, "function": "x y"}, {"levels": 1, "cells": 4, "c": 0.4},
          {"levels": 4, "look": 4, "cells": 32, "function": "|x - y|", "x": 0.995}, {"levels": 3, "look": 2, "c": 0.1},
          {"look": 2, "cells": 8, "function": "sin(13x) cos(11y + 4x²)", "x": 0.3, "y": 0.6}]


def test_after_any_states_the_picture_is_that_of_a_new_app_and_of_a_figure_drawn_at_once():
    app = shared(SuperpositionApp)
    default = app.state
    for state in [*STATES[1:], STATES[0]]:
        app.state = {**default, **state}
        assert_as_new(app, SuperpositionApp(state=state))


def test_the_slow_full_drawing_is_needed_once():
    app = SuperpositionApp()
    set_all(app, STATES)
    assert app.live.backgrounds == 1


@pytest.mark.parametrize("moves", [[("x", 0.7), ("levels", 4), ("cells", 8)], [("y", 0.1), ("c", 0.2), ("look", 2)],
                                   [("function", "x y")]])
def test_each_control_that_moves_changes_the_picture_to_that_of_its_state(moves):
    app = shared(SuperpositionApp)
    for name, value in moves:
        before = app.live.png()
        app.controls[name].value = value
        assert app.live.png() != before
    assert app.live.error is None and seen(app) == seen(SuperpositionApp(state=app.state))


def test_thirty_fast_events_end_on_the_last_value():
    app = shared(SuperpositionApp)
    for i in range(30):
        app.controls["x"].set_state({"value": round((i * 37 % 201) * 0.005, 3)})
    assert seen(app) == seen(SuperpositionApp(state={"x": round((29 * 37 % 201) * 0.005, 3)}))


def test_levels_and_the_level_looked_at_agree():
    app = shared(SuperpositionApp, {"levels": 4, "look": 4})
    app.controls["levels"].value = 2
    assert app.state["look"] == 2
    app.controls["look"].value = 3
    assert app.state["levels"] == 3 and "Total after level 1 to 3" in app.live.text
    app.state = {"levels": 1}
    assert app.state["look"] == 1 and app.live.error is None
    app.state = {"look": 2}
    assert app.state["levels"] == 2


# ---------------------------------------------------------------------------------------- numbers


@pytest.mark.parametrize("levels", [1, 2, 3, 4])
def test_the_words_are_the_machines_numbers(levels):
    f, x, y = EXAMPLES["exp(sin(πx) + y²)"], 0.3, 0.64
    app = shared(SuperpositionApp, {"function": "exp(sin(πx) + y²)", "x": x, "y": y, "levels": levels, "cells": 8})
    machine = Superposition(f, walls_for(8, levels))
    totals = [float(machine(x, y, n)) for n in range(1, levels + 1)]
    words = "level 1" if levels == 1 else f"level 1 to {levels}"
    assert f"Total after {words}: {', '.join(f'{t:.4f}' for t in totals)}; " in app.live.text
    assert f"error {totals[-1] - f(x, y):.4f}." in app.live.text and f"f = {f(x, y):.4f}" in app.live.text
    walked = app.picture.walk.get_ydata()
    assert len(walked) == 6 and app.picture.heads[1].get_text() == f"level 1: 0.0000 to {totals[0]:.4f}"


def test_the_dots_stand_on_their_staircases_filled_on_bricks_and_hollow_in_mortar():
    app = shared(SuperpositionApp, {"x": 0.31, "y": 0.62})
    walls = walls_for(16, 2)
    step = Superposition(app.functions["x y"], walls).follow(0.31, 0.62)[0]
    for axis, mortar in ((0, step.x_mortar), (1, step.y_mortar)):
        assert len(app.picture.off[axis].get_xdata()) == mortar.sum()
        bricks = np.array(app.picture.steps[axis].get_segments())
        for x, y in zip(*app.picture.on[axis].get_data(), strict=True):
            assert any(a[0] <= x <= b[0] and a[1] == pytest.approx(y) for a, b in bricks)
    assert len(app.picture.on[2].get_xdata()) == (~(step.x_mortar | step.y_mortar)).sum()


def test_the_square_on_the_right_is_what_the_machine_makes():
    app = shared(SuperpositionApp, {"function": "x y", "cells": 8})
    middles = (np.arange(90) + 0.5) / 90
    made = Superposition(EXAMPLES["x y"], walls_for(8, 2))(*np.meshgrid(middles, middles))
    low, high = middles[0] ** 2, middles[-1] ** 2
    np.testing.assert_allclose(app.picture.images[1].get_array(), (made - low) / (high - low), atol=1e-12)
    before = app.picture.images[1].get_array()
    app.controls["x"].value = 0.1
    assert app.picture.images[1].get_array() is before, "a point that moves leaves it alone"
    rmse = 100 * np.sqrt(np.mean((made - middles * middles[:, None]) ** 2)) / (middles[-1] ** 2)
    assert app.picture.heads[0].get_text() == f"machine, 2 levels, RMSE {rmse:.1f} %"


# ---------------------------------------------------------------------------------------- your own


def test_a_picture_from_a_file_an_array_or_its_name(tmp_path):
    image = np.zeros((20, 30, 3))
    image[:10] = 1.0   # bright above
    imsave(tmp_path / "own.png", image)
    for picture in (str(tmp_path / "own.png"), tmp_path / "own.png", image, image[..., 0], image[..., 0].tolist()):
        np.testing.assert_allclose(grey(picture), image[..., 0], atol=1e-12)
    app = SuperpositionApp(picture=tmp_path / "own.png", state={"function": OWN, "y": 0.9})
    assert "f = 1.0000" in app.live.text
    app.controls["y"].value = 0.1
    assert "f = 0.0000" in app.live.text
    assert grey("kan").shape == (96, 96)


def test_a_function_of_ones_own():
    app = SuperpositionApp(f=lambda x, y: x + 2 * y, state={"function": OWN, "x": 0.5, "y": 0.25})
    assert "f = 1.0000" in app.live.text


def test_what_one_gives_is_what_one_sees():
    assert SuperpositionApp(picture=np.eye(5)).state["function"] == OWN
    assert shared(SuperpositionApp).state["function"] == "the letters KAN"


@pytest.mark.parametrize("arguments, words", [
    ({"controls": "x"}, "expected a tuple of names"),
    ({"controls": ("z",)}, "expected a tuple of names"),
    ({"f": np.add, "picture": "KAN"}, "give one of them"),
    ({"picture": np.zeros((2, 2, 2))}, "expected grey values"),
    ({"state": {"function": OWN}}, "is not one of the choices"),
])
def test_wrong_arguments_are_refused_in_words(arguments, words):
    with pytest.raises(ValueError, match=words):
        SuperpositionApp(**arguments)


@pytest.mark.parametrize("wrong, words", [
    ({"colour": 1}, "unknown name 'colour' in the state; the names are function, x, y"),
    ({"x": 1.5}, "x = 1.5 is out of range; give a number from 0.0 to 1.0"),
    ({"levels": 5}, "levels = 5 is out of range; give a whole number from 1 to 4"),
    ({"look": 0}, "look = 0 is out of range; give a whole number from 1 to 4"),
    ({"levels": 1, "look": 2}, "look = 2, but levels = 1; look at a level that is there"),
    ({"cells": 5}, "cells = 5 is not one of the choices"),
    ({"c": 0.5}, "c = 0.5 is out of range"),
])
def test_a_wrong_state_is_refused_in_words_and_changes_nothing(wrong, words):
    assert_refused(shared(SuperpositionApp), wrong, words)


# ---------------------------------------------------------------------------------------- the page


@pytest.mark.parametrize("state", STATES)
def test_nothing_written_is_clipped_or_runs_into_other_words(state):
    app = shared(SuperpositionApp, state)
    parts = written(app.live.figure)
    assert len(parts) > 40
    assert_legible(app, parts)


@pytest.mark.parametrize("controls, rows", [
    (CONTROLS, [["x", "y"], ["levels", "look at level"], ["cells, level 1", "share c"], ["function"]]),
    (("x", "y"), [["x", "y"]]),
    ((), []),
])
def test_a_lesson_shows_only_the_controls_it_names(controls, rows):
    app = SuperpositionApp(controls)
    assert rows_of(app.widget) == rows


def test_an_error_of_ones_own_function_is_shown_and_does_not_end_the_app():
    app = SuperpositionApp(f=lambda x, y: 1 / (0 * x.min() if x.size == 1 and x.min() > 0.9 else 1) + 0 * x + 0 * y)
    picture = app.live.png()
    with np.errstate(all="raise"):
        app.controls["x"].value = 0.95
    assert "divi" in app.live.text and app.live.png() == picture
    app.controls["x"].value = 0.4
    assert app.live.error is None and "x = 0.400" in app.live.text


def test_it_shows_itself_as_the_last_expression_of_a_cell():
    assert_shows_itself(shared(SuperpositionApp), "x = 0.500, y = 0.760, f = ")


@pytest.mark.parametrize("f, words", [
    (3, "f is 3; expected a function"), (lambda x: x, "could not be called"), (lambda x, y: None, "what f returned"),
    (lambda x, y: x[:-1], "what f returned has shape"), (lambda x, y: x / 0, "NaN or inf"),
    (lambda x, y: 1e300 * x, "no picture can show"), (lambda x, y: x + 1j, "complex numbers"),
])
@pytest.mark.filterwarnings("ignore:.*encountered in divide")
def test_a_function_that_is_none_is_refused_before_anything_is_drawn(f, words):
    with pytest.raises(ValueError, match=words):
        SuperpositionApp(f=f)


def test_a_constant_is_a_function_and_black_is_a_picture():
    assert "f = 0.0000" in SuperpositionApp(f=lambda x, y: 0.0).live.text
    assert "nan" not in SuperpositionApp(picture=np.zeros((4, 4)), state={"cells": 4}).live.text


@pytest.mark.parametrize("picture, words", [
    (3, "picture has shape"), (np.ones((4, 4, 5)), "expected grey values"), (np.eye(3) * np.nan, "NaN or inf"),
    (b"abc", "picture holds text"), (np.ma.masked_equal(np.eye(3), 1), "masked"),
])
def test_what_is_no_picture_is_refused(picture, words, tmp_path):
    with pytest.raises(ValueError, match=words):
        grey(picture)
    (tmp_path / "text.png").write_text("no picture")
    with pytest.raises(ValueError, match="could not be read"):
        grey(tmp_path / "text.png")
