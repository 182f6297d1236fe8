"""Starts side by side: the same result as one after the other, whoever is done first, and nothing lost at Ctrl-C."""

import concurrent.futures
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from kan_edu import KAN, LBFGS, MLP, SGD, Adam, LevenbergMarquardt, fit_with_refinement
from kan_edu.data.datasets import sample
from kan_edu.learning.refinement import rmse
from kan_edu.learning.workers import sidebyside, start
from kan_edu.learning.workers.start import Stop

QUICK = {"grids": (3, 6), "starts": 4, "enough": 0, "updates": 2, "steps": 4}


def data():
    return sample("f1", 60)


def train(model=None, optimiser=LevenbergMarquardt, **more):
    """(theta, the Refinement without its times, what the callback saw)."""
    model, seen = KAN([2, 1, 1]) if model is None else model, []

    def callback(words, model, error):
        seen.append((words, error, model.theta.copy().tolist()))

    result = fit_with_refinement(model, *data(), optimiser=optimiser, callback=callback, **{**QUICK, **more})
    for stage in result.stages:
        stage.history.seconds = 0
        stage.history.sound = None
    return model.theta, result, seen


def assert_the_same(given, expected):
    np.testing.assert_array_equal(given[0], expected[0])
    assert given[1:] == expected[1:]


@pytest.fixture(scope="module")
def processes():
    """New processes, as on Windows and macOS: they share nothing with this one."""
    with concurrent.futures.ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        yield pool


@pytest.fixture
def threads():
    with concurrent.futures.ThreadPoolExecutor(3) as pool:
        yield pool


@pytest.fixture(autouse=True)
def no_flag_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield
    for _ in range(6000):  # it goes with the last start that was still under way
        if not list(tmp_path.glob("*.stop")):
            return
        time.sleep(0.01)
    raise AssertionError("a flag is still there after a minute")


CASES = {
    "KAN": {}, "deep, stirred by random batches": {"model": lambda: KAN([2, 2, 1, 1], G=3), "grids": (3,), "starts": 2},
    "MLP": {"model": lambda: MLP([2, 4, 1]), "grids": None, "optimiser": LBFGS},
    "Adam, and held-out data": {"optimiser": Adam(0.05), "val": sample("f1", 40, seed=3)},
    "settled": {"enough": 1.0, "starts": 9}, "another seed": {"seed": 12},
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_processes_give_the_same_to_the_last_bit(case, processes):
    make = CASES[case].get("model", lambda: KAN([2, 1, 1]))
    more = {name: value for name, value in CASES[case].items() if name != "model"}
    assert_the_same(train(make(), executor=processes, **more), train(make(), **more))


def test_so_do_threads(threads):
    assert_the_same(train(executor=threads), train())


class Looks(SGD):
    """Notes which warnings are off, for all threads."""

    seen = []

    def step(self, theta, grad):
        self.seen.append(warnings.filters[:])
        return super().step(theta, grad)


def test_a_thread_switches_no_warnings_off_for_the_others(threads):
    before = warnings.filters[:]
    train(optimiser=Looks, executor=threads, grids=(3,), steps=2)
    assert Looks.seen and all(filters == before for filters in [*Looks.seen, warnings.filters])


def test_columns_in_the_other_order_of_memory_are_no_other_data(processes):
    X, Y = data()
    models = [KAN([2, 1, 1]), KAN([2, 1, 1])]
    wide = np.asfortranarray(np.repeat(X, 2, axis=0))[::2]  # neither of the two orders
    for model, executor in zip(models, [processes, None], strict=True):
        fit_with_refinement(model, wide, Y, **QUICK, executor=executor)
    np.testing.assert_array_equal(models[0].theta, models[1].theta)


class Ordered(concurrent.futures.Executor):
    """Runs what it was given when it is asked to, in an order of its own: the last first."""

    def __init__(self, at_once=4):
        self.waiting, self.at_once, self.ran = [], at_once, 0

    def submit(self, work, *given):
        future = concurrent.futures.Future()
        self.waiting.append((future, work, given))
        if len(self.waiting) == self.at_once:
            self.run()
        return future

    def run(self):
        for future, work, given in reversed(self.waiting):
            if future.set_running_or_notify_cancel():
                self.ran += 1
                try:
                    future.set_result(work(*given))
                except BaseException as error:
                    future.set_exception(error)
        self.waiting = []


def test_who_is_done_first_does_not_matter():
    """The last start is done first, and the first is good enough: the others are as if they had not been."""
    assert_the_same(train(executor=Ordered()), train())
    assert_the_same(train(executor=Ordered(), enough=1.0), train(enough=1.0))


def test_what_has_not_begun_does_not_begin(monkeypatch):
    """Good enough with the first start, of which two are handed over: the second never runs."""
    monkeypatch.setattr(sidebyside, "AHEAD", 2)
    lazy = Ordered(at_once=2)
    first = lazy.submit
    lazy.submit = lambda work, number: first(work, number) if number else done(work, number)
    assert len(train(executor=lazy, enough=1.0, starts=9)[1].starts) == 1
    (left,) = lazy.waiting
    assert left[0].cancelled() and lazy.ran == 0


def done(work, number):
    future = concurrent.futures.Future()
    future.set_result(work(number))
    return future


def test_the_callback_may_end_it_between_two_starts(threads):
    words = []

    def callback(stage, model, error):
        words.append(stage)
        return stage.startswith("start 2")

    more = {**QUICK, "starts": 30}
    result = fit_with_refinement(KAN([2, 1, 1]), *data(), callback=callback, executor=threads, **more)
    assert words == ["start 1 of at most 30", "start 2 of at most 30"] and "asked to stop" in result.stopped


def test_an_error_in_a_start_is_passed_on(processes):
    with pytest.raises(ZeroDivisionError):
        train(optimiser=Fails, executor=processes)


class Fails(SGD):
    def step(self, theta, grad):
        raise ZeroDivisionError


def test_all_starts_diverge(processes):
    with pytest.raises(ValueError, match="all 4 starts diverged"):
        train(MLP([2, 5, 1], activation="relu"), optimiser=SGD(lr=1e200), grids=None, steps=9, executor=processes)


def test_progress_counts_the_starts_that_are_done(threads, capsys, monkeypatch):
    monkeypatch.setattr(sidebyside, "LOOK", 0.0)
    monkeypatch.setattr("kan_edu.learning.progress.time.perf_counter", iter(range(10**9)).__next__)
    train(executor=threads, progress=True)
    assert "start 1 of at most 4, 0 done side by side" in capsys.readouterr().err


# ------------------------------------------------------------------------------------------ Ctrl-C


class Waits(SGD):
    """Steps that take until somebody says so, once `begun` were taken."""

    begun, go_on = threading.Semaphore(0), threading.Event()

    def step(self, theta, grad):
        self.begun.release()
        self.go_on.wait(0.005)
        return super().step(theta, grad)


def test_ctrl_c_keeps_what_the_starts_under_way_have_reached(threads, monkeypatch):
    """Three starts of endless steps are under way when it comes: each hands in what it has, the best remains."""
    model, (X, Y) = KAN([2, 1, 1]), data()

    def interrupted(futures, timeout=None):
        if timeout == sidebyside.GRACE:  # the wait after Ctrl-C
            return wait(futures, timeout=timeout)
        for _ in range(9):
            Waits.begun.acquire()
        raise KeyboardInterrupt

    def rest(side_by_side):
        found = whole(side_by_side)
        cuts.extend(trained.cut for _, trained in found)
        return found

    wait, whole, cuts = concurrent.futures.wait, sidebyside.SideBySide.rest, []
    monkeypatch.setattr(concurrent.futures, "wait", interrupted)
    monkeypatch.setattr(sidebyside.SideBySide, "rest", rest)
    with pytest.warns(UserWarning, match="refinement was interrupted; the model is the best so far"):
        result = fit_with_refinement(model, X, Y, grids=(3,), starts=3, updates=10, steps=10**6, executor=threads,
                                     optimiser=Steep)  # fmt: skip
    assert result.stopped == "interrupted" and result.starts == []
    assert len(cuts) == 3 and all(isinstance(cut, Stop) for cut in cuts)
    errors = []
    for number in range(3):
        fresh = KAN([2, 1, 1])
        fresh.restart(number, G=3)
        errors.append(rmse(fresh, X, Y))
    assert rmse(model, X, Y) < min(errors)


class Steep(Waits):
    def __init__(self):
        super().__init__(lr=0.05)


def test_ctrl_c_keeps_a_later_start_that_is_done_already(monkeypatch):
    """The first start waits for ever; the others are done, and the best of them is what remains."""

    class FirstWaits(Ordered):
        def submit(self, work, number):
            return done(work, number) if number else concurrent.futures.Future()

    def interrupted(futures, timeout=None):
        raise KeyboardInterrupt

    expected = train()[1].starts
    monkeypatch.setattr(sidebyside, "GRACE", 0)
    monkeypatch.setattr(sidebyside.SideBySide, "_wait", interrupted)
    model = KAN([2, 1, 1])
    with pytest.warns(UserWarning, match="interrupted"):
        fit_with_refinement(model, *data(), **{**QUICK, "seed": 0}, executor=FirstWaits())
    assert rmse(model, *data()) == min(expected[1:])
    for flag in Path(tempfile.gettempdir()).glob("*.stop"):
        flag.unlink()  # of a start that is cancelled and never ends


def handed_over(*futures):
    """A SideBySide whose starts are these futures; the first was taken already."""
    work = SimpleNamespace(most=len(futures), objective=SimpleNamespace(told=lambda flag: None))
    made = sidebyside.SideBySide(None, work, None)
    made.futures, made.taken = list(futures), 1
    return made


def test_after_ctrl_c_only_what_is_whole_and_new_is_at_hand(monkeypatch):
    monkeypatch.setattr(sidebyside, "GRACE", 0)
    taken, failed, cancelled, running, whole = (concurrent.futures.Future() for _ in range(5))
    taken.set_result("taken"), failed.set_exception(MemoryError()), whole.set_result("whole")
    cancelled.cancel()
    assert handed_over(taken, failed, cancelled, running, whole).rest() == [(4, "whole")]
    running.set_result(None)  # and the flag goes


def test_at_the_end_those_under_way_see_the_flag_until_the_last_is_done():
    running, last = concurrent.futures.Future(), concurrent.futures.Future()
    side = handed_over(running, last)
    assert running.set_running_or_notify_cancel() and last.set_running_or_notify_cancel()
    side.close()
    running.set_result(None)
    with pytest.raises(Stop, match="interrupted"):
        side.flag.show("a line of progress")
    last.set_result(None)
    side.flag.show("a line of progress")


def test_a_start_takes_one_thread_wherever_it_runs(monkeypatch):
    """As many workers as cores, each with as many threads of BLAS, would be slower than one."""
    inside, seen = [], []

    @contextmanager
    def one_thread():
        inside.append(True)
        yield
        inside.clear()

    monkeypatch.setattr(start, "one_thread", one_thread)
    objective = SimpleNamespace(begin=lambda *given: seen.append(bool(inside)), start_error=lambda trial: 0.5)
    made = start.Start(objective, KAN([1, 1]), None, 2, 0, 1)(0)
    assert seen == [True, True] and not inside and made.error == 0.5


@pytest.mark.parametrize("end", [Stop("interrupted"), KeyboardInterrupt()])
def test_a_start_that_is_cut_short_hands_in_what_it_has_reached_and_leaves_its_model_alone(end):
    def begin(trial, update, words):
        if update:
            raise end
        trial.theta[...] = 7

    objective, model = SimpleNamespace(begin=begin, start_error=lambda trial: 0.5), KAN([1, 1])
    work = start.Start(objective, model, None, 3, 0, 1)
    model.theta[...] = 8  # what the caller does with it meanwhile
    trial, error, cut = work(0)
    assert (trial.theta == 7).all() and error == 0.5 and cut is end
    assert not (work.model.theta == 7).any() and not (work.model.theta == 8).any()


# ------------------------------------------------------------------------------------------ what is refused


class Client:
    """Stands in for Dask's."""

    def get_executor(self):
        return None

    def submit(self):
        return None


@pytest.mark.parametrize(("executor", "words"), [
    (4, "executor is 4; expected an Executor of concurrent.futures, or None: make one"), ("processes", "make one"),
    (Client(), r"executor=client.get_executor\(\)"), (multiprocessing.get_context(), "make one"),
    (concurrent.futures.ThreadPoolExecutor, r"make one of the class first: ThreadPoolExecutor\(\)"),
])  # fmt: skip
def test_what_is_no_executor_is_refused_in_words(executor, words):
    with pytest.raises(ValueError, match=words):
        train(executor=executor)


def test_an_executor_that_is_shut_down_takes_no_work():
    pool = concurrent.futures.ThreadPoolExecutor(1)
    pool.shutdown()
    with pytest.raises(ValueError, match="the executor takes no work .*; make a new one"):
        train(executor=pool)


def test_a_lambda_cannot_be_sent_to_a_process_and_the_error_says_what_can(processes):
    with pytest.raises(ValueError, match=r"cannot be sent to another process .* Adam\(0.02\) rather than a lambda"):
        train(optimiser=lambda: Adam(0.02), executor=processes)


def test_a_worker_that_dies_is_told_with_what_to_do():
    with concurrent.futures.ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        with pytest.raises(concurrent.futures.BrokenExecutor) as error:
            train(optimiser=Dies, executor=pool)
    assert "give it fewer workers" in error.value.__notes__[0]


class Dies(SGD):
    def step(self, theta, grad):
        os._exit(1)


# ------------------------------------------------------------------------------------------ the page, and Dask


def test_the_program_on_the_page_says_that_it_is_the_same(tmp_path):
    root = Path(__file__).resolve().parents[2]
    page = (root / "docs" / "bridges.md").read_text(encoding="utf-8")
    (tmp_path / "try.py").write_text(re.search(r"```python\n(.*?)```", page, re.DOTALL)[1], encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(root)}
    command = [sys.executable, str(tmp_path / "try.py")]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert done.stdout == "the same to the last bit: True\n", done.stderr


def test_the_workers_of_a_dask_cluster_give_the_same():
    """A process of a cluster on this machine, with two threads, as a stand-in for other machines."""
    distributed = pytest.importorskip("distributed", reason='distributed is missing: pip install "kan-edu[cluster]"')
    here = {"n_workers": 1, "threads_per_worker": 2, "dashboard_address": None, "host": "127.0.0.1"}
    with distributed.LocalCluster(**here) as cluster, distributed.Client(cluster) as client:
        assert_the_same(train(executor=client.get_executor()), train())
        assert_the_same(train(executor=client.get_executor(), enough=1.0), train(enough=1.0))
