"""A line of progress that shows where a person is watching, and nowhere else."""

import sys
import time

from kan_edu.checks.arguments import check_flag


def watched():
    """True in a notebook that a person has open.

    JupyterLab, VS Code and Colab offer to answer input(); programs that run notebooks (nbval, nbconvert) do
    not. A line of progress would end up in their stored outputs, so they get none. A kernel inside the browser
    has no such programs: whoever opened the page is there.
    """
    kernel = _kernel()
    return bool(getattr(kernel, "_allow_stdin", kernel is not None and sys.platform == "emscripten"))


def asked(progress):
    """Whether to show a line: True and False decide, None leaves it to `watched`. ValueError for anything else."""
    return watched() if progress is None else check_flag(progress, "progress", "or None: where a person is watching")


def _kernel():
    """The kernel of the notebook that this runs in; None in a terminal or a script."""
    ipython = sys.modules.get("IPython")
    return getattr(ipython.get_ipython(), "kernel", None) if ipython else None


class Progress:
    """`show(text)` at most ten times a second after the first half second; `close()` removes the line."""

    def __init__(self, shown):
        self.shown, self.handle, self.written, self.next = shown, None, False, time.perf_counter() + 0.5

    def show(self, text):
        if not self.shown or time.perf_counter() < self.next:
            return
        self.next = time.perf_counter() + 0.1
        if _kernel() is None:  # a terminal, and progress was asked for: write over the same line
            print(f"\r{text:<60}", end="", file=sys.stderr, flush=True)
            self.written = True
            return
        from IPython.display import display  # here, because only a notebook gets this far

        if self.handle is None:
            self.handle = display({"text/plain": text}, raw=True, display_id=True)
        else:
            self.handle.update({"text/plain": text}, raw=True)

    def close(self):
        if self.handle is not None:
            self.handle.update({"text/plain": ""}, raw=True)
        if self.written:
            print("\r" + " " * 60, end="\r", file=sys.stderr, flush=True)
