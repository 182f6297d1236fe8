"""What a student's notebook knows, packed into a text: it comes back, and a damaged one says what to do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kan_edu.exercises.trying.expected import pack, unpack


@given(st.dictionaries(st.text(max_size=5), st.lists(st.text(max_size=5), max_size=3), max_size=4))
def test_pack_and_unpack(expected):
    packed = pack(expected)
    assert unpack(packed) == expected
    assert not set(packed) & set("\"\\'\n"), "it stands in a string of Python's"


@pytest.mark.parametrize("damaged", ["", "abc", "\u00fc", pack({"a": 1})[:-3], pack({"a": 1})[3:]])
def test_a_damaged_text_says_what_to_do(damaged):
    with pytest.raises(ValueError, match="is damaged; get the notebook again: kan-edu exercise get NAME"):
        unpack(damaged)
