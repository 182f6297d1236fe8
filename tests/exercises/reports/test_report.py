"""What comes out of the checker: read back by what reads it, with texts that would like to be more than texts."""

import csv
import os
import xml.etree.ElementTree as ET
from pathlib import Path

import mistune
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kan_edu.exercises.marking.verdict import (
    CHECKED,
    MISSING,
    NOT_CHECKED,
    RIGHT,
    STOPPED,
    UNANSWERED,
    UNREADABLE,
    WRONG,
    Mark,
    Verdict,
)
from kan_edu.exercises.reports.feedback import escaped, file_name, page, quoted, span
from kan_edu.exercises.reports.report import (
    ReportError,
    exit_code,
    one,
    summary,
    write_csv,
    write_feedback,
    write_junit,
)
from kan_edu.exercises.reports.whole import legal, write_report


def small(name, *statuses, **more):
    """A verdict on the small set: 2, 1 and 3 points."""
    tasks = zip(["double", "weights", "four"], [2, 1, 3], statuses, strict=True)
    return Verdict(name, "small", marks=[Mark(task, of, status, f"{task} is {status}") for task, of, status in tasks],
                   **more)


ANNA = small("anna.ipynb", RIGHT, WRONG, UNANSWERED, notes=["a note", "another"])
ALL_RIGHT = small("bob/x.ipynb", RIGHT, RIGHT, RIGHT)
STUCK = small("cem.ipynb", RIGHT, STOPPED, MISSING)
BROKEN = Verdict("broken.ipynb", state=UNREADABLE, problem="its JSON is broken. Save it again.")
NOT_RUN = Verdict("dora.ipynb", "small", NOT_CHECKED, "the kernel did not start. Check it again.")
HALF_RUN = Verdict("emil.ipynb", "small", NOT_CHECKED, "bwrap is missing", [Mark("double", 2, RIGHT), Mark("four", 3)])
OTHER = Verdict("flo.ipynb", "other", marks=[Mark("double", 0.5, RIGHT), Mark("eight", 2.25, WRONG, "no")])
EMPTY = Verdict("gil.ipynb", "small")
CLASS = [ANNA, ALL_RIGHT, STUCK, BROKEN, NOT_RUN, HALF_RUN]


# Exit codes


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [([ALL_RIGHT], 0), ([ALL_RIGHT, ALL_RIGHT], 0), ([ALL_RIGHT, ANNA], 1), ([BROKEN], 1), ([STUCK], 1), ([EMPTY], 1),
     ([NOT_RUN], 3), ([HALF_RUN], 3), ([ANNA, NOT_RUN, ALL_RIGHT], 3), ([], 3)],
)
def test_exit_code(verdicts, code):
    assert exit_code(verdicts) == code


# CSV


def read_back(path):
    with open(path, encoding="utf-8-sig", newline="") as file:
        head, *rows = csv.reader(file, strict=True)
    assert all(len(row) == len(head) for row in rows)
    return head, [dict(zip(head, row, strict=True)) for row in rows]


def as_csv(folder, verdicts):
    write_csv(folder / "marks.csv", verdicts)
    return read_back(folder / "marks.csv")


def test_csv_of_one_set(tmp_path):
    head, rows = as_csv(tmp_path, CLASS)
    assert head[:8] == ["submission", "student", "set", "state", "points", "of", "problem", "notes"]
    assert head[8:] == ["double", "weights", "four"]
    assert list(rows[0].values()) == [
        "anna.ipynb", "", "small", "checked", "2", "6", "", "a note; another", "2", "0", "0"]
    assert [row["points"] for row in rows] == ["2", "6", "2", "", "", ""]
    assert (tmp_path / "marks.csv").read_bytes().startswith(b"\xef\xbb\xbfsubmission,")


def test_csv_is_blank_and_never_0_where_there_is_no_mark(tmp_path):
    _, rows = as_csv(tmp_path, [ANNA, BROKEN, NOT_RUN, HALF_RUN, EMPTY])
    for row in rows[1:]:
        assert [row[name] for name in ["points", "double", "weights", "four"]] == [""] * 4
    assert [row["state"] for row in rows] == ["checked", "unreadable", "not checked", "not checked", "checked"]
    assert rows[1]["problem"] == BROKEN.problem and "0" not in "".join(rows[4].values())


def test_csv_of_several_sets(tmp_path):
    head, rows = as_csv(tmp_path, [ANNA, OTHER])
    assert head[8:] == ["small: double", "small: weights", "small: four", "other: double", "other: eight"]
    assert list(rows[0].values())[8:] == ["2", "0", "0", "", ""]
    assert list(rows[1].values())[4:6] + list(rows[1].values())[8:] == ["0.5", "2.75", "", "", "", "0.5", "0"]


@pytest.mark.parametrize(
    "begin", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "\t=", "\u3000=", "\x00=", "\uff1d", "\uff0b"]
)
def test_csv_holds_no_formulas(tmp_path, begin):
    text = begin + "HYPERLINK(1)"
    hostile = Verdict(text, text, UNREADABLE, text, notes=[text])
    _, (row,) = as_csv(tmp_path, [hostile])
    assert row["submission"] == row["set"] == row["problem"] == row["notes"] == "'" + legal(text)


def test_csv_leaves_other_names_as_they_are(tmp_path):
    names = ["a=b", "J\u00fcrgen", "\u674e\u660e", "a,b;c", 'say "x"', "two\nlines", "'quoted", "\U0001f600", "",
             "a\rb"]
    _, rows = as_csv(tmp_path, [Verdict(name) for name in names])
    assert [row["submission"] for row in rows] == names


WORDS = st.text() | st.sampled_from(["=1", "-", "\r\n", '"', "a;b", "\ud800", "\x00", "```", "|", "]]>", "\x9b31m"])
STATUSES = st.sampled_from([RIGHT, WRONG, UNANSWERED, MISSING, STOPPED])
POINTS = st.sampled_from([0, 1, 2.5, 10])
MARKS = st.lists(st.builds(Mark, st.sampled_from(["a", "b", "c"]), POINTS, STATUSES, WORDS), max_size=3,
                 unique_by=lambda mark: mark.task)
VERDICTS = st.lists(st.builds(Verdict, WORDS, st.sampled_from(["", "small", "other"]),
                              st.sampled_from([CHECKED, UNREADABLE, NOT_CHECKED]), WORDS, MARKS,
                              st.lists(WORDS, max_size=2)), max_size=4)


@given(VERDICTS)
def test_csv_reads_back_the_same(tmp_path_factory, verdicts):
    head, rows = as_csv(tmp_path_factory.mktemp("csv"), verdicts)
    assert len(rows) == len(verdicts)
    for row, verdict in zip(rows, verdicts, strict=True):
        for key, value in [("submission", verdict.name), ("problem", verdict.problem), ("state", verdict.state)]:
            assert row[key] in {legal(value), "'" + legal(value)}
            assert row[key].lstrip()[:1] not in {"=", "+", "-", "@"}
        marked = verdict.state == CHECKED and verdict.marks
        assert row["points"] == (f"{verdict.points:g}" if marked else "")
        assert sum(cell != "" for cell in list(row.values())[8:]) == (len(verdict.marks) if marked else 0)


# JUnit


def as_xml(folder, verdicts):
    write_junit(folder / "marks.xml", verdicts)
    return ET.parse(folder / "marks.xml").getroot()


def test_junit(tmp_path):
    root = as_xml(tmp_path, CLASS)
    assert root.attrib == {"name": "kan-edu check", "tests": "12", "failures": "4", "errors": "3"}
    assert [suite.get("name") for suite in root] == [verdict.name for verdict in CLASS]
    assert [len(suite.findall("testcase")) for suite in root] == [3, 3, 3, 1, 1, 1]
    faults = [(case.get("name"), fault.tag, fault.get("type"), fault.text) for case in root.iter("testcase")
              for fault in case]
    assert faults == [
        ("weights", "failure", "wrong", "weights is wrong"), ("four", "failure", "unanswered", "four is unanswered"),
        ("weights", "failure", "stopped", "weights is stopped"), ("four", "failure", "missing", "four is missing"),
        ("notebook", "error", "unreadable", BROKEN.problem), ("notebook", "error", "not checked", NOT_RUN.problem),
        ("notebook", "error", "not checked", HALF_RUN.problem),
    ]
    assert root[0].find("system-out").text == "a note\nanother"


def test_junit_with_nothing_to_mark_is_an_error(tmp_path):
    assert as_xml(tmp_path, [EMPTY]).get("errors") == "1"


def test_junit_with_characters_that_xml_forbids(tmp_path):
    text = "".join(map(chr, [*range(0x20), 0x7F, 0x9B, 0xD800, 0xFFFE, 0xFFFF, 0x1F600])) + "<]]>&\"'"
    hostile = Verdict(text, "small", marks=[Mark("a", 1, WRONG, text)], notes=[text])
    (suite,) = as_xml(tmp_path, [hostile])
    assert suite.find("testcase/failure").text.split() == ["\U0001f600<]]>&\"'"]


@given(VERDICTS)
def test_junit_always_parses(tmp_path_factory, verdicts):
    root = as_xml(tmp_path_factory.mktemp("xml"), verdicts)
    assert len(root) == len(verdicts) and int(root.get("tests")) == len(list(root.iter("testcase")))
    assert int(root.get("failures")) + int(root.get("errors")) == sum(len(case) for case in root.iter("testcase"))


# Feedback

HTML = mistune.create_markdown(escape=False, plugins=["table", "strikethrough", "math", "url"])


def test_feedback_that_a_student_can_read():
    text = page(ANNA)
    assert text.startswith("# small: 2 of 6 points\n\nYour notebook: ` anna.ipynb `\n")
    assert "| double | 2 of 2 | right |\n| weights | 0 of 1 | wrong |" in text
    assert "### weights: wrong\n\n> weights is wrong\n\nCorrect the answer" in text
    assert "begins with `# ANSWER four`" in text and "### double" not in text
    assert "## Remarks\n\n- a note\n- another\n" in text
    assert "All of it is right." in page(ALL_RIGHT)


@pytest.mark.parametrize("status", [WRONG, UNANSWERED, MISSING, STOPPED])
def test_feedback_says_what_to_do_next(status):
    text = page(Verdict("a", "s", marks=[Mark("t", 1, status)]))
    after = text.partition(f"### t: {status}\n")[2].strip().split("\n")[0]
    assert len(after.split()) > 5


@pytest.mark.parametrize(
    ("verdict", "words"),
    [(BROKEN, "# Exercises: unreadable"), (NOT_RUN, "no fault of yours"), (HALF_RUN, "# small: not checked"),
     (EMPTY, "There was nothing to mark")],
)
def test_feedback_without_a_mark_has_no_points(verdict, words):
    assert words in page(verdict) and " of " not in page(verdict).replace("fault of yours", "")
    assert not verdict.problem or escaped(verdict.problem) in page(verdict)


BREAKS = [
    "```\n# Full marks\n```", "~~~\n# x", "`````\n<script>alert(1)</script>\n`````", "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>", "![x](http://x/x.png)", "[a](javascript:alert(1))", "see www.x.org",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "# heading", "a\n===", "- item", "1. item", "2) item", "> quote", "**bold** _em_ ~~s~~", "$$x$$", "a  \n\n# b",
    "`x`", "<!-- ", "&lt;", "\\", "x\\", "`", "``", "\r# x", "a\r\n# b", "***", "--- ", "\t# x", "    # x",
    "<https://x.org>",
]


@pytest.mark.parametrize("text", BREAKS)
def test_student_text_stays_a_text(text):
    """The page has the same elements as one with a harmless text, and the text stands in it as it was written."""
    def tags(verdict):
        return [part.split(">")[0].split()[0] for part in HTML(page(verdict)).split("<")[1:]]

    def hostile(text, message):
        return Verdict(text, text, marks=[Mark("a", 1, WRONG, message)], notes=[text])

    several = "\n" in legal(text).replace("\r", "\n").strip("\n")
    assert tags(hostile(text, text)) == tags(hostile("harmless", "two\nlines" if several else "harmless"))
    assert tags(Verdict(text, text, UNREADABLE, text, notes=[text])) == tags(
        Verdict("harmless", "harmless", UNREADABLE, "two\nlines" if several else "harmless", notes=["harmless"]))


@given(WORDS)
def test_a_fence_is_closed_by_nothing_inside(text):
    lines = quoted(f"two\n{text}\nend")
    fence = lines[0].removesuffix("text")
    assert set(fence) == {"`"} and lines[-2] == fence and all(fence not in line for line in lines[1:-2])
    assert "\n" not in escaped(text) + span(text)


def test_a_long_message_is_cut():
    assert len(page(Verdict("a", marks=[Mark("t", 1, WRONG, "x\n" * 100_000)]))) < 6000


def test_feedback_files(tmp_path):
    verdicts = [ANNA, ALL_RIGHT, BROKEN, Verdict("Anna.ipynb"), Verdict("../../up.ipynb"), Verdict("/etc/passwd"),
                Verdict(""), Verdict("..."), Verdict("CON.ipynb"), Verdict("a/b.ipynb"), Verdict("a_b.ipynb"),
                Verdict("x" * 500), Verdict("\u674e" * 500), Verdict("a\0b\n"), Verdict("J\u00fcrgen \U0001f600.ipynb")]
    paths = write_feedback(tmp_path / "new" / "folder", verdicts)
    assert sorted(paths) == sorted((tmp_path / "new" / "folder").iterdir()) and len(set(paths)) == len(verdicts)
    assert [path.name for path in paths[:11]] == [
        "anna.md", "bob_x.md", "broken.md", "Anna-2.md", "up.md", "etc_passwd.md", "submission.md", "submission-2.md",
        "_CON.md", "a_b.md", "a_b-2.md"]
    assert paths[0].read_text(encoding="utf-8") == page(ANNA)
    assert write_feedback(tmp_path / "new" / "folder", verdicts) == paths  # a second run replaces the first


@given(st.lists(WORDS, max_size=8))
def test_file_names_are_different_and_harmless(names):
    taken = set()
    found = [file_name(name, taken) for name in names]
    assert len({name.casefold() for name in found}) == len(names)
    assert all(len(os.fsencode(name)) < 255 and Path(name).name == name and name[0] not in ".-" for name in found)


# The terminal


def test_summary():
    lines = summary(CLASS).split("\n")
    assert [line.split() for line in lines[:3]] == [
        ["submission", "set", "points"], ["anna.ipynb", "small", "2", "of", "6", "weights", "wrong,", "four",
                                          "unanswered"], ["bob/x.ipynb", "small", "6", "of", "6", "all", "right"]]
    text = summary(CLASS)
    assert "small: 3 checked, 1 all right, median 2 of 6 points\n  double   3 of 3 right\n" in text
    assert "  weights  1 of 3 right  1 wrong, 1 stopped\n  four     1 of 3 right  1 unanswered, 1 missing" in text
    assert f"1 cannot be marked, the file is at fault\n  broken.ipynb: {BROKEN.problem}" in text
    assert f"2 not checked, this machine is at fault: check them again\n  dora.ipynb: {NOT_RUN.problem}" in text


def test_summary_of_several_sets_and_of_none():
    text = summary([ANNA, OTHER])
    assert "other: 1 checked, 0 all right, median 0.5 of 2.75 points" in text and "small: 1 checked" in text
    assert "median" not in summary([BROKEN, NOT_RUN, HALF_RUN, EMPTY]) and summary([])


def test_summary_stands_in_columns():
    names = ["\u674e\u660e", "J\u0075\u0308rgen", "x" * 500 + "end"]
    rows = summary([small(name, RIGHT, RIGHT, RIGHT) for name in names]).split("\n")[:4]
    before = [row.partition("small")[0] for row in rows[1:]]
    assert [len(text) for text in before] == [46 - 2, 46 + 1, 46]
    assert rows[3].startswith("...xxx") and "end" in rows[3]


def test_one():
    assert one(ANNA).split("\n") == [
        "anna.ipynb, small: 2 of 6 points", "  double   2 of 2  right", "      double is right",
        "  weights  0 of 1  wrong", "      weights is wrong",
        "  four     0 of 3  unanswered", "      four is unanswered", "  Note: a note",
        "  Note: another", "Whoever marks it runs the same check, with other random numbers."]
    assert one(BROKEN) == f"broken.ipynb: unreadable\n  {BROKEN.problem}"
    assert one(HALF_RUN) == "emil.ipynb, small: not checked\n  bwrap is missing"
    assert "# ANSWER t, then run" in one(Verdict("a", "s", marks=[Mark("t", 1, UNANSWERED)]))
    assert "nothing to mark" in one(EMPTY)


@given(VERDICTS)
def test_nothing_steers_the_terminal(verdicts):
    for text in [summary(verdicts), *map(one, verdicts), *map(page, verdicts)]:
        assert not set(text) & set(map(chr, [*range(9), *range(14, 32), *range(127, 160)])) and text.encode()
    assert len(summary(verdicts).split("\n")) > len(verdicts)


# Whole or not at all


def test_a_stop_leaves_what_was_there(tmp_path, monkeypatch):
    path = tmp_path / "marks.csv"
    write_csv(path, [ANNA])
    before = path.read_bytes()

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(ReportError, match="cannot write .*marks.csv: No space left on device. Is there"):
        write_csv(path, [ALL_RIGHT])
    monkeypatch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        write_csv(path, [ALL_RIGHT])
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


def test_nothing_of_a_report_is_seen_before_it_is_whole(tmp_path, monkeypatch):
    seen = []
    real = os.replace
    monkeypatch.setattr(os, "replace", lambda a, b: (seen.append((Path(a).read_bytes(), Path(b).exists())),
                                                     real(a, b)))
    write_report(tmp_path / "x", b"all of it")
    assert seen == [(b"all of it", False)] and (tmp_path / "x").read_bytes() == b"all of it"


# A pipe of the test's own stands for all that is no file: root, with a fault in the code, would replace /dev/null.
@pytest.mark.parametrize("target", ["", "no/such/folder/a.csv", "folder", "nul\0.csv", "x" * 300, "pipe"])
@pytest.mark.parametrize("write", [write_csv, write_junit])
def test_a_target_that_cannot_be_written(tmp_path, monkeypatch, target, write):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ReportError, match="(?s)cannot write .*(Name|Choose|Is there)"):
        write(target, [ANNA])
    assert sorted(os.listdir()) == ["folder", "pipe"] and not Path("pipe").is_file()


def test_a_feedback_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").touch()
    for folder in [tmp_path / "file", tmp_path / "file" / "x"]:
        with pytest.raises(ReportError, match="cannot make the folder .*Name one that you may write"):
            write_feedback(folder, [ANNA])


def test_a_link_is_replaced_and_not_followed(tmp_path):
    (tmp_path / "precious").write_text("precious")
    (tmp_path / "anna.md").symlink_to("precious")
    write_feedback(tmp_path, [ANNA])
    assert (tmp_path / "precious").read_text() == "precious" and not (tmp_path / "anna.md").is_symlink()


UNSEEN = "\u202e\u2066\u2069\u200f\u200b\u200d\u061c\ufeff\xad\u2060\u3164\u2028\U000e0041"


def test_marks_that_turn_or_hide_text_reach_no_report(tmp_path):
    """An error of an answer may hold what turns the letters after it around: they would read as another sentence."""
    words = UNSEEN.join("ValueError: wrong")
    told = Verdict(f"a{UNSEEN}.ipynb", "small", marks=[Mark("double", 2, WRONG, f"{words}\n{words}")], notes=[words])
    (path,) = write_feedback(tmp_path / "pages", [told])
    write_csv(tmp_path / "a.csv", [told])
    write_junit(tmp_path / "a.xml", [told])
    for text in [path.read_text(encoding="utf-8"), (tmp_path / "a.csv").read_text(encoding="utf-8-sig"),
                 (tmp_path / "a.xml").read_text(encoding="utf-8")]:
        assert "ValueError: wrong" in text and not set(text) & set(UNSEEN)
    assert not set(summary([told])) & set(UNSEEN)
    assert legal("ça ira: é ü ß 中文 😀 العربية") == "ça ira: é ü ß 中文 😀 العربية"
