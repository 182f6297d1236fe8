"""Measures a built site as a visitor meets it, and prints the rows for docs/measurements.md.

    python -m tests.command.site.measure SITE [LESSON]      LESSON, such as 08_kan_or_mlp: run whole, too

A cold start is a browser that was never there; a warm one has been, and was closed. "First picture" is from the
address being typed to the first app of lesson 00 being on the page. A move of a slider is one press of an arrow key
until the words below the picture have changed. Times are wall time, on a machine that should do nothing else; in
brackets the CPU time of all of the browser's processes.
"""

import contextlib
import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil

from tests.command.site.run import run_lesson
from tests.command.site.visit import Visit, served

MOVES = 20
HANDLE = ".jp-OutputArea .widget-vbox .noUi-handle"
WORDS = "() => document.querySelector('.jp-OutputArea [role=status]')?.innerText"
CHANGED = f"before => ({WORDS})() !== before"


class Clock:
    """Seconds since it was made, and the CPU time that the browser took since then: 12.3 s (23.4 s)."""

    def __init__(self):
        self.begin, self.used = time.monotonic(), browsers_time()

    def __str__(self):
        return f"{time.monotonic() - self.begin:.1f} s ({browsers_time() - self.used:.1f} s)"


def browsers_time():
    """The CPU time of all processes that this one has started and that still run; seconds."""
    total = 0.0
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += sum(child.cpu_times()[:2])
    return total


def first_picture(visit, start):
    """Open lesson 00, show its first picture, print what both took."""
    clock = Clock()
    visit.open("00_start_here.ipynb")
    print(f"| {start} start: kernel | {clock} |")
    visit.run(1)
    visit.page.wait_for_selector(HANDLE)
    print(f"| {start} start: first picture | {clock} |", flush=True)


def moves(visit):
    """Milliseconds of each move of the first slider on the page."""
    visit.page.locator(HANDLE).first.focus()
    took = []
    for n in range(MOVES):
        before, begin = visit.page.evaluate(WORDS), time.monotonic()
        visit.page.keyboard.press("ArrowRight" if n < MOVES // 2 else "ArrowLeft")  # the slider has an end
        visit.page.wait_for_function(CHANGED, arg=before, polling=5)
        took.append(1000 * (time.monotonic() - begin))
    return took


def main(site, lesson=None):
    size = sum(path.stat().st_size for path in Path(site).rglob("*") if path.is_file()) / 1e6
    print(f"| size of the site | {size:.1f} MB |")
    with served(Path(site)) as address, tempfile.TemporaryDirectory() as home:
        for start in ("cold", "warm"):
            with Visit(address, home) as visit:
                first_picture(visit, start)
                took = moves(visit)
                median, most = statistics.median(took), max(took)
                print(f"| a slider's move, median of {MOVES} (slowest) | {median:.0f} ms ({most:.0f} ms) |", flush=True)
        if lesson:
            with Visit(address, home) as visit:
                visit.open(f"{lesson}.ipynb")
                clock = Clock()
                differ, compared = run_lesson(visit, lesson)
                print(f"| {lesson}, all cells | {clock}, {compared} cells, {len(differ)} differ |")


if __name__ == "__main__":
    main(*sys.argv[1:])
