"""Whose a file is, as far as its path tells: Moodle writes names into folders, others have a folder or a file each.

Moodle's ZIPs hold `Anna Muster_1234567_assignsubmission_file_/work.ipynb`, or the same without the slash. What it takes
back as feedback it knows by the same beginning (mod/assign/feedback/file/importziplib.php, Moodle 4.5).
"""

import re
from collections import Counter
from dataclasses import dataclass

from .plain import NOTEBOOK

MOODLE = re.compile(  # the first folder that fits: those inside are the student's own
    r"(?P<begin>(?:.*?/)??(?P<name>[^/_]*)_(?P<number>\d+)_assignsubmission_[a-z]+(?:_?/|_|\Z))(?P<rest>.*)", re.S)


@dataclass(frozen=True)
class Student:
    """What Moodle writes before each file: the full name, and a number that only one in the course has.

    begin   the path up to the file as the student named it, `rest`; with / at its end, or _ where files share a folder
    """

    name: str
    number: str
    begin: str
    rest: str


def student_of(label):
    """The `Student` in a path inside a Moodle ZIP; None for a path that Moodle did not write.

    >>> student_of("Anna Muster_17_assignsubmission_file_/work.ipynb").name
    'Anna Muster'
    >>> student_of("anna/work.ipynb")
    """
    found = MOODLE.fullmatch(label)
    return found and Student(found["name"], found["number"], found["begin"], found["rest"])


def without_company(found):
    """The (label, ...) pairs of a folder or ZIP, less the files that only accompany a notebook and are none.

    Who has handed in a notebook may have added a PDF; who has handed in only a PDF shall not be overlooked. Together
    belong what Moodle says is one student's, and else what lies in a folder (not the outermost) with one notebook.
    """
    books = [label for label, *_ in found if NOTEBOOK.search(label)]
    students = {student.number for student in map(student_of, books) if student}
    many = Counter(folder for label in books for folder in folders_of(label))

    def accompanies(label):
        student = student_of(label)
        if student:
            return student.number in students
        return any(many[folder] == 1 for folder in folders_of(label))

    return [pair for pair in found if NOTEBOOK.search(pair[0]) or not accompanies(pair[0])]


def folders_of(label):
    """a/b/c.py -> a, a/b."""
    parts = label.split("/")[:-1]
    return ["/".join(parts[: number + 1]) for number in range(len(parts))]


def shown_names(labels):
    """{label: how a table shows it}: a student of Moodle by name, with number or file where the name is not enough."""
    students = {label: student_of(label) for label in labels}
    names = Counter(student.name for student in students.values() if student)
    numbers = Counter(student.number for student in students.values() if student)
    shown = {}
    for label, student in students.items():
        if student is None:
            shown[label] = label
            continue
        number = f" {student.number}" if names[student.name] > numbers[student.number] or not student.name else ""
        file = f": {student.rest}" if numbers[student.number] > 1 else ""
        shown[label] = f"{student.name}{number}{file}".strip()
    return shown
