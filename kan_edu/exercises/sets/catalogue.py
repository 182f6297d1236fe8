"""Where the exercise sets lie: those of the course, and any that a teacher names by its file."""

from pathlib import Path

from kan_edu.files import source_folder

from .build import solution
from .source import SourceError, read_source

FOLDER = "exercises"  # beside the lessons


def shipped():
    """{name: file} of the course's sets, sorted by name."""
    return {path.stem: path for path in sorted((source_folder() / FOLDER).glob("*.ipynb"))}


def find(name):
    """The `Source` called `name`: one of the course's, its number, a beginning that only one of them has, or a file.

    Raises SourceError that names the sets there are.
    """
    known = shipped()
    if str(name).endswith(".ipynb") or Path(name).is_file():
        return read_source(name)
    numbered = [path for stem, path in known.items() if name in (stem, *numbers_of(stem))]  # 06 is not 06b
    fitting = numbered or [path for stem, path in known.items() if stem.startswith(str(name))]
    if len(fitting) != 1:
        few = "no exercise set" if not fitting else "more than one exercise set"
        raise SourceError(f"{few} is called {name!r}. There are: {', '.join(known)}; or name a file: my_set.ipynb")
    return read_source(fitting[0])


def numbers_of(stem):
    """How one may write the number of a set: 05_splines is 05, or 5."""
    number = stem.partition("_")[0]
    return number, number.lstrip("0")


def solutions(name):
    """{task: code} of the solutions of a set of the course; {} if there is no such set: those of others stay theirs."""
    if name not in shipped():
        return {}
    source = find(name)
    return {task.name: solution(source.book.cells[task.answer].source) for task in source.tasks.values()}
