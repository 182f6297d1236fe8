"""What was read off a layer: edges that are formulas now, edges that were taken away, and the constant of each sum.

The formula on the edge from input i to sum j is phi(x) = a f(b x + c), with f one of `families.FAMILIES`. A curve that
is read as a f(b x + c) + d leaves its d to the sum: the d of all edges of a sum are one number, its `bias`. A spline
holds constants too. So a sum that still has one keeps its bias as it is, or two numbers would do the work of one.
"""

import re

import numpy as np

from kan_edu.checks.arguments import OutOfBounds, shown
from kan_edu.checks.arrays import numbers

from .families import family


class EdgeFormula:
    """phi(x) = a f(b x + c): `name` of the family, `params` (3,) = a, b, c, `free` (3,) bool: those that may change.

    In a layer `params` and `slopes` are views into its theta and grad.
    """

    def __init__(self, name, params, free=None):
        family(name)  # there is one
        self.name, self.params = name, numbers(params, f"the parameters of {name}").copy()
        self.free = np.array((True, self.family.scales, self.family.shifts) if free is None else free, dtype=bool)
        if self.params.shape != (3,):
            raise ValueError(f"the parameters of {name} are {shown(params)}; expected three finite numbers a, b, c")

    @property
    def family(self):
        return family(self.name)

    def __call__(self, x):
        """phi at x (...); NaN where f is not defined."""
        a, b, c = self.params
        with np.errstate(all="ignore"):
            return a * self.family.f(b * x + c)

    def slope(self, x):
        """dphi/dx = a b f'(u), u = b x + c."""
        a, b, c = self.params
        with np.errstate(all="ignore"):
            return a * b * self.family.slope(b * x + c)

    def gradient(self, x):
        """dphi/da = f(u), dphi/db = a x f'(u), dphi/dc = a f'(u): x (N,) -> (3, N)."""
        a, b, c = self.params
        with np.errstate(all="ignore"):
            u = b * x + c
            slope = a * self.family.slope(u)
            return np.stack([self.family.f(u), x * slope, slope])

    def text(self, x="x", numbers=True):
        """The formula in words, with three digits of each number, or without any: what kind of function it is.

        >>> EdgeFormula("sin", (2, 3.14159, 0)).text(), EdgeFormula("x^2", (-1, 1, 0.5)).text("y")
        ('2 sin(3.14 x)', '-(y + 0.5)^2')
        >>> EdgeFormula("x^2", (-1, 1, 0.5)).text(numbers=False), EdgeFormula("x", (1, 1, 0)).text()
        ('x^2', 'x')
        >>> EdgeFormula("1/x", (-2.5, 1, 0.5)).text()
        '-2.5/(x + 0.5)'
        """
        a, b, c = (float(f"{value:.3g}") for value in self.params) if numbers else (1, 1, 0)
        u = {1: x, -1: f"-{x}"}.get(b, f"{b:g} {x}") + (f" {'+' if c > 0 else '-'} {abs(c):g}" if c else "")
        f = self.family.text.format(u=u)
        f = re.sub(rf"(?<![a-z])\({x}\)", x, f)  # (x)^2, but not sin(x), is as clear without
        if f.startswith("1/"):
            return f"{a:g}{f[1:]}"
        return {1: "", -1: "-"}.get(a, f"{a:g} ") + f

    def __repr__(self):
        a, b, c = self.params
        return f"EdgeFormula({self.name!r}, a={a:.4g}, b={b:.4g}, c={c:.4g})"


class Snapped:
    """The edges of one layer that are no splines any more; its parameters stand behind the splines' in theta.

    kept       (n_sums, n_in) bool: an edge that was removed passes nothing
    formulas   {(j, i): EdgeFormula}: the spline of such an edge passes nothing
    bias       (n_sums,) the constant of each sum;  pinned (n_sums,) bool: not to change, whatever the splines
    """

    def __init__(self, kept, formulas):
        self.kept, self.formulas = kept, formulas  # the layer's own
        self.bias, self.pinned = np.zeros(len(kept)), np.zeros(len(kept), dtype=bool)

    @property
    def size(self):
        return self.bias.size + sum(formula.params.size for formula in self.formulas.values())

    @property
    def live(self):
        """Edges that still have a spline, (n_sums, n_in) bool."""
        live = self.kept.copy()
        for edge in self.formulas:
            live[edge] = False
        return live

    @property
    def free(self):
        """Which of the parameters here may change, (size,) bool."""
        bias = ~(self.live.any(axis=1) | self.pinned)
        return np.concatenate([bias, *(formula.free for formula in self.formulas.values())])

    def weights(self, w_s, w_b):
        """The splines' two weights, with zeros where an edge has lost its spline; w_b None stays None."""
        live = self.live
        return live * w_s, None if w_b is None else live * w_b

    def edges(self, phi, X):
        """The splines' phi (N, n_sums, n_in) at X (N, n_in), with the formulas put in."""
        for (j, i), formula in self.formulas.items():
            phi[:, j, i] = formula(X[:, i])
        return phi

    def bind(self, theta, grad):
        """Move bias and formulas into theta (size,), with their values; their slopes go into grad (size,)."""
        ends = np.cumsum([0, self.bias.size, *(formula.params.size for formula in self.formulas.values())])
        parts = [slice(a, b) for a, b in zip(ends, ends[1:], strict=False)]
        theta[parts[0]] = self.bias
        self.bias, self.dbias = theta[parts[0]], grad[parts[0]]
        for formula, part in zip(self.formulas.values(), parts[1:], strict=True):
            theta[part] = formula.params
            formula.params, formula.slopes = theta[part], grad[part]

    def forward(self, x):
        """x (n_in, N) -> what bias and formulas add to the sums, (n_sums, N). FloatingPointError outside a domain."""
        y = np.repeat(self.bias[:, None], x.shape[1], axis=1)
        for (j, i), formula in self.formulas.items():
            phi = formula(x[i])
            if not np.isfinite(phi).all():
                raise OutOfBounds(_undefined(j, i, formula, x[i], phi))
            y[j] += phi
        return y

    def backward(self, x, dy):
        """dy = dL/dsums (n_sums, N) -> dL/dx (n_in, N); dL/dbias and dL/dparams into grad: y is their plain sum."""
        self.dbias[...] = dy.sum(axis=1)
        dx = np.zeros_like(x)
        for (j, i), formula in self.formulas.items():
            formula.slopes[...] = formula.gradient(x[i]) @ dy[j]
            dx[i] += dy[j] * formula.slope(x[i])
        return dx

    def tangent(self, x, dx, v):
        """How `forward` changes as the parameters go along v (size,) and x along dx (n_in, N; None: x stays)."""
        dy, end = np.repeat(v[: self.bias.size, None], x.shape[1], axis=1), self.bias.size
        for (j, i), formula in self.formulas.items():
            start, end = end, end + formula.params.size
            dy[j] += v[start:end] @ formula.gradient(x[i])
            dy[j] += 0 if dx is None else formula.slope(x[i]) * dx[i]
        return dy

    def jacobian(self, x, D, J):
        """As `KANLayer._jacobian`: D (N, outputs, n_sums) -> fills J (N, outputs, size); slopes (N, n_sums, n_in)."""
        J[..., : self.bias.size] = D
        slope, end = np.zeros((len(D), *self.kept.shape)), self.bias.size
        for (j, i), formula in self.formulas.items():
            start, end = end, end + formula.params.size
            J[..., start:end] = D[:, :, j, None] * formula.gradient(x[i]).T[:, None]
            slope[:, j, i] = formula.slope(x[i])
        return slope

    def edge_gradient(self, x, E, dsums, gradient):
        """Slopes E (N, n_sums, n_in) of each edge, dsums (N, n_sums) or None: fills gradient; -> phi' as `jacobian`."""
        gradient[: self.bias.size] = 0 if dsums is None else dsums.sum(axis=0)
        slope, end = np.zeros((x.shape[1], *self.kept.shape)), self.bias.size
        for (j, i), formula in self.formulas.items():
            start, end = end, end + formula.params.size
            gradient[start:end] = formula.gradient(x[i]) @ E[:, j, i]
            slope[:, j, i] = formula.slope(x[i])
        return slope


def _undefined(j, i, formula, x, phi):
    bad = ~np.isfinite(phi)
    return (f"the formula of edge ({j}, {i}), {formula}, has no value at {int(bad.sum())} of {bad.size} samples, the "
            f"first at x = {x[bad.argmax()]:.6g}: keep the data inside its domain, or choose another family")


def free(layer):
    """Which of a KAN layer's parameters may change, (P of the layer,) bool: all, until something was read off it."""
    if layer.snapped is None:
        return np.ones(layer.theta.size, dtype=bool)
    free = np.empty(layer.theta.size, dtype=bool)
    for part in layer._parts(free):
        if part is not None:
            part.T[...] = layer.snapped.live.T  # c has an axis more
    free[-layer.snapped.size :] = layer.snapped.free
    return free
