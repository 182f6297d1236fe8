"""What is no loss, no slope, no optimiser or no callback is refused before training begins, and the model stays.

Arrays that hold no numbers: tests/test_one_door.py.
"""

import numpy as np
import pytest

from kan_edu import KAN, LBFGS, MLP, SGD, Adam, LevenbergMarquardt, cross_entropy, fair, fit, fit_with_refinement, mse
from kan_edu.checks.arguments import OutOfBounds
from kan_edu.learning.loop import Diverged
from kan_edu.learning.losses import ask

X = np.random.default_rng(0).uniform(-1, 1, (8, 2))
Y = X[:, :1] * X[:, 1:]
THETA = np.linspace(-1, 1, 5)


# ------------------------------------------------------------------------------- the optimisers' steps


@pytest.mark.parametrize("optimiser", [SGD, Adam])
@pytest.mark.parametrize(("theta", "grad", "words"), [
    (THETA, [1, 2, 3, 4, 5], r"the gradient is \[1, 2, 3, 4, 5\]; expected an array"),
    (THETA, np.ones(1), r"the gradient has shape \(1,\), theta \(5,\)"),
    (THETA, np.ones((5, 1)), r"the gradient is float64 of shape \(5, 1\)"), (THETA, np.ones(5) + 1j, "complex128"),
    (THETA, np.ma.masked_equal(THETA, 0), "the gradient is"), (THETA, THETA * np.nan, "5 values that are NaN or inf"),
    (np.arange(5), THETA, "theta is int64"), (np.full(5, np.inf), THETA, "theta holds 5 values that are NaN or inf"),
    (np.zeros(0), np.zeros(0), r"theta is empty \(shape \(0,\)\)"), (3, THETA, "theta is 3; expected an array"),
    (np.broadcast_to(1.0, 5), THETA, "theta is read-only"),
])  # fmt: skip
def test_a_step_takes_floats_and_one_slope_for_each(optimiser, theta, grad, words):
    with pytest.raises(ValueError, match=words):
        optimiser().step(theta, grad)


@pytest.mark.parametrize("optimiser", [SGD, Adam, LBFGS])
def test_a_step_in_float32_stays_in_float32(optimiser):
    theta = THETA.astype(np.float32)
    optimiser().step(theta, theta.copy() if optimiser is not LBFGS else lambda: (float(theta @ theta), 2 * theta))
    assert theta.dtype == np.float32 and (theta != THETA.astype(np.float32)).any()


@pytest.mark.parametrize("answer", [
    None, 3.0, (1j, THETA), (True, THETA), (1.0, THETA[:-1]), (1.0, None), (1.0, THETA * np.nan), (1.0, THETA + 1j),
    (1.0, THETA, 3),
])  # fmt: skip
def test_lbfgs_asks_for_a_loss_and_a_gradient(answer):
    theta = THETA.copy()
    with pytest.raises(ValueError, match=r"expected a pair|the gradient"):
        LBFGS().step(theta, lambda: answer)
    assert (theta == THETA).all()
    with pytest.raises(ValueError, match="evaluate is 3; expected a function"):
        LBFGS().step(theta, 3)


@pytest.mark.parametrize(("residuals", "jacobian", "words"), [
    (lambda: 3.0, lambda: np.eye(5), r"residuals\(\) is 3.0"),
    (lambda: np.ones((5, 1)), lambda: np.eye(5), r"residuals\(\) is float64 of shape"),
    (lambda: np.ones(5), lambda: np.ones((5, 4)), "the Jacobian has 4 columns; expected 5"),
    (lambda: np.ones(5), lambda: np.ones((4, 5)), "the Jacobian has 4 rows, there are 5 residuals"),
    (lambda: np.ones(5), lambda: iter([np.ones((2, 5)), np.ones((4, 5))]), "the Jacobian has 6 rows, there are 5"),
    (lambda: np.ones(5), lambda: None, "the Jacobian|jacobian"), (lambda: np.ones(5), 3, "jacobian is 3"),
])  # fmt: skip
def test_levenberg_marquardt_asks_for_residuals_and_their_jacobian(residuals, jacobian, words):
    theta = THETA.copy()
    with pytest.raises(ValueError, match=words):
        LevenbergMarquardt().step(theta, residuals, jacobian)
    assert (theta == THETA).all()


# ------------------------------------------------------------------------------- losses of one's own


@pytest.mark.parametrize(("answer", "words"), [
    ((True, X), "expected a pair of its value"), ((1.0, X[:, 0]), r"an array of float64 of shape \(8,\) as its slope"),
    ((1.0, X + 1j), "complex128"), ((1.0, None), "the loss returned None as its slope"),
    ((1.0, X.tolist()), "as its slope"),
])  # fmt: skip
def test_the_slope_of_a_loss_is_that_of_each_output(answer, words):
    with pytest.raises(ValueError, match=words):
        ask(lambda outputs, Y: answer, X, X)


def test_a_loss_of_one_argument_and_one_that_is_none_are_refused_in_words():
    with pytest.raises(ValueError, match="loss could not be called"):
        fit(KAN([2, 1]), X, Y, loss=lambda outputs: (1.0, outputs), progress=False)
    with pytest.raises(ValueError, match="without quotation marks"):
        fit(KAN([2, 1]), X, Y, loss=int, progress=False)


def test_a_loss_beyond_all_bounds_is_no_number():
    with pytest.raises(OutOfBounds, match="the loss is inf, since they are too far apart"):
        mse([[1e200]], [[-1e200]])
    with pytest.raises(OutOfBounds, match="hold 1 value that is NaN or inf"):
        mse([[np.nan]], [[0.0]])


def test_a_loss_whose_slope_is_no_number_ends_training_and_leaves_the_model():
    model = KAN([2, 1])
    before = model.theta.copy()
    with pytest.raises(Diverged, match="in step 1"):
        fit(model, X, Y, loss=lambda outputs, Y: (1.0, outputs * np.nan), progress=False)
    assert (model.theta == before).all()


# ------------------------------------------------------------------------------- training


@pytest.mark.parametrize(("more", "words"), [
    ({"callback": "stop"}, "callback is 'stop'; expected a function, such as lambda step, model, loss: None"),
    ({"callback": lambda step: None}, "callback cannot be called with 3 arguments"),
    ({"penalty": 0.1}, r"penalty is 0.1; expected one with a method add"),
    ({"penalty": {1}}, r"the penalty's add\(model\) returned None; expected its price"),
    ({"progress": "yes"}, "progress is 'yes'; expected True or False"),
    ({"steps": 10**9}, "steps is 1000000000; expected a whole number from 1 to 10000000"),
    ({"X": X * 1e102}, "the training X reaches to .*e.10., which no training can square"),
])  # fmt: skip
@pytest.mark.parametrize("train", [fit, fit_with_refinement])
def test_what_training_cannot_use_is_refused_before_it_begins(train, more, words):
    if train is fit_with_refinement:
        if "penalty" in more:
            return
        words = words.replace("step, model, loss", "stage, model, rmse")
    model = KAN([2, 1])
    before = model.theta.copy()
    with pytest.raises(ValueError, match=words):
        train(model, **{"X": X, "Y": Y, "progress": False, **more})
    assert (model.theta == before).all()


@pytest.mark.parametrize(("more", "words"), [
    ({"starts": 10**6}, "starts is 1000000; expected a whole number from 1 to 10000"),
    ({"updates": 10**6}, "updates is 1000000; expected a whole number from 1 to 1000"),
    ({"optimiser": KAN}, "optimiser could not be made without arguments"),
    ({"grids": (3, 10**9), "optimiser": Adam}, "G = 1000000000 would take"),
    ({"loss": cross_entropy}, "minimises the mean square error"),
])  # fmt: skip
def test_what_refinement_cannot_use_is_refused_before_it_begins(more, words):
    model = KAN([2, 1])
    before = model.theta.copy()
    with pytest.raises(ValueError, match=words):
        fit_with_refinement(model, X, Y, progress=False, **more)
    assert (model.theta == before).all()


# ------------------------------------------------------------------------------- counting


@pytest.mark.parametrize("call", [
    lambda: fair.n_params([2]), lambda: fair.near([2, 20, 1], np.nan), lambda: fair.mlp_widths(2, 1, 81, hidden=10**9),
    lambda: fair.mlp_widths(0.5, 1, 81), lambda: fair.mlps_like(KAN([2, 5, 1]), hidden=()), lambda: fair.solve_work(-1),
    lambda: fair.edge_products(3), lambda: fair.forward_work(MLP, 10), lambda: fair.backward_work(MLP([2, 1]), True),
    lambda: fair.jacobian_work(MLP([2, 1]), 0.5), lambda: fair.normal_work("10", 10), lambda: fair.mlps_like(3),
    lambda: fair.marquardt_work(MLP([2, 1]), None), lambda: fair.Meter("adam", MLP([2, 1]), 10),
    lambda: fair.basis_products(KAN([2, 1])),
])  # fmt: skip
def test_counts_are_whole_and_models_are_models(call):
    with pytest.raises(ValueError, match="expected"):
        call()


def test_a_width_is_found_without_trying_all_and_small_integers_do_not_wrap():
    assert fair.mlp_widths(2, 1, 4 * 10**9 + 1) == [2, 10**9, 1]
    assert fair.forward_work(MLP([2, 20, 1]), np.uint8(100)) == 6000
