"""The Kolmogorov-Arnold network: activate, then sum. It is a stack of the layers in `kanlayer.py`.

Source: arXiv 2404.19756, section 2.2.
"""

import numpy as np

from kan_edu.checks.arguments import check_flag, check_integer, check_seed
from kan_edu.networks.formulas import snap, snapped
from kan_edu.splines.bases import check_dtype, make_basis
from kan_edu.splines.ranges import check_ranges, even_grid

from . import flat, grids, passes
from .kanlayer import BASE, KANLayer, check_size
from .products import check_pairs
from .saved import kanfile


class KAN:
    """A stack of KAN layers; widths = [2, 5, 1] has 2 inputs, 5 hidden nodes, 1 output.

    `basis` is "bspline" (degree k, G intervals), "chebyshev", "fourier" or "rbf", each with G+k functions an edge
    (Fourier: the odd number below or at it). `model.theta` and `model.grad` are (P,), float64; or float32, as all that
    the model holds, with dtype=np.float32: faster, with 7 digits in place of 16, and not for LevenbergMarquardt.
    `lo` and `hi` are the range of the inputs, numbers or one for each input, (inputs,). With -1 and 1 the hidden grids
    lie on [-1, 1] as well, as in the paper; else where the values of the new network arrive (`grids.place_hidden`).
    A width may be a pair: (s, p) stands for s nodes that add and p that multiply two sums. `model.widths` counts nodes,
    `model.products` says how many of a layer's multiply.
    Raises ValueError for fewer than two widths, G < 1, k < 0, an unknown basis, an empty range, and for more parameters
    than the memory holds. `model(X)`, `forward` and `jacobian` raise OutOfBounds, a ValueError, where a parameter or an
    output is NaN or inf.

    >>> model = KAN([2, 5, 1], G=5, k=3, seed=0)
    >>> model.n_params, model(np.zeros((4, 2))).shape
    (150, (4, 1))
    """

    def __init__(self, widths, *, G=5, k=3, basis="bspline", lo=-1.0, hi=1.0, base=True, form=None,
                 seed=0, dtype=float):
        pairs, rng = check_pairs(widths), check_seed(seed)
        self.widths, self.products = [s + p for s, p in pairs], [p for _, p in pairs[1:]]
        base, G, k = check_flag(base, "base", BASE), check_integer(G, "G", 1), check_integer(k, "k", 0)
        check_size(sum(n * (s + 2 * p) * (G + k + 2) for n, (s, p) in zip(self.widths, pairs[1:], strict=False)))
        lo, hi = check_ranges(lo, hi, self.widths[0])
        self.kind, self.base, self.form, self.dtype = basis, base, form, check_dtype(dtype)
        options = {"base": base, "form": form, "rng": rng, "dtype": self.dtype}
        ends = [(lo, hi)] + [(-1, 1)] * (len(self.widths) - 2)
        self.layers = [
            KANLayer(n, m, make_basis(basis, n, G, k, *both), products=p, **options)
            for n, m, p, both in zip(self.widths, self.widths[1:], self.products, ends, strict=False)
        ]
        grids.place_hidden(self)
        self.join()

    theta, grad = flat.View(), flat.View()
    join, __setstate__, copy, __copy__ = flat.gather, flat.set_state, flat.copied, flat.copied

    @property
    def n_params(self):
        return self.theta.size

    @property
    def free(self):
        """Which parameters may change, (P,) bool: not those of removed edges, nor of splines that became formulas."""
        return np.concatenate([snapped.free(layer) for layer in self.layers])

    @property
    def shape(self):
        """The widths as the model was made with: pairs (sums, products) where nodes multiply."""
        return [(n - p, p) if p else n for n, p in zip(self.widths, [0, *self.products], strict=True)]

    def restart(self, seed, G=None):
        """New random parameters and hidden grids, as a new model has them whose inputs have this one's range.

        With G (for B-splines only) every grid gets G equal intervals.
        """
        rng = check_seed(seed)
        if G is not None:
            G = grids.check_finer(self, G)
        for number, layer in enumerate(self.layers):
            grid, order = layer.basis.grid, layer.basis.order
            if number or G is not None:
                points = grid.shape[1] if G is None else G + 1
                lo, hi = (-np.ones(len(grid)), np.ones(len(grid))) if number else (grid[:, 0], grid[:, -1])
                layer.use(type(layer.basis)(even_grid(lo, hi, points), order))
            layer.draw(rng)
        self.join()
        grids.place_hidden(self)
        self.join()

    called = "a KAN"
    forward, __call__, backward, jacobian = passes.forward, passes.predict, passes.backward, passes.jacobian

    def _forward(self, X):
        """`forward` without its doors: training has looked at its samples once, and its loss sees what overflows."""
        for layer in self.layers:
            X = layer._forward(X)
        self.shape_out = X.shape
        return X

    def _backward(self, dY, to_input=False):
        self.shape_out = None
        for layer in reversed(self.layers):
            dY = layer._backward(dY, to_input or layer is not self.layers[0])
        return dY

    def _per_sample(self):
        """How many numbers the layers write down for one sample."""
        return 8 * sum(layer.n_in * (layer.basis.M + 1) for layer in self.layers) + sum(self.widths)

    def _jacobian(self, X):
        return flat.jacobian(self, self.forward(X))

    def _tangent(self, v):
        """J v (N, n_out), how the outputs of the last forward change as theta goes along v (P,)."""
        return flat.tangent(self, v)

    # Written where they belong; each takes the model as its first argument: model.save(path), model.remove_edge(edge).
    save, load = kanfile.save, classmethod(kanfile.load)
    set_formula, remove_edge = snap.set_formula, snap.remove_edge

    def __repr__(self):
        M = self.layers[0].basis.M
        end = ")" if self.dtype == float else f", {self.dtype})"
        return f"KAN({self.shape}, basis={self.kind!r}, {M} functions per edge, {self.n_params} parameters{end}"
