"""Runs of training behind a slider: computed once, in order, as far as asked; slider and Play belong together."""

import pytest

from kan_edu.apps.common.training_run import Runs, frame_slider


class Counted:
    """Runs whose frames are (start, number); it writes down each one that it computes."""

    def __init__(self, most=10):
        self.computed, self.most = [], most

    def __call__(self, start):
        for number in range(self.most):
            self.computed.append((start, number))
            yield start, number


def test_a_frame_is_computed_once_and_only_as_far_as_one_looks():
    train = Counted()
    runs = Runs(train)
    assert runs.frames({"start": 1}, 2) == [(1, 0), (1, 1), (1, 2)]
    assert runs.frames({"start": 1}, 0) == [(1, 0)]
    assert runs.frames({"start": 1}, 3)[-1] == (1, 3)
    assert train.computed == [(1, 0), (1, 1), (1, 2), (1, 3)]


def test_a_run_that_ends_early_gives_what_it_has():
    runs = Runs(Counted(most=3))
    assert len(runs.frames({"start": 1}, 99)) == 3
    assert runs.frames({"start": 1}, 99) == runs.frames({"start": 1}, 2)


def test_the_run_not_looked_at_for_longest_is_forgotten():
    train = Counted()
    runs = Runs(train, keep=2)
    for start in (1, 2, 1, 3):   # 2 goes when 3 comes
        runs.frames({"start": start}, 0)
    train.computed.clear()
    runs.frames({"start": 1}, 0)
    assert train.computed == []
    runs.frames({"start": 2}, 0)
    assert train.computed == [(2, 0)]


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt])
def test_after_an_error_the_run_begins_anew_and_does_not_pass_for_a_short_one(error):
    broken = [True]

    def train():
        yield 0
        if broken:
            raise error
        yield 1

    runs = Runs(train)
    for _ in range(2):
        with pytest.raises(error):
            runs.frames({}, 5)
    broken.clear()
    assert runs.frames({}, 5) == [0, 1]


def resting(most):
    """A run that rests before each frame."""
    for number in range(most):
        yield None
        yield number


def test_where_training_may_rest_is_no_frame():
    runs = Runs(resting)
    assert runs.frames({"most": 3}, 1) == [0, 1] and not runs.behind
    assert runs.frames({"most": 3}, 9) == [0, 1, 2] and not runs.behind, "there is no more to be had"


def test_without_patience_it_gives_what_it_has_and_says_that_it_is_behind():
    runs = Runs(resting)
    runs.patience = 0.0
    assert [len(runs.frames({"most": 4}, 2)) for _ in range(4)] == [1, 1, 2, 2] and runs.behind
    assert runs.frames({"most": 4}, 1) == [0, 1] and not runs.behind, "that much was there"
    assert runs.frames({"most": 4}, 2) == [0, 1, 2] and not runs.behind
    with runs.at_once():
        assert runs.frames({"most": 4}, 3) == [0, 1, 2, 3]
    assert runs.patience == 0.0


def test_the_next_frame_can_be_trained_before_it_is_asked_for():
    train = Counted(most=4)
    runs = Runs(train)
    runs.look_ahead()   # at what?
    runs.frames({"start": 1}, 1)
    runs.look_ahead()
    assert train.computed[-1] == (1, 2) and not runs.behind
    train.computed.clear()
    assert len(runs.frames({"start": 1}, 2)) == 3 and train.computed == []
    for _ in range(3):
        runs.look_ahead()
    assert len(runs.frames({"start": 1}, 9)) == 4


def test_going_on_tells_whether_there_is_anything_new_to_see():
    runs = Runs(resting)
    runs.patience = 0.0
    assert runs.frames({"most": 3}, 9) == [0] and runs.behind
    seen = []
    while runs.behind:
        new = runs.go_on()
        with runs.at_rest():   # drawing does not train
            seen.append((new, runs.frames({"most": 3}, 9)))
    assert seen[:3] == [(False, [0]), (True, [0, 1]), (False, [0, 1])] and seen[-1][0]
    assert len(seen) == 5, "the run has ended before the frame that was asked for"


def test_what_lies_ahead_waits_for_what_was_asked_for_and_is_asked_for_by_nobody():
    runs = Runs(resting)
    runs.patience = 0.0
    assert runs.frames({"most": 3}, 1) == [0] and runs.behind
    runs.look_ahead()   # the page asks again at once
    assert runs.frames({"most": 3}, 1) == [0] and runs.frames({"most": 3}, 1) == [0, 1]
    runs.look_ahead()   # it comes to a rest, not to a frame
    assert not runs.behind
    runs.look_ahead()
    assert runs.frames({"most": 3}, 2) == [0, 1, 2]


def test_the_slider_goes_through_all_frames_and_its_player_moves_it():
    control, extras = frame_slider("frame", 61, interval=500)
    assert (control.min, control.max, control.value) == (0, 60, 0)
    assert extras["play"].slider is control
    assert [value for _, value in extras["speed"].options] == [1500, 500, 0]
