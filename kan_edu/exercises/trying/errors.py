"""An error in words for a student: what it says, and where in the student's own code it happened."""

import linecache
import re
import traceback
from types import CodeType

UNANSWERED = "your answer is missing here"  # what an unanswered task raises
NOBODY_TYPES = ("The answer asks for input(), and nobody is there to type while it is checked. Let the function take "
                "what it needs as an argument, and take input() out.")
SOLUTION = re.compile(r"\s*#\s*SOLUTION\s+(\w+)")  # first line of a solution that stands in an answer's place
IN_PLACE = "<the solution of {}>"  # the file that such a solution seems to come from in a student's notebook


def describe(error, task, values):
    """An error in one or two lines: its type, its words, and the line of the answer that raised it.

    values  the function of the check cell of `task`

    A line that the student did not write is not quoted: of a solution that stands in the place of a wrong answer only
    the task is named, and of the check cell too.
    """
    frames = [(frame, line) for frame, line in traceback.walk_tb(error.__traceback__)
              if frame.f_globals.get("__name__") == values.__globals__.get("__name__")]
    if isinstance(error, NotImplementedError) and UNANSWERED in str(error):
        return f"not answered yet: {frames[-1][0].f_code.co_name}: {UNANSWERED}" if frames else (
            f"not answered yet: {UNANSWERED}")
    if isinstance(error, NameError):
        return f"NameError: {error}. Run the cells above it first, from the top; is the name spelled as in the task?"
    if type(error).__name__ == "StdinNotImplementedError":
        return NOBODY_TYPES
    words = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return words[:500] + where(frames, task, set(codes_in(values.__code__)))


def where(frames, task, check):
    """Where an error happened: a line of the answer, a solution's task or the check cell. `check`: its code objects."""
    answers = [(frame, line) for frame, line in frames if frame.f_code not in check]
    if not answers:
        return f"\n    in the check cell of {task}, at what your answer returns" if frames else ""
    owner = solution_of(answers[-1][0].f_code.co_filename)
    own = [text for frame, line in answers if not solution_of(frame.f_code.co_filename)
           and (text := linecache.getline(frame.f_code.co_filename, line).strip())]
    quoted = f"\n    in the line: {own[-1][:200]}" if own else ""
    return (f"\n    inside the solution of {owner}, which stands in your answer's place" if owner else "") + quoted


def solution_of(filename):
    """The task whose solution a file is, as the notebook sees it, or None."""
    named = re.fullmatch(IN_PLACE.format(r"(\w+)"), filename)
    head = SOLUTION.match(linecache.getline(filename, 1))
    return named[1] if named else head[1] if head else None


def codes_in(code):
    """A code object and those of the functions that are defined in it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes_in(constant)
