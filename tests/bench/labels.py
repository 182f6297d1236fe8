"""Whether words in all apps' pictures stand free: none runs into another or out of the picture, in random states."""

import sys

from kan_edu import apps

from . import report
from .step import names_of, positive

HEADER = ["app", "states", "texts", "crossing", "leaving"]


def add_arguments(parser):
    parser.add_argument("--only", type=names_of(dict.fromkeys(apps.__all__)), default=apps.__all__, metavar="A,B",
                        help="apps")  # fmt: skip
    parser.add_argument("--states", type=positive, default=200, metavar="N", help="random states of each app (200)")
    parser.add_argument("--seed", type=int, default=0, metavar="S", help="of the states (0)")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    parser.add_argument("--write", action="store_true",
                        help="also put the rows of these apps into the table in docs/measurements.md")  # fmt: skip


def run(args):
    """Look, print each kind of fault once with a state that shows it; 1 if there is one, else 0."""
    from .labels_looked import WIDTHS, look_at

    if args.write:
        report.has_place("labels")
    rows, bad = [], 0
    for name in args.only:
        counts, faults = look_at(name, args.states, args.seed)
        rows.append([name, args.states, counts, *(sum(len(found) for kind, found in faults.items() if kind[0] == what)
                                                  for what in ("crossing", "leaving"))])  # fmt: skip
        for kind, found in faults.items():
            width, state, *_ = found[0]
            print(f"{name} {' '.join(kind)}: {len(found)} times, first at width {width} in {state}", flush=True)
        print(*rows[-1], file=sys.stderr, flush=True)  # it takes minutes
        bad += bool(faults)
    print(report.table(HEADER, rows, args.markdown))
    if args.write:
        known = rows_there() | {row[0]: row for row in rows}
        rows = [known[name] for name in apps.__all__ if name in known]
        words = f"By `python -m tests.bench labels --seed {args.seed} --write`, at widths of " + \
                " and ".join(map(str, WIDTHS)) + " pixels."  # fmt: skip
        report.put("labels", f"{report.table(HEADER, rows, markdown=True)}\n\n{words}")
    return int(bad > 0)


def rows_there():
    """{app: row} of the table as it stands in docs/measurements.md: it takes minutes, and can be made in pieces."""
    text = report.MEASUREMENTS.read_text(encoding="utf-8")
    table = text.partition("<!-- bench:labels -->")[2].partition("<!-- /bench:labels -->")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    return {row[0]: row for row in rows if row[0] in apps.__all__}
