"""KANLayer and KAN: every gradient entry by differences, every form the same, parameters as views of one vector."""

import copy
import pickle

import numpy as np
import pytest

from kan_edu.learning.downhill.levenberg_marquardt import LevenbergMarquardt
from kan_edu.learning.loop import fit
from kan_edu.learning.losses import cross_entropy, mse
from kan_edu.networks import grids
from kan_edu.networks.edgesums import Gather, Scatter, Textbook
from kan_edu.networks.kan import KAN
from kan_edu.networks.kanlayer import KANLayer
from kan_edu.splines.bases import BSpline, Chebyshev, Fourier, GaussianRBF
from tests.gradients import assert_gradient, central_difference, check_network, randomise

EQUAL = np.stack([np.linspace(-1, 1, 6), np.linspace(0, 3, 6)])
UNEQUAL = np.array([[-1, -0.8, 0, 0.1, 0.4, 1], [0, 1, 1.2, 2, 2.1, 3]])
OTHERS = [Chebyshev(EQUAL, 6), Fourier(UNEQUAL, 3), GaussianRBF(EQUAL, 7)]
KINDS = ["bspline", "chebyshev", "fourier", "rbf"]


def layer_of(basis, form=Textbook, n_out=3, base=True, seed=0):
    """A layer whose c, w_s, w_b are all random, summing its edges in the given form."""
    layer = KANLayer(len(basis.grid), n_out, basis, base=base)
    layer.sums = form(basis, base)
    randomise(layer.theta, seed)
    return layer


def samples(grid, N=15, seed=1):
    """X (N, n_in), a good part of it outside the grid."""
    lo, hi = grid[:, 0], grid[:, -1]
    return np.random.default_rng(seed).uniform(lo - 0.6, hi + 0.6, (N, len(grid)))


def check_layer(layer, X):
    """Every entry of dL/dc, dL/dw_s, dL/dw_b and dL/dX for L = sum(dY * Y) with random dY."""
    dY = np.random.default_rng(2).normal(size=(len(X), layer.n_out))
    loss = lambda: (dY * layer.forward(X)).sum()  # noqa: E731
    layer.forward(X)
    layer.grad[...] = np.nan  # backward must write every entry, not add
    dX = layer.backward(dY)
    grad = layer.grad.copy()
    expected = central_difference(loss, layer.theta)
    for name in ("c", "w_s", "w_b") if layer.base else ("c", "w_s"):
        where = [n for n in range(grad.size) if np.shares_memory(layer.theta[n : n + 1], getattr(layer, name))]
        assert_gradient(grad[where], expected[where], f"dL/d{name}")
    if layer.base or layer.basis.order or not isinstance(layer.basis, BSpline):
        assert_gradient(dX, central_difference(loss, X), "dL/dX")


# --------------------------------------------------------------------------------- gradients of a layer


@pytest.mark.parametrize("base", [True, False], ids=["base", "no base"])
@pytest.mark.parametrize("k", range(6))
@pytest.mark.parametrize("grid", [EQUAL, UNEQUAL], ids=["equal", "unequal"])
@pytest.mark.parametrize("form", [Textbook, Scatter, Gather])
def test_every_gradient_of_a_spline_layer(form, grid, k, base):
    check_layer(layer_of(BSpline(grid, k), form, base=base), samples(grid))


@pytest.mark.parametrize("base", [True, False], ids=["base", "no base"])
@pytest.mark.parametrize("basis", OTHERS, ids=lambda b: type(b).__name__)
def test_every_gradient_of_a_layer_on_another_basis(basis, base):
    check_layer(layer_of(basis, base=base), samples(basis.grid))


# ------------------------------------------------------------------------------ gradients of a network


def check_gradients(model, loss, target, N=12, size=1.0):
    """Every entry of the gradient of loss(model(X), target), and dL/dX; X also outside the grid."""
    randomise(model.theta, seed=3, size=size)
    X = np.random.default_rng(4).uniform(-1.5, 1.5, (N, model.widths[0]))
    check_network(model, loss, target, X)


@pytest.mark.parametrize("form", [None, "textbook"])
@pytest.mark.parametrize(("kind", "k"), [("bspline", k) for k in range(1, 6)] + [(kind, 2) for kind in KINDS[1:]])
def test_every_gradient_of_a_network_with_mean_square_error(kind, k, form):
    model = KAN([2, 3, 2], G=4, k=k, basis=kind, form=form)
    check_gradients(model, mse, np.random.default_rng(5).normal(size=(12, 2)))


@pytest.mark.parametrize("kind", KINDS)
def test_every_gradient_of_a_deep_network_with_cross_entropy(kind):
    model = KAN([2, 2, 2, 3], G=3, k=3, basis=kind)
    check_gradients(model, cross_entropy, np.random.default_rng(6).integers(0, 3, 12), size=0.4)


def test_every_gradient_on_uneven_grids():
    model = KAN([2, 3, 1], G=5, k=3)
    for layer in model.layers:
        layer.use(BSpline(np.tile(UNEQUAL[0], (layer.n_in, 1)), 3))
    model.join()
    check_gradients(model, mse, np.random.default_rng(5).normal(size=(12, 1)))


# --------------------------------------------------------------------------------------- one formula


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("base", [True, False])
def test_a_node_is_the_sum_of_its_edges(kind, base):
    """phi = w_b silu + w_s sum_m c_m B_m, written out in loops."""
    layer, X = KAN([2, 3], basis=kind, base=base).layers[0], samples(np.array([[-1, 1], [-1, 1]]))
    randomise(layer.theta)
    values, phi = layer.basis.values(X), np.zeros((len(X), 3, 2))
    for j in range(3):
        for i in range(2):
            x = X[:, i]
            phi[:, j, i] = layer.w_s[j, i] * sum(layer.c[j, i, m] * values[:, i, m] for m in range(layer.basis.M))
            phi[:, j, i] += layer.w_b[j, i] * x / (1 + np.exp(-x)) if base else 0
            np.testing.assert_allclose(layer.phi(j, i, x), phi[:, j, i], atol=1e-12)
    np.testing.assert_allclose(layer.edges(X), phi, atol=1e-12)
    np.testing.assert_allclose(layer.forward(X), phi.sum(axis=2), atol=1e-12)


@pytest.mark.parametrize("k", range(6))
@pytest.mark.parametrize("widths", [[2, 1], [2, 5, 1], [3, 20, 20, 2]])
@pytest.mark.parametrize("G", [1, 5, 60])
def test_textbook_form_and_fast_form_are_the_same_network(widths, G, k):
    """Also on grid points and at the ends; the same seed gives the same start."""
    rng = np.random.default_rng(0)
    on_knots = np.tile(np.linspace(-1, 1, G + 1)[:, None], widths[0])
    X = np.concatenate([rng.uniform(-1.4, 1.4, (40, widths[0])), on_knots])
    fast, textbook = (KAN(widths, G=G, k=k, seed=1, form=form) for form in (None, "textbook"))
    np.testing.assert_array_equal(fast.theta, textbook.theta)
    assert {type(layer.sums) for layer in textbook.layers} == {Textbook}
    assert Textbook not in {type(layer.sums) for layer in fast.layers}
    expected = textbook.forward(X)
    np.testing.assert_allclose(fast.forward(X), expected, rtol=0, atol=1e-12 * max(1, np.abs(expected).max()))
    if k > 1:  # at a kink, on a grid point, both one-sided slopes are right
        dY = rng.normal(size=expected.shape)
        fast.backward(dY), textbook.backward(dY)
        size = np.abs(textbook.grad).max()
        np.testing.assert_allclose(fast.grad, textbook.grad, rtol=0, atol=1e-10 * size)


def test_one_sample_moves_k_plus_1_coefficients_however_fine_the_grid():
    model = KAN([1, 1], G=200, k=3)
    assert isinstance(model.layers[0].sums, Gather)
    model.forward([[0.303]])
    model.backward([[1.0]])
    assert (model.layers[0].dc != 0).sum() == 4


# ----------------------------------------------------------------------------------- one flat vector


@pytest.mark.parametrize("kind", KINDS)
def test_layers_see_theta_and_grad_without_a_copy(kind):
    model = KAN([2, 3, 1], basis=kind)
    randomise(model.theta)
    parts = [a for layer in model.layers for a in (layer.c, layer.w_s, layer.w_b)]
    slopes = [a for layer in model.layers for a in (layer.dc, layer.dw_s, layer.dw_b)]
    assert model.theta.dtype == model.grad.dtype == np.float64
    assert sum(a.size for a in parts) == model.n_params == model.theta.size == model.grad.size
    for flat, arrays in ((model.theta, parts), (model.grad, slopes)):
        flat[...] = np.arange(flat.size)
        assert sorted(np.concatenate([a.ravel() for a in arrays])) == list(range(flat.size))
        for a in arrays:
            assert np.shares_memory(flat, a)


def test_shapes_of_parameters_are_those_of_the_formula():
    layer = KAN([2, 5, 1], G=7, k=3).layers[0]
    assert layer.c.shape == (5, 2, 10)
    assert layer.w_s.shape == layer.w_b.shape == (5, 2)
    assert KAN([2, 1], base=False).layers[0].w_b is None


@pytest.mark.parametrize(("kind", "M"), [("bspline", 9), ("chebyshev", 9), ("fourier", 9), ("rbf", 9)])
def test_every_basis_has_g_plus_k_functions(kind, M):
    assert KAN([2, 1], G=6, k=3, basis=kind).layers[0].basis.M == M


def test_the_start_is_that_of_the_paper():
    layer = KAN([50, 60], seed=3).layers[0]
    assert (layer.w_s == 1).all()
    assert abs(layer.c.std() / 0.1 - 1) < 0.02
    assert abs(layer.w_b.std() / np.sqrt(2 / 110) - 1) < 0.05


def test_on_the_papers_range_hidden_grids_are_the_papers():
    for layer in [*KAN([2, 3, 2, 1]).layers, *KAN([2, 3, 1], lo=[-1, -1], hi=1).layers]:
        np.testing.assert_array_equal(layer.basis.grid, np.tile(np.linspace(-1, 1, 6), (layer.n_in, 1)))


RANGES = [(9, 11), (0, 1000), ([-1, 9], [1, 11])]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("lo", "hi"), RANGES)
def test_a_range_is_the_inputs_and_hidden_grids_lie_where_values_arrive(kind, lo, hi):
    model, X = KAN([2, 3, 3, 1], basis=kind, lo=lo, hi=hi), samples_between(lo, hi)
    np.testing.assert_array_equal(model.layers[0].basis.grid[:, [0, -1]].T, np.broadcast_to(np.c_[lo, hi].T, (2, 2)))
    for cover in grids.coverage(model, X)[1:]:
        width, seen = np.ptp(cover.ends, axis=1), np.ptp(cover.seen, axis=1)
        assert (cover.outside == 0).all() and (seen > 0.3 * width).all() and (seen < 0.7 * width).all()
        assert np.abs(cover.seen).max() < 10  # w_b silu(x) begins no larger than on [-1, 1]


def samples_between(lo, hi, N=300):
    return lo + (np.array(hi) - lo) * (np.random.default_rng(0).uniform(-1, 1, (N, 2)) + 1) / 2


@pytest.mark.parametrize(("lo", "hi"), RANGES)
def test_it_learns_on_any_range(lo, hi):
    """Hidden grids on [9, 11], where no value arrives, would leave two thirds of the standard deviation and more."""
    Z, model = samples_between(-1, 1), KAN([2, 3, 1], lo=lo, hi=hi)
    Y = np.sin(3 * Z[:, :1]) * Z[:, 1:]
    fit(model, samples_between(lo, hi), Y, steps=20, optimiser=LevenbergMarquardt())
    assert np.sqrt(mse(model(samples_between(lo, hi)), Y)[0]) < 0.02 * Y.std()


def test_adam_learns_far_from_zero_as_well():
    Z, X, model = samples_between(-1, 1), samples_between(9, 11), KAN([2, 3, 1], lo=9, hi=11)
    Y = np.sin(3 * Z[:, :1]) * Z[:, 1:]
    fit(model, X, Y, steps=500)
    assert np.sqrt(mse(model(X), Y)[0]) < 0.05 * Y.std()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("more", [{}, {"lo": [-1, 9], "hi": 11}, {"lo": 0, "hi": 20, "base": False}])
def test_restart_is_a_new_model(kind, more):
    model, new = KAN([2, (2, 1), 2], basis=kind, seed=1, **more), KAN([2, (2, 1), 2], basis=kind, seed=7, **more)
    ends = model.layers[0].basis.grid[:, [0, -1]]
    grids.update(model, samples_between(*ends.T), keep_inputs=True)
    model.restart(7)
    np.testing.assert_array_equal(model.theta, new.theta)
    for layer, other in zip(model.layers, new.layers, strict=True):
        np.testing.assert_array_equal(layer.basis.grid, other.basis.grid)
    if kind == "bspline":
        model.restart(7, G=8)
        np.testing.assert_array_equal(model.theta, KAN([2, (2, 1), 2], G=8, seed=7, **more).theta)


def test_a_seed_makes_the_start_repeatable():
    a, b, other = KAN([2, 3, 1], seed=5), KAN([2, 3, 1], seed=5), KAN([2, 3, 1], seed=6)
    np.testing.assert_array_equal(a.theta, b.theta)
    assert (a.theta != other.theta).any()


@pytest.mark.parametrize("copied", [copy.deepcopy, copy.copy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_copy_has_parameters_of_its_own_and_its_layers_see_them(copied):
    model, X = KAN([2, 3, 1]), np.full((4, 2), 0.3)
    before, twin = model(X).copy(), copied(model)
    np.testing.assert_array_equal(twin(X), before)
    twin.theta[...] = 0
    assert (twin(X) == 0).all()
    np.testing.assert_array_equal(model(X), before)
    model.theta[...] = 0
    assert (model(X) == 0).all()


def test_repr_says_what_it_is():
    assert repr(KAN([2, 5, 1], G=5, k=3)) == "KAN([2, 5, 1], basis='bspline', 8 functions per edge, 150 parameters)"


# ------------------------------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("X", "words"),
    [
        (np.zeros((4, 3)), r"X has 3 columns, expected 2 \(a KAN with widths \[2, 5, 1\]\)"),
        (np.zeros(2), r"X has shape \(2,\); expected two dimensions \(N, n\); use x\[None, :\] for one sample of 2"),
        (np.zeros((2, 2, 2)), r"X has shape \(2, 2, 2\); expected two dimensions"),
        (np.zeros((0, 2)), r"X is empty \(shape \(0, 2\)\); pass at least one sample"),
        ([[0.0, np.nan]], r"X holds 1 value that is NaN or inf \(the first at index \(0, 1\)\); drop"),
        ([[0.0, 1], [-np.inf, np.inf]], r"X holds 2 values that are NaN or inf \(the first at index \(1, 0\)\)"),
        ([["a", "b"]], "X holds text, such as 'a'; expected numbers"),
    ],
)
@pytest.mark.parametrize("kind", KINDS)
def test_samples_that_do_not_fit_are_refused(kind, X, words):
    with pytest.raises(ValueError, match=words):
        KAN([2, 5, 1], basis=kind)(X)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"widths": [2]}, r"widths is \[2\]; expected at least \[inputs, outputs\]"),
        ({"widths": [2, 0, 1]}, "a width is 0; expected a whole number >= 1"),
        ({"widths": [2, 2.5]}, "a width is 2.5; expected a whole number >= 1"),
        ({"G": 0}, "G is 0; expected a whole number >= 1"),
        ({"G": 2.5}, "G is 2.5"),
        ({"k": -1}, "k is -1; expected a whole number >= 0"),
        ({"basis": "wavelet"}, r"basis is 'wavelet'; expected one of \['bspline', 'chebyshev', 'fourier', 'rbf'\]"),
        ({"lo": 1, "hi": 1}, r"the range is \[1, 1\]; expected two finite numbers with lo < hi"),
        ({"lo": 2, "hi": 1}, r"the range is \[2, 1\]"),
        ({"lo": np.nan}, r"the range is \[nan, 1.0\]"),
        ({"hi": np.inf}, r"the range is \[-1.0, inf\]"),
        ({"lo": [0, 1], "hi": 1}, r"the range of input 1 is \[1, 1\]; expected lo < hi"),
        ({"lo": [0, 0, 0]}, r"lo has shape \(3,\); expected one number, or one for each of 2 inputs"),
        ({"hi": [1, np.nan]}, "hi holds 1 value that is NaN or inf"),
        ({"form": "slow"}, r'form is \'slow\'; expected None \(the fastest one\) or "textbook"'),
    ],
)
def test_a_network_that_cannot_be_is_refused(arguments, words):
    with pytest.raises(ValueError, match=words):
        KAN(**{"widths": [2, 5, 1], **arguments})


@pytest.mark.parametrize("shape", [(4,), (4, 4), (3, 1), (4, 2)])
def test_a_slope_of_another_shape_is_refused(shape):
    """(4, 4) is what (N, 1) - (N,) gives: every sample minus every target."""
    model = KAN([2, 3, 1])
    model.forward(np.zeros((4, 2)))
    with pytest.raises(ValueError, match=r"dL/dY has shape .*; expected \(4, 1\), that of the output"):
        model.backward(np.ones(shape))


def test_backward_needs_a_forward_before_it():
    with pytest.raises(ValueError, match="before each backward"):
        KAN([2, 3, 1]).backward(np.ones((4, 1)))


def test_a_layer_and_its_basis_have_as_many_inputs():
    with pytest.raises(ValueError, match="the basis has a grid for 2 inputs; this layer has 3"):
        KANLayer(3, 1, BSpline(EQUAL))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_parameters_out_of_all_bounds_are_not_passed_over_in_silence(kind):
    """Overflow on the way: an error in words, or an output that is not finite, but never a plausible number."""
    model = KAN([2, 3, 1], basis=kind)
    model.theta[...] = 1e308
    model.layers[0].c[0] *= -1
    try:
        assert not np.isfinite(model(np.full((4, 2), 0.3))).any()
    except FloatingPointError as error:
        assert "its parameters have grown" in str(error)


@pytest.mark.parametrize("scale", [1e-200, 1e-8, 1e8, 1e100])
def test_small_and_large_samples_far_from_the_grid_give_finite_outputs(scale):
    Y = KAN([2, 3, 1])(scale * np.random.default_rng(0).normal(size=(20, 2)))
    assert np.isfinite(Y).all()


def test_one_sample_and_one_input_and_one_output():
    model = KAN([1, 1], G=1, k=0)
    assert model.forward([[0.0]]).shape == (1, 1)
    assert model.backward(np.ones((1, 1)), to_input=True).shape == (1, 1)
