"""read_law on columns of few values, such as -1 and 1: what a straight line fits is read, and shortly."""

import numpy as np
import pytest

from kan_edu import read_law

LAWS = {
    "2*x + z": lambda x, z: 2 * x + z,
    "3*x^2 + z": lambda x, z: 3 * x**2 + z,
    "x*z": lambda x, z: x * z,
}


def terms(text):
    return sorted(text.split(" + "))


@pytest.mark.parametrize("values", [(-1, 1), (0, 1), (2, 5), (-1, 0, 1), (0, 1, 2, 3, 4)])
@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("text", LAWS)
def test_a_column_of_few_values_hides_no_law(text, whole, values):
    rng = np.random.default_rng(0)
    x = rng.integers(-2, 3, 300).astype(float) if whole else rng.uniform(-2, 2, 300)
    z = rng.choice(np.array(values, dtype=float), 300)
    law = read_law(np.column_stack([x, z]), LAWS[text](x, z), names=["x", "z"], seconds=3)
    assert law.sure and terms(law.best.text) == terms(text)


def test_noise_on_it_leaves_the_law():
    rng = np.random.default_rng(1)
    x, z = rng.uniform(-2, 2, 400), rng.choice([-1.0, 1.0], 400)
    law = read_law(np.column_stack([x, z]), 2 * x + z + 0.1 * rng.normal(size=400), names=["x", "z"], seconds=3)
    assert law.sure and terms(law.best.text) == ["2*x", "z"]
