"""How a task stands in a student's notebook: as the marks will be, on top of what earlier tasks have built.

Who marks puts the solution in the place of an answer that is not right, and lets later tasks build on that. A check
cell does the same where the solutions are public, those of the course: it lends them to the notebook for a moment.
"""

import contextlib
import dis
from dataclasses import dataclass, field

from kan_edu.exercises.hints import hint

from .errors import IN_PLACE, codes_in
from .trial import Trial

# What may be said of a task in a notebook. OPEN: it builds on a task that is not right, and no solution can be lent.
RIGHT, NOT_YET, UNANSWERED, OPEN, UNSEEN = "right", "not yet", "not answered", "open", "not checked"


@dataclass
class Standing:
    """How a task stands.

    trial    the `Trial` that counts: with a right answer in place of each in `leaning`, where there is one to lend
    differs  what differs in it, in words, or None
    leaning  earlier tasks that are not right yet and that this one builds on
    lent     whether solutions stood in their place
    own      what differs with the student's own answers in their place, or None
    """

    task: str
    trial: Trial
    differs: str | None
    leaning: list = field(default_factory=list)
    lent: bool = False
    own: str | None = None

    @property
    def status(self):
        if self.leaning and not self.lent:
            return OPEN
        if self.trial.found.get("error", "").startswith("not answered yet"):
            return UNANSWERED
        return RIGHT if self.differs is None else NOT_YET


def stand(task, cells, expected, run, solutions):
    """The `Standing` of `task`.

    cells      {task: (values, digits)} of the check cells that ran, values being their functions
    expected   {task: about}, in order: see `expected.pack`
    run        f(task) -> Trial
    solutions  f(task) -> code, or None if there is none to lend
    """
    trial = run(task)
    own = hint(expected[task], trial.found)
    leaning, lent = [], True
    with restored(cells[task][0].__globals__) as notebook:
        for earlier in builds_on(task, cells[task][0], expected):
            if earlier in cells and hint(expected[earlier], run(earlier).found) is None:
                continue
            leaning.append(earlier)
            lent = lent and lend(earlier, solutions(earlier), notebook)
        if not leaning or not lent:
            return Standing(task, trial, own, leaning, own=own)
        trial = run(task)
    return Standing(task, trial, hint(expected[task], trial.found), leaning, True, own)


def lend(task, code, notebook):
    """Put a solution into the notebook; whether there was one, and it ran."""
    if code is None:
        return False
    try:
        exec(compile(code, IN_PLACE.format(task), "exec"), notebook)
    except Exception:  # it needs a name that the student has changed
        return False
    return True


@contextlib.contextmanager
def restored(notebook):
    """The names of a notebook, which at the end are again what they were."""
    before = dict(notebook)
    try:
        yield notebook
    finally:
        for name in set(notebook) - set(before):
            del notebook[name]
        notebook.update(before)


def builds_on(task, values, expected):
    """The earlier tasks whose names the check `values` reaches, itself or through the functions that it calls."""
    used = names_used(values)
    order = list(expected)
    return [earlier for earlier in order[: order.index(task)] if used & set(expected[earlier].get("names", []))]


def names_used(function):
    """The names of the notebook that a function uses, itself or through the notebook's functions and classes."""
    notebook, used, waiting = function.__globals__, set(), [function]
    while waiting:
        value = unwrapped(waiting.pop())
        used.add(getattr(value, "__name__", ""))
        for code in codes_of(value, notebook):
            names = {one.argval for one in dis.get_instructions(code) if one.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
            waiting += [notebook[name] for name in names - used if name in notebook]
            used |= names
    return used


def unwrapped(value):
    """The function in an lru_cache or a partial, else the value itself."""
    return getattr(value, "__wrapped__", getattr(value, "func", value))


def codes_of(value, notebook):
    """The code of a function, or of all functions of a class, if it is the notebook's."""
    for part in vars(value).values() if isinstance(value, type) else [value]:
        if getattr(part, "__globals__", None) is notebook:
            yield from codes_in(part.__code__)
