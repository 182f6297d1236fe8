"""What a training step costs apart from arithmetic: the same step with one sample, and how many calls it makes.

With one sample hardly any arithmetic is left, so the time is that of the calls (of Python and of NumPy), and of
Adam, which goes through all parameters however few the samples are: its part has a column of its own.
"""

import gc
import statistics
import sys
import time

from . import onetable, report
from .cases import PEER_CASES, batches
from .contestants import LR
from .step import names_of, positive

HEADER = ["case", "step, us", "with one sample, us", "of which Adam, us", "share", "NumPy's calls", "Python's calls"]
AT_LEAST = 5e-3  # seconds of a turn


def add_arguments(parser):
    parser.add_argument("--only", type=names_of(PEER_CASES), default=list(PEER_CASES), metavar="A,F", help="cases")
    parser.add_argument("--repeats", type=positive, default=15, metavar="N", help="turns of each (15)")
    onetable.add_arguments(parser)


def run(args):
    """Measure, print, write; 2 if the machine was too busy to write, else 0."""
    return onetable.run("calls", HEADER, lambda: [row(PEER_CASES[name], args.repeats) for name in args.only], args)


def row(case, repeats):
    """The line of a case: both steps take turns, so that both see the same machine."""
    from kan_edu import KAN, Adam

    X, T = batches(case, 1)[0]
    model, adam = KAN(list(case.widths), G=case.G, k=case.k, seed=0), Adam(lr=LR)
    whole, single = stepper(model, adam, X, T), stepper(model, adam, X[:1], T[:1])
    only_adam = lambda: adam.step(model.theta, model.grad)  # noqa: E731  one line, used once
    times = [[timed(step) for step in (whole, single, only_adam)] for _ in range(repeats)]
    full, one, walked = (statistics.median(column) * 1e6 for column in zip(*times, strict=True))
    numpys, pythons = counted(single)
    return [case.name, *map(report.number, (full, one, walked)), f"{one / full:.0%}", str(numpys), str(pythons)]


def stepper(model, adam, X, T):
    from kan_edu import mse

    def step():
        _, dY = mse(model.forward(X), T)
        model.backward(dY)
        adam.step(model.theta, model.grad)

    return step


def timed(step):
    """CPU seconds of a step, over as many as take `AT_LEAST`; the first of them, which warms up, does not count."""
    step()
    count, started = 0, time.process_time()
    while time.process_time() - started < AT_LEAST or count == 0:
        step()
        count += 1
    return (time.process_time() - started) / count


def counted(step):
    """(calls of functions written in C, calls of Python functions) in one step; an operator such as a * b is none."""
    step()
    calls = {"c_call": 0, "call": 0}

    def note(frame, event, what):
        calls[event] = calls.get(event, 0) + 1

    gc.disable()  # what it collects, and when, is no part of the step
    sys.setprofile(note)
    try:
        step()
    finally:
        sys.setprofile(None)
        gc.enable()
    return calls["c_call"] - 1, calls["call"]  # the last of them was setprofile
