"""A formula as text, as LaTeX and for sympy, from its tree."""

import re

import numpy as np

from .tree import Fun, Prod, Sum, Var

ADD, TIMES, POWER, ATOM = range(4)  # how strongly a piece of text holds together
EXPONENTS = {"x^2": "2", "x^3": "3", "x^4": "4", "x^1.5": "3/2"}
INVERSE = {"1/x": "x", "1/x^2": "x^2", "1/x^3": "x^3", "1/sqrt": "sqrt", "1/x^1.5": "x^1.5"}
GREEK = set("alpha beta gamma delta epsilon theta lambda mu nu rho sigma tau phi omega".split())
SHIFTS = {0: ("sin", 1), 1: ("cos", 1), 2: ("sin", -1), 3: ("cos", -1)}  # sin(u + k pi/2)


def text(tree, names):
    """The formula as text that Python and people read, ^ for powers.

    >>> text(Sum([(2.0, Fun("x^2", Var(0))), (-1.0, Prod([Var(0), Var(1)]))]), ["a", "b"])
    '2*a^2 - a*b'
    """
    return Text(names).piece(tree)[0]


def latex(tree, names):
    """The formula as LaTeX; names with digits or _ get them as an index."""
    return Latex([_index(name) for name in names]).piece(tree)[0]


def expression(tree, names):
    """The formula for sympy. ImportError, which says how to install it, where sympy is missing."""
    try:
        import sympy
    except ImportError:
        raise ImportError("expression needs sympy; install it with: pip install sympy") from None
    symbols = {name: sympy.Symbol(name) for name in names}
    return sympy.sympify(sympy_text(tree, names), locals=symbols)


def sympy_text(tree, names):
    """The formula as Python for sympy: exact names of numbers that are known, else all their digits."""
    if isinstance(tree, Var):
        return names[tree.i]
    if isinstance(tree, Prod):
        return "*".join(f"({sympy_text(child, names)})" for child in tree.children)
    if isinstance(tree, Fun):
        u = sympy_text(tree.child, names)
        u = u if tree.b.value == 1 else f"({_number(tree.b, 17)})*({u})"
        return tree.family.sympy.format(u=u if tree.c.value == 0 else f"{u} + ({_number(tree.c, 17)})")
    parts = [f"({_number(tree.bias, 17)})"] if tree.bias.value else []
    for a, child in tree.terms:
        u = f"({sympy_text(child, names)})"
        parts.append(u if a.value == 1 else f"({_number(a, 17)})*{u}")
    return " + ".join(parts) or "0"


def _number(p, digits):
    if p.value == round(p.value) and abs(p.value) < 1e6:
        return str(int(p.value))
    return p.text or f"{p.value:.{digits}g}"


class Text:
    """Pieces of text, each with how strongly it holds together."""

    times, pi = "*", "pi"

    def __init__(self, names):
        self.names = names

    def wrap(self, piece, least):
        words, strength = piece
        return words if strength >= least else self.brackets(words)

    def brackets(self, words):
        return f"({words})"

    def number(self, p):
        """|p|, without its sign."""
        if p.value == round(p.value) and abs(p.value) < 1e6:
            return str(abs(int(p.value)))
        return self.name(p.text.lstrip("-")) if p.text else f"{abs(p.value):.4g}"

    def name(self, words):
        return words

    def power(self, u, name):
        return (f"sqrt({u[0]})", ATOM) if name == "sqrt" else (f"{self.wrap(u, ATOM)}^{self.bare(name)}", POWER)

    def bare(self, name):
        return EXPONENTS[name] if "/" not in EXPONENTS[name] else f"({EXPONENTS[name]})"

    def over(self, top, bottom):
        return f"{self.wrap(top, TIMES)}/{self.wrap(bottom, POWER)}", TIMES

    def call(self, name, u):
        return f"{name}({u[0]})", ATOM

    def special(self, family, u):
        return family.text.format(u=u[0]), TIMES

    def piece(self, tree):
        """(words, strength) of a tree."""
        if isinstance(tree, Var):
            return self.names[tree.i], ATOM
        if isinstance(tree, Prod):
            return self.product(tree.children)
        if isinstance(tree, Fun):
            return self.function(tree)
        return self.total(tree)

    def function(self, tree):
        if tree.name in INVERSE:
            return self.over(("1", ATOM), self.plain(INVERSE[tree.name], self.argument(tree)))
        if tree.name == "sin" and abs(tree.c.value / (np.pi / 2) - round(tree.c.value / (np.pi / 2))) < 1e-12:
            name, sign = SHIFTS[round(tree.c.value / (np.pi / 2)) % 4]
            words = self.call(name, self.argument(tree, shift=False))
            return words if sign == 1 else (f"-{words[0]}", ADD)
        return self.plain(tree.name, self.argument(tree), tree.family)

    def plain(self, name, u, family=None):
        if name == "x":
            return u
        if name == "sqrt" or name in EXPONENTS:
            return self.power(u, name)
        if name in ("gaussian", "1/cosh", "abs"):
            return self.special(family, u)
        return self.call(name, u)

    def argument(self, tree, shift=True):
        terms = [(tree.b, tree.child)]
        return self.total(Sum(terms, tree.c if shift and tree.c.value else None))

    def product(self, children):
        top, bottom = [], []
        for child in children:
            if isinstance(child, Fun) and child.name in INVERSE:
                bottom.append(self.plain(INVERSE[child.name], self.argument(child)))
            else:
                top.append(self.piece(child))
        joined = self.joined(top) if top else ("1", ATOM)
        return self.over(joined, self.joined(bottom)) if bottom else joined

    def joined(self, pieces):
        if len(pieces) == 1:
            return pieces[0]
        return self.times.join(self.wrap(piece, TIMES) for piece in pieces), TIMES

    def total(self, tree):
        """bias + sum of terms, positive ones first."""
        terms = [self.term(a, child) for a, child in tree.terms if a.value]
        if tree.bias.value:
            terms.append((tree.bias.value < 0, (self.number(tree.bias), TIMES)))
        if not terms:
            return "0", ATOM
        terms.sort(key=lambda term: term[0])
        first, *rest = terms
        if not rest:
            return (f"-{self.wrap(first[1], TIMES)}", ADD) if first[0] else first[1]
        words = ("-" if first[0] else "") + self.wrap(first[1], TIMES if first[0] else ADD)
        return words + "".join(f" {'-' if minus else '+'} {self.wrap(p, TIMES)}" for minus, p in rest), ADD

    def term(self, a, child):
        """(whether it is subtracted, words)."""
        piece, minus = self.piece(child), a.value < 0
        if piece[0].startswith("-") and piece[1] == ADD and not isinstance(child, Sum):
            piece, minus = (piece[0][1:], TIMES), not minus
        if abs(a.value) == 1:
            return minus, piece
        number = self.number(a)
        if piece[0].startswith("1/") and number.isalnum():
            return minus, (number + piece[0][1:], TIMES)
        return minus, (number + self.times + self.wrap(piece, TIMES), TIMES)


class Latex(Text):
    """The same in LaTeX."""

    times, pi = r" \, ", r"\pi"
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
        return f"{self.wrap(u, ATOM)}^{{{EXPONENTS[name]}}}", POWER

    def over(self, top, bottom):
        return rf"\frac{{{top[0]}}}{{{bottom[0]}}}", TIMES

    def call(self, name, u):
        if name == "exp":
            return f"e^{{{u[0]}}}", POWER
        return self.NAMES.get(name, f"\\{name}") + self.brackets(u[0]), ATOM

    def special(self, family, u):
        return family.latex.format(u=u[0]), TIMES

    def term(self, a, child):
        piece, minus = self.piece(child), a.value < 0
        if piece[0].startswith("-") and piece[1] == ADD and not isinstance(child, Sum):
            piece, minus = (piece[0][1:], TIMES), not minus
        if abs(a.value) == 1:
            return minus, piece
        return minus, (self.number(a) + self.times + self.wrap(piece, TIMES), TIMES)


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
