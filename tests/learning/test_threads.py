"""One thread of linear algebra while a network learns, as many as before afterwards."""

import os
import sys
import warnings

import numpy as np
import pytest
import threadpoolctl

from kan_edu import KAN, Adam, LevenbergMarquardt, fit, fit_with_refinement
from kan_edu.equations import poisson
from kan_edu.learning import threads
from kan_edu.learning.threads import one_thread

X = np.random.default_rng(0).uniform(-1, 1, (20, 2))


def now():
    return max(pool["num_threads"] for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas")


@pytest.fixture
def two(monkeypatch):
    """BLAS with two threads, and nobody has said how many there should be."""
    for name in threads.CHOSEN:
        monkeypatch.delenv(name, raising=False)
    with threadpoolctl.threadpool_limits(2, user_api="blas"):
        if now() != 2:
            pytest.skip("this BLAS computes with one thread whatever it is told")
        yield


@pytest.fixture
def without(monkeypatch):
    """As if threadpoolctl were not installed, on a machine with several cores."""
    for name in threads.CHOSEN:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(sys.modules, "threadpoolctl", None)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    for once in (threads._controller, threads._say_once):
        once.cache_clear()
    yield
    for once in (threads._controller, threads._say_once):
        once.cache_clear()


def solve(callback):
    poisson.solve(KAN([2, 1], G=2), poisson.paper(inside=20, side=4), grids=[2], starts=1, updates=1, steps=1,
                  callback=callback)  # fmt: skip


def refine(callback):
    fit_with_refinement(KAN([2, 1]), X, X[:, :1], grids=(3,), starts=1, updates=1, steps=1, callback=callback)


@pytest.mark.parametrize("train", [
    lambda see: fit(KAN([2, 1]), X, X[:, :1], steps=1, callback=see),
    lambda see: fit(KAN([2, 1]), X, X[:, :1], steps=1, optimiser=LevenbergMarquardt, callback=see), refine, solve,
], ids=["Adam", "Levenberg-Marquardt", "refinement", "Poisson"])  # fmt: skip
def test_one_thread_meanwhile_and_as_many_as_before_afterwards(two, train):
    seen = []
    train(lambda *_: seen.append(now()))
    assert seen and set(seen) == {1} and now() == 2


def test_after_an_error_and_after_another_block_as_well(two):
    with pytest.raises(ZeroDivisionError):
        fit(KAN([2, 1]), X, X[:, :1], steps=1, callback=lambda *_: 1 / 0)
    assert now() == 2
    first, second = one_thread(), one_thread()  # of two threads, say: the first to begin is not the last to end
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    assert now() == 1
    second.__exit__(None, None, None)
    assert now() == 2


@pytest.mark.parametrize("name", threads.CHOSEN)
def test_who_has_said_how_many_is_obeyed(two, monkeypatch, name):
    monkeypatch.setenv(name, "2")
    with one_thread():
        assert now() == 2


def test_without_threadpoolctl_it_is_said_once_and_where_it_matters(without):
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        fit(KAN([2, 1]), X, X[:, :1], steps=1, optimiser=Adam)
        assert not said
        for _ in range(2):
            fit(KAN([2, 1]), X, X[:, :1], steps=1, optimiser=LevenbergMarquardt)
    assert ["pip install threadpoolctl" in str(one.message) for one in said] == [True]


@pytest.mark.filterwarnings("error")
def test_with_one_core_or_a_number_given_there_is_nothing_to_say(without, monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    refine(None)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "1")
    refine(None)
