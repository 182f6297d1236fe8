"""Second derivatives of a network with respect to its inputs, carried forward; and their Jacobian, carried back.

Walk along a straight line through the input space. Every number inside the network is then a function of one number,
and we carry three things of it: its value y, its slope y' and its curvature y''. At the input the value is x, the
slope is the direction of the walk, the curvature is 0. Through a node y_j = sum_i phi_{j,i}(x_i) the chain rule says

    y'_j  = sum_i phi'(x_i) x'_i,
    y''_j = sum_i phi''(x_i) x'_i^2 + phi'(x_i) x''_i.

With several directions there is a slope for each, but of the curvatures only their sum is carried: they enter
linearly. Along the coordinate axes that sum is the Laplacian u_xx + u_yy + ...; along one direction it is u'' itself.

Back: let a, a', a'' be the slopes of the final curvature R with respect to y_j, y'_j, y''_j. Collect at each edge

    q0 = a_j,    q1 = a'_j x'_i + a''_j x''_i,    q2 = a''_j x'_i^2        (products of slopes: summed over directions)

and every parameter p of the edge, and its input too, get the same three-term answer:

    dR/dp    = q0 dphi/dp + q1 dphi'/dp + q2 dphi''/dp
    dR/dx_i  = sum_j q0 phi' + q1 phi'' + q2 phi''',
    dR/dx'_i = sum_j a'_j phi' + 2 a''_j phi'' x'_i,         dR/dx''_i = sum_j a''_j phi'.

Shapes: x, x'' (N, n), x' (N, D, n) for D directions, and a, a', a'' likewise.
"""

import numpy as np

from kan_edu.checks.arguments import check_has, check_room, shown
from kan_edu.checks.arrays import check_finite, check_matrix, check_outcome, numbers
from kan_edu.checks.functions import call
from kan_edu.networks import flat
from kan_edu.networks.activations import DERIVATIVES, silu_derivatives
from kan_edu.splines.bases import BSpline
from kan_edu.splines.coxdeboor import differentiate, recursion, uniform_pieces


def second(model, X, directions=None):
    """u (N, n_out), its slope in each direction (N, D, n_out), and its curvatures, summed over them (N, n_out).

    X (N, n_in); directions (D, n_in), None: the coordinate axes, and the curvature is the Laplacian. ValueError for a
    model that has no curvature, or data that do not fit.
    """
    parts = stages(model)
    with np.errstate(over="ignore", invalid="ignore"):
        found = _forward(parts, *_start(model, X, directions))
    return tuple(check_outcome(values, "the derivatives") for values in found)


def jacobian(model, X, directions=None):
    """The curvature of u, (N,), and its derivative with respect to theta, (N, P), for a model with one output u.

    ValueError as `second` has it, and for a Jacobian that would take more than the memory.
    """
    *_, curvature, J = linearised(model, X, lambda u, slopes, curvature: (0.0, 0.0, 1.0), directions)
    return curvature, J


def linearised(model, X, weights, directions=None):
    """u (N,), its slopes (N, D), its curvature (N,), and J (N, P): how a residual R(u, u', u'') depends on theta.

    weights(u, slopes, curvature) -> (a, a', a''): the slopes of R with respect to each, as arrays of these shapes or
    single numbers. For R = u'' + sin u they are cos u, 0 and 1. ValueError for a model with more outputs than one, for
    weights that are no such function, and as `second` and `jacobian` have it.
    """
    parts = stages(model)
    if model.widths[-1] != 1:
        raise ValueError(f"{model!r} has {model.widths[-1]} outputs; the Jacobian of the curvature is for one, u")
    start = _start(model, X, directions)
    check_room(len(start[0]) * model.n_params, f"a Jacobian of {len(start[0])} x {model.n_params} numbers",
               "ask for fewer samples at a time")  # fmt: skip
    with np.errstate(over="ignore", invalid="ignore"):
        found = _linearised(parts, start, weights, model.n_params)
    return tuple(check_outcome(values, "the derivatives") for values in found)


def _asked(weights, *values):
    """What the given function says of u, its slopes and its curvature: an array (..., 1) in the shape of each."""
    found = call(weights, *values, name="weights", example="lambda u, slopes, curvature: (np.cos(u), 0, 1)")
    if not isinstance(found, tuple | list) or len(found) != 3:
        raise ValueError(f"weights returned {shown(found)}; expected three, for u, its slopes and its curvature")
    arrays = [numbers(weight, "what weights returned", finite=False) for weight in found]
    for array, like in zip(arrays, values, strict=True):
        if array.shape not in ((), like.shape):
            raise ValueError(f"weights returned an array of shape {array.shape}; expected {like.shape}, or one number")
        check_finite(array, "what weights returned")
    return [np.array(np.broadcast_to(a, like.shape))[..., None] for a, like in zip(arrays, values, strict=True)]


def _linearised(parts, start, weights, P):
    """`linearised`, from the last part back to the first."""
    u, slopes, curvature = (value[..., 0] for value in _forward(parts, *start))
    a, a1, a2 = _asked(weights, u, slopes, curvature)
    J, end = np.empty((P, len(u))).T, P  # a parameter's slopes at all samples lie next to each other in memory
    for part in reversed(parts):
        a, a1, a2 = part.backward(a, a1, a2, J[:, end - part.size : end])
        end -= part.size
    return u, slopes, curvature, J


def stages(model):
    """What lies between input and output, in order; ValueError where a second derivative makes no sense."""
    check_has(model, None, "curvature")
    if hasattr(model, "activation"):
        if model.activation not in DERIVATIVES:
            words = f"an MLP with {model.activation} is made of flat pieces: its second derivative is zero"
            raise ValueError(f"{words}; use one of {', '.join(sorted(DERIVATIVES))}")
        between = [_Activation(DERIVATIVES[model.activation]) for _ in model.layers]
        return [part for pair in zip(map(_Weights, model.layers), between, strict=True) for part in pair][:-1]
    check_has(model, "basis", "curvature")
    for layer in model.layers:
        if layer.products or layer.snapped:
            raise ValueError(f"second derivatives are written out for sums of splines; {model!r} has nodes that "
                             "multiply, formulas or removed edges: use a KAN without them")
        if not isinstance(layer.basis, BSpline):
            name = type(layer.basis).__name__
            raise ValueError(f"second derivatives are written out for B-splines; this KAN has {name}: basis='bspline'")
        if layer.basis.order < 3:
            words = f"degree k = {layer.basis.order} is too low for a second derivative without jumps"
            raise ValueError(f"{words}; make the KAN with k = 3 or more (k = 5 is far more accurate)")
    return [_Edges(layer) for layer in model.layers]


def _start(model, X, directions):
    X = check_matrix(X, "X", model.widths[0], f"({model!r})")
    directions = check_matrix(np.eye(X.shape[1]) if directions is None else directions, "directions", X.shape[1])
    return X, np.broadcast_to(directions, (len(X), *directions.shape)), np.zeros_like(X)


def _forward(parts, x, x1, x2):
    for part in parts:
        x, x1, x2 = part.forward(x, x1, x2)
    return x, x1, x2


class _Edges:
    """A KAN layer: phi_{j,i} = w_b silu + w_s sum_m c_m B_m."""

    def __init__(self, layer):
        self.layer, self.size = layer, layer.theta.size

    def forward(self, x, x1, x2):
        """-> y, y', y''. `phi[nu]` is the nu-th derivative of every edge, (N, n_out, n_in)."""
        self.x1, self.x2, self.squares = x1, x2, (x1 * x1).sum(axis=1)  # x'_i^2, summed over directions
        layer, self.B = self.layer, _basis_derivatives(self.layer.basis, x)
        c = layer.c.transpose(1, 2, 0)  # one product an input: (N, M) (M, n_out)
        self.s = [(B.transpose(1, 0, 2) @ c).transpose(1, 2, 0) for B in self.B]
        self.phi = [layer.w_s * s for s in self.s]
        if layer.base:
            self.silu = silu_derivatives(x)
            self.phi = [phi + layer.w_b * b[:, None] for phi, b in zip(self.phi, self.silu, strict=True)]
        y2 = np.einsum("nji,ni->nj", self.phi[2], self.squares) + np.einsum("nji,ni->nj", self.phi[1], x2)
        return self.phi[0].sum(axis=2), np.einsum("nji,ndi->ndj", self.phi[1], x1), y2

    def backward(self, a, a1, a2, J):
        """Fill J (N, P of this layer); return the slopes of R with respect to x, x', x''.

        dphi/dc_m = w_s B_m, dphi/dw_s = s = sum_m c_m B_m, dphi/dw_b = silu; the same with one and two dashes.
        """
        layer, phi = self.layer, self.phi
        q = [np.repeat(a[:, :, None], layer.n_in, axis=2)]  # (N, n_out, n_in)
        q += [np.einsum("ndj,ndi->nji", a1, self.x1) + a2[:, :, None] * self.x2[:, None]]
        q = [np.asfortranarray(q_nu) for q_nu in [*q, a2[:, :, None] * self.squares[:, None]]]  # in the order of J
        J_c, J_ws, J_wb = layer._parts(J)
        J_c[...] = sum((layer.w_s * q_nu)[..., None] * B[:, None] for q_nu, B in zip(q, self.B, strict=False))
        J_ws[...] = sum(q_nu * s for q_nu, s in zip(q, self.s, strict=False))
        if layer.base:
            J_wb[...] = sum(q_nu * b[:, None] for q_nu, b in zip(q, self.silu, strict=False))
        to_x = sum((q_nu * higher).sum(axis=1) for q_nu, higher in zip(q, phi[1:], strict=True))
        to_x1 = np.einsum("ndj,nji->ndi", a1, phi[1]) + 2 * np.einsum("nj,nji->ni", a2, phi[2])[:, None] * self.x1
        return to_x, to_x1, np.einsum("nj,nji->ni", a2, phi[1])


def _basis_derivatives(basis, X):
    """B_m and its first three derivatives at X (N, n_in): four arrays (N, n_in, M).

    On equal intervals the k+1 functions that are not zero are fixed polynomials, and so are their derivatives. Beyond
    its grid an edge is a straight line: the slope stays, curvature and what follows are zero.
    """
    nearest = np.clip(X, basis.grid[:, 0], basis.grid[:, -1])
    B = (_fixed_polynomials if basis.uniform else _textbook_derivatives)(basis, nearest)
    n, i = np.nonzero(X != nearest)
    B[0][n, i] += (X - nearest)[n, i, None] * B[1][n, i]
    B[2][n, i] = B[3][n, i] = 0
    return B


def _textbook_derivatives(basis, X):
    """The same for X inside the grid: level k - nu of Cox and de Boor's recursion gives the nu-th derivative."""
    levels, t, k = recursion(X, basis.knots, basis.order), basis.knots, basis.order
    return [differentiate(levels[k - nu], t, k, nu) for nu in range(4)]


def _fixed_polynomials(basis, X):
    """The same on equal intervals: coefficients times v^r, v in [0, 1], written where they belong among zeros."""
    (N, n_in), M, k = X.shape, basis.M, basis.order
    u = (X.T - basis.grid[:, :1]) * basis.per_step  # (n_in, N): all samples of an input in a row
    start = np.clip(np.floor(u), 0, basis.G - 1)
    powers = np.cumprod([np.ones_like(u), *[u - start] * k], axis=0).reshape(k + 1, -1)
    first = start.astype(np.intp) + M * np.arange(n_in)[:, None]
    places = (first + np.arange(k + 1)[:, None, None]) * N + np.arange(N)  # in an array (n_in, M, N)
    A, found = uniform_pieces(k)[0], []
    for nu in range(4):
        B = np.zeros((n_in, M, N))
        B.ravel()[places] = (A @ powers[: A.shape[1]]).reshape(places.shape) * basis.per_step**nu
        found.append(B.transpose(2, 0, 1))
        A = A[:, 1:] * np.arange(1, A.shape[1])  # d/dv v^r = r v^(r-1)
    return found


class _Weights:
    """The first half of an MLP's layer, z = W x + b: an edge is the straight line W_{j,i} x, with phi' = W_{j,i}."""

    def __init__(self, layer):
        self.layer, self.size = layer, layer.theta.size

    def forward(self, x, x1, x2):
        """-> z, z', z'': W carries all three; b moves only the value."""
        self.x, self.x1, self.x2, W = x, x1, x2, self.layer.W
        return x @ W.T + self.layer.b, x1 @ W.T, x2 @ W.T

    def backward(self, a, a1, a2, J):
        """dphi/dW = x and dphi'/dW = 1: dR/dW_{j,i} = a_j x_i + a'_j x'_i + a''_j x''_i, dR/db_j = a_j."""
        J_W, J_b = flat.views(J, self.layer.shapes)
        J_W[...] = a[:, :, None] * self.x[:, None] + a2[:, :, None] * self.x2[:, None]
        J_W += np.einsum("ndj,ndi->nji", a1, self.x1)
        J_b[...] = a
        return a @ self.layer.W, a1 @ self.layer.W, a2 @ self.layer.W


class _Activation:
    """The second half, a_j = sigma(z_j): one edge from each node to itself, without parameters."""

    size = 0

    def __init__(self, derivatives):
        self.derivatives = derivatives

    def forward(self, z, z1, z2):
        """-> sigma(z), sigma'(z) z', sigma''(z) z'^2 + sigma'(z) z''."""
        self.z1, self.z2, self.squares = z1, z2, (z1 * z1).sum(axis=1)
        s, s1, s2, _ = self.sigma = self.derivatives(z)
        return s, s1[:, None] * z1, s2 * self.squares + s1 * z2

    def backward(self, a, a1, a2, J):
        """The formulas of the module's first lines for one edge."""
        _, s1, s2, s3 = self.sigma
        to_z = a * s1 + ((a1 * self.z1).sum(axis=1) + a2 * self.z2) * s2 + a2 * self.squares * s3
        return to_z, a1 * s1[:, None] + 2 * (a2 * s2)[:, None] * self.z1, a2 * s1
