"""The perceptron: 1/2 on the line, convergence where a line exists, a proof where none does."""

import itertools
import re

import numpy as np
import pytest
import scipy.optimize
from hypothesis import given, settings
from hypothesis import strategies as st

from kan_edu.networks import perceptron
from kan_edu.networks.perceptron import Perceptron, heaviside

CORNERS = np.array([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=float)
GATES = {"AND": [0, 0, 0, 1], "OR": [0, 1, 1, 1], "NAND": [1, 1, 1, 0], "XOR": [0, 1, 1, 0], "XNOR": [1, 0, 0, 1]}


def neuron(w, b):
    p = Perceptron(len(w))
    p.w[...], p.b = w, b
    return p


# ------------------------------------------------------------------------------------------ forward


def test_heaviside_is_one_half_at_zero():
    assert heaviside(np.array([-np.inf, -1e-300, -0.0, 0.0, 1e-300, np.inf])).tolist() == [0, 0, 0.5, 0.5, 1, 1]


def test_output_is_0_and_1_on_the_two_sides_and_one_half_on_the_hyperplane():
    p = neuron([1.0, -2.0, 0.5], 1.0)  # x - 2y + z/2 + 1 = 0
    assert p([[0, 0, 0], [1, 1, 0], [1, 1, 1], [0, 2, 0], [3, 2, 0]]).tolist() == [1, 0.5, 1, 0, 0.5]


def test_a_new_perceptron_knows_nothing():
    assert Perceptron(2)(CORNERS).tolist() == [0.5] * 4


def test_distance_is_signed_and_in_units_of_the_plane():
    p = neuron([3.0, 4.0], -5.0)
    np.testing.assert_allclose(p.distance([[0, 0], [3, 4], [3, -1]]), [-1, 4, 0], atol=1e-15)
    foot = np.array([[3, 4]]) - 4 * p.w / 5  # walk the distance along the normal: we stand on the line
    assert p.distance(foot)[0] == pytest.approx(0, abs=1e-14)


def test_weights_that_are_given_are_copied_and_whole_numbers_will_do():
    w, b, y = np.array([0.5, 0.5]), np.array(0.5), [0, 0, 0, 1]
    p = Perceptron(2)
    p.w, p.b = w, b
    assert p.learn(CORNERS, y).converged and p.w.tolist() != [0.5, 0.5]
    assert w.tolist() == [0.5, 0.5] and b == 0.5
    p.w, p.b = np.array([1, 2]), np.array(7)
    assert p.learn(CORNERS, y).converged and p(CORNERS).tolist() == y


@pytest.mark.parametrize(("name", "value", "words"), [
    ("w", [1, 2, 3], r"w has shape \(3,\); expected \(2,\), a number for each input"),
    ("w", ["a", "b"], "w holds text"),
    ("b", [1.0], r"b has shape \(1,\); expected one number"), ("b", None, "b could not be read as numbers"),
])  # fmt: skip
def test_weights_of_another_kind_are_refused_at_once(name, value, words):
    p = Perceptron(2)
    with pytest.raises(ValueError, match=words):
        setattr(p, name, value)
    assert p.w.tolist() == [0, 0] and p.b == 0


# ----------------------------------------------------------------------------------------- learning


@pytest.mark.parametrize("gate", ["AND", "OR", "NAND"])
@pytest.mark.parametrize("lr", [1.0, 0.1, 7.5])
def test_gates_that_a_line_separates_are_learnt(gate, lr):
    p = Perceptron(2)
    learning = p.learn(CORNERS, GATES[gate], lr=lr)
    assert learning.converged
    assert p(CORNERS).tolist() == GATES[gate]
    assert learning.mistakes[-1] == 0
    assert learning.reason == f"separated: no mistake in epoch {len(learning.mistakes)}"


def state_after(learning, epoch):
    """w and b after an epoch: the path has one row for each correction and the start."""
    return learning.path[sum(learning.mistakes[:epoch])].tolist()


@pytest.mark.parametrize("gate", ["XOR", "XNOR"])
def test_learning_xor_stops_with_the_proof_that_it_would_never_end(gate):
    """The weights after an epoch are a function of those before it: the same weights again are a circle."""
    learning = Perceptron(2).learn(CORNERS, GATES[gate])
    assert not learning.converged
    assert learning.reason.startswith("not separable")
    assert "no hyperplane separates these classes" in learning.reason
    now, before = map(int, re.findall(r"after epoch (\d+)", learning.reason))
    assert now == len(learning.mistakes)
    assert before < now
    assert state_after(learning, now) == state_after(learning, before)
    assert min(learning.mistakes[before:now]) > 0


def test_of_all_16_gates_of_two_inputs_14_are_learnt():
    failed = []
    for labels in itertools.product([0, 1], repeat=4):
        learning = Perceptron(2).learn(CORNERS, labels)
        failed += [] if learning.converged else [list(labels)]
    assert failed == [GATES["XOR"], GATES["XNOR"]]


def separable(X, y):
    """Is there w, b with (w.x + b) >= 1 on one class and <= -1 on the other? A linear programme knows."""
    signs = 2 * np.asarray(y) - 1
    A = -signs[:, None] * np.column_stack([X, np.ones(len(X))])
    return scipy.optimize.linprog(np.zeros(A.shape[1]), A, -np.ones(len(X)), bounds=(None, None)).status == 0


POINTS = st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=2, max_size=6, unique=True)


@settings(max_examples=60)
@given(POINTS, st.data())
def test_it_converges_where_a_linear_programme_finds_a_line_and_only_there(X, data):
    y = data.draw(st.lists(st.integers(0, 1), min_size=len(X), max_size=len(X)))
    learning = Perceptron(2).learn(X, y)
    assert learning.converged == separable(np.array(X), y)
    assert learning.reason.startswith("separated" if learning.converged else "not separable")


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("lr", [1.0, 0.3])
def test_corrections_stay_below_the_bound_of_novikoff(seed, lr):
    """With a margin gamma and |(x, 1)| <= R: sum |e| <= (R / gamma)^2 from w = 0; e is 1, or 1/2 on the plane."""
    rng, n_in = np.random.default_rng(seed), 1 + seed % 4
    normal = rng.normal(size=n_in + 1)
    normal /= np.linalg.norm(normal)
    X = np.column_stack([rng.uniform(-1, 1, (400, n_in)), np.ones(400)])
    X = X[np.abs(X @ normal) > 0.05]
    y, gamma, R = (X @ normal > 0).astype(int), np.abs(X @ normal).min(), np.linalg.norm(X, axis=1).max()
    learning = Perceptron(n_in).learn(X[:, :-1], y, lr=lr)
    assert learning.converged
    assert 0 < np.abs(np.diff(learning.path[:, -1])).sum() / lr <= (R / gamma) ** 2


def test_each_correction_follows_the_rule():
    X, y, lr = np.random.default_rng(0).normal(size=(30, 2)), np.random.default_rng(1).integers(0, 2, 30), 0.5
    learning = Perceptron(2).learn(X, y, lr=lr, max_epochs=2)
    theta, path = np.zeros(3), [np.zeros(3)]
    for _ in range(2):
        for x, target in zip(np.column_stack([X, np.ones(30)]), y, strict=True):
            error = target - (0.5 if x @ theta == 0 else float(x @ theta > 0))
            if error:
                theta = theta + lr * error * x
                path.append(theta)
    np.testing.assert_allclose(learning.path, path, atol=1e-13)
    assert sum(learning.mistakes) == len(path) - 1


def test_learning_goes_on_from_where_it_was():
    p = neuron([1.0, 1.0], -1.5)  # this is AND already
    learning = p.learn(CORNERS, GATES["AND"])
    assert learning.mistakes == [0]
    assert learning.path.tolist() == [[1, 1, -1.5]]


def test_max_epochs_says_what_it_does_not_know():
    X, y = [[0.0], [1.0], [1.001]], [0, 0, 1]
    learning = Perceptron(1).learn(X, y, max_epochs=5)
    assert not learning.converged
    assert len(learning.mistakes) == 5
    assert re.match(r"stopped after max_epochs = 5 with \d mistakes left: either no hyperplane", learning.reason)
    assert "raise max_epochs" in learning.reason
    assert Perceptron(1).learn(X, y, max_epochs=100_000).converged  # it did not lie


def test_one_sample_and_one_class_are_learnt():
    assert Perceptron(1).learn([[2.0]], [1]).converged
    assert Perceptron(2).learn(CORNERS, [1, 1, 1, 1]).converged


# ------------------------------------------------------------------------------------------ refusals


@pytest.mark.parametrize(
    ("X", "y", "more", "words"),
    [
        (np.zeros((4, 3)), [0] * 4, {}, "X has 3 columns, expected 2"),
        (np.zeros((0, 2)), [], {}, r"X is empty \(shape \(0, 2\)\)"),
        ([[0, np.nan]], [1], {}, "NaN or inf"),
        (CORNERS, [0, 1], {}, r"y has shape \(2,\); expected \(4,\), one label for each sample"),
        (CORNERS, [[0, 1, 1, 0]], {}, "y has 4 columns, expected 1"),
        (CORNERS, [-1, 1, 1, -1], {}, r"y holds \[-1.0\]; expected the labels 0 and 1 only"),
        (CORNERS, [0, 1, 1, np.nan], {}, r"y holds 1 value that is NaN"),
        (CORNERS, [0, 1, 1, 0], {"lr": 0}, "the learning rate is 0; expected a finite number above 0"),
        (CORNERS, [0, 1, 1, 0], {"lr": np.nan}, "the learning rate is nan"),
        (CORNERS, [0, 1, 1, 0], {"lr": np.inf}, "the learning rate is inf"),
        (CORNERS, [0, 1, 1, 0], {"max_epochs": 0}, "max_epochs is 0; expected a whole number >= 1"),
    ],
)
def test_samples_and_labels_that_do_not_fit_are_refused(X, y, more, words):
    with pytest.raises(ValueError, match=words):
        Perceptron(2).learn(X, y, **more)


def test_forward_refuses_what_does_not_fit():
    with pytest.raises(ValueError, match=r"X has 1 column, expected 2 \(a perceptron of 2 inputs\)"):
        Perceptron(2)([[1.0]])
    with pytest.raises(ValueError, match="n_in is 0; expected a whole number >= 1"):
        Perceptron(0)


def test_there_is_no_distance_before_there_is_a_hyperplane():
    with pytest.raises(ValueError, match="w is zero: there is no hyperplane yet; set w or call learn first"):
        Perceptron(2).distance(CORNERS)


# ------------------------------------------------------------------------------------------ its way


def test_looking_ahead_is_the_same_rule():
    """Sample by sample, as the docstring has it: the same mistakes and the same path."""
    rng = np.random.default_rng(0)
    X = rng.normal(size=(60, 3))
    y = (X @ [1, -2, 0.5] + 0.3 * rng.normal(size=60) > 0.2) * 1.0
    one, w, b, mistakes, path = Perceptron(3), np.zeros(3), 0.0, [], [[0, 0, 0, 0]]
    for _ in range(5):
        mistakes.append(0)
        for x, target in zip(X, y, strict=True):
            error = target - heaviside(x @ w + b)
            if error:
                w, b = w + 0.5 * error * x, b + 0.5 * error
                path.append([*w, b])
                mistakes[-1] += 1
    learning = one.learn(X, y, lr=0.5, max_epochs=5)
    assert learning.mistakes == mistakes
    np.testing.assert_allclose(learning.path, path)


def test_corrections_without_end_are_ended(monkeypatch):
    monkeypatch.setattr(perceptron, "MOST", 50)
    rng = np.random.default_rng(0)
    learning = Perceptron(2).learn(rng.normal(size=(20, 2)), np.arange(20) % 2, max_epochs=10**9)
    assert not learning.converged and 50 <= len(learning.path) < 71
    assert "corrections with" in learning.reason


def test_a_w_that_overflows_is_told():
    with pytest.raises(ValueError, match=r"w is beyond 1e308 after a correction; scale X"):
        Perceptron(1).learn([[1e308], [1e308], [-1e308]], [1, 1, 1], lr=4.0)
    one = Perceptron(1)
    one.w[...] = np.nan
    with pytest.raises(ValueError, match="w and b holds 1 value that is NaN"):
        one([[1.0]])


def test_labels_may_stand_in_a_column():
    assert Perceptron(2).learn(CORNERS, [[0], [1], [1], [1]]).converged
