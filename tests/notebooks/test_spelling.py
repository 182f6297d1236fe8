"""Spelling of the whole course: notebooks, Markdown files, and all of kan_edu and tests with their docstrings.

codespell knows common misspellings and their cures, so that it hardly ever complains about a word that is right.
"""

import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
MARKDOWN = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "kan_edu" / "data" / "README.md",
            *sorted((ROOT / "docs").glob("*.md"))]
PYTHON = [path for folder in ("kan_edu", "tests") for path in sorted((ROOT / folder).rglob("*.py"))]
NOTEBOOKS = [path for path in sorted((ROOT / "notebooks").rglob("*.ipynb")) if ".ipynb_checkpoints" not in path.parts]

# Right words that codespell takes for wrong ones, each with where it stands.
RIGHT = {
    "jpin",  # indices of an einsum, kan_edu/networks/edgesums.py
    "netwrok",  # on purpose, tests/seeing/test_plot_network.py
}
# Prose is in British English; code cannot be, as matplotlib says color.
BRITISH = {"behavior": "behaviour", "center": "centre", "color": "colour", "colors": "colours", "favor": "favour",
           "gray": "grey", "generalize": "generalise", "labeled": "labelled", "minimize": "minimise",
           "neighbor": "neighbour", "neighbors": "neighbours", "normalize": "normalise", "optimizer": "optimiser",
           "optimizers": "optimisers", "recognize": "recognise", "regularization": "regularisation"}  # fmt: skip
CODE = re.compile(r"```.*?```|`[^`\n]*`|\]\([^)\s]*\)|\$\$.*?\$\$|\$[^$]*\$", re.S)


def texts_of(path):
    """{name: text} of a file: of a notebook its prose and its code, each a text of its own."""
    if path.suffix != ".ipynb":
        return {path.name: path.read_text(encoding="utf-8")}
    cells = nbformat.read(path, as_version=4).cells
    kinds = {"md": "markdown", "py": "code"}
    return {f"{path.stem}.{end}": "\n\n".join(cell.source for cell in cells if cell.cell_type == kind)
            for end, kind in kinds.items()}   # fmt: skip


def spelled(texts, folder):
    """What codespell says of the texts {name: text}: a list of "name:line: wrong ==> right"."""
    for number, (name, text) in enumerate(texts.items()):   # two files of one name do not overwrite each other
        (folder / f"{number:03}_{name}").write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "codespell_lib", "--ignore-words-list", ",".join(sorted(RIGHT)), "."]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8")
    assert not done.stderr, done.stderr   # a missing codespell must not pass for a course without a slip
    return [re.sub(r"^\W*\d+_", "", line) for line in done.stdout.splitlines() if "==>" in line]


def american(name, text):
    """The American spellings in a prose text, code and formulas taken out: "name: wrong ==> right"."""
    words = re.findall(r"[a-z]+", CODE.sub(" ", text).lower())
    return [f"{name}: {word} ==> {BRITISH[word]}" for word in words if word in BRITISH]


def doubled(name, text):
    """Words twice in a row ("the the"), also across a line break; AND and OR are gates: "name: word word"."""
    pairs = re.findall(r"(?<!\w)([A-Za-z][a-z]+)(?=(?: +| *\n *)([a-z]+))", CODE.sub(" . ", text))
    return [f"{name}: {first} {second}" for first, second in pairs if first.lower() == second]


# --- the course ------------------------------------------------------------------------------------------


def test_no_word_of_course_or_library_is_misspelled(tmp_path):
    files = [*NOTEBOOKS, *MARKDOWN, *PYTHON]
    texts = {f"{n}_{name}": text for n, path in enumerate(files) for name, text in texts_of(path).items()}
    assert len(NOTEBOOKS) >= 9 and len(texts) > len(files)
    assert spelled(texts, tmp_path) == []


@pytest.mark.parametrize("path", [*NOTEBOOKS, *MARKDOWN], ids=lambda path: path.name)
def test_prose_is_british_and_says_nothing_twice(path):
    prose = {name: text for name, text in texts_of(path).items() if name.endswith(".md")}
    assert len(prose) == 1
    for name, text in prose.items():
        assert american(name, text) + doubled(name, text) == []


# --- what these tests rely on ----------------------------------------------------------------------------


def planted(path, place):
    """A file with a misspelled word at that place: prose, a comment in a cell, a docstring."""
    wrong = "We recie" + "ve a spline."   # in two pieces, so that this file itself has no such word
    if path.suffix == ".ipynb":
        make = {"prose": nbformat.v4.new_markdown_cell, "comment": nbformat.v4.new_code_cell}[place]
        nbformat.write(nbformat.v4.new_notebook(cells=[make(f"# {wrong}")]), path)
    else:
        path.write_text(f'"""{wrong}"""\n' if place == "docstring" else wrong, encoding="utf-8")
    return path


@pytest.mark.parametrize(("name", "place", "seen_in"), [
    ("a.ipynb", "prose", "a.md"), ("a.ipynb", "comment", "a.py"),
    ("b.py", "docstring", "b.py"), ("c.md", "prose", "c.md"),
])   # fmt: skip
def test_a_misspelled_word_is_seen_wherever_it_stands(name, place, seen_in, tmp_path):
    folder = tmp_path / "texts"
    folder.mkdir()
    found = spelled({"sound.md": "We receive a spline.", **texts_of(planted(tmp_path / name, place))}, folder)
    assert found == [f"{seen_in}:1: " + "recie" + "ve ==> receive"]


def test_american_spellings_and_doubled_words_are_seen_in_prose_only():
    text = "The colors of the the neighbor, `color=\"gray\"`, $\\text{center}$ and ```\ncenter center\n```."
    assert american("x.md", text) == ["x.md: colors ==> colours", "x.md: neighbor ==> neighbour"]
    assert doubled("x.md", text) == ["x.md: the the"]
    assert doubled("x.md", "go in\nin it. That that") == ["x.md: in in", "x.md: That that"]
    assert doubled("x.md", "`in` in, AND and XOR\n\nxor, $x$ is $y$ is, is.\n\nis, can not nothing") == []
