"""What `accuracy` shows and stores: targets and verdicts, slopes, a picture, plain data for JSON."""

from math import log
from statistics import median

from . import machine, report
from .tasks import (
    ITERATIONS,
    LBFGS,
    PATIENT,
    POISSON_CPU,
    POISSON_MOST,
    PYKAN,
    PYKAN_STEPS,
    SEEDS,
    SHAPES,
    SOLVERS,
    TASKS,
    TRIED,
    N,
)

SLOPE_FROM, SLOPE_WITHIN = 10, 0.4
LONGER, POISSON_LONGER = f", {PATIENT} s", f", {POISSON_CPU} s"


def tiny(x):
    """An error in two digits: 3.1e-08; "-" for None."""
    return "-" if x is None else f"{x:.1e}"


def page(facts, found, absent=False, markdown=False, short=False):
    """All tables as one text; found[part] = {contestant: [answers]}; `short` leaves out what the page does not need."""
    mark = "**" if markdown else ""
    tables = [targets(found), slopes(found), *([] if short else [grids(found)]), mlps(found), poisson(found)]
    tables.append(pykan(found))
    parts = [
        f"{mark}{title}{mark}\n\n{report.table(header, lines, markdown)}" for title, header, lines in tables if lines
    ]
    return "\n\n".join([*parts, "\n".join(notes(found, absent)), "Measured on: " + machine.describe(facts)])


def good(answers):
    return [answer for answer in answers or [] if "error" not in answer]


def kan_runs(found):
    """(Task, answers) of each task of which something was measured."""
    return [(task, runs) for name, task in TASKS.items() if (runs := good(found.get(name, {}).get("KAN")))]


def judge(task, runs):
    """{measured value: met?} of one task: the error, the CPU seconds, the stuck runs."""
    errors = [run["test"] for run in runs]
    error = max(errors) if task.judged == "worst" else median(errors)
    stuck = sum(run["stuck_run"] for run in runs)
    return {
        "error": (error, task.most is None or error <= task.most),
        "cpu": (median(run["cpu"] for run in runs), median(run["cpu"] for run in runs) <= task.cpu),
        "stuck": (stuck, task.stuck is None or stuck <= task.stuck),
    }


def verdict(*met):
    return "met" if all(met) else "missed"


def targets(found):
    header = ["test RMSE", "target", "median", "worst", "CPU s, at most", "median", "stuck runs", "stuck starts",
              "verdict"]  # fmt: skip
    lines = []
    for task, runs in kan_runs(found):
        if task.most is None:
            continue
        judged, errors = judge(task, runs), [run["test"] for run in runs]
        starts, stuck = (sum(run[key] for run in runs) for key in ["starts", "stuck"])
        lines.append([
            str(task), f"{task.judged} <= {task.most:g}", tiny(median(errors)), tiny(max(errors)), f"{task.cpu:g}",
            report.number(judged["cpu"][0]),
            f"{judged['stuck'][0]} of {len(runs)}" + (f" (<= {task.stuck})" if task.stuck is not None else ""),
            f"{stuck} of {starts}", verdict(*(met for _, met in judged.values())),
        ])  # fmt: skip
    runs = good(found.get("poisson", {}).get("mirror"))
    if runs:
        errors, cpu = [run["test"] for run in runs], median(run["cpu"] for run in runs)
        met = verdict(max(errors) <= POISSON_MOST, cpu <= POISSON_CPU)
        lines.append([
            "Poisson [2, 2, 1] k=5, no base, G=50", f"worst <= {POISSON_MOST:g}", tiny(median(errors)),
            tiny(max(errors)), f"{POISSON_CPU:g}", report.number(cpu), "-", "-", met,
        ])  # fmt: skip
    return "Targets", header, lines


def by_grid(runs):
    """{G: median test RMSE over the seeds}, in the order of the grids."""
    grids = [G for G, _ in runs[0]["stages"]]
    return {G: median(error for run in runs for at, error in run["stages"] if at == G) for G in grids}


def slope(errors):
    """Of the straight line through log RMSE over log G, from G = 10 on; None with fewer than two grids."""
    points = [(log(G), log(error)) for G, error in errors.items() if G >= SLOPE_FROM and error > 0]
    if len(points) < 2:
        return None
    x_mean, y_mean = (sum(column) / len(points) for column in zip(*points, strict=True))
    return sum((x - x_mean) * (y - y_mean) for x, y in points) / sum((x - x_mean) ** 2 for x, _ in points)


def measured_slopes(found):
    """(Task, {G: error}, slope) of the tasks whose slope is asked for."""
    rows = [(task, by_grid(runs)) for task, runs in kan_runs(found) if task.slope]
    return [(task, errors, slope(errors)) for task, errors in rows if slope(errors) is not None]


def slopes(found):
    lines = []
    for task, _, steep in measured_slopes(found):
        expected = -(task.k + 1)
        met = verdict(abs(steep - expected) <= SLOPE_WITHIN)
        lines.append([str(task), f"{expected} +- {SLOPE_WITHIN:g}", f"{steep:.2f}", met])
    return "Slope of log RMSE over log G, G = 10 to 100", ["", "target: -(k+1)", "measured", "verdict"], lines


def grids(found):
    lines = [[str(task), " ".join(f"{G}: {tiny(error)}" for G, error in by_grid(runs).items())]
             for task, runs in kan_runs(found)]  # fmt: skip
    return "Median test RMSE after each grid", ["", "G: RMSE"], lines


def best_mlp(answers):
    """The name of the MLP with the least median *training* RMSE in the KAN's time; None without one."""
    trained = {
        name: median(run["train"] for run in good(runs))
        for name, runs in answers.items()
        if name.startswith("MLP") and not name.endswith(LONGER) and good(runs)
    }
    return min(trained, key=trained.get, default=None)


def mlps(found):
    header = ["test RMSE: median (worst)", "KAN", "parameters", "CPU s", "best MLP by training", "parameters",
              "in the KAN's time", f"in {PATIENT} s", "smaller error"]  # fmt: skip
    lines = []
    for task, runs in kan_runs(found):
        name = best_mlp(found[task.name])
        if name is None:
            continue
        same, longer = good(found[task.name][name]), good(found[task.name].get(name + LONGER))
        ours, theirs = (median(run["test"] for run in answers) for answers in [runs, longer or same])
        lines.append([
            str(task), spread(runs), runs[0]["n_params"], report.number(judge(task, runs)["cpu"][0]),
            name.removeprefix("MLP "), same[0]["n_params"], spread(same), spread(longer),
            "KAN" if ours < theirs else "MLP",
        ])  # fmt: skip
    return "The fair MLP: same samples, same optimiser, parameters within 10 %", header, lines


def spread(runs):
    errors = [run["test"] for run in runs]
    return f"{tiny(median(errors))} ({tiny(max(errors))})" if errors else "-"


def poisson(found):
    header = ["", "parameters", "CPU s", "RMSE: median (worst)", f"in {POISSON_CPU} s"]
    answers, lines = found.get("poisson", {}), []
    for name, solver in SOLVERS.items():
        if runs := good(answers.get(name)):
            cpu = report.number(median(run["cpu"] for run in runs))
            longer = spread(good(answers.get(name + POISSON_LONGER)))
            lines.append([solver.title, runs[0]["n_params"], cpu, spread(runs), longer])
    return "Poisson's equation, error of u: the others have the time of the first, and more", header, lines


def pykan(found):
    """pykan after each of its grids, beside it ours by the same way, and what ours reached and took by its own."""
    lines = []
    for who, runs in found.get("pykan", {}).items():
        ours = who.endswith(LBFGS)
        name = f"kan_edu{LBFGS}, {who.removesuffix(LBFGS)}" if ours else f"pykan {who}"
        for G in dict.fromkeys(run["G"] for run in good(runs)):
            test, cpu = (median(run[key] for run in good(runs) if run["G"] == G) for key in ["test", "cpu"])
            lines.append([f"{name} k=3, G={G}", tiny(test), report.number(cpu)])
    beside = [(task, runs) for task, runs in kan_runs(found) if task.target == "f1"]
    if lines:
        lines += [
            [f"kan_edu {task}", tiny(median(run["test"] for run in runs)), report.number(judge(task, runs)["cpu"][0])]
            for task, runs in beside
        ]
    return "pykan on f1: test RMSE and CPU time until then", ["", "test RMSE", "CPU s"], lines


def notes(found, absent):
    """What the tables need to be understood, who wins where, what failed."""
    yield f"N = {N} training samples and as many test samples, new ones for each seed; Poisson has no samples."
    yield "A run is stuck if its training RMSE is above 1 % of the standard deviation of Y; a start, if also above"
    yield "10 times the best start's."
    if any(best_mlp(answers) for answers in found.values()):
        tried = ", ".join(f"{depth} hidden {activation}" for depth, activation in SHAPES)
        yield f"MLPs tried, each with the KAN's median CPU time and {TRIED} seeds: {tried} (those whose size fits)."
        yield "The one with the least training error is shown with all seeds; its longer time counts, if it had one."
        yield who_wins(found)
    yield from verdict_on_poisson(found)
    if absent:
        yield 'pykan is not installed: pip install torch==2.13.0; pip install -e ".[bench]"'
    elif found.get("pykan"):
        yield f"pykan: {PYKAN_STEPS} L-BFGS steps on each grid, one seed, its clock runs on from grid to grid."
        yield f"Each has up to {ITERATIONS} iterations. kan_edu, L-BFGS: as many on the same grids, median of"
        yield f"{len(SEEDS)} seeds, one start each. The last lines are by Levenberg-Marquardt, as above."
    for part, answers in found.items():
        for who, runs in answers.items():
            yield from (f"{who} failed in {part}, seed {run['seed']}: {run['error']}" for run in runs if "error" in run)


def who_wins(found):
    lines = mlps(found)[2]
    won = {who: "; ".join(line[0] for line in lines if line[-1] == who) or "none of them" for who in ["KAN", "MLP"]}
    return f"The MLP has the smaller error in: {won['MLP']}. The KAN in: {won['KAN']}."


def verdict_on_poisson(found):
    """A sentence on each MLP and the wide KAN after the same CPU time, whoever is better."""
    answers = found.get("poisson", {})
    for name in ["mlp", "deep"]:
        for suffix in ["", POISSON_LONGER]:
            wide, mlp = good(answers.get("wide" + suffix)), good(answers.get(name + suffix))
            if wide and mlp:
                kan, mlp, cpu = (median(run[key] for run in runs) for runs, key in
                                 [(wide, "test"), (mlp, "test"), (mlp, "cpu")])  # fmt: skip
                who = f"the {SOLVERS[name].title} {'beats' if mlp < kan else 'does not beat'} the KAN [2, 10, 1]"
                yield f"Poisson, after {report.number(cpu)} s: {who} ({tiny(mlp)} against {tiny(kan)})."


def plot(found, path):
    """Test RMSE over G on two logarithmic axes, with a line of slope -(k+1) beside each curve."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    ax = figure.subplots()
    styles = [("#0072B2", "o"), ("#D55E00", "s")]
    for (task, errors, steep), (colour, symbol) in zip(measured_slopes(found), styles, strict=False):
        G, E = list(errors), list(errors.values())
        ax.loglog(G, E, symbol + "-", color=colour, label=f"k = {task.k}: measured slope {steep:.2f}")
        start = next(i for i, g in enumerate(G) if g >= SLOPE_FROM)
        line = [E[start] * (g / G[start]) ** -(task.k + 1) for g in G[start:]]
        ax.loglog(G[start:], line, "--", color=colour, alpha=0.6, label=f"slope -(k+1) = {-(task.k + 1)}")
    ax.set(xlabel="grid intervals G", ylabel="median test RMSE", title="f1 = exp(sin(pi x) + y^2), KAN [2, 1, 1]")
    if ax.lines:
        ax.legend()
    figure.savefig(path, dpi=150)


def as_json(facts, found):
    """Plain data: the machine, every answer, the targets, the slopes."""
    judged = {
        task.name: {key: {"measured": x, "met": met} for key, (x, met) in judge(task, runs).items()}
        for task, runs in kan_runs(found)
        if task.most is not None
    }
    steep = {task.name: {"measured": steep, "expected": -(task.k + 1)} for task, _, steep in measured_slopes(found)}
    return {
        "machine": facts,
        "samples": N,
        "tasks": {name: str(task) for name, task in TASKS.items() if name in found},
        "answers": found,
        "targets": judged,
        "slopes": steep,
        "pykan": {widths: list(grids) for widths, (_, grids) in PYKAN.items()},
    }
