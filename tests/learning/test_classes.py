"""What outputs say and how often it is right: by counting, with words, for one output and for several; and refusals."""

import re

import numpy as np
import pytest

from kan_edu import (  # fmt: skip
    KAN,
    LBFGS,
    MLP,
    Adam,
    accuracy,
    classify,
    confusion,
    cross_entropy,
    datasets,
    fit,
    grids,
    logistic_loss,
    mse,
)
from kan_edu.learning.learnt import LearntLittle

Z = np.random.default_rng(0).normal(size=(50, 3))
LABELS = np.random.default_rng(1).integers(0, 3, 50)
NAMES = ("none", "some", "all")


def test_the_largest_output_is_the_class():
    said = [max(range(3), key=lambda c: z[c]) for z in Z]
    assert classify(Z).tolist() == said and classify(Z).dtype == int
    assert classify([[1.0, 1.0], [0.0, 1.0]]).tolist() == [0, 1], "of equal ones the first"


@pytest.mark.parametrize("form", [lambda z: z[:, :1], lambda z: z[:, 0], lambda z: z[:, 0].tolist()])
def test_one_output_says_class_1_above_the_threshold(form):
    assert classify(form(Z)).tolist() == (Z[:, 0] > 0).tolist()
    assert classify(form(Z), threshold=0.5).tolist() == (Z[:, 0] > 0.5).tolist()
    assert classify([[0.0]]).tolist() == [0], "odds of one to one are not more likely than not"
    assert accuracy(form(Z), Z[:, 0] > 0) == 1 and accuracy(form(Z), Z[:, 0] > 0.5, threshold=0.5) == 1


def test_accuracy_and_confusion_count():
    pairs = [(true, said) for true, said in zip(LABELS.tolist(), classify(Z).tolist(), strict=True)]
    assert accuracy(Z, LABELS) == sum(true == said for true, said in pairs) / 50
    assert confusion(Z, LABELS).tolist() == [[pairs.count((row, column)) for column in range(3)] for row in range(3)]
    assert confusion([[3.0]], [0]).tolist() == [[0, 1], [0, 0]], "a class that does not occur has its row too"


def test_words_count_as_the_labels_that_they_name():
    words = datasets.to_words(LABELS, NAMES)
    assert accuracy(Z, words, NAMES) == accuracy(Z, LABELS)
    assert (confusion(Z, words.tolist(), NAMES) == confusion(Z, LABELS)).all()
    assert accuracy(Z[:, :1], np.where(Z[:, 0] > 0, "yes", "no"), ("no", "yes")) == 1
    assert accuracy(Z[:, :1], np.sign(Z[:, 0]).astype(int), datasets.to_labels([-1, 1])[1]) == 1


@pytest.mark.parametrize("call, words", [
    (lambda: accuracy(Z, LABELS + 1), "labels run from 1 to 3; expected whole numbers 0 .. 2 for 3 classes"),
    (lambda: accuracy(Z, LABELS[:5]), "labels have shape (5,); expected (50,)"),
    (lambda: accuracy(Z, np.eye(3)[LABELS]), "labels have shape (50, 3)"),
    (lambda: accuracy(Z, datasets.to_words(LABELS, NAMES)), "labels are words; expected whole numbers: labels, "),
    (lambda: accuracy(Z, ["few"] * 50, NAMES), "the words hold 'few', which is not among them"),
    (lambda: accuracy(Z, ["all"] * 50, NAMES[1:]), "classes has 2 names, these outputs tell 3 classes"),
    (lambda: accuracy(Z[:, 0], LABELS), "labels run from 0 to 2; expected whole numbers 0 .. 1 for 2 classes"),
    (lambda: accuracy(Z[:, 0], np.sign(Z[:, 0])), "labels run from -1 to 1; expected whole numbers"),
    (lambda: accuracy(LABELS, Z), "the outputs are whole numbers in a row, as classes are"),
    (lambda: confusion(classify(Z), LABELS), "give what model(X) returns"),
    (lambda: confusion(np.zeros((1, 200_000)), [0]), "a table of 200000 x 200000 classes would take 298 GiB of memory"),
    (lambda: classify(Z[0, 0]), "outputs have shape ()"),
    (lambda: classify(Z[None]), "outputs have shape (1, 50, 3)"),
    (lambda: classify(Z[:0]), "outputs have shape (0, 3)"),
    (lambda: classify(Z / 0), "the outputs holds 150 values that are NaN or inf"),
    (lambda: classify(Z, threshold="0"), "threshold is '0'; expected a finite number"),
])  # fmt: skip
@pytest.mark.filterwarnings("ignore:divide by zero")
def test_refusals_name_what_came(call, words):
    with pytest.raises(ValueError, match=re.escape(words)):
        call()


@pytest.mark.parametrize("make", [KAN, MLP])
@pytest.mark.parametrize("optimiser, batch_size", [(LBFGS(), None), (Adam(0.05), 40)], ids=["L-BFGS", "Adam"])
def test_one_output_learns_two_classes(make, optimiser, batch_size):
    X, y = datasets.moons(200, noise=0.05)
    model, (val, v) = make([2, 5, 1]), datasets.moons(100, noise=0.05, seed=1)
    val = (datasets.to_box(X, val)[1], v)
    history = fit(model, datasets.to_box(X)[0], y == 1, loss=logistic_loss, optimiser=optimiser, steps=100,
                  batch_size=batch_size, val=val, patience=5)  # fmt: skip
    assert accuracy(model(val[0]), v) > 0.9
    assert history.spread is None, "labels have no standard deviation that an RMSE could be compared with"
    assert min(history.val_loss) == pytest.approx(logistic_loss(model(val[0]), v)[0])


def test_one_output_and_two_learn_the_same():
    """Without a hidden layer both losses are convex: logistic regression, whose scores differ by the one output."""
    X, y = datasets.moons(100, noise=0.3)
    X = datasets.to_box(X)[0]
    one, two = MLP([2, 1]), MLP([2, 2])
    fit(one, X, y, loss=logistic_loss, optimiser=LBFGS(), steps=50)
    fit(two, X, y, loss=cross_entropy, optimiser=LBFGS(), steps=50)
    np.testing.assert_allclose(one(X)[:, 0], two(X) @ [-1, 1], atol=1e-3)


def test_finer_grids_help_as_the_refusal_of_refinement_says():
    """Noisy spirals, from coarse to fine by hand: the loss on held-out data falls to less than half."""
    (X, y), (val, v) = datasets.spirals(300, noise=0.05), datasets.spirals(300, noise=0.05, seed=5)
    model, losses = KAN([2, 5, 1], G=3), []
    for G in (3, 6):
        if G > 3:
            grids.update(model, X)
            grids.extend(model, G)
        fit(model, X, y, loss=logistic_loss, optimiser=LBFGS(), steps=100, val=(val, v), val_every=2, patience=3)
        losses.append(logistic_loss(model(val), v)[0])
    assert losses[1] < 0.5 * losses[0] and accuracy(model(val), v) > 0.95


@pytest.mark.parametrize("outputs, loss", [(3, cross_entropy), (1, logistic_loss)])
@pytest.mark.parametrize("make, scale, cause", [(KAN, 1e-4, "all of X lies within"), (MLP, 1e3, "X reaches to")])
def test_classes_that_are_not_learnt_are_told_by_what_is_right(outputs, loss, make, scale, cause):
    birds = datasets.penguins()
    X, y = datasets.to_box(birds.X)[0] + 2, birds.y if outputs == 3 else birds.y == 1
    most = 44 if outputs == 3 else 80
    with pytest.warns(LearntLittle, match=f"of the classes are right, where always .* has {most}%.*{cause}"):
        fit(make([4, outputs]), X * scale, y, loss=loss, optimiser=Adam(1e-6), steps=40)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("rare", [1, 3])
def test_a_rare_class_that_cannot_be_told_is_no_fault_of_the_scale(rare):
    X = np.random.default_rng(0).uniform(-1, 1, (20000, 1))
    y = np.arange(20000) < rare  # whose standard deviation is below 0.01
    fit(KAN([1, 1]), X, y, loss=logistic_loss, steps=40)
    fit(KAN([1, 1]), X, np.zeros(20000, int), loss=logistic_loss, steps=40)


def test_mean_square_error_tells_two_classes_at_the_threshold_of_one_half():
    X, y = datasets.moons(100, noise=0.05)
    model = KAN([2, 3, 1])
    fit(model, datasets.to_box(X)[0], y, loss=mse, optimiser=LBFGS(), steps=30)
    assert accuracy(model(datasets.to_box(X)[0]), y, threshold=0.5) > 0.9
