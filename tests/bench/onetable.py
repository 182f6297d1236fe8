"""A command that prints one table: rows are measured, shown, and put into docs/measurements.md on an idle machine."""

import os

from . import machine, report


def add_arguments(parser):
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    parser.add_argument("--write", action="store_true", help="also put the table into docs/measurements.md")


def run(place, header, measure, args):
    """Ask measure() for the rows, with one thread; 2 if the machine was too busy to write to the place, else 0."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy: a second thread's waiting is CPU time, too
    facts = machine.facts()
    if args.write:
        report.has_place(place)
        if machine.too_busy(facts):
            return 2
    rows = measure()
    facts |= {"versions": machine.versions(["numpy"]), "load_after": machine.load()}
    print(page(header, rows, facts, args.markdown))
    if args.write:
        report.put(place, page(header, rows, facts, markdown=True))
    return 0


def page(header, rows, facts, markdown):
    return f"{report.table(header, rows, markdown)}\n\nMeasured on: {machine.describe(facts)}"
