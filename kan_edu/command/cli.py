"""The command kan-edu: copies and opens the course, and checks the installation.

    kan-edu lab [DIR]    copy the course into DIR and open it in JupyterLab
    kan-edu doctor       check what the course needs and say what to type where something is wrong
    kan-edu exercise ... list, get, write and verify exercise sets
    kan-edu check PATH   check what students handed in: a notebook, a folder or a ZIP
    kan-edu site OUT     the course as a website in which Python runs in the visitor's browser
"""

import argparse
import importlib.util
import os
import sys
from pathlib import Path

from kan_edu import __version__
from kan_edu.files import CourseError

from . import browser
from .doctor import examine, install_lab
from .lab import FOLDER, lab_command
from .problem import typed

NOBODY_READS = 141  # 128 + the number of SIGPIPE, as a shell says it


def main(argv=None):
    """Run the command line `argv` (default: sys.argv[1:]) and return its exit code.

    0: done. 1: the doctor found a problem, or not all answers are right. 2: it could not be done, stderr says why.
    3: not all could be checked, for a reason that lies in the machine. 141: nobody reads what it says any more, as
    in `kan-edu exercise list | head -2`. Or JupyterLab's own code.
    """
    argv = list(sys.argv[1:] if argv is None else argv)
    argv, for_jupyter = _split(argv)
    parser = make_parser()
    arguments = parser.parse_args(argv)
    if arguments.command is None:
        parser.print_help()
        return 0
    try:
        if browser.inside():
            raise CourseError(browser.way(argv))
        code = arguments.run(arguments, for_jupyter)
        sys.stdout.flush()
        return code
    except CourseError as error:
        print(f"kan-edu: {error}", file=sys.stderr)
        return 2
    except BrokenPipeError:  # who reads our words has enough: kan-edu exercise list | head -2
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains when it ends
        return NOBODY_READS


def make_parser():
    """The parser of `kan-edu`; each command sets `run`, a function (arguments, for_jupyter) -> exit code."""
    about = "Learn Kolmogorov-Arnold networks by moving them."
    parser = argparse.ArgumentParser(prog="kan-edu", description=about)
    parser.add_argument("--version", action="version", version=f"kan-edu {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    lab = commands.add_parser(
        "lab",
        help="copy the course into a folder and open it in JupyterLab",
        description="Copies the course into DIR and opens it in JupyterLab. A file that you changed is never "
        "overwritten: to get a fresh copy of it, rename or delete it and run the command again.",
        epilog="What follows -- goes to JupyterLab: kan-edu lab -- --no-browser --port 9999",
    )
    lab.add_argument("folder", nargs="?", metavar="DIR", help=f"default: the course that you stand in, or {FOLDER}")
    lab.add_argument("--no-start", action="store_true", help="copy only, do not start JupyterLab")
    lab.add_argument("--with-outputs", action="store_true", help="for teachers: the lessons with the outputs that "
                     "answer their questions")
    lab.set_defaults(run=lab_command)
    doctor = commands.add_parser("doctor", help="check the installation, say what to type if it is wrong")
    doctor.set_defaults(run=doctor_command)
    add_exercise_commands(commands)
    add_check_command(commands)
    add_site_command(commands)
    return parser


def add_exercise_commands(commands):
    """The options of `kan-edu exercise`."""
    exercise = commands.add_parser("exercise", help="list, get, write and verify exercise sets")
    kinds = exercise.add_subparsers(dest="what", metavar="list|get|new|build|verify", required=True)
    kinds.add_parser("list", help="the exercise sets of the course")
    get = kinds.add_parser("get", help="a set without its solutions, to work on")
    get.add_argument("name", metavar="NAME", help="as `kan-edu exercise list` shows it; its beginning is enough")
    get.add_argument("folder", nargs="?", default=".", metavar="DIR", help="default: here")
    new = kinds.add_parser("new", help="a new set of your own, with two tasks to start from")
    new.add_argument("file", metavar="FILE")
    build = kinds.add_parser("build", help="the students' notebook of a set of your own")
    build.add_argument("name", metavar="SOURCE", help="the notebook with the solutions")
    build.add_argument("output", nargs="?", metavar="FILE", help="default: SOURCE_student.ipynb")
    build.add_argument("--for", dest="grader", choices=["nbgrader", "otter"], help="a source for this grader instead")
    verify = kinds.add_parser("verify", help="check that solutions pass, and that empty and wrong answers do not")
    verify.add_argument("name", metavar="SOURCE", help="the notebook with the solutions, or a set of the course")
    verify.add_argument("--seeds", type=positive(int), default=5, metavar="N", help="default: 5")
    add_running_options(verify)
    exercise.set_defaults(run=exercise_command)


def add_check_command(commands):
    """The options of `kan-edu check`."""
    check = commands.add_parser(
        "check",
        help="check what students handed in",
        description="Runs the answers of one notebook, or of all in a folder or ZIP, and gives points. Nothing that a "
        "student wrote but the answer cells is run. Exit code: 0 all right, 1 some not, 2 usage, 3 not all checked.",
    )
    check.add_argument("paths", nargs="+", metavar="FILE|FOLDER|ZIP", help="or a pattern: \"week1/*.ipynb\"")
    check.add_argument("--set", metavar="NAME", help="the set they belong to, or your SOURCE.ipynb; default: they say")
    check.add_argument("--roster", type=Path, metavar="FILE", help="a CSV of the class: say who handed in nothing")
    check.add_argument("--csv", type=Path, metavar="FILE", help="write a table of points")
    check.add_argument("--junit", type=Path, metavar="FILE", help="write a report in JUnit's format")
    check.add_argument("--plot", type=Path, metavar="FILE", help="draw how many solved each task: PNG, SVG or PDF")
    check.add_argument("--feedback", type=Path, metavar="DIR", help="write a page for each student, in Markdown")
    check.add_argument("--feedback-html", type=Path, metavar="DIR", help="write a page for each student, in HTML")
    check.add_argument("--feedback-zip", type=Path, metavar="FILE", help="the same as one ZIP, for Moodle to take back")
    check.add_argument("--resume", action="store_true", help="go on with a run that was killed: its reports are named")
    check.add_argument("--seed", type=whole, metavar="S", help="of the inputs; default: a new one each time")
    check.add_argument("--dask", metavar="ADDRESS", help="run on the workers of this Dask cluster")
    add_running_options(check)
    check.set_defaults(run=exercise_command, what="check")


def add_running_options(command):
    """What `verify` and `check` share: how many at a time, where, how long."""
    command.add_argument("-j", "--jobs", type=positive(int), default=os.cpu_count() or 1, metavar="N",
                         help="notebooks that run at the same time; default: one for each core")
    command.add_argument("--sandbox", choices=["auto", "bwrap", "none"], default="auto",
                         help="where answers run; auto: in bubblewrap where there is one")
    command.add_argument("--timeout", type=positive(float), default=20.0, metavar="S",
                         help="seconds that one cell may compute; default: 20")


def add_site_command(commands):
    """The options of `kan-edu site`."""
    site = commands.add_parser(
        "site",
        help="the course as a website: Python runs in the visitor's browser, nothing is installed",
        description="Builds a website in OUT, with lessons, exercise sets and a copy to read. To look at it: "
        "python -m http.server --directory OUT",
    )
    site.add_argument("folder", metavar="OUT", help="a folder that is empty or not there yet")
    where = site.add_mutually_exclusive_group()
    where.add_argument("--cdn", action="store_true", help="the page loads Python from the internet: the default")
    where.add_argument("--offline", action="store_true", help="all that the page needs lies in OUT")
    site.add_argument("--wheels", type=Path, default=Path("kan_edu_wheels"), metavar="DIR", help="where the files of "
                      "Python and its packages lie; what is missing is downloaded into it; default: kan_edu_wheels")
    site.add_argument("--add", type=Path, action="append", default=[], metavar="NOTEBOOK", help="a notebook of "
                      "your own; of an exercise set with solutions, students get the copy without; may be given again")
    site.add_argument("--repository", metavar="URL", help="the course at GitHub, for links to Binder and Colab")
    site.set_defaults(run=site_command)


def whole(text):
    """A type for argparse: a whole number from 0."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text} is no whole number from 0")
    return int(text)


def positive(kind):
    """A type for argparse: a number of `kind` above 0."""

    def number(text):
        value = kind(text)
        if not 0 < value < float("inf"):
            raise argparse.ArgumentTypeError(f"{text} is not above 0")
        return value

    number.__name__ = kind.__name__
    return number


def doctor_command(arguments, for_jupyter):
    """Run all checks of `doctor.py`, print a line for each; return 1 if there is a problem, else 0."""
    return examine()


def exercise_command(arguments, for_jupyter):
    """Do what `kan-edu exercise` or `kan-edu check` asks for; it needs the packages of the extra `lab`."""
    missing = [name for name in ("nbformat", "nbval", "ipykernel", "tqdm") if importlib.util.find_spec(name) is None]
    if missing:
        raise CourseError(f"not installed for {sys.executable}: {', '.join(missing)}. Type: {install_lab()}")
    from kan_edu.exercises.commands import run  # here, because it loads what the other commands do without

    return run(arguments)


def site_command(arguments, for_jupyter):
    """Build the site and say how to look at it; return 0."""
    from .site.build import build_site  # here, because nobody else needs what it loads

    size = build_site(arguments.folder, offline=arguments.offline, folder=arguments.wheels,
                      own_notebooks=arguments.add, repository=arguments.repository)  # fmt: skip
    print(f"The site is in {arguments.folder}: {size:.1f} MB. To look at it, type this and open http://localhost:8000:\n"
          f"    {typed(sys.executable, '-m', 'http.server', '--directory', arguments.folder)}")
    return 0


def _split(argv):
    """(what is before the first --, what is after it)"""
    cut = argv.index("--") if "--" in argv else len(argv)
    return argv[:cut], argv[cut + 1 :]


if __name__ == "__main__":
    sys.exit(main())
