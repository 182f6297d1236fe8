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

import numpy as np
from IPython.display import display

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
        self.seed = seed
        self.name, self.expected, self.solutions = "", {}, {}
        self.cells, self.calls, self.states = {}, {}, {}  # {task: ...} of those whose check cell has run

    def expect(self, packed, name=""):
        """Take what the values of each task must be for this seed: a text that `pack` made; `name` is the set's."""
        self.name, self.expected = name, unpack(packed)
        for about in self.expected.values():
            about.setdefault("points", 0)  # a notebook of an earlier release does not know them

    def __call__(self, task, *, points, digits=4):
        """A decorator that runs `values(rng)` at once and shows what it returns.

        task    name of the answer cell that is checked
        points  what the task is worth
        digits  decimals that are shown, and so compared
        values  f(rng) -> number, array or {label: number or array}, at most 64 numbers each
        """

        def show(values):
            self.cells[task] = values, digits
            if task in self.expected:
                self.expected[task]["points"] = points
                found, shown = self.judged(task)
            else:
                found = self.examine(task, values, digits)
                shown = {"text/plain": as_text(task, found)}
            display(shown, metadata={"kan_edu": {"task": task, **found}}, raw=True)
            must_raise(self, task, found)

        return show

    def examine(self, task, values, digits):
        """What the check shows: {"values": ..., "digits": d, "margin": m} or {"error": words}; see `Trial.found`."""
        return self.run(task, values, digits).found

    def run(self, task, values, digits, names=()):
        """The `Trial` of a task; the calls of the functions `names` are noted."""
        return tried(task, values, np.random.default_rng([self.seed, *task.encode()]), digits, names)

    def noted(self, task):
        """The `Trial` of a task whose check cell has run, with the calls of its answer."""
        return self.run(task, *self.cells[task], self.expected[task].get("names", ()))

    def judged(self, task):
        """(what was found, what is shown of it) where it is known what is right."""
        standing = self.stand(task)
        said = say(standing, self.expected, self.all_states(), self.cells[task][0].__globals__)
        return standing.trial.found, {"text/plain": said_as_text(said), "text/html": said_as_html(said)}

    def stand(self, task):
        """The `Standing` of a task, which is remembered."""
        standing = stand(task, self.cells, self.expected, self.noted, self.lend)
        self.states[task], self.calls[task] = standing.status, standing.trial.calls
        return standing

    def all_states(self):
        """{task: status} of all tasks in their order, as far as they were checked."""
        return {task: self.states.get(task, UNSEEN) for task in self.expected}

    def lend(self, task):
        """The solution of a task of the course, as code, or None where it is not public."""
        if not self.solutions:
            from .sets.catalogue import solutions  # only here: reading notebooks takes a while to load

            self.solutions = solutions(self.name)
        return self.solutions.get(task)

    def all(self):
        """Run all checks once more, in order, and show how each task stands and the points. Run it at the end."""
        for task in self.expected:
            if task in self.cells:
                self.stand(task)
        states = self.all_states()
        display({"text/plain": all_as_text(states, self.expected), "text/html": all_as_html(states, self.expected)},
                raw=True)

    def inputs(self, task, number):
        """Copies of the arguments of a call that the check of `task` has made: f(*check.inputs("f", 3)) repeats it."""
        calls = self.calls.get(task, [])
        if not 0 <= number < len(calls):
            raise ValueError(f"the check of {task!r} has made {len(calls)} calls, and number {number} is none of them "
                             "(they are counted from 0). Run its check cell first.")
        return copy.deepcopy(calls[number].arguments)
