"""A model and its arrays stay one: what is set is copied in, and a look in between changes no backward."""

import numpy as np
import pytest

from kan_edu import KAN, MLP, BSpline, Sparsity, candidates, fit, grids, plot, strength

X = np.random.default_rng(0).uniform(-1, 1, (40, 2))
Y = np.sin(3 * X[:, :1]) + X[:, 1:] ** 2
MODELS = {"KAN": lambda: KAN([2, 3, 1], seed=1), "MLP": lambda: MLP([2, 3, 1], seed=1),
          "KAN with products": lambda: KAN([2, (1, 1), 1], seed=1)}  # fmt: skip
LOOKS = {
    "call": lambda model: model(X / 2), "jacobian": lambda model: model.jacobian(X / 2),
    "strength": lambda model: strength(model, X / 2), "coverage": lambda model: grids.coverage(model, X / 2),
    "overlap": lambda model: grids.overlap(model, X / 2, X), "price": lambda model: Sparsity().value(model, X / 2),
    "plot": lambda model: plot.network(model, X / 2),
    "candidates": lambda model: candidates(model, (0, 0, 0), X / 2, families=["x"]),
}  # fmt: skip


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("kind", MODELS)
def test_a_look_between_forward_and_backward_changes_no_gradient(kind, look):
    if kind != "KAN" and look not in ("call", "jacobian"):
        return  # the others are for KANs; one kind of them is enough
    model = MODELS[kind]()
    model.forward(X)
    model.backward(Y)
    expected = model.grad.copy()
    model.forward(X)
    LOOKS[look](model)
    model.backward(Y)
    np.testing.assert_array_equal(model.grad, expected)


@pytest.mark.parametrize("kind", MODELS)
def test_a_layer_that_went_by_itself_is_told(kind):
    model = MODELS[kind]()
    model.forward(X)
    model.layers[0].forward(X / 2)
    with pytest.raises(ValueError, match=r"a layer went forward by itself .*; call model.forward\(X\) again"):
        model.backward(Y)


def test_new_parameters_take_a_new_forward():
    model = MLP([2, 3, 1])
    model.forward(X)
    model.restart(seed=5)
    with pytest.raises(ValueError, match="no output to go back from"):
        model.backward(Y)


@pytest.mark.parametrize("kind", MODELS)
def test_what_is_set_is_copied_into_the_model(kind):
    model, other = MODELS[kind](), MODELS[kind]()
    other.theta *= 0.5
    theta = model.theta
    model.theta = other.theta.copy()
    assert model.theta is theta  # an optimiser that holds it still moves the model
    np.testing.assert_array_equal(model(X), other(X))
    name = "W" if kind == "MLP" else "c"
    setattr(model.layers[0], name, getattr(model.layers[0], name) * 0)
    before = model(X)
    fit(model, X, Y, steps=3)
    assert np.abs(getattr(model.layers[0], name)).max() > 0 and not np.array_equal(before, model(X))


@pytest.mark.parametrize("kind", MODELS)
@pytest.mark.parametrize("name", ["theta", "grad"])
@pytest.mark.parametrize(("values", "words"), [
    (np.zeros(3), r"has shape \(3,\); expected \(\d+,\), as it is a view"), (None, "could not be read as numbers"),
    ("abc", "text"),
])  # fmt: skip
def test_parameters_of_another_size_are_refused(kind, name, values, words):
    model = MODELS[kind]()
    with pytest.raises(ValueError, match=words):
        setattr(model, name, values)


def test_a_weight_that_is_not_there_cannot_be_set():
    with pytest.raises(ValueError, match="w_b has shape .*; expected none, this one does without it"):
        KAN([2, 1], base=False).layers[0].w_b = np.ones((1, 2))


@pytest.mark.parametrize("use", ["call", "fit", "save"])
def test_a_layer_on_another_basis_is_told_to_join(use, tmp_path):
    model = KAN([2, 3, 1])
    model.layers[0].use(BSpline(np.tile(np.linspace(-1, 1, 9), (2, 1))))
    act = {"call": lambda: model(X), "fit": lambda: fit(model, X, Y, steps=1),
           "save": lambda: model.save(tmp_path / "m.npz")}  # fmt: skip
    with pytest.raises(ValueError, match=r"parameters of its own, .*: call model.join\(\) first"):
        act[use]()
    assert list(tmp_path.iterdir()) == []
    model.join()
    act[use]()
