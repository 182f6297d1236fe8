"""PyramidApp: the right values in the right cells, a picture of the state alone, a state that is checked."""

import numpy as np
import pytest

from kan_edu.apps import PyramidApp
from kan_edu.apps.pyramid.numbers import Numbers, glyph
from kan_edu.apps.pyramid.picture import integer_knots
from kan_edu.seeing.live import figure
from kan_edu.splines.bspline import B
from tests.moving import assert_as_new, assert_refused, assert_shows_itself, drawn_at_once, pixels, rows_of, shared


def random_state(rng):
    G = int(rng.integers(1, 6))
    return {"x": float(rng.integers(0, 20 * G + 1)) / 20, "degree": int(rng.integers(6)), "intervals": G}


class Seen(list):
    """(place, word) of all texts that `Numbers` shows, places in pixels."""

    def at(self, place):
        """The word within a pixel of the place, or None."""
        return next((word for there, word in self if np.abs(np.subtract(there, place)).max() < 1), None)


@pytest.fixture
def texts(monkeypatch):
    put, seen = Numbers.put, Seen()

    def note(self, words, places, align=0.5):
        seen.extend(zip(places, words, strict=True))
        put(self, words, places, align)

    monkeypatch.setattr(Numbers, "put", note)
    return seen


@pytest.mark.parametrize(
    ("x", "k", "G"), [(1.6, 3, 4), (2.0, 2, 3), (0.0, 5, 1), (4.0, 4, 4), (3.3, 5, 5), (0.5, 0, 1)]
)
def test_each_lit_cell_shows_its_value_and_the_others_are_zero(x, k, G, texts):
    app = shared(PyramidApp)
    texts.clear()
    app.state = {"x": x, "degree": k, "intervals": G}
    picture, t = app.picture, integer_knots(G, k)
    x = np.nextafter(x, -1) if x == G else x   # the right end belongs to the piece on its left
    lit = 0
    for d in range(k + 1):
        for m in range(G + 2 * k - d):
            value = float(B(x, m, d, t))
            word = texts.at(picture._pixels([picture._place(m, d)])[0] - (0, 7))
            assert word == f"{value:.3f}" if word else value == 0, (m, d)
            lit += word is not None
    assert lit == len(picture.boxes.get_paths()) == (k + 1) * (k + 2) // 2


def test_the_two_shares_of_a_cell_make_one(texts):
    """Read off the picture, for x = 1.6, k = 3. (That they carry the values is the recursion of `bspline.B`.)"""
    app = shared(PyramidApp)
    texts.clear()
    app.state = {"x": 1.6, "degree": 3, "intervals": 4}
    rising, falling = ([0.5 * (a[0] + b[1]) for a, b in zip(s[::2], s[1::2], strict=True)]
                       for s in ([path.vertices for path in lines.get_paths()] for lines in app.picture.arrows))
    share = lambda middle: float(texts.at(app.picture._pixels([middle])[0]))   # noqa: E731
    up, down = [share(middle) for middle in rising], [share(middle) for middle in falling]
    assert np.add(up, down) == pytest.approx(np.ones(6), abs=0.011)
    t = integer_knots(4, 3)
    cells = [(m, d) for d in range(3) for m in range(4 - d, 5)]
    exact = [(1.6 - t[m]) / (t[m + d + 1] - t[m]) for m, d in cells]
    assert up == pytest.approx(exact, abs=0.0051)


@pytest.mark.parametrize("degree", range(6))
def test_the_status_line_has_the_numbers(degree):
    app = shared(PyramidApp, {"x": 2.35, "degree": degree})
    t = integer_knots(4, degree)
    values = {m: float(B(2.35, m, degree, t)) for m in range(4 + degree)}
    lit = [f"{value:.3f}" for value in values.values() if value > 0]
    assert f"{degree + 1} of {degree + 4} function" in app.live.text
    assert [word.rstrip(",;") for word in app.live.text.split() if word.rstrip(",;") in lit] == lit
    assert app.live.text.endswith("sum 1.000.")


def test_any_way_to_a_state_gives_the_same_picture():
    rng, app = np.random.default_rng(1), PyramidApp()
    for _ in range(6):
        state = random_state(rng)
        for name in ("degree", "intervals", "x"):   # as a hand would, one after the other
            app.controls[name].value = state[name]
        assert app.state == state | {"knots": [*range(1, state["intervals"])]}
        np.testing.assert_array_equal(pixels(app.live.png()), drawn_at_once(app.live.figure))
    fresh = PyramidApp(state=state)
    assert_as_new(app, fresh)
    app.state = {"degree": 1, "intervals": 1}
    app.state = state
    assert_as_new(app, fresh)


def test_moving_x_draws_no_background_again():
    app = PyramidApp()
    before = app.live.backgrounds
    for x in np.arange(0, 4, 0.25):
        app.controls["x"].value = x
    assert app.live.backgrounds == before


def test_fewer_intervals_pull_x_along():
    app = shared(PyramidApp, {"x": 4.0})
    app.controls["intervals"].value = 2
    assert app.state["x"] == app.controls["x"].max == 2.0
    assert app.live.text.startswith("x = 2.00")
    app.state = {"intervals": 5, "x": 4.5}
    assert app.state == {"x": 4.5, "degree": 3, "intervals": 5, "knots": [1, 2, 3, 4]}


@pytest.mark.parametrize(("x", "k", "inner"), [(1.6, 3, [0.5, 2.35, 2.6]), (0.45, 5, [0.4, 0.45, 3.95]),
                                               (4, 1, [1, 2, 3.5])])  # fmt: skip
def test_knots_that_were_moved_count_in_cells_curves_and_words(x, k, inner, texts):
    app = shared(PyramidApp, {"x": x, "degree": k, "knots": inner})
    t = integer_knots(4, k)
    t[k + 1 : k + 4] = inner
    x = np.nextafter(x, -1) if x == 4 else x
    values = [float(B(x, m, k, t)) for m in range(4 + k)]
    for m in np.flatnonzero(values):
        assert texts.at(app.picture._pixels([app.picture._place(m, k)])[0] - (0, 7)) == f"{values[m]:.3f}"
    drawn = [np.interp(x, *line.get_data()) for line in app.picture.thin[: 4 + k]]
    # sixty points an interval; where a function is 0 it is not drawn
    np.testing.assert_allclose(np.nan_to_num(drawn), values, atol=0.02)
    np.testing.assert_array_equal(app.picture.knots.get_xdata(), t)
    assert app.live.text.endswith(f"sum 1.000. Knots inside: {', '.join(f'{place:.2f}' for place in inner)}.")


def test_a_knot_is_dragged_in_steps_and_stays_between_its_neighbours():
    app = shared(PyramidApp)
    x, y, *_ = next(thing["box"] for thing in app.live.touch.things if thing["name"] == "knot 2")
    unit = 0.885 / 10.2   # of the picture's width
    app.live.touched({"thing": "knot 2", "x": x + 0.412 * unit, "y": y})
    assert app.state["knots"] == [1, 2.4, 3]
    for far, place in ((2, 2.95), (-3, 1.05)):
        app.live.touched({"thing": "knot 2", "x": x + far * unit, "y": y})
        assert app.state["knots"] == [1, place, 3]
    app.live.touched({"thing": "knot 1", "right": -40, "up": 0})
    assert app.state["knots"] == [0.05, 1.05, 3]
    assert_as_new(app, PyramidApp(state=app.state))
    app.state = {"intervals": 3}
    assert app.state["knots"] == [1, 2]


WRONG = [
    ({"k": 3}, "unknown name 'k' in the state; the names are x, degree, intervals, knots"),
    ({"degree": 6}, "degree = 6 is out of range; give a whole number from 0 to 5"),
    ({"intervals": 0}, "intervals = 0 is out of range; give a whole number from 1 to 5"),
    ({"x": 4.1}, "x = 4.1 is out of range; give a number from 0 to 4"),
    ({"intervals": 2, "x": 2.5}, "x = 2.5 is out of range; give a number from 0 to 2"),
    ({"degree": 2, "x": "1"}, "x = '1' is not a number"),
    ({"knots": [1, 2]}, "4 intervals have 3 knots inside"),
    ({"knots": 3}, "knots = 3; 4 intervals have 3 knots inside"),
    ({"intervals": 2, "knots": [2.5]}, "knot 1 = 2.5 is out of range; give a number from 0 to 2"),
    ({"degree": 2, "knots": [1, 1.01, 3]}, "expected them sorted, 0.05 or more from each other and from 0 and 4"),
]


@pytest.mark.parametrize(("wrong", "words"), WRONG)
def test_a_wrong_state_is_refused_in_words_and_changes_nothing(wrong, words):
    assert_refused(shared(PyramidApp), wrong, words)


def test_every_control_has_a_description_and_only_those_asked_for_are_on_the_page():
    app = PyramidApp(("x",))
    assert all(control.description for control in app.controls.values())
    assert rows_of(app.widget) == [["x"]]


def test_display_leaves_a_picture_and_a_fixed_line_where_no_widget_runs():
    assert_shows_itself(shared(PyramidApp), "x = 1.60, degree 3: 4 of 7 functions are lit")


# --- the texts that are drawn as one path -------------------------------------------------------------


def test_numbers_look_like_matplotlibs_own_text():
    """The same ink in the same place, up to hinting: few pixels differ much."""
    pictures = []
    for own in (True, False):
        fig = figure(120, 40)
        if own:
            numbers = Numbers(fig, size=12)
            numbers.put(["0.538"], [(60, 20)])
            fig.add_artist(numbers)
        else:
            fig.text(0.5, 0.5, "0.538", fontsize=12, ha="center", va="center_baseline")
        fig.canvas.draw()
        pictures.append(255.0 - np.asarray(fig.canvas.buffer_rgba())[..., 0])
    own, text = pictures
    assert own.sum() == pytest.approx(text.sum(), rel=0.2)   # hinting thins the strokes
    centre = [np.array([(p.sum(a) @ np.arange(len(p.sum(a)))) / p.sum() for a in (0, 1)]) for p in pictures]
    np.testing.assert_allclose(centre[0], centre[1], atol=1.0)


def test_numbers_can_be_emptied():
    fig = figure(60, 40)
    numbers = fig.add_artist(Numbers(fig))
    numbers.put(["1"], [(30, 20)])
    numbers.put([], np.zeros((0, 2)))
    fig.canvas.draw()
    assert (np.asarray(fig.canvas.buffer_rgba()) == 255).all()


def test_all_digits_are_equally_wide_and_the_dot_is_narrower():
    steps = {glyph(digit, 8)[2] for digit in "0123456789"}
    assert max(steps) - min(steps) < 0.2
    assert glyph(".", 8)[2] < min(steps)
