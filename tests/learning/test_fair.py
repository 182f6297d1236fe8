"""A fair comparison: MLPs of the size asked for, and the work of a step counted as the code does it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kan_edu import KAN, LBFGS, MLP, Adam, LevenbergMarquardt, SplineMLP, fit, fit_with_refinement
from kan_edu.learning import fair


@given(st.integers(1, 8), st.integers(1, 3), st.integers(60, 400), st.integers(1, 3))
def test_the_mlp_has_as_many_parameters_within_ten_percent(n_in, n_out, P, hidden):
    widths = fair.mlp_widths(n_in, n_out, P, hidden)
    model = MLP(widths)
    assert len(widths) == hidden + 2 and (widths[0], widths[-1]) == (n_in, n_out)
    assert model.n_params == fair.n_params(widths)
    assert abs(model.n_params - P) <= fair.WITHIN * P
    assert max(widths[1:-1]) - min(widths[1:-1]) <= 1


def test_no_other_width_comes_nearer():
    for P in (30, 57, 143):
        ours = abs(fair.n_params(fair.mlp_widths(2, 1, P)) - P)
        assert ours == min(abs(fair.n_params([2, width, 1]) - P) for width in range(1, P))


def test_mlps_like_a_kan_are_tried_in_several_shapes():
    models = fair.mlps_like(KAN([2, 1, 1], G=20), seed=3)
    assert [(model.widths, model.activation) for model in models] == [
        ([2, 18, 1], "tanh"), ([2, 18, 1], "silu"), ([2, 7, 6, 1], "tanh"), ([2, 7, 6, 1], "silu"),
        ([2, 5, 5, 4, 1], "tanh"), ([2, 5, 5, 4, 1], "silu")]   # fmt: skip
    np.testing.assert_array_equal(models[0].theta, MLP([2, 18, 1], seed=3).theta)


def test_where_no_mlp_is_near_enough_it_is_said():
    small = KAN([1, 1], G=1, k=1, base=False)   # three parameters; an MLP has four or more
    with pytest.raises(ValueError, match="no MLP with 1 inputs and 1 outputs has 3 parameters within 10 %"):
        fair.mlps_like(small)


def test_mlps_with_learnt_splines_have_as_many_parameters_too():
    models = fair.splinemlps_like(KAN([2, 1, 1], G=20), G=4, seed=3)
    assert [len(model.widths) for model in models] == [3, 4, 5]
    assert all(abs(model.n_params - 75) <= 7 and model.layers[1].basis.G == 4 for model in models)
    np.testing.assert_array_equal(models[0].theta, SplineMLP(models[0].widths, G=4, seed=3).theta)
    with pytest.raises(ValueError, match="no MLP with learnt splines on 80 intervals has 75 parameters within 10 %"):
        fair.splinemlps_like(KAN([2, 1, 1], G=20), G=80)


def test_a_start_and_a_ladder_spend_what_is_said_at_most():
    asked = []

    class Counting(LevenbergMarquardt):
        def step(self, theta, residuals, jacobian):
            asked.append((residuals().size, theta.size))
            return super().step(theta, residuals, jacobian)

    ladder, X = (2, 4), np.random.default_rng(0).uniform(-1, 1, (300, 2))
    kans = {kan.n_params: kan for kan in (KAN([2, 1, 1], G=G) for G in ladder)}
    fit_with_refinement(KAN([2, 1, 1]), X, np.exp(X[:, :1] * 2 + X[:, 1:] ** 2), grids=ladder, starts=1, steps=10,
                        optimiser=Counting)   # fmt: skip
    spent = sum(fair.marquardt_work(kans[P], N) for N, P in asked)
    most = fair.refinement_work(KAN([2, 1, 1]), ladder, N=300)
    assert {N for N, P in asked} == {210, 300} and 0.5 * most < spent <= most


def test_an_edge_of_a_kan_costs_its_living_functions_and_not_its_grid():
    coarse, fine = (KAN([2, 5, 1], G=G, k=3).layers[0] for G in (5, 100))
    X = np.random.default_rng(0).uniform(-1, 1, (50, 2))
    for layer in (coarse, fine):
        alive = (layer.basis.values(X) != 0).sum(axis=2)   # (N, n_in): at a sample k + 1 of the G + k
        assert alive.max() == 4
        assert fair.edge_products(layer) == 10 * (alive.max() + 1)   # and the base
        assert fair.basis_products(layer) == 2 * 2 * 4 * 4   # values and slopes: (k+1, k+1) times powers, per input
    assert fair.edge_products(MLP([2, 5, 1]).layers[0]) == 10
    with pytest.raises(ValueError, match="this layer has Chebyshev"):
        fair.edge_products(KAN([2, 1], basis="chebyshev").layers[0])


def test_the_work_is_what_the_products_of_an_mlp_need():
    model, N = MLP([3, 4, 5, 2]), 7
    shapes = [(3, 4), (4, 5), (5, 2)]
    assert fair.forward_work(model, N) == N * sum(n * m for n, m in shapes)
    assert fair.backward_work(model, N) == N * (2 * sum(n * m for n, m in shapes) - 12)   # no slope to the input
    assert fair.jacobian_work(model, N) == fair.forward_work(model, N) + N * 2 * model.n_params


def test_the_work_of_a_kan_grows_with_the_grid_only_by_what_is_done_once():
    a, b = KAN([2, 5, 1], G=5), KAN([2, 5, 1], G=105)
    for work, times in ((fair.forward_work, 1), (fair.backward_work, 2)):
        assert work(b, 1000) - work(a, 1000) == times * 15 * 100   # w_s times c: 15 edges, 100 coefficients more


def test_a_step_of_levenberg_marquardt_that_succeeds_at_once_costs_what_the_meter_counts():
    rng, model = np.random.default_rng(0), MLP([2, 3, 1])
    X = rng.uniform(-1, 1, (30, 2))
    meter = fair.Meter(LevenbergMarquardt(damping=1.0), model, 30)
    history = fit(model, X, X[:, :1] * 0.5, steps=2, optimiser=meter)
    assert history.loss[1] < history.loss[0]
    assert meter.spent == 2 * fair.marquardt_work(model, 30)


class Calls:
    """A model that counts how often its methods are called."""

    def __init__(self, model):
        self.model, self.counts = model, {"_forward": 0, "_backward": 0, "_jacobian": 0}
        for name in self.counts:
            setattr(model, name, self.counted(name, getattr(model, name)))

    def counted(self, name, method):
        def call(*arguments, **named):
            self.counts[name] += 1
            return method(*arguments, **named)
        return call


@pytest.mark.parametrize("make", [Adam, LBFGS, LevenbergMarquardt])
@pytest.mark.parametrize("model", [MLP([2, 6, 1]), KAN([2, 2, 1])], ids=["MLP", "KAN"])
def test_a_meter_counts_what_was_called_and_changes_nothing(make, model):
    rng = np.random.default_rng(0)
    X, N, P = rng.uniform(-1, 1, (40, 2)), 40, model.n_params
    Y = X[:, :1] * X[:, 1:]
    model.restart(1)
    plain = fit(model, X, Y, steps=6, optimiser=make())
    theta = model.theta.copy()
    model.restart(1)
    meter, calls = fair.Meter(make(), model, N), Calls(model)
    metered = fit(model, X, Y, steps=6, optimiser=meter)
    for name in calls.counts:
        delattr(model, name)
    np.testing.assert_array_equal(model.theta, theta)
    assert metered.loss == plain.loss and metered.stopped == plain.stopped
    n = calls.counts
    n["_forward"] -= 1   # `fit` looks once, at the end, at what was learnt: no part of the training
    if make is LevenbergMarquardt:   # model.jacobian runs a forward of its own, which is in its price
        forward = n["_forward"] - n["_jacobian"]
        work = n["_jacobian"] * (fair.jacobian_work(model, N) + N * P * (P + 1))
        tried = forward - 2 * len(metered.loss)   # each step asks twice before it tries anything
        assert meter.spent == work + forward * fair.forward_work(model, N) + tried * fair.solve_work(P)
    else:
        assert meter.spent == n["_backward"] * (fair.forward_work(model, N) + fair.backward_work(model, N))
        assert n["_backward"] == n["_forward"]


@pytest.mark.parametrize(("model", "N", "more", "words"), [
    (KAN([2, 2, 1]), 60, {}, "counts the work of 40 samples a step, here there are 60; make one"),
    (KAN([2, 2, 1]), 40, {"batch_size": 8}, "of 40 samples a step, here there are 8"),
    (KAN([2, 3, 1]), 40, {}, r"counts the work of another model than KAN\(\[2, 3, 1\]"),
    (KAN([2, 2, 1], G=9), 40, {}, "of this one on another grid; make a new one"),
])  # fmt: skip
def test_a_meter_made_for_something_else_is_refused(model, N, more, words):
    meter, X = fair.Meter(Adam(), KAN([2, 2, 1]), 40), np.random.default_rng(0).uniform(-1, 1, (N, 2))
    with pytest.raises(ValueError, match=words):
        fit(model, X, X[:, :1], steps=2, optimiser=meter, **more)
    assert meter.spent == 0
