"""An MLP whose activation is learnt: one spline for all the nodes of a layer.

It stands between the two others. Like an MLP it has one number on each edge and sums before it bends; like a KAN it
learns how to bend. So it tells apart what a KAN owes to splines, and what to having one on every edge.
Source: R. Yu, W. Yu and X. Wang, KAN or MLP: A Fairer Comparison, arXiv 2407.16674.
"""

from itertools import pairwise

import numpy as np

from kan_edu.checks.arguments import check_integer, check_range, check_room, check_seed, check_sound, check_widths
from kan_edu.splines.bases import BSpline, make_basis

from . import flat, passes
from .activations import _silu, _silu_slope
from .mlp import Dense
from .saved import saving


class SharedSpline:
    """a = silu(z) + sum_m c_m B_m(z) at each of n nodes, with the same c (G+k,): a view into `theta`, dc into `grad`.

    Initial values: c = 0, so it begins as silu. Outside its grid the spline goes on as a straight line.
    """

    c = flat.View()
    n_sums, base = 1, True  # as the work is counted: one curve for each input, a spline and silu

    def __init__(self, n, basis):
        self.n_in, self.basis, self.shapes = n, basis, [(basis.M,)]
        self._bind(np.zeros(basis.M), np.zeros(basis.M))

    def draw(self, rng):
        """New initial values."""
        self.c[...] = 0

    def _bind(self, theta, grad):
        self.theta, self.grad = theta, grad
        self.__dict__.update(c=theta)  # past `View`, which copies
        self.dc = grad

    @property
    def samples(self):
        """What the last forward saw, or None."""
        return getattr(self, "Z", None)

    def forward(self, Z):
        """Z (N, n) -> A (N, n). All nodes see one spline, so their values are one long row of samples."""
        self.Z = Z
        first, self.B, slopes = self.basis._local(Z.reshape(1, -1))  # of the G+k functions k+1 are not zero
        self.m = first + np.arange(len(self.B))[:, None]  # (k+1, N n): which they are
        self.B, self.slopes = self.B[:, 0], slopes  # slopes are computed where somebody asks for them
        return _silu(Z) + np.sum(self.c[self.m] * self.B, axis=0).reshape(Z.shape)

    def _slope(self):
        """da/dz = silu'(z) + sum_m c_m B'_m(z) at the z of the last forward, (N, n)."""
        bend = np.sum(self.c[self.m] * self.slopes()[:, 0], axis=0) * self.basis.per_step[0]
        return _silu_slope(self.Z) + bend.reshape(self.Z.shape)

    def backward(self, dA, to_input=True):
        """dA = dL/dA (N, n) -> dL/dZ (N, n).

        One value: a = silu(z) + sum_m c_m B_m(z), so da/dc_m = B_m(z) and da/dz = silu'(z) + sum_m c_m B'_m(z).
        c serves all samples and all nodes: sum over both.
        """
        self.dc[...] = np.bincount(self.m.ravel(), (dA.ravel() * self.B).ravel(), len(self.c))
        return dA * self._slope() if to_input else None

    def _tangent(self, v, dZ):
        """How A of the last forward changes as c goes along v (G+k,) and Z along dZ: da = sum_m v_m B_m + a'(z) dz."""
        return np.sum(v[self.m] * self.B, axis=0).reshape(self.Z.shape) + self._slope() * dZ

    def _jacobian(self, D, J, to_input=True):
        """`backward` for each sample and each of the network's outputs Y_o by itself; J (N, outputs, G+k) is filled in.

        D[n, o, j] = dY_{n,o}/da_{n,j} -> dY_{n,o}/dz_{n,j}; dY_{n,o}/dc_m = sum_j D_{n,o,j} B_m(z_{n,j}).
        """
        B = np.zeros((self.Z.size, len(self.c)))
        B[np.arange(self.Z.size), self.m] = self.B
        J[...] = D @ B.reshape(*self.Z.shape, -1)  # (N, outputs, n) @ (N, n, G+k)
        return D * self._slope()[:, None] if to_input else None


class SplineMLP:
    """Dense layers, and between them a spline that all nodes of a layer share; widths = [2, 5, 1].

    G intervals of [lo, hi] and degree k, for the sums that reach the nodes. `layers` holds dense layers and splines by
    turns. `model.theta` and `model.grad` are (P,) float64. Raises ValueError for wrong widths, G < 1, k < 0 and a range
    that is none; `model(X)`, `forward` and `jacobian` raise OutOfBounds, a ValueError, where a parameter or an output
    is NaN or inf.

    >>> SplineMLP([2, 5, 1], G=5, k=3).n_params   # 21 as an MLP, and 8 coefficients
    29
    """

    def __init__(self, widths, *, G=5, k=3, lo=-3.0, hi=3.0, seed=0):
        self.widths, rng = check_widths(widths), check_seed(seed)
        G, k = check_integer(G, "G", 1), check_integer(k, "k", 0)
        lo, hi = check_range(lo, hi)
        P = sum((n + 1) * m for n, m in pairwise(self.widths)) + (len(self.widths) - 2) * (G + k)
        check_room(5 * max(P, G + k), f"a SplineMLP with {P:,} parameters", "make it with fewer nodes or a smaller G")
        self._build(make_basis("bspline", 1, G, k, lo, hi), rng)

    def _build(self, basis, rng):
        self.basis, self.layers = basis, []
        for n, m in pairwise(self.widths):
            self.layers += [Dense(n, m, rng), SharedSpline(m, basis)]
        self.layers.pop()  # no activation after the last sum
        self.join()

    theta, grad = flat.View(), flat.View()
    join, __setstate__, copy, __copy__ = flat.gather, flat.set_state, flat.copied, flat.copied

    @property
    def n_params(self):
        return self.theta.size

    called = "a SplineMLP"
    forward, __call__, backward, jacobian = passes.forward, passes.predict, passes.backward, passes.jacobian
    restart = passes.restart

    def _forward(self, A):
        for layer in self.layers:
            A = layer.forward(A)
        self.shape_out = A.shape
        return A

    def _backward(self, dA, to_input=False):
        self.shape_out = None
        for layer in reversed(self.layers):
            dA = layer.backward(dA, to_input or layer is not self.layers[0])
        return dA

    def _per_sample(self):
        """How many numbers the layers write down for one sample."""
        return (4 + 3 * (self.basis.order + 1)) * sum(self.widths)

    def _jacobian(self, X):
        return flat.jacobian(self, self.forward(X))

    def _tangent(self, v):
        """J v (N, n_out), how the outputs of the last forward change as theta goes along v (P,)."""
        return flat.tangent(self, v)

    def save(self, path):
        """Write widths, grid and parameters to `path` (npz without pickle; written whole or not at all).

        Raises ValueError for what is no path, and for parameters that are NaN or inf.
        """
        check_sound(self)
        arrays = {"widths": self.widths, "grid": self.basis.grid, "order": self.basis.order, "theta": self.theta}
        saving.write(path, "kan_edu.SplineMLP", arrays)

    @classmethod
    def load(cls, path):
        """Read a model that `save` wrote. Raises ValueError for a damaged, foreign, older or newer file."""
        saved = saving.read(path, "kan_edu.SplineMLP")
        with saving.fitting(path):
            model = cls(saving.check_widths(saved))
            model._build(BSpline(saved["grid"], int(saved["order"])), np.random.default_rng(0))
            model.theta[...] = saving.check_parameters(saved, model.n_params)
        return model

    def __repr__(self):
        return f"SplineMLP({self.widths}, G={self.basis.G}, k={self.basis.order}, {self.n_params} parameters)"
