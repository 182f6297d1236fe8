"""What a check cell says as HTML: nothing of a student's is taken for HTML, and it is the same in each run."""

import xml.etree.ElementTree as ET

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kan_edu.exercises.sets.catalogue import find
from kan_edu.exercises.trying.failing import Failing
from kan_edu.exercises.trying.page import all_as_html, picture, said_as_html
from kan_edu.exercises.trying.standing import NOT_YET, RIGHT
from kan_edu.exercises.trying.words import Said
from tests.exercises.worked import answers_of, worked


def parsed(html):
    return ET.fromstring(f"<all>{html.replace('<br>', '<br/>').replace('<details open>', '<details>')}</all>")


def said(text):
    wrong = Failing(text, text, [text], [text], [1], [1])
    return Said(NOT_YET, text, [text], wrong, text, text, text, text, {text: RIGHT})


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), max_size=30))
def test_whatever_an_answer_says_is_text(text):
    page = parsed(said_as_html(said(f"<b>&amp;</b>{text}")))
    assert "<b>&amp;</b>" in "".join(page.itertext())
    assert {node.tag for node in page.iter()} <= {"all", "div", "span", "b", "pre", "mark", "details", "summary", "br"}


def test_verdict_first_then_all_values_folded_away():
    page = parsed(said_as_html(said("1")))
    assert "".join(page[0][0].itertext()).startswith("Not yet")
    assert page[0][-1].tag == "details" and "open" not in page[0][-1].attrib


def test_a_picture_fits_its_frame():
    x, y = np.array([0.0, 1, 5]), np.array([1e9, -1e9, 0])
    svg = parsed(picture("x", x, y, y / 2))[0]
    places = [float(n) for line in svg.iter("polyline") for pair in line.get("points").split() for n in pair.split(",")]
    assert len(places) == 12 and 0 <= min(places) and max(places) <= float(svg.get("width"))
    assert max(places[1::2]) <= float(svg.get("height"))
    parsed(picture("flat", x, 0 * x, 0 * x))


def test_a_table_of_all():
    rows = list(parsed(all_as_html({"a": RIGHT, "b": NOT_YET}, {"a": {"points": 1}, "b": {"points": 2}})).iter("tr"))
    assert ["".join(row.itertext()) for row in rows] == ["1aRight1 point", "2bNot yet2 points"]


def test_nothing_changes_from_run_to_run():
    """nbval compares both texts of a notebook that a student has run and saved."""
    source = find("05")
    wrong = answers_of(source, B=source.tasks["B"].wrong[1][1], line=source.tasks["line"].wrong[0][1])
    first, second = ([data for data, _ in worked(source, wrong)[1]] for _ in range(2))
    assert first == second and all(set(data) == {"text/plain", "text/html"} for data in first)
    assert "<svg" in first[1]["text/html"] and "check.inputs" not in first[1]["text/html"]
