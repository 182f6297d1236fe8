"""Files that are written whole or not at all, with texts that no reader of them chokes on."""

import os
import re
import secrets
import stat
from pathlib import Path

ILLEGAL = re.compile(r"[^\t\n\r\x20-\x7e\xa0-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")  # XML 1.0, less \x7f to \x9f


class ReportError(Exception):
    """A report cannot be written; the message says which and what to do."""


def write_whole(path, data):
    """Write bytes to `path`: under another name first, so that a full disk or a stop leaves what was there before.

    A device is refused (as root, /dev/null would become a file). A link at `path` is replaced, not
    followed: in a folder of submissions it could point at any file of the teacher.
    Raises ReportError.
    """
    path, shown = Path(path), one_line(path)
    try:
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            raise ReportError(f"cannot write {shown}: it is a folder or a device, not a file. Name a file.")
        part = path.with_name(f".{secrets.token_hex(6)}.part")
        try:
            with open(part, "xb") as file:
                file.write(data)
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise ReportError(f"cannot write {shown}: {error.strerror or error}. Is there such a folder, may you write "
                          "into it, is the disk full, is the file open in another program?") from error
    except ValueError as error:  # a NUL in the name
        raise ReportError(f"cannot write {shown}: {error}. Choose another name.") from error


def legal(text):
    """A text without the characters that XML forbids or that steer a terminal; line feeds and tabs stay."""
    return ILLEGAL.sub("", str(text))


def one_line(text):
    return " ".join(legal(text).split())


def number(value):
    """Points as people write them: 2, 0.5; empty if there are none."""
    return "" if value is None else f"{value:.10g}"
