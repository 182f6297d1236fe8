"""A price on edges: training then prefers few and strong ones to many that share the work.

The size of an edge is the mean of its absolute values over the N samples, |phi| = 1/N sum_n |phi(x_n)|. A layer's L1
norm |Phi| is the sum over its edges, and its entropy says over how many edges it is spread (0: one edge has all):

    S = -sum_{j,i} p_{j,i} log p_{j,i},    p_{j,i} = |phi_{j,i}| / |Phi|,
    objective = loss + lam sum over layers (l1 |Phi| + entropy S).

Source: arXiv 2404.19756, section 2.5.
"""

import numpy as np

from kan_edu.checks.arguments import check_has, check_number
from kan_edu.checks.arrays import check_matrix
from kan_edu.networks import edgesums, flat
from kan_edu.networks.activations import _silu as silu
from kan_edu.networks.activations import _silu_slope as silu_slope
from kan_edu.networks.formulas.snapped import free

from .models import LARGEST, check_kan, check_squares


class Sparsity:
    """The price lam (l1 |Phi| + entropy S), summed over layers; give it to `fit` as penalty.

    Raises ValueError for a weight that is negative or not finite.

    >>> from kan_edu import KAN, fit
    >>> X = np.random.default_rng(0).uniform(-1, 1, (50, 2))
    >>> model = KAN([2, 2, 1])
    >>> price = Sparsity().value(model, X)
    >>> history = fit(model, X, X[:, :1], steps=50, penalty=Sparsity(lam=0.1))
    >>> bool(Sparsity().value(model, X) < price)
    True
    """

    def __init__(self, lam=0.01, l1=1.0, entropy=1.0):
        self.lam, self.l1, self.entropy = [
            check_number(weight, name, 0, LARGEST, example=0.01)
            for name, weight in (("lam", lam), ("l1", l1), ("entropy", entropy))]  # fmt: skip

    def value(self, model, X):
        """The price of `model` on X (N, n_in); ValueError for what is no KAN, and data that do not fit."""
        check_kan(model, "a price on edges")
        looked = flat.shadow(model)  # `backward` still finds the model's last forward
        looked.forward(check_squares(check_matrix(X, "X", model.widths[0], f"({model!r})"), "X"))
        return sum(self._price(size)[0] for size in (_sizes(layer)[0] for layer in looked.layers))

    def add(self, model):
        """After forward and backward: adds the gradient of the price to model.grad, and returns the price.

        A layer's own edges have E_{n,j,i} = d price / d phi_{j,i}(x_{n,i}); the price of layers above reaches it by way
        of its outputs, as dY. The chain rule is that of `KANLayer.backward`, edge by edge:

            dR/dc_m = w_s sum_n (E + dY) B_m(x_n),    dR/dx_i = sum_j (E + dY) phi'(x).
        """
        check_has(model, "basis", "a price on edges")
        if getattr(model.layers[0], "x", None) is None:
            raise ValueError("there is nothing to price yet: call model.forward(X) and backward first, as fit does")
        whole, gradient, dY = 0.0, [], None
        for layer in reversed(model.layers):
            size, sign = _sizes(layer)
            price, slope = self._price(size)
            whole += price
            E = slope * sign / len(sign)  # (N, n_sums, n_in)
            if dY is not None:
                E += _to_sums(layer, dY)[:, :, None]
            part, dY = edge_gradient(layer, E, None if dY is None else _to_sums(layer, dY))
            gradient.insert(0, part)
        model.grad += np.concatenate(gradient)
        return whole

    def _price(self, size):
        """The price of one layer with edges of these sizes, and its slope, both lam times what is written above.

        d|Phi|/d|phi| = 1,    dS/d|phi_k| = -(log p_k + S) / |Phi|.  An edge of size 0 has p log p = 0 and no slope.
        """
        whole = size.sum()
        if whole == 0:
            return 0.0, np.zeros_like(size)
        p = size / whole
        log_p = np.log(np.where(p > 0, p, 1))
        S = -(p * log_p).sum()
        slope = self.l1 - self.entropy * np.where(p > 0, log_p + S, 0) / whole
        return self.lam * (self.l1 * whole + self.entropy * S), self.lam * slope


def _to_sums(layer, dY):
    """dL/dnodes (N, n_out) -> dL/dsums (N, n_sums)."""
    return layer.products.backward(dY.T).T if layer.products else dY


def _sizes(layer):
    """|phi| of each edge, (n_sums, n_in), and the sign of phi at each sample of the last forward, (N, n_sums, n_in)."""
    phi = layer.edges(layer.x.T)
    return np.abs(phi).mean(axis=0), np.sign(phi)


def edge_gradient(layer, E, dsums=None):
    """What slopes E (N, n_sums, n_in) of each edge at each sample mean for the layer: (gradient (P of it,), dR/dx).

    dsums (N, n_sums), None: zero, are the slopes of the sums, which move the biases.
    """
    B, s, slope = edgesums.each(layer.sums, layer.c)
    slope = slope.transpose(2, 0, 1)  # (N, n_sums, n_in)
    (w_s, w_b), gradient = layer.weights(), np.zeros(layer.theta.size)
    dc, dw_s, dw_b = layer._parts(gradient)
    dc[...] = w_s[:, :, None] * (E.T @ B.transpose(0, 2, 1)).transpose(1, 0, 2)
    dw_s[...] = np.einsum("nji,jin->ji", E, s)
    slope *= w_s
    if layer.base:
        dw_b[...] = np.einsum("nji,in->ji", E, silu(layer.x))
        slope += w_b * silu_slope(layer.x.T)[:, None]
    if layer.snapped:
        slope += layer.snapped.edge_gradient(layer.x, E, dsums, gradient[-layer.snapped.size :])
    return gradient * free(layer), np.einsum("nji,nji->ni", E, slope)
