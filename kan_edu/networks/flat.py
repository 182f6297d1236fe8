"""One flat vector for all parameters, seen by every layer through arrays of its own shape.

An optimiser then needs no more than `theta -= step`: the layers' arrays are views, nothing is copied.
"""

import copy

import numpy as np

from kan_edu.checks.arguments import OutOfBounds, check_room
from kan_edu.checks.arrays import check_outcome, numbers


class View:
    """An attribute that is a view into the flat vector: what is set is copied in, so that model and layers agree.

    Raises ValueError for numbers of another shape, and for what is no number.
    """

    def __set_name__(self, owner, name):
        self.name = name

    def __get__(self, thing, owner=None):
        if thing is None:
            return self
        try:
            return thing.__dict__[self.name]
        except KeyError:  # `getattr(model, "theta", None)` asks before there are any
            raise AttributeError(f"{type(thing).__name__} has no {self.name} yet") from None

    def __set__(self, thing, values):
        view = thing.__dict__.get(self.name)
        if values is view:  # the end of `model.theta -= step`
            return
        values = numbers(values, self.name)
        if view is None or values.shape != view.shape:
            shape = "none, this one does without it" if view is None else view.shape
            raise ValueError(f"{self.name} has shape {values.shape}; expected {shape}, as it is a view into the "
                             "model's parameters: another size takes another model")  # fmt: skip
        view[...] = values


def views(vector, shapes):
    """Cut a vector (P,) into consecutive views of the given shapes; the sizes must add up to P.

    Of an array (..., P), a Jacobian say, the last axis is cut: each view is (..., *shape).
    """
    sizes = [int(np.prod(shape)) for shape in shapes]
    if sum(sizes) != vector.shape[-1]:
        raise ValueError(f"the vector has {vector.shape[-1]} numbers; the shapes {shapes} need {sum(sizes)}")
    ends = np.cumsum([0, *sizes])
    cuts = zip(ends, ends[1:], shapes, strict=False)
    return [vector[..., a:b].reshape(*vector.shape[:-1], *shape) for a, b, shape in cuts]


def join(layers):
    """Move the layers' parameters into one vector: (theta, grad), both (P,); the layers keep views."""
    theta = np.concatenate([layer.theta for layer in layers])
    grad = np.zeros_like(theta)
    start = 0
    for layer in layers:
        end = start + layer.theta.size
        layer._bind(theta[start:end], grad[start:end])
        start = end
    return theta, grad


# What all networks do alike with their vector. None inherits: each names these functions among its methods.


def gather(model):
    """Gather the layers' parameters into `theta` and `grad` (again after a layer changed its grid)."""
    theta, grad = join(model.layers)
    model.__dict__.update(theta=theta, grad=grad)  # past `View`, which copies
    forget(model)


def forget(model):
    """There is no forward any more for a backward to go back from."""
    model.shape_out, model.kept = None, []


def note(model):
    """After a forward: its samples in each layer, by which backward knows that no other came in between."""
    model.kept = [layer.samples for layer in model.layers]


def check_kept(model):
    """ValueError if a layer has seen other samples since the model's last forward: its slopes would be of these."""
    if model.shape_out is not None and any(layer.samples is not kept for layer, kept in
                                           zip(model.layers, model.kept, strict=False)):  # fmt: skip
        raise ValueError("a layer went forward by itself since the model's last forward; call model.forward(X) again "
                         "before backward")  # fmt: skip


def set_state(model, state):
    """copy.deepcopy and pickle end here: they make arrays of the layers' views, so these are bound again."""
    model.__dict__.update(state)
    model.join()


def copied(model):
    """A model of its own: two models cannot share their layers, so `copy.copy` copies all, as `model.copy()` does."""
    return copy.deepcopy(model)


def shadow(model, lasting=None):
    """A model that shares all parameters and gradients with this one, but not what forward keeps for backward.

    `model(X)` computes on a shadow, and so does training: neither changes what the next backward of the other finds,
    in a callback or in another thread.
    lasting (N, n_in): samples that the caller promises not to change as long as the shadow lives. What the first layer
    computes from them alone, its basis functions, is then computed once. Without the promise it cannot be: the same
    array may hold other numbers by now.
    """
    twin = _shallow(model)
    twin.layers = [_shallow(layer) for layer in model.layers]
    for layer in twin.layers:
        if hasattr(layer, "sums"):
            layer.sums = type(layer.sums)(layer.basis, layer.base)  # with arrays of its own
            layer.lasting, layer.seen = lasting if layer is twin.layers[0] else None, None
        if getattr(layer, "products", None):
            layer.products = _shallow(layer.products)  # it keeps the factors
    return twin


BLOCK = 2**25  # float64 numbers, 256 MiB: what a prediction keeps at a time


def predict(model, X, per_sample):
    """Y (N, n_out) at the checked samples X (N, n_in), in as many blocks of samples as the memory asks for.

    per_sample: how many numbers the layers write down for one sample. Few samples are one block.
    """
    twin, step = shadow(model), max(1, BLOCK // per_sample)
    if len(X) <= step:
        return asked(twin, X)
    return np.concatenate([asked(twin, X[n : n + step]) for n in range(0, len(X), step)])


def asked(model, X):
    """`_forward` of a network or a layer with sound parameters at checked samples X (N, n_in), without warnings.

    Raises OutOfBounds where the outputs overflow: because X is too large, if it is, or with what else there is to say.
    """
    with np.errstate(all="ignore"):
        try:
            return check_outcome(model._forward(X))
        except OutOfBounds:
            largest, dtype = np.abs(X).max(), getattr(model, "dtype", X.dtype)
            read = any(getattr(layer, "snapped", None) for layer in getattr(model, "layers", [model]))
            if read or largest < np.sqrt(float(np.finfo(dtype).max)):  # a formula says at which x it has no value
                raise
            raise OutOfBounds(f"X reaches {largest:.3g}, which is too large: what the model computes from it overflows "
                              f"{dtype}; scale X to about 1 first: datasets.to_box") from None  # fmt: skip


def _shallow(thing):
    copied = object.__new__(type(thing))
    copied.__dict__.update(thing.__dict__)
    return copied


def remember(model):
    """The model's parameters as they are, each layer's with the basis that they belong to; for `put_back`."""
    return [(getattr(layer, "basis", None), layer.theta.copy()) for layer in model.layers]


def put_back(model, memory):
    """Give the model the parameters, and the grids, that `remember` noted."""
    moved = False
    for layer, (basis, theta) in zip(model.layers, memory, strict=True):
        if basis is not getattr(layer, "basis", None):
            layer.use(basis)
            moved = True
        layer.theta[...] = theta
    if moved:
        model.join()


def jacobian(model, Y, between=()):
    """dY/dtheta (N, n_out, P) after the forward that gave Y (N, n_out), from the last layer back to the first.

    Each layer's `_jacobian(D, J, to_input)` fills its columns J and turns D, the slopes of Y with respect to what it
    puts out, into those with respect to what it takes in. `between`: the slopes (N, n) of what stands between two
    layers, if anything does. In memory a parameter's slopes at all samples lie next to each other, as the layers
    compute them. ValueError for a Jacobian that would take more than the memory.
    """
    layers = model.layers
    check_room(Y.size * model.n_params, f"a Jacobian of {Y.size} x {model.n_params} numbers",
               "ask for fewer samples at a time")  # fmt: skip
    D = np.tile(np.eye(Y.shape[1]), (len(Y), 1, 1))  # (N, n_out, n_out): dY_o/dY_j
    ends = np.cumsum([0, *(layer.theta.size for layer in layers)])
    J = np.empty((ends[-1], *Y.shape)).transpose(1, 2, 0)
    for l in reversed(range(len(layers))):  # noqa: E741 (l counts layers in all books)
        D = layers[l]._jacobian(D, J[:, :, ends[l] : ends[l + 1]], l > 0)
        if l and between:
            D = D * between[l - 1][:, None]
    return check_outcome(J, "the gradients")


def tangent(model, v, between=()):
    """J v (N, n_out) with the J (N, n_out, P) of `jacobian`, after a forward: from the first layer to the last.

    v (P,) is a direction of theta. Each layer's `_tangent(v, dX)` says how what it puts out changes, as its parameters
    go along their part of v, and what it takes in along dX. J itself is never formed. `between`: as for `jacobian`.
    """
    dY, end = None, 0
    for l, layer in enumerate(model.layers):  # noqa: E741
        start, end = end, end + layer.theta.size
        dY = layer._tangent(v[start:end], dY)
        if l < len(between):
            dY = dY * between[l]
    return dY
