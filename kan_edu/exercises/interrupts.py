"""How a command ends that was interrupted: what runs is ended, and what is there is kept."""

import signal
import sys
import threading
from contextlib import contextmanager

from kan_edu.exercises.marking.runner import stop_all
from kan_edu.exercises.marking.warm import close_idle


@contextmanager
def ended_like_ctrl_c():
    """Inside, SIGTERM (from kill, a container, a batch system) is what Ctrl-C is, and nothing is left behind.

    Only the first one counts: an impatient second must not cost what the reports would hold. What runs is ended.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread may say what a signal does
        return

    def interrupt(*_):
        for each in before:
            signal.signal(each, signal.SIG_IGN)  # here, where no second one can come in between
        stop_all()
        raise KeyboardInterrupt

    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    for each in before:
        signal.signal(each, interrupt)
    try:
        yield
    finally:
        close_idle()
        for each, handler in before.items():
            signal.signal(each, handler)


def say_that_it_stops():
    """Called at Ctrl-C in the middle of a class."""
    print("\nStopping. What is checked is written; the rest is left.", file=sys.stderr)
