"""What is said about one submission: a mark for each task, or why there is none."""

from dataclasses import dataclass, field, replace

# What may be said of a task. Only "right" earns its points.
RIGHT, WRONG, UNANSWERED, MISSING, STOPPED = "right", "wrong", "unanswered", "missing", "stopped"
# What may be said of a submission. Only "checked" has points: no mark is given for what nobody could read or run.
CHECKED, UNREADABLE, NOT_CHECKED = "checked", "unreadable", "not checked"


@dataclass
class Mark:
    """One task of one submission.

    status   right; wrong (other values, or an error); unanswered (the stub as it was); missing (no such answer cell);
             stopped (it ran too long, ended its kernel, printed without end)
    message  what differs or what to do, in words for the student; may be empty if it is right
    """

    task: str
    of: float
    status: str = MISSING
    message: str = ""

    @property
    def points(self):
        return self.of if self.status == RIGHT else 0.0


@dataclass
class Verdict:
    """One submission.

    name     how the submission is called: its path inside of what was checked
    set      name of the exercise set; empty if it could not be told
    state    checked; unreadable (the file is at fault); not checked (the machine is at fault: check it again)
    problem  why it is not checked or unreadable, and what to do
    notes    remarks of use to student and teacher: two answer cells were joined, a helper lies in another cell
    unsure   a cell was stopped by the clock though it computed little: perhaps the machine was busy
    """

    name: str
    set: str = ""
    state: str = CHECKED
    problem: str = ""
    marks: list[Mark] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unsure: bool = False

    def with_second_try(self, second):
        """This verdict with the marks of a second try where the first was stopped."""
        if second.state != CHECKED:
            return self
        marks = [new if old.status == STOPPED else old for old, new in zip(self.marks, second.marks, strict=True)]
        return replace(self, marks=marks, unsure=second.unsure)

    @property
    def points(self):
        """Points reached, or None where there is no mark."""
        return sum(mark.points for mark in self.marks) if self.state == CHECKED else None

    @property
    def of(self):
        return sum(mark.of for mark in self.marks)

    @property
    def all_right(self):
        return self.state == CHECKED and all(mark.status == RIGHT for mark in self.marks)
