"""What a page says of a hand on the picture: it moves the same state as the sliders, one drawing for one message."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from kan_edu import apps, live
from kan_edu.apps import NeuronApp, PerceptronApp, SplineApp, XorApp
from kan_edu.seeing import touch
from kan_edu.seeing.controls import slider
from tests.bench.labels_looked import no_drawing
from tests.moving import drawn_at_once
from tests.moving import pixels as pixels_of


def make_live(**things):
    """A point in two Axes, and a line across both."""
    fig = live.figure(400, 200)
    left, right = fig.add_axes([0.1, 0.5, 0.4, 0.4]), fig.add_axes([0.1, 0.1, 0.4, 0.4])
    for ax in (left, right):
        ax.set(xlim=(0, 1), ylim=(-1, 1))
    dot, = left.plot([], [], "o")
    control, drawn = slider("x", 0.5, 0, 1), []

    def update(state):
        drawn.append(state["x"])
        dot.set_data([state["x"]], [0])
        return f"x = {state['x']:.4f}"

    def here():
        def put(x, y):
            control.value = x
        return [touch.Thing("dot", left, control.value, 0.0, put, (0.01, 0.0)),
                touch.Thing("line", (left, right), control.value, None, put, (0.01, 0.0), "anywhere")]

    app = live.LiveFigure(fig, [dot], {"x": control}, update, things=here)
    app.drawn = drawn
    return app


def boxes(app):
    return {thing["name"]: thing["box"] for thing in app.touch.things}


def test_the_page_knows_where_things_are_in_shares_of_the_picture():
    app = make_live()
    assert boxes(app) == {"dot": [0.3, 0.3, 0.3, 0.3], "line": [0.3, 0.1, 0.3, 0.9]}
    dot, line = app.touch.things
    assert (dot["reach"], line["reach"]) == (touch.POINT, touch.LINE)
    assert dot["cursor"] == "ew-resize" and line["says"] == "line, anywhere"
    app.state = {"x": 1.0}
    assert boxes(app)["dot"] == [0.5, 0.3, 0.5, 0.3]


def test_a_drag_is_one_message_of_picture_and_words_and_then_one_of_the_slider(monkeypatch):
    """Each message is a page laid out and painted anew."""
    app, sent = make_live(), []
    for name, widget in {"slider": app.controls["x"], "picture": app.touch}.items():
        monkeypatch.setattr(widget, "send_state", lambda key=None, name=name: key and sent.append((name, *sorted(key))))
    app.touched({"thing": "dot", "x": 0.2, "y": 0.9})
    assert sent == [("picture", "held", "png", "seen", "things", "words"), ("slider", "value")]


def test_a_sliders_move_is_answered_by_one_message_of_picture_and_words(monkeypatch):
    app, sent = make_live(), []
    monkeypatch.setattr(app.touch, "send_state", lambda key=None: key and sent.append(sorted(key)))
    app.controls["x"].value = 0.4
    assert sent == [["png", "things", "words"]]


def test_a_drag_sets_the_sliders_value_between_its_steps_and_draws_once():
    app = make_live()
    app.drawn.clear()
    app.touched({"thing": "dot", "x": 0.2, "y": 0.9}, {"thing": "line", "x": 0.3128, "y": 0.9})
    assert app.state == {"x": 0.532} and app.drawn == [0.532]
    assert app.touch.seen == 1 and app.touch.held == "line" and app.text == "x = 0.5320" and app.text in app.touch.words


def test_the_place_ends_at_the_axes_and_is_rounded_to_what_a_pixel_can_tell():
    app = make_live()
    for share, value in ((-3.0, 0.0), (7.0, 1.0), (0.1 + 0.4 / 3, 0.333)):
        app.touched({"thing": "dot", "x": share, "y": 0.3})
        assert app.state == {"x": value}


def test_arrow_keys_count_from_where_the_thing_is():
    app = make_live()
    app.touched({"thing": "dot", "right": 3, "up": 5})
    assert app.state == {"x": 0.53}


def test_of_several_events_in_one_message_each_finds_what_those_before_have_left():
    """The hand is faster than the kernel, and goes from one thing to another and back."""
    app = make_live()
    app.touched(*({"thing": name, "grasp": n, "right": 1, "up": 0} for n, name in enumerate(["dot", "line", "dot"])))
    assert app.state == {"x": 0.53}


def test_what_is_gone_is_left_alone_and_an_error_is_shown_and_answered():
    app = make_live()
    app.touched({"thing": "lost", "x": 0.2, "y": 0.2})
    assert app.state == {"x": 0.5} and app.touch.seen == 1
    app.controls["x"].max = 0.6
    app.touched({"thing": "dot"}, {"thing": "dot", "colour": 3})
    assert app.text.startswith("TypeError") and app.touch.seen == 2
    app.touched({"thing": "dot", "x": 0.2, "y": 0.3})
    assert app.error is None and app.text == "x = 0.2500"


def test_a_message_of_the_page_arrives():
    app = make_live()
    app.touch._handle_custom_msg({"events": [{"thing": "dot", "x": 0.2, "y": 0.3}]}, [])
    assert app.state == {"x": 0.25}


@pytest.mark.parametrize(("width", "ratio", "pixels"), [(480, 1, (480, 240)), (1100, 1, (1100, 550)),
                                                        (601, 1.5, (902, 451)), (1100, 3, (1732, 866))])  # fmt: skip
def test_the_picture_is_drawn_anew_for_the_page_and_its_bytes_are_bounded(width, ratio, pixels):
    app = make_live()
    before, first = boxes(app), app.png()
    app.touched({"thing": "", "width": width, "ratio": ratio})
    assert drawn_at_once(app.figure).shape[1::-1] == pixels
    np.testing.assert_array_equal(pixels_of(app.png()), drawn_at_once(app.figure))
    assert boxes(app) == before and app.touch.held == ""
    app.fit(400)
    assert app.png() == first


def test_the_theme_and_the_answer_come_in_one_message(monkeypatch):
    app, sent = make_live(), []
    monkeypatch.setattr(app.touch, "send_state", lambda key=None: sent.append(set(key)))
    app.touched({"thing": "dot", "x": 0.2, "y": 0.3})
    assert any({"png", "things", "seen"} <= keys for keys in sent), sent
    app.touched({"thing": "", "width": 500, "ratio": 1, "dark": True})
    assert app.figure.canvas.dark
    app.touched({"thing": "", "width": 500, "ratio": 1, "dark": False})
    assert not app.figure.canvas.dark


def test_a_line_lies_between_its_two_ends():
    ax = make_live().figure.axes[0]
    line = touch.Thing("l", ax, 0.5, 0.0, print, ends=((0.0, -1.0), (1.0, 1.0))).for_page()
    np.testing.assert_allclose(line["box"], [0.1, 0.5, 0.5, 0.1], atol=1e-4)


def test_what_is_no_thing_is_refused():
    with pytest.raises(ValueError, match="expected a list of touch.Thing"):
        touch.check_things([3])


def test_things_that_are_no_function_are_refused():
    with pytest.raises(ValueError, match="things is 3"):
        live.LiveFigure(live.figure(), [], {}, lambda state: "", things=3)


def test_the_page_has_one_small_file_of_script():
    script = Path(touch.__file__).with_suffix(".js").read_text(encoding="utf-8")
    assert len(script.splitlines()) < 150 and str(touch.TouchPicture(2, 1)._esm) == touch.ICON + script
    assert set(re.findall(r'model\.get\("(\w+)"\)', script)) <= set(touch.TouchPicture.class_trait_names())


# ---------------------------------------------------------------------------------------- in the apps


TOUCHED = [name for name in apps.__all__ if "_things" in vars(getattr(apps, name))]


@pytest.fixture(scope="module")
def touched():
    """{name: an app of each class that can be touched}; a test sets the state in which it begins."""
    made = {name: getattr(apps, name)() for name in TOUCHED}
    yield made
    for app in made.values():
        app.live.close()


@pytest.mark.parametrize("name", TOUCHED)
def test_every_thing_has_a_name_of_its_own_lies_in_the_picture_and_moves(touched, name):
    app = touched[name]
    things = app.live.touch.things
    assert len({thing["name"] for thing in things}) == len(things)
    for thing in things:
        assert all(-0.01 <= share <= 1.01 for share in thing["box"]), thing
    for thing in [thing for thing in things if not thing.get("click")]:
        before, seen = app.state, set()
        for right, up in ((1, 1), (-2, -2)):   # one way may be the end of the range
            app.live.touched({"thing": thing["name"], "right": right, "up": up})
            assert app.live.error is None
            seen.add(str(app.state))
        assert seen != {str(before)}, thing


@pytest.mark.parametrize(("name", "thing", "dx", "dy"), [
    ("SplineApp", "coefficient 2", 0, -0.04), ("PolynomialApp", "point 3", 0, -0.06),
    ("PerceptronApp", "point 1", 0.06, -0.03), ("SuperpositionApp", "point in f", 0.05, 0.08),
])
def test_a_thing_comes_to_where_it_is_dragged(name, thing, dx, dy):
    app = getattr(apps, name)()
    one = next(one for one in app.live.touch.things if one["name"] == thing)
    x, y = one.get("at", one["box"][:2])
    app.live.touched({"thing": thing, "x": x + dx, "y": y + dy})
    now = next(one for one in app.live.touch.things if one["name"] == thing)
    np.testing.assert_allclose(now.get("at", now["box"][:2]), [x + dx, y + dy], atol=0.02)


@pytest.mark.parametrize("name, thing, level, which", [("PerceptronApp", "line", 0, ("w1", "w2", "b")),
                                                       ("XorApp", "line of h₁", 0, (0, 1, 4)),
                                                       ("XorApp", "line y = ½", 0.5, (6, 7, 8))])  # fmt: skip
def test_a_line_goes_through_the_place_to_which_it_is_dragged(name, thing, level, which):
    app = PerceptronApp(state={"w1": 2.0, "w2": 1.0, "b": -1.0}) if name == "PerceptronApp" else XorApp()
    x0, y0, x1, y1 = boxes(app.live)[thing]
    share = (x0 + x1) / 2 + 0.01, (y0 + y1) / 2 - 0.02
    place = app.live._things[thing].at(*share)
    app.live.touched({"thing": thing, "x": share[0], "y": share[1]})
    w1, w2, b = (app.state[n] if name == "PerceptronApp" else app.state["theta"][n] for n in which)
    assert abs(w1 * place[0] + w2 * place[1] + b - level) <= 0.13   # b goes in steps of a quarter


def test_of_two_knots_in_one_place_the_direction_tells_which_leaves():
    app = SplineApp(state={"knots": [-0.5, 0, 0, 0.5]})
    right = boxes(app.live)["knot 2"][0] + 0.01
    app.live.touched({"thing": "knot 2", "x": right, "y": 0.5})
    assert app.live.touch.held == "knot 3" and app.state["knots"][1] == 0 < app.state["knots"][2]
    app.live.touched({"thing": "knot 3", "x": right + 0.01, "y": 0.5})
    assert app.state["knot"] == 3 and app.state["knots"][2] > 0.05


def test_the_hand_keeps_what_it_holds_though_the_page_has_not_heard_its_new_name():
    """Two messages may be on their way: the second still has the name at which the hand took hold."""
    app = SplineApp(state={"knots": [-0.5, 0, 0, 0.5]})
    right = boxes(app.live)["knot 2"][0] + 0.01
    for n in range(3):
        app.live.touched({"thing": "knot 2", "grasp": 0.7, "x": right + 0.01 * n, "y": 0.5})
    assert app.live.touch.held == "knot 3" and app.state["knots"][1] == 0 < 0.05 < app.state["knots"][2]
    app.live.touched({"thing": "knot 2", "grasp": 0.8, "x": right - 0.05, "y": 0.5})   # it was taken hold of again
    assert app.live.touch.held == "knot 2" and app.state["knots"][1] < 0


def test_coefficients_that_follow_the_data_are_no_handles():
    names = boxes(SplineApp(mode="fit").live)
    assert "probe" in names and not any(name.startswith("coefficient") for name in names)


def test_a_click_adds_a_point_of_the_chosen_class_until_there_are_enough():
    app = PerceptronApp(state={"point": 4})
    assert next(one for one in app.live.touch.things if one["name"] == "new point")["cursor"] == "copy"
    app.live.touched({"thing": "new point", "x": 0.2, "y": 0.2})
    assert app.state["points"][4][2] == 1 and app.state["data"] == "yours" and app.controls["count"].value == 5
    for n in range(15):
        app.live.touched({"thing": "new point", "x": 0.2 + 0.02 * n, "y": 0.4})
    assert len(app.state["points"]) == 20 and "new point" not in boxes(app.live)


def test_of_two_clicks_in_one_message_the_second_finds_what_room_the_first_has_left():
    app = PerceptronApp(state={"points": 9 * [[0.0, 0.5, 0]] + 10 * [[1.0, 0.5, 1]]})
    app.live.touched(*({"thing": "new point", "grasp": n, "x": 0.2 + 0.1 * n, "y": 0.4} for n in range(2)))
    assert len(app.state["points"]) == 20 and app.live.touch.held == "new point" and app.live.error is None
    app.state = app.state


FULL = {"PerceptronApp": {"points": 19 * [[0.0, 0.5, 0]]}, "XorApp": {"fold": 100},   # with all that can be touched
        "SplineApp": {"intervals": 10}}   # fmt: skip


@pytest.mark.parametrize("name", TOUCHED)
def test_whatever_the_hand_does_the_state_can_be_written_down_and_set_again(touched, name):
    rng, app, known = np.random.default_rng(5), touched[name], set()
    app.state = FULL.get(name, {})
    with no_drawing(app):
        for _ in range(20):
            known |= set(app.live._things)   # some of them are gone by now
            app.live.touched(*(random_event(rng, sorted(known), grasp) for grasp in range(4)))
            assert app.live.error is None
    written = json.loads(json.dumps(app.state))
    app.state = written
    again = type(app)((), state=written)
    assert app.state == written == again.state
    assert again.live.touch.things == [], "what has no control on the page cannot be dragged"


def random_event(rng, names, grasp):
    """A thing, of any kind, comes to any place, or by keys a little or far."""
    kinds = sorted({name.rstrip("0123456789") for name in names})
    kind = kinds[rng.integers(len(kinds))]
    event = {"thing": str(rng.choice([name for name in names if name.startswith(kind)])), "grasp": grasp}
    if rng.random() < 0.6:
        return event | dict(zip("xy", rng.uniform(-0.1, 1.1, 2).tolist(), strict=True))
    return event | dict(zip(("right", "up"), rng.integers(-20, 21, 2).tolist(), strict=True))


def test_the_line_is_dragged_from_where_the_rule_has_brought_it():
    app = PerceptronApp(state={"step": 9})
    weights = app._run(app.state).path[9]
    app.live.touched({"thing": "line", "right": 1, "up": 0})
    assert app.state["step"] == 0
    np.testing.assert_array_equal([app.state["w1"], app.state["w2"]], weights[:2])
    assert app.state["b"] == weights[2] - 0.25


def test_numbers_that_are_to_stay_round_move_in_steps():
    app = NeuronApp()
    x, y, *_ = boxes(app.live)["weight w1"]
    app.live.touched({"thing": "weight w1", "x": x, "y": y + 0.0171})
    assert app.state["w1"] == 0.5
    assert app.live.text.startswith("MLP: z = 0.5")


@pytest.mark.parametrize("activation", ["relu", "tanh", "identity"])
@pytest.mark.parametrize("fold", [30, 70, 100])
def test_a_hidden_point_comes_to_where_it_is_dragged(touched, activation, fold):
    app = touched["XorApp"]
    app.state = {"fold": fold, "activation": activation, "theta": [0.5, 0.5, 0.5, 0.5, 0.1, 0.1, 1, -2, 0]}
    for name, which in (("point 00", [4, 5]), ("point 01", [1, 3]), ("point 10", [0, 2])):
        x, y, *_ = boxes(app.live)[name]
        app.live.touched({"thing": name, "x": x + 0.02, "y": y - 0.05})
        np.testing.assert_allclose(boxes(app.live)[name][:2], [x + 0.02, y - 0.05], atol=0.012)   # steps of 0.05
        assert app.state["weight"] in which


def test_a_trained_net_is_not_dragged():
    assert XorApp(state={"weights": "trained"}).live.touch.things == []
