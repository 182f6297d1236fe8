"""The reading copy: a lesson as one page of HTML without Python, with the pictures as stored, one of which moves."""

import base64
import html
import io
import json
import re

from kan_edu.command.course import TAG

from .formulas import drawn

LINK = re.compile(r'href="(?:\.\./)?((?:exercises/)?[\w.-]+)\.ipynb(#[^"]*)?"')


def lesson_page(content, name, titles, template, links, moving=None):
    """The page of a lesson.

    content     the notebook's bytes, with its stored outputs
    name        of the file, without .ipynb
    titles      {name: first heading} of all lessons in order
    template    HTML with {title}, {body}, {before}, {after}, {links}
    links       HTML: where the lesson can be run
    moving      {number of a cell: HTML that stands for its outputs}, as `frames` makes it
    """
    book = json.loads(content)
    body = "\n".join(cell_html(cell, (moving or {}).get(number)) for number, cell in enumerate(book["cells"]))
    names = list(titles)
    place = names.index(name)
    near = [f'<a href="{names[n]}.html">{word}: {html.escape(titles[names[n]])}</a>' if 0 <= n < len(names) else ""
            for n, word in ((place - 1, "back"), (place + 1, "next"))]  # fmt: skip
    filled = {"title": html.escape(title(book)), "body": LINK.sub(lambda found: _link(found, names), body),
              "before": near[0], "after": near[1], "links": links}  # fmt: skip
    return re.sub(r"\{(title|body|before|after|links)\}", lambda found: filled[found[1]], template)


def title(book):
    """The first heading of a notebook."""
    text = "".join(book["cells"][0]["source"])
    return next(line.lstrip("# ") for line in text.splitlines() if line.startswith("#"))


def _link(found, names):
    """To another lesson: its page here; to an exercise set, which is nothing to read: the notebook itself."""
    if found[1] in names:
        return f'href="{found[1]}.html{found[2] or ""}"'
    return f'href="../lab/index.html?path={found[1]}.ipynb"'


def cell_html(cell, moving=None):
    """A cell's text, or its code and what came out, or what stands for that."""
    from nbconvert.filters import Highlight2HTML, markdown2html

    source = "".join(cell["source"])
    if cell["cell_type"] != "code":
        return f'<section>{drawn(markdown2html(source))}</section>' if cell["cell_type"] == "markdown" else ""
    outputs = moving or "\n".join(map(output_html, cell["outputs"]))
    if TAG in cell["metadata"].get("tags", []) and outputs:
        outputs = f"<details><summary>What comes out</summary>{outputs}</details>"
    code = Highlight2HTML(pygments_lexer="python3")(source)
    return f'<section class="code">{code}{outputs}</section>'


def output_html(output):
    """One output: a picture with its alt text, or what was printed."""
    data = output.get("data", {})
    if "image/png" in data:
        alt = output.get("metadata", {}).get("image/png", {}).get("alt") or "".join(data.get("text/plain", ""))
        webp = base64.b64encode(smaller(base64.b64decode("".join(data["image/png"])))).decode()
        return f'<img src="data:image/webp;base64,{webp}" alt="{html.escape(alt, quote=True)}">'
    text = "".join(output.get("text", data.get("text/plain", "")))
    return f"<pre>{html.escape(text)}</pre>" if text else ""


def smaller(png):
    """The bytes of the same picture, pixel by pixel, as WebP without loss: about two thirds of a PNG."""
    from PIL import Image

    packed = io.BytesIO()
    Image.open(io.BytesIO(png)).convert("RGBA").save(packed, "WEBP", lossless=True, quality=60, method=2, exact=True)
    return packed.getvalue()
