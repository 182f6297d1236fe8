"""The tables that a reader can choose in the reader app, each with the network that is trained on it."""

from typing import NamedTuple

import numpy as np

from kan_edu.data.datasets import exp_sine, sample
from kan_edu.data.laws import hydrogen, planets, puromycin


class Example(NamedTuple):
    """X (N, n), Y (N, 1) with names; the shape of the KAN, its intervals G and the seed that it starts from."""

    X: np.ndarray
    Y: np.ndarray
    inputs: list
    output: str
    shape: list
    G: int
    seed: int


def orbits():
    """Eight planets: the period T of an orbit from its axis a and its eccentricity e."""
    table = planets()
    return Example(table.X, table.y[:, None], ["a", "e"], "T", [2, 1], 2, 0)


def formula():
    """A hundred samples of exp(sin(pi x1) + x2^2), without noise."""
    X, Y = sample(exp_sine, 100, n_in=2)
    return Example(X, Y, ["x₁", "x₂"], "y", [2, 2, 1], 5, 0)


def pendulums():
    """Computed, not measured: lengths in metres, gravity from 1.6 (the Moon) to 25 m/s^2 (Jupiter)."""
    rng = np.random.default_rng(0)
    X = np.column_stack([rng.uniform(0.2, 2, 80), rng.uniform(1.6, 25, 80)])
    return Example(X, 2 * np.pi * np.sqrt(X[:, :1] / X[:, 1:]), ["l", "g"], "T", [2, (0, 1)], 4, 1)


def lines():
    """Hydrogen's lines: 1000 / wavelength from the two quantum numbers."""
    table = hydrogen()
    return Example(table.X, 1000 / table.y[:, None], ["n₁", "n₂"], "1000/λ", [2, 1], 3, 0)


def enzyme():
    """Puromycin: the rate v of a reaction from the concentration c, noisy."""
    table = puromycin()
    return Example(table.X, table.y[:, None], ["c"], "v", [1, 1], 2, 0)


TABLES = {"planets": ("planets", orbits), "formula": ("exp(sin πx₁ + x₂²)", formula),
          "pendulum": ("pendulum", pendulums), "enzyme": ("an enzyme", enzyme), "hydrogen": ("hydrogen lines", lines)}
