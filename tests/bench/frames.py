"""Pictures a second in JupyterLab, in a headless browser: training that plays, and a part of a picture that is dragged.

And how long it takes from a key, on a part of the picture or on a slider, to the picture that follows it. Wall time
counts here, so `--write` wants an idle machine; the CPU time of a picture says which program bounds them.
"""

import argparse
from pathlib import Path

from . import machine, report
from .step import positive, writable

HEADER = ["", "pictures a second", "settled after, ms", "key to picture, ms", "95 % within, ms",
          "CPU ms a picture: kernel", "server", "page", "browser"]  # fmt: skip


def add_arguments(parser):
    parser.add_argument("--json", type=writable, metavar="FILE", help="also write everything that was measured")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    parser.add_argument("--write", action="store_true", help="also put the table into docs/measurements.md")
    parser.add_argument("--rounds", type=positive, default=5, metavar="N", help="rounds of all rows (5)")
    parser.add_argument("--only", default="", metavar="WORD", help="the rows with this word")
    parser.add_argument("--beside", type=clone, metavar="FOLDER", help="another clone, measured in turns with this one")


def clone(text):
    if not (Path(text) / "kan_edu" / "__init__.py").is_file():
        raise argparse.ArgumentTypeError(f"{text!r} is no clone: there is no kan_edu/__init__.py in it")
    return Path(text).resolve()


def run(args):
    """Measure, print, write; 2 if the machine was too busy to write, or has no browser, else 0."""
    from tests.browser.lab import missing

    facts, lacks = machine.facts(), missing()
    if args.write:
        report.has_place("frames")
    if lacks or (args.write and machine.too_busy(facts)):
        print(*[lacks] * bool(lacks))
        return 2
    from .frames_watched import watch

    measured = watch(args.only, args.rounds, args.beside)
    facts["load_after"] = machine.load()
    print(page(measured, facts, args))
    if args.json:
        report.write_json(args.json, {"machine": facts, "rows": measured})
    if args.write:
        report.put("frames", page(measured, facts, args, markdown=True))
    return 0


def page(measured, facts, args, markdown=False):
    """The table, and below it by what it was made on what."""
    rows = [[name, *map(report.number, numbers)] for name, numbers in measured.items()]
    busy = f"load average {facts['load']}"
    words = (f"By `python -m tests.bench frames --rounds {args.rounds}`, medians; {facts['cpu']}, "
             f"{facts['cores']} cores, {facts['system']}; Python {facts['python']}; {busy}.")  # fmt: skip
    return f"{report.table(HEADER, rows, markdown or args.markdown)}\n\n{words}"
