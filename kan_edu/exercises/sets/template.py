"""A new exercise set to start from: two tasks with solutions, checks and wrong answers, ready to be run."""

import nbformat

CELLS = [
    ("markdown", "title", """# Exercises: a title of yours

What this set is about, which lesson it belongs to, how long it takes. Write your answer into the cells that begin with
`# ANSWER`, then run the check cell below each."""),
    ("raw", "to-the-teacher", """# TEACHER
This notebook is the source. It holds the solutions, and in the cells that begin with
# WRONG answers that must not pass. Students get what `kan-edu exercise build` makes of
it: without those, and without this cell. Change the two tasks, add your own, run all
cells, save, then type: kan-edu exercise verify (and the name of this file)"""),
    ("code", "setup", """import numpy as np

from kan_edu.exercises import Checks

check = Checks(seed=2)"""),
    ("markdown", "relu-task", """## 1. ReLU (2 points)

Write `relu(x)`, which returns the larger of 0 and $x$ for each number of an array.

<details><summary>Hint</summary>NumPy has a function for the larger of two numbers.</details>"""),
    ("code", "relu-answer", """# ANSWER relu
def relu(x):
    ### BEGIN SOLUTION
    return np.maximum(0, x)
    ### END SOLUTION"""),
    ("code", "relu-check", """@check("relu", points=2)
def values(rng):
    return {"of six numbers": relu(rng.normal(size=6)), "of a matrix": relu(rng.normal(size=(2, 3)))}"""),
    ("raw", "relu-wrong-1", """# WRONG relu: is the absolute value
def relu(x):
    return np.abs(x)"""),
    ("markdown", "slope-task", """## 2. Its slope (1 point)

Write `relu_slope(x)`: 1 where $x > 0$, else 0. The name of an answer is the name in its first line."""),
    ("code", "slope-answer", """# ANSWER relu_slope
def relu_slope(x):
    ### BEGIN SOLUTION
    return (relu(x) > 0).astype(float)  # what an earlier task has built may be used
    ### END SOLUTION"""),
    ("code", "slope-check", """@check("relu_slope", points=1)
def values(rng):
    return {"of six numbers": relu_slope(rng.normal(size=6)), "at 0": relu_slope(np.zeros(1))}"""),
    ("raw", "slope-wrong-1", """# WRONG relu_slope: 1 at zero as well
def relu_slope(x):
    return (x >= 0).astype(float)"""),
]


def template():
    """A source notebook, not yet run: its checks have no outputs."""
    make = {"markdown": nbformat.v4.new_markdown_cell, "code": nbformat.v4.new_code_cell,
            "raw": nbformat.v4.new_raw_cell}
    kernel = {"name": "python3", "display_name": "Python 3 (ipykernel)", "language": "python"}
    book = nbformat.v4.new_notebook(metadata={"kernelspec": kernel})
    book.cells = [make[kind](text, id=name) for kind, name, text in CELLS]
    return book
