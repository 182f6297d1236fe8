"""What students and teachers get beside tables: pages of HTML, the ZIP that Moodle takes back, the picture."""

import xml.etree.ElementTree as ET
import zipfile
from html.parser import HTMLParser

import pytest

from kan_edu.exercises.handed_in.students import student_of
from kan_edu.exercises.marking.verdict import (
    CHECKED,
    MISSING,
    RIGHT,
    STOPPED,
    UNANSWERED,
    UNREADABLE,
    WRONG,
    Mark,
    Verdict,
)
from kan_edu.exercises.reports.picture import SHOWN, class_picture, must_be_picture, write_picture
from kan_edu.exercises.reports.returned import write_return_zip
from kan_edu.exercises.reports.webpage import page_path, webpage, write_webpages
from kan_edu.exercises.reports.whole import ReportError

EVIL = "</pre><script>alert(1)</script> & `x` <b"
ANNA = "Anna Muster_17_assignsubmission_file_/work.ipynb"


def verdict(name, *statuses, set="small", **more):
    tasks = zip(["double", "weights", "four"], [2, 1, 3], statuses, strict=False)
    marks = [Mark(task, of, status, f"{task} is {status}") for task, of, status in tasks]
    return Verdict(name, set, marks=marks, **more)


class Reader(HTMLParser):
    """The tags of a page, and what is left open."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.open, self.texts = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, text):
        self.texts.append(text)


def test_a_page_says_what_differs_and_what_to_do():
    page = webpage(verdict(ANNA, RIGHT, WRONG, UNANSWERED, notes=["a note"]))
    read = Reader(page)
    words = " ".join("".join(read.texts).split())
    assert not read.open and read.tags.count("tr") == 4 and "<title>small: 2 of 6 points</title>" in page
    for said in ["double 2 of 2 right", "weights is wrong", "Correct the answer", "a note", ANNA,
                 "the cell that begins with # ANSWER four,"] :
        assert said in words or said.replace(" ", "") in words.replace(" ", ""), said
    assert "All of it is right" in webpage(verdict("a", RIGHT, RIGHT, RIGHT)) and "color-scheme: light dark" in page


def test_what_a_student_wrote_stays_a_text():
    marks = [Mark(EVIL, 1, WRONG, EVIL + "\n\x1b[31m" + EVIL)]
    for one in [Verdict(EVIL, EVIL, marks=marks, notes=[EVIL]), Verdict(EVIL, state=UNREADABLE, problem=EVIL)]:
        read = Reader(webpage(one))
        assert not {"script", "b"} & set(read.tags) and "\x1b" not in webpage(one) and not read.open
        assert "alert(1)" in "".join(read.texts)


def test_pages_in_a_folder(tmp_path):
    paths = write_webpages(tmp_path / "pages", [verdict("a/x.ipynb", RIGHT), verdict("a x.ipynb", WRONG)])
    assert [path.name for path in paths] == ["a_x.feedback.html", "a_x-2.feedback.html"]
    assert all(path.read_text(encoding="utf-8").startswith("<!DOCTYPE html>") for path in paths)
    with pytest.raises(ReportError, match="cannot make the folder"):
        write_webpages(paths[0] / "x", [])


def test_the_zip_goes_back_into_the_folders_in_which_it_came(tmp_path):
    """Moodle reads name_number_kind_plugin off the first folder of each path."""
    names = [ANNA, "Li_4_assignsubmission_file_w.ipynb", "../../up.ipynb", "/root.ipynb", "work.ipynb", "work.py"]
    write_return_zip(tmp_path / "feedback.zip", [verdict(name, RIGHT) for name in names])
    with zipfile.ZipFile(tmp_path / "feedback.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [
            "Anna Muster_17_assignsubmission_file_/work.feedback.html", "Li_4_assignsubmission_file_w.feedback.html",
            "up.feedback.html", "root.feedback.html", "work.feedback.html", "work.py_.feedback.html"]
        assert archive.read(archive.namelist()[0]).decode() == webpage(verdict(ANNA, RIGHT))
    assert student_of(page_path(ANNA)).number == "17"


# The picture


def bars(figure):
    """{panel's title: {status: [how many, a task each]}} as drawn."""
    return {ax.get_title(): {one.get_label(): [bar.get_width() for bar in one] for one in ax.containers}
            for ax in figure.axes}


def test_the_picture_counts_each_task():
    some = [verdict("a", RIGHT, WRONG, UNANSWERED), verdict("b", RIGHT, WRONG, STOPPED),
            verdict("c", MISSING, RIGHT, RIGHT), verdict("d", RIGHT, set="other"), Verdict("e", state=UNREADABLE)]
    assert bars(class_picture(some)) == {
        "other: 1 checked": {RIGHT: [1]},
        "small: 3 checked": {RIGHT: [2, 1, 1], WRONG: [0, 2, 0], UNANSWERED: [0, 0, 1], MISSING: [1, 0, 0],
                             STOPPED: [0, 0, 1]}}
    assert len({pair for pair in SHOWN.values()}) == len(SHOWN) == 5


def test_the_picture_is_written_as_its_name_says(tmp_path):
    some = [verdict("a", RIGHT, WRONG, WRONG)]
    for name, begin in [("p.png", b"\x89PNG"), ("p.SVG", b"<?xml"), ("p.pdf", b"%PDF")]:
        write_picture(tmp_path / name, some)
        assert (tmp_path / name).read_bytes().startswith(begin)
    assert ET.parse(tmp_path / "p.SVG").getroot().tag.endswith("svg")
    write_picture(tmp_path / "none.png", [Verdict("e", state=CHECKED)])
    with pytest.raises(ReportError, match="a picture's name ends in .png, .svg, .pdf"):
        must_be_picture("p.jpg")
