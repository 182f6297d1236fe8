"""A KAN in the plain operators of ONNX: Cox and de Boor's recursion, silu, sums and products.

Each function adds nodes to a `Graph` and returns the name of what they compute. Samples are rows, as in a KAN's X.
"""

import numpy as np

from kan_edu.splines.coxdeboor import per_width


class Graph:
    """A list of nodes and the constants that they use, all of one type: float64 or float32."""

    def __init__(self, onnx, dtype):
        self.onnx, self.dtype, self.nodes, self.constants = onnx, np.dtype(dtype), [], []

    def constant(self, values, dtype=None):
        """Keep an array in the file, as numbers of the graph's type or of `dtype`; returns its name."""
        name = f"c{len(self.constants)}"
        array = np.ascontiguousarray(values, dtype=dtype or self.dtype)
        self.constants.append(self.onnx.numpy_helper.from_array(array, name))
        return name

    def add(self, operator, *inputs, output=None, **attributes):
        """A node; arrays among its inputs become constants. Returns the name of its output."""
        names = [x if isinstance(x, str) else self.constant(x) for x in inputs]
        output = output or f"n{len(self.nodes)}"
        self.nodes.append(self.onnx.helper.make_node(operator, names, [output], **attributes))
        return output

    def part(self, x, start, end):
        """x[..., start:end] along its last axis."""
        ends = [self.constant([n], np.int64) for n in (start, end, -1)]
        return self.add("Slice", x, *ends)

    def columns(self, x, which):
        """x[:, which] of a matrix."""
        return self.add("Gather", x, self.constant(which, np.int64), axis=1)

    def shaped(self, x, *shape):
        """x in another shape; 0 keeps a length, -1 takes what is left."""
        return self.add("Reshape", x, self.constant(shape, np.int64))


def layer(graph, x, layer):
    """What a KANLayer makes of x (N, n_in): the nodes, (N, n_out)."""
    w_s, w_b = layer.weights()
    C = (w_s[:, :, None] * layer.c).reshape(len(w_s), -1)  # (n_sums, n_in M)
    functions = graph.shaped(bsplines(graph, x, layer.basis), 0, C.shape[1])
    y = graph.add("MatMul", functions, C.T)
    if w_b is not None:
        silu = graph.add("Mul", x, graph.add("Sigmoid", x))
        y = graph.add("Add", y, graph.add("MatMul", silu, w_b.T))
    if layer.snapped:
        y = graph.add("Add", y, layer.snapped.bias[None])
    return products(graph, y, layer.products) if layer.products else y


def bsplines(graph, x, basis):
    """All G+k functions of each input, x (N, n_in) -> (N, n_in, G+k); straight lines beyond the ends of the grid."""
    t, k = basis.knots, basis.order
    nearest = graph.add("Max", graph.add("Min", x, basis.grid[None, :, -1]), basis.grid[None, :, 0])
    upright = graph.constant([2], np.int64)
    x, nearest = graph.add("Unsqueeze", x, upright), graph.add("Unsqueeze", nearest, upright)  # (N, n_in, 1)
    lower, upper = t[:, :-1].copy(), t[:, 1:].copy()
    last = basis.M - 1  # the interval that ends where the grid does: it keeps its right end, those after it are empty
    upper[:, last], lower[:, last + 1 :] = np.inf, np.inf
    begun, open_ = graph.add("GreaterOrEqual", nearest, lower[None]), graph.add("Less", nearest, upper[None])
    inside = graph.add("And", begun, open_)
    B = graph.add("Where", inside, np.ones(1), np.zeros(1))
    past, slopes = graph.add("Sub", nearest, t[None]), None
    for d in range(1, k + 1):
        share, T = graph.add("Mul", B, per_width(t, d)[None]), t.shape[1]
        if d == k:
            steep = graph.add("Mul", share, np.full(1, d))
            slopes = graph.add("Sub", graph.part(steep, 0, T - 1 - d), graph.part(steep, 1, T - d))
        up = graph.add("Mul", graph.part(past, 0, T - 1 - d), graph.part(share, 0, T - 1 - d))
        down = graph.add("Mul", graph.part(past, d + 1, T), graph.part(share, 1, T - d))
        B = graph.add("Sub", up, down)
    if slopes is None:  # constants stay constant
        return B
    return graph.add("Add", B, graph.add("Mul", graph.add("Sub", x, nearest), slopes))


def products(graph, y, pairs):
    """Of s + 2p sums the first s as they are, then u v of each pair: (N, s + 2p) -> (N, s + p)."""
    s, end = pairs.s, pairs.s + 2 * pairs.p
    uv = graph.add("Mul", graph.columns(y, range(s, end, 2)), graph.columns(y, range(s + 1, end, 2)))
    return graph.add("Concat", graph.columns(y, range(s)), uv, axis=1) if s else uv
