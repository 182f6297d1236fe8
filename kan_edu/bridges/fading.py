"""Splines that fade to zero beyond their grid, as other packages have them; here they go on as straight lines.

Both are sums of the same B-splines. Elsewhere the knots t_0 .. t_{G+2k} reach k intervals beyond the grid
[t_k, t_{G+k}]; there the sum fades, and from t_0 outwards it is 0. So it is a spline on the wider grid t_0 .. t_{G+2k},
whose outermost k coefficients are 0 on each side: value and slope are 0 at its ends, and it goes on as the straight
line 0. That is how such a spline becomes one of ours, exactly and everywhere. The way back is as exact where those
coefficients are 0; where they are not, the two agree on the grid alone. Source: C. de Boor, A Practical Guide to
Splines (1978), chapter IX.
"""

import warnings
from typing import NamedTuple

import numpy as np

from kan_edu.checks.arguments import check_flag, check_has
from kan_edu.networks import grids
from kan_edu.networks.formulas.snapped import EdgeFormula, Snapped
from kan_edu.networks.kan import KAN
from kan_edu.splines import bspline
from kan_edu.splines.bases import BSpline


class BeyondGrid(UserWarning):
    """Beyond the grids the two models differ: one has straight lines there, the other's splines fade to zero."""


class Fading(NamedTuple):
    """One layer of a network elsewhere: y_j = bias_j + sum_i w_b silu(x_i) + w_s sum_m c_m B_m(x_i), or a formula.

    knots (n_in, G+2k+1); c (n_sums, n_in, G+k); w_s, w_b, kept (n_sums, n_in); bias (n_sums,); the last 2 `products` of
    the sums are multiplied in pairs; formulas {(j, i): (name, (a, b, c))}, whose splines and w_b count nothing;
    line (n_sums, n_in) or None: so many times x_i besides.
    """

    knots: np.ndarray
    c: np.ndarray
    w_s: np.ndarray
    w_b: np.ndarray
    bias: np.ndarray
    products: int = 0
    formulas: dict = {}  # noqa: RUF012 (never changed)
    kept: np.ndarray | None = None
    line: np.ndarray | None = None


def padding(k):
    """So many zeros stand for a spline of degree k that has faded: a straight piece (k = 1) needs one more."""
    return max(k, 2)


def network(layers, dtype, fade, package, stacklevel=3):
    """A KAN that computes what the layers (a list of Fading) compute; `package`: whose they are, for the words.

    fade True: everywhere, on grids that are k intervals wider on each side. False: on the grids, which keep their
    intervals; beyond them it goes on straight, and a BeyondGrid warning says so. ValueError for grids that do not
    increase.
    """
    check_flag(fade, "fade")
    shape = [layers[0].knots.shape[0]]
    for layer in layers:
        sums, p = len(layer.bias) - 2 * layer.products, layer.products
        shape.append((sums, p) if p else sums)
    k = layers[0].knots.shape[1] - 1 - layers[0].c.shape[2]
    model = KAN(shape, G=1, k=k, dtype=dtype)
    for number, (ours, theirs) in enumerate(zip(model.layers, layers, strict=True)):
        _fill(ours, theirs, fade, number)
    model.join()
    if not fade:
        warnings.warn(f"beyond its grids this model goes on straight, where {package}'s splines fade to 0: the two "
                      "agree where all values in all layers lie on the grids. fade=True keeps them the same everywhere",
                      BeyondGrid, stacklevel=stacklevel)  # fmt: skip
    return model


def _fill(ours, theirs, fade, number):
    """Give a layer of ours what the layer `theirs` (a Fading) has."""
    k = theirs.knots.shape[1] - 1 - theirs.c.shape[2]
    kept = np.ones(theirs.w_s.shape, dtype=bool) if theirs.kept is None else theirs.kept
    if theirs.formulas or theirs.bias.any() or not kept.all():
        ours.kept[...] = kept
        ours.snapped = Snapped(ours.kept, ours.formulas)
        for edge, (name, params) in theirs.formulas.items():
            ours.formulas[edge] = EdgeFormula(name, params)
        ours.snapped.bias[...] = theirs.bias
    try:
        grid, c = _wider(theirs.knots, theirs.c, k) if fade else (theirs.knots[:, k:-k], None)
        ours.use(BSpline(grid, k))
    except ValueError as error:
        raise ValueError(f"layer {number}: {error}") from None
    ours.c[...] = _on_our_knots(theirs, ours.basis.knots, k) if c is None else c
    ours.w_s[...], ours.w_b[...] = theirs.w_s, theirs.w_b
    if theirs.line is not None:  # x = sum_m xi_m B_m(x), xi_m the mean of k knots: there, and on beyond the grid
        means = np.stack([ours.basis.knots[:, m + 1 : m + k + 1].mean(axis=1) for m in range(ours.basis.M)], axis=1)
        ours.c[...] = theirs.w_s[:, :, None] * ours.c + theirs.line[:, :, None] * means
        ours.w_s[...] = 1


def _wider(knots, c, k):
    """The knots as grid points, with one more on each side where k = 1, and the coefficients with zeros around."""
    more = padding(k) - k  # 1 or 0
    before, after = 2 * knots[:, :1] - knots[:, 1:2], 2 * knots[:, -1:] - knots[:, -2:-1]
    zeros = [(0, 0), (0, 0), (padding(k), padding(k))]
    return np.concatenate([before[:, :more], knots, after[:, :more]], axis=1), np.pad(c, zeros)


def _on_our_knots(theirs, knots, k):
    """The coefficients c (n_sums, n_in, M) of the same curves on the grid, for knots that may differ beyond it."""
    c = np.empty(theirs.c.shape)
    for i, (t, ours) in enumerate(zip(theirs.knots.astype(float), knots.astype(float), strict=True)):
        clamped = bspline.clamped_knots(t[k:-k], k)
        places = np.stack([clamped[m + 1 : m + k + 1].mean() for m in range(c.shape[2])])  # one for each coefficient
        values = bspline.basis(places, t, k) @ theirs.c[:, i].T.astype(float)
        c[:, i] = np.linalg.solve(bspline.basis(places, ours, k), values).T
    return c


def layers_of(model, X, package):
    """The layers of a KAN as a list of Fading, for `package`; X (N, n_in): samples that they are to serve, or None.

    Where the model's splines have faded at the ends of all grids, as those that `network` made have, the grids become
    narrower again and the two agree everywhere. Else they agree on the grids: ValueError if samples of X reach beyond
    one of these, and without X a BeyondGrid warning. ValueError for another model and other bases.
    """
    check_has(model, None, f"a bridge to {package}")
    if not isinstance(model, KAN):
        raise ValueError(f"the model is {model!r}; expected a KAN of B-splines")
    for number, layer in enumerate(model.layers):
        if not isinstance(layer.basis, BSpline) or layer.basis.order == 0:
            kind = f"{type(layer.basis).__name__} of degree {layer.basis.order}"
            raise ValueError(f"layer {number} has the basis {kind}; {package} has B-splines of degree 1 or more: make "
                             "the model with basis='bspline'")  # fmt: skip
    narrow = all(_faded(layer) for layer in model.layers)
    if not narrow:
        _check_reach(model, X, package)
    return [_fading(layer, narrow) for layer in model.layers]


def _faded(layer):
    """Whether all of the layer's splines are 0 at both ends of their grid, and there are intervals left within."""
    p = padding(layer.basis.order)
    live = layer.c * layer.weights()[0][:, :, None]
    return layer.basis.G > 2 * p and not (live[..., :p].any() or live[..., -p:].any())


def _fading(layer, narrow):
    k, (w_s, w_b) = layer.basis.order, layer.weights()
    knots, c = layer.basis.knots, layer.c
    if narrow:
        p = padding(k)
        knots, c = layer.basis.grid[:, p - k : layer.basis.G + 1 - (p - k)], layer.c[..., p:-p]
    bias = layer.snapped.bias if layer.snapped else np.zeros(layer.n_sums)
    formulas = {edge: (formula.name, tuple(formula.params.tolist())) for edge, formula in layer.formulas.items()}
    products = layer.products.p if layer.products else 0
    return Fading(knots, c, w_s, np.zeros_like(w_s) if w_b is None else w_b, bias, products, formulas, layer.kept)


def _check_reach(model, X, package):
    beyond = f"beyond its grid a spline of {package} fades to 0, where this model goes on straight"
    if X is None:
        warnings.warn(f"{beyond}: the two agree where all values in all layers lie on the grids. Give samples, X=..., "
                      "to have that looked at", BeyondGrid, stacklevel=4)  # fmt: skip
        return
    for number, layer in enumerate(grids.coverage(model, X)):
        if layer.outside.any():
            i = int(layer.outside.argmax())
            raise ValueError(f"{layer.outside[i]:.2%} of the samples reach input {i} of layer {number} beyond its grid "
                             f"[{layer.ends[i, 0]:.4g}, {layer.ends[i, 1]:.4g}]; {beyond}. Move the grids to the "
                             "samples, which fits the curves anew, and compare: grids.update(model, X)")  # fmt: skip


def check_plain(layers, package, products=False, formulas=False, bias=False):
    """ValueError that names what the layers hold and `package` has no place for."""
    for number, layer in enumerate(layers):
        words = []
        if layer.products and not products:
            words.append(f"{layer.products} nodes that multiply")
        if layer.formulas and not formulas:
            (j, i), (name, _) = next(iter(layer.formulas.items()))
            words.append(f"edges that are formulas, such as {name} on edge ({number}, {j}, {i})")
        if layer.bias.any() and not bias:
            words.append("sums with a constant, of edges that were removed or read")
        if words:
            raise ValueError(f"layer {number} has {' and '.join(words)}, for which {package} has no place; write the "
                             "model as it was before, or as a file of kan_edu: model.save(path)")  # fmt: skip
