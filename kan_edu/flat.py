"""One flat vector for all parameters, seen by every layer through arrays of its own shape.

An optimiser then needs no more than `theta -= step`: the layers' arrays are views, nothing is copied.
"""

import numpy as np


def views(vector, shapes):
    """Cut a vector (P,) into consecutive views of the given shapes; the sizes must add up to P."""
    sizes = [int(np.prod(shape)) for shape in shapes]
    if sum(sizes) != vector.size:
        raise ValueError(f"the vector has {vector.size} numbers; the shapes {shapes} need {sum(sizes)}")
    ends = np.cumsum([0, *sizes])
    return [vector[a:b].reshape(shape) for a, b, shape in zip(ends, ends[1:], shapes, strict=False)]


def join(layers):
    """Move the layers' parameters into one vector: (theta, grad), both (P,); the layers keep views."""
    theta = np.concatenate([layer.theta for layer in layers])
    grad = np.zeros_like(theta)
    start = 0
    for layer in layers:
        end = start + layer.theta.size
        layer.bind(theta[start:end], grad[start:end])
        start = end
    return theta, grad
