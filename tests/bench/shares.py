"""What of Levenberg-Marquardt's CPU time is linear algebra, and how near it comes to the processor's speed.

One thread, float64, the tasks of `accuracy`. J'J takes P (P + 1) multiplications and additions a residual, by
symmetry; beside its speed stands that of a product of two matrices with 1000 rows and columns.
"""

import contextlib
import functools
import time
from dataclasses import dataclass, field
from statistics import median
from unittest import mock

from . import onetable, report
from .step import names_of
from .tasks import TASKS

HEADER = ["task", "CPU s", "steps", "solutions a step", "J'J", "solutions", "Jacobians", "residuals", "all else",
          "J'J, GFLOP/s", "a product, GFLOP/s"]  # fmt: skip
PARTS = ("J'J", "solutions", "Jacobians", "residuals")
ROWS = 1000  # of the product


@dataclass
class Watch:
    """CPU seconds and calls of each part, and the multiplications and additions of J'J."""

    seconds: dict = field(default_factory=lambda: dict.fromkeys(PARTS, 0.0))
    calls: dict = field(default_factory=lambda: dict.fromkeys(PARTS, 0))
    flops: int = 0

    def over(self, part, function):
        """The same function; its time is that of the part."""

        @functools.wraps(function)
        def timed(*given, **more):
            begin = time.process_time()
            try:
                return function(*given, **more)
            finally:
                self.seconds[part] += time.process_time() - begin
                self.calls[part] += 1
                if part == "J'J":
                    R, P = given[0].shape
                    self.flops += R * P * (P + 1)

        return timed


def add_arguments(parser):
    parser.add_argument("--only", type=names_of(TASKS), default=["f1k5", "f1wide", "f4", "f5"], metavar="f1wide,f5",
                        help=", ".join(TASKS))  # fmt: skip
    onetable.add_arguments(parser)


def run(args):
    """Measure, print, write; 2 if the machine was too busy to write, else 0."""
    return onetable.run("shares", HEADER, lambda: [row(name) for name in args.only], args)


def row(name):
    """The line of a task, with its first seed."""
    from .learn import kan

    watch, answer = Watch(), {}
    with watched(watch):
        kan(lambda **said: answer.update(said), name, 0)
    shares = [watch.seconds[part] / answer["cpu"] for part in PARTS]
    steps, speed = watch.calls["J'J"], watch.flops / max(watch.seconds["J'J"], 1e-9) / 1e9
    return [str(TASKS[name]), report.number(answer["cpu"]), str(steps), f"{watch.calls['solutions'] / steps:.1f}",
            *(f"{share:.0%}" for share in [*shares, 1 - sum(shares)]), f"{speed:.0f}", f"{product():.0f}"]  # fmt: skip


@contextlib.contextmanager
def watched(watch):
    """Levenberg-Marquardt tells the watch what it does."""
    from kan_edu.learning.downhill import levenberg_marquardt as lm
    from kan_edu.learning.objective import Objective

    places = {"J'J": (lm, "normal_equations"), "solutions": (lm.LevenbergMarquardt, "_solve"),
              "Jacobians": (Objective, "_jacobian"), "residuals": (Objective, "residuals")}  # fmt: skip
    with contextlib.ExitStack() as stack:
        for part, (owner, function) in places.items():
            stack.enter_context(mock.patch.object(owner, function, watch.over(part, getattr(owner, function))))
        yield


def product():
    """GFLOP/s of a product of two large matrices: what NumPy's BLAS makes of one core."""
    import numpy as np

    A = np.random.default_rng(0).normal(size=(2, ROWS, ROWS))
    took = []
    for _ in range(5):
        begin = time.process_time()
        A[0] @ A[1]
        took.append(time.process_time() - begin)
    return 2 * ROWS**3 / median(took) / 1e9
