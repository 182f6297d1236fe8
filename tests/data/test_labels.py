"""Words and the numbers of their classes: there and back, fixed classes for test data, and what is no word."""

import re

import numpy as np
import pytest

from kan_edu.data.labels import one_hot, to_labels, to_words
from kan_edu.data.tables import auto_mpg


def test_one_hot_has_one_1_a_row():
    columns, names = one_hot(auto_mpg().extra["origin"])
    assert names == ("Europe", "Japan", "USA") and columns.shape == (392, 3) and columns.dtype == float
    assert (columns.sum(axis=1) == 1).all() and columns.sum(axis=0).tolist() == [68, 79, 245]


def test_one_hot_of_a_column_of_a_table():
    assert one_hot(np.array([["a"], ["b"], ["a"]]))[0].tolist() == [[1, 0], [0, 1], [1, 0]]
    assert one_hot([10, 9, 10]) [1] == ("9", "10")


def test_one_hot_of_test_data_has_the_columns_of_training():
    columns, names = one_hot(["b", "a"], classes=("c", "b", "a"))
    assert names == ("c", "b", "a") and columns.tolist() == [[0, 1, 0], [0, 0, 1]]
    with pytest.raises(ValueError, match="classes are .*; the words hold 'd', which is not among them; training must"):
        one_hot(["b", "d"], classes=("c", "b", "a"))


@pytest.mark.parametrize("words", [
    ["no", "yes", "no"], [3, -1, 3], [True, False, True], [2.0, 1.0, 2.0], np.array([[1], [0], [1]], dtype=np.uint8),
    np.array(["b", "a", "b"], dtype=object), ("b", "a", "b"), np.array([b"a", b"b"]).astype(str),
])  # fmt: skip
def test_words_become_numbers_and_words_again(words):
    labels, classes = to_labels(words)
    kind = np.asarray(words).ravel().tolist()
    whole = [str(int(word)) if isinstance(word, float) else str(word) for word in kind]
    assert to_words(labels, classes).tolist() == whole and set(classes) == set(whole)
    assert labels.dtype == int and labels.shape == (len(kind),) and set(labels) == set(range(len(classes)))
    again, kept = to_labels(words, classes=classes[::-1])
    assert kept == classes[::-1] and again.tolist() == (len(classes) - 1 - labels).tolist()


def test_numbers_are_sorted_as_numbers():
    assert to_labels([10, 9, 10])[1] == ("9", "10") and to_labels(["10", "9"])[1] == ("10", "9")


@pytest.mark.parametrize("classes, said", [
    (("a", "a"), "classes are ('a', 'a'); a name occurs twice"), ("ab", "classes have shape (); expected (N,)"),
    ({"a", "b"}, "classes are {"), (2, "classes are 2; expected (N,) words"),
    ((), "classes have shape (0,)"), (("a", None), "1 classes are missing"), ((1, "1"), "classes hold 1; expected"),
])  # fmt: skip
def test_classes_that_are_no_row_of_names_are_refused(classes, said):
    """Of a set the order is random, and with it what each number means."""
    for call in (lambda: to_labels(["a"], classes), lambda: to_words([0], classes)):
        with pytest.raises(ValueError, match=re.escape(said)):
            call()


@pytest.mark.parametrize("labels, said", [
    ([0, 2], "labels run from 0 to 2; expected whole numbers 0 .. 1"), ([-1], "labels run from -1 to -1"),
    (np.zeros((3, 2)), "labels have shape (3, 2)"), ([0.3], "labels hold 0.3; expected whole numbers that name"),
    ([], "labels have shape (0,)"), (["a"], "labels are words"), ([np.nan], "labels holds 1 value that is NaN"),
])  # fmt: skip
def test_labels_without_a_name_are_refused(labels, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        to_words(labels, ("a", "b"))


def test_a_table_beyond_2_gib_is_refused_before_it_is_made(monkeypatch):
    monkeypatch.setattr("kan_edu.data.labels.MOST", 8)
    with pytest.raises(ValueError, match="a column for each of 3 words takes .* GiB"):
        one_hot(["a", "b", "c"])
    assert one_hot(["a", "b"])[0].shape == (2, 2)


@pytest.mark.parametrize("missing", [np.nan, None, type("NAType", (), {"__eq__": lambda self, other: self,
                                     "__bool__": lambda self: 1 / 0, "__hash__": None})(), np.datetime64("NaT")])
@pytest.mark.parametrize("form", [list, lambda words: np.array(words, dtype=object)])
def test_a_missing_word_is_no_class(missing, form):
    with pytest.raises(ValueError, match=r"1 words are missing \(the first at index 1\); drop those rows"):
        one_hot(form(["a", missing, "b"]))


@pytest.mark.parametrize("words, said", [
    ([], "words have shape (0,); expected (N,)"), (np.array([["a", "b"]]), "words have shape (1, 2)"),
    (["a", 1], "words hold 1; expected strings, or whole numbers"), ([0.5, 1.0], "words hold 0.5; expected strings"),
    (np.ma.masked_equal(["a", "?"], "?"), "words holds 1 masked values"),
])  # fmt: skip
def test_what_is_no_column_of_words_is_refused(words, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        one_hot(words)
