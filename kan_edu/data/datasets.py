"""Data to learn from: logic gates, moons, spirals, the KAN paper's five functions, and real tables.

Every random draw takes `seed`: a whole number (the same number gives the same data) or a
`numpy.random.Generator`, which is then used as it stands. The tables live in `tables.py`
and `laws.py`, words and numbers of classes in `labels.py`.
"""

from typing import NamedTuple

import numpy as np

from kan_edu.checks.arguments import check_integer, check_number, check_seed
from kan_edu.checks.arrays import check_matrix, numbers

from .labels import one_hot, to_labels, to_words
from .laws import hydrogen, planets, puromycin
from .tables import Table, auto_mpg, penguins, split, standardise, to_box

__all__ = [
    "GATES", "logic_gate", "moons", "spirals", "TARGETS", "Target", "exp_sine", "product", "bessel", "bessel_j0",
    "exp_two_sines", "exp_mean_sine", "sample", "Table", "auto_mpg", "one_hot", "to_labels", "to_words", "penguins",
    "split", "standardise", "to_box", "planets", "hydrogen", "puromycin",
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
        raise ValueError(f"there is no gate {name!r}; choose one of {', '.join(GATES)}")
    X = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return X, np.array(answers)


# Two classes in the plane


def moons(N, noise=0.1, seed=0):
    """Two half circles of radius 1 that reach into each other: X (N, 2), y (N,) of 0 (upper) and 1 (lower).

    Both coordinates get normal noise with standard deviation `noise`. The classes differ by at most one point
    in size and come in random order. Raises ValueError for N < 1 or a noise below zero.

    >>> X, y = moons(200, noise=0.0)
    >>> X.shape, int(y.sum())
    ((200, 2), 100)
    """
    N, noise, rng = check_integer(N, "N", 1), _check_noise(noise), check_seed(seed)
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
    Raises ValueError for N < 1, arms < 1, a noise below zero, or turns that are not a finite number.

    >>> X, y = spirals(300, arms=3)
    >>> [int(n) for n in np.bincount(y)]
    [100, 100, 100]
    """
    N, arms, noise = check_integer(N, "N", 1), check_integer(arms, "arms", 1), _check_noise(noise)
    turns, rng = check_number(turns, "turns", example=1.5), check_seed(seed)
    y = rng.permutation(np.arange(N) % arms)
    along = np.sqrt(rng.uniform(size=N))  # the square root, because the outer windings are longer
    radius = 0.1 + 0.9 * along
    angle = 2 * np.pi * (turns * along + y / arms)
    X = radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return X + rng.normal(0, noise, (N, 2)), y


def _check_noise(noise):
    return check_number(noise, "noise", 0, example="the standard deviation 0.1")


# The five functions of the KAN paper: Liu et al., KAN: Kolmogorov-Arnold Networks (2024), section 3.1.
# Each takes X (N, n_in) and returns Y (N, 1), as a network does. They are used on [-1, 1]^n_in.


def exp_sine(X):
    """f1(x, y) = exp(sin(pi x) + y^2): X (N, 2) -> (N, 1). A KAN of widths [2, 1, 1] can hold it.

    >>> exp_sine([[0.5, 0.0]]).round(4)  # e
    array([[2.7183]])
    """
    X = check_matrix(X, "X", 2, "(x and y)")
    x, y = X[:, :1], X[:, 1:]
    return np.exp(np.sin(np.pi * x) + y**2)


def product(X):
    """f2(x, y) = x y: X (N, 2) -> (N, 1). Widths [2, 2, 1], since 2xy = (x + y)^2 - (x^2 + y^2)."""
    X = check_matrix(X, "X", 2, "(x and y)")
    return X[:, :1] * X[:, 1:]


def bessel(X):
    """f3(x) = J0(20 x), a wave of many swings: X (N, 1) -> (N, 1). One edge, widths [1, 1]."""
    return bessel_j0(20 * check_matrix(X, "X", 1, "(x)"))


def exp_two_sines(X):
    """f4 = exp((sin(pi (x1^2 + x2^2)) + sin(pi (x3^2 + x4^2))) / 2): X (N, 4) -> (N, 1). Widths [4, 4, 2, 1]."""
    squares = check_matrix(X, "X", 4, "(x1 .. x4)") ** 2
    first, second = squares[:, :2].sum(axis=1), squares[:, 2:].sum(axis=1)
    return np.exp((np.sin(np.pi * first) + np.sin(np.pi * second)) / 2)[:, None]


def exp_mean_sine(X):
    """f5 = exp(1/n sum_i sin^2(pi x_i / 2)): X (N, n) -> (N, 1), any n; the paper has n = 100. Widths [n, 1, 1]."""
    X = check_matrix(X, "X")
    return np.exp(np.mean(np.sin(np.pi * X / 2) ** 2, axis=1, keepdims=True))


def bessel_j0(x):
    """The Bessel function J0(x) = 1/pi int_0^pi cos(x sin s) ds: x (...) -> (...).

    The integrand repeats with period pi, so the plain midpoint rule converges faster than any power of the number
    of nodes: with n nodes it is off by 2 (J_2n(x) - J_4n(x) + ...), and J_2n(x) falls steeply once 2n > |x|.
    For |x| <= 20, 26 nodes leave 2 J_52(20) = 4e-17, less than rounding does; here it is 32. Larger x get |x| + 12.
    Raises ValueError where that would take more than 2 GiB.
    Source: DLMF 10.9.1; Trefethen and Weideman, The exponentially convergent trapezoidal rule (2014).

    >>> bessel_j0(np.array([0.0, 2.404825557695773])).round(12) + 0.0  # its value at 0, and its first zero
    array([1., 0.])
    """
    x = numbers(x)
    nodes = 12 + int(np.ceil(max(20.0, np.abs(x).max(initial=0))))
    if nodes * x.size > 2**28:
        raise ValueError(f"J0 of {x.size} numbers up to {np.abs(x).max():.3g} takes {nodes * x.size / 2**27:.3g} GiB; "
                         "give smaller or fewer numbers at once")  # fmt: skip
    s = (np.arange(nodes) + 0.5) * np.pi / nodes
    return np.cos(x[..., None] * np.sin(s)).mean(axis=-1)


class Target(NamedTuple):
    """A function to learn: call it with X (N, n_in) for Y (N, 1); it is used for lo <= x_i <= hi."""

    f: object
    n_in: int
    formula: str
    lo: float = -1.0
    hi: float = 1.0

    def __call__(self, X):
        return self.f(X)


# The paper's functions in its order; the notebooks and the benchmarks call them by these short names.
TARGETS = {
    "f1": Target(exp_sine, 2, "exp(sin(pi x) + y^2)"),
    "f2": Target(product, 2, "x y"),
    "f3": Target(bessel, 1, "J0(20 x)"),
    "f4": Target(exp_two_sines, 4, "exp((sin(pi (x1^2 + x2^2)) + sin(pi (x3^2 + x4^2))) / 2)"),
    "f5": Target(exp_mean_sine, 100, "exp(1/n sum_i sin^2(pi x_i / 2))"),
}


def sample(target, N=1000, seed=0, noise=0.0, n_in=None):
    """Draw N points uniformly from [-1, 1]^n_in and evaluate the target there: X (N, n_in), Y (N, 1).

    `target` is a name ("f1" .. "f5"), a `Target`, or a function X (N, n_in) -> (N, 1) of your own, which needs
    n_in; n_in also sets the number of inputs of f5. Y gets normal noise with standard deviation `noise`; the points
    do not depend on it. Take different seeds for training and for test samples. Raises ValueError for an unknown
    name, N < 1, a noise below zero, a missing n_in, or a function that returns another shape.

    >>> X, Y = sample("f1", 1000, seed=3)
    >>> X.shape, Y.shape
    ((1000, 2), (1000, 1))
    """
    N, noise, target = check_integer(N, "N", 1), _check_noise(noise), _find(target, n_in)
    n_in = check_integer(target.n_in if n_in is None else n_in, "n_in", 1)
    rng = check_seed(seed)
    X = rng.uniform(target.lo, target.hi, (N, n_in))
    Y = numbers(target(X), "what the target returned")
    if Y.shape != (N, 1):
        raise ValueError(f"the target returned shape {Y.shape} for X of shape {X.shape}; expected ({N}, 1)")
    return X, Y + rng.normal(0, noise, (N, 1))


def _find(target, n_in):
    """The Target behind a name, a Target or a function."""
    if isinstance(target, Target):
        return target
    if isinstance(target, str) and target in TARGETS:
        return TARGETS[target]
    if callable(target):
        for known in TARGETS.values():
            if target is known.f:
                return known
        if n_in is None:
            raise ValueError("a function of your own needs n_in, its number of inputs: sample(f, N, n_in=2)")
        return Target(target, n_in, "")
    known = ", ".join(f"{name} = {one.formula}" for name, one in TARGETS.items())
    raise ValueError(f"there is no target {target!r}; choose one of {known}, or pass a function and n_in")
