"""Where students' answers run: on Linux inside bubblewrap, without network, files or sight of other processes.

The kernel's sandbox holds the system's programs and this Python, both read-only, an empty home and one folder with the
kernel's sockets. Solutions, submissions and outputs to compare with stay outside. The process that watches it has a
lighter one around both: it can read what this user can, but all that it starts ends with it, and the folder of the
sockets is small and lies in memory.
"""

import functools
import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

import kan_edu

HOME = "/home/student"
JOB = "KAN_EDU_JOB"  # the environment variable with the folder of the job, for who watches it
SANDBOXED = "KAN_EDU_SANDBOXED"  # set where all processes that can be seen belong to the job
OLDEST = (5, 14)  # of Linux: before, the limit on processes counted those outside of the sandbox too
SYSTEM = ["/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32"]
OUTER = ["bwrap", "--dev-bind", "/", "/", "--unshare-pid", "--die-with-parent", "--proc", "/proc", "--tmpfs", "/run"]
ETC = ["ld.so.cache", "ld.so.conf", "ld.so.conf.d", "alternatives", "fonts", "localtime", "nsswitch.conf"]
SCRATCH = str(64 * 2**20)  # bytes in each folder that can be written to
MEMORY = 1536 * 2**20  # bytes of address space for a process that watches; a kernel sets limits of its own
WALL = 6  # times what may be computed may go by: a busy machine, or a cell that sleeps
CALM = {"OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}
NO_SANDBOX = ("Answers will run without a sandbox, with all rights of your user: only for your own, for students whom "
              "you trust, or inside a container.")


class SandboxError(Exception):
    """The sandbox that was asked for cannot be had; the message says why and what to do."""


def choose(wanted="auto"):
    """("bwrap" or "none", a warning or "") for `wanted`: auto, bwrap or none.

    Raises SandboxError for bwrap where it does not work, and for root unless told none.
    """
    if wanted == "none":
        return "none", NO_SANDBOX
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        raise SandboxError("you are root, and limits on processes do not hold for root. Check as an ordinary user; or, "
                           "for answers of your own or of people whom you trust, or inside a container: --sandbox none")
    problem = trouble()
    if not problem:
        return "bwrap", ""
    if wanted == "bwrap":
        raise SandboxError(f"{problem}. For students whom you trust, or inside a container: --sandbox none")
    return "none", f"{problem}. {NO_SANDBOX}"


def trouble():
    """Why bubblewrap cannot be used here; empty if it can."""
    if not sys.platform.startswith("linux"):
        return f"there is no sandbox for {sys.platform}, only for Linux"
    if not shutil.which("bwrap"):
        return "bubblewrap is not installed (Debian, Ubuntu: apt install bubblewrap)"
    if linux() < OLDEST:
        return f"Linux {'.'.join(map(str, linux()))} is too old for the limits on processes, it takes 5.14 or newer"
    try:
        tried = subprocess.run([*OUTER, "--", *bwrap(), "true"], capture_output=True, text=True, timeout=30)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"bubblewrap does not start ({error})"
    if tried.returncode:
        return f"bubblewrap does not work here ({tried.stderr.strip()[:200]}; Ubuntu 24.04: AppArmor may forbid it)"
    return ""


def linux():
    """The version of the kernel of this system, (major, minor)."""
    return tuple(int(part) for part in re.findall(r"\d+", platform.release())[:2])


def watcher_command(kind, folder):
    """The words before the command of the process that watches a kernel; `folder` is the job's."""
    if kind == "none":
        return []
    return [*OUTER, "--size", SCRATCH, "--tmpfs", str(folder / "s"), "--"]


def kernel_command(kind, sockets):
    """The command that starts a kernel in sandbox `kind`; `sockets` is the one folder shared with it.

    jupyter_client puts the name of the connection file in place of {connection_file}.
    """
    python = [sys.executable, "-P", "-m", "kan_edu.exercises.marking.kernel"]
    if kind == "none":
        return [*python, "-f", "{connection_file}"]
    return [*bwrap(sockets), *python, "--sandboxed", "-f", "{connection_file}"]


def kernel_environment(kind):
    """The environment in which `kernel_command` is started.

    bubblewrap gets none of ours, which may hold passwords: its first process can be read from inside.
    """
    ours = {"PATH": os.environ.get("PATH", os.defpath)} if kind == "bwrap" else os.environ
    return {**ours, **CALM, "PYTHONPATH": python_path()}


def bwrap(sockets=None):
    """bubblewrap's command line up to the program that it runs."""
    words = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--clearenv"]
    words += no_more_namespaces()
    person = {"PATH": os.defpath, "HOME": HOME, "USER": "student", "PYTHONPATH": python_path()}
    for name, value in {**CALM, **person}.items():
        words += ["--setenv", name, value]
    words += ["--proc", "/proc", "--dev", "/dev"]
    for folder in ["/dev/shm", "/tmp", HOME]:
        words += ["--size", SCRATCH, "--tmpfs", folder]
    words += read_only()
    words += ["--bind", str(sockets), str(sockets)] if sockets else []
    return [*words, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", HOME, "--"]


def python_path():
    """The folder from which kan_edu was imported: a kernel shall import the same."""
    return str(Path(kan_edu.__file__).resolve().parent.parent)


@functools.cache
def read_only():
    """The words that bind the system, this Python and kan_edu without its notebooks, which hold the solutions."""
    words = []
    for folder in SYSTEM:
        if os.path.islink(folder):
            words += ["--symlink", os.readlink(folder), folder]
        elif os.path.isdir(folder):
            words += ["--ro-bind", folder, folder]
    package = Path(kan_edu.__file__).resolve().parent
    for path in [*(Path("/etc", name) for name in ETC), *python_folders(), package]:
        words += ["--ro-bind-try", str(path), str(path)]
    words += links_to_python()
    if (package / "notebooks").is_dir():
        words += ["--size", "4096", "--tmpfs", str(package / "notebooks"), "--remount-ro", str(package / "notebooks")]
    return tuple([*words, *fonts()])


@functools.cache
def no_more_namespaces():
    """The words that keep an answer from a sandbox of its own, with folders of any size; bubblewrap 0.8 has them."""
    words = ["--unshare-user", "--disable-userns"]
    tried = subprocess.run(["bwrap", "--dev-bind", "/", "/", *words, "true"], capture_output=True)
    return words if tried.returncode == 0 else []


def python_folders():
    """What this Python needs beside /usr: parts of its prefixes (a prefix may hold anything else), and its packages."""
    prefixes = {sys.prefix, sys.base_prefix, sys.base_exec_prefix}
    found = {Path(prefix, part) for prefix in prefixes for part in PARTS}
    found |= {Path(place) for place in sys.path if place.rstrip("/").endswith(("site-packages", "dist-packages"))}
    return sorted(place for place in found if not str(place).startswith("/usr/") and place.exists())


def links_to_python():
    """The words that make the links on the way from sys.executable to the program, where no folder holds them."""
    words, program = [], Path(sys.executable)
    for _ in range(10):
        if not os.path.islink(program):
            break
        target = os.readlink(program)
        if not any(place in program.parents for place in [*python_folders(), Path("/usr")]):
            words += ["--symlink", target, str(program)]
        program = program.parent / target
    return words


PARTS = ["bin", "lib", "lib64", "share", "etc", "pyvenv.cfg"]


def fonts():
    """matplotlib's list of fonts, which a kernel with an empty home would need seconds to make."""
    import matplotlib.font_manager  # makes the list if there is none

    lists = Path(matplotlib.get_cachedir()).glob("fontlist-*.json")
    return [word for path in lists for word in ("--ro-bind", str(path), f"{HOME}/.cache/matplotlib/{path.name}")]


def limit(seconds=None):
    """Whatever a file or a kernel makes of it, this process ends before the machine does."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))
        if seconds is not None:
            resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    except (ImportError, ValueError, OSError):
        pass  # Windows has no such limits, macOS refuses the first
