"""Who of a class has handed in nothing: rosters as people save them, names as they write them."""

import pytest

from kan_edu.exercises.handed_in.plain import SubmissionError
from kan_edu.exercises.handed_in.roster import compare, read_roster

MOODLE = "{}_{}_assignsubmission_file_/w.ipynb".format
LABELS = [MOODLE("Anna Muster", 11), MOODLE("J\u00f6rg Li", 12), MOODLE("Eva Stranger", 99)]
SHEETS = {
    "grading worksheet": "\ufeffIdentifier,\"Full name\",\"Email address\",Status\nParticipant 11,Anna Muster,a@x.org,"
                         "Submitted\nParticipant 12,J\u00f6rg Li,j@x.org,x\nParticipant 13,Bob Late,b@x.org,x\n",
    "first and last": "First name;Last name;E-mail;Group\nAnna;Muster;a@x.org;1\nJ\u00d6RG;Li;;2\n\nBob;Late\n",
    "German": "Nachname\tVorname\nMuster\tAnna\nLi\tJ\u00f6rg\nLate\tBob\n",
    "names alone": "Anna Muster\nJ\u00f6rg Li\nBob Late\n",
    "no heads": "Muster,Anna,a@x.org\nLi,J\u00f6rg,j@x.org\nBob,Late,b@x.org\n",
}


def missing(folder, text, labels, coding="utf-8"):
    (folder / "roster.csv").write_bytes(text.encode(coding))
    absent, strangers = compare(read_roster(folder / "roster.csv"), labels)
    return [one.name for one in absent], strangers


@pytest.mark.parametrize("sheet", SHEETS)
@pytest.mark.parametrize("coding", ["utf-8", "cp1252"])
def test_who_is_missing(tmp_path, sheet, coding):
    text = SHEETS[sheet] if coding == "utf-8" else SHEETS[sheet].lstrip("\ufeff")
    assert missing(tmp_path, text, LABELS, coding) == (["Bob Late"], LABELS[2:])


def test_files_that_moodle_did_not_name(tmp_path):
    labels = ["05_muster_anna.ipynb", "li42/exercise.ipynb", "bob.late.py", "x.ipynb"]
    text = "name,username\nAnna Muster,am1\nJ\u00f6rg Li,li42\nBob Late,bl3\nAnna,\nX Y,x\nZoe,zz\n"
    assert missing(tmp_path, text, labels) == (["Anna", "Zoe"], []), "one word alone may be another's name"


def test_namesakes_need_a_file_each_and_numbers_tell_them_apart(tmp_path):
    two = "name\nLi Wei\nLi Wei\n"
    assert missing(tmp_path, two, [MOODLE("Li Wei", 1)]) == (["Li Wei"], [])
    assert missing(tmp_path, two, [MOODLE("Li Wei", 1), MOODLE("Li Wei", 2)]) == ([], [])
    assert missing(tmp_path, two, [MOODLE("Li Wei", 1), MOODLE("Li Wei", 1) + " (2)"]) == (["Li Wei"], [])
    known = "Identifier,Full name\nParticipant 1,Li Wei\nParticipant 2,Li Wei\n"
    (tmp_path / "roster.csv").write_text(known)
    absent, _ = compare(read_roster(tmp_path / "roster.csv"), [MOODLE("Li Wei", 2)])
    assert [one.numbers for one in absent] == [{"1"}]
    absent, strangers = compare(read_roster(tmp_path / "roster.csv"), [MOODLE("Li Wei", 3)])
    assert len(absent) == 2 and strangers == [MOODLE("Li Wei", 3)], "a third one of this name, of another course"


@pytest.mark.parametrize(
    ("text", "words"), [("", "names nobody"), ("Full name\n", "names nobody"), (None, "cannot be read")]
)
def test_no_roster(tmp_path, text, words):
    if text is not None:
        (tmp_path / "roster.csv").write_text(text)
    with pytest.raises(SubmissionError, match=words):
        read_roster(tmp_path / "roster.csv")
