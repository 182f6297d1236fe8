"""Poisson's equation: the residuals and their Jacobian, problems whose solution is known, refusals, Ctrl-C."""

import numpy as np
import pytest

from kan_edu import KAN, MLP
from kan_edu.equations import curvature, poisson
from kan_edu.equations.descent import Equation
from kan_edu.equations.poisson import Poisson, solve
from kan_edu.learning import objective
from kan_edu.learning.downhill.levenberg_marquardt import LevenbergMarquardt
from kan_edu.learning.progress import Progress
from kan_edu.networks import grids as grids_of
from tests.equations.interrupted import stopped_elsewhere
from tests.gradients import assert_gradient, randomise


def bowl(**more):
    """u = (x^2 + y^2) / 4 - 1, so that u_xx + u_yy = 1; small enough to be solved in a moment."""
    given = {"inside": 60, "side": 8, **more}
    truth = lambda X: (X**2).sum(axis=1) / 4 - 1  # noqa: E731
    return Poisson(lambda X: np.ones(len(X)), truth, solution=truth, **given)


def small(k=3):
    return KAN([2, 1], G=2, k=k, base=False)


# -- the problem


def test_the_papers_source_is_the_laplacian_of_its_solution():
    problem, h = poisson.paper(), 1e-4
    u, X = problem.solution, problem.X
    steps = [np.array([h, 0]), np.array([0, h])]
    laplacian = sum(u(X + d) - 2 * u(X) + u(X - d) for d in steps) / h**2
    np.testing.assert_allclose(problem.f, laplacian, atol=1e-4)
    np.testing.assert_allclose(u(problem.B), problem.g, atol=1e-15)
    assert (np.abs(problem.B).max(axis=1) == 1).all() and len(np.unique(problem.B, axis=0)) == 4 * 40 - 4


def test_points_are_spread_evenly_and_shifted_by_the_seed():
    X = poisson.spread(1000, np.array([0.3, 0.6]))
    counts = np.histogram2d(*X.T, bins=10, range=[[-1, 1]] * 2)[0]
    assert counts.min() >= 7 and counts.max() <= 13  # random ones: about 3 to 18
    assert X.min() >= -1 and X.max() < 1
    assert (poisson.paper(seed=1).X != poisson.paper(seed=2).X).all()


@pytest.mark.parametrize(
    "model", [KAN([2, 2, 1], G=3, k=5), KAN([2, 2, 1], G=3, base=False), MLP([2, 4, 1])], ids=["k=5", "no base", "MLP"]
)
def test_every_entry_of_the_jacobian(model):
    randomise(model.theta, size=0.7)
    problem = bowl(inside=9, side=2)
    J, theta, h = problem.jacobian(model), model.theta, 1e-6
    assert J.shape == (9 + 8, model.n_params)
    differences = np.empty_like(J)
    for p in range(model.n_params):
        kept = theta[p]
        theta[p] = kept + h
        above = problem.residuals(model)
        theta[p] = kept - h
        differences[:, p] = (above - problem.residuals(model)) / (2 * h)
        theta[p] = kept
    for part in [slice(9), slice(9, None)]:  # inside, border: of different size, so each by itself
        assert_gradient(J[part], differences[part], "the Jacobian", 1e-6)


def test_a_jacobian_that_would_fill_the_memory_comes_in_blocks(monkeypatch):
    model, problem, models = small(), bowl(), []
    whole = problem.jacobian(model)
    for block in (2**25, 7 * model.n_params):
        monkeypatch.setattr(objective, "BLOCK", block)
        sizes = [len(J) for J in problem.jacobian_blocks(model)]
        np.testing.assert_allclose(problem.jacobian(model), whole, rtol=1e-12, atol=1e-15)  # BLAS sums by block size
        solve(one := small(), problem, grids=[2], starts=1, updates=1, steps=3)
        models.append(one)
    assert max(sizes) == 7 and sum(sizes) == len(whole) == 60 + 32
    np.testing.assert_allclose(*[one.theta for one in models], atol=1e-8)


def test_the_loss_is_weighted_means_of_squares():
    model, problem = MLP([2, 4, 1]), bowl(alpha=0.3)
    randomise(model.theta)
    inside = (curvature.second(model, problem.X)[2][:, 0] - 1) ** 2
    border = (model(problem.B)[:, 0] - (problem.B**2).sum(axis=1) / 4 + 1) ** 2
    assert problem.loss(model) == pytest.approx(0.3 * inside.mean() + border.mean(), rel=1e-12)


def test_gauss_newton_ends_at_a_solution_that_the_grid_can_hold():
    """The bowl is in the span of one layer of edges; near it each step squares the error."""
    model, problem, optimiser, losses = small(), bowl(), LevenbergMarquardt(), []
    while not optimiser.stopped:
        losses.append(
            optimiser.step(model.theta, lambda: problem.residuals(model), lambda: problem.jacobian(model))
        )
    assert len(losses) < 40 and problem.error(model) < 1e-14


# -- solve


@pytest.mark.parametrize("make", [small, lambda: MLP([2, 6, 1])], ids=["KAN", "MLP"])
def test_it_solves_a_problem_whose_solution_is_known(make):
    model, problem = make(), bowl()
    result = solve(model, problem, starts=2, **({} if isinstance(model, MLP) else {"grids": [2, 4]}))
    assert problem.error(model) < (1e-9 if isinstance(model, KAN) else 1e-3)
    assert [stage.G for stage in result.stages] == ([2, 4] if isinstance(model, KAN) else [None])
    assert result.stages[-1].error == pytest.approx(problem.error(model), abs=1e-12)
    assert result.stages[-1].loss == pytest.approx(problem.loss(model), abs=1e-24)
    assert result.stopped == "all grids done"


def test_the_best_start_goes_on_and_starts_do_not_depend_on_each_other():
    problem = poisson.paper(inside=60, side=8)
    both, second = KAN([2, 2, 1], k=3), KAN([2, 2, 1], k=3)
    together = solve(both, problem, grids=[3], starts=3, updates=1, steps=1, enough=0)
    assert len(together.starts) == 3 and together.chosen == int(np.argmin(together.starts))
    for number in range(3):
        alone = solve(second, problem, grids=[3], starts=1, updates=1, steps=1, enough=0, seed=number)
        second = KAN([2, 2, 1], k=3)
        assert alone.starts == [together.starts[number]]


def test_no_further_start_once_one_is_good_enough():
    assert len(solve(small(), bowl(), grids=[2], starts=5).starts) == 1


def test_it_says_whether_all_starts_are_stuck():
    problem = poisson.paper(inside=60, side=8)
    assert solve(KAN([2, 2, 1], k=3), problem, grids=[3], starts=1, updates=1, steps=1).stuck
    assert not solve(small(), bowl(), grids=[2], starts=2).stuck


def test_without_a_known_solution_there_is_no_error():
    problem = Poisson(lambda X: np.ones(len(X)), inside=40, side=6)
    result = solve(small(), problem, grids=[2], starts=1, steps=2)
    assert result.stages[0].error is None
    with pytest.raises(ValueError, match="true solution is not known"):
        problem.error(small())


def test_grids_are_as_fine_as_the_points_allow():
    assert poisson.check_grids(KAN([2, 2, 1], k=5), None, 1160) == [3, 5, 10, 20, 50]
    assert poisson.check_grids(KAN([2, 2, 1], G=40, k=5), None, 300) == [3, 5]
    assert poisson.check_grids(KAN([2, 10, 1], k=5), None, 300) == [3]
    assert poisson.check_grids(MLP([2, 3, 1]), None, 300) == (None,)


@pytest.mark.parametrize("after", [3, 45])  # in the first start; on the grid
def test_ctrl_c_keeps_the_best_so_far(after, monkeypatch):
    model, problem, seen = KAN([2, 2, 1], G=3, k=3), poisson.paper(inside=60, side=8), []

    def stop(words, model, loss):
        seen.append(loss)
        if len(seen) == after:
            raise KeyboardInterrupt

    with pytest.warns(UserWarning, match="solving was interrupted"):
        result = solve(model, problem, grids=[3, 5, 10], starts=2, enough=0, callback=stop)
    assert result.stopped == "interrupted"
    assert np.isfinite(model.theta).all() and problem.loss(model) < 0.8 * problem.loss(KAN([2, 2, 1], G=3, k=3))


def test_ctrl_c_leaves_no_half_step_behind(monkeypatch):
    """It comes where the optimiser tries a step, and theta is already elsewhere."""
    model, problem, seen = small(), bowl(), stopped_elsewhere(monkeypatch, Poisson)
    start = model.theta.copy()
    with pytest.raises(KeyboardInterrupt):
        Equation(problem, 0.01, 5, Progress(False), None).descend(model, problem, 5, "")
    assert len(seen) > 1
    np.testing.assert_array_equal(model.theta, start)


def test_residuals_are_computed_once_for_each_theta_and_the_steps_are_the_same(monkeypatch):
    model, plain, problem, seen, residuals = small(), small(), bowl(), [], Poisson.residuals
    optimiser = LevenbergMarquardt()
    for _ in range(5):
        jacobian = lambda: problem.jacobian(plain)  # noqa: E731
        optimiser.step(plain.theta, lambda: problem.residuals(plain), jacobian)

    def watched(self, model):
        seen.append(model.theta.tobytes())
        return residuals(self, model)

    monkeypatch.setattr(Poisson, "residuals", watched)
    Equation(problem, 0.01, 5, Progress(False), None).descend(model, problem, 5, "")
    assert len(seen) == len(set(seen)) >= 6
    np.testing.assert_allclose(model.theta, plain.theta, rtol=1e-12)


def test_a_finer_grid_that_made_it_worse_is_not_kept(monkeypatch):
    model, problem, extend = small(), bowl(), grids_of.extend

    def spoil(model, G):
        extend(model, G)
        if G == 8:
            randomise(model.theta, size=100)

    monkeypatch.setattr(grids_of, "extend", spoil)
    result = solve(model, problem, grids=[2, 4, 8], steps=1)
    losses = [stage.loss for stage in result.stages]
    assert losses[2] > 2 * losses[1] and problem.loss(model) <= losses[1] * (1 + 1e-9)
    assert model.layers[0].basis.G < 8


def test_a_callback_ends_it():
    result = solve(small(), bowl(), grids=[2], callback=lambda words, model, loss: words == "G = 2")
    assert result.stopped == "the callback asked to stop in G = 2"


# -- refusals


@pytest.mark.parametrize(
    ("model", "words"),
    [
        (lambda: KAN([2, 1], k=2), "degree k = 2 is too low"),
        (lambda: KAN([3, 1], k=3), "u\\(x, y\\) has 2 inputs and 1 output"),
        (lambda: MLP([2, 3, 2]), "u\\(x, y\\) has 2 inputs and 1 output"),
        (lambda: MLP([2, 3, 1], activation="relu"), "an MLP with relu is made of flat pieces"),
        (lambda: KAN([2, 1], basis="fourier"), "written out for B-splines"),
    ],
)
def test_models_that_cannot_solve_it(model, words):
    with pytest.raises(ValueError, match=words):
        solve(model(), bowl())


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: Poisson(lambda X: X), r"what source returned has shape \(1000, 2\)"),
        (lambda: Poisson(lambda X: X[:, 0], lambda X: X[:, 0] + np.nan), "what border returned holds 160 values"),
        (lambda: Poisson(lambda X: X[:, 0], inside=0), "inside is 0"),
        (lambda: Poisson(lambda X: X[:, 0], side=1), "side is 1"),
        (lambda: Poisson(lambda X: X[:, 0], alpha=0), "alpha is 0"),
        (lambda: solve(small(), bowl(), grids=[5, 3]), "increasing numbers of intervals"),
        (lambda: solve(MLP([2, 3, 1]), bowl(), grids=[3]), "needs a KAN of B-splines"),
        (lambda: solve(small(), bowl(), starts=0), "starts is 0"),
        (lambda: solve(KAN([2, 9, 9, 1]), bowl(), grids=[3, 60], callback=lambda *_: 1 / 0), "for all P = .* at once"),
        (lambda: solve(small(), Poisson(lambda X: np.full(len(X), 1e200)), starts=2), "all 2 starts diverged; make"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_problems_that_cannot_be_posed(make, words):
    with pytest.raises(ValueError, match=words):
        make()


# ------------------------------------------------------------------------------------------ doors


@pytest.mark.parametrize(("call", "words"), [
    (lambda: Poisson(3), "source is 3; expected a function, such as lambda X"),
    (lambda: Poisson(lambda X: X[:, 0], alpha=True), "alpha is True; expected a finite number above 0, such as 0.1"),
    (lambda: Poisson(lambda X, Y: X[:, 0]), "source could not be called with arrays of shape"),
    (lambda: Poisson(lambda X: X[:, 0], solution="u"), "solution is 'u'; expected a function"),
    (lambda: Poisson(lambda X: X[:, 0], solution=lambda X: np.full(len(X), np.datetime64("2024-01-01"))).error(small()),
     "what solution returned holds dates"),
    (lambda: Poisson(lambda X: X[:, 0], inside=10**9), "10000000.. points inside .* GiB of memory; choose fewer"),
    (lambda: bowl().error(small(), points=10**9), "GiB of memory; fewer do"),
    (lambda: bowl().loss(3), r"the model is 3; expected a model"),
    (lambda: bowl().loss(KAN([2, 2])), "u\\(x, y\\) has 2 inputs and 1 output"),
    (lambda: bowl().jacobian(MLP([2, 10**6, 1])), "use jacobian_blocks"),
    (lambda: poisson.spread(3, [0.5, np.nan]), "shift holds 1 value that is NaN"),
    (lambda: poisson.spread(0, [0.5, 0.5]), "N is 0; expected a whole number >= 1"),
    (lambda: solve(small(), 3), r"problem is 3; expected one such as Poisson\(source\)"),
    (lambda: solve(small(), bowl(), enough=1e300), "enough is 1e.300; expected a finite number from 0 to 1e.06"),
    (lambda: solve(small(), bowl(), progress="yes"), "progress is 'yes'; expected True or False"),
    (lambda: solve(small(), bowl(), updates=10**6), "updates is 1000000; expected a whole number from 1 to 1000"),
    (lambda: solve(small(), bowl(), callback=lambda: 1), "callback cannot be called with 3 arguments"),
    (lambda: solve(small(), bowl(), seed={3}), r"seed is \{3\}; expected a whole number"),
    (lambda: solve(small(), bowl(), steps=0), "steps is 0; expected a whole number from 1"),
])  # fmt: skip
def test_what_is_no_equation_and_no_number_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()
