"""How a measurement is shown and kept: tables as text or Markdown, JSON, a place in docs/measurements.md."""

import json
import os
import tempfile
from pathlib import Path

MEASUREMENTS = Path(__file__).resolve().parents[2] / "docs" / "measurements.md"


def number(x):
    """Three digits that mean something, without exponents: 0.0123, 1.23, 12.3, 1234; "-" for None.

    >>> [number(x) for x in (0.00123, 0.574, 5.01, 12.34, 99.96, 508160, None)]
    ['0.00123', '0.574', '5.01', '12.3', '100', '508160', '-']
    """
    if x is None:
        return "-"
    leading = int(f"{x:.2e}".partition("e")[2])  # after rounding: 99.96 counts as 100
    return f"{x:.{min(max(2 - leading, 0), 6)}f}"


def table(header, rows, markdown=False):
    """Cells of text -> one string; the first column is left aligned, the others right."""
    lines = [[str(cell) for cell in row] for row in [header, *rows]]
    wide = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines = [[cell.rjust(w) if i else cell.ljust(w) for i, (cell, w) in enumerate(zip(line, wide, strict=True))]
             for line in lines]  # fmt: skip
    if not markdown:
        return "\n".join("  ".join(line).rstrip() for line in lines)
    rule = ["-" * w if i == 0 else "-" * (w - 1) + ":" for i, w in enumerate(wide)]
    return "\n".join(f"| {' | '.join(line)} |" for line in [lines[0], rule, *lines[1:]])


def write(path, text):
    """The file appears whole or not at all: written beside its place, then renamed."""
    path = Path(path)
    handle, beside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(beside, path.stat().st_mode & 0o777 if path.exists() else 0o644)  # mkstemp's is for us alone
        os.replace(beside, path)
    except BaseException:
        os.unlink(beside)
        raise


def write_json(path, data):
    write(path, json.dumps(data, indent=1, allow_nan=False) + "\n")


def between(text, command, new):
    """`text` with `new` between the marks <!-- bench:command --> and <!-- /bench:command -->.

    Raises ValueError unless each mark stands there exactly once, in this order.
    """
    begin, end = f"<!-- bench:{command} -->", f"<!-- /bench:{command} -->"
    if text.count(begin) != 1 or text.count(end) != 1 or text.index(begin) > text.index(end):
        raise ValueError(f"expected the line {begin} and, after it, {end}, each once; put them where the table belongs")
    before, _, rest = text.partition(begin)
    return f"{before}{begin}\n{new.strip()}\n{end}{rest.partition(end)[2]}"


def put(command, text):
    """`text` between the marks of `command` in docs/measurements.md; the rest of the page stays as it is."""
    write(MEASUREMENTS, between(MEASUREMENTS.read_text(encoding="utf-8"), command, text))


def has_place(command):
    """Raises ValueError if docs/measurements.md has no place for `command`: to be asked before one measures."""
    between(MEASUREMENTS.read_text(encoding="utf-8"), command, "")
