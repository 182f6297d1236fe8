"""A notebook file of any version, encoding and origin: its cells are read, or it is said what it is instead."""

import json
import tracemalloc

import nbformat
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kan_edu.exercises.handed_in.answers import find_answers, which_set
from kan_edu.exercises.sets import cells as reading
from kan_edu.exercises.sets.cells import Cell, Unreadable, read_book, read_cells
from tests.exercises.students import DOUBLE, RIGHT, SOURCE, as_bytes, found_in, is_complete, student

# Files: every one of these is read, and the same answers are in it


def version_3(book):
    cells = [{**cell, "input": cell["source"], "language": "python"} for cell in book["cells"]]
    for cell in cells:
        cell.pop("source" if cell["cell_type"] == "code" else "input")
    heading = {"cell_type": "heading", "level": 1, "source": "A heading"}
    sheets = [{"cells": [heading, *cells[:5]]}, {"cells": cells[5:]}]
    return {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": ""}, "worksheets": sheets}


def doubled_ids(book):
    return {**book, "cells": [{**cell, "id": "same"} for cell in book["cells"]]}


def from_colab(book):
    """Colab: no cell ids, an id in the metadata, its own outputs, lists of lines."""
    cells = []
    for cell in book["cells"]:
        metadata = {"id": "xYz_12", "colab": {"base_uri": "https://localhost/"}, "outputId": "1-2"}
        cells.append({"cell_type": cell["cell_type"], "metadata": metadata, "source": cell["source"].splitlines(True),
                      "outputs": [{"output_type": "stream", "name": "stdout", "text": ["1\n"]}]})
    metadata = {"colab": {"provenance": []}, "kernelspec": {"name": "python3", "display_name": "Python 3"}}
    return {"nbformat": 4, "nbformat_minor": 0, "metadata": metadata, "cells": cells}


def from_vs_code(book):
    cells = [{**cell, "metadata": {"vscode": {"languageId": "python"}}} for cell in book["cells"]]
    for cell in cells:
        cell.pop("id", None)
    return {**book, "cells": cells, "nbformat_minor": 2, "metadata": {"language_info": {"name": "python"}}}


def another_kernel(book):
    return {**book, "metadata": {**book["metadata"], "kernelspec": {"name": "ir", "display_name": "R"}}}


def without_version(book):
    return {"cells": book["cells"], "metadata": book["metadata"]}


def with_strange_cells(book):
    strange = [None, 3, "text", [], {}, {"cell_type": "code"}, {"cell_type": 5, "source": 5, "metadata": 5},
               {"cell_type": "code", "source": [1, None, "x = 1\n"], "metadata": {"kan_edu": {"answer": ["double"]}}}]
    return {**book, "cells": [*strange, *book["cells"]]}


BOOKS = {
    "as handed out": lambda book: book,
    "nbformat 3": version_3,
    "nbformat 99": lambda book: {**book, "nbformat": 99},
    "nbformat none": without_version,
    "nbformat a text": lambda book: {**book, "nbformat": "four"},
    "doubled ids": doubled_ids,
    "Colab": from_colab,
    "VS Code": from_vs_code,
    "another kernelspec": another_kernel,
    "lists of lines": lambda book: {
        **book, "cells": [{**cell, "source": cell["source"].splitlines(True)} for cell in book["cells"]]},
    "Windows lines": lambda book: {
        **book, "cells": [{**cell, "source": cell["source"].replace("\n", "\r\n")} for cell in book["cells"]]},
    "old Mac lines": lambda book: {
        **book, "cells": [{**cell, "source": cell["source"].replace("\n", "\r")} for cell in book["cells"]]},
    "outputs of another version": lambda book: {
        **book, "cells": [{**cell, "outputs": [{"output_type": "pyout"}, 7]} for cell in book["cells"]]},
    "strange cells": with_strange_cells,
    "metadata none": lambda book: {"cells": book["cells"], "metadata": None},
}


@pytest.mark.parametrize("kind", BOOKS)
def test_a_book_of_any_kind_is_read(kind):
    answers = found_in(BOOKS[kind](student(**RIGHT)))
    assert is_complete(answers) and not answers.notes


BYTES = {
    "UTF-8": lambda text: text.encode(),
    "BOM": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "UTF-16": lambda text: text.encode("utf-16"),
    "UTF-16 little": lambda text: text.encode("utf-16-le"),
    "UTF-16 big": lambda text: text.encode("utf-16-be"),
    "UTF-16 big, BOM": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "UTF-32": lambda text: text.encode("utf-32"),
    "Latin-1": lambda text: text.encode("latin-1"),
    "cp1252": lambda text: text.encode("cp1252"),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "NUL at the end": lambda text: text.encode() + b"\0" * 900,
    "space around": lambda text: b"\n\n  " + text.encode() + b"\n\n",
}


@pytest.mark.parametrize("kind", BYTES)
def test_an_encoding_of_any_kind_is_read(kind):
    umlauts = {**RIGHT, "double": DOUBLE + "  # f\u00fcr J\u00fcrgen"}
    data = BYTES[kind](json.dumps(student(**umlauts), ensure_ascii=False, indent=1))
    assert find_answers(read_cells(data), SOURCE).texts == umlauts


def test_bytes_that_only_windows_or_nobody_has():
    assert read_cells(b'{"cells": [{"source": "\x93a\x94"}]}')[0].source == "\u201ca\u201d"
    assert read_cells(b'{"cells": [{"source": "\x81\xff"}]}')[0].source == "\x81\xff"


def test_nul_and_half_pairs_are_harmless():
    data = b'{"cells": [{"cell_type": "code", "source": "a\\u0000b\\ud800c\\udc00 \\ud83d\\ude00 \0 \x01"}]}'
    (cell,) = read_cells(data)
    assert cell == Cell("code", "a\ufffdb\ufffdc\ufffd \U0001f600 \ufffd \x01")
    cell.source.encode()


def test_numbers_of_any_size():
    data = b'{"cells": [], "a": [1e999, -Infinity, NaN, ' + b"9" * 10_000 + b"]}"
    assert read_book(data) == ([], {})


UNREADABLE = {
    "empty": (b"", "the file is empty"),
    "only space": (b" \n\t", "the file is empty"),
    "only zeros": (b"\0" * 5000, "nothing but zeros"),
    "only a BOM": (b"\xff\xfe", "the file is empty"),
    "broken": (b'{"cells": [{"source": "x"', "its JSON is broken (line 1"),
    "cut off": (as_bytes(student(**RIGHT), indent=1)[:-100], "may have been cut off"),
    "two books": (as_bytes(student()) * 2, "its JSON is broken"),
    "binary": (bytes(range(256)) * 9, "a binary file"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(99), "a picture"),
    "PDF": (b"%PDF-1.7 ...", "a PDF"),
    "ZIP": (b"PK\x03\x04" + bytes(99), "a ZIP"),
    "gzip": (b"\x1f\x8b\x08" + bytes(99), "packed (gzip)"),
    "web page": (b"\n<!DOCTYPE html><html>", "a web page"),
    "Git LFS": (b"version https://git-lfs.github.com/spec/v1\noid sha256:1\n", "git lfs pull"),
    "merge conflict": (b'{"cells": [\n<<<<<<< HEAD\n1\n=======\n2\n>>>>>>> other\n]}', "two versions"),
    "Python": (b"# ANSWER double\ndef double(x): return 2 * x\n", "it is a text, not a notebook"),
    "a list": (b"[]", "it holds a list"),
    "a number": (b"7", "it holds a float"),
    "a text": (b'"cells"', "it holds a str"),
    "another JSON": (b'{"name": "x"}', "it has no cells"),
    "cells no list": (b'{"cells": {"a": 1}}', "it has no cells"),
    "deep list": (b"[" * 100_000 + b"]" * 100_000, "nested too deeply"),
    "deep and never closed": (b"[" * 1_000_000, "nested too deeply"),
    "deep in a book": (b'{"cells": ' + b'{"a":' * 100_000, "nested too deeply"),
    "a bomb of lists": (b'{"cells": [' + b"[]," * 3_000_000 + b"0]}", "more than 3000000 values"),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_what_is_no_notebook_is_said_with_what_to_do(kind):
    data, words = UNREADABLE[kind]
    with pytest.raises(Unreadable) as error:
        read_cells(data)
    assert words in str(error.value)
    assert any(what in str(error.value) for what in ("hand it in again", "Hand in the", "Download", "Fetch"))


def test_a_bomb_costs_little_memory():
    data = UNREADABLE["a bomb of lists"][0]
    tracemalloc.start()
    with pytest.raises(Unreadable):
        read_cells(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5 * len(data)


def test_forty_megabytes_of_pictures():
    """And of numbers in texts, whose commas count for nothing."""
    book = student(**RIGHT)
    book["cells"][4]["outputs"] = [{"data": {"image/png": "iVBORw0K" * 1_000_000, "text/html": "[1,2]," * 5_500_000}}]
    data = as_bytes(book)
    assert len(data) > 40e6
    assert is_complete(find_answers(read_cells(data), SOURCE))


def test_texts_are_left_out_of_the_count_in_linear_time(monkeypatch):
    """Quotes that never close would take a careless pattern hours; nothing here looks at a clock."""
    monkeypatch.setattr(reading, "MOST", 4)
    assert not reading.too_many_values('"' + '\\"' * 500_000)
    assert not reading.too_many_values('{"a,,,,": "\\",,,,", "b\\\\": 1}')
    assert reading.too_many_values('{"a": [1, 2, 3]}')


@given(st.binary(max_size=300))
def test_any_bytes_are_cells_or_unreadable(data):
    try:
        assert all(isinstance(cell, Cell) for cell in read_cells(data))
    except Unreadable as error:
        assert str(error)


KEYS = st.sampled_from(["cells", "worksheets", "source", "input", "metadata", "cell_type", "kan_edu", "answer", "code"])
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5) | KEYS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS | st.text(max_size=3), inner, max_size=5),
    max_leaves=25,
)


@given(JSON, st.lists(JSON, max_size=4), JSON)
def test_any_json_is_cells_or_unreadable(anything, cells, metadata):
    for book in [anything, {"cells": anything}, {"cells": cells, "metadata": metadata}, {"worksheets": cells}]:
        try:
            found, about = read_book(as_bytes(book))
        except Unreadable as error:
            assert str(error)
            continue
        assert all(isinstance(cell.source, str) and isinstance(cell.answer, str | None) for cell in found)
        assert set(find_answers(found, SOURCE).problems) | set(find_answers(found, SOURCE).texts) == set(RIGHT)
        assert which_set(found, about, {"small": SOURCE}) in {None, "small"}


@given(st.text())
def test_any_source_comes_back(text):
    (cell,) = read_cells(as_bytes({"cells": [{"cell_type": "code", "source": text}]}))
    assert cell.source == reading.harmless(text)
    assert "\r" not in cell.source and "\0" not in cell.source and cell.source.encode() is not None


def test_what_nbformat_writes_is_read(tmp_path):
    """The real writer, once: a book that nbformat saves."""
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(text) for text in RIGHT.values()],
                                    metadata={"kan_edu": {"exercise": "small"}})
    nbformat.write(book, tmp_path / "a.ipynb")
    cells, metadata = read_book((tmp_path / "a.ipynb").read_bytes())
    assert is_complete(find_answers(cells, SOURCE)) and which_set(cells, metadata, {"small": SOURCE}) == "small"
