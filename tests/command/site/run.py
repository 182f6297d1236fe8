"""Runs lessons and sets in a built site, in a browser, and compares every text with the stored one.

    python -m tests.command.site.run SITE              all lessons and sets: before a release; a quarter of an hour
    python -m tests.command.site.run SITE 05_splines exercises/05_splines
    python -m tests.command.site.run SITE --cdn FOLDER 12_your_own_data        of a site with a CDN

Of a lesson: each cell prints what is stored, no cell fails, no picture is broken, nothing is asked of another host.
Of a set: the solutions are typed in, and all points are given. Prints a line for each; exit code 1 if one differs.
Needs what `tests/browser` needs, and a site built with `kan-edu site SITE --offline`; or one built without, of which a
copy is run, with the CDN played here from FOLDER, into which what is missing is downloaded once, 110 MB.
"""

import contextlib
import json
import re
import shutil
import sys
import tempfile
import time
from pathlib import Path

from kan_edu.command.site.contents import needs
from kan_edu.exercises.sets.build import build, solution
from kan_edu.exercises.sets.source import ANSWER, read_source
from kan_edu.files import source_folder
from tests.command.site import sites
from tests.command.site.visit import Visit, served

# Lines of lesson 12 with numbers of scikit-learn's trees, of which Pyodide has another version: 1.8.0, stored is 1.9.1.
TREES = {"12_your_own_data": re.compile(r"^ *(trees |1\. pure chance).*\n", re.MULTILINE)}


def text_of(outputs):
    """What outputs say in words, one after the other; a line of progress that was taken away says nothing."""
    said = [output.get("text") or output.get("data", {}).get("text/plain") or output.get("evalue", "")
            for output in outputs]  # fmt: skip
    return "".join("".join(one).rstrip("\n") + "\n" for one in said if "".join(one).strip())


def run_lesson(visit, name):
    """(what differs from the stored lesson, how many cells were compared)."""
    book = json.loads((source_folder() / f"{name}.ipynb").read_text(encoding="utf-8"))
    differ, compared, apart = [], 0, TREES.get(name, re.compile(r"(?!)"))
    for number, cell in enumerate(book["cells"]):
        if cell["cell_type"] == "code":
            shown, stored = (apart.sub("", text_of(one)) for one in (visit.run(number), cell["outputs"]))
            compared += 1
            differ += [f"cell {number} says {shown!r}, stored is {stored!r}"] if shown != stored else []
    return differ, compared


def run_set(visit, name):
    """(what is wrong, how many tasks there are) with the solutions typed into the answer cells."""
    source = read_source(source_folder() / f"{name}.ipynb")
    solutions = {task.name: solution(source.book.cells[task.answer].source) for task in source.tasks.values()}
    outputs = []
    for number, cell in enumerate(build(source).cells):
        head = ANSWER.match(cell.source) if cell.cell_type == "code" else None
        if head:
            visit.write(number, solutions[head[1]])
        if cell.cell_type == "code":
            outputs = visit.run(number)
    said = text_of(outputs)
    whole = f"So far {source.points:g} of {source.points:g} points: all is right."
    return ([] if whole in said else [f"expected {whole}, the last cell says {said!r}"]), len(source.tasks)


def examine(visit, name, cdn=None):
    """Open a notebook of the site and run it: (what is wrong, how many were compared, seconds until, and of, cells).

    cdn    the `Cdn` that may be asked, or None
    """
    visit.elsewhere.clear()
    started = visit.open(f"{name}.ipynb")
    begin = time.monotonic()
    wrong, compared = (run_set if "/" in name else run_lesson)(visit, name)
    wrong += [f"an error: {one}" for one in visit.errors()]
    wrong += [f"{visit.broken_pictures()} pictures are broken"] if visit.broken_pictures() else []
    wrong += [f"asked another host: {one}" for one in visit.elsewhere if not (cdn and one in cdn.files)]
    took = time.monotonic() - begin
    visit.close()
    return wrong, compared, started, took


def lacks(site, name):
    """Why a notebook cannot be run in this site, in words, and whether that is a fault; ("", False) if it can."""
    path = Path(site) / "files" / f"{name}.ipynb"
    if not path.is_file():
        return "the site does not have it; build it again", True
    lacking = needs(json.loads(path.read_bytes()))
    return (f"the site has no {' and '.join(lacking)}, and says so" if lacking else ""), False


@contextlib.contextmanager
def visited(site, folder=None):
    """A visit of the site, and the `Cdn` that is played for it from `folder`, or None without one."""
    with tempfile.TemporaryDirectory() as place:
        if folder:  # a copy, since the sums in its lock are exchanged
            site = shutil.copytree(site, Path(place) / "site")
        cdn = sites.Cdn(site, Path(folder), later=True) if folder else None
        with served(Path(site)) as address, Visit(address) as visit:
            if cdn:
                visit.context.route(f"{cdn.address}**", cdn.answer)
            yield visit, cdn


def main(site, *names):
    folder, names = (names[1], names[2:]) if names[:1] == ("--cdn",) else (None, names)
    books = sorted(source_folder().rglob("*.ipynb"))
    known = [path.relative_to(source_folder()).with_suffix("").as_posix() for path in books]
    failed = 0
    with visited(site, folder) as (visit, cdn):
        for name in names or known:
            why, fault = lacks(site, name)
            failed += fault
            if why:
                print(f"{name:30} not run: {why}", flush=True)
                continue
            wrong, compared, started, took = examine(visit, name, cdn)
            failed += bool(wrong)
            print(f"{name:30} kernel {started:5.1f} s, all cells {took:6.1f} s, {compared:3} compared, "
                  f"{len(wrong)} differ", flush=True)  # fmt: skip
            print("".join(f"    {one}\n" for one in wrong), end="", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
