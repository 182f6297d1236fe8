"""Where a KAN's grids lie: how well they cover the data, what two sets of data share, moving them, making them finer.

An edge learns only where its grid meets samples. The functions here change a model in place and keep what it
computes: exactly when a grid is divided, as closely as the new grid allows when it moves.
Source: arXiv 2404.19756, sections 2.2 (grid update) and 2.4 (grid extension).
"""

from contextlib import contextmanager
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from kan_edu.checks.arguments import check_flag, check_has, check_integer, check_number, check_room
from kan_edu.checks.arrays import check_matrix
from kan_edu.splines.bases import BSpline, check_grid
from kan_edu.splines.fit import refine

from . import flat


class LayerCoverage(NamedTuple):
    """How the samples meet one layer's grids; every array has one entry per input."""

    outside: np.ndarray  # (n_in,) share of the samples beyond the grid's ends
    empty: np.ndarray  # (n_in,) number of grid intervals that no sample reaches
    seen: np.ndarray  # (n_in, 2) smallest and largest value that arrived
    ends: np.ndarray  # (n_in, 2) the grid's ends


def layer_inputs(model, X):
    """What arrives at each layer: a list of (N, n_in) arrays, one per layer."""
    check_has(model, "basis", "this")
    inputs = [check_matrix(X, "X", model.widths[0], f"(a KAN with widths {model.widths})")]
    for layer in flat.shadow(model).layers[:-1]:  # a look: `backward` still finds the last forward
        inputs.append(layer._forward(inputs[-1]))
    return inputs


def coverage(model, X):
    """A list of one LayerCoverage per layer, for the samples X (N, n_in)."""
    inputs = layer_inputs(model, X)
    return [_cover(layer.basis.grid, H) for layer, H in zip(model.layers, inputs, strict=True)]


def _cover(grid, H):
    lo, hi = grid[:, 0], grid[:, -1]
    counts = [np.histogram(h, bins=points)[0] for h, points in zip(H.T, grid, strict=True)]
    empty = np.array([(count == 0).sum() for count in counts])
    seen = np.stack([H.min(axis=0), H.max(axis=0)], axis=1)
    return LayerCoverage(((H < lo) | (hi < H)).mean(axis=0), empty, seen, np.stack([lo, hi], axis=1))


def overlap(model, X_old, X_new):
    """How much of each input's basis two sets of samples share: a list of one array (n_in,) per layer, values 0 .. 1.

    A basis function is in use if it is not zero at some sample; counted are those that X_old (N, n_in) and X_new
    (M, n_in) both use, divided by all. Training on X_new moves the coefficients of the functions that X_new uses and
    of no others. So where every input of every layer has 0, and only coefficients are trained, what was learned at
    X_old stays exactly; w_s and w_b are used by all samples. Chebyshev and Fourier functions are in use everywhere.
    Of a hidden layer the answer holds for the model as it stands: training moves what arrives there.
    Source: the overlap of activation supports of arXiv 2511.12828.

    >>> from kan_edu import KAN
    >>> left, right = np.array([[-0.9], [-0.8]]), np.array([[0.8], [0.9]])
    >>> overlap(KAN([1, 1], G=10), left, right)[0].tolist()
    [0.0]
    """
    inputs = zip(layer_inputs(model, X_old), layer_inputs(model, X_new), strict=True)
    return [(_in_use(layer.basis, old) & _in_use(layer.basis, new)).mean(axis=1)
            for layer, (old, new) in zip(model.layers, inputs, strict=True)]  # fmt: skip


def _in_use(basis, H):
    """Which functions are not zero at some sample: H (N, n_in) -> (n_in, M) bool."""
    return (basis._both(H)[0] != 0).any(axis=0)


def update(model, X, *, margin=0.1, adaptive=0.0, keep_inputs=False):
    """Move every grid to where the samples X (N, n_in) arrive, layer by layer.

    The new range is the samples' range and `margin` times its width on each side; the grid of a constant input is
    shifted, if it must be, until the constant is in its middle. `adaptive` = 0 spaces the points equally, 1 puts
    equally many samples between them. `keep_inputs` leaves the first layer alone (its range is often known).
    Coefficients are fitted to the old functions on points all over the new grid, not on samples, so none of them is
    left to chance.
    Raises ValueError for NaN, wrong shapes, a negative margin, adaptive outside [0, 1]; the model is then unchanged.
    """
    check_has(model, "basis", "grids.update")
    margin, adaptive = check_number(margin, "margin", 0), check_number(adaptive, "adaptive", 0, 1)
    keep_inputs = check_flag(keep_inputs, "keep_inputs")
    X = check_matrix(X, "X", model.widths[0], f"(a KAN with widths {model.widths})")
    with _all_or_nothing(model):
        for number, layer in enumerate(model.layers):
            if number or not keep_inputs:
                old = layer.basis
                grid = [_place(x, row, margin, adaptive) for x, row in zip(X.T, old.grid, strict=True)]
                _refit(layer, type(old)(np.array(grid), old.order))
            X = layer._forward(X)


def _place(x, old, margin, adaptive):
    """New grid points for one input, as many as before: x (N,), old (G+1,) -> (G+1,)."""
    width = x.max() - x.min()
    if not width > 1e-12 * max(1.0, np.abs(x).max()):
        return old if old[0] <= x.min() and x.max() <= old[-1] else _around(x.mean(), old)
    room = margin * width
    even = np.linspace(x.min() - room, x.max() + room, len(old))
    if adaptive == 0:
        return even
    share = np.quantile(x, np.linspace(0, 1, len(old)))
    share[0], share[-1] = even[0], even[-1]
    points = (1 - adaptive) * even + adaptive * share
    # Many equal samples would put points on top of each other; a KAN's knots must stay distinct.
    least = 1e-3 * (even[1] - even[0])
    points = np.maximum.accumulate(points - least * np.arange(len(old))) + least * np.arange(len(old))
    return even[0] + (points - points[0]) * (even[-1] - even[0]) / (points[-1] - points[0])


def _around(value, old):
    """As many points as before, and as far apart, around a value; farther where float64 could not tell them apart."""
    half = max((old[-1] - old[0]) / 2, 1e-6 * abs(value))
    return np.linspace(value - half, value + half, len(old))


def reach(grid):
    """How far from zero the grid of each input goes, and at least 1: (n_in, points) -> (n_in,). ValueError: no grid."""
    return np.maximum(1, np.abs(_sound(grid)).max(axis=1))


def _sound(grid):
    """The grid, (n_in, points) floats; ValueError for no grid, and for one of no inputs."""
    grid = check_grid(grid)
    if len(grid) == 0:
        raise ValueError(f"the grid has shape {grid.shape}; expected (n_in, points) with at least one input")
    return grid


def place_hidden(model):
    """Put the hidden grids of a new KAN where its values arrive; on [-1, 1] they stay if its inputs' grids lie there.

    Inputs spread over the first layer's grids are sent through. Half the width of what arrives is added on each side,
    since training moves it. The parameters stay.
    """
    check_has(model, "basis", "grids.place_hidden")
    lo, hi = model.layers[0].basis.grid[:, 0], model.layers[0].basis.grid[:, -1]
    if (lo == -1).all() and (hi == 1).all():
        return
    share = np.random.default_rng(0).uniform(size=(200, len(lo)))
    X = lo * (1 - share) + hi * share
    for layer, after in pairwise(model.layers):
        X = layer._forward(X)
        old = after.basis
        grid = np.array([_place(x, row, 0.5, 0) for x, row in zip(X.T, old.grid, strict=True)])
        _replace(after, type(old)(grid, old.order), after.c.copy())


def extend(model, G):
    """Give every edge G grid intervals instead of its present number (which may only grow).

    When G is a multiple of the present number, every interval is divided and the network's outputs stay the
    same to rounding (knot insertion). Otherwise the coefficients are fitted on points all over the grid.
    Raises ValueError for a basis that is not a B-spline, or a smaller G; the model is then unchanged.
    """
    check_has(model, "basis", "grids.extend")
    G = check_finer(model, G)
    for layer in model.layers:
        if not isinstance(layer.basis, BSpline):
            raise ValueError(f"grid extension needs B-splines; this model has {type(layer.basis).__name__}")
        if layer.basis.G > G:
            raise ValueError(f"G = {G} is coarser than the present grid of {layer.basis.G} intervals; pick a larger G")
    with _all_or_nothing(model):
        for layer in model.layers:
            _extend(layer, BSpline(layer.basis.grid, layer.basis.order), G)  # float32 would not find its knots again


def check_finer(model, G):
    """Return G, or raise a ValueError where a model with G intervals an edge would take more than the memory."""
    G = check_integer(G, "G", 1)
    edges = sum(layer.n_sums * layer.n_in for layer in model.layers)
    check_room(6 * edges * (G + max(layer.basis.order for layer in model.layers) + 2), f"a model with G = {G}",
               "choose a smaller G")  # fmt: skip
    return G


def _extend(layer, old, G):
    if G % old.G == 0:
        new = BSpline(divide(old.grid, G // old.G), old.order)
        knots = zip(old.knots, new.knots, strict=True)
        c = [refine(layer.c[:, i], t, old.order, t_new) for i, (t, t_new) in enumerate(knots)]
        _replace(layer, new, np.stack(c, axis=1))
    else:
        places = np.linspace(0, old.G, G + 1)  # as many old intervals as before, counted in fractions
        grid = np.array([np.interp(places, np.arange(old.G + 1), row) for row in old.grid])
        _refit(layer, BSpline(grid, old.order))


@contextmanager
def _all_or_nothing(model):
    """Join the layers' new parameters at the end; if something fails before, the layers become what they were."""
    before = flat.remember(model)
    try:
        yield
    except BaseException:
        flat.put_back(model, before)
        raise
    finally:
        model.join()


def divide(grid, parts):
    """Cut each interval into equal parts: (n_in, G+1) -> (n_in, parts G + 1); the old points stay bit for bit."""
    grid, parts = _sound(grid), check_integer(parts, "parts", 1)
    check_room(3 * grid.size * parts, f"a grid in {parts} parts an interval", "choose fewer parts")
    steps = np.arange(parts) / parts
    inner = grid[:, :-1, None] + np.diff(grid)[:, :, None] * steps
    return np.concatenate([inner.reshape(len(grid), -1), grid[:, -1:]], axis=1)


def _refit(layer, basis):
    """Put the layer on a new basis, with coefficients that follow the old functions on the new grid."""
    X = divide(basis.grid, 4 * (layer.basis.M // basis.grid.shape[1] + 2)).T  # (points, n_in)
    if basis.M > MANY and isinstance(basis, BSpline):
        return _replace(layer, basis, _coefficients(layer, basis, X.T))
    old = np.einsum("nim,jim->inj", layer.basis._both(X)[0], layer.c)  # (n_in, points, n_sums)
    new = basis._both(X)[0].transpose(1, 0, 2)  # (n_in, points, M)
    c = [np.linalg.lstsq(A, s, rcond=1e-12)[0].T for A, s in zip(new, old, strict=True)]
    _replace(layer, basis, np.stack(c, axis=1))


MANY = 100  # coefficients of an edge, from which on zeros are worth leaving out


def _coefficients(layer, basis, x):
    """Least squares by normal equations, from the k+1 functions that are not zero: x (n_in, points) -> c.

    The points lie in every interval, so the equations are well conditioned; G^3 operations in place of 12 G^3 and G^2
    numbers in place of 24 G^2 for each input.
    """
    check_room(2 * basis.M**2, f"least squares for the {basis.M} coefficients of an edge",
               "choose a smaller G, or a multiple of the present one: then each interval is divided")  # fmt: skip
    k, c = basis.order, np.empty((layer.n_sums, layer.n_in, basis.M))
    first, values, _ = basis._local(x)  # (n_in, points), (k+1, n_in, points)
    begin, old, _ = layer.basis._local(x)
    for i in range(layer.n_in):
        near = layer.c[:, i][:, begin[i] + np.arange(layer.basis.order + 1)[:, None]]  # (n_sums, k+1, points)
        s = (near * old[:, i]).sum(axis=1)  # (n_sums, points)
        A, b, columns = np.zeros((basis.M, basis.M)), np.zeros((basis.M, layer.n_sums)), first[i]
        for p in range(k + 1):
            np.add.at(b, columns + p, values[p, i][:, None] * s.T)
            for q in range(k + 1):
                np.add.at(A, (columns + p, columns + q), values[p, i] * values[q, i])
        c[:, i] = np.linalg.solve(A, b).T
    return c


def _replace(layer, basis, c):
    w_s, w_b = layer.w_s.copy(), layer.base and layer.w_b.copy()
    layer.use(basis)
    layer.c[...], layer.w_s[...] = c, w_s
    if layer.base:
        layer.w_b[...] = w_b
