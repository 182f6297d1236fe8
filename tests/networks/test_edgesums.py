"""Three ways to sum the edges: each is the formula written out in loops, each gradient that of differences."""

import numpy as np
import pytest

from kan_edu.networks.edgesums import Gather, Scatter, Textbook, choose
from kan_edu.splines.bases import BSpline, Chebyshev, Fourier, GaussianRBF
from tests.gradients import assert_gradient, central_difference

EQUAL = np.stack([np.linspace(-1, 1, 6), np.linspace(0, 3, 6)])
UNEQUAL = np.array([[-1, -0.8, 0, 0.1, 0.4, 1], [0, 1, 1.2, 2, 2.1, 3]])
N, N_OUT = 17, 3
FORMS_OF_SUM = (Textbook, Scatter, Gather)
CASES = [(form, BSpline(grid, k)) for form in FORMS_OF_SUM for grid in (EQUAL, UNEQUAL) for k in range(6)]
CASES += [(Textbook, basis) for basis in (Chebyshev(EQUAL, 5), Fourier(EQUAL, 2), GaussianRBF(EQUAL, 6))]
FORMS = pytest.mark.parametrize(
    ("form", "basis"), CASES, ids=lambda x: x.__name__ if isinstance(x, type) else f"{type(x).__name__}-{x.order}"
)


def random_case(basis, N=N, seed=0):
    """C (n_out, n_in M), x (n_in, N) inside and outside the grid, and weights ds (n_out, N)."""
    rng = np.random.default_rng(seed)
    lo, hi = basis.grid[:, :1], basis.grid[:, -1:]
    x = rng.uniform(lo - 0.5, hi + 0.5, (len(lo), N))
    return rng.normal(size=(N_OUT, len(lo) * basis.M)), x, rng.normal(size=(N_OUT, N))


@FORMS
def test_forward_is_the_sum_over_inputs_and_functions(form, basis):
    C, x, _ = random_case(basis)
    values = basis.values(x.T)
    expected = np.zeros((N_OUT, N))
    for j in range(N_OUT):
        for i in range(len(x)):
            for m in range(basis.M):
                expected[j] += C[j, i * basis.M + m] * values[:, i, m]
    np.testing.assert_allclose(form(basis).forward(C, x), expected, rtol=0, atol=1e-12)


@FORMS
def test_gradients_against_differences(form, basis):
    C, x, ds = random_case(basis)
    sums = form(basis)
    loss = lambda: (ds * form(basis).forward(C, x)).sum()  # noqa: E731
    sums.forward(C, x)
    assert_gradient(sums.grad_C(ds), central_difference(loss, C), "dL/dC")
    found, expected = sums.grad_x(C, ds), central_difference(loss, x)
    if basis.order == 0 and isinstance(basis, BSpline):
        assert (found == 0).all()
        assert (expected == 0).all()  # steps: no sample lies on a jump
    else:
        assert_gradient(found, expected, "dL/dx")


@pytest.mark.parametrize("form", FORMS_OF_SUM)
def test_a_second_call_forgets_the_first(form):
    """Also with another number of samples: Scatter's reused matrix must not keep old values."""
    basis = BSpline(UNEQUAL, 3)
    reused = form(basis)
    for n, seed in [(17, 0), (17, 1), (5, 2), (17, 3), (1, 4)]:
        C, x, ds = random_case(basis, n, seed)
        fresh = form(basis)
        np.testing.assert_array_equal(reused.forward(C, x), fresh.forward(C, x))
        np.testing.assert_array_equal(reused.grad_C(ds), fresh.grad_C(ds))
        np.testing.assert_array_equal(reused.grad_x(C, ds), fresh.grad_x(C, ds))


@pytest.mark.parametrize("form", FORMS_OF_SUM)
def test_arguments_are_left_as_they_were(form):
    basis = BSpline(EQUAL, 3)
    arguments = random_case(basis)
    before = [a.copy() for a in arguments]
    C, x, ds = arguments
    sums = form(basis)
    sums.forward(C, x), sums.grad_C(ds), sums.grad_x(C, ds)
    for a, b in zip(arguments, before, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("form", [Scatter, Gather])
@pytest.mark.parametrize("n_out", [1, 64])
def test_the_fast_forms_equal_the_textbook_on_a_large_case(form, n_out):
    basis, rng = BSpline(np.tile(np.linspace(-1, 1, 51), (20, 1)), 3), np.random.default_rng(0)
    C, x, ds = rng.normal(size=(n_out, 20 * basis.M)), rng.normal(size=(20, 30)), rng.normal(size=(n_out, 30))
    fast, textbook = form(basis), Textbook(basis)
    for f in (fast, textbook):
        f.S = f.forward(C, x)
    np.testing.assert_allclose(fast.S, textbook.S, rtol=0, atol=1e-12 * np.abs(textbook.S).max())
    np.testing.assert_allclose(fast.grad_C(ds), textbook.grad_C(ds), rtol=0, atol=1e-11)
    expected = textbook.grad_x(C, ds)
    np.testing.assert_allclose(fast.grad_x(C, ds), expected, rtol=0, atol=1e-12 * np.abs(expected).max())


@pytest.mark.parametrize(("G", "n_out", "form"), [(5, 5, Scatter), (200, 5, Gather), (5, 1, Gather), (8, 64, Scatter)])
def test_few_outputs_or_a_fine_grid_gather_many_outputs_scatter(G, n_out, form):
    assert type(choose(BSpline(np.linspace(-1, 1, G + 1)[None], 3), n_out)) is form


@pytest.mark.parametrize("basis", [Chebyshev(EQUAL), Fourier(EQUAL), GaussianRBF(EQUAL)])
def test_functions_that_are_nowhere_zero_take_the_textbook_form(basis):
    assert type(choose(basis, 4)) is Textbook
