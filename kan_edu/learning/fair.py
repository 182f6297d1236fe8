"""What makes a comparison of two networks fair: as many numbers to train, and the work of a step counted.

Work is counted in multiply-adds: one product of two numbers, added to a sum. Not counted are tanh and silu, which a
node evaluates once for all its edges, and the few operations per number of Adam and L-BFGS, the same for every network.
"""

from itertools import pairwise

from kan_edu.checks.arguments import check_has, check_integer, check_widths, shown
from kan_edu.networks.kan import KAN
from kan_edu.networks.mlp import MLP
from kan_edu.networks.splinemlp import SplineMLP
from kan_edu.splines.bases import BSpline

from .objective import as_optimiser

HIDDEN = (1, 2, 3)  # numbers of hidden layers that are tried
ACTIVATIONS = ("tanh", "silu")
WITHIN = 0.1  # so much may the numbers of parameters differ


def n_params(widths):
    """Weights and biases of an MLP with these widths.

    >>> n_params([2, 20, 1])
    81
    """
    return _n_params(check_widths(widths))


def _n_params(widths):
    return sum((n + 1) * m for n, m in pairwise(widths))


def mlp_widths(n_in, n_out, P, hidden=1):
    """Widths of the MLP with `hidden` hidden layers whose number of parameters is nearest to P.

    The hidden layers are equally wide, or the first of them by one node wider.

    >>> mlp_widths(2, 1, 81), mlp_widths(2, 1, 75, hidden=2)
    ([2, 20, 1], [2, 7, 6, 1])
    """
    hidden, P = check_integer(hidden, "hidden", 1, 1000), check_integer(P, "P", 1)
    n_in, n_out = check_integer(n_in, "n_in", 1), check_integer(n_out, "n_out", 1)

    def widths(nodes):  # dealt out to the hidden layers one by one
        return [n_in, *(nodes // hidden + (layer < nodes % hidden) for layer in range(hidden)), n_out]

    few, nodes = hidden, hidden + P  # the least number of nodes with P parameters lies between: halve, again and again
    while few < nodes:
        middle = (few + nodes) // 2
        few, nodes = (few, middle) if _n_params(widths(middle)) >= P else (middle + 1, nodes)
    return min(widths(max(nodes - 1, hidden)), widths(nodes), key=lambda widths: abs(_n_params(widths) - P))


def near(widths, P):
    """Whether the MLP with these widths has P parameters within 10 %.

    >>> near([2, 20, 1], 75), near([2, 20, 1], 70)
    (True, False)
    """
    return abs(n_params(widths) - check_integer(P, "P", 1)) <= P // round(1 / WITHIN)


def mlps_like(model, *, hidden=HIDDEN, activations=ACTIVATIONS, seed=0):
    """MLPs with the model's inputs and outputs, and within 10 % as many parameters: a list, one for each pair tried.

    A number of hidden layers with which no MLP comes within 10 % is left out. ValueError if none is left.
    """
    check_has(model, None, "mlps_like")
    hidden, activations = _listed(hidden, "hidden", HIDDEN), _listed(activations, "activations", ACTIVATIONS)
    P, ends = model.n_params, (model.widths[0], model.widths[-1])
    shapes = [widths for depth in hidden if near(widths := mlp_widths(*ends, P, depth), P)]
    if not shapes:
        raise ValueError(f"no MLP with {ends[0]} inputs and {ends[1]} outputs has {P} parameters within 10 %; "
                         "give the model more parameters, or `hidden` other numbers of layers")  # fmt: skip
    return [MLP(widths, activation=name, seed=seed) for widths in shapes for name in activations]


def splinemlps_like(model, *, hidden=HIDDEN, G=5, seed=0):
    """As `mlps_like`, but MLPs that learn their activation, a cubic spline on G intervals for each hidden layer.

    >>> from kan_edu import KAN
    >>> [mlp.widths for mlp in splinemlps_like(KAN([2, 1, 1], G=20, k=5))]
    [[2, 18, 1], [2, 6, 6, 1], [2, 4, 4, 4, 1]]
    """
    check_has(model, None, "splinemlps_like")
    hidden, G = _listed(hidden, "hidden", HIDDEN), check_integer(G, "G", 1)
    P, ends, found = model.n_params, (model.widths[0], model.widths[-1]), []
    for depth in hidden:
        rest = P - check_integer(depth, "hidden", 1, 1000) * (G + 3)   # for weights and biases
        found.append(SplineMLP(mlp_widths(*ends, rest, depth), G=G, seed=seed) if rest > 0 else None)
    found = [mlp for mlp in found if mlp is not None and abs(mlp.n_params - P) <= P // round(1 / WITHIN)]
    if not found:
        raise ValueError(f"no MLP with learnt splines on {G} intervals has {P} parameters within 10 %; give the model "
                         "more parameters, or `hidden` or G smaller numbers")  # fmt: skip
    return found


def _listed(values, name, example):
    """ValueError for anything but a list of at least one value."""
    if not isinstance(values, list | tuple) or not values:
        raise ValueError(f"{name} is {shown(values)}; expected a list of at least one, such as {example}")
    return values


# --- the work of one step --------------------------------------------------------------------------------


def edge_products(layer):
    """Products on all edges of a layer for one sample: 1 an edge in an MLP, k+1 and the base in a KAN of splines."""
    _check_layer(layer)
    if not hasattr(layer, "basis"):
        return layer.W.size
    return layer.n_sums * layer.n_in * (_degree(layer) + 1 + layer.base)


def basis_products(layer):
    """Products for the values and slopes of the k+1 B-splines at one sample's inputs, however many edges use them.

    On equal intervals each of these 2 (k+1) numbers is a polynomial with k+1 coefficients (`bases.py`).
    """
    _check_layer(layer)
    return 2 * (_degree(layer) + 1) ** 2 * layer.n_in if hasattr(layer, "basis") else 0


def _check_layer(layer):
    if not (hasattr(layer, "basis") or hasattr(layer, "W")) or isinstance(layer, type):
        raise ValueError(f"the layer is {shown(layer)}; expected one of a model's, such as model.layers[0]")


def _degree(layer):
    if not isinstance(layer.basis, BSpline):
        raise ValueError(f"the count is for B-splines; this layer has {type(layer.basis).__name__}: use an MLP, or a "
                         "KAN with basis='bspline'")  # fmt: skip
    return layer.basis.order


def forward_work(model, N):
    """Multiply-adds of model.forward for N samples.

    >>> forward_work(MLP([2, 20, 1]), N=100)   # 2 * 20 + 20 * 1 for each sample
    6000
    """
    check_has(model, None, "counting")
    N = check_integer(N, "N", 1)
    return N * sum(edge_products(layer) + basis_products(layer) for layer in model.layers) + _scaling(model)


def backward_work(model, N):
    """Multiply-adds of model.backward: each edge again for its parameters, and once more for its input.

    The first layer needs no slope with respect to its input.
    """
    check_has(model, None, "counting")
    edges = [edge_products(layer) for layer in model.layers]
    N = check_integer(N, "N", 1)
    return N * (2 * sum(edges) - edges[0]) + 2 * _scaling(model)


def _scaling(model):
    """w_s times c, once for all samples: as many products as there are coefficients; none in an MLP."""
    return sum(layer.c.size for layer in model.layers if hasattr(layer, "w_s"))


def jacobian_work(model, N):
    """Multiply-adds of model.jacobian: forward, and every entry of J (N n_out, P) is one product."""
    return forward_work(model, N) + int(N) * model.widths[-1] * model.n_params


def normal_work(R, P):
    """Levenberg-Marquardt before it tries a step: J'J and J'r from J (R, P)."""
    R, P = check_integer(R, "R", 1), check_integer(P, "P", 1)
    return R * P * (P + 1)


def solve_work(P):
    """One solution of P linear equations: P^3 / 3, to the leading power."""
    return check_integer(P, "P", 1) ** 3 // 3


def marquardt_work(model, N):
    """One step of Levenberg-Marquardt that succeeds at the first try: J'J, one solution, three times residuals."""
    check_has(model, None, "counting")
    R, P = check_integer(N, "N", 1) * model.widths[-1], model.n_params
    return jacobian_work(model, N) + normal_work(R, P) + solve_work(P) + 3 * forward_work(model, N)


def refinement_work(model, ladder, N, *, steps=10):
    """One start of `fit_with_refinement(model, ..., grids=ladder, steps=steps)` on N samples, at most.

    5 times `steps` steps on the first grid, with so many samples as settle it, then `steps` on each grid of the ladder.
    """
    check_has(model, "c", "refinement_work")
    ladder, N, steps = _listed(ladder, "ladder", (5, 10)), check_integer(N, "N", 1), check_integer(steps, "steps", 1)
    k = _degree(model.layers[0])
    kans = [KAN(model.widths, G=check_integer(G, "a number of intervals", 1), k=k) for G in ladder]
    part = min(N, max(200, 10 * kans[0].n_params))
    return steps * (5 * marquardt_work(kans[0], part) + sum(marquardt_work(kan, N) for kan in kans))


def _prices(model, N):
    """Multiply-adds of a forward, a solution, a gradient and a Jacobian with its normal equations, for N samples."""
    R, P, forward = N * model.widths[-1], model.n_params, forward_work(model, N)
    return forward, solve_work(P), forward + backward_work(model, N), jacobian_work(model, N) + normal_work(R, P)


class Meter:
    """An optimiser that counts the work it causes: `spent` multiply-adds so far. Give it to `fit` in the other's place.

    It counts for one model and N samples a step: `fit` refuses any other number, and a model whose steps cost more or
    less, with a ValueError.

    >>> import numpy as np
    >>> from kan_edu import Adam, fit
    >>> model, meter = MLP([2, 20, 1]), None
    >>> meter = Meter(Adam(), model, N=100)
    >>> history = fit(model, np.zeros((100, 2)), np.zeros((100, 1)), steps=3, optimiser=meter)
    >>> meter.spent == 3 * (forward_work(model, 100) + backward_work(model, 100))
    True
    """

    def __init__(self, optimiser, model, N):
        check_has(model, None, "Meter")
        self.optimiser, self.spent, self.N = as_optimiser(optimiser), 0, check_integer(N, "N", 1)
        self.needs = getattr(self.optimiser, "needs", "gradient")
        self.forward, self.solve, self.gradient, self.jacobian = self.prices = _prices(model, N)

    def check_use(self, model, N):
        """ValueError for N samples a step other than it counts for, or a model whose steps cost something else."""
        if N != self.N:
            raise ValueError(f"the Meter counts the work of {shown(self.N)} samples a step, here there are {N}; make "
                             f"one for them: Meter(optimiser, model, N={N})")  # fmt: skip
        if _prices(model, N) != self.prices:
            raise ValueError(f"the Meter counts the work of another model than {shown(model)}, or of this one on "
                             f"another grid; make a new one: Meter(optimiser, model, N={N})")  # fmt: skip

    @property
    def stopped(self):
        return getattr(self.optimiser, "stopped", "")

    def restart(self):
        """As the optimiser's own; what was spent stays."""
        if hasattr(self.optimiser, "restart"):
            self.optimiser.restart()

    def step(self, theta, *asked):
        """As the optimiser's own; the work of what it asks for is added up."""
        if self.needs == "gradient":
            self.spent += self.gradient
            return self.optimiser.step(theta, *asked)
        if self.needs == "evaluate":
            return self.optimiser.step(theta, self._counted(*asked, self.gradient))
        if self.needs == "curvature":
            evaluate, curvature = asked
            return self.optimiser.step(theta, self._counted(evaluate, self.gradient), self._products(curvature))
        residuals, jacobian = asked
        before = self.spent
        tried = self._counted(residuals, self.forward + self.solve)
        value = self.optimiser.step(theta, tried, self._counted(jacobian, self.jacobian))
        self.spent -= min(2 * self.solve, self.spent - before)   # asked twice before the first solution
        return value

    def _products(self, curvature):
        """A forward for the place; then each way forward of a direction and back is as dear as a gradient."""
        def answer():
            self.spent += self.forward
            return [self._counted(ask, self.gradient) for ask in curvature()]
        return answer

    def _counted(self, ask, price):
        def answer(*given):
            self.spent += price
            return ask(*given)
        return answer
