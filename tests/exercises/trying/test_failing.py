"""The smallest input that fails: its line, what came and what was expected, and both as a curve."""

import numpy as np

from kan_edu.exercises.trying.failing import as_rows, failing
from kan_edu.exercises.trying.trial import tried

CHECK = '''
def values(rng):
    x = np.array([3.0, 1.0, 2.0, 4.0])
    return {"many": f(x), "two": f(np.array([1.0, 2.0])), "both": [f(5.0), f(-6.0)], "sum": f(x).sum()}
'''


def trial(answer, check=CHECK, names=("f",)):
    notebook = {"np": np}
    exec(answer + check, notebook)
    return tried("f", notebook["values"], np.random.default_rng(0), 4, names), notebook


RIGHT = trial("f = lambda x: 2 * x")[0].found


def smallest(answer, check=CHECK, expected=RIGHT):
    made, notebook = trial(answer, check)
    return failing("f", made, expected, notebook)


def test_the_smallest_input_is_shown():
    wrong = smallest("f = lambda x: 3 * x")
    assert (wrong.line, wrong.came, wrong.expected, wrong.shape) == ("f(5.0)", ["15"], ["10"], [])
    assert wrong.marks() == [True] and wrong.label == "both"


def test_only_what_fails():
    wrong = smallest("f = lambda x: 2 * np.abs(x)")
    assert (wrong.line, wrong.came, wrong.expected) == ("f(-6.0)", ["12"], ["-12"]) and wrong.curve is None
    wrong = smallest("f = lambda x: 2 * x + (np.size(x) > 1) * (np.asarray(x) == 2)")
    assert wrong.line == "f(np.array([1.0, 2.0]))" and wrong.marks() == [False, True]


def test_the_first_value_that_is_a_curve_is_drawn_in_the_order_of_x():
    label, x, came, expected = smallest("f = lambda x: 3 * x").curve
    assert label == "many" and x.tolist() == [1, 2, 3, 4]
    assert came.tolist() == [3, 6, 9, 12] and expected.tolist() == [2, 4, 6, 8]


def test_another_shape():
    wrong = smallest("f = lambda x: np.stack([2 * x, 2 * x]) if np.ndim(x) else 2 * x")
    assert (wrong.shape, wrong.right_shape) == ([2, 2], [2]) and wrong.line == "f(np.array([1.0, 2.0]))"
    assert len(wrong.came) == 4 and wrong.expected == ["2", "4"]


def test_an_error_and_a_missing_return():
    wrong = smallest("f = lambda x: 2 * x if np.size(x) > 2 else x[0]")
    assert (wrong.line, wrong.label) == ("f(5.0)", "")
    assert smallest("def f(x):\n    2 * x").line == "f(np.array([3.0, 1.0, 2.0, 4.0]))"
    assert smallest("f = lambda x: 2 * x", "\ndef values(rng):\n    return 1 / 0") is None, "no call was made"


def test_a_value_that_no_call_made():
    wrong = smallest("f = lambda x: 2 * x", CHECK.replace("f(x).sum()", "f(x).sum() + 1"))
    assert wrong.line == "" and (wrong.came, wrong.expected) == (["21"], ["20"])


def test_nothing_fails():
    assert smallest("f = lambda x: 2 * x") is None


def test_rows():
    assert as_rows([], ["1"], [True]) == [[("1", True)]] and as_rows([0], [], []) == []
    assert [len(row) for row in as_rows([2, 3], list("123456"), [False] * 6)] == [3, 3]
    assert [len(row) for row in as_rows([2, 0], [], [])] == []
