"""Choices: for the kernel as a SelectionSlider, for the page buttons with words; `test_each.py` looks at all apps'."""

import itertools
import re

from kan_edu.apps.common.choices import HERE, choice

SHEETS = sorted(HERE.parents[1].rglob("*.css"))


def test_a_choice_has_a_value_and_sends_its_words_and_the_place_in_them():
    one = choice("mode", [("one < two", 1), ("two", 2)], 2, tip="How many")
    sent = one.get_state()
    assert [sent[name] for name in ("description", "tooltip", "index", "disabled")] == ["mode", "How many", 1, False]
    assert list(sent["_options_labels"]) == ["one < two", "two"]
    one.set_state({"index": 0})   # what the page sends
    assert (one.value, one.label) == (1, "one < two")
    one.options = ["a", "b", "c"]
    assert (one.value, list(one.get_state()["_options_labels"])) == ("a", ["a", "b", "c"])
    one.close()


def test_the_page_listens_to_what_the_kernel_may_change():
    """`choices.js` asks for traits by name, and hears of their changes by name: a slip of the pen would be silent."""
    text = (HERE / "choices.js").read_text(encoding="utf-8")
    heard = set(re.findall(r'"(\w+)"', re.search(r"for \(const part of \[(.*?)\]", text)[1]))
    assert set(re.findall(r'get\("(\w+)"\)', text)) == heard
    one = choice("mode", ["a"], "a")
    assert heard <= {name for name, trait in one.traits().items() if trait.metadata.get("sync")}
    one.close()


def test_the_page_s_styles_share_no_name():
    """A class of two meanings gets both: the buttons for the speed once stood one above the other."""
    sheets = [set(re.findall(r"\.kan-edu-[\w-]+", path.read_text(encoding="utf-8"))) for path in SHEETS]
    assert sum(map(bool, sheets)) >= 2
    assert not [(a, b, a & b) for a, b in itertools.combinations(sheets, 2) if a & b]
