"""Reports that are written whole or not at all, with texts that no reader of them chokes on."""

import re
from pathlib import Path

from kan_edu.files import write_whole

ILLEGAL = re.compile(r"[^\t\n\r\x20-\x7e\xa0-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]"  # XML 1.0, less \x7f to \x9f
                     # and what is not seen but changes what is: direction marks, joiners, spaces without width, fillers
                     r"|[\xad\u034f\u061c\u070f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
                     r"\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
                     r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]")


class ReportError(Exception):
    """A report cannot be written; the message says which and what to do."""


def write_report(path, data):
    """Write bytes to `path`, whole or not at all. Raises ReportError, which says what to do."""
    shown = one_line(path)
    try:
        write_whole(path, data)
    except OSError as error:
        raise ReportError(f"cannot write {shown}: {error.strerror or error}. Is there such a folder, may you write "
                          "into it, is the disk full, is the file open in another program?") from error
    except ValueError as error:  # a NUL in the name
        raise ReportError(f"cannot write {shown}: {error}. Choose another name.") from error


def folder_for(path):
    """The folder at `path`, made if need be. Raises ReportError."""
    try:
        Path(path).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ReportError(f"cannot make the folder {path}: {error.strerror}. Name one that you may write.") from error
    return Path(path)


def legal(text):
    """A text without what XML forbids, what steers a terminal and what nobody sees; line feeds and tabs stay."""
    return ILLEGAL.sub("", str(text))


def one_line(text):
    """A text in one line, without what XML forbids or steers a terminal."""
    return " ".join(legal(text).split())


def number(value):
    """Points as people write them: 2, 0.5; empty if there are none."""
    return "" if value is None else f"{value:.10g}"
