"""One layer of a KAN: on every edge a learnt function of one variable, in every node a sum.

    y_j = sum_i phi_{j,i}(x_i),    phi_{j,i}(x) = w_b_{j,i} silu(x) + w_s_{j,i} sum_m c_{j,i,m} B_m(x).

Source: arXiv 2404.19756, sections 2.2 and 2.4. Two things beyond that live in files of their own: nodes that multiply
two sums (`products.py`), and edges that were read: removed, or a formula now (`formulas/snapped.py`).
"""

import numpy as np

from kan_edu.checks.arguments import check_flag, check_integer, check_room, check_seed
from kan_edu.checks.arrays import check_matrix, check_outcome, check_slope, check_vector, numbers
from kan_edu.networks.formulas import snapped
from kan_edu.splines.bases import BASES, as_type, check_dtype

from . import edgesums, flat, grids
from .activations import _silu as silu
from .activations import _silu_slope as silu_slope
from .products import Products


class KANLayer:
    """n_in inputs, n_out outputs, one learnt function on each of the n_out * n_in edges.

    c (n_out, n_in, M), w_b and w_s (n_out, n_in) are views into `theta`; dc, dw_b, dw_s into `grad`.
    `form` is None (the fastest sum is chosen) or "textbook" (every basis function, for reading and for
    comparison). Without base, w_b is None. All arrays are of type `dtype`. Initial values: c ~ N(0, 0.1^2), w_s = 1,
    w_b Xavier for inputs in [-1, 1], and smaller where the grid reaches farther out.
    With `products` = p the last p outputs multiply two sums each: read n_sums = n_out + p for n_out above and below.
    Raises ValueError for counts below 1, a basis of another number of inputs, more parameters than the memory holds.

    A network asks its layers by `_forward`, `_backward` and `_jacobian`, which trust what they are given: it has
    checked the samples at its own door.
    """

    c, w_s, w_b = flat.View(), flat.View(), flat.View()

    def __init__(self, n_in, n_out, basis, *, products=0, base=True, form=None, rng=None, dtype=float):
        check_form(form), check_basis(basis)
        rng = np.random.default_rng() if rng is None else check_seed(rng)
        n_in, n_out = check_integer(n_in, "n_in", 1), check_integer(n_out, "n_out", 1)
        products, base = check_integer(products, "products", 0, n_out), check_flag(base, "base", BASE)
        check_size((n_out + products) * n_in * (basis.M + 2))
        self.n_in, self.n_out, self.n_sums = n_in, n_out, n_out + products
        self.base, self.form, self.dtype = base, form, check_dtype(dtype)
        self.lasting = self.seen = None  # samples that never change (`flat.shadow`); these, once `sums` is at them
        self.products = Products(self.n_sums, products) if products else None
        self.kept, self.formulas = np.ones((self.n_sums, n_in), dtype=bool), {}  # what was not removed; (j, i): formula
        self.snapped = None  # until an edge is removed or becomes a formula: then `snapped.Snapped`
        self.use(basis)
        self.draw(rng)

    def draw(self, rng):
        """New random initial values; w_b silu(x) is no larger on a grid that reaches to 100 than on [-1, 1].

        rng: a whole number or a Generator; ValueError for all else.
        """
        rng = check_seed(rng)
        self.c[...] = rng.normal(0, 0.1, self.c.shape)
        self.w_s[...] = 1
        if self.base:
            self.w_b[...] = rng.normal(0, np.sqrt(2 / (self.n_in + self.n_sums)), self.w_b.shape)
            self.w_b /= grids.reach(self.basis.grid)

    def use(self, basis):
        """Put the edges on another basis: new, empty parameters (`kan_edu.grids` fills them in).

        They are the layer's own until `model.join()` makes them part of the model's again.
        """
        check_basis(basis)
        if len(basis.grid) != self.n_in:
            raise ValueError(f"the basis has a grid for {len(basis.grid)} inputs; this layer has {self.n_in}")
        self.basis = as_type(basis, self.dtype)
        self.sums = (edgesums.Textbook if self.form else edgesums.choose(basis, self.n_sums))(self.basis, self.base)
        size = self.n_sums * self.n_in * (basis.M + 1 + self.base) + (self.snapped.size if self.snapped else 0)
        self._bind(np.zeros(size, self.dtype), np.zeros(size, self.dtype))

    def _bind(self, theta, grad):
        """Let the parameters and their gradients be views into two flat vectors."""
        self.theta, self.grad = theta, grad
        edges = (self.n_sums, self.n_in)
        self.shapes = [(self.n_sums, self.basis.M, self.n_in), edges] + [edges] * self.base
        self.__dict__.update(zip(("c", "w_s", "w_b"), self._parts(theta), strict=True))  # past `View`, which copies
        self.dc, self.dw_s, self.dw_b = self._parts(grad)
        if self.snapped:
            self.snapped.bind(*(vector[-self.snapped.size :] for vector in (theta, grad)))

    def _parts(self, vector):
        """Views of (..., P of this layer): c, w_s, w_b (None without base).

        In memory the inputs are c's last axis, not the functions: NumPy is slow on axes as short as M.
        """
        if self.snapped:
            vector = vector[..., : -self.snapped.size]
        c, *weights = flat.views(vector, self.shapes)
        return [c.swapaxes(-1, -2), *weights, None][:3]

    def forward(self, X):
        """X (N, n_in) -> Y (N, n_out); keeps what `backward` needs. ValueError for a wrong shape, NaN, inf, N = 0."""
        return flat.asked(self, check_matrix(X, "X", self.n_in, f"(a layer of {self.n_in} inputs)"))

    @property
    def samples(self):
        """What the last forward saw, (n_in, N), or None."""
        return getattr(self, "x", None)

    def _forward(self, X):
        if X is not self.seen:
            self._see(X)
        y = self.sums.forward(self._coefficients())
        if self.snapped:
            y += self.snapped.forward(self.x)
        return (self.products.forward(y) if self.products else y).T

    def _see(self, X):
        """Compute what depends on the samples X (N, n_in) alone: once, if they are those that never change."""
        self.seen, lasts = None, X if X is self.lasting else None
        X = X if type(X) is np.ndarray and X.dtype == self.dtype else numbers(X, "X", finite=False)
        self.x = np.ascontiguousarray(X.T, dtype=self.dtype)  # (n_in, N): inside, each sample is a column
        self.sums.at(self.x)
        self.seen = lasts

    def _coefficients(self):
        """C for `edgesums`, (n_out, (M + base) n_in): w_s c, and w_b in the last columns."""
        self.w, w_b = self.weights()
        C = np.empty((self.n_sums, self.basis.M + self.base, self.n_in), dtype=self.dtype)
        self._times_w(self.c.swapaxes(1, 2), C[:, : self.basis.M])
        if self.base:
            C[:, -1] = w_b
        self.C = C.reshape(self.n_sums, -1)
        return self.C

    def _times_w(self, a, out):
        """out_{j,m,i} = w_s_{j,i} a_{j,m,i}; a few inputs one by one, since NumPy is slow on short axes."""
        if self.n_in > FEW:
            np.multiply(a, self.w[:, None], out=out)
        else:
            for i in range(self.n_in):
                np.multiply(a[:, :, i], self.w[:, i, None], out=out[:, :, i])

    def weights(self):
        """w_s and w_b, with zeros where an edge has lost its spline."""
        return self.snapped.weights(self.w_s, self.w_b) if self.snapped else (self.w_s, self.w_b)

    def backward(self, dY, to_input=True):
        """dY = dL/dY (N, n_out) -> dL/dX (N, n_in), and dL/dc, dL/dw_s, dL/dw_b into `grad`.

        One edge, one sample: y = w_b silu(x) + w_s s with s = sum_m c_m B_m(x). So dy/dw_b = silu(x), dy/dw_s = s,
        dy/dc_m = w_s B_m(x), dy/dx = w_b silu'(x) + w_s sum_m c_m B'_m(x). An edge serves all samples: sum over n.
        An input feeds all outputs: dL/dx sums over j. With C = w_s c and dL/dC_{j,i,m} = sum_n dY_{n,j} B_m(x_{n,i}):

            dL/dc_{j,i,m} = w_s_{j,i} dL/dC_{j,i,m},    dL/dw_s_{j,i} = sum_m c_{j,i,m} dL/dC_{j,i,m}.

        The slope with respect to X is left out (None is returned) when to_input is False. Raises ValueError for a dY
        of another shape, NaN and inf in it, and where no forward came before.
        """
        shape = (self.x.shape[1], self.n_out) if hasattr(self, "w") else None
        dX = self._backward(check_slope(dY, shape), check_flag(to_input, "to_input"))
        check_outcome(self.grad, "the gradients")
        return dX if dX is None else check_outcome(dX, "the gradients")

    def _backward(self, dY, to_input=True):
        dy = np.ascontiguousarray(dY.T, dtype=self.dtype)  # (n_out, N)
        if self.products:
            dy = self.products.backward(dy)
        dC = self.sums.grad_C(dy).reshape(self.n_sums, -1, self.n_in)
        if self.base:
            self.dw_b[...] = dC[:, -1]
            dC = dC[:, :-1]
        self._times_w(dC, self.dc.swapaxes(1, 2))
        np.einsum("jmi,jmi->ji", self.c.swapaxes(1, 2), dC, out=self.dw_s)
        dx = 0
        if self.snapped:
            dx = self.snapped.backward(self.x, dy)
            self.grad *= snapped.free(self)
        if not to_input:
            return None
        return (dx + self.sums.grad_x(self.C, dy)).T

    def _tangent(self, v, dX):
        """How Y of the last forward changes as theta goes along v (P of this layer) and X along dX; (N, n_out).

        The product rule on C = w_s c: dC_{j,i,m} = w_s_{j,i} dc_{j,i,m} + dw_s_{j,i} c_{j,i,m}. dX None: X stays.
        """
        if self.snapped:
            v = v * snapped.free(self)
        dc, dw_s, dw_b = self._parts(v)
        spline = dw_s[:, None] * self.c.swapaxes(1, 2) + self.w[:, None] * dc.swapaxes(1, 2)
        dC = spline.reshape(self.n_sums, -1)
        dx = None if dX is None else np.ascontiguousarray(dX.T)
        dy = self.sums.tangent(self.C, np.concatenate([dC, dw_b], axis=1) if self.base else dC, dx)
        if self.snapped:
            dy += self.snapped.tangent(self.x, dx, v[-self.snapped.size :])
        return (self.products.tangent(dy) if self.products else dy).T

    def _jacobian(self, D, J, to_input=True):
        """`backward` without its sum over samples, and for each of the network's outputs Y_o by itself.

        D[n, o, j] = dY_{n,o}/dy_{n,j}, (N, outputs, n_out) -> dY_{n,o}/dx_{n,i}, (N, outputs, n_in), at the x of the
        last forward; None if not asked for. J (N, outputs, P of this layer) is filled in:

            dY_{n,o}/dc_{j,i,m} = D_{n,o,j} w_s_{j,i} B_m(x_{n,i}),
            dY_{n,o}/dw_s_{j,i} = D_{n,o,j} s_{j,i}(x_{n,i}),    dY_{n,o}/dw_b_{j,i} = D_{n,o,j} silu(x_{n,i}).
        """
        if self.products:
            D = self.products.jacobian(D)
        d = np.ascontiguousarray(D.transpose(2, 1, 0))[:, None]  # (n_out, 1, outputs, N): samples are columns here too
        B, s, slope = edgesums.each(self.sums, self.c, to_input)  # (n_in, M, N), then twice (n_out, n_in, N)
        (J_c, J_ws, J_wb), (w_s, w_b) = self._parts(J), (w if w is None else w[:, :, None] for w in self.weights())
        np.multiply((d * w_s[..., None])[:, :, None], B[:, :, None], out=J_c.transpose(2, 3, 4, 1, 0))
        np.multiply(d, s[:, :, None], out=J_ws.transpose(2, 3, 1, 0))
        if self.base:
            np.multiply(d, silu(self.x)[:, None], out=J_wb.transpose(2, 3, 1, 0))
        if self.snapped:
            formulas = self.snapped.jacobian(self.x, D, J[..., -self.snapped.size :]).transpose(1, 2, 0)
            J *= snapped.free(self)
        if not to_input:
            return None
        slope *= w_s
        slope += w_b * silu_slope(self.x) if self.base else 0
        slope += formulas if self.snapped else 0
        return np.einsum("jon,jin->oin", d[:, 0], slope).transpose(2, 0, 1)

    def edges(self, X):
        """phi_{j,i}(x_i) for every edge: X (N, n_in) -> (N, n_out, n_in). Its sum over i is `forward`."""
        X = check_matrix(X, "X", self.n_in)
        w_s, w_b = self.weights()
        phi = np.einsum("nim,jim->nji", self.basis._both(X)[0], w_s[:, :, None] * self.c)
        phi += w_b * silu(X)[:, None, :] if self.base else 0
        return self.snapped.edges(phi, X) if self.snapped else phi

    def phi(self, j, i, x):
        """The function on the edge from input i to sum j, at x (N,) -> (N,). ValueError where no such edge is."""
        i, j, x = check_integer(i, "i", 0, self.n_in - 1), check_integer(j, "j", 0, self.n_sums - 1), check_vector(x)
        X = np.tile(self.basis.grid[:, 0], (len(x), 1))  # the other inputs do not matter
        X[:, i] = x
        return self.edges(X)[:, j, i]


BASE = "whether edges have a silu beside their spline"
FEW = 4  # inputs
COPIES = 6  # theta, grad, C and its slope, and what an optimiser keeps


def check_form(form):
    """Return None (the fastest sum) or "textbook", or raise a ValueError."""
    if form is not None and not (isinstance(form, str) and form == "textbook"):
        raise ValueError(f'form is {form!r}; expected None (the fastest one) or "textbook"')
    return form


def check_basis(basis):
    """ValueError for what is no basis of functions."""
    if not isinstance(basis, tuple(BASES.values())):
        kinds = ", ".join(kind.__name__ for kind in BASES.values())
        raise ValueError(f"the basis is {basis!r}; expected one of {kinds}, such as BSpline(grid)")


def check_size(P):
    """ValueError for so many parameters that a network of them, and its training, would take more than the memory."""
    check_room(COPIES * P, f"a network with {P:,} parameters", "make it with fewer nodes, or with a smaller G")
