"""A student with a site and no installation: a lesson; a set, the tab closed, back again, handed in and marked.

Skipped unless a site is asked for: KAN_EDU_SITE names a built one (`kan-edu site SITE --offline`), KAN_EDU_WHEELS the
folder of the files from which small ones are built here (tests/command/site/sites.py).
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
from tests.command.site import sites
from tests.command.site.run import run_lesson, text_of
from tests.command.site.visit import Visit, served

SET = f"{'exercises/05_splines' if os.environ.get('KAN_EDU_SITE') else sites.SET}.ipynb"  # small ones have one set
HANDLE = ".jp-OutputArea .widget-vbox .noUi-handle"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The address of a site that is served here: the one named by KAN_EDU_SITE, else a small one."""
    named = os.environ.get("KAN_EDU_SITE")
    folder = None if named else sites.wheels_folder()
    demand(laboratory.missing())
    site = Path(named) if named else sites.build_small(tmp_path_factory.mktemp("small") / "site", folder, offline=True)
    with served(site) as address:
        yield address


def solved():
    """({number of a cell of the students' set: its solution}, how many cells the set has)"""
    source = read_source(source_folder() / SET)
    known = {task.name: solution(source.book.cells[task.answer].source) for task in source.tasks.values()}
    cells = build(source).cells
    return {number: known[ANSWER.match(cell.source)[1]] for number, cell in enumerate(cells)
            if cell.cell_type == "code" and ANSWER.match(cell.source)}, len(cells)  # fmt: skip


def test_a_lesson_says_in_the_browser_what_is_stored(address):
    with Visit(address) as visit:
        visit.open(f"{sites.LESSON}.ipynb")
        assert run_lesson(visit, sites.LESSON)[0] == []
        assert visit.errors() == [] and visit.broken_pictures() == 0
        assert visit.elsewhere == []


def test_a_set_from_the_start_page_to_the_mark(address, tmp_path):
    answers, cells = solved()
    with Visit(address, tmp_path / "browser") as visit:
        visit.start_page()
        assert visit.work() == ["Nothing yet: you have changed no notebook."]
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
        visit.open(SET, kernel=False)
        number = next(iter(answers))
        assert visit.source(number) == answers[number]
        visit.start_page()
        visit.bring_back(SET)
        visit.open(SET, kernel=False)
        assert visit.source(number) != answers[number]
    command = [sys.executable, "-m", "kan_edu", "check", str(handed_in), "--sandbox", "none"]
    done = subprocess.run(command, cwd=sites.ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_site_that_takes_python_from_the_cdn_shows_its_first_picture(tmp_path):
    """The CDN is played here, at its own address: a wrong version or sum, or a file left out, stops the kernel."""
    folder = sites.wheels_folder()
    demand(laboratory.missing())
    site = sites.build_small(tmp_path / "site", folder, offline=False)
    cdn = sites.Cdn(site, folder)
    with served(site) as address, Visit(address) as visit:
        visit.context.route(f"{cdn.address}**", cdn.answer)
        visit.open(f"{sites.LESSON}.ipynb")
        visit.run(1)
        visit.page.wait_for_selector(HANDLE)
        assert visit.errors() == []
        assert set(visit.elsewhere) <= set(cdn.files) and set(cdn.asked) <= set(cdn.files)
        assert {name.rpartition("/")[2].split("-")[0] for name in cdn.asked} >= {"pyodide.mjs", "numpy", "matplotlib"}


def test_without_files_for_a_site_it_says_how_to_ask_for_one(tmp_path):
    with pytest.raises(pytest.skip.Exception, match="KAN_EDU_WHEELS=kan_edu_wheels"):
        sites.wheels_folder({}, tmp_path)
