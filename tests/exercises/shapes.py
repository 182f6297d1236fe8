"""Notebooks whose cells are not as they were handed out, and what each must get."""

import nbformat

from kan_edu.exercises.marking.verdict import MISSING, RIGHT, UNANSWERED, WRONG
from kan_edu.exercises.sets.build import stub
from tests.exercises.small import small_book

RIGHTLY = {"double": "def double(x):\n    return 2 * x", "weights": "w = np.array([1.0, 3.0])",
           "four": "def four(x):\n    return double(double(x))"}


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


def for_colab(book):
    for cell in book.cells:
        cell.pop("id", None)
    book.metadata.update(colab={"provenance": []}, kernelspec={"name": "python3"})


def for_vs_code(book):
    for cell in book.cells:
        cell.metadata.update(vscode={"languageId": "python"})
    book.metadata.pop("kernelspec")


def helper_elsewhere(book):
    book.cells.insert(0, nbformat.v4.new_code_cell("def helper(x):\n    return 2 * x"))
    book.cells[4].source = "# ANSWER double\ndef double(x):\n    return helper(x)"


def without_checks(book):
    book.cells = [cell for cell in book.cells if "@check" not in cell.source]


EXTENDED = {"double": 'NOTES = """\n# ANSWER four\n"""\ndef double(x, times=2):\n    return times * x',
            "weights": "w = [1, 3]", "four": "def four(x):\n    return double(x, times=4)"}
OTHER_TYPES = {"double": "def double(x):\n    return (2 * np.float32(x)).tolist()", "weights": "w = np.float32([1, 3])",
               "four": "def four(x):\n    return 4 * np.float32(x)"}
INSIDE_A_SOLUTION = {"double": "def double(x):\n    return x", "weights": RIGHTLY["weights"],
                     "four": "def four(x):\n    return double({})"}


def shapes():
    """{name: (book, what it must get)}."""
    again = nbformat.v4.new_code_cell("# ANSWER double\nDONE = 1")
    three = handed_in({**RIGHTLY, "double": "def double(x):\n    return 3 * x"})
    return {
        "answer_missing": shaped(drop(3), double=MISSING),
        "answer_renamed": shaped(set_source(3, "# ANSWER doubled\n" + RIGHTLY["double"]), double=MISSING),
        "answers_reversed": shaped(lambda book: book.cells.reverse()),
        "answer_doubled": shaped(lambda book: book.cells.append(again)),
        "answer_markdown": shaped(lambda book: book.cells[3].update(cell_type="markdown"), double=MISSING),
        "checks_deleted": shaped(without_checks),
        "checks_edited": shaped(set_source(4, "print('all right')")),
        "ids_doubled": shaped(lambda book: [cell.update(id="same") for cell in book.cells]),
        "from_colab": shaped(for_colab),
        "from_vs_code": shaped(for_vs_code),
        "another_kernel": shaped(lambda book: book.metadata.update(kernelspec={"name": "julia-1.10"})),
        "helper_elsewhere": shaped(helper_elsewhere, double=WRONG),
        "nothing_answered": (handed_in({}), {task: {UNANSWERED} for task in RIGHTLY}),
        "extends_an_earlier_answer": (handed_in(EXTENDED), {task: {RIGHT} for task in RIGHTLY}),
        "lists_and_float32": (handed_in(OTHER_TYPES), {task: {RIGHT} for task in RIGHTLY}),
        "fails_inside_a_solution": (handed_in(INSIDE_A_SOLUTION),
                                    {"double": {WRONG}, "weights": {RIGHT}, "four": {WRONG}}),
        "builds_on_a_wrong_one": (three, {"double": {WRONG}, "weights": {RIGHT}, "four": {RIGHT}}),
    }
