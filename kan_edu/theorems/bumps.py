"""Universal approximation by construction: sums of steps, bumps and hats whose heights are read off the function.

    f(x) ~ c + sum_{i=1}^{N} a_i sigma(w_i x + b_i),    x in [0, 1]

is an MLP [1, N, 1]. Nothing is trained here. Steps: sigma = Heaviside, or a sigmoid of steepness s; neighbouring steps
differ by a bump. Ramps: sigma = relu; three neighbouring ramps give a hat. N counts hidden units.
Sources: Cybenko 1989 and Hornik 1991 (such sums come close to every continuous f); the constructions are folklore.
"""

import numpy as np

from kan_edu.checks.arguments import check_integer
from kan_edu.checks.arrays import alike, check_matrix, check_vector
from kan_edu.networks.activations import sigmoid


def heaviside(z):
    """0 for z < 0, 1 for z > 0 and 1/2 on the step itself, as in `perceptron`."""
    return np.heaviside(z, 0.5)


def relu(z):
    """max(z, 0)."""
    return np.maximum(z, 0)


class Units:
    """c + sum_i a_i sigma(w_i x + b_i): N hidden units with a, w, b (N,), and a constant c.

    >>> tent = Units(a=[2, -4], w=[1, 1], b=[0, -0.5], c=0.0, sigma=relu)
    >>> tent([0.0, 0.25, 0.5, 1.0])
    array([0. , 0.5, 1. , 0. ])
    """

    def __init__(self, a, w, b, c, sigma):
        self.a, self.w, self.b = (np.array(check_vector(part, name)) for part, name in ((a, "a"), (w, "w"), (b, "b")))
        self.c, self.sigma = float(c), sigma

    def hidden(self, x):
        """x (M,) -> sigma(w_i x + b_i), (M, N)."""
        return self.sigma(np.multiply.outer(check_vector(x), self.w) + self.b)

    def __call__(self, x):
        """x (M,) -> (M,)."""
        return self.c + self.hidden(x) @ self.a

    @property
    def theta(self):
        """All numbers in the order of an MLP [1, N, 1]: w, b, a, c; (3N + 1,)."""
        return np.concatenate([self.w, self.b, self.a, [self.c]])


def step_places(N):
    """Where N steps stand on [0, 1]: t_i = i / (N + 1), (N,). They cut it into N + 1 equal cells."""
    return np.arange(1, check_integer(N, "N", 1) + 1) / (N + 1)


def cell_middles(N):
    """The middles of these N + 1 cells, (N + 1,)."""
    return (np.arange(check_integer(N, "N", 1) + 1) + 0.5) / (N + 1)


def steps(f, N, s=np.inf):
    """N steps of steepness s (inf: Heaviside) that take f's value at the middle of each cell; a `Units`.

    a_i is how much f changes from one middle to the next. With Heaviside the error in a cell of width h = 1 / (N + 1)
    is at most max |f'| h / 2, so it falls like 1/N. Raises ValueError for N < 1 or s <= 0.
    """
    t, heights, s = step_places(N), _heights(f, cell_middles(N)), check_steepness(s)
    if np.isinf(s):
        return Units(np.diff(heights), np.ones(N), -t, heights[0], heaviside)
    return Units(np.diff(heights), np.full(N, s), -s * t, heights[0], sigmoid)


def ramps(f, N):
    """N relus that make the broken line through f at 0, 1/N, ..., 1; a `Units`.

    a_i is how much the slope changes at t_i = (i - 1) / N. Between two corners the error is at most max |f''| h^2 / 8
    with h = 1/N, so it falls like 1/N^2 where f'' exists and is bounded. Raises ValueError for N < 1.
    """
    corners = np.arange(check_integer(N, "N", 1) + 1) / N
    heights = _heights(f, corners)
    slopes = np.diff(heights) * N
    return Units(np.diff(slopes, prepend=0), np.ones(N), -corners[:-1], heights[0], relu)


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
    R = N * ramps(np.zeros_like, N).hidden(x)   # each climbs by 1 on the way from its corner to the next
    climbs = -np.diff(R, axis=1, append=0)      # 0 before its interval, 1 behind it; the last goes on
    return -np.diff(climbs, axis=1, prepend=1, append=0)


def towers(f, X, n, s=np.inf, S=np.inf):
    """f (M, d) -> (M,) by n^d towers on a grid of n cells an axis, at X (M, d) in [0, 1]^d; returns (M,).

    A sum of d bumps, one an axis, is d on its own cell and d - 1 at most elsewhere (where the bumps are sharp). One
    more step, at d - 1/2, keeps the cell alone: a second hidden layer, with n^d units of steepness S. The tower of a
    cell has f's value at the middle of the cell. Raises ValueError for n < 2 or X that is no matrix.
    """
    X, n = check_matrix(X), check_integer(n, "n", 2)
    d = X.shape[1]
    total = np.zeros((len(X), *[1] * d))
    for axis in range(d):   # (M, n, n, ...): the sum of bumps for each cell
        total = total + bumps(X[:, axis], n - 1, s).reshape(len(X), *[n if i == axis else 1 for i in range(d)])
    middles = np.stack(np.meshgrid(*[cell_middles(n - 1)] * d, indexing="ij"), axis=-1)
    return threshold(total - (d - 0.5), S).reshape(len(X), -1) @ _heights(f, middles.reshape(-1, d))


def _heights(f, places):
    """f at so many places, (M,); ValueError for a function that returns something else."""
    return check_vector(f(places), "what f returned", len(places))


def threshold(z, s):
    """A step of steepness s at z = 0."""
    return heaviside(z) if np.isinf(s) else sigmoid(s * z)


def errors(approximation, target):
    """(largest, root mean square) of approximation (M,) - target (M,), as floats."""
    gap = np.subtract(*alike(approximation, target, ("the approximation", "the target")))
    return float(np.abs(gap).max()), float(np.sqrt(np.mean(gap**2)))


def rate(N, error):
    """p of error ~ N^p: the slope of the straight line that fits log error (K,) over log N (K,) best.

    >>> round(rate([1, 10, 100], [3.0, 0.03, 0.0003]), 6)
    -2.0
    """
    return float(np.polyfit(np.log(N), np.log(error), 1)[0])


def check_steepness(s):
    """s as a float above 0, infinity allowed; else a ValueError."""
    if not s > 0:
        raise ValueError(f"the steepness is {s}; expected a number above 0, or inf for a Heaviside step")
    return float(s)
