"""What the site's file browser shows: lessons and sets as students get them, and a teacher's own notebooks."""

import ast
import json
import sys
from pathlib import Path

from kan_edu.command.course import course_files, student_bytes
from kan_edu.files import CourseError, source_folder, write_whole

KERNEL = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
BEHIND = {"kan_edu.sklearn": "sklearn"}  # parts of kan_edu that import what kan_edu itself does without
NAMES = {"sklearn": "scikit-learn", "threadpoolctl": "scikit-learn"}  # what to install, which brings the latter along
NOTE = ("**This notebook needs {}, which this website does not have:** some of its cells end in an error here. The "
        "start page leads to a copy to read; all cells run where kan_edu and {} are installed.")  # fmt: skip


def write_contents(folder, own=(), known=()):
    """Write the course's notebooks into `folder`, and those of `own`; returns their paths in it, lessons first.

    own     paths of notebooks; the source of an exercise set becomes the copy without its solutions
    known   names that can be imported in the page, beside Python's own; a notebook that needs others says so
    Raises CourseError for a file that is no notebook, is missing or has a name twice.
    """
    source = source_folder()
    files = {path.as_posix(): student_bytes(source / path) for path in course_files(source)}
    for path in map(Path, own):
        name = f"own/{path.name}"
        if name in files:
            raise CourseError(f"two notebooks are called {path.name}; rename one")
        files[name] = own_notebook(path)
    for name, content in files.items():
        if content is None:
            raise CourseError('the sets need nbformat. Type: pip install "kan-edu[site]"')
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        write_whole(target, for_the_page(content, known) if name.endswith(".ipynb") else content)
    return sorted((name for name in files if name.endswith(".ipynb")), key=lambda name: ("/" in name, name))


def own_notebook(path):
    """The bytes of a teacher's notebook as students get it; CourseError says what is wrong with it."""
    from kan_edu.exercises.sets.build import student_copy
    from kan_edu.exercises.sets.source import BEGIN, SourceError

    try:
        content = path.read_bytes()
        cells = json.loads(content)["cells"]
    except OSError as error:
        raise CourseError(f"cannot read {path}: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError):
        raise CourseError(f"{path} is no notebook; expected a file that JupyterLab saved, .ipynb") from None
    if not any(BEGIN in "".join(cell["source"]) for cell in cells):
        return content
    try:
        return student_copy(path)
    except SourceError as error:
        raise CourseError(str(error)) from error


def for_the_page(content, known):
    """A notebook's bytes with the kernel of the page, so that it opens without a question; what it needs, in words."""
    book = json.loads(content)
    book["metadata"]["kernelspec"] = KERNEL
    needs = foreign(book, known)
    if needs:
        book["metadata"]["kan_edu_site"] = {"needs": needs}
        words = " and ".join(needs)
        first = next(cell for cell in book["cells"] if cell["cell_type"] == "markdown")
        first["source"] = "".join(first["source"]) + "\n\n" + NOTE.format(words, words)
    return f"{json.dumps(book, indent=1, ensure_ascii=False)}\n".encode()


def needs(book):
    """Names of packages that a notebook of the site needs and the site does not have."""
    return book["metadata"].get("kan_edu_site", {}).get("needs", [])


def foreign(book, known):
    """Sorted names of packages that code cells import, outside `try` and functions, and that are not in `known`."""
    modules = set()
    for cell in book["cells"]:
        if cell["cell_type"] == "code":
            modules |= imported("".join(cell["source"]))
    tops = {BEHIND.get(".".join(name.split(".")[:2]), name.split(".")[0]) for name in modules}
    return sorted({NAMES.get(top, top) for top in tops - sys.stdlib_module_names - {"kan_edu", *known}})


def imported(source):
    """Dotted names of what a cell imports; of one that is not plain Python, such as a line with %, none."""
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return set()
    plain = {name.name for node in body if isinstance(node, ast.Import) for name in node.names}
    return plain | {f"{node.module}.{name.name}" for node in body if isinstance(node, ast.ImportFrom)
                    for name in node.names}  # fmt: skip
