"""`kan-edu lab`: the course in a folder, and JupyterLab on its first notebook."""

import importlib.util
import os
import signal
import subprocess
import sys
from pathlib import Path

from kan_edu.files import START, CourseError

from . import exporting
from .course import copy_course, course_around
from .doctor import install_lab

FOLDER = "kan_edu_course"

# The course's matrices are small. NumPy's BLAS would split them among all cores and then wait for the slowest: where
# another program runs, on a shared server or beside a browser, Levenberg-Marquardt was 10 to 100 times slower for it.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}

PROMPT = "--ServerApp.kernel_websocket_connection_class=kan_edu.command.promptly.PromptConnection"
# Kernels on another server, or a connection of one's own: then ours stays out. Files of settings are not looked at.
ELSEWHERE, OTHERS = "JUPYTER_GATEWAY_URL", ("gateway", "connection_class")


def lab_command(arguments, for_jupyter):
    """Copy the course, say what was left alone, start JupyterLab on the first notebook; return exit code."""
    done = copy_course(arguments.folder or course_around(".") or FOLDER, with_outputs=arguments.with_outputs)
    print(done)
    if done.kept:
        print("Left alone, because you changed them (a notebook that was run and saved counts as changed):")
        print("\n".join(f"    {name}" for name in done.kept))
        print("For a fresh copy of one: rename or delete it, then run this command again.")
    if arguments.no_start:
        return 0
    if importlib.util.find_spec("jupyterlab") is None:
        raise CourseError(f"JupyterLab is not installed for {sys.executable}. Type: {install_lab()}")
    print("Starting JupyterLab. To end it press Ctrl-C here.", flush=True)
    return start_jupyterlab(done.folder, for_jupyter)


def start_jupyterlab(folder, options=()):
    """Run JupyterLab with this very Python on the first notebook in `folder`; return its exit code.

    Its kernels compute with one thread each, unless OPENBLAS_NUM_THREADS or MKL_NUM_THREADS says otherwise. Its
    terminals find the programs of this Python, though no environment was activated. Pictures arrive at once
    (`promptly.py`), unless kernels run elsewhere or `options` name another connection.
    """
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}", exporting.OPTION]
    said = " ".join(options).lower()
    if ELSEWHERE not in os.environ and not any(word in said for word in OTHERS):
        command.append(PROMPT)
    command.extend(options)
    if hasattr(os, "geteuid") and os.geteuid() == 0 and "--allow-root" not in options:
        # Root in a container is common, and JupyterLab would refuse to start there.
        print("You are root: JupyterLab starts with --allow-root.", flush=True)
        command.append("--allow-root")
    environment = {**ONE_THREAD, **os.environ}  # who has set another number has a reason
    here = os.path.dirname(sys.executable)  # so that `kan-edu` is found in JupyterLab's terminals and in !kan-edu
    environment["PATH"] = os.pathsep.join([here, *environment.get("PATH", "").split(os.pathsep)])
    child = subprocess.Popen([*command, str(Path(folder) / START)], cwd=folder, env=environment)
    if hasattr(signal, "SIGTERM"):
        signal.signal(signal.SIGTERM, lambda *_: child.terminate())  # who ends us ends JupyterLab too
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            pass  # the terminal sent Ctrl-C to JupyterLab as well: it asks, and ends when it is ready
