"""The copied course: what comes new, what is updated, and that a student's work is never touched."""

import json
import os
import sys

import pytest

from kan_edu import files
from kan_edu.command import course
from tests.notebooks.questions import answering

LESSON = json.dumps({"cells": [{"source": "1 + 1", "outputs": []}]}).encode()

GLOSSARY = "glossary.ipynb"  # asks nothing, so its copies have all outputs


def write(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)


def read(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def source(tmp_path):
    """A small course in a folder of its own, with things in it that are no lesson."""
    folder = tmp_path / "source"
    write(folder, {files.START: LESSON, "05_splines.ipynb": b"splines", "more/01.ipynb": b"exercise"})
    write(folder, {".ipynb_checkpoints/x.ipynb": b"", "more/__pycache__/x.pyc": b"", ".hidden": b""})
    return folder


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "student" / "course"


def test_first_copy_brings_every_lesson_and_nothing_else(source, folder):
    done = course.copy_course(folder, source)
    copied = read(folder)
    assert copied.pop(course.MANIFEST)
    assert copied == {files.START: LESSON, "05_splines.ipynb": b"splines", "more/01.ipynb": b"exercise"}
    assert sorted(done.new) == sorted(copied)
    assert not done.updated + done.same + done.kept
    assert str(done) == f"The course is in {folder}: 3 new."


def test_second_copy_writes_no_lesson(source, folder):
    course.copy_course(folder, source)
    before = {path: path.stat().st_ino for path in folder.rglob("*.ipynb")}
    done = course.copy_course(folder, source)
    assert {path: path.stat().st_ino for path in folder.rglob("*.ipynb")} == before
    assert len(done.same) == 3
    assert not done.new + done.updated + done.kept


def test_newer_course_updates_what_the_student_left_and_keeps_what_they_changed(source, folder):
    course.copy_course(folder, source)
    write(folder, {"05_splines.ipynb": b"my answer"})
    write(source, {files.START: b"newer start", "05_splines.ipynb": b"newer splines"})
    for _ in range(2):  # the second time nothing has been forgotten
        done = course.copy_course(folder, source)
        assert done.kept == ["05_splines.ipynb"]
        assert (folder / "05_splines.ipynb").read_bytes() == b"my answer"
        assert (folder / files.START).read_bytes() == b"newer start"
    write(folder, {"05_splines.ipynb": b"splines"})  # as it once was copied: the student's change is undone
    assert course.copy_course(folder, source).updated == ["05_splines.ipynb"]
    assert (folder / "05_splines.ipynb").read_bytes() == b"newer splines"


def test_a_run_notebook_counts_as_changed(source, folder):
    course.copy_course(folder, source)
    run = LESSON.replace(b"[]", b"[2]")
    assert run != LESSON
    write(folder, {files.START: run})
    write(source, {files.START: b"newer start"})
    assert course.copy_course(folder, source).kept == [files.START]
    assert (folder / files.START).read_bytes() == run


def test_deleted_files_and_folders_come_back(source, folder):
    course.copy_course(folder, source)
    (folder / files.START).unlink()
    (folder / "more" / "01.ipynb").unlink()
    (folder / "more").rmdir()
    assert course.copy_course(folder, source).new == [files.START, "more/01.ipynb"]
    assert (folder / "more" / "01.ipynb").read_bytes() == b"exercise"


def test_a_renamed_file_makes_room_for_a_fresh_copy(source, folder):
    course.copy_course(folder, source)
    write(folder, {"05_splines.ipynb": b"my answer"})
    (folder / "05_splines.ipynb").rename(folder / "mine.ipynb")
    assert course.copy_course(folder, source).new == ["05_splines.ipynb"]
    assert (folder / "mine.ipynb").read_bytes() == b"my answer"


def test_a_file_that_was_there_before_is_the_students(source, folder):
    write(folder, {files.START: b"my own notes", "05_splines.ipynb": b"splines"})
    done = course.copy_course(folder, source)
    assert (done.kept, done.same) == ([files.START], ["05_splines.ipynb"])
    assert (folder / files.START).read_bytes() == b"my own notes"


BROKEN = [b"", b"{", b"[]", b"null", b'{"files": 3}', b'{"files": {"00_start_here.ipynb": 1}}', b"\xff"]


@pytest.mark.parametrize("manifest", BROKEN)
def test_a_broken_manifest_puts_every_changed_file_on_the_safe_side(source, folder, manifest):
    course.copy_course(folder, source)
    write(folder, {course.MANIFEST: manifest, files.START: b"my answer"})
    write(source, {"05_splines.ipynb": b"newer splines"})
    done = course.copy_course(folder, source)
    assert done.kept == [files.START, "05_splines.ipynb"]
    assert (folder / files.START).read_bytes() == b"my answer"


def test_a_folder_or_link_in_the_place_of_a_lesson_is_left_alone(source, folder):
    (folder / files.START).mkdir(parents=True)
    try:
        (folder / "05_splines.ipynb").symlink_to(folder / "nowhere")
    except OSError:
        pytest.skip("this system makes no symbolic links")
    assert course.copy_course(folder, source).kept == [files.START, "05_splines.ipynb"]
    assert not (folder / "nowhere").exists()


def test_interrupted_copies_leave_whole_files_and_are_finished_next_time(source, folder, monkeypatch):
    course.copy_course(folder, source)
    for name in (files.START, "05_splines.ipynb"):
        write(source, {name: b"newer " * 1000})
    whole, replace, calls = {LESSON, b"splines", b"exercise", b"newer " * 1000}, os.replace, []

    def pull_the_plug(temporary, target):
        calls.append(target)
        if len(calls) == 3:  # the manifest, the first lesson, the second
            raise KeyboardInterrupt
        replace(temporary, target)

    monkeypatch.setattr(os, "replace", pull_the_plug)
    with pytest.raises(KeyboardInterrupt):
        course.copy_course(folder, source)
    copied = read(folder)
    assert copied.pop(course.MANIFEST)
    assert set(copied.values()) <= whole
    assert len(copied) == 3  # no temporary file is left

    monkeypatch.undo()
    done = course.copy_course(folder, source)
    assert (done.updated, done.kept) == (["05_splines.ipynb"], [])
    write(source, {files.START: b"newest"})
    assert course.copy_course(folder, source).updated == [files.START]  # the first run's copy is remembered


@pytest.mark.parametrize(
    ("folder", "said"),
    [
        ("file", "is a file, a folder is needed"),
        ("file/below", "Not a directory"),
        ("source", "is the course itself"),
        ("source/inside", "is the course itself"),
        ("blocked", "File exists"),
    ],
)
@pytest.mark.skipif(os.name == "nt", reason="Windows words these errors in the user's language")
def test_folders_that_cannot_be_used(source, tmp_path, folder, said):
    write(tmp_path, {"file": b"mine", "blocked/more": b"mine"})
    with pytest.raises(course.CourseError, match=said) as raised:
        course.copy_course(tmp_path / folder, source)
    assert "kan-edu lab my_course" in str(raised.value)  # what to do
    assert (tmp_path / "file").read_bytes() == (tmp_path / "blocked" / "more").read_bytes() == b"mine"
    assert not (source / course.MANIFEST).exists()


def test_a_folder_that_is_not_ours_to_write_in(source, folder, monkeypatch):
    def refuse(self, content):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(course.Path, "write_bytes", refuse)  # root, who runs many a CI, may write anywhere
    with pytest.raises(course.CourseError, match="cannot write the course into .* Permission denied"):
        course.copy_course(folder, source)


def test_an_installation_without_notebooks_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "__file__", str(tmp_path / "kan_edu" / "files.py"))
    with pytest.raises(files.CourseError, match="no 00_start_here.ipynb .*Install it again"):
        files.source_folder()


# Exercises


def exercise(answer="    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"):
    """An exercise set's source that was run, as bytes."""
    cell = {"metadata": {}, "cell_type": "code", "execution_count": 1, "outputs": []}
    about = {"kan_edu": {"task": "double", "values": [["value", [], ["2"]]], "margin": 0.4}}
    shown = [{"output_type": "display_data", "data": {"text/plain": "2"}, "metadata": about}]
    cells = [{**cell, "id": "a", "source": "from kan_edu.exercises import Checks\ncheck = Checks(seed=1)"},
             {**cell, "id": "b", "source": f"# ANSWER double\ndef double(x):\n{answer}"},
             {**cell, "id": "c", "source": '@check("double", points=1)\ndef v(rng):\n    return double(1)',
              "outputs": shown}]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}).encode()


def test_exercises_are_copied_without_their_solutions(source, folder):
    write(source, {"exercises/05.ipynb": exercise(), "exercises/picture.png": b"png"})
    done = course.copy_course(folder, source)
    copied = read(folder)
    assert {"exercises/05.ipynb", "exercises/picture.png"} <= set(done.new)
    assert b"SOLUTION" not in copied["exercises/05.ipynb"] and b"2 * x" not in copied["exercises/05.ipynb"]
    assert b"your answer is missing here" in copied["exercises/05.ipynb"] and copied["exercises/picture.png"] == b"png"
    assert "exercises/05.ipynb" in course.copy_course(folder, source).same, "the same copy is made each time"


def test_an_exercise_that_was_begun_is_left_alone_and_an_untouched_one_is_updated(source, folder):
    write(source, {"exercises/05.ipynb": exercise(), "exercises/06.ipynb": exercise()})
    course.copy_course(folder, source)
    write(folder, {"exercises/05.ipynb": b"my answer"})
    write(source, {name: exercise("    y = 1\n    ### BEGIN SOLUTION\n    return y\n    ### END SOLUTION")
                   for name in ["exercises/05.ipynb", "exercises/06.ipynb"]})
    done = course.copy_course(folder, source)
    assert (done.kept, done.updated) == (["exercises/05.ipynb"], ["exercises/06.ipynb"])
    assert read(folder)["exercises/05.ipynb"] == b"my answer"


def test_no_source_of_the_real_course_is_copied(folder):
    course.copy_course(folder)
    copied = [content for name, content in read(folder).items() if name.startswith("exercises/")]
    sets = list((files.source_folder() / "exercises").glob("*.ipynb"))
    assert len(copied) == len(sets) > 0 and not [content for content in copied if b"BEGIN SOLUTION" in content]


def test_no_question_of_the_real_course_is_answered_before_it_is_asked(folder):
    """Each lesson asks; no copy shows what comes out below a question, and all else stands in it as it is stored."""
    course.copy_course(folder)
    for name, content in read(folder).items():
        if name.endswith(".ipynb") and "/" not in name and name != GLOSSARY:
            stored = json.loads((files.source_folder() / name).read_bytes())["cells"]
            copied = json.loads(content)["cells"]
            hidden = list(answering(copied))
            assert len(hidden) > 5 and not [cell["id"] for cell in hidden if cell["outputs"]], name
            ids = {cell["id"] for cell in hidden}
            assert [cell for cell in copied if cell["id"] not in ids] == [c for c in stored if c["id"] not in ids]
            assert [cell["source"] for cell in copied] == [cell["source"] for cell in stored]


def test_teachers_may_have_the_outputs_and_copies_of_either_kind_are_ours(folder):
    course.copy_course(folder)
    assert course.copy_course(folder).updated == []
    done = course.copy_course(folder, with_outputs=True)
    lessons = sorted(path.name for path in files.source_folder().glob("*.ipynb") if path.name != GLOSSARY)
    assert done.updated == lessons and not done.kept, "what nobody changed is replaced, with outputs or without"
    assert all(read(folder)[name] == (files.source_folder() / name).read_bytes() for name in lessons)
    assert course.copy_course(folder).updated == lessons


def test_without_nbformat_lessons_are_copied_and_exercises_are_not(source, folder, monkeypatch):
    write(source, {"exercises/05.ipynb": exercise()})
    monkeypatch.setitem(sys.modules, "kan_edu.exercises.sets.build", None)
    assert len(course.copy_course(folder, source).new) == 3 and not (folder / "exercises").exists()


def test_a_set_that_cannot_be_built_says_so(source, folder):
    """A teacher's fork with a set that was not run."""
    write(source, {"exercises/05.ipynb": b"{}"})
    with pytest.raises(course.CourseError, match="05.*is not a notebook"):
        course.copy_course(folder, source)


@pytest.mark.parametrize("stop", range(1, 6))
def test_an_update_that_was_interrupted_is_finished_by_a_later_release(source, folder, monkeypatch, stop):
    """At every moment what was written is ours, what was not is still ours, what the student wrote is theirs."""
    write(source, {"06_kan.ipynb": b"kan"})
    course.copy_course(folder, source)
    write(folder, {"05_splines.ipynb": b"my answer"})
    names = [files.START, "05_splines.ipynb", "06_kan.ipynb", "more/01.ipynb"]
    write(source, {name: b"second release of " + name.encode() for name in names})
    written, real = [], course.write_whole

    def interrupted(target, content):
        written.append(target)
        if len(written) == stop:
            raise KeyboardInterrupt
        real(target, content)

    monkeypatch.setattr(course, "write_whole", interrupted)
    with pytest.raises(KeyboardInterrupt):
        course.copy_course(folder, source)
    monkeypatch.setattr(course, "write_whole", real)
    write(source, {name: b"third release of " + name.encode() for name in names})
    done = course.copy_course(folder, source)
    assert done.kept == ["05_splines.ipynb"] and len(done.updated) == 3
    assert (folder / "05_splines.ipynb").read_bytes() == b"my answer"
    assert (folder / "06_kan.ipynb").read_bytes().startswith(b"third")


def test_a_manifest_of_an_earlier_release_is_understood(source, folder):
    course.copy_course(folder, source)
    known = json.loads((folder / course.MANIFEST).read_text())["files"]
    assert all(isinstance(one, str) for one in known.values())  # one hash a file, as ever, when all is done
    write(source, {"05_splines.ipynb": b"newer"})
    assert course.copy_course(folder, source).updated == ["05_splines.ipynb"]


def test_the_course_that_one_stands_in_is_found(source, folder, tmp_path):
    course.copy_course(folder, source)
    assert course.course_around(folder) == course.course_around(folder / "more") == folder
    assert course.course_around(tmp_path) is None
