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


def test_play_and_slider_have_the_same_frames_and_are_linked_on_the_page():
    control, extras = frame_slider("frame", 61)
    play, link = extras["play"], extras["link"]
    assert (control.min, control.max, control.value, play.min, play.max) == (0, 60, 0, 0, 60)
    assert link.source == (control, "value") and link.target == (play, "value")
    assert play.interval <= 80, "at least ten frames a second, with room for the kernel"
