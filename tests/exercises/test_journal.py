"""The journal: what a run that was killed has left is used, and nothing else is."""

import json
import os

import pytest

from kan_edu.exercises.handed_in.plain import SubmissionError
from kan_edu.exercises.handed_in.submissions import Submission
from kan_edu.exercises.journal import Journal
from kan_edu.exercises.marking.verdict import NOT_CHECKED, RIGHT, STOPPED, Mark, Verdict

ANN, BOB = Submission("ann.ipynb", b"one"), Submission("bob.ipynb", b"two")
MARKS = [Mark("double", 2.0, RIGHT), Mark("four", 3.0, STOPPED, "It ü.")]
OF_ANN = Verdict("ann.ipynb", "small", marks=MARKS, notes=["a note"])


@pytest.fixture
def left(tmp_path):
    """The path of a journal of a run that was killed while it wrote its second line; it holds the verdict on Ann."""
    journal = Journal(tmp_path / "marks.csv.journal", "the set")
    assert journal.known(ANN) is None and journal.known(BOB) is None
    journal.note(OF_ANN)
    journal.file.write('{"digest": "ab')
    journal.file.close()
    return journal.path


def test_who_was_checked_is_known_again(left):
    journal = Journal(left, "the set", resume=True)
    assert journal.known(ANN) == OF_ANN and journal.known(BOB) is None
    journal.note(Verdict("bob.ipynb", "small"))
    journal.file.close()  # killed again
    again = Journal(left, "the set", resume=True)
    assert again.known(ANN) == OF_ANN and again.known(BOB) == Verdict("bob.ipynb", "small")
    again.end(complete=True)
    assert not left.exists()


def test_only_the_same_file_and_the_same_check_are_known(left):
    with pytest.raises(SubmissionError, match="of another set, or with other options"):
        Journal(left, "another set", resume=True)
    assert Journal(left, "the set", resume=True).known(Submission("ann.ipynb", b"changed")) is None


def test_what_the_machine_did_not_manage_is_checked_again(tmp_path):
    journal = Journal(tmp_path / "j", "the set")
    journal.known(ANN)
    journal.note(Verdict("ann.ipynb", state=NOT_CHECKED, problem="no memory"))
    assert Journal(tmp_path / "j", "the set", resume=True).known(ANN) is None


def test_hours_of_work_are_not_written_over(left):
    with pytest.raises(SubmissionError, match="left 1 verdicts in .*--resume. To begin anew, delete"):
        Journal(left, "the set")
    journal = Journal(left, "the set", resume=True)
    journal.end(complete=False)  # interrupted: the reports hold what was there
    assert Journal(left, "the set").known(ANN) is None


def test_a_file_that_is_none_is_left_alone(tmp_path):
    for name, text in [("a", "marks of mine\n"), ("b", "[1]\n"), ("c", '{"x": 1}\n7\n')]:
        (tmp_path / name).write_text(text)
        with pytest.raises(SubmissionError):
            Journal(tmp_path / name, "the set", resume=name == "b")
        assert (tmp_path / name).read_text() == text
    (tmp_path / "link").symlink_to(tmp_path / "a")
    with pytest.raises(SubmissionError, match="link"):
        Journal(tmp_path / "link", "the set")


def test_without_a_report_there_is_none():
    journal = Journal()
    assert journal.known(ANN) is None
    journal.note(OF_ANN)
    journal.end(complete=True)


def test_every_line_is_there_at_once(tmp_path):
    journal = Journal(tmp_path / "j", "the set")
    journal.known(ANN)
    journal.note(OF_ANN)
    assert json.loads((tmp_path / "j").read_text().splitlines()[1])["verdict"]["name"] == "ann.ipynb"
    assert os.path.getsize(tmp_path / "j") > 100
