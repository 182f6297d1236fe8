"""Data to learn from: logic gates, moons, spirals, the KAN paper's five functions, and real tables.

Every random draw takes `seed`: a whole number (the same number gives the same data) or a
`numpy.random.Generator`, which is then used as it stands. The five functions live in
`targets.py`, the tables in `tables.py` and `laws.py`, yours in `own.py`, words and numbers of classes in `labels.py`.
"""

import numpy as np

from kan_edu.checks.arguments import check_integer, check_number, check_seed, shown

from .labels import one_hot, to_labels, to_words
from .laws import hydrogen, planets, puromycin
from .own import own_table
from .tables import Table, auto_mpg, penguins, split, standardise, to_box
from .targets import (  # fmt: skip
    TARGETS,
    Target,
    bessel,
    bessel_j0,
    check_noise,
    check_points,
    exp_mean_sine,
    exp_sine,
    exp_two_sines,
    product,
    sample,
)

__all__ = [
    "GATES", "logic_gate", "moons", "spirals", "TARGETS", "Target", "exp_sine", "product", "bessel", "bessel_j0",
    "exp_two_sines", "exp_mean_sine", "sample", "Table", "auto_mpg", "one_hot", "to_labels", "to_words", "penguins",
    "own_table", "split", "standardise", "to_box", "planets", "hydrogen", "puromycin",
]  # fmt: skip

# The answers to the inputs 00, 01, 10, 11, in this order.
GATES = {
    "AND": (0, 0, 0, 1),
    "OR": (0, 1, 1, 1),
    "XOR": (0, 1, 1, 0),
    "NAND": (1, 1, 1, 0),
    "NOR": (1, 0, 0, 0),
}


def logic_gate(name):
    """The truth table of a gate: X (4, 2) of 0.0 and 1.0, y (4,) whole numbers 0 and 1.

    A line separates the classes of AND, OR, NAND and NOR; none separates those of XOR.
    Raises ValueError for a name that is not in GATES; small letters will do.

    >>> X, y = logic_gate("XOR")
    >>> y
    array([0, 1, 1, 0])
    """
    answers = GATES.get(name.upper()) if isinstance(name, str) else None
    if answers is None:
        raise ValueError(f"there is no gate {shown(name)}; choose one of {', '.join(GATES)}")
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return X, np.array(answers)


# Two classes in the plane


def moons(N, noise=0.1, seed=0):
    """Two half circles of radius 1 that reach into each other: X (N, 2), y (N,) of 0 (upper) and 1 (lower).

    Both coordinates get normal noise with standard deviation `noise`. The classes differ by at most one point
    in size and come in random order. Raises ValueError for N < 1, for more points than 2 GiB hold, and for a noise that
    is no number from 0 to 1e300.

    >>> X, y = moons(200, noise=0.0)
    >>> X.shape, int(y.sum())
    ((200, 2), 100)
    """
    N, noise, rng = check_points(N), check_noise(noise), check_seed(seed)
    y = rng.permutation(np.arange(N) % 2)
    angle = rng.uniform(0, np.pi, N)
    upper = np.column_stack([np.cos(angle), np.sin(angle)])
    lower = np.column_stack([1 - np.cos(angle), 0.5 - np.sin(angle)])
    X = np.where(y[:, None] == 0, upper, lower)
    return X + rng.normal(0, noise, (N, 2)), y


def spirals(N, turns=1.5, noise=0.02, seed=0, arms=2):
    """Spiral arms wound into each other: X (N, 2), y (N,) the arm, 0 .. arms - 1.

    Along an arm the radius grows from 0.1 to 1 (so that the arms do not meet in the middle) while the angle makes
    `turns` turns. Both coordinates get normal noise with standard deviation `noise`.
    Raises ValueError for N < 1, more points than 2 GiB hold, arms that are not 1 to 10^6, a noise that is no number
    from 0 to 1e300, and turns beyond a million, where an angle has lost half its digits.

    >>> X, y = spirals(300, arms=3)
    >>> [int(n) for n in np.bincount(y)]
    [100, 100, 100]
    """
    N, arms, noise = check_points(N), check_integer(arms, "arms", 1, 10**6), check_noise(noise)
    turns, rng = check_number(turns, "turns", -1e6, 1e6, example=1.5), check_seed(seed)
    y = rng.permutation(np.arange(N) % arms)
    along = np.sqrt(rng.uniform(size=N))  # the square root, because the outer windings are longer
    radius = 0.1 + 0.9 * along
    angle = 2 * np.pi * (turns * along + y / arms)
    X = radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return X + rng.normal(0, noise, (N, 2)), y
