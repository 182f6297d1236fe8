"""What `peers` shows and stores: time and memory in each type, what is computed, the verdict on each goal."""

from . import machine, report
from .cases import mlp_widths
from .peers_contestants import LEFT_OUT, PEERS, TYPES
from .summary import ratio

RIVALS = ["inkan", "inkan_compiled", "flashkan", "jaxkan", "pykan"]  # they compute what we compute, or mean to
GOALS = {"32": {"A": 3, "B": 3, "C200": 3, "D": 1.5, "E": 1, "F": 1}, "64": {"E": 1.8, "F": 1.8}}


def page(facts, rows, cases, who, types, absent, markdown=False):
    """All tables as one text.

    rows: {(contestant with its type, case name): summary}; who: the contestants without their types; absent: {one of
    them: the module that is not there}.
    """
    mark = "**" if markdown else ""
    parts = [
        f"{mark}{title}{mark}\n\n{report.table(header, lines, markdown)}"
        for title, header, lines in tables(rows, [case.name for case in cases], who, types, absent)
    ]
    return "\n\n".join([*parts, "\n".join(notes(rows, cases, absent)), "Measured on: " + machine.describe(facts)])


def tables(rows, cases, who, types, absent):
    """(title, header, lines) of each table; cases by their names."""

    def lines(digits, cell):
        for name in who:
            cells = [cell(rows, f"{name}_{digits}", f"kan_edu_{digits}", case) for case in cases]
            cells = ["not installed", *[""] * (len(cases) - 1)] if name in absent else cells
            yield [titled(name), *cells]

    for digits in types:
        yield f"One step in {TYPES[digits]}: CPU time, ms (times ours)", ["", *cases], list(lines(digits, time))
    for digits in types:
        yield f"Peak memory of the process in {TYPES[digits]}, MB", ["", *cases], list(lines(digits, memory))
    yield "The functions of an edge, and how far they are from exact B-splines", *functions(rows, cases, who, types)
    verdicts = [line for digits in types for line in goals(rows, digits)]
    if verdicts:
        header = ["", "goal", "measured", "the fastest", "verdict"]
        yield "CPU time of the fastest of the others with cubic splines / ours", header, verdicts


def titled(name):
    return PEERS[f"{name}_64"].title


def time(rows, name, ours, case):
    row, ours = rows.get((name, case)), rows.get((ours, case))
    if row is None or row["error"]:
        return "-" if row is None else "failed"
    times = ratio(row, ours, "cpu_rounds") if ours and row is not ours else None
    return f"{report.number(row['cpu'])} ({report.number(times)}x)" if times else report.number(row["cpu"])


def memory(rows, name, ours, case):
    return report.number((rows.get((name, case)) or {"peak_mb": None})["peak_mb"])


def functions(rows, cases, who, types):
    """(header, lines): what is computed in words, and the largest distance on the coarsest grid and on the finest."""
    columns = [(case, digits) for case in cases if case in ("A", "C200") for digits in types]
    lines = []
    for name in who:
        found = [(rows.get((f"{name}_{digits}", case)) or {"off": None})["off"] for case, digits in columns]
        cells = ["-" if off is None else f"{off:.0e}" for off in found]
        lines.append([titled(name), PEERS[f"{name}_64"].computes, *cells])
    return ["", "functions", *[f"{case}, {TYPES[digits]}" for case, digits in columns]], lines


def goals(rows, digits):
    """One line for each case with a goal that was measured."""
    for case, least in GOALS[digits].items():
        ours, found = rows.get((f"kan_edu_{digits}", case)), {}
        for name in RIVALS:
            row = rows.get((f"{name}_{digits}", case))
            if ours and row and (r := ratio(row, ours, "cpu_rounds")):
                found[name] = r
        if found:
            fastest = min(found, key=found.get)
            verdict = "met" if found[fastest] >= least else "missed"
            yield [f"{case}, {TYPES[digits]}", f">= {least}", report.number(found[fastest]), titled(fastest), verdict]


def notes(rows, cases, absent):
    """What the tables need to be understood; what is missing and why."""
    yield "Cases: " + "; ".join(f"{case.name} {case}, {case.n_params} parameters" for case in cases) + "."
    yield "Each MLP has the KAN's inputs, outputs and depth, tanh, and the same number of parameters within 2 %:"
    yield "; ".join(f"{case.name} {mlp_widths(case)}" for case in cases) + "."
    yield "kanboost is not timed: it boosts pykan's networks and has no training step of its own."
    yield from (f"{reason}." for (_, name), reason in LEFT_OUT.items() if name in [case.name for case in cases])
    for name, module in absent.items():
        yield f"{titled(name)} is not installed (no module {module}): {PEERS[f'{name}_64'].install}"
    for (name, case), row in rows.items():
        if row["error"]:
            yield f"{name} failed in {case}: {row['error']}"
