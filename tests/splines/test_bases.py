"""Each basis by its formula, its slopes by differences, its behaviour outside the range by what it promises."""

import warnings

import numpy as np
import pytest

from kan_edu import KAN
from kan_edu.splines import bspline
from kan_edu.splines.bases import BASES, BSpline, Chebyshev, Fourier, GaussianRBF
from kan_edu.splines.ranges import check_ranges

DEGREES = range(6)
EQUAL = np.stack([np.linspace(-1, 1, 6), np.linspace(0, 3, 6), np.linspace(-10, -9, 6)])
UNEQUAL = np.array([[-1, -0.8, 0, 0.1, 0.4, 1], [0, 1, 1.2, 2, 2.1, 3], [-10, -9.9, -9.7, -9.5, -9.1, -9]])
GRIDS = pytest.mark.parametrize("grid", [EQUAL, UNEQUAL], ids=["equal", "unequal"])
ALL = pytest.mark.parametrize(
    "basis",
    [BSpline(grid, k) for grid in (EQUAL, UNEQUAL) for k in DEGREES]
    + [Chebyshev(EQUAL, 1), Chebyshev(EQUAL, 7), Fourier(EQUAL, 3), GaussianRBF(EQUAL, 8)],
    ids=lambda b: f"{type(b).__name__}-{b.order}",
)


def samples(grid, N=40, beyond=0.4, seed=0):
    """Random X (N, n_in), also `beyond` times the width outside each end; the first rows are ends and far away."""
    lo, hi = grid[:, 0], grid[:, -1]
    X = np.random.default_rng(seed).uniform(lo - beyond * (hi - lo), hi + beyond * (hi - lo), (N, len(grid)))
    return np.concatenate([[lo, hi, lo - 50, hi + 50], X])


def close(found, expected, tolerance=1e-12):
    np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance * max(1, np.abs(expected).max()))


# --------------------------------------------------------------------------------------- definitions


@GRIDS
@pytest.mark.parametrize("k", DEGREES)
def test_bspline_is_each_inputs_own_spline_basis(grid, k):
    basis, X = BSpline(grid, k), samples(grid, beyond=0)[4:]
    assert (basis.M, basis.G, basis.order) == (5 + k, 5, k)
    for i, row in enumerate(grid):
        t = bspline.extend_knots(row, k)
        close(basis.values(X)[:, i], bspline.basis(X[:, i], t, k))
        close(basis.slopes(X)[:, i], bspline.basis(X[:, i], t, k, nu=1))


def test_chebyshev_is_cos_r_arccos_u():
    basis, X = Chebyshev(EQUAL, 7), samples(EQUAL, beyond=0)[4:]
    u = 2 * (X - EQUAL[:, 0]) / (EQUAL[:, -1] - EQUAL[:, 0]) - 1
    assert basis.M == 8
    close(basis.values(X), np.cos(np.arange(8) * np.arccos(u)[:, :, None]))


def test_fourier_is_one_and_cos_and_sin_of_whole_periods():
    basis, X = Fourier(EQUAL, 3), samples(EQUAL)[4:]
    share = ((X - EQUAL[:, 0]) / (EQUAL[:, -1] - EQUAL[:, 0]))[:, :, None]
    angles = 2 * np.pi * share * [1, 2, 3]
    assert basis.M == 7
    close(basis.values(X), np.concatenate([np.ones_like(share), np.cos(angles), np.sin(angles)], axis=2))


def test_gaussians_stand_on_equal_centres_one_step_wide():
    basis, X = GaussianRBF(EQUAL, 8), samples(EQUAL)[4:]
    assert basis.M == 8
    for i, row in enumerate(EQUAL):
        centres, h = np.linspace(row[0], row[-1], 8), (row[-1] - row[0]) / 7
        close(basis.values(X)[:, i], np.exp(-(((X[:, i, None] - centres) / h) ** 2)))


# ------------------------------------------------------------------------------- slopes, local form


@ALL
def test_slopes_against_differences_inside_and_outside(basis):
    X, h = samples(basis.grid, N=200)[4:], 1e-5
    assert np.abs(X[:, :, None] - basis.grid).min() > h, "a sample on a kink: choose another seed"
    X[:2] = basis.grid[:, 0] - 2, basis.grid[:, -1] + 2
    slopes, differences = basis.slopes(X), (basis.values(X + h) - basis.values(X - h)) / (2 * h)
    for i in range(X.shape[1]):  # each input has a scale of its own
        close(slopes[:, i], differences[:, i], 1e-6)


@GRIDS
@pytest.mark.parametrize("k", DEGREES)
def test_local_form_agrees_with_all_functions_also_on_knots_and_outside(grid, k):
    basis = BSpline(grid, k)
    X = np.concatenate([samples(grid), grid.T])
    first, values, slopes = basis.local(X.T)
    assert (first >= 0).all() and (first + k < basis.M).all()
    full, full_slopes = np.zeros((2, basis.M, *X.T.shape))
    np.put_along_axis(full, first + np.arange(k + 1)[:, None, None], values, axis=0)
    np.put_along_axis(full_slopes, first + np.arange(k + 1)[:, None, None], slopes, axis=0)
    close(full.transpose(2, 1, 0), basis.values(X))
    if k == 1:  # on a kink, left and right slope are both right
        X, full_slopes = X[:-6], full_slopes[..., :-6]
    close(full_slopes.transpose(2, 1, 0) * basis.per_step, basis.slopes(X))  # local slopes are per grid step


@GRIDS
def test_local_form_also_when_every_sample_is_inside(grid):
    basis, X = BSpline(grid, 3), samples(grid, beyond=0)[4:]
    first, values, _ = basis.local(X.T)
    close(np.take_along_axis(basis.values(X).transpose(2, 1, 0), first + np.arange(4)[:, None, None], 0), values)


@pytest.mark.parametrize("kind", BASES.values())
def test_a_basis_keeps_a_grid_of_its_own(kind):
    g = np.linspace(-1, 1, 6)[None]
    basis, x = kind(g), np.array([[0.3]])
    before = basis.values(x)
    g += 7
    assert np.array_equal(basis.values(x), before) and not np.shares_memory(basis.grid, g)


def test_constants_jump_exactly_at_the_grid_points():
    """k = 0: one unit of rounding in the interval's index would be a step of one whole interval."""
    for G in range(1, 60):
        grid = np.linspace(-1, 1, G + 1)[None]
        first, _, _ = BSpline(grid, 0).local(grid)
        assert first[0].tolist() == [*range(G), G - 1]


def test_equal_intervals_are_recognised():
    assert BSpline(EQUAL, 3).uniform
    assert not BSpline(UNEQUAL, 3).uniform
    assert not BSpline(np.stack([EQUAL[0], UNEQUAL[0]]), 3).uniform  # one uneven input is enough


@pytest.mark.parametrize("grid", [EQUAL, UNEQUAL], ids=["equal", "unequal"])
def test_nan_from_the_layer_before_is_named(grid):
    x = samples(grid).T
    x[1, 3] = np.nan
    with pytest.raises(FloatingPointError, match="received NaN: numbers overflow before it"):
        BSpline(grid, 3)._local(x)


def test_many_inputs_are_taken_some_at_a_time_without_a_seam():
    grid = np.tile(np.linspace(-1, 1, 41), (60, 1))
    X = np.random.default_rng(0).uniform(-1, 1, (100, 60))
    values = BSpline(grid, 3).values(X)
    for i in (0, 13, 14, 15, 59):
        close(values[:, i], bspline.basis(X[:, i], bspline.extend_knots(grid[i], 3), 3))


# ----------------------------------------------------------------------------------- outside the range


@pytest.mark.parametrize("basis", [BSpline(EQUAL, 3), BSpline(UNEQUAL, 1), BSpline(EQUAL, 5), Chebyshev(EQUAL, 7)])
@pytest.mark.parametrize("end", [0, -1])
def test_splines_and_chebyshev_go_on_as_the_tangent(basis, end):
    """Values and slopes just inside, at the end and outside lie on one straight line."""
    at = basis.grid[:, end][None]
    outward = 1 if end else -1
    value, slope = basis.values(at), basis.slopes(at)
    inside = at - outward * 1e-7
    np.testing.assert_allclose(basis.slopes(inside), slope, atol=1e-3)
    for distance in (1e-9, 0.3, 7, 1e6):
        X = at + outward * distance
        close(basis.values(X), value + (X - at)[:, :, None] * slope)
        close(basis.slopes(X), slope)


def test_constants_stay_constant_outside():
    basis = BSpline(EQUAL, 0)
    close(basis.values(EQUAL[:, :1].T - 5), basis.values(EQUAL[:, :1].T))
    assert (basis.slopes(samples(EQUAL)) == 0).all()


def test_fourier_repeats_outside():
    basis, X = Fourier(EQUAL, 3), samples(EQUAL)[4:]
    width = EQUAL[:, -1] - EQUAL[:, 0]
    close(basis.values(X + 2 * width), basis.values(X))
    close(basis.values(EQUAL[:, :1].T), basis.values(EQUAL[:, -1:].T))


def test_gaussians_fall_to_zero_outside():
    basis = GaussianRBF(EQUAL, 8)
    assert np.abs(basis.values(EQUAL[:, -1:].T + 20)).max() < 1e-300


@ALL
def test_functions_of_one_input_do_not_see_the_others(basis):
    X = samples(basis.grid)
    Z = X.copy()
    Z[:, [0, 2]] = np.random.default_rng(1).uniform(-1, 1, (len(X), 2))
    np.testing.assert_array_equal(basis.values(X)[:, 1], basis.values(Z)[:, 1])
    np.testing.assert_array_equal(basis.slopes(X)[:, 1], basis.slopes(Z)[:, 1])


# ------------------------------------------------------------------------------------------ refusals


@pytest.mark.parametrize("kind", BASES)
@pytest.mark.parametrize(
    ("grid", "words"),
    [
        ([0, 1, 2], r"grid has shape \(3,\); expected \(n_in, points\)"),
        ([[0], [1]], r"shape \(2, 1\); expected \(n_in, points\) with at least 2 points"),
        ([[0, 1, 2], [0, 1, 1]], r"grid of input 1 is not strictly increasing.*needs distinct points"),
        ([[0, 2, 1], [0, 1, 2]], "grid of input 0 is not strictly increasing"),
        ([[0, 1, np.nan]], r"the grid holds 1 value that is NaN or inf \(the first at index \(0, 2\)\)"),
        ([[0, 1, np.inf]], "the grid holds 1 value that is NaN or inf"),
    ],
)
def test_a_grid_that_cannot_be_is_refused(kind, grid, words):
    with pytest.raises(ValueError, match=words):
        BASES[kind](grid)


@pytest.mark.parametrize(
    ("kind", "order", "words"),
    [
        (BSpline, -1, "k is -1; expected a whole number >= 0"),
        (BSpline, 2.5, "k is 2.5"),
        (Chebyshev, 0, "the degree is 0; expected a whole number >= 1"),
        (Fourier, 0, "the number of frequencies is 0; expected a whole number >= 1"),
        (GaussianRBF, 1, "the number of centres is 1; expected a whole number >= 2"),
    ],
)
def test_an_order_that_cannot_be_is_refused(kind, order, words):
    with pytest.raises(ValueError, match=words):
        kind(EQUAL, order)


@pytest.mark.parametrize(("lo", "hi", "words"), [
    ([0, 2], [1, 1], r"the range of input 1 is \[2, 1\]; expected lo < hi"),
    (-1, [0, -1], r"the range of input 1 is \[-1, -1\]; expected lo < hi"),
    ([0, np.nan], 1, "lo holds 1 value that is NaN or inf"),
    (0, [1, np.inf], "hi holds 1 value that is NaN or inf"),
    ([0, 0, 0], 1, r"lo has shape \(3,\); expected one number, or one for each of 2 inputs"),
    (0, [[1, 1]], r"hi has shape \(1, 2\); expected one number"),
    (["a", "b"], 1, "lo holds text"),
    (0, None, r"the range is \[0, None\]; expected two finite numbers"),
    (np.nan, 1, r"the range is \[nan, 1\]"),
])  # fmt: skip
def test_ranges_are_for_all_inputs_or_one_for_each(lo, hi, words):
    assert np.array_equal(check_ranges(0, [1, 2], 2), [[0, 0], [1, 2]])
    assert np.array_equal(check_ranges(np.float32(-1), np.array(3), 2), [[-1, -1], [3, 3]])
    with pytest.raises(ValueError, match=words):
        check_ranges(lo, hi, 2)


@pytest.mark.parametrize(("lo", "hi", "words"), [
    (-1e308, 1e308, r"the range of input 0 is \[-1e\+308, 1e\+308\], too wide for float64"),
    ([0, -1e308], [1, 1e308], "the range of input 1 is .*, too wide for float64"),
    (0, 5e-324, r"the range of input 0 is \[0.0, 5e-324\], too narrow for 6 points in float64; scale X to about 1"),
    (0, 1e-308, "too narrow for 6 points"), (1, 1 + 4e-16, "too narrow for 6 points"),
    (-8e307, 8e307, "too wide for float64"),
])  # fmt: skip
@pytest.mark.parametrize("kind", BASES)
def test_a_range_that_float64_cannot_divide_is_called_by_its_name(kind, lo, hi, words):
    with warnings.catch_warnings(), pytest.raises(ValueError, match=words):
        warnings.simplefilter("error")
        KAN([2, 1], lo=lo, hi=hi, basis=kind)
