"""Time one training step of other packages of KANs beside kan_edu, in float32 and in float64, one thread.

As `step` does it: a process for each, in turns, ratios taken round by round; every step gets another batch. What each
computes is measured too: how far its functions are from exact B-splines.
"""

from . import machine, report
from .cases import PEER_CASES
from .peers_contestants import LEFT_OUT, PEERS, TYPES
from .peers_page import page
from .race import race
from .step import Progress, names_of, positive, writable
from .summary import summarise

NAMES = list(dict.fromkeys(name.rpartition("_")[0] for name in PEERS))


def add_arguments(parser):
    parser.add_argument("--json", type=writable, metavar="FILE", help="also write everything that was measured")
    parser.add_argument("--markdown", action="store_true", help="print the tables as Markdown")
    parser.add_argument("--write", action="store_true", help="also put the tables into docs/measurements.md")
    parser.add_argument("--repeats", type=positive, default=9, metavar="N", help="rounds, each of many steps (9)")
    parser.add_argument("--only", type=names_of(PEER_CASES), default=list(PEER_CASES), metavar="A,F", help="cases")
    parser.add_argument("--who", type=names_of(NAMES), default=NAMES, metavar="inkan,jaxkan",
                        help=f"kan_edu and these; all are {', '.join(NAMES)}")  # fmt: skip
    parser.add_argument("--types", type=names_of(TYPES), default=list(TYPES), metavar="32", help="64, 32 or both")


def run(args):
    """Measure, print, write; 130 after Ctrl-C (with what was measured until then), 2 if it was too busy, else 0."""
    facts = machine.facts()
    if args.write:
        report.has_place("peers")
        if machine.too_busy(facts):
            return 2
    who = [name for name in NAMES if name == "kan_edu" or name in args.who]
    absent = {name: PEERS[f"{name}_64"].missing() for name in who}
    absent = {name: module for name, module in absent.items() if module}
    present = [name for name in who if name not in absent]
    rows, stopped = measure(args.only, present, args.types, args.repeats)
    packages = dict.fromkeys(package for name in who for package in PEERS[f"{name}_64"].packages)
    facts |= {"versions": machine.versions(packages), "load_after": machine.load()}
    cases = [PEER_CASES[name] for name in args.only]
    print(page(facts, rows, cases, who, args.types, absent, args.markdown))
    if args.json:
        named = [{"contestant": name, "case": case, **row} for (name, case), row in rows.items()]
        report.write_json(args.json, {"machine": facts, "rows": named})
    if args.write and not stopped:
        report.put("peers", page(facts, rows, cases, who, args.types, absent, markdown=True))
    return 130 if stopped else 0


def measure(cases, who, types, rounds):
    """({(contestant, case): summary}, True if Ctrl-C ended it early): one race for each case and type."""
    results, stopped, progress = {}, False, Progress()
    try:
        for case in cases:
            for digits in types:
                entries = [(f"{name}_{digits}", PEER_CASES[case]) for name in who if (name, case) not in LEFT_OUT]
                progress.title = f"{case}, {TYPES[digits]}"
                race(entries, rounds, results, progress)
    except KeyboardInterrupt:
        stopped = True
    progress.end("stopped: the tables hold what was measured until now" if stopped else "")
    return {key: summarise(result) for key, result in results.items()}, stopped
