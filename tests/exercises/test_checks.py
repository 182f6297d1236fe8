"""A check cell: what it shows of an answer, what it swallows, and what it says where the right values are known."""

import json
import sys
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kan_edu.exercises import checks
from kan_edu.exercises.checks import (
    MOST,
    UNANSWERED,
    Checks,
    as_text,
    describe,
    margin,
    numbers,
    one_text,
    pack,
    unpack,
    verdict,
)

FLOATS = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9)


def examined(values, digits=4, task="double", seed=5):
    return Checks(seed).examine(task, values, digits)


@pytest.fixture
def shown(monkeypatch):
    """What check cells display: a list of (text, metadata)."""
    seen = []
    monkeypatch.setattr(checks, "display", lambda data, metadata, raw: seen.append((data["text/plain"], metadata)))
    return seen


# What is shown


def test_a_check_cell_shows_values_and_no_verdict(shown):
    check = Checks(seed=5)

    @check("double", points=2)
    def values(rng):
        return {"of three": np.array([1.0, -0.5, 0.00004]), "a matrix": [[1, 2], [3, 4]], "one": 7}

    text, metadata = shown[0]
    assert text == "double\n  of three (3,): 1 -0.5 0\n  a matrix (2, 2):\n      1 2\n      3 4\n  one: 7"
    assert metadata["kan_edu"]["task"] == "double" and values is None
    assert metadata["kan_edu"]["values"][0] == ["of three", [3], ["1", "-0.5", "0"]]
    json.dumps(metadata, allow_nan=False)


def test_a_check_cell_says_match_or_hint_where_it_knows(shown):
    check = Checks(seed=5)
    check.expect(pack({"double": examined(lambda rng: 2.0), "four": examined(lambda rng: 4.0)}))
    check("double", points=2)(lambda rng: 2)
    check("double", points=1)(lambda rng: 3)
    check("double", points=1)(lambda rng: 1 / 0)
    check("other", points=1)(lambda rng: 3)
    last = [text.split("\n")[-1] for text, _ in shown]
    assert last[0] == "  This is what was expected (2 points)."
    assert last[1] == "  Not yet. value: it is 3, expected 2."
    assert last[2] == "  Not yet." and "ZeroDivisionError" in shown[2][0]
    assert shown[3][0] == "other\n  value: 3"


def test_the_words_of_a_verdict():
    assert verdict(None, {}, 1) == "  This is what was expected (1 point)."
    assert verdict(None, {}, 0.5).endswith("(0.5 points).")
    assert verdict("It is 3.", {"values": []}, 1) == "  Not yet. It is 3."
    assert verdict("no", {"error": "no"}, 1) == "  Not yet."


def test_inputs_depend_on_seed_and_task_only():
    def draw(rng):
        return rng.normal(size=8)

    assert examined(draw) == examined(draw)
    assert len({str(examined(draw, task=task, seed=seed)) for task in ("a", "b") for seed in (1, 2)}) == 4


def test_many_numbers_and_no_numbers():
    found = examined(lambda rng: np.arange(MOST + 1))
    assert found["values"][0][1] == [MOST + 1] and len(found["values"][0][2]) == MOST
    assert as_text("t", found).endswith("63 ...")
    assert as_text("t", examined(lambda rng: np.zeros((0, 3)))) == "t\n  value (0, 3):"
    assert examined(lambda rng: {}) == {"values": [], "margin": 0.5}


@pytest.mark.parametrize(
    ("value", "text"),
    [(2.0, "2"), (True, "1"), (-0.0, "0"), (-0.00001, "0"), (0.12345, "0.1235"), (100.0, "100"), (np.nan, "nan"),
     (np.inf, "inf"), (-np.inf, "-inf"), (1e20, "100000000000000000000"), (-1.5, "-1.5")],
)
def test_a_number_reads_the_same_however_it_came(value, text):
    assert one_text(float(value), 4) == text
    assert one_text(float(value), 4) == examined(lambda rng: [value])["values"][0][2][0]


def test_digits_zero_keep_the_zeros_of_ten():
    assert [one_text(value, 0) for value in (10.0, 100.4, 0.0)] == ["10", "100", "0"]


@given(FLOATS, st.integers(0, 8))
def test_a_text_is_within_half_a_unit_of_the_number(value, digits):
    text = one_text(value, digits)
    assert abs(float(text) - value) <= 0.5 * 10.0**-digits * (1 + 1e-6) + 1e-6 * abs(value) * np.finfo(float).eps * 1e6
    assert not text.startswith("-0") or float(text) != 0


@given(st.floats(-1e4, 1e4), st.integers(1, 6))
def test_a_change_smaller_than_the_margin_changes_no_text(value, digits):
    """What the margin is for: nbval compares texts, and another machine's last bits must not turn a rounding."""
    unit = 10.0**-digits
    step = 0.9 * margin(np.array([value]), digits) * unit
    if step > 1e-8 * unit:
        assert one_text(value, digits) == one_text(value + step, digits) == one_text(value - step, digits)


def test_margin():
    assert margin(np.array([0.5]), 0) == 0 and margin(np.array([1.0]), 0) == 0.5
    assert margin(np.array([0.12344, 7.0]), 4) == pytest.approx(0.1)
    assert margin(np.array([]), 4) == margin(np.array([np.nan, np.inf]), 4) == 0.5
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # a warning would stand in the check cell, and be compared
        assert margin(np.array([1e308]), 4) == 0.5
    assert examined(lambda rng: {"a": 0.25, "b": 0.12345})["margin"] == pytest.approx(0, abs=1e-6)


# What is swallowed


def noisy(rng):
    print("a print")
    print("another", file=sys.stderr)
    warnings.warn("a warning", stacklevel=1)
    np.log(np.zeros(1))
    plt.figure()
    return 1.0


def test_prints_warnings_and_figures_are_swallowed(capfd):
    kept = plt.figure()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        assert examined(noisy)["values"] == [["value", [], ["1"]]]
    assert capfd.readouterr() == ("", "") and not caught
    assert plt.get_fignums() == [kept.number]
    plt.close(kept)


def test_figures_of_an_answer_that_fails_are_closed_too():
    def fails(rng):
        plt.figure()
        raise ValueError("no")

    before = plt.get_fignums()
    assert "error" in examined(fails) and plt.get_fignums() == before


def test_displays_are_swallowed():
    """In a real shell, as IPython's display then goes through its publisher."""
    from IPython.core.interactiveshell import InteractiveShell
    from IPython.utils.capture import capture_output

    InteractiveShell.instance()
    try:
        with capture_output() as heard:
            code = ("from IPython.display import display\nfrom kan_edu.exercises import Checks\n"
                    "def f(rng):\n    display('a display')\n    return 1\nfound = Checks(1).examine('t', f, 4)")
            InteractiveShell.instance().run_cell(code)
        assert InteractiveShell.instance().user_ns["found"]["values"] == [["value", [], ["1"]]]
        assert not heard.outputs and heard.stdout == heard.stderr == ""
    finally:
        InteractiveShell.clear_instance()


# Errors in words


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "value: the answer returned None. Is a return missing?"), (..., UNANSWERED),
     ("two", "expected a number or an array of numbers, got str"), ([[1], [1, 2]], "of numbers, got list"),
     (1j, "got complex numbers"), (np.array([1 + 0j]), "got complex numbers"), ({1, 2}, "got set"),
     (lambda x: x, "got function")],
)
def test_what_is_no_number_is_said(value, words):
    assert words in examined(lambda rng: value)["error"]


def test_numbers_that_pass():
    for value in [True, 3, 2.5, np.float32(1), [1, 2], ((1, 2), (3, 4)), np.arange(3), np.ones((1, 2, 3))]:
        assert numbers("x", value).dtype == float and numbers("x", value).shape == np.shape(value)


def error_of(code, **names):
    with pytest.raises(BaseException) as caught:
        exec(code, names)
    return caught.value


def test_describe():
    assert describe(NotImplementedError(UNANSWERED)) == f"not answered yet: {UNANSWERED}"
    assert describe(NotImplementedError("later")).startswith("NotImplementedError: later")
    assert "name 'f' is not defined. Run the cells above it first" in describe(error_of("f(1)"))
    assert describe(KeyError()) == "KeyError"
    assert len(describe(ValueError("x" * 10_000))) == 500


def test_the_line_that_failed_is_shown():
    def answer(x):
        return x / 0  # the line

    assert examined(lambda rng: answer(1))["error"].endswith("in the line: return x / 0  # the line")


@pytest.mark.parametrize("error", [SystemExit(0), ValueError("no"), RecursionError("deep"), MemoryError()])
def test_an_error_is_shown_and_not_raised(error):
    def raises(rng):
        raise error

    found = examined(raises)
    assert found["error"].startswith(type(error).__name__) and set(found) == {"error"}
    assert as_text("t", found).startswith(f"t\n  {type(error).__name__}")


def test_a_student_can_still_interrupt():
    def interrupted(rng):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        examined(interrupted)


# What a notebook knows


@given(st.dictionaries(st.text(max_size=5), st.lists(st.text(max_size=5), max_size=3), max_size=4))
def test_pack_and_unpack(expected):
    packed = pack(expected)
    assert unpack(packed) == expected
    assert not set(packed) & set("\"\\'\n"), "it stands in a string of Python's"


@pytest.mark.parametrize("damaged", ["", "abc", "\u00fc", pack({"a": 1})[:-3], pack({"a": 1})[3:]])
def test_a_damaged_text_says_what_to_do(damaged):
    with pytest.raises(ValueError, match="is damaged; get the notebook again: kan-edu exercise get NAME"):
        unpack(damaged)
