"""Storing a notebook: what changes from run to run is left out, and a failing notebook stays as it was."""

import copy

import nbformat
import pytest
from nbformat import v4

from tests.notebooks.store import VIEW, clean, main


def book(*cells):
    return v4.new_notebook(cells=list(cells))


def test_random_names_times_and_pieces_of_streams_are_not_stored():
    cell = v4.new_code_cell("1", metadata={"execution": {"iopub.status.busy": "2026"}, "tags": ["kept"]})
    cell.outputs = [v4.new_output("stream", name="stdout", text=text) for text in ("a", "b\n")]
    cell.outputs += [v4.new_output("stream", name="stderr", text="c"),
                     v4.new_output("display_data", {VIEW: {"model_id": "1f3"}, "text/plain": "App"})]  # fmt: skip
    notebook = book(v4.new_markdown_cell("words"), cell)
    notebook.metadata["widgets"] = {"state": {}}
    cleaned = clean(notebook)
    assert "widgets" not in cleaned.metadata and cleaned.cells[1].metadata == {"tags": ["kept"]}
    texts = [output.get("text") for output in cleaned.cells[1].outputs]
    assert texts == ["ab\n", "c", None] and cleaned.cells[1].outputs[2].data == {"text/plain": "App"}
    assert clean(copy.deepcopy(cleaned)) == cleaned


@pytest.mark.parametrize(("source", "code", "words"), [
    ("print(1)\nprint(2)", 0, "1 cells run and stored"), ("1 / 0", 1, "left as it was"),
])  # fmt: skip
def test_a_notebook_is_stored_whole_or_not_at_all(source, code, words, tmp_path, capsys):
    path = tmp_path / "one.ipynb"
    nbformat.write(book(v4.new_code_cell(source)), path)
    before = path.read_bytes()
    assert main([str(path)]) == code
    assert words in "".join(capsys.readouterr())
    if code:
        assert path.read_bytes() == before
    else:
        stored = nbformat.read(path, as_version=4).cells[0]
        assert stored.outputs[0].text == "1\n2\n" and stored.execution_count == 1


def test_it_says_how_to_call_it_and_names_a_missing_file(capsys):
    assert main([]) == 2 and "python -m tests.notebooks.store" in capsys.readouterr().err
    assert main(["no such.ipynb"]) == 1 and "no such.ipynb is left as it was" in capsys.readouterr().err
