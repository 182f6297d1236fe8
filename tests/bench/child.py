"""One contestant in one case, in a process of its own: it trains when told to and reports its times.

    python -m tests.bench.child CONTESTANT CASE      (CASE is the JSON of a `cases.Case`)

It says one line of JSON when it is ready. To each number n on stdin it answers with the wall times of n steps;
to the end of stdin with its peak memory, and ends. So it waits without cost while the others run.
"""

import json
import os
import signal
import sys
import time
from importlib import import_module

from . import machine
from .cases import Case, batches
from .contestants import CONTESTANTS
from .peers_contestants import PEERS

WARM = 0.01  # seconds


def main(name, case):
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which then closes stdin
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # whatever a library prints goes to stderr, not between the answers

    def say(**answer):
        print(json.dumps(answer), file=out, flush=True)

    contestant = (CONTESTANTS | PEERS)[name]
    start = time.process_time()
    for module in contestant.modules:
        import_module(module)
    import_cpu = time.process_time() - start

    ready = contestant.make(case)
    data = [ready.convert(X, T) for X, T in batches(case)]
    turn, loss = 0, ready.step(*data[0])
    say(import_cpu=import_cpu, n_params=int(ready.n_params()), loss=loss)
    for line in sys.stdin:
        answer, turn = run(ready.step, data, turn, int(line))
        say(**answer)
    peak = machine.peak_mb()  # before kan_edu comes in to judge
    say(peak_mb=peak, blas=machine.blas() if name == "kan_edu" else None, off=off(ready.basis, case))


def off(basis, case):
    """The largest difference between a contestant's functions and the exact B-splines, inside the grid; or None."""
    if basis is None:
        return None
    import numpy as np

    from kan_edu import bspline

    x = np.linspace(-1, 1, 10 * case.G + 1)[:-1] + 0.03 / case.G  # on no grid point
    exact = bspline.basis(x, bspline.uniform_knots(-1, 1, case.G, case.k), case.k)
    return float(np.abs(basis(x) - exact).max())


def run(step, data, turn, count):
    """Steps to warm up, then `count` steps under the clock: ({wall times and CPU time a step, ms; loss}, next turn)."""
    wall, cpu, loss = [], 0.0, None
    started = time.perf_counter()
    warm = False  # the others have had the caches meanwhile: a few steps, at least one, do not count
    while len(wall) < count:
        X, T = data[turn % len(data)]
        turn += 1
        cpu_before, before = time.process_time(), time.perf_counter()
        loss = step(X, T)
        after, cpu_after = time.perf_counter(), time.process_time()
        if warm:
            wall.append((after - before) * 1e3)
            cpu += (cpu_after - cpu_before) * 1e3
        warm = warm or after - started > WARM
    return {"wall": wall, "cpu": cpu / count, "loss": loss}, turn


if __name__ == "__main__":
    given = json.loads(sys.argv[2])
    try:
        main(sys.argv[1], Case(**{**given, "widths": tuple(given["widths"])}))
    except BrokenPipeError:  # the parent has gone
        sys.exit(1)
