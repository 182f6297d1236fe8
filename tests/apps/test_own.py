"""Your own data in the trainer and the race: scaled and held out, named in the picture, learnt in their own unit."""

import numpy as np
import pytest

from kan_edu.apps import RaceApp, TrainerApp
from kan_edu.apps.common import own as of_apps
from kan_edu.apps.common.own import own_data
from kan_edu.apps.trainer import run
from kan_edu.apps.trainer.picture import shortened
from kan_edu.apps.trainer.run import own_run, own_widths
from kan_edu.learning.loop import History
from tests.moving import assert_as_new, assert_legible, drawn_at_once, pixels, seen

rng = np.random.default_rng(4)
X = np.column_stack([rng.uniform(0, 90, 120), rng.uniform(-3, -2, 120), rng.uniform(0, 1, 120)])
Y = 1000 + 50 * np.sin(X[:, 0] / 20) + 30 * X[:, 1] ** 2
FEW = {"optimiser": "LM", "G": 3}


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    """The same as a CSV with a row that lacks a value."""
    path = tmp_path_factory.mktemp("own") / "springs.csv"
    rows = [",".join(map(repr, map(float, row))) for row in np.column_stack([X, Y])]
    path.write_text("\n".join(["temperature_of_the_room,load,noise,length", *rows, "1,,2,3"]), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def trainer(table):
    app = TrainerApp(data=table, state=FEW)
    yield app
    app.live.close()


@pytest.fixture(scope="module")
def race(table):
    app = RaceApp(data=table, state={"budget": 30, "optimiser": "Levenberg-Marquardt"})
    yield app
    app.live.close()


def test_a_fifth_is_held_out_and_nothing_of_it_is_learnt_when_scaling(table):
    own = own_data(table)
    assert own.X.shape == (96, 3) and own.X_new.shape == (24, 3) and own.Y.shape == (96, 1)
    assert (own.X.min(axis=0) == -1).all() and (own.X.max(axis=0) == 1).all()
    assert abs(own.Y.mean()) < 1e-12 and own.Y.std() == pytest.approx(1)
    everything = np.concatenate([own.unscaled(own.Y), own.unscaled(own.Y_new)])
    np.testing.assert_allclose(np.sort(everything), np.sort(Y))
    assert own.told == "springs.csv: 120 rows, 1 with missing values left out"


def test_of_many_rows_some_are_drawn_and_many_columns_are_refused(monkeypatch):
    monkeypatch.setattr(of_apps, "MOST_ROWS", 120)
    assert own_data((X, Y)).told == "your data: 120 rows"
    monkeypatch.setattr(of_apps, "MOST_ROWS", 50)
    own = own_data((X, Y))
    drawn = np.concatenate([own.unscaled(own.Y), own.unscaled(own.Y_new)])
    assert 5 < sum(np.isclose(drawn, y).any() for y in Y[60:]) < 45, "not the first rows, which may be of one kind"
    assert len(own.X) + len(own.X_new) == 50 and own.told.endswith("120 rows, 50 of them drawn at random")
    np.testing.assert_array_equal(own.X, own_data((X, Y)).X)
    for app in (TrainerApp, RaceApp):
        with pytest.raises(ValueError, match="has 9 columns of inputs; an app shows at most 8"):
            app(data=(np.tile(X, 3), Y))
        with pytest.raises(ValueError, match=r"expected a pair \(X, y\)"):
            app(data=X)
        with pytest.raises(ValueError, match="no picture can show"):
            app(data=(X, 1e120 * Y))


def test_the_trainer_learns_them_in_their_own_unit(trainer):
    trainer.state = {"frame": 12, "widths": "[3, 1]"}
    own, frames = trainer.own, trainer.frames()
    said = frames[-1].outputs[1]
    assert frames[-1].new == pytest.approx(np.sqrt(np.mean((said - own.unscaled(own.Y_new)) ** 2)))
    assert frames[-1].new < 0.05 * Y.std() < frames[0].new
    words = f"RMSE {frames[-1].train:.3g} on the 96 training rows, {frames[-1].new:.3g} on 24 held out"
    assert words in trainer.live.text
    most = own.columns[frames[-1].curves[0].share.sum(axis=0).argmax()]
    assert f"passes through {most}. springs.csv: 120 rows" in trainer.live.text and most != "noise"


def test_the_trainers_picture_has_the_names_of_the_columns(trainer):
    trainer.state = {"frame": 3, "widths": "[3, 2, 1]"}
    picture = trainer.picture
    texts = [text.get_text() for text in picture.networks["[3, 2, 1]"].ax.texts]
    assert texts == [shortened("temperature_of_the_room", 482 / 3 - 10), "load", "noise", "length"]
    assert shortened("mpg", 3) == "m…", "where there is no room there is a letter"
    assert picture.part.ax.get_xlabel() == "length, measured"
    dots = picture.part.dots[1]
    low, high = picture.part.ax.get_ylim()
    np.testing.assert_allclose(dots.get_ydata(), np.clip(trainer.frames()[-1].outputs[1], low, high))
    np.testing.assert_allclose(dots.get_xdata(), trainer.own.unscaled(trainer.own.Y_new))
    np.testing.assert_allclose(picture.lines[0].get_ydata()[-1], trainer.frames()[-1].train / trainer.own.spread)
    np.testing.assert_array_equal(pixels(trainer.png()), drawn_at_once(trainer.live.figure))
    words = [*picture.networks["[3, 2, 1]"].ax.texts, picture.figure.legends[0], picture.errors.title,
             picture.errors.xaxis.label, picture.part.ax.title, picture.part.ax.xaxis.label]
    assert_legible(trainer, words, [ax.patch.get_window_extent() for ax in (picture.errors, picture.part.ax)])


def test_a_trainers_state_goes_round(trainer, table):
    trainer.state = {"frame": 4, "widths": "[3, 1, 1]", "basis": "fourier", "seed": 3}
    assert trainer.state["target"] == "yours"
    again = TrainerApp(data=table, state=trainer.state)
    assert_as_new(trainer, again)
    again.live.close()


def test_every_setting_of_the_trainer_counts_for_own_data_too():
    train, plain = own_run(own_data((X, Y))), {"target": "yours", "widths": "[3, 1, 1]", "basis": "bspline", "G": 3,
                                               "optimiser": "LM", "seed": 0}   # fmt: skip
    seen = [next(train(**plain | more)) for more in ({}, {"basis": "fourier"}, {"seed": 1}, {"G": 4})]
    assert len({frame.train for frame in seen}) == 4
    assert "[4, 5, 1]" in own_widths(4) and "[5, 5, 1]" not in own_widths(5)


def test_a_frame_of_many_rows_is_trained_in_parts(monkeypatch):
    """560 rows take 1.4 times as long as the 400 of the functions: Adam rests after 7 of its 10 steps."""
    trained, many = [], own_data((np.linspace(0, 1, 700), np.linspace(0, 1, 700) ** 2))
    monkeypatch.setattr(run, "fit", lambda *a, steps, **kw: trained.append(steps) or History())
    frames = own_run(many)("yours", "[1, 1]", "bspline", 3, "Adam", 0)
    got = [next(frames) for _ in range(4)]
    assert trained == [7, 3] and got[1:3] == [None, None] and got[3].step == 10


def test_what_is_said_far_beyond_the_rows_stands_on_the_border(trainer):
    part = trainer.picture.part
    part.show(None, np.full(96, 1e9), np.full(24, -1e9))
    low, high = part.ax.get_ylim()
    assert {*part.dots[0].get_ydata()} == {high} and {*part.dots[1].get_ydata()} == {low}
    far = trainer.frames()[0]._replace(train=1e9, new=1e-9)
    trainer.picture.show(trainer.state["widths"], [far], None)
    assert [mark.get_ydata()[0] for mark in trainer.picture.marks] == [*trainer.picture.errors.get_ylim()][::-1]


def test_one_input_is_enough():
    app = TrainerApp(data=(X[:, 0], Y), state={**FEW, "frame": 2})
    assert list(app.picture.networks) == ["[1, 1]", "[1, 1, 1]", "[1, 2, 1]", "[1, 5, 1]"]
    assert "passes through x₁" in app.live.text
    app.live.close()


def test_the_race_judges_both_on_the_rows_held_out(race):
    race.state = {"frame": 60, "kan": "narrow"}
    own, picture = race.courses["yours"].own, race.picture
    for which, name in ((1, "KAN"), (2, "MLP")):
        x, said = picture.curves[which].get_data()
        np.testing.assert_allclose(x, own.unscaled(own.Y_new))
        learnt = own.mean + own.spread * race.laps[-1][which - 1].outputs
        np.testing.assert_allclose(said, np.clip(learnt, *picture.wide.get_ylim()))
        assert f"{name} [3, " in race.live.text
        assert f"test RMSE {np.sqrt(np.mean((learnt - x) ** 2)):.1e}" in race.live.text
    assert picture.wide.get_xlabel() == "length, measured" and race.live.text.startswith("your data by Levenberg")
    assert race.live.text.endswith("springs.csv: 120 rows, 1 with missing values left out.")


def test_a_races_state_goes_round_and_nothing_is_clipped(race, table):
    race.state = {"frame": 7, "kan": "wide", "axis": "steps"}
    again = RaceApp(data=table, state=race.state)
    assert seen(race) == seen(again)
    np.testing.assert_array_equal(pixels(race.png()), drawn_at_once(race.live.figure))
    picture = race.picture
    words = [picture.wide.get_legend(), picture.below.get_legend(), picture.wide.xaxis.label, picture.below.xaxis.label,
             picture.wide.yaxis.label, picture.below.yaxis.label]
    assert_legible(race, words, [ax.patch.get_window_extent() for ax in (picture.wide, picture.below)])
    again.live.close()
