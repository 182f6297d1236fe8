"""A teacher's list of the class, as a spreadsheet or Moodle saves it, and who of it has handed in nothing."""

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from .plain import HAND_IN, SubmissionError, open_plain, printable
from .students import student_of

FULL = ("full name", "name", "student", "vollst\u00e4ndiger name")  # heads of columns, in English and German
FIRST = ("first name", "firstname", "given name", "vorname")
LAST = ("last name", "lastname", "surname", "family name", "nachname")
OTHER = ("username", "user name", "anmeldename", "email", "email address", "e-mail", "e-mail-adresse")
NUMBER = ("identifier", "id")  # "Participant 1234567", in the language of the course
LARGEST = 10**7  # bytes


@dataclass(frozen=True)
class Person:
    """One row of a roster.

    name     as it is shown
    keys     what may stand for the person, each as `words` makes it: full name, user name, beginning of the e-mail
    numbers  Moodle's, as texts
    """

    name: str
    keys: frozenset
    numbers: frozenset


def read_roster(path):
    """[Person] of a CSV file with a row for each student: with commas, semicolons or tabs, with heads or without.

    Without heads a row is a name, or first and last name, and whatever else the person is called by.
    Raises SubmissionError.
    """
    try:
        with open_plain(path) as file:
            data = file.read(LARGEST)
    except (SubmissionError, OSError) as error:
        raise SubmissionError(f"the roster {printable(str(path))} cannot be read: {error}") from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")  # as Windows saves it
    separator = max(",;\t", key=text.partition("\n")[0].count)
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator)]
    rows = [row for row in rows if any(row)]
    heads = [cell.casefold() for cell in rows[0]] if rows else []
    known = set(heads) & {*FULL, *FIRST, *LAST}
    people = [person_under(heads, row) for row in rows[1:]] if known else [person_in(row) for row in rows]
    if not people:
        raise SubmissionError(f"the roster {printable(str(path))} names nobody. It is a CSV file with a row for each "
                              "student: the full name, or first name, last name")
    return people


def person_under(heads, row):
    """The `Person` in a row below heads: only columns that name people count, not a status or a group."""
    cells = dict(zip(heads, row, strict=False))
    first, last, full = (next((cells[head] for head in some if cells.get(head)), "") for some in (FIRST, LAST, FULL))
    name = full or f"{first} {last}".strip()
    others = [cells[head] for head in OTHER if cells.get(head)]
    numbers = {found[0] for head in NUMBER if (found := re.findall(r"\d+\Z", cells.get(head, "")))}
    return Person(name or next(iter(others), "?"), keys_of([name, f"{last} {first}", *others]), frozenset(numbers))


def person_in(row):
    """The `Person` in a row without heads."""
    parts = [cell for cell in row[:2] if re.fullmatch(r"[^\d@_]+", cell)]
    name = " ".join(parts) if len(parts) == 2 and " " not in parts[0] else next(filter(None, row))
    return Person(name, keys_of([name, " ".join(parts[::-1]), *row]), frozenset())


def keys_of(texts):
    """What a person is known by: the words of each text, those of an e-mail address up to the @."""
    return frozenset(key for text in texts if (key := words(text.partition("@")[0])))


@cache
def words(text):
    """A text as the words in it, in small letters: what is left of two spellings of one name is the same."""
    return tuple(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", text).casefold()))


def compare(people, labels):
    """(people who handed in nothing, labels of those who are not on the roster). Who has a namesake needs a file each.

    labels   of the submissions: see `Submissions.names`
    """
    found, free = matched(people, labels)
    strangers = [label for label in free if not any(fits(one, label) for fits in WAYS for one in people)]
    return [one for place, one in enumerate(people) if place not in found], strangers


def matched(people, labels):
    """({place in the roster: the label that is that person's}, labels that are left)."""
    owners = {}  # whose: one of their labels; several files of one student of Moodle are one
    for label in labels:
        student = student_of(label)
        owners.setdefault(student.number if student else label, label)
    found, free = {}, list(owners.values())
    for fits in WAYS:
        for place, one in enumerate(people):
            taken = next((label for label in free if place not in found and fits(one, label)), None)
            if taken is not None:
                found[place] = taken
                free.remove(taken)
    return found, free


def named(people, labels):
    """{label: the name on the roster} of the labels that are a person's; a second file of one person's is, too."""
    found, free = matched(people, labels)
    names = {label: people[place].name for place, label in found.items()}
    for label in free:
        fitting = {one.name for one in people if any(fits(one, label) for fits in WAYS)}
        if len(fitting) == 1:
            names[label] = fitting.pop()
    return names


def by_number(one, label):
    """Whether Moodle's number says that a file is a person's."""
    student = student_of(label)
    return student is not None and student.number in one.numbers


def by_key(one, label):
    """Whether a file or a folder is called as a person is; where both have a number it must not be another's."""
    student = student_of(label)
    if student is not None:
        return words(student.name) in one.keys and not one.numbers
    return any(words(part) in one.keys for part in HAND_IN.sub("", label).split("/"))


def by_all_words(one, label):
    """Whether all words of a name, two at least, stand in a path: 05_muster_anna.ipynb."""
    if student_of(label) is not None:
        return False
    there = set(words(HAND_IN.sub("", label)))
    return any(len(key) > 1 and set(key) <= there for key in one.keys)


WAYS = (by_number, by_key, by_all_words)  # the surest first
