"""Learning in phases: what no shared coefficient carries stays to the last digit, what w_s carries does not."""

import numpy as np
import pytest

from kan_edu import KAN, MLP, phases

X = np.linspace(-1, 1, 60)[:, None]
Y = np.sin(3 * X)


def apart(model, only_coefficients):
    """One row for two pieces that share no B-spline of a grid of 20 intervals."""
    far = np.abs(X[:, 0]) > 0.5
    piece = (X[far, 0] > 0).astype(int)
    return phases.in_phases(model, X[far], Y[far], piece, only_coefficients=only_coefficients, steps=50)[0]


def test_without_overlap_and_with_only_the_coefficients_trained_the_past_stays_to_the_last_digit():
    shared, own, before, after = apart(KAN([1, 1], G=20, seed=0), only_coefficients=True)
    assert shared == 0 and before == after and own < 0.1


def test_trained_w_s_and_w_b_change_the_past():
    shared, _, before, after = apart(KAN([1, 1], G=20, seed=0), only_coefficients=False)
    assert shared == 0 and abs(after - before) > 1e-6


def test_only_coefficients_leaves_the_weights_of_every_layer_where_they_were():
    model = KAN([1, 2, 1], seed=0)
    weights = [np.concatenate([layer.w_s.ravel(), layer.w_b.ravel()]) for layer in model.layers]
    coefficients = model.layers[1].c.copy()
    phases.in_phases(model, X, Y, np.repeat([0, 1], 30), only_coefficients=True, steps=5)
    now = [np.concatenate([layer.w_s.ravel(), layer.w_b.ravel()]) for layer in model.layers]
    assert all(map(np.array_equal, weights, now)) and not np.array_equal(coefficients, model.layers[1].c)


def test_an_mlp_shares_everything_and_each_phase_but_the_first_has_a_row():
    rows = phases.in_phases(MLP([1, 4, 1]), X, Y, np.repeat([0, 1, 2], 20), steps=5)
    assert rows.shape == (2, 4) and (rows[:, 0] == 1).all()


def test_a_piece_without_samples_is_refused():
    with pytest.raises(ValueError, match="piece 1 has no samples; number the pieces"):
        phases.in_phases(KAN([1, 1]), X, Y, np.repeat([0, 2], 30), steps=5)


@pytest.mark.parametrize(("make", "words"), [
    (lambda: phases.in_phases(MLP([1, 4, 1]), X, Y, np.repeat([0, 1], 30), only_coefficients=True), "needs a KAN"),
    (lambda: phases.in_phases(KAN([1, 1]), X, Y, np.zeros(60)), "there is one piece, 0; expected two or more"),
    (lambda: phases.in_phases(KAN, X, Y, np.zeros(60)), "the model is the class KAN"),
    (lambda: phases.in_phases(KAN([1, 1]), X, Y, np.repeat([0, 1], 30), only_coefficients="no"), "is 'no'; expected T"),
    (lambda: phases.OnlyCoefficients(MLP([1, 4, 1])), "needs a KAN"),
])  # fmt: skip
def test_what_cannot_be_learnt_in_phases_is_refused(make, words):
    with pytest.raises(ValueError, match=words):
        make()
