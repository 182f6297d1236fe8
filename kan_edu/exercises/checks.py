"""Check cells: they call an answer on random inputs and show what came out, never whether it is right.

    check = Checks(seed=5)

    @check("double", points=2)
    def values(rng):
        x = rng.uniform(-1, 1, 4)
        return {"at four points": double(x), "at zero": double(0.0)}

The cell's output is compared elsewhere: by nbval with the outputs of the solution, for a seed that nobody knew
before. A student's notebook also knows what to expect for its own seed (`check.expect`), and then the cell says at
once whether it is right, and what differs. So nothing is gained by patching this file.
"""

import copy
from types import FunctionType

import numpy as np
from IPython.display import display

from kan_edu.checks.arguments import check_integer, check_number, shown
from kan_edu.checks.words import check_text

from .elsewhere import must_raise
from .trying.expected import unpack
from .trying.page import all_as_html, all_as_text, said_as_html
from .trying.standing import UNSEEN, stand
from .trying.trial import tried
from .trying.words import as_text, said_as_text, say


class Checks:
    """The check cells of one notebook. `seed` decides all random inputs."""

    raises = False  # True in a notebook for another grader: see sets/graders.py

    def __init__(self, seed):
        self.seed = check_integer(seed, "seed", 0)
        self.name, self.expected, self.solutions = "", {}, {}
        self.cells, self.calls, self.states = {}, {}, {}  # {task: ...} of those whose check cell has run

    def expect(self, packed, name=""):
        """Take what the values of each task must be for this seed: a text that `pack` made; `name` is the set's.

        Raises ValueError for another text; nothing is changed then.
        """
        name, expected = check_text(name, "name", "05_splines"), unpack(check_text(packed, "packed", "c-l ..."))
        if not isinstance(expected, dict) or not all(isinstance(about, dict) for about in expected.values()):
            raise ValueError("the text given to check.expect holds no tasks; get the notebook again: "
                             "kan-edu exercise get NAME")  # fmt: skip
        self.name, self.expected = name, expected
        for about in self.expected.values():
            about.setdefault("points", 0)  # a notebook of an earlier release does not know them

    def __call__(self, task, *, points, digits=4):
        """A decorator that runs `values(rng)` at once and shows what it returns.

        task    name of the answer cell that is checked
        points  what the task is worth
        digits  decimals that are shown, and so compared
        values  f(rng) -> number, array or {label: number or array}, at most 64 numbers each

        Raises ValueError for a task that is no text, points below 0, digits beyond 0 to 15, values that is no function.
        """
        digits = asked(task, digits)
        check_number(points, "points", 0)

        def show(values):
            check_values(values)
            self.cells[task] = values, digits
            if task in self.expected:
                self.expected[task]["points"] = points
                found, shown = self._judged(task)
            else:
                found = self.examine(task, values, digits)
                shown = {"text/plain": as_text(task, found)}
            display(shown, metadata={"kan_edu": {"task": task, **found}}, raw=True)
            must_raise(self, task, found)

        return show

    def examine(self, task, values, digits):
        """What the check shows: {"values": ..., "digits": d, "margin": m} or {"error": words}; see `Trial.found`.

        Raises ValueError for arguments that are none of a check cell; an error of the answer is what is found.
        """
        digits = asked(task, digits)
        check_values(values)
        return self._run(task, values, digits).found

    def _run(self, task, values, digits, names=()):
        """The `Trial` of a task; the calls of the functions `names` are noted."""
        return tried(task, values, np.random.default_rng([self.seed, *task.encode()]), digits, names)

    def _noted(self, task):
        """The `Trial` of a task whose check cell has run, with the calls of its answer."""
        return self._run(task, *self.cells[task], self.expected[task].get("names", ()))

    def _judged(self, task):
        """(what was found, what is shown of it) where it is known what is right."""
        standing = self._stand(task)
        said = say(standing, self.expected, self._all_states(), self.cells[task][0].__globals__)
        return standing.trial.found, {"text/plain": said_as_text(said), "text/html": said_as_html(said)}

    def _stand(self, task):
        """The `Standing` of a task, which is remembered."""
        standing = stand(task, self.cells, self.expected, self._noted, self._lend)
        self.states[task], self.calls[task] = standing.status, standing.trial.calls
        return standing

    def _all_states(self):
        """{task: status} of all tasks in their order, as far as they were checked."""
        return {task: self.states.get(task, UNSEEN) for task in self.expected}

    def _lend(self, task):
        """The solution of a task of the course, as code, or None where it is not public."""
        if not self.solutions:
            try:
                from .sets.catalogue import solutions  # only here: reading notebooks takes a while to load
            except ImportError:
                return None  # no nbformat: in a page of the browser the solutions are not there either

            self.solutions = solutions(self.name)
        return self.solutions.get(task)

    def all(self):
        """Run all checks once more, in order, and show how each task stands and the points. Run it at the end."""
        for task in self.expected:
            if task in self.cells:
                self._stand(task)
        states = self._all_states()
        display({"text/plain": all_as_text(states, self.expected), "text/html": all_as_html(states, self.expected)},
                raw=True)

    def inputs(self, task, number):
        """Copies of the arguments of a call that the check of `task` has made: f(*check.inputs("f", 3)) repeats it.

        Raises ValueError for a task whose check cell has not run, and a number that is no call's.
        """
        calls = self.calls.get(check_text(task, "task", "double"), [])
        number = check_integer(number, "number", -np.inf)
        if not 0 <= number < len(calls):
            raise ValueError(f"the check of {task!r} has made {len(calls)} calls, and number {shown(number)} is none "
                             "of them: they are counted from 0. Run its check cell first.")  # fmt: skip
        return copy.deepcopy(calls[number].arguments)


def asked(task, digits):
    """The digits as an int, if task is the name of an answer's cell and digits go from 0 to 15; else a ValueError."""
    if not check_text(task, "task", "double").strip():
        raise ValueError("task is empty; expected the name of the answer's cell, such as 'double'")
    return check_integer(digits, "digits", 0, 15)


def check_values(values):
    """ValueError unless this is a function that a check cell can define: `def values(rng): ...`."""
    if not isinstance(values, FunctionType):
        raise ValueError(f"values is {shown(values)}; expected the function of a check cell: def values(rng): ...")
