"""What no network can use is refused where it comes in, in words, and nothing is changed or left behind.

Arrays that hold no numbers: tests/test_one_door.py.
"""

import warnings

import numpy as np
import pytest

from kan_edu import KAN, MLP, BSpline, KANLayer, Perceptron, SplineMLP, grids
from kan_edu.checks.arguments import OutOfBounds
from kan_edu.networks import flat

X = np.random.default_rng(0).uniform(-1, 1, (6, 2))


def layer():
    return KANLayer(2, 3, BSpline(np.tile(np.linspace(-1, 1, 6), (2, 1))), rng=0)


def behind(model, **given):
    dY = np.ones_like(model.forward(X))
    return model.backward(dY, **given)


# ------------------------------------------------------------------------------- flags, counts, kinds


@pytest.mark.parametrize("value", ["no", 2, None, [], np.array([True, True])])
@pytest.mark.parametrize("call", [
    lambda value: behind(KAN([2, 1]), to_input=value), lambda value: behind(MLP([2, 1]), to_input=value),
    lambda value: behind(layer(), to_input=value), lambda value: grids.update(KAN([2, 1]), X, keep_inputs=value),
    lambda value: KAN([2, 1], base=value), lambda value: KANLayer(2, 1, layer().basis, base=value),
])  # fmt: skip
def test_what_merely_counts_as_true_is_no_flag(call, value):
    with pytest.raises(ValueError, match="expected True or False"):
        call(value)


@pytest.mark.parametrize(("call", "words"), [
    (lambda: layer().phi(-1, 0, X[:, 0]), "j is -1; expected a whole number from 0 to 2"),
    (lambda: layer().phi(0, True, X[:, 0]), "i is True; expected a whole number from 0 to 1"),
    (lambda: KANLayer(2, 3, layer().basis, products=4), "products is 4; expected a whole number from 0 to 3"),
    (lambda: KANLayer(2, 3, layer().basis, rng="a"), "seed is 'a'; expected a whole number"),
    (lambda: KANLayer(2, 3, "bspline"), "the basis is 'bspline'; expected one of BSpline"),
    (lambda: layer().use(BSpline), "the basis is <class .*BSpline'>; expected one of"),
    (lambda: layer().forward(X[:, :1]), r"X has 1 column, expected 2 \(a layer of 2 inputs\)"),
    (lambda: layer().backward(X), r"no output to go back from: call .*forward\(X\) before"),
    (lambda: KAN([2, 1]).set_formula((0, 0.5, 0), "sin"), r"an edge is \(0, 0.5, 0\); expected \(layer, j, i\)"),
    (lambda: KAN([2, 1]).set_formula((0, 0, 0), ["sin"]), r"no family is called \['sin'\]; expected one of x, "),
    (lambda: KAN([2, 1]).set_formula((0, 0, 0), "sin", (1, 1, 0), X="abc"), "X could not be read|X holds text"),
    (lambda: KAN([2, 1], seed=np.timedelta64(3, "D")), "seed is .*timedelta64.*; expected a whole number"),
    (lambda: grids.reach(np.zeros((0, 3))), r"the grid has shape \(0, 3\)"),
    (lambda: grids.place_hidden(MLP([2, 1])), "grids.place_hidden needs a KAN"),
    (lambda: grids.coverage(3, X), r"the model is 3; expected a model, such as KAN\(\[2, 5, 1\]\)"),
])  # fmt: skip
def test_counts_edges_and_kinds(call, words):
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.parametrize("path", [3, None, "", b"model.npz", "a\0b", ["m.npz"]])
@pytest.mark.parametrize("call", [KAN([2, 1]).save, MLP([2, 1]).save, KAN.load, MLP.load, SplineMLP.load])
def test_what_can_name_no_file(call, path):
    with pytest.raises(ValueError, match=r"the path is .*; expected the name of a file"):
        call(path)


# ------------------------------------------------------------------------------- numbers out of all bounds


ASKED = {
    "call": lambda model: model(X), "forward": lambda model: model.forward(X),
    "jacobian": lambda model: model.jacobian(X), "save": lambda model: model.save("never_written.npz"),
    "coverage": lambda model: grids.coverage(model, X), "update": lambda model: grids.update(model, X),
    "extend": lambda model: grids.extend(model, 10), "remove_edge": lambda model: model.remove_edge((0, 0, 0)),
    "set_formula": lambda model: model.set_formula((0, 0, 0), "sin", (1, 1, 0)),
}  # fmt: skip


@pytest.mark.parametrize("value", [np.nan, np.inf])
@pytest.mark.parametrize("asked", ASKED)
def test_a_network_whose_parameters_are_no_numbers_says_so(asked, value):
    for make in (lambda: KAN([2, 2, 1]), lambda: MLP([2, 2, 1]),
                 lambda: SplineMLP([2, 2, 1]))[: 3 if asked in ("call", "forward", "save") else 1]:
        model = make()
        model.theta[-1] = value
        with pytest.raises(OutOfBounds, match=r"1 of the \d+ parameters of .* are NaN or inf; make the model anew"):
            ASKED[asked](model)


def test_out_of_bounds_is_an_infinite_loss_to_training_and_a_wrong_value_to_whoever_asks():
    assert issubclass(OutOfBounds, ValueError) and issubclass(OutOfBounds, FloatingPointError)


@pytest.mark.parametrize("ask", [lambda model, X: model(X), lambda model, X: model.jacobian(X)])
def test_outputs_that_overflow_are_no_outputs(ask):
    model = KAN([2, (0, 1)])
    with pytest.raises(OutOfBounds, match=r"X reaches 1e\+300, .* overflows float64; scale X to about 1 first"):
        ask(model, np.array([[1e300, 1e300]]))


@pytest.mark.parametrize("make", [lambda: KAN([2, 1], dtype=np.float32), lambda: MLP([2, 1]), layer,
                                  lambda: SplineMLP([2, 3, 1])])  # fmt: skip
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_slopes_that_are_no_numbers_or_overflow_are_refused(make):
    model = make()
    dY = np.ones_like(model.forward(X))
    with pytest.raises(OutOfBounds, match="dL/dY holds NaN or inf"):
        model.backward(dY * np.nan)
    model.forward(X)
    with pytest.raises(OutOfBounds, match="the gradients overflow"):
        model.backward(np.full(dY.shape, 1e308))


def test_float32_stays_float32_behind_the_doors():
    model = KAN([2, 2, 1], dtype=np.float32)
    assert model(X).dtype == model.theta.dtype == np.float32
    assert behind(model, to_input=True).dtype == model.grad.dtype == np.float32
    assert all(layer.phi(0, 0, X[:, 0]).dtype == np.float64 for layer in KAN([2, 1]).layers)


# ------------------------------------------------------------------------------- memory and time


@pytest.mark.parametrize("call", [
    lambda: KAN([2, 10**9, 1]), lambda: KAN([2, 1], G=10**9), lambda: KAN([2, 1], k=10**9), lambda: MLP([10**5, 10**5]),
    lambda: KANLayer(2, 10**9, layer().basis), lambda: KAN([2, 1]).restart(0, G=10**9), lambda: Perceptron(10**12),
    lambda: grids.extend(KAN([2, 1]), 10**9), lambda: grids.extend(KAN([2, 1]), 10**5 + 1),
    lambda: grids.divide(np.array([[0.0, 1.0]]), 10**9),
    lambda: flat.jacobian(MLP([1, 1]), np.broadcast_to(0.0, (10**9, 1))),
])  # fmt: skip
def test_what_would_fill_the_memory_is_told_before_it_is_spent(call):
    with pytest.raises(ValueError, match=r"would take .* GiB of memory; (make it|choose|ask)"):
        call()


def test_a_fine_grid_of_products_is_fitted_too():
    model = KAN([2, (0, 1), 1], G=3)
    before = model(X)
    grids.extend(model, 101)
    np.testing.assert_allclose(model(X), before, atol=1e-3)


@pytest.mark.parametrize(("make", "size"), [
    (lambda: KAN([2, 3, 1], seed=1), 1e308), (lambda: KAN([2, 3, 1], seed=1, G=60), 1e308),
    (lambda: KAN([2, 3, 1], seed=1, basis="chebyshev"), 1e308), (lambda: KAN([2, (0, 1), 1], seed=1), 1e200),
    (lambda: KAN([2, 3, 1], seed=1, basis="fourier"), 1e308), (lambda: KAN([2, 3, 1], seed=1, dtype=np.float32), 1e300),
    (lambda: KAN([2, 3, 1], seed=1, form="textbook", dtype=np.float32), 1e300),
    (lambda: KAN([2, 1], seed=1, dtype=np.float32).layers[0], 1e300),
])  # fmt: skip
def test_samples_too_large_are_to_blame_themselves(make, size):
    model, X = make(), size * np.array([[1.0, -1], [0.5, 0.3], [-0.9, 0.1]])
    for ask in [model.forward, *([model, model.jacobian] if hasattr(model, "layers") else [])]:
        with warnings.catch_warnings(), pytest.raises(OutOfBounds, match=f"X reaches {size:.3g}".replace("+", r"\+")):
            warnings.simplefilter("error")
            ask(X)


def test_parameters_too_large_are_not_blamed_on_the_samples():
    model = KAN([2, 3, 1], seed=1)
    model.theta *= 1e307
    with warnings.catch_warnings(), pytest.raises(OutOfBounds, match="if its parameters have grown so large"):
        warnings.simplefilter("error")
        model(np.ones((3, 2)) / 2)
