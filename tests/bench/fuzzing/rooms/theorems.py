"""Lessons 03 and 04: bumps, decompositions, Köppen's psi, walls, the superposition."""

from decimal import Decimal
from fractions import Fraction

import numpy as np

from kan_edu import Superposition, Walls, bumps, decompositions, koppen, superposition

from ..arguments import EXTREME, MAYBE, SAME, Argument, Spoilt, constant
from ..arrays import matrix, vector
from ..values import NO_NUMBER, anything_else, function, real, seed, whole

WALLS = Walls()
DEEP = Walls((6, 26, 78), room=12)  # in Python's integers
BEYOND_ONE = ("1e300", "1e30 away", "one huge", "2^63")


def unit(N=9):
    return np.linspace(0.05, 0.95, N)


def X():
    return WALLS.coordinate(unit())


def Y():
    return WALLS.coordinate(unit()[::-1] ** 2)


def sums():
    return WALLS.sums(X(), Y())


def bricks():
    return WALLS.brick(X(), 1)[0][:, 2]


def numbers_of(good):
    """(...) numbers of any shape."""
    return vector(good).but("a row", "two columns", "3-D", "a column").also(Spoilt("a number", constant(0.5), EXTREME))


def from_0_to_1(good, row=False):
    """Numbers in [0, 1], of any shape or in a row."""
    kind = vector(good) if row else numbers_of(good)
    return kind.but(*BEYOND_ONE).also(
        Spoilt("1e300", lambda x: x * 1e300), Spoilt("beyond 1", lambda x: x + 0.1),
        Spoilt("below 0", lambda x: x - 0.1),
        Spoilt("hardly beyond", lambda x: x / x.max() * (1 + 1e-12)))  # fmt: skip


def integers(good, most, *, shape=True):
    """(...) whole numbers from 0 to most, exact; floats are refused, or the same if they are."""
    return vector(good).but(
        "1e300", "1e-300", "1e30 away", "one huge", "read-only", "big-endian", "long double", "float32", "2^63",
        "all alike", *(() if shape else ("a row", "two columns", "3-D", "a column"))).also(
        Spoilt("floats", lambda X: X.astype(float)), Spoilt("halves", lambda X: X + 0.5),
        Spoilt("negative", lambda X: -1 - X), Spoilt("beyond", lambda X: X.astype(object) + most),
        Spoilt("10^30", lambda X: X.astype(object) + 10**30),
        Spoilt("2^63", lambda X: np.full(np.shape(X), 2**63, dtype=np.uint64)),
        Spoilt("Python's", lambda X: np.array(X.tolist(), dtype=object), SAME),
        Spoilt("big-endian", lambda X: X.astype(">i8"), SAME),
        Spoilt("all alike", lambda X: 0 * X + X.flat[0], EXTREME))  # fmt: skip


def columns_of_5(good, most):
    kind = integers(good, most, shape=False)
    return kind.also(Spoilt("a column less", lambda s: s[:, :4]), Spoilt("transposed", lambda s: s.T),
                     Spoilt("a row", lambda s: s[0]), Spoilt("3-D", lambda s: s[None]))  # fmt: skip


PLACES = vector(unit)
N = whole(5, 1)
STEEP = Argument(lambda: 20.0, (
    *(way for way in NO_NUMBER if way.label != "inf"), Spoilt("inf", constant(np.inf), EXTREME),
    Spoilt("0", constant(0)), Spoilt("negative", constant(-1.0)), Spoilt("float32", np.float32, SAME),
    Spoilt("a fraction", Fraction, MAYBE), Spoilt("a decimal", Decimal, MAYBE), Spoilt("10^400", constant(10**400)),
    Spoilt("huge", constant(1e308), EXTREME), Spoilt("tiny", constant(1e-320), EXTREME)))  # fmt: skip
OF_X, OF_ROWS, OF_XY = function(np.sin), function(lambda X: X[:, 0] * X[:, 1]), function(lambda x, y: x * y)
FIVE = np.arange(5.0)
R = whole(1, 1).also(("beyond R", 3))
AXIS = whole(1, 0, most=1)
Q = whole(2, 0, most=4)
EACH_Q = Q.but(in_a_list=EXTREME)  # a wall for each brick
LEVELS = whole(2, 0, most=2).optional()
COORDINATES = integers(X, WALLS.D)
LENGTH = (Spoilt("one less", lambda X: X[:-1]), Spoilt("first only", lambda X: X[:1]))
PAIR = {"X": COORDINATES.but("first only").also(*LENGTH), "Y": integers(Y, WALLS.D).but("first only").also(*LENGTH)}
ANY_X = integers(X, WALLS.D, shape=False)
TERMS = anything_else(lambda: decompositions.PRODUCT, ("numbers", [(1, 2, 3)]), ("no terms", []), ("a number", 3),
                      ("pairs", [(np.sin, np.cos)]), ("a term", (np.sin, np.cos, np.exp)),
                      ("None inside", [None]), ("an array", np.ones((2, 3))))  # fmt: skip
D = anything_else(lambda: Fraction(59, 100), ("NaN", np.nan), ("inf", np.inf), ("a numeral", "0.59"), ("complex", 1j),
                  ("a third", Fraction(1, 3)), ("beyond 1", 2), ("below 0", Fraction(-1, 100)), ("True", True),
                  ("an array", np.array([0.5])), ("a length of time", np.timedelta64(1)), ("in a list", [0.5]),
                  ("a date", np.datetime64("2024-01-01")), ("1e300", 1e300), ("10^400", 10**400),
                  Spoilt("a float", float, MAYBE), Spoilt("a decimal", constant(Decimal("0.59")), SAME),
                  Spoilt("a half", constant(np.float32(0.5)), EXTREME), Spoilt("1", constant(np.int64(1)), EXTREME),
                  Spoilt("0-d", constant(np.array(0.59)), MAYBE))  # fmt: skip
PSI = {"d": D, "k": whole(2, 1), "gamma": whole(10, 6).but("10^30", "10^9", "10^400", "uint8").also(
    Spoilt("uint8", np.uint8, SAME))}  # fmt: skip
EXPONENTS = anything_else(lambda: (3, 19), ("a number", 3), ("none", ()), ("falling", (19, 3)), ("alike", (3, 3)),
                          ("no multiple of 4", (3, 20)), ("below", (1, 17)), ("halves", (3.5, 19.5)),
                          ("NaN", (np.nan,)),
                          ("words", ("3", "19")), ("floats", (3.0, 19.0)), ("10^9", (3, 3 + 4 * 10**8)),
                          ("10^30", (3, 3 + 4 * 10**30)), ("True", (True, 5)), ("two rows", np.array([[3, 19]])),
                          ("a generator inside", ([i for i in ()], 3)),
                          Spoilt("a list", list, SAME), Spoilt("an array", np.array, SAME))  # fmt: skip
INNER = from_0_to_1(unit)
JUMPS = INNER.but(float32=EXTREME)  # where the next decimal, or the 26th binary one, is another value


def machine(f=lambda x, y: x * y, walls=WALLS):
    return Superposition(f, walls)


def units(a, w, b, c, sigma, x):
    made = bumps.Units(a, w, b, c, sigma)
    return made(x), made.hidden(x), made.theta


FUNCTIONS = {
    "bumps.heaviside": (bumps.heaviside, {"z": numbers_of(unit)}),
    "bumps.relu": (bumps.relu, {"z": numbers_of(unit)}),
    "bumps.Units": (units, {
        "a": vector(lambda: FIVE, length=True), "w": vector(lambda: FIVE + 1, length=True),
        "b": vector(lambda: FIVE - 2, length=True), "c": real(0.5), "sigma": function(np.tanh), "x": PLACES}),
    "bumps.step_places": (bumps.step_places, {"N": N}),
    "bumps.cell_middles": (bumps.cell_middles, {"N": N}),
    "bumps.steps": (lambda f, N, s, x: bumps.steps(f, N, s)(x), {"f": OF_X, "N": N, "s": STEEP, "x": PLACES}),
    "bumps.ramps": (lambda f, N, x: bumps.ramps(f, N)(x), {"f": OF_X, "N": N, "x": PLACES}),
    "bumps.bumps": (bumps.bumps, {"x": PLACES, "N": N, "s": STEEP}),
    "bumps.hats": (bumps.hats, {"x": PLACES, "N": N}),
    "bumps.towers": (bumps.towers, {
        "f": OF_ROWS, "X": matrix(lambda: np.stack([unit(), unit()[::-1]], axis=1), columns=False).but(
            "first only", "in a row").also(
            Spoilt("forty columns", lambda X: np.tile(X, 20)), Spoilt("no columns", lambda X: X[:, :0]),
            ("in a row", unit())),
        "n": whole(3, 2), "s": STEEP, "S": STEEP}),
    "bumps.threshold": (bumps.threshold, {"z": numbers_of(unit), "s": STEEP}),
    "bumps.errors": (bumps.errors, {
        name: vector(unit, length=True).but("a row", "two columns", "3-D", "a number").also(
            Spoilt("two columns", lambda x: np.stack([x, x], axis=1)),
            Spoilt("1.7e308", lambda x: x * -1.7e308, EXTREME),
            Spoilt("a number", constant(0.5), EXTREME)) for name in ("approximation", "target")}),
    "bumps.rate": (bumps.rate, {
        "N": vector(lambda: np.array([1, 10, 100, 1000]), length=True).but("zeros", "all alike").also(
            Spoilt("zeros", lambda N: 0 * N), Spoilt("all alike", np.ones_like), Spoilt("negative", lambda N: -N)),
        "error": vector(lambda: np.array([3.0, 0.1, 0.01, 0.001]), length=True).but("zeros").also(
            Spoilt("one zero", lambda e: e * [1, 1, 1, 0]), Spoilt("negative", lambda e: -e))}),
    "bumps.check_steepness": (bumps.check_steepness, {"s": STEEP.but("inf")}),
    "decompositions.superpose": (decompositions.superpose, {
        "terms": TERMS, "x": numbers_of(unit).but("first only").also(
            Spoilt("one less", lambda x: x[:-1]), Spoilt("first only", lambda x: x[:1]),
            Spoilt("each with each", lambda x: np.stack([x, x], axis=1))),
        "y": numbers_of(unit).but("first only").also(Spoilt("one less", lambda x: x[:-1]))}),
    "decompositions.superpose of own": (
        lambda phi, chi, Phi: decompositions.superpose([(phi, chi, Phi)], unit(), unit()), {
        name: OF_X for name in ("phi", "chi", "Phi")}),
    "decompositions by logarithms": (
        lambda x, y, which: decompositions.superpose(getattr(decompositions, which), x, y), {
        "x": numbers_of(unit).but("first only", "zeros").also(Spoilt("zeros", lambda x: 0 * x), ("negative", -unit())),
        "y": numbers_of(unit).but("first only", "zeros").also(Spoilt("zeros", lambda x: 0 * x), ("negative", -unit())),
        "which": Argument(lambda: "QUOTIENT", (Spoilt("product", constant("PRODUCT_BY_LOGARITHMS"), EXTREME),))}),
    **{f"decompositions.{one.__name__}": (one, {"x": numbers_of(unit)})
       for one in (decompositions.same, decompositions.minus)},
    "decompositions.spread": (decompositions.spread, {
        "x": JUMPS, "digits": whole(3, 1, most=9), "place": whole(1, 0, most=1)}),
    "decompositions.gather": (decompositions.gather, {
        "s": integers(lambda: np.array([38, 1234, 990099]), 10**6, shape=False), "digits": whole(3, 1, most=9)}),
    "decompositions.interleaved": (
        lambda f, digits, x, y: decompositions.superpose(decompositions.interleaved(f, digits), x, y), {
        "f": OF_XY, "digits": whole(3, 1, most=9), "x": JUMPS.but("first only"), "y": JUMPS.but("first only")}),
    "koppen.beta": (koppen.beta, {"r": whole(3, 1)}),
    "koppen.psi": (koppen.psi, PSI), "koppen.sprecher": (koppen.sprecher, PSI),
    "koppen.psi of many digits": (lambda k, gamma: koppen.psi(Fraction(1, 2), k, gamma), {
        "k": whole(3, 1),
        "gamma": whole(6, 6, huge=False).but(**{"10^9": EXTREME, "10^30": EXTREME, "10^400": EXTREME})}),
    "koppen.table": (lambda k, gamma, function: koppen.table(k, gamma, function), {
        "k": whole(2, 1), "gamma": whole(6, 6), "function": function(koppen.psi).but(
            "of too few", "of NaN", "of masked", "of one axis more", "of dates").also(
            Spoilt("of floats", lambda f: lambda *a: float(f(*a))))}),
    "Walls": (lambda exponents, room: Walls(exponents, room).sums(X() * 0, Y() * 0), {
        "exponents": EXPONENTS, "room": whole(6, 2)}),
    "Walls.coordinate": (WALLS.coordinate, {"x": from_0_to_1(unit, row=True).also(("a number", 0.5))}),
    "Walls.random": (WALLS.random, {"N": N, "rng": seed()}),
    "Walls.number": (WALLS.number, {"X": ANY_X}),
    "Walls.brick": (WALLS.brick, {"X": ANY_X, "r": R}),
    "Walls.centre": (WALLS.centre, {"i": integers(bricks, 100, shape=False), "q": EACH_Q, "r": R}),
    "Walls.inner": (WALLS.inner, {"X": ANY_X, "axis": AXIS, "r": whole(1, 0, most=2).optional()}),
    "Walls.plateau": (WALLS.plateau, {"i": integers(bricks, 100, shape=False), "q": EACH_Q, "axis": AXIS, "r": R}),
    "Walls.stairs": (WALLS.stairs, {
        "axis": AXIS, "X": whole(int(X()[3]), 0).but("10^9", "uint8", "a whole float").also(("a whole float", 1e9)),
        "cells": whole(2, 0), "r": R}),
    "Walls.sums": (WALLS.sums, {name: one.but("a row", "two columns", "3-D", "a column").also(
        Spoilt("a column", lambda X: X[:, None])) for name, one in PAIR.items()}),
    "Walls.decode": (WALLS.decode, {"sums": integers(sums, 2 * WALLS.W[0], shape=False), "r": R}),
    "Walls of three levels": (lambda X, r: (DEEP.brick(X, r), DEEP.inner(X, 0, r)), {
        "X": integers(lambda: DEEP.coordinate(unit()), DEEP.D, shape=False).but("10^30", "big-endian", "2^63"),
        "r": whole(1, 1).also(("beyond R", 4))}),
    "Superposition": (lambda f, walls, c, x, y, levels: Superposition(f, walls, c)(x, y, levels), {
        "f": OF_XY, "c": real(2 / 7, 0, 0.5, open_ends=True), "levels": LEVELS,
        "walls": anything_else(Walls, ("a number", 0), ("a number", 3), ("exponents", (3, 19))).optional(),
        "x": INNER.but("first only").also(Spoilt("one less", lambda x: x[:-1])),
        "y": INNER.but("first only").also(Spoilt("each with each", lambda x: np.stack([x, x], axis=1)))}),
    "Superposition of three levels": (lambda f, x, levels: machine(f, DEEP)(x, x, levels), {
        "f": OF_XY, "x": JUMPS, "levels": whole(2, 0, most=3).optional()}),
    "Superposition.at": (lambda X, Y, levels: machine().at(X, Y, levels), {**PAIR, "levels": LEVELS}),
    "Superposition.outer": (lambda q, sums, levels: machine().outer(q, sums, levels), {
        "q": Q, "sums": integers(lambda: sums()[:, 2], 2 * WALLS.W[0], shape=False), "levels": LEVELS}),
    "Superposition.spikes": (lambda sums, r: machine().spikes(sums, r), {
        "sums": columns_of_5(sums, 2 * WALLS.W[0]), "r": R}),
    "Superposition.left_over": (lambda f, X, Y, r: machine(f).left_over(X, Y, r), {
        "f": OF_XY, **PAIR, "r": whole(1, 0, most=2)}),
    "Superposition.follow": (lambda f, x, y, levels: machine(f).follow(x, y, levels), {
        "f": OF_XY, "x": real(0.3, 0, 1), "y": real(0.6, 0, 1), "levels": LEVELS}),
    "superposition.trapezoid": (superposition.trapezoid, {
        "beyond": integers(lambda: np.arange(-4, 13), 0, shape=False).but(
            "negative", "beyond", "10^30", "2^63", **{"10^400 inside": EXTREME}).also(
            Spoilt("10^30", lambda x: x.astype(object) + 10**30, EXTREME),
            Spoilt("10^400", lambda x: x.astype(object) + 10**400, EXTREME)),
        "W": whole(4, 1, huge=False).but(**{"10^30": EXTREME, "10^400": EXTREME})}),
    "superposition.walls_for": (lambda cells, levels: superposition.walls_for(cells, levels).sums([0], [0]), {
        "cells": whole(16, 4), "levels": whole(3, 1, most=4)}),
    "superposition.EXAMPLES": (lambda which, x, y: Superposition(superposition.EXAMPLES[which])(x, y), {
        "which": Argument(lambda: "|x - y|", ()), "x": INNER.but("first only"), "y": INNER.but("first only")}),
}  # fmt: skip
