"""What a page shows while an app plays or is dragged: when each picture came, and the CPU time of all programs."""

import contextlib
import functools
import os
import statistics
import sys

import nbformat
import psutil

from kan_edu.command.lab import ONE_THREAD
from tests.browser.conftest import opened
from tests.browser.direct import run_cell
from tests.browser.lab import Lab, chrome
from tests.browser.page import BROWSER, Tab

from . import report

SECONDS = 2.5  # of one row
# {row: (what is shown, what the hand does)}; `seed` is another one in each round, so that each trains anew
ROWS = {
    "play, Adam": ("TrainerApp(state={'seed': seed, 'optimiser': 'Adam'})", "play"),
    "play, L-BFGS": ("TrainerApp(state={'seed': seed, 'optimiser': 'L-BFGS'})", "play"),
    "play, LM": ("TrainerApp(state={'seed': seed, 'optimiser': 'LM'})", "play"),
    "play once more": ("app = TrainerApp(state={'frame': 60})\napp.state = {'frame': 0}\napp", "play"),
    "drag the probe": ("SplineApp()", "probe"),
    "drag a knot": ("SplineApp()", "knot 2"),
    "drag a point": ("PerceptronApp()", "point 2"),
    "keys, the probe": ("SplineApp()", "probe key"),
    "keys, its slider": ("SplineApp(controls=('x',))", "slider key"),
}
# A point moves in eighths, some 19 pixels: a hand that swings by 40 passes nine places a second, and there is no
# other picture for each of its moves. So it goes round, which is more than forty.
WAYS = {"point 2": (100, -100)}  # pixels to the side, and down and up; else (40, 0)
KEYS = 30  # presses, one after the other
PAUSE = 250  # ms after a key
FIRST = "from kan_edu.apps import *"

# When another picture was on the page, as of the frame that is painted next. Without a picture no frame is
# asked for: each costs CPU time.
WATCH = """image => { window.pictures = [];
    if (!image.watched) image.addEventListener("load", () => requestAnimationFrame(now => pictures.push(now)));
    image.watched = true; }"""
KEYED = """() => { window.keys = [];
    addEventListener("keydown", event => keys.push(event.timeStamp), {capture: true}); }"""
# A hand that goes back and forth, or round, sixty times a second; a test program's own moves would wait for the page.
MOVES = """async (frame, [x, y, wide, tall, seconds]) => { const start = performance.now();
    for (let share = 0; share < 1;) {
        await new Promise(done => setTimeout(done, 1000 / 60));
        share = Math.min(1, (performance.now() - start) / 1000 / seconds);
        const turn = 7 * share * seconds, smaller = 1 - share / 9;
        const [clientX, clientY] = [x + wide * Math.sin(turn) * smaller, y + tall * (Math.cos(turn) * smaller - 1)];
        frame.dispatchEvent(new PointerEvent("pointermove", {clientX, clientY, pointerId: 1, isPrimary: true}));
    }
    return [start, performance.now()]; }"""


def watch(word, rounds, beside):
    """{row: medians over the rounds} of the rows with `word`; with another clone each row twice, taken in turns."""
    from playwright.sync_api import sync_playwright

    clones = {"": ""} if beside is None else {"": "", "beside: ": f"import sys\nsys.path.insert(0, {str(beside)!r})\n"}
    names, found = [name for name in ROWS if word in name], {}
    os.environ.update(ONE_THREAD)  # of a kernel, as in `kan-edu lab`
    with Lab() as lab, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chrome(), headless=True, args=BROWSER)
        tab = Tab(lab, browser.new_context(viewport={"width": 1280, "height": 800}))
        for turn in range(rounds):
            for mark, first in clones.items():
                for name, numbers in one_round(tab, names, first, turn):
                    found.setdefault(mark + name, []).append(numbers)
                    print(mark + name, *map(report.number, numbers), file=sys.stderr, flush=True)
        browser.close()
    return {name: [None if None in column else statistics.median(column) for column in zip(*rows, strict=True)]
            for name, rows in found.items()}  # fmt: skip


def one_round(tab, names, first, turn):
    """(row, numbers) of all rows, in one notebook with one kernel; an app stands in a cell of its own."""
    book = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    book.cells = [nbformat.v4.new_code_cell(f"{first}{FIRST}\nseed = {turn}")]
    book.cells += [nbformat.v4.new_code_cell(ROWS[name][0]) for name in names]
    nbformat.write(book, tab.lab.root / "frames.ipynb")
    with opened(tab, "frames.ipynb") as notebook:
        errors = notebook.run()
        if errors:
            raise RuntimeError(errors[0])
        for name, app in zip(names, notebook.apps(len(names)), strict=True):
            yield name, measured(notebook, app, *ROWS[name])


def measured(notebook, app, source, what):
    """[pictures a second, ms from the hand's end to the last picture, ms from a key to its picture: median and 95 %,
    CPU ms a picture of four programs]; None where there is no such number."""
    app.image.scroll_into_view_if_needed()
    notebook.page.wait_for_timeout(500)
    programs = groups(notebook)
    app.image.evaluate(WATCH)
    before = cpu_times(programs)
    if what.endswith("key"):
        numbers = [None, None, *pressed(app, what)]
    else:
        begin, end = played(app) if what == "play" else dragged(app, source, what)
        times = notebook.page.evaluate("() => pictures")
        shown = [time for time in times if begin <= time <= end]
        if len(shown) < 2:
            raise RuntimeError(f"{source} showed {len(shown)} pictures in {SECONDS} s; measure again when idle")
        late = max([0, *(time - end for time in times)]) if what != "play" else None
        numbers = [(len(shown) - 1) / (shown[-1] - shown[0]) * 1000, late, None, None]
    used = [after - was for after, was in zip(cpu_times(programs), before, strict=True)]
    count = notebook.page.evaluate("() => pictures.length")
    return [*numbers, *(1000 * seconds / count for seconds in used)]


def played(app):
    """Press Play, as fast as it goes, for some seconds; when it began and ended on the page's clock."""
    app.box.get_by_role("radio", name="fast").click()
    app.button("Play").click()
    begin = app.page.evaluate("() => performance.now()")
    app.page.wait_for_timeout(1000 * SECONDS)
    end = app.page.evaluate("() => performance.now()")
    with contextlib.suppress(Exception):  # it may have come to its end
        app.button("Pause").click(timeout=200)
    return begin, end


def dragged(app, source, name):
    """Take hold of a thing, move it back and forth for some seconds, let go."""
    box, mouse = app.image.bounding_box(), app.page.mouse
    x0, y0, x1, y1 = box_of(source, name)
    x, y = box["x"] + box["width"] * (x0 + x1) / 2, box["y"] + box["height"] * (y0 + y1) / 2
    mouse.move(x, y)
    mouse.down()
    begin, end = app.box.locator(".kan-edu-frame").evaluate(MOVES, [x, y, *WAYS.get(name, (40, 0)), SECONDS])
    mouse.up()
    app.page.wait_for_timeout(600)
    return begin, end


def pressed(app, what):
    """Press an arrow key again and again; ms from a key to the last picture before the next key: median and 95 %."""
    app.box.locator(".noUi-handle" if what == "slider key" else ".kan-edu-frame").first.focus()
    while what == "probe key" and "probe" not in app.caption():  # Space goes on to the next thing
        app.page.keyboard.press("Space")
        app.page.wait_for_timeout(50)
    app.page.evaluate(KEYED)
    for number in range(KEYS):
        app.page.keyboard.press("ArrowRight" if number % 10 < 5 else "ArrowLeft")
        app.page.wait_for_timeout(PAUSE)
    keys, pictures = app.page.evaluate("() => [keys, pictures]")
    waits = [max((time - key for time in pictures if key < time < after), default=None)
             for key, after in zip(keys, [*keys[1:], float("inf")], strict=True)]  # fmt: skip
    waits = sorted(wait for wait in waits if wait is not None)
    return statistics.median(waits), waits[int(0.95 * len(waits))]


@functools.cache
def box_of(source, name):
    """[x0, y0, x1, y1] of a thing, shares of the picture, from the same app made here."""
    app = run_cell(f"from kan_edu.apps import *\n{source}", {})
    return next(thing["box"] for thing in app.live.touch.things if thing["name"] == name)


def groups(notebook):
    """Four lists of processes: the kernel, Jupyter's server, the page's, the rest of the browser."""
    chromium = [process for process in psutil.Process().children(recursive=True)
                if any(part.startswith(("--type=", "--no-sandbox")) for part in process.cmdline())]  # fmt: skip
    pages = [process for process in chromium if "--type=renderer" in process.cmdline()]
    return [[notebook.kernel()], [notebook.lab.process], pages, [one for one in chromium if one not in pages]]


def cpu_times(programs):
    """CPU seconds of each list of processes so far."""
    return [sum(sum(process.cpu_times()[:2]) for process in processes) for processes in programs]
