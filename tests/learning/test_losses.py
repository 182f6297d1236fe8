"""The losses: their values by the formula, every gradient entry by differences, and what they refuse."""

import numpy as np
import pytest
import scipy.special

from kan_edu.learning.losses import cross_entropy, mse
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
        ([0.0, 1.0, 1.0], r"labels are of type float64; expected whole numbers: use labels.astype\(int\)"),
        ([True, False, True], "labels are of type bool"),
    ],
)
def test_labels_that_name_no_class_are_refused(labels, words):
    with pytest.raises(ValueError, match=words):
        cross_entropy(np.zeros((3, 2)), labels)


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


def test_labels_that_are_words_are_told_how_to_number_them():
    with pytest.raises(ValueError, match=r"labels are words; .*names, labels = np.unique\(words, return_inverse=True"):
        cross_entropy(np.zeros((2, 2)), ["cat", "dog"])


@pytest.mark.parametrize(("loss", "target"), [(mse, np.zeros((0, 2))), (cross_entropy, np.zeros(0, int))])
def test_no_samples_have_no_mean(loss, target):
    with pytest.raises(ValueError, match="at least one sample|N > 0"):
        loss(np.zeros((0, 2)), target)
