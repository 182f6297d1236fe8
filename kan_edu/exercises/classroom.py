"""Checks what was handed in: one notebook, a folder or a ZIP, with any `concurrent.futures.Executor`."""

from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace

from kan_edu.exercises.handed_in.reading import SECONDS, TOO_MUCH, Found, find
from kan_edu.exercises.marking.judge import Job, judge
from kan_edu.exercises.marking.reference import make_reference
from kan_edu.exercises.marking.runner import Clock, LimitReached, MachineFailure, call, stop_all, stopping
from kan_edu.exercises.marking.verdict import CHECKED, NOT_CHECKED, UNREADABLE, Verdict
from kan_edu.exercises.sets.catalogue import find as find_set
from kan_edu.exercises.sets.catalogue import shipped
from kan_edu.exercises.sets.source import SourceError, read_source

from .journal import Journal

WHICH = "Say which it is: --set NAME for one of the course's, --set SOURCE.ipynb for a teacher's own."
UNKNOWN = f"It cannot be told which exercise set it is. Is it an exercise? {WHICH}"
FOREIGN = "It says that it belongs to the set {}, which is not one of the course's. " + WHICH
NO_REFERENCE = "The solutions could not be run, and so there was nothing to compare it with."
WHOLE = 10  # times what a cell may compute, the cells of a submission may together
INTERRUPTED = "The check was interrupted. Check it again."


@dataclass
class Classroom:
    """One run of the checker: its settings, and the references that it made, one a set.

    sandbox  "bwrap" or "none": see sandbox.choose
    timeout  s that one cell may compute
    seed     of the references; None: a random one each
    wanted   the set that all submissions belong to, as `sets.find` takes it; None: each submission says
    """

    sandbox: str
    timeout: float = 20.0
    seed: int | None = None
    wanted: str | None = None
    references: dict = field(default_factory=dict)
    sources: dict = field(default_factory=dict)

    def __post_init__(self):
        if self.wanted is not None:
            source = find_set(self.wanted)
            self.sources = {source.name: source}
        else:
            self.sources = {name: read_source(path) for name, path in shipped().items()}

    def reference(self, name):
        """The reference of a set, made when it is first needed. Raises SourceError or MachineFailure, each time."""
        if name not in self.references:
            if self.seed == self.sources[name].seed:
                raise SourceError(f"--seed {self.seed} is the published seed of {name}, whose values students have. "
                                  "Take another one, or none")
            try:
                self.references[name] = make_reference(self.sources[name], self.sandbox, self.timeout, self.seed)
            except (SourceError, MachineFailure) as error:  # once is enough: a class would wait for each to fail anew
                self.references[name] = error
        if isinstance(self.references[name], Exception):
            raise self.references[name]
        return self.references[name]

    def first(self, submission):
        """What is to be done first with a submission: read it (`Handed`), or nothing (its `Verdict`)."""
        if submission.data is None:
            return Verdict(submission.name, state=UNREADABLE, problem=submission.problem)
        return Handed(submission.name, submission.data, self.sources, self.wanted is not None, self.sandbox)

    def next(self, name, found):
        """The `Job` of a submission in which this was `Found`, or its `Verdict` if there is nothing to run."""
        if found.problem:
            return Verdict(name, state=UNREADABLE, problem=found.problem)
        if found.set is None:
            return Verdict(name, state=UNREADABLE, problem=FOREIGN.format(found.said) if found.said else UNKNOWN)
        answers = found.answers
        if found.said not in {None, found.set}:
            answers.notes.append(f"It says that it belongs to the set {found.said}, and was checked as {found.set}.")
        try:
            reference = self.reference(found.set)
        except (SourceError, MachineFailure) as error:
            return Verdict(name, found.set, NOT_CHECKED, f"{NO_REFERENCE} {error}", notes=answers.notes)
        to_run = {task: text for task, text in answers.texts.items() if task not in answers.unanswered}
        return Job(name, reference, to_run, frozenset(answers.unanswered), answers.problems, tuple(answers.notes),
                   answers.elsewhere, self.sandbox, self.timeout, Clock(WHOLE * self.timeout))


@dataclass(frozen=True)
class Handed:
    """All that is needed to read one submission, as plain data; see `reading.find`."""

    name: str
    data: bytes
    sources: dict
    wanted: bool
    sandbox: str


def read(handed):
    """What is `Found` in a submission, read in a process of its own; a call that shares nothing, as `judge` is."""
    try:
        return call(find, handed.data, handed.sources, handed.wanted, sandbox=handed.sandbox, seconds=SECONDS)
    except LimitReached:
        return Found(problem=TOO_MUCH)
    except MachineFailure as failure:
        problem = f"The machine failed, so there is no mark; check it again. {failure}"
        return Verdict(handed.name, state=NOT_CHECKED, problem=problem)


def check(submissions, classroom, executor, workers, progress=lambda verdict: None, interrupted=lambda: None,
          journal=None):
    """Check all `Submissions` (see `submissions.collect`); return their `Verdict`s in the same order.

    executor     any concurrent.futures.Executor: to read and to `judge` a submission are calls that share nothing
    workers      how many calls to hand out at once; a few more are kept ready
    progress     called with each verdict as it comes
    interrupted  called at Ctrl-C, before anything else
    journal      a `Journal`, which knows what was checked before and takes down what comes

    Who was stopped by the clock is tried once more at the end, alone. On Ctrl-C the verdicts that are there are
    returned; the others are "not checked".
    """
    stopping.clear()
    desk = Desk(classroom, executor, progress, journal or Journal())
    try:
        for submission in submissions:
            desk.begin(submission)
            desk.gather(at_most=2 * workers - 1)
        desk.gather(at_most=0)
        for job in list(desk.again.values()):
            desk.hand_out(job.name, judge, job)
            desk.gather(at_most=0)
    except KeyboardInterrupt:
        interrupted()
        for future in desk.running:
            future.cancel()
        stop_all()
        desk.take_what_is_done()
    for name in submissions.names:
        desk.verdicts.setdefault(name, Verdict(name, state=NOT_CHECKED, problem=INTERRUPTED))
    return [desk.verdicts[name] for name in submissions.names]


class Desk:
    """What runs of a class, {future: name}, and what has come of it."""

    def __init__(self, classroom, executor, progress, journal):
        self.classroom, self.executor, self.progress, self.journal = classroom, executor, progress, journal
        self.running, self.verdicts, self.jobs, self.again = {}, {}, {}, {}

    def begin(self, submission):
        """Begin with a submission, unless the journal knows its verdict."""
        known = self.journal.known(submission)
        if known:
            self.verdicts[known.name] = known
            self.progress(known)
            return
        first = self.classroom.first(submission)
        self.note(first) if isinstance(first, Verdict) else self.hand_out(submission.name, read, first)

    def hand_out(self, name, function, given):
        """Have the executor call `function(given)`."""
        try:
            future = self.executor.submit(function, given)
        except Exception as error:  # a broken executor takes no more calls
            future = Future()
            future.set_exception(error)
        self.running[future] = name

    def gather(self, at_most):
        """Wait until not more than so many run, and take in what is done."""
        while len(self.running) > at_most:
            wait(self.running, return_when=FIRST_COMPLETED)
            for future in [future for future in self.running if future.done()]:  # in the order of the class
                name = self.running[future]
                self.take(name, outcome(future, name))  # noted before it is taken out: Ctrl-C may come at any time
                del self.running[future]

    def take(self, name, came):
        """Take in what came of a call: a verdict, or what was found and is now judged."""
        made = self.classroom.next(name, came) if isinstance(came, Found) else came
        if isinstance(made, Job):
            self.jobs[name] = made
            self.hand_out(name, judge, made)
        else:
            self.note(made)

    def note(self, verdict):
        """Note a verdict; one that is unsure the first time is not the last word."""
        job, first = self.jobs.pop(verdict.name, None), self.verdicts.get(verdict.name)
        if verdict.unsure and first is None and job:
            self.again[verdict.name] = self.jobs[verdict.name] = replace(job, clock=Clock(WHOLE * job.timeout))
            self.verdicts[verdict.name] = verdict
            return
        verdict = first.with_second_try(verdict) if first else verdict
        self.verdicts[verdict.name] = verdict
        self.journal.note(verdict)
        self.progress(verdict)

    def take_what_is_done(self):
        """After an interrupt: what has ended by itself counts, and nothing more is begun."""
        for future, name in self.running.items():
            if future.done() and not future.cancelled():
                came = outcome(future, name)
                surely = isinstance(came, Verdict) and came.state == CHECKED and not came.unsure
                if surely and name not in self.verdicts:
                    self.verdicts[name] = came
                    self.journal.note(came)


def outcome(future, name):
    """The verdict of a future that is done; whatever it raised, that was not the student."""
    try:
        return future.result()
    except Exception as error:  # a worker that died, a broken executor
        return Verdict(name, state=NOT_CHECKED, problem=f"The checker or its worker failed: {error!r}. Check it again.")
