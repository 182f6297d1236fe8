"""What was handed in: the notebooks of a file, a folder or a ZIP, one after the other, nothing followed or unpacked.

Names and contents come from people whom nobody knows. So a name is only ever a label, a link is not followed (it could
point at the solutions), a ZIP's members are read in memory up to a limit, and what cannot be read is a `Submission`
with words instead of data: one bad file never stops a class.
"""

import os
import re
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

LIMIT = 100 * 10**6  # bytes of one notebook; pictures and tables in its outputs make 40 MB, hardly more
MOST = 20_000  # submissions of one folder or ZIP
NOTEBOOK = re.compile(r"\.ipynb(\.txt|\.json)?\Z", re.I)  # browsers add the second ending
HAND_IN = re.compile(r"\.(ipynb(\.txt|\.json)?|zip)\Z", re.I)  # a ZIP inside is not opened, but its student is named
FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))
DEFLATED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # of the others zipfile unpacks more than it is asked for
PIECE = 2**20  # bytes read at once: to ask for LIMIT at once would take so much memory for every file
HEADER = 30  # bytes that stand before each member of a ZIP, at least
AGAIN = "Ask for the notebook again, or put a copy of it in its place."
KINDS = [
    (stat.S_ISLNK, f"it is a link, and links are not followed. {AGAIN}"),
    (stat.S_ISDIR, "it is a folder that cannot be opened. Allow reading it (chmod u+rx), then check it again."),
    (stat.S_ISFIFO, f"it is a pipe (FIFO), no file. {AGAIN}"),
    (stat.S_ISSOCK, f"it is a socket, no file. {AGAIN}"),
]


class SubmissionError(Exception):
    """There is nothing to check at all; the message says what came and what to do."""


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


def collect(path):
    """The `Submissions` of a notebook file, a folder with everything below it, or a ZIP, in the order of their names.

    Hidden folders (.ipynb_checkpoints, .git) and __MACOSX are left out.
    Raises SubmissionError if there is nothing at `path`, no notebook in it, or a ZIP that cannot be opened.
    """
    path = Path(path)
    if path.is_dir():
        found = in_folder(path)
        read = map(read_file, [where for _, where in found])
    elif looks_like_zip(path):
        found = in_zip(path)
        read = read_zip(path, [info for _, info in found])
    elif os.path.lexists(path):
        found, read = [(path.name, path)], map(read_file, [path])
    else:
        raise SubmissionError(f"there is no file or folder {printable(str(path))}. Is the name spelled as it is?")
    if not found or len(found) > MOST:
        raise SubmissionError(f"{printable(str(path))} holds {len(found) or 'no'} notebooks (files named *.ipynb). "
                              f"Name a notebook, or a folder or ZIP that holds 1 to {MOST} of them.")
    return Submissions([label for label, _ in found], read)


def left_out(parts):
    """Whether a path with these folders is not a student's: hidden, or made by macOS when it packs a ZIP."""
    return any(part == "__MACOSX" or part.startswith(".") and part not in {".", ".."} for part in parts)


# Folders and files


def in_folder(folder):
    """[(label, path)] of the notebooks below `folder`, and of links and shut folders, where some might be."""
    found, shut = [], []
    for here, folders, files in os.walk(folder, onerror=lambda error: shut.append(Path(error.filename))):
        folders[:] = [name for name in folders if not left_out([name])]
        links = [name for name in folders if os.path.islink(os.path.join(here, name))]
        files = [name for name in files if HAND_IN.search(name) and not name.startswith("._")]
        found += [Path(here, name) for name in links + files]
    return sorted((path.relative_to(folder).as_posix(), path) for path in found + shut)


def read_file(path):
    """(data, "") of a notebook file, or (None, problem)."""
    try:
        if not NOTEBOOK.search(path.name) and looks_like_zip(path):
            return None, "it is a ZIP inside a folder. Unpack it there, or check it by itself."
        with open_plain(path) as file:
            return read_at_most(file, os.fstat(file.fileno()).st_size)
    except (SubmissionError, OSError) as error:
        return None, str(error)


def open_plain(path):
    """An ordinary file, open for reading; never through a link, and never waiting for who writes into a pipe.

    Looked at twice: before it is opened, since opening can already do something (a device), and after, since only that
    is the file that is read. Raises SubmissionError in words.
    """
    try:
        must_be_plain(os.lstat(path).st_mode)
        handle = os.open(path, FLAGS)
    except OSError as error:
        raise SubmissionError(f"it cannot be opened: {error.strerror}. Allow reading it (chmod u+r), or ask for the "
                              "notebook again.") from error
    try:
        must_be_plain(os.fstat(handle).st_mode)
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def must_be_plain(mode):
    if not stat.S_ISREG(mode):
        words = (words for kind, words in KINDS if kind(mode))
        raise SubmissionError(next(words, f"it is a device, no file. {AGAIN}"))


def read_at_most(file, size):
    """(data, "") or (None, problem) of an open file that says it has `size` bytes; more than `LIMIT` are never read."""
    data = bytearray()
    while size <= LIMIT and len(data) <= LIMIT and (piece := file.read(PIECE)):
        data += piece
    if max(size, len(data)) > LIMIT:
        return None, (f"it has {max(size, len(data)) / 1e6:.0f} MB or more, and at most {LIMIT / 1e6:.0f} MB are read. "
                      "Clear its outputs (Edit, Clear Outputs of All Cells), save it, and hand it in again.")
    return bytes(data), ""


# ZIPs


def looks_like_zip(path):
    """By its name, or by its first bytes unless it is called a notebook."""
    if path.name.lower().endswith(".zip") and os.path.lexists(path):
        return True
    try:
        with open_plain(path) as file:
            return not NOTEBOOK.search(path.name) and file.read(4) == b"PK\x03\x04"
    except (SubmissionError, OSError):
        return False


def in_zip(path):
    """[(label, member)] of the notebooks in a ZIP. SubmissionError if it cannot be opened."""
    try:
        with open_plain(path) as file, zipfile.ZipFile(file) as archive:
            members = [(label_of(info), info) for info in archive.infolist() if not info.is_dir()]
    except (SubmissionError, OSError, zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise SubmissionError(f"{printable(str(path))} cannot be opened as a ZIP: {error} Get it again, or unpack it "
                              "and check the folder.") from error
    found = [(label, info) for label, info in members if HAND_IN.search(label) and not left_out(label.split("/"))]
    return sorted(found, key=lambda pair: (pair[0], pair[1].header_offset))


def label_of(info):
    """A member's name. Old ZIPs do not say which letters they mean: UTF-8 if it can be, else as zipfile took it."""
    name = info.filename
    if not info.flag_bits & 0x800:
        try:
            name = name.encode("cp437").decode("utf-8")
        except UnicodeError:
            pass
    return name.replace("\\", "/")


def read_zip(path, members):
    """(data, problem) of each member, in memory. A ZIP bomb's members lie over one another: those are refused."""
    over = overlapping(members)
    with open_plain(path) as file, zipfile.ZipFile(file) as archive:
        for info in members:
            problem = refused(info, over)
            yield (None, problem) if problem else read_member(archive, info)


def refused(info, over):
    """Why a member is not even opened; empty if it is."""
    if info.header_offset in over:
        return f"it lies over another member of the ZIP, as in a ZIP bomb. {AGAIN}"
    if info.flag_bits & 0x1:
        return "it is locked with a password. Ask for it without one, or unpack the ZIP and check the folder."
    if stat.S_ISLNK(info.external_attr >> 16):
        return KINDS[0][1]
    if info.compress_type not in DEFLATED:
        return "it is packed by a method that is not read here. Unpack the ZIP and check the folder."
    if not NOTEBOOK.search(info.filename):
        return "it is a ZIP inside a ZIP. Unpack the outer one and check this one by itself."
    return ""


def overlapping(members):
    """Offsets of the members that begin before another one has ended; both are named."""
    found = set()
    end, last = -1, None
    for info in sorted(members, key=lambda info: info.header_offset):
        if info.header_offset < end:
            found |= {last, info.header_offset}
        if info.header_offset + HEADER + info.compress_size > end:
            end, last = info.header_offset + HEADER + info.compress_size, info.header_offset
    return found


def read_member(archive, info):
    try:
        with archive.open(info) as file:
            return read_at_most(file, info.file_size)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, RuntimeError, ValueError) as error:
        return None, f"it is damaged inside the ZIP ({error}). {AGAIN}"


# Names


def printable(name):
    r"""A name with \x1b and the like for what would not be seen: control characters, bytes that are no letters."""
    return "".join(c if c.isprintable() else escaped(c) for c in name)


def escaped(c):
    if "\udc80" <= c <= "\udcff":  # Python's sign for a byte that is no letter
        return f"\\x{ord(c) - 0xDC00:02x}"
    return c.encode("unicode_escape").decode()


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
