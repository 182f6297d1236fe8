"""A check cell: what it shows of an answer, what it swallows, and what it says where the right values are known."""

import json
import sys
import warnings
from fractions import Fraction

import matplotlib.pyplot as plt
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kan_edu.exercises import checks
from kan_edu.exercises.checks import Checks
from kan_edu.exercises.trying.errors import UNANSWERED
from kan_edu.exercises.trying.expected import pack
from kan_edu.exercises.trying.trial import MOST, margin, numbers, one_text
from kan_edu.exercises.trying.words import as_text

FLOATS = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9)


def examined(values, digits=4, task="double", seed=5):
    return Checks(seed).examine(task, values, digits)


@pytest.fixture
def shown(monkeypatch):
    """What check cells display: a list of (text, metadata)."""
    seen = []
    monkeypatch.setattr(checks, "display",
                        lambda data, metadata=None, raw=True: seen.append((data["text/plain"], metadata)))
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


def test_a_check_cell_says_at_once_how_a_task_stands_where_it_knows(shown):
    check = Checks(seed=5)
    check.expect(pack({"double": examined(lambda rng: 2.0), "four": examined(lambda rng: 4.0)}))
    check("double", points=2)(lambda rng: 2)
    check("double", points=2)(lambda rng: 3)
    check("double", points=2)(lambda rng: 1 / 0)
    check("other", points=1)(lambda rng: 3)
    texts = [text for text, _ in shown]
    assert texts[0].startswith("Right. double: this is what was expected (2 points).\n  So far 2 of 2 points.")
    assert texts[1].startswith("Not yet. double\n  value: it is 3, expected 2.")
    assert texts[2].startswith("Not yet. double\n  ZeroDivisionError") and "So far 0 of 2" in texts[2]
    assert texts[3] == "other\n  value: 3", "what is not known is shown as it is for who marks"
    assert texts[1].endswith("\n\ndouble\n  value: 3")


def test_a_notebook_of_an_earlier_release_is_still_checked(shown):
    """It knows neither points nor names, and not how many digits."""
    check = Checks(seed=5)
    check.expect(pack({"double": {"values": [["value", [], ["2"]]], "margin": 0.5}}))
    check("double", points=2)(lambda rng: 2)
    check.all()
    assert "Right" in shown[0][0] and "1  double  Right, 2 points\nSo far 2 of 2 points" in shown[1][0]


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
    assert examined(lambda rng: {}) == {"values": [], "digits": 4, "margin": 0.5}


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


def test_where_notebooks_cannot_be_read_no_solution_is_lent(monkeypatch):
    """In a page of the browser there is no nbformat, and a wrong earlier answer must not end the check."""
    monkeypatch.setitem(sys.modules, "kan_edu.exercises.sets.catalogue", None)  # its import fails
    check = Checks(1)
    check.name = "05_splines"
    assert check._lend("B0") is None


# What is no number, and what is raised


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "value: the answer returned None. Is a return missing?"), (..., UNANSWERED),
     ("two", "expected a number or an array of numbers, got str"), ([[1], [1, 2]], "of numbers, got 2 things (a list)"),
     (1j, "got complex numbers"), (np.array([1 + 0j]), "got complex numbers"), ({1, 2}, "got set"),
     (lambda x: x, "got function"), (np.ma.array([1.0, 2], mask=[0, 1]), "got masked values, which are missing"),
     ([[np.ma.masked, 1.0]], "got masked values"), (np.datetime64("2020"), "got dates"), (np.array(["1.5"]), "got str"),
     ([np.timedelta64(5, "s")], "got lengths of time"), (np.array(["1.5", 2], dtype=object), "got str"),
     (np.array([1j, 2], dtype=object), "got complex numbers"), (b"1", "got bytes"), ("1.5", "got str"),
     (["1", "2"], "got str")],
)
def test_what_is_no_number_is_said(value, words):
    assert words in examined(lambda rng: value)["error"]


def test_numbers_that_pass():
    for value in [True, 3, 2.5, np.float32(1), [1, 2], ((1, 2), (3, 4)), np.arange(3), np.ones((1, 2, 3)),
                  np.ma.array([1.0, 2]), [Fraction(1, 2), 1], []]:
        assert numbers("x", value).dtype == float and numbers("x", value).shape == np.shape(value)


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


# What a notebook can be asked


def test_the_inputs_of_a_call(shown):
    names = {"check": Checks(seed=5), "np": np, "f": lambda x: x.pop()}
    names["check"].expect(pack({"f": {"values": [["value", [], ["3"]]], "margin": 0.5, "names": ["f"]}}))
    exec("@check('f', points=1)\ndef values(rng):\n    return f([1, 2])", names)
    assert names["check"].inputs("f", 0) == ([1, 2],), "as they were before the answer changed them"
    names["check"].inputs("f", 0)[0].pop()
    assert names["check"].inputs("f", 0) == ([1, 2],)
    for task, number in [("f", 1), ("f", -1), ("g", 0)]:
        with pytest.raises(ValueError, match=f"the check of '{task}' has made . calls, and number {number} is none"):
            names["check"].inputs(task, number)


@pytest.mark.parametrize("call, words", [
    (lambda: Checks("5"), "seed is '5'; expected a whole number"), (lambda: Checks(-1), "seed is -1"),
    (lambda: Checks(5)(3, points=1), "task is 3; expected text"),
    (lambda: Checks(5)("", points=1), "task is empty"),
    (lambda: Checks(5)("f", points="2"), "points is '2'"),
    (lambda: Checks(5)("f", points=1, digits=16), "digits is 16"),
    (lambda: Checks(5)("f", points=1)(3), "values is 3; expected the function of a check cell"),
    (lambda: Checks(5).examine("f", len, 4), "expected the function of a check cell"),
    (lambda: Checks(5).expect(None), "packed is None; expected text"),
    (lambda: Checks(5).expect(pack([1])), "holds no tasks; get the notebook again"),
    (lambda: Checks(5).inputs("f", 0.5), "number is 0.5; expected a whole number"),
])  # fmt: skip
def test_a_check_cell_that_is_written_wrong_is_told_in_words(call, words):
    with pytest.raises(ValueError, match=words):
        call()
