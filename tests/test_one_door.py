"""The one door: what is no number is refused, in words, by every public function that takes arrays."""

import inspect

import numpy as np
import pytest

import kan_edu
from kan_edu import (  # fmt: skip
    KAN,
    MLP,
    Adam,
    KANLayer,
    Perceptron,
    SplineMLP,
    accuracy,
    candidates,
    classify,
    confusion,
    cross_entropy,
    fit,
    fit_additive,
    fit_with_refinement,
    formula,
    heaviside,
    logistic_loss,
    mse,
    prune,
    races,
    read_law,
    refit,
    silu,
    silu_slope,
    tones,
)
from kan_edu.data import datasets, pictures
from kan_edu.equations import curvature, pendulum, poisson
from kan_edu.equations.poisson import Poisson
from kan_edu.networks import grids
from kan_edu.reading import strength
from kan_edu.seeing import plot
from kan_edu.splines import bspline
from kan_edu.splines import fit as splinefit
from kan_edu.splines.bases import BSpline
from kan_edu.theorems import bumps, decompositions, superposition

GOOD = np.array([0.0, 0.25, 0.5, 0.75])
T = bspline.uniform_knots(-1, 1, 3, 2)
C, Y = np.ones(5), GOOD[:, None]
bent, one, layer = SplineMLP([1, 2, 1]), KAN([1, 1]), KANLayer(1, 1, BSpline(np.linspace(-1, 1, 4)[None]))
dense, dot = MLP([1, 1]), Perceptron(1)
train = {"steps": 1, "progress": False}
refine = {"steps": 1, "starts": 1, "grids": (3,), "updates": 1, "progress": False}

few = {"seconds": 1, "progress": False}


def sine():
    """A network of one edge that is read."""
    model = KAN([1, 1])
    model.set_formula((0, 0, 0), "sin", (1, 1, 0))
    return model


# Each takes four samples x (4,), as a function takes its argument; `column` makes (4, 1) of what it is given.
DOORS = {
    "KAN": lambda x: one(column(x)), "KAN.jacobian": lambda x: one.jacobian(column(x)),
    "KANLayer.forward": lambda x: layer.forward(column(x)), "KANLayer.edges": lambda x: layer.edges(column(x)),
    "KANLayer.phi": lambda x: layer.phi(0, 0, x), "KAN.backward": lambda x: [one.forward(Y), one.backward(column(x))],
    "KANLayer.backward": lambda x: [layer.forward(Y), layer.backward(column(x))], "silu": silu,
    "silu_slope": silu_slope, "heaviside": heaviside, "KAN.set_formula": lambda x: KAN([1, 1]).set_formula(
        (0, 0, 0), "sin", x[1:]), "grids.reach": lambda x: grids.reach(row(x)),
    "grids.divide": lambda x: grids.divide(row(x), 2), "Poisson": lambda x: Poisson(lambda X: x, inside=4, side=2),
    "poisson.spread": lambda x: poisson.spread(3, x[1:3]),
    "MLP": lambda x: dense(column(x)), "MLP.backward": lambda x: [dense.forward(Y), dense.backward(column(x))],
    "SplineMLP": lambda x: bent(column(x)), "SplineMLP.jacobian": lambda x: bent.jacobian(column(x)),
    "SplineMLP.backward": lambda x: [bent.forward(Y), bent.backward(column(x))],
    "Perceptron": lambda x: dot(column(x)), "Perceptron.learn": lambda x: dot.learn(Y, x),
    "fit X": lambda x: fit(KAN([1, 1]), column(x), Y, **train), "fit Y": lambda x: fit(KAN([1, 1]), Y, x, **train),
    "fit val": lambda x: fit(KAN([1, 1]), Y, Y, val=(column(x), Y), **train),
    "fit labels": lambda x: fit(KAN([1, 2]), Y, x, loss=cross_entropy, **train),
    "fit_additive": lambda x: fit_additive(KAN([1, 1]), column(x), Y),
    "fit_additive Y": lambda x: fit_additive(KAN([1, 1]), Y, x),
    "refinement X": lambda x: fit_with_refinement(KAN([1, 1]), column(x), Y, **refine),
    "refinement Y": lambda x: fit_with_refinement(KAN([1, 1]), Y, x, **refine),
    "mse": lambda x: mse(Y, x), "mse output": lambda x: mse(column(x), Y),
    "cross_entropy": lambda x: cross_entropy(np.zeros((4, 2)), x),
    "logistic_loss": lambda x: logistic_loss(np.zeros((4, 1)), x), "accuracy labels": lambda x: accuracy(Y, x),
    "logistic_loss outputs": lambda x: logistic_loss(column(x), [0, 0, 0, 0]),
    "classify": lambda x: classify(column(x)), "accuracy": lambda x: accuracy(column(x), [0, 0, 0, 0]),
    "confusion": lambda x: confusion(column(x), [0, 0, 0, 0]), "confusion labels": lambda x: confusion(Y, x),
    "to_words labels": lambda x: datasets.to_words(x, ("a", "b")),
    "cross_entropy scores": lambda x: cross_entropy(column(x), [0, 0, 0, 0]),
    "grids.update": lambda x: grids.update(KAN([1, 1]), column(x)),
    "grids.coverage": lambda x: grids.coverage(one, column(x)),
    "strength": lambda x: strength.edge_shares(one, column(x)),
    "strength.nodes": lambda x: kan_edu.strength(one, column(x)), "read_law X": lambda x: read_law(column(x), Y, **few),
    "read_law Y": lambda x: read_law(Y, x, **few), "refit": lambda x: refit(sine(), column(x), Y, progress=False),
    "refit Y": lambda x: refit(sine(), Y, x, progress=False), "prune": lambda x: prune(sine(), column(x), Y),
    "prune Y": lambda x: prune(sine(), Y, x), "candidates": lambda x: candidates(sine(), (0, 0, 0), column(x)),
    "formula": lambda x: formula(sine(), X=column(x), Y=GOOD), "formula Y": lambda x: formula(sine(), X=Y, Y=x),
    "curvature": lambda x: curvature.second(one, column(x)), "swing": lambda x: pendulum.swing(x, step=0.5),
    "Pendulum t": lambda x: pendulum.Pendulum(x, GOOD, 1.0).weights,
    "Pendulum": lambda x: pendulum.Pendulum(GOOD, x, 1.0).weights,
    "bspline.basis": lambda x: bspline.basis(x, T, 2), "bspline.evaluate": lambda x: bspline.evaluate(x, C, T, 2),
    "bspline.B": lambda x: bspline.B(x, 0, 2, T), "bspline.pyramid": lambda x: bspline.pyramid(x, T, 2),
    "bspline.local_basis": lambda x: bspline.local_basis(x, T, 2),
    "knots": lambda x: bspline.basis([0.1], x, 1), "clamped_knots": lambda x: bspline.clamped_knots(x, 2),
    "extend_knots": lambda x: bspline.extend_knots(x, 2), "BSpline": lambda x: BSpline([x]),
    "c": lambda x: bspline.evaluate([0.1], x, bspline.uniform_knots(0, 1, 3, 1), 1),
    "splinefit x": lambda x: splinefit.fit(x, GOOD, T, 2), "splinefit y": lambda x: splinefit.fit(GOOD, x, T, 2),
    "insert_knot": lambda x: splinefit.insert_knot(x, bspline.uniform_knots(0, 1, 3, 1), 1, 0.5),
    "standardise": lambda x: datasets.standardise(x), "standardise test": lambda x: datasets.standardise(GOOD, x),
    "to_box": lambda x: datasets.to_box(column(x)), "bessel": lambda x: datasets.bessel(column(x)),
    "bessel_j0": datasets.bessel_j0, "sample": lambda x: datasets.sample(lambda X: column(x), 4, n_in=1),
    "pictures": lambda x: pictures.function_of(column(x)),
    "bumps.errors": lambda x: bumps.errors(x, GOOD), "bumps target": lambda x: bumps.errors(GOOD, x),
    "bumps": lambda x: bumps.bumps(x, 3), "hats": lambda x: bumps.hats(x, 3),
    "bumps.steps": lambda x: bumps.steps(lambda _: x, 3).theta, "ramps": lambda x: bumps.ramps(lambda _: x, 3).theta,
    "towers": lambda x: bumps.towers(lambda _: x, Y, 4),
    "superpose": lambda x: decompositions.superpose(decompositions.PRODUCT, x, GOOD),
    "spread": lambda x: decompositions.spread(x, 2, 0),
    "superposition": lambda x: superposition.Superposition(np.multiply)(x, GOOD),
    "plot.edge": lambda x: plot.edge(GOOD, x), "plot.edge x": lambda x: plot.edge(x, GOOD),
    "plot.spline": lambda x: plot.spline(bspline.uniform_knots(0, 1, 3, 1), x, 1), "plot.losses": plot.losses,
    "plot data": lambda x: plot.spline(T, C, 2, data=(x, GOOD)),
    "plot.dots": lambda x: plot.dots({"a": x[1:]}, list("abc")), "races.on_table": lambda x: race(column(x), GOOD),
    "races.on_table y": lambda x: race(Y, x), "races.spend": lambda x: spend(column(x), Y),
    "races.spend Y": lambda x: spend(Y, x), "tones X": lambda x: tones.heard(KAN([1, 1]), column(x), {"y": Y}, steps=1),
    "tones": lambda x: tones.heard(KAN([1, 1]), Y, {"x": column(x)}, steps=1),
    "plot.network": lambda x: plot.network(one, column(x)), "greville": lambda x: plot.greville(x, 1),
}  # fmt: skip


def race(X, y):
    """A race of one model on two splits of four samples."""
    return races.on_table({"KAN": lambda seed: KAN([1, 1], seed=seed)}, X, y, splits=2, steps=1, patience=None)


def spend(X, Y):
    """One step of Adam."""
    return races.spend(KAN([1, 1]), X, Y, optimiser=Adam(), budget=1)


def row(x):
    """The four numbers as the grid of one input, (1, 4)."""
    return [x] if isinstance(x, list) else type(x)(x.values[None]) if isinstance(x, Frame) else x[None]


def column(x):
    """Four samples as (4, 1), whatever they are."""
    if isinstance(x, list):
        return [[value] for value in x]
    return type(x)(x.values[:, None]) if isinstance(x, Frame) else x[:, None]


class Frame:
    """Stands in for a pandas Series or DataFrame: NumPy asks it for its array."""

    def __init__(self, values):
        self.values = np.asarray(values)

    def __array__(self, dtype=None, copy=None):
        return self.values if dtype is None else self.values.astype(dtype)

    def __len__(self):
        return len(self.values)

    def __getitem__(self, part):
        return Frame(self.values[part])


NO_NUMBERS = {
    "dates": np.array(["2024-01-01", "2024-01-11", "NaT", "2024-01-31"], dtype="datetime64[D]"),
    "masked": np.ma.masked_equal([0.0, 0.25, -999, 0.75], -999), "complex": GOOD + 1j,
    "numerals": ["0", "0.25", "0.5", "0.75"], "words": np.array(["USA", "Japan", "USA", "Europe"]),
    "missing": [0.0, None, 0.5, 0.75], "pandas words": Frame(np.array(["a", "b", 1.0, 2.0], dtype=object)),
    "objects": [object()] * 4, "NaN": [0.0, np.nan, 0.5, 0.75],
}  # fmt: skip
SAID = "hold|missing|words|of type"


@pytest.mark.parametrize("kind", NO_NUMBERS)
@pytest.mark.parametrize("door", DOORS)
@pytest.mark.filterwarnings("error")
def test_what_is_no_number_is_refused_in_words(door, kind):
    with pytest.raises(ValueError, match=SAID) as refusal:
        DOORS[door](NO_NUMBERS[kind])
    assert ";" in str(refusal.value) or ":" in str(refusal.value), "says what is wrong, but not what to do"


# No classes; four samples are no law, and settle no four numbers.
WITHOUT_TABLE = ("cross_entropy scores", "read_law X", "read_law Y", "formula", "formula Y")


@pytest.mark.parametrize("door", [door for door in DOORS if door not in WITHOUT_TABLE])
@pytest.mark.filterwarnings("error")
def test_a_table_of_numbers_gives_what_the_array_gives(door):
    good = np.array([0, 1, 1, 0]) if "labels" in door or door in ("cross_entropy", "logistic_loss") else GOOD
    good = np.array([0.0, 1.0, 1.0, 0.0]) if door == "Perceptron.learn" else good
    good = np.array([-1.0, 0.0, 0.25, 1.5]) if door in ("knots", "greville") else good
    assert str(DOORS[door](Frame(good)))[:40] == str(DOORS[door](good))[:40]


def test_every_public_name_that_takes_arrays_is_at_the_door():
    """A new public function with an argument X, Y, x or y must be in the table above, or stand here with a reason."""
    arrays = {"X", "Y", "x", "y", "z", "Z"}
    functions = {name: getattr(kan_edu, name) for name in kan_edu.__all__ if inspect.isfunction(getattr(kan_edu, name))}
    takes = {name for name, function in functions.items() if arrays & set(inspect.signature(function).parameters)}
    assert takes <= {door.split()[0] for door in DOORS} | {"fit_with_refinement"}
