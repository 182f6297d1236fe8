"""The cells of a notebook file as students hand it in: any version, any encoding, whoever saved it.

Read by json and a few lines of our own, not by nbformat: that checks and upgrades a whole book, and refuses it for a
doubled cell id or an output of another version. Only the sources are needed here, and a student who wrote a right
answer shall not lose it to a fault that JupyterLab itself forgives.
"""

import json
import re
from dataclasses import dataclass

from .source import KEY

MOST = 3_000_000  # values in a file: 100 MB of [],[],[] would take gigabytes of memory, a notebook of numbers has fewer
TEXTS = re.compile(r'"[^"\\]*+(?:\\.?[^"\\]*+)*+"?', re.S)  # possessive: no text is tried twice, the time is linear
HARMFUL = re.compile(r"[\x00\uD800-\uDFFF]")  # Python compiles no NUL, and no file takes half a pair of UTF-16
SAVE = "Open your own copy in JupyterLab, save it, and hand it in again."
OTHERS = [
    (b"PK\x03\x04", "it is a ZIP (or a Word file), not a notebook. Hand in the .ipynb file itself, unpacked."),
    (b"\x1f\x8b", "it is packed (gzip), not a notebook. Hand in the .ipynb file itself, unpacked."),
    (b"7z\xbc\xaf", "it is packed (7z), not a notebook. Hand in the .ipynb file itself, unpacked."),
    (b"Rar!", "it is packed (rar), not a notebook. Hand in the .ipynb file itself, unpacked."),
    (b"%PDF", "it is a PDF, not a notebook. Hand in the .ipynb file itself."),
    (b"\x89PNG", "it is a picture, not a notebook. Hand in the .ipynb file itself."),
    (b"<", "it is a web page, not a notebook. Download the .ipynb file itself (on GitHub: the raw file)."),
    (b"version https://git-lfs", "it is a pointer of Git LFS, not the notebook. Fetch the file: git lfs pull."),
]


class Unreadable(Exception):
    """A file is no notebook; the message says what was found and what to do."""


@dataclass
class Cell:
    """One cell as it was handed in.

    kind    code, markdown, raw, or what else it says
    source  its text, with lines that end in a line feed; NUL and lone surrogates are replaced
    answer  the task whose answer it once was, by its metadata, or None
    """

    kind: str
    source: str
    answer: str | None = None


def read_cells(data):
    """[Cell] of a notebook file's bytes, from top to bottom. Raises Unreadable."""
    return read_book(data)[0]


def read_book(data):
    """([Cell], the book's own metadata) of a notebook file's bytes. Raises Unreadable."""
    book = parse(data)
    if not isinstance(book, dict):
        raise Unreadable(f"it holds a {type(book).__name__}, not a notebook. {SAVE}")
    cells = book.get("cells")
    if not isinstance(cells, list):  # before 2014 (nbformat 3) they stood in worksheets
        sheets = book.get("worksheets")
        if not isinstance(sheets, list):
            raise Unreadable(f"it has no cells, so it is no notebook. Is it the right file? {SAVE}")
        cells = [cell for sheet in sheets for cell in listed(as_dict(sheet).get("cells"))]
    return [cell_of(cell) for cell in cells if isinstance(cell, dict)], as_dict(book.get("metadata"))


def parse(data):
    """What the JSON in a file's bytes says, without the outputs of cells. Raises Unreadable."""
    text = decode(data).strip("\0\ufeff \t\r\n")
    if not text:
        raise Unreadable(f"the file is empty{' (nothing but zeros)' if data.strip() else ''}. {SAVE}")
    if too_many_values(text):
        raise Unreadable(f"it holds more than {MOST} values. Clear its outputs, save it, and hand it in again.")
    try:
        # int by float: Python refuses to read whole numbers of thousands of digits, and none is used here
        return json.loads(text, strict=False, object_hook=without_outputs, parse_int=float)
    except RecursionError:
        raise Unreadable(f"its JSON is nested too deeply for a notebook. {SAVE}") from None
    except ValueError as error:
        raise Unreadable(what_it_is(data, text, error)) from None


def decode(data):
    """A text from bytes in UTF-8, UTF-16 or UTF-32, with a mark at the beginning or not, else as Windows writes it."""
    likely = json.detect_encoding(data)
    if not likely.startswith("utf-8"):
        return data.decode(likely, "replace")
    for encoding in [likely, "cp1252"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            pass
    return data.decode("latin-1")  # takes every byte


def too_many_values(text):
    """Whether more than `MOST` brackets, colons and commas stand outside of the texts in a JSON text."""
    return marks(text) > MOST and marks(TEXTS.sub("", text)) > MOST


def marks(text):
    """How many values a JSON text can hold at most, as its punctuation shows."""
    return sum(text.count(mark) for mark in ",:[{")


def without_outputs(found):
    """Forget a cell's outputs as soon as they are read: pictures are most of a large notebook."""
    found.pop("outputs", None)
    return found


def what_it_is(data, text, error):
    """Words for what is no JSON: what it is instead, or where it breaks."""
    begin = data.removeprefix(b"\xef\xbb\xbf").lstrip()
    other = next((words for head, words in OTHERS if begin.startswith(head)), None)
    if other:
        return other
    if two_versions(text):
        return "two versions of it stand in it, marked by Git (<<<<<<<). Choose one, save it, and hand it in again."
    if b"\0" in data[:1000] and not text.startswith("{"):
        return f"it is a binary file, not a notebook. {SAVE}"
    if not text.startswith("{"):
        return f"it is a text, not a notebook. Hand in the .ipynb file itself. {SAVE}"
    where = f"line {error.lineno}, {error.msg}" if isinstance(error, json.JSONDecodeError) else str(error)
    return f"its JSON is broken ({where}); it may have been cut off on its way. {SAVE}"


def two_versions(text):
    """Whether the three marks of Git stand in a text, one after the other. Each is looked for once, in linear time."""
    place = 0
    for mark in [r"^<{7} ", r"^={7}$", r"^>{7} "]:
        found = re.compile(mark, re.M).search(text, place)
        if found is None:
            return False
        place = found.end()
    return True


def cell_of(cell):
    """The `Cell` in what JSON says of one; what is missing or of another type counts as empty."""
    text = cell.get("source", cell.get("input"))  # input: nbformat 3
    source = text if isinstance(text, str) else "".join(part for part in listed(text) if isinstance(part, str))
    answer = as_dict(as_dict(cell.get("metadata")).get(KEY)).get("answer")
    kind = cell.get("cell_type")
    return Cell(kind if isinstance(kind, str) else "", harmless(source), answer if isinstance(answer, str) else None)


def harmless(text):
    """A text with line feeds alone and without NUL and lone surrogates, which no file and no kernel takes."""
    return HARMFUL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def as_dict(value):
    """`value` where it is a dict, else an empty one: JSON of students may hold anything anywhere."""
    return value if isinstance(value, dict) else {}


def listed(value):
    """`value` where it is a list, else an empty one."""
    return value if isinstance(value, list) else []
