"""`python -m tests.bench reading`: laws read off data, at three levels of noise, and data that have none.

Exact: on fresh points, in ranges 10 % longer at both ends, the formula agrees with the law to 1e-8 of the spread of y.
Sure and false: claimed as sure, and not exact. CPU seconds of one process; the machine module sets one BLAS thread.
"""

import os
import time

from . import machine, report
from .step import writable
from .superposition import positive

NOISE = (0.0, 0.01, 0.05)
GOALS = {0.0: 19, 0.01: 16, 0.05: 10, "further": 8}
EXACT = 1e-8


def add_arguments(parser):
    parser.add_argument("--rows", default="", metavar="A,B", help="only rows whose name holds one of these")
    parser.add_argument("--seeds", type=positive, default=5, metavar="N", help="seeds a row (default: 5)")
    parser.add_argument("--noise", type=float, nargs="*", default=None, metavar="X", help="of the spread of y")
    parser.add_argument("--samples", type=positive, default=2000, metavar="N", help="samples a row (default: 2000)")
    parser.add_argument("--parts", default="rows,further,none,pykan", metavar="A,B", help="rows, further, none, pykan")
    parser.add_argument("--json", type=writable, metavar="FILE", help="also write everything that was measured")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/measurements.md")


def run(args):
    """Measure and print as it goes; 1 if a goal was missed in a full run, else 0."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy comes
    from . import reading_pykan
    from .reading_none import SETS
    from .reading_rows import FURTHER, ROWS

    if args.write:
        report.has_place("reading")
    facts, parts = machine.facts(), args.parts.split(",")
    wanted = [name for name in args.rows.split(",") if name]
    pages, missed, all_measured = [], 0, []
    noises = tuple(NOISE if args.noise is None else args.noise)
    for part, rows, levels in (("rows", ROWS, noises), ("further", FURTHER, noises[:1])):
        chosen = [row for row in rows if not wanted or any(name in row.name for name in wanted)]
        if part in parts and chosen:
            measured = [measure_row(row, levels, args.seeds, args.samples) for row in chosen]
            pages.append(page(part, measured, levels, args.seeds))
            missed += not wanted and not reached(part, measured, levels, args.seeds)
            all_measured += measured
    if "none" in parts and not wanted:
        claims = [measure_none(name, make) for name, make in SETS.items()]
        pages.append(none_page(claims))
        missed += any(claim["sure"] for claim in claims)
        all_measured += claims
    if "pykan" in parts and not wanted:
        pages.append(reading_pykan.page(ROWS))
    text = "\n\n".join([*pages, f"Measured on: {machine.describe(facts | {'versions': machine.versions(['numpy'])})}"])
    print("\n" + text)
    if args.json:
        report.write_json(args.json, {"machine": facts, "measured": all_measured})
    if args.write:
        report.put("reading", text)
    return int(bool(missed))


def measure_row(row, levels, seeds, samples):
    """{"row", "law", noise: [one result a seed]}; prints a line for each noise."""
    measured = {"row": row.name, "law": row.law}
    for noise in levels:
        results = [read_once(row, noise, seed, samples) for seed in range(seeds)]
        measured[noise] = results
        exact, cpu = sum(r["exact"] for r in results), sorted(r["cpu"] for r in results)
        print(f"{row.name:>32} noise {noise:<5g} exact {exact}/{seeds}  CPU s {cpu[len(cpu) // 2]:.2f}, "
              f"worst {cpu[-1]:.2f}  {results[0]['text'][:90]}", flush=True)  # fmt: skip
    return measured


def read_once(row, noise, seed, samples):
    """One reading: {"exact", "shape", "sure", "cpu", "text"}."""
    import numpy as np

    from kan_edu import read_law

    rng = np.random.default_rng([seed, sum(map(ord, row.name))])
    X = row.sample(samples, rng)
    y = row.f(X)
    y = y + noise * y.std() * rng.normal(size=len(y))
    start = time.process_time()
    law = read_law(X, y, row.names, seconds=60, seed=seed, progress=False)
    cpu = time.process_time() - start
    new = row.sample(2000, rng, wider=0.1)
    with np.errstate(all="ignore"):
        truth = row.f(new)
        new, truth = new[np.isfinite(truth)], truth[np.isfinite(truth)]
        error = np.abs(law.best(new) - truth).max() / y.std() if law.best else np.inf
    text = law.best.text if law.best else law.reason
    error = float(error) if np.isfinite(error) else None
    return {"exact": error is not None and error < EXACT, "sure": law.sure, "cpu": cpu, "text": text, "error": error}


def measure_none(name, make):
    """{"set", "sure", "cpu", "reason"} of a data set without a law."""
    from kan_edu import read_law

    try:
        X, y = make()
    except ImportError as error:
        print(f"{name:>36}: left out, {error}")
        return {"set": name, "sure": False, "cpu": 0.0, "reason": f"left out: {error}"}
    start = time.process_time()
    law = read_law(X, y, seconds=60, progress=False)
    cpu = time.process_time() - start
    print(f"{name:>36}: {'SURE ' + law.best.text if law.sure else 'not sure'}, {cpu:.1f} s, {law.reason}", flush=True)
    return {"set": name, "sure": law.sure, "cpu": cpu, "reason": law.reason}


def solved(measured, noise, seeds):
    """Whether a row was read exactly in four of five seeds."""
    return sum(r["exact"] for r in measured[noise]) >= 0.8 * seeds


def reached(part, measured, levels, seeds):
    fine = True
    for noise in levels:
        goal = GOALS.get("further" if part == "further" else noise, 0)
        false = sum(r["sure"] and not r["exact"] for m in measured for r in m[noise])
        fine &= sum(solved(m, noise, seeds) for m in measured) >= goal and false == 0
    return fine


def page(part, measured, levels, seeds):
    """One table: a line for each row, for each noise how many seeds were exact and the median CPU time."""
    header = ["row", "law"] + [f"noise {100 * n:g} %: exact, CPU s" for n in levels] + ["as read, first seed"]
    lines = []
    for m in measured:
        cells = [f"{sum(r['exact'] for r in m[n])}/{seeds}, {_median([r['cpu'] for r in m[n]]):.2f}" for n in levels]
        lines.append([m["row"], f"`{m['law']}`", *cells, f"`{m[levels[0]][0]['text'][:80]}`"])
    notes = []
    for n in levels:
        results = [r for m in measured for r in m[n]]
        cpu, false = [r["cpu"] for r in results], sum(r["sure"] and not r["exact"] for r in results)
        goal = GOALS.get("further" if part == "further" else n)
        rows = f"{sum(solved(m, n, seeds) for m in measured)} of {len(measured)} rows exact in four of five seeds"
        asked = f" (goal {goal})" if goal else ""
        sure = f"sure {sum(r['sure'] for r in results)} of {len(results)}, sure and false: {false}"
        times = f"CPU s: median {_median(cpu):.2f}, worst {max(cpu):.2f}"
        notes.append(f"- noise {100 * n:g} %: {rows}{asked}; {times}; {sure}")
    title = {"rows": "Laws", "further": "Further rows, named before the first run"}[part]
    return f"### {title}\n\n{report.table(header, lines, True)}\n\n" + "\n".join(notes)


def none_page(claims):
    lines = [[c["set"], "yes" if c["sure"] else "no", f"{c['cpu']:.1f}", c["reason"]] for c in claims]
    sure, tried = sum(c["sure"] for c in claims), sum(not c["reason"].startswith("left out") for c in claims)
    table = report.table(["data without a law", "sure", "CPU s", "reason"], lines, True)
    words = f"Claimed as sure: {sure} of {tried} (goal 0); left out: {len(claims) - tried}."
    return f"### Data without a law\n\n{table}\n\n{words}"


def _median(values):
    values = sorted(values)
    return values[len(values) // 2]
