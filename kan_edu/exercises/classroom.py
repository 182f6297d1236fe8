"""Checks what was handed in: one notebook, a folder or a ZIP, with any `concurrent.futures.Executor`."""

from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field

from kan_edu.exercises.answers import Unreadable, find_answers, read_book, which_set
from kan_edu.exercises.judge import Job, judge
from kan_edu.exercises.reference import make_reference
from kan_edu.exercises.runner import stop_all
from kan_edu.exercises.sets import find, shipped
from kan_edu.exercises.source import read_source
from kan_edu.exercises.verdict import NOT_CHECKED, UNREADABLE, Verdict

UNKNOWN = ("No exercise set has answers with the names in it. Is it an exercise? Say which set it is: "
           "kan-edu check --set NAME")
INTERRUPTED = "The check was interrupted. Check it again."


@dataclass
class Classroom:
    """One run of the checker: its settings, and the references that it made, one a set.

    sandbox  "bwrap" or "none": see sandbox.choose
    timeout  s that one cell may take
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
            source = find(self.wanted)
            self.sources = {source.name: source}
        else:
            self.sources = {name: read_source(path) for name, path in shipped().items()}

    def reference(self, name):
        """The reference of a set, made when it is first needed."""
        if name not in self.references:
            self.references[name] = make_reference(self.sources[name], self.sandbox, self.timeout, self.seed)
        return self.references[name]

    def prepare(self, submission):
        """The `Job` of a submission, or its `Verdict` if there is nothing to run."""
        if submission.data is None:
            return Verdict(submission.name, state=UNREADABLE, problem=submission.problem)
        try:
            cells, metadata = read_book(submission.data)
        except Unreadable as error:
            return Verdict(submission.name, state=UNREADABLE, problem=str(error))
        name = which_set(cells, metadata, self.sources) if self.wanted is None else next(iter(self.sources))
        if name is None:
            return Verdict(submission.name, state=UNREADABLE, problem=UNKNOWN)
        found = find_answers(cells, self.sources[name])
        to_run = {task: text for task, text in found.texts.items() if task not in found.unanswered}
        return Job(submission.name, self.reference(name), to_run, frozenset(found.unanswered), found.problems,
                   tuple(found.notes), found.elsewhere, self.sandbox, self.timeout)


def check(submissions, classroom, executor, workers, progress=lambda verdict: None):
    """Check all `Submissions` (see `submissions.collect`); return their `Verdict`s in the same order.

    executor  any concurrent.futures.Executor: each submission is one call of `judge`, which shares nothing
    workers   how many calls to hand out at once; a few more are kept ready
    progress  called with each verdict as it comes

    On Ctrl-C the verdicts that are there are returned; the others are "not checked".
    """
    verdicts, running = {}, {}
    try:
        for submission in submissions:
            running[start(submission, classroom, executor)] = submission.name
            if len(running) >= 2 * workers:
                gather(running, verdicts, progress, all_of_them=False)
        gather(running, verdicts, progress, all_of_them=True)
    except KeyboardInterrupt:
        for future in running:
            future.cancel()
        stop_all()
    for name in submissions.names:
        verdicts.setdefault(name, Verdict(name, state=NOT_CHECKED, problem=INTERRUPTED))
    return [verdicts[name] for name in submissions.names]


def start(submission, classroom, executor):
    """A future for a submission's verdict."""
    made = classroom.prepare(submission)
    if isinstance(made, Job):
        return executor.submit(judge, made)
    done = Future()
    done.set_result(made)
    return done


def gather(running, verdicts, progress, all_of_them):
    """Take what is done out of `running` ({future: name}), waiting for one or for all."""
    while running:
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            name = running.pop(future)
            try:
                verdicts[name] = future.result()
            except Exception as error:  # a worker that died, a broken executor: the machine's fault, whatever it was
                problem = f"The worker failed: {error!r}. Check it again."
                verdicts[name] = Verdict(name, state=NOT_CHECKED, problem=problem)
            progress(verdicts[name])
        if not all_of_them:
            return
