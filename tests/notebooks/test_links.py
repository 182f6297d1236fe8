"""Links of the Markdown files and the notebooks: those within the clone are followed, of others the form is read.

Where a notebook's links lead within the course is tested in test_notebooks.py. Nothing here needs a network.
"""

import re
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("*.md"))
MARKDOWN = ["README.md", "CONTRIBUTING.md", "kan_edu/data/README.md", *PAGES]
NOTEBOOKS = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "notebooks").glob("*.ipynb"))

TARGET = re.compile(r"\]\(([^)]*)\)|(?:href|src)=[\"']([^\"']*)[\"']|(?<![(\"'])\b(https?:[^\s<>)\"']*[^\s<>)\"'.,;])")
FENCED = re.compile(r"^```.*?^```", re.S | re.M)


def links(text):
    """The targets of all links and pictures of a Markdown text, also bare addresses, but not those in code blocks."""
    return [next(filter(None, found), "") for found in TARGET.findall(FENCED.sub("", text))]


def anchors(text):
    """The names that GitHub gives the headings: "## How fast?" -> "how-fast"; a second one of the name gets -1."""
    names = []
    for head in re.findall(r"^#+ +(.+?) *$", FENCED.sub("", text), re.M):
        name = re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-")
        names.append(f"{name}-{names.count(name)}" if name in names else name)
    return names


def is_external(target):
    return re.match(r"[a-z][a-z+.-]*:", target, re.I) is not None


def wrong_form(target):
    """What is wrong with an external link as far as one can see without following it; "" if nothing."""
    parts = urlsplit(target)
    if parts.scheme != "https":
        return "not https"
    if re.search(r"\s", target):
        return "a space in it"
    return "" if re.fullmatch(r"[\w-]+(\.[\w-]+)+", parts.netloc) else "no host"


def complaints(text, folder):
    """What is wrong with the links of a Markdown text that stands in `folder`, one sentence each."""
    for target in links(text):
        path, _, anchor = target.partition("#")
        place = (folder / path).resolve()
        if is_external(target):
            if wrong_form(target):
                yield f"{target!r}: {wrong_form(target)}"
        elif not target or not place.is_relative_to(ROOT) or not place.exists():
            yield f"{target!r} leads nowhere"
        elif anchor and anchor not in anchors(place.read_text(encoding="utf-8") if path else text):
            yield f"{target!r}: there is no such heading"


@pytest.mark.parametrize("name", MARKDOWN)
def test_every_link_of_a_markdown_file_leads_somewhere(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert list(complaints(text, (ROOT / name).parent)) == []


@pytest.mark.parametrize("name", NOTEBOOKS)
def test_the_external_links_of_a_notebook_have_the_right_form(name):
    cells = nbformat.read(ROOT / name, as_version=4).cells
    targets = [target for cell in cells if cell.cell_type == "markdown" for target in links(cell.source)]
    assert [(target, wrong_form(target)) for target in targets if is_external(target) and wrong_form(target)] == []
    assert any(map(is_external, targets)) or "https:" not in "".join(cell.source for cell in cells)


def test_there_is_something_to_follow():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert {"docs/splines.png", "CONTRIBUTING.md", "LICENSE", "notebooks/05_splines.ipynb", *PAGES} <= set(links(text))
    assert {"start", "the-course", "measured"} <= set(anchors(text))


@pytest.mark.parametrize("text, words", [
    ("[a](READMEE.md)", "'READMEE.md' leads nowhere"),
    ("[a]()", "'' leads nowhere"),
    ("[a](../../outside.md)", "leads nowhere"),
    ("[a](README.md#stop)", "'README.md#stop': there is no such heading"),
    ("# B c\n[a](#b-d)", "'#b-d': there is no such heading"),
    ('<img src="no.png">', "'no.png' leads nowhere"),
    ("[a](http://arxiv.org/abs/1)", "not https"),
    ("read http://arxiv.org", "not https"),
    ("[a](https://arxiv.org/a b)", "a space in it"),
    ("[a](https:/arxiv.org)", "no host"),
    ("[a](https://arxiv)", "no host"),
    ("[a](htps://arxiv.org)", "not https"),
])  # fmt: skip
def test_a_wrong_link_is_seen(text, words):
    found = list(complaints(text, ROOT))
    assert len(found) == 1 and words in found[0], found


def test_right_links_are_let_pass():
    text = ("# A b\n## How fast? (1)\n## A b\nSee [R](README.md#start), [here](#a-b), [there](#a-b-1), "
            "[1](#how-fast-1),\n<img src='LICENSE'>, [x](https://arxiv.org/b#c), https://arxiv.org.\n```\n[no](link) http://x\n```\n")
    assert list(complaints(text, ROOT)) == [] and len(links(text)) == 7
