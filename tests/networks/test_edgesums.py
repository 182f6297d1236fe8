"""Three ways to sum the edges: each is the formula written out in loops, each gradient that of differences."""

import numpy as np
import pytest

from kan_edu.networks.edgesums import Gather, Scatter, Textbook, choose, each
from kan_edu.splines.bases import BSpline, Chebyshev, Fourier, GaussianRBF
from tests.gradients import assert_gradient, central_difference

EQUAL = np.stack([np.linspace(-1, 1, 6), np.linspace(0, 3, 6)])
UNEQUAL = np.array([[-1, -0.8, 0, 0.1, 0.4, 1], [0, 1, 1.2, 2, 2.1, 3]])
N, N_OUT = 17, 3
FORMS_OF_SUM = (Textbook, Scatter, Gather)
CASES = [(form, BSpline(grid, k)) for form in FORMS_OF_SUM for grid in (EQUAL, UNEQUAL) for k in range(6)]
CASES += [(Textbook, basis) for basis in (Chebyshev(EQUAL, 5), Fourier(EQUAL, 2), GaussianRBF(EQUAL, 6))]
NAMES = lambda x: x.__name__ if isinstance(x, type) else f"{type(x).__name__}-{x.order}"  # noqa: E731
FORMS = pytest.mark.parametrize(("form", "basis"), CASES, ids=NAMES)
BASE = pytest.mark.parametrize("base", [True, False], ids=["base", "no base"])
OUTPUTS = pytest.mark.parametrize("n_out", [1, 3])  # `Scatter` has a way of its own for one output


def random_case(basis, base, n_out=N_OUT, N=N, seed=0):
    """C (n_out, n_in (M + base)), x (n_in, N) inside and outside the grid, and weights ds (n_out, N)."""
    rng = np.random.default_rng(seed)
    lo, hi = basis.grid[:, :1], basis.grid[:, -1:]
    x = rng.uniform(lo - 0.5, hi + 0.5, (len(lo), N))
    return rng.normal(size=(n_out, len(lo) * (basis.M + base))), x, rng.normal(size=(n_out, N))


def sums_at(form, basis, base, x):
    sums = form(basis, base)
    sums.at(x)
    return sums


@FORMS
@BASE
def test_forward_is_the_sum_over_inputs_and_functions(form, basis, base):
    C, x, _ = random_case(basis, base)
    values, n_in = basis.values(x.T), len(x)
    expected = np.zeros((N_OUT, N))
    for j in range(N_OUT):
        for i in range(n_in):
            for m in range(basis.M):
                expected[j] += C[j, m * n_in + i] * values[:, i, m]
            if base:
                expected[j] += C[j, n_in * basis.M + i] * x[i] / (1 + np.exp(-x[i]))
    np.testing.assert_allclose(sums_at(form, basis, base, x).forward(C), expected, rtol=0, atol=1e-12)


@FORMS
@BASE
@OUTPUTS
def test_gradients_against_differences(form, basis, base, n_out):
    C, x, ds = random_case(basis, base, n_out)
    sums = sums_at(form, basis, base, x)
    loss = lambda: (ds * sums_at(form, basis, base, x).forward(C)).sum()  # noqa: E731
    sums.forward(C)
    assert_gradient(sums.grad_C(ds), central_difference(loss, C), "dL/dC")
    found, expected = sums.grad_x(C, ds), central_difference(loss, x)
    if basis.order == 0 and isinstance(basis, BSpline) and not base:
        assert (found == 0).all()
        assert (expected == 0).all()  # steps: no sample lies on a jump
    else:
        assert_gradient(found, expected, "dL/dx")


@FORMS
@BASE
def test_each_edge_by_itself_is_its_functions_times_coefficients(form, basis, base):
    C, x, _ = random_case(basis, base)
    (values, slopes), c = basis.both(x.T), C[:, : len(x) * basis.M].reshape(N_OUT, basis.M, len(x)).swapaxes(1, 2)
    sums = sums_at(form, basis, base, x)
    B, s, ds = each(sums, c)
    for found, expected in [(B, values.transpose(1, 2, 0)), (s, np.einsum("jim,nim->jin", c, values)),
                            (ds, np.einsum("jim,nim->jin", c, slopes))]:  # fmt: skip
        np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * np.abs(slopes).max() + 1e-12)
    assert each(sums, c, slopes=False)[2] is None


@pytest.mark.parametrize("form", FORMS_OF_SUM)
def test_a_second_call_forgets_the_first(form):
    """Also with another number of samples: Scatter's reused matrix must not keep old values."""
    basis = BSpline(UNEQUAL, 3)
    reused = form(basis, True)
    for n, seed in [(17, 0), (17, 1), (5, 2), (17, 3), (1, 4)]:
        C, x, ds = random_case(basis, True, N=n, seed=seed)
        fresh = sums_at(form, basis, True, x)
        reused.at(x)
        np.testing.assert_array_equal(reused.forward(C), fresh.forward(C))
        np.testing.assert_array_equal(reused.grad_C(ds), fresh.grad_C(ds))
        np.testing.assert_array_equal(reused.grad_x(C, ds), fresh.grad_x(C, ds))


@pytest.mark.parametrize("form", FORMS_OF_SUM)
@OUTPUTS
def test_arguments_are_left_as_they_were(form, n_out):
    basis = BSpline(EQUAL, 3)
    arguments = random_case(basis, True, n_out)
    before = [a.copy() for a in arguments]
    C, x, ds = arguments
    sums = sums_at(form, basis, True, x)
    sums.forward(C), sums.grad_C(ds), sums.grad_x(C, ds)
    for a, b in zip(arguments, before, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("form", [Scatter, Gather])
@pytest.mark.parametrize("n_out", [1, 64])
def test_the_fast_forms_equal_the_textbook_on_a_large_case(form, n_out):
    basis, rng = BSpline(np.tile(np.linspace(-1, 1, 51), (20, 1)), 3), np.random.default_rng(0)
    C, x, ds = rng.normal(size=(n_out, 20 * (basis.M + 1))), rng.normal(size=(20, 30)), rng.normal(size=(n_out, 30))
    fast, textbook = (sums_at(f, basis, True, x) for f in (form, Textbook))
    for f in (fast, textbook):
        f.S = f.forward(C)
    np.testing.assert_allclose(fast.S, textbook.S, rtol=0, atol=1e-12 * np.abs(textbook.S).max())
    np.testing.assert_allclose(fast.grad_C(ds), textbook.grad_C(ds), rtol=0, atol=1e-11)
    expected = textbook.grad_x(C, ds)
    np.testing.assert_allclose(fast.grad_x(C, ds), expected, rtol=0, atol=1e-12 * np.abs(expected).max())


@pytest.mark.parametrize(("G", "n_out", "form"), [(5, 5, Scatter), (200, 5, Gather), (5, 1, Scatter), (10, 1, Gather)])
def test_few_outputs_or_a_fine_grid_gather_many_outputs_scatter(G, n_out, form):
    assert choose(BSpline(np.linspace(-1, 1, G + 1)[None], 3), n_out) is form


@pytest.mark.parametrize("basis", [Chebyshev(EQUAL), Fourier(EQUAL), GaussianRBF(EQUAL)])
def test_functions_that_are_nowhere_zero_take_the_textbook_form(basis):
    assert choose(basis, 4) is Textbook
