"""The run from coarse to fine with an objective whose errors are written down: what is kept, whatever comes between."""

import numpy as np
import pytest

from kan_edu import MLP
from kan_edu.learning.loop import Diverged
from kan_edu.learning.run import Run, Stop

INTERRUPTED, STOPPED, FAILED = KeyboardInterrupt(), Stop("enough of it"), Diverged("too far", None)


class Written:
    """Training sets every parameter to the next of `errors`, and that is the model's error; exceptions are raised.

    (error, exception): the parameters are set first, as where half of a start or stage is done.
    """

    name, data, advice, X = "trying", "all of it", "try another", None

    def __init__(self, errors, held_out=False):
        self.errors, self.held_out = iter(errors), held_out

    def next(self, model):
        given = next(self.errors)
        error, exception = given if isinstance(given, tuple) else (given, None)
        model.theta[...] = error
        if exception is not None:
            raise exception
        return error

    def begin(self, trial, update, words):
        self.next(trial)

    def settled(self, errors):
        return errors[-1] < 1

    def stuck(self, errors):
        return min(errors) > 100

    def train(self, model, G, words):
        return self.next(model)

    def stage_error(self, stage):
        return stage

    def judge(self, model):
        return float(model.theta[0])

    start_error = judge


class Line:
    closed = False

    def close(self):
        self.closed = True


def run(errors, starts=3, stages=1, **more):
    """(the model's error at the end, the Refinement)."""
    model, line, callback = MLP([1, 1]), Line(), more.pop("callback", None)
    try:
        result = Run(model, task := Written(errors, **more), line, callback).go([None] * stages, starts, 1, seed=0)
        assert list(task.errors) == [], "not all that was written down was asked for"
    finally:
        assert line.closed
    return model.theta[0], result


@pytest.fixture(autouse=True)
def no_grids(monkeypatch):
    for name in ("update", "extend"):
        monkeypatch.setattr(f"kan_edu.networks.grids.{name}", lambda *_, **__: None)


@pytest.mark.parametrize(("errors", "starts", "chosen"), [
    ([5, 3, 4], [5, 3, 4], 1),
    ([5, 0.5], [5, 0.5], 1),                          # settled: no third
    ([(5, FAILED), 7, 6], [np.inf, 7, 6], 2),
    ([np.nan, 7, 6], [np.nan, 7, 6], 2), ([7, np.nan, 8], [7, np.nan, 8], 0),
])  # fmt: skip
def test_the_best_start_goes_on(errors, starts, chosen):
    seen = []
    left, result = run([*errors, 0.1], callback=lambda words, model, error: seen.append((words, model.theta[0])))
    np.testing.assert_array_equal(result.starts, starts)
    assert (result.chosen, left, result.stopped) == (chosen, 0.1, "all grids done")
    assert [words for words, _ in seen] == [f"start {n + 1} of at most 3" for n in range(len(starts))] + ["all of it"]
    assert [error for _, error in seen][-2:] == [starts[chosen], 0.1]   # the callback sees the best so far


@pytest.mark.parametrize("cut", [INTERRUPTED, STOPPED])
@pytest.mark.parametrize(("errors", "left"), [([5], 5), ([4, 5], 4), ([4, 3], 3)])
@pytest.mark.filterwarnings("ignore:trying was interrupted")
def test_half_a_start_is_kept_where_it_is_the_best(errors, left, cut):
    found, result = run([*errors[:-1], (errors[-1], cut)])
    assert found == left == errors[result.chosen] and result.starts == errors[:-1]
    assert result.stopped == ("enough of it" if cut is STOPPED else "interrupted") and result.stages == []


@pytest.mark.parametrize(("errors", "left"), [
    ([2, 1, 0.5], 0.5), ([2, 3, 1], 1), ([1, 2, 3], 1),
    ([7, 8, 9], 7),                                   # the first counts, though the start seemed better
    ([(7, INTERRUPTED)], 6), ([2, (9, INTERRUPTED)], 2), ([2, (1, INTERRUPTED)], 1), ([2, (9, STOPPED)], 2),
])  # fmt: skip
@pytest.mark.filterwarnings("ignore:trying was interrupted")
def test_the_best_stage_is_kept(errors, left):
    found, result = run([6, *errors], starts=1, stages=3)
    assert found == left and result.stages == [e for e in errors if not isinstance(e, tuple)]


def test_held_out_data_that_got_worse_twice_end_it():
    assert run([6, 2, 3, 1, 2, 3], starts=1, stages=9, held_out=True)[0] == 1
    assert run([6, 2, 3, 4, 5], starts=1, stages=4)[1].stopped == "all grids done"
    assert "held-out data got worse twice" in run([6, 2, 3, 4], starts=1, stages=4, held_out=True)[1].stopped


def test_a_warning_names_what_was_interrupted():
    with pytest.warns(UserWarning, match="trying was interrupted; the model is the best so far"):
        run([(5, INTERRUPTED)])


def test_all_starts_diverge():
    with pytest.raises(ValueError, match="all 2 starts diverged; try another"):
        run([(5, FAILED), (5, FAILED)], starts=2)


def test_another_error_is_passed_on_and_the_model_is_what_it_was():
    model = MLP([1, 1])
    before = model.theta.copy()
    with pytest.raises(ZeroDivisionError):
        Run(model, Written([(5, ZeroDivisionError())]), Line()).go([None], 1, 1, seed=0)
    np.testing.assert_array_equal(model.theta, before)
