"""Universal approximation by construction: sums of steps, bumps and hats whose heights are read off the function.

    f(x) ~ c + sum_{i=1}^{N} a_i sigma(w_i x + b_i),    x in [0, 1]

is an MLP [1, N, 1]. Nothing is trained here. Steps: sigma = Heaviside, or a sigmoid of steepness s; neighbouring steps
differ by a bump. Ramps: sigma = relu; three neighbouring ramps give a hat. N counts hidden units.
Sources: Cybenko 1989 and Hornik 1991 (such sums come close to every continuous f); the constructions are folklore.
"""

from numbers import Real

import numpy as np

from kan_edu.checks.arguments import check_function, check_integer, check_number, check_room, shown
from kan_edu.checks.arrays import alike, check_matrix, check_some, check_vector, numbers
from kan_edu.checks.functions import values_of
from kan_edu.networks.activations import sigmoid


def heaviside(z):
    """0 for z < 0, 1 for z > 0 and 1/2 on the step itself, as in `perceptron`. ValueError for what is no number."""
    return np.heaviside(check_some(numbers(z, "z"), "z"), 0.5)


def relu(z):
    """max(z, 0); ValueError for a z that is no numbers."""
    return np.maximum(check_some(numbers(z, "z"), "z"), 0)


class Units:
    """c + sum_i a_i sigma(w_i x + b_i): N hidden units with a, w, b (N,), and a constant c.

    Raises ValueError for a, w, b that are not of one length, a c that is no number, a sigma that is no function of an
    array, an x that is not (M,), and for results that 2 GiB or float64 cannot hold.

    >>> tent = Units(a=[2, -4], w=[1, 1], b=[0, -0.5], c=0.0, sigma=relu)
    >>> tent([0.0, 0.25, 0.5, 1.0])
    array([0. , 0.5, 1. , 0. ])
    """

    def __init__(self, a, w, b, c, sigma):
        self.a = np.array(check_vector(a, "a"))
        self.w, self.b = (np.array(check_vector(part, name, len(self.a))) for part, name in ((w, "w"), (b, "b")))
        self.c, self.sigma = check_number(c, "c"), check_function(sigma, "sigma", "np.tanh")

    def hidden(self, x):
        """x (M,) -> sigma(w_i x + b_i), (M, N)."""
        x = check_vector(x)
        check_room(4 * len(x) * len(self.w), f"{len(self.w)} units at {len(x)} places", "use fewer of them")
        with np.errstate(over="ignore", invalid="ignore"):
            z = np.multiply.outer(x, self.w) + self.b
        return values_of(self.sigma, _told(z, "w x + b"), name="sigma", example="np.tanh")

    def __call__(self, x):
        """x (M,) -> (M,)."""
        hidden = self.hidden(x)
        with np.errstate(over="ignore", invalid="ignore"):
            return _told(self.c + hidden @ self.a, "the sum over the units")

    @property
    def theta(self):
        """All numbers in the order of an MLP [1, N, 1]: w, b, a, c; (3N + 1,)."""
        return np.concatenate([self.w, self.b, self.a, [self.c]])


def _told(values, what):
    """values, or a ValueError if they have left the range of float64."""
    if not np.isfinite(values).all():
        raise ValueError(f"{what} leaves the range of float64, up to 1.8e308; scale x and f to about 1 first")
    return values


def _check_units(N):
    """N as an int >= 1 for which there is room, or a ValueError."""
    N = check_integer(N, "N", 1)
    check_room(8 * N, f"{N} units", "use fewer of them")
    return N


def step_places(N):
    """Where N steps stand on [0, 1]: t_i = i / (N + 1), (N,). They cut it into N + 1 equal cells.

    Raises ValueError for N < 1, and for more steps than 2 GiB hold; so do the functions below.
    """
    N = _check_units(N)
    return np.arange(1, N + 1) / (N + 1)


def cell_middles(N):
    """The middles of these N + 1 cells, (N + 1,)."""
    N = _check_units(N)
    return (np.arange(N + 1) + 0.5) / (N + 1)


def steps(f, N, s=np.inf):
    """N steps of steepness s (inf: Heaviside) that take f's value at the middle of each cell; a `Units`.

    a_i is how much f changes from one middle to the next. With Heaviside the error in a cell of width h = 1 / (N + 1)
    is at most max |f'| h / 2, so it falls like 1/N. Raises ValueError for s <= 0, and for an f that does not take an
    array (M,), or does not return (M,) finite numbers.
    """
    t, s = step_places(N), check_steepness(s)
    heights = _heights(f, cell_middles(N))
    with np.errstate(over="ignore"):
        a = _told(np.diff(heights), "how much f changes")
    if np.isinf(s):
        return Units(a, np.ones_like(t), -t, heights[0], heaviside)
    return Units(a, np.full_like(t, s), -s * t, heights[0], sigmoid)


def ramps(f, N):
    """N relus that make the broken line through f at 0, 1/N, ..., 1; a `Units`.

    a_i is how much the slope changes at t_i = (i - 1) / N. Between two corners the error is at most max |f''| h^2 / 8
    with h = 1/N, so it falls like 1/N^2 where f'' exists and is bounded. Errors as of `steps`.
    """
    N = _check_units(N)
    corners = np.arange(N + 1) / N
    heights = _heights(f, corners)
    with np.errstate(over="ignore", invalid="ignore"):
        a = _told(np.diff(np.diff(heights) * N, prepend=0), "how much the slope of f changes")
    return Units(a, np.ones(N), -corners[:-1], heights[0], relu)


def bumps(x, N, s=np.inf):
    """The N + 1 bumps between N steps, x (M,) -> (M, N + 1); they sum to 1, and f(middle) times bump is `steps` again.

    bump_i = sigma(s (x - t_i)) - sigma(s (x - t_{i+1})); the first and the last reach to infinity, with 1 and 0 as the
    steps that they lack.
    """
    S = steps(np.zeros_like, N, s).hidden(x)
    return -np.diff(S, axis=1, prepend=1, append=0)


def hats(x, N):
    """The N + 1 hats on the corners 0, 1/N, ..., 1, x (M,) -> (M, N + 1); f(corner) times hat is `ramps` again.

    hat_j = N (relu(x - t_{j-1}) - 2 relu(x - t_j) + relu(x - t_{j+1})): 1 at its corner and 0 at all others.
    """
    R = ramps(np.zeros_like, N).hidden(x)
    with np.errstate(over="ignore"):
        R = _told(N * R, "N times a ramp")   # each climbs by 1 on the way from its corner to the next
    climbs = -np.diff(R, axis=1, append=0)      # 0 before its interval, 1 behind it; the last goes on
    return -np.diff(climbs, axis=1, prepend=1, append=0)


def towers(f, X, n, s=np.inf, S=np.inf):
    """f (M, d) -> (M,) by n^d towers on a grid of n cells an axis, at X (M, d) in [0, 1]^d; returns (M,).

    A sum of d bumps, one an axis, is d on its own cell and d - 1 at most elsewhere (where the bumps are sharp). One
    more step, at d - 1/2, keeps the cell alone: a second hidden layer, with n^d units of steepness S. The tower of a
    cell has f's value at the middle of the cell. Raises ValueError for n < 2, X that is no matrix, an f that does not
    return (M,) finite numbers, and for more towers than 2 GiB hold.
    """
    X, n, s, S = check_matrix(X), check_integer(n, "n", 2), check_steepness(s), check_steepness(S, "S")
    d = X.shape[1]
    towers = n ** min(d, 64) if n < 2**31 else n
    check_room(4 * (len(X) + d) * towers, f"{n}^{d} towers at {len(X)} places", "use a smaller n")
    total = np.zeros((len(X), *[1] * d))
    for axis in range(d):   # (M, n, n, ...): the sum of bumps for each cell
        total = total + bumps(X[:, axis], n - 1, s).reshape(len(X), *[n if i == axis else 1 for i in range(d)])
    middles = np.stack(np.meshgrid(*[cell_middles(n - 1)] * d, indexing="ij"), axis=-1)
    return threshold(total - (d - 0.5), S).reshape(len(X), -1) @ _heights(f, middles.reshape(-1, d))


def _heights(f, places):
    """f at places (M,) or (M, d), (M,); ValueError for a function that returns something else."""
    example = "np.sin" if places.ndim == 1 else "lambda X: X[:, 0] ** 2"
    return values_of(f, places, shape=(len(places),), example=example)


def threshold(z, s):
    """A step of steepness s at z = 0. ValueError for a z that is no numbers, or s <= 0."""
    z, s = check_some(numbers(z, "z"), "z"), check_steepness(s)
    with np.errstate(over="ignore"):   # beyond float64 the step is 0 or 1 as well
        return heaviside(z) if np.isinf(s) else sigmoid(np.clip(s * z, -1e300, 1e300))


def errors(approximation, target):
    """(largest, root mean square) of approximation (M,) - target (M,), as floats. ValueError for other shapes."""
    approximation, target = alike(approximation, target, ("the approximation", "the target"))
    check_some(approximation, "the approximation")
    with np.errstate(over="ignore"):
        gap = _told(np.subtract(approximation, target), "the error")
    largest = float(np.abs(gap).max())
    near_one = gap / (largest or 1)   # or squares of 1e170 would be inf
    return largest, largest * float(np.sqrt(np.mean(near_one**2)))


def rate(N, error):
    """p of error ~ N^p: the slope of the straight line that fits log error (K,) over log N (K,) best.

    Raises ValueError unless N and error are as many numbers above 0, with two different N at least.

    >>> round(rate([1, 10, 100], [3.0, 0.03, 0.0003]), 6)
    -2.0
    """
    N = check_vector(N, "N")
    error = check_vector(error, "error", len(N))
    if not (N > 0).all() or not (error > 0).all() or N.min() == N.max():
        raise ValueError(f"N is {shown(N.tolist())}, error {shown(error.tolist())}; expected numbers above 0, with two "
                         "different N at least: leave out errors of 0")  # fmt: skip
    x = np.log(N) - np.log(N).mean()
    return _told(float(x @ np.log(error) / (x @ x)), "the slope")


def check_steepness(s, name="the steepness"):
    """s as a float above 0, infinity allowed; else a ValueError."""
    if isinstance(s, Real) and not isinstance(s, np.bool_) and s == np.inf:
        return np.inf
    try:
        return check_number(s, name, 0, open_ends=True)
    except ValueError:
        words = f"{name} is {shown(s)}; expected a number above 0, or inf for a Heaviside step"
        raise ValueError(words) from None
