"""Twenty data sets without a law: smooth functions drawn at random, pure noise, and tables of the world."""

import numpy as np


def fourier(seed, n, noise=0.0, terms=12):
    """A sum of `terms` waves with random directions, frequencies and phases, on [-1, 1]^n."""

    def make():
        rng = np.random.default_rng(seed)
        X = rng.uniform(-1, 1, (1000, n))
        waves = rng.normal(0, 2.5, (n, terms))
        y = np.cos(X @ waves + rng.uniform(0, 6.28, terms)) @ rng.normal(0, 1, terms)
        return X, y + noise * y.std() * rng.normal(size=len(y))

    return make


def perceptron(seed, n, width=30, noise=0.0):
    """A multi-layer perceptron with random weights, tanh, two hidden layers."""

    def make():
        rng = np.random.default_rng(seed)
        X = H = rng.uniform(-1, 1, (1000, n))
        for rows, columns in ((n, width), (width, width)):
            H = np.tanh(H @ rng.normal(0, 2 / np.sqrt(rows), (rows, columns)) + rng.normal(0, 1, columns))
        y = H @ rng.normal(0, 1, width)
        return X, y + noise * y.std() * rng.normal(size=len(y))

    return make


def noise(seed, n, N=1000):
    def make():
        rng = np.random.default_rng(seed)
        return rng.uniform(0.5, 2, (N, n)), rng.normal(size=N)

    return make


def cars(columns, target=None, N=None):
    """Auto MPG: some columns -> miles per gallon, or another column."""

    def make():
        from kan_edu.data.tables import auto_mpg

        table = auto_mpg()
        X = table.X[:N, columns]
        return X, (table.y if target is None else table.X[:, target])[:N]

    return make


def digits(pixels, what):
    """Digits of scikit-learn: some pixels -> which digit, or whether it is a 3 (0 or 1), or another pixel."""

    def make():
        from sklearn.datasets import load_digits

        data = load_digits()
        y = {"digit": data.target, "three": data.target == 3, "pixel": data.data[:, 35]}[what]
        return data.data[:, pixels], y.astype(float)

    return make


SETS = {
    "Fourier, 1 input": fourier(1, 1),
    "Fourier, 2 inputs": fourier(2, 2),
    "Fourier, 3 inputs": fourier(3, 3),
    "Fourier, 4 inputs": fourier(4, 4),
    "Fourier, 1 input, 5 % noise": fourier(5, 1, 0.05),
    "Fourier, 2 inputs, 5 % noise": fourier(6, 2, 0.05),
    "perceptron, 1 input": perceptron(7, 1),
    "perceptron, 2 inputs": perceptron(8, 2),
    "perceptron, 3 inputs": perceptron(9, 3),
    "perceptron, 2 inputs, 10 % noise": perceptron(10, 2, noise=0.1),
    "noise, 1 input": noise(11, 1),
    "noise, 2 inputs": noise(12, 2),
    "noise, 4 inputs": noise(13, 4),
    "noise, 2 inputs, 30 samples": noise(14, 2, 30),
    "Auto MPG, all": cars([0, 1, 2, 3, 4, 5, 6]),
    "Auto MPG, weight and year": cars([3, 5]),
    "Auto MPG, weight -> displacement": cars([3], 1),
    "digits, which": digits([21, 42, 44], "digit"),
    "digits, a three or not": digits([21, 42], "three"),
    "digits, another pixel": digits([27, 34, 36, 43], "pixel"),
}
