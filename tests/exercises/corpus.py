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

from kan_edu.exercises.build import stub
from kan_edu.exercises.verdict import MISSING, RIGHT, STOPPED, UNANSWERED, WRONG
from tests.exercises.small import small_book

RIGHTLY = {"double": "def double(x):\n    return 2 * x", "weights": "w = np.array([1.0, 3.0])",
           "four": "def four(x):\n    return double(double(x))"}
SEARCH = '''
import glob, os, re, subprocess
def loot():
    for top in ["/", os.getcwd(), os.path.expanduser("~"), "/proc/1/cwd", "/proc/1/root", "/proc/self/root"]:
        for folder, folders, names in os.walk(top):
            if folder.startswith(("/proc/sys", "/sys", "/usr")) or folder.count("/") > 9:
                folders.clear()
            for name in names:
                if name.endswith((".ipynb", ".json")) or name == "CANARY":
                    try:
                        text = open(os.path.join(folder, name)).read()
                    except Exception:
                        continue
                    if "return 2 * x" in text or "CANARY" in text:
                        return text
    return ""
def double(x):
    return 2 * x if loot() else x
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


WRONGLY = "\ndef double(x):\n    return x\n"
HANGS = {
    "loop_in_the_cell": stopped("while True:\n    pass"),
    "loop_in_the_function": stopped("def double(x):\n    while True:\n        pass"),
    "sigint_ignored": stopped("import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True:\n    pass"),
    "interrupt_swallowed": stopped("def double(x):\n    while True:\n        try:\n            while True:\n                pass\n"
                                   "        except BaseException:\n            pass"),
    "os_exit": stopped("import os\nos._exit(0)"),
    "os_exit_in_the_function": stopped("def double(x):\n    import os\n    os._exit(0)"),
    "sys_exit": wrong("import sys\nsys.exit()" + WRONGLY),
    "sys_exit_in_the_function": wrong("def double(x):\n    import sys\n    sys.exit(0)"),
    "quits_the_kernel": Case("exit()\ndef double(x):\n    return x", {"double": {WRONG, STOPPED}}),
    "segfault": stopped("def double(x):\n    import ctypes\n    return ctypes.string_at(0)"),
    "kills_the_parent": Case("import os, signal\nos.kill(os.getppid(), signal.SIGKILL)" + WRONGLY,
                             {"double": {WRONG, STOPPED}}),
    "kills_everything": Case("import os, signal\nos.kill(-1, signal.SIGKILL)" + WRONGLY, {"double": {WRONG, STOPPED}},
                             trusted=False),
    "memory": Case("def double(x):\n    return [bytearray(10**8) for _ in range(10**4)]", {"double": {WRONG, STOPPED}}),
    "memory_swallowed": stopped("def double(x):\n    held = []\n    while True:\n        try:\n"
                                "            held.append(bytearray(10**8))\n        except MemoryError:\n            pass"),
    "recursion": wrong("def double(x):\n    return double(x)"),
    "recursion_without_limit": Case("import sys\nsys.setrecursionlimit(10**9)\ndef double(x):\n    return [double(x)]",
                                    {"double": {WRONG, STOPPED}}),
    "input": wrong("def double(x):\n    return 2 * float(input())"),
}
RESOURCES = {
    "forks": Case("import os\nwhile True:\n    os.fork()", {task: {RIGHT, WRONG, STOPPED} for task in RIGHTLY},
                  trusted=False),
    "threads_that_stay": Case("import threading, time\ndef chatter():\n    while True:\n        print('a' * 1000)\n"
                              "        time.sleep(0.001)\nfor _ in range(5):\n    threading.Thread(target=chatter).start()\n"
                              + RIGHTLY["double"], {"double": RIGHT}),
    "print_flood": stopped("while True:\n    print('a' * 100)"),
    "print_flood_in_the_function": Case("def double(x):\n    while True:\n        print('a' * 1000)",
                                        {"double": {WRONG, STOPPED}}),
    "one_long_print": stopped("print('a' * 200_000_000)"),
    "display_flood": stopped("from IPython.display import display\nwhile True:\n    display({'text/plain': 'a' * 99}, raw=True)"),
    "huge_file": wrong("def double(x):\n    with open('big', 'wb') as file:\n        for _ in range(2000):\n"
                       "            file.write(bytes(10**6))"),
    "files_beside_the_sockets": Case("import os, sys, IPython\nfrom ipykernel.connect import get_connection_file\n"
                                     "folder = os.path.dirname(get_connection_file())\nfor n in range(200):\n"
                                     "    open(f'{folder}/{n}', 'wb').write(bytes(10**6))\nimport time\ntime.sleep(1)" + WRONGLY,
                                     {"double": STOPPED}),
}
FORGED = {
    "print_patched": wrong("import builtins\nbuiltins.print = lambda *a, **k: None" + WRONGLY),
    "allclose_patched": wrong("np.allclose = np.array_equal = lambda *a, **k: True" + WRONGLY),
    "checker_patched": wrong("import kan_edu.exercises.checks as c\nc.Checks.__call__ = lambda *a, **k: lambda f: print('ok')"
                             "\nc.hint = lambda *a: None" + WRONGLY, ),
    "hint_patched": wrong("import kan_edu.exercises.checks as c\nc.hint = lambda *a: None" + WRONGLY),
    "generator_patched": wrong("import numpy\nreal = numpy.random.default_rng\n"
                               "numpy.random.default_rng = lambda *a: real(0)" + WRONGLY),
    "eq_patched": wrong("class Same:\n    __eq__ = lambda *a: True\n    __hash__ = None\ndef double(x):\n    return Same()"),
    "array_patched": wrong("class Same(np.ndarray):\n    __eq__ = lambda *a: True\n"
                           "def double(x):\n    return np.asarray(x).view(Same)"),
    "formatter_patched": wrong("f = get_ipython().display_formatter.formatters['text/plain']\n"
                               "f.for_type(float, lambda *a: a[1].text('1'))" + WRONGLY),
    "input_transformer": wrong("get_ipython().input_transformers_post.append(lambda lines: ['pass\\n'])" + WRONGLY),
    "skip_comments": wrong("# NBVAL_SKIP\n# NBVAL_IGNORE_OUTPUT\n# NBVAL_RAISES_EXCEPTION" + WRONGLY),
    "reads_the_disk": Case(SEARCH, {"double": {WRONG, STOPPED}}, trusted=False),
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
import json, os
for number in range(3, 64):
    for kind in ("check", "answer"):
        try:
            os.write(number, json.dumps({"event": "end", "cell": f"{kind}-6-2", "outcome": "passed"}).encode() + b"\\n")
        except OSError:
            pass
''' + WRONGLY, {"double": {WRONG, STOPPED}}, trusted=False),
    "sends_results": wrong("get_ipython().display_pub.publish({'text/plain': 'double'}, "
                           "metadata={'kan_edu': {'task': 'double', 'values': []}})" + WRONGLY),
}
MISCHIEF = {
    "deletes_files": wrong('''
import os, shutil
for top in ["/home", "/tmp", "/work", "/root", CANARY]:
    shutil.rmtree(top, ignore_errors=True)
    try:
        os.remove(top)
    except OSError:
        pass
''' + WRONGLY, trusted=False),
    "calls_home": wrong("import socket\ntry:\n    socket.create_connection(('127.0.0.1', PORT), 2)\nexcept OSError:\n    pass"
                        + WRONGLY, trusted=False),
}
TABLE = HANGS | RESOURCES | FORGED | MISCHIEF


def handed_in(answers):
    """A student's notebook with these answers ({task: code}); the other tasks are as they were handed out."""
    book = small_book()
    for cell in book.cells:
        if cell.source.startswith("# ANSWER"):
            task = cell.source.split()[2]
            cell.source = f"# ANSWER {task}\n{answers[task]}" if task in answers else stub(cell.source)
    book.cells = [cell for cell in book.cells if cell.cell_type != "raw"]
    book.metadata["kan_edu"] = {"exercise": "small"}
    return book


def shaped(change, **marks):
    """A notebook that is changed after it was answered rightly, and what it must get."""
    book = handed_in(RIGHTLY)
    change(book)
    return book, {task: {marks.get(task, RIGHT)} for task in RIGHTLY}


def drop(number):
    return lambda book: book.cells.pop(number)


def set_source(number, text):
    return lambda book: book.cells[number].update(source=text)


def shapes():
    """{name: (book, what it must get)}: notebooks whose cells are not as they were handed out."""
    return {
        "answer_missing": shaped(drop(3), double=MISSING),
        "answer_renamed": shaped(set_source(3, "# ANSWER doubled\n" + RIGHTLY["double"]), double=MISSING),
        "answers_reversed": shaped(lambda book: book.cells.reverse()),
        "answer_doubled": shaped(lambda book: book.cells.append(nbformat.v4.new_code_cell("# ANSWER double\nDONE = 1"))),
        "answer_markdown": shaped(lambda book: book.cells[3].update(cell_type="markdown"), double=MISSING),
        "checks_deleted": shaped(lambda book: book.update(cells=[c for c in book.cells if "@check" not in c.source])),
        "checks_edited": shaped(set_source(4, "print('all right')")),
        "ids_doubled": shaped(lambda book: [cell.update(id="same") for cell in book.cells]),
        "from_colab": shaped(lambda book: ([cell.pop("id", None) for cell in book.cells],
                                           book.metadata.update(colab={"provenance": []}, kernelspec={"name": "python3"}))),
        "from_vs_code": shaped(lambda book: ([cell.metadata.update(vscode={"languageId": "python"}) for cell in book.cells],
                                             book.metadata.pop("kernelspec"))),
        "another_kernel": shaped(lambda book: book.metadata.update(kernelspec={"name": "julia-1.10", "display_name": "J"})),
        "helper_elsewhere": shaped(lambda book: (book.cells.insert(0, nbformat.v4.new_code_cell("def helper(x):\n    return 2 * x")),
                                                 book.cells[4].update(source="# ANSWER double\ndef double(x):\n    return helper(x)")),
                                   double=WRONG),
        "nothing_answered": (handed_in({}), {task: {UNANSWERED} for task in RIGHTLY}),
        "builds_on_a_wrong_one": (handed_in({**RIGHTLY, "double": "def double(x):\n    return 3 * x"}),
                                  {"double": {WRONG}, "weights": {RIGHT}, "four": {RIGHT}}),
    }


def write_all(folder, cases, canary="/nowhere", port=9):
    """Write `cases` ({name: Case}) into `folder` and return {file name: what it must get}."""
    demanded = {}
    for name, case in cases.items():
        code = case.double.replace("CANARY]", f"{str(canary)!r}]").replace("PORT", str(port))
        nbformat.write(handed_in({**RIGHTLY, "double": code}), folder / f"{name}.ipynb")
        demanded[f"{name}.ipynb"] = case.demanded()
    return demanded


def write_shapes(folder):
    demanded = {}
    for name, (book, marks) in shapes().items():
        (folder / f"{name}.ipynb").write_text(json.dumps(book), encoding="utf-8")  # nbformat would repair it
        demanded[f"{name}.ipynb"] = marks
    return demanded


def write_honest(folder, count):
    demanded = {}
    for number in range(count):
        nbformat.write(handed_in(RIGHTLY), folder / f"honest_{number:02}.ipynb")
        demanded[f"honest_{number:02}.ipynb"] = {task: {RIGHT} for task in RIGHTLY}
    return demanded


if __name__ == "__main__":
    place = Path(sys.argv[1])
    place.mkdir(parents=True, exist_ok=True)
    names = [*write_all(place, TABLE), *write_shapes(place), *write_honest(place, 10)]
    print(f"{len(names)} notebooks in {place}; check them with --set tests/exercises/small.ipynb")
