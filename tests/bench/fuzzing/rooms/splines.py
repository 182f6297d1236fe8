"""Lesson 05's functions: knots, B-splines, fits, bases."""

import numpy as np

from kan_edu import BSpline, bspline, splinefit
from kan_edu.splines.bases import Chebyshev, Fourier, GaussianRBF

from ..arguments import EXTREME, Spoilt
from ..arrays import matrix, vector
from ..values import anything_else, real, whole


def inside(N=9):
    return np.linspace(-0.9, 0.9, N)


def t():
    return bspline.uniform_knots(-1, 1, 4, 2)


def c():
    return np.linspace(-1, 2, 6)


UNSORTED = ("first only", "1e30 away", "all alike", "zeros", "2^63", "one huge")  # which no knots can be
KNOTS = vector(t).but(*UNSORTED).also(
    Spoilt("falling", lambda t: t[::-1]), Spoilt("three", lambda t: t[:3]), Spoilt("unsorted", lambda t: np.roll(t, 2)),
    Spoilt("all alike", lambda t: np.ones_like(t)))  # fmt: skip
GRID = vector(lambda: np.linspace(0, 1, 5)).but(*UNSORTED).also(
    Spoilt("falling", lambda t: t[::-1]), Spoilt("one point", lambda t: t[:1]), Spoilt("all alike", np.ones_like))
AT = vector(inside).also(Spoilt("outside the knots", lambda x: x * 100, EXTREME))
C = vector(c, length=True)
K = whole(2, 0)
NU = whole(1, 0).also(Spoilt("beyond k", lambda nu: 3, EXTREME))
X2 = matrix(lambda: np.stack([inside(), inside() / 2], axis=1))

FUNCTIONS = {
    "bspline.uniform_knots": (bspline.uniform_knots, {
        "lo": real(0.0), "hi": real(2.0), "G": whole(4, 1), "k": whole(3, 0)}),
    "bspline.extend_knots": (bspline.extend_knots, {"grid": GRID, "k": K}),
    "bspline.clamped_knots": (bspline.clamped_knots, {"grid": GRID, "k": K}),
    "bspline.domain": (bspline.domain, {"t": KNOTS, "k": K}),
    "bspline.B": (bspline.B, {"x": AT, "m": whole(1, 0), "k": K, "t": KNOTS}),
    "bspline.recursion": (bspline.recursion, {"x": AT, "t": KNOTS, "k": K}),
    "bspline.pyramid": (bspline.pyramid, {"x": AT, "t": KNOTS, "k": K}),
    "bspline.basis": (bspline.basis, {"x": AT, "t": KNOTS, "k": K, "nu": NU}),
    "bspline.local_basis": (bspline.local_basis, {"x": AT, "t": KNOTS, "k": K, "nu": NU}),
    "bspline.evaluate": (bspline.evaluate, {"x": AT, "c": C, "t": KNOTS, "k": K, "nu": NU}),
    "splinefit.fit": (splinefit.fit, {
        "x": vector(lambda: inside(30), length=True), "y": vector(lambda: np.sin(inside(30)), length=True),
        "t": KNOTS, "k": K, "ridge": real(1e-6, 0).optional()}),
    "splinefit.insert_knot": (splinefit.insert_knot, {
        "c": C, "t": KNOTS, "k": K, "x": real(0.3, -1, 1).but("at -1", "at 1")}),
    "splinefit.refine": (splinefit.refine, {
        "c": C, "t": KNOTS, "k": K, "t_new": anything_else(lambda: bspline.uniform_knots(-1, 1, 8, 2),
            Spoilt("not nested", lambda t: t + 0.01), Spoilt("NaN", lambda t: t * np.nan), ("a number", 3),
            Spoilt("falling", lambda t: t[::-1]))}),
    "BSpline": (lambda grid, order, X: BSpline(grid, order).values(X), {
        "grid": anything_else(lambda: np.tile(np.linspace(-1, 1, 6), (2, 1)), ("in a row", np.linspace(0, 1, 5)),
            Spoilt("NaN", lambda g: g * np.nan), Spoilt("falling", lambda g: g[:, ::-1]), ("numerals", [["0", "1"]]),
            Spoilt("one point", lambda g: g[:, :1]), Spoilt("a row less", lambda g: g[:1])),
        "order": whole(3, 0), "X": X2}),
    **{f"{basis.__name__}.values": (lambda X, basis=basis: basis(2, 5).values(X), {"X": X2})
       for basis in (Chebyshev, Fourier, GaussianRBF)},
}  # fmt: skip
