"""One ordinary file: opened without following a link or waiting for a pipe, and read up to a limit."""

import os
import re
import stat

LIMIT = 100 * 10**6  # bytes of one notebook; pictures and tables in its outputs make 40 MB, hardly more
PIECE = 2**20  # bytes read at once: to ask for LIMIT at once would take so much memory for every file
NOTEBOOK = re.compile(r"\.ipynb(\.txt|\.json)?\Z", re.I)  # browsers add the second ending
# What students hand in, also by mistake: no notebook, but its student is named. Not what an earlier run reported.
HAND_IN = re.compile(r"\.(ipynb(\.txt|\.json)?|py|docx?|odt|rtf|txt|7z|rar|t?gz|tar)\Z"
                     r"|(?<!feedback)(?<!summary)\.(html?|pdf|png|jpe?g|zip)\Z", re.I)
FLAGS = os.O_RDONLY | sum(getattr(os, name, 0) for name in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY"))
AGAIN = "Ask for the notebook again, or put a copy of it in its place."
KINDS = [
    (stat.S_ISLNK, f"it is a link, and links are not followed. {AGAIN}"),
    (stat.S_ISDIR, "it is a folder that cannot be opened. Allow reading it (chmod u+rx), then check it again."),
    (stat.S_ISFIFO, f"it is a pipe (FIFO), no file. {AGAIN}"),
    (stat.S_ISSOCK, f"it is a socket, no file. {AGAIN}"),
]


class SubmissionError(Exception):
    """There is nothing to check at all; the message says what came and what to do."""


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
    """SubmissionError in words if `mode`, of a file's stat, is a folder, a device, a pipe: anything but a file."""
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


# Names


def left_out(path):
    """Whether a path (a folder's ends with /) is no student's: in a hidden folder, or made by macOS for a ZIP."""
    *folders, name = path.split("/")
    hidden = any(part.startswith(".") and part not in {".", ".."} for part in folders)
    return hidden or "__MACOSX" in folders or name.startswith("._")


def printable(name):
    r"""A name with \x1b and the like for what would not be seen: control characters, bytes that are no letters."""
    return "".join(c if c.isprintable() else escaped(c) for c in name)


def escaped(c):
    """How a letter that cannot be shown is written: a byte that is no letter as \\x.., else as Python does."""
    if "\udc80" <= c <= "\udcff":  # Python's sign for a byte that is no letter
        return f"\\x{ord(c) - 0xDC00:02x}"
    return c.encode("unicode_escape").decode()
