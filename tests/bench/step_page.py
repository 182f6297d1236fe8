"""What `step` shows and stores: its tables, the verdict on each target, plain data for JSON."""

from . import machine, report
from .contestants import CONTESTANTS
from .summary import TARGETS, ratio

TIMES = ["median", "p90", "cpu", "rounds", "cpu_rounds"]


def page(facts, groups, cases, names, absent, markdown=False, short=False):
    """All tables as one text; `short` leaves out those that the page of measurements does not need.

    groups: one dict {(contestant, case name): summary} for each race; names: the rows; absent: those not installed.
    """
    rows = {}
    for group in groups:
        rows = {**group, **rows}  # the race between all contestants comes first and counts, not the one among sizes
    mark = "**" if markdown else ""
    parts = [
        f"{mark}{title}{mark}\n\n{report.table(header, lines, markdown)}"
        for title, header, lines in [*tables(rows, cases, names, absent, short), *verdicts(groups)]
    ]
    parts.append("\n".join(notes(rows, cases, names, absent)))
    return "\n\n".join([*parts, "Measured on: " + machine.describe(facts)])


def tables(rows, cases, names, absent, short):
    """(title, header, lines) of each table: a line for each contestant, a column for each case."""
    header = ["", *[case.name for case in cases]]

    def lines(cell):
        for name in names:
            found = [rows.get((name, case.name)) for case in cases]
            cells = ["not installed"] + [""] * (len(cases) - 1) if name in absent else map(cell, found, cases)
            yield [CONTESTANTS[name].title, *cells]

    def value(key):
        def cell(row, case):
            return "-" if row is None else "failed" if row["error"] else report.number(row[key])

        return cell

    def median_and_ratio(row, case):
        ours, text = rows.get(("kan_edu", case.name)), value("median")(row, case)
        r = ratio(row, ours) if row and ours and row is not ours else None
        return f"{text} ({report.number(r)}x)" if r and not row["error"] else text

    yield "One step: median, ms (times ours)", header, list(lines(median_and_ratio))
    yield "One step: CPU time, ms", header, list(lines(value("cpu")))
    memory = [[title, imported(rows, name), *cells]
              for name, (title, *cells) in zip(names, lines(value("peak_mb")), strict=True)]  # fmt: skip
    yield "Import, CPU s; peak memory of the process, MB", ["", "import", *header[1:]], memory
    if not short:
        yield "One step: 90 of 100 are faster than, ms", header, list(lines(value("p90")))
        yield "Parameters", header, list(lines(value("n_params")))


def imported(rows, name):
    """The cheapest of a contestant's imports: the first one may have compiled files."""
    took = [row["import_cpu"] for (who, _), row in rows.items() if who == name and row["import_cpu"] is not None]
    return report.number(min(took, default=None))


def verdicts(groups):
    """The table of targets, if one of them was measured."""
    judged = [(target, *target.judge(groups)) for target in TARGETS]
    lines = [[t.says, t.bound, report.number(r), report.number(cpu), verdict] for t, r, cpu, verdict in judged]
    if any(r is not None for _, r, _, _ in judged):
        yield "Targets", ["ratio of times", "target", "wall", "CPU", "verdict"], lines


def notes(rows, cases, names, absent):
    """What the tables need to be understood; what is missing and why."""
    yield "Cases: " + "; ".join(f"{case.name} {case}, {case.n_params} parameters" for case in cases) + "."
    yield from busy(rows)
    yield "Each MLP has the KAN's inputs, outputs and depth, tanh, and the same number of parameters within 2 %."
    for name in absent:
        yield f"{CONTESTANTS[name].title} is not installed: {CONTESTANTS[name].install}"
    for (name, case), row in rows.items():
        if row["error"]:
            yield f"{CONTESTANTS[name].title} failed in {case}: {row['error']}"


def busy(rows):
    """A warning if the processes had to wait for a core: then compare CPU times."""
    waits = [row["median"] / row["cpu"] for row in rows.values() if row["median"] and row["cpu"]]
    if waits and max(waits) > 1.2:
        yield f"The machine was busy: a step took up to {max(waits):.1f} times its CPU time. Measure again."


def as_json(facts, groups, cases):
    """Plain data: the machine, the cases, every race, the targets."""
    judged = [(target, *target.judge(groups)) for target in TARGETS]
    return {
        "machine": facts,
        "cases": {c.name: {"widths": list(c.widths), "G": c.G, "k": c.k, "batch": c.batch} for c in cases},
        "units": {**dict.fromkeys(TIMES, "ms"), "import_cpu": "s", "peak_mb": "MB"},
        "races": [
            [{"contestant": name, "case": case, **row} for (name, case), row in group.items()] for group in groups
        ],
        "targets": [
            {"says": t.says, "bound": t.bound, "ratio": r, "cpu_ratio": cpu, "verdict": verdict}
            for t, r, cpu, verdict in judged
        ],
    }
