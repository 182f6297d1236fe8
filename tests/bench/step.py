"""Time one training step (forward, backward, Adam; float64, one thread) of kan_edu, pykan and MLPs.

Every contestant trains in a process of its own; they take turns, so that all see the same machine, and ratios are taken
round by round. Every step gets another batch than the one before.
"""

import argparse
import sys
from pathlib import Path

from . import machine, report
from .cases import CASES
from .contestants import CONTESTANTS
from .race import race
from .step_page import as_json, page
from .summary import summarise

SIZES = ["A", "C50", "C200"]  # the same network at G = 5, 50, 200: kan_edu also races against itself
QUICK = 3  # rounds


def add_arguments(parser):
    parser.add_argument("--json", type=writable, metavar="FILE", help="also write everything that was measured")
    parser.add_argument("--markdown", action="store_true", help="print the tables as Markdown")
    parser.add_argument("--write", action="store_true", help="also put the tables into docs/measurements.md")
    parser.add_argument("--repeats", type=positive, default=15, metavar="N", help="rounds, each of many steps (15)")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} rounds")
    parser.add_argument("--only", type=names_of(CASES), default=list(CASES), metavar="A,C200", help="these cases")
    parser.add_argument(
        "--who", type=names_of(CONTESTANTS), default=list(CONTESTANTS), metavar="pykan,torch_mlp",
        help=f"kan_edu and these; all are {', '.join(CONTESTANTS)}",
    )  # fmt: skip


def writable(text):
    """Found out before the measurement, not after it."""
    if not Path(text).resolve().parent.is_dir():
        raise argparse.ArgumentTypeError(f"{text!r} is in a folder that does not exist; make it first")
    return Path(text)


def positive(text):
    if not (text.isdecimal() and int(text) > 0):
        raise argparse.ArgumentTypeError(f"{text!r}; expected a whole number from 1 on")
    return int(text)


def names_of(known):
    def parse(text):
        unknown = sorted(set(text.split(",")) - set(known))
        if unknown:
            raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}; expected some of {','.join(known)}")
        return [name for name in known if name in text.split(",")]

    return parse


def run(args):
    """Measure, print, write; 130 after Ctrl-C (with what was measured until then), 2 if it was too busy, else 0."""
    facts = machine.facts()
    if args.write:
        report.has_place("step")
        if machine.too_busy(facts):
            return 2
    names = [name for name in CONTESTANTS if name == "kan_edu" or name in args.who]
    absent = [name for name in names if CONTESTANTS[name].missing()]
    groups, stopped = measure(args.only, [n for n in names if n not in absent], QUICK if args.quick else args.repeats)
    packages = dict.fromkeys(package for name in names for package in CONTESTANTS[name].packages)
    facts |= {"versions": machine.versions(packages), "load_after": machine.load(), "blas": found_blas(groups)}
    groups = [{key: summarise(result) for key, result in group.items()} for group in groups]

    cases = [CASES[name] for name in args.only]
    print(page(facts, groups, cases, names, absent, args.markdown))
    if args.json:
        report.write_json(args.json, as_json(facts, groups, cases))
    if args.write and not stopped:
        report.put("step", page(facts, groups, cases, names, absent, markdown=True, short=True))
    return 130 if stopped else 0


def measure(cases, who, rounds):
    """([results of each race], True if Ctrl-C ended it early)."""
    groups, stopped, progress = [], False, Progress()
    races = [[(name, CASES[case]) for name in who] for case in cases]
    sizes = [("kan_edu", CASES[case]) for case in SIZES if case in cases]
    races += [sizes] if len(sizes) > 1 else []
    try:
        for entries in races:
            groups.append({})
            progress.title = ", ".join(dict.fromkeys(case.name for _, case in entries))
            race(entries, rounds, groups[-1], progress)
    except KeyboardInterrupt:
        stopped = True
    progress.end("stopped: the tables hold what was measured until now" if stopped else "")
    return groups, stopped


def found_blas(groups):
    return next((result.blas for group in groups for result in group.values() if result.blas), None)


class Progress:
    """One line on stderr that is written over; where stderr is no terminal, one line for each race."""

    title, shown = "", None

    def __call__(self, text):
        if sys.stderr.isatty():
            print(f"\r\x1b[K{self.title}: {text}", end="", file=sys.stderr, flush=True)
        elif self.shown != self.title:
            self.shown = self.title
            print(f"measuring {self.title}", file=sys.stderr, flush=True)

    def end(self, text):
        print("\r\x1b[K" * sys.stderr.isatty() + text, end="\n" if text else "", file=sys.stderr, flush=True)
