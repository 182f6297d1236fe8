"""How small the test error gets (CPU seconds, one thread, float64): kan_edu's KAN and MLP, pykan, Poisson's equation.

Five seeds of everything: training samples, test samples that nothing but the last measurement sees, initial values.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from statistics import median

from . import machine, report
from .accuracy_page import LONGER, POISSON_LONGER, as_json, best_mlp, page, plot
from .race import environment
from .step import Progress, names_of, writable
from .tasks import LBFGS, PATIENT, POISSON_CPU, PYKAN, SEEDS, SOLVERS, TASKS, TRIED, mlp_shapes

PARTS = [*TASKS, "poisson", "pykan"]


def add_arguments(parser):
    parser.add_argument("--json", type=writable, metavar="FILE", help="also write everything that was measured")
    parser.add_argument("--markdown", action="store_true", help="print the tables as Markdown")
    parser.add_argument("--write", action="store_true", help="also put the short tables into docs/measurements.md")
    parser.add_argument("--plot", type=writable, metavar="FILE.png", help="draw test RMSE over G, with the slopes")
    parser.add_argument("--quick", action="store_true", help="one seed")
    parser.add_argument("--no-mlp", action="store_true", help="without the MLPs that are as large and take as long")
    parser.add_argument("--only", type=names_of(PARTS), default=PARTS, metavar="f1k5,poisson", help=", ".join(PARTS))


def run(args):
    """Measure, print, write; 130 after Ctrl-C (with what was measured until then), 2 if it was too busy, else 0."""
    facts, found = machine.facts(), {}
    if args.write:
        report.has_place("accuracy")
        if machine.too_busy(facts):
            return 2
    absent = "pykan" in args.only and (find_spec("kan") is None or find_spec("torch") is None)
    only = [part for part in args.only if not (part == "pykan" and absent)]
    stopped = measure(only, SEEDS[:1] if args.quick else SEEDS, not args.no_mlp, found)
    packages = ["numpy", *["pykan", "torch"] * ("pykan" in only)]
    facts |= {"versions": machine.versions(packages), "load_after": machine.load()}

    print(page(facts, found, absent, args.markdown))
    if args.plot:
        plot(found, args.plot)
    if args.json:
        report.write_json(args.json, as_json(facts, found))
    if args.write and not stopped:
        report.put("accuracy", page(facts, found, absent, markdown=True, short=True))
    return 130 if stopped else 0


def measure(parts, seeds, with_mlp, found):
    """Fill found[part] = {contestant: [answers]}, seed by seed; True if Ctrl-C ended it early."""
    progress = Progress()

    def learn(part, who, **job):
        progress.title = part
        progress(f"{who}, seed {job['seed']}")
        found.setdefault(part, {}).setdefault(who, []).extend(do(job))

    try:
        for part in parts:
            if part == "poisson":
                measure_poisson(learn, seeds, found)
            elif part == "pykan":
                for widths in PYKAN:
                    learn(part, widths, job="pykan", widths=widths, seed=seeds[0])
                    for seed in seeds:
                        learn(part, widths + LBFGS, job="lbfgs", widths=widths, seed=seed)
            else:
                measure_task(learn, TASKS[part], seeds, with_mlp and TASKS[part].mlp, found)
    except KeyboardInterrupt:
        progress.end("stopped: the tables hold what was measured until now")
        return True
    progress.end("")
    return False


def measure_task(learn, task, seeds, with_mlp, found):
    """The KAN with all seeds; every MLP shape with the first seeds; the best of them with all, and with more time."""
    for seed in seeds:
        learn(task.name, "KAN", job="kan", task=task.name, seed=seed)
    budget = middle(found[task.name]["KAN"])
    if not with_mlp or budget is None:
        return

    def mlp(name, seeds, seconds, suffix=""):
        widths, activation = shapes[name]
        for seed in seeds:
            learn(
                task.name, name + suffix, job="mlp", task=task.name, seed=seed, widths=widths, activation=activation,
                budget=seconds,
            )  # fmt: skip

    shapes = mlp_shapes(task.widths[0], task.widths[-1], task.n_params)
    shapes = {f"MLP {list(widths)} {activation}": (widths, activation) for widths, activation in shapes}
    for name in shapes:
        mlp(name, seeds[:TRIED], budget)
    if best := best_mlp(found[task.name]):
        mlp(best, seeds[TRIED:], budget)
        if budget < PATIENT:
            mlp(best, seeds, PATIENT, LONGER)


def measure_poisson(learn, seeds, found):
    """The KAN that mirrors the solution runs to its end; the others get as long as it took, and then POISSON_CPU."""
    for seed in seeds:
        learn("poisson", "mirror", job="poisson", solver="mirror", seed=seed, budget=None)
    took = middle(found["poisson"]["mirror"])
    for solver in [solver for solver in SOLVERS if solver != "mirror" and took is not None]:
        for suffix, budget in [("", took), (POISSON_LONGER, POISSON_CPU)]:
            for seed in seeds:
                learn("poisson", solver + suffix, job="poisson", solver=solver, seed=seed, budget=budget)


def middle(answers):
    """Median of the CPU seconds of those that did not fail; None if all did."""
    took = [answer["cpu"] for answer in answers if "error" not in answer]
    return median(took) if took else None


def do(job):
    """Run tests/bench/learn.py in an empty folder (pykan writes files where it stands): its answers, or the reason.

    It has a session of its own: Ctrl-C reaches us only, and we end it.
    """
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryFile("w+", errors="replace") as errors:
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.learn", json.dumps(job)], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=errors, cwd=folder, env=environment(), text=True, start_new_session=True,
        )  # fmt: skip
        try:
            text = child.communicate()[0]
        except BaseException:
            kill(child)
            raise
        answers = [{"seed": job["seed"], **json.loads(line)} for line in text.splitlines()]
        if child.returncode:
            errors.seek(0)
            written = errors.read().strip().splitlines()
            answers.append({"seed": job["seed"], "error": (written or [f"ended with code {child.returncode}"])[-1]})
        return answers


def kill(child):
    if hasattr(os, "killpg"):
        os.killpg(child.pid, signal.SIGKILL)  # its own session, so nobody else is in this group
    else:
        child.kill()
    child.wait()
