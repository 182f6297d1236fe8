"""Run notebooks from top to bottom and store what comes out, without what changes from run to run.

    python -m tests.notebooks.store notebooks/05_splines.ipynb ...

Not stored: times, widget state, the random names of widgets, and into how many pieces a stream of text was cut. A cell
that ends with an error leaves the file as it was. Read `git diff` afterwards: the outputs are part of the lesson.
"""

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

VIEW = "application/vnd.jupyter.widget-view+json"


def run(path):
    """The notebook at `path` with new outputs, cleaned; the file is not touched."""
    book = nbformat.read(path, as_version=4)
    client = NotebookClient(book, kernel_name="python3", record_timing=False, store_widget_state=False,
                            resources={"metadata": {"path": str(path.parent)}})  # fmt: skip
    client.execute()
    return clean(book)


def clean(book):
    """Take out of a notebook what differs from run to run, in place; returns it."""
    book.metadata.pop("widgets", None)
    for cell in book.cells:
        cell.metadata.pop("execution", None)
        outputs = cell.get("outputs", [])
        for output in outputs:
            output.get("data", {}).pop(VIEW, None)
        cell_outputs = []
        for output in outputs:
            last = cell_outputs[-1] if cell_outputs else {}
            if output.output_type == "stream" and last.get("name") == output.name:
                last["text"] += output.text
            else:
                cell_outputs.append(output)
        if "outputs" in cell:
            cell["outputs"] = cell_outputs
    return book


def main(names):
    if not names:
        print(__doc__, file=sys.stderr)
        return 2
    for name in names:
        try:
            book = run(Path(name))
        except (CellExecutionError, FileNotFoundError, nbformat.reader.NotJSONError) as error:
            print(f"{name} is left as it was: {error}", file=sys.stderr)
            return 1
        nbformat.write(book, name)
        print(f"{name}: {sum(cell.cell_type == 'code' for cell in book.cells)} cells run and stored")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
