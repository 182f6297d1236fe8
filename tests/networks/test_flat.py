"""The one vector of all parameters, and predictions that leave no trace: in two threads, in the midst of training."""

import threading
import tracemalloc

import numpy as np
import pytest

from kan_edu import KAN, MLP, KANLayer, Perceptron, SplineMLP
from kan_edu.networks import edgesums, flat
from kan_edu.networks.activations import ACTIVATIONS

RNG = np.random.default_rng(0)
X, Z = RNG.uniform(-1, 1, (2, 40, 2))
NO_FORWARD = r"call model.forward\(X\) before each backward \(model\(X\) keeps nothing\)"


def read():
    """A network with an edge that is a formula, one that was removed, and a node that multiplies."""
    model = KAN([2, (2, 1), 1], seed=3)
    model.set_formula((0, 0, 0), "sin", (1, 2, 0))
    model.remove_edge((0, 1, 1))
    return model


MODELS = {"Scatter": lambda: KAN([2, 3, 1], seed=1), "Gather": lambda: KAN([2, 1], G=60, seed=1),
          "Textbook": lambda: KAN([2, 3, 1], form="textbook", seed=1), "read": read, "MLP": lambda: MLP([2, 4, 4, 1]),
          "Perceptron": lambda: Perceptron(2), "SplineMLP": lambda: SplineMLP([2, 4, 4, 1])}


def everything(thing, seen=None):
    """[(place, object)] of all that can be reached from a model; of arrays also what is in them."""
    seen, found = {} if seen is None else seen, []
    parts = vars(thing) if hasattr(thing, "__dict__") else dict(enumerate(thing)) if isinstance(thing, list) else {}
    for name, part in parts.items():
        found.append((name, id(part), part.tobytes() if isinstance(part, np.ndarray) else None))
        if id(part) not in seen and not isinstance(part, np.ndarray):
            seen[id(part)] = part  # held, so that no other object gets its number
            found += everything(part, seen)
    return found


@pytest.mark.parametrize("name", MODELS)
def test_a_prediction_leaves_no_trace(name):
    model = MODELS[name]()
    model.forward(X)
    before = everything(model)
    model(Z)
    model(Z[:7])
    assert everything(model) == before


def test_two_threads_predict_at_once(monkeypatch):
    """Both are in the middle of a layer when either goes on."""
    model, got, both = KAN([2, 3, 1], seed=1), {}, threading.Barrier(2, timeout=120)
    right, sigmoid = [model(X), model(Z)], edgesums.sigmoid
    monkeypatch.setattr(edgesums, "sigmoid", lambda x: both.wait() >= 0 and sigmoid(x))
    threads = [threading.Thread(target=lambda n=n: got.update({n: model([X, Z][n])})) for n in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for n in (0, 1):
        np.testing.assert_array_equal(got[n], right[n])


@pytest.mark.parametrize("name", ["Scatter", "Gather", "Textbook", "read"])
def test_a_prediction_in_the_midst_of_a_forward_does_not_change_its_gradient(name, monkeypatch):
    """It comes when the layer has computed what depends on its samples, and goes on to the coefficients."""
    model, coefficients, inside = MODELS[name](), KANLayer._coefficients, []

    def interrupted(layer):
        if not inside:
            inside.append(True)
            model(Z)
        return coefficients(layer)

    assert_same_gradient(model, lambda: monkeypatch.setattr(KANLayer, "_coefficients", interrupted))
    assert inside


def test_a_prediction_in_the_midst_of_an_mlps_forward_does_not_change_its_gradient(monkeypatch):
    model, inside = MODELS["MLP"](), []

    def interrupted(z):
        if not inside:
            inside.append(True)
            model(Z)
        return np.tanh(z)

    slope = ACTIVATIONS["tanh"][1]
    assert_same_gradient(model, lambda: monkeypatch.setitem(ACTIVATIONS, "tanh", (interrupted, slope)))
    assert inside


def assert_same_gradient(model, interrupt):
    """Of a forward that is interrupted and its backward, as of one that is not."""
    model.forward(X), model.backward(np.ones((40, 1)))
    alone = model.grad.copy()
    interrupt()
    model.forward(X), model.backward(np.ones((40, 1)))
    np.testing.assert_array_equal(model.grad, alone)


def test_a_prediction_is_no_forward_to_go_back_from():
    model = KAN([2, 3, 1])
    model(X)
    with pytest.raises(ValueError, match=NO_FORWARD):
        model.backward(np.ones((40, 1)))


@pytest.mark.parametrize("model", [KAN([2, 3, 1]), MLP([2, 3, 1])], ids=str)
def test_a_forward_serves_one_backward(model):
    """Or `model(X)` between two backwards would pass for a forward, with the slopes of the samples before."""
    model.forward(X), model.backward(np.ones((40, 1)))
    model(X / 2)
    with pytest.raises(ValueError, match=NO_FORWARD):
        model.backward(np.ones((40, 1)))


def test_views_of_a_vector_that_is_too_long():
    with pytest.raises(ValueError, match="the vector has 7 numbers; the shapes .* need 6"):
        flat.views(np.zeros(7), [(2, 2), (2,)])


@pytest.mark.parametrize("kind", [kind for kind in MODELS if kind != "Perceptron"])
def test_a_prediction_for_many_samples_goes_through_in_blocks(kind, monkeypatch):
    model = MODELS[kind]()
    whole = model(X)
    assert np.array_equal(whole, model.copy().forward(X)), "few samples are one block, to the last bit"
    sizes, forward = [], type(model)._forward
    monkeypatch.setattr(type(model), "_forward", lambda twin, A: sizes.append(len(A)) or forward(twin, A))
    monkeypatch.setattr(flat, "BLOCK", 1000)
    np.testing.assert_allclose(model(X), whole, rtol=1e-13, atol=1e-14)
    assert len(sizes) > 1 and sum(sizes) == 40
    with pytest.raises(ValueError, match=r"NaN or inf \(the first at index \(39, 1\)\)"):
        model(np.where(np.arange(80).reshape(40, 2) == 79, np.nan, X))


@pytest.mark.parametrize("model", [KAN([2, 60, 1]), KAN([60, 1], G=60), KAN([60, 2], form="textbook"),
                                   MLP([2, 900, 1])])  # fmt: skip
def test_the_memory_of_a_prediction_does_not_grow_with_the_samples(model, monkeypatch):
    monkeypatch.setattr(flat, "BLOCK", 2**18)
    tracemalloc.start()
    try:
        model(np.ones((4000, model.widths[0])))
        assert tracemalloc.get_traced_memory()[1] < 8 * 2**18 + 3 * 8 * 4000 * 60
    finally:
        tracemalloc.stop()
