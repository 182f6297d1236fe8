"""What a check cell says as text: the verdict first, differences between stars, prints cut, points counted."""

from kan_edu.exercises.trying.failing import Failing
from kan_edu.exercises.trying.words import MOST_PRINTED, about_failing, listed, points, score, shortened

EXPECTED = {"a": {"points": 2}, "b": {"points": 0.5}}


def test_the_score():
    assert score({}, EXPECTED) == "So far 0 of 2.5 points. Left: a (2), b (0.5)."
    assert score({"a": "right", "b": "not yet"}, EXPECTED) == "So far 2 of 2.5 points. Left: b (0.5)."
    assert score({"a": "right", "b": "right"}, EXPECTED) == "So far 2.5 of 2.5 points: all is right."
    assert [points(n) for n in (1, 2, 0.5)] == ["1 point", "2 points", "0.5 points"]


def test_what_differs_stands_between_stars():
    wrong = Failing("x", "f(1)", ["1", "2", "3", "4"], ["1", "9", "3", "4.0001"], [2, 2], [2, 2])
    assert about_failing(wrong)[1:] == ["    f(1)", "  x: came (2, 2)", "    1 *2*", "    3 4", "  expected (2, 2)",
                                        "    1 *9*", "    3 4.0001"]


def test_long_prints_are_cut_in_the_middle():
    text = "begin" + "x" * 10 * MOST_PRINTED + "end\n"
    assert len(shortened(text)) < MOST_PRINTED + 60 and "letters more" in shortened(text)
    assert shortened(text).startswith("begin") and shortened(text).endswith("end")
    assert shortened("one\ntwo\n") == "one\ntwo"


def test_lists():
    assert [listed(list("abc")[:n]) for n in (1, 2, 3)] == ["a", "a and b", "a, b and c"]
