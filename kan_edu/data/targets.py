"""The five functions of the KAN paper, and samples of them or of any other: Liu et al. (2024), section 3.1.

Each takes X (N, n_in) and returns Y (N, 1), as a network does. They are used on [-1, 1]^n_in, and raise ValueError for
an X that is no such matrix of numbers, or so large that the function cannot be computed.
"""

from typing import NamedTuple

import numpy as np

from kan_edu.checks.arguments import (  # fmt: skip
    check_function,
    check_integer,
    check_number,
    check_range,
    check_room,
    check_seed,
    shown,
)
from kan_edu.checks.arrays import check_finite, check_matrix, check_some, numbers
from kan_edu.checks.functions import call


def check_noise(noise):
    """The standard deviation of noise as a float from 0 to 1e300, or a ValueError."""
    return check_number(noise, "noise", 0, 1e300, example="the standard deviation 0.1")


def check_points(N, n_in=2):
    """N as a whole number >= 1, or a ValueError; there has to be room for so many points of n_in numbers."""
    N = check_integer(N, "N", 1)
    check_room(4 * N * n_in, f"{N} points of {n_in} numbers", "draw fewer of them")
    return N


def _check_angles(X, columns, hint="", most=1e6):
    """`check_matrix`, and ValueError for numbers beyond `most`: of their sine less than ten digits would be right."""
    X = check_matrix(X, "X", columns, hint)
    if np.abs(X).max() > most:
        raise ValueError(f"X reaches {np.abs(X).max():.3g}; expected numbers from -1 to 1, and {most:g} at most, where "
                         "a sine still has digits: scale X first")  # fmt: skip
    return X


def _told(Y):
    """Y, or a ValueError where the function has left the range of float64."""
    if not np.isfinite(Y).all():
        raise ValueError("the function leaves the range of float64, up to 1.8e308, for X that large; expected numbers "
                         "from -1 to 1: scale X first")  # fmt: skip
    return Y


def exp_sine(X):
    """f1(x, y) = exp(sin(pi x) + y^2): X (N, 2) -> (N, 1). A KAN of widths [2, 1, 1] can hold it.

    >>> exp_sine([[0.5, 0.0]]).round(4)  # e
    array([[2.7183]])
    """
    X = _check_angles(X, 2, "(x and y)")
    x, y = X[:, :1], X[:, 1:]
    with np.errstate(over="ignore"):
        return _told(np.exp(np.sin(np.pi * x) + y**2))


def product(X):
    """f2(x, y) = x y: X (N, 2) -> (N, 1). Widths [2, 2, 1], since 2xy = (x + y)^2 - (x^2 + y^2)."""
    X = check_matrix(X, "X", 2, "(x and y)")
    with np.errstate(over="ignore"):
        return _told(X[:, :1] * X[:, 1:])


def bessel(X):
    """f3(x) = J0(20 x), a wave of many swings: X (N, 1) -> (N, 1). One edge, widths [1, 1]."""
    return bessel_j0(20 * _check_angles(X, 1, "(x)"))


def exp_two_sines(X):
    """f4 = exp((sin(pi (x1^2 + x2^2)) + sin(pi (x3^2 + x4^2))) / 2): X (N, 4) -> (N, 1). Widths [4, 4, 2, 1]."""
    squares = _check_angles(X, 4, "(x1 .. x4)", most=1e3) ** 2
    first, second = squares[:, :2].sum(axis=1), squares[:, 2:].sum(axis=1)
    return np.exp((np.sin(np.pi * first) + np.sin(np.pi * second)) / 2)[:, None]


def exp_mean_sine(X):
    """f5 = exp(1/n sum_i sin^2(pi x_i / 2)): X (N, n) -> (N, 1), any n; the paper has n = 100. Widths [n, 1, 1]."""
    X = _check_angles(X, None)
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
    x = check_some(numbers(x))
    nodes = 12 + int(np.ceil(max(20.0, np.abs(x).max())))
    if nodes * x.size > 2**27:  # the angles and their cosines
        raise ValueError(f"J0 of {x.size} numbers up to {np.abs(x).max():.3g} takes {nodes * x.size / 2**26:.3g} GiB; "
                         "give smaller or fewer numbers at once")  # fmt: skip
    s = (np.arange(nodes) + 0.5) * np.pi / nodes
    return np.cos(x[..., None] * np.sin(s)).mean(axis=-1)


class Target(NamedTuple):
    """A function to learn: call it with X (N, n_in) for Y (N, 1); it is used for lo <= x_i <= hi.

    Raises ValueError for an X that is no matrix of numbers, and for a function that returns something else.
    """

    f: object
    n_in: int
    formula: str
    lo: float = -1.0
    hi: float = 1.0

    def __call__(self, X):
        X = check_matrix(X, "X")
        Y = numbers(call(self.f, X, name="the target", example="lambda X: X[:, :1] ** 2"), "what the target returned")
        if Y.shape != (len(X), 1):
            raise ValueError(f"the target returned shape {Y.shape} for X of shape {X.shape}; expected ({len(X)}, 1): a "
                             "column, so X[:, :1] rather than X[:, 0]")  # fmt: skip
        return Y


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
    name, N < 1, a noise that is no number from 0 to 1e300, a missing n_in, more numbers than 2 GiB hold, or a function
    that returns another shape, or no numbers.

    >>> X, Y = sample("f1", 1000, seed=3)
    >>> X.shape, Y.shape
    ((1000, 2), (1000, 1))
    """
    n_in = None if n_in is None else check_integer(n_in, "n_in", 1)
    noise, target = check_noise(noise), _find(target, n_in)
    n_in = check_integer(target.n_in if n_in is None else n_in, "n_in", 1)
    N, rng = check_points(N, n_in), check_seed(seed)
    X = rng.uniform(*check_range(target.lo, target.hi), (N, n_in))
    Y = target(X) + rng.normal(0, noise, (N, 1))
    check_finite(Y, "what the target returned, with noise,")
    return X, Y


def _find(target, n_in):
    """The Target behind a name, a Target or a function."""
    if isinstance(target, Target):
        check_function(target.f, "the target's f", "datasets.product")
        return target
    if isinstance(target, str) and target in TARGETS:
        return TARGETS[target]
    if callable(target) and not isinstance(target, type):
        for known in TARGETS.values():
            if target is known.f:
                return known
        if n_in is None:
            raise ValueError("a function of your own needs n_in, its number of inputs: sample(f, N, n_in=2)")
        return Target(target, n_in, "")
    known = ", ".join(f"{name} = {one.formula}" for name, one in TARGETS.items())
    raise ValueError(f"there is no target {shown(target)}; choose one of {known}, or pass a function and n_in")
