"""One thread for linear algebra while a network learns: its matrices are too small to be shared out.

NumPy's linear algebra (BLAS) shares each product among all cores. For a matrix of 150 x 150 the threads wait for each
other longer than they compute, and on a busy machine the same steps take ten times as long. `kan-edu lab` gives its
kernels one thread; `one_thread` does it for whatever else runs `fit`, with threadpoolctl if that is installed: a small
library for what NumPy itself cannot do.
"""

import os
import threading
import warnings
from contextlib import contextmanager
from functools import cache

CHOSEN = "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS"  # whoever sets one of these has decided
ADVICE = (
    "linear algebra may use several threads, which makes Levenberg-Marquardt slow on small matrices: install "
    "threadpoolctl (pip install threadpoolctl), or set OPENBLAS_NUM_THREADS=1 before Python starts"
)


class _Limit:
    """How many are inside `one_thread`, in all threads of this process: the first sets the limit, the last lifts it."""

    def __init__(self):
        self.lock, self.inside, self.limit = threading.Lock(), 0, None

    def enter(self):
        with self.lock:
            self.inside += 1
            if self.inside == 1:
                self.limit = _controller().limit(limits=1, user_api="blas")

    def leave(self):
        with self.lock:
            self.inside -= 1
            if self.inside == 0:
                self.limit.restore_original_limits()


_limit = _Limit()


@contextmanager
def one_thread(matters=False):
    """A `with` block in which BLAS has one thread; afterwards, also after an error, as many as before.

    Nothing is changed where the environment says how many. Where threadpoolctl is missing, that is said once, and only
    if it `matters`: to Levenberg-Marquardt, which solves equations in every step.
    """
    if any(name in os.environ for name in CHOSEN):
        yield
    elif _controller() is None:
        if matters and (os.cpu_count() or 1) > 1:
            _say_once()
        yield
    else:
        _limit.enter()
        try:
            yield
        finally:
            _limit.leave()


@cache
def _controller():
    """What threadpoolctl knows of this process's libraries; None without it."""
    try:
        from threadpoolctl import ThreadpoolController  # here, because the mathematics needs NumPy only
    except ImportError:
        return None
    return ThreadpoolController()


@cache
def _say_once():
    warnings.warn(ADVICE, stacklevel=5)
