"""A formula while it is being read: `tree`, then `tidy`, `network` and `printing`.

`tree.py` is a formula as a KAN has it: sums, products and functions of one variable. `tidy.py` makes it shorter,
`network.py` makes it a KAN and back, `printing.py` writes it as text and for sympy, `latex.py` as LaTeX.
May import `networks`.
"""
