"""Reads one submission: which set it belongs to and what it answers. It runs where time and memory are limited."""

from dataclasses import dataclass, field

from kan_edu.exercises.sets.cells import Unreadable

from .answers import Answers, find_answers, read_book, set_said, which_set

SECONDS = 20  # of computing; 100 MB take three
TOO_MUCH = (f"to read it takes more than {SECONDS} s or 1.5 GB of memory. Clear its outputs (Edit, Clear Outputs of "
            "All Cells), save it, and hand it in again.")


@dataclass
class Found:
    """What stands in one submission.

    set      name of its set; None if it cannot be told
    said     what it says itself
    answers  to the tasks of the set
    problem  why it cannot be read; empty if it can
    """

    set: str | None = None
    said: str | None = None
    answers: Answers = field(default_factory=Answers)
    problem: str = ""


def find(data, sources, wanted):
    """The `Found` in the bytes of a file; `sources` is {name: Source}.

    wanted  it belongs to the only one of them, whatever it says
    """
    try:
        cells, metadata = read_book(data)
    except Unreadable as error:
        return Found(problem=str(error))
    name = next(iter(sources)) if wanted else which_set(cells, metadata, sources)
    answers = Answers() if name is None else find_answers(cells, sources[name])
    return Found(name, set_said(metadata), answers)
