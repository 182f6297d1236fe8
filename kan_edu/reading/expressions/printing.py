"""A formula as text and for sympy, from its tree; `latex.py` writes LaTeX the same way."""

import numpy as np

from kan_edu.networks.formulas.families import FAMILIES

from .tidy import NAME
from .tree import Fun, Prod, Sum, Var

ADD, TIMES, POWER, ATOM = range(4)  # how strongly a piece of text u holds together; of -u the same, negative
EXPONENTS = {"x^2": "2", "x^3": "3", "x^4": "4", "x^1.5": "3/2"}
INVERSE = {"1/x": "x", "1/x^2": "x^2", "1/x^3": "x^3", "1/sqrt": "sqrt", "1/x^1.5": "x^1.5"}
SHIFTS = {0: ("sin", 1), 1: ("cos", 1), 2: ("sin", -1), 3: ("cos", -1)}  # sin(u + k pi/2)


def text(tree, names):
    """The formula as text that Python and people read, ^ for powers.

    >>> text(Sum([(2.0, Fun("x^2", Var(0))), (-1.0, Prod([Var(0), Var(1)]))]), ["a", "b"])
    '2*a^2 - a*b'
    """
    return Text(names).piece(tree)[0]


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

    times = "*"

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
        return (f"sqrt({u[0]})", ATOM) if name == "sqrt" else self.raised(u, EXPONENTS[name])

    def raised(self, u, exponent):
        plain = exponent.replace(".", "").isalnum()
        return f"{self.wrap(u, ATOM)}^{exponent if plain else self.brackets(exponent)}", POWER

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
        if tree.name in INVERSE or _powers(tree):
            return self.product([tree])
        if _is_absolute(tree):
            return self.special(FAMILIES["abs"], self.argument(tree.child))
        if tree.name == "sin" and abs(tree.c.value / (np.pi / 2) - round(tree.c.value / (np.pi / 2))) < 1e-12:
            name, sign = SHIFTS[round(tree.c.value / (np.pi / 2)) % 4]
            words = self.call(name, self.argument(tree, shift=False))
            return words if sign == 1 else (f"-{words[0]}", -words[1])
        return self.plain(tree.name, self.argument(tree), tree.family)

    def powers(self, powers, rest):
        """u^(a v) for each (log u, a, factors v), and exp(rest): the factors above a fraction's line, and below."""
        top, bottom = [], []
        for log, a, factors in powers:
            u = self.argument(log)
            if factors:
                top.append(self.raised(u, self.total(Sum([(a, Prod(factors))]))[0]))
            else:
                (top if a.value > 0 else bottom).append(u if abs(a.value) == 1 else self.raised(u, self.number(a)))
        if rest.terms or rest.bias.value:
            top.append(self.call("exp", self.total(rest)))
        return top, bottom

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
            elif powers := _powers(child):
                above, below = self.powers(*powers)
                top, bottom = top + above, bottom + below
            else:
                top.append(self.piece(child))
        return self.fraction(top, bottom)

    def fraction(self, top, bottom):
        """All pieces of top, over those of bottom: their signs make one, in front."""
        minus = sum(strength < 0 for _, strength in top + bottom) % 2
        top, bottom = ([(words[1:], -strength) if strength < 0 else (words, strength) for words, strength in pieces]
                       for pieces in (top, bottom))  # fmt: skip
        words = self.joined(top) if top else ("1", ATOM)
        words = self.over(words, self.joined(bottom)) if bottom else words
        return (f"-{self.wrap(words, TIMES)}", -TIMES) if minus else words

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
            return (f"-{self.wrap(first[1], TIMES)}", -max(TIMES, first[1][1])) if first[0] else first[1]
        words = ("-" if first[0] else "") + self.wrap(first[1], TIMES if first[0] else ADD)
        return words + "".join(f" {'-' if minus else '+'} {self.wrap(p, TIMES)}" for minus, p in rest), ADD

    def term(self, a, child):
        """(whether it is subtracted, words)."""
        piece, minus = self.piece(child), a.value < 0
        if piece[1] < 0:
            piece, minus = (piece[0][1:], -piece[1]), not minus
        return minus, piece if abs(a.value) == 1 else self.scaled(self.number(a), piece)

    def scaled(self, number, piece):
        if piece[0].startswith("1/") and piece[1] >= TIMES:  # 3/2 times 1/u is 3/(2*u)
            top, _, below = number.partition("/")
            bottom = piece[0][2:]
            return f"{top}/{self.brackets(below.strip('()') + self.times + bottom) if below else bottom}", TIMES
        return number + self.times + self.wrap(piece, TIMES), TIMES


def _is_absolute(tree):
    """Whether it is sqrt(u^2), which is |u|."""
    square = tree.child
    return (tree.name == "sqrt" and isinstance(square, Fun) and square.name == "x^2" and tree.b.value == 1
            and tree.c.value == 0)  # fmt: skip


def _powers(tree):
    """exp(rest + sum of a v log u) as ([(log u, a, factors v)], rest); None for all else, and where all are as x^2.

    Those `tidy` writes out, if that is wanted: a network that multiplies by exp(log x + log y) is shown as it is.
    """
    if not isinstance(tree, Fun) or tree.name != "exp":
        return None
    terms, bias = [(tree.b, tree.child)], tree.c
    if isinstance(tree.child, Sum):
        if tree.b.value != 1 or tree.c.value:
            return None
        terms, bias = tree.child.terms, tree.child.bias
    powers, kept = [], []
    for a, child in terms:
        factors = list(child.children) if isinstance(child, Prod) else [child]
        log = next((factor for factor in factors if isinstance(factor, Fun) and factor.name == "log"), None)
        if log is None:
            kept.append((a, child))
        else:
            powers.append((log, a, [factor for factor in factors if factor is not log]))
    if all(a.value in NAME and not factors for _, a, factors in powers):
        return None
    return powers, Sum(kept, bias)
