"""Lesson 09's functions: laws, formulas, strength, pruning, candidates, refits, a price on edges."""

import numpy as np

from kan_edu import KAN, MLP, Sparsity, candidates, formula, prune, read_law, refit, strength
from kan_edu.reading.strength import edge_shares

from ..arguments import EXTREME, SAME, Spoilt, always
from ..arrays import matrix, outputs
from ..values import anything_else, choice, flag, model, names, real, seed, whole


def X(N=120):
    """Numbers that float32 holds too."""
    return np.round(np.random.default_rng(0).uniform(0.5, 2, (N, 2)) * 64) / 64


def Y(N=120):
    """A law that is found at once, and another column for nothing: numbers without noise."""
    x = X(N)
    return (2 * x[:, 0] + x[:, 1])[:, None]


def spline():
    """A KAN with one hidden node, nothing read yet."""
    return KAN([2, 1, 1], G=2, k=2, lo=0.5, hi=2, seed=1)


def read():
    """A KAN whose edges are all formulas."""
    made = KAN([2, 1])
    made.set_formula((0, 0, 0), "x", (2, 1, 0))
    made.set_formula((0, 0, 1), "x", (1, 1, 0))
    return made


WRONG = (Spoilt("an MLP", lambda _: MLP([2, 3, 1])), Spoilt("three inputs", lambda _: KAN([3, 1])))
SPLINE, READ = model(spline, *WRONG), model(read, *WRONG, Spoilt("a spline is left", lambda _: spline()))
NAMES = names(["a", "b"]).optional().also(
    ("no identifiers", ["a b", "2"]), ("twice", ["a", "a"]), ("taken", ["sin", "b"]), ("a keyword", ["if", "b"]))
UNITS = names(["m", "s"]).optional()
# A slice gives rows, as that of a list does.
WHICH = choice("x^2").but("a slice").also(("beyond", 7), ("a half", 0.5), ("True", True), ("negative", -7))
SHOWN = flag(False).optional()
X2, Y1 = matrix(X), outputs(Y)
EDGE = anything_else(
    always((0, 0, 0)), ("no such layer", (7, 0, 0)), ("no such node", (0, 5, 0)), ("negative", (0, -1, 0)),
    ("two", (0, 0)), ("halves", (0, 0.5, 0)), ("numerals", ("0", "0", "0")), ("a number", 0), ("True", (False, 0, 0)),
    Spoilt("a list", list, SAME), Spoilt("an array", np.array, SAME), ("NaN", (0, np.nan, 0)))  # fmt: skip
FAMILIES = anything_else(
    always(["x", "x^2"]), ("unknown", ["nothing of the kind"]), ("a number", 3), ("numbers", [1]), ("none", []),
    Spoilt("twice", lambda _: ["x", "x"], EXTREME), Spoilt("one word", lambda _: "x", EXTREME)).optional()  # fmt: skip
MANY = whole(2, 1, huge=False).but(**{f"10^{n}": EXTREME for n in (9, 30, 400)})   # it ends when nothing is gained
WEIGHT = real(0.1, 0)


def of_formula(X, names=("a", "b")):
    return formula(read(), list(names))(X)


def table(which):
    return candidates(read(), (0, 0, 0), X(), families=["x", "x^2"], steps=2, progress=False)[which].formula


def price(model, X, lam=0.1, l1=1.0, entropy=1.0):
    return Sparsity(lam, l1, entropy).value(model, X)


def slope_of_price(model):
    """A forward first, as `fit` does; of a model that has no forward there is nothing to go back from."""
    if isinstance(model, KAN):
        model.forward(X())
    return Sparsity().add(model), model.grad


FUNCTIONS = {
    "read_law": (read_law, {"X": X2, "Y": Y1, "names": NAMES, "seconds": real(3, 0, open_ends=True), "seed": seed(),
                            "progress": SHOWN}),
    "formula": (formula, {"model": READ, "names": NAMES, "units": UNITS}),
    "formula with data": (formula, {"model": READ, "names": NAMES, "units": UNITS, "X": X2, "Y": Y1}),
    "Formula": (of_formula, {"X": X2}),
    "strength": (strength, {"model": SPLINE, "X": X2}),
    "edge_shares": (edge_shares, {"model": SPLINE, "X": X2}),
    "prune": (prune, {"model": SPLINE, "X": X2, "Y": Y1, "floor": real(0.1, 0).optional(), "straighten": flag(False),
                      "steps": MANY, "progress": SHOWN}),
    "candidates": (candidates, {
        "model": SPLINE, "edge": EDGE, "X": X2, "Y": Y1.optional(), "families": FAMILIES, "progress": SHOWN,
        "most": MANY, "steps": MANY}),
    "Candidates[...]": (table, {"which": WHICH}),
    "refit": (refit, {"model": SPLINE, "X": X2, "Y": Y1,
                      "steps": MANY, "progress": SHOWN}),
    "Sparsity": (lambda **k: vars(Sparsity(**k)), {"lam": WEIGHT, "l1": WEIGHT, "entropy": WEIGHT}),
    "Sparsity.value": (price, {"model": SPLINE, "X": X2, "lam": WEIGHT, "l1": WEIGHT, "entropy": WEIGHT}),
    "Sparsity.add": (slope_of_price, {"model": SPLINE.but("NaN parameters", "three inputs")}),
}  # fmt: skip
