"""B-splines: curves made of polynomial pieces, where one coefficient bends the curve in one place.

Notation: degree k, G intervals, knots t (G+2k+1 of them), G+k basis functions B_{m,k}, m = 0..G+k-1.
The curve is s(x) = sum_m c_m B_{m,k}(x) on the domain [t_k, t_{G+k}], where the functions sum to one. Beyond its ends
`basis`, `local_basis` and `evaluate` go on as straight lines, as the edges of a KAN do; `B` and `pyramid` are the
textbook's functions there, which fade to zero.

Cox and de Boor's recursion stands here three times: `B` as a textbook prints it, `basis` for all
functions and samples at once, `local_basis` for the k+1 functions that are not zero at x. A test says
that they agree. Source: C. de Boor, A Practical Guide to Splines (1978), chapters IX to XI.
"""

from functools import cache, wraps

import numpy as np

from kan_edu.checks.arguments import check_integer, check_range
from kan_edu.checks.arrays import check_finite, check_vector, numbers

# ---------------------------------------------------------------------------------------- knots


def uniform_knots(lo, hi, G, k):
    """G equal intervals on [lo, hi], continued by k knots on each side: t of shape (G+2k+1,).

    >>> uniform_knots(0, 1, G=2, k=1)
    array([-0.5,  0. ,  0.5,  1. ,  1.5])
    """
    lo, hi = check_range(lo, hi)
    return extend_knots(np.linspace(lo, hi, check_integer(G, "G", 1) + 1), k)


def extend_knots(grid, k):
    """Grid points (..., G+1) -> knots (..., G+2k+1): the end intervals repeat k times outward."""
    grid, steps = numbers(grid, "the grid"), np.arange(1, check_integer(k, "k", 0) + 1)
    first, last = grid[..., :1], grid[..., -1:]
    before = first - steps[::-1] * (grid[..., 1:2] - first)
    after = last + steps * (last - grid[..., -2:-1])
    return np.concatenate([before, grid, after], axis=-1)


def clamped_knots(grid, k):
    """Grid points (G+1,) -> knots (G+2k+1,): both ends repeat, so that the curve starts at c_0.

    >>> clamped_knots([0, 1, 2], k=2)
    array([0., 0., 0., 1., 2., 2., 2.])
    """
    grid, k = check_vector(grid, "the grid"), check_integer(k, "k", 0)
    return np.concatenate([np.repeat(grid[0], k), grid, np.repeat(grid[-1], k)])


def domain(t, k):
    """The interval [t_k, t_{G+k}] on which the basis functions sum to one, as (lo, hi)."""
    return float(t[k]), float(t[-1 - k])


def check_knots(t, k):
    """Return t as a float array, or raise a ValueError: too few, unsorted, or a knot too often."""
    t, k = numbers(t, "the knot vector", finite=False), check_integer(k, "k", 0)
    if t.ndim != 1 or len(t) < 2 * k + 2:
        raise ValueError(f"knots have shape {t.shape}; degree k = {k} needs at least {2 * k + 2} of them in a row")
    check_finite(t, "the knot vector")
    if (np.diff(t) < 0).any():
        m = int(np.argmax(np.diff(t) < 0))
        raise ValueError(f"knots must not decrease, but t[{m}] = {t[m]} > t[{m + 1}] = {t[m + 1]}; sort them")
    if (t[k + 1 :] <= t[: -k - 1]).any():
        m = int(np.argmax(t[k + 1 :] <= t[: -k - 1]))
        raise ValueError(f"the knot {t[m]} stands more than k+1 = {k + 1} times; remove some of them")
    if not t[k] < t[-1 - k]:
        raise ValueError(f"the domain [t_k, t_(G+k)] = [{t[k]}, {t[-1 - k]}] is empty; spread the knots")
    return t


# ---------------------------------------------------------------- Cox-de Boor, as textbooks print it


def B(x, m, k, t):
    """B_{m,k}(x) by Cox and de Boor's recursion; x and the result have one shape.

    B_{m,0}(x) = 1 on [t_m, t_{m+1}), else 0
    B_{m,k}(x) = (x - t_m) / (t_{m+k} - t_m)             B_{m,k-1}(x)
               + (t_{m+k+1} - x) / (t_{m+k+1} - t_{m+1}) B_{m+1,k-1}(x),    where 0/0 counts as 0.

    >>> float(B(0.5, m=0, k=1, t=[0, 1, 2]))
    0.5
    """
    x = np.asarray(x, dtype=float)
    if k == 0:
        inside = (t[m] <= x) & (x < t[m + 1])
        if t[m] < t[m + 1] == t[-1]:  # the last piece keeps its right end, or the sum there would be 0
            inside |= x == t[-1]
        return inside.astype(float)
    left = right = 0.0
    if t[m + k] > t[m]:
        left = (x - t[m]) / (t[m + k] - t[m]) * B(x, m, k - 1, t)
    if t[m + k + 1] > t[m + 1]:
        right = (t[m + k + 1] - x) / (t[m + k + 1] - t[m + 1]) * B(x, m + 1, k - 1, t)
    return left + right


def _guarded(textbook):
    """B behind the door for arrays; lesson 05 prints B as it stands above."""

    @wraps(textbook)
    def B(x, m, k, t):
        x, t = numbers(x), check_vector(t, "the knot vector")
        m, k = check_integer(m, "m", 0), check_integer(k, "k", 0)
        if m + k + 2 > len(t):
            raise ValueError(f"m = {m} and k = {k} need knots t_0 .. t_{m + k + 1}; there are {len(t)} of them")
        return textbook(x, m, k, t)

    return B


B = _guarded(B)


# --------------------------------------------------------------- all G+k functions, for all samples


def _per_width(t, d):
    """1 / (t_{m+d} - t_m) for every m; a width of zero (a repeated knot) gives 0."""
    width = t[..., d:] - t[..., :-d]
    return np.divide(1, width, out=np.zeros_like(width), where=width > 0)


def recursion(x, t, k):
    """Every level of the recursion: a list whose entry d is B_{.,d}(x), d = 0..k.

    x has any shape (...), t is (T,) or (..., T), one knot vector for each x; entry d is (..., T-1-d).
    """
    x = x[..., None]
    closed = x == t[..., -1 - k, None]  # the domain's right end belongs to the piece on its left
    inside = np.where(closed, (t[..., :-1] < x) & (x <= t[..., 1:]), (t[..., :-1] <= x) & (x < t[..., 1:]))
    levels, past = [inside.astype(x.dtype)], x - t  # past[..., m] = x - t_m
    for d in range(1, k + 1):
        share = levels[-1] * _per_width(t, d)
        levels.append(past[..., : -d - 1] * share[..., :-1] - past[..., d + 1 :] * share[..., 1:])
    return levels


def _in_a_row(x):
    """Samples as float64 (N,); one number is one sample."""
    x = numbers(x)
    return x[None] if x.ndim == 0 else x if x.size == 0 else check_vector(x)


def pyramid(x, t, k):
    """`recursion` for samples x (N,) on one knot vector: entry d of the list is (N, len(t)-1-d).

    One sample lights one function on level 0, two on level 1, ... and k+1 on level k.
    """
    return recursion(_in_a_row(x), check_knots(t, k), k)


def differentiate(values, t, k, nu):
    """From the functions of degree k-nu, (..., G+k+nu), to the nu-th derivative of those of degree k, (..., G+k)."""
    for d in range(k - nu + 1, k + 1):
        slopes = values * (d * _per_width(t, d))
        values = slopes[..., :-1] - slopes[..., 1:]
    return values


def basis(x, t, k, nu=0):
    """The nu-th derivative of all G+k basis functions at x (N,), as an array of shape (N, G+k).

    Beyond the ends of the domain each goes on along its tangent: c @ basis is `evaluate` everywhere.
    d/dx B_{m,k} = k B_{m,k-1} / (t_{m+k} - t_m) - k B_{m+1,k-1} / (t_{m+k+1} - t_{m+1}).
    Raises ValueError for knots that decrease or repeat more than k+1 times.

    >>> basis([0.0, 0.25, 1.0], uniform_knots(0, 1, G=2, k=1), k=1)
    array([[1. , 0. , 0. ],
           [0.5, 0.5, 0. ],
           [0. , 0. , 1. ]])
    """
    x, t, nu = _in_a_row(x), check_knots(t, k), check_integer(nu, "nu", 0)
    nearest = np.clip(x, *domain(t, k))
    levels = recursion(nearest, t, k)
    if nu > k:
        return np.zeros_like(levels[k])  # pieces of degree k have no derivative beyond k
    tangents = differentiate(levels[k - 1], t, k, 1) if k else 0 * levels[0]
    return _straight(differentiate(levels[k - nu], t, k, nu), tangents, x - nearest, nu)


def _straight(values, tangents, beyond, nu):
    """The nu-th derivative of straight lines from the ends of the domain; `beyond` (N,) is 0 for what lies inside."""
    if nu == 0:
        return values + beyond[:, None] * tangents
    return values if nu == 1 else np.where(beyond[:, None] == 0, values, 0)


# ------------------------------------------------------------ only the k+1 functions that are not zero


def local_basis(x, t, k, nu=0):
    """The k+1 functions that are not zero at x (N,): first (N,) and values (N, k+1).

    values[n, p] is the nu-th derivative of B_{first[n]+p, k} at x[n]. Each pass of the loop raises the
    degree by one: a function of degree d-1 hands its value on to two functions of degree d. Beyond the ends of the
    domain the functions of the nearest interval go on along their tangents.
    """
    t, x, nu = check_knots(t, k), _in_a_row(x), check_integer(nu, "nu", 0)
    nearest = np.clip(x, *domain(t, k))
    first, values = _local(nearest, t, k, nu)
    if (x == nearest).all():
        return first, values
    return first, _straight(values, _local(nearest, t, k, 1)[1], x - nearest, nu)


def _local(x, t, k, nu):
    """`local_basis` for x (N,) inside the domain."""
    hi = t[-1 - k]
    l = np.searchsorted(t, x, side="right") - 1  # noqa: E741 (the books call it l)
    l = np.minimum(l, np.searchsorted(t, hi) - 1)  # noqa: E741 (hi belongs to the piece on its left)
    values = np.ones((len(x), 1)) if nu <= k else np.zeros((len(x), 1))
    for d in range(1, k + 1):
        span = l[:, None] + np.arange(1, d + 1)
        left, width = t[span - d], t[span] - t[span - d]  # width > 0: it contains [t_l, t_{l+1}]
        if d <= k - nu:
            up = (x[:, None] - left) / width * values
            stay = values - up
        else:  # the last nu steps differentiate instead
            up = d * values / width
            stay = -up
        values = np.zeros((len(x), d + 1))
        values[:, :-1] = stay
        values[:, 1:] += up
    return l - k, values


@cache
def uniform_pieces(k):
    """On equal intervals of width h the k+1 functions are fixed polynomials: an array (2, k+1, k+1).

    With v = (x - t_l) / h in [0, 1]:  B_{l-k+p, k}(x) = sum_r A[0, p, r] v^r, and A[1] does the same for the
    derivative d/dv. It is the loop of `local_basis` with (x - left) / width = (v + d - 1 - r) / d, done once on
    coefficients instead of for every sample.

    >>> uniform_pieces(1)[0]
    array([[ 1., -1.],
           [ 0.,  1.]])
    """
    A = np.ones((1, 1))
    for d in range(1, k + 1):
        up = np.zeros((d, d + 1))
        up[:, 1:] = A / d  # v times A
        up[:, :-1] += A * (d - 1 - np.arange(d))[:, None] / d
        stay = np.pad(A, ((0, 0), (0, 1))) - up
        A = np.zeros((d + 1, d + 1))
        A[:-1] = stay
        A[1:] += up
    slopes = np.pad(A[:, 1:] * np.arange(1, k + 1), ((0, 0), (0, 1)))  # d/dv v^r = r v^(r-1)
    return np.stack([A, slopes])


def evaluate(x, c, t, k, nu=0):
    """s(x) = sum_m c_m B_{m,k}(x), or its nu-th derivative; x (N,), c (G+k,) -> (N,). Beyond the domain: a line.

    >>> evaluate([0.5, 1.0, 2.0], [0, 1, 3], uniform_knots(0, 1, G=2, k=1), k=1)
    array([1., 3., 7.])
    """
    c, t = numbers(c, "c"), check_knots(t, k)
    if c.shape != (len(t) - 1 - k,):
        raise ValueError(f"c has shape {c.shape}; {len(t)} knots of degree {k} need ({len(t) - 1 - k},)")
    first, values = local_basis(x, t, k, nu)
    return (values * c[first[:, None] + np.arange(k + 1)]).sum(axis=1)
