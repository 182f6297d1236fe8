"""Checks what was handed in: one notebook, a folder or a ZIP, with any `concurrent.futures.Executor`."""

from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field

from kan_edu.exercises.handed_in.answers import Unreadable, find_answers, read_book, set_said, which_set
from kan_edu.exercises.marking.judge import Job, judge
from kan_edu.exercises.marking.reference import make_reference
from kan_edu.exercises.marking.runner import MachineFailure, stop_all, stopping
from kan_edu.exercises.marking.verdict import NOT_CHECKED, UNREADABLE, Verdict
from kan_edu.exercises.sets.catalogue import find, shipped
from kan_edu.exercises.sets.source import SourceError, read_source

WHICH = "Say which it is: --set NAME for one of the course's, --set SOURCE.ipynb for a teacher's own."
UNKNOWN = f"It cannot be told which exercise set it is. Is it an exercise? {WHICH}"
FOREIGN = "It says that it belongs to the set {}, which is not one of the course's. " + WHICH
NO_REFERENCE = "The solutions could not be run, and so there was nothing to compare it with."
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

    def prepare(self, submission):
        """The `Job` of a submission, or its `Verdict` if there is nothing to run."""
        if submission.data is None:
            return Verdict(submission.name, state=UNREADABLE, problem=submission.problem)
        try:
            cells, metadata = read_book(submission.data)
        except Unreadable as error:
            return Verdict(submission.name, state=UNREADABLE, problem=str(error))
        said = set_said(metadata)
        name = which_set(cells, metadata, self.sources) if self.wanted is None else next(iter(self.sources))
        if name is None:
            return Verdict(submission.name, state=UNREADABLE, problem=FOREIGN.format(said) if said else UNKNOWN)
        found = find_answers(cells, self.sources[name])
        if said not in {None, name}:
            found.notes.append(f"It says that it belongs to the set {said}, and was checked as {name}.")
        try:
            reference = self.reference(name)
        except (SourceError, MachineFailure) as error:
            problem = f"{NO_REFERENCE} {error}"
            return Verdict(submission.name, name, NOT_CHECKED, problem, notes=found.notes)
        to_run = {task: text for task, text in found.texts.items() if task not in found.unanswered}
        return Job(submission.name, reference, to_run, frozenset(found.unanswered), found.problems,
                   tuple(found.notes), found.elsewhere, self.sandbox, self.timeout)


def check(submissions, classroom, executor, workers, progress=lambda verdict: None, interrupted=lambda: None):
    """Check all `Submissions` (see `submissions.collect`); return their `Verdict`s in the same order.

    executor     any concurrent.futures.Executor: each submission is one call of `judge`, which shares nothing
    workers      how many calls to hand out at once; a few more are kept ready
    progress     called with each verdict as it comes
    interrupted  called at Ctrl-C, before anything else

    On Ctrl-C the verdicts that are there are returned; the others are "not checked".
    """
    stopping.clear()
    verdicts, running = {}, {}
    try:
        for submission in submissions:
            running[start(submission, classroom, executor)] = submission.name
            if len(running) >= 2 * workers:
                gather(running, verdicts, progress, all_of_them=False)
        gather(running, verdicts, progress, all_of_them=True)
    except KeyboardInterrupt:
        interrupted()
        for future in running:
            future.cancel()
        stop_all()
        finished = {future: name for future, name in running.items() if future.done() and not future.cancelled()}
        verdicts |= {name: outcome(future, name) for future, name in finished.items()}
    for name in submissions.names:
        verdicts.setdefault(name, Verdict(name, state=NOT_CHECKED, problem=INTERRUPTED))
    return [verdicts[name] for name in submissions.names]


def start(submission, classroom, executor):
    """A future for a submission's verdict."""
    done = Future()
    try:
        made = classroom.prepare(submission)
        if isinstance(made, Job):
            return executor.submit(judge, made)
        done.set_result(made)
    except Exception as error:  # a broken executor takes no more calls
        done.set_exception(error)
    return done


def gather(running, verdicts, progress, all_of_them):
    """Take what is done out of `running` ({future: name}), waiting for one or for all."""
    while running:
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            name = running[future]
            verdicts[name] = outcome(future, name)  # noted before it is taken out: Ctrl-C may come at any time
            del running[future]
            progress(verdicts[name])
        if not all_of_them:
            return


def outcome(future, name):
    """The verdict of a future that is done; whatever it raised, that was not the student."""
    try:
        return future.result()
    except Exception as error:  # a worker that died, a broken executor
        return Verdict(name, state=NOT_CHECKED, problem=f"The checker or its worker failed: {error!r}. Check it again.")
