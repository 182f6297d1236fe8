"""What the site's file browser shows: lessons and sets as students get them, and a teacher's own notebooks."""

import json
from pathlib import Path

from kan_edu.command.course import course_files, student_bytes
from kan_edu.files import CourseError, source_folder, write_whole

KERNEL = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}


def write_contents(folder, own=()):
    """Write the course's notebooks into `folder`, and those of `own`; returns their paths in it, lessons first.

    own     paths of notebooks; the source of an exercise set becomes the copy without its solutions
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
        write_whole(target, for_the_page(content) if name.endswith(".ipynb") else content)
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


def for_the_page(content):
    """A notebook's bytes with the kernel of the page, so that it opens without a question."""
    book = json.loads(content)
    book["metadata"]["kernelspec"] = KERNEL
    return f"{json.dumps(book, indent=1, ensure_ascii=False)}\n".encode()
