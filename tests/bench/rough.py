"""A rough answer, soon: the test error of f1 against CPU time from the first step on, optimiser by optimiser.

A KAN [2, 5, 1] of degree 3, five seeds. Nobody chooses a start: what is asked is how soon an error is small, not how
small it gets; for that see `accuracy`.
"""

import os
import warnings
from statistics import median

from . import machine, report
from .step import positive, writable

GOAL = 8e-3  # of the test RMSE; f1 has a standard deviation of 1.4
TIMES = (0.02, 0.05, 0.1, 0.2)  # CPU seconds
# what trains, its options, samples in a step (None: all), the first so many samples only, and G
ROWS = [
    ("LevenbergMarquardt", {"damping": 0.1}, None, 300, 3),
    ("LevenbergMarquardt", {"damping": 0.1}, None, None, 3),
    ("NewtonKaczmarz", {}, 1, None, 5),
    ("NewtonKaczmarz", {}, 50, None, 5),
    ("NewtonKaczmarz", {}, 100, None, 5),
    ("Adam", {"lr": 0.02}, 50, None, 5),
]


def add_arguments(parser):
    parser.add_argument("--json", type=writable, metavar="FILE", help="also write everything that was measured")
    parser.add_argument("--markdown", action="store_true", help="print the table as Markdown")
    parser.add_argument("--write", action="store_true", help="also put the table into docs/measurements.md")
    parser.add_argument("--seeds", type=positive, default=5, metavar="N", help="so many seeds (default: 5)")


def run(args):
    """Measure and print; 2 if it was too busy to write, else 0."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy
    facts = machine.facts()
    if args.write:
        report.has_place("rough")
        if machine.too_busy(facts):
            return 2
    for row in ROWS:
        curve(row, 0)  # whoever came first would pay for what is made only once
    curves = [[] for _ in ROWS]
    for seed in range(args.seeds):  # in turn, so that all of them see the same machine
        for row, found in zip(ROWS, curves, strict=True):
            found.append(curve(row, seed))
    facts |= {"versions": machine.versions(["numpy"]), "load_after": machine.load()}
    print(page(curves, facts, args.markdown))
    if args.json:
        rows = [{"row": named(row), "curves": found} for row, found in zip(ROWS, curves, strict=True)]
        report.write_json(args.json, {"machine": facts, "rows": rows})
    if args.write:
        report.put("rough", page(curves, facts, markdown=True))
    return 0


def curve(row, seed):
    """[(CPU seconds, test RMSE), ...] after each step, until the last of TIMES; the test is not on the clock."""
    import kan_edu

    from .learn import Clock, drawn, rmse

    (name, options, batch, few, G), ((X, Y), test) = row, drawn("f1", seed)
    model, points = kan_edu.KAN([2, 5, 1], G=G, seed=seed), []

    def after(step, model, loss):
        seconds = clock.seconds()
        with clock.stopped():
            points.append((seconds, rmse(model, *test)))
        return seconds > TIMES[-1]

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that it has learnt little: it was not given the time
        clock = Clock()
        kan_edu.fit(model, X[:few], Y[:few], optimiser=getattr(kan_edu, name)(**options), batch_size=batch,
                    steps=10**6, callback=after, progress=False, seed=seed)  # fmt: skip
    return points


def named(row):
    name, options, batch, few, G = row
    options = ", ".join(f"{key}={value}" for key, value in options.items())
    step = "" if batch is None else f", {batch} sample{'s' * (batch > 1)} a step"
    return f"{name}({options}){step}{f', the first {few} samples' if few else ''}, G = {G}"


def page(curves, facts, markdown):
    """A line for each row: when it comes below GOAL, and where it is at TIMES, over the seeds."""
    header = ["f1 [2, 5, 1] k=3", f"below {GOAL:g}: CPU s", "worst", *(f"RMSE at {t:g} s" for t in TIMES)]
    lines = []
    for row, found in zip(ROWS, curves, strict=True):
        hits = [next((t for t, error in points if error < GOAL), float("inf")) for points in found]
        lines.append([named(row), *(words(f(hits)) for f in (median, max)), *(at(found, t) for t in TIMES)])
    return f"{report.table(header, lines, markdown)}\n\nMeasured on: {machine.describe(facts)}"


def words(seconds):
    return "-" if seconds == float("inf") else f"{seconds:.3f}"


def at(found, time):
    """The median error of the last steps that had ended by then."""
    errors = [[error for t, error in points if t <= time] for points in found]
    return f"{median(part[-1] for part in errors):.1e}" if all(errors) else "-"
