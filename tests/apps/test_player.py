"""The Player: what the page's requests do to the slider, to training that lags behind, and in an error."""

import re

import pytest

from kan_edu.apps import DownhillApp, TrainerApp, XorApp
from kan_edu.apps.common.choices import HERE
from kan_edu.apps.common.player import PICTURES, SLICE, Player
from kan_edu.learning.loop import History
from tests.moving import assert_as_new, seen

START = {"widths": "[2, 1, 1]", "optimiser": "LM", "G": 3}


@pytest.fixture(autouse=True)
def one_picture(monkeypatch):
    """A request brings one picture; with more they are the same, one after the other."""
    monkeypatch.setattr("kan_edu.apps.common.player.PICTURES", 1)


def ask(player, times=1):
    """The page asks for what comes next, so often."""
    for _ in range(times):
        player.hear("next", after=player.answered)


def test_the_page_listens_to_what_the_kernel_may_change():
    text = (HERE / "player.js").read_text(encoding="utf-8")
    heard = set(re.findall(r"(\w+)(?=[:,} ])", re.search(r"const heard = \{(.*?)\}", text)[1])) - {"show", "go_on"}
    assert set(re.findall(r'get\("(\w+)"\)', text)) == heard
    assert heard <= {name for name, trait in Player.class_traits().items() if trait.metadata.get("sync")}


def test_play_goes_on_until_the_end_and_then_from_the_start():
    app = DownhillApp(state={"step": 97})
    player, step = app.players[0], app.controls["step"]
    ask(player)
    assert step.value == 97, "nobody has pressed Play"
    player.hear("play")
    ask(player, 2)
    assert (step.value, player.playing) == (99, True)
    ask(player, 3)
    assert (step.value, player.playing) == (100, False)
    player.hear("play")
    assert (step.value, player.playing) == (0, True)
    app.live.close()


@pytest.fixture
def watched(monkeypatch):
    """A DownhillApp that plays, three pictures a request however long they take, and what of it is sent to the page."""
    monkeypatch.setattr("kan_edu.apps.common.player.PICTURES", 3)
    monkeypatch.setattr("kan_edu.apps.common.player.LONGEST", 1e9)
    app, sent = DownhillApp(), []
    player = app.players[0]
    player.hear("play")
    for name, widget in {"slider": app.controls["step"], "picture": app.live.touch, "player": player}.items():
        monkeypatch.setattr(widget, "send_state", lambda key=None, name=name: key and sent.append(
            "words" if key == "words" else name))
    yield app, player, sent
    app.live.close()


def test_a_request_brings_some_pictures_and_all_else_follows_the_last(watched):
    """Else the page would be painted once for each change."""
    app, player, sent = watched
    ask(player)
    assert app.state["step"] == 3 and player.answered == 1
    assert sent == ["picture", "picture", "picture", "words", "slider", "player"]


def test_but_one_if_it_is_slow_or_took_long_or_the_end_has_come(watched, monkeypatch):
    app, player, sent = watched
    player.interval = 400.0
    ask(player)
    assert app.state["step"] == 1
    player.interval = 0.0
    monkeypatch.setattr("kan_edu.apps.common.player.LONGEST", 0.0)
    ask(player)
    assert app.state["step"] == 2
    monkeypatch.setattr("kan_edu.apps.common.player.LONGEST", 1e9)
    app.state = {"step": 99}
    sent.clear()
    ask(player)
    assert sent.count("picture") == 1 and not player.playing


def test_step_and_back_move_by_one_and_to_the_start():
    app = DownhillApp(state={"step": 98})
    for press, value in (("step", 99), ("step", 100), ("step", 100), ("back", 0), ("step", 1)):
        app.players[0].hear(press)
        assert app.state["step"] == value
    assert_as_new(app, DownhillApp(state={"step": 1}))
    app.live.close()


def test_after_a_pause_nothing_moves():
    app = DownhillApp()
    player = app.players[0]
    player.hear("play")
    ask(player)
    player.set_state({"playing": False})   # what the page sends first
    ask(player)                            # its last request may have been on its way
    assert app.state["step"] == 1
    app.live.close()


def test_of_two_views_of_one_app_only_the_first_to_ask_is_answered():
    app = DownhillApp()
    player = app.players[0]
    player.hear("play")
    for _ in range(2):
        player.hear("next", after=0)
    assert (app.state["step"], player.answered) == (1, 1)
    app.live.close()


def test_the_speed_says_how_long_the_page_waits():
    app = DownhillApp()
    player = app.players[0]
    times = []
    for place in range(3):
        app.live.extras["speed"].set_state({"index": place})
        times.append(player.interval)
    assert times[0] > 200 and times[1] / PICTURES <= 50 and times[2] == 0, "normal is over 20 pictures a second"
    assert "speed" not in app.state
    app.live.close()


# ---------------------------------------------------------------------------------------- training in slices


@pytest.fixture
def trained(monkeypatch):
    """A trainer on a page that asks, whose patience ends after each step, or each frame."""
    app = TrainerApp(state=START)
    app.players[0].hear("nothing")
    assert app.runs.patience == SLICE <= 0.05
    app.runs.patience = 0.0
    monkeypatch.setattr("kan_edu.apps.common.player.SLICE", 0.0)
    yield app
    app.live.close()


def test_a_jump_by_hand_shows_the_way_and_comes_to_the_same_picture(trained):
    player, whole = trained.players[0], TrainerApp(state={**START, "frame": 4})
    trained.controls["frame"].set_state({"value": 4})
    words = []
    while player.behind:
        words.append(trained.live.text)
        ask(player)
    assert [text.split(",")[0] for text in words][::2] == [f"Training goes on. Frame {n}" for n in range(4)]
    assert not player.playing and seen(trained) == seen(whole)
    whole.live.close()


def test_nothing_is_drawn_where_the_training_has_come_to_no_new_frame(trained, monkeypatch):
    player, drawn, update = trained.players[0], [], trained.live._update
    trained.controls["frame"].set_state({"value": 2})
    monkeypatch.setattr(trained.live, "_update", lambda state: drawn.append(len(trained.runs._runs)) or update(state))
    asked = 0
    while player.behind:
        ask(player)
        asked += 1
    assert (asked, len(drawn)) == (3, 2), "a frame is a step, and a rest"


def test_play_waits_for_the_training(trained):
    player = trained.players[0]
    player.hear("play")
    while trained.state["frame"] < 2:
        ask(player)
        assert len(trained.frames()) >= trained.state["frame"]
    assert player.playing


def test_while_the_page_draws_the_next_frame_is_trained(trained):
    player, frames = trained.players[0], []
    trained.runs.look_ahead = lambda: frames.append(trained.state["frame"])
    player.hear("step")
    ask(player)
    assert frames == [], "nobody plays"
    player.hear("play")
    while trained.state["frame"] < 2:
        ask(player)
    assert frames and frames[-1] == 2


def test_an_error_in_what_is_trained_ahead_waits_until_that_is_asked_for(trained):
    trained.runs.look_ahead = lambda: 1 / 0
    trained.players[0].hear("play")
    ask(trained.players[0])
    assert trained.players[0].playing and trained.live.error is None


def test_the_page_hears_how_it_goes_on_together_with_the_answer(trained, monkeypatch):
    """After the picture: else it would show the Play button as pressed or not before there is anything to see."""
    player, sent = trained.players[0], []
    trained.controls["frame"].set_state({"value": 1})
    monkeypatch.setattr(player, "send_state", lambda key=None: sent.append((set(key), player.answered)))
    while player.behind:
        ask(player)
    assert sent[-1] == ({"behind", "answered"}, player.answered)


def test_a_state_set_by_code_is_there_at_once(trained):
    trained.state = {"frame": 3}
    assert not trained.players[0].behind and trained.live.text.startswith("Frame 3, 3 steps of LM")
    trained.controls["frame"].set_state({"value": 6})
    assert trained.players[0].behind and len(trained.frames()) == 7, "what code asks for is whole"


def test_another_choice_by_hand_trains_in_slices_too(trained):
    trained.state = {"frame": 3}
    trained.controls["seed"].set_state({"value": 1})
    assert trained.players[0].behind and "Frame 0" in trained.live.text


@pytest.mark.parametrize(("error", "words"), [
    (ZeroDivisionError("no slope"), "ZeroDivisionError: no slope"),
    (KeyboardInterrupt, "Training was stopped by hand."),
])  # fmt: skip
def test_an_error_or_an_interrupt_ends_it_is_told_and_play_begins_anew(trained, monkeypatch, error, words):
    def broken(*args, **options):
        raise error

    player = trained.players[0]
    player.hear("play")
    with monkeypatch.context() as patched:
        patched.setattr("kan_edu.apps.trainer.run.fit", broken)
        ask(player, 2)
    assert not player.playing and not player.behind and trained.live.text == words
    player.hear("play")
    while trained.state["frame"] < 2:
        ask(player)
    assert trained.live.error is None and "Frame" in trained.live.text


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
def test_nor_does_the_page_ask_on_where_it_waited_for_a_jump(trained, monkeypatch, error):
    def broken(*args, **options):
        raise error

    player = trained.players[0]
    trained.controls["frame"].set_state({"value": 3})
    assert player.behind
    monkeypatch.setattr("kan_edu.apps.trainer.run.fit", broken)
    ask(player, 2)
    assert not player.behind


def test_fit_that_was_interrupted_ends_the_run(monkeypatch):
    app = TrainerApp(state=START)
    monkeypatch.setattr("kan_edu.apps.trainer.run.fit", lambda *a, **kw: History(stopped="interrupted in step 1"))
    with pytest.raises(KeyboardInterrupt):
        app.state = {"frame": 1}
    app.live.close()


def test_a_closed_app_is_asked_nothing_any_more():
    app = TrainerApp(state=START)
    player = app.players[0]
    app.live.close()
    assert player.comm is None and app.live.extras["speed"].comm is None


def test_a_fold_that_needs_no_training_is_never_behind():
    app = XorApp(state={"weights": "trained"})
    frame, fold = app.players
    frame.hear("nothing")
    app.runs.patience = 0.0
    app.controls["frame"].set_state({"value": 50})
    assert frame.behind and not fold.behind and app.come_to == 1
    app.live.close()
