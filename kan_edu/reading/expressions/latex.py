"""A formula as LaTeX: the pieces of `printing.Text`, written as a book sets them."""

import re

from .printing import ATOM, EXPONENTS, POWER, TIMES, Text

ONE_OVER = r"\frac{1}"
GREEK = set("alpha beta gamma delta epsilon theta lambda mu nu rho sigma tau phi omega".split())


def latex(tree, names):
    """The formula as LaTeX; names with digits or _ get them as an index."""
    return Latex([_index(name) for name in names]).piece(tree)[0]


class Latex(Text):
    """The same in LaTeX."""

    times = r" \, "
    NAMES = {"arcsin": r"\arcsin", "arctan": r"\arctan", "arctanh": r"\operatorname{artanh}", "log": r"\ln"}

    def brackets(self, words):
        return rf"\left({words}\right)"

    def name(self, words):
        """1/(4*pi) -> a fraction."""
        top, _, bottom = words.partition("/")
        parts = [p.strip("()").replace("*", " ").replace("sqrt(2 pi", r"\sqrt{2 \pi}") for p in (top, bottom)]
        parts = [_roots(p) for p in parts]
        return rf"\frac{{{parts[0]}}}{{{parts[1]}}}" if bottom else parts[0]

    def power(self, u, name):
        if name == "sqrt":
            return rf"\sqrt{{{u[0]}}}", ATOM
        return self.raised(u, EXPONENTS[name])

    def raised(self, u, exponent):
        return f"{self.wrap(u, ATOM)}^{{{exponent}}}", POWER

    def over(self, top, bottom):
        return rf"\frac{{{top[0]}}}{{{bottom[0]}}}", TIMES

    def call(self, name, u):
        if name == "exp":
            return f"e^{{{u[0]}}}", POWER
        return self.NAMES.get(name, f"\\{name}") + self.brackets(u[0]), ATOM

    def special(self, family, u):
        return family.latex.format(u=u[0]), TIMES

    def scaled(self, number, piece):
        if piece[0].startswith(ONE_OVER) and piece[1] >= TIMES and "frac" not in number:
            return rf"\frac{{{number}}}{piece[0].removeprefix(ONE_OVER)}", TIMES
        return number + self.times + self.wrap(piece, TIMES), TIMES


def _roots(words):
    words = re.sub(r"sqrt\(?([^()]*)\)?", r"\\sqrt{\1}", words) if "\\sqrt" not in words else words
    return re.sub(r"(?<!\\)pi", r"\\pi", words)


def _index(name):
    """x1 -> x_{1}, theta_0 -> \\theta_{0}."""
    head, tail = re.fullmatch(r"(.*?)_?(\d*)", name).groups()
    if head.rstrip("_") in GREEK:
        head = "\\" + head.rstrip("_")
    elif len(head) > 1:
        head = rf"\mathrm{{{head}}}".replace("_", r"\_")
    return f"{head}_{{{tail}}}" if tail else head
