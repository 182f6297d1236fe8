"""A student with a site and no installation: lesson 05, its set, the tab closed, back again, handed in and marked.

Needs a built site, which takes a minute and 110 MB: kan-edu site SITE --offline, and the variable KAN_EDU_SITE=SITE.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kan_edu.exercises.sets.build import build, solution
from kan_edu.exercises.sets.source import ANSWER, read_source
from kan_edu.files import source_folder
from tests.browser import lab as laboratory
from tests.browser.conftest import demand
from tests.command.site.run import run_lesson, text_of
from tests.command.site.visit import Visit, served

ROOT = Path(__file__).resolve().parents[3]
SET = "exercises/05_splines.ipynb"


@pytest.fixture
def address():
    """The address of the site named by KAN_EDU_SITE, served here."""
    site = os.environ.get("KAN_EDU_SITE")
    if not site:
        pytest.skip("no site to visit: build one with `kan-edu site SITE --offline` and set KAN_EDU_SITE=SITE")
    demand(laboratory.missing())
    with served(Path(site)) as address:
        yield address


def solved():
    """{number of a cell of the students' set: its solution}"""
    source = read_source(source_folder() / SET)
    known = {task.name: solution(source.book.cells[task.answer].source) for task in source.tasks.values()}
    cells = build(source).cells
    return {number: known[ANSWER.match(cell.source)[1]] for number, cell in enumerate(cells)
            if cell.cell_type == "code" and ANSWER.match(cell.source)}, len(cells)  # fmt: skip


def test_a_lesson_and_its_set_from_the_first_click_to_the_mark(address, tmp_path):
    answers, cells = solved()
    with Visit(address, tmp_path / "browser") as visit:
        visit.start_page()
        assert visit.work() == ["Nothing yet: you have changed no notebook."]
        visit.open("05_splines.ipynb")
        assert run_lesson(visit, "05_splines")[0] == []
        assert visit.errors() == [] and visit.broken_pictures() == 0
        visit.open(SET)
        for number, answer in answers.items():
            visit.write(number, answer)
        for number in range(cells):
            outputs = visit.run(number)
        assert "all is right" in text_of(outputs)
        visit.save()
        assert visit.elsewhere == []
    with Visit(address, tmp_path / "browser") as visit:  # the next day
        visit.start_page()
        handed_in = visit.download(SET, tmp_path)
        visit.open(SET)
        number = next(iter(answers))
        assert visit.source(number) == answers[number]
        visit.start_page()
        visit.bring_back(SET)
        visit.open(SET)
        assert visit.source(number) != answers[number]
    command = [sys.executable, "-m", "kan_edu", "check", str(handed_in), "--sandbox", "none"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
