"""Gauss-Newton without its matrix: its products against the matrix, its path against the lowest point, its steps."""

import numpy as np
import pytest

from kan_edu import KAN, MLP, GaussNewton, LevenbergMarquardt, Sparsity, accuracy, datasets, fit
from kan_edu.learning.downhill.gauss_newton import conjugate_gradients, within
from kan_edu.learning.fair import Meter
from kan_edu.learning.losses import cross_entropy, curvature, logistic_loss, mse
from kan_edu.learning.objective import Objective
from tests.learning.downhill.problems import LinearSquares, Rosenbrock

LOSSES = {"mse": (mse, 2), "cross_entropy": (cross_entropy, 3), "logistic_loss": (logistic_loss, 1)}


def targets(loss, rng, outputs):
    return rng.normal(size=(9, outputs)) if loss is mse else rng.integers(0, max(2, outputs), 9)


@pytest.mark.parametrize(("loss", "outputs"), LOSSES.values(), ids=LOSSES)
def test_the_losses_second_derivative_against_differences_of_their_slopes(loss, outputs):
    rng, h = np.random.default_rng(0), 1e-6
    Z, u, T = rng.normal(size=(9, outputs)), rng.normal(size=(9, outputs)), targets(loss, rng, outputs)
    times, root = curvature(loss, Z)
    np.testing.assert_allclose(times(u), (loss(Z + h * u, T)[1] - loss(Z - h * u, T)[1]) / (2 * h), atol=1e-8)
    signs = np.stack(np.meshgrid(*[[-1.0, 1.0]] * outputs), axis=-1).reshape(-1, 1, outputs)  # all there are, a sample
    W = np.array([root(np.tile(s, (9, 1))) for s in signs])  # (2^outputs, 9, outputs)
    np.testing.assert_allclose(np.einsum("sno,snp->nop", W, W) @ u[:, :, None] / len(W), times(u)[:, :, None],
                               atol=1e-12)  # fmt: skip


@pytest.mark.parametrize(("loss", "outputs"), LOSSES.values(), ids=LOSSES)
def test_its_products_are_those_of_the_matrix(loss, outputs):
    rng, model = np.random.default_rng(1), KAN([2, 2, outputs], G=2, k=2)
    X, v = rng.uniform(-1, 1, (9, 2)), rng.normal(size=model.n_params)
    J, times = model.jacobian(X), curvature(loss, model(X))[0]
    H = np.einsum("nop,noq->pq", J, np.stack([times(J[..., q]) for q in range(model.n_params)], axis=-1))
    product, draw = Objective(model, X, targets(loss, rng, outputs), loss).curvature()
    np.testing.assert_allclose(product(v), H @ v, atol=1e-12)
    estimate = np.mean([draw(rng) ** 2 for _ in range(1000)], axis=0)
    np.testing.assert_allclose(estimate, H.diagonal(), rtol=0.3, atol=1e-12)


def bowl(seed=2, P=6):
    """H (P, P), g (P,) and a metric (P,)."""
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(9, P))
    return A.T @ A, rng.normal(size=P), rng.uniform(0.5, 2, P)


def test_the_path_ends_at_the_lowest_point_and_promises_what_it_keeps():
    H, g, metric = bowl()
    path = conjugate_gradients(lambda v: H @ v, g, metric, np.inf, iterations=6, tol=1e-14)
    np.testing.assert_allclose(path[-1].d, np.linalg.solve(H, -g), rtol=1e-8)
    assert len(path) == 7 and (np.diff([place.length for place in path]) > 0).all()
    for d, promise, length in path:
        assert promise == pytest.approx(-(g @ d + d @ H @ d / 2)) and length == pytest.approx(np.sqrt(d @ (metric * d)))


def test_the_path_ends_where_the_slope_is_a_tenth_and_where_nothing_bends():
    H, g, metric = bowl()
    path = conjugate_gradients(lambda v: H @ v, g, metric, np.inf, iterations=6, tol=0.1)
    slopes = [np.sqrt((g + H @ place.d) @ ((g + H @ place.d) / metric)) for place in path]
    assert slopes[-1] <= 0.1 * slopes[0] < slopes[-2]
    assert len(conjugate_gradients(lambda v: 0 * v, g, metric, np.inf, 6, 0.1)) == 1


@pytest.mark.parametrize("share", [0.01, 0.4, 0.9])
def test_within_a_ball_the_path_ends_on_its_rim(share):
    H, g, metric = bowl()
    radius = share * conjugate_gradients(lambda v: H @ v, g, metric, np.inf, 6, 1e-14)[-1].length
    path = conjugate_gradients(lambda v: H @ v, g, metric, radius, 6, 1e-14)
    d, promise, length = within(path, radius, metric)
    assert len(path) < 7 and length == radius == pytest.approx(np.sqrt(d @ (metric * d)))
    assert promise == pytest.approx(-(g @ d + d @ H @ d / 2))


def test_on_a_bowl_one_step_is_enough_then_it_says_so():
    problem, optimiser = LinearSquares(condition=10), GaussNewton(iterations=30, tol=1e-12)
    values = [step(optimiser, problem) for _ in range(4)]
    np.testing.assert_allclose(problem.theta, problem.solution, atol=1e-9)
    assert values[1] < values[0] and optimiser.stopped == "no step lowers the loss any more"


def step(optimiser, problem):
    def curvature():
        J = problem.jacobian()
        return lambda v: 2 * J.T @ (J @ v), lambda rng: np.sqrt(2) * J.T @ rng.choice([-1.0, 1.0], len(J))

    return optimiser.step(problem.theta, problem.evaluate, curvature)


def test_the_banana_valley_never_uphill():
    problem, optimiser = Rosenbrock(), GaussNewton(tol=1e-6)
    losses = [step(optimiser, problem) for _ in range(40)]
    np.testing.assert_allclose(problem.theta, problem.solution, atol=1e-8)
    assert losses[0] == pytest.approx(24.2) and (np.diff(losses) <= 0).all()


def test_a_step_uphill_goes_back_on_its_path_without_another_product():
    asked, theta = [], np.array([2.0])  # of log cosh, whose curvature at 2 says: go 13 to the left

    def evaluate():
        return float(np.log(np.cosh(theta[0]))), np.tanh(theta)

    def product(v):
        asked.append(v)
        return v / np.cosh(2.0) ** 2

    optimiser = GaussNewton()
    value = optimiser.step(theta, evaluate, lambda: (product, lambda rng: np.ones(1)))
    assert value == np.log(np.cosh(2.0)) and abs(theta[0]) < 2 and len(asked) == 1
    assert optimiser.radius < 13


def test_a_small_network_ends_as_levenberg_marquardt_does():
    X, Y = datasets.sample("f1", 200, seed=0)
    ends = [fit(KAN([2, 1, 1], G=3, seed=3), X, Y, steps=30, optimiser=optimiser).final_rmse
            for optimiser in (LevenbergMarquardt(), GaussNewton(100, tol=0.01))]  # fmt: skip
    assert ends[1] < 1.1 * ends[0] < 0.1 * Y.std()


@pytest.mark.parametrize("make", [lambda: KAN([2, 2], G=5), lambda: KAN([2, 3, 2], dtype=np.float32),
                                  lambda: MLP([2, 10, 2])], ids=["KAN", "float32", "MLP"])  # fmt: skip
def test_classes_are_learnt(make):
    X, labels = rings()
    model = make()
    history = fit(model, X, labels, steps=25, loss=cross_entropy, optimiser=GaussNewton())
    assert accuracy(model(X), labels) > 0.97 and history.loss[-1] < 0.3 * history.loss[0]
    assert model.theta.dtype == getattr(model, "dtype", float)


def rings():
    """Inside a circle or not."""
    X = np.random.default_rng(0).uniform(-1, 1, (200, 2))
    return X, (np.hypot(*X.T) < 0.7).astype(int)


def test_edges_that_were_removed_stay_removed():
    X, Y = datasets.sample("f1", 100, seed=0)
    model = KAN([2, 2, 1], seed=0)
    model.remove_edge((0, 0, 0))
    before = model.theta[~model.free].copy()
    history = fit(model, X, Y, steps=5, optimiser=GaussNewton())
    assert before.size and np.array_equal(model.theta[~model.free], before)
    assert history.final_rmse < history.rmse[0] / 2


def test_another_place_or_another_model_is_no_continuation():
    X, Y = datasets.sample("f1", 100, seed=0)
    used, model = GaussNewton(), KAN([2, 2, 1], seed=0)
    fit(model, X, Y, steps=3, optimiser=used)
    ends = []
    for optimiser in (used, GaussNewton()):
        fresh = KAN([2, 2, 1], seed=5)
        ends.append(fit(fresh, X, Y, steps=3, optimiser=optimiser).loss)
    assert ends[0] == ends[1]


def test_its_signs_are_those_of_its_seed_and_a_slope_of_zero_ends_it():
    X, Y = datasets.sample("f1", 100, seed=0)
    one, again, two = (fit(KAN([2, 2, 1], seed=0), X, Y, steps=3, optimiser=GaussNewton(seed=seed)).loss
                       for seed in (1, 1, 2))  # fmt: skip
    assert one == again != two
    optimiser = GaussNewton()
    assert optimiser.step(np.ones(2), lambda: (1.0, np.zeros(2)), NAN) == 1
    assert optimiser.stopped == "the gradient is zero"


def test_its_work_is_counted():
    model, X = MLP([2, 5, 1]), np.random.default_rng(0).uniform(-1, 1, (20, 2))
    meter = Meter(GaussNewton(iterations=2, tol=1e-9), model, 20)
    fit(model, X, X[:, :1] * X[:, 1:], steps=1, optimiser=meter)
    tries = 2  # the place itself, and the step's end
    assert meter.spent >= meter.forward + (tries + 4 + 2) * meter.gradient
    assert (meter.spent - meter.forward) % meter.gradient == 0


def test_ctrl_c_leaves_no_half_step():
    X, Y = datasets.sample("f1", 100, seed=0)
    model, seen = KAN([2, 2, 1], seed=0), []

    class Interrupted(GaussNewton):
        def step(self, theta, evaluate, curvature):
            seen.append(theta.copy())
            if len(seen) == 3:
                theta += 1
                raise KeyboardInterrupt
            return super().step(theta, evaluate, curvature)

    with pytest.warns(UserWarning, match="interrupted in step 3"):
        fit(model, X, Y, steps=9, optimiser=Interrupted())
    assert np.array_equal(model.theta, seen[2])


NAN = lambda: (lambda v: v * np.nan, lambda rng: np.ones(2))  # noqa: E731
SLOPE = lambda: (1.0, np.ones(2))  # noqa: E731


@pytest.mark.parametrize(("call", "words"), [
    (lambda: GaussNewton(iterations=0), "iterations is 0; expected a whole number"),
    (lambda: GaussNewton(tol=1), "tol is 1; expected a finite number above 0 below 1"),
    (lambda: GaussNewton(seed=-1), "seed is -1; expected a whole number >= 0"),
    (lambda: GaussNewton().step(np.ones(2), SLOPE, NAN), "NaN or inf"),
    (lambda: GaussNewton().step(np.ones(2), SLOPE, lambda: 3), "two functions"),
    (lambda: GaussNewton().step(np.ones(2), SLOPE, None), "curvature"),
    (lambda: GaussNewton().step(np.ones(2), SLOPE, lambda: (lambda v: v, lambda rng: np.ones(3))), "shape"),
    (lambda: fit(KAN([1, 1]), [[0.0], [1.0]], [0, 1], optimiser=GaussNewton(), batch_size=1), "compares losses"),
    (lambda: fit(KAN([1, 1]), [[0.0], [1.0]], [[0.0], [1.0]], optimiser=GaussNewton(), penalty=Sparsity(0.1)),
     "the second derivative of a penalty"),
    (lambda: fit(KAN([1, 1]), [[0.0], [1.0]], [[0.0], [1.0]], optimiser=GaussNewton(), loss=lambda Y, T: mse(Y, T)),
     "the second derivative of this loss"),
    (lambda: curvature(np.sin, np.ones((2, 1))), "the second derivative of"),
    (lambda: fit(KAN([40, 40, 1]), np.zeros((3, 40)), np.zeros(3), optimiser=LevenbergMarquardt()), "use GaussNewton"),
])  # fmt: skip
def test_what_it_cannot_do_it_says(call, words):
    with pytest.raises(ValueError, match=words):
        call()
