"""The notebooks in a ZIP: read in memory, one after the other, never extracted; bombs and damage get words."""

import os
import stat
import struct
import zipfile
import zlib

from .plain import (
    AGAIN,
    HAND_IN,
    KINDS,
    NOTEBOOK,
    SubmissionError,
    left_out,
    open_plain,
    printable,
    read_at_most,
)
from .students import without_company

HEADER = 30  # bytes that stand before each member of a ZIP, at least
DEFLATED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}  # of the others zipfile unpacks more than it is asked for
DAMAGED = (zipfile.BadZipFile, zlib.error, struct.error, OSError, EOFError, RuntimeError, ValueError, OverflowError)


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
            members = [(label_of(info), info) for info in archive.infolist()]
    except (SubmissionError, *DAMAGED) as error:
        raise SubmissionError(f"{printable(str(path))} cannot be opened as a ZIP: {words_of(error)}. Get it again, or "
                              "unpack it and check the folder.") from error
    found = without_company([pair for pair in members if HAND_IN.search(pair[0]) and not left_out(pair[0])])
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
    if info.filename.lower().endswith(".zip"):
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
    """(data, problem) of one file in a ZIP; one of them is None or empty."""
    try:
        with archive.open(info) as file:
            return read_at_most(file, info.file_size)
    except DAMAGED as error:
        return None, f"it is damaged inside the ZIP ({words_of(error)}). {AGAIN}"


def words_of(error):
    """What an error says, or its type if it says nothing."""
    return str(error).rstrip(".") or type(error).__name__
