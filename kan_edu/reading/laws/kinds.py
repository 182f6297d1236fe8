"""Kinds of functions of one input, each with few numbers, and where the search for these numbers begins.

Plain ones, f(b x) or f(x); those with a shift; and compounds: f(x^2 + c), f(c + cos b x), x^p f(b x), damped waves.
"""

import numpy as np

from kan_edu.networks.formulas.families import FAMILIES
from kan_edu.reading.expressions.tree import Fun, Prod, Sum


class Kind:
    """A set of functions f(x; theta): `values(x (m,), theta (K, p))` -> (K, m); theta[:, :free] may change."""

    def __init__(self, name, values, tree, starts, free, cost):
        self.name, self.values, self.tree, self.starts, self.free, self.cost = name, values, tree, starts, free, cost


def _single(name, starts, free):
    """f(b x + c): theta is (free ones first) any order of b and c, given by `free`, a string such as "bc", "b", ""."""
    one = FAMILIES[name]
    order = free + "".join(q for q in "bc" if q not in free)
    at = {q: order.index(q) for q in "bc"}

    def values(x, theta):
        u = theta[:, at["b"], None] * x + theta[:, at["c"], None]
        f = np.where(one.valid(u), one.f(np.where(one.valid(u), u, 0.5)), np.nan)
        return f

    def tree(var, theta):
        if name == "x":
            return var
        return Fun(name, var, theta[at["b"]], theta[at["c"]])

    starts = np.array([[start["bc".index(q)] for q in order] for start in starts], dtype=float).reshape(-1, 2)
    return Kind(name + ("" if "c" in free else "0"), values, tree, starts, len(free), one.cost + ("c" in free) * 0.5)


def _bare(name, u):
    """f(u) with nothing free but what is in u."""
    top = Fun(name, u)
    top.b.free = top.c.free = False
    return top


def _chain(name, square, starts):
    """f(x^2 + c), f a power or a logarithm."""
    outer, inner = FAMILIES[name], FAMILIES[square]

    def values(x, theta):
        u = theta[:, 1, None] * inner.f(x)[None] + theta[:, 0, None]
        return np.where(outer.valid(u), outer.f(np.where(outer.valid(u), u, 0.5)), np.nan)

    def tree(var, theta):
        u = Sum([(theta[1], Fun(square, var))], bias=theta[0])
        u.terms[0][0].free = False
        return _bare(name, u)

    return Kind(f"{name}({square})", values, tree, np.array(starts, dtype=float).reshape(-1, 2), 1, outer.cost + 2.5)


def _over(name, starts):
    """x f(x^2 + c), f a power below 0: theta = (c, 1)."""
    chain = _chain(name, "x^2", starts)
    return Kind(f"x*{chain.name}", lambda x, theta: x * chain.values(x, theta),
                lambda var, theta: Prod([var, chain.tree(var, theta)]), chain.starts, 1, chain.cost + 1)  # fmt: skip


def _wave(name, starts):
    """f(c + cos(b x)): theta = (c, b)."""
    outer = FAMILIES[name]

    def values(x, theta):
        u = theta[:, 0, None] + np.cos(theta[:, 1, None] * x)
        return np.where(outer.valid(u), outer.f(np.where(outer.valid(u), u, 0.5)), np.nan)

    def tree(var, theta):
        u = Sum([(1.0, Fun("sin", var, theta[1], np.pi / 2))], bias=theta[0])
        u.terms[0][0].free = False
        u.terms[0][1].c.fix(np.pi / 2, "pi/2")
        return _bare(name, u)

    return Kind(f"{name}(cos)", values, tree, np.array(starts, dtype=float).reshape(-1, 2), 2, outer.cost + 3)


def _of_square(name, starts):
    """f(b x^2 + c), c = 0 or pi/2: theta = (b, c)."""
    outer = FAMILIES[name]

    def values(x, theta):
        return outer.f(theta[:, 0, None] * x**2 + theta[:, 1, None])

    def tree(var, theta):
        top = Fun(name, Fun("x^2", var), theta[0], theta[1])
        top.child.c.fix(0, "0")
        top.c.fix(theta[1], "pi/2" if theta[1] else "0")
        return top

    return Kind(f"{name}(x^2)", values, tree, np.array(starts, dtype=float).reshape(-1, 2), 1, outer.cost + 2)


def _damped(name, starts):
    """exp(b x) times sin(c x), cos(c x), or exp(b x^2) x: theta = (b, c); c is fixed where it is 0."""
    wave = {"sin": np.sin, "cos": np.cos}.get(name)

    def values(x, theta):
        if wave is None:
            return x * np.exp(theta[:, 0, None] * x**2)
        return np.exp(theta[:, 0, None] * x) * wave(theta[:, 1, None] * x)

    def tree(var, theta):
        if wave is None:
            first, second = var, Fun("exp", Fun("x^2", var), theta[0])
            second.child.c.fix(0, "0")
        else:
            first, second = Fun("exp", var, theta[0]), Fun("sin", var, theta[1], np.pi / 2 if name == "cos" else 0.0)
            second.c.fix(second.c.value, "pi/2" if name == "cos" else "0")
        return Prod([first, second])

    return Kind(f"damped {name}", values, tree, np.array(starts, dtype=float), 1 if wave is None else 2, 4.5)


def _times(power, name, starts):
    """x^p f(b x + c) with c = 0 or pi/2: theta = (b, c)."""
    first, second = FAMILIES[power], FAMILIES[name]

    def values(x, theta):
        u = theta[:, 0, None] * x + theta[:, 1, None]
        left = first.f(x) if first.valid(x).all() else np.full_like(x, np.nan)
        return left * np.where(second.valid(u), second.f(np.where(second.valid(u), u, 0.5)), np.nan)

    def tree(var, theta):
        right = Fun(name, var, theta[0], theta[1])
        right.c.fix(theta[1], "pi/2" if theta[1] else "0")
        return Prod([var if power == "x" else Fun(power, var), right])

    free = int(second.scales)
    return Kind(f"{power}*{name}", values, tree, np.array(starts, dtype=float).reshape(-1, 2), free,
                first.cost + second.cost + 2)  # fmt: skip


WHOLE = ("x^2", "x^3", "x^4")
POLES = ("1/x", "1/x^2", "1/x^3")
HALVES = ("sqrt", "1/sqrt", "x^1.5", "1/x^1.5", "log")
BELLS = ("sin", "tanh", "arctan", "gaussian", "cosh", "1/cosh")
BOUNDED = ("arcsin", "arctanh", "tan")


def kinds(lo, hi):
    """The simple kinds, then those with a free shift, then chains and products; starts fit the range [lo, hi]."""
    h, m = (hi - lo) / 2, (hi + lo) / 2
    scales = np.geomspace(0.12, 14, 28) / h
    far = np.geomspace(0.01, 30, 16) * h
    plain = [_single(name, [(1, 0)], "") for name in ("x", *WHOLE, *POLES, *HALVES)]
    plain += [_single("exp", [(s * b, 0) for b in scales for s in (1, -1)], "b")]
    plain += [_single("sin", [(b, c) for b in scales], "b") for c in (0, np.pi / 2)]
    plain += [_single(name, [(b, 0) for b in scales], "b") for name in (*BELLS[1:], *BOUNDED)]
    shifted = [_single(name, [(1, q - m) for q in np.linspace(-4, 4, 17) * h], "c") for name in WHOLE]
    shifted += [_single(name, [(1, q - lo) for q in far] + [(1, -q - hi) for q in far], "c") for name in POLES]
    shifted += [_single(name, [(1, q - lo) for q in far] + [(-1, q + hi) for q in far], "c") for name in HALVES]
    shifted += [_single("abs", [(1, -q) for q in np.linspace(lo, hi, 21)[1:-1]], "c")]
    places = np.linspace(-2, 2, 9) * h + m
    shifted += [_single(name, [(b, -b * x) for b in scales[::2] for x in places], "bc") for name in BELLS]
    edge = {"arcsin": 1, "arctanh": 1, "tan": np.pi / 2}
    inside = [(b, x) for b in np.array([0.1, 0.3, 0.5, 0.7, 0.85, 0.95]) for x in np.linspace(-1, 1, 7) * (1 - b)]
    shifted += [_single(name, [(b * e / h, (x - b * m / h) * e) for b, x in inside], "bc") for name, e in edge.items()]
    return plain, shifted, _compound(lo, hi)


def _compound(lo, hi):
    h = (hi - lo) / 2
    scales, far = np.geomspace(0.12, 14, 28) / h, np.geomspace(0.01, 30, 12) * max(abs(lo), abs(hi)) ** 2
    most, least = max(lo * lo, hi * hi), 0 if lo < 0 < hi else min(lo * lo, hi * hi)
    chains = [_chain(name, "x^2", [(q - least, 1) for q in far] + [(q + most, -1) for q in far])
              for name in ("sqrt", "1/sqrt", "1/x", "1/x^2", "log", "x^1.5", "1/x^1.5")]  # fmt: skip
    chains += [_over(name, [(q - least, 1) for q in far]) for name in ("1/x", "1/sqrt", "1/x^2", "1/x^1.5")]
    chains += [_wave(name, [(c, b) for b in scales for c in (-1, 1, 1.5, -1.5, 3)]) for name in ("1/x", "sqrt", "log")]
    signs = [(s * b, 0) for b in scales for s in (1, -1)]
    waves = [[(b * h / max(abs(lo), abs(hi)) ** 2, c) for b in scales] for c in (0, np.pi / 2)]
    chains += [_of_square("sin", start) for start in waves]
    chains += [_of_square("exp", [(s * b, c) for b, c in waves[0] for s in (1, -1)])]
    chains += [_times(power, "exp", signs) for power in ("x", "x^2", "1/x", "sqrt")]
    chains += [_times(power, "sin", [(b, c) for b in scales for c in (0, np.pi / 2)]) for power in ("x", "x^2", "1/x")]
    steps = [(s * b, c) for b in scales[:20:4] for s in (1, -1) for c in scales[4::2]]
    chains += [_damped(name, steps) for name in ("sin", "cos")]
    chains += [_damped("x", [(s * b / max(abs(lo), abs(hi)), 0) for b in scales for s in (1, -1)])]
    return chains + [_times(power, "log", [(1, 0)]) for power in ("x", "x^2", "1/x")]
