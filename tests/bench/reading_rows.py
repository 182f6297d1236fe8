"""The laws that `python -m tests.bench reading` asks for, and the data that have none.

ROWS: toys of arXiv 2404.19756 and rows of its table of Feynman formulas, in dimensionless form. FURTHER: more rows of
that table, named here before the reader was first run on them; the table has ten that ROWS lacks, so two come in the
original variables. Ranges are moderate, like those of the Feynman data, and touch no pole.
"""

from typing import NamedTuple

import numpy as np


class Row(NamedTuple):
    """A law: its text (sympy's Python, variables a, b, c, ...) and one (lo, hi) for each variable."""

    name: str
    law: str
    ranges: tuple

    @property
    def names(self):
        return list("abcdef"[: len(self.ranges)])

    def f(self, X):
        """X (N, n) -> (N,)."""
        known = {name: getattr(np, name) for name in ("exp", "log", "sin", "cos", "sqrt", "pi", "arcsin")}
        return eval(self.law, known | dict(zip(self.names, X.T, strict=True)))

    def sample(self, N, rng, wider=0.0):
        """X (N, n), uniform in the ranges, each made longer at both ends by the share `wider`."""
        lo, hi = np.array(self.ranges, dtype=float).T
        return rng.uniform(lo - wider * (hi - lo), hi + wider * (hi - lo), (N, len(lo)))


ROWS = [
    Row("toy", "exp(sin(pi*a) + b**2)", ((-1, 1), (-1, 1))),
    Row("product", "a*b", ((-1, 1), (-1, 1))),
    Row("ratio", "a/b", ((1, 5), (1, 5))),
    Row("I.6.2", "exp(-(a/b)**2/2)/(sqrt(2*pi)*b)", ((1, 3), (1, 3))),
    Row("I.12.11", "1 + a*sin(b)", ((0.5, 2), (0, 5))),
    Row("I.13.12", "a*(1/b - 1)", ((1, 5), (0.4, 2))),
    Row("I.16.6", "(a + b)/(1 + a*b)", ((0.1, 0.9), (0.1, 0.9))),
    Row("I.18.4", "(1 + a*b)/(1 + a)", ((1, 5), (1, 5))),
    Row("I.26.2", "arcsin(a*sin(b))", ((0.1, 0.9), (0.2, 1.5))),
    Row("I.27.6", "1/(1 + a*b)", ((0.5, 2), (0.5, 2))),
    Row("I.29.16", "sqrt(1 + a**2 - 2*a*cos(b - c))", ((1.2, 3), (0.5, 3), (0.5, 3))),
    Row("I.30.3", "sin(a*b/2)**2/sin(b/2)**2", ((1, 3), (0.6, 2.5))),
    Row("I.30.5", "arcsin(a/b)", ((0.3, 1), (1.2, 4))),
    Row("I.37.4", "1 + a + 2*sqrt(a)*cos(b)", ((0.5, 3), (0, 4))),
    Row("I.40.1", "a*exp(-b)", ((1, 5), (0.2, 2))),
    Row("I.44.4", "a*log(b)", ((1, 5), (1.2, 5))),
    Row("I.50.26", "cos(a) + b*cos(a)**2", ((0, 4), (0.5, 2))),
    Row("II.2.42", "(a - 1)*b", ((1.5, 5), (0.5, 3))),
    Row("II.6.15a", "c*sqrt(a**2 + b**2)/(4*pi)", ((0.5, 3), (0.5, 3), (0.5, 3))),
    Row("II.11.7", "a*(1 + b*cos(c))", ((1, 3), (0.5, 2), (0, 4))),
    Row("two layers", "exp((sin(pi*(a**2 + b**2)) + sin(pi*(c**2 + d**2)))/2)", ((-1, 1),) * 4),
]

FURTHER = [
    Row("I.6.2b", "exp(-((a - b)/c)**2/2)/(sqrt(2*pi)*c)", ((1, 3), (1, 3), (1, 3))),
    Row("I.9.18", "a/((b - 1)**2 + (c - d)**2 + (e - f)**2)", ((0.5, 2), (2, 4), (2, 4), (0, 1), (2, 4), (0, 1))),
    Row("I.15.3x", "(1 - a)/sqrt(1 - b**2)", ((1.5, 4), (0.1, 0.8))),
    Row("II.11.27", "a*b/(1 - a*b/3)", ((0.2, 1), (0.5, 1.5))),
    Row("II.35.18", "a/(exp(b) + exp(-b))", ((0.5, 3), (0.3, 2))),
    Row("II.36.38", "a + b*c", ((0.5, 3), (0.5, 3), (0.5, 3))),
    Row("II.38.3", "a/b", ((0.5, 5), (0.5, 3))),
    Row("III.9.52", "a*sin((b - c)/2)**2/((b - c)/2)**2", ((0.5, 3), (3, 5), (0.5, 2))),
    Row("III.10.19", "sqrt(1 + a**2 + b**2)", ((0.3, 3), (0.3, 3))),
    Row("III.17.37", "a*(1 + b*cos(c))", ((0.5, 2), (0.5, 3), (0.3, 5))),
    Row("I.15.3x, in its own variables", "(a - b*c)/sqrt(1 - (b/d)**2)", ((5, 10), (1, 2), (1, 2), (3, 8))),
    Row("I.27.6, in its own variables", "1/(1/a + c/b)", ((1, 5), (1, 5), (1, 5))),
]
