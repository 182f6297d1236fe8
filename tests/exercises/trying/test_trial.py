"""One run of a check: calls are noted as they were made, what is printed is kept, and the notebook stays as it is."""

import builtins

import numpy as np
import pytest

from kan_edu.exercises.trying.trial import MOST_CALLS, tried

RNG = np.random.default_rng


def notebook(code):
    names = {"np": np}
    exec(code, names)
    return names


def test_calls_are_noted_with_what_came_in_before_it_was_changed():
    names = notebook("def f(x, k=1):\n    x += k\n    return x\n"
                     "def values(rng):\n    return {'a': f(np.zeros(2)), 'b': f(np.ones(1), k=3)}")
    trial = tried("f", names["values"], RNG(0), 4, ["f", "missing"])
    first, second = trial.calls
    assert (first.name, first.raised) == ("f", False) and np.array_equal(first.arguments[0], [0, 0])
    assert second.named == {"k": 3} and np.array_equal(second.result, [4])
    assert list(trial.arrays) == ["a", "b"] and np.array_equal(trial.arrays["b"], [4])


def test_only_calls_of_the_check_itself_are_noted_and_the_notebook_keeps_its_own():
    names = notebook("def f(n):\n    return 1 if n == 0 else n * f(n - 1)\ndef values(rng):\n    return f(5)")
    own = names["f"]
    trial = tried("f", names["values"], RNG(0), 4, ["f"])
    assert [call.arguments for call in trial.calls] == [(5,)] and names["f"] is own
    many = notebook("def f():\n    return 1\ndef values(rng):\n    return [f() for _ in range(1000)]")
    assert len(tried("f", many["values"], RNG(0), 4, ["f"]).calls) == MOST_CALLS


def test_a_call_that_raised_has_no_result():
    names = notebook("def f(x):\n    return 1 / x\ndef values(rng):\n    return [f(1), f(0), f(2)]")
    trial = tried("f", names["values"], RNG(0), 4, ["f"])
    assert [call.raised for call in trial.calls] == [False, True] and trial.arrays == {}
    assert trial.found["error"].startswith("ZeroDivisionError")


def test_what_is_printed_is_kept_and_input_is_given_back():
    asks = builtins.input
    names = notebook("def values(rng):\n    print('one')\n    print('two')\n    return input()")
    trial = tried("f", names["values"], RNG(0), 4)
    assert trial.printed == "one\ntwo\n" and builtins.input is asks


@pytest.mark.parametrize("noted", [["fit"], []])
@pytest.mark.parametrize("call", ["np.array(fit(1))", "np.sqrt(fit(1))", "fit(1)", "given(2) + np.array(fit(1))"])
def test_several_things_in_place_of_an_array_are_named(noted, call):
    """All that lstsq returns, say: NumPy would speak of an inhomogeneous shape."""
    names = notebook("import numpy as np\ndef given(x):\n    return x\n"
                     "def fit(x):\n    'The coefficients c (3,).'\n    return np.zeros(3), 1.0, np.zeros(7)\n"
                     f"def values(rng):\n    return {call}")
    said = tried("fit", names["values"], RNG(0), 4, noted).found["error"]
    assert "3 things (a tuple): an array (3,), a number, an array (7,)" in said and "inhomogeneous" not in said
    if call != "fit(1)":
        assert said.startswith("fit returned") and said.endswith("as its first line says: The coefficients c (3,).")
