"""Copies the course into a folder of the student's, and never over a file that the student changed.

A small manifest in that folder remembers the hash of every file that was copied. A file whose hash is
still the remembered one is replaced by a newer course's version; any other file is the student's. Exercises are copied
without their solutions, lessons without the outputs that answer their questions.
"""

import hashlib
import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from kan_edu.files import CourseError, source_folder, write_whole

MANIFEST = ".kan_edu.json"
NO_LESSON = (".", "__")  # .ipynb_checkpoints, __pycache__
TAG = "answers-a-guess"  # of the cells below each "Guess first"


@dataclass
class Copied:
    """What `copy_course` did; each list holds paths relative to the folder, with forward slashes."""

    folder: Path
    new: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)  # the student's, left alone

    def __str__(self):
        counts = {"new": self.new, "updated": self.updated, "unchanged": self.same, "yours": self.kept}
        said = ", ".join(f"{len(files)} {word}" for word, files in counts.items() if files)
        return f"The course is in {self.folder}: {said}."


def course_files(source):
    """Paths of all course files, relative to `source`, sorted; hidden files and caches are left out."""
    paths = sorted(path.relative_to(source) for path in source.rglob("*") if path.is_file())
    return [path for path in paths if not any(part.startswith(NO_LESSON) for part in path.parts)]


def copy_course(folder, source=None, with_outputs=False):
    """Copy the course into `folder` (made if missing) and return a `Copied` that says what happened.

    with_outputs   the lessons as they are stored, for a teacher: also what answers a question

    A file that is missing comes new, one that still is as it was copied is updated, one that the student
    changed is kept (a notebook that was run and saved counts as changed). Every file is written under
    another name first and then moved, so none is ever half written. Before the first is written the manifest lists
    the hashes that each may have until the last is: interrupted anywhere, no file of ours passes for the student's.

    Raises CourseError if `folder` is a file, is the course itself or cannot be written.
    """
    folder, source = Path(folder).expanduser().resolve(), Path(source or source_folder()).resolve()
    if folder == source or source in folder.parents:
        raise CourseError(f"{folder} is the course itself. Name another folder: kan-edu lab my_course")
    if folder.exists() and not folder.is_dir():
        raise CourseError(f"{folder} is a file, a folder is needed. Name another: kan-edu lab my_course")
    done = Copied(folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        remembered = read_manifest(folder)
        fresh = {path: student_bytes(source / path, with_outputs) for path in course_files(source)}
        fresh = {path: content for path, content in fresh.items() if content is not None}
        write_manifest(folder, remembered, {path.as_posix(): _hash(content) for path, content in fresh.items()})
        for path, content in fresh.items():
            copy_one(path, content, remembered, done)
        write_manifest(folder, remembered)
    except OSError as error:
        raise CourseError(
            f"cannot write the course into {folder}: {error.strerror or error} ({error.filename}). "
            "Name a folder that is yours: kan-edu lab my_course"
        ) from error
    return done


def copy_one(path, fresh, remembered, done):
    """Write one file of the course unless the student changed it; note it in `remembered` and `done`.

    path        relative to `done.folder`
    fresh       its new content, bytes
    remembered  {name: set of the hashes of what was copied before}, changed in place
    """
    name, target = path.as_posix(), done.folder / path
    if not os.path.lexists(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, fresh)
        done.new.append(name)
    elif not target.is_file():
        done.kept.append(name)  # a folder or a dangling link of that name
        return
    else:
        here = _hash(target.read_bytes())
        if here == _hash(fresh):
            done.same.append(name)
        elif here in remembered.get(name, ()):
            write_whole(target, fresh)
            done.updated.append(name)
        else:
            done.kept.append(name)
            return
    remembered[name] = {_hash(fresh)}


def student_bytes(path, with_outputs=False):
    """What a student gets of a file of the course: of an exercise set the copy without solutions, of a lesson the one
    without the outputs that answer its questions, unless `with_outputs`.

    None for an exercise set where nbformat is missing, without which no notebook can be made (or opened) here.
    Raises CourseError for a set that cannot be built.
    """
    if path.parent.name != "exercises" or path.suffix != ".ipynb":
        content = path.read_bytes()
        return content if with_outputs or path.suffix != ".ipynb" else unanswered(content)
    try:
        from kan_edu.exercises.sets.build import student_copy  # here, because a lesson can be copied without it
        from kan_edu.exercises.sets.source import SourceError
    except ImportError:
        return None
    try:
        return student_copy(path)
    except SourceError as error:
        raise CourseError(f"{error} (an exercise of the course in {path.parent}; install it again)") from error


def unanswered(lesson):
    """The bytes of a lesson without the outputs of the cells whose tag says that they answer a question."""
    if TAG.encode() not in lesson:
        return lesson
    book = json.loads(lesson)
    for cell in book["cells"]:
        if TAG in cell["metadata"].get("tags", []):
            cell["outputs"], cell["execution_count"] = [], None
    return f"{json.dumps(book, indent=1, ensure_ascii=False)}\n".encode()


def read_manifest(folder):
    """{file name: set of hashes that it may have had when it was copied}; empty if there is no readable manifest.

    Empty is the safe side: then every file that differs from the course counts as the student's.
    """
    try:
        files = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
        return {name: {hashes} if isinstance(hashes, str) else set(hashes) for name, hashes in files.items()}
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write_manifest(folder, remembered, coming=None):
    """Note the hashes of the copied files; while they are being written, also those of what is `coming`."""
    coming = {name: {one} for name, one in (coming or {}).items()}
    files = {name: sorted(remembered.get(name, set()) | coming.get(name, set())) for name in {**remembered, **coming}}
    files = {name: hashes[0] if len(hashes) == 1 else hashes for name, hashes in files.items()}
    write_whole(folder / MANIFEST, json.dumps({"files": files}, indent=1).encode())


def course_around(folder):
    """The folder of the course that `folder` lies in, or is; None if it is in none."""
    folder = Path(folder).resolve()
    return next((one for one in (folder, *folder.parents) if (one / MANIFEST).is_file()), None)


def _hash(content):
    return hashlib.sha256(content).hexdigest()
