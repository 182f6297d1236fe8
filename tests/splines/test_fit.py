"""Coefficients from data by least squares, and from a coarser spline exactly."""

import numpy as np
import pytest
import scipy.linalg
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import make_lsq_spline

from kan_edu.splines import bspline
from kan_edu.splines import fit as splinefit
from tests.knots import knot_vectors, points

EXAMPLES = settings(max_examples=60)
rng = np.random.default_rng


def noisy_wave(N=200):
    x = np.sort(rng(0).uniform(-1, 1, N))
    return x, np.sin(4 * x) + rng(1).normal(0, 0.1, N)


# ------------------------------------------------------------------------------------ least squares


@pytest.mark.parametrize("k", range(6))
def test_fit_is_the_least_squares_spline_of_scipy(k):
    x, y = noisy_wave()
    t = bspline.clamped_knots(np.linspace(-1, 1, 8), k)
    expected = make_lsq_spline(x, y, t, k).c if k else scipy.linalg.lstsq(bspline.basis(x, t, k), y)[0]
    np.testing.assert_allclose(splinefit.fit(x, y, t, k, ridge=0), expected, rtol=0, atol=1e-12)
    np.testing.assert_allclose(splinefit.fit(x, y, t, k, ridge=1e-12), expected, rtol=0, atol=1e-9)
    np.testing.assert_allclose(splinefit.fit(x, y, t, k), expected, rtol=0, atol=0.05)  # what is noise is weighed


@pytest.mark.parametrize("ridge", [1e-8, 1e-2, 10.0])
def test_ridge_minimises_what_the_docstring_says(ridge):
    x, y = noisy_wave(60)
    t, k = bspline.uniform_knots(-1, 1, G=6, k=3), 3
    A = bspline.basis(x, t, k)
    scale = (A**2).mean()  # mean square of a basis function over the samples
    expected = scipy.linalg.solve(A.T @ A / len(x) + ridge * scale * np.eye(9), A.T @ y / len(x))
    np.testing.assert_allclose(splinefit.fit(x, y, t, k, ridge), expected, rtol=0, atol=1e-7)


def test_coefficients_that_no_sample_reaches_stay_zero_and_spoil_nothing():
    """Samples on the left half only: without a ridge the equations have no single solution."""
    t, k, x = bspline.uniform_knots(-1, 1, G=20, k=3), 3, np.linspace(-1, 0, 300)
    c = splinefit.fit(x, np.exp(x), t, k, ridge=1e-12)
    reached = (bspline.basis(x, t, k) > 0).any(axis=0)
    assert not reached.all()
    np.testing.assert_allclose(c[~reached], 0, atol=1e-12)
    assert np.abs(c).max() < 10
    np.testing.assert_allclose(bspline.evaluate(x, c, t, k), np.exp(x), atol=1e-5)


def test_by_default_coefficients_that_no_sample_reaches_are_the_mean():
    t, k, x = bspline.uniform_knots(-1, 1, G=20, k=3), 3, np.linspace(-1, 0, 300)
    c = splinefit.fit(x, 1000 + np.exp(x), t, k)
    reached = (bspline.basis(x, t, k) > 0).any(axis=0)
    np.testing.assert_allclose(c[~reached], 1000 + np.exp(x).mean(), atol=1e-9)
    np.testing.assert_allclose(bspline.evaluate(x, c, t, k), 1000 + np.exp(x), atol=1e-5)


@pytest.mark.parametrize(("N", "worst", "mean"), [(200, 0.1, 0.05), (60, 1.5, 0.3), (20, 2.0, 0.8)])
def test_by_default_no_coefficient_runs_away(N, worst, mean):
    """Random samples with noise 0.1, 33 coefficients: with next to no ridge the worst of 60 errors is 23 at N = 200."""
    f, places, t = lambda x: np.sin(np.pi * x), np.linspace(-1, 1, 401), bspline.uniform_knots(-1, 1, 30, 3)
    errors = []
    for draw in range(60):
        noise = rng(draw)
        x = noise.uniform(-1, 1, N)
        c = splinefit.fit(x, f(x) + 0.1 * noise.normal(size=N), t, 3)
        errors.append(np.sqrt(np.mean((bspline.evaluate(places, c, t, 3) - f(places)) ** 2)))
    assert max(errors) < worst and np.mean(errors) < mean


@pytest.mark.parametrize("scale", [1e-150, 1e-6, 1.0, 1e6])
def test_the_default_ridge_goes_with_the_scale_of_the_data(scale):
    x, y = noisy_wave(60)
    t = bspline.uniform_knots(-1, 1, G=20, k=3)
    np.testing.assert_allclose(splinefit.fit(x, scale * y, t, 3), scale * splinefit.fit(x, y, t, 3), rtol=1e-8)
    t_far = bspline.uniform_knots(-1000, 1000, G=20, k=3)
    np.testing.assert_allclose(splinefit.fit(1000 * x, y + 7, t_far, 3), splinefit.fit(x, y, t, 3) + 7, atol=1e-8)


def test_exact_data_are_met_by_default():
    """The error still falls like G^-4: the ridge is measured, and finds no noise."""
    x, f = np.linspace(-1, 1, 2001), lambda x: np.exp(x) * np.sin(3 * x)
    t = bspline.uniform_knots(-1, 1, G=80, k=3)
    assert np.abs(bspline.evaluate(x, splinefit.fit(x, f(x), t, 3), t, 3) - f(x)).max() < 2e-7


def test_fit_without_ridge_takes_the_solution_of_least_norm():
    t, k, x = bspline.uniform_knots(-1, 1, G=20, k=3), 3, np.array([-0.5, 0.1, 0.7])
    expected = np.linalg.pinv(bspline.basis(x, t, k)) @ [1, 2, 3]
    np.testing.assert_allclose(splinefit.fit(x, [1, 2, 3], t, k, ridge=0), expected, atol=1e-12)


@EXAMPLES
@given(knot_vectors(ends=("clamped", "extended")), st.integers(0, 5))
def test_fit_finds_a_polynomial_of_degree_k_or_less_exactly(knots, degree):
    t, k = knots
    x = points(t, k, per_interval=6)
    y = ((x - t[k]) / (t[-1] - t[0])) ** min(degree, k)
    c = splinefit.fit(x, y, t, k)
    np.testing.assert_allclose(bspline.evaluate(x, c, t, k), y, atol=1e-6)


def test_fit_serves_many_curves_at_once():
    x, y = noisy_wave()
    t, Y = bspline.uniform_knots(-1, 1, G=5, k=3), np.stack([y, np.cos(x), x], axis=1)
    together = splinefit.fit(x, Y, t, 3)
    assert together.shape == (8, 3)
    for q in range(3):
        np.testing.assert_allclose(together[:, q], splinefit.fit(x, Y[:, q], t, 3), atol=1e-12)


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ([0.1, 0.2], [1.0], r"x has shape \(2,\) and y \(1,\); expected N > 0 numbers in x and N rows in y"),
        ([], [], r"x has shape \(0,\)"),
        ([[0.1, 0.2]], [1.0], r"x has shape \(1, 2\)"),
        ([0.1, 0.2], [[[1.0]], [[2.0]]], r"x has shape \(2,\) and y \(2, 1, 1\)"),
        ([0.1, np.nan], [1.0, 2.0], r"x holds 1 value that is NaN or inf \(the first at index \(1,\)\)"),
        ([0.1, 0.2], [np.inf, 2.0], "y holds 1 value that is NaN or inf"),
        ([10.0, 20.0], [1.0, 2.0], r"2 of 2 samples lie outside the knots' domain \[0.0, 1.0\]; leave them out"),
    ],
)
def test_fit_refuses_what_it_cannot_fit(x, y, words):
    with pytest.raises(ValueError, match=words):
        splinefit.fit(x, y, bspline.uniform_knots(0, 1, G=3, k=2), 2)


def test_samples_beyond_the_ends_by_rounding_are_at_the_ends():
    t = bspline.uniform_knots(0, 1, G=3, k=2)
    x = np.linspace(0, 1, 30)
    np.testing.assert_allclose(splinefit.fit(x * (1 + 1e-15), x**2, t, 2), splinefit.fit(x, x**2, t, 2), atol=1e-12)
    with pytest.raises(ValueError, match="1 of 30 samples lie outside"):
        splinefit.fit(x * (1 + 1e-6), x**2, t, 2)


@pytest.mark.parametrize("ridge", [-1, np.nan, np.inf, "1", True])
def test_a_ridge_is_a_number_from_zero(ridge):
    with pytest.raises(ValueError, match="^ridge is .*; expected a finite number from 0, such as 1e-06"):
        splinefit.fit([0.1], [1.0], bspline.uniform_knots(0, 1, 3, 2), 2, ridge)


# ----------------------------------------------------------------------------------- knot insertion


def same_curve(c, t, c_new, t_new, k, tolerance=1e-12):
    """The curve and its first derivative agree on the old domain, for every row of c."""
    x = points(t, k)
    for old, new in zip(c.reshape(-1, c.shape[-1]), c_new.reshape(-1, c_new.shape[-1]), strict=True):
        for nu in (0, 1):
            expected = bspline.evaluate(x, old, t, k, nu)
            found = bspline.evaluate(x, new, t_new, k, nu)
            size = np.abs(bspline.basis(x, t_new, k, nu)).sum(axis=1).max()
            np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance * max(1, size))


def where_allowed(t, k, shares):
    """Places inside the domain, on old knots and between them, at which t can take one more knot."""
    lo, hi = bspline.domain(t, k)
    for share in shares:
        x = lo + share / 16 * (hi - lo)
        if lo < x < hi and (t == x).sum() <= k:
            yield x


@EXAMPLES
@given(knot_vectors(ends=("clamped", "extended")), st.lists(st.integers(0, 16), max_size=6))
def test_inserting_knots_keeps_the_curve(knots, shares):
    t, k = knots
    c = rng(0).normal(size=(2, len(t) - 1 - k))
    c_new, t_new = c, t
    for share in shares:
        for x in where_allowed(t_new, k, [share]):
            c_new, t_new = splinefit.insert_knot(c_new, t_new, k, x)
    assert c_new.shape == (2, len(t_new) - 1 - k)
    same_curve(c, t, c_new, t_new, k)


@pytest.mark.parametrize("x", [0.0, 1.0], ids=str)
def test_a_knot_at_an_end_of_the_domain_keeps_curve_and_domain_too(x):
    t, c = bspline.uniform_knots(0, 1, G=4, k=3), rng(0).normal(size=7)
    c_new, t_new = splinefit.insert_knot(c, t, 3, x)
    same_curve(c, t, c_new, t_new, 3)
    assert bspline.domain(t_new, 3) == (0, 1)
    far = np.array([-1.0, 2.0])
    np.testing.assert_allclose(bspline.evaluate(far, c_new, t_new, 3), bspline.evaluate(far, c, t, 3), atol=1e-12)


@pytest.mark.parametrize("x", [-0.3, 1.2, -0.75, 1.75], ids=str)
def test_a_knot_beyond_the_domain_would_move_its_end(x):
    with pytest.raises(ValueError, match=rf"the new knot {x} lies outside the domain \[0.0, 1.0\], and would move its"):
        splinefit.insert_knot(np.ones(7), bspline.uniform_knots(0, 1, G=4, k=3), 3, x)


def test_insertion_changes_only_the_k_coefficients_around_the_new_knot():
    t, c = bspline.uniform_knots(0, 1, G=10, k=3), rng(0).normal(size=13)
    c_new, _ = splinefit.insert_knot(c, t, 3, 0.55)  # between t_8 and t_9: k = 3 new averages, c_6 .. c_8
    assert c_new[:6].tolist() == c[:6].tolist()
    assert c_new[9:].tolist() == c[8:].tolist()
    assert not np.isin(c_new[6:9], c).any()


def test_inserting_one_knot_k_times_lets_the_curve_pass_through_a_coefficient():
    t, c, k = bspline.uniform_knots(0, 1, G=3, k=3), rng(0).normal(size=6), 3
    expected = bspline.evaluate([0.4], c, t, k)[0]
    for _ in range(k):
        c, t = splinefit.insert_knot(c, t, k, 0.4)
    assert np.abs(c - expected).min() < 1e-14


@pytest.mark.parametrize(
    ("x", "words"),
    [(-0.1, r"new knot -0.1 lies outside the domain \[0.0, 1.0\]"),
     (np.nan, "the new knot is nan; expected a finite number"),
     (0.0, r"the knot 0.0 already stands k\+1 = 4 times")],
)  # fmt: skip
def test_knots_that_cannot_be_inserted_are_refused(x, words):
    t = bspline.clamped_knots(np.linspace(0, 1, 4), 3)
    with pytest.raises(ValueError, match=words):
        splinefit.insert_knot(np.ones(6), t, 3, x)
    with pytest.raises(ValueError, match=r"c has shape \(5,\); 10 knots of degree 3 need \(..., 6\)"):
        splinefit.insert_knot(np.ones(5), t, 3, 0.5)


# --------------------------------------------------------------------------------------- refinement


@EXAMPLES
@given(knot_vectors(ends=("clamped", "extended")), st.lists(st.integers(1, 15), max_size=8))
def test_refining_keeps_the_curve_on_any_knots(knots, shares):
    t, k = knots
    t_new = t
    for share in shares:
        for x in where_allowed(t_new, k, [share]):
            t_new = np.sort(np.append(t_new, x))
    c = rng(0).normal(size=(2, 3, len(t) - 1 - k))  # leading axes stay
    c_new = splinefit.refine(c, t, k, t_new)
    assert c_new.shape == (2, 3, len(t_new) - 1 - k)
    same_curve(c, t, c_new, t_new, k)


@pytest.mark.parametrize("k", range(6))
@pytest.mark.parametrize("parts", [1, 2, 3, 7])
@pytest.mark.parametrize("grid", [np.linspace(-1, 1, 6), np.array([0, 0.1, 0.5, 0.6, 2.0]), 1e3 + np.arange(4) / 8])
def test_dividing_every_interval_keeps_the_curve_to_rounding(k, parts, grid):
    """Extended knots: the new outer knots lie closer than the old ones, and the old ones fall away."""
    finer = np.unique(np.concatenate([np.linspace(a, b, parts + 1) for a, b in zip(grid, grid[1:], strict=False)]))
    t, t_new = bspline.extend_knots(grid, k), bspline.extend_knots(finer, k)
    c = rng(0).normal(size=(2, len(t) - 1 - k))
    same_curve(c, t, splinefit.refine(c, t, k, t_new), t_new, k, tolerance=1e-12)


@pytest.mark.parametrize("k", range(1, 6))
def test_extended_knots_can_become_clamped_ones(k):
    grid = np.linspace(-1, 1, 5)
    t, t_new = bspline.extend_knots(grid, k), bspline.clamped_knots(grid, k)
    c = rng(0).normal(size=4 + k)
    c_new = splinefit.refine(c, t, k, t_new)
    same_curve(c, t, c_new, t_new, k)
    np.testing.assert_allclose(c_new[[0, -1]], bspline.evaluate([-1, 1], c, t, k), atol=1e-14)


@pytest.mark.parametrize("end", [0.0, 1.0])
def test_the_end_of_the_domain_may_become_a_double_knot(end):
    t, c = bspline.uniform_knots(0, 1, G=4, k=3), rng(0).normal(size=7)
    expected, t_new = splinefit.insert_knot(c, t, 3, end)
    np.testing.assert_allclose(splinefit.refine(c, t, 3, t_new), expected, atol=1e-15)



@pytest.mark.parametrize(
    "t_new",
    [
        bspline.uniform_knots(0, 1, G=5, k=3),  # 4 intervals do not fit into 5
        bspline.uniform_knots(0, 2, G=8, k=3),
        bspline.uniform_knots(-1, 1, G=8, k=3),
        bspline.uniform_knots(0.25, 1, G=3, k=3),
        np.delete(bspline.uniform_knots(0, 1, G=4, k=3), 5),  # an old knot is missing
        bspline.uniform_knots(0, 1, G=4, k=3)[1:],  # the domain would begin later
        bspline.uniform_knots(0, 1, G=4, k=3)[:-1],
    ],
    ids=["G=5", "wider", "wider left", "narrower", "a knot missing", "first missing", "last missing"],
)
def test_knots_that_are_no_refinement_are_refused(t_new):
    t = bspline.uniform_knots(0, 1, G=4, k=3)
    with pytest.raises(ValueError, match=r"no refinement of the old on \[0.0, 1.0\]: keep every old knot"):
        splinefit.refine(np.ones(7), t, 3, t_new)


def test_a_missing_knot_is_noticed_far_from_zero_too():
    """Knots 1e-4 apart at 1000: a tolerance relative to the knots' values would take neighbours for equal."""
    t = 1000 + bspline.uniform_knots(0, 4e-4, G=4, k=3)
    with pytest.raises(ValueError, match="no refinement"):
        splinefit.refine(np.ones(7), t, 3, np.append(np.delete(t, 5), t[-1] + 1e-4))
