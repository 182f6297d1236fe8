"""The journal of a check: each verdict as it comes, one a line, so that a run that was killed can go on.

It lies beside the reports and is gone when they are complete. A verdict is taken from it only for a file of the same
name and the same bytes.
"""

import hashlib
import json
import os
from dataclasses import asdict
from pathlib import Path

import nbformat

from kan_edu.exercises.handed_in.plain import SubmissionError, open_plain
from kan_edu.exercises.marking.verdict import NOT_CHECKED, Mark, Verdict

ENDED = {"ended": True}  # the last line of a run that was interrupted and has written its reports


class Journal:
    """The journal at `path` (None: there is none) of a check with these `settings`, a text that tells checks apart."""

    def __init__(self, path=None, settings="", resume=False):
        self.path, self.file, self.verdicts, self.digests = path, None, {}, {}
        if path is None:
            return
        head, lines = read_lines(path)
        if resume and head is not None and head != {"settings": settings}:
            raise SubmissionError(f"{path} is of a check of another set, or with other options. Leave out --resume and "
                                  "delete it, or give the options of that time.")
        verdicts = sum(map(is_verdict, lines))
        if not resume and verdicts and ENDED not in lines:
            raise SubmissionError(f"a check that was killed has left {verdicts} verdicts in {path}. To go on with it: "
                                  "--resume. To begin anew, delete the file.")
        if resume:
            self.verdicts = {line["verdict"]["name"]: (line["digest"], line["verdict"])
                             for line in lines if is_verdict(line)}
        self.begin(settings, lines if resume else [])

    def begin(self, settings, lines):
        """Write the file anew, with what is kept of the old one: a line that was cut off is gone."""
        try:
            Path(self.path).unlink(missing_ok=True)
            self.file = open(self.path, "x", encoding="utf-8")  # x: never through a link
        except OSError as error:
            words = f"cannot write {self.path}: {error.strerror}. Name another place for the report."
            raise SubmissionError(words) from error
        for line in [{"settings": settings}, *filter(is_verdict, lines)]:
            self.write(line)

    def write(self, line):
        self.file.write(json.dumps(line) + "\n")
        self.file.flush()

    def known(self, submission):
        """The `Verdict` of a submission that was checked before, or None."""
        if self.file is None:
            return None
        self.digests[submission.name] = hashlib.sha256(submission.data or b"").hexdigest()
        digest, said = self.verdicts.pop(submission.name, (None, None))
        if digest != self.digests[submission.name]:
            return None
        return Verdict(**{**said, "marks": [Mark(**mark) for mark in said["marks"]]})

    def note(self, verdict):
        """Take down a verdict; what the machine did not manage is not one."""
        if self.file is not None and verdict.state != NOT_CHECKED:
            self.write({"digest": self.digests[verdict.name], "verdict": asdict(verdict)})

    def end(self, complete):
        """After the reports are written: remove it if they are complete, else say that nothing is lost with it."""
        if self.file is None:
            return
        if not complete:
            self.write(ENDED)
        self.file.close()
        if complete:
            os.unlink(self.path)


def is_verdict(line):
    """Whether a line is a verdict."""
    return isinstance(line, dict) and {"digest", "verdict"} <= line.keys()


def read_lines(path):
    """(the first line, the others) of a journal, as far as they are whole; (None, []) if there is none."""
    if not os.path.lexists(path):
        return None, []
    try:
        with open_plain(path) as file:
            lines = [json.loads(line) for line in file if line.endswith(b"\n")]
    except (OSError, ValueError) as error:
        words = f"{path} is no journal of a check ({error}). Delete it, or name another report."
        raise SubmissionError(words) from error
    if lines and not (isinstance(lines[0], dict) and "settings" in lines[0]):
        raise SubmissionError(f"{path} is no journal of a check. Delete it, or name another report.")
    return (lines[0], lines[1:]) if lines else (None, [])


def journal_for(arguments, classroom, targets):
    """The `Journal` beside the first report; none if no report is asked for. Raises SubmissionError."""
    if not targets and arguments.resume:
        raise SubmissionError("--resume goes on with reports. Name those of that run: --csv, --junit or --feedback")
    if not targets:
        return Journal()
    place = targets[0].with_name(f"{targets[0].name}.journal")
    if arguments.resume and any(Path(path).resolve() in place.resolve().parents for path in arguments.paths):
        raise SubmissionError(f"{place} lies among what was handed in, where a student may have put it. Write reports "
                              "into another folder")
    sets = {name: nbformat.writes(source.book) for name, source in classroom.sources.items()}
    settings = hashlib.sha256(json.dumps([sets, arguments.timeout], sort_keys=True).encode()).hexdigest()
    return Journal(place, settings, arguments.resume)
