"""A formula while it is being read: `tree`, then `tidy`, `network`, `text` and `printing`.

`tree.py` is a formula as a KAN has it, sums, products and functions of one variable; `tidy.py` makes it shorter, `network.py`
makes it a KAN and back, `text.py` and `printing.py` write it as text, LaTeX and for sympy. May import `networks`.
"""
