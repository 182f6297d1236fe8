"""The pages that need no Python: the start page, and the reading copy of each lesson."""

import html
import json
from pathlib import Path
from urllib.parse import quote

from kan_edu.files import CourseError, source_folder

from . import lite, pins
from .compiled import bytecode
from .contents import needs
from .frames import write_frames
from .reading import lesson_page, title

HERE = Path(__file__).parent
LARGEST = 3_000_000  # bytes of a lesson to read
BINDER = "kan_edu_course"  # the folder that .binder/postBuild makes
# Colab ships older widgets than kan_edu needs, and shows newer ones only through this.
COLAB = "from google.colab import output; output.enable_custom_widget_manager()"
HIGHLIGHT = ("default", "github-dark")  # pygments' styles for code, light and dark


def write_pages(made, notebooks, files, repository=None):
    """Write index.html and the folder read/ into the site `made`.

    notebooks   paths of all notebooks in the site
    files       the folder in which they lie
    repository  as `build_site` takes it

    Raises CourseError if a lesson becomes larger than a telephone should load.
    """
    books = {name: json.loads((files / name).read_bytes()) for name in notebooks}
    titles = {name.removesuffix(".ipynb"): title(book) for name, book in books.items() if "/" not in name}
    (made / "read" / "frames").mkdir(parents=True)
    (made / "read" / "style.css").write_text(style(), encoding="utf-8")
    template = (HERE / "lesson.html").read_text(encoding="utf-8")
    for name in titles:
        stored = (source_folder() / f"{name}.ipynb").read_bytes()  # also what answers a question: it is folded there
        moving = write_frames(source_folder() / f"{name}.ipynb", made / "read" / "frames")
        where = links(name, repository, moving, needs(books[f"{name}.ipynb"]))
        page = lesson_page(stored, name, titles, template, where, moving).encode()
        if len(page) > LARGEST:
            raise CourseError(f"the page of {name} has {len(page) / 1e6:.1f} MB; at most {LARGEST / 1e6:.0f} are read")
        (made / "read" / f"{name}.html").write_bytes(page)
    (made / "index.html").write_text(start_page(made, books), encoding="utf-8")


def style():
    """style.css with the colours of code."""
    from pygments.formatters import HtmlFormatter

    light, dark = (HtmlFormatter(style=name).get_style_defs(".highlight") for name in HIGHLIGHT)
    own = (HERE / "style.css").read_text(encoding="utf-8")
    return f"{own}{light}\n@media (prefers-color-scheme: dark) {{\n{dark}\n}}\n"


def links(name, repository, moving=None, lacking=()):
    """HTML: what moves here, and where all does; at Binder and Colab only if the repository is known."""
    still = "the first slider moves, the other pictures stand still" if moving else "the pictures stand still"
    words = html.escape(" and ".join(lacking))
    here = f'<a href="../lab/index.html?path={quote(name)}.ipynb">Open it live</a> and move all'
    here = f"It needs {words}, which this website does not have: install kan_edu and {words}" if lacking else here
    if not repository:
        return f"{still}. {here}."
    owner = repository.rstrip("/").removesuffix(".git").removeprefix("https://github.com/")
    binder = f"https://mybinder.org/v2/gh/{owner}/HEAD?urlpath=lab/tree/{BINDER}/{quote(name)}.ipynb"
    colab = f"https://colab.research.google.com/github/{owner}/blob/HEAD/notebooks/{quote(name)}.ipynb"
    first = f"%pip install git+https://github.com/{owner}<br>{COLAB}"
    return (f'{still}. {here}, or run it <a href="{binder}">at Binder</a> or <a href="{colab}">in Colab</a> (there '
            f"first, in a cell of its own: <code>{first}</code>).")  # fmt: skip


def start_page(made, books):
    """The start page of a site; books {path of a notebook: its content}."""
    lessons, sets = [], []
    for path, book in books.items():
        if "/" in path:
            sets.append(f'<li><a href="{live(path)}">{html.escape(title(book))}</a></li>')
        else:
            lessons.append(lesson_row(path, title(book), needs(book)))
    filled = {"files": json.dumps(asked_for(made)), "sets": "\n".join(sets), "lessons": "\n".join(lessons)}
    page = (HERE / "start.html").read_text(encoding="utf-8")
    for word, text in filled.items():
        page = page.replace(f"{{{word}}}", text)
    return page


def live(path):
    """Where a notebook opens, seen from the start page."""
    return f"lab/index.html?path={quote(path)}"


def lesson_row(path, name, lacking=()):
    """A row of the table of lessons; of one that lacks a package here, where it runs."""
    read = f"read/{quote(path.removesuffix('.ipynb'))}.html"
    name = html.escape(name)
    way = f'<a href="{live(path)}" aria-label="{name}, live">live</a>'
    way = f"not here: needs {html.escape(' and '.join(lacking))}" if lacking else way
    return (f'<tr><td>{name}</td><td>{way}</td>'
            f'<td><a href="{read}" aria-label="{name}, to read">read</a></td></tr>')  # fmt: skip


def asked_for(made):
    """Addresses, seen from the start page, of what the kernel loads at its start."""
    said = json.loads((made / "jupyter-lite.json").read_text(encoding="utf-8"))["jupyter-config-data"]
    options = said["litePluginSettings"][f"{lite.KERNEL}:kernel"]
    packages = json.loads((made / lite.PLACE / pins.LOCK).read_text(encoding="utf-8"))["packages"]
    core, place = options["pyodideUrl"].rpartition("/")[0], f"{lite.PLACE}/"
    library = options["loadPyodideOptions"].get("stdLibURL", f"{core}/{bytecode.LIBRARY}")
    files = [packages[name]["file_name"] for name in options["loadPyodideOptions"]["packages"]]
    return [library if name == bytecode.LIBRARY else f"{core}/{name}" for name in pins.read_pins()["core"]] + [
        file if file.startswith("https://") else place + file for file in files]  # fmt: skip
