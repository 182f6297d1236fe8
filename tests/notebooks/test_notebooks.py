"""The course's notebooks as files: their stored outputs, their links, and that nbval runs every cell of each."""

import base64
import copy
import io
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import nbformat
import pytest
from PIL import Image

from kan_edu.command.course import TAG
from tests.notebooks.questions import answering

ROOT = Path(__file__).resolve().parents[2]
COURSE = ROOT / "notebooks"
NOTEBOOKS = sorted(path for path in COURSE.rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts)

MOST_LINES = 30
HERE_ONLY = re.compile(r"/(?:home|root|Users|tmp|opt|mnt|var|work)/\w|\b[A-Z]:\\\w|site-packages|0x[0-9a-f]{6,}")
LINK = re.compile(r"\]\(\s*<?([^)>\s]+)|(?:href|src)=[\"']([^\"']+)")


def read(path):
    return nbformat.read(path, as_version=4)


def cells(book, kind):
    return [cell for cell in book.cells if cell.cell_type == kind]


def texts(output):
    """All texts of an output that a reader sees or that nbval compares."""
    yield output.get("text", "")
    yield from (str(text) for kind, text in output.get("data", {}).items() if kind.startswith("text/"))


def complaints(book, folder=COURSE):
    """What is wrong with a notebook that stands in `folder`, one sentence each."""
    yield from about_the_book(book)
    if folder.name != "exercises":  # of a set no copy has outputs
        yield from (f"{cell.id} answers a question: give it the tag {TAG}, so that copies do not show it"
                    for cell in answering(book.cells) if cell.outputs and TAG not in cell.metadata.get("tags", []))
    for number, cell in enumerate(book.cells):
        about = about_code(cell) if cell.cell_type == "code" else about_prose(cell, book, folder)
        yield from (f"cell {number}: {words}" for words in about)


def about_the_book(book):
    try:
        nbformat.validate(book)
    except nbformat.ValidationError as error:
        yield f"not a valid notebook: {error.message}"
    if book.metadata.get("kernelspec", {}).get("name") != "python3":
        yield "its kernel is not python3"
    if "widgets" in book.metadata:
        yield "it holds widget state, 9 to 83 kB for each app; store it without"
    code = cells(book, "code")
    if [cell.execution_count for cell in code] != list(range(1, len(code) + 1)):
        yield "its cells were not run once each from top to bottom in a new kernel"
    if not any(cell.outputs for cell in code):
        yield "it has no stored output"
    prose = sum(len(cell.source.split()) for cell in cells(book, "markdown"))
    if prose <= sum(len(cell.source.split()) for cell in code):
        yield "it has more code than prose"


def about_code(cell):
    if len(cell.source.splitlines()) > MOST_LINES:
        yield f"more than {MOST_LINES} lines"
    if "NBVAL_SKIP" in cell.source or "nbval-skip" in cell.metadata.get("tags", []):
        yield "nbval does not run it"
    for output in cell.outputs:
        if output.output_type == "error":
            yield f"its output is an error, {output.ename}"
        if is_bare_widget(output.get("data", {})):
            yield "its widget leaves no image/png where none can run, on GitHub for one"
        if lets_through(output.get("data", {}).get("image/png")):
            yield "a picture lets a dark page through, and its black lines vanish"
        if output.get("name") == "stderr":
            yield f"it wrote to stderr: {output.text}"
    for text in [cell.source, *(text for output in cell.outputs for text in texts(output))]:
        yield from (f"{found!r} means something on one machine only" for found in HERE_ONLY.findall(text))


def is_bare_widget(data):
    return "application/vnd.jupyter.widget-view+json" in data and "image/png" not in data


def lets_through(png):
    """Whether a stored picture, in base64 or None, has a pixel that is not opaque."""
    return bool(png) and Image.open(io.BytesIO(base64.b64decode(png))).convert("RGBA").getextrema()[3][0] < 255


def about_prose(cell, book, folder):
    yield from (f"{found!r} means something on one machine only" for found in HERE_ONLY.findall(cell.source))
    for first, second in LINK.findall(cell.source):
        target = first or second
        if not re.match(r"[a-z]+:", target) and not leads_somewhere(target, book, folder):
            yield f"the link {target!r} leads nowhere in the course"


def leads_somewhere(target, book, folder):
    """Whether a relative link names a file of the course; of an anchor, whether a heading has that name."""
    path, _, anchor = target.partition("#")
    if not path:
        heads = re.findall(r"^#+ +(.+?) *$", "\n".join(cell.source for cell in cells(book, "markdown")), re.M)
        return anchor in {head.replace(" ", "-") for head in heads}
    place = (folder / path).resolve()
    return place.exists() and place.is_relative_to(COURSE)


# --- the course ------------------------------------------------------------------------------------------


def test_there_is_a_course():
    assert {"00_start_here", "05_splines"} <= {path.stem for path in NOTEBOOKS}


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_is_in_order(path):
    assert list(complaints(read(path), path.parent)) == []


def pytest_run(*arguments, folder=ROOT):
    """In a process of its own, in which nbformat is loaded as kan_edu/exercises/sets/lightly.py says."""
    lightly = "import sys; sys.modules['rfc3987_syntax'] = None; import pytest; sys.exit(pytest.main())"
    command = [sys.executable, "-c", lightly, "-n", "0", "-q", "-p", "no:cacheprovider", *map(str, arguments)]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8")


def test_nbval_collects_every_code_cell_of_every_notebook():
    done = pytest_run("--collect-only", "-m", "release or not release", "notebooks")
    collected = Counter(re.findall(r"^(\S+\.ipynb)::Cell \d+$", done.stdout, re.M))
    assert collected == {path.relative_to(ROOT).as_posix(): len(cells(read(path), "code")) for path in NOTEBOOKS}


# --- what these tests rely on ----------------------------------------------------------------------------


def test_nbval_compares_texts_and_not_pictures(tmp_path):
    """Three notebooks in one run: pictures differ; a number differs; outputs cleared. The course stands as stored."""
    book = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    picture = "from IPython.display import display\ndisplay({'image/png': %r, 'text/plain': 'x'}, raw=True)"
    book.cells = [nbformat.v4.new_code_cell("print(1 + 1)", execution_count=1),
                  nbformat.v4.new_code_cell(picture % "AAAA", execution_count=2)]
    book.cells[0].outputs = [nbformat.v4.new_output("stream", name="stdout", text="2\n")]
    data = {"image/png": "AAAA", "text/plain": "x"}
    book.cells[1].outputs = [nbformat.v4.new_output("display_data", data=data)]
    other, wrong, cleared = (copy.deepcopy(book) for _ in range(3))
    other.cells[1].outputs[0].data["image/png"] = "BBBB"
    wrong.cells[0].outputs[0].text = "3\n"
    cleared.cells[0].outputs = []
    for name, each in {"other": other, "wrong": wrong, "cleared": cleared}.items():
        nbformat.write(each, tmp_path / f"{name}.ipynb")
    done = pytest_run("-c", ROOT / "pyproject.toml", f"--rootdir={tmp_path}", tmp_path, folder=tmp_path)
    assert set(re.findall(r"^FAILED (\S+)", done.stdout, re.M)) == {"wrong.ipynb::Cell", "cleared.ipynb::Cell"}
    assert re.search(r"^2 failed, 4 passed", done.stdout, re.M), done.stdout


def sound():
    """A small notebook without a fault."""
    book = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    book.cells = [nbformat.v4.new_markdown_cell("# A heading\n\nTwo and two are [four](#A-heading), as Peano says."),
                  nbformat.v4.new_code_cell("print(2 + 2)", execution_count=1)]
    book.cells[1].outputs = [nbformat.v4.new_output("stream", name="stdout", text="4\n")]
    return book


def output(kind, **parts):
    return lambda book: book.cells[1].outputs.append(nbformat.v4.new_output(kind, **parts))


def through():
    """A picture of one pixel, half transparent."""
    file = io.BytesIO()
    Image.new("RGBA", (1, 1), (0, 0, 0, 128)).save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def source(number, text):
    return lambda book: book.cells[number].update(source=book.cells[number].source + text)


FAULTS = {
    "not a valid notebook": lambda book: book.cells[1].update(colour="red"),
    "its kernel is not python3": lambda book: book.metadata.kernelspec.update(name="my-env"),
    "widget state": lambda book: book.metadata.update(widgets={}),
    "from top to bottom": lambda book: book.cells[1].update(execution_count=7),
    "no stored output": lambda book: book.cells[1].update(outputs=[]),
    "more code than prose": source(1, " # 1 2 3 4 5 6 7 8 9 10"),
    "more than 30 lines": source(1, "\n" * 30 + "2"),
    "nbval does not run it": source(1, " # NBVAL_SKIP"),
    "an error, ValueError": output("error", ename="ValueError", evalue="", traceback=[]),
    "leaves no image/png": output("display_data", data={"application/vnd.jupyter.widget-view+json": {}}),
    "lets a dark page through": output("display_data", data={"image/png": through()}),
    "it wrote to stderr: a warning": output("stream", name="stderr", text="a warning"),
    "answers a question": source(0, " **Guess first.** What is 2 + 2?"),
    "'/home/a' means": output("stream", name="stdout", text="see /home/ada/kan.py"),
    "'0x7f3ac810' means": output("execute_result", data={"text/plain": "<KAN at 0x7f3ac810>"}),
    r"'C:\\U' means": source(0, r" Open C:\Users\ada."),
    "'99_nothing.ipynb' leads nowhere": source(0, " [more](99_nothing.ipynb)"),
    "'../README.md' leads nowhere in the course": source(0, " [more](../README.md)"),
    "'#Nothing' leads nowhere": source(0, " [more](#Nothing)"),
    "'no.png' leads nowhere": source(0, ' <img src="no.png">'),
}


@pytest.mark.parametrize("words", FAULTS)
def test_each_fault_is_seen(words):
    book = sound()
    assert list(complaints(book)) == []
    FAULTS[words](book)
    assert any(words in complaint for complaint in complaints(book)), list(complaints(book))
