"""Nodes that multiply: the last sums of a layer go in pairs, and each pair becomes one node, u v.

A node that only adds cannot multiply: x y = ((x + y)^2 - (x - y)^2) / 4 takes two hidden nodes that are squared. With
products it takes one, and two straight edges. Source: arXiv 2408.10205, which calls them multiplication nodes.
"""

import numpy as np

from kan_edu.checks.arguments import check_integer, check_widths


class Products:
    """Of s + 2p sums the first s pass as they are, the rest are p pairs (u, v): s + p nodes. Samples are columns."""

    def __init__(self, n_sums, p):
        self.s, self.p = n_sums - 2 * p, p

    def forward(self, y):
        """y (s + 2p, N) -> nodes (s + p, N)."""
        self.u, self.v = y[self.s :: 2], y[self.s + 1 :: 2]  # (p, N) each
        return np.concatenate([y[: self.s], self.u * self.v])

    def backward(self, dnodes):
        """dL/dnodes (s + p, N) -> dL/dsums (s + 2p, N): d(u v)/du = v, d(u v)/dv = u."""
        d = dnodes[self.s :]
        pairs = np.stack([d * self.v, d * self.u], axis=1)  # (p, 2, N)
        return np.concatenate([dnodes[: self.s], pairs.reshape(2 * self.p, -1)])

    def tangent(self, dy):
        """How the nodes change with the sums, dy (s + 2p, N) -> (s + p, N): d(u v) = v du + u dv."""
        du, dv = dy[self.s :: 2], dy[self.s + 1 :: 2]
        return np.concatenate([dy[: self.s], self.v * du + self.u * dv])

    def jacobian(self, D):
        """The same for each output by itself: D (N, outputs, s + p) -> (N, outputs, s + 2p)."""
        d = D[..., self.s :]
        pairs = np.stack([d * self.v.T[:, None], d * self.u.T[:, None]], axis=-1)
        return np.concatenate([D[..., : self.s], pairs.reshape(*d.shape[:-1], 2 * self.p)], axis=-1)


def check_pairs(widths):
    """Widths, each a number of sums or a pair (sums, products), as pairs; ValueError for any that is neither.

    >>> check_pairs([2, (0, 1), 1])
    [(2, 0), (0, 1), (1, 0)]
    """
    pairs = check_widths(widths, _check_width)
    if pairs[0][1]:
        raise ValueError(f"the first width is {widths[0]}; inputs are neither added nor multiplied: give their number")
    return pairs


def _check_width(width):
    if not isinstance(width, tuple | list):
        return check_integer(width, "a width", 1), 0
    if len(width) != 2:
        raise ValueError(f"a width is {width!r}; expected a whole number or a pair (sums, products), such as (0, 1)")
    s, p = check_integer(width[0], "a width's number of sums", 0), check_integer(width[1], "its number of products", 0)
    check_integer(s + p, "a width", 1)
    return s, p
