"""Lesson 05's functions: knots, B-splines, fits, bases."""

import numpy as np

from kan_edu import BSpline, bspline, splinefit
from kan_edu.splines.bases import Chebyshev, Fourier, GaussianRBF

from ..arguments import EXTREME, Spoilt
from ..arrays import matrix, vector
from ..values import real, whole


def inside(N=9):
    return np.linspace(-0.9, 0.9, N)


def t():
    return bspline.uniform_knots(-1, 1, 4, 2)


def c():
    return np.linspace(-1, 2, 6)


def two_inputs():
    return np.stack([inside(), inside() / 2], axis=1)


def grid_of_two():
    return np.tile(np.linspace(-1, 1, 6), (2, 1))


UNSORTED = ("first only", "1e30 away", "all alike", "zeros", "2^63", "one huge")  # which no knots can be
ORDER = (Spoilt("falling", lambda t: t[::-1]), Spoilt("unsorted", lambda t: np.roll(t, 2)),
         Spoilt("all alike", lambda t: np.ones_like(t)), Spoilt("zeros", lambda t: np.zeros_like(t)),
         Spoilt("1e30 away", lambda t: t + 1e30),
         Spoilt("too far apart", lambda t: np.linspace(-1.7e308, 1.7e308, len(t))))  # fmt: skip
KNOTS = vector(t).but(*UNSORTED).also(
    *ORDER, Spoilt("three", lambda t: t[:3]), Spoilt("one", lambda t: t[:1]),
    Spoilt("twice each", lambda t: np.repeat(t, 2)[: len(t)], EXTREME),  # legal, and another spline
    Spoilt("next to each other", lambda t: t * 1e-320, EXTREME))  # fmt: skip
GRID = vector(lambda: np.linspace(0, 1, 5)).but(*UNSORTED).also(*ORDER, Spoilt("one point", lambda t: t[:1]))
# (..., G+1): a row, two equal rows, and more axes are legal; a column is a grid of one point for many inputs.
GRIDS = GRID.but(a_column="refuse", a_row=EXTREME, **{"3-D": "refuse", "two columns": "refuse"})
AT = vector(inside).also(Spoilt("outside the knots", lambda x: x * 100, EXTREME),
                         Spoilt("a number", lambda x: 0.5, EXTREME)).but(
    empty=EXTREME, an_empty_list=EXTREME)  # fmt: skip
ANY_SHAPE = AT.but(  # B's x and result are of one shape, whichever
    "a column", "a row", "two columns", "3-D", empty="refuse", an_empty_list="refuse")
C = vector(c, length=True)
ROWS_OF_C = C.but("a column", "a row", "3-D")  # (..., G+k): many curves at once
K = whole(2, 0)
NU = whole(1, 0, huge=False).also(Spoilt("beyond k", lambda nu: 3, EXTREME)).but(
    **{"10^30": EXTREME, "10^9": EXTREME, "10^400": EXTREME})  # fmt: skip
X2 = matrix(two_inputs).also(Spoilt("far outside", lambda X: X * 1e6, EXTREME))
GRID2 = matrix(grid_of_two, columns=False).but(
    "1e30 away", "all alike", "zeros", "2^63", "one huge", first_only="refuse", in_a_row="refuse").also(
    Spoilt("falling", lambda g: g[:, ::-1]), Spoilt("one point", lambda g: g[:, :1]),
    Spoilt("one row falling", lambda g: g * [[1], [-1]]), Spoilt("all alike", np.ones_like),
    Spoilt("zeros", np.zeros_like), Spoilt("1e30 away", lambda g: g + 1e30),
    Spoilt("too far apart", lambda g: g * 1.7e308), Spoilt("next to each other", lambda g: g * 1e-320, EXTREME),
    Spoilt("a row more", lambda g: np.vstack([g, g[:1]])))  # fmt: skip
Y = vector(lambda: np.sin(inside(30)), length=True).but("two columns")  # (N, q) are many curves at once

FUNCTIONS = {
    "bspline.uniform_knots": (bspline.uniform_knots, {
        "lo": real(0.0).also(("beyond hi", 3.0), ("at hi", 2.0), Spoilt("just below hi", lambda _: 2 - 1e-15, EXTREME)),
        "hi": real(2.0), "G": whole(4, 1), "k": whole(3, 0)}),
    "bspline.extend_knots": (bspline.extend_knots, {"grid": GRIDS, "k": K}),
    "bspline.clamped_knots": (bspline.clamped_knots, {"grid": GRID, "k": K}),
    "bspline.domain": (bspline.domain, {"t": KNOTS, "k": K}),
    "bspline.check_knots": (bspline.check_knots, {"t": KNOTS, "k": K}),
    "bspline.B": (bspline.B, {
        "x": ANY_SHAPE, "m": whole(1, 0).also(("beyond the last", 6)),
        "k": K, "t": KNOTS}),
    "bspline.B of degree 20": (lambda k: bspline.B(0.5, 0, k, np.arange(60.0)), {"k": whole(3, 0, most=57)}),
    "bspline.pyramid": (bspline.pyramid, {"x": AT, "t": KNOTS, "k": K}),
    "bspline.basis": (bspline.basis, {"x": AT, "t": KNOTS, "k": K, "nu": NU}),
    "bspline.local_basis": (bspline.local_basis, {"x": AT, "t": KNOTS, "k": K, "nu": NU}),
    "bspline.evaluate": (bspline.evaluate, {"x": AT, "c": C, "t": KNOTS, "k": K, "nu": NU}),
    "splinefit.fit": (splinefit.fit, {
        "x": vector(lambda: inside(30), length=True).also(Spoilt("outside the knots", lambda x: x * 100)), "y": Y,
        "t": KNOTS, "k": K, "ridge": real(1e-6, 0).optional()}),
    "splinefit.fit, measured ridge": (lambda x, y: splinefit.fit(x, y, t(), 2), {
        "x": vector(lambda: inside(30), length=True), "y": Y}),
    "splinefit.insert_knot": (splinefit.insert_knot, {
        "c": ROWS_OF_C, "t": KNOTS, "k": K, "x": real(0.3, -1, 1).but("at -1", "at 1")}),
    "splinefit.refine": (splinefit.refine, {
        "c": ROWS_OF_C, "t": KNOTS, "k": K,
        "t_new": vector(lambda: bspline.uniform_knots(-1, 1, 8, 2)).but(*UNSORTED).also(
            *ORDER, Spoilt("not nested", lambda t: t + 0.01), ("a number", 3), Spoilt("half", lambda t: t[::2]))}),
    **{f"BSpline.{name}": (
        lambda grid, order, X, name=name: getattr(BSpline(grid, order), name)(X),
        {"grid": GRID2, "order": whole(3, 0), "X": X2}) for name in ("values", "slopes", "both")},
    "BSpline.local": (lambda grid, order, x: BSpline(grid, order).local(x), {
        "grid": GRID2, "order": whole(3, 0),
        "x": matrix(lambda: two_inputs().T, columns=False).but(first_only="refuse").also(
            Spoilt("transposed", lambda X: X.T), Spoilt("a row more", lambda X: np.vstack([X, X])))}),
    **{f"{basis.__name__}.{name}": (
        lambda grid, order, X, basis=basis, name=name: getattr(basis(grid, order), name)(X),
        {"grid": GRID2, "order": whole(5, 2 if basis is GaussianRBF else 1), "X": X2})
       for basis in (Chebyshev, Fourier, GaussianRBF) for name in ("values", "slopes", "both")},
}  # fmt: skip
