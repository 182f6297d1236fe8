"""The functions that an edge may turn out to be: each with slope, domain, what is redundant in it, cost and names.

An edge with a formula carries phi(x) = a f(b x + c); the constant of a sum belongs to its row. Of a, b, c only those
are free that nothing else can stand for: a power swallows b into a (`scales` is False), an exponential c (`shifts` is
False), the straight line both. Where b is not free it is 1 or -1: log(3 - x) has b = -1.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Family:
    """f and its slope f', both (N,) -> (N,); `valid(u)` says where f is defined, (N,) bool.

    scales, shifts: whether b and c are free. cost: how much longer a formula becomes by it, 0 for the straight line.
    `text` and `latex` have a place {u}; `sympy` names what sympy needs, {u} again its argument.
    """

    name: str
    f: Callable
    slope: Callable
    valid: Callable
    scales: bool
    shifts: bool
    cost: float
    text: str
    latex: str
    sympy: str

    def __deepcopy__(self, memo):
        return self  # it holds no state

    def __repr__(self):
        return f"Family({self.name!r}: {self.text.format(u='u')})"


def anywhere(u):
    """Valid wherever u (N,) is a number; (N,) bool, as the three below."""
    return np.isfinite(u)


def nonzero(u):
    """Valid but at 0, as 1/u."""
    return u != 0


def positive(u):
    """Valid above 0, as log u."""
    return u > 0


def within_one(u):
    """Valid strictly between -1 and 1, as arctanh u."""
    return np.abs(u) < 1


def _power(name, p, cost, text, latex):
    """u^p for a whole or half p; its domain follows from p."""
    valid = positive if p != round(p) else nonzero if p < 0 else anywhere
    p = int(p) if p == round(p) else p
    sympy = f"({{u}})**Rational({int(2 * p)}, 2)"
    return Family(name, lambda u: u**p if p > 0 else 1 / u**-p, lambda u: p * u ** float(p - 1) if p != round(p)
                  else p * (u ** (p - 1) if p >= 1 else 1 / u ** (1 - p)),
                  valid, False, True, cost, text, latex, sympy)  # fmt: skip


def _tan_slope(u):
    return 1 + np.tan(u) ** 2


def _sech(u):
    return 1 / np.cosh(u)


def _listed():
    frac = r"\frac{{1}}{{{u}}}"
    return [
        Family("x", lambda u: u, np.ones_like, anywhere, False, False, 0, "{u}", "{u}", "{u}"),
        _power("x^2", 2, 1, "({u})^2", r"\left({u}\right)^{{2}}"),
        _power("x^3", 3, 1.5, "({u})^3", r"\left({u}\right)^{{3}}"),
        _power("x^4", 4, 2, "({u})^4", r"\left({u}\right)^{{4}}"),
        _power("1/x", -1, 1, "1/({u})", frac),
        _power("1/x^2", -2, 1.5, "1/({u})^2", r"\frac{{1}}{{\left({u}\right)^{{2}}}}"),
        _power("1/x^3", -3, 2, "1/({u})^3", r"\frac{{1}}{{\left({u}\right)^{{3}}}}"),
        _power("sqrt", 0.5, 1, "sqrt({u})", r"\sqrt{{{u}}}"),
        _power("1/sqrt", -0.5, 1.5, "1/sqrt({u})", r"\frac{{1}}{{\sqrt{{{u}}}}}"),
        _power("x^1.5", 1.5, 2, "({u})^1.5", r"\left({u}\right)^{{3/2}}"),
        _power("1/x^1.5", -1.5, 2.5, "1/({u})^1.5", r"\left({u}\right)^{{-3/2}}"),
        Family("exp", np.exp, np.exp, anywhere, True, False, 1, "exp({u})", r"e^{{{u}}}", "exp({u})"),
        Family("log", np.log, lambda u: 1 / u, positive, False, True, 1, "log({u})",
               r"\ln\left({u}\right)", "log({u})"),
        Family("sin", np.sin, np.cos, anywhere, True, True, 1.5, "sin({u})", r"\sin\left({u}\right)", "sin({u})"),
        Family("tan", np.tan, _tan_slope, anywhere, True, True, 2, "tan({u})", r"\tan\left({u}\right)", "tan({u})"),
        Family("tanh", np.tanh, lambda u: 1 - np.tanh(u) ** 2, anywhere, True, True, 2, "tanh({u})",
               r"\tanh\left({u}\right)", "tanh({u})"),
        Family("arcsin", np.arcsin, lambda u: 1 / np.sqrt(1 - u * u), within_one, True, True, 2, "arcsin({u})",
               r"\arcsin\left({u}\right)", "asin({u})"),
        Family("arctan", np.arctan, lambda u: 1 / (1 + u * u), anywhere, True, True, 2, "arctan({u})",
               r"\arctan\left({u}\right)", "atan({u})"),
        Family("arctanh", np.arctanh, lambda u: 1 / (1 - u * u), within_one, True, True, 2, "arctanh({u})",
               r"\operatorname{{artanh}}\left({u}\right)", "atanh({u})"),
        Family("gaussian", lambda u: np.exp(-u * u), lambda u: -2 * u * np.exp(-u * u), anywhere, True, True, 2,
               "exp(-({u})^2)", r"e^{{-\left({u}\right)^2}}", "exp(-({u})**2)"),
        Family("cosh", np.cosh, np.sinh, anywhere, True, True, 2, "cosh({u})", r"\cosh\left({u}\right)", "cosh({u})"),
        Family("1/cosh", _sech, lambda u: -np.tanh(u) * _sech(u), anywhere, True, True, 2.5, "1/cosh({u})",
               r"\frac{{1}}{{\cosh\left({u}\right)}}", "1/cosh({u})"),
        Family("abs", np.abs, np.sign, anywhere, False, True, 2, "abs({u})", r"\left|{u}\right|", "Abs({u})"),
    ]  # fmt: skip


FAMILIES = {family.name: family for family in _listed()}


def family(name):
    """The Family called `name`. ValueError, with all names, for another.

    >>> family("sin")
    Family('sin': sin(u))
    """
    if not isinstance(name, str) or name not in FAMILIES:
        raise ValueError(f"no family is called {name!r}; expected one of {', '.join(FAMILIES)}")
    return FAMILIES[name]
