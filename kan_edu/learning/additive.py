"""Additive models without training: the curves of a KAN with one layer, by least squares that prefer smooth curves.

On fixed grids y = mean + sum_i phi_i(x_i), phi_i(x) = sum_m c_{i,m} B_m(x), is linear in c. So the c that minimise

    1/N sum_n (y_n - mean - sum_i phi_i(x_{n,i}))^2  +  smoothing sum_i |D c_i|^2

follow in one calculation; D c_i are the second differences of an edge's coefficients, zero for a straight line. This is
the statistician's generalised additive model (Hastie and Tibshirani, 1990) with the penalty of P-splines (Eilers and
Marx, Statistical Science 11, 1996). How strong it is, generalised cross-validation tells (Craven and Wahba, Numerische
Mathematik 31, 1979): the prediction depends linearly on y, so the error at a sample that is left out can be
estimated without leaving one out,

    GCV = mean square residual / (1 - freedom / N)^2,    freedom = sum_n d prediction_n / d y_n,

where freedom counts the numbers that the data settle: 1 + n_in for straight lines, more the more the curves may bend.
Near its least it hardly changes, and on some samples it is least with next to no penalty; curves then leave for the sky
where few samples hold them. So freedom costs 1.4 times as much in the choice (Kim and Gu, Journal of the Royal
Statistical Society B 66, 2004), while `gcv` stays the estimate.
"""

from typing import NamedTuple

import numpy as np

from kan_edu.checks.arguments import check_has, check_number, check_room
from kan_edu.networks import grids
from kan_edu.splines.bases import BSpline

from .learnt import warn_if_little
from .loop import check_data
from .refinement import covered, rmse
from .strays import warn_of_strays
from .threads import one_thread

LADDER = np.logspace(8, -16, 241)  # strengths that are tried: from straight lines to next to no penalty
PRICE = 1.4  # of a degree of freedom, in the choice
LARGEST = 1e12  # a strength beyond which rounding would bend the straight lines that it leaves
ROUNDING = 1e-14  # of the size of y: what is closer to y has met it
LEAST_SPARE = 1e-9  # of the samples' freedom: less is rounding
UNSEEN = 1e-10  # of the largest: a combination of coefficients so small at all samples is not seen by them


class AdditiveFit(NamedTuple):
    """What `fit_additive` chose; every array has one entry for each output."""

    smoothing: np.ndarray  # (n_out,) strength of the penalty
    freedom: np.ndarray  # (n_out,) effective degrees of freedom, from 1 (a constant) to N
    gcv: np.ndarray  # (n_out,) estimate of the mean square error on new samples; inf for curves through all samples


def fit_additive(model, X, Y, *, smoothing=None):
    """Fill a KAN of widths [n_in, n_out] with smooth curves for X (N, n_in), Y (N, n_out) or (N,); an AdditiveFit.

    smoothing   strength of the penalty on second differences of coefficients, from 0 to 1e12 for all outputs; None: for
                each output the one of 1e-16, ..., 1e8 (ten a decade) with the least generalised cross-validation
                score, in which a degree of freedom counts 1.4 times

    No training and no random number: one solution of linear equations, the same whenever it is asked for. Afterwards
    w_s = 1 and w_b = 0, since splines can bend as silu does, and silu would be one more curve that no penalty sees. A
    constant could stand on any edge, for an edge's B-splines add up to 1: each curve has mean 0 over X, and the mean of
    Y is dealt out to the edges of a sum alike. The grids are moved to X where they do not fit it. An interval without
    samples, between two numbers of cylinders, say, is bridged smoothly; so G may be large, 10 or 20: the penalty
    decides how much a curve bends. Warns (LearntLittle) where little was learnt and the scale of the data tells why.
    Warns (StrayCells) of cells far from all others of their column, such as -9999 for a value that is missing.
    Raises ValueError for a model with more layers, another basis, degree 0, nodes that multiply or edges that were
    read; for data that do not fit, fewer than n_in + 2 samples, a strength that is none, and more than the memory
    holds. The model is then unchanged.
    Sources: see the top of this file.

    >>> from kan_edu import KAN
    >>> x = np.linspace(-1, 1, 50)[:, None]
    >>> model = KAN([1, 1], G=10)
    >>> fit_additive(model, x, 3 * x + 2).freedom.round(3)   # a straight line has two numbers
    array([2.])
    >>> model([[0.5]]).round(6)
    array([[3.5]])
    """
    layer = _check_one_layer(model)
    X, Y = check_data(model, X, Y, "training")
    strengths = LADDER if smoothing is None else np.array([check_number(smoothing, "smoothing", 0, LARGEST)])
    _check_enough(len(X), layer)
    warn_of_strays(X, Y)
    if not covered(model, X):
        grids.update(model, X)
    basis = BSpline(layer.basis.grid, layer.basis.order)  # in float64: in float32 the B_m add up to 1 with rounding
    with one_thread():
        B = basis._both(X)[0]  # (N, n_in, M)
        power, mean = np.frexp(np.abs(Y).max(axis=0))[1], Y.mean(axis=0)  # Y / 2^power is exact, and has squares
        c, result = _solve(B - B.mean(axis=0), bending(basis), np.ldexp(Y - mean, -power), strengths)
    c = np.ldexp(c, power).T.reshape(layer.c.shape)
    constants = mean[:, None] / layer.n_in - np.einsum("im,jim->ji", B.mean(axis=0), c)  # the B_m add up to 1
    layer.c[...], layer.w_s[...] = c + constants[:, :, None], 1
    if layer.base:
        layer.w_b[...] = 0
    warn_if_little(model, X, Y, rmse(model, X, Y))
    return result._replace(gcv=np.ldexp(result.gcv, 2 * power))


def bending(basis):
    """D, so that D c are the second differences of all edges' coefficients: (n_in (M-2), n_in M), blocks of bands.

    On a grid of unequal intervals they are differences of slopes, (c_{m+1} - c_m) / (g_{m+1} - g_m), with g_m the mean
    of the k knots inside B_m, times the mean step: zero for straight lines there as well (c_m = g_m is the line x).
    """
    n_in, M, k = len(basis.grid), basis.M, basis.order
    D = np.zeros((n_in, M - 2, n_in, M))
    for i, t in enumerate(basis.knots):
        g = np.array([t[m + 1 : m + 1 + k].mean() for m in range(M)])
        steps = np.diff(g) / np.diff(g).mean()
        D[i, :, i] = np.diff(np.diff(np.eye(M), axis=0) / steps[:, None], axis=0)
    return D.reshape(-1, n_in * M)


def compressed(A, Y):
    """Fewer rows, P + n_out at most, with the same sums of products A'A, A'Y and Y'Y: A (N, P), Y (N, n_out).

    They are the triangle R of (A, Y) = Q R: the orthogonal Q turns the samples, which changes no length and no angle.
    """
    R = np.linalg.qr(np.hstack([A, Y]), mode="r")
    return R[:, : A.shape[1]], R[:, A.shape[1] :]


class Modes(NamedTuple):
    """Combinations of coefficients, c = to_c z, in which least squares and penalty fall apart: each z_r by itself.

    |A c|^2 = sum_r size_r^2 z_r^2 and |D c|^2 = sum_r bent_r z_r^2, with size_r^2 + bent_r = 1. Column r of `shapes`
    (rows of A, R) is what mode r looks like at the samples, in length 1. (Demmler and Reinsch, Numerische Mathematik
    24, 1975.)
    """

    shapes: np.ndarray
    size: np.ndarray
    bent: np.ndarray
    to_c: np.ndarray


def modes(A, D):
    """The Modes of A (rows, P), basis functions at the samples, and D (rows, P), second differences.

    The singular vectors U of A on top of D have length 1; how much of it lies in A's rows, their singular values tell.
    What neither A nor D sees is left out: a constant on an edge, or what equal columns of X share. So the solution is
    the one of least norm.
    """
    U, both, V = np.linalg.svd(np.vstack([A, D]), full_matrices=False)
    seen = both > UNSEEN * both[0]
    U, whiten = U[:, seen], V[seen].T / both[seen]
    shapes, size, turn = np.linalg.svd(U[: len(A)], full_matrices=False)
    bent = ((U[len(A) :] @ turn.T) ** 2).sum(axis=0)
    return Modes(shapes, np.where(size > UNSEEN, size, 0), bent, whiten @ turn.T)


def _solve(B, D, Y, strengths):
    """The best of the strengths for each output: c (P, n_out), AdditiveFit. B (N, n_in, M), Y (N, n_out): means 0."""
    N = len(B)
    A, Y = compressed(B.reshape(N, -1) / np.sqrt(N), Y / np.sqrt(N))  # sums of squares are mean squares now
    found = modes(A, D)
    a = found.shapes.T @ Y  # (R, n_out): what least squares alone would give each mode
    kept = shrink(found, strengths[:, None])  # (strengths, R)
    beyond = ((Y - found.shapes @ a) ** 2).sum(axis=0)  # what no curve reaches
    residual = beyond + (1 - kept) ** 2 @ a**2  # (strengths, n_out)
    freedom = 1 + kept.sum(axis=1, keepdims=True)  # 1: the mean of Y
    residual = np.maximum(residual, ROUNDING**2 * (Y**2).sum(axis=0))
    gcv, priced = score(residual, freedom / N), score(residual, PRICE * freedom / N)
    best = priced.argmin(axis=0)  # of equals the first: the strongest
    size = np.where(found.size > 0, found.size, np.inf)[:, None]  # what no sample sees stays 0
    chosen = AdditiveFit(strengths[best], freedom[best, 0], gcv[best, np.arange(Y.shape[1])])
    return found.to_c @ (kept[best].T * a / size), chosen


def score(residual, used):
    """residual / (1 - used)^2, used being freedom's share of the samples: (strengths, n_out) and (strengths, 1).

    inf where nothing is spare: curves through all samples, of which none can be left out.
    """
    spare = 1 - used
    return np.divide(residual, spare**2, out=np.full_like(residual, np.inf), where=spare > LEAST_SPARE)


def shrink(found, smoothing):
    """Which share of least squares' answer each mode keeps: size^2 / (size^2 + smoothing bent), from 0 to 1.

    z_r minimises (a_r - size_r z_r)^2 + smoothing bent_r z_r^2, so size_r z_r = a_r times this share.
    """
    seen = found.size**2
    total = seen + smoothing * found.bent
    return np.divide(seen, total, out=np.zeros_like(total), where=total > 0)


def _check_one_layer(model):
    """The only layer of a KAN that `fit_additive` can fill, or a ValueError."""
    check_has(model, "basis", "fit_additive")
    layer = model.layers[0]
    if len(model.layers) > 1:
        raise ValueError(f"{model!r} has {len(model.layers)} layers; an additive model has one: "
                         f"KAN([{model.widths[0]}, {model.widths[-1]}]); for more use fit_with_refinement")  # fmt: skip
    if not isinstance(layer.basis, BSpline) or layer.basis.order == 0:
        kind = type(layer.basis).__name__ + " of degree 0" * isinstance(layer.basis, BSpline)
        raise ValueError(f"the edges are {kind}, which have no straight lines to be smoothed to; expected B-splines of "
                         "degree k >= 1, such as KAN([2, 1], k=3)")  # fmt: skip
    if layer.products or layer.snapped:
        what = "nodes that multiply" if layer.products else "edges that were removed or are formulas"
        raise ValueError(f"the model has {what}; fit_additive fills a KAN of splines that add: make a new one, "
                         f"KAN([{layer.n_in}, {layer.n_out}])")  # fmt: skip
    return layer


def _check_enough(N, layer):
    """ValueError for too few samples to tell straight lines, or more numbers than the memory holds."""
    if N < layer.n_in + 2:
        raise ValueError(f"there are {N} samples for {layer.n_in} curves; expected at least {layer.n_in + 2}, or "
                         "nothing tells a curve from noise: pass more samples, or fewer columns")  # fmt: skip
    P = layer.n_in * layer.basis.M
    check_room(6 * N * P + 4 * P**2, f"{P} coefficients from {N} samples", "take fewer samples, or a smaller G")
