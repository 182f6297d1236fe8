"""The reader app: it says and draws what its network does, a law is found with it, and its state is all there is."""

import re

import numpy as np
import pytest

from kan_edu.apps import ReaderApp
from kan_edu.apps.common.words import Words
from kan_edu.apps.reader.app import CONTROLS, SPLINE
from kan_edu.apps.reader.picture import LOWEST
from kan_edu.apps.reader.state import Reader, edges_of, trained, without
from kan_edu.apps.reader.tables import TABLES
from kan_edu.apps.reader.written import edge_names, equations, number
from kan_edu.networks.kan import KAN
from kan_edu.reading.symbolic import Candidates, candidates, rmse
from tests.moving import assert_as_new, assert_legible, assert_refused, assert_shows_itself, move_all, rows_of, shared

KEPLER = {"table": "planets", "prune": 1, "edge": [0, 0, 0], "read": [[[0, 0, 0], "x^1.5"]]}
LAW = {"table": "formula", "prune": 1, "edge": [0, 1, 1],
       "read": [[[0, 1, 0], "sin"], [[1, 0, 1], "exp"], [[0, 1, 1], "x^2"]]}  # fmt: skip


@pytest.fixture
def reader():
    return Reader()


@pytest.fixture
def app():
    return shared(ReaderApp)


def forgetful(busy=lambda words: None):
    """A Reader that has worked out nothing yet."""
    reader = Reader(busy)
    reader.kept = {}
    return reader


def press(app, name, place):
    """Move a choice to a place in its list as the browser does."""
    app.controls[name].set_state({"index": place})


# ---------------------------------------------------------------------------------------- a law is found


def test_keplers_law_is_found_by_the_first_candidate_of_the_last_edge(app):
    app.controls["prune"].set_state({"value": 1})
    assert app.controls["edge"].options == (("a → T", (0, 0, 0)),)
    press(app, "family", 1)
    assert app.state == KEPLER
    assert app.formula == ["T = 0.9992 (a + 0.005088)^1.5 - 0.00665"]
    assert app.words.value == r"$$T = 0.9992\,\left(a + 0.005088\right)^{3/2} - 0.00665$$"


def test_a_law_of_three_edges_is_exact_whatever_led_to_it(app):
    app.state = LAW
    example = app.reader.example("formula")
    assert app.formula == ["y = exp(sin(π x₁) + x₂²)"]
    assert rmse(app.model, example.X, example.Y) < 1e-12
    press(app, "family", 0)
    assert [edge for edge, _ in app.read] == [(0, 1, 0), (1, 0, 1)] and "φ(x₂)" in app.formula[0]
    press(app, "family", 1)
    assert app.state == LAW, "back to the spline and forth again is no change"


def test_the_candidate_with_the_smaller_error_alone_may_lose_in_the_network(app):
    """The pendulum's l: before g is read no family is clear; afterwards the square root is exact."""
    app.state = {"table": "pendulum", "prune": 2, "edge": [0, 1, 0], "read": []}
    before = {row.family: row.rmse for row in app.rows()}
    assert before["sqrt"] > 0.9 * before["arcsin"]
    app.state = {"read": [[[0, 0, 1], "1/sqrt"]]}
    after = {row.family: row.rmse for row in app.rows()}
    assert after["sqrt"] < 1e-12 < 1e-4 < after["arcsin"]
    press(app, "family", 1)
    assert app.formula == ["T = 2π/sqrt(g) · sqrt(l)"]


def test_three_values_fit_all_families_of_three_numbers(app):
    app.state = {"table": "hydrogen", "edge": [0, 0, 0], "read": [[[0, 0, 1], "1/x^2"]]}
    errors = [row.rmse for row in app.rows()]
    assert max(errors[:7]) < 1.001 * min(errors) and errors[7] > 1


# ---------------------------------------------------------------------------------------- networks


@pytest.mark.parametrize("table", TABLES)
def test_pruning_takes_one_step_after_the_other_and_the_last_is_too_far(reader, table):
    example, models = reader.example(table), reader.pruned(table)
    left = [edges_of(model) for model in models]
    assert all(set(less) < set(more) for more, less in zip(left, left[1:], strict=False))
    errors = np.array([rmse(model, example.X, example.Y) for model in models]) / example.Y.std()
    assert (errors[: len(models) - (len(left[-2]) > 1 if len(models) > 1 else 0)] < 0.2).all()
    assert len(models) == {"planets": 2, "formula": 3, "pendulum": 4, "hydrogen": 2, "enzyme": 1}[table]
    if table not in ("planets", "enzyme"):
        assert errors[-1] > 10 * errors[-2], "one step too many is seen"


def test_an_edge_that_is_removed_takes_the_hidden_node_behind_it_along(reader):
    example = reader.example("formula")
    model = trained(example)
    less = without(model, [(1, 0, 0)], example)
    assert edges_of(less) == [(0, 1, 0), (0, 1, 1), (1, 0, 1)] and len(edges_of(model)) == 6


def test_a_state_that_is_set_gives_the_network_that_the_controls_lead_to():
    moved, at_once = forgetful(), forgetful()
    read = ()
    for edge, family in (((0, 1, 0), "sin"), ((1, 0, 1), "exp")):
        assert moved.candidates("formula", 1, read, edge).rows[0].family == family
        read += ((edge, family),)
    np.testing.assert_array_equal(moved.model("formula", 1, read).theta, at_once.model("formula", 1, read).theta)


def test_rows_are_what_candidates_returns_and_nothing_is_worked_out_twice(reader, monkeypatch):
    example, read = reader.example("planets"), (((0, 0, 0), "x^1.5"),)
    reader.kept.pop(("planets", 1, read), None)   # an app of another file, whose state was set, may have needed it
    table = reader.candidates("planets", 1, (), (0, 0, 0))
    fresh = candidates(reader.model("planets", 1), (0, 0, 0), example.X, example.Y, progress=False)
    assert [row[:5] for row in table.rows] == [row[:5] for row in fresh.rows]
    monkeypatch.setattr("kan_edu.apps.reader.state.candidates", lambda *a, **kw: 1 / 0)
    assert reader.candidates("planets", 1, (), (0, 0, 0)) is table
    assert reader.model("planets", 1, read) is table["x^1.5"].model


def test_it_says_what_takes_long():
    said = []
    reader = forgetful(said.append)
    for _ in range(2):
        reader.candidates("planets", 0, (), (0, 0, 1))
    words = "Trying families on edge (0, 0, 1), each with a refit of the network ..."
    assert said == [words, "Training and pruning ..."]


# ---------------------------------------------------------------------------------------- formulas


def test_a_formula_in_words_has_the_values_of_the_network(reader):
    """Text is evaluated as Python: it is what the network computes, to its four digits."""
    cases = [("formula", 1, (((0, 1, 0), "sin"), ((1, 0, 1), "exp"), ((0, 1, 1), "x^2"))),
             ("formula", 1, (((0, 1, 0), "sin"), ((1, 0, 1), "exp"), ((0, 1, 1), "abs"))),
             ("pendulum", 2, (((0, 0, 1), "1/sqrt"), ((0, 1, 0), "sqrt"))),
             ("hydrogen", 0, (((0, 0, 1), "1/x^2"), ((0, 0, 0), "1/sqrt")))]  # fmt: skip
    for table, steps, read in cases:
        example, model = reader.example(table), reader.model(table, steps, read)
        line, = equations(example, model)
        code = line.split(" = ")[1]
        python = {"·": "*", "²": "**2", "^": "**", "2π": "2*np.pi", "π": "np.pi*1", "₁": "1", "₂": "2"}
        for old, new in python.items():
            code = code.replace(old, new)
        for name in ("sin", "exp", "cosh", "sqrt", "log"):
            code = code.replace(f"{name}(", f"np.{name}(")
        code = re.sub(r"(?<=[\d)]) (?=[\w(])", "*", code)
        names = [name.translate(str.maketrans("₁₂", "12")) for name in example.inputs]
        value = eval(code, {"np": np, **dict(zip(names, example.X.T, strict=True))})
        np.testing.assert_allclose(value, model(example.X)[:, 0], rtol=0, atol=0.02 * example.Y.std(), err_msg=line)


def test_names_of_edges_and_of_what_they_lead_to():
    class Example:
        inputs, output = ["a", "b"], "y"

    model = KAN([2, (1, 2), 1])
    names = edge_names(Example, model)
    assert [names[0, j, 0] for j in range(5)] == ["a → h₁", "a → u₁", "a → v₁", "a → u₂", "a → v₂"]
    assert names[1, 0, 2] == "h₃ → y" and len(names) == 13
    assert equations(Example, model)[1] == "h₂ = (φ(a) + φ(b)) · (φ(a) + φ(b))"
    assert equations(Example, model)[-1] == "y = φ(h₁) + φ(h₂) + φ(h₃)"


@pytest.mark.parametrize("value, text", [(1, "1"), (-1, "-1"), (np.pi / 2, "π/2"), (1e-10, "0"), (3.1417, "3.142")])
def test_numbers_are_short(value, text):
    assert number(value) == text


# ---------------------------------------------------------------------------------------- the picture


def test_after_any_states_the_picture_is_that_of_a_new_app_and_of_a_figure_drawn_at_once(app):
    enzyme = {"table": "enzyme", "read": [[[0, 0, 0], "1/x"]]}
    for state in ({"table": "pendulum", "prune": 3}, enzyme, KEPLER, LAW):
        app.state = state
        assert app.live.error is None and "nan" not in app.live.text and {**app.state, **state} == app.state
        assert_as_new(app, ReaderApp(state=app.state))


@pytest.mark.parametrize("sequence", [
    [("prune", 1), ("family", 0.2), ("edge", 1), ("family", 0.1), ("edge", 0), ("family", 0)],
    [("table", 0.5), ("prune", 0.7), ("family", 0.13), ("prune", 1), ("family", 1), ("prune", 0)],
])  # fmt: skip
def test_moved_controls_lead_to_a_state_that_leads_to_the_same_picture(app, sequence):
    move_all(app, sequence)
    assert_as_new(app, ReaderApp(state=app.state))


def test_the_chart_has_the_errors_of_the_candidates(app):
    app.state = LAW
    rows, spread = app.rows(), app.reader.example("formula").Y.std()
    whole, alone = (line.get_xdata() for line in (app.picture.whole, app.picture.alone))
    np.testing.assert_allclose(whole, [max(row.rmse / spread, LOWEST) for row in rows])
    np.testing.assert_allclose(alone, [max(np.sqrt(max(1 - row.r2, 0)), LOWEST) for row in rows])
    assert [words.get_text() for words in app.picture.names] == [row.family for row in rows]
    assert app.picture.bar.get_y() == -0.5 and app.picture.bar.get_visible()
    press(app, "family", 3)
    assert app.picture.bar.get_y() == 1.5
    press(app, "family", 0)
    assert not app.picture.bar.get_visible()


def test_the_curve_is_the_edges_spline_and_the_nearest_of_the_family(app):
    app.state = {**LAW, "edge": [0, 1, 0]}
    x, y = app.picture.spline.get_data()
    assert x[0] == 0 and x[-1] == 1 and y.min() >= 0 and y.max() <= 1
    nearest = app.picture.nearest.get_data()
    np.testing.assert_array_equal(nearest[0], x)
    assert 0 < np.abs(nearest[1] - y).max() < 0.02, "a sine, nearly"
    assert app.picture.title.get_text() == "the edge x₁ → h₂"
    press(app, "family", 0)
    assert len(app.picture.nearest.get_xdata()) == 0 and len(app.picture.samples.get_xdata()) == 100


def test_the_frame_is_around_the_chosen_box(app):
    app.state = {**LAW, "edge": [1, 0, 1]}
    centre = app.picture.networks["formula"].boxes[1][0][0, 1]
    box = app.picture.frames["formula"]
    np.testing.assert_allclose(np.array(box.get_xy()) + [box.get_width() / 2, box.get_height() / 2], centre)


def test_the_words_are_the_numbers(app):
    app.state = KEPLER
    example = app.reader.example("planets")
    error, spread = rmse(app.model, example.X, example.Y), example.Y.std()
    words = f"8 samples, 1 edge left, 1 of them read. RMSE of the network {error:.3g}; the spread of T is {spread:.3g}."
    assert app.live.text == f"{words} Edge a → T: x^1.5. {app.formula[0]}."
    app.state = {"read": []}
    assert f"Edge a → T: {SPLINE}. T = φ(a)" in app.live.text


@pytest.mark.parametrize("state", [KEPLER, LAW, {"table": "pendulum"}, {"table": "hydrogen"}, {"table": "enzyme"}])
def test_nothing_written_is_clipped_or_covers_another_thing(app, state):
    app.state = state
    picture = app.picture
    words = [word for ax in (picture.curve, picture.errors) for word in ax.get_children()
             if isinstance(word, Words) and word.get_text()]  # fmt: skip
    network = [text for text in picture.networks[app.table].ax.texts if text.get_text()]
    assert_legible(app, [*words, *network, picture.figure.legends[0], picture.errors.xaxis.label],
                   [ax.patch.get_window_extent() for ax in (picture.curve, picture.errors)])  # fmt: skip


def test_the_slow_full_drawing_is_needed_only_when_the_table_changes():
    app = ReaderApp()
    for state in ({"prune": 1}, {"read": KEPLER["read"]}, {"prune": 0}, {"edge": [0, 0, 1]}):
        app.state = state
    assert app.live.backgrounds == 1
    app.state = {"table": "enzyme"}
    assert app.live.backgrounds == 2


# ---------------------------------------------------------------------------------------- state and controls


@pytest.mark.parametrize("wrong, words", [
    ({"colour": 1}, "unknown name 'colour' in the state; the names are table, prune, edge, read"),
    ({"table": "comets"}, "table = 'comets' is not one of the choices ['planets', 'formula'"),
    ({"prune": 2}, "prune = 2; expected a whole number from 0 to 1 for this table"),
    ({"prune": 0.5}, "prune = 0.5; expected a whole number"),
    ({"prune": 1, "edge": [0, 0, 1]}, "edge = [0, 0, 1] is not one of those that are left: [[0, 0, 0]]"),
    ({"edge": [False, False, False]}, "is not one of those that are left"),
    ({"read": [[[0, 0, 0], ["x"]]]}, "no family is called ['x']"),
    ({"edge": 0}, "edge = 0 is not one of those that are left"),
    ({"read": [[0, 0, 0]]}, "expected a list of [edge, family]"),
    ({"read": [[[0, 0, 0], "cubic"]]}, "no family is called 'cubic'; expected one of x, x^2"),
    ({"read": [[[0, 0, 0], "x"], [[0, 0, 0], "sin"]]}, "names an edge twice"),
])  # fmt: skip
def test_a_wrong_state_is_refused_in_words_and_changes_nothing(app, wrong, words):
    app.state = {**KEPLER, "prune": 0}
    assert_refused(app, wrong, words)


def test_a_family_without_a_value_where_it_should_stand_is_refused(app, monkeypatch):
    empty = Candidates((0, 0, 1), 0.0, [], {"log": "it has no value at some of the samples"})
    monkeypatch.setattr("kan_edu.apps.reader.state.candidates", lambda *a, **kw: empty)
    assert_refused(app, {"read": [[[0, 0, 1], "log"]]}, "log cannot stand on edge (0, 0, 1): it has no value at some")


def test_a_family_that_is_not_among_the_best_can_be_set(app):
    app.state = {**KEPLER, "read": [[[0, 0, 0], "exp"]]}
    assert app.state["read"] == [[[0, 0, 0], "exp"]] and "exp" in app.formula[0]
    assert not app.picture.bar.get_visible()


def test_another_table_begins_anew_and_one_edge_cannot_be_pruned(app):
    app.state = KEPLER
    press(app, "table", 3)
    assert app.state == {"table": "enzyme", "prune": 0, "edge": [0, 0, 0], "read": []}
    assert app.controls["prune"].disabled and app.controls["edge"].disabled
    press(app, "table", 1)
    assert app.controls["prune"].max == 2 and not app.controls["prune"].disabled


@pytest.mark.parametrize("controls, rows", [
    (CONTROLS, [["data", "prune"], ["edge", "read it as"], [""]]),
    (("family",), [["read it as"], [""]]),
])  # fmt: skip
def test_a_lesson_shows_only_the_controls_it_names(app, controls, rows):
    assert rows_of(ReaderApp(controls, state=KEPLER).widget) == rows


def test_the_words_of_a_choice_follow_a_new_list(app):
    app.state = {"table": "formula", "prune": 1}
    assert "x₁ → h₂" in app.controls["edge"]._options_labels


def test_it_shows_itself_as_the_last_expression_of_a_cell(app):
    assert_shows_itself(app, "8 samples, 2 edges left, 0 of them read. RMSE of the network ")
