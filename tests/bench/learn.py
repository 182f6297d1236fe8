"""One job of `accuracy`, in a process of its own: learn, then say how well, in lines of JSON.

    python -m tests.bench.learn '{"job": "kan", "task": "f2", "seed": 0}'

Each job draws its own training samples and its own test samples, which nothing but the last measurement sees.
"""

import json
import os
import sys
import time

from .tasks import ITERATIONS, PYKAN, PYKAN_STEPS, SOLVERS, STUCK, TASKS, N


def drawn(target, seed):
    """Training and test samples, (X, Y) each."""
    from kan_edu.data.datasets import sample

    target, n_in = (tanh_net, 4) if target == "tanh net" else (target, None)
    return [sample(target, N, seed=first + seed, n_in=n_in) for first in (0, 10_000)]


def tanh_net(X):
    """Lesson 08's target with an MLP's shape, [4, 10, 1]: X (N, 4) -> (N, 1)."""
    import numpy as np

    rng = np.random.default_rng(7)
    W, b, v = rng.normal(size=(4, 10)), rng.normal(size=10) / 2, rng.normal(size=(10, 1))
    return np.tanh(X @ W + b) @ v / np.sqrt(10)


def rmse(model, X, Y):
    import numpy as np

    return float(np.sqrt(np.mean((model(X) - Y) ** 2)))


def kan(say, task, seed):
    """The task's KAN by fit_with_refinement; test RMSE after each grid (not on the clock)."""
    from kan_edu import KAN, fit_with_refinement

    task, ((X, Y), test) = TASKS[task], drawn(TASKS[task].target, seed)
    stages, clock = [], Clock()

    def after(words, model, error):
        if words.startswith("G = "):
            with clock.stopped():
                stages.append([int(words[4:]), rmse(model, *test)])

    model = KAN(list(task.widths), k=task.k, base=task.base, seed=seed)
    result = fit_with_refinement(
        model, X, Y, grids=task.grids, seed=100 * seed, callback=after, progress=False, **task.more
    )
    cpu, high = clock.seconds(), max(STUCK * Y.std(), 10 * min(result.starts))
    say(
        cpu=cpu, train=rmse(model, X, Y), test=rmse(model, *test), n_params=model.n_params, stages=stages,
        starts=len(result.starts), stuck=sum(bool(start > high) for start in result.starts),
        stuck_run=bool(rmse(model, X, Y) > STUCK * Y.std()),
    )  # fmt: skip


def mlp(say, task, seed, widths, activation, budget):
    """An MLP by the same call, then the same optimiser goes on; where it is stuck, again from another start.

    All until the time is over; the best by training error counts.
    """
    from kan_edu import MLP, LevenbergMarquardt, fit, fit_with_refinement

    (X, Y), test = drawn(TASKS[task].target, seed)
    clock, starts, best = Clock(), 0, None

    def optimiser():
        return Until(LevenbergMarquardt(), lambda: clock.seconds() > budget)

    while best is None or clock.seconds() < budget:
        model = MLP(widths, activation=activation)
        fit_with_refinement(model, X, Y, starts=1, seed=100 * seed + starts, progress=False, optimiser=optimiser)
        fit(model, X, Y, steps=10**6, progress=False, optimiser=optimiser())
        train, starts = rmse(model, X, Y), starts + 1
        if best is None or train < best["train"]:
            best = {"train": train, "test": rmse(model, *test), "n_params": model.n_params}
    say(cpu=clock.seconds(), starts=starts, **best)


def poisson(say, solver, seed, budget):
    """The paper's problem; the KAN that mirrors the solution runs to its end, the others have the time that it took."""
    from kan_edu import KAN, MLP
    from kan_edu.equations.poisson import paper, solve

    solver, clock, problem = SOLVERS[solver], Clock(), paper(seed=seed)
    more = {"grids": solver.grids} if solver.grids else {"starts": 3, "steps": 10**6}
    if solver.grids:
        model = KAN(list(solver.widths), k=5, base=solver.base)
    else:
        model = MLP(solver.widths, activation=solver.activation)
    result = solve(
        model, problem, seed=100 * seed, progress=False, **more,
        callback=lambda words, model, loss: budget is not None and clock.seconds() > budget,
    )  # fmt: skip
    say(
        cpu=clock.seconds(), loss=problem.loss(model), test=problem.error(model), n_params=model.n_params,
        starts=len(result.starts), stages=[[stage.G, stage.error] for stage in result.stages],
    )  # fmt: skip


def pykan(say, widths, seed):
    """pykan 0.2.8 as its documentation trains it: 200 steps of L-BFGS, refine, again; a line after each grid."""
    import torch
    from kan import MultKAN

    torch.set_num_threads(1)
    torch.set_default_dtype(torch.float64)
    (X, Y), (X_test, Y_test) = drawn("f1", seed)
    data = {"train_input": X, "train_label": Y, "test_input": X_test, "test_label": Y_test}
    data = {name: torch.from_numpy(array) for name, array in data.items()}
    (widths, grids), clock, model = PYKAN[widths], Clock(), None
    for G in grids:
        first = model is None
        model = MultKAN(width=list(widths), grid=G, k=3, seed=seed, auto_save=False) if first else model.refine(G)
        model.auto_save = False  # refine turns it on, and then misses a folder that only a new model makes
        model.fit(data, opt="LBFGS", steps=PYKAN_STEPS)
        with torch.no_grad():
            test = torch.mean((model(data["test_input"]) - data["test_label"]) ** 2).sqrt().item()
            model(data["train_input"])  # refine fits the finer grid on the inputs that the model saw last
        say(G=G, test=test, cpu=clock.seconds())


def lbfgs(say, widths, seed):
    """The same in kan_edu: its L-BFGS, as many iterations on each of the same grids."""
    from kan_edu import KAN, LBFGS, fit, grids

    (train, test), (widths, ladder), clock = drawn("f1", seed), PYKAN[widths], Clock()
    model = KAN(list(widths), G=ladder[0], k=3, seed=seed)
    for G in ladder:
        grids.extend(model, G)
        fit(model, *train, steps=ITERATIONS * PYKAN_STEPS, optimiser=LBFGS(), progress=False)
        with clock.stopped():
            error = rmse(model, *test)
        say(G=G, test=error, cpu=clock.seconds())


class Clock:
    """CPU seconds of this process since it was made, less those in which it was stopped."""

    def __init__(self):
        self.start, self.since = time.process_time(), None

    def seconds(self):
        return time.process_time() - self.start

    def stopped(self):
        return self

    def __enter__(self):
        self.since = time.process_time()

    def __exit__(self, *error):
        self.start += time.process_time() - self.since


class Until:
    """An optimiser that stops when the time is over."""

    def __init__(self, optimiser, over):
        self.optimiser, self.needs, self.over, self.stopped = optimiser, optimiser.needs, over, ""

    def step(self, *given):
        value = self.optimiser.step(*given)
        self.stopped = self.optimiser.stopped or ("the time is over" if self.over() else "")
        return value


JOBS = {"kan": kan, "mlp": mlp, "poisson": poisson, "pykan": pykan, "lbfgs": lbfgs}


def main(job):
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints goes to stderr, not between the answers
    JOBS[job.pop("job")](lambda **answer: print(json.dumps(answer), file=out, flush=True), **job)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
