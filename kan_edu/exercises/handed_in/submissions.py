"""What was handed in: the notebooks of a file, a folder or a ZIP, one after the other, nothing followed or unpacked.

Names and contents come from people whom nobody knows. So a name is only ever a label, a link is not followed (it could
point at the solutions), a ZIP's members are read in memory up to a limit, and what cannot be read is a `Submission`
with words instead of data: one bad file never stops a class.
"""

import glob
import itertools
import os
from dataclasses import dataclass
from pathlib import Path

from .plain import (
    AGAIN,
    HAND_IN,
    SubmissionError,
    left_out,
    open_plain,
    printable,
    read_at_most,
)
from .students import without_company
from .zips import in_zip, looks_like_zip, read_zip

__all__ = ["Submission", "SubmissionError", "Submissions", "collect"]

MOST = 20_000  # submissions of one folder or ZIP


@dataclass
class Submission:
    """One notebook as it was handed in.

    name     its path inside the folder or ZIP, with forward slashes; unique among those of one `collect`
    data     the bytes of the file, or None if it could not be read
    problem  why not, and what to do; empty if there is data
    """

    name: str
    data: bytes | None = None
    problem: str = ""


class Submissions:
    """An iterator of `Submission`; each is read when its turn comes. `len` is how many there are in all."""

    def __init__(self, labels, read):
        self.names = unique(printable(label) for label in labels)
        self._pairs = zip(self.names, read, strict=True)

    def __len__(self):
        return len(self.names)

    def __iter__(self):
        return self

    def __next__(self):
        name, (data, problem) = next(self._pairs)
        return Submission(name, data, problem)


def collect(*paths):
    """The `Submissions` of notebook files, folders with everything below them, and ZIPs; in each in the order of names.

    A path may be a pattern (`week1/*.ipynb`) where the shell has left it one. Several paths keep so much of their names
    as tells them apart. Hidden folders (.ipynb_checkpoints, .git) and __MACOSX are left out, and so are files that only
    lie beside a notebook.
    Raises SubmissionError if there is nothing at a path, no notebook in it, or a ZIP that cannot be opened.
    """
    paths = expanded(paths)
    places = [in_place(path) for path in paths]
    begins = beginnings(paths)
    labels = [begin + label if label else begin.rstrip("/") for begin, (found, _) in zip(begins, places, strict=True)
              for label in found]
    if len(labels) > MOST:
        raise SubmissionError(f"that is {len(labels)} notebooks, and at most {MOST} are checked in one run.")
    return Submissions(labels, itertools.chain.from_iterable(read for _, read in places))


def expanded(paths):
    """The paths, each once, with patterns replaced by what they fit."""
    found = []
    for path in map(str, paths):
        pattern = glob.has_magic(path) and not os.path.lexists(path)
        fitting = sorted(glob.glob(path, recursive=True)) if pattern else [path]
        if not fitting:
            raise SubmissionError(f"no file or folder fits the pattern {printable(path)}. Is it as it should be?")
        found += fitting
    return [Path(path) for path in dict.fromkeys(found)]


def in_place(path):
    """(labels, what reads them one after the other) of one path; the label of a file that was named itself is empty."""
    if path.is_dir():
        found = in_folder(path)
        read = map(read_file, [where for _, where in found])
    elif looks_like_zip(path):
        found = in_zip(path)
        read = read_zip(path, [info for _, info in found])
    elif os.path.lexists(path):
        found, read = [("", path)], map(read_file, [path])
    else:
        raise SubmissionError(f"there is no file or folder {printable(str(path))}. Is the name spelled as it is?")
    if not found or len(found) > MOST:
        raise SubmissionError(f"{printable(str(path))} holds {len(found) or 'no'} notebooks (files named *.ipynb). "
                              f"Name a notebook, or a folder or ZIP that holds 1 to {MOST} of them.")
    return [label for label, _ in found], read


def beginnings(paths):
    """What stands before the labels of each path: nothing before those of a single folder or ZIP, a file's name."""
    if len(paths) == 1:
        return [f"{paths[0].name}/" if not paths[0].is_dir() and not looks_like_zip(paths[0]) else ""]
    whole = [Path(os.path.abspath(path)) for path in paths]
    try:
        common = os.path.commonpath([path.parent for path in whole])
    except ValueError:  # several drives of Windows
        return [f"{path.as_posix()}/" for path in whole]
    return [f"{path.relative_to(common).as_posix()}/" for path in whole]


# Folders and files


def in_folder(folder):
    """[(label, path)] of the notebooks below `folder`, and of links and shut folders, where some might be."""
    found, shut = [], []
    for here, folders, files in os.walk(folder, onerror=lambda error: shut.append(Path(error.filename))):
        folders[:] = [name for name in folders if not left_out(f"{name}/")]
        links = [name for name in folders if os.path.islink(os.path.join(here, name))]
        files = [name for name in files if HAND_IN.search(name) and not left_out(name)]
        found += [Path(here, name) for name in links + files]
    return sorted(without_company([(path.relative_to(folder).as_posix(), path) for path in found + shut]))


def read_file(path):
    """(data, "") of a notebook file, or (None, problem)."""
    try:
        if path.name.lower().endswith(".zip"):
            return None, "it is a ZIP inside a folder. Unpack it there, or check it by itself."
        with open_plain(path) as file:
            return read_at_most(file, os.fstat(file.fileno()).st_size)
    except SubmissionError as error:
        return None, str(error)
    except OSError as error:  # a bad disk, a network that went away
        return None, f"it cannot be read: {error.strerror}. {AGAIN}"


def unique(names):
    """The names in a list, a second one of the same name with (2) behind it."""
    seen = {}  # name: how often it came; a dict, as a ZIP may hold thousands of one name
    found = []
    for name in names:
        label = name
        while label in seen:
            seen[name] += 1
            label = f"{name} ({seen[name]})"
        seen[label] = 1
        found.append(label)
    return found
