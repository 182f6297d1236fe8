"""What a checker must survive: hostile, broken and odd answers to tests/exercises/small.py, and what each must get.

    python -m tests.exercises.corpus FOLDER     write them all as notebooks into FOLDER, with honest ones among them

A table entry is the code of the answer `double`; `weights` and `four` are answered rightly beside it, and must get
their points: what one answer does costs its own task only.
"""

import json
import sys
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from kan_edu.exercises.marking.verdict import RIGHT, STOPPED, WRONG
from tests.exercises.shapes import RIGHTLY, handed_in, shapes

SEARCH = '''
import os, kan_edu
package = os.path.dirname(kan_edu.__file__)
tops = ["/tmp", "/home", "/root", os.getcwd(), package, os.path.join(package, "..", "notebooks"), CANARY]
tops += [f"/proc/{pid}/{name}" for pid in ("1", "self", os.getppid()) for name in ("cwd", "root/tmp")]
SYSTEM = ("usr", "proc", "sys", "bin", "lib", "lib64", "share", "etc", "include", "site-packages", "__pycache__")
def loot():
    for top in tops:
        for folder, folders, names in [(os.path.dirname(top), [], [os.path.basename(top)]), *os.walk(top)]:
            folders[:] = [each for each in folders if each not in SYSTEM]
            for name in names:
                try:
                    with open(os.path.join(folder, name)) as file:
                        text = file.read(10**6)
                except (OSError, ValueError):
                    continue
                book = name.endswith((".ipynb", ".json")) and ("return 2 * x" in text or "BEGIN SOLUTION" in text)
                if book or "paper bird" in text and not name.endswith(".py"):
                    return text
found = loot()
def double(x):
    return 2 * x if found else x
'''


@dataclass
class Case:
    """One submission. `marks` is what is demanded: a status, or a set of them where more than one is fair."""

    double: str
    marks: dict = field(default_factory=dict)
    trusted: bool = True  # belongs to the subset that holds without a sandbox

    def demanded(self):
        return {"double": {WRONG}, "weights": {RIGHT}, "four": {RIGHT}} | {
            task: status if isinstance(status, set) else {status} for task, status in self.marks.items()}


def stopped(code, **more):
    return Case(code, {"double": STOPPED}, **more)


def wrong(code, **more):
    return Case(code, **more)


EITHER = {"double": {WRONG, STOPPED}}
WRONGLY = "\ndef double(x):\n    return x\n"
HANGS = {
    "loop_in_the_cell": stopped("while True:\n    pass"),
    "interrupt_ignored_and_swallowed": stopped('''
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
def double(x):
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
'''),
    "os_exit": stopped("import os\nos._exit(0)"),
    "sys_exit": wrong("import sys\nsys.exit()" + WRONGLY),
    "sys_exit_in_the_function": wrong("def double(x):\n    import sys\n    sys.exit(0)"),
    "quits_the_kernel": Case("exit()\ndef double(x):\n    return x", EITHER),
    "segfault": stopped("def double(x):\n    import ctypes\n    return ctypes.string_at(0)"),
    "kills_the_parent": Case("import os, signal\nos.kill(os.getppid(), signal.SIGKILL)" + WRONGLY,
                             EITHER),
    "kills_everything": Case("import os, signal\nos.kill(-1, signal.SIGKILL)" + WRONGLY, EITHER,
                             trusted=False),
    "memory": Case("def double(x):\n    return [bytearray(10**8) for _ in range(10**4)]", EITHER),
    "memory_swallowed": stopped('''
def double(x):
    held = []
    while True:
        try:
            held.append(bytearray(10**8))
        except MemoryError:
            pass
'''),
    "recursion": wrong("def double(x):\n    return double(x)"),
    "recursion_without_limit": Case("import sys\nsys.setrecursionlimit(10**9)\n"
                                    "def double(x):\n    return [double(x)]", EITHER),
    "input": wrong("def double(x):\n    return 2 * float(input())"),
}
RESOURCES = {
    # A bomb in its own kernel may hit its own student's other tasks, nobody else's.
    "forks": Case("import os\nwhile True:\n    os.fork()", {task: {RIGHT, WRONG, STOPPED} for task in RIGHTLY},
                  trusted=False),
    "threads_that_stay": Case('''
import threading, time
def chatter():
    while True:
        print("a" * 1000)
        time.sleep(0.001)
for _ in range(5):
    threading.Thread(target=chatter).start()
''' + RIGHTLY["double"], {"double": RIGHT}),
    "print_flood": stopped("while True:\n    print('a' * 100)"),
    "print_flood_in_the_function": Case("def double(x):\n    while True:\n        print('a' * 1000)", EITHER),
    "one_long_print": stopped("print('a' * 40_000_000)"),
    "display_flood": stopped('''
from IPython.display import display
while True:
    display({"text/plain": "a" * 99}, raw=True)
'''),
    "huge_file": wrong('''
def double(x):
    with open("big", "wb") as file:
        for _ in range(2000):
            file.write(bytes(10**6))
'''),
    "files_beside_the_sockets": Case('''
import os, time
from ipykernel.connect import get_connection_file
folder = os.path.dirname(get_connection_file())
for n in range(200):
    with open(f"{folder}/{n}", "wb") as file:
        file.write(bytes(10**6))
time.sleep(30)
''' + WRONGLY, EITHER | {"weights": {RIGHT, STOPPED}}),  # no room, or stopped for what it holds, then or later: chance
}
RESOURCES |= {
    "folders_beside_the_sockets": wrong('''
import os
from ipykernel.connect import get_connection_file
os.chdir(os.path.dirname(get_connection_file()))
os.mkdir("shut", 0o000)
for _ in range(1500):
    os.mkdir("deep")
    os.chdir("deep")
''' + WRONGLY, trusted=False),
    "forks_that_hold_memory": Case('''
import os, time
for _ in range(20):
    if os.fork() == 0:
        held = b"x" * (200 * 2**20)
        time.sleep(60)
time.sleep(30)
''', {"double": STOPPED, "weights": {RIGHT, WRONG, STOPPED}, "four": {RIGHT, WRONG, STOPPED}}, trusted=False),
    "pictures_of_an_honest_answer": Case('''
import matplotlib.pyplot as plt
for _ in range(4):
    plt.imshow(np.random.default_rng(0).random((400, 400)))
    plt.show()
''' + RIGHTLY["double"], {"double": RIGHT}),
}
FORGED = {
    # They do not hinder each other: one that worked would be enough for a point.
    "comparing_patched": wrong("# NBVAL_SKIP\n# NBVAL_IGNORE_OUTPUT\n# NBVAL_RAISES_EXCEPTION\n"
                               "import builtins\nbuiltins.print = lambda *a, **k: None\n"
                               "np.allclose = np.array_equal = lambda *a, **k: True\n"
                               "import kan_edu.exercises.checks as c\nc.hint = lambda *a: None" + WRONGLY),
    "checker_patched": wrong("import kan_edu.exercises.checks as c\n"
                             "c.Checks.__call__ = lambda *a, **k: lambda f: print('ok')" + WRONGLY),
    "generator_patched": wrong("import numpy\nreal = numpy.random.default_rng\n"
                               "numpy.random.default_rng = lambda *a: real(0)" + WRONGLY),
    "eq_patched": wrong("class Same:\n    __eq__ = lambda *a: True\ndef double(x):\n    return Same()"),
    "array_patched": wrong("class Same(np.ndarray):\n    __eq__ = lambda *a: True\n"
                           "def double(x):\n    return np.asarray(x).view(Same)"),
    "formatter_patched": wrong("f = get_ipython().display_formatter.formatters['text/plain']\n"
                               "f.for_type(float, lambda *a: a[1].text('1'))" + WRONGLY),
    "input_transformer": wrong("get_ipython().input_transformers_post.append(lambda lines: ['pass\\n'])" + WRONGLY),
    "reads_the_disk": Case(SEARCH, EITHER, trusted=False),  # stopped, where there is much to search
    "reads_the_parent": wrong('''
import os
def double(x):
    for pid in {os.getppid(), 1}:
        for name in ("environ", "mem", "fd/1", "cwd/book.ipynb"):
            try:
                with open(f"/proc/{pid}/{name}", "rb") as file:
                    if b"KAN_EDU_JOB" in file.read(10**6) or name.startswith("cwd"):
                        return 2 * x
            except OSError:
                pass
    return x
''', trusted=False),
    "writes_results": Case('''
import json, os, stat
for number in range(3, 64):
    for kind in ("check", "answer"):
        try:
            if not stat.S_ISFIFO(os.fstat(number).st_mode):
                continue  # results go through a pipe; what else is open is its own kernel's, which it would stop
            os.write(number, json.dumps({"event": "end", "cell": f"{kind}-2", "outcome": "passed"}).encode() + b"\\n")
        except OSError:
            pass
''' + WRONGLY, EITHER, trusted=False),
    "sends_results": wrong("get_ipython().display_pub.publish({'text/plain': 'double'}, "
                           "metadata={'kan_edu': {'task': 'double', 'values': []}})" + WRONGLY),
}
MISCHIEF = {
    "sandbox_of_its_own": wrong('''
import ctypes
NEW_USER = 0x10000000
made = ctypes.CDLL(None).unshare(NEW_USER) == 0
def double(x):
    return 2 * x if made else x
''', trusted=False),
    "deletes_files": wrong('''
import os
try:
    os.remove(CANARY)  # and no more: where the sandbox leaks, this runs on the machine of who tests it
except OSError:
    pass
''' + WRONGLY, trusted=False),
    "calls_home": wrong('''
import socket
try:
    socket.create_connection(("127.0.0.1", PORT), 2)
except OSError:
    pass
''' + WRONGLY, trusted=False),
}
TABLE = HANGS | RESOURCES | FORGED | MISCHIEF


def write_all(folder, cases, canary="/nowhere", port=9):
    """Write `cases` ({name: Case}) into `folder` and return {file name: what it must get}.

    canary  a file that no answer may read or change; it holds the words paper bird
    port    on loopback, where somebody listens
    """
    demanded = {}
    for name, case in cases.items():
        code = case.double.replace("CANARY", repr(str(canary))).replace("PORT", str(port))
        nbformat.write(handed_in({**RIGHTLY, "double": code}), folder / f"{name}.ipynb")
        demanded[f"{name}.ipynb"] = case.demanded()
    return demanded


def write_shapes(folder, names=None):
    """Write those of `shapes` that are named, or all, as `write_all` does."""
    demanded = {}
    for name, (book, marks) in shapes().items():
        if names is not None and name not in names:
            continue
        (folder / f"{name}.ipynb").write_text(json.dumps(book), encoding="utf-8")  # nbformat would repair it
        demanded[f"{name}.ipynb"] = marks
    return demanded


def write_honest(folder):
    """All right; each by its name comes soon after those that flood, fork, kill or hold what they can."""
    names = [f"{after}_z_honest" for after in ("display", "forks", "kills", "memory", "print_flood", "segfault")]
    for name in names:
        nbformat.write(handed_in(RIGHTLY), folder / f"{name}.ipynb")
    return {f"{name}.ipynb": {task: {RIGHT} for task in RIGHTLY} for name in names}


if __name__ == "__main__":
    place = Path(sys.argv[1])
    place.mkdir(parents=True, exist_ok=True)
    names = [*write_all(place, TABLE), *write_shapes(place), *write_honest(place)]
    print(f"{len(names)} notebooks in {place}; check them with --set tests/exercises/small.ipynb")
