"""The doors of the splines: knots, degrees, samples and grids that cannot be are refused in words."""

import numpy as np
import pytest

from kan_edu.splines import bspline
from kan_edu.splines import fit as splinefit
from kan_edu.splines.bases import BASES, BSpline, Chebyshev, Fourier, GaussianRBF

T, X, C = bspline.uniform_knots(-1, 1, 4, 2), np.linspace(-0.9, 0.9, 5), np.arange(6.0)
GRID = np.tile(np.linspace(-1, 1, 6), (2, 1))
X2 = np.stack([X, X / 2], axis=1)
OF_KNOTS = {
    "domain": bspline.domain, "check_knots": bspline.check_knots, "B": lambda t, k: bspline.B(X, 0, k, t),
    "pyramid": lambda t, k: bspline.pyramid(X, t, k), "basis": lambda t, k: bspline.basis(X, t, k),
    "local_basis": lambda t, k: bspline.local_basis(X, t, k), "evaluate": lambda t, k: bspline.evaluate(X, C, t, k),
    "fit": lambda t, k: splinefit.fit(X, X, t, k), "refine": lambda t, k: splinefit.refine(C, T, k, t),
    "insert_knot": lambda t, k: splinefit.insert_knot(C, t, k, 0.3),
}  # fmt: skip
WRONG_KNOTS = {
    "falling": T[::-1], "unsorted": np.roll(T, 2), "all alike": np.ones(9), "one": T[:1], "none": [],
    "too far": np.linspace(-1.7e308, 1.7e308, 9), "NaN": T * np.nan, "words": ["a"] * 9, "a function": np.sin,
}  # fmt: skip


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("kind", WRONG_KNOTS)
@pytest.mark.parametrize("function", OF_KNOTS)
def test_knots_that_cannot_be_are_refused_by_all(function, kind):
    with pytest.raises(ValueError, match="knot"):
        OF_KNOTS[function](WRONG_KNOTS[kind], 2)


@pytest.mark.parametrize("k", [-1, 2.5, "2", None, True, 10**9, 10**30])
@pytest.mark.parametrize("function", OF_KNOTS)
def test_degrees_that_cannot_be_are_refused_by_all(function, k):
    with pytest.raises(ValueError, match="k is .*; expected a whole number|knots have shape|knots t_0|need knots"):
        OF_KNOTS[function](T, k)


@pytest.mark.parametrize("function", OF_KNOTS)
def test_an_unsigned_degree_is_the_same_degree(function):
    """-1 - k is no uint8."""
    np.testing.assert_equal(OF_KNOTS[function](T, np.uint8(2)), OF_KNOTS[function](T, 2))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("make", [
    lambda: bspline.extend_knots([0, 2, 1], 2), lambda: bspline.extend_knots([1], 2),
    lambda: bspline.extend_knots(1, 2),
    lambda: bspline.clamped_knots([0, 2, 1], 2), lambda: bspline.clamped_knots([0, 0, 1], 2),
    lambda: bspline.extend_knots([0, 1], 10**9), lambda: bspline.clamped_knots([0, 1], 10**30),
    lambda: bspline.uniform_knots(0, 1, 10**9, 3), lambda: bspline.uniform_knots(-1.7e308, 1.7e308, 3, 3),
    lambda: bspline.uniform_knots(0, 1.7e308, 1, 3), lambda: bspline.uniform_knots(1, 1 + 1e-15, 100, 3),
    lambda: bspline.B(0.5, 0, 20, np.arange(60.0)), lambda: bspline.B(0.5, 0, 1, [1, 1, 1, 2]),
])  # fmt: skip
def test_grids_and_degrees_without_knots_are_refused(make):
    with pytest.raises(ValueError, match="[;:]"):
        make()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("call", [
    lambda: bspline.basis(X * 1e-300, T * 1e-300, 2, nu=2), lambda: bspline.pyramid(X * 1e-315, T * 1e-315, 2),
    lambda: bspline.evaluate([1e300], C * 1e300, T, 2),
    lambda: splinefit.insert_knot([np.nan] * 6, T, 2, 0.3),
])  # fmt: skip
def test_results_beyond_float64_are_refused(call):
    with pytest.raises(ValueError, match="[;:]"):
        call()


def test_a_fit_of_large_and_small_numbers_is_the_same_fit():
    """Squares of 1e170 are inf, those of 1e-170 are 0: the curve is fitted near 1, by a power of two."""
    x = np.linspace(-0.9, 0.9, 30)
    c = splinefit.fit(x, np.sin(3 * x), T, 2)
    for size in (2.0**900, 2.0**-900):
        np.testing.assert_array_equal(splinefit.fit(x, size * np.sin(3 * x), T, 2), size * c)


@pytest.mark.parametrize("t_new", [bspline.uniform_knots(-1, 1, 30_000, 2), T[::2]])
def test_refinements_that_are_none_or_would_not_end_are_refused(t_new):
    with pytest.raises(ValueError, match="expected at most 20000|no refinement|knots have shape"):
        splinefit.refine(C, T, 2, t_new)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("basis", BASES.values())
@pytest.mark.parametrize("method", ["values", "slopes", "both"])
@pytest.mark.parametrize("X", [X, X2[:, :1], X2 * np.nan, "ab", [[0, None]], X2 + 1j, X2[:0]])
def test_bases_take_a_column_for_each_input(basis, method, X):
    with pytest.raises(ValueError, match="[;:(]"):
        getattr(basis(GRID, 3), method)(X)


@pytest.mark.parametrize("basis", [BSpline, Chebyshev, Fourier, GaussianRBF])
def test_grids_and_orders_of_bases_have_bounds(basis):
    for grid in (GRID * 1.7e308, GRID * 1e-320, GRID[:, ::-1], GRID[0]):
        with np.errstate(over="ignore"), pytest.raises(ValueError, match="the grid .*[;:]"):
            basis(grid, 3)
    for order in (10**9, 10**30):
        with pytest.raises(ValueError, match="GiB of memory; take a smaller order"):
            basis(GRID, order)


def test_local_takes_a_row_for_each_input():
    for x in (X2, X, X2.T * np.nan, "ab"):
        with pytest.raises(ValueError, match="rows|two dimensions|NaN|text"):
            BSpline(GRID).local(x)
