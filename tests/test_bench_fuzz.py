"""The campaign of bad calls: it finds what is silently wrong, counts rightly, can be run again; a slice is clean."""

import time

import numpy as np
import pytest

from kan_edu.checks.arrays import numbers
from tests.bench import fuzz, report
from tests.bench.fuzzing import arguments, arrays, judge, rooms, values, worker

VECTOR = arrays.vector(lambda: np.linspace(0, 1, 5))


def verdict(function, label, kind=VECTOR):
    """What is said of function(x=...) when x is spoilt in the way that is called `label`."""
    way = next(way for way in kind.ways if way.label == label)
    return judge.judge(function, {"x": kind.good()}, {"x": way.value(kind.good())}, way.expect)[0]


def careful(x):
    return numbers(x).sum()


def careless(x):
    return np.asarray(x, dtype=float).sum()


def deep(x):
    return float(np.linalg.norm(x) + x[0])


def in_float16(x):
    return numbers(x).astype(np.float16).sum() if type(x) is list else numbers(x).sum()


def meddling(x):
    if isinstance(x, np.ndarray):
        x.flat[0] = 7
    return numbers(x, "x")


@pytest.mark.parametrize(("function", "label", "expected"), [
    (careful, "NaN", judge.CLEAR), (careful, "words", judge.CLEAR), (careful, "float32", judge.RIGHT),
    (careful, "1e300", judge.RIGHT), (careless, "NaN", judge.WRONG), (careless, "masked", judge.WRONG),
    (careless, "numerals", judge.WRONG), (careless, "dates", judge.WRONG), (deep, "a dict", judge.UNCLEAR),
    (careful, "one huge", judge.RIGHT), (lambda x: numbers(x) * 1e10, "one huge", judge.WRONG),
    (in_float16, "a list", judge.RIGHT), (lambda x: numbers(x) + (type(x) is list), "a list", judge.WRONG),
    (meddling, "NaN", judge.WRONG), (lambda x: np.zeros(10**15), "NaN", judge.MEMORY),
])  # fmt: skip
def test_what_comes_of_a_call_is_judged(function, label, expected):
    assert verdict(function, label) == expected


def test_a_warning_to_the_user_is_a_word_and_numpys_own_is_none():
    def warned(x):
        import warnings

        warnings.warn("x is large: the sum is inf", UserWarning, stacklevel=2)
        return numbers(x) * 1e10

    assert verdict(warned, "one huge") == judge.RIGHT


def test_an_error_of_ours_without_advice_is_unclear():
    source = "def f(x):\n    raise ValueError('bad thing happened in here')\n"
    space = {}
    exec(compile(source, f"{judge.PACKAGE}/made_up.py", "exec"), space)
    assert verdict(space["f"], "NaN") == judge.UNCLEAR


def test_a_call_is_the_same_each_time_and_all_functions_have_their_turn():
    plans = [worker.plan(5, number) for number in range(300)]
    assert plans == [worker.plan(5, number) for number in range(300)] != [worker.plan(6, n) for n in range(300)]
    assert len({name for name, _ in plans}) > min(100, len(rooms.FUNCTIONS) / 3)


def test_every_good_call_of_the_catalogue_is_right():
    wrong = {}
    for name, room in rooms.ROOM_OF.items():
        if room != "apps" and name != "read_law":  # they take half a second each and have good calls in their own tests
            answer = worker.make(name, {})
            wrong |= {name: answer} if answer[0] != judge.RIGHT else {}
            worker.tidy()
    assert wrong == {}


def test_a_room_has_functions_and_a_function_belongs_to_one_room():
    assert set(rooms.ROOM_OF.values()) == set(rooms.ROOMS)


def made_up(asks, answers):
    """In place of the real work: call 1 never answers, call 2 ends its process."""
    while True:
        try:
            _, number = asks.recv()
        except EOFError:
            return
        if number == 1:
            time.sleep(60)
        if number == 2:
            raise SystemExit
        answers.send((number, judge.RIGHT, ""))


def test_a_call_that_never_ends_and_one_that_kills_its_process_are_counted(monkeypatch, capfd):
    monkeypatch.setattr(fuzz, "LONGEST", 1.0)
    found = fuzz.campaign(made_up, seed=1, calls=5, jobs=2)
    assert [(number, verdict) for number, verdict, _ in found] == [
        (0, judge.RIGHT), (1, judge.SLOW), (2, judge.MEMORY), (3, judge.RIGHT), (4, judge.RIGHT)]  # fmt: skip
    header, rows = fuzz.counted(found, 1, rooms.ROOM_OF)
    assert rows[-1] == ["all", 3, 0, 0, 0, 1, 1]
    assert [row[1] for row in fuzz.leftovers(found, 1)] == [judge.MEMORY, judge.SLOW]


def test_the_table_has_its_place_in_the_docs():
    report.has_place("fuzz")


def test_a_way_that_does_not_exist_cannot_be_left_out():
    with pytest.raises(AssertionError, match="no such way"):
        values.whole(3, 0).but("NaNs")
    assert arguments.REFUSE == next(way.expect for way in values.flag().ways if way.label == "yes")


def test_a_slice_of_the_campaign_is_clean():
    """Calls of a seed that docs/measurements.md does not show; the whole is `python -m tests.bench fuzz`."""
    found = fuzz.campaign(worker.work, seed=2026, calls=150, jobs=1)
    left = [row for row in fuzz.leftovers(found, 2026) if row[1] != judge.SLOW]  # no test asserts on wall time
    assert len(found) == 150 and [row for row in left if row[1] != judge.UNCLEAR] == []
    assert len(left) <= 2, left
