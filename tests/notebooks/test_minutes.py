"""The minutes that a lesson names: near a count of its words, guesses and apps, and the same in the map of notebook 00.

Counted are 200 words a minute, prose and code, a minute for each "Guess first", and a minute for each app. By the same
count no section, from one `##` to the next, takes more than ten minutes: after that a reader gets a place to stop.
"""

import re
from pathlib import Path

import nbformat
import pytest

COURSE = Path(__file__).resolve().parents[2] / "notebooks"
LESSONS = sorted(path for path in COURSE.glob("*.ipynb") if path.stem != "glossary")
LEAST, MOST = 0.9, 1.5   # the longest time named, in times of the count
SECTION = 10   # minutes, at most


def cells(path):
    return nbformat.read(path, as_version=4).cells


def counted(cells):
    """Minutes for a list of cells."""
    words = sum(len(cell.source.split()) for cell in cells)
    guesses = sum(cell.source.lower().count("guess first") for cell in cells if cell.cell_type == "markdown")
    apps = sum(bool(re.search(r"^\w*App\(", cell.source, re.M)) for cell in cells if cell.cell_type == "code")
    return words / 200 + guesses + apps


def sections(cells):
    """{heading: minutes} of a list of cells; a cell may end one section and begin the next."""
    found, heading = {"": []}, ""
    for cell in cells:
        for part in re.split(r"^(?=## )", cell.source, flags=re.M) if cell.cell_type == "markdown" else [cell.source]:
            if cell.cell_type == "markdown" and part.startswith("## "):
                heading = part.splitlines()[0]
            found.setdefault(heading, []).append({**cell, "source": part})
    return {heading: counted([nbformat.from_dict(part) for part in parts]) for heading, parts in found.items()}


def named(text, unit):
    """The times that a text names: "30 to 40 minutes" -> [30, 40]."""
    found = re.search(rf"(\d+)(?: to (\d+))?\s+{unit}\b", text)
    return [int(number) for number in found.groups() if number] if found else []


def complaint(cells, row):
    """What is wrong with the time that a lesson's first cell and its row in the map name, or ""."""
    times, count = named(cells[0].source, "minutes"), counted(cells)
    if not times or times != named(row, "min"):
        return f"its first cell names {times} minutes, the map {named(row, 'min')}"
    return "" if LEAST * count <= times[-1] <= MOST * count else f"it names {times} minutes, and takes {count:.0f}"


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_a_lesson_takes_the_time_that_it_names(path):
    start = cells(COURSE / "00_start_here.ipynb")
    course_map = next(cell.source for cell in start if "The map of the course" in cell.source)
    mark = "**00 Start here**" if path.stem == "00_start_here" else f"({path.name})"
    row = next(row for row in course_map.splitlines() if row.startswith("|") and mark in row)
    assert complaint(cells(path), row) == ""


@pytest.mark.parametrize(("prose", "row", "words"), [
    ("It takes 1 minutes. " + "word " * 1000, "| 1 min |", "it names [1] minutes, and takes 5"),
    ("It takes 40 minutes. " + "word " * 1000, "| 40 min |", "it names [40] minutes, and takes 5"),
    ("It takes 5 minutes. " + "word " * 1000, "| 6 min |", "its first cell names [5] minutes, the map [6]"),
    ("It takes a while.", "| a while |", "its first cell names [] minutes, the map []"),
    ("It takes 4 to 5 minutes. " + "word " * 1000, "| 4 to 5 min |", ""),
])  # fmt: skip
def test_a_wrong_time_is_seen(prose, row, words):
    assert complaint([nbformat.v4.new_markdown_cell(prose)], row) == words


@pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)
def test_no_section_takes_more_than_ten_minutes(path):
    found = sections(cells(path))
    assert len(found) > 3
    assert {heading: round(minutes, 1) for heading, minutes in found.items() if minutes > SECTION} == {}


def test_a_section_may_begin_inside_a_cell_and_an_app_and_a_guess_are_a_minute_each():
    words, app = nbformat.v4.new_markdown_cell, nbformat.v4.new_code_cell("RaceApp()")
    book = [words("# T\n" + "word " * 198), words("end\n\n## 1. A\n### a\n**Guess first.** " + "word " * 193), app,
            words("## 2. B\n" + "word " * 397)]  # fmt: skip
    assert sections(book) == {"": 201 / 200, "## 1. A": 200 / 200 + 2 + 1 / 200, "## 2. B": 2.0}
