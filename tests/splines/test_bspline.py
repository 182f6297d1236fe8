"""B-splines against scipy, against each other in their three forms, and by the properties that books list."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.interpolate import BSpline as ScipyBSpline

from kan_edu.splines import bspline, coxdeboor
from kan_edu.splines.bases import BSpline
from tests.knots import from_the_left, inner_knots, knot_vectors, points

DEGREES = range(6)
EXAMPLES = settings(max_examples=60)


def scattered(first, values, M):
    """local_basis's k+1 values written among zeros: (N, M), to compare with `basis`."""
    full = np.zeros((len(first), M))
    np.put_along_axis(full, first[:, None] + np.arange(values.shape[1]), values, axis=1)
    return full


def close(found, expected, tolerance=1e-12):
    """Equal to within `tolerance` of the largest expected entry (or of 1)."""
    np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance * max(1, np.abs(expected).max()))


# ---------------------------------------------------------------------------------- the three forms


def textbook(x, t, k):
    return np.stack([bspline.B(x, m, k, t) for m in range(len(t) - 1 - k)], axis=1)


@EXAMPLES
@given(knot_vectors(ends=("clamped", "extended")))
def test_three_forms_of_cox_de_boor_agree(knots):
    t, k = knots
    x = points(t, k)
    expected = textbook(x, t, k)
    close(bspline.basis(x, t, k), expected)
    close(scattered(*bspline.local_basis(x, t, k), len(t) - 1 - k), expected)


@EXAMPLES
@given(knot_vectors(), st.integers(0, 6))
def test_basis_and_local_basis_agree_in_every_derivative_on_any_knots(knots, nu):
    t, k = knots
    x = points(t, k)
    close(scattered(*bspline.local_basis(x, t, k, nu), len(t) - 1 - k), bspline.basis(x, t, k, nu))


@pytest.mark.parametrize("k", DEGREES)
def test_pieces_on_equal_intervals_agree_with_the_recursion(k):
    t = bspline.uniform_knots(0, 4, G=4, k=k)
    v = np.linspace(0, 1, 7, endpoint=False)
    powers = v ** np.arange(k + 1)[:, None]
    for nu, pieces in enumerate(coxdeboor.uniform_pieces(k)):  # values, slopes
        for m in range(4):  # the same polynomials on every interval
            close((pieces @ powers).T, bspline.basis(m + v, t, k, nu)[:, m : m + k + 1])


def test_pyramid_holds_the_functions_of_every_degree():
    t, k, x = bspline.uniform_knots(-1, 1, G=4, k=3), 3, np.linspace(-1, 1, 23, endpoint=False)
    for d, level in enumerate(bspline.pyramid(x, t, k)):
        assert level.shape == (23, len(t) - 1 - d)
        close(level, textbook(x, t, d))
        assert ((level > 0).sum(axis=1) <= d + 1).all()  # one sample lights d+1 functions of degree d


def test_one_knot_vector_for_each_input():
    """`recursion` and `differentiate` take t (n_in, T): every input then has its own knots."""
    rng, k = np.random.default_rng(0), 3
    t = bspline.extend_knots(np.cumsum(rng.uniform(0.1, 1, (4, 6)), axis=1), k)
    X = rng.uniform(t[:, k], t[:, -1 - k], (50, 4))
    levels = coxdeboor.recursion(X, t, k)
    for nu in range(k + 1):
        together = coxdeboor.differentiate(levels[k - nu], t, k, nu)
        assert together.shape == (50, 4, 5 + k)
        for i in range(4):
            close(together[:, i], bspline.basis(X[:, i], t[i], k, nu))


# -------------------------------------------------------------------------------------- scipy as oracle


def points_for_scipy(t, k):
    """Where hi repeats inside t, scipy takes the empty interval there: leave hi out, the next tests have it."""
    x = points(t, k)
    return x[:-1] if t[-2 - k] == t[-1 - k] else x


@EXAMPLES
@given(knot_vectors())
def test_values_and_all_derivatives_are_those_of_scipy(knots):
    t, k = knots
    x, c = points_for_scipy(t, k), np.random.default_rng(0).normal(size=len(t) - 1 - k)
    theirs, functions = ScipyBSpline(t, c, k), ScipyBSpline(t, np.eye(len(c)), k)
    for nu in range(k + 2):
        close(bspline.evaluate(x, c, t, k, nu), theirs(x, nu), 1e-10)
        close(bspline.basis(x, t, k, nu), functions(x, nu), 1e-10)


@EXAMPLES
@given(knot_vectors())
def test_design_matrix_is_that_of_scipy(knots):
    t, k = knots
    x = points_for_scipy(t, k)
    close(bspline.basis(x, t, k), ScipyBSpline.design_matrix(x, t, k).toarray())


@pytest.mark.parametrize("k", DEGREES)
def test_outside_the_domain_the_tangent_at_its_end_goes_on(k):
    t, c = bspline.uniform_knots(-1, 1, G=5, k=k), np.random.default_rng(k).normal(size=5 + k)
    x, ends = np.array([-2.5, -1.01, 1.01, 3.0]), np.array([-1, -1, 1, 1])
    slope = bspline.evaluate(ends, c, t, k, nu=1)
    close(bspline.evaluate(x, c, t, k), bspline.evaluate(ends, c, t, k) + slope * (x - ends), 1e-11)
    close(bspline.evaluate(x, c, t, k, nu=1), slope)
    assert (bspline.evaluate(x, c, t, k, nu=2) == 0).all()
    edge = BSpline(np.linspace(-1, 1, 6)[None], k)  # a KAN's edge goes on in the same way
    close(bspline.evaluate(x, c, t, k), edge.values(x[:, None])[:, 0] @ c, 1e-11)


@pytest.mark.parametrize(("m", "k", "words"), [
    (-1, 3, "m is -1"), (5, 3, "need knots t_0 .. t_9; there are 9"), (0, "3", "k is '3'"), (0, -1, "k is -1"),
    (0.5, 3, "m is 0.5"),
])  # fmt: skip
def test_the_textbooks_function_needs_its_knots(m, k, words):
    with pytest.raises(ValueError, match=words):
        bspline.B(0.3, m, k, np.arange(9.0))


@pytest.mark.parametrize("nu", [-1, 1.5, np.nan, "1", True])
def test_a_derivative_has_a_whole_number(nu):
    t = bspline.uniform_knots(0, 1, 4, 3)
    for call in (lambda: bspline.basis([0.3], t, 3, nu), lambda: bspline.evaluate([0.3], np.ones(7), t, 3, nu)):
        with pytest.raises(ValueError, match="^nu is .*; expected a whole number >= 0"):
            call()


@pytest.mark.parametrize("k", DEGREES)
def test_a_curve_is_the_sum_of_its_basis_everywhere(k):
    t, c = bspline.uniform_knots(-1, 1, G=5, k=k), np.random.default_rng(k).normal(size=5 + k)
    x = np.linspace(-3, 3, 61)
    for nu in range(k + 2):
        close(bspline.basis(x, t, k, nu) @ c, bspline.evaluate(x, c, t, k, nu), 1e-11)


# ------------------------------------------------------------------------------------------ properties


@EXAMPLES
@given(knot_vectors())
def test_functions_sum_to_one_on_the_domain_and_at_both_ends(knots):
    t, k = knots
    assert set(bspline.domain(t, k)) <= set(points(t, k))
    close(bspline.basis(points(t, k), t, k).sum(axis=1), 1)
    close(bspline.local_basis(points(t, k), t, k)[1].sum(axis=1), 1)


@EXAMPLES
@given(knot_vectors(ends=("clamped", "extended")))
def test_the_textbook_form_sums_to_one_at_both_ends(knots):
    t, k = knots
    close(textbook(np.array(bspline.domain(t, k)), t, k).sum(axis=1), 1)


@EXAMPLES
@given(knot_vectors())
def test_functions_are_never_negative_and_live_between_their_own_knots(knots):
    t, k = knots
    x = points(t, k)
    values = bspline.basis(x, t, k)
    assert (values >= -1e-15).all()
    m = np.arange(len(t) - 1 - k)
    beyond = (x[:, None] < t[m]) | (x[:, None] > t[m + k + 1])
    assert (values[beyond] == 0).all()


@EXAMPLES
@given(knot_vectors(ends=("clamped", "extended")))
def test_local_basis_starts_at_the_first_function_that_is_not_zero(knots):
    t, k = knots
    x = points(t, k)
    x = x[~np.isin(x, t)]  # inside an interval all k+1 functions are positive
    first, values = bspline.local_basis(x, t, k)
    assert (values > 0).all()
    assert ((t[first + k] < x) & (x < t[first + k + 1])).all()


@EXAMPLES
@given(knot_vectors(ends=("clamped", "extended")))
def test_a_knot_that_stands_r_times_leaves_k_minus_r_continuous_derivatives(knots):
    t, k = knots
    c = np.random.default_rng(1).normal(size=len(t) - 1 - k)
    for x, r in zip(*inner_knots(t, k), strict=True):
        for nu in range(k - r + 1):
            right, left = bspline.evaluate([x], c, t, k, nu), from_the_left([x], c, t, k, nu)
            size = np.abs(bspline.basis([x], t, k, nu)).sum()
            np.testing.assert_allclose(right, left, rtol=0, atol=1e-10 * size)


@pytest.mark.parametrize(("k", "r"), [(k, r) for k in DEGREES for r in range(1, k + 2)])
def test_and_not_one_derivative_more(k, r):
    """The (k-r+1)-th derivative jumps at a knot that stands r times (r = k+1: the curve itself does)."""
    t = np.sort(np.concatenate([bspline.uniform_knots(0, 4, G=4, k=k), [2.0] * (r - 1)]))
    c, nu = np.random.default_rng(k).normal(size=len(t) - 1 - k), k - r + 1
    jump = bspline.evaluate([2.0], c, t, k, nu) - from_the_left([2.0], c, t, k, nu)
    assert abs(jump[0]) > 1e-2


@EXAMPLES
@given(knot_vectors())
def test_polynomials_up_to_degree_k_are_reproduced(knots):
    """Marsden: sum_m prod_j (t_{m+j} - a) B_{m,k}(x) = (x - a)^k, j = 1..k, for every a; so for all of degree <= k."""
    t, k = knots
    x, m = points(t, k), np.arange(len(t) - 1 - k)
    middle, width = (t[0] + t[-1]) / 2, t[-1] - t[0]
    for a in np.linspace(middle - width, middle + width, k + 1):
        c = np.prod([(t[m + j] - a) / width for j in range(1, k + 1)], axis=0) * np.ones(len(m))
        close(bspline.evaluate(x, c, t, k), ((x - a) / width) ** k, 1e-11)


@pytest.mark.parametrize("nu", [1, 2])
@pytest.mark.parametrize("k", [1, 2, 3, 4, 5])
def test_derivatives_against_differences(k, nu):
    t, h = bspline.uniform_knots(-1, 1, G=5, k=k), 1e-4
    x = np.linspace(-0.97, 0.97, 30)  # more than h from every knot
    assert np.abs(x[:, None] - t).min() > h
    below, above = (bspline.basis(x + s * h, t, k, nu - 1) for s in (-1, 1))
    np.testing.assert_allclose(bspline.basis(x, t, k, nu), (above - below) / (2 * h), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("form", [bspline.basis, lambda *a, **b: bspline.local_basis(*a, **b)[1]])
def test_beyond_the_k_th_derivative_all_is_zero(form):
    t = bspline.uniform_knots(0, 1, G=3, k=2)
    assert (form([0.1, 0.5, 1.0], t, 2, nu=3) == 0).all()


def test_a_clamped_curve_starts_and_ends_at_its_first_and_last_coefficient():
    t, c = bspline.clamped_knots([0, 1, 3, 4], k=3), np.array([2.0, -1, 5, 0, 3, 7])
    assert bspline.evaluate([0.0, 4.0], c, t, 3).tolist() == [2.0, 7.0]


@pytest.mark.parametrize("k", DEGREES)
def test_extended_knots_repeat_the_end_intervals_outward(k):
    t = bspline.extend_knots(np.array([0.0, 1.0, 1.5, 3.5]), k)
    assert len(t) == 3 + 2 * k + 1
    assert bspline.domain(t, k) == (0, 3.5)
    assert np.diff(t[: k + 1]).tolist() == [1.0] * k
    assert np.diff(t[-k - 1 :]).tolist() == [2.0] * k


def test_equal_intervals_keep_both_ends_bit_for_bit():
    for G in range(1, 60):
        assert bspline.domain(bspline.uniform_knots(-0.1, 0.7, G, 3), 3) == (-0.1, 0.7)


# ----------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("t", "k", "words"),
    [
        ([0, 1, 2, 1.5, 4, 5], 1, r"must not decrease, but t\[2\] = 2.0 > t\[3\] = 1.5; sort"),
        ([0, 1, 1, 1, 2, 3], 1, r"knot 1.0 stands more than k\+1 = 2 times; remove"),
        ([0, 1, np.nan, 3, 4, 5], 1, r"NaN or inf \(the first at index \(2,\)\)"),
        ([0, 1, 2, 3, 4, np.inf], 1, "NaN or inf"),
        ([0, 1, 2, 3], 3, r"shape \(4,\); degree k = 3 needs at least 8"),
        ([[0, 1], [2, 3]], 0, r"shape \(2, 2\)"),
        ([0, 1, 2, 3, 4, 5], -1, "k is -1; expected a whole number >= 0"),
        ([0, 1, 2, 3, 4, 5], 1.5, "k is 1.5; expected a whole number >= 0"),
        ([-2, -1, 0, 0, 1, 2], 2, r"domain .* is empty; spread the knots"),
    ],
)
@pytest.mark.parametrize("function", [bspline.basis, bspline.local_basis, bspline.pyramid])
def test_knots_that_cannot_be_are_refused_in_words(function, t, k, words):
    with pytest.raises(ValueError, match=words):
        function([0.5], t, k)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((0, 1, 0, 3), "G is 0; expected a whole number >= 1"),
        ((0, 1, 2.5, 3), "G is 2.5; expected a whole number >= 1"),
        ((0, 1, 5, -1), "k is -1; expected a whole number >= 0"),
        ((1, 1, 5, 3), r"range is \[1, 1\]; expected two finite numbers with lo < hi"),
        ((2, 1, 5, 3), r"range is \[2, 1\]"),
        ((0, np.inf, 5, 3), r"range is \[0, inf\]"),
        ((np.nan, 1, 5, 3), r"range is \[nan, 1\]"),
    ],
)
def test_equal_intervals_refuse_what_makes_no_grid(arguments, words):
    with pytest.raises(ValueError, match=words):
        bspline.uniform_knots(*arguments)


@pytest.mark.parametrize("wrong", [4, 6])
def test_coefficients_of_the_wrong_number_are_refused(wrong):
    with pytest.raises(ValueError, match=rf"c has shape \({wrong},\); 8 knots of degree 2 need \(5,\)"):
        bspline.evaluate([0.5], np.ones(wrong), bspline.uniform_knots(0, 1, G=3, k=2), 2)


def test_no_samples_have_no_values():
    t = bspline.uniform_knots(-1, 1, 3, 2)
    assert bspline.basis([], t, 2).shape == (0, 5) and bspline.evaluate([], np.ones(5), t, 2).shape == (0,)
    assert [part.shape for part in bspline.local_basis(np.zeros(0), t, 2)] == [(0,), (0, 3)]
