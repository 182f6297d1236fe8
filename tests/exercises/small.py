"""A small exercise set for the tests: three tasks, the third builds on the first."""

import copy

import nbformat

from kan_edu.exercises.sets.source import KEY, parse

CELLS = [
    ("markdown", "# A small set\n\nThree tasks about numbers, made for tests of the checker itself."),
    ("code", "import numpy as np\n\nfrom kan_edu.exercises import Checks\n\ncheck = Checks(seed=5)"),
    ("markdown", "## 1. Double (2 points)\n\nWrite `double(x)`, which returns twice x."),
    ("code", "# ANSWER double\ndef double(x):\n    ### BEGIN SOLUTION\n    return 2 * x\n    ### END SOLUTION"),
    ("code", '@check("double", points=2)\ndef values(rng):\n    return {"of four": double(rng.uniform(-1, 1, 4)), '
             '"of one": double(rng.uniform())}'),
    ("raw", "# WRONG double: returns x itself\ndef double(x):\n    return x"),
    ("markdown", "## 2. Weights (1 point)\n\nSet `w` so that `w @ [a, b]` is a + 3 b."),
    ("code", "# ANSWER weights\n### BEGIN SOLUTION\nw = np.array([1.0, 3.0])\n### END SOLUTION"),
    ("code", '@check("weights", points=1)\ndef values(rng):\n    return rng.normal(size=(5, 2)) @ w'),
    ("raw", "# WRONG weights: the other order\nw = np.array([3.0, 1.0])"),
    ("markdown", "## 3. Four times (3 points)\n\nWrite `four(x)` with the help of `double`."),
    ("code", "# ANSWER four\ndef four(x):\n    ### BEGIN SOLUTION\n    return double(double(x))\n    ### END SOLUTION"),
    ("code", '@check("four", points=3)\ndef values(rng):\n    return four(rng.normal(size=3))'),
    ("raw", "# WRONG four: doubles once\ndef four(x):\n    return double(x)"),
]


def small_book():
    """The source notebook, not yet run."""
    make = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell,
            "raw": nbformat.v4.new_raw_cell}
    book = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    book.cells = [make[kind](text, id=f"cell-{number}") for number, (kind, text) in enumerate(CELLS)]
    return book


def small_source():
    return parse("small", small_book())


def with_outputs(source):
    """The small set as if it had been run."""
    source = copy.deepcopy(source)
    for task in source.tasks.values():
        about = {KEY: {"task": task.name, "values": [["value", [], ["1"]]], "margin": 0.5}}
        output = nbformat.v4.new_output("display_data", {"text/plain": "1"}, metadata=about)
        source.book.cells[task.check].outputs = [nbformat.v4.new_output("stream", text="noise"), output]
    return source
