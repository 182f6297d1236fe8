"""What comes out of the checker: tables for spreadsheets and for machines, pages for students, words for a terminal."""

import csv
import io
import unicodedata
import xml.etree.ElementTree as ET

from kan_edu.exercises.handed_in.students import student_of
from kan_edu.exercises.marking.verdict import CHECKED, NOT_CHECKED, RIGHT

from .feedback import write_feedback
from .picture import must_be_picture, write_picture
from .returned import write_return_zip
from .summary import about_roster, one, summary
from .webpage import write_webpages
from .whole import ReportError, legal, number, write_report

__all__ = ["ReportError", "about_roster", "exit_code", "must_be_picture", "one", "summary", "write_csv",
           "write_feedback", "write_junit", "write_picture", "write_return_zip", "write_webpages"]
ABSENT = "not handed in"


def exit_code(verdicts):
    """0 all right; 1 some are not; 3 some are not checked by a fault of the machine, or there was nothing to check."""
    if not verdicts or any(verdict.state == NOT_CHECKED for verdict in verdicts):
        return 3
    return 0 if all(verdict.all_right and verdict.marks for verdict in verdicts) else 1


# CSV


def write_csv(path, verdicts, absent=(), students=None):
    """One row for each submission; a column with the points of each task. Blank, never 0, where there is no mark.

    absent     names of students who handed in nothing: a row each, at the end
    students   {submission: name on the roster}, for those whose path does not tell it as Moodle's does

    UTF-8 with a mark at the beginning, by which spreadsheets know it. Raises ReportError.
    """
    tasks = list(dict.fromkeys((verdict.set, mark.task) for verdict in verdicts for mark in verdict.marks))
    several = len({name for name, _ in tasks}) > 1
    heads = [f"{name}: {task}" if several else task for name, task in tasks]
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    firsts = ["submission", "student", "set", "state", "points", "of", "problem", "notes"]
    writer.writerow(map(tame, [*firsts, *heads]))
    for verdict in verdicts:
        writer.writerow([*map(tame, about(verdict, students or {})), *points_of(verdict, tasks)])
    for name in absent:
        writer.writerow(["", tame(name), "", ABSENT, *[""] * (len(firsts) - 4 + len(heads))])
    write_report(path, table.getvalue().encode("utf-8-sig"))


def about(verdict, students):
    """The first columns of a row: name, student, set, state, points, of, problem, notes; texts, not yet tamed."""
    of = number(verdict.of) if verdict.marks else ""
    student = student_of(verdict.name)
    return [verdict.name, student.name if student else students.get(verdict.name, ""), verdict.set, verdict.state,
            number(verdict.points) if verdict.marks else "", of, verdict.problem, "; ".join(verdict.notes)]


def points_of(verdict, tasks):
    """The points of one submission as texts, in the order of the columns (set, task)."""
    points = {mark.task: number(mark.points) for mark in verdict.marks if verdict.state == CHECKED}
    return [points.get(task, "") if name == verdict.set else "" for name, task in tasks]


def tame(text):
    """A cell that no spreadsheet takes for a formula: an apostrophe stands before what could be one."""
    text = legal(text)
    begin = unicodedata.normalize("NFKC", text.lstrip()[:1])  # some spreadsheets take the wide signs of Chinese, too
    return f"'{text}" if begin in {"=", "+", "-", "@"} or text[:1] in {"\t", "\r", "\n"} else text


# JUnit's XML, which build servers show


def write_junit(path, verdicts):
    """A test suite for each submission and a test case for each task. Raises ReportError."""
    root = ET.Element("testsuites", name="kan-edu check")
    for verdict in verdicts:
        add_suite(root, verdict)
    for count in ["tests", "failures", "errors"]:
        root.set(count, str(sum(int(suite.get(count)) for suite in root)))
    ET.indent(root)
    write_report(path, ET.tostring(root, encoding="utf-8", xml_declaration=True))


def add_suite(root, verdict):
    """Append the test suite of one verdict to the XML element `root`."""
    suite = ET.SubElement(root, "testsuite", name=legal(verdict.name))
    if verdict.state == CHECKED and verdict.marks:
        for mark in verdict.marks:
            case = ET.SubElement(suite, "testcase", classname=legal(verdict.name), name=legal(mark.task))
            if mark.status != RIGHT:
                add_fault(case, "failure", mark.status, mark.message)
    else:
        case = ET.SubElement(suite, "testcase", classname=legal(verdict.name), name="notebook")
        add_fault(case, "error", verdict.state, verdict.problem)
    suite.set("tests", str(len(suite)))
    suite.set("failures", str(len(suite.findall("testcase/failure"))))
    suite.set("errors", str(len(suite.findall("testcase/error"))))
    if verdict.notes:
        ET.SubElement(suite, "system-out").text = legal("\n".join(verdict.notes))


def add_fault(case, kind, type, words):
    """`kind` is failure (the student's) or error (nobody could check it)."""
    words = legal(words)
    ET.SubElement(case, kind, type=type, message=words.split("\n")[0]).text = words
