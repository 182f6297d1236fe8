"""What bounds a training step: the same step with one sample, how many calls it makes, and its matrix products alone.

With one sample hardly any arithmetic is left, so the time is that of the calls (of Python and of NumPy), and of
Adam, which goes through all parameters however few the samples are: its part has a column of its own. The products are
one call of NumPy's BLAS each, so no Python around them can make them shorter.
"""

import gc
import statistics
import sys
import time

from . import onetable, report
from .cases import PEER_CASES, batches
from .contestants import LR
from .step import names_of, positive

HEADER = ["case", "type", "step, us", "with one sample, us", "share", "Adam alone, us", "products alone, us",
          "NumPy's calls", "Python's calls"]  # fmt: skip
TYPES = ("float64", "float32")
AT_LEAST = 5e-3  # seconds of a turn


def add_arguments(parser):
    parser.add_argument("--only", type=names_of(PEER_CASES), default=list(PEER_CASES), metavar="A,F", help="cases")
    parser.add_argument("--repeats", type=positive, default=15, metavar="N", help="turns of each (15)")
    onetable.add_arguments(parser)


def run(args):
    """Measure, print, write; 2 if the machine was too busy to write, else 0."""
    return onetable.run("calls", HEADER, lambda: [row for name in args.only
                                                  for row in rows(PEER_CASES[name], args.repeats)], args)  # fmt: skip


def rows(case, repeats):
    """The lines of a case, one for each type: all that is timed takes turns, so that it sees the same machine."""
    timings = {dtype: parts(case, dtype) for dtype in TYPES}
    times = [[timed(part) if part else None for all_four in timings.values() for part in all_four]
             for _ in range(repeats)]  # fmt: skip
    medians = [None if None in column else statistics.median(column) * 1e6 for column in zip(*times, strict=True)]
    for (dtype, (_, single, *_)), start in zip(timings.items(), range(0, len(medians), 4), strict=True):
        full, one, *others = medians[start : start + 4]
        numbers = [report.number(full), report.number(one), f"{one / full:.0%}", *map(report.number, others)]
        yield [case.name, dtype, *numbers, *map(str, counted(single))]


def parts(case, dtype):
    """What is timed of a case: a step, one with a single sample, Adam's part, the products (None if there are none)."""
    from kan_edu import KAN, Adam

    X, T = (array.astype(dtype) for array in batches(case, 1)[0])
    model, adam = KAN(list(case.widths), G=case.G, k=case.k, seed=0, dtype=dtype), Adam(lr=LR)
    whole, single = stepper(model, adam, X, T), stepper(model, adam, X[:1], T[:1])
    whole()  # the products need what it leaves in the layers
    return whole, single, lambda: adam.step(model.theta, model.grad), products(model)


def stepper(model, adam, X, T):
    from kan_edu import mse

    def step():
        _, dY = mse(model.forward(X), T)
        model.backward(dY)
        adam.step(model.theta, model.grad)

    return step


def products(model):
    """A function that makes the matrix products of the model's last step again and nothing else; None if it has none.

    A layer has three: C F, ds F' and, if it has a layer before it and more than one sum, C' ds. A layer that fetches
    its coefficients has only silu's, which are left out (`kan_edu/networks/edgesums.py`).
    """
    from kan_edu.networks.edgesums import Scatter

    dense = [layer for layer in model.layers if isinstance(layer.sums, Scatter)]
    factors = [(layer.C, layer.sums.F.copy(), layer is not model.layers[0] and len(layer.C) > 1)
               for layer in dense]  # fmt: skip  (a copy, because a step with one sample writes over F)

    def multiply():
        for C, F, onward in factors:
            ds = C @ F  # of the shape that slopes have
            ds @ F.T
            if onward:
                C.T @ ds

    return multiply if dense else None


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
