"""The losses: their values by the formula, every gradient entry by differences, and what they refuse."""

import numpy as np
import pytest
import scipy.special

from kan_edu.learning.losses import ask, cross_entropy, logistic_loss, mse
from tests.gradients import assert_gradient, central_difference

rng = np.random.default_rng


def scores(N=7, classes=4, scale=2.0):
    return rng(0).normal(0, scale, (N, classes)), rng(1).integers(0, classes, N)


@pytest.mark.parametrize("shape", [(1, 1), (6, 1), (5, 3)])
def test_mean_square_error_is_its_formula(shape):
    Y, T = rng(0).normal(size=shape), rng(1).normal(size=shape)
    expected = sum((Y[n, j] - T[n, j]) ** 2 for n, j in np.ndindex(shape)) / (shape[0] * shape[1])
    assert mse(Y, T)[0] == pytest.approx(expected, rel=1e-14)
    assert isinstance(mse(Y, T)[0], float)


@pytest.mark.parametrize("order", ["C", "F"])
def test_every_entry_of_the_mean_square_errors_gradient(order):
    """Layers hand over their outputs as transposed arrays (order F)."""
    Y, T = np.asarray(rng(0).normal(size=(5, 3)), order=order), rng(1).normal(size=(5, 3))
    assert_gradient(mse(Y, T)[1], central_difference(lambda: mse(Y, T)[0], Y))


def test_a_perfect_output_has_no_loss_and_no_slope():
    Y = rng(0).normal(size=(4, 2))
    value, dY = mse(Y, Y.copy())
    assert value == 0
    assert (dY == 0).all()


def test_cross_entropy_is_minus_the_mean_log_of_softmax():
    Z, labels = scores()
    expected = -np.mean([scipy.special.log_softmax(z)[label] for z, label in zip(Z, labels, strict=True)])
    assert cross_entropy(Z, labels)[0] == pytest.approx(expected, rel=1e-14)


def test_every_entry_of_cross_entropys_gradient():
    Z, labels = scores()
    assert_gradient(cross_entropy(Z, labels)[1], central_difference(lambda: cross_entropy(Z, labels)[0], Z))


def test_equal_scores_cost_the_log_of_the_number_of_classes():
    assert cross_entropy(np.full((3, 5), 7.0), [0, 2, 4])[0] == pytest.approx(np.log(5), rel=1e-14)


def test_cross_entropy_does_not_see_a_shift_of_all_scores_of_a_sample():
    Z, labels = scores()
    value, dZ = cross_entropy(Z, labels)
    shifted, dZ_shifted = cross_entropy(Z + np.linspace(-300, 300, len(Z))[:, None], labels)
    assert shifted == pytest.approx(value, rel=1e-12)
    np.testing.assert_allclose(dZ_shifted, dZ, atol=1e-13)
    np.testing.assert_allclose(dZ.sum(axis=1), 0, atol=1e-15)  # the same fact, as a slope


@pytest.mark.parametrize("scale", [1e3, 1e8, 1e300])
@pytest.mark.filterwarnings("error")
def test_large_scores_do_not_overflow(scale):
    value, dZ = cross_entropy(np.array([[scale, 0, -scale], [0, scale, 0]]), [0, 0])
    assert value == pytest.approx(scale / 2)
    np.testing.assert_allclose(dZ, [[0, 0, 0], [-0.5, 0.5, 0]], atol=1e-300)


def test_logistic_loss_is_minus_the_mean_log_of_the_probability_of_the_class():
    Z, labels = rng(0).normal(0, 2, (7, 1)), rng(1).integers(0, 2, 7)
    p = scipy.special.expit(Z[:, 0])
    expected = -np.mean(np.log(np.where(labels == 1, p, 1 - p)))
    value, dZ = logistic_loss(Z, labels)
    assert value == pytest.approx(expected, rel=1e-14) and isinstance(value, float) and dZ.shape == (7, 1)
    assert value == pytest.approx(cross_entropy(np.hstack([0 * Z, Z]), labels)[0], rel=1e-14)
    assert_gradient(dZ, central_difference(lambda: logistic_loss(Z, labels)[0], Z))


@pytest.mark.filterwarnings("error")
def test_logistic_loss_is_exact_where_the_odds_are_extreme():
    """1 - p is 0 in float64 from z = 37 on; the loss there is exp(-z), and so is its slope."""
    for z in (40.0, 700.0):
        value, dZ = logistic_loss([[z], [-z]], [1, 0])
        assert value == pytest.approx(np.exp(-z), rel=1e-12)
        np.testing.assert_allclose(dZ, [[-np.exp(-z) / 2], [np.exp(-z) / 2]], rtol=1e-12)
    value, dZ = logistic_loss([[1e300], [-1e300]], [0, 1])  # as wrong as can be
    assert value == 1e300 and dZ.tolist() == [[0.5], [-0.5]]


@pytest.mark.parametrize("loss", [mse, cross_entropy])
def test_arguments_are_left_as_they_were(loss):
    Z, labels = scores()
    target = labels if loss is cross_entropy else Z[::-1].copy()
    before = Z.copy(), target.copy()
    loss(Z, target)
    np.testing.assert_array_equal(Z, before[0])
    np.testing.assert_array_equal(target, before[1])


@pytest.mark.parametrize(("Y", "T"), [((4, 1), (4, 4)), ((4, 1), (1, 1)), ((4, 2), (2, 4))])
def test_mean_square_error_refuses_to_broadcast(Y, T):
    with pytest.raises(ValueError, match=r"output has shape \(4, .\), the targets .*; give both as \(N, n_out\)"):
        mse(np.zeros(Y), np.zeros(T))


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ([0, 1], r"labels have shape \(2,\); expected \(3,\), one class number a sample"),
        ([[1, 0], [0, 1], [0, 1]], r"labels have shape \(3, 2\)"),  # one-hot rows
        ([0, 1, 2], r"labels run from 0 to 2; expected whole numbers 0 .. 1"),
        ([-1, 1, 1], r"labels run from -1 to 1; expected whole numbers 0 .. 1"),
        ([0.0, 0.3, 1.0], r"labels hold 0.3; expected whole numbers that name classes"),  # a probability
        ([1e300, 0, 0], r"labels hold 1e\+300"),
        ([0, np.nan, 1], "labels holds 1 value that is NaN or inf"),
        ([0, None, 1], r"labels holds None at index \(1,\)"),
        (np.array([0, 1, 1], dtype="datetime64[D]"), "labels holds dates"),
        (["cat", "dog", "dog"], r"labels are words; .*labels, classes = datasets.to_labels\(words\)"),
        (np.array(["cat", np.nan, "dog"], dtype=object), "labels are words"),
    ],
)
def test_labels_that_name_no_class_are_refused(labels, words):
    for loss, outputs in ((cross_entropy, 2), (logistic_loss, 1)):
        with pytest.raises(ValueError, match=words):
            loss(np.zeros((3, outputs)), labels)


@pytest.mark.parametrize("kind", [bool, np.uint8, np.int8, float, np.uint64, object, list])
def test_whole_numbers_of_any_type_name_classes(kind):
    labels = np.array([1, 0, 1])
    same = labels.tolist() if kind is list else labels.astype(kind)
    for loss, outputs in ((cross_entropy, 2), (logistic_loss, 1)):
        Z = rng(0).normal(size=(3, outputs))
        assert loss(Z, same)[0] == loss(Z, labels)[0]
        np.testing.assert_array_equal(loss(Z, same)[1], loss(Z, labels)[1])


@pytest.mark.parametrize("loss, shape, words", [
    (cross_entropy, (3, 1), "there is one output; .* make a second, or use logistic_loss"),
    (logistic_loss, (3, 2), "there are 2 outputs; .* use cross_entropy"),
    (logistic_loss, (3,), r"the outputs have shape \(3,\); expected one column, \(N, 1\)"),
])  # fmt: skip
def test_outputs_that_do_not_go_with_the_loss_are_refused(loss, shape, words):
    with pytest.raises(ValueError, match=words):
        loss(np.zeros(shape), [0, 1, 0])


def test_a_row_of_targets_is_one_column_and_a_column_of_labels_one_row():
    Y, T = rng(0).normal(size=(5, 1)), rng(1).normal(size=5)
    assert mse(Y, T)[0] == mse(Y, T[:, None])[0] and mse(Y, T)[1].shape == (5, 1)
    Z, labels = scores()
    assert cross_entropy(Z, labels[:, None])[0] == cross_entropy(Z, labels)[0]


def test_whole_numbers_without_sign_do_not_wrap_around():
    Z, labels = np.array([[0, 3], [2, 1]], dtype=np.uint8), [1, 0]
    assert cross_entropy(Z, labels)[0] == cross_entropy(Z.astype(float), labels)[0] < 1
    assert mse(np.array([[1, 200]], dtype=np.uint8), [[2, 100]])[0] == (1 + 100**2) / 2
    assert mse([[1.0]], [[3.0]])[0] == 4  # a list has no shape to ask for


@pytest.mark.parametrize(("loss", "target"), [(mse, np.zeros((0, 1))), (cross_entropy, []), (logistic_loss, [])])
def test_no_samples_have_no_mean(loss, target):
    with pytest.raises(ValueError, match="at least one sample|N > 0"):
        loss(np.zeros((0, 2 if loss is cross_entropy else 1)), target)


@pytest.mark.parametrize("said", [0.5, None, (0.5,), (np.zeros(3), 1), ("0.5", 1), (0.5j, 1), (None, 1)])
def test_a_loss_that_returns_no_value_and_slope_is_told(said):
    with pytest.raises(ValueError, match="the loss returned .*; expected a pair of its value, a single number, and"):
        ask(lambda outputs, Y: said, np.zeros((3, 1)), np.zeros((3, 1)))
