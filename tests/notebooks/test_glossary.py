"""The glossary: in alphabetical order, each word with lessons that use it; and the lessons lead to it."""

import re
from functools import cache
from pathlib import Path

import nbformat
import pytest

COURSE = Path(__file__).resolve().parents[2] / "notebooks"
GLOSSARY = COURSE / "glossary.ipynb"
LINKED = sorted(path for path in COURSE.glob("*.ipynb") if path.stem != "glossary")
ENTRY = re.compile(r"^- \*\*(.+?)\*\*: (.+?[.)]) (\[.+)$", re.M)


@cache
def text_of(path):
    """Prose and code of a notebook, without its outputs."""
    return "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)


def words(term):
    """What of a term a lesson should contain: "Chebyshev points, knots" -> {chebyshev, point, knot}; no formulas."""
    return {word.removesuffix("s") for word in re.findall(r"[a-zéö][a-zéö-]{2,}", re.sub(r"\$.*?\$", "", term.lower()))}


def complaints(text, course=COURSE):
    """What is wrong with the entries of a glossary, one sentence each."""
    entries, lines = ENTRY.findall(text), re.findall(r"^- \*\*.*$", text, re.M)
    yield from (f"not an entry: {line}" for line in lines if not ENTRY.match(line))
    order = [re.sub(r"[$\\(]", "", term).lower() for term, _, _ in entries]
    pairs = zip(order, order[1:], strict=False)
    yield from (f"{second!r} comes after {first!r}" for first, second in pairs if second <= first)
    for term, meaning, links in entries:
        names = re.findall(r"\]\(([^)]+)\)", links)
        lessons = "\n".join(map(text_of, (course / name for name in names))).lower()
        if words(term) and not any(word in lessons for word in words(term)):
            yield f"{term}: not a word of it stands in {names}"
        if len(meaning.split()) > 60:
            yield f"{term}: more than a sentence or two"


def test_each_entry_is_short_in_its_place_and_leads_to_a_lesson_that_uses_the_word():
    text = text_of(GLOSSARY)
    assert list(complaints(text)) == [] and len(ENTRY.findall(text)) > 100


@pytest.mark.parametrize("path", LINKED, ids=lambda path: path.stem)
def test_a_lesson_leads_to_the_glossary(path):
    assert "](glossary.ipynb)" in text_of(path), "say in the first cell where words are explained"


@pytest.mark.parametrize(("text", "fault"), [
    ("- **knot**: a place. [05](05_splines.ipynb)\n- **bump**: a piece. [05](05_splines.ipynb)",
     "'bump' comes after 'knot'"),
    ("- **zebra**: an animal. [05](05_splines.ipynb)", "zebra: not a word of it stands in ['05_splines.ipynb']"),
    ("- **knot**: a place.", "not an entry: - **knot**: a place."),
    (f"- **knot**: {'a ' * 60}place. [05](05_splines.ipynb)", "knot: more than a sentence or two"),
])  # fmt: skip
def test_a_faulty_entry_is_seen(text, fault):
    assert list(complaints(text)) == [fault]
