"""Grids: what coverage counts, what a move keeps, and that a division keeps everything."""

import tracemalloc

import numpy as np
import pytest

from kan_edu.learning.downhill.gradient import Adam
from kan_edu.learning.losses import mse
from kan_edu.networks import grids
from kan_edu.networks.kan import KAN
from kan_edu.splines import bspline
from kan_edu.splines.bases import BSpline
from kan_edu.splines.fit import fit
from tests.gradients import randomise

rng = np.random.default_rng
KINDS = ["bspline", "chebyshev", "fourier", "rbf"]


def random_model(widths=(2, 3, 1), size=0.5, **more):
    model = KAN(list(widths), **more)
    randomise(model.theta, seed=7, size=size)
    return model


def samples(N=300, n_in=2, beyond=1.0, seed=0):
    return rng(seed).uniform(-beyond, beyond, (N, n_in))


def assert_bound(model):
    """theta and grad are what the layers see: nothing was left on the old vectors."""
    assert model.theta.shape == model.grad.shape == (sum(layer.theta.size for layer in model.layers),)
    kept = model.theta.copy()
    model.theta[...], model.grad[...] = 5.0, -3.0
    for layer in model.layers:
        assert (layer.c == 5).all()
        assert (layer.w_s == 5).all()
        assert (layer.w_b == 5).all()
        assert (layer.dc == -3).all()
    model.theta[...] = kept


# ----------------------------------------------------------------------------------------- coverage


def test_coverage_counts_samples_outside_and_empty_intervals():
    model = KAN([2, 1], G=4, lo=0, hi=4)
    X = np.array([[-1, 0.5], [0, 0.6], [0.5, 0.7], [3.5, 0.8], [4.0, 0.9], [4.1, 0.99], [2.5, 0.5], [0.2, 0.5]])
    first = grids.coverage(model, X)[0]
    assert first.outside.tolist() == [2 / 8, 0]
    assert first.empty.tolist() == [1, 3]  # [1, 2); all but [0, 1)
    assert first.seen.tolist() == [[-1, 4.1], [0.5, 0.99]]
    assert first.ends.tolist() == [[0, 4], [0, 4]]


def test_coverage_of_a_hidden_layer_looks_at_what_arrives_there():
    model, X = random_model((2, 3, 2, 1)), samples()
    found = grids.coverage(model, X)
    assert len(found) == 3
    for number, layer in enumerate(model.layers):
        H = X
        for before in model.layers[:number]:
            H = before.edges(H).sum(axis=2)
        np.testing.assert_allclose(found[number].outside, [np.mean(np.abs(h) > 1) for h in H.T])
        np.testing.assert_allclose(found[number].seen, np.stack([H.min(0), H.max(0)], axis=1), atol=1e-12)
        for i, h in enumerate(H.T):
            inside = h[np.abs(h) <= 1]
            assert found[number].empty[i] == 5 - len(set(np.minimum((inside + 1) // 0.4, 4)))
        assert found[number].outside.shape == (layer.n_in,)


# ------------------------------------------------------------------------------------------ overlap


def test_overlap_counts_the_functions_that_both_use():
    """G = 4, k = 1 on [0, 4]: five hats, one at each grid point; a sample uses the two beside it."""
    model = KAN([2, 1], G=4, k=1, lo=0, hi=4)
    old, new = np.array([[0.5, 3.5], [1.5, 3.5]]), np.array([[1.5, 0.5], [2.5, 1.5]])
    np.testing.assert_allclose(grids.overlap(model, old, new)[0], [2 / 5, 0])
    np.testing.assert_allclose(grids.overlap(model, new, old)[0], [2 / 5, 0])
    np.testing.assert_allclose(grids.overlap(model, old, old)[0], [3 / 5, 2 / 5])


def test_overlap_of_a_hidden_layer_looks_at_what_arrives_there():
    model, old, new = random_model((2, 3, 1), size=2.0), samples(20, beyond=0.3), samples(20, seed=1)
    found = grids.overlap(model, old, new)
    assert [values.shape for values in found] == [(2,), (3,)]
    hidden = [model.layers[0].forward(X).copy() for X in (old, new)]
    used = [(np.abs(model.layers[1].basis.values(H)).sum(axis=0) > 0) for H in hidden]
    np.testing.assert_allclose(found[1], (used[0] * used[1]).mean(axis=1))
    assert (found[1] < 1).any()


@pytest.mark.parametrize("kind", ["chebyshev", "fourier"])
def test_functions_without_local_support_are_shared_by_all(kind):
    found = grids.overlap(KAN([1, 1], basis=kind), np.array([[-0.93], [-0.81]]), np.array([[0.72], [0.64]]))
    assert found[0].tolist() == [1]


@pytest.mark.parametrize(("nearest", "shared"), [(-0.1, False), (-0.4, True)])
def test_without_overlap_training_of_the_coefficients_forgets_nothing(nearest, shared):
    """The old samples end at -0.5, intervals are 0.1 wide: the new ones share functions from -0.2 downwards."""
    model, old, new = random_model((2, 1), G=20), samples(50) * 0.2 - 0.7, rng(1).uniform(nearest, 0.9, (50, 2))
    new[0] = nearest
    assert (grids.overlap(model, old, new)[0] > 0).tolist() == [shared, shared]
    before, layer = model(old).copy(), model.layers[0]
    model.backward(mse(model.forward(new), np.ones((50, 1)))[1])
    layer.c[...] -= layer.dc
    moved = np.abs(model(old) - before).max()
    assert moved > 1e-6 if shared else moved == 0


# ------------------------------------------------------------------------------------------- update


@pytest.mark.parametrize("margin", [0.0, 0.1, 1.0])
def test_update_spans_the_samples_and_the_margin_in_every_layer(margin):
    model, X = random_model((2, 3, 2, 1)), samples(beyond=3)
    grids.update(model, X, margin=margin)
    for layer, cover in zip(model.layers, grids.coverage(model, X), strict=True):
        width = cover.seen[:, 1] - cover.seen[:, 0]
        np.testing.assert_allclose(cover.ends[:, 0], cover.seen[:, 0] - margin * width, atol=1e-12)
        np.testing.assert_allclose(cover.ends[:, 1], cover.seen[:, 1] + margin * width, atol=1e-12)
        np.testing.assert_allclose(np.diff(layer.basis.grid, n=2), 0, atol=1e-12)
        assert (cover.outside == 0).all()
    assert_bound(model)


def test_update_puts_equally_many_samples_between_adaptive_points():
    model, X = random_model((1, 1), G=8), rng(0).normal(size=(4001, 1)) ** 3
    grids.update(model, X, margin=0, adaptive=1)
    counts = np.histogram(X[:, 0], model.layers[0].basis.grid[0])[0]
    assert counts.max() - counts.min() <= 3
    grids.update(model, X, margin=0, adaptive=0)
    even = model.layers[0].basis.grid.copy()
    grids.update(model, X, margin=0, adaptive=1)
    adaptive = model.layers[0].basis.grid.copy()
    grids.update(model, X, margin=0, adaptive=0.25)
    np.testing.assert_allclose(model.layers[0].basis.grid, 0.75 * even + 0.25 * adaptive, atol=1e-9)


def test_adaptive_points_stay_distinct_when_most_samples_are_equal():
    model = random_model((2, 2, 1), G=10)
    X = np.column_stack([np.r_[np.zeros(500), 1.0], np.r_[np.full(250, -2), np.full(251, 3.0)]])
    grids.update(model, X, adaptive=1)
    for layer in model.layers:
        grid = layer.basis.grid
        assert (np.diff(grid) > 1e-5 * (grid[:, -1:] - grid[:, :1])).all()
    assert np.isfinite(model(X)).all()


def test_a_constant_input_keeps_its_grid():
    model, X = random_model(), samples()
    X[:, 1] = 0.3
    grids.update(model, X)
    assert model.layers[0].basis.grid[1].tolist() == np.linspace(-1, 1, 6).tolist()
    assert model.layers[0].basis.grid[0, 0] != -1


@pytest.mark.parametrize("constant", [7.0, -1970.0, 1e12])
def test_the_grid_of_a_constant_far_away_is_shifted_to_it(constant):
    model, X = random_model(), samples()
    X[:, 1] = constant
    grids.update(model, X)
    grid = model.layers[0].basis.grid[1]
    assert grid.mean() == pytest.approx(constant, rel=1e-12) and grid[0] < constant < grid[-1]
    assert grid[-1] - grid[0] == pytest.approx(max(2, 2e-6 * abs(constant)))
    assert (grids.coverage(model, X)[0].outside == 0).all()


def test_update_can_leave_the_inputs_alone():
    model, X = random_model(), samples(beyond=0.5)
    before, theta = model.layers[0].basis, model.layers[0].theta.copy()
    grids.update(model, X, keep_inputs=True)
    assert model.layers[0].basis is before
    np.testing.assert_array_equal(model.layers[0].theta, theta)
    assert (model.layers[1].basis.grid[:, 0] != -1).all()
    assert_bound(model)


@pytest.mark.parametrize("adaptive", [0.0, 0.5])
def test_update_to_a_smaller_range_keeps_cubic_edges_exactly(adaptive):
    """A cubic polynomial is a spline on every grid: moving the grid then changes nothing where samples are."""
    model, X = cubic_model(), samples(beyond=0.5)
    before = model(X)
    grids.update(model, X, adaptive=adaptive)
    np.testing.assert_allclose(model(X), before, atol=1e-9)


@pytest.mark.parametrize("kind", ["bspline", "chebyshev"])
def test_update_to_a_wider_range_follows_the_tangents_outside_the_old_one(kind):
    """Edges that are straight lines stay so everywhere, however the grid moves."""
    model, X = random_model((2, 3, 1), basis=kind), samples(beyond=4)
    for layer in model.layers:
        values = layer.basis.values(np.linspace(-1, 1, 50)[:, None] * np.ones(layer.n_in))[:, 0]
        line = np.linalg.lstsq(values, np.linspace(-2, 1, 50))[0]
        layer.c[...] = line * rng(1).normal(size=(layer.n_out, layer.n_in, 1))
    before = model(X)
    grids.update(model, X, margin=0.5)
    np.testing.assert_allclose(model(X), before, atol=1e-10)


@pytest.mark.parametrize("kind", KINDS)
def test_update_to_the_range_that_is_there_already_changes_nothing(kind):
    model, X = random_model((2, 2), basis=kind), samples()
    X[:2] = [[-1, -1], [1, 1]]
    before = model(X)
    grids.update(model, X, margin=0)
    np.testing.assert_allclose(model(X), before, atol=1e-10)


def test_update_follows_the_old_functions_as_closely_as_the_new_grid_allows():
    """Ranges 1.2 times as wide, the same number of intervals: the worst edge stays within a few percent."""
    model, X = random_model((2, 3, 1), G=20, size=0.2), samples()
    first = model.layers[0]
    before = first.edges(X)
    grids.update(model, X, margin=0.1)
    change = np.abs(first.edges(X) - before).max()
    assert 0 < change < 0.25 * np.abs(before).max()  # random coefficients: the roughest function there is
    base = random_model((2, 3, 1), G=20, size=0.2).layers[0]
    np.testing.assert_array_equal(first.w_b, base.w_b)  # base and w_s are no part of the fit
    np.testing.assert_array_equal(first.w_s, base.w_s)


@pytest.mark.parametrize("kind", KINDS)
def test_update_serves_every_basis(kind):
    model, X = random_model(basis=kind), samples(beyond=2)
    P = model.n_params
    grids.update(model, X, adaptive=0.5)
    assert model.n_params == P
    assert np.isfinite(model(X)).all()
    assert_bound(model)


# -------------------------------------------------------------------------------------------- extend


def uneven(widths, k):
    """A random model with other, unequal intervals for every input."""
    model = random_model(widths, k=k)
    for n, layer in enumerate(model.layers):
        steps = rng(n).uniform(0.1, 1, (layer.n_in, 5))
        points = np.cumsum(np.pad(steps, ((0, 0), (1, 0))), axis=1)
        layer.use(BSpline(2 * points / points[:, -1:] - 1, k))
    model.join()
    randomise(model.theta, seed=3)
    return model


@pytest.mark.parametrize("make", [lambda k: random_model((2, 5, 1), k=k, size=1.0), lambda k: uneven((2, 3, 1), k)])
@pytest.mark.parametrize("k", range(6))
def test_extension_to_multiples_keeps_every_output(make, k):
    """Also outside the grid, on its points, and after several extensions in a row."""
    model = make(k)
    X = np.concatenate([samples(beyond=1.5), np.repeat(model.layers[0].basis.grid[:1], 2, axis=0).T])
    if k == 0:  # on a jump of a hidden layer the last bit decides: samples inside intervals only
        X = X[:300]
    before = model(X).copy()
    for G in (5, 10, 30, 120):
        grids.extend(model, G)
        assert {layer.basis.G for layer in model.layers} == {G}
        np.testing.assert_allclose(model(X), before, rtol=0, atol=1e-12 * max(1, np.abs(before).max()))
    assert_bound(model)


def cubic_model(degree=3):
    """Every spline is a random polynomial; outside the grid it goes on as a line."""
    model = random_model((2, 3, 1), k=3, size=0.3)
    t, x = bspline.uniform_knots(-1, 1, 5, 3), np.linspace(-1, 1, 200)
    for layer in model.layers:
        curves = x[:, None] ** np.arange(degree + 1) @ rng(1).normal(0, 0.2, (degree + 1, layer.n_out * layer.n_in))
        layer.c[...] = fit(x, curves, t, 3, ridge=0).T.reshape(layer.c.shape)
    return model


@pytest.mark.parametrize("G", [6, 7, 13])
def test_extension_to_other_numbers_keeps_cubic_edges(G):
    model, X = cubic_model(), samples(beyond=1.5)
    before = model(X)
    grids.extend(model, G)
    np.testing.assert_allclose(model(X), before, atol=1e-9)
    assert_bound(model)


@pytest.mark.parametrize("G", [6, 8, 12, 51])
def test_extension_to_other_numbers_is_the_best_fit_on_the_whole_grid(G):
    """No other coefficients come closer on a dense set of points (and on samples we did not look at)."""
    model = random_model((1, 1), size=1.0)
    x = np.linspace(-1, 1, 4001)
    old = model.layers[0].basis.values(x[:, None])[:, 0] @ model.layers[0].c[0, 0]
    grids.extend(model, G)
    A = model.layers[0].basis.values(x[:, None])[:, 0]
    off, best = (np.sqrt(np.mean((A @ c - old) ** 2)) for c in (model.layers[0].c[0, 0], np.linalg.lstsq(A, old)[0]))
    assert off <= 1.05 * best + 1e-12


@pytest.mark.parametrize("G", [10, 7])
def test_training_goes_on_after_an_extension(G):
    model, X = random_model(), samples()
    Y, optimiser, losses = X[:, :1] * X[:, 1:], Adam(0.01), []
    for step in range(200):
        if step == 100:
            grids.extend(model, G)
        value, dY = mse(model.forward(X), Y)
        model.backward(dY)
        optimiser.step(model.theta, model.grad)
        losses.append(value)
    assert optimiser.t == 100  # Adam noticed the new size and began anew
    assert losses[199] < 0.5 * losses[99]


# ------------------------------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda m, X: grids.update(m, X, margin=-0.1), "margin is -0.1; expected a finite number from 0"),
        (lambda m, X: grids.update(m, X, margin=np.nan), "margin is nan"),
        (lambda m, X: grids.update(m, X, adaptive=1.5), "adaptive is 1.5; expected a finite number from 0 to 1"),
        (lambda m, X: grids.update(m, X[:, :1]), r"X has 1 column, expected 2 \(a KAN with widths \[2, 3, 1\]\)"),
        (lambda m, X: grids.update(m, X[:0]), "X is empty"),
        (lambda m, X: grids.update(m, X * np.nan), "NaN or inf"),
        (lambda m, X: grids.coverage(m, X * np.inf), "NaN or inf"),
        (lambda m, X: grids.overlap(m, X, X[:, :1]), "X has 1 column, expected 2"),
        (lambda m, X: grids.extend(m, 4), "G = 4 is coarser than the present grid of 5 intervals; pick a larger G"),
        (lambda m, X: grids.extend(m, 0), "G is 0; expected a whole number >= 1"),
        (lambda m, X: grids.extend(m, 7.5), "G is 7.5"),
    ],
)
def test_a_refusal_leaves_the_model_as_it_was(change, words):
    model, X = random_model(), samples()
    before, bases, theta = model(X).copy(), [layer.basis for layer in model.layers], model.theta
    with pytest.raises(ValueError, match=words):
        change(model, X)
    assert model.theta is theta
    assert [layer.basis for layer in model.layers] == bases
    np.testing.assert_array_equal(model(X), before)


@pytest.mark.parametrize("change", [lambda m: grids.update(m, samples()), lambda m: grids.extend(m, 10)])
def test_a_failure_in_the_middle_leaves_the_model_as_it_was(change, monkeypatch):
    model = random_model()
    bases, before = [layer.basis for layer in model.layers], model(samples()).copy()
    last, original = model.layers[-1], grids._replace

    def fails(layer, *rest):
        if layer is last:
            raise KeyboardInterrupt
        original(layer, *rest)

    monkeypatch.setattr(grids, "_replace", fails)
    with pytest.raises(KeyboardInterrupt):
        change(model)
    assert [layer.basis for layer in model.layers] == bases
    np.testing.assert_array_equal(model(samples()), before)
    assert_bound(model)


@pytest.mark.parametrize("kind", KINDS[1:])
def test_only_splines_have_a_grid_to_extend(kind):
    with pytest.raises(ValueError, match="grid extension needs B-splines; this model has "):
        grids.extend(KAN([2, 1], basis=kind), 10)


@pytest.mark.parametrize("k", [0, 1, 3, 5])
def test_many_intervals_take_the_way_without_zeros_to_the_same_coefficients(monkeypatch, k):
    model, other = (KAN([2, 3, 2], G=30, k=k, seed=4) for _ in range(2))
    X = np.random.default_rng(0).uniform(-1, 1, (200, 2))
    for one, many in ((model, 10), (other, 10**6)):
        monkeypatch.setattr(grids, "MANY", many)
        grids.extend(one, 41)
        grids.update(one, X, adaptive=0.5)
    np.testing.assert_allclose(model.theta, other.theta, atol=1e-9)


def test_a_fine_grid_is_extended_by_one_in_little_time():
    """CPU time of a process of its own would be noise: counted is the largest array instead, once 12 G x G."""
    model = KAN([1, 1], G=400)
    x = np.linspace(-1, 1, 100)[:, None]
    before = model(x)
    tracemalloc.start()
    grids.extend(model, 401)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 8 * 4 * 404**2
    np.testing.assert_allclose(model(x), before, atol=0.1)  # random coefficients: no smooth curve
