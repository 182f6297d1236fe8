"""Run Kolmogorov's theorem: errors and CPU time of the machine of five walls at fresh random points.

Errors are |machine - f| relative to the largest |f| on the square. sup is the largest one met: rare points are worse,
and every run draws other points (`--seed` draws the same again).
"""

import time

from . import machine, report
from .step import positive, writable

# title, exponents, room, points, {what: at most}; None points: the middles of a picture's pixels
RUNS = [
    ("2 levels", (3, 19), 6, 20_000, {"rms": 0.025, "sup": 0.35, "CPU s": 3}),
    ("3 levels", (6, 26, 78), 12, 1000, {"sup": 0.03, "99 %": 0.01, "CPU s": 15}),
    ("4 levels", (6, 26, 78, 242), 12, 200, {"sup": 0.01}),
    ("2 levels, picture 160 x 160", (3, 19), 6, None, {"CPU s": 0.5}),
]
SIDE = 160


def add_arguments(parser):
    parser.add_argument("--json", type=writable, metavar="FILE", help="also write everything that was measured")
    parser.add_argument("--markdown", action="store_true", help="print the tables as Markdown")
    parser.add_argument("--write", action="store_true", help="also put the table into docs/measurements.md")
    parser.add_argument("--seed", type=int, default=None, metavar="N", help="draw these points (else: fresh ones)")
    parser.add_argument("--points", type=positive, default=None, metavar="N", help="at most so many a row")


def run(args):
    """Measure and print; 1 if a target was missed, else 0."""
    if args.write:
        report.has_place("superposition")
    import numpy as np  # not at the top: the command line must be able to say what it can do without it

    from kan_edu.theorems.superposition import EXAMPLES

    rng, facts, rows = np.random.default_rng(args.seed), machine.facts(), []
    for title, exponents, room, points, targets in RUNS:
        for name in EXAMPLES:
            N = points and min(points, args.points or points)
            row = {"run": title, "levels": len(exponents), "points": N or SIDE**2, "f": name}
            row |= measure(name, exponents, room, N, rng)
            rows.append(row | {"targets": targets, "met": {what: row[what] < most for what, most in targets.items()}})
    facts |= {"versions": machine.versions(["numpy"]), "load_after": machine.load()}
    print(page(rows, facts, args.markdown))
    if args.json:
        report.write_json(args.json, {"machine": facts, "seed": args.seed, "rows": rows})
    if args.write:
        report.put("superposition", page(rows, facts, markdown=True))
    return 0 if all(all(row["met"].values()) for row in rows) else 1


def measure(name, exponents, room, points, rng):
    """{sup, 99 %, rms, CPU s} of one function; its largest absolute value from a grid of 501 x 501."""
    import numpy as np

    from kan_edu.theorems.superposition import EXAMPLES, Superposition
    from kan_edu.theorems.walls import Walls

    f, walls, grid = EXAMPLES[name], Walls(exponents, room), np.linspace(0, 1, 501)
    if points is None:
        x, y = (axis.ravel() for axis in np.meshgrid(*[(np.arange(SIDE) + 0.5) / SIDE] * 2))
    else:
        X, Y = walls.random(points, rng), walls.random(points, rng)
        x, y = walls.number(X), walls.number(Y)
    start = time.process_time()
    values = Superposition(f, walls)(x, y) if points is None else Superposition(f, walls).at(X, Y)
    cpu = time.process_time() - start
    error = np.abs(values - f(x, y)) / np.abs(f(grid[:, None], grid)).max()
    found = {"sup": error.max(), "99 %": np.quantile(error, 0.99), "rms": np.sqrt(np.mean(error**2)), "CPU s": cpu}
    return {what: float(value) for what, value in found.items()}


def page(rows, facts, markdown):
    """One table: a line for each run and function, with what was asked for and whether it was met."""
    header = ["run", "points", "f", "sup", "99 %", "rms", "CPU s", "target", "verdict"]
    lines = [[row["run"], str(row["points"]), row["f"], *[f"{100 * row[w]:.3f} %" for w in ("sup", "99 %", "rms")],
              f"{row['CPU s']:.2f}", asked(row["targets"]), verdict(row["met"])] for row in rows]  # fmt: skip
    text = report.table(header, lines, markdown)
    note = "Errors relative to the largest |f|. sup is the largest error met: rare points are worse."
    return f"{text}\n\n{note}\n\nMeasured on: {machine.describe(facts)}"


def asked(targets):
    return ", ".join(f"{w} < {most:g}" if w == "CPU s" else f"{w} < {100 * most:g} %" for w, most in targets.items())


def verdict(met):
    missed = [what for what, fine in met.items() if not fine]
    return f"missed: {', '.join(missed)}" if missed else "met"
