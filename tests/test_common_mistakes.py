"""Arguments of a wrong kind that people pass: each is refused at the door, with what was meant."""

import numpy as np
import pytest

from kan_edu import (  # fmt: skip
    KAN,
    LBFGS,
    MLP,
    SGD,
    Adam,
    LevenbergMarquardt,
    cross_entropy,
    fit,
    fit_with_refinement,
    logistic_loss,
)
from kan_edu.data import datasets
from kan_edu.networks import grids
from kan_edu.seeing import plot

X = np.random.default_rng(0).uniform(-1, 1, (20, 2))
Y = X[:, :1]


def train(model=None, **more):
    return fit(KAN([2, 1]) if model is None else model, X, Y, **{"steps": 2, "progress": False, **more})


def refine(**more):
    return fit_with_refinement(KAN([2, 1]), X, Y, **{"starts": 1, "progress": False, "grids": (3,), "steps": 2, **more})


@pytest.mark.parametrize("call, words", [
    (lambda: train(optimiser="adam"), r"optimiser is 'adam'; expected one with a method step, .*: Adam\(0.01\)"),
    (lambda: train(optimiser={}), "optimiser is {}; expected one with a method step"),
    (lambda: refine(optimiser="LBFGS"), "optimiser is 'LBFGS'; expected one with a method step"),
    (lambda: train(val=X), r"val is a single ndarray; expected a pair of held-out data: val=\(X_val, Y_val\)"),
    (lambda: train(val=(X,)), "val is 1 arrays; expected a pair"),
    (lambda: refine(val=(X, Y, X, Y)), "val is 4 arrays; expected a pair"),
    (lambda: train(batch_size="10"), "batch_size is '10'; expected a whole number >= 1"),
    (lambda: train(loss="mse"), "loss is 'mse'; expected a function such as mse or cross_entropy, without quotation"),
    (lambda: train(model=KAN), "the model is the class KAN: make a model of it first; expected a model, such as KAN"),
    (lambda: train(model=3), "the model is 3; expected a model"),
    (lambda: train(seed=None), "seed is None; expected a whole number >= 0, .* or a Generator"),
    (lambda: refine(seed=None), "seed is None; expected a whole number >= 0"),
    (lambda: KAN([2, 1], seed=-1), "seed is -1; expected a whole number"),
    (lambda: MLP([2, 1], seed=1.5), "seed is 1.5; expected a whole number"),
    (lambda: datasets.moons(5, seed="0"), "seed is '0'; expected a whole number"),
    (lambda: KAN(3), r"widths is 3; expected at least \[inputs, outputs\], such as \[2, 5, 1\]"),
    (lambda: MLP("21"), "widths is '21'; expected at least"),
    (lambda: KAN([2, 1], lo="0"), r"the range is \['0', 1.0\]; expected two finite numbers"),
    (lambda: KAN([3, 1], lo=X.min(axis=0)), r"lo has shape \(2,\); expected one number, or one for each of 3 inputs"),
    (lambda: KAN([2, 1], base=None), "base is None; expected True or False"),
    (lambda: KAN([2, 1], basis=["bspline"]), r"basis is \['bspline'\]; expected one of"),
    (lambda: MLP([2, 1], activation=np.tanh), "activation is .*; expected one of"),
    (lambda: SGD(0.1, None), "momentum is None; expected a finite number from 0 to 1"),
    (lambda: Adam("0.1"), "the learning rate is '0.1'; expected a positive number"),
    (lambda: Adam(eps=np.inf), "eps is inf; expected a finite number from 0 to 1, such as 1e-08"),
    (lambda: Adam(beta1=np.nan), "beta1 is nan; expected a finite number from 0 to 1"),
    (lambda: LevenbergMarquardt(damping="1"), "damping is '1'; expected a positive number"),
    (lambda: refine(grids=5), r"grids is 5; expected increasing numbers of intervals, such as \(5, 10, 20\)"),
    (lambda: refine(enough=np.nan), "enough is nan; expected a finite number from 0"),
    (lambda: grids.update(KAN([2, 1]), X, margin=None), "margin is None; expected a finite number from 0"),
    (lambda: grids.update(MLP([2, 1]), X), r"grids.update needs a KAN, whose edges are functions; this is MLP\(\[2, 1"),
    (lambda: grids.extend(MLP([2, 1]), 9), "grids.extend needs a KAN"),
    (lambda: grids.coverage(MLP([2, 1]), X), "needs a KAN"),
    (lambda: grids.divide(np.array([[0.0, 1.0]]), -1), "parts is -1; expected a whole number >= 1"),
    (lambda: plot.network(MLP([2, 1]), X), "plot.network needs a KAN"),
    (lambda: plot.losses(refine()), r"a History for each grid; .* plot.losses\(refinement.stages\[-1\].history\)"),
    (lambda: KAN([2, 1]).layers[0].phi(0, 0, 0.5), r"x is the single number 0.5; .*: give \[0.5\]"),
    (lambda: KAN([2, 1])([0.1, 0.2]), r"use x\[None, :\] for one sample of 2 numbers"),
    (lambda: fit(KAN([2, 2]), X, np.where(Y[:, 0] > 0, "cat", "dog"), loss=cross_entropy), "labels Y are words; "),
    (lambda: fit(KAN([2, 2]), X, (Y > 0).astype(int)), r"that name classes need fit\(..., loss=cross_ent"),
    (lambda: fit(KAN([2, 1]), X, Y > 0, loss=cross_entropy), "there is one output; .* or use logistic_loss"),
    (lambda: fit(KAN([2, 2]), X, Y > 0, loss=logistic_loss), "there are 2 outputs; .* use cross_entropy"),
    (lambda: fit(KAN([2, 1]), X, np.arange(len(X)) % 3, loss=cross_entropy), "there is one output; .* make a second"),
    (lambda: fit(KAN([2, 1]), X, np.sign(Y), loss=logistic_loss), "training labels Y run from -1 to 1; .*to_labels"),
    (lambda: fit(KAN([2, 1]), X, Y > 0, val=(X, Y), loss=logistic_loss), "validation labels Y hold .*; expected whole"),
    (lambda: fit(KAN([2, 1]), X, Y, loss=lambda outputs, Y: 0.5), "the loss returned float; expected a pair"),
    (lambda: refine(loss=logistic_loss), r"mean square error .* use fit\(model, X, Y, loss=..., opt"),
    (lambda: train(optimiser=lambda lr: Adam(lr)), r"could not be made without arguments \(.*lr.*\); make one: Adam"),
])  # fmt: skip
def test_a_common_mistake_is_told_what_was_meant(call, words):
    with pytest.raises(ValueError, match=words):
        call()


@pytest.mark.parametrize("make", [Adam, LBFGS, LevenbergMarquardt])
def test_an_optimiser_and_what_makes_one_are_welcome_in_both(make):
    losses = [train(optimiser=optimiser).loss for optimiser in (make, make(), lambda: make())]
    assert losses[0] == losses[1] == losses[2]
    starts = [refine(optimiser=optimiser).starts for optimiser in (make, make(), lambda: make())]
    assert starts[0] == starts[1] == starts[2]


def test_a_generator_is_a_seed():
    a, b = (KAN([2, 1], seed=seed).theta for seed in (3, np.random.default_rng(3)))
    np.testing.assert_array_equal(a, b)
