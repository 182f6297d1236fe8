"""Cox and de Boor's recursion on arrays that are known to be good: what `bspline` and the networks compute with.

Nothing is checked here, since training comes through every step; the doors are in `bspline.py`.
Source: C. de Boor, A Practical Guide to Splines (1978), chapters IX to XI.
"""

from functools import cache

import numpy as np


def per_width(t, d):
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
        share = levels[-1] * per_width(t, d)
        levels.append(past[..., : -d - 1] * share[..., :-1] - past[..., d + 1 :] * share[..., 1:])
    return levels


def differentiate(values, t, k, nu):
    """From the functions of degree k-nu, (..., G+k+nu), to the nu-th derivative of those of degree k, (..., G+k)."""
    for d in range(k - nu + 1, k + 1):
        slopes = values * (d * per_width(t, d))
        values = slopes[..., :-1] - slopes[..., 1:]
    return values


def local(x, t, k, nu=0):
    """The nu-th derivatives of the k+1 functions that are not zero at x (N,) inside the domain: first, values.

    Each pass of the loop raises the degree by one: a function of degree d-1 hands its value on to two of degree d.
    """
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
    derivative d/dv. It is the loop of `local` with (x - left) / width = (v + d - 1 - r) / d, done once on
    coefficients instead of for every sample.
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
