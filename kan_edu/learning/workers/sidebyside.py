"""Starts side by side, through an executor: results in the order of their numbers, whoever is done first.

What follows from a result, that it is good enough, say, then follows as it would have with one start after the other.
"""

import concurrent.futures
import copy

from kan_edu.checks.arguments import shown

from .flag import Flag

AHEAD = 64  # starts handed over before their turn: enough to keep a large machine busy
GRACE = 3.0  # seconds that Ctrl-C waits for the starts under way to hand in what they have
LOOK = 0.2  # seconds between two looks at the line of progress


def check_executor(executor):
    """Return an executor as it is, or None, or raise a ValueError that says how one is made."""
    if executor is None or isinstance(executor, concurrent.futures.Executor):
        return executor
    if hasattr(executor, "get_executor"):
        advice = "a client of Dask gives one: executor=client.get_executor()"
    elif isinstance(executor, type) and issubclass(executor, concurrent.futures.Executor):
        advice = f"make one of the class first: {executor.__name__}()"
    else:
        advice = "make one: from concurrent.futures import ProcessPoolExecutor, then executor=ProcessPoolExecutor()"
    raise ValueError(f"executor is {shown(executor)}; expected an Executor of concurrent.futures, or None: {advice}")


class SideBySide:
    """Iterate over it for a Trained of each number, in order; `rest` after Ctrl-C; `close` at the end in any case.

    start       a `Start`: what runs elsewhere is a copy that writes no progress, and looks at the flag instead
    line        the line of progress here
    """

    def __init__(self, executor, start, line):
        self.executor, self.line, self.flag, self.most = executor, line, Flag(), start.most
        self.start = copy.copy(start)
        self.start.objective = start.objective.told(self.flag)
        self.futures, self.taken = [], 0

    def __iter__(self):
        while self.taken < self.most:
            while len(self.futures) < min(self.most, self.taken + AHEAD):
                self.futures.append(self._submit(len(self.futures)))
            yield self._wait(self.futures[self.taken])

    def _submit(self, number):
        try:
            return self.executor.submit(self.start, number)
        except RuntimeError as error:
            raise ValueError(f"the executor takes no work ({error}); make a new one") from error

    def _wait(self, future):
        while not concurrent.futures.wait([future], timeout=LOOK).done:
            done = sum(one.done() for one in self.futures)
            self.line.show(f"start {self.taken + 1} of at most {self.most}, {done} done side by side")
        self.taken += 1
        return _result(future)

    def rest(self):
        """After Ctrl-C: [(number, Trained)] of the starts that were not taken yet and are at hand, whole or half."""
        left = list(enumerate(self.futures))[self.taken :]
        self.flag.up(self.futures)
        concurrent.futures.wait(self.futures, timeout=GRACE)
        sound = [(n, one) for n, one in left if one.done() and not one.cancelled() and one.exception() is None]
        return [(number, future.result()) for number, future in sound]

    def close(self):
        """Nothing more is wanted: what has not begun does not begin, and what has begun ends early."""
        for future in self.futures:
            future.cancel()
        self.flag.up(self.futures)


def _result(future):
    """The Trained; where the executor could not run it, what to do is added to the error."""
    try:
        return future.result()
    except concurrent.futures.BrokenExecutor as error:
        error.add_note("a worker of the executor ended, for want of memory perhaps: give it fewer workers. In a script "
                       "the call has to stand below `if __name__ == '__main__':`, since each process reads the "
                       "script")  # fmt: skip
        raise
    except Exception as error:
        if any(word in f"{type(error).__name__} {error}" for word in ("ickl", "local object")):
            raise ValueError(f"the start cannot be sent to another process ({error}); expected an optimiser and a "
                             "model that can be pickled: a class or an object such as Adam(0.02) rather than a "
                             "lambda, or take a ThreadPoolExecutor") from error  # fmt: skip
        raise
